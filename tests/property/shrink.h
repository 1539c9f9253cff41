/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_PROPERTY_SHRINK_H
#define DAIS_TESTS_PROPERTY_SHRINK_H

#include "tests/property/sequence.h"

/* Does this sequence still fail? */
typedef bool shrink_fails_fn_t(void *context, const sequence_t *sequence);

/* Cuts a sequence that fails down to one of which no event, change or target can be left out
 * without it failing no more. The sequence has to fail to begin with. */
void shrink(sequence_t *sequence, shrink_fails_fn_t *fails, void *context);

#endif
