/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/ask.h"

#include <sodium.h>
#include <stdlib.h>

#include "proto/box.h"

/* Two generations of fingerprints, each at least as old as asks stay timely when it is forgotten.
 * A fingerprint is keyed by a secret of this process, so nobody can make two that collide. */
struct dais_nonces {
    uint8_t secret[crypto_shorthash_KEYBYTES];
    uint64_t since_ms; /* asks from before that are not taken: nobody remembers their nonces */
    uint64_t began_ms; /* of the younger one */
    unsigned young;
    size_t count;
    uint64_t slots[2][2 * DAIS_NONCES_MAX]; /* open addressing; 0 is empty */
};

#define GENERATION_MS (2 * DAIS_HOUSE_ASK_MS)

dais_err_t dais_nonces_create(const dais_random_t *random, uint64_t began_ms,
                              dais_nonces_t **nonces)
{
    *nonces = calloc(1, sizeof **nonces);
    if (*nonces == NULL)
        return DAIS_ERR_NO_MEMORY;
    (*nonces)->since_ms = began_ms;
    dais_err_t err = dais_random_fill(random, (*nonces)->secret, sizeof(*nonces)->secret);
    if (err != DAIS_OK)
        dais_nonces_destroy(nonces);
    return err;
}

void dais_nonces_destroy(dais_nonces_t **nonces)
{
    free(*nonces);
    *nonces = NULL;
}

static uint64_t nonces_fingerprint(const dais_nonces_t *nonces, const dais_ask_t *ask)
{
    uint8_t bytes[DAIS_KEY_SIZE + DAIS_ID_SIZE];
    uint64_t fingerprint;
    memcpy(bytes, ask->key.bytes, DAIS_KEY_SIZE);
    memcpy(bytes + DAIS_KEY_SIZE, ask->nonce.bytes, DAIS_ID_SIZE);
    (void)crypto_shorthash((uint8_t *)&fingerprint, bytes, sizeof bytes, nonces->secret);
    return fingerprint != 0 ? fingerprint : 1;
}

/* Its slot in this generation, or the empty one where it would be. */
static uint64_t *nonces_slot(dais_nonces_t *nonces, unsigned generation, uint64_t fingerprint)
{
    size_t count = 2 * DAIS_NONCES_MAX;
    size_t at = (size_t)fingerprint % count;
    while (nonces->slots[generation][at] != 0 && nonces->slots[generation][at] != fingerprint)
        at = (at + 1) % count;
    return &nonces->slots[generation][at];
}

dais_err_t dais_nonces_take(dais_nonces_t *nonces, const dais_ask_t *ask, uint64_t now_ms)
{
    /* A clock that was ahead at the start and was set right must not keep everybody out. */
    nonces->since_ms = now_ms < nonces->since_ms ? now_ms : nonces->since_ms;
    if (ask->at < nonces->since_ms)
        return DAIS_ERR_STALE_ASK;
    if (now_ms >= nonces->began_ms + GENERATION_MS) {
        nonces->young = 1 - nonces->young;
        nonces->began_ms = now_ms;
        nonces->count = 0;
        memset(nonces->slots[nonces->young], 0, sizeof nonces->slots[0]);
    }
    uint64_t fingerprint = nonces_fingerprint(nonces, ask);
    uint64_t *slot = nonces_slot(nonces, nonces->young, fingerprint);
    if (*slot != 0 || *nonces_slot(nonces, 1 - nonces->young, fingerprint) != 0)
        return DAIS_ERR_REPEATED_ASK;
    if (nonces->count == DAIS_NONCES_MAX)
        return DAIS_ERR_BUSY;
    *slot = fingerprint;
    nonces->count++;
    return DAIS_OK;
}

uint64_t dais_nonces_wait_ms(const dais_nonces_t *nonces, const dais_ask_t *ask)
{
    bool is_recent = ask->at < nonces->since_ms && nonces->since_ms - ask->at <= DAIS_HOUSE_ASK_MS;
    return is_recent ? nonces->since_ms - ask->at : 0;
}

static dais_err_t ask_who(dais_cycle_t *cycle, const dais_ask_t *ask, dais_question_t *question)
{
    dais_book_t *book = dais_cycle_book(cycle);
    dais_book_begin(book, DAIS_TXN_READ);
    question->who = dais_roster_find(dais_book_state(book), &ask->key);
    dais_err_t err = dais_book_end(book);
    if (err == DAIS_OK && question->who.key_number == 0)
        err = DAIS_ERR_NOT_ON_ROSTER;
    if (err == DAIS_OK && !question->who.in_force)
        err = DAIS_ERR_KEY_ENDED;
    question->cycle = cycle;
    question->reader = dais_visible_as(&question->who);
    question->what = ask->what;
    return err;
}

dais_err_t dais_ask_again(dais_cycle_t *cycle, dais_slice_t bytes, dais_ask_t *ask,
                          dais_question_t *question)
{
    dais_slice_t signature;
    dais_err_t err = dais_shape_decode_first(&dais_shape_ask, bytes, ask, &signature).err;
    return err == DAIS_OK ? ask_who(cycle, ask, question) : err;
}

dais_err_t dais_ask_take(dais_cycle_t *cycle, dais_nonces_t *nonces, dais_slice_t bytes,
                         dais_ask_t *ask, dais_question_t *question)
{
    dais_now_t now;
    dais_answer_fn_t *answer;
    dais_err_t err = dais_ask_open(bytes, &dais_cycle_about(cycle)->name, ask).err;
    if (err == DAIS_OK)
        err = ask_who(cycle, ask, question);
    if (err == DAIS_OK)
        err = dais_clock_now(&dais_cycle_house(cycle)->clock, &now);
    if (err == DAIS_OK &&
        (ask->at + DAIS_HOUSE_ASK_MS < now.wall_ms || ask->at > now.wall_ms + DAIS_HOUSE_ASK_MS))
        err = DAIS_ERR_STALE_ASK;
    if (err == DAIS_OK)
        err = dais_answer_find(ask->what, false, &answer);
    return err == DAIS_OK ? dais_nonces_take(nonces, ask, now.wall_ms) : err;
}

dais_err_t dais_ask_close(dais_cycle_t *cycle, dais_pairs_t *pairs, const dais_ask_t *ask,
                          dais_slice_t ask_bytes, dais_slice_t body, dais_writer_t *writer)
{
    static uint8_t plain[DAIS_LIMIT_ANSWER + 512];
    dais_book_t *book = dais_cycle_book(cycle);
    dais_rules_store_t *state = dais_book_state(book);
    dais_key_row_t row = {.added = 0};
    const dais_box_pair_t *pair;
    dais_key_t box_key;
    dais_answer_t answer = {.log = dais_cycle_about(cycle)->name, .body = body};
    dais_book_begin(book, DAIS_TXN_READ);
    dais_roster_who_t who = dais_roster_find(state, &ask->key);
    bool found = state->port->dense_get(state, DAIS_TABLE_KEY, who.key_number, &row);
    dais_err_t err = dais_book_end(book);
    if (err == DAIS_OK && !found)
        err = DAIS_ERR_NOT_ON_ROSTER;
    if (err != DAIS_OK)
        return err;
    memcpy(box_key.bytes, row.box_key, sizeof box_key.bytes);
    err = dais_pairs_get(pairs, dais_cycle_box(cycle), &box_key, &pair);
    return err == DAIS_OK ? dais_answer_close_by(pair, &dais_cycle_house(cycle)->random, ask_bytes,
                                                 &answer, plain, sizeof plain, writer)
                          : err;
}
