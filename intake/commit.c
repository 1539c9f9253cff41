/* SPDX-License-Identifier: Apache-2.0
 *
 * One commit: a stamp for each cycle that got bundles or is due a mark, all bundles, and whatever
 * else has changed, in one transaction; answers only after it returned. A stamp's time is read when
 * nothing more is let into the commit, so it is never earlier than the last bundle came. */
#include "intake/private.h"

#include <assert.h>

#include "base/crash_point.h"

static bool mark_is_due(const dais_intake_t *intake, const intake_cycle_t *cycle, uint64_t now_ms)
{
    if (!cycle->is_ours || cycle->ill != CYCLE_WELL)
        return false;
    if (cycle->chain.next_j == 0 || now_ms >= cycle->chain.at + intake->options.mark_ms)
        return true;
    for (size_t i = 0; i < cycle->chain.date_count; i++) {
        if (cycle->chain.at < cycle->chain.dates[i] && now_ms >= cycle->chain.dates[i])
            return true;
    }
    return false;
}

/* Something to be written although no bundle came? Asked before the clock is read in earnest. */
static bool commit_is_due(dais_intake_t *intake)
{
    dais_now_t now;
    if (intake->item_count > 0 || intake->drop_due || intake->drop_note)
        return true;
    bool timed = intake->guard.doubt == DAIS_CLOCK_SURE &&
                 intake->machine.now(intake->machine.context, &now) == DAIS_OK;
    for (size_t i = 0; i < intake->cycle_count; i++) {
        const intake_cycle_t *cycle = intake->cycles[i];
        if (cycle->dirty || (timed && mark_is_due(intake, cycle, now.wall_ms)))
            return true;
    }
    uint8_t kept[DAIS_CLOCK_KEPT_MAX];
    size_t size = dais_clock_guard_keep(&intake->guard, kept);
    return size != intake->kept_size || memcmp(kept, intake->kept, size) != 0;
}

/* Lays out the hashes of all bundles by cycle, each cycle's in the order of its stamp. */
static void batch_sort(dais_intake_t *intake)
{
    uint32_t first = 0;
    for (size_t i = 0; i < intake->cycle_count; i++) {
        intake->cycles[i]->batch_first = first;
        first += intake->cycles[i]->batch_count;
    }
    for (size_t i = 0; i < intake->item_count; i++) {
        const intake_item_t *item = &intake->items[i];
        if (!item->again)
            intake->hashes[item->cycle->batch_first + item->index] = item->bundle;
    }
}

/* Signs the next stamp of the cycle. */
static dais_err_t cycle_stamp(dais_intake_t *intake, intake_cycle_t *cycle, uint64_t now_ms)
{
    const dais_chain_t *chain = &cycle->chain;
    dais_stamp_t stamp = {.log = chain->log,
                          .j = chain->next_j,
                          .prev = chain->prev,
                          .at = now_ms > chain->at ? now_ms : chain->at};
    dais_writer_t writer;
    dais_slice_t bytes;
    dais_writer_init(&writer, cycle->stamp, sizeof cycle->stamp);
    dais_err_t err = dais_stamp_sign(&stamp, intake->hashes + cycle->batch_first,
                                     cycle->batch_count, intake->options.device, &writer);
    if (err == DAIS_OK)
        err = dais_writer_finish(&writer, &bytes);
    if (err != DAIS_OK)
        return err;
    cycle->stamp_size = bytes.size;
    cycle->next.next_j = chain->next_j + 1;
    cycle->next.prev = dais_signed_hash(bytes);
    cycle->next.at = stamp.at;
    return DAIS_OK;
}

static dais_err_t commit_stamp_all(dais_intake_t *intake, bool sure, uint64_t now_ms)
{
    dais_err_t err = DAIS_OK;
    for (size_t i = 0; i < intake->cycle_count && err == DAIS_OK; i++) {
        intake_cycle_t *cycle = intake->cycles[i];
        cycle->next = cycle->chain;
        cycle->kept_next = cycle->kept_count;
        cycle->stamping = sure && (cycle->batch_count > 0 || mark_is_due(intake, cycle, now_ms));
        if (cycle->stamping)
            err = cycle_stamp(intake, cycle, now_ms);
    }
    return err;
}

static void commit_put_notes(dais_intake_t *intake, dais_txn_t *txn)
{
    uint8_t kept[DAIS_CLOCK_KEPT_MAX];
    size_t size = dais_clock_guard_keep(&intake->guard, kept);
    if (size != intake->kept_size || memcmp(kept, intake->kept, size) != 0)
        dais_spool_put_note(txn, DAIS_SPOOL_CLOCK, dais_slice(kept, size));
    if (intake->drop_note)
        dais_spool_del_note(txn, DAIS_SPOOL_ACCEPTED);
    memcpy(intake->kept, kept, size);
    intake->kept_size = size;
}

static void commit_put_stamps(dais_intake_t *intake, dais_txn_t *txn)
{
    for (size_t i = 0; i < intake->cycle_count; i++) {
        const intake_cycle_t *cycle = intake->cycles[i];
        if (!cycle->stamping)
            continue;
        dais_slice_t hashes = dais_slice(intake->hashes + cycle->batch_first,
                                         (size_t)cycle->batch_count * DAIS_HASH_SIZE);
        dais_spool_put_stamp(txn, cycle->chain.number, cycle->chain.next_j,
                             dais_slice(cycle->stamp, cycle->stamp_size), hashes);
    }
    for (size_t i = 0; i < intake->item_count; i++) {
        const intake_item_t *item = &intake->items[i];
        if (!item->again)
            dais_spool_put_parcel(txn, item->cycle->chain.number, item->cycle->chain.next_j,
                                  item->index,
                                  dais_slice(intake->arena + item->offset, item->size));
    }
}

static void commit_put_chains(dais_intake_t *intake, dais_txn_t *txn)
{
    for (size_t i = 0; i < intake->cycle_count; i++) {
        const intake_cycle_t *cycle = intake->cycles[i];
        if (cycle->stamping || cycle->dirty || cycle->next.taken != cycle->chain.taken ||
            cycle->next.kept != cycle->chain.kept)
            dais_spool_put_chain(txn, &cycle->next);
    }
}

static dais_err_t commit_write(dais_intake_t *intake)
{
    dais_txn_t txn;
    dais_spool_begin(intake->spool, &txn, DAIS_TXN_WRITE);
    commit_put_notes(intake, &txn);
    commit_put_stamps(intake, &txn);
    dais_intake_let_go(intake, &txn);
    commit_put_chains(intake, &txn);
    return dais_txn_commit(&txn);
}

static void cycle_log_stamp(dais_intake_t *intake, const intake_cycle_t *cycle)
{
    dais_log_line_t line;
    dais_log_begin(&line, intake->options.log, DAIS_LOG_INFO,
                   cycle->batch_count > 0 ? "stamped" : "marked");
    dais_log_text(&line, "cycle", dais_intake_name(cycle));
    dais_log_u64(&line, "j", cycle->chain.next_j - 1);
    dais_log_u64(&line, "at", cycle->chain.at);
    dais_log_u64(&line, "bundles", cycle->batch_count);
    dais_log_end(&line);
}

static void item_log(dais_intake_t *intake, const intake_item_t *item)
{
    dais_log_line_t line;
    dais_log_begin(&line, intake->options.log, DAIS_LOG_INFO, "bundle");
    dais_log_hex(&line, "bundle", dais_hash_slice(&item->bundle));
    dais_log_text(&line, "cycle", dais_intake_name(item->cycle));
    dais_log_u64(&line, "j", item->cycle->chain.next_j - 1);
    dais_log_end(&line);
}

/* Answers the items of one cycle, whose stamp is on the disk. */
static void cycle_answer(dais_intake_t *intake, const intake_cycle_t *cycle)
{
    dais_tree_nodes_t tree = {.nodes = intake->nodes, .count = cycle->batch_count};
    for (size_t i = 0; i < tree.count; i++)
        tree.nodes[i] =
            dais_tree_leaf_hash(dais_hash_slice(&intake->hashes[cycle->batch_first + i]));
    dais_tree_nodes_build(&tree);
    dais_tree_source_t source = dais_tree_nodes_source(&tree);
    for (size_t i = 0; i < intake->item_count; i++) {
        const intake_item_t *item = &intake->items[i];
        dais_tree_path_t path;
        if (item->cycle != cycle)
            continue;
        dais_err_t err = dais_tree_inclusion(&source, item->index, tree.count, &path);
        assert(err == DAIS_OK);
        dais_intake_answer_stamped(intake, item, dais_slice(cycle->stamp, cycle->stamp_size),
                                   &path);
        if (!item->again)
            item_log(intake, item);
    }
}

static void batch_clear(dais_intake_t *intake)
{
    for (size_t i = 0; i < intake->cycle_count; i++) {
        intake->cycles[i]->batch_count = 0;
        intake->cycles[i]->stamping = false;
    }
    intake->item_count = 0;
    intake->added_count = 0;
    intake->arena_used = 0;
}

static void batch_refuse(dais_intake_t *intake, dais_err_t err, uint64_t retry_ms)
{
    dais_known_take_back(intake->known, intake->added_count);
    for (size_t i = 0; i < intake->item_count; i++)
        dais_intake_refuse(intake, &intake->items[i].call, intake->items[i].token, err, retry_ms);
    batch_clear(intake);
}

static void commit_adopt(dais_intake_t *intake)
{
    intake->drop_due = false;
    intake->drop_note = false;
    intake->figures.bundle_count += intake->added_count;
    for (size_t i = 0; i < intake->cycle_count; i++) {
        intake_cycle_t *cycle = intake->cycles[i];
        cycle->chain = cycle->next;
        cycle->kept_count = cycle->kept_next;
        cycle->dirty = false;
        if (!cycle->stamping)
            continue;
        intake->figures.stamp_count++;
        cycle_log_stamp(intake, cycle);
        if (cycle->batch_count > 0)
            cycle_answer(intake, cycle);
    }
    batch_clear(intake);
}

/* A full map wrote nothing and condemned nothing: what is queued is turned away for now. */
static dais_err_t commit_failed(dais_intake_t *intake, dais_err_t err)
{
    intake->kept_size = 0;
    if (err != DAIS_ERR_NO_SPACE ||
        dais_store_failure(dais_spool_store(intake->spool)) != DAIS_OK) {
        dais_intake_fail(intake, err);
        return err;
    }
    intake->low_disk = true;
    batch_refuse(intake, DAIS_ERR_LOW_DISK, DAIS_INTAKE_RETRY_DISK_MS);
    return DAIS_OK;
}

dais_err_t dais_intake_commit(dais_intake_t *intake)
{
    if (intake->failure != DAIS_OK || !commit_is_due(intake))
        return intake->failure;
    uint64_t now_ms = 0;
    bool sure = dais_intake_sure_time(intake, &now_ms) == DAIS_OK;
    if (!sure)
        batch_refuse(intake, DAIS_ERR_CLOCK_UNSURE, DAIS_INTAKE_RETRY_CLOCK_MS);
    batch_sort(intake);
    dais_err_t err = commit_stamp_all(intake, sure, now_ms);
    if (err != DAIS_OK) {
        dais_intake_fail(intake, err);
        return err;
    }
    DAIS_CRASH_POINT("intake-signed");
    err = commit_write(intake);
    if (err != DAIS_OK)
        return commit_failed(intake, err);
    DAIS_CRASH_POINT("intake-stamped");
    commit_adopt(intake);
    DAIS_CRASH_POINT("intake-answered");
    return DAIS_OK;
}

dais_err_t dais_intake_touch(dais_intake_t *intake)
{
    intake->kept_size = 0; /* so that the clock's row is written anew */
    return dais_intake_commit(intake);
}
