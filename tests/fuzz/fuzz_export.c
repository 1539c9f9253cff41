/* SPDX-License-Identifier: Apache-2.0
 *
 * Exported logs: what is accepted, frame by frame, is written as the same bytes; a frame that is
 * refused leaves the state as it was; no export goes on after its end.
 *
 * Input: frames. The mutator sets the lengths of frames to those of the records in them. */
#include "proto/export.h"
#include "tests/fuzz/fuzz.h"

/* Each frame that holds a record at its start gets that record's length. */
static dais_slice_t frames_repair(dais_slice_t bytes)
{
    dais_writer_t writer = fuzz_writer(1);
    while (bytes.size > 4) {
        dais_reader_t reader;
        dais_reader_init(&reader, dais_slice(bytes.data + 4, bytes.size - 4));
        dais_slice_t record = dais_reader_any(&reader);
        if (record.size == 0)
            break;
        uint8_t size[] = {(uint8_t)(record.size >> 24), (uint8_t)(record.size >> 16),
                          (uint8_t)(record.size >> 8), (uint8_t)record.size};
        dais_writer_raw(&writer, dais_slice(size, sizeof size));
        dais_writer_raw(&writer, record);
        bytes = dais_slice(bytes.data + 4 + record.size, bytes.size - 4 - record.size);
    }
    dais_writer_raw(&writer, bytes);
    return dais_slice(writer.buffer, writer.size);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t size_max, unsigned seed)
{
    size = LLVMFuzzerMutate(data, size, size_max);
    if (seed % 4 == 3)
        return size;
    return fuzz_replace(data, size, size_max, frames_repair(dais_slice(data, size)));
}

/* Takes one record; what is refused changes nothing. */
static bool check_record(dais_export_state_t *state, dais_slice_t frame, dais_writer_t *writer)
{
    dais_export_item_t item;
    dais_export_state_t before = *state;
    dais_fault_t fault = dais_export_read(state, frame, &item);
    fuzz_check_fault(fault, frame);
    if (fault.err != DAIS_OK) {
        assert(fuzz_all_zero(&item, sizeof item));
        assert(before.started == state->started && before.ended == state->ended &&
               before.has_stamp == state->has_stamp && before.size == state->size &&
               before.next == state->next);
        return false;
    }
    assert(!before.ended);
    dais_err_t err = dais_export_write(&item, writer);
    assert(err == DAIS_OK);
    return true;
}

/* A record that is none is not framed either. */
static void check_write_refused(dais_slice_t bytes)
{
    dais_export_item_t item = {.type = DAIS_EXPORT_STAMP, .as.stamp.stamp = bytes};
    dais_writer_t writer = fuzz_writer(2);
    dais_err_t err = dais_export_write(&item, &writer);
    assert((err == DAIS_OK) == (bytes.size > 0 && bytes.size <= DAIS_LIMIT_ENVELOPE));
    assert(err == DAIS_OK || writer.size == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dais_export_state_t state = {0};
    dais_slice_t bytes = fuzz_input(data, size);
    dais_slice_t rest = bytes;
    dais_slice_t frame;
    dais_writer_t writer = fuzz_writer(0);
    bool good = true;
    while (good && rest.size > 0) {
        dais_slice_t before = rest;
        dais_fault_t fault = dais_export_frame(&rest, &frame);
        fuzz_check_fault(fault, before);
        good = fault.err == DAIS_OK && check_record(&state, frame, &writer);
        if (fault.err == DAIS_OK)
            assert(frame.data == before.data + 4 && rest.data == frame.data + frame.size);
    }
    assert(writer.size <= bytes.size && memcmp(writer.buffer, bytes.data, writer.size) == 0);
    assert(dais_export_finish(&state) == (state.ended ? DAIS_OK : DAIS_ERR_TRUNCATED));
    if (good)
        assert(writer.size == bytes.size);
    check_write_refused(bytes);
    return 0;
}
