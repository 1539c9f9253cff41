/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_SUPPORT_GOLDEN_H
#define DAIS_TESTS_SUPPORT_GOLDEN_H

#include "tests/support/sample.h"

/* Golden files hold the bytes of a format's example as they were when the format was fixed:
 *
 *   tests/golden/<sample>.v1.hex         lines of hex; a line that opens with # says what it is
 *   tests/golden/<sample>.v1.txt         of text formats: the text itself
 *   tests/golden/draft/<sample>.v1.hex   subjects of kinds that nothing uses yet
 *
 * A file outside draft/ is never changed: a format that has to change gets a new version. When the
 * subject of a kind in draft/ changes, its file is deleted and written anew: test_golden, run with
 * DAIS_GOLDEN_WRITE=1, writes what is missing and nothing else. */

#define DAIS_GOLDEN_PATH_MAX 512

/* Below the top of the tree. */
void dais_golden_path(const char *tree, const dais_sample_t *sample,
                      char path[DAIS_GOLDEN_PATH_MAX]);

/* The bytes that the sample's golden file holds, in the arena. NOT_FOUND; BAD_TEXT for hex that is
 * not of the form above. */
dais_err_t dais_golden_read(const char *path, const dais_sample_t *sample,
                            dais_slice_t *bytes) DAIS_MUST_CHECK;

/* Writes the sample as its golden file; EXISTS if there is one. */
dais_err_t dais_golden_write(const char *path, const dais_sample_t *sample) DAIS_MUST_CHECK;

#endif
