/* SPDX-License-Identifier: Apache-2.0
 *
 * Published files open/<N> of the sample log: what is accepted encodes to the same bytes, and its
 * openings rise within the file's 256 entries.
 *
 * Input: an open file. */
#include "proto/opening.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/sample.h"

static void check_accepted(dais_slice_t bytes, const dais_open_file_t *file)
{
    dais_writer_t writer = fuzz_writer(0);
    dais_err_t err = dais_shape_encode(&dais_shape_open_file, file, &writer);
    assert(err == DAIS_OK);
    assert(dais_slice_equal(dais_slice(writer.buffer, writer.size), bytes));
    uint64_t seq_min = file->number * DAIS_LIMIT_OPEN_FILE_ENTRIES;
    uint64_t seq_end = seq_min + DAIS_LIMIT_OPEN_FILE_ENTRIES;
    dais_packed_t packed;
    dais_opening_t opening;
    dais_list_walk_t walk = dais_list_begin(&file->openings, &dais_shape_packed);
    while (dais_list_next(&walk, &packed)) {
        dais_fault_t fault = dais_shape_decode(&dais_shape_opening, packed.opening, &opening);
        assert(fault.err == DAIS_OK && opening.seq >= seq_min && opening.seq < seq_end);
        seq_min = opening.seq + 1;
    }
    dais_open_file_t other;
    dais_hash_t other_log = dais_sample_hash("another log");
    assert(dais_open_file_decode(bytes, &other_log, &other).err == DAIS_ERR_WRONG_LOG);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dais_open_file_t file;
    dais_slice_t bytes = fuzz_input(data, size);
    dais_fault_t fault = dais_open_file_decode(bytes, &dais_sample_log()->log, &file);
    fuzz_check_fault(fault, bytes);
    if (fault.err == DAIS_OK)
        check_accepted(bytes, &file);
    else
        assert(fuzz_all_zero(&file, sizeof file));
    return 0;
}
