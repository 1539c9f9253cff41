/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/rules/policy_value.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "registry/rules/policy_key.h"

static dais_policy_key_t key_of(const char *name)
{
    dais_policy_key_t key = dais_policy_key_find(dais_slice_text(name));
    assert_true(key < DAIS_POLICY_KEY_COUNT);
    return key;
}

/* What is refused, the column of the piece at fault, and the word that was probably meant. */
static const struct {
    const char *key, *value;
    uint32_t column;
    const char *nearest;
} bad[] = {
    {"ecosoc-route", "", 1, NULL},
    {"ecosoc-route", "  ", 3, NULL},
    {"ecosoc-route", "none", 1, NULL},
    {"ecosoc-route", "same-from", 1, "same-form"},
    {"ecosoc-route", "Notify", 1, "notify"},
    {"ecosoc-route", "same-form notify", 1, NULL},
    {"eligible-categories", "none", 1, NULL},
    {"eligible-categories", "ngo acadamia", 5, "academia"},
    {"eligible-categories", "ngo igo ngo", 9, NULL},
    {"rights", "attend none", 8, NULL},
    {"register", "none", 1, NULL},
    {"register", "untoc none", 7, NULL},
    {"register", "untoc UNCAC", 7, NULL},
    {"register", "untoc -x", 7, NULL},
    {"register", "untoc x-", 7, NULL},
    {"register", "untoc a_b", 7, NULL},
    {"register", "untoc a~b", 7, NULL},
    {"register", "untoc untoc", 7, NULL},
    {"register", "a234567890123456789012345678901234567890x", 1, NULL},
    {"small-cell", "none", 1, NULL},
    {"small-cell", "0", 1, NULL},
    {"small-cell", "1000001", 1, NULL},
    {"small-cell", "01", 1, NULL},
    {"small-cell", "-1", 1, NULL},
    {"small-cell", "1234567890", 1, NULL},
    {"small-cell", "no-limit", 1, NULL},
    {"capacity", "none", 1, NULL},
    {"capacity", "0", 1, NULL},
    {"objection-threshold", "0", 1, NULL},
    {"objection-threshold", "0/3", 1, NULL},
    {"objection-threshold", "4/3", 1, NULL},
    {"objection-threshold", "1/1", 1, NULL},
    {"objection-threshold", "1/1001", 1, NULL},
    {"objection-threshold", "1/", 1, NULL},
    {"objection-threshold", "/3", 1, NULL},
    {"objection-threshold", "1/3/3", 1, NULL},
    {"application-deadline", "sesion-3d", 1, "session"},
    {"application-deadline", "none+3d", 1, NULL},
    {"application-deadline", "session-", 1, NULL},
    {"application-deadline", "session-d", 1, NULL},
    {"application-deadline", "session-wd", 1, NULL},
    {"application-deadline", "session-3", 1, NULL},
    {"application-deadline", "session-3w", 1, NULL},
    {"application-deadline", "session-3m", 1, NULL},
    {"application-deadline", "session-0d", 1, NULL},
    {"application-deadline", "session-03d", 1, NULL},
    {"application-deadline", "session-3661d", 1, NULL},
    {"application-deadline", "session- 3d", 1, NULL},
    {"application-deadline", "+3d", 1, NULL},
    {"objection-window", "circulated", 1, NULL},
    {"objection-window", "circulated..", 13, NULL},
    {"objection-window", "..session", 1, NULL},
    {"objection-window", "call..none", 7, NULL},
    {"objection-window", "none..call", 1, NULL},
    {"objection-window", "call .. sessin-1d", 9, "session"},
    {"objection-window", "call+1x..session", 1, NULL},
    {"retention", "none", 1, NULL},
    {"grace", "10", 1, NULL},
    {"grace", "h", 1, NULL},
    {"grace", "0h", 1, NULL},
    {"grace", "1 h", 1, NULL},
    {"grace", "1m", 1, NULL},
    {"grace", "36601d", 1, NULL},
    {"grace", "1000001s", 1, NULL},
    {"holidays", "2022-05-27 2022-05-26", 12, NULL},
    {"holidays", "2022-05-27 2022-05-27", 12, NULL},
    {"holidays", "2023-02-29", 1, NULL},
    {"holidays", "2100-02-29", 1, NULL},
    {"holidays", "2022-13-01", 1, NULL},
    {"holidays", "2022-00-01", 1, NULL},
    {"holidays", "2022-01-00", 1, NULL},
    {"holidays", "2022-04-31", 1, NULL},
    {"holidays", "2022-4-1", 1, NULL},
    {"holidays", "2022/05-27", 1, NULL},
    {"holidays", "2022-05/27", 1, NULL},
    {"holidays", "202x-05-27", 1, NULL},
    {"holidays", "2022-x5-27", 1, NULL},
    {"holidays", "2022-05-2x", 1, NULL},
    {"timezone", "Vienna", 1, NULL},
    {"timezone", "none", 1, NULL},
    {"timezone", "/Vienna", 1, NULL},
    {"timezone", "Europe/", 1, NULL},
    {"timezone", "Europe//Vienna", 1, NULL},
    {"timezone", "Europe/Vi enna", 1, NULL},
    {"timezone", "Europe/a2345678901234567890123456789012345", 1, NULL},
    {"approver", "president, X", 1, NULL},
    {"approver", "chiar, X", 1, "chair"},
    {"approver", "chair", 1, NULL},
    {"approver", "chair,", 1, NULL},
    {"approver", "none, X", 1, NULL},
    {"decider", "conference", 1, NULL},
    {"decider", "conference, next-session", 1, NULL},
    {"decider", "conference, next-sesion, X", 13, "next-session"},
    {"decider", "conference, none, X", 13, NULL},
    {"opens", "none", 1, NULL},
    {"opens", "never: application", 1, "amendment"},
    {"opens", "nevr: application", 1, "never"},
    {"opens", "never: aplication", 8, "application"},
    {"opens", "never: application; decided: application", 30, NULL},
    {"quantifiers", "none", 1, NULL},
    {"quantifiers", "one", 1, NULL},
    {"quantifiers", "a few 2", 1, NULL},
    {"quantifiers", "one 1, two 1", 8, NULL},
    {"quantifiers", "one 1, two x", 8, NULL},
    {"quantifiers", "one 1,", 7, NULL},
    {"quantifiers", "one 1, a2345678901234567890123456 2", 8, NULL},
    {"quantifiers", "a 1, b 2, c 3, d 4, e 5, f 6, g 7, h 8, i 9", 41, NULL},
};

/* Goal: what a kind does not take is refused with its place and what was probably meant, and
 * leaves the field as if unset. Method: a table of values, each read into a field that holds
 * something. */
static void test_bad_values(void **state)
{
    (void)state;
    static dais_policy_t policy;
    static dais_policy_t empty;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        dais_policy_fault_t fault;
        dais_policy_key_t key = key_of(bad[i].key);
        memset(&policy, 0xa5, sizeof policy);
        bool taken = dais_policy_value_read(&policy, key, dais_slice_text(bad[i].value), &fault);
        if (taken || fault.column != bad[i].column)
            print_error("%s = %s: column %u\n", bad[i].key, bad[i].value, fault.column);
        assert_false(taken);
        assert_int_equal(fault.err, DAIS_ERR_BAD_VALUE);
        assert_int_equal(fault.column, bad[i].column);
        assert_non_null(fault.valid);
        if (bad[i].nearest == NULL)
            assert_null(fault.nearest);
        else
            assert_string_equal(fault.nearest, bad[i].nearest);
        dais_policy_key_info_t info = dais_policy_key_info(key);
        assert_memory_equal((uint8_t *)&policy + info.offset, (uint8_t *)&empty + info.offset,
                            info.size);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_bad_values)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
