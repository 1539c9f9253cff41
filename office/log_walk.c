/* SPDX-License-Identifier: Apache-2.0 */
#include "office/log_walk.h"

#include "proto/checkpoint.h"
#include "proto/tree_verify.h"

#define PAGE_COUNT 256 /* entries asked for at a time */

static dais_err_t walk_open(dais_log_walk_t *walk, uint64_t seq, const dais_hash_t *leaf,
                            dais_slice_t bytes)
{
    dais_opening_t opening;
    dais_opened_t opened;
    dais_err_t err = dais_shape_decode(&dais_shape_opening, bytes, &opening).err;
    if (err == DAIS_OK)
        err = dais_opening_check(&opening, &walk->wire->office->profile.log, &opened).err;
    if (err == DAIS_OK && (opened.seq != seq || !dais_hash_equal(&opened.leaf, leaf)))
        err = DAIS_ERR_WRONG_ENTRY;
    return err == DAIS_OK ? walk->opened(walk->context, &opened) : err;
}

static dais_err_t walk_page(dais_log_walk_t *walk, const dais_answer_entries_t *page)
{
    dais_entry_line_t line;
    if (page->from != walk->frontier.size)
        return DAIS_ERR_WRONG_ENTRY;
    dais_list_walk_t lines = dais_list_begin(&page->entries, &dais_shape_entry_line);
    while (dais_list_next(&lines, &line)) {
        uint64_t seq = walk->frontier.size;
        dais_hash_t leaf = dais_tree_leaf_hash(line.leaf);
        dais_err_t err =
            line.opening.size == 0 ? DAIS_OK : walk_open(walk, seq, &leaf, line.opening);
        dais_frontier_append(&walk->frontier, &leaf);
        if (err != DAIS_OK)
            return err;
    }
    return DAIS_OK;
}

/* One page; *is_end if it reaches to the checkpoint that came with it. */
static bool walk_fetch(dais_log_walk_t *walk, bool *is_end, dais_err_t *err,
                       dais_wire_answer_t *answer)
{
    dais_ask_entries_t what = {
        .what = DAIS_WHAT_ENTRIES, .from = walk->frontier.size, .count = PAGE_COUNT};
    dais_answer_entries_t page;
    dais_checkpoint_t checkpoint = {.size = 0};
    if (!dais_wire_look(walk->wire, &dais_shape_ask_entries, &what, 0, &dais_shape_answer_entries,
                        &page, answer))
        return false;
    *err =
        dais_checkpoint_verify(page.checkpoint, &walk->wire->office->profile.log_key, &checkpoint)
            .err;
    if (*err == DAIS_OK)
        *err = walk_page(walk, &page);
    *is_end = walk->frontier.size >= checkpoint.size;
    if (*err == DAIS_OK && !*is_end && page.entries.count == 0)
        *err = DAIS_ERR_TRUNCATED;
    return *err == DAIS_OK;
}

/* What was fetched is the beginning of what the log has signed. */
static bool walk_prove(dais_log_walk_t *walk, dais_err_t *err, dais_wire_answer_t *answer)
{
    dais_ask_checkpoint_t what = {.what = DAIS_WHAT_CHECKPOINT, .old_size = walk->frontier.size};
    dais_answer_checkpoint_t shown;
    dais_checkpoint_t checkpoint;
    dais_hash_t root = dais_frontier_root(&walk->frontier);
    if (!dais_wire_look(walk->wire, &dais_shape_ask_checkpoint, &what, 0,
                        &dais_shape_answer_checkpoint, &shown, answer))
        return false;
    *err =
        dais_checkpoint_verify(shown.checkpoint, &walk->wire->office->profile.log_key, &checkpoint)
            .err;
    if (*err == DAIS_OK)
        *err = dais_tree_consistency_verify(walk->frontier.size, checkpoint.size, &root,
                                            &checkpoint.root, shown.consistency);
    return *err == DAIS_OK;
}

bool dais_log_walk(dais_log_walk_t *walk, dais_wire_answer_t *answer, bool *is_false)
{
    dais_err_t err = DAIS_OK;
    bool is_end = false;
    bool good = true;
    memset(answer, 0, sizeof *answer);
    while (good && !is_end && (walk->enough == NULL || !walk->enough(walk->context))) {
        dais_wire_answer_free(answer);
        good = walk_fetch(walk, &is_end, &err, answer);
    }
    if (good) {
        dais_wire_answer_free(answer);
        good = walk_prove(walk, &err, answer);
    }
    *is_false = err != DAIS_OK;
    if (*is_false)
        answer->err = err;
    return good;
}
