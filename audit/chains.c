/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/chains.h"

#include "proto/stamp.h"

/* What is remembered by key or hash, told apart by one byte behind it. */
enum {
    CHAIN_OPEN = 0,
    CHAIN_SEALED = 1,
    CHAIN_STAMPS = 2,
    CHAIN_PARKED = 3,
    CHAIN_SEEN = 4,
    CHAIN_STAMP = 5
};
#define CHAIN_KEY_SIZE (DAIS_HASH_SIZE + 1)

typedef struct {
    uint64_t number; /* k of a bundle, j of a stamp */
    uint64_t at;     /* of a stamp */
    dais_hash_t hash;
} chain_link_t;

typedef struct {
    uint64_t tick;
    dais_hash_t bundle;
} chain_parked_t;

typedef struct {
    uint64_t seq, at;
} chain_received_t;

void dais_chains_init(dais_chains_t *chains, dais_checks_t *checks)
{
    *chains = (dais_chains_t){.checks = checks};
    /* Nothing is read out in the order of the index, so its secret changes no result. */
    crypto_shorthash_keygen(chains->secret);
    chains->index = (dais_store_index_t){.key_size = CHAIN_KEY_SIZE, .secret = chains->secret};
    chains->links = (dais_store_vector_t){.item_size = sizeof(chain_link_t)};
    chains->parked = (dais_store_vector_t){.item_size = sizeof(chain_parked_t)};
    chains->received = (dais_store_vector_t){.item_size = sizeof(chain_received_t)};
}

void dais_chains_free(dais_chains_t *chains)
{
    dais_store_index_clear(&chains->index);
    dais_store_vector_clear(&chains->links);
    dais_store_vector_clear(&chains->parked);
    dais_store_vector_clear(&chains->received);
}

static void chains_key(uint8_t key[CHAIN_KEY_SIZE], const uint8_t *bytes, uint8_t what)
{
    memcpy(key, bytes, DAIS_HASH_SIZE);
    key[DAIS_HASH_SIZE] = what;
}

/* Null if there is none yet. */
static chain_link_t *chains_find(dais_chains_t *chains, const uint8_t *bytes, uint8_t what)
{
    uint8_t key[CHAIN_KEY_SIZE];
    chains_key(key, bytes, what);
    uint64_t number = dais_store_index_find(&chains->index, key);
    return number == 0 ? NULL : dais_store_vector_at(&chains->links, number - 1);
}

static void chains_put(dais_chains_t *chains, const uint8_t *bytes, uint8_t what,
                       const chain_link_t *link)
{
    uint8_t key[CHAIN_KEY_SIZE];
    chain_link_t *there = chains_find(chains, bytes, what);
    if (there != NULL) {
        *there = *link;
        return;
    }
    chains_key(key, bytes, what);
    there = dais_store_vector_add(&chains->links);
    if (there == NULL || !dais_store_index_add(&chains->index, key, chains->links.count)) {
        chains->no_memory = true;
        return;
    }
    *there = *link;
}

/* One that is shown again, or one behind a gap, says nothing; the next in number has to name this
 * one, and none may have a number that was there. */
static dais_err_t chain_follows(const chain_link_t *last, const chain_link_t *next,
                                const dais_hash_t *prev)
{
    if (last == NULL || next->number > last->number + 1)
        return DAIS_OK;
    if (next->number == last->number + 1)
        return dais_hash_equal(prev, &last->hash) ? DAIS_OK : DAIS_ERR_BAD_CHAIN;
    bool again = next->number == last->number && dais_hash_equal(&next->hash, &last->hash);
    return again ? DAIS_OK : DAIS_ERR_BAD_CHAIN;
}

void dais_chains_bundle(dais_chains_t *chains, uint64_t seq, const dais_bundle_t *bundle,
                        const dais_hash_t *hash)
{
    uint8_t what = bundle->stream == 0 ? CHAIN_OPEN : CHAIN_SEALED;
    chain_link_t next = {.number = bundle->k, .hash = *hash};
    dais_err_t err =
        chain_follows(chains_find(chains, bundle->key.bytes, what), &next, &bundle->prev);
    if (dais_checks_err(chains->checks, DAIS_CHECK_BUNDLE_CHAIN, seq, err))
        chains_put(chains, bundle->key.bytes, what, &next);
    chains_put(chains, hash->bytes, CHAIN_SEEN, &next);
}

/* One intake never gives two stamps of one number, wherever they are shown. */
static bool stamp_is_only_one(dais_chains_t *chains, const dais_stamp_t *stamp,
                              const chain_link_t *next)
{
    const dais_slice_t parts[] = {dais_slice(stamp->key.bytes, sizeof stamp->key.bytes),
                                  dais_slice(&stamp->j, sizeof stamp->j)};
    dais_hash_t name = dais_hash(parts, sizeof parts / sizeof parts[0]);
    const chain_link_t *seen = chains_find(chains, name.bytes, CHAIN_STAMP);
    if (seen != NULL)
        return dais_hash_equal(&seen->hash, &next->hash);
    chains_put(chains, name.bytes, CHAIN_STAMP, next);
    return true;
}

/* A date that is set to an instant which has passed is closed by the first stamp that reached it,
 * and others of that intake may stand in the log by then. */
static bool tick_stamp_is_earlier(dais_chains_t *chains, uint64_t seq, const dais_stamp_t *stamp,
                                  const dais_hash_t *hash)
{
    const chain_link_t *last = chains_find(chains, stamp->key.bytes, CHAIN_STAMPS);
    chain_link_t link = {.number = stamp->j, .at = stamp->at, .hash = *hash};
    if (last == NULL || stamp->j >= last->number)
        return false;
    bool good = stamp->at <= last->at && stamp_is_only_one(chains, stamp, &link);
    (void)dais_checks_err(chains->checks, DAIS_CHECK_STAMP_CHAIN, seq,
                          good ? DAIS_OK : DAIS_ERR_BAD_CHAIN);
    return true;
}

void dais_chains_stamp(dais_chains_t *chains, uint64_t seq, const dais_stamp_t *stamp,
                       const dais_hash_t *hash)
{
    chain_link_t next = {.number = stamp->j, .at = stamp->at, .hash = *hash};
    const chain_link_t *last = chains_find(chains, stamp->key.bytes, CHAIN_STAMPS);
    dais_err_t err = chain_follows(last, &next, &stamp->prev);
    if (last != NULL && next.number > last->number && next.at < last->at)
        err = DAIS_ERR_BAD_CHAIN;
    if (!stamp_is_only_one(chains, stamp, &next))
        err = DAIS_ERR_BAD_CHAIN;
    if (dais_checks_err(chains->checks, DAIS_CHECK_STAMP_CHAIN, seq, err))
        chains_put(chains, stamp->key.bytes, CHAIN_STAMPS, &next);
}

/* The stamps of a tick while they are looked at. */
typedef struct {
    dais_chains_t *chains;
    const dais_tick_t *tick;
    uint64_t closes_at;
    uint64_t seq;
    const dais_hash_t *log;
} chain_tick_t;

/* The intake's own word that it has passed the instant; the first that does. */
static bool tick_has_mark(const chain_tick_t *about, const dais_key_t *key)
{
    dais_closing_t closing;
    dais_list_walk_t walk = dais_list_begin(&about->tick->stamps, &dais_shape_closing);
    while (dais_list_next(&walk, &closing)) {
        dais_stamp_t stamp;
        if (dais_stamp_open(closing.stamp, about->log, &stamp).err != DAIS_OK ||
            memcmp(stamp.key.bytes, key->bytes, sizeof key->bytes) != 0)
            continue;
        const chain_link_t *last = chains_find(about->chains, stamp.key.bytes, CHAIN_STAMPS);
        return stamp.at >= about->closes_at &&
               (last == NULL || last->number + 1 != stamp.j || last->at < about->closes_at ||
                last->number >= stamp.j);
    }
    return false;
}

static void tick_intake(void *context, uint32_t key_number, const dais_key_t *key)
{
    const chain_tick_t *about = context;
    (void)key_number;
    if (tick_has_mark(about, key))
        dais_checks_pass(about->chains->checks, DAIS_CHECK_MARKS);
    else
        dais_checks_fail(about->chains->checks, DAIS_CHECK_MARKS, about->seq,
                         "the tick carries no stamp of an intake at or after its instant");
}

static void tick_stamps(const chain_tick_t *about)
{
    dais_closing_t closing;
    dais_list_walk_t walk = dais_list_begin(&about->tick->stamps, &dais_shape_closing);
    while (dais_list_next(&walk, &closing)) {
        dais_stamp_t stamp;
        dais_err_t err = dais_stamp_open(closing.stamp, about->log, &stamp).err;
        dais_hash_t hash = dais_signed_hash(closing.stamp);
        if (dais_checks_err(about->chains->checks, DAIS_CHECK_STAMPS, about->seq, err) &&
            !tick_stamp_is_earlier(about->chains, about->seq, &stamp, &hash))
            dais_chains_stamp(about->chains, about->seq, &stamp, &hash);
    }
}

static void tick_parked(const chain_tick_t *about)
{
    dais_digest_item_t item;
    dais_list_walk_t walk = dais_list_begin(&about->tick->parked, &dais_shape_digest_item);
    while (dais_list_next(&walk, &item)) {
        chain_link_t link = {.number = about->seq};
        chain_parked_t *parked = dais_store_vector_add(&about->chains->parked);
        chains_put(about->chains, item.value.bytes, CHAIN_PARKED, &link);
        if (parked == NULL)
            about->chains->no_memory = true;
        else
            *parked = (chain_parked_t){about->seq, item.value};
    }
}

/* The entry that announced the date: what was received before it could not know of it. */
static uint64_t tick_announced(const dais_chains_t *chains, dais_rules_store_t *store,
                               uint64_t which)
{
    dais_row_key_t key = {{which}};
    dais_date_row_t row;
    return store != NULL && store->port->sorted_get(store, DAIS_TABLE_DATE, &key, &row)
               ? row.announced
               : chains->dated;
}

/* Is there an entry behind the announcement that was received at or after the instant? */
static bool tick_comes_too_late(const dais_chains_t *chains, uint64_t announced, uint64_t closes_at)
{
    for (uint64_t i = chains->received.count; i-- > 0;) {
        const chain_received_t *received = dais_store_vector_at(&chains->received, i);
        if (received->seq <= announced)
            return false;
        if (received->at >= closes_at)
            return true;
    }
    return false;
}

static void chains_tick(dais_chains_t *chains, const dais_reading_entry_t *entry,
                        dais_rules_store_t *store, uint64_t closes_at)
{
    dais_tick_t tick;
    if (dais_shape_decode(&dais_shape_tick, entry->own.subject, &tick).err != DAIS_OK)
        return; /* the rules say so */
    chain_tick_t about = {chains, &tick, closes_at == 0 ? tick.due : closes_at, entry->seq,
                          &entry->own.log};
    if (store != NULL)
        dais_roster_intakes(store, tick_intake, &about);
    else
        dais_checks_skip(chains->checks, DAIS_CHECK_MARKS, "the roster is not known any more");
    tick_stamps(&about);
    tick_parked(&about);
    if (tick_comes_too_late(chains, tick_announced(chains, store, tick.which), about.closes_at))
        dais_checks_fail(chains->checks, DAIS_CHECK_ORDER, entry->seq,
                         "an entry before this tick was received at or after its instant");
    if (about.closes_at > chains->closed)
        chains->closed = about.closes_at;
}

/* Received before an instant that is closed already: named by that tick, or of an intake that was
 * given up. */
static bool chains_may_be_late(dais_chains_t *chains, const dais_reading_entry_t *entry,
                               dais_rules_store_t *store)
{
    dais_key_row_t row = {.lost = 0};
    if (chains_find(chains, entry->bundle_hash.bytes, CHAIN_PARKED) != NULL)
        return true;
    dais_roster_who_t intake = store != NULL ? dais_roster_find(store, &entry->stamp.key)
                                             : (dais_roster_who_t){.key_number = 0};
    return intake.key_number != 0 &&
           store->port->dense_get(store, DAIS_TABLE_KEY, intake.key_number, &row) && row.lost != 0;
}

static void chains_order(dais_chains_t *chains, const dais_reading_entry_t *entry,
                         dais_rules_store_t *store)
{
    uint64_t at = entry->record.received_at;
    if (at >= chains->closed || chains_may_be_late(chains, entry, store))
        dais_checks_pass(chains->checks, DAIS_CHECK_ORDER);
    else
        dais_checks_fail(chains->checks, DAIS_CHECK_ORDER, entry->seq,
                         "received before an instant that a tick had closed, and not named by it");
    chain_received_t *received = dais_store_vector_add(&chains->received);
    if (received == NULL)
        chains->no_memory = true;
    else
        *received = (chain_received_t){entry->seq, at};
}

static void chains_intake(dais_chains_t *chains, const dais_reading_entry_t *entry,
                          dais_rules_store_t *store)
{
    if (store == NULL)
        dais_checks_skip(chains->checks, DAIS_CHECK_INTAKES, "the roster is not known any more");
    else if (dais_roster_find(store, &entry->stamp.key).role == DAIS_ROLE_INTAKE)
        dais_checks_pass(chains->checks, DAIS_CHECK_INTAKES);
    else
        dais_checks_fail(chains->checks, DAIS_CHECK_INTAKES, entry->seq,
                         "the stamp is by no intake of the roster");
}

/* Without a stamp nobody but the registry says when it came. */
static void chains_host(dais_chains_t *chains, const dais_reading_entry_t *entry,
                        dais_rules_store_t *store)
{
    if (store == NULL)
        dais_checks_skip(chains->checks, DAIS_CHECK_INTAKES, "the roster is not known any more");
    else if (!dais_roster_may_on_host(entry->kind->number,
                                      dais_roster_find(store, &entry->bundle.key).role))
        dais_checks_fail(chains->checks, DAIS_CHECK_INTAKES, entry->seq,
                         "it has no stamp, and is nothing that is given in on the registry's host");
    else
        dais_checks_pass(chains->checks, DAIS_CHECK_INTAKES);
    if (entry->record.received_at != entry->record.logged_at)
        dais_checks_fail(chains->checks, DAIS_CHECK_RECEIVED, entry->seq,
                         "it has no stamp, and says that it came before it was logged");
}

static void chains_time(dais_chains_t *chains, const dais_reading_entry_t *entry)
{
    const dais_record_t *record = &entry->record;
    if (record->epoch < chains->epoch)
        dais_checks_fail(chains->checks, DAIS_CHECK_TIME, entry->seq, "the epoch goes back");
    else if (record->logged_at < chains->logged_at)
        dais_checks_fail(chains->checks, DAIS_CHECK_TIME, entry->seq,
                         "it is logged before the one before it");
    else
        dais_checks_pass(chains->checks, DAIS_CHECK_TIME);
    chains->epoch = record->epoch;
    chains->logged_at = record->logged_at;
}

void dais_chains_entry(dais_chains_t *chains, const dais_reading_entry_t *entry,
                       dais_rules_store_t *store, uint64_t closes_at)
{
    dais_turned_away_t turned;
    chains_time(chains, entry);
    if (entry->kind == NULL)
        return;
    if (entry->has_stamp) {
        chains_intake(chains, entry, store);
        chains_order(chains, entry, store);
    } else if (entry->has_bundle) {
        chains_host(chains, entry, store);
    }
    if (entry->kind->number == DAIS_KIND_CALL || entry->kind->number == DAIS_KIND_LIST_VERSION ||
        entry->kind->number == DAIS_KIND_CALENDAR_CHANGE)
        chains->dated = entry->seq;
    if (entry->kind->number == DAIS_KIND_TICK)
        chains_tick(chains, entry, store, closes_at);
    if (entry->kind->number == DAIS_KIND_TURNED_AWAY &&
        dais_shape_decode(&dais_shape_turned_away, entry->own.subject, &turned).err == DAIS_OK)
        chains_put(chains, turned.bundle.bytes, CHAIN_SEEN, &(chain_link_t){.number = entry->seq});
}

void dais_chains_end(dais_chains_t *chains, bool is_closed, bool all_open)
{
    for (uint64_t i = 0; i < chains->parked.count; i++) {
        const chain_parked_t *parked = dais_store_vector_at(&chains->parked, i);
        if (chains_find(chains, parked->bundle.bytes, CHAIN_SEEN) != NULL)
            dais_checks_pass(chains->checks, DAIS_CHECK_PARKED);
        else if (!all_open)
            dais_checks_count(chains->checks, DAIS_CHECK_PARKED, DAIS_CHECK_SEALED);
        else if (is_closed)
            dais_checks_fail(chains->checks, DAIS_CHECK_PARKED, parked->tick,
                             "a bundle that it names never came and was not turned away");
        else
            dais_checks_skip(chains->checks, DAIS_CHECK_PARKED, "a parked bundle may still come");
    }
    if (chains->no_memory)
        dais_checks_skip(chains->checks, DAIS_CHECK_BUNDLE_CHAIN, "no memory is left");
}
