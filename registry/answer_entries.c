/* SPDX-License-Identifier: Apache-2.0
 *
 * Entries for followers: the publisher, which asks as the public, and every reader with a key. */
#include "registry/answer.h"

#include <stdlib.h>

#define SCAN_MAX 4096 /* entries that one answer to `opened` looks at */

/* An answer_entries that is being put together. */
typedef struct {
    dais_question_t *question;
    dais_answer_entries_t answer;
    dais_writer_t list;
    bool is_full;
    bool is_left_out; /* the last one, which did not fit */
} lines_t;

static void lines_init(lines_t *lines, dais_question_t *question, unsigned what)
{
    *lines = (lines_t){.question = question, .answer.what = what};
    lines->answer.checkpoint = dais_book_checkpoint(dais_cycle_book(question->cycle));
    dais_writer_init(&lines->list, dais_answer_room(), DAIS_ANSWER_LIST_BYTES);
}

/* The packed opening lies behind the answer that is not written yet, in the body's room. */
static dais_err_t lines_add(lines_t *lines, uint64_t seq)
{
    static dais_book_entry_t entry;
    dais_writer_t packed;
    dais_writer_t before = lines->list;
    dais_entry_line_t line = {.opening = dais_slice(NULL, 0)};
    bool is_open;
    dais_err_t err = dais_answer_opening(lines->question, seq, &entry, &is_open);
    if (err != DAIS_OK)
        return err;
    line.leaf = entry.leaf;
    dais_writer_init(&packed, lines->question->body->buffer, lines->question->body->capacity);
    if (is_open)
        err = dais_shape_encode(&dais_shape_opening, &entry.opening, &packed);
    if (is_open && err == DAIS_OK)
        err = dais_writer_finish(&packed, &line.opening);
    if (err == DAIS_OK)
        err = dais_list_add(&lines->answer.entries, &dais_shape_entry_line, &line, &lines->list);
    if (err == DAIS_ERR_NO_SPACE && lines->answer.entries.count > 0) {
        lines->list = before;
        lines->is_full = lines->is_left_out = true;
        return DAIS_OK;
    }
    lines->is_full = lines->answer.entries.count == DAIS_LIMIT_ROWS;
    return err;
}

dais_err_t dais_answer_entries(dais_question_t *question)
{
    dais_ask_entries_t ask;
    lines_t lines;
    uint64_t size = dais_book_signed_size(dais_cycle_book(question->cycle));
    dais_err_t err = dais_question_read(question, &dais_shape_ask_entries, &ask);
    if (err == DAIS_OK && ask.from > size)
        err = DAIS_ERR_OUT_OF_RANGE;
    if (err == DAIS_OK && ask.from == size)
        err = dais_question_wait(question, ask.wait_ms);
    if (err != DAIS_OK)
        return err;
    lines_init(&lines, question, DAIS_WHAT_ENTRIES);
    lines.answer.from = ask.from;
    for (uint64_t seq = ask.from;
         err == DAIS_OK && seq < size && seq - ask.from < ask.count && !lines.is_full; seq++)
        err = lines_add(&lines, seq);
    return err == DAIS_OK
               ? dais_shape_encode(&dais_shape_answer_entries, &lines.answer, question->body)
               : err;
}

/* Has what this reader may see of the entry changed since the log had `since` entries? Of a later
 * entry: since it came, as whoever was given it then knows what of it was open from the first. */
static bool opened_since(const dais_question_t *question, uint64_t seq, uint64_t since)
{
    dais_rules_t *rules = dais_cycle_rules(question->cycle);
    uint64_t size = dais_book_size(dais_cycle_book(question->cycle));
    uint64_t known = seq < since ? since : seq + 1;
    return !dais_visible_entry(rules, question->reader, seq, known) &&
           dais_visible_entry(rules, question->reader, seq, size);
}

/* Entries whose contents were erased by a second that was logged since. */
static bool erased_since(const dais_question_t *question, uint64_t seq, uint64_t since)
{
    dais_rules_store_t *state = dais_book_state(dais_cycle_book(question->cycle));
    dais_row_key_t key = {{0}};
    dais_second_row_t row;
    if (!dais_visible_erased(dais_cycle_rules(question->cycle), seq))
        return false;
    for (; state->port->sorted_next(state, DAIS_TABLE_SECOND, &key, &row); key.part[0]++) {
        dais_row_key_t target = {{key.part[0], 0}};
        dais_target_row_t of;
        if (row.kind != DAIS_KIND_ERASURE || row.seconded < since)
            continue;
        for (; state->port->sorted_next(state, DAIS_TABLE_TARGET, &target, &of) &&
               target.part[0] == key.part[0];
             target.part[1]++)
            if (of.number == seq)
                return true;
    }
    return false;
}

/* Has anything come since that may have opened entries to the public? Who goes by other
 * grounds looks at every entry, and so does who was away for long. */
static bool opened_may_have(const dais_question_t *question, uint64_t since)
{
    dais_book_t *book = dais_cycle_book(question->cycle);
    dais_rules_store_t *state = dais_book_state(book);
    uint64_t size = dais_book_size(book);
    dais_entry_row_t entry;
    if (question->who.key_number != 0 || size - since > SCAN_MAX)
        return true;
    for (uint64_t seq = since; seq < size; seq++) {
        if (!state->port->dense_get(state, DAIS_TABLE_ENTRY, seq + 1, &entry) ||
            dais_visible_may_open(entry.kind))
            return true;
    }
    return false;
}

dais_err_t dais_answer_opened(dais_question_t *question)
{
    dais_ask_opened_t ask;
    lines_t lines;
    uint64_t size = dais_book_signed_size(dais_cycle_book(question->cycle));
    dais_err_t err = dais_question_read(question, &dais_shape_ask_opened, &ask);
    if (err == DAIS_OK && ask.since > size)
        err = DAIS_ERR_OUT_OF_RANGE;
    if (err != DAIS_OK)
        return err;
    lines_init(&lines, question, DAIS_WHAT_OPENED);
    uint64_t seq = opened_may_have(question, ask.since) ? ask.from : size;
    for (; seq < size && seq - ask.from < SCAN_MAX && !lines.is_full; seq++) {
        if (opened_since(question, seq, ask.since) || erased_since(question, seq, ask.since))
            err = lines_add(&lines, seq);
        if (err != DAIS_OK)
            return err;
    }
    if (lines.is_left_out)
        seq--;
    lines.answer.from = seq < size ? seq : 0;
    return dais_shape_encode(&dais_shape_answer_entries, &lines.answer, question->body);
}
