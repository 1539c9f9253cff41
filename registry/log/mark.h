/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_REGISTRY_LOG_MARK_H
#define DAIS_REGISTRY_LOG_MARK_H

#include "registry/rules/store.h"

/* A hash of what the state shows of itself at a glance: the row of the cycle, which holds every
 * running count, the dates, and how many rows each numbered table has. It costs the same for ten
 * entries and for ten million, so each commit stores it beside the size of the log and each start
 * compares it. It does not see a byte changed deep in a table: `dais-registry check` does. */
dais_hash_t dais_book_mark(dais_rules_store_t *state, uint64_t size);

#endif
