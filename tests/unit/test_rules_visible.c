/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "registry/rules/lists.h"
#include "tests/unit/rules_state.h"

enum { OFFICE = 2 };

static dais_reader_who_t reader(unsigned role)
{
    return (dais_reader_who_t){.role = role,
                               .actor_number = role == DAIS_ROLE_OFFICE ? OFFICE : 50 + role,
                               .state_number = role == DAIS_ROLE_PARTY ? 1 : 0};
}

/* One organisation of an office, in a log of 100 entries of which the application is the 11th. */
static void begin(dais_organisation_row_t row)
{
    row.office_number = OFFICE;
    row.applied = 10;
    world_org(1, row);
    world_dense(DAIS_TABLE_STATE, 1, &(dais_state_row_t){.code = "XA", .entitled = 1});
    for (unsigned i = 0; i < 100; i++)
        (void)world_entry(i == 10 ? DAIS_KIND_APPLICATION : DAIS_KIND_OFFICERS,
                          i == 10 ? OFFICE : 1, i == 10 ? DAIS_SCOPE_ORGANISATION : DAIS_SCOPE_NONE,
                          i == 10);
    memset(world.policy.opens.at, DAIS_POLICY_OPENS_AT_NEVER, sizeof world.policy.opens.at);
    world.policy.confirmed[DAIS_POLICY_KEY_OPENS] = DAIS_POLICY_CONFIRMED_ASSUMED;
    world.policy.decider.role = DAIS_POLICY_BODY_CONFERENCE;
}

/* The size from which on this role learns the fact, at least 1; 0 for never. Once told it stays so.
 */
static uint64_t told_from(unsigned role, dais_fact_t fact)
{
    uint64_t from = 0;
    for (uint64_t size = 1; size <= world.size; size++) {
        bool is_told = dais_visible_fact(&world, reader(role), fact, 1, size);
        assert_true(is_told || from == 0);
        if (is_told && from == 0)
            from = size;
    }
    return from;
}

/* Goal: who learns that an organisation applied. Method: office and secretariat from then on; the
 * public with names, the list and the application; others never; no such organisation. */
static void test_applied(void **state)
{
    (void)state;
    begin((dais_organisation_row_t){.listed = 0});
    assert_int_equal(told_from(DAIS_ROLE_OFFICE, DAIS_FACT_APPLIED), 11);
    assert_int_equal(told_from(DAIS_ROLE_SECRETARIAT, DAIS_FACT_APPLIED), 11);
    assert_int_equal(told_from(0, DAIS_FACT_APPLIED), 0);
    assert_false(dais_visible_fact(&world, reader(DAIS_ROLE_INSPECTOR), DAIS_FACT_APPLIED, 9, 5));
    world.policy.publish_applicants = DAIS_POLICY_APPLICANTS_NAMES;
    assert_int_equal(told_from(0, DAIS_FACT_APPLIED), 0);
    world.policy.opens.at[DAIS_POLICY_OPENED_APPLICATION] = DAIS_POLICY_OPENS_AT_RECEIVED;
    assert_int_equal(told_from(0, DAIS_FACT_APPLIED), 0);
    world_org(1, (dais_organisation_row_t){.applied = 10, .listed = 30});
    assert_int_equal(told_from(0, DAIS_FACT_APPLIED), 31);
    assert_int_equal(told_from(DAIS_ROLE_CHAIR, DAIS_FACT_APPLIED), 31);
}

/* Goal: the row of the circulated list is for its office and the readers of the list, from the list
 * on. Method: with the State entitled and not, and everybody by the word "public". */
static void test_circulated(void **state)
{
    (void)state;
    begin((dais_organisation_row_t){.listed = 30});
    world.policy.list_readers = 1U << DAIS_POLICY_LIST_READER_STATES;
    assert_int_equal(told_from(DAIS_ROLE_OFFICE, DAIS_FACT_CIRCULATED), 31);
    assert_int_equal(told_from(DAIS_ROLE_PARTY, DAIS_FACT_CIRCULATED), 31);
    assert_int_equal(told_from(DAIS_ROLE_SECRETARIAT, DAIS_FACT_CIRCULATED), 0);
    assert_int_equal(told_from(DAIS_ROLE_INSPECTOR, DAIS_FACT_CIRCULATED), 1);
    assert_int_equal(told_from(0, DAIS_FACT_CIRCULATED), 0);
    world.policy.list_readers = 1U << DAIS_POLICY_LIST_READER_PUBLIC;
    assert_int_equal(told_from(0, DAIS_FACT_CIRCULATED), 31);
}

/* Goal: what was told is everybody's from the outcome on, and its office knows more from the
 * closing of the window on. Method: neither, the one, the other. */
static void test_told(void **state)
{
    (void)state;
    begin((dais_organisation_row_t){.opened = 0});
    assert_int_equal(told_from(0, DAIS_FACT_TOLD), 0);
    assert_int_equal(told_from(DAIS_ROLE_OFFICE, DAIS_FACT_TOLD), 0);
    world.cycle.settled = 40;
    assert_int_equal(told_from(DAIS_ROLE_OFFICE, DAIS_FACT_TOLD), 41);
    world_org(1, (dais_organisation_row_t){.office_number = OFFICE, .opened = 42});
    assert_int_equal(told_from(0, DAIS_FACT_TOLD), 43);
    assert_int_equal(told_from(0, DAIS_FACT_PARTICIPANT), 43);
}

/* Goal: facts on objections and causes go by their levels. Method: each key at each level, for
 * public, chair, Conference, secretariat and an office; public opens as an objection does. */
static void test_levels(void **state)
{
    (void)state;
    begin((dais_organisation_row_t){.opened = 42, .listed = 30});
    world.policy.opens.at[DAIS_POLICY_OPENED_OBJECTION] = DAIS_POLICY_OPENS_AT_LISTED;
    for (dais_policy_disclosure_t level = DAIS_POLICY_DISCLOSURE_SEALED;
         level <= DAIS_POLICY_DISCLOSURE_PUBLIC; level++) {
        bool is_public = level == DAIS_POLICY_DISCLOSURE_PUBLIC;
        bool by_chair = level >= DAIS_POLICY_DISCLOSURE_CHAIR;
        bool by_decider = level >= DAIS_POLICY_DISCLOSURE_DECIDER;
        world.policy.disclosure_fact = level;
        world.policy.disclosure_objector = level;
        world.policy.disclosure_reason = level;
        world.policy.disclosure_cause = level;
        for (dais_fact_t fact = DAIS_FACT_OBJECTION; fact <= DAIS_FACT_REASON; fact++) {
            assert_int_equal(told_from(0, fact), is_public ? 31 : 0);
            assert_int_equal(told_from(DAIS_ROLE_OFFICE, fact), is_public ? 31 : 0);
            assert_int_equal(told_from(DAIS_ROLE_CHAIR, fact), by_chair ? 1 : 0);
            assert_int_equal(told_from(DAIS_ROLE_CONFERENCE, fact), by_decider ? 1 : 0);
            assert_int_equal(told_from(DAIS_ROLE_SECRETARIAT, fact),
                             by_chair || fact == DAIS_FACT_OBJECTION ? 1 : 0);
            assert_int_equal(told_from(DAIS_ROLE_INSPECTOR, fact), 1);
        }
        assert_int_equal(told_from(0, DAIS_FACT_CAUSE), is_public ? 43 : 0);
        assert_int_equal(told_from(0, DAIS_FACT_STATE), is_public ? 43 : 0);
        assert_int_equal(told_from(DAIS_ROLE_CHAIR, DAIS_FACT_STATE), by_chair ? 1 : 0);
        assert_int_equal(told_from(DAIS_ROLE_SECRETARIAT, DAIS_FACT_CAUSE), 1);
    }
}

/* Goal: numbers of objections are public at the level that says so, and at the widest. Method: each
 * level, of no organisation. */
static void test_counts(void **state)
{
    (void)state;
    begin((dais_organisation_row_t){.listed = 0});
    for (dais_policy_disclosure_t level = DAIS_POLICY_DISCLOSURE_SEALED;
         level <= DAIS_POLICY_DISCLOSURE_PUBLIC; level++) {
        world.policy.disclosure_fact = level;
        bool is_public =
            level == DAIS_POLICY_DISCLOSURE_COUNT_ONLY || level == DAIS_POLICY_DISCLOSURE_PUBLIC;
        assert_int_equal(dais_visible_fact(&world, reader(0), DAIS_FACT_COUNTS, 0, 0), is_public);
        assert_int_equal(dais_visible_fact(&world, reader(DAIS_ROLE_CHAIR), DAIS_FACT_COUNTS, 0, 0),
                         level != DAIS_POLICY_DISCLOSURE_SEALED);
        assert_true(
            dais_visible_fact(&world, reader(DAIS_ROLE_SECRETARIAT), DAIS_FACT_COUNTS, 0, 0));
        assert_true(dais_visible_fact(&world, reader(DAIS_ROLE_INSPECTOR), DAIS_FACT_COUNTS, 0, 0));
    }
}

/* Goal: what a reader reads of a standing. Method: the state for the secretariat, what was told for
 * the public, only whether it is on the list for its office. */
static void test_standing(void **state)
{
    (void)state;
    dais_reader_who_t office = reader(DAIS_ROLE_OFFICE);
    begin((dais_organisation_row_t){.state = DAIS_APPLICATION_BLOCKED});
    assert_null(dais_visible_standing(&world, reader(0), 9));
    assert_null(dais_visible_standing(&world, reader(0), 1));
    assert_null(dais_visible_standing(&world, office, 1));
    assert_string_equal(dais_visible_standing(&world, reader(DAIS_ROLE_SECRETARIAT), 1), "blocked");
    world.cycle.settled = 40;
    assert_string_equal(dais_visible_standing(&world, office, 1), "not on the list");
    world_org(1, (dais_organisation_row_t){.state = DAIS_APPLICATION_ADMITTED,
                                           .office_number = OFFICE,
                                           .told = DAIS_TOLD_ADMITTED,
                                           .opened = 41});
    assert_string_equal(dais_visible_standing(&world, office, 1), "on the list");
    assert_string_equal(dais_visible_standing(&world, reader(0), 1), "admitted");
    world_org(1, (dais_organisation_row_t){.state = DAIS_APPLICATION_REFUSED,
                                           .office_number = OFFICE,
                                           .told = DAIS_TOLD_NOT_SHOWN,
                                           .opened = 41});
    assert_string_equal(dais_visible_standing(&world, office, 1), "not on the list");
    assert_string_equal(dais_visible_standing(&world, reader(0), 1), "not-shown");
    world.policy.disclosure_cause = DAIS_POLICY_DISCLOSURE_PUBLIC;
    assert_string_equal(dais_visible_standing(&world, office, 1), "refused");
    world_org(1, (dais_organisation_row_t){.state = DAIS_APPLICATION_PROVISIONAL,
                                           .office_number = OFFICE,
                                           .told = DAIS_TOLD_PROVISIONAL});
    assert_string_equal(dais_visible_standing(&world, office, 1), "on the list");
}

static struct {
    unsigned count;
    dais_list_row_t rows[16];
} seen;

static void keep_row(void *context, const dais_list_row_t *row)
{
    assert_ptr_equal(context, &seen);
    seen.rows[seen.count++] = *row;
}

static void make_list(void)
{
    static const uint8_t states[] = {0, 12, 9, 7, 13, 12, 1};
    begin((dais_organisation_row_t){.listed = 30});
    for (uint32_t i = 1; i <= 6; i++) {
        dais_organisation_row_t row = {.state = states[i],
                                       .version = i <= 4,
                                       .listed = i <= 4 ? 30 : 0,
                                       .applied = 10,
                                       .office_number = OFFICE,
                                       .category = 1,
                                       .confirmed_category = i == 2 ? 3 : 0};
        if (states[i] == 12) {
            row.told = DAIS_TOLD_ADMITTED;
            row.opened = 41;
            row.invited = i == 1 ? 42 : 0;
            row.attended_online = i == 5 ? 1 : 0;
            row.marks = i == 5 ? DAIS_MARK_IN_AT_END : 0;
        }
        world_org(i, row);
        if (i <= 4)
            world.cycle.by_state[states[i]]++;
    }
    world.cycle.circulated = 4;
    world.cycle.shown = 1;
    world.cycle.accorded = 1;
    world.cycle.settled = 40;
    seen.count = 0;
}

static bool read_list(unsigned role, dais_list_account_t *account)
{
    seen.count = 0;
    return dais_lists_circulated(&world, reader(role), keep_row, &seen, account);
}

/* Goal: the circulated list goes to its readers, in order, each row with what that reader may see,
 * and adds up. Method: secretariat, entitled State, and the public before and with open causes. */
static void test_list(void **state)
{
    (void)state;
    dais_list_account_t account;
    make_list();
    assert_false(read_list(DAIS_ROLE_SECRETARIAT, &account));
    assert_int_equal(seen.count + account.circulated, 0);
    world.policy.list_readers =
        1U << DAIS_POLICY_LIST_READER_SECRETARIAT | 1U << DAIS_POLICY_LIST_READER_STATES;
    assert_true(read_list(DAIS_ROLE_SECRETARIAT, &account));
    assert_int_equal(seen.count, 4);
    assert_string_equal(seen.rows[1].standing, "blocked");
    assert_int_equal(seen.rows[1].category, 3);
    assert_true(seen.rows[1].is_confirmed && !seen.rows[0].is_confirmed);
    assert_int_equal(seen.rows[3].organisation, 4);
    assert_int_equal(seen.rows[3].id.bytes[0], 4);
    assert_int_equal(seen.rows[0].application, 10);
    assert_true(account.has_causes && account.circulated == 4 && account.accorded == 1);
    assert_int_equal(account.awaiting + account.admitted + account.blocked + account.refused, 4);
    assert_int_equal(account.shown + account.not_shown, 4);
    assert_true(read_list(DAIS_ROLE_PARTY, &account));
    assert_string_equal(seen.rows[0].standing, "admitted");
    assert_string_equal(seen.rows[1].standing, "awaiting");
    assert_true(!account.has_causes && account.blocked == 0 && account.not_shown == 3);
    world.policy.list_readers = 1U << DAIS_POLICY_LIST_READER_PUBLIC;
    assert_true(read_list(0, &account) && !account.has_causes);
    world.policy.disclosure_cause = DAIS_POLICY_DISCLOSURE_PUBLIC;
    assert_true(read_list(0, &account) && account.has_causes);
    world.cycle.settled = 0;
    assert_true(read_list(0, &account) && !account.has_causes);
    assert_true(read_list(DAIS_ROLE_CHAIR, &account) && account.has_causes);
    assert_true(read_list(DAIS_ROLE_INSPECTOR, &account) && account.has_causes);
}

static unsigned count_participants(dais_list_account_t *account)
{
    seen.count = 0;
    dais_lists_participants(&world, keep_row, &seen, account);
    return seen.count;
}

/* Goal: the participants list holds whom the policy names, of those that were told as admitted, and
 * from the end of the session on whoever was in then. Method: each word, before and after. */
static void test_participants(void **state)
{
    (void)state;
    dais_list_account_t account;
    make_list();
    world.policy.participants_from = DAIS_POLICY_PARTICIPANTS_ADMITTED;
    assert_int_equal(count_participants(&account), 2);
    assert_int_equal(seen.rows[0].organisation, 1);
    assert_int_equal(seen.rows[1].organisation, 5);
    assert_int_equal(seen.rows[0].application, 0);
    assert_true(account.circulated == 4 && account.shown == 1 && account.not_shown == 3);
    assert_true(account.accorded == 1 && !account.has_causes);
    world.policy.participants_from = DAIS_POLICY_PARTICIPANTS_INVITED;
    assert_int_equal(count_participants(&account), 1);
    assert_int_equal(seen.rows[0].organisation, 1);
    world.policy.participants_from = DAIS_POLICY_PARTICIPANTS_ATTENDED;
    assert_int_equal(count_participants(&account), 1);
    assert_int_equal(seen.rows[0].organisation, 5);
    world.cycle.ended = 60;
    assert_int_equal(count_participants(&account), 1);
    world.policy.participants_from = DAIS_POLICY_PARTICIPANTS_ADMITTED;
    assert_int_equal(count_participants(&account), 1);
    assert_true(account.shown == 0 && account.not_shown == 4);
}

/* Goal: the sentence is made of the categories of those that attended. Method: numbers in the
 * cycle's row. */
static void test_attended(void **state)
{
    (void)state;
    world.cycle.attended_of[1] = 21;
    world.cycle.attended_of[6] = 3;
    dais_attended_t attended = dais_lists_attended(&world);
    assert_int_equal(attended.of[1], 21);
    assert_int_equal(attended.of[6], 3);
    assert_int_equal(attended.of[2], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_WORLD(test_applied), IN_WORLD(test_circulated),   IN_WORLD(test_told),
        IN_WORLD(test_levels),  IN_WORLD(test_counts),       IN_WORLD(test_standing),
        IN_WORLD(test_list),    IN_WORLD(test_participants), IN_WORLD(test_attended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
