/* SPDX-License-Identifier: Apache-2.0
 *
 * Taking in: what is refused is answered at once, what came before gets its first stamp again, the
 * rest is queued for the next commit. */
#include "intake/private.h"

#include <assert.h>

void dais_intake_refuse(dais_intake_t *intake, const dais_id_t *call, uint64_t token,
                        dais_err_t err, uint64_t retry_ms)
{
    uint8_t room[INTAKE_ANSWER_MAX];
    dais_refused_t refused = {
        .call = *call, .code = dais_slice_text(dais_err_code(err)), .retry_ms = retry_ms};
    dais_writer_t writer;
    dais_slice_t body;
    dais_writer_init(&writer, room, sizeof room);
    dais_err_t packed = dais_shape_encode(&dais_shape_refused, &refused, &writer);
    if (packed == DAIS_OK)
        packed = dais_writer_finish(&writer, &body);
    assert(packed == DAIS_OK); /* Our own codes fit. */
    intake->figures.refused_count++;
    intake->options.answer(intake->options.context, token, body);
}

void dais_intake_answer_stamped(dais_intake_t *intake, const intake_item_t *item,
                                dais_slice_t stamp, const dais_tree_path_t *path)
{
    uint8_t room[INTAKE_ANSWER_MAX];
    dais_submitted_t submitted = {.call = item->call,
                                  .stamp = stamp,
                                  .index = item->index,
                                  .path = dais_tree_path_bytes(path)};
    dais_writer_t writer;
    dais_slice_t body;
    dais_writer_init(&writer, room, sizeof room);
    dais_err_t packed = dais_shape_encode(&dais_shape_submitted, &submitted, &writer);
    if (packed == DAIS_OK)
        packed = dais_writer_finish(&writer, &body);
    assert(packed == DAIS_OK); /* A stamp of ours and its path fit. */
    intake->options.answer(intake->options.context, item->token, body);
}

/* Builds the tree over the bundles of a stored stamp and the path of one of them. */
static dais_err_t stored_path(dais_intake_t *intake, const dais_spool_stamp_t *row, size_t index,
                              dais_tree_path_t *path)
{
    dais_tree_nodes_t tree = {.nodes = intake->nodes, .count = row->count};
    for (size_t i = 0; i < row->count; i++)
        tree.nodes[i] =
            dais_tree_leaf_hash(dais_slice(row->hashes.data + i * DAIS_HASH_SIZE, DAIS_HASH_SIZE));
    dais_tree_nodes_build(&tree);
    dais_tree_source_t source = dais_tree_nodes_source(&tree);
    return dais_tree_inclusion(&source, index, row->count, path);
}

/* Answers with the stamp that the bundle got when it came first. False if that is forgotten. */
static bool submit_answer_stored(dais_intake_t *intake, intake_item_t *item,
                                 dais_known_place_t place)
{
    dais_txn_t txn;
    dais_spool_stamp_t row;
    dais_tree_path_t path;
    dais_spool_begin(intake->spool, &txn, DAIS_TXN_READ);
    bool found = dais_spool_get_stamp(&txn, place.number, place.j, &row) &&
                 place.index < row.count &&
                 stored_path(intake, &row, place.index, &path) == DAIS_OK;
    if (found) {
        item->index = place.index;
        dais_intake_answer_stamped(intake, item, row.stamp, &path);
    }
    dais_err_t err = dais_txn_end(&txn);
    if (err != DAIS_OK)
        dais_intake_fail(intake, err);
    else if (!found)
        dais_known_forget(intake->known, &item->bundle);
    return found || err != DAIS_OK;
}

static bool batch_has_room(const dais_intake_t *intake, size_t size)
{
    return intake->item_count < INTAKE_BATCH_MAX &&
           intake->arena_used + INTAKE_LENGTH_BYTES + size <= DAIS_LIMIT_HAND_OVER;
}

/* What is counted against the batch has the lengths that go before the parcels in a hand-over. */
static void batch_add(dais_intake_t *intake, intake_item_t *item, dais_slice_t parcel)
{
    intake_cycle_t *cycle = item->cycle;
    item->index = cycle->batch_count++;
    item->offset = intake->arena_used;
    item->size = parcel.size;
    memcpy(intake->arena + item->offset, parcel.data, parcel.size);
    intake->arena_used += parcel.size + INTAKE_LENGTH_BYTES;
    dais_known_place_t place = {
        .number = cycle->chain.number, .index = item->index, .j = cycle->chain.next_j};
    dais_known_add(intake->known, &item->bundle, place);
    intake->added_count++;
    intake->items[intake->item_count++] = *item;
}

/* What keeps a cycle from taking anything in, however good it is. */
static dais_err_t cycle_obstacle(const dais_intake_t *intake, const intake_cycle_t *cycle,
                                 uint64_t *retry_ms)
{
    *retry_ms = 0;
    if (cycle->ill != CYCLE_WELL)
        return cycle->ill == CYCLE_ENDED ? DAIS_ERR_LOG_ENDED : DAIS_ERR_SPOOL_LOST;
    if (!cycle->is_ours) {
        *retry_ms = DAIS_INTAKE_RETRY_ROSTER_MS;
        return DAIS_ERR_NOT_ROSTERED;
    }
    if (intake->guard.doubt != DAIS_CLOCK_SURE) {
        *retry_ms = DAIS_INTAKE_RETRY_CLOCK_MS;
        return DAIS_ERR_CLOCK_UNSURE;
    }
    *retry_ms = intake->low_disk ? DAIS_INTAKE_RETRY_DISK_MS : 0;
    return intake->low_disk ? DAIS_ERR_LOW_DISK : DAIS_OK;
}

/* True if it is settled: answered, or queued behind the first of the same batch. */
static bool submit_again(dais_intake_t *intake, intake_item_t *item)
{
    dais_known_place_t place;
    if (!dais_known_find(intake->known, &item->bundle, &place))
        return false;
    bool queued = place.number == item->cycle->chain.number && place.j == item->cycle->chain.next_j;
    if (!queued)
        return submit_answer_stored(intake, item, place);
    item->index = place.index;
    item->again = true;
    intake->items[intake->item_count++] = *item;
    return true;
}

static void submit_good(dais_intake_t *intake, const dais_submission_t *submission,
                        intake_item_t *item)
{
    if (!batch_has_room(intake, submission->parcel.size) && dais_intake_commit(intake) != DAIS_OK)
        return;
    if (submit_again(intake, item))
        return;
    uint64_t retry_ms;
    dais_err_t err = cycle_obstacle(intake, item->cycle, &retry_ms);
    if (err == DAIS_OK)
        batch_add(intake, item, submission->parcel);
    else
        dais_intake_refuse(intake, &item->call, item->token, err, retry_ms);
}

/* Who sends, if it is known, and what: never what it says. */
static void submit_log_refused(dais_intake_t *intake, const dais_submission_t *submission,
                               const intake_cycle_t *cycle, dais_err_t err)
{
    dais_log_line_t line;
    dais_log_begin(&line, intake->options.log, DAIS_LOG_WARN, "bundle-refused");
    dais_log_err(&line, err);
    if (cycle != NULL) {
        dais_log_text(&line, "cycle", dais_intake_name(cycle));
        dais_log_hex(&line, "bundle", dais_hash_slice(&submission->bundle));
    }
    dais_log_end(&line);
}

void dais_intake_submit(dais_intake_t *intake, dais_slice_t body, dais_slice_t transport,
                        uint64_t token)
{
    if (intake->failure != DAIS_OK)
        return;
    dais_submission_t submission;
    intake_cycle_t *cycle = NULL;
    dais_err_t err = dais_submission_read(body, &submission);
    if (err == DAIS_OK) {
        cycle = dais_intake_cycle(intake, &submission.log);
        err = cycle == NULL ? DAIS_ERR_WRONG_LOG
                            : dais_submission_admit(&submission, &cycle->peers, transport);
    }
    if (err != DAIS_OK) {
        submit_log_refused(intake, &submission, cycle, err);
        dais_intake_refuse(intake, &submission.call, token, err, 0);
        return;
    }
    intake_item_t item = {
        .cycle = cycle, .token = token, .call = submission.call, .bundle = submission.bundle};
    submit_good(intake, &submission, &item);
}
