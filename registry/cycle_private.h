/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_REGISTRY_CYCLE_PRIVATE_H
#define DAIS_REGISTRY_CYCLE_PRIVATE_H

#include "proto/box.h"
#include "registry/cycle.h"

/* The bundles of the stamp that is being taken that have not had their turn; their parcels lie in
 * the desk. */
typedef struct {
    uint64_t next;
    uint64_t count;
    uint32_t intake;
} cycle_rest_t;

struct dais_cycle {
    dais_house_t *house;
    char name[DAIS_LIMIT_CODE + 1];
    char folder[512];
    char guard[512];
    dais_book_t *book;
    dais_rules_t *rules;
    dais_cycle_keys_t keys;
    bool is_unsure;        /* the clock is */
    uint64_t released_for; /* closing instant that held bundles were looked through for */
    bool has_released;     /* they were */
    uint64_t roster_turn;
    uint64_t clock_turn;
    uint64_t seen_size; /* a prefix of this log that was checked; 0 for none */
    dais_hash_t seen_root;
    cycle_rest_t rest;
    uint64_t touched[DAIS_TOUCHED_WORDS]; /* a bit for each key number, modulo */
    size_t happened_count;                /* bundles of this batch, for their log lines */
    uint64_t batch_size;                  /* entries when it began */
};

/* One bundle on its way into the log. */
typedef struct {
    dais_slice_t parcel; /* as handed over */
    dais_hash_t bundle;
    uint32_t intake; /* key number; 0: on the host */
    uint64_t j;
    uint64_t at;
    uint64_t index;
    dais_slice_t path;
} dais_arrival_t;

/* Admits it, and every bundle of its chain that waited for it. *err is why it was turned away, for
 * those who came without a stamp; failures are the book's. */
void cycle_admit(dais_cycle_t *cycle, const dais_arrival_t *arrival, dais_err_t *err);

/* Appends the own entries that the rules owe, and any other. */
void cycle_append_due(dais_cycle_t *cycle);
void cycle_append_own(dais_cycle_t *cycle, unsigned kind, dais_slice_t subject);

/* Turns a stamped bundle away: the own entry that says so, and its row. head is null where nothing
 * of the bundle may be believed. */
void cycle_turn_away(dais_cycle_t *cycle, const dais_arrival_t *arrival, const dais_bundle_t *head,
                     uint32_t key_number, dais_err_t why, bool uses_number);

/* If this second makes an erasure take effect: the contents that it names go out of the log. */
void cycle_erase_seconded(dais_cycle_t *cycle, dais_slice_t subject);

/* All that waits, and the rest of the stamp that is being taken, is turned away: the log is about
 * to end, and nothing may follow that. */
void cycle_turn_all_away(dais_cycle_t *cycle);

/* Ticks for as long as one is due, and lets in what was held for it. */
void cycle_settle(dais_cycle_t *cycle);

/* Is a deadline set that this instant is not before? */
bool cycle_is_beyond(dais_cycle_t *cycle, uint64_t at);

/* Keeps it until the deadline before it is closed. */
void cycle_hold(dais_cycle_t *cycle, const dais_arrival_t *arrival);

/* Closes the next deadline if every intake has stamped at or behind it. */
bool cycle_tick(dais_cycle_t *cycle);

/* A parked bundle with its place. */
typedef struct {
    uint32_t key_number;
    unsigned stream;
    uint64_t k;
    dais_book_waiting_t waiting;
    bool is_there;
} cycle_parked_t;

dais_book_waiting_t cycle_waiting(const dais_arrival_t *arrival);

/* Copies what waited out of the store into the desk, so that the store may be written. */
void cycle_copy_waiting(dais_cycle_t *cycle, const dais_book_waiting_t *waiting,
                        dais_arrival_t *arrival);

/* The envelope of a parcel of either form, without looking at its signature. */
dais_err_t cycle_envelope(dais_slice_t bytes, dais_slice_t *envelope);

/* After a transaction that did not come to pass the rules are taken up anew: what they have at hand
 * is of a state that never was. */
dais_err_t cycle_forget_batch(dais_cycle_t *cycle);

/* A failure of the span, if there is one. */
static inline dais_err_t cycle_failure(const dais_cycle_t *cycle)
{
    return dais_book_failure(cycle->book);
}

void cycle_fail(dais_cycle_t *cycle, dais_err_t err);

/* Notes what became of a bundle for the log lines. */
void cycle_note(dais_cycle_t *cycle, const dais_happened_t *happened);

#endif
