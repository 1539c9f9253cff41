/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/rules_reader.h"

static uint64_t about_org(unsigned kind)
{
    return world_entry(kind, OFFICE, DAIS_SCOPE_ORGANISATION, 1);
}

/* Goal: the word of the policy says from which index on the public sees an entry on one
 * organisation. Method: each word, with the index not yet there, before and behind the entry. */
static void test_words(void **state)
{
    (void)state;
    begin(DAIS_POLICY_OPENS_AT_RECEIVED);
    uint64_t seq = about_org(DAIS_KIND_STATUS_CONFIRMED);
    go_on(30);
    world_org(1, (dais_organisation_row_t){.office_number = OFFICE});
    assert_int_equal(seen_from(0, seq), seq + 1);
    set_opens(DAIS_POLICY_OPENS_AT_LISTED);
    assert_int_equal(seen_from(0, seq), 0);
    world_org(1, (dais_organisation_row_t){.office_number = OFFICE, .listed = 10});
    assert_int_equal(seen_from(0, seq), seq + 1);
    world_org(1, (dais_organisation_row_t){.office_number = OFFICE, .listed = 30});
    assert_int_equal(seen_from(0, seq), 31);
    set_opens(DAIS_POLICY_OPENS_AT_DECIDED);
    assert_int_equal(seen_from(0, seq), 0);
    world_org(1, (dais_organisation_row_t){.office_number = OFFICE, .opened = 33});
    assert_int_equal(seen_from(0, seq), 34);
    set_opens(DAIS_POLICY_OPENS_AT_PUBLISHED);
    assert_int_equal(seen_from(0, seq), 0);
    world.cycle.summary = 25;
    assert_int_equal(seen_from(0, seq), 34);
    world.cycle.summary = 40;
    assert_int_equal(seen_from(0, seq), 41);
    set_opens(DAIS_POLICY_OPENS_AT_NEVER);
    assert_int_equal(seen_from(0, seq), 0);
    assert_int_equal(seen_from(INSPECTOR, seq), seq + 1);
}

/* Goal: what is refused as a whole opens only where everything opens at once. Method: a mark on the
 * entry, under two words; the author and the secretariat see it all the same. */
static void test_refused(void **state)
{
    (void)state;
    begin(DAIS_POLICY_OPENS_AT_LISTED);
    world_org(1, (dais_organisation_row_t){.office_number = OFFICE, .listed = 5});
    dais_entry_row_t row = {
        .kind = DAIS_KIND_APPLICATION, .actor_number = OFFICE, .marks = DAIS_ENTRY_REFUSED};
    world_dense(DAIS_TABLE_ENTRY, 21, &row);
    world.size = 21;
    world.policy.list_readers = 1U << DAIS_POLICY_LIST_READER_PUBLIC;
    assert_int_equal(seen_from(0, 20), 0);
    assert_int_equal(seen_from(OFFICE, 20), 21);
    assert_int_equal(seen_from(SECRETARIAT, 20), 21);
    assert_int_equal(seen_from(OTHER_OFFICE, 20), 0);
    set_opens(DAIS_POLICY_OPENS_AT_RECEIVED);
    assert_int_equal(seen_from(0, 20), 21);
}

/* Goal: kinds on which no policy rules open when they are logged, whatever it says on others.
 * Method: genesis, a call, a tick and an outcome under "never"; a lapse goes by the policy. */
static void test_unruled_kinds(void **state)
{
    (void)state;
    begin(DAIS_POLICY_OPENS_AT_NEVER);
    static const unsigned kinds[] = {DAIS_KIND_CALL, DAIS_KIND_TICK, DAIS_KIND_OUTCOME,
                                     DAIS_KIND_GENESIS, DAIS_KIND_ERASURE};
    for (unsigned i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        uint64_t seq = world_entry(kinds[i], 0, DAIS_SCOPE_NONE, 0);
        assert_int_equal(seen_from(0, seq), seq + 1);
    }
    world_org(1, (dais_organisation_row_t){.opened = 4});
    assert_int_equal(seen_from(0, world_entry(DAIS_KIND_LAPSE, 0, DAIS_SCOPE_ORGANISATION, 1)), 0);
    assert_int_equal(dais_visible_public_from(&world, 999), 0);
    assert_false(dais_visible_entry(&world, reader(INSPECTOR), 999, 5));
}

/* Goal: an entry of several targets opens with the last of them that counts. Method: targets of
 * which some are refused, one not yet opened, one of an earlier cycle; none; all refused. */
static void test_targets(void **state)
{
    (void)state;
    begin(DAIS_POLICY_OPENS_AT_DECIDED);
    world_org(1, (dais_organisation_row_t){.opened = 40});
    world_org(2, (dais_organisation_row_t){.opened = 30});
    world_org(3, (dais_organisation_row_t){.opened = 0});
    uint64_t seq = world_entry(DAIS_KIND_DECISION, CONFERENCE, DAIS_SCOPE_TARGETS, 4);
    uint64_t alone = world_entry(DAIS_KIND_DECISION, CONFERENCE, DAIS_SCOPE_TARGETS, 0);
    uint64_t other = world_entry(DAIS_KIND_DISCLOSURE, SECRETARIAT, DAIS_SCOPE_TARGETS, 1);
    go_on(30);
    world_target(other, 0, 2);
    assert_int_equal(seen_from(0, seq), 0);
    world_target(seq, 0, 0);
    world_target(seq, 1, 2);
    world_target(seq, 2, 1);
    world_target(seq, 3, 0);
    assert_int_equal(seen_from(0, seq), 41);
    world_target(seq, 3, 3);
    assert_int_equal(seen_from(0, seq), 0);
    world_target(seq, 3, (1ULL << 32) + 1);
    assert_int_equal(seen_from(0, seq), 0);
    assert_int_equal(seen_from(CONFERENCE, seq), seq + 1);
    assert_int_equal(seen_from(0, alone), alone + 1);
    assert_int_equal(seen_from(0, other), 0);
}

/* Goal: entries about nothing, permits and lists open by what closes the matter for all. Method:
 * each with each word that can stand there. */
static void test_other_scopes(void **state)
{
    (void)state;
    begin(DAIS_POLICY_OPENS_AT_DECIDED);
    uint64_t permit = world_entry(DAIS_KIND_LATE_PERMIT, SECRETARIAT, DAIS_SCOPE_ACTOR, OFFICE);
    uint64_t list = world_entry(DAIS_KIND_LIST_VERSION, SECRETARIAT, DAIS_SCOPE_TARGETS, 1);
    uint64_t words = world_entry(DAIS_KIND_INTERVENTION, SECRETARIAT, DAIS_SCOPE_NONE, 0);
    go_on(30);
    world_org(1, (dais_organisation_row_t){.opened = 35});
    world_target(list, 0, 1);
    assert_int_equal(seen_from(0, permit), 0);
    world.cycle.settled = 40;
    world.cycle.listed = 30;
    assert_int_equal(seen_from(0, permit), 41);
    assert_int_equal(seen_from(OFFICE, permit), permit + 1);
    assert_int_equal(seen_from(OTHER_OFFICE, permit), 41);
    assert_int_equal(seen_from(0, list), 36);
    assert_int_equal(seen_from(0, words), words + 1);
    set_opens(DAIS_POLICY_OPENS_AT_LISTED);
    assert_int_equal(seen_from(0, permit), 31);
    assert_int_equal(seen_from(0, list), list + 1);
    set_opens(DAIS_POLICY_OPENS_AT_PUBLISHED);
    assert_int_equal(seen_from(0, words), 0);
    world.cycle.summary = 45;
    assert_int_equal(seen_from(0, words), 46);
    assert_int_equal(seen_from(0, permit), 46);
}

/* Goal: what belongs to a comment opens with its publication, and under other words with its
 * organisation. Method: a comment and its organisation, before and behind. */
static void test_comments(void **state)
{
    (void)state;
    begin(DAIS_POLICY_OPENS_AT_PUBLISHED);
    uint64_t seq = world_entry(DAIS_KIND_COMMENT_RULING, SECRETARIAT, DAIS_SCOPE_COMMENT, 1);
    go_on(30);
    assert_int_equal(seen_from(0, seq), 0);
    world_org(1, (dais_organisation_row_t){.office_number = OFFICE, .opened = 25});
    world_dense(DAIS_TABLE_COMMENT, 1, &(dais_comment_row_t){.organisation_number = 1});
    assert_int_equal(seen_from(0, seq), 0);
    assert_int_equal(seen_from(OFFICE, seq), seq + 1);
    assert_int_equal(seen_from(OTHER_OFFICE, seq), 0);
    world_dense(DAIS_TABLE_COMMENT, 1,
                &(dais_comment_row_t){.organisation_number = 1, .published = 33});
    assert_int_equal(seen_from(0, seq), 34);
    set_opens(DAIS_POLICY_OPENS_AT_DECIDED);
    assert_int_equal(seen_from(0, seq), 26);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_WORLD(test_words),   IN_WORLD(test_refused),      IN_WORLD(test_unruled_kinds),
        IN_WORLD(test_targets), IN_WORLD(test_other_scopes), IN_WORLD(test_comments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
