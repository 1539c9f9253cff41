/* SPDX-License-Identifier: Apache-2.0
 *
 * Hand-overs of intakes, and what is given in on the host. A hand-over is one stamp with all its
 * bundles: it is taken whole or not at all, in the order of the intake's chain, and once. */
#include "base/clock.h"
#include "proto/frontier.h"
#include "proto/stamp.h"
#include "proto/tree_memory.h"
#include "registry/cycle_private.h"

#define RETRY_MS 1000

/* A stamp that is being taken. */
typedef struct {
    dais_cycle_t *cycle;
    dais_slice_t bytes;
    dais_stamp_t stamp;
    uint32_t intake;
    size_t count;
} taking_t;

/* Cuts the bundles apart and names each by its envelope, in the desk; their root must be the
 * stamp's. */
static dais_err_t take_parcels(taking_t *t, dais_slice_t rest)
{
    dais_desk_t *desk = t->cycle->house->desk;
    dais_frontier_t tree = {0};
    while (rest.size > 0) {
        dais_slice_t envelope;
        if (rest.size < 4 || t->count == DAIS_LIMIT_STAMP_BUNDLES)
            return DAIS_ERR_TRUNCATED;
        size_t size = (size_t)rest.data[0] << 24 | (size_t)rest.data[1] << 16 |
                      (size_t)rest.data[2] << 8 | rest.data[3];
        if (size > rest.size - 4)
            return DAIS_ERR_TRUNCATED;
        dais_slice_t parcel = dais_slice(rest.data + 4, size);
        dais_err_t err = cycle_envelope(parcel, &envelope);
        if (err != DAIS_OK)
            return err;
        dais_hash_t bundle = dais_bundle_hash(envelope);
        desk->parcels[t->count] = parcel;
        desk->nodes[t->count] = dais_tree_leaf_hash(dais_hash_slice(&bundle));
        dais_frontier_append(&tree, &desk->nodes[t->count++]);
        rest = dais_slice(rest.data + 4 + size, rest.size - 4 - size);
    }
    dais_hash_t root = dais_frontier_root(&tree);
    return t->count == t->stamp.count && dais_hash_equal(&root, &t->stamp.root) ? DAIS_OK
                                                                                : DAIS_ERR_BAD_ROOT;
}

/* May this key stamp now? One that is lost may: what it received in time and hands in late is for
 * a person to rule on. One that retired may until the instant at which it did. */
static dais_err_t take_intake(taking_t *t)
{
    dais_rules_store_t *state = dais_book_state(t->cycle->book);
    dais_key_row_t row;
    dais_roster_who_t who = dais_roster_find(state, &t->stamp.key);
    if (who.key_number == 0 || who.role != DAIS_ROLE_INTAKE)
        return DAIS_ERR_NOT_ON_ROSTER;
    t->intake = who.key_number;
    if (who.in_force)
        return DAIS_OK;
    bool retired = state->port->dense_get(state, DAIS_TABLE_KEY, who.key_number, &row) &&
                   row.retires_at != 0 && !who.suspect && t->stamp.at < row.retires_at;
    return retired ? DAIS_OK : DAIS_ERR_KEY_ENDED;
}

static dais_err_t take_clock(const taking_t *t)
{
    dais_now_t now;
    dais_err_t err = dais_clock_now(&t->cycle->house->clock, &now);
    if (err != DAIS_OK)
        return err;
    return t->stamp.at <= now.wall_ms + DAIS_HOUSE_AHEAD_MS ? DAIS_OK : DAIS_ERR_AHEAD_OF_CLOCK;
}

/* *next is the number that this intake's chain goes on with. BUSY: it is not this one's turn. */
static dais_err_t take_turn(taking_t *t, uint64_t *next)
{
    dais_book_stamps_t last = dais_book_stamps(t->cycle->book, t->intake);
    dais_stamp_t before;
    *next = last.has_any ? last.j + 1 : 0;
    if (t->stamp.j != *next)
        return DAIS_ERR_BUSY;
    if (!last.has_any)
        return DAIS_OK;
    dais_err_t err =
        dais_shape_decode_first(&dais_shape_stamp, last.bytes, &before, &(dais_slice_t){0}).err;
    return err == DAIS_OK ? dais_stamp_follows(&before, last.bytes, &t->stamp) : err;
}

static dais_slice_t take_path(dais_desk_t *desk, size_t count, uint64_t index,
                              dais_tree_path_t *path)
{
    dais_tree_nodes_t nodes = {desk->nodes, count};
    dais_tree_source_t source = dais_tree_nodes_source(&nodes);
    if (dais_tree_inclusion(&source, index, count, path) != DAIS_OK)
        path->count = 0;
    return dais_tree_path_bytes(path);
}

static void take_bundles(taking_t *t)
{
    dais_desk_t *desk = t->cycle->house->desk;
    dais_tree_nodes_t nodes = {desk->nodes, t->count};
    dais_tree_nodes_build(&nodes);
    dais_book_put_stamp(t->cycle->book, t->intake, t->stamp.j, t->bytes);
    t->cycle->rest = (cycle_rest_t){.count = t->count, .intake = t->intake};
    while (t->cycle->rest.next < t->cycle->rest.count && !dais_rules_has_ended(t->cycle->rules)) {
        uint64_t i = t->cycle->rest.next++;
        dais_tree_path_t path;
        dais_slice_t envelope;
        dais_err_t err;
        if (cycle_envelope(desk->parcels[i], &envelope) != DAIS_OK)
            continue; /* take_parcels() saw to it */
        dais_arrival_t arrival = {.parcel = desk->parcels[i],
                                  .bundle = dais_bundle_hash(envelope),
                                  .intake = t->intake,
                                  .j = t->stamp.j,
                                  .at = t->stamp.at,
                                  .index = i,
                                  .path = take_path(desk, t->count, i, &path)};
        cycle_admit(t->cycle, &arrival, &err);
    }
    t->cycle->rest = (cycle_rest_t){.count = 0};
    if (!dais_rules_has_ended(t->cycle->rules))
        cycle_settle(t->cycle);
}

static uint64_t take_retry_ms(dais_err_t err)
{
    return err == DAIS_ERR_AHEAD_OF_CLOCK || err == DAIS_ERR_BUSY || err == DAIS_ERR_CLOCK
               ? RETRY_MS
               : 0;
}

static dais_err_t take_check(taking_t *t, const dais_hand_over_t *hand_over, uint64_t *next)
{
    dais_cycle_t *cycle = t->cycle;
    if (dais_rules_has_ended(cycle->rules))
        return DAIS_ERR_LOG_ENDED;
    dais_err_t err = dais_stamp_open(hand_over->stamp, dais_rules_log(cycle->rules), &t->stamp).err;
    if (err == DAIS_OK)
        err = take_intake(t);
    if (err == DAIS_OK)
        err = take_turn(t, next);
    if (err == DAIS_OK)
        err = take_clock(t);
    return err == DAIS_OK ? take_parcels(t, hand_over->parcels) : err;
}

dais_take_t dais_cycle_take(dais_cycle_t *cycle, const dais_hand_over_t *hand_over)
{
    taking_t t = {.cycle = cycle, .bytes = hand_over->stamp};
    dais_take_t take = {.next = 0};
    take.err = take_check(&t, hand_over, &take.next);
    if (take.err == DAIS_ERR_BUSY) { /* the answer says which one it is */
        take.err = DAIS_OK;
        return take;
    }
    if (take.err == DAIS_OK && dais_book_held_bytes(cycle->book) > cycle->house->held_bytes_max)
        take.err = DAIS_ERR_BUSY;
    if (take.err != DAIS_OK) {
        take.retry_ms = take_retry_ms(take.err);
        return take;
    }
    take_bundles(&t);
    take.err = cycle_failure(cycle);
    take.next++;
    return take;
}

dais_err_t dais_cycle_admit(dais_cycle_t *cycle, dais_slice_t parcel, uint64_t *first,
                            uint64_t *count)
{
    dais_slice_t envelope;
    dais_err_t refusal = cycle_envelope(parcel, &envelope);
    if (refusal != DAIS_OK)
        return refusal;
    dais_err_t err = dais_cycle_batch_begin(cycle);
    dais_arrival_t arrival = {.parcel = parcel, .bundle = dais_bundle_hash(envelope)};
    *first = dais_book_size(cycle->book);
    if (err == DAIS_OK && dais_rules_has_ended(cycle->rules))
        refusal = DAIS_ERR_LOG_ENDED;
    else if (err == DAIS_OK)
        cycle_admit(cycle, &arrival, &refusal);
    if (err == DAIS_OK && refusal == DAIS_OK) {
        *count = dais_book_size(cycle->book) - *first;
        cycle_settle(cycle);
        err = dais_cycle_batch_end(cycle);
        return err == DAIS_OK ? dais_cycle_forget_erased(cycle) : err;
    }
    dais_err_t of_drop = dais_cycle_batch_drop(cycle);
    if (of_drop != DAIS_OK)
        return of_drop;
    return err != DAIS_OK ? err : refusal;
}
