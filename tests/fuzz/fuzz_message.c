/* SPDX-License-Identifier: Apache-2.0
 *
 * Messages and the registry's own records, with the subjects of their kinds: what is accepted
 * encodes to the same bytes, head and subject; no bytes are both; a changed bit changes it.
 *
 * Input: a message or an own record. */
#include "proto/message.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/shapes.h"

static void check_subject(const dais_kind_t *kind, dais_slice_t subject)
{
    shapes_any_t any;
    dais_fault_t fault = dais_shape_decode(kind->subject, subject, &any);
    assert(fault.err == DAIS_OK);
    dais_writer_t writer = fuzz_writer(1);
    dais_err_t err = dais_shape_encode(kind->subject, &any, &writer);
    assert(err == DAIS_OK);
    assert(dais_slice_equal(dais_slice(writer.buffer, writer.size), subject));
    assert(dais_kind_of(kind->number) == kind);
    assert(dais_kind_named(dais_slice_text(kind->name)) == kind);
}

/* Whether the bytes are a message, and all that follows from it. */
static bool check_message(dais_slice_t bytes)
{
    dais_message_t message;
    const dais_kind_t *kind;
    dais_fault_t fault = dais_message_decode(bytes, &message, &kind);
    fuzz_check_fault(fault, bytes);
    if (fault.err != DAIS_OK) {
        assert(kind == NULL && fuzz_all_zero(&message, sizeof message));
        return false;
    }
    assert(kind->number == message.kind && kind->stream != DAIS_STREAM_OWN);
    check_subject(kind, message.subject);
    dais_writer_t writer = fuzz_writer(0);
    dais_err_t err = dais_message_encode(&message, &writer);
    assert(err == DAIS_OK);
    assert(dais_slice_equal(dais_slice(writer.buffer, writer.size), bytes));
    return true;
}

static bool check_own(dais_slice_t bytes)
{
    dais_own_t own;
    const dais_kind_t *kind;
    dais_fault_t fault = dais_own_decode(bytes, &own, &kind);
    fuzz_check_fault(fault, bytes);
    if (fault.err != DAIS_OK) {
        assert(kind == NULL && fuzz_all_zero(&own, sizeof own));
        return false;
    }
    assert(kind->number == own.kind && kind->stream == DAIS_STREAM_OWN);
    check_subject(kind, own.subject);
    dais_writer_t writer = fuzz_writer(0);
    dais_err_t err = dais_own_encode(&own, &writer);
    assert(err == DAIS_OK);
    assert(dais_slice_equal(dais_slice(writer.buffer, writer.size), bytes));
    return true;
}

/* A subject under another kind than its own is packed only if it fits that one too. */
static void check_other_kind(dais_slice_t bytes)
{
    dais_message_t message;
    dais_own_t own = {.kind = fuzz_choose(bytes, 256)};
    dais_writer_t writer = fuzz_writer(0);
    if (dais_shape_decode(&dais_shape_message, bytes, &message).err != DAIS_OK)
        return;
    message.kind = own.kind;
    own.subject = message.subject;
    if (dais_message_encode(&message, &writer) == DAIS_OK)
        assert(check_message(dais_slice(writer.buffer, writer.size)));
    else
        assert(writer.size == 0);
    writer = fuzz_writer(0);
    if (dais_own_encode(&own, &writer) == DAIS_OK)
        assert(check_own(dais_slice(writer.buffer, writer.size)));
    else
        assert(writer.size == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dais_slice_t bytes = fuzz_input(data, size);
    const dais_kind_t *named = dais_kind_named(bytes);
    assert(named == NULL || dais_kind_of(named->number) == named);
    assert(dais_kind_of(256 + fuzz_choose(bytes, 1000)) == NULL);
    bool is_message = check_message(bytes);
    bool is_own = check_own(bytes);
    assert(!is_message || !is_own);
    if (is_message || is_own) {
        dais_slice_t flipped = fuzz_flipped(bytes, 0, bytes.size);
        (void)(is_message ? check_message(flipped) : check_own(flipped));
        size_t cut = fuzz_choose(bytes, bytes.size);
        assert(!check_message(dais_slice(bytes.data, cut)));
    }
    check_other_kind(bytes);
    return 0;
}
