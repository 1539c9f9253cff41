/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_AUDIT_CHECKS_H
#define DAIS_AUDIT_CHECKS_H

#include <jansson.h>
#include <stdio.h>

#include "base/err.h"
#include "base/slice.h"

/* What an audit finds, by numbered checks. Everything that fails is kept, not the first alone; the
 * same input gives the same text. */

/* Which verb of dais-audit makes a check. */
typedef enum {
    DAIS_CHECKS_VERIFY,
    DAIS_CHECKS_RECEIPTS,
    DAIS_CHECKS_DB,
    DAIS_CHECKS_OUTCOMES
} dais_checks_verb_t;

typedef enum {
#define CHECK(number, NAME, VERB, CLASS, name, text) DAIS_CHECK_##NAME = (number),
#include "audit/checks.def"
#undef CHECK
    DAIS_CHECK_END
} dais_check_t;

typedef enum {
    DAIS_CHECK_PASSED,
    DAIS_CHECK_FAILED,
    DAIS_CHECK_ERASED,      /* the content was erased by an entry */
    DAIS_CHECK_SEALED,      /* closed to whoever the file is for */
    DAIS_CHECK_NOT_CHECKED, /* could not be done; the reason says why */
    DAIS_CHECK_RESULTS
} dais_check_result_t;

typedef struct {
    dais_check_t check;
    bool has_seq;
    uint64_t seq;
    char where[160]; /* file and place in it; empty for an entry, or the whole */
    char text[320];  /* a code, or a few words */
} dais_check_failure_t;

typedef struct {
    dais_checks_verb_t verb; /* whose checks are shown */
    uint64_t counts[DAIS_CHECK_END][DAIS_CHECK_RESULTS];
    const char *reasons[DAIS_CHECK_END]; /* why one was not checked; static text */
    dais_check_failure_t *failures;      /* owned */
    size_t failure_count, failure_capacity;
    uint64_t failures_lost; /* for want of memory: counted all the same */
} dais_checks_t;

void dais_checks_free(dais_checks_t *checks);

void dais_checks_pass(dais_checks_t *checks, dais_check_t check);
void dais_checks_count(dais_checks_t *checks, dais_check_t check, dais_check_result_t result);
void dais_checks_fail(dais_checks_t *checks, dais_check_t check, uint64_t seq, const char *text);

/* Of the file as a whole. */
void dais_checks_fail_all(dais_checks_t *checks, dais_check_t check, const char *text);

/* At a place in a file: "data/dates.csv, row 3, due". Both texts have to be fit for a terminal. */
void dais_checks_fail_at(dais_checks_t *checks, dais_check_t check, const char *where,
                         const char *text);

/* Passes if err is DAIS_OK, else fails with its code. Returns whether it passed. */
bool dais_checks_err(dais_checks_t *checks, dais_check_t check, uint64_t seq, dais_err_t err);

/* reason is static text; the first one given counts. */
void dais_checks_skip(dais_checks_t *checks, dais_check_t check, const char *reason);

/* Has anything failed, whether there was room to keep it or not? */
bool dais_checks_has_failed(const dais_checks_t *checks);

/* What the check as a whole comes to: FAILED where anything failed, else NOT_CHECKED where
 * anything was not, else PASSED where anything passed or there was nothing to check. */
dais_check_result_t dais_checks_result(const dais_checks_t *checks, dais_check_t check);

/* DAIS_EXIT_UNVERIFIED, DAIS_EXIT_PARTLY or DAIS_EXIT_DONE. */
int dais_checks_exit(const dais_checks_t *checks);

/* The table, the failures, and one closing sentence on what was proved, what not, and why. */
void dais_checks_print(const dais_checks_t *checks, FILE *stream);

/* The same as one JSON object; false if it cannot be written. `file` is what was looked at;
 * `rows` (null for none) are named `name` in it, and are taken over. */
bool dais_checks_json(const dais_checks_t *checks, const char *file, FILE *stream);
bool dais_checks_json_rows(const dais_checks_t *checks, const char *file, const char *name,
                           json_t *rows, FILE *stream);

/* The word for a result: "PASS". */
const char *dais_checks_word(dais_check_result_t result);

#endif
