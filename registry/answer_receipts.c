/* SPDX-License-Identifier: Apache-2.0
 *
 * What became of the bundles of the key that asks: what the sender needs to settle every unknown
 * outcome, and to go on after a fork of its chain. */
#include "registry/answer.h"

typedef struct {
    dais_question_t *question;
    dais_ask_receipts_t ask;
    dais_answer_receipts_t answer;
    dais_writer_t bundles;
    dais_writer_t twins;
    dais_err_t err;
    bool is_full;
    uint8_t twin_bytes[DAIS_LIMIT_ROWS * 24];
} receipts_t;

static void receipts_twins(receipts_t *r, uint64_t k, const dais_book_link_t *link)
{
    dais_book_twin_t twin;
    dais_list_walk_t walk = dais_list_begin(&link->twins, &dais_shape_book_twin);
    while (r->err == DAIS_OK && dais_list_next(&walk, &twin)) {
        dais_duplicate_line_t line = {.k = k, .index = twin.index, .seq = twin.seq};
        r->err = dais_list_add(&r->answer.duplicates, &dais_shape_duplicate_line, &line, &r->twins);
    }
}

/* A line is left out, and the answer is full, if it does not fit with all that belongs to it. */
static void receipts_add(receipts_t *r, const dais_bundle_line_t *line)
{
    dais_err_t err = dais_list_add(&r->answer.bundles, &dais_shape_bundle_line, line, &r->bundles);
    if (err == DAIS_ERR_NO_SPACE && r->answer.bundles.count > 0)
        r->is_full = true;
    else
        r->err = err;
    r->is_full = r->is_full || r->answer.bundles.count == DAIS_LIMIT_ROWS;
}

static void receipts_link(receipts_t *r, uint64_t k, const dais_book_link_t *link)
{
    dais_book_t *book = dais_cycle_book(r->question->cycle);
    dais_bundle_line_t line = {
        .k = k, .bundle = link->bundle, .state = link->state, .code = link->code};
    dais_writer_t packed;
    if (r->answer.duplicates.count + link->twins.count > DAIS_LIMIT_ROWS) {
        r->is_full = true;
        return;
    }
    dais_writer_init(&packed, r->question->body->buffer, r->question->body->capacity);
    if (link->state == DAIS_BUNDLE_LOGGED && link->count > 0) {
        r->err = dais_book_receipts(book, link->first, &packed);
        if (r->err == DAIS_OK)
            r->err = dais_writer_finish(&packed, &line.receipts);
    }
    if (r->err == DAIS_OK)
        receipts_add(r, &line);
    if (r->err == DAIS_OK && !(r->is_full && r->answer.bundles.count < DAIS_LIMIT_ROWS))
        receipts_twins(r, k, link);
}

static bool receipts_aside(void *context, uint64_t k, const dais_book_link_t *link)
{
    receipts_t *r = context;
    dais_bundle_line_t line = {
        .k = k, .bundle = link->bundle, .state = link->state, .code = link->code};
    if (k >= r->ask.k)
        receipts_add(r, &line);
    return r->err == DAIS_OK && !r->is_full;
}

static bool receipts_parked(void *context, uint32_t key_number, unsigned stream, uint64_t k,
                            const dais_book_waiting_t *waiting)
{
    receipts_t *r = context;
    dais_bundle_line_t line = {.k = k, .bundle = waiting->bundle, .state = DAIS_BUNDLE_PARKED};
    if (key_number == r->question->who.key_number && stream == r->ask.stream && k >= r->ask.k)
        receipts_add(r, &line);
    return r->err == DAIS_OK && !r->is_full && key_number <= r->question->who.key_number;
}

/* Those that used up their numbers, then those that did not, then those that wait. */
static void receipts_walk(receipts_t *r, uint64_t next)
{
    dais_book_t *book = dais_cycle_book(r->question->cycle);
    uint32_t key_number = r->question->who.key_number;
    unsigned stream = (unsigned)r->ask.stream;
    for (uint64_t k = r->ask.k; k < next && r->err == DAIS_OK && !r->is_full; k++) {
        dais_book_link_t link;
        if (!dais_book_link(book, key_number, stream, k, &link))
            r->err = DAIS_ERR_CORRUPT;
        else
            receipts_link(r, k, &link);
    }
    if (r->err == DAIS_OK && !r->is_full)
        dais_book_aside_walk(book, key_number, stream, r->ask.k, receipts_aside, r);
    if (r->err == DAIS_OK && !r->is_full)
        dais_book_parked_walk(book, receipts_parked, r);
}

dais_err_t dais_answer_receipts(dais_question_t *question)
{
    static receipts_t r; /* large, and one question is answered at a time */
    memset(&r, 0, sizeof r);
    r.question = question;
    dais_err_t err = dais_question_read(question, &dais_shape_ask_receipts, &r.ask);
    if (err != DAIS_OK)
        return err;
    dais_book_chain_t chain = dais_book_chain(dais_cycle_book(question->cycle),
                                              question->who.key_number, (unsigned)r.ask.stream);
    r.answer.what = DAIS_WHAT_RECEIPTS;
    r.answer.next = chain.next;
    r.answer.prev = chain.prev;
    dais_writer_init(&r.bundles, dais_answer_room(), DAIS_ANSWER_LIST_BYTES - sizeof r.twin_bytes);
    dais_writer_init(&r.twins, r.twin_bytes, sizeof r.twin_bytes);
    receipts_walk(&r, chain.next);
    if (r.err == DAIS_OK && r.ask.k >= chain.next)
        r.err = dais_question_wait(question, r.ask.wait_ms);
    return r.err == DAIS_OK
               ? dais_shape_encode(&dais_shape_answer_receipts, &r.answer, question->body)
               : r.err;
}
