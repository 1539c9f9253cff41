/* SPDX-License-Identifier: Apache-2.0
 *
 * What became of bundles. Nothing that the registry says is believed: receipts are checked against
 * what was sent and what the log has signed. Where the registry's chain goes on from another place
 * than this outbox, the outbox is a restored copy or the key is used elsewhere too; its messages
 * go out anew from there, and those that the log has come back as what they are: duplicates. */
#include <stdio.h>
#include <stdlib.h>

#include "office/send.h"
#include "proto/stamp.h"
#include "proto/tree_verify.h"

typedef struct {
    dais_send_t *send;
    unsigned stream;
    const dais_answer_receipts_t *answer;
    uint64_t first; /* the first open k when it was asked */
    bool forked;
} settling_t;

static bool ask_proof(dais_send_t *send, uint64_t seq, dais_answer_proof_t *proof,
                      dais_wire_answer_t *answer)
{
    dais_ask_proof_t what = {.what = DAIS_WHAT_PROOF, .seq = seq};
    return dais_wire_ask(&send->wire, &dais_shape_ask_proof, &what, 0, &dais_shape_answer_proof,
                         proof, answer) ||
           dais_send_failed(send, answer);
}

static bool settle_is_ours(settling_t *settling, const dais_bundle_line_t *line, bool *is_open)
{
    dais_txn_t txn;
    uint64_t k;
    dais_outbox_bundle_t *bundle = malloc(sizeof *bundle);
    bool ours = false;
    *is_open = false;
    dais_txn_begin(&txn, settling->send->outbox.store, DAIS_TXN_READ);
    if (bundle != NULL && dais_outbox_bundle_get(&txn, settling->stream, line->k, bundle))
        ours = dais_hash_equal(&bundle->hash, &line->bundle);
    *is_open = dais_outbox_bundle_open(&txn, settling->stream, line->k, &k) && k == line->k;
    free(bundle);
    return dais_txn_end(&txn) == DAIS_OK && ours;
}

/* The registry's word for a stamp is not enough either. */
static dais_err_t settle_stamp_trust(settling_t *settling, uint64_t k)
{
    dais_txn_t txn;
    dais_outbox_stamp_t stamp;
    dais_stamp_t opened;
    dais_txn_begin(&txn, settling->send->outbox.store, DAIS_TXN_READ);
    bool stamped =
        dais_outbox_stamp(&txn, settling->stream, k, &stamp) &&
        dais_stamp_open(stamp.stamp, settling->send->bundler.log, &opened).err == DAIS_OK;
    dais_err_t err = dais_txn_end(&txn);
    if (err != DAIS_OK || !stamped)
        return err;
    dais_intake_trust_t trust = dais_send_trust(settling->send, &opened.key);
    if (trust == DAIS_INTAKE_UNCHECKED)
        return DAIS_ERR_UNANSWERED;
    return trust == DAIS_INTAKE_ROSTERED ? DAIS_OK : DAIS_ERR_NOT_ON_ROSTER;
}

/* Receipts that do not fit the stamp that is kept: another one counts, which the entry's proof
 * has. */
static dais_err_t settle_other_stamp(settling_t *settling, const dais_bundle_line_t *line)
{
    dais_send_t *send = settling->send;
    dais_receipts_t receipts;
    dais_answer_proof_t proof;
    dais_wire_answer_t answer = {0};
    dais_err_t err = dais_shape_decode(&dais_shape_receipts, line->receipts, &receipts).err;
    if (err == DAIS_OK && !ask_proof(send, receipts.first, &proof, &answer))
        err = DAIS_ERR_UNANSWERED;
    if (err == DAIS_OK)
        err = dais_outbox_stamp_of_proof(&send->outbox, &send->bundler, settling->stream, line->k,
                                         proof.proof);
    dais_wire_answer_free(&answer);
    if (err == DAIS_OK)
        err = settle_stamp_trust(settling, line->k);
    if (err == DAIS_OK)
        err = dais_outbox_receipts_put(&send->outbox, &send->bundler, settling->stream, line->k,
                                       line->receipts);
    return err;
}

static void settle_proved(dais_send_t *send, dais_slice_t receipts_bytes)
{
    dais_receipts_t receipts;
    dais_checkpoint_t checkpoint;
    if (dais_shape_decode(&dais_shape_receipts, receipts_bytes, &receipts).err != DAIS_OK ||
        dais_checkpoint_verify(receipts.checkpoint, send->bundler.log_key, &checkpoint).err !=
            DAIS_OK ||
        checkpoint.size <= send->proved_size)
        return;
    send->proved_size = checkpoint.size;
    send->proved_root = checkpoint.root;
}

static bool settle_logged(settling_t *settling, const dais_bundle_line_t *line)
{
    dais_send_t *send = settling->send;
    char about[64];
    if (line->receipts.size == 0)
        return true; /* nothing new in it; duplicates say which entries it was */
    dais_err_t err = dais_outbox_receipts_put(&send->outbox, &send->bundler, settling->stream,
                                              line->k, line->receipts);
    if (err != DAIS_OK && dais_err_is_refusal(err))
        err = settle_other_stamp(settling, line);
    if (err == DAIS_OK) {
        settle_proved(send, line->receipts);
        send->progress++;
        return true;
    }
    if (err == DAIS_ERR_UNANSWERED)
        return false;
    (void)snprintf(about, sizeof about, "the receipts of bundle %llu", (unsigned long long)line->k);
    (void)dais_say_err(&send->wire.office->say, err, about);
    send->final = dais_err_is_refusal(err) ? DAIS_EXIT_UNVERIFIED : (int)dais_exit_of(err);
    return false;
}

/* The chain goes on from where the registry says; what has no receipt is queued again. */
static bool settle_fork(settling_t *settling, uint64_t k)
{
    dais_outbox_chain_t chain = {.next = settling->answer->next, .prev = settling->answer->prev};
    uint64_t count = 0;
    dais_err_t err = dais_outbox_fork(&settling->send->outbox, settling->stream, k, &chain, &count);
    if (err != DAIS_OK) {
        settling->send->final =
            dais_say_err(&settling->send->wire.office->say, err, settling->send->outbox.folder);
        return false;
    }
    settling->forked = true;
    settling->send->forks++;
    settling->send->progress++;
    dais_say_note("warning[chain-fork]: the registry goes on from bundle %llu of this key; "
                  "%llu messages go out in new bundles",
                  (unsigned long long)chain.next, (unsigned long long)count);
    return true;
}

static bool settle_turned_away(settling_t *settling, const dais_bundle_line_t *line)
{
    char code[DAIS_LIMIT_CODE + 1];
    (void)snprintf(code, sizeof code, "%.*s", (int)line->code.size, (const char *)line->code.data);
    if (strcmp(code, "chain-fork") == 0 || strcmp(code, "bad-chain") == 0 ||
        strcmp(code, "chain-gap") == 0)
        return settle_fork(settling, line->k);
    dais_say_note("warning[%s]: bundle %llu was turned away; its messages go out in a new one",
                  code, (unsigned long long)line->k);
    dais_err_t err =
        dais_outbox_turned_away(&settling->send->outbox, settling->stream, line->k, code);
    settling->send->progress++;
    if (err != DAIS_OK)
        settling->send->final =
            dais_say_err(&settling->send->wire.office->say, err, settling->send->outbox.folder);
    return err == DAIS_OK;
}

static bool settle_line(settling_t *settling, const dais_bundle_line_t *line)
{
    bool is_open;
    bool ours = settle_is_ours(settling, line, &is_open);
    if (!is_open)
        return true;
    /* Of another one only what the log has counts: if that other used up the number, or comes to,
     * the registry says so of ours. */
    if (!ours)
        return line->state != DAIS_BUNDLE_LOGGED || settle_fork(settling, line->k);
    if (line->state == DAIS_BUNDLE_LOGGED)
        return settle_logged(settling, line);
    return line->state != DAIS_BUNDLE_TURNED_AWAY || settle_turned_away(settling, line);
}

static bool settle_duplicate(settling_t *settling, const dais_duplicate_line_t *line)
{
    dais_send_t *send = settling->send;
    dais_answer_proof_t proof;
    dais_wire_answer_t answer;
    bool good = ask_proof(send, line->seq, &proof, &answer);
    if (good) {
        dais_err_t err = dais_outbox_duplicate_put(&send->outbox, &send->bundler, settling->stream,
                                                   line->k, line->index, proof.proof);
        good = err == DAIS_OK;
        send->progress += good;
        if (!good)
            send->final = dais_say_err(&send->wire.office->say, err, "a receipt of before");
    }
    dais_wire_answer_free(&answer);
    return good;
}

/* Is there a line for the first bundle that waits? If not, and the registry's next is at or below
 * it, it was turned away without using up its number, or never came. */
static bool settle_behind(const settling_t *settling, bool *is_behind)
{
    dais_txn_t txn;
    uint64_t k;
    *is_behind = false;
    dais_txn_begin(&txn, settling->send->outbox.store, DAIS_TXN_READ);
    bool open = dais_outbox_bundle_open(&txn, settling->stream, 0, &k);
    /* A gap below what is open cannot be filled by anything that is kept here. */
    *is_behind = open && settling->answer->next < k;
    return dais_txn_end(&txn) == DAIS_OK;
}

static bool settle_all(settling_t *settling)
{
    dais_bundle_line_t line;
    dais_duplicate_line_t duplicate;
    bool is_behind;
    dais_list_walk_t walk = dais_list_begin(&settling->answer->bundles, &dais_shape_bundle_line);
    while (!settling->forked && dais_list_next(&walk, &line)) {
        if (!settle_line(settling, &line))
            return false;
    }
    walk = dais_list_begin(&settling->answer->duplicates, &dais_shape_duplicate_line);
    while (!settling->forked && dais_list_next(&walk, &duplicate)) {
        if (!settle_duplicate(settling, &duplicate))
            return false;
    }
    if (settling->forked || !settle_behind(settling, &is_behind))
        return settling->forked;
    return !is_behind || settle_fork(settling, 0);
}

bool dais_send_ask(dais_send_t *send, unsigned stream, uint64_t wait_ms)
{
    dais_txn_t txn;
    dais_wire_answer_t answer;
    dais_answer_receipts_t receipts;
    dais_ask_receipts_t what = {.what = DAIS_WHAT_RECEIPTS, .stream = stream, .wait_ms = wait_ms};
    dais_txn_begin(&txn, send->outbox.store, DAIS_TXN_READ);
    bool open = dais_outbox_bundle_open(&txn, stream, 0, &what.k);
    if (dais_txn_end(&txn) != DAIS_OK || !open)
        return true;
    bool good = dais_wire_ask(&send->wire, &dais_shape_ask_receipts, &what, wait_ms,
                              &dais_shape_answer_receipts, &receipts, &answer);
    if (!good)
        (void)dais_send_failed(send, &answer);
    settling_t settling = {.send = send, .stream = stream, .answer = &receipts, .first = what.k};
    good = good && settle_all(&settling);
    dais_wire_answer_free(&answer);
    return good;
}

/* Is (size, root) a prefix of the checkpoint of the answer? */
static bool witness_prefix(dais_send_t *send, uint64_t size, const dais_hash_t *root, bool *asked)
{
    dais_ask_checkpoint_t what = {.what = DAIS_WHAT_CHECKPOINT, .old_size = size};
    dais_answer_checkpoint_t shown;
    dais_checkpoint_t checkpoint;
    dais_wire_answer_t answer;
    *asked = dais_wire_look(&send->wire, &dais_shape_ask_checkpoint, &what, 0,
                            &dais_shape_answer_checkpoint, &shown, &answer);
    dais_err_t err = DAIS_OK;
    if (*asked)
        err = dais_checkpoint_verify(shown.checkpoint, send->bundler.log_key, &checkpoint).err;
    if (*asked && err == DAIS_OK && size > 0)
        err = dais_tree_consistency_verify(size, checkpoint.size, root, &checkpoint.root,
                                           shown.consistency);
    if (*asked && err == DAIS_OK) {
        dais_txn_t txn;
        dais_txn_begin(&txn, send->outbox.store, DAIS_TXN_WRITE);
        dais_outbox_seen_put(&txn, send->bundler.log_key, shown.checkpoint);
        err = dais_txn_commit(&txn);
    }
    if (!*asked)
        (void)dais_send_failed(send, &answer);
    dais_wire_answer_free(&answer);
    return err == DAIS_OK;
}

bool dais_send_witness(dais_send_t *send)
{
    dais_txn_t txn;
    uint64_t size;
    dais_hash_t root;
    bool asked;
    dais_txn_begin(&txn, send->outbox.store, DAIS_TXN_READ);
    dais_outbox_seen(&txn, send->bundler.log_key, &size, &root);
    if (dais_txn_end(&txn) != DAIS_OK)
        return false;
    bool good = witness_prefix(send, size, &root, &asked) &&
                (send->proved_size == 0 ||
                 witness_prefix(send, send->proved_size, &send->proved_root, &asked));
    if (good)
        return true;
    send->final = dais_say_error(
        &send->wire.office->say, DAIS_EXIT_UNVERIFIED, "seen-mismatch",
        "keep this outbox as it is and call the secretariat: the record may have been rewritten",
        "the newest checkpoint of the log does not continue the one seen before");
    return false;
}
