/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/rules/policy_value.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "registry/rules/policy_print.h"
#include "registry/rules/policy_scan.h"
#include "tests/support/policy_text.h"

static dais_policy_key_t key_of(const char *name)
{
    dais_policy_key_t key = dais_policy_key_find(dais_slice_text(name));
    assert_true(key < DAIS_POLICY_KEY_COUNT);
    return key;
}

static bool read_value(dais_policy_t *policy, const char *key, const char *value)
{
    dais_policy_fault_t fault;
    return dais_policy_value_read(policy, key_of(key), dais_slice_text(value), &fault);
}

static const char *canonical(const dais_policy_t *policy, const char *key)
{
    static char text[2000];
    size_t size = 0;
    assert_int_equal(dais_policy_print_value(policy, key_of(key), text, sizeof text - 1, &size),
                     DAIS_OK);
    text[size] = 0;
    return text;
}

/* What is read, and its canonical form where that is another. */
static const struct {
    const char *key, *value, *canonical;
} good[] = {
    {"ecosoc-route", "same-form", NULL},
    {"majority", "none", NULL},
    {"objection-effect", "none-until-vote", NULL},
    {"eligible-categories", "ngo", NULL},
    {"eligible-categories", "igo  academia ngo", "ngo academia igo"},
    {"begins-after", "none", NULL},
    {"rights", "documents attend", "attend documents"},
    {"register", "untoc firearms-protocol", NULL},
    {"register", " untoc   palermo-2 ", "untoc palermo-2"},
    {"reason-codes", "none", NULL},
    {"small-cell", "1", NULL},
    {"small-cell", "1000000", NULL},
    {"capacity", "no-limit", NULL},
    {"capacity", "120", NULL},
    {"objection-threshold", "none", NULL},
    {"objection-threshold", "2", NULL},
    {"objection-threshold", "1/3", NULL},
    {"objection-threshold", "1000/1000", NULL},
    {"application-deadline", "none", NULL},
    {"application-deadline", "call", NULL},
    {"application-deadline", "session-30d", NULL},
    {"application-deadline", "circulated+10wd", NULL},
    {"application-deadline", "session-3660wd", NULL},
    {"objection-window", "none", NULL},
    {"objection-window", "circulated..session-7d", NULL},
    {"objection-window", "call+1wd .. circulated-2d", "call+1wd..circulated-2d"},
    {"grace", "none", NULL},
    {"grace", "1s", NULL},
    {"grace", "90s", NULL},
    {"grace", "120s", "2min"},
    {"grace", "90min", NULL},
    {"grace", "48h", "2d"},
    {"grace", "25h", NULL},
    {"retention", "36600d", NULL},
    {"holidays", "none", NULL},
    {"holidays", "2022-05-26  2024-02-29 2100-02-28", "2022-05-26 2024-02-29 2100-02-28"},
    {"holidays", "2000-02-29 2000-04-30 2000-12-31", NULL},
    {"timezone", "UTC", NULL},
    {"timezone", "Europe/Vienna", NULL},
    {"timezone", "America/Argentina/Buenos_Aires", NULL},
    {"timezone", "Etc/GMT+5", NULL},
    {"approver", "none", NULL},
    {"approver", "bureau, the Bureau, extended", NULL},
    {"approver", "chair,  the Chair", "chair, the Chair"},
    {"decider", "none", NULL},
    {"decider", "conference,next-session,  the Conference",
     "conference, next-session, the Conference"},
    {"decider", "secretariat, this-session, it", NULL},
    {"quantifiers", "one 1", NULL},
    {"quantifiers", "one 1,a  few 2 , many 1000000", "one 1, a  few 2, many 1000000"},
    {"quantifiers", "a 1, b 2, c 3, d 4, e 5, f 6, g 7, h 8", NULL},
};

/* Goal: every form of every kind is read, and printed in its one canonical form, which reads back
 * to the same value. Method: a table of values, each through reader, printer, reader. */
static void test_good_values(void **state)
{
    (void)state;
    static dais_policy_t policy;
    static dais_policy_t again;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        char text[2000];
        assert_true(read_value(&policy, good[i].key, good[i].value));
        snprintf(text, sizeof text, "%s", canonical(&policy, good[i].key));
        assert_string_equal(text, good[i].canonical == NULL ? good[i].value : good[i].canonical);
        assert_true(read_value(&again, good[i].key, text));
        assert_true(dais_policy_value_equal(&policy, &again, key_of(good[i].key)));
    }
}

/* Goal: two different values of a key are never equal. Method: all pairs of the table that have
 * the same key. */
static void test_different_values(void **state)
{
    (void)state;
    static dais_policy_t a;
    static dais_policy_t b;
    size_t pairs = 0;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        for (size_t j = 0; j < i; j++) {
            if (strcmp(good[i].key, good[j].key) != 0)
                continue;
            assert_true(read_value(&a, good[i].key, good[i].value));
            assert_true(read_value(&b, good[j].key, good[j].value));
            assert_false(dais_policy_value_equal(&a, &b, key_of(good[i].key)));
            pairs++;
        }
    }
    assert_true(pairs > 50);
}

/* Goal: values that differ in one part only are different. Method: pairs made for each field of
 * the kinds that have several. */
static void test_nearly_equal_values(void **state)
{
    (void)state;
    static const struct {
        const char *key, *a, *b;
    } pairs[] = {
        {"application-deadline", "session-3d", "session-3wd"},
        {"application-deadline", "session-3d", "session-4d"},
        {"objection-window", "call..session", "call..session+1d"},
        {"objection-threshold", "1", "1/2"},
        {"register", "a b", "a c"},
        {"decider", "chair, this-session, x", "chair, next-session, x"},
        {"decider", "chair, this-session, x", "chair, this-session, y"},
        {"quantifiers", "one 1, two 2", "one 1, two 3"},
        {"quantifiers", "one 1, two 2", "one 1, few 2"},
    };
    static dais_policy_t a;
    static dais_policy_t b;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        assert_true(read_value(&a, pairs[i].key, pairs[i].a));
        assert_true(read_value(&b, pairs[i].key, pairs[i].b));
        assert_false(dais_policy_value_equal(&a, &b, key_of(pairs[i].key)));
    }
}

/* Goal: lists hold what they have room for and no more. Method: 64 and 65 words, 64 and 65
 * dates, a name of 120 and 121 bytes. */
static void test_full_lists(void **state)
{
    (void)state;
    static dais_policy_t policy;
    char words[DAIS_POLICY_WORDS_MAX * 4 + 8];
    char dates[DAIS_POLICY_WORDS_MAX * 11 + 16];
    char name[130];
    size_t words_size = 0;
    size_t dates_size = 0;
    for (unsigned i = 0; i < DAIS_POLICY_WORDS_MAX; i++) {
        words_size += (size_t)snprintf(words + words_size, sizeof words - words_size, "w%u ", i);
        dates_size += (size_t)snprintf(dates + dates_size, sizeof dates - dates_size, "%04u-01-01 ",
                                       2000 + i);
    }
    assert_true(read_value(&policy, "register", words));
    assert_int_equal(policy.entitled_register.count, DAIS_POLICY_WORDS_MAX);
    assert_true(read_value(&policy, "holidays", dates));
    snprintf(words + words_size, sizeof words - words_size, "x");
    snprintf(dates + dates_size, sizeof dates - dates_size, "2099-01-01");
    assert_false(read_value(&policy, "register", words));
    assert_false(read_value(&policy, "holidays", dates));
    size_t at = (size_t)snprintf(name, sizeof name, "chair, ");
    memset(name + at, 'x', 120);
    name[at + 120] = 0;
    assert_true(read_value(&policy, "approver", name));
    name[at + 120] = 'x';
    name[at + 121] = 0;
    assert_false(read_value(&policy, "approver", name));
}

/* Goal: that nobody is to know whether there was an objection is refused for now, and says why.
 * Method: the value, and its neighbour that is taken. */
static void test_reserved(void **state)
{
    (void)state;
    static dais_policy_t policy;
    dais_policy_fault_t fault;
    assert_true(read_value(&policy, "disclosure-fact", "count-only"));
    assert_false(dais_policy_value_read(&policy, DAIS_POLICY_KEY_DISCLOSURE_FACT,
                                        dais_slice_text("sealed"), &fault));
    assert_int_equal(fault.err, DAIS_ERR_RESERVED_VALUE);
    assert_non_null(strstr(fault.valid, "slot and cover"));
    assert_true(read_value(&policy, "disclosure-objector", "sealed"));
}

/* Goal: the typed fields hold what the text says. Method: one value of each kind against its
 * field. */
static void test_typed_values(void **state)
{
    (void)state;
    static dais_policy_t p;
    assert_true(read_value(&p, "objection-effect", "veto"));
    assert_int_equal(p.objection_effect, DAIS_POLICY_EFFECT_VETO);
    assert_true(read_value(&p, "rights", "attend written"));
    assert_int_equal(p.rights, 1u << DAIS_POLICY_RIGHT_ATTEND | 1u << DAIS_POLICY_RIGHT_WRITTEN);
    assert_true(read_value(&p, "register", "untoc uncac"));
    assert_int_equal(p.entitled_register.count, 2);
    assert_true(dais_slice_equal(p.entitled_register.items[1], dais_slice_text("uncac")));
    assert_true(read_value(&p, "small-cell", "5"));
    assert_int_equal(p.small_cell, 5);
    assert_true(read_value(&p, "capacity", "no-limit"));
    assert_int_equal(p.capacity, DAIS_POLICY_NO_LIMIT);
    assert_true(read_value(&p, "objection-threshold", "1/3"));
    assert_int_equal(p.objection_threshold.numerator, 1);
    assert_int_equal(p.objection_threshold.denominator, 3);
    assert_true(read_value(&p, "objection-window", "circulated+2wd..session-7d"));
    assert_int_equal(p.objection_window.start.anchor, DAIS_POLICY_ANCHOR_CIRCULATED);
    assert_int_equal(p.objection_window.start.days, 2);
    assert_true(p.objection_window.start.working);
    assert_int_equal(p.objection_window.end.anchor, DAIS_POLICY_ANCHOR_SESSION);
    assert_int_equal(p.objection_window.end.days, -7);
    assert_false(p.objection_window.end.working);
    assert_true(read_value(&p, "grace", "90min"));
    assert_int_equal(p.grace, 5400000);
    assert_true(read_value(&p, "decider", "conference, next-session, the Conference"));
    assert_int_equal(p.decider.role, DAIS_POLICY_BODY_CONFERENCE);
    assert_int_equal(p.decider.at_session, DAIS_POLICY_AT_SESSION_NEXT);
    assert_true(dais_slice_equal(p.decider.name, dais_slice_text("the Conference")));
    assert_true(read_value(&p, "quantifiers", "one 1, a few 2"));
    assert_int_equal(p.quantifiers.count, 2);
    assert_int_equal(p.quantifiers.items[1].from, 2);
    assert_true(dais_slice_equal(p.quantifiers.items[1].phrase, dais_slice_text("a few")));
}

/* Goal: a printer never writes beyond its buffer and says how much room it wanted. Method: a
 * value into every smaller buffer, with a byte behind that must not change. */
static void test_small_buffers(void **state)
{
    (void)state;
    static dais_policy_t policy;
    assert_true(read_value(&policy, "decider", "conference, next-session, the Conference"));
    size_t full = strlen(canonical(&policy, "decider"));
    for (size_t capacity = 0; capacity <= full; capacity++) {
        char *text = malloc(capacity + 1);
        size_t size = 0;
        assert_non_null(text);
        text[capacity] = '!';
        dais_err_t err =
            dais_policy_print_value(&policy, DAIS_POLICY_KEY_DECIDER, text, capacity, &size);
        assert_int_equal(err, capacity < full ? DAIS_ERR_NO_SPACE : DAIS_OK);
        assert_int_equal(size, full);
        assert_int_equal(text[capacity], '!');
        free(text);
    }
}

/* Goal: the pieces that values are cut into are as their declarations say at the edges. Method:
 * direct calls for what no value reaches. */
static void test_scan_edges(void **state)
{
    (void)state;
    dais_slice_t rest = dais_slice(NULL, 0);
    dais_slice_t part;
    uint32_t number = 0;
    assert_false(dais_scan_part(&rest, ',', &part));
    assert_false(dais_scan_is_code(dais_slice(NULL, 0)));
    assert_false(dais_scan_is_zone(dais_slice(NULL, 0)));
    assert_false(dais_scan_number(dais_slice(NULL, 0), 0, 9, &number));
    assert_true(dais_scan_number(dais_slice_text("0"), 0, 9, &number));
    assert_int_equal(number, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good_values),
        cmocka_unit_test(test_different_values),
        cmocka_unit_test(test_nearly_equal_values),
        cmocka_unit_test(test_full_lists),
        cmocka_unit_test(test_reserved),
        cmocka_unit_test(test_typed_values),
        cmocka_unit_test(test_small_buffers),
        cmocka_unit_test(test_scan_edges),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
