/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "registry/answer.h"

/* A date as the entry that set it says it: its local time and zone are shown as announced. */
static void cycle_local(dais_question_t *question, unsigned which, const dais_date_row_t *row,
                        dais_date_line_t *line, char text[2][DAIS_LIMIT_CODE + 1])
{
    dais_slice_t message;
    dais_message_t decoded;
    const dais_kind_t *kind;
    dais_date_t date;
    dais_list_t dates = {0};
    union {
        dais_call_t call;
        dais_list_version_t list;
        dais_calendar_change_t change;
    } subject;
    if (!dais_book_message(dais_cycle_book(question->cycle), row->announced, &message) ||
        dais_message_decode(message, &decoded, &kind).err != DAIS_OK ||
        (kind->number != DAIS_KIND_CALL && kind->number != DAIS_KIND_LIST_VERSION &&
         kind->number != DAIS_KIND_CALENDAR_CHANGE) ||
        dais_shape_decode(kind->subject, decoded.subject, &subject).err != DAIS_OK)
        return;
    if (kind->number == DAIS_KIND_CALL)
        dates = subject.call.dates;
    else if (kind->number == DAIS_KIND_LIST_VERSION)
        dates = subject.list.dates;
    else
        dates = subject.change.dates;
    dais_list_walk_t walk = dais_list_begin(&dates, &dais_shape_date);
    while (dais_list_next(&walk, &date)) {
        if (date.which != which)
            continue;
        memcpy(text[0], date.local.data, date.local.size);
        memcpy(text[1], date.zone.data, date.zone.size);
        line->local = dais_slice(text[0], date.local.size);
        line->zone = dais_slice(text[1], date.zone.size);
    }
}

static uint64_t cycle_grace(const dais_question_t *question, unsigned which)
{
    bool has_grace = which == DAIS_DATE_APPLICATION || which == DAIS_DATE_OBJECTION_CLOSES ||
                     which == DAIS_DATE_COMMENT;
    return has_grace ? dais_rules_policy(dais_cycle_rules(question->cycle))->grace : 0;
}

static dais_err_t cycle_dates(dais_question_t *question, dais_list_t *dates, dais_writer_t *list)
{
    dais_rules_store_t *state = dais_book_state(dais_cycle_book(question->cycle));
    dais_err_t err = DAIS_OK;
    for (unsigned which = 1; which < DAIS_WORDS_END_date && err == DAIS_OK; which++) {
        char text[2][DAIS_LIMIT_CODE + 1];
        dais_row_key_t key = {{which}};
        dais_date_row_t row;
        if (!state->port->sorted_get(state, DAIS_TABLE_DATE, &key, &row))
            continue;
        dais_date_line_t line = {.which = which,
                                 .due = row.due,
                                 .closes_at = row.due + cycle_grace(question, which),
                                 .ticked = row.ticked};
        cycle_local(question, which, &row, &line, text);
        err = dais_list_add(dates, &dais_shape_date_line, &line, list);
    }
    return err;
}

/* Retirements of keys are deadlines like any other, and intakes mark them too. As many as fit. */
static dais_err_t cycle_retirements(dais_question_t *question, dais_list_t *dates,
                                    dais_writer_t *list)
{
    dais_rules_store_t *state = dais_book_state(dais_cycle_book(question->cycle));
    dais_row_key_t key = {{0}};
    dais_mark_row_t mark;
    dais_err_t err = DAIS_OK;
    while (err == DAIS_OK && dates->count < DAIS_LIMIT_DATES &&
           state->port->sorted_next(state, DAIS_TABLE_RETIRES, &key, &mark)) {
        dais_date_line_t line = {
            .which = DAIS_DATE_KEY_RETIRES, .due = key.part[0], .closes_at = key.part[0]};
        err = dais_list_add(dates, &dais_shape_date_line, &line, list);
        key = (dais_row_key_t){{key.part[0] + 1}}; /* the next instant */
    }
    return err;
}

/* Of the call in force; it is public as soon as it is logged. */
static dais_slice_t cycle_title(dais_question_t *question, uint64_t call)
{
    dais_slice_t message;
    dais_message_t decoded;
    const dais_kind_t *kind;
    dais_call_t subject;
    if (call == 0 || !dais_book_message(dais_cycle_book(question->cycle), call, &message) ||
        dais_message_decode(message, &decoded, &kind).err != DAIS_OK ||
        dais_shape_decode(kind->subject, decoded.subject, &subject).err != DAIS_OK)
        return dais_slice(NULL, 0);
    return subject.title;
}

dais_err_t dais_answer_cycle(dais_question_t *question)
{
    dais_ask_cycle_t ask;
    dais_cycle_row_t row;
    dais_now_t now;
    dais_writer_t list;
    dais_row_key_t key = {{0}};
    dais_book_t *book = dais_cycle_book(question->cycle);
    dais_rules_store_t *state = dais_book_state(book);
    dais_err_t err = dais_question_read(question, &dais_shape_ask_cycle, &ask);
    if (err == DAIS_OK && !state->port->sorted_get(state, DAIS_TABLE_CYCLE, &key, &row))
        err = DAIS_ERR_CORRUPT;
    if (err == DAIS_OK)
        err = dais_clock_now(&dais_cycle_house(question->cycle)->clock, &now);
    if (err != DAIS_OK)
        return err;
    dais_answer_cycle_t answer = {
        .what = DAIS_WHAT_CYCLE,
        .state = dais_slice_text(dais_machine(DAIS_MACHINE_CYCLE)->states[row.state].name),
        .size = dais_book_size(book),
        .now = now.wall_ms,
        .list_version = row.list_version};
    dais_writer_init(&list, dais_answer_room(), DAIS_ANSWER_LIST_BYTES);
    err = cycle_dates(question, &answer.dates, &list);
    if (err == DAIS_OK)
        err = cycle_retirements(question, &answer.dates, &list);
    answer.title = cycle_title(question, row.call);
    return err == DAIS_OK ? dais_shape_encode(&dais_shape_answer_cycle, &answer, question->body)
                          : err;
}
