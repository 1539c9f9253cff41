/* SPDX-License-Identifier: Apache-2.0
 *
 * Whose stamps count. What came back while the registry was away could not be looked up then; it is
 * made up for here. */
#include <stdio.h>

#include "office/send.h"
#include "proto/stamp.h"

dais_err_t dais_send_init(dais_send_t *send, const dais_profile_t *profile)
{
    send->window = DAIS_SEND_WINDOW;
    dais_err_t err = dais_intakes_load(&send->outbox, &send->intakes);
    for (size_t i = 0; i < profile->intake_key_count; i++)
        dais_intakes_add(&send->intakes, &profile->intake_keys[i]);
    return err;
}

dais_intake_trust_t dais_send_trust(dais_send_t *send, const dais_key_t *key)
{
    char hex[2 * DAIS_KEY_SIZE + 1];
    dais_wire_answer_t answer;
    dais_intake_trust_t trust =
        dais_intakes_find(&send->intakes, &send->wire, &send->outbox, key, &answer);
    if (trust == DAIS_INTAKE_UNCHECKED) {
        (void)dais_send_failed(send, &answer);
    } else if (trust == DAIS_INTAKE_UNKNOWN) {
        dais_say_hex(dais_slice(key->bytes, DAIS_KEY_SIZE), hex, sizeof hex);
        dais_say_note("warning[%s]: a stamp by key %s, which is no intake's of this cycle, does "
                      "not count",
                      dais_err_code(DAIS_ERR_NOT_ON_ROSTER), hex);
        send->last_err = DAIS_ERR_NOT_ON_ROSTER;
        (void)snprintf(send->last_code, sizeof send->last_code, "%s",
                       dais_err_code(DAIS_ERR_NOT_ON_ROSTER));
    }
    dais_wire_answer_free(&answer);
    return trust;
}

/* The next bundle from *k on with a stamp of a key that was not looked up. */
static bool stamp_next(dais_send_t *send, unsigned stream, uint64_t *k, dais_key_t *key)
{
    dais_txn_t txn;
    dais_outbox_stamp_t stamp;
    dais_stamp_t opened;
    bool found = false;
    dais_txn_begin(&txn, send->outbox.store, DAIS_TXN_READ);
    for (; !found && dais_outbox_bundle_open(&txn, stream, *k, k); *k += !found) {
        if (!dais_outbox_stamp(&txn, stream, *k, &stamp) ||
            dais_stamp_open(stamp.stamp, send->bundler.log, &opened).err != DAIS_OK ||
            dais_intakes_has(&send->intakes, &opened.key))
            continue;
        *key = opened.key;
        found = true;
    }
    return dais_txn_end(&txn) == DAIS_OK && found;
}

bool dais_send_check_stamps(dais_send_t *send)
{
    dais_key_t key;
    send->unchecked = false;
    for (unsigned stream = 0; stream <= 1; stream++) {
        for (uint64_t k = 0; stamp_next(send, stream, &k, &key); k++) {
            dais_intake_trust_t trust = dais_send_trust(send, &key);
            send->unchecked = trust == DAIS_INTAKE_UNCHECKED;
            if (send->unchecked)
                return false;
            if (trust == DAIS_INTAKE_ROSTERED)
                continue;
            dais_err_t err = dais_outbox_stamp_drop(&send->outbox, stream, k);
            if (err != DAIS_OK) {
                send->final = dais_say_err(&send->wire.office->say, err, send->outbox.folder);
                return false;
            }
        }
    }
    return true;
}
