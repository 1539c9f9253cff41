/* SPDX-License-Identifier: Apache-2.0
 *
 * Files open/<N> with own entries of the sample log, which are short. */
#include "tests/fuzz/seed.h"
#include "tests/support/sample.h"
#include "tests/support/sample_arena.h"

enum { SEQ_FIRST = 1, SEQ_OWN = 9 };

static void seed_file(const char *name, uint64_t number, const dais_slice_t *openings, size_t count)
{
    static uint8_t buffer[1 << 16];
    dais_open_file_t file = {.log = dais_sample_log()->log, .number = number};
    dais_writer_t writer;
    dais_writer_init(&writer, buffer, sizeof buffer);
    for (size_t i = 0; i < count; i++) {
        dais_packed_t packed = {.opening = openings[i]};
        dais_sample_must(dais_list_add(&file.openings, &dais_shape_packed, &packed, &writer));
    }
    seed("open_file", name, dais_sample_pack(&dais_shape_open_file, &file));
}

void seed_open_files(void)
{
    dais_slice_t first = dais_sample_opening(SEQ_FIRST, true);
    dais_slice_t own = dais_sample_opening(SEQ_OWN, true);
    const dais_slice_t rising[] = {first, own};
    const dais_slice_t falling[] = {own, first};
    const dais_slice_t twice[] = {own, own};
    dais_opening_t beyond;
    dais_sample_must(dais_shape_decode(&dais_shape_opening, own, &beyond).err);
    beyond.seq = DAIS_LIMIT_OPEN_FILE_ENTRIES;
    dais_slice_t too_high = dais_sample_pack(&dais_shape_opening, &beyond);
    const dais_slice_t nothing[] = {dais_slice_text("no opening")};
    seed_file("none", 3, NULL, 0);
    seed_file("rising", 0, rising, 2);
    seed_file("falling", 0, falling, 2);
    seed_file("twice", 0, twice, 2);
    seed_file("of-another-file", 1, &own, 1);
    seed_file("of-the-next-file", 0, &too_high, 1);
    seed_file("no-opening", 0, nothing, 1);
    dais_open_file_t file = {.log = dais_sample_hash("another log")};
    seed("open_file", "another-log", dais_sample_pack(&dais_shape_open_file, &file));
    seed("open_file", "not-a-record", dais_slice_text("x"));
}
