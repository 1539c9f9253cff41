/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_RULES_DIGEST_H
#define DAIS_RULES_DIGEST_H

#include "registry/rules/rules.h"

/* The state as one hash, so that two implementations, or two machines, compare at every index
 * (docs/rules.md, "The digest"). Reads all rows: its cost grows with the state, so it is for tests,
 * audits at chosen sizes, and the record of golden logs; never for each entry in service. */

/* Everything. */
DAIS_MUST_CHECK dais_err_t dais_digest_state(dais_rules_t *rules, dais_hash_t *digest);

/* Only what can make a difference to what happens next in kind: no indices, no instants, no
 * counts that only grow. Two states of the same standing digest have the same moves. */
DAIS_MUST_CHECK dais_err_t dais_digest_standing(dais_rules_t *rules, dais_hash_t *digest);

/* The bytes that are hashed, handed out piece by piece, for whoever looks for a difference. */
typedef void dais_digest_fn_t(void *context, dais_slice_t piece);
DAIS_MUST_CHECK dais_err_t dais_digest_write(dais_rules_t *rules, bool standing_only,
                                             dais_digest_fn_t *piece, void *context);

#endif
