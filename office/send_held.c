/* SPDX-License-Identifier: Apache-2.0
 *
 * What a deadline that does not close does to what is sent: it is stamped behind it and waits for
 * it in the registry. For most that is as it should be. But an intake that is gone for good is the
 * very thing that keeps the deadline open, and what declares it lost must not wait for that. It is
 * given in on the registry's host instead, and must not have been sent before, as its number in the
 * chain would be used up. */
#include "office/cycle_view.h"
#include "office/send.h"

#define LOOK_MS   500 /* between two looks at the cycle */
#define LOOKS_MAX 10

/* Is anything of this kind to be submitted? */
static bool held_has(dais_send_t *send)
{
    dais_txn_t txn;
    dais_walk_t walk;
    dais_outbox_fate_t fate;
    dais_outbox_message_t message;
    dais_outbox_stamp_t stamp;
    bool found = false;
    dais_txn_begin(&txn, send->outbox.store, DAIS_TXN_READ);
    dais_walk_open(&walk, &txn, DAIS_OUTBOX_FATE, dais_slice("", 0), dais_slice("", 0),
                   DAIS_WALK_FORWARD);
    while (!found && dais_walk_next(&walk)) {
        uint64_t number = dais_outbox_number(walk.key.data);
        if (!dais_outbox_fate(&txn, number, &fate) ||
            (fate.state != DAIS_FATE_QUEUED && fate.state != DAIS_FATE_BUNDLED) ||
            !dais_outbox_message(&txn, number, &message))
            continue;
        bool sent = fate.state == DAIS_FATE_BUNDLED &&
                    (dais_outbox_is_on_host(&txn, DAIS_STREAM_OPEN, fate.k) ||
                     dais_outbox_stamp(&txn, DAIS_STREAM_OPEN, fate.k, &stamp));
        found =
            !sent && (message.kind == DAIS_KIND_INTAKE_LOST || message.kind == DAIS_KIND_SECOND);
    }
    dais_walk_close(&walk);
    return dais_txn_end(&txn) == DAIS_OK && found;
}

/* Asks the registry; false as well if it does not answer. */
static bool held_stuck(dais_send_t *send, dais_date_line_t *date, char time[DAIS_CLOCK_TEXT_SIZE])
{
    dais_wire_answer_t answer;
    dais_answer_cycle_t cycle;
    bool stuck = dais_cycle_view_fetch(&send->wire, &send->outbox, &answer) &&
                 dais_shape_decode(&dais_shape_answer_cycle, answer.body, &cycle).err == DAIS_OK &&
                 dais_cycle_view_stuck(&cycle, date);
    bool good = stuck && dais_clock_format(date->due, time) == DAIS_OK;
    dais_wire_answer_free(&answer);
    return good;
}

int dais_send_hold_back(dais_send_t *send)
{
    dais_date_line_t date = {.which = DAIS_DATE_APPLICATION};
    char time[DAIS_CLOCK_TEXT_SIZE] = "";
    if (!held_has(send))
        return DAIS_EXIT_DONE;
    /* Just after a deadline its marks are on their way. */
    for (size_t i = 0; i < LOOKS_MAX; i++) {
        if (dais_wire_is_interrupted(&send->wire) || !held_stuck(send, &date, time))
            return DAIS_EXIT_DONE;
        dais_wire_pause(&send->wire, LOOK_MS);
    }
    return dais_say_error(
        &send->wire.office->say, DAIS_EXIT_TEMPORARY, "waits-for-deadline",
        "if an intake is gone for good, give it in on the registry's host: dais outbox parcel -o "
        "FILE, then dais-registry cycle admit CYCLE FILE; dais send --anyway sends it all the same",
        "%s of %s has passed and is not closed, as some intake has not marked it: an intake-lost "
        "or "
        "second that is sent now waits behind it",
        dais_words_date.words[date.which], time);
}

void dais_send_hint_stuck(dais_send_t *send)
{
    dais_date_line_t date;
    char time[DAIS_CLOCK_TEXT_SIZE];
    if (held_stuck(send, &date, time))
        dais_say_hint("%s of %s is not closed, as some intake has not marked it; what is stamped "
                      "behind it is in time and waits. If an intake is gone for good, the "
                      "secretariat says so on the registry's host (docs/operations.md)",
                      dais_words_date.words[date.which], time);
}
