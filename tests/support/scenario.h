/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_SUPPORT_SCENARIO_H
#define DAIS_TESTS_SUPPORT_SCENARIO_H

#include "registry/rules/rules.h"

/* One entry as it was logged, for whoever listens to a scenario. All of it lives as long as the
 * call. */
typedef struct {
    uint64_t seq;
    const char *who;    /* name of the key that signs it; null for genesis and own entries */
    const char *intake; /* name of the intake's key; null where it came without a stamp */
    const dais_rules_facts_t *facts; /* of a message */
    const dais_kind_t *kind;
    const dais_genesis_t *genesis; /* one of these three */
    const dais_message_t *message; /* without commitments */
    const dais_own_t *own;
    const dais_verdicts_t *verdicts;
    dais_slice_t content; /* public content of a message */
    uint64_t logged_at;
} scenario_heard_t;

/* Hears of every entry after the rules have taken it. `due` is called for a tick before it is
 * logged, so that the listener adds the closing stamps; `quiet` when all own entries that were due
 * have been logged; `ended` after the last line. Any may be null. */
typedef struct {
    void *context;
    void (*entry)(void *context, dais_rules_t *rules, const scenario_heard_t *heard);
    void (*due)(void *context, uint64_t closes_at, dais_tick_t *tick);
    void (*quiet)(void *context, dais_rules_t *rules);
    void (*ended)(void *context, dais_rules_t *rules);
} scenario_listener_t;

/* A procedure as text: who says what in which order, with which verdicts, and what is so then.
 * Links with cmocka; a line that does not hold fails the test and is printed. Lines:
 *
 *   # a remark
 *   cycle NAME                 name of the cycle
 *   begins DATE                day and time (RFC 3339, UTC) that hours are counted from
 *   policy-file NAME           policies/NAME.zpl, or @FILE of the case's folder; without it, the
 * sound policy of policy_text.h policy KEY = VALUE         a change to the sound policy value KEY =
 * VALUE          a value that every call gives carry ORG                  a case that an earlier
 * cycle left open carry-many N               N more, of k0, k1, ... (these before all others, which
 * begin the log) actor NAME ROLE STATE HOLDER      the secretariat `sec` adds a key; - for nothing
 *   include NAME               the lines of tests/scenarios/NAME.txt
 *   clock HOURS                when what follows is received
 *   [LABEL:] WHO KIND field=value ... => verdict ...
 *   tick DATE                  the next deadline is closed, and it is this one
 *   not-tick DATE [HOURS]      that tick is refused; for its own instant or another
 *   registry KIND field=value ...     an own entry that is the registry's word
 *   ? cycle STATE              and org, told, case, carried, comment: ? org NAME STATE
 *   ? objection ORG STATE-CODE STATE
 *   ? kept ORG STATE-CODE STATE,STATE   now, and kept of before a decision; ? kept ORG case INDEX
 *   ? count FIELD NUMBER       of the cycle's row
 *   ? tally NAME NUMBER        of the tally as of now; "none" if it has no such number
 *   ? own KIND [ORG WORD]      the next own entry since the last message or tick; ? own none
 *   ? sentence WORDS
 *
 * `*` stands for any verdicts, or for whatever deadline is next, if there is one.
 *
 * Fields have the names of proto/subjects.def; those left out get the least that is valid. Ids and
 * keys are names. Times are hours. Elements of lists have commas between, their fields colons; a
 * value with spaces stands in quotes. @LABEL is the index of a labelled line, or of
 * the last own entry of that kind. Besides: mid=NAME (id
 * of the message), for=ORG (on_behalf), now=HOURS, text=TEXT or text=@FILE (what people read;
 * a file of the case's folder). What is not for the roster alone comes through the first actor of
 * role intake, if there is one. A call and list version 1 that name no dates give all that are
 * expected, at the hours of scenario_hours in scenario.c.
 *
 * After each message and tick the own entries that are due are appended. After each line the counts
 * of the cycle are compared with the rows that they count. */
void scenario_run(const char *text);

/* The same, with somebody who listens. */
void scenario_run_heard(const char *text, const scenario_listener_t *listener);

/* The same from a file under the source tree. */
void scenario_run_file(const char *path, const scenario_listener_t *listener);

/* Every case that is run after this has one line changed: the first `from` in it is `to`. The texts
 * live as long as the program. A case without it fails. */
void scenario_change(const char *from, const char *to);

/* A case of tests/cases: the lines of its call.txt, events.txt and outcome.txt. */
void scenario_run_case(const char *name, const scenario_listener_t *listener);

/* How often this program's scenarios have asked for a verdict and got it. */
unsigned scenario_seen(unsigned verdict);

/* How often they have seen a move of a table; from 0: a thing that began in this state. */
unsigned scenario_moved(dais_machine_t machine, unsigned from, unsigned to);

#endif
