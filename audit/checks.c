/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/checks.h"

#include <stdlib.h>
#include <string.h>

#include "base/exit.h"

#define FAILURES_MAX 100000 /* listed; beyond it they are counted only */

void dais_checks_free(dais_checks_t *checks)
{
    free(checks->failures);
    memset(checks, 0, sizeof *checks);
}

void dais_checks_pass(dais_checks_t *checks, dais_check_t check)
{
    checks->counts[check][DAIS_CHECK_PASSED]++;
}

void dais_checks_count(dais_checks_t *checks, dais_check_t check, dais_check_result_t result)
{
    checks->counts[check][result]++;
}

static dais_check_failure_t *checks_room(dais_checks_t *checks)
{
    if (checks->failure_count == checks->failure_capacity) {
        size_t capacity = checks->failure_capacity == 0 ? 16 : 2 * checks->failure_capacity;
        dais_check_failure_t *more = realloc(checks->failures, capacity * sizeof *more);
        if (more == NULL)
            return NULL;
        checks->failures = more;
        checks->failure_capacity = capacity;
    }
    return &checks->failures[checks->failure_count++];
}

static void checks_add(dais_checks_t *checks, dais_check_t check, const uint64_t *seq,
                       const char *where, const char *text)
{
    checks->counts[check][DAIS_CHECK_FAILED]++;
    dais_check_failure_t *failure =
        checks->failure_count < FAILURES_MAX ? checks_room(checks) : NULL;
    if (failure == NULL) {
        checks->failures_lost++;
        return;
    }
    *failure = (dais_check_failure_t){.check = check, .has_seq = seq != NULL};
    if (seq != NULL)
        failure->seq = *seq;
    (void)snprintf(failure->where, sizeof failure->where, "%s", where);
    (void)snprintf(failure->text, sizeof failure->text, "%s", text);
}

void dais_checks_fail(dais_checks_t *checks, dais_check_t check, uint64_t seq, const char *text)
{
    checks_add(checks, check, &seq, "", text);
}

void dais_checks_fail_all(dais_checks_t *checks, dais_check_t check, const char *text)
{
    checks_add(checks, check, NULL, "", text);
}

void dais_checks_fail_at(dais_checks_t *checks, dais_check_t check, const char *where,
                         const char *text)
{
    checks_add(checks, check, NULL, where, text);
}

bool dais_checks_err(dais_checks_t *checks, dais_check_t check, uint64_t seq, dais_err_t err)
{
    if (err == DAIS_OK)
        dais_checks_pass(checks, check);
    else
        dais_checks_fail(checks, check, seq, dais_err_code(err));
    return err == DAIS_OK;
}

void dais_checks_skip(dais_checks_t *checks, dais_check_t check, const char *reason)
{
    checks->counts[check][DAIS_CHECK_NOT_CHECKED]++;
    if (checks->reasons[check] == NULL)
        checks->reasons[check] = reason;
}

bool dais_checks_has_failed(const dais_checks_t *checks)
{
    return checks->failure_count > 0 || checks->failures_lost > 0;
}

dais_check_result_t dais_checks_result(const dais_checks_t *checks, dais_check_t check)
{
    const uint64_t *counts = checks->counts[check];
    if (counts[DAIS_CHECK_FAILED] > 0)
        return DAIS_CHECK_FAILED;
    if (counts[DAIS_CHECK_NOT_CHECKED] > 0)
        return DAIS_CHECK_NOT_CHECKED;
    if (counts[DAIS_CHECK_PASSED] > 0)
        return DAIS_CHECK_PASSED;
    if (counts[DAIS_CHECK_SEALED] > 0)
        return DAIS_CHECK_SEALED;
    return counts[DAIS_CHECK_ERASED] > 0 ? DAIS_CHECK_ERASED : DAIS_CHECK_PASSED;
}

int dais_checks_exit(const dais_checks_t *checks)
{
    int status = DAIS_EXIT_DONE;
    for (unsigned check = 1; check < DAIS_CHECK_END; check++) {
        dais_check_result_t result = dais_checks_result(checks, check);
        if (result == DAIS_CHECK_FAILED)
            return DAIS_EXIT_UNVERIFIED;
        if (result == DAIS_CHECK_NOT_CHECKED)
            status = DAIS_EXIT_PARTLY;
    }
    return status;
}
