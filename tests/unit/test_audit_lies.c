/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#include "audit/verify.h"
#include "tests/support/scenario_log.h"

#define CASE  "untoc-2022-05-27"
#define WHOLE "whole.export"

/* Goes on where the log's own listener ends. */
typedef struct {
    scenario_log_t *log;
    scenario_listener_t inner;
    dais_reader_who_t reader;
    uint64_t size;
} told_t;

static void told_entry(void *context, dais_rules_t *rules, const scenario_heard_t *heard)
{
    const told_t *told = context;
    told->inner.entry(told->inner.context, rules, heard);
}

static void told_due(void *context, uint64_t closes_at, dais_tick_t *tick)
{
    const told_t *told = context;
    told->inner.due(told->inner.context, closes_at, tick);
}

static dais_err_t told_write(void *context, dais_slice_t bytes)
{
    return fwrite(bytes.data, 1, bytes.size, context) == bytes.size ? DAIS_OK : DAIS_ERR_IO;
}

static void told_ended(void *context, dais_rules_t *rules)
{
    const told_t *told = context;
    FILE *file = fopen(WHOLE, "wbe");
    assert_non_null(file);
    scenario_log_export(told->log, rules, told->reader, told->size, told_write, file);
    assert_int_equal(fclose(file), 0);
}

/* Plays the case into a file with one lie in it, and audits that. */
static void audit(scenario_lie_t lie, unsigned role, uint64_t size, dais_checks_t *checks)
{
    told_t told = {.log = scenario_log_create(), .reader = {.role = role}, .size = size};
    dais_trust_t trust;
    char key[512];
    scenario_listener_t listener = {
        .context = &told, .entry = told_entry, .due = told_due, .ended = told_ended};
    scenario_log_lie(told.log, lie, 89);
    told.inner = scenario_log_listener(told.log);
    scenario_run_case(CASE, &listener);
    assert_true(scenario_log_lied(told.log));
    scenario_log_destroy(&told.log);
    scenario_log_key(CASE, key, sizeof key);
    assert_int_equal(dais_trust_read(&trust, key), DAIS_OK);
    *checks = (dais_checks_t){.failures = NULL};
    assert_int_equal(dais_verify_log(WHOLE, &trust, checks), DAIS_OK);
    assert_int_equal(unlink(WHOLE), 0);
}

static const struct {
    const char *name;
    scenario_lie_t lie;
    dais_check_t check;
} lies[] = {
    {"verdict", SCENARIO_LIE_VERDICT, DAIS_CHECK_VERDICTS},
    {"outcome", SCENARIO_LIE_OUTCOME, DAIS_CHECK_OUTCOMES},
    {"tick without marks", SCENARIO_LIE_BARE_TICK, DAIS_CHECK_MARKS},
    {"key of nobody", SCENARIO_LIE_STRANGER, DAIS_CHECK_ROSTER},
    {"signature of a bundle", SCENARIO_LIE_BUNDLE_SIGNATURE, DAIS_CHECK_BUNDLES},
    {"chain of bundles", SCENARIO_LIE_BUNDLE_PREV, DAIS_CHECK_BUNDLE_CHAIN},
    {"message of a bundle", SCENARIO_LIE_BUNDLE_ROOT, DAIS_CHECK_MESSAGES},
    {"what was seen", SCENARIO_LIE_SEEN, DAIS_CHECK_SEEN},
    {"stamp by no intake", SCENARIO_LIE_STAMP_KEY, DAIS_CHECK_INTAKES},
    {"signature of a stamp", SCENARIO_LIE_STAMP_SIGNATURE, DAIS_CHECK_STAMPS},
    {"chain of stamps", SCENARIO_LIE_STAMP_PREV, DAIS_CHECK_STAMP_CHAIN},
    {"stamp left out", SCENARIO_LIE_UNSTAMPED, DAIS_CHECK_INTAKES},
    {"back-dated stamp", SCENARIO_LIE_BACKDATED, DAIS_CHECK_ORDER},
    {"time of receipt", SCENARIO_LIE_RECEIVED, DAIS_CHECK_RECEIVED},
    {"content", SCENARIO_LIE_CONTENT, DAIS_CHECK_CONTENTS},
    {"comment withheld", SCENARIO_LIE_WITHHELD, DAIS_CHECK_CONTENTS},
    {"time of logging", SCENARIO_LIE_LOGGED, DAIS_CHECK_TIME},
    {"record", SCENARIO_LIE_RECORD, DAIS_CHECK_RECORDS},
    {"root", SCENARIO_LIE_ROOT, DAIS_CHECK_ROOT},
};

/* Goal: each lie that can be put into a log, signed and hashed as it should be, is caught by the
 * check that is there for it. Method: the case with one lie at a time. */
static void test_lies(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        dais_checks_t checks;
        audit(lies[i].lie, DAIS_ROLE_INSPECTOR, 0, &checks);
        if (checks.counts[lies[i].check][DAIS_CHECK_FAILED] == 0) {
            dais_checks_print(&checks, stderr);
            fail_msg("not caught: %s", lies[i].name);
        }
        dais_checks_free(&checks);
    }
}

/* Goal: an entry that the registry owed and left out is missed. Method: the log without its last
 * entry, which is a tally. */
static void test_left_out(void **state)
{
    dais_checks_t checks;
    (void)state;
    audit(SCENARIO_LIE_NONE, DAIS_ROLE_INSPECTOR, 235, &checks);
    assert_true(checks.counts[DAIS_CHECK_DUE][DAIS_CHECK_FAILED] > 0);
    dais_checks_free(&checks);
}

/* Goal: the public finds out too, as far as it can see. Method: of the public's export, lies about
 * what is open: a wrong outcome, a verdict of the Chair's summary or any other that is open. */
static void test_public(void **state)
{
    static const struct {
        scenario_lie_t lie;
        dais_check_t check;
    } seen[] = {
        {SCENARIO_LIE_OUTCOME, DAIS_CHECK_PUBLIC},   {SCENARIO_LIE_BARE_TICK, DAIS_CHECK_MARKS},
        {SCENARIO_LIE_ROOT, DAIS_CHECK_ROOT},        {SCENARIO_LIE_WITHHELD, DAIS_CHECK_CONTENTS},
        {SCENARIO_LIE_CONTENT, DAIS_CHECK_CONTENTS},
    };
    (void)state;
    for (size_t i = 0; i < sizeof seen / sizeof seen[0]; i++) {
        dais_checks_t checks;
        audit(seen[i].lie, 0, 0, &checks);
        if (checks.counts[seen[i].check][DAIS_CHECK_FAILED] == 0)
            fail_msg("not caught: %zu", i);
        dais_checks_free(&checks);
    }
}

/* Goal: without a lie nothing fails. Method: both exports. */
static void test_truth(void **state)
{
    static const unsigned roles[] = {DAIS_ROLE_INSPECTOR, 0};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        dais_checks_t checks;
        audit(SCENARIO_LIE_NONE, roles[i], 0, &checks);
        assert_int_equal(checks.failure_count, 0);
        assert_int_equal(dais_checks_exit(&checks), 0);
        dais_checks_free(&checks);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_truth),
        cmocka_unit_test(test_lies),
        cmocka_unit_test(test_left_out),
        cmocka_unit_test(test_public),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
