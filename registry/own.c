/* SPDX-License-Identifier: Apache-2.0
 *
 * The registry's own entries: those that the rules owe, the ticks, and what it says of bundles that
 * it turns away. */
#include <assert.h>

#include "proto/checkpoint.h"
#include "registry/cycle_private.h"

void cycle_append_own(dais_cycle_t *cycle, unsigned kind_number, dais_slice_t subject)
{
    const dais_kind_t *kind = dais_kind_of(kind_number);
    dais_own_t own = {
        .log = *dais_rules_log(cycle->rules), .kind = kind_number, .subject = subject};
    dais_writer_t writer;
    dais_slice_t bytes;
    dais_writer_init(&writer, cycle->house->desk->own, sizeof cycle->house->desk->own);
    dais_err_t err = dais_own_encode(&own, &writer);
    if (err == DAIS_OK)
        err = dais_writer_finish(&writer, &bytes);
    if (err == DAIS_OK)
        err = dais_rules_apply_own(cycle->rules, dais_book_size(cycle->book), kind, &own);
    if (err != DAIS_OK)
        cycle_fail(cycle, err);
    else
        dais_book_own(cycle->book, bytes);
}

/* The same of a subject that is not packed yet. */
static void own_append(dais_cycle_t *cycle, unsigned kind, const void *subject)
{
    dais_writer_t writer;
    dais_slice_t bytes;
    dais_writer_init(&writer, cycle->house->desk->subject, sizeof cycle->house->desk->subject);
    dais_err_t err = dais_shape_encode(dais_kind_of(kind)->subject, subject, &writer);
    if (err == DAIS_OK)
        err = dais_writer_finish(&writer, &bytes);
    if (err != DAIS_OK)
        cycle_fail(cycle, err);
    else
        cycle_append_own(cycle, kind, bytes);
}

void cycle_append_due(dais_cycle_t *cycle)
{
    const dais_kind_t *kind;
    dais_writer_t writer;
    dais_slice_t subject;
    while (cycle_failure(cycle) == DAIS_OK) {
        dais_writer_init(&writer, cycle->house->desk->subject, sizeof cycle->house->desk->subject);
        dais_err_t err = dais_rules_due(cycle->rules, &kind, &writer);
        if (err == DAIS_OK)
            err = dais_writer_finish(&writer, &subject);
        if (err != DAIS_OK)
            cycle_fail(cycle, err);
        if (err != DAIS_OK || kind == NULL)
            return;
        cycle_append_own(cycle, kind->number, subject);
    }
}

void cycle_turn_away(dais_cycle_t *cycle, const dais_arrival_t *arrival, const dais_bundle_t *head,
                     uint32_t key_number, dais_err_t why, bool uses_number)
{
    dais_happened_t happened = {.bundle = arrival->bundle,
                                .event = "bundle-turned-away",
                                .err = why,
                                .key_number = key_number};
    dais_slice_t envelope;
    if (arrival->intake == 0 || cycle_failure(cycle) != DAIS_OK)
        return;
    uint64_t seq = dais_book_size(cycle->book);
    dais_turned_away_t subject = {.bundle = arrival->bundle,
                                  .code = dais_slice_text(dais_err_code(why))};
    own_append(cycle, DAIS_KIND_TURNED_AWAY, &subject);
    if (head != NULL && key_number != 0 && cycle_envelope(arrival->parcel, &envelope) == DAIS_OK) {
        happened.k = head->k;
        happened.is_sealed = head->stream == DAIS_STREAM_SEALED;
        dais_book_turned_away(cycle->book, head, key_number, &arrival->bundle, envelope,
                              dais_err_code(why), seq, uses_number);
    }
    happened.seq = seq;
    cycle_note(cycle, &happened);
}

/* What a tick is put together from. */
typedef struct {
    dais_cycle_t *cycle;
    uint64_t closes_at;
    dais_tick_t tick;
    dais_writer_t stamps;
    dais_writer_t parked;
    unsigned intakes;
    bool is_marked; /* by every intake so far */
    dais_err_t err;
} ticking_t;

/* The first stamp of this intake that is not before the instant: near the end of its chain. */
static void tick_closing(ticking_t *t, uint32_t intake, dais_book_stamps_t last)
{
    dais_slice_t closing = last.bytes;
    for (uint64_t j = last.j; j > 0; j--) {
        dais_slice_t bytes;
        dais_stamp_t stamp;
        if (!dais_book_stamp(t->cycle->book, intake, j - 1, &bytes) ||
            dais_shape_decode_first(&dais_shape_stamp, bytes, &stamp, &(dais_slice_t){0}).err !=
                DAIS_OK ||
            stamp.at < t->closes_at)
            break;
        closing = bytes;
    }
    dais_closing_t item = {closing};
    if (t->tick.stamps.count < DAIS_LIMIT_INTAKES && t->err == DAIS_OK)
        t->err = dais_list_add(&t->tick.stamps, &dais_shape_closing, &item, &t->stamps);
}

static void tick_intake(void *context, uint32_t key_number, const dais_key_t *key)
{
    ticking_t *t = context;
    dais_stamp_t stamp;
    (void)key;
    t->intakes++;
    dais_book_stamps_t last = dais_book_stamps(t->cycle->book, key_number);
    if (!last.has_any ||
        dais_shape_decode_first(&dais_shape_stamp, last.bytes, &stamp, &(dais_slice_t){0}).err !=
            DAIS_OK ||
        stamp.at < t->closes_at)
        t->is_marked = false;
    else if (t->is_marked)
        tick_closing(t, key_number, last);
}

static bool tick_parked(void *context, uint32_t key_number, unsigned stream, uint64_t k,
                        const dais_book_waiting_t *waiting)
{
    ticking_t *t = context;
    dais_digest_item_t item = {waiting->bundle};
    (void)key_number, (void)stream, (void)k;
    if (waiting->at < t->closes_at && t->err == DAIS_OK)
        t->err = dais_list_add(&t->tick.parked, &dais_shape_digest_item, &item, &t->parked);
    return t->err == DAIS_OK;
}

/* Is a deadline to be closed now? Of a cycle without intakes none is: nobody has said what time
 * it was. */
static bool tick_is_due(ticking_t *t)
{
    dais_cycle_t *cycle = t->cycle;
    dais_rules_deadline_t deadline;
    if (cycle->is_unsure || !dais_rules_next_deadline(cycle->rules, &deadline))
        return false;
    t->closes_at = deadline.closes_at;
    t->tick = (dais_tick_t){.which = deadline.which, .due = deadline.due};
    t->is_marked = true;
    dais_desk_t *desk = cycle->house->desk;
    dais_writer_init(&t->stamps, desk->stamps, sizeof desk->stamps);
    dais_roster_intakes(dais_book_state(cycle->book), tick_intake, t);
    return t->is_marked && t->intakes > 0;
}

bool cycle_tick(dais_cycle_t *cycle)
{
    ticking_t t = {.cycle = cycle};
    if (!tick_is_due(&t))
        return false;
    dais_writer_init(&t.parked, cycle->house->desk->parked, sizeof cycle->house->desk->parked);
    dais_book_parked_walk(cycle->book, tick_parked, &t);
    if (t.err != DAIS_OK) {
        cycle_fail(cycle, t.err);
        return false;
    }
    if (t.tick.which == DAIS_DATE_KEY_RETIRES)
        cycle->roster_turn++;
    own_append(cycle, DAIS_KIND_TICK, &t.tick);
    cycle_append_due(cycle);
    return cycle_failure(cycle) == DAIS_OK;
}

bool dais_cycle_is_due(dais_cycle_t *cycle)
{
    ticking_t t = {.cycle = cycle};
    dais_book_begin(cycle->book, DAIS_TXN_READ);
    bool is_due = tick_is_due(&t);
    return dais_book_end(cycle->book) == DAIS_OK && is_due;
}

dais_err_t dais_cycle_fork_evidence(dais_cycle_t *cycle, dais_slice_t bytes)
{
    dais_checkpoint_t checkpoint;
    dais_hash_t root;
    dais_err_t err =
        dais_checkpoint_verify(bytes, &dais_book_about(cycle->book)->vkey, &checkpoint).err;
    if (err != DAIS_OK)
        return err;
    err = dais_cycle_batch_begin(cycle);
    if (err == DAIS_OK && dais_rules_has_ended(cycle->rules))
        err = DAIS_ERR_LOG_ENDED;
    if (err == DAIS_OK && (checkpoint.size == 0 ||
                           (dais_book_root_at(cycle->book, checkpoint.size, &root) == DAIS_OK &&
                            dais_hash_equal(&root, &checkpoint.root))))
        err = DAIS_ERR_BAD_PROOF;
    if (err != DAIS_OK) {
        dais_err_t of_drop = dais_cycle_batch_drop(cycle);
        return of_drop != DAIS_OK ? of_drop : err;
    }
    cycle_turn_all_away(cycle);
    dais_fork_evidence_t subject = {.checkpoint = bytes};
    own_append(cycle, DAIS_KIND_FORK_EVIDENCE, &subject);
    return dais_cycle_batch_end(cycle);
}
