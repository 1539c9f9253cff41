/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/message.h"
#include "tests/support/generate.h"

static uint8_t subject_bytes[4 << 20];
static uint8_t bytes[DAIS_LIMIT_MESSAGE + 4096];

static dais_message_t message_of(uint64_t kind, dais_slice_t subject)
{
    return (dais_message_t){.log = {{1}},
                            .kind = kind,
                            .id = {{2}},
                            .actor = {{3}},
                            .on_behalf = dais_slice("0123456789abcdef", 16),
                            .said_at = 1800000000000,
                            .subject = subject,
                            .public_commitment = {{4}},
                            .private_commitment = {{5}}};
}

static dais_slice_t subject_of(const dais_kind_t *kind, generate_how_t how, uint64_t seed)
{
    generate_t g = generate_begin(how, seed, subject_bytes, sizeof subject_bytes);
    return generate_shape(&g, kind->subject);
}

/* Packs without looking at the kind, so that what no encoder of ours writes can be read too. */
static dais_slice_t message_pack(const dais_message_t *message)
{
    dais_writer_t writer;
    dais_slice_t packed;
    dais_writer_init(&writer, bytes, sizeof bytes);
    assert_int_equal(dais_shape_encode(&dais_shape_message, message, &writer), DAIS_OK);
    assert_int_equal(dais_writer_finish(&writer, &packed), DAIS_OK);
    return packed;
}

static dais_slice_t own_pack(const dais_own_t *own)
{
    dais_writer_t writer;
    dais_slice_t packed;
    dais_writer_init(&writer, bytes, sizeof bytes);
    assert_int_equal(dais_shape_encode(&dais_shape_own, own, &writer), DAIS_OK);
    assert_int_equal(dais_writer_finish(&writer, &packed), DAIS_OK);
    return packed;
}

/* Goal: a message of each kind comes back as it was packed, with its kind; own kinds are none.
 * Method: twenty subjects by chance for each kind, decoded and packed again. */
static void test_messages_round_trip(void **state)
{
    (void)state;
    static uint8_t again[sizeof bytes];
    for (const dais_kind_t *kind = dais_kinds; kind->name != NULL; kind++) {
        for (uint64_t seed = 0; seed < 20; seed++) {
            dais_slice_t subject = subject_of(kind, GENERATE_RANDOM, seed);
            if (subject.size > DAIS_LIMIT_SUBJECT)
                continue;
            dais_message_t message = message_of(kind->number & 127, subject);
            message.kind = kind->number;
            dais_writer_t writer;
            dais_writer_init(&writer, again, sizeof again);
            dais_err_t err = dais_message_encode(&message, &writer);
            if (kind->stream == DAIS_STREAM_OWN) {
                assert_int_equal(err, DAIS_ERR_UNKNOWN_KIND);
                assert_int_equal(writer.size, 0);
                continue;
            }
            assert_int_equal(err, DAIS_OK);
            dais_message_t found;
            const dais_kind_t *found_kind;
            dais_slice_t packed = dais_slice(again, writer.size);
            assert_int_equal(dais_message_decode(packed, &found, &found_kind).err, DAIS_OK);
            assert_ptr_equal(found_kind, kind);
            assert_true(dais_slice_equal(found.subject, subject));
            assert_true(dais_slice_equal(message_pack(&found), packed));
        }
    }
}

/* Goal: the same for the registry's own records; genesis and messages are none. Method: as above.
 */
static void test_own_records_round_trip(void **state)
{
    (void)state;
    static uint8_t again[sizeof bytes];
    for (const dais_kind_t *kind = dais_kinds; kind->name != NULL; kind++) {
        dais_slice_t subject = subject_of(kind, GENERATE_MIN, 0);
        dais_own_t own = {.log = {{1}}, .kind = kind->number, .subject = subject};
        dais_writer_t writer;
        dais_writer_init(&writer, again, sizeof again);
        dais_err_t err = dais_own_encode(&own, &writer);
        if (kind->stream != DAIS_STREAM_OWN || kind->number == DAIS_KIND_GENESIS) {
            assert_int_equal(err, DAIS_ERR_UNKNOWN_KIND);
            continue;
        }
        assert_int_equal(err, DAIS_OK);
        const dais_kind_t *found_kind;
        dais_own_t found;
        dais_slice_t packed = dais_slice(again, writer.size);
        assert_int_equal(dais_own_decode(packed, &found, &found_kind).err, DAIS_OK);
        assert_ptr_equal(found_kind, kind);
        assert_true(dais_slice_equal(own_pack(&found), packed));
    }
}

static void assert_nothing(const void *out, size_t size, const dais_kind_t *kind)
{
    static const uint8_t zeros[sizeof(dais_message_t)];
    assert_true(size <= sizeof zeros);
    assert_memory_equal(out, zeros, size);
    assert_null(kind);
}

/* Goal: a kind of the other half of the numbers, or of none, is refused by both decoders. Method:
 * all numbers that the field holds, with a subject that fits where there is one. */
static void test_unknown_kinds(void **state)
{
    (void)state;
    for (uint64_t number = 0; number < 256; number++) {
        const dais_kind_t *kind = dais_kind_of(number);
        dais_slice_t subject = dais_slice("\x90", 1);
        if (kind != NULL)
            subject = subject_of(kind, GENERATE_MIN, 0);
        const dais_kind_t *found;
        if (number < 128) {
            dais_message_t message = message_of(number, subject);
            dais_err_t err = dais_message_decode(message_pack(&message), &message, &found).err;
            assert_int_equal(err, kind == NULL ? DAIS_ERR_UNKNOWN_KIND : DAIS_OK);
            if (kind == NULL)
                assert_nothing(&message, sizeof message, found);
        }
        dais_own_t own = {.log = {{1}}, .kind = number, .subject = subject};
        bool good = kind != NULL && kind->stream == DAIS_STREAM_OWN && number != DAIS_KIND_GENESIS;
        dais_err_t err = dais_own_decode(own_pack(&own), &own, &found).err;
        assert_int_equal(err, good ? DAIS_OK : DAIS_ERR_UNKNOWN_KIND);
        if (!good)
            assert_nothing(&own, sizeof own, found);
    }
}

/* Goal: a subject of another kind is refused, with its place in the message. Method: the subject of
 * `open` with a number too high, under the kinds message and own. */
static void test_wrong_subjects(void **state)
{
    (void)state;
    static const char wrong[] = "\x91\xcf\x80\x00\x00\x00\x00\x00\x00\x00";
    dais_slice_t subject = dais_slice(wrong, sizeof wrong - 1);
    dais_message_t message = message_of(DAIS_KIND_OPEN, subject);
    const dais_kind_t *kind;
    dais_slice_t packed = message_pack(&message);
    dais_fault_t fault = dais_message_decode(packed, &message, &kind);
    assert_int_equal(fault.err, DAIS_ERR_OUT_OF_RANGE);
    assert_memory_equal(packed.data + fault.offset, wrong + 1, sizeof wrong - 2);
    assert_nothing(&message, sizeof message, kind);

    dais_own_t own = {.kind = DAIS_KIND_TICK, .subject = subject};
    packed = own_pack(&own);
    fault = dais_own_decode(packed, &own, &kind);
    assert_int_equal(fault.err, DAIS_ERR_WRONG_COUNT);
    assert_memory_equal(packed.data + fault.offset, wrong, sizeof wrong - 1);
    assert_nothing(&own, sizeof own, kind);

    dais_writer_t writer;
    dais_writer_init(&writer, bytes, sizeof bytes);
    message = message_of(DAIS_KIND_OPEN, subject);
    assert_int_equal(dais_message_encode(&message, &writer), DAIS_ERR_OUT_OF_RANGE);
    own = (dais_own_t){.kind = DAIS_KIND_TICK, .subject = subject};
    assert_int_equal(dais_own_encode(&own, &writer), DAIS_ERR_WRONG_COUNT);
    assert_int_equal(writer.size, 0);
}

/* Goal: what is longer than a message may be is refused before it is read. Method: one byte over
 * the limit, and a record of another shape at it. */
static void test_sizes(void **state)
{
    (void)state;
    dais_message_t message;
    dais_own_t own;
    const dais_kind_t *kind;
    memset(bytes, 0, sizeof bytes);
    dais_fault_t fault =
        dais_message_decode(dais_slice(bytes, DAIS_LIMIT_MESSAGE + 1), &message, &kind);
    assert_int_equal(fault.err, DAIS_ERR_TOO_LONG);
    assert_int_equal(fault.offset, DAIS_LIMIT_MESSAGE);
    assert_nothing(&message, sizeof message, kind);
    fault = dais_own_decode(dais_slice(bytes, DAIS_LIMIT_MESSAGE + 1), &own, &kind);
    assert_int_equal(fault.err, DAIS_ERR_TOO_LONG);
    fault = dais_message_decode(dais_slice(bytes, DAIS_LIMIT_MESSAGE), &message, &kind);
    assert_int_equal(fault.err, DAIS_ERR_WRONG_TYPE);
    fault = dais_own_decode(dais_slice(bytes, DAIS_LIMIT_MESSAGE), &own, &kind);
    assert_int_equal(fault.err, DAIS_ERR_WRONG_TYPE);
}

/* Goal: the largest subject of each kind fits into a message, or its shape allows more than the
 * limit of subjects and the encoder says so. Method: the most of everything. */
static void test_largest_subjects(void **state)
{
    (void)state;
    for (const dais_kind_t *kind = dais_kinds; kind->stream != DAIS_STREAM_OWN; kind++) {
        dais_slice_t subject = subject_of(kind, GENERATE_MAX, 1);
        dais_message_t message = message_of(kind->number, subject);
        dais_writer_t writer;
        dais_writer_init(&writer, bytes, sizeof bytes);
        dais_err_t err = dais_message_encode(&message, &writer);
        if (subject.size <= DAIS_LIMIT_SUBJECT) {
            assert_int_equal(err, DAIS_OK);
            assert_true(writer.size <= DAIS_LIMIT_MESSAGE);
        } else {
            assert_true(err == DAIS_ERR_TOO_LONG || err == DAIS_ERR_NO_SPACE);
            assert_int_equal(writer.size, 0);
        }
    }
}

/* Goal: ids begin with the time, so that they sort by it. Method: a known answer, and two times. */
static void test_ids(void **state)
{
    (void)state;
    static const uint8_t random[DAIS_ID_RANDOM_SIZE] = {9, 8, 7, 6, 5, 4, 3, 2, 1, 0};
    static const uint8_t expected[] = {0x01, 0xa3, 0x18, 0x5c, 0x50, 0x00, 9, 8,
                                       7,    6,    5,    4,    3,    2,    1, 0};
    dais_id_t id = dais_message_id(1800000000000, random);
    assert_memory_equal(id.bytes, expected, sizeof expected);
    dais_id_t later = dais_message_id(1800000000256, random);
    assert_true(memcmp(id.bytes, later.bytes, sizeof id.bytes) < 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_messages_round_trip),
        cmocka_unit_test(test_own_records_round_trip),
        cmocka_unit_test(test_unknown_kinds),
        cmocka_unit_test(test_wrong_subjects),
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_largest_subjects),
        cmocka_unit_test(test_ids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
