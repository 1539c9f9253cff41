/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_FUZZ_FUZZ_H
#define DAIS_TESTS_FUZZ_FUZZ_H

/* What the fuzz targets share. A target asserts a property, not only that nothing crashes: what is
 * accepted encodes to the same bytes, and what is refused is refused as bad input. Nothing is
 * allocated while an input is tried. */

#include <assert.h>

#include "base/err.h"
#include "base/slice.h"
#include "proto/writer.h"

/* What libFuzzer calls, and what it offers. */
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t size_max, unsigned seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t size_max);

/* Of a target that has something to do once, before its first input. */
__attribute__((weak)) void fuzz_setup(void);

#define FUZZ_INPUT_MAX ((size_t)3 << 20)

/* The input, or what it stands for. No format of ours opens with the byte 0xc1, so inputs that open
 * with "\xc1+", three bytes of a size, big-endian, and a filler stand for what follows, filled up
 * to that size: in the place of "\xc1\xc1\xc1", or at the end. Thus a few bytes reach what only
 * happens beyond a limit. */
dais_slice_t fuzz_input(const uint8_t *data, size_t size);

/* A writer over a buffer of `which` (0 to 3), which holds what the last one wrote. */
dais_writer_t fuzz_writer(unsigned which);

/* A number below `end` that follows from the bytes: an input always takes the same way. */
size_t fuzz_choose(dais_slice_t bytes, size_t end);

/* A copy with one bit flipped, which the bytes choose among [from, to). Lives until the next. */
dais_slice_t fuzz_flipped(dais_slice_t bytes, size_t from, size_t to);

/* Input is never answered with a failure: that would put the machine at fault. */
void fuzz_check_fault(dais_fault_t fault, dais_slice_t input);

bool fuzz_all_zero(const void *thing, size_t size);

/* Ends a custom mutator: copies what was repaired over the input, unless it is too long. */
size_t fuzz_replace(uint8_t *data, size_t size, size_t size_max, dais_slice_t with);

#endif
