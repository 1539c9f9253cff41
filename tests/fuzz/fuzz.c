/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/fuzz/fuzz.h"

enum { STRETCH_HEAD = 6, BUFFERS = 4, CHOOSE_MAX = 256 };

static uint8_t stretched[FUZZ_INPUT_MAX];
static uint8_t flipped[FUZZ_INPUT_MAX];
static uint8_t buffers[BUFFERS][FUZZ_INPUT_MAX];

/* NOLINTNEXTLINE(readability-non-const-parameter): the form is libFuzzer's */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    if (fuzz_setup != NULL)
        fuzz_setup();
    return 0;
}

dais_slice_t fuzz_input(const uint8_t *data, size_t size)
{
    static const uint8_t gap[] = {0xc1, 0xc1, 0xc1};
    if (size < STRETCH_HEAD || data[0] != 0xc1 || data[1] != '+')
        return dais_slice(data, size);
    size_t wanted = (size_t)data[2] << 16 | (size_t)data[3] << 8 | data[4];
    const uint8_t *rest = data + STRETCH_HEAD;
    size_t before = size - STRETCH_HEAD;
    size_t after = 0;
    const uint8_t *found = memmem(rest, before, gap, sizeof gap);
    if (found != NULL) {
        after = before - (size_t)(found - rest) - sizeof gap;
        before = (size_t)(found - rest);
    }
    if (wanted > FUZZ_INPUT_MAX || before + after > wanted)
        return dais_slice(data, size);
    memcpy(stretched, rest, before);
    memset(stretched + before, data[5], wanted - before - after);
    memcpy(stretched + wanted - after, data + size - after, after);
    return dais_slice(stretched, wanted);
}

dais_writer_t fuzz_writer(unsigned which)
{
    dais_writer_t writer;
    assert(which < BUFFERS);
    dais_writer_init(&writer, buffers[which], sizeof buffers[which]);
    return writer;
}

size_t fuzz_choose(dais_slice_t bytes, size_t end)
{
    /* The ends of a long input are enough; its middle would cost more than what is tested. */
    uint64_t state = 0x9e3779b97f4a7c15ULL ^ bytes.size;
    for (size_t i = 0; i < bytes.size; i++) {
        if (i == CHOOSE_MAX && bytes.size > (size_t)2 * CHOOSE_MAX)
            i = bytes.size - CHOOSE_MAX;
        state = (state ^ bytes.data[i]) * 0x100000001b3ULL;
    }
    return (size_t)((state ^ state >> 29) % end);
}

dais_slice_t fuzz_flipped(dais_slice_t bytes, size_t from, size_t to)
{
    assert(from < to && to <= bytes.size && bytes.size <= sizeof flipped);
    size_t bit = 8 * from + fuzz_choose(bytes, 8 * (to - from));
    memcpy(flipped, bytes.data, bytes.size);
    flipped[bit / 8] ^= (uint8_t)(1U << bit % 8);
    return dais_slice(flipped, bytes.size);
}

void fuzz_check_fault(dais_fault_t fault, dais_slice_t input)
{
    assert(fault.err == DAIS_OK || dais_err_is_refusal(fault.err));
    assert(fault.offset <= input.size);
}

bool fuzz_all_zero(const void *thing, size_t size)
{
    const uint8_t *bytes = (const uint8_t *)thing;
    return size == 0 || (bytes[0] == 0 && memcmp(bytes, bytes + 1, size - 1) == 0);
}

size_t fuzz_replace(uint8_t *data, size_t size, size_t size_max, dais_slice_t with)
{
    if (with.size == 0 || with.size > size_max)
        return size;
    memmove(data, with.data, with.size);
    return with.size;
}
