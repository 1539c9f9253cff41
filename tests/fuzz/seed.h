/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_FUZZ_SEED_H
#define DAIS_TESTS_FUZZ_SEED_H

#include "tests/fuzz/fuzz.h"

/* Write one input. A name says what it is. */
void seed(const char *target, const char *name, dais_slice_t bytes);
void seed_text(const char *target, const char *name, const char *text);

/* Two parts one behind the other. */
void seed_after(const char *target, const char *name, dais_slice_t head, dais_slice_t bytes);

/* One that fuzz_input() fills up to this size. */
void seed_stretched(const char *target, const char *name, size_t size, char filler,
                    dais_slice_t bytes);

/* The parts: every sample under the target that reads it; every shape; and by hand. */
void seed_samples(void);
void seed_shapes(void);
void seed_cursor(void);
void seed_texts(void);
void seed_roster(void);
void seed_submit(void);
void seed_files(void);
void seed_signed(void);
void seed_openings(void);
void seed_open_files(void);
void seed_receipts(void);
void seed_boxes(void);
void seed_notes(void);
void seed_trees(void);
void seed_mdp(void);

#endif
