/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/answer.h"

static const struct {
    unsigned what;
    bool is_public; /* may stand in a look */
    dais_answer_fn_t *answer;
} answers[] = {
    {DAIS_WHAT_CHECKPOINT, true, dais_answer_checkpoint},
    {DAIS_WHAT_ENTRIES, true, dais_answer_entries},
    {DAIS_WHAT_OPENED, true, dais_answer_opened},
    {DAIS_WHAT_RECEIPTS, false, dais_answer_receipts},
    {DAIS_WHAT_PROOF, false, dais_answer_proof},
    {DAIS_WHAT_CYCLE, true, dais_answer_cycle},
    {DAIS_WHAT_LIST, true, dais_answer_list},
    {DAIS_WHAT_STATUS, false, dais_answer_status},
    {DAIS_WHAT_QUEUE, false, dais_answer_queue},
    {DAIS_WHAT_CASES, true, dais_answer_cases},
    {DAIS_WHAT_OBJECTIONS, true, dais_answer_objections},
};

dais_err_t dais_answer_find(dais_slice_t what, bool is_public, dais_answer_fn_t **answer)
{
    dais_reader_t reader;
    dais_reader_init(&reader, what);
    (void)dais_reader_array(&reader, 1, UINT32_MAX);
    uint64_t number = dais_reader_uint(&reader, 0, UINT32_MAX);
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        if (answers[i].what != number || reader.fault.err != DAIS_OK ||
            (is_public && !answers[i].is_public))
            continue;
        *answer = answers[i].answer;
        return DAIS_OK;
    }
    return DAIS_ERR_UNKNOWN_ASK;
}

dais_err_t dais_answer(dais_question_t *question)
{
    dais_answer_fn_t *answer;
    dais_err_t err = dais_answer_find(question->what, question->who.key_number == 0, &answer);
    if (err != DAIS_OK)
        return err;
    dais_book_t *book = dais_cycle_book(question->cycle);
    dais_book_begin(book, DAIS_TXN_READ);
    err = answer(question);
    dais_err_t of_span = dais_book_end(book);
    return of_span != DAIS_OK ? of_span : err;
}

dais_err_t dais_question_read(const dais_question_t *question, const dais_shape_t *shape, void *out)
{
    return dais_shape_decode(shape, question->what, out).err == DAIS_OK ? DAIS_OK
                                                                        : DAIS_ERR_UNKNOWN_ASK;
}

dais_err_t dais_question_wait(dais_question_t *question, uint64_t wait_ms)
{
    question->wait_ms = wait_ms;
    return question->may_wait && wait_ms > 0 ? DAIS_ERR_WOULD_WAIT : DAIS_OK;
}

uint8_t *dais_answer_room(void)
{
    static uint8_t room[DAIS_LIMIT_ANSWER];
    return room;
}

static bool answer_shows_private(const dais_question_t *question, const dais_book_entry_t *entry)
{
    dais_rules_store_t *state = dais_book_state(dais_cycle_book(question->cycle));
    dais_roster_who_t author = dais_roster_at(state, entry->key_number, entry->opening.seq);
    unsigned role = question->reader.role;
    if (role == DAIS_ROLE_INSPECTOR || role == DAIS_ROLE_REGISTRY)
        return true;
    if (question->who.actor_number != 0 && author.actor_number == question->who.actor_number)
        return true;
    if (entry->stream == DAIS_STREAM_OPEN)
        return role == DAIS_ROLE_SECRETARIAT;
    return role == DAIS_ROLE_CHAIR || role == DAIS_ROLE_BUREAU || role == DAIS_ROLE_CONFERENCE ||
           role == DAIS_ROLE_SECRETARIAT;
}

dais_err_t dais_answer_opening(dais_question_t *question, uint64_t seq, dais_book_entry_t *entry,
                               bool *is_open)
{
    dais_book_t *book = dais_cycle_book(question->cycle);
    dais_rules_t *rules = dais_cycle_rules(question->cycle);
    *is_open = dais_visible_entry(rules, question->reader, seq, dais_book_size(book));
    if (!dais_book_entry(book, seq, entry))
        return dais_book_failure(book) != DAIS_OK ? dais_book_failure(book) : DAIS_ERR_NOT_FOUND;
    if (dais_visible_erased(rules, seq))
        entry->opening.public_opening = entry->opening.private_opening = dais_slice(NULL, 0);
    if (!answer_shows_private(question, entry))
        entry->opening.private_opening = dais_slice(NULL, 0);
    return DAIS_OK;
}
