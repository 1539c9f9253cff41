/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_REGISTRY_ANSWER_H
#define DAIS_REGISTRY_ANSWER_H

#include "registry/cycle.h"

/* What is asked of a cycle and what is answered (proto/calls.def, ask_... and answer_...). Each
 * sort of question has a file of its own, answer_*.c, and a line in the table of answer.c. Whatever
 * a reader may see is asked of dais_visible_...() and nowhere else. */

typedef struct {
    dais_cycle_t *cycle;
    dais_roster_who_t who;    /* key_number 0: the public */
    dais_reader_who_t reader; /* the same, as visible.h takes it */
    dais_slice_t what;        /* the packed question */
    bool may_wait;            /* false: the time of waiting is over, or there is none */
    uint64_t wait_ms;         /* set by the answer: how long the asker would wait */
    dais_writer_t *body;      /* the packed answer goes here */
} dais_question_t;

/* Answers within a span of reads. WOULD_WAIT if there is nothing yet and the asker would rather
 * wait (may_wait); a refusal is an answer; a failure is one of this machine. */
typedef dais_err_t dais_answer_fn_t(dais_question_t *question);

/* The number of what is asked; UNKNOWN_ASK if it is none, or one that the public may not ask. */
DAIS_MUST_CHECK dais_err_t dais_answer_find(dais_slice_t what, bool is_public,
                                            dais_answer_fn_t **answer);

/* Begins a span of reads, answers, ends it. */
DAIS_MUST_CHECK dais_err_t dais_answer(dais_question_t *question);

/* Decodes the question into the struct of its shape; UNKNOWN_ASK. */
DAIS_MUST_CHECK dais_err_t dais_question_read(const dais_question_t *question,
                                              const dais_shape_t *shape, void *out);

/* WOULD_WAIT if the asker waits for so long and still may; DAIS_OK if there is nothing for it but
 * an answer now. */
DAIS_MUST_CHECK dais_err_t dais_question_wait(dais_question_t *question, uint64_t wait_ms);

/* Room for lists of an answer that is being put together: one for the process, as one question is
 * answered at a time. Budget is what an answer's lists may come to. */
#define DAIS_ANSWER_LIST_BYTES ((size_t)DAIS_LIMIT_ANSWER - 8192)
uint8_t *dais_answer_room(void);

/* One entry as this reader may see it: its opening packed behind what the writer holds, nothing if
 * it may not see it. Private contents go to their author, to the secretariat, and to the inspector;
 * those of sealed kinds to whoever of the chair, the bureau or the decider sees the entry. */
DAIS_MUST_CHECK dais_err_t dais_answer_opening(dais_question_t *question, uint64_t seq,
                                               dais_book_entry_t *entry, bool *is_open);

dais_answer_fn_t dais_answer_checkpoint;
dais_answer_fn_t dais_answer_entries;
dais_answer_fn_t dais_answer_opened;
dais_answer_fn_t dais_answer_receipts;
dais_answer_fn_t dais_answer_proof;
dais_answer_fn_t dais_answer_cycle;
dais_answer_fn_t dais_answer_list;
dais_answer_fn_t dais_answer_status;
dais_answer_fn_t dais_answer_queue;
dais_answer_fn_t dais_answer_cases;
dais_answer_fn_t dais_answer_objections;

#endif
