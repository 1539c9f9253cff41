/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/rules/policy.h"

#include <dirent.h>
#include <dlfcn.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/zpl.h"
#include "registry/rules/policy_print.h"
#include "tests/support/policy_text.h"

#define FOLDER       DAIS_SOURCE_DIR "/policies"
#define POLICIES_MIN 7

static char text_buffer[DAIS_LIMIT_POLICY + 1];
static dais_policy_t policy;

static dais_slice_t load(const char *name)
{
    char path[1024];
    snprintf(path, sizeof path, FOLDER "/%s", name);
    return policy_text_file(path, text_buffer, sizeof text_buffer);
}

/* Reads a policy and says all that is wrong with it if it does not load. */
static void parse(const char *name, dais_slice_t text)
{
    dais_policy_fault_t items[20];
    dais_policy_faults_t faults = {.items = items, .capacity = 20};
    char line[1000];
    dais_err_t err = dais_policy_parse(text, &policy, &faults);
    for (size_t i = 0; i < faults.count && i < faults.capacity; i++) {
        (void)dais_policy_print_fault(&items[i], name, line, sizeof line);
        print_error("%s\n", line);
    }
    assert_int_equal(err, DAIS_OK);
}

/* Calls `check` for each file of the folder, with its name; there have to be enough of them. */
static void for_each_policy(void (*check)(const char *name, dais_slice_t text))
{
    DIR *folder = opendir(FOLDER);
    size_t count = 0;
    assert_non_null(folder);
    for (struct dirent *entry = NULL; (entry = readdir(folder)) != NULL;) {
        const char *suffix = strrchr(entry->d_name, '.');
        if (suffix == NULL || strcmp(suffix, ".zpl") != 0)
            continue;
        check(entry->d_name, load(entry->d_name));
        count++;
    }
    assert_int_equal(closedir(folder), 0);
    assert_true(count >= POLICIES_MIN);
}

static void check_loads(const char *name, dais_slice_t text)
{
    parse(name, text);
    assert_int_equal(policy.id.size + strlen(".zpl"), strlen(name));
    assert_memory_equal(policy.id.data, name, policy.id.size);
}

/* Goal: every policy loads, and its id is the name of its file. Method: the folder. */
static void test_all_load(void **state)
{
    (void)state;
    for_each_policy(check_loads);
}

static void check_round_trip(const char *name, dais_slice_t text)
{
    static dais_policy_t first;
    static char printed[DAIS_LIMIT_POLICY];
    static char again[DAIS_LIMIT_POLICY];
    size_t size = 0;
    size_t size_again = 0;
    parse(name, text);
    first = policy;
    assert_int_equal(dais_policy_print(&first, printed, sizeof printed, &size), DAIS_OK);
    parse(name, dais_slice(printed, size));
    assert_true(dais_policy_equal(&first, &policy));
    assert_int_equal(dais_policy_print(&policy, again, sizeof again, &size_again), DAIS_OK);
    assert_int_equal(size, size_again);
    assert_memory_equal(printed, again, size);
}

/* Goal: the effective policy reads back to an equal one, and printing is settled after one round.
 * Method: print, read, compare, print again, for every policy. */
static void test_round_trip(void **state)
{
    (void)state;
    for_each_policy(check_round_trip);
}

static void check_honest(const char *name, dais_slice_t text)
{
    static const char *const unsourced[] = {"Inferred", "Chosen", "Remembered", "Not found",
                                            "Follows"};
    parse(name, text);
    for (unsigned key = 0; key < DAIS_POLICY_KEY_COUNT; key++) {
        bool is_confirmed = policy.confirmed[key] == DAIS_POLICY_CONFIRMED_SOURCE ||
                            policy.confirmed[key] == DAIS_POLICY_CONFIRMED_PRACTICE;
        dais_slice_t source = policy.source[key];
        bool has_address = memmem(source.data, source.size, ".org/", 5) != NULL ||
                           memmem(source.data, source.size, ".int/", 5) != NULL ||
                           memmem(source.data, source.size, ".net/", 5) != NULL ||
                           memmem(source.data, source.size, ".watch/", 7) != NULL;
        if (is_confirmed && !has_address)
            print_error("%s: %s\n", name, dais_policy_key_info((dais_policy_key_t)key).name);
        assert_true(!is_confirmed || has_address);
        for (size_t i = 0; i < sizeof unsourced / sizeof unsourced[0]; i++)
            assert_true(!is_confirmed || memmem(source.data, source.size, unsourced[i],
                                                strlen(unsourced[i])) == NULL);
    }
}

/* Goal: no value counts as confirmed without an address at which it was seen. Method: look for
 * one in the source of each confirmed value, and for words that say there is none. */
static void test_confirmed_has_address(void **state)
{
    (void)state;
    for_each_policy(check_honest);
}

static void check_assumed_listed(const char *name, dais_slice_t text)
{
    static char printed[DAIS_LIMIT_POLICY];
    size_t size = 0;
    parse(name, text);
    assert_int_equal(dais_policy_print(&policy, printed, sizeof printed, &size), DAIS_OK);
    size_t head = (size_t)((char *)memmem(printed, size, "\npolicy\n", 8) - printed);
    for (unsigned key = 0; key < DAIS_POLICY_KEY_COUNT; key++) {
        char line[64];
        snprintf(line, sizeof line, "#     %s\n",
                 dais_policy_key_info((dais_policy_key_t)key).name);
        bool listed = memmem(printed, head + 1, line, strlen(line)) != NULL;
        bool expected = policy.confirmed[key] == DAIS_POLICY_CONFIRMED_ASSUMED ||
                        policy.confirmed[key] == DAIS_POLICY_CONFIRMED_NONE;
        assert_int_equal(listed, expected);
    }
}

/* Goal: what is assumed or unset stands at the top of the effective policy, and nothing else does.
 * Method: look for each key above the head. */
static void test_assumed_listed(void **state)
{
    (void)state;
    for_each_policy(check_assumed_listed);
}

/* Goal: the first policy says what its source says. Method: its typed values against the
 * Summary by the Chair: one State blocks, the next Conference decides, who and why is sealed,
 * nothing of an applicant opens before its outcome. */
static void test_first_policy(void **state)
{
    (void)state;
    parse("untoc-constructive-dialogue", load("untoc-constructive-dialogue.zpl"));
    assert_int_equal(policy.objection_threshold.numerator, 1);
    assert_int_equal(policy.objection_threshold.denominator, 0);
    assert_int_equal(policy.may_object, DAIS_POLICY_OBJECTOR_STATES_PARTIES);
    assert_int_equal(policy.objection_effect, DAIS_POLICY_EFFECT_BLOCK);
    assert_int_equal(policy.decider.role, DAIS_POLICY_BODY_CONFERENCE);
    assert_int_equal(policy.decider.at_session, DAIS_POLICY_AT_SESSION_NEXT);
    assert_int_equal(policy.lapse_rule, DAIS_POLICY_LAPSE_CARRIED);
    assert_int_equal(policy.disclosure_fact, DAIS_POLICY_DISCLOSURE_COUNT_ONLY);
    assert_int_equal(policy.disclosure_objector, DAIS_POLICY_DISCLOSURE_SEALED);
    assert_int_equal(policy.disclosure_reason, DAIS_POLICY_DISCLOSURE_SEALED);
    assert_int_equal(policy.ecosoc_route, DAIS_POLICY_ECOSOC_ROUTE_SAME_FORM);
    assert_int_equal(policy.eligible_categories, 1u << DAIS_POLICY_CATEGORY_NGO |
                                                     1u << DAIS_POLICY_CATEGORY_ACADEMIA |
                                                     1u << DAIS_POLICY_CATEGORY_PRIVATE_SECTOR);
    assert_int_equal(policy.begins_after, 1u << DAIS_POLICY_BEGINS_SESSIONS_CONCLUDED |
                                              1u << DAIS_POLICY_BEGINS_REPORTS_ADOPTED);
    static const dais_policy_opened_t of_applicant[] = {
        DAIS_POLICY_OPENED_APPLICATION,  DAIS_POLICY_OPENED_AMENDMENT,
        DAIS_POLICY_OPENED_WITHDRAWAL,   DAIS_POLICY_OPENED_STATUS_CONFIRMED,
        DAIS_POLICY_OPENED_SCREENING,    DAIS_POLICY_OPENED_MERGE,
        DAIS_POLICY_OPENED_TRANSFER,     DAIS_POLICY_OPENED_LATE_PERMIT,
        DAIS_POLICY_OPENED_LIST_VERSION, DAIS_POLICY_OPENED_NOTICE,
        DAIS_POLICY_OPENED_REPLY,        DAIS_POLICY_OPENED_CORRESPONDENCE};
    for (size_t i = 0; i < sizeof of_applicant / sizeof of_applicant[0]; i++)
        assert_true(policy.opens.at[of_applicant[i]] >= DAIS_POLICY_OPENS_AT_DECIDED);
}

/* Goal: the policies differ where their procedures do. Method: the values that make the
 * difference between four of them. */
static void test_other_policies(void **state)
{
    (void)state;
    parse("oewg", load("oewg-ict-2022.zpl"));
    assert_int_equal(policy.objection_effect, DAIS_POLICY_EFFECT_VETO);
    assert_int_equal(policy.ecosoc_route, DAIS_POLICY_ECOSOC_ROUTE_NOTIFY);
    assert_int_equal(policy.decider.role, DAIS_POLICY_BODY_NONE);
    parse("untoc", load("untoc-conference-rule-17.zpl"));
    assert_int_equal(policy.objection_effect, DAIS_POLICY_EFFECT_REFER);
    assert_int_equal(policy.majority, DAIS_POLICY_MAJORITY_SIMPLE);
    assert_int_equal(policy.list_min_notice.days, -30);
    parse("66-544", load("ga-conference-66-544.zpl"));
    assert_int_equal(policy.objection_effect, DAIS_POLICY_EFFECT_NONE_UNTIL_VOTE);
    parse("unfccc", load("unfccc-one-third.zpl"));
    assert_int_equal(policy.objection_threshold.denominator, 3);
    assert_int_equal(policy.state_while_undecided, DAIS_POLICY_UNDECIDED_PROVISIONAL);
}

/* What czmq's zconfig offers, as far as this test needs it. It is looked up when the test runs, so
 * that neither the build nor any other test depends on czmq. */
typedef struct zconfig zconfig_t;
static zconfig_t *(*zconfig_str_load)(const char *text);
static zconfig_t *(*zconfig_child)(zconfig_t *self);
static zconfig_t *(*zconfig_next)(zconfig_t *self);
static char *(*zconfig_name)(zconfig_t *self);
static char *(*zconfig_value)(zconfig_t *self);
static void (*zconfig_destroy)(zconfig_t **self);

static bool zconfig_lookup(void)
{
    static const struct {
        const char *name;
        void *function;
    } wanted[] = {{"zconfig_str_load", &zconfig_str_load}, {"zconfig_child", &zconfig_child},
                  {"zconfig_next", &zconfig_next},         {"zconfig_name", &zconfig_name},
                  {"zconfig_value", &zconfig_value},       {"zconfig_destroy", &zconfig_destroy}};
    void *library = dlopen("libczmq.so.4", RTLD_NOW | RTLD_LOCAL);
    if (library == NULL)
        return false;
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        void *found = dlsym(library, wanted[i].name);
        assert_non_null(found);
        memcpy(wanted[i].function, &found, sizeof found);
    }
    return true;
}

static void assert_same(dais_slice_t ours, const char *theirs)
{
    assert_non_null(theirs);
    assert_true(dais_slice_equal(ours, dais_slice_text(theirs)));
}

static void check_zconfig(const char *name, dais_slice_t text)
{
    (void)name;
    dais_zpl_reader_t reader;
    dais_zpl_item_t item;
    zconfig_t *root = zconfig_str_load(text_buffer);
    zconfig_t *section = NULL;
    zconfig_t *part = NULL;
    assert_non_null(root);
    dais_zpl_reader_init(&reader, text);
    while (dais_zpl_next(&reader, &item)) {
        assert_int_equal(item.err, DAIS_OK);
        if (item.depth == 0) {
            assert_null(part == NULL ? NULL : zconfig_next(part));
            section = section == NULL ? zconfig_child(root) : zconfig_next(section);
            assert_non_null(section);
            assert_same(item.name, zconfig_name(section));
            part = NULL;
        } else {
            part = part == NULL ? zconfig_child(section) : zconfig_next(part);
            assert_non_null(part);
            assert_same(item.name, zconfig_name(part));
            assert_same(item.value, zconfig_value(part));
        }
    }
    assert_null(zconfig_next(section));
    zconfig_destroy(&root);
}

/* Goal: another reader of ZPL sees in our files what ours sees. Method: czmq's zconfig, property
 * by property, for every policy. */
static void test_zconfig_agrees(void **state)
{
    (void)state;
    if (!zconfig_lookup()) {
        print_message("skipped: no libczmq\n");
        skip();
    }
    for_each_policy(check_zconfig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_load),
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_confirmed_has_address),
        cmocka_unit_test(test_assumed_listed),
        cmocka_unit_test(test_first_policy),
        cmocka_unit_test(test_other_policies),
        cmocka_unit_test(test_zconfig_agrees),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
