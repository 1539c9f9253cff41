/* SPDX-License-Identifier: Apache-2.0
 *
 * The exported roster: what is accepted is the text that its values are written as; what is refused
 * shows nothing of the line that is wrong, and every call after it does nothing.
 *
 * Input: the file. */
#include "proto/roster_file.h"
#include "tests/fuzz/fuzz.h"

/* Writes again what has been read, key by key. */
static dais_fault_t roster_copy(dais_slice_t bytes, dais_writer_t *writer)
{
    dais_roster_reader_t reader;
    dais_roster_head_t head;
    dais_roster_key_t key;
    size_t count = 0;
    dais_roster_reader_init(&reader, bytes, &head);
    if (reader.fault.err == DAIS_OK)
        dais_roster_put_head(writer, &head);
    else
        assert(fuzz_all_zero(&head, sizeof head));
    for (; dais_roster_reader_next(&reader, &key); count++) {
        size_t before = writer->size;
        dais_roster_put_key(writer, &key);
        assert(writer->size - before <= DAIS_ROSTER_KEY_SIZE_MAX);
    }
    assert(fuzz_all_zero(&key, sizeof key));
    assert(count == reader.count && count <= DAIS_ROSTER_FILE_KEYS_MAX);
    dais_fault_t fault = dais_roster_reader_finish(&reader);
    assert(!dais_roster_reader_next(&reader, &key));
    assert(dais_roster_reader_finish(&reader).err == fault.err);
    return fault;
}

/* A reader that is left before its end says so. */
static void check_unfinished(dais_slice_t bytes)
{
    dais_roster_reader_t reader;
    dais_roster_head_t head;
    dais_roster_reader_init(&reader, bytes, &head);
    if (reader.fault.err == DAIS_OK && reader.rest.size > 0)
        assert(dais_roster_reader_finish(&reader).err == DAIS_ERR_TRAILING);
}

static bool check_roster(dais_slice_t bytes)
{
    dais_writer_t writer = fuzz_writer(0);
    dais_fault_t fault = roster_copy(bytes, &writer);
    fuzz_check_fault(fault, bytes);
    check_unfinished(bytes);
    if (fault.err != DAIS_OK)
        return false;
    assert(dais_slice_equal(dais_slice(writer.buffer, writer.size), bytes));
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dais_slice_t bytes = size == 0 ? dais_slice(NULL, 0) : fuzz_input(data, size);
    if (check_roster(bytes))
        (void)check_roster(fuzz_flipped(bytes, 0, bytes.size));
    return 0;
}
