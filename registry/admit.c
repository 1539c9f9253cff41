/* SPDX-License-Identifier: Apache-2.0
 *
 * The way of one bundle into the log. In this order: is its time come (a deadline before it may
 * still be open), is it signed, may its key say anything, is it the next of its chain, is what it
 * holds what it signed, are its messages those of its key's actor, did its author see this log,
 * has its actor sent too much. From there on the rules decide and all of it is logged.
 *
 * What is not admitted and was stamped gets an own entry, so that every stamp has its consequence.
 * A bundle with a good header, signature and the next number of its chain uses that number up, also
 * if what it holds is turned away. */
#include <assert.h>

#include "proto/content.h"
#include "registry/cycle_private.h"

/* A bundle whose header has been opened. */
typedef struct {
    dais_cycle_t *cycle;
    const dais_arrival_t *arrival;
    dais_slice_t envelope;
    dais_bundle_t head;
    dais_roster_who_t who;
    bool is_sealed;
    dais_slice_t box;    /* of a sealed one */
    dais_slice_t parcel; /* opened */
    dais_list_t items;
    dais_id_t message;                           /* id of the first new one */
    uint64_t firsts[DAIS_LIMIT_BUNDLE_MESSAGES]; /* entries that its own messages became; 0: none */
} admission_t;

static dais_err_t admit_decode(dais_slice_t bytes, dais_parcel_t *parcel,
                               dais_sealed_parcel_t *sealed, bool *is_sealed)
{
    *is_sealed = dais_shape_of(bytes) == &dais_shape_sealed_parcel;
    if (bytes.size > DAIS_LIMIT_BUNDLE_BYTES)
        return DAIS_ERR_TOO_LONG;
    return *is_sealed ? dais_shape_decode(&dais_shape_sealed_parcel, bytes, sealed).err
                      : dais_shape_decode(&dais_shape_parcel, bytes, parcel).err;
}

dais_err_t cycle_envelope(dais_slice_t bytes, dais_slice_t *envelope)
{
    dais_parcel_t parcel;
    dais_sealed_parcel_t sealed;
    bool is_sealed;
    dais_err_t err = admit_decode(bytes, &parcel, &sealed, &is_sealed);
    if (err == DAIS_OK)
        *envelope = is_sealed ? sealed.envelope : parcel.envelope;
    return err;
}

static dais_err_t admit_open(admission_t *a)
{
    dais_parcel_t parcel;
    dais_sealed_parcel_t sealed;
    dais_err_t err = admit_decode(a->arrival->parcel, &parcel, &sealed, &a->is_sealed);
    if (err != DAIS_OK)
        return err;
    a->envelope = a->is_sealed ? sealed.envelope : parcel.envelope;
    if (a->is_sealed)
        a->box = sealed.box;
    else
        a->items = parcel.items;
    a->parcel = a->arrival->parcel;
    err = dais_bundle_open(a->envelope, dais_rules_log(a->cycle->rules), &a->head).err;
    if (err == DAIS_OK && (a->head.stream == DAIS_STREAM_SEALED) != a->is_sealed)
        err = DAIS_ERR_WRONG_STREAM;
    return err;
}

static dais_err_t admit_know(admission_t *a)
{
    a->who = dais_roster_find(dais_book_state(a->cycle->book), &a->head.key);
    if (a->who.key_number == 0)
        return DAIS_ERR_NOT_ON_ROSTER;
    return a->who.in_force ? DAIS_OK : DAIS_ERR_KEY_ENDED;
}

/* Opens the box and keeps what it holds as a parcel, which is how the store has every bundle. */
static dais_err_t admit_unseal(admission_t *a)
{
    dais_desk_t *desk = a->cycle->house->desk;
    dais_sealed_t sealed;
    dais_writer_t writer;
    if (!a->is_sealed)
        return DAIS_OK;
    dais_err_t err = dais_sealed_open(&a->cycle->keys.box, dais_rules_log(a->cycle->rules),
                                      a->envelope, a->box, desk->plain, sizeof desk->plain, &sealed)
                         .err;
    if (err != DAIS_OK)
        return err;
    dais_parcel_t parcel = {.envelope = a->envelope, .items = sealed.items};
    a->items = sealed.items;
    dais_writer_init(&writer, desk->parcel, sizeof desk->parcel);
    err = dais_shape_encode(&dais_shape_parcel, &parcel, &writer);
    return err == DAIS_OK ? dais_writer_finish(&writer, &a->parcel) : err;
}

/* Every message is its key's actor's own; the rules take that for granted. On the host only a few
 * kinds are taken. */
static dais_err_t admit_check_messages(const admission_t *a)
{
    dais_item_t item;
    dais_message_t message;
    const dais_kind_t *kind;
    dais_list_walk_t walk = dais_list_begin(&a->items, &dais_shape_item);
    while (dais_list_next(&walk, &item)) {
        dais_err_t err = dais_message_decode(item.message, &message, &kind).err;
        if (err != DAIS_OK)
            return err;
        if (memcmp(&message.actor, &a->who.actor, sizeof message.actor) != 0)
            return DAIS_ERR_WRONG_ACTOR;
        if (a->arrival->intake == 0 && !dais_roster_may_on_host(kind->number, a->who.role))
            return DAIS_ERR_NOT_ON_HOST;
    }
    return DAIS_OK;
}

static dais_err_t admit_check_seen(const admission_t *a)
{
    dais_cycle_t *cycle = a->cycle;
    dais_hash_t root;
    if (a->head.seen_size == 0)
        return DAIS_OK;
    if (a->head.seen_size == cycle->seen_size)
        return dais_hash_equal(&a->head.seen_root, &cycle->seen_root) ? DAIS_OK
                                                                      : DAIS_ERR_SEEN_MISMATCH;
    dais_err_t err = dais_book_root_at(cycle->book, a->head.seen_size, &root);
    if (err == DAIS_ERR_OUT_OF_RANGE ||
        (err == DAIS_OK && !dais_hash_equal(&root, &a->head.seen_root)))
        return DAIS_ERR_SEEN_MISMATCH;
    if (err != DAIS_OK) {
        cycle_fail(cycle, err);
        return err;
    }
    cycle->seen_size = a->head.seen_size;
    cycle->seen_root = root;
    return DAIS_OK;
}

static dais_err_t admit_check_quota(const admission_t *a)
{
    uint64_t day = a->arrival->at / ((uint64_t)24 * 60 * 60 * 1000);
    if (a->arrival->intake == 0)
        return DAIS_OK;
    if (dais_book_spent(a->cycle->book, a->who.actor_number, day) + a->head.count >
        a->cycle->house->quota)
        return DAIS_ERR_QUOTA;
    dais_book_spend(a->cycle->book, a->who.actor_number, day, a->head.count);
    return DAIS_OK;
}

static dais_err_t admit_check(admission_t *a)
{
    size_t index;
    dais_err_t err = admit_unseal(a);
    if (err == DAIS_OK)
        err = dais_bundle_check_items(&a->head, &a->items, &index).err;
    if (err == DAIS_OK)
        err = admit_check_messages(a);
    if (err == DAIS_OK)
        err = admit_check_seen(a);
    return err == DAIS_OK ? admit_check_quota(a) : err;
}

/* The message that this bundle has at this place. */
static dais_slice_t admit_message_at(const admission_t *a, unsigned index)
{
    dais_item_t item = {.message = dais_slice(NULL, 0)};
    dais_list_walk_t walk = dais_list_begin(&a->items, &dais_shape_item);
    for (unsigned at = 0; dais_list_next(&walk, &item) && at < index; at++) {
    }
    return item.message;
}

/* Is entry `seq` this very message? It may be one of this bundle, which has no row yet. */
static bool admit_is_same(const admission_t *a, uint64_t seq, unsigned index, dais_slice_t message)
{
    dais_slice_t before;
    for (unsigned i = 0; i < index; i++)
        if (a->firsts[i] == seq)
            return dais_slice_equal(admit_message_at(a, i), message);
    return dais_book_message(a->cycle->book, seq, &before) && dais_slice_equal(before, message);
}

static void admit_rule(admission_t *a, unsigned index, dais_slice_t bytes, bool is_first)
{
    dais_cycle_t *cycle = a->cycle;
    dais_message_t message;
    const dais_kind_t *kind;
    dais_verdicts_t verdicts;
    dais_err_t err = dais_message_decode(bytes, &message, &kind).err;
    if (err != DAIS_OK) {
        cycle_fail(cycle, err);
        return;
    }
    uint64_t before = dais_rules_find(cycle->rules, &message.id, &message.actor);
    if (before != 0 && admit_is_same(a, before, index, bytes)) {
        dais_book_bundle_twin(cycle->book, index, before);
        return;
    }
    dais_rules_facts_t facts = {.seq = dais_book_size(cycle->book),
                                .received_at = dais_book_bundle_received(cycle->book),
                                .key_number = a->who.key_number,
                                .intake = a->arrival->intake,
                                .j = a->arrival->j,
                                .bundle_index = (uint32_t)a->arrival->index,
                                .index = index,
                                .first_of_bundle = is_first};
    err = dais_rules_apply(cycle->rules, &facts, kind, &message, &verdicts);
    if (err != DAIS_OK) {
        cycle_fail(cycle, err);
        return;
    }
    if (kind->number == DAIS_KIND_ROSTER_CHANGE || kind->number == DAIS_KIND_INTAKE_LOST ||
        kind->number == DAIS_KIND_SECOND)
        cycle->roster_turn++;
    if (kind->number == DAIS_KIND_SECOND && dais_verdicts_any_done(&verdicts))
        cycle_erase_seconded(cycle, message.subject);
    if (kind->number == DAIS_KIND_CLOCK_ACCEPTED && dais_verdicts_any_done(&verdicts))
        cycle->clock_turn++;
    a->firsts[index] = facts.seq;
    if (is_first)
        a->message = message.id;
    dais_book_bundle_entry(cycle->book, index, bytes, &verdicts);
}

/* Does this second make the rules owe the end of the log? */
static bool admit_closes(const admission_t *a)
{
    dais_rules_store_t *state = dais_book_state(a->cycle->book);
    dais_item_t item;
    dais_message_t message;
    const dais_kind_t *kind;
    dais_list_walk_t walk = dais_list_begin(&a->items, &dais_shape_item);
    if (a->who.role != DAIS_ROLE_SECRETARIAT)
        return false;
    while (dais_list_next(&walk, &item)) {
        dais_second_t second;
        dais_second_row_t row;
        if (dais_message_decode(item.message, &message, &kind).err != DAIS_OK ||
            kind->number != DAIS_KIND_SECOND ||
            dais_shape_decode(kind->subject, message.subject, &second).err != DAIS_OK)
            continue;
        dais_row_key_t key = {{second.seq}};
        if (state->port->sorted_get(state, DAIS_TABLE_SECOND, &key, &row) && row.seconded == 0 &&
            row.kind == DAIS_KIND_CLOSING_ORDER &&
            !dais_roster_same_holder(state, row.key_number, a->who.key_number))
            return true;
    }
    return false;
}

static void admit_log(admission_t *a)
{
    dais_cycle_t *cycle = a->cycle;
    const dais_arrival_t *arrival = a->arrival;
    dais_happened_t happened = {.bundle = arrival->bundle,
                                .event = "bundle-logged",
                                .key_number = a->who.key_number,
                                .k = a->head.k,
                                .is_sealed = a->is_sealed};
    dais_book_bundle_t bundle = {.hash = arrival->bundle,
                                 .key_number = a->who.key_number,
                                 .stream = (unsigned)a->head.stream,
                                 .k = a->head.k,
                                 .intake = arrival->intake,
                                 .j = arrival->j,
                                 .at = arrival->at,
                                 .index = arrival->index,
                                 .path = arrival->path,
                                 .parcel = a->parcel,
                                 .message_count = a->items.count};
    if (admit_closes(a))
        cycle_turn_all_away(cycle);
    happened.seq = dais_book_size(cycle->book);
    dais_book_bundle_begin(cycle->book, &bundle);
    dais_item_t item;
    unsigned index = 0;
    dais_list_walk_t walk = dais_list_begin(&a->items, &dais_shape_item);
    for (; dais_list_next(&walk, &item) && cycle_failure(cycle) == DAIS_OK; index++)
        admit_rule(a, index, item.message, dais_book_size(cycle->book) == happened.seq);
    dais_book_bundle_end(cycle->book);
    happened.entries = (uint32_t)(dais_book_size(cycle->book) - happened.seq);
    happened.twins = index - happened.entries;
    happened.message = a->message;
    cycle_append_due(cycle);
    cycle_note(cycle, &happened);
}

/* Waits for an earlier one; the number of those that do is bounded. */
static dais_err_t admit_park(const admission_t *a)
{
    const dais_arrival_t *arrival = a->arrival;
    dais_book_t *book = a->cycle->book;
    dais_book_waiting_t waiting = cycle_waiting(arrival);
    dais_happened_t happened = {.bundle = arrival->bundle,
                                .event = "bundle-parked",
                                .k = a->head.k,
                                .is_sealed = a->is_sealed};
    if (arrival->intake == 0)
        return DAIS_ERR_CHAIN_GAP;
    if (dais_book_is_parked(book, a->who.key_number, (unsigned)a->head.stream, a->head.k,
                            &arrival->bundle))
        return DAIS_OK;
    if (dais_book_parked_count(book) >= DAIS_LIMIT_PARKED ||
        dais_book_parked_of(book, a->who.key_number) >= DAIS_HOUSE_PARKED_OF_KEY)
        return DAIS_ERR_PARK_FULL;
    dais_book_park(book, a->who.key_number, (unsigned)a->head.stream, a->head.k, &waiting);
    cycle_note(a->cycle, &happened);
    return DAIS_OK;
}

/* A number that is used up: by the same bundle, which needs nothing more, or by another one. */
static dais_err_t admit_known(const admission_t *a)
{
    dais_book_link_t link;
    bool same = dais_book_link(a->cycle->book, a->who.key_number, (unsigned)a->head.stream,
                               a->head.k, &link) &&
                dais_hash_equal(&link.bundle, &a->arrival->bundle);
    return same ? DAIS_OK : DAIS_ERR_CHAIN_FORK;
}

/* True if it used up its number. */
static bool admit_one(dais_cycle_t *cycle, const dais_arrival_t *arrival, admission_t *a,
                      dais_err_t *err)
{
    memset(a, 0, sizeof *a);
    a->cycle = cycle;
    a->arrival = arrival;
    *err = DAIS_OK;
    if (arrival->intake != 0 && cycle_is_beyond(cycle, arrival->at)) {
        cycle_hold(cycle, arrival);
        return false;
    }
    *err = admit_open(a);
    if (*err != DAIS_OK) {
        cycle_turn_away(cycle, arrival, NULL, 0, *err, false);
        return false;
    }
    *err = admit_know(a);
    dais_book_chain_t chain = {.next = 0};
    if (*err == DAIS_OK) {
        chain = dais_book_chain(cycle->book, a->who.key_number, (unsigned)a->head.stream);
        if (a->head.k < chain.next)
            *err = admit_known(a);
        else if (a->head.k > chain.next)
            *err = admit_park(a);
        else if (!dais_hash_equal(&a->head.prev, &chain.prev))
            *err = DAIS_ERR_CHAIN_FORK;
    }
    bool is_next =
        a->who.key_number != 0 && a->who.in_force && a->head.k == chain.next && *err == DAIS_OK;
    if (is_next)
        *err = admit_check(a);
    if (*err != DAIS_OK)
        cycle_turn_away(cycle, arrival, &a->head, a->who.key_number, *err, is_next);
    else if (is_next)
        admit_log(a);
    return is_next;
}

/* What waited for bundle k - 1 of this chain, one after the other. */
static void admit_waiting(dais_cycle_t *cycle, uint32_t key_number, unsigned stream, uint64_t k)
{
    dais_book_waiting_t waiting;
    dais_arrival_t arrival;
    dais_err_t err;
    admission_t a;
    while (cycle_failure(cycle) == DAIS_OK && !dais_rules_has_ended(cycle->rules) &&
           dais_book_parked_at(cycle->book, key_number, stream, k, &waiting)) {
        cycle_copy_waiting(cycle, &waiting, &arrival);
        dais_book_unpark(cycle->book, key_number, stream, k, &arrival.bundle);
        if (admit_one(cycle, &arrival, &a, &err))
            k++;
    }
}

void cycle_admit(dais_cycle_t *cycle, const dais_arrival_t *arrival, dais_err_t *err)
{
    admission_t a;
    if (cycle_failure(cycle) != DAIS_OK)
        return;
    if (admit_one(cycle, arrival, &a, err))
        admit_waiting(cycle, a.who.key_number, (unsigned)a.head.stream, a.head.k + 1);
}
