/* SPDX-License-Identifier: Apache-2.0
 *
 * Bundles to the intakes, several under way at a time: on a long line one at a time is one a round
 * trip. They set out in the order of their chain and mostly come so; those that do not are parked
 * by the registry until the one before is there. Only so many and so many bytes are under way, and
 * half as many after each `busy`.
 *
 * What an intake says no to is of three classes. With a time to try again: later. About the intake,
 * the cycle or this key as that intake knows them: the next intake is asked, and when each says so,
 * a person has to look. Anything else is about the bytes, which no intake would take. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "office/send.h"
#include "proto/stamp.h"

#define FLIGHT_COUNT DAIS_SEND_WINDOW
#define FLIGHT_BYTES ((size_t)4 << 20) /* under way before one more sets out */

typedef struct {
    dais_wire_flight_t wire;
    bool used;
    bool had_stamp; /* handed in again: another stamp for it is no progress */
    uint64_t k;
    dais_hash_t hash;
    size_t size;
} flight_t;

/* The bundles of one stream on their way to one intake. */
typedef struct {
    dais_send_t *send;
    unsigned stream;
    bool again;
    const char *intake;
    uint64_t next; /* from where on the next bundle is looked for */
    bool stop;     /* no more set out */
    size_t count;  /* under way */
    size_t bytes;
    uint64_t failed;  /* the first that this intake did not take; UINT64_MAX */
    bool is_here;     /* it said no for a reason of its own, or is none */
    bool unchecked;   /* the registry could not be asked whether it is one */
    uint64_t refused; /* the first that is refused for good; UINT64_MAX */
    char refused_code[DAIS_LIMIT_CODE + 1];
    flight_t flights[FLIGHT_COUNT];
} submitting_t;

bool dais_send_failed(dais_send_t *send, const dais_wire_answer_t *answer)
{
    send->last_err = answer->err == DAIS_OK ? DAIS_ERR_BUSY : answer->err;
    send->retry_ms = answer->is_refused ? answer->refused.retry_ms : 0;
    (void)snprintf(send->last_code, sizeof send->last_code, "%s", answer->code);
    return false;
}

/* Whether the refusal is about something else than these bytes. */
static bool refusal_is_here(const char *code)
{
    static const dais_err_t here[] = {
        DAIS_ERR_UNKNOWN_KEY,  DAIS_ERR_NOT_ADMITTED, DAIS_ERR_NOT_ON_ROSTER, DAIS_ERR_KEY_ENDED,
        DAIS_ERR_NOT_ROSTERED, DAIS_ERR_WRONG_LOG,    DAIS_ERR_UNKNOWN_CYCLE, DAIS_ERR_LOG_ENDED,
        DAIS_ERR_SPOOL_LOST,   DAIS_ERR_BUSY};
    for (size_t i = 0; i < sizeof here / sizeof here[0]; i++) {
        if (strcmp(code, dais_err_code(here[i])) == 0)
            return true;
    }
    return false;
}

/* Sends the next bundle on its way, straight from the store. False if there is none. */
static bool flight_start(submitting_t *submitting, flight_t *flight)
{
    dais_send_t *send = submitting->send;
    dais_txn_t txn;
    dais_outbox_bundle_t *bundle = malloc(sizeof *bundle);
    dais_outbox_stamp_t stamp;
    uint64_t *k = &submitting->next;
    bool found = false;
    dais_txn_begin(&txn, send->outbox.store, DAIS_TXN_READ);
    while (bundle != NULL && !found && dais_outbox_bundle_open(&txn, submitting->stream, *k, k)) {
        found = !dais_outbox_is_on_host(&txn, submitting->stream, *k) &&
                (submitting->again || !dais_outbox_stamp(&txn, submitting->stream, *k, &stamp)) &&
                dais_outbox_bundle_get(&txn, submitting->stream, *k, bundle);
        *k += !found;
    }
    if (found) {
        flight->used = true;
        flight->had_stamp = dais_outbox_stamp(&txn, submitting->stream, *k, &stamp);
        flight->k = (*k)++;
        flight->hash = bundle->hash;
        flight->size = bundle->parcel.size;
        submitting->count++;
        submitting->bytes += flight->size;
        /* One that cannot set out is over at once, and settled like any other. */
        (void)!dais_wire_launch(&send->wire, submitting->intake, bundle->parcel, &flight->wire);
    }
    free(bundle);
    if (dais_txn_end(&txn) == DAIS_OK)
        return found;
    send->final = dais_say_err(&send->wire.office->say, DAIS_ERR_IO, send->outbox.folder);
    submitting->stop = true;
    return found;
}

static void submit_fill(submitting_t *submitting)
{
    bool more = true;
    for (size_t i = 0; more && i < FLIGHT_COUNT; i++) {
        if (submitting->stop || submitting->count >= submitting->send->window ||
            submitting->bytes >= FLIGHT_BYTES)
            return;
        if (!submitting->flights[i].used)
            more = flight_start(submitting, &submitting->flights[i]);
    }
}

/* Asks once a pass: neither answer is another for the next stamp. */
static bool flight_trust(submitting_t *submitting, const dais_key_t *key)
{
    if (dais_intakes_has(&submitting->send->intakes, key))
        return true;
    if (submitting->is_here || submitting->unchecked)
        return !submitting->is_here;
    dais_intake_trust_t trust = dais_send_trust(submitting->send, key);
    submitting->is_here = trust == DAIS_INTAKE_UNKNOWN;
    submitting->unchecked = trust == DAIS_INTAKE_UNCHECKED;
    return trust != DAIS_INTAKE_UNKNOWN;
}

/* The stamp has to be about this bundle and by an intake's key. One whose key cannot be looked up
 * now is kept, and counts once it is. */
static bool flight_keep(submitting_t *submitting, const flight_t *flight,
                        const dais_submitted_t *submitted)
{
    dais_send_t *send = submitting->send;
    dais_stamp_t stamp;
    dais_outbox_stamp_t kept = {
        .stamp = submitted->stamp, .index = submitted->index, .path = submitted->path};
    dais_err_t err = dais_stamp_open(submitted->stamp, send->bundler.log, &stamp).err;
    if (err == DAIS_OK)
        err = dais_stamp_prove(&stamp, submitted->index, &flight->hash, submitted->path);
    if (err == DAIS_OK && !flight_trust(submitting, &stamp.key))
        return false;
    if (err == DAIS_OK)
        err = dais_outbox_stamp_put(&send->outbox, submitting->stream, flight->k, &kept, false);
    if (err == DAIS_OK) {
        send->progress += !flight->had_stamp;
        return true;
    }
    (void)dais_say_err(&send->wire.office->say, err, "a stamp that came back");
    send->last_err = err;
    (void)snprintf(send->last_code, sizeof send->last_code, "%s", dais_err_code(err));
    return false;
}

static bool flight_is_stamped(const submitting_t *submitting, const flight_t *flight)
{
    dais_txn_t txn;
    dais_outbox_stamp_t stamp;
    dais_txn_begin(&txn, submitting->send->outbox.store, DAIS_TXN_READ);
    bool stamped = dais_outbox_stamp(&txn, submitting->stream, flight->k, &stamp);
    return dais_txn_end(&txn) == DAIS_OK && stamped;
}

/* It did not get a stamp. */
static void flight_failed(submitting_t *submitting, flight_t *flight)
{
    dais_send_t *send = submitting->send;
    const dais_wire_answer_t *answer = &flight->wire.answer;
    bool no = answer->is_refused && answer->refused.retry_ms == 0;
    submitting->stop = true;
    (void)dais_send_failed(send, answer);
    if (strcmp(answer->code, dais_err_code(DAIS_ERR_BUSY)) == 0)
        send->window = send->window > 1 ? send->window / 2 : 1;
    if (answer->err == DAIS_ERR_NOT_ADMITTED && send->final == DAIS_EXIT_DONE)
        send->final = dais_wire_error(&send->wire, answer, submitting->intake);
    if (no && !refusal_is_here(answer->code) && !flight_is_stamped(submitting, flight)) {
        if (flight->k < submitting->refused) {
            submitting->refused = flight->k;
            (void)snprintf(submitting->refused_code, sizeof submitting->refused_code, "%s",
                           answer->code);
        }
        return;
    }
    submitting->is_here = submitting->is_here || no;
    submitting->failed = flight->k < submitting->failed ? flight->k : submitting->failed;
}

static bool submit_settle(submitting_t *submitting)
{
    bool any = false;
    for (size_t i = 0; i < FLIGHT_COUNT; i++) {
        flight_t *flight = &submitting->flights[i];
        dais_submitted_t submitted;
        if (!flight->used || !flight->wire.is_over)
            continue;
        any = true;
        if (!dais_wire_landed(&flight->wire, &submitted)) {
            flight_failed(submitting, flight);
        } else if (!flight_keep(submitting, flight, &submitted)) {
            submitting->stop = true;
            submitting->failed = flight->k < submitting->failed ? flight->k : submitting->failed;
        }
        submitting->count--;
        submitting->bytes -= flight->size;
        flight->used = false;
        dais_wire_answer_free(&flight->wire.answer);
    }
    return any;
}

/* Nobody waits for those that are still under way. */
static void submit_abandon(submitting_t *submitting)
{
    for (size_t i = 0; i < FLIGHT_COUNT; i++) {
        if (submitting->flights[i].used)
            dais_wire_cancel(&submitting->send->wire, &submitting->flights[i].wire);
    }
}

/* A bundle that no intake takes is taken apart, and what came behind it is signed anew. */
static bool submit_refused(submitting_t *submitting)
{
    dais_send_t *send = submitting->send;
    uint64_t count = 0;
    dais_err_t err = dais_outbox_refused(&send->outbox, send->bundler.log, submitting->stream,
                                         submitting->refused, submitting->refused_code, &count);
    dais_say_note("warning[%s]: bundle %" PRIu64 " is refused for good%s", submitting->refused_code,
                  submitting->refused,
                  count > 0 ? "" : "; its messages go out one by one, to find which it is");
    send->progress++;
    if (err != DAIS_OK)
        send->final = dais_say_err(&send->wire.office->say, err, send->outbox.folder);
    return err == DAIS_OK;
}

/* All of them to one intake. False if some were not taken. */
static bool submit_to(submitting_t *submitting)
{
    bool good = true;
    while (good) {
        submit_fill(submitting);
        if (submitting->count == 0)
            break;
        if (!submit_settle(submitting))
            good = dais_wire_serve(&submitting->send->wire);
    }
    submit_abandon(submitting);
    return good && submitting->failed == UINT64_MAX && submitting->send->final == DAIS_EXIT_DONE;
}

/* Each intake said no for a reason of its own. */
static void submit_nowhere(dais_send_t *send)
{
    bool fake = send->last_err == DAIS_ERR_NOT_ON_ROSTER;
    send->final = dais_say_error(
        &send->wire.office->say, fake ? DAIS_EXIT_UNVERIFIED : DAIS_EXIT_REFUSED, send->last_code,
        fake ? "what answers as intake is none: call the secretariat; what was said stays here"
             : "what was said stays here and is sent when this is mended",
        fake ? "no stamp that came back is by an intake of this cycle" : "no intake takes it");
}

bool dais_send_submit(dais_send_t *send, unsigned stream, bool again)
{
    const dais_profile_t *profile = &send->wire.office->profile;
    submitting_t *submitting = calloc(1, sizeof *submitting);
    size_t here = 0;
    uint64_t from = 0;
    bool good = false;
    for (size_t i = 0; submitting != NULL && !good && i < profile->intake_count; i++) {
        size_t intake = (send->intake + i) % profile->intake_count;
        *submitting = (submitting_t){.send = send,
                                     .stream = stream,
                                     .again = again,
                                     .intake = profile->intakes[intake],
                                     .next = from,
                                     .failed = UINT64_MAX,
                                     .refused = UINT64_MAX};
        good = submit_to(submitting);
        if (good)
            send->intake = intake;
        here += submitting->is_here;
        from = submitting->failed == UINT64_MAX ? from : submitting->failed;
        if (submitting->refused != UINT64_MAX) {
            good = submit_refused(submitting);
            break;
        }
        if (send->final != DAIS_EXIT_DONE || dais_wire_is_interrupted(&send->wire))
            break;
    }
    if (!good && send->final == DAIS_EXIT_DONE && here == profile->intake_count)
        submit_nowhere(send);
    free(submitting);
    return good;
}
