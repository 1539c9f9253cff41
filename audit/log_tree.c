/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/log_tree.h"

/* What was found wrong on the way, under the caller's own check. */
static void tree_judge(dais_log_tree_t *tree, const dais_trust_t *trust, const dais_checks_t *found,
                       dais_checks_t *checks, dais_check_t check)
{
    tree->is_whole = !dais_checks_has_failed(found);
    for (size_t i = 0; i < found->failure_count; i++)
        dais_checks_fail_all(checks, check, found->failures[i].text);
    if (found->failures_lost > 0)
        dais_checks_fail_all(checks, check, "more failed than can be shown");
    if (!tree->is_whole)
        return;
    if (trust->has_key)
        dais_checks_pass(checks, check);
    else
        dais_checks_skip(checks, check, dais_trust_no_key);
}

static dais_err_t tree_walk(dais_log_tree_t *tree, dais_reading_t *reading)
{
    dais_reading_entry_t entry;
    while (dais_reading_next(reading, &entry))
        if (!dais_nodes_append(&tree->nodes, &entry.leaf))
            return DAIS_ERR_NO_MEMORY;
    return DAIS_OK;
}

dais_err_t dais_log_tree_read(dais_log_tree_t *tree, const char *path, const dais_trust_t *trust,
                              dais_checks_t *checks, dais_check_t check)
{
    dais_checks_t found = {.failures = NULL};
    dais_reading_t reading;
    *tree = (dais_log_tree_t){.is_whole = false};
    dais_nodes_init(&tree->nodes);
    dais_err_t err = dais_reading_open_again(&reading, path, &found);
    if (err != DAIS_OK)
        return err;
    err = tree_walk(tree, &reading);
    if (err == DAIS_OK) {
        uint64_t size = dais_log_tree_size(tree);
        dais_hash_t root = dais_nodes_root(&tree->nodes, size);
        dais_trust_checkpoint(trust, &found, &reading, size, &root);
        tree_judge(tree, trust, &found, checks, check);
    }
    dais_reading_close(&reading);
    dais_checks_free(&found);
    return err;
}

void dais_log_tree_free(dais_log_tree_t *tree)
{
    dais_nodes_free(&tree->nodes);
}

uint64_t dais_log_tree_size(const dais_log_tree_t *tree)
{
    return dais_nodes_size(&tree->nodes);
}

bool dais_log_tree_leaf(const dais_log_tree_t *tree, uint64_t seq, dais_hash_t *leaf)
{
    const dais_hash_t *found = dais_store_vector_at(&tree->nodes.levels[0], seq);
    if (found != NULL)
        *leaf = *found;
    return found != NULL;
}
