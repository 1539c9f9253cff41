/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_RULES_DERIVE_H
#define DAIS_RULES_DERIVE_H

#include "proto/opening.h"
#include "registry/rules/rules.h"

/* What of an open part follows from the rules (docs/rules.md, 10.1 and 10.3): a public audit has no
 * more of a log than its open entries, and makes again every verdict that rests on nothing else,
 * every tick, and the sums of every tally. What does not fit is a finding, never a failure.
 *
 * Beside the public fold (fold.h), which says what there is to show: this says whether it holds. */
typedef struct dais_derive dais_derive_t;

/* From entry 0: what dais_rules_begin() says of it; NO_MEMORY. log is its leaf hash. */
DAIS_MUST_CHECK dais_err_t dais_derive_create(dais_derive_t **derive, const dais_genesis_t *genesis,
                                              const dais_hash_t *log);
void dais_derive_destroy(dais_derive_t **derive); /* *derive is null afterwards */

/* Takes the next open entry, which the caller has proved to be in the log; indices rise, and those
 * between are closed. WRONG_SEQ, NO_MEMORY. */
DAIS_MUST_CHECK dais_err_t dais_derive_take(dais_derive_t *derive, const dais_opened_t *opened);

/* The state of the cycle and its marks; no counts. */
const dais_cycle_row_t *dais_derive_cycle(const dais_derive_t *derive);

/* Roster, States, dates and sessions as of now; other tables are empty. To be read only. */
dais_rules_store_t *dais_derive_store(const dais_derive_t *derive);

/* When this tick was closed, with the grace; 0 if its date is not known yet. */
uint64_t dais_derive_closes(const dais_derive_t *derive, const dais_tick_t *tick);

bool dais_derive_is_withheld(const dais_derive_t *derive, uint64_t seq);
bool dais_derive_is_erased(const dais_derive_t *derive, uint64_t seq);

/* Are all entries of this kind that have an effect open by now (docs/rules.md, 10.5)? */
bool dais_derive_is_open_kind(const dais_derive_t *derive, unsigned kind);

/* What does not fit together. The text is one line of ASCII; code is static. */
typedef struct {
    uint64_t seq;
    const char *code;
    char text[160];
} dais_finding_t;

size_t dais_derive_finding_count(const dais_derive_t *derive);
const dais_finding_t *dais_derive_finding(const dais_derive_t *derive, size_t at);

/* Verdicts that were made again, and such of the same kinds that rest on what is closed. */
uint64_t dais_derive_count(const dais_derive_t *derive);
uint64_t dais_derive_trusted(const dais_derive_t *derive);

#endif
