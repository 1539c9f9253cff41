/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_REGISTRY_TELL_H
#define DAIS_REGISTRY_TELL_H

#include "registry/rules/lists.h"

/* What a reader is told of lists, things, cases and objections: answers put together from the state
 * of the rules, with names from the messages of the log. Whether something may be told is asked of
 * registry/rules/visible.h and lists.h alone. What may not be told is read all the same and left
 * out at the end, so that how long an answer takes says nothing of what is hidden. */

/* One entry, as far as it is told of. Lives until the next one is asked for. */
typedef struct {
    dais_slice_t message; /* message or own record */
    uint64_t received_at;
    uint64_t logged_at;
    unsigned verdict; /* the first one */
} dais_tell_entry_t;

typedef struct {
    dais_rules_t *rules;
    dais_roster_who_t who;    /* key_number 0: the public */
    dais_reader_who_t reader; /* the same, as visible.h takes it */
    bool (*entry)(void *context, uint64_t seq, dais_tell_entry_t *entry);
    void *context;
    dais_writer_t *rows; /* room for the list of the answer, which borrows it */
} dais_tell_t;

/* Each fills in the answer from the question. As many rows as there is room for and one answer may
 * have; `next` says where to go on. What is asked of what is not there, or may not be known, is
 * answered with no rows. NO_MEMORY, or what the store of the rules has. */
DAIS_MUST_CHECK dais_err_t dais_tell_list(const dais_tell_t *tell, const dais_ask_list_t *ask,
                                          dais_answer_list_t *answer);
DAIS_MUST_CHECK dais_err_t dais_tell_status(const dais_tell_t *tell, const dais_ask_status_t *ask,
                                            dais_answer_status_t *answer);
DAIS_MUST_CHECK dais_err_t dais_tell_queue(const dais_tell_t *tell, const dais_ask_queue_t *ask,
                                           dais_answer_status_t *answer);
DAIS_MUST_CHECK dais_err_t dais_tell_cases(const dais_tell_t *tell, const dais_ask_cases_t *ask,
                                           dais_answer_cases_t *answer);
DAIS_MUST_CHECK dais_err_t dais_tell_objections(const dais_tell_t *tell,
                                                const dais_ask_objections_t *ask,
                                                dais_answer_objections_t *answer);

/* What the above share. */

typedef struct {
    char name[DAIS_LIMIT_NAME];
    char country[DAIS_LIMIT_STATE];
    size_t name_size;
    size_t country_size;
    uint64_t mode;
} dais_tell_name_t;

/* Name, country and mode as the application says them; all empty unless `may_see`. */
dais_tell_name_t dais_tell_name(const dais_tell_t *tell, uint64_t application, bool may_see);

/* May the reader see this entry as of now? */
bool dais_tell_sees(const dais_tell_t *tell, uint64_t seq);

/* May it be told this of the organisation as of now? */
bool dais_tell_fact(const dais_tell_t *tell, dais_fact_t fact, uint32_t organisation);

bool dais_tell_org(const dais_tell_t *tell, uint64_t number, dais_organisation_row_t *org);

/* Does the reader act for it: is it its office? */
bool dais_tell_is_own(const dais_tell_t *tell, const dais_organisation_row_t *org);

/* The role that a policy's word for a body means; 0 for none. */
unsigned dais_tell_role_of(dais_policy_body_t body);

/* Where an answer begins and ends among the rows that this reader is told. They are counted by what
 * is told alone: the number of an objection or organisation would say how many there are that are
 * not. */
typedef struct {
    uint64_t from;  /* rows that earlier answers had */
    uint64_t place; /* of the next row that is told */
    uint64_t next;  /* 0, or where to go on once the answer is full */
} dais_tell_page_t;

/* Whether an earlier answer had the row that comes next, which is then passed over. */
bool dais_tell_passes(dais_tell_page_t *page);

/* Adds a row. False once the answer is full, and from then on. */
bool dais_tell_add(const dais_tell_t *tell, dais_tell_page_t *page, dais_list_t *list,
                   const dais_shape_t *shape, const void *row);

/* Things that a status or queue is about, collected and put in order before any is told. */
typedef struct {
    uint64_t urgency; /* the lowest comes first */
    uint64_t number;  /* in the table of its sort; the entry of a message or second */
    unsigned thing;   /* DAIS_STATUS_... */
} dais_tell_thing_t;

#define DAIS_TELL_THINGS_MAX 65536 /* of one answer, all its pages together */

typedef struct {
    dais_tell_thing_t *things;
    size_t count;
    size_t capacity;
    dais_err_t err;
} dais_tell_things_t;

/* Sticky: NO_MEMORY shows at the end. What is beyond the bound is left out. */
void dais_tell_collect(dais_tell_things_t *things, unsigned thing, uint64_t number,
                       uint64_t urgency);

/* Sorts them, tells those from place `from` on, and frees them. */
DAIS_MUST_CHECK dais_err_t dais_tell_things(const dais_tell_t *tell, dais_tell_things_t *things,
                                            uint64_t from, dais_answer_status_t *answer);

#endif
