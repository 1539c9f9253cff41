/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_AUDIT_LOG_TREE_H
#define DAIS_AUDIT_LOG_TREE_H

#include "audit/nodes.h"
#include "audit/trust.h"

/* The tree of an exported log or published folder: what a receipt, a site or a store is held
 * against. Only the tree is looked at here; `verify` looks at what hangs on it. */
typedef struct {
    dais_nodes_t nodes;
    bool is_whole; /* the file was read to its end, and its checkpoint is of these leaves */
} dais_log_tree_t;

/* Reads the leaves. Whether the checkpoint at the end is of them, and of the trusted key, is noted
 * as `check`. Errors are of the machine, or say that it is no log at all. */
dais_err_t dais_log_tree_read(dais_log_tree_t *tree, const char *path, const dais_trust_t *trust,
                              dais_checks_t *checks, dais_check_t check) DAIS_MUST_CHECK;
void dais_log_tree_free(dais_log_tree_t *tree);

uint64_t dais_log_tree_size(const dais_log_tree_t *tree);

/* The leaf hash at this index; false beyond the end. */
bool dais_log_tree_leaf(const dais_log_tree_t *tree, uint64_t seq, dais_hash_t *leaf);

#endif
