/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "office/send.h"
#include "proto/stamp.h"

/* A bundle's bytes, out of the store. */
typedef struct {
    uint64_t k;
    dais_hash_t hash;
    uint8_t *parcel;
    size_t size;
} parcel_t;

bool dais_send_failed(dais_send_t *send, const dais_wire_answer_t *answer)
{
    send->last_err = answer->err == DAIS_OK ? DAIS_ERR_BUSY : answer->err;
    send->retry_ms = answer->is_refused ? answer->refused.retry_ms : 0;
    (void)snprintf(send->last_code, sizeof send->last_code, "%s", answer->code);
    return false;
}

/* The next bundle from *k on that is to be submitted. */
static bool parcel_next(dais_send_t *send, unsigned stream, uint64_t *k, bool again,
                        parcel_t *parcel)
{
    dais_txn_t txn;
    dais_outbox_bundle_t *bundle = malloc(sizeof *bundle);
    dais_outbox_stamp_t stamp;
    bool found = false;
    memset(parcel, 0, sizeof *parcel);
    dais_txn_begin(&txn, send->outbox.store, DAIS_TXN_READ);
    while (bundle != NULL && !found && dais_outbox_bundle_open(&txn, stream, *k, k)) {
        found = !dais_outbox_is_on_host(&txn, stream, *k) &&
                (again || !dais_outbox_stamp(&txn, stream, *k, &stamp)) &&
                dais_outbox_bundle_get(&txn, stream, *k, bundle);
        *k += !found;
    }
    if (found) {
        parcel->k = *k;
        parcel->hash = bundle->hash;
        parcel->size = bundle->parcel.size;
        parcel->parcel = malloc(bundle->parcel.size + 1);
        if (parcel->parcel == NULL)
            dais_txn_fail(&txn, DAIS_ERR_NO_MEMORY);
        else
            memcpy(parcel->parcel, bundle->parcel.data, bundle->parcel.size);
    }
    free(bundle);
    if (dais_txn_end(&txn) == DAIS_OK)
        return found;
    send->final = dais_say_err(&send->wire.office->say, DAIS_ERR_IO, send->outbox.folder);
    free(parcel->parcel);
    return false;
}

/* The stamp has to be about this bundle; that its key is a rostered intake's is proved later, when
 * the entry that carries it is in the log. */
static bool submit_keep(dais_send_t *send, unsigned stream, const parcel_t *parcel,
                        const dais_submitted_t *submitted)
{
    dais_stamp_t stamp;
    dais_outbox_stamp_t kept = {
        .stamp = submitted->stamp, .index = submitted->index, .path = submitted->path};
    dais_err_t err = dais_stamp_open(submitted->stamp, send->bundler.log, &stamp).err;
    if (err == DAIS_OK)
        err = dais_stamp_prove(&stamp, submitted->index, &parcel->hash, submitted->path);
    if (err == DAIS_OK)
        err = dais_outbox_stamp_put(&send->outbox, stream, parcel->k, &kept, false);
    if (err == DAIS_OK) {
        send->progress++;
        return true;
    }
    (void)dais_say_err(&send->wire.office->say, err, "a stamp that came back");
    send->last_err = err;
    (void)snprintf(send->last_code, sizeof send->last_code, "%s", dais_err_code(err));
    return false;
}

/* Tries the intakes, from the one that worked last. */
static bool submit_one(dais_send_t *send, unsigned stream, const parcel_t *parcel)
{
    const dais_profile_t *profile = &send->wire.office->profile;
    for (size_t i = 0; i < profile->intake_count; i++) {
        dais_wire_answer_t answer;
        dais_submitted_t submitted;
        size_t intake = (send->intake + i) % profile->intake_count;
        bool good = dais_wire_submit(&send->wire, profile->intakes[intake],
                                     dais_slice(parcel->parcel, parcel->size), &submitted, &answer);
        if (good)
            good = submit_keep(send, stream, parcel, &submitted);
        else
            (void)dais_send_failed(send, &answer);
        bool final = (answer.is_refused && answer.refused.retry_ms == 0) ||
                     answer.err == DAIS_ERR_NOT_ADMITTED;
        if (final)
            send->final = dais_wire_error(&send->wire, &answer, profile->intakes[intake]);
        dais_wire_answer_free(&answer);
        if (good)
            send->intake = intake;
        if (good || final || dais_wire_is_interrupted(&send->wire))
            return good;
    }
    return false;
}

bool dais_send_submit(dais_send_t *send, unsigned stream, bool again)
{
    uint64_t k = 0;
    parcel_t parcel;
    while (parcel_next(send, stream, &k, again, &parcel)) {
        bool good = submit_one(send, stream, &parcel);
        free(parcel.parcel);
        if (!good)
            return false;
        k++;
    }
    return send->final == DAIS_EXIT_DONE;
}
