/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_SUPPORT_SCENARIO_LOG_H
#define DAIS_TESTS_SUPPORT_SCENARIO_LOG_H

#include "proto/export_log.h"
#include "registry/rules/visible.h"
#include "tests/support/scenario.h"

/* Makes of a scenario the log that a registry would have made of it: signed bundles of one message
 * each, stamps of the scenario's intake with a mark before each tick, salted records, a tree and a
 * signed checkpoint. Contents are those of the lines, private ones are empty. The same scenario
 * gives the same bytes. */
typedef struct scenario_log scenario_log_t;

scenario_log_t *scenario_log_create(void);
void scenario_log_destroy(scenario_log_t **log);

/* Has the log follow a scenario; to be given to scenario_run_heard(). */
scenario_listener_t scenario_log_listener(scenario_log_t *log);

/* The public key of every scenario's log, as text with its terminator. */
void scenario_log_key(const char *cycle, char *text, size_t capacity);

/* From this entry on the log is another one: same messages, other salts. For a log that was signed
 * twice. To be said before the scenario begins. */
void scenario_log_fork(scenario_log_t *log, uint64_t seq);

/* What a registry, intake or author could put into a log, signed and hashed as it should be. */
typedef enum {
    SCENARIO_LIE_NONE,
    SCENARIO_LIE_VERDICT,          /* another verdict than the rules give */
    SCENARIO_LIE_OUTCOME,          /* another word than follows */
    SCENARIO_LIE_BARE_TICK,        /* a tick without the intakes' marks */
    SCENARIO_LIE_STRANGER,         /* a bundle by a key that is on no roster */
    SCENARIO_LIE_BUNDLE_SIGNATURE, /* one whose signature is spoiled */
    SCENARIO_LIE_BUNDLE_PREV,      /* one that does not follow the one before */
    SCENARIO_LIE_BUNDLE_ROOT,      /* one that was signed over another message */
    SCENARIO_LIE_SEEN,             /* one whose author saw another log */
    SCENARIO_LIE_STAMP_KEY,        /* a stamp by somebody who is no intake */
    SCENARIO_LIE_STAMP_SIGNATURE,
    SCENARIO_LIE_STAMP_PREV,
    SCENARIO_LIE_UNSTAMPED, /* an entry without the stamp that it came with */
    SCENARIO_LIE_BACKDATED, /* a stamp from before the last tick */
    SCENARIO_LIE_RECEIVED,  /* a record with another time than its stamp */
    SCENARIO_LIE_CONTENT,   /* a content that the message does not commit to */
    SCENARIO_LIE_WITHHELD,  /* the content of a comment, not shown */
    SCENARIO_LIE_LOGGED,    /* logged before the entry before it */
    SCENARIO_LIE_RECORD,    /* another record than the leaf commits to */
    SCENARIO_LIE_ROOT,      /* a checkpoint over another tree */
} scenario_lie_t;

/* Once, at the first place from entry `seq` on where it can be told. */
void scenario_log_lie(scenario_log_t *log, scenario_lie_t lie, uint64_t seq);

/* Has it been told? */
bool scenario_log_lied(const scenario_log_t *log);

/* Writes what this reader may see as of now, of the first `size` entries, all if that is 0. Fails
 * the test if that is not possible. */
void scenario_log_export(scenario_log_t *log, dais_rules_t *rules, dais_reader_who_t reader,
                         uint64_t size, dais_export_sink_t *sink, void *context);

#endif
