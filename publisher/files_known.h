/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PUBLISHER_FILES_KNOWN_H
#define DAIS_PUBLISHER_FILES_KNOWN_H

#include "base/err.h"
#include "base/hash.h"

/* What stands in the published folder, by path: found at once, listed in order. */

#define FILES_KNOWN_NONE UINT32_MAX

typedef struct {
    char *path; /* owned; null when it was dropped */
    dais_hash_t hash;
    dais_hash_t mark; /* zeros for none */
    uint64_t size;
} files_known_item_t;

typedef struct {
    files_known_item_t *items; /* by number, in the order in which they came */
    uint32_t count, capacity;
    uint32_t *table; /* numbers by hash of the path; FILES_KNOWN_NONE where there is none */
    uint32_t table_size;
    uint32_t *order; /* numbers by path; right unless is_stale */
    size_t order_count;
    bool is_stale;
} files_known_t; /* {0} is empty */

void files_known_free(files_known_t *known);

/* The number of a path, or FILES_KNOWN_NONE. */
uint32_t files_known_find(const files_known_t *known, const char *path);

/* Sets what a path holds; its mark is gone unless that is the same as before. */
DAIS_MUST_CHECK dais_err_t files_known_put(files_known_t *known, const char *path,
                                           const dais_hash_t *hash, uint64_t size,
                                           uint32_t *number);

/* The number stays taken, so that others keep theirs; its path is not found any more. Again does
 * nothing. */
void files_known_drop(files_known_t *known, uint32_t number);
void files_known_mark(files_known_t *known, uint32_t number, const dais_hash_t *mark);

/* Borrowed until the next call but _find. */
const files_known_item_t *files_known_at(const files_known_t *known, uint32_t number);
DAIS_MUST_CHECK dais_err_t files_known_order(files_known_t *known, const uint32_t **order,
                                             size_t *count);

#endif
