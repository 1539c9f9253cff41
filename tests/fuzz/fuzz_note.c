/* SPDX-License-Identifier: Apache-2.0
 *
 * Signed notes and checkpoints: a note is exactly its text, an empty line and its lines; the text
 * of a checkpoint is the one that its values are written as; what the log has signed is not
 * accepted with a bit of its text flipped.
 *
 * Input: a note. */
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/repair.h"

static dais_vkey_t keys[2]; /* of the log, and of a witness */

void fuzz_setup(void)
{
    keys[0] = dais_sample_vkey("log");
    keys[1] = dais_sample_vkey("witness");
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t size_max, unsigned seed)
{
    size = LLVMFuzzerMutate(data, size, size_max);
    if (seed % 2 == 1)
        return size;
    return fuzz_replace(data, size, size_max, repair_note(dais_slice(data, size)));
}

static void check_checkpoint_text(dais_slice_t text)
{
    dais_checkpoint_t checkpoint;
    dais_fault_t fault = dais_checkpoint_parse(text, &checkpoint);
    fuzz_check_fault(fault, text);
    dais_writer_t writer = fuzz_writer(0);
    if (fault.err != DAIS_OK)
        return;
    dais_err_t err = dais_checkpoint_put(&writer, &checkpoint);
    assert(err == DAIS_OK);
    assert(dais_slice_equal(dais_slice(writer.buffer, writer.size), text));
    writer = fuzz_writer(0);
    err = dais_checkpoint_sign(&checkpoint, &keys[0], dais_sample_device("log")->secret, &writer);
    bool own = dais_slice_equal(checkpoint.origin, dais_slice_text(keys[0].name));
    assert(err == (own ? DAIS_OK : DAIS_ERR_WRONG_ORIGIN));
}

/* What is written as a checkpoint is read as one, whatever origin and size a program may hand in.
 */
static void check_put(dais_slice_t origin)
{
    uint64_t size = 0;
    memcpy(&size, origin.data, origin.size < sizeof size ? origin.size : sizeof size);
    dais_checkpoint_t checkpoint = {.origin = origin, .size = size};
    dais_checkpoint_t back;
    dais_writer_t writer = fuzz_writer(0);
    dais_err_t err = dais_checkpoint_put(&writer, &checkpoint);
    if (err == DAIS_OK)
        assert(dais_checkpoint_parse(dais_slice(writer.buffer, writer.size), &back).err ==
                   DAIS_OK &&
               back.size == size && dais_slice_equal(back.origin, origin));
    else
        assert(dais_err_is_refusal(err) && writer.size == 0);
    /* The same under the log's own name, so that only the size can be at fault. */
    checkpoint.origin = dais_slice_text(keys[0].name);
    writer = fuzz_writer(0);
    err = dais_checkpoint_sign(&checkpoint, &keys[0], dais_sample_device("log")->secret, &writer);
    assert(err == (size <= DAIS_SEQ_MAX ? DAIS_OK : DAIS_ERR_OUT_OF_RANGE));
}

/* A witness adds its line and nothing else changes. */
static void check_cosigned(dais_slice_t bytes, bool by_log)
{
    dais_writer_t writer = fuzz_writer(1);
    dais_err_t err =
        dais_note_cosign(bytes, &keys[1], dais_sample_device("witness")->secret, &writer);
    assert(err == DAIS_OK || err == DAIS_ERR_TOO_LONG);
    if (err != DAIS_OK)
        return;
    dais_note_t note;
    uint64_t verified = 0;
    dais_slice_t cosigned = dais_slice(writer.buffer, writer.size);
    assert(memcmp(cosigned.data, bytes.data, bytes.size) == 0);
    assert(dais_note_parse(cosigned, &note).err == DAIS_OK);
    dais_fault_t fault = dais_note_verify(&note, keys, 2, &verified);
    /* A bad line of the witness may have been there before. */
    if (fault.err == DAIS_OK)
        assert(verified == (by_log ? 3 : 2));
    err = dais_note_cosign(bytes, &keys[1], dais_sample_device("log")->secret, &writer);
    assert(err == DAIS_ERR_BAD_KEY);
}

static void check_flip(dais_slice_t bytes, size_t text_size)
{
    dais_checkpoint_t checkpoint;
    dais_slice_t flipped = fuzz_flipped(bytes, 0, text_size);
    assert(dais_checkpoint_verify(flipped, &keys[0], &checkpoint).err != DAIS_OK);
}

static void check_parsed(dais_slice_t bytes, const dais_note_t *note)
{
    assert(note->text.data == bytes.data && note->text.data[note->text.size] == '\n');
    assert(note->lines.data == bytes.data + note->text.size + 1);
    assert(note->text.size + 1 + note->lines.size == bytes.size);
    for (dais_slice_t lines = note->lines; lines.size > 0;) {
        dais_note_signature_t signature;
        assert(dais_note_signature_next(&lines, &signature) == DAIS_OK);
    }
    dais_fault_t fault = dais_note_verify(note, keys, 1, NULL);
    fuzz_check_fault(fault, bytes);
    check_cosigned(bytes, fault.err == DAIS_OK);
    dais_checkpoint_t checkpoint;
    dais_fault_t whole = dais_checkpoint_verify(bytes, &keys[0], &checkpoint);
    fuzz_check_fault(whole, bytes);
    assert(whole.err != DAIS_OK || fault.err == DAIS_OK);
    if (whole.err == DAIS_OK)
        check_flip(bytes, note->text.size);
    check_checkpoint_text(note->text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dais_note_t note;
    dais_checkpoint_t checkpoint;
    dais_slice_t bytes = fuzz_input(data, size);
    dais_fault_t fault = dais_note_parse(bytes, &note);
    fuzz_check_fault(fault, bytes);
    if (fault.err == DAIS_OK) {
        check_parsed(bytes, &note);
    } else {
        assert(dais_checkpoint_verify(bytes, &keys[0], &checkpoint).err == fault.err);
        dais_writer_t none = fuzz_writer(1);
        assert(dais_note_cosign(bytes, &keys[1], dais_sample_device("witness")->secret, &none) ==
               fault.err);
        assert(none.size == 0);
        check_checkpoint_text(bytes);
    }
    check_put(bytes);
    /* Any bytes are signed as they are, or refused as they would be when read. */
    dais_writer_t writer = fuzz_writer(2);
    const uint8_t *secret = dais_sample_device("log")->secret;
    dais_err_t err = dais_note_sign(bytes, &keys[0], secret, &writer);
    if (err == DAIS_OK)
        assert(dais_note_parse(dais_slice(writer.buffer, writer.size), &note).err == DAIS_OK &&
               dais_slice_equal(note.text, bytes));
    else
        assert(dais_err_is_refusal(err) && writer.size == 0);
    return 0;
}
