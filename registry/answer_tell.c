/* SPDX-License-Identifier: Apache-2.0
 *
 * Answers about lists, things, cases and objections: the question is read, the answer put together
 * by registry/tell.h and packed. */
#include "registry/answer.h"
#include "registry/tell.h"

static bool answer_entry(void *context, uint64_t seq, dais_tell_entry_t *entry)
{
    dais_book_t *book = (dais_book_t *)context;
    dais_book_entry_t read;
    if (!dais_book_entry(book, seq, &read))
        return false;
    dais_list_walk_t walk = dais_list_begin(&read.record.verdicts, &dais_shape_code_item);
    dais_code_item_t verdict = {.value = 0};
    (void)dais_list_next(&walk, &verdict);
    *entry = (dais_tell_entry_t){.message = read.record.message,
                                 .received_at = read.record.received_at,
                                 .logged_at = read.record.logged_at,
                                 .verdict = (unsigned)verdict.value};
    return true;
}

static dais_tell_t answer_tell(const dais_question_t *question, dais_writer_t *rows)
{
    dais_writer_init(rows, dais_answer_room(), DAIS_ANSWER_LIST_BYTES);
    return (dais_tell_t){.rules = dais_cycle_rules(question->cycle),
                         .who = question->who,
                         .reader = question->reader,
                         .entry = answer_entry,
                         .context = dais_cycle_book(question->cycle),
                         .rows = rows};
}

dais_err_t dais_answer_list(dais_question_t *question)
{
    dais_writer_t rows;
    dais_tell_t tell = answer_tell(question, &rows);
    dais_ask_list_t ask;
    dais_answer_list_t answer;
    dais_err_t err = dais_question_read(question, &dais_shape_ask_list, &ask);
    if (err == DAIS_OK)
        err = dais_tell_list(&tell, &ask, &answer);
    return err == DAIS_OK ? dais_shape_encode(&dais_shape_answer_list, &answer, question->body)
                          : err;
}

dais_err_t dais_answer_status(dais_question_t *question)
{
    dais_writer_t rows;
    dais_tell_t tell = answer_tell(question, &rows);
    dais_ask_status_t ask;
    dais_answer_status_t answer;
    dais_err_t err = dais_question_read(question, &dais_shape_ask_status, &ask);
    if (err == DAIS_OK)
        err = dais_tell_status(&tell, &ask, &answer);
    return err == DAIS_OK ? dais_shape_encode(&dais_shape_answer_status, &answer, question->body)
                          : err;
}

dais_err_t dais_answer_queue(dais_question_t *question)
{
    dais_writer_t rows;
    dais_tell_t tell = answer_tell(question, &rows);
    dais_ask_queue_t ask;
    dais_answer_status_t answer;
    dais_err_t err = dais_question_read(question, &dais_shape_ask_queue, &ask);
    if (err == DAIS_OK)
        err = dais_tell_queue(&tell, &ask, &answer);
    return err == DAIS_OK ? dais_shape_encode(&dais_shape_answer_status, &answer, question->body)
                          : err;
}

dais_err_t dais_answer_cases(dais_question_t *question)
{
    dais_writer_t rows;
    dais_tell_t tell = answer_tell(question, &rows);
    dais_ask_cases_t ask;
    dais_answer_cases_t answer;
    dais_err_t err = dais_question_read(question, &dais_shape_ask_cases, &ask);
    if (err == DAIS_OK)
        err = dais_tell_cases(&tell, &ask, &answer);
    return err == DAIS_OK ? dais_shape_encode(&dais_shape_answer_cases, &answer, question->body)
                          : err;
}

dais_err_t dais_answer_objections(dais_question_t *question)
{
    dais_writer_t rows;
    dais_tell_t tell = answer_tell(question, &rows);
    dais_ask_objections_t ask;
    dais_answer_objections_t answer;
    dais_err_t err = dais_question_read(question, &dais_shape_ask_objections, &ask);
    if (err == DAIS_OK)
        err = dais_tell_objections(&tell, &ask, &answer);
    return err == DAIS_OK
               ? dais_shape_encode(&dais_shape_answer_objections, &answer, question->body)
               : err;
}
