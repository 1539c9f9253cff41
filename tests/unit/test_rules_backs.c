/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "registry/rules/digest.h"
#include "tests/unit/rules_scenarios.h"
#include "tests/unit/rules_store.h"

static unsigned scenarios, entries, digests;

/* As a registry does: one transaction for some entries, and what was read is not trusted beyond. */
static void commit(void)
{
    assert_int_equal(rows->err, DAIS_OK);
    assert_int_equal(dais_txn_commit(&rows_txn), DAIS_OK);
    rows_begin();
}

static void play_on_lmdb(const char *name, const scenario_tape_t *tape)
{
    dais_rules_t *rules = NULL;
    rows->port->clear(rows);
    assert_int_equal(dais_rules_create(&rules, rows), DAIS_OK);
    for (uint64_t seq = 0; seq < scenario_tape_size(tape); seq++) {
        dais_hash_t before;
        dais_hash_t now;
        dais_err_t err = scenario_tape_play(tape, seq, rules);
        if (err != DAIS_OK)
            fail_msg("%s, entry %llu: %s", name, (unsigned long long)seq, dais_err_code(err));
        entries++;
        if (seq % 16 == 0)
            commit();
        if (!scenario_tape_digest(tape, seq, &before))
            continue;
        assert_int_equal(dais_digest_state(rules, &now), DAIS_OK);
        if (memcmp(&before, &now, sizeof now) != 0)
            fail_msg("%s, entry %llu: another state", name, (unsigned long long)seq);
        digests++;
        /* Taken up again from what is stored, as after a restart. */
        dais_rules_destroy(&rules);
        assert_int_equal(dais_rules_create(&rules, rows), DAIS_OK);
        assert_int_equal(dais_rules_resume(rules), DAIS_OK);
    }
    dais_rules_destroy(&rules);
    scenarios++;
}

/* Goal: the two backs of the store make no difference. Method: every scenario and case, played in
 * memory and recorded, then on LMDB with a commit after every 16th entry and a restart at each
 * digest: same verdicts, own entries and digests. */
static void test_same_on_both(void **state)
{
    (void)state;
    scenario_each(play_on_lmdb);
    print_message("%u scenarios, %u entries, %u equal digests\n", scenarios, entries, digests);
    assert_true(scenarios > 30 && digests > scenarios);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_same_on_both, rows_make_lmdb, rows_remove),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
