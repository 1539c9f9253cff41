/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_BASE_NEAREST_H
#define DAIS_BASE_NEAREST_H

#include "base/slice.h"

/* Words longer than this are never suggested and never get a suggestion. */
#define DAIS_NEAREST_SIZE_MAX 48 /* bytes */

/* How many slips of the hand part two words: a byte too many, too few, another one, or two
 * neighbours swapped (the optimal string alignment distance). SIZE_MAX if one of the words is
 * longer than DAIS_NEAREST_SIZE_MAX. */
size_t dais_edit_distance(dais_slice_t a, dais_slice_t b);

/* For "did you mean": of `count` words, the first that is nearest to `word`, or null if none is
 * near enough to be a slip of the hand (a third of its letters, at least one). */
const char *dais_nearest(dais_slice_t word, const char *const *words, size_t count);

#endif
