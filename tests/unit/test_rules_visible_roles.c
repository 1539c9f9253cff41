/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/rules_reader.h"

/* Goal: an entry that tells of objections is seen by its level, and no wider. Method: every level,
 * every reader; a reason narrows it, but not a withdrawal. */
static void test_levels(void **state)
{
    (void)state;
    static const struct {
        dais_policy_disclosure_t level;
        bool by_public, by_secretariat, by_chair, by_bureau, by_conference;
    } cases[] = {{DAIS_POLICY_DISCLOSURE_SEALED, false, false, false, false, false},
                 {DAIS_POLICY_DISCLOSURE_COUNT_ONLY, false, false, false, false, false},
                 {DAIS_POLICY_DISCLOSURE_CHAIR, false, true, true, false, false},
                 {DAIS_POLICY_DISCLOSURE_DECIDER, false, true, true, false, true},
                 {DAIS_POLICY_DISCLOSURE_STATES_ON_REQUEST, false, true, true, false, true},
                 {DAIS_POLICY_DISCLOSURE_PUBLIC, true, true, true, true, true}};
    begin(DAIS_POLICY_OPENS_AT_RECEIVED);
    uint64_t seq = world_entry(DAIS_KIND_OBJECTION, PARTY, DAIS_SCOPE_TARGETS, 1);
    uint64_t ended = world_entry(DAIS_KIND_OBJECTION_WITHDRAWAL, PARTY, DAIS_SCOPE_TARGETS, 1);
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        world.policy.disclosure_objector = cases[i].level;
        assert_int_equal(seen_from(0, seq) != 0, cases[i].by_public);
        assert_int_equal(seen_from(SECRETARIAT, seq) != 0, cases[i].by_secretariat);
        assert_int_equal(seen_from(CHAIR, seq) != 0, cases[i].by_chair);
        assert_int_equal(seen_from(BUREAU, seq) != 0, cases[i].by_bureau);
        assert_int_equal(seen_from(CONFERENCE, seq) != 0, cases[i].by_conference);
        assert_int_equal(seen_from(PARTY, seq), seq + 1);
        assert_int_equal(seen_from(INSPECTOR, seq), seq + 1);
    }
    world.policy.disclosure_reason = DAIS_POLICY_DISCLOSURE_SEALED;
    assert_true(seen_from(0, seq) != 0);
    world.policy.reasons = DAIS_POLICY_REASONS_VOLUNTARY;
    assert_int_equal(seen_from(CHAIR, seq), 0);
    assert_true(seen_from(0, ended) != 0);
    world.policy.disclosure_reason = DAIS_POLICY_DISCLOSURE_PUBLIC;
    assert_true(seen_from(0, seq) != 0);
}

/* Goal: an office sees what concerns its organisations and nothing of others. Method: every kind
 * under "never"; the screening depends on its own key. */
static void test_office(void **state)
{
    (void)state;
    begin(DAIS_POLICY_OPENS_AT_NEVER);
    world_org(1, (dais_organisation_row_t){.office_number = OFFICE});
    world_org(2, (dais_organisation_row_t){.office_number = OTHER_OFFICE});
    static const uint8_t kinds[] = {
        DAIS_KIND_APPLICATION,  DAIS_KIND_AMENDMENT,  DAIS_KIND_WITHDRAWAL,
        DAIS_KIND_NOTICE,       DAIS_KIND_REPLY,      DAIS_KIND_TRANSFER,
        DAIS_KIND_REGISTRATION, DAIS_KIND_ATTENDANCE, DAIS_KIND_STATUS_CONFIRMED};
    for (unsigned i = 0; i < sizeof kinds; i++) {
        uint64_t seq = world_entry(kinds[i], SECRETARIAT, DAIS_SCOPE_ORGANISATION, 1);
        assert_int_equal(seen_from(OFFICE, seq), seq + 1);
        assert_int_equal(seen_from(OTHER_OFFICE, seq), 0);
        assert_int_equal(seen_from(CHAIR, seq), 0);
        assert_int_equal(seen_from(SECRETARIAT, seq), seq + 1);
    }
    uint64_t screening = world_entry(DAIS_KIND_SCREENING, SECRETARIAT, DAIS_SCOPE_ORGANISATION, 1);
    assert_int_equal(seen_from(OFFICE, screening), 0);
    world.policy.screening_reasons = DAIS_POLICY_SCREENING_APPLICANT;
    assert_int_equal(seen_from(OFFICE, screening), screening + 1);
    assert_int_equal(seen_from(OFFICE, world_entry(DAIS_KIND_LAPSE, 0, DAIS_SCOPE_ORGANISATION, 1)),
                     0);
    assert_int_equal(
        seen_from(OFFICE, world_entry(DAIS_KIND_REFERRAL, SECRETARIAT, DAIS_SCOPE_NONE, 0)), 0);
}

/* Goal: readers of the list see its versions, and who applied from the list on. Method: every word
 * of list-readers against every role; a State that is not entitled reads nothing. */
static void test_list_readers(void **state)
{
    (void)state;
    static const unsigned actors[] = {PARTY, SECRETARIAT, CHAIR, BUREAU, CONFERENCE};
    begin(DAIS_POLICY_OPENS_AT_NEVER);
    world_org(1, (dais_organisation_row_t){.office_number = OFFICE, .listed = 30});
    uint64_t applied = world_entry(DAIS_KIND_APPLICATION, OFFICE, DAIS_SCOPE_ORGANISATION, 1);
    uint64_t list = world_entry(DAIS_KIND_LIST_VERSION, SECRETARIAT, DAIS_SCOPE_TARGETS, 1);
    uint64_t stray = world_entry(DAIS_KIND_APPLICATION, OFFICE, DAIS_SCOPE_ORGANISATION, 9);
    go_on(20);
    for (unsigned word = 0; word < 5; word++) {
        world.policy.list_readers = 1U << (DAIS_POLICY_LIST_READER_STATES + word);
        for (unsigned i = 0; i < 5; i++) {
            bool all = actors[i] == SECRETARIAT;
            assert_int_equal(seen_from(actors[i], list), all || i == word ? list + 1 : 0);
            assert_int_equal(seen_from(actors[i], applied),
                             all ? applied + 1 : (i == word ? 31 : 0));
        }
        assert_int_equal(seen_from(0, list), 0);
        assert_int_equal(seen_from(OTHER_OFFICE, list), 0);
    }
    world.policy.list_readers = 1U << DAIS_POLICY_LIST_READER_PUBLIC;
    assert_int_equal(seen_from(0, applied), 31);
    assert_int_equal(seen_from(0, list), list + 1);
    assert_int_equal(seen_from(0, stray), 0);
    world.policy.list_readers = 1U << DAIS_POLICY_LIST_READER_STATES;
    world_dense(DAIS_TABLE_STATE, 1, &(dais_state_row_t){.code = "XA"});
    assert_int_equal(seen_from(PARTY, list), 0);
}

/* Goal: the decider sees what is put before it and what came of it. Method: those kinds and
 * another, for the Conference and for a body that does not decide. */
static void test_decider(void **state)
{
    (void)state;
    begin(DAIS_POLICY_OPENS_AT_NEVER);
    static const unsigned kinds[] = {DAIS_KIND_REFERRAL, DAIS_KIND_DECISION, DAIS_KIND_CORRECTION,
                                     DAIS_KIND_LAPSE};
    for (unsigned i = 0; i < 4; i++) {
        uint64_t seq = world_entry(kinds[i], SECRETARIAT, DAIS_SCOPE_TARGETS, 0);
        assert_int_equal(seen_from(CONFERENCE, seq), seq + 1);
        assert_int_equal(seen_from(BUREAU, seq), 0);
    }
    uint64_t seq = world_entry(DAIS_KIND_SCREENING, SECRETARIAT, DAIS_SCOPE_ORGANISATION, 1);
    assert_int_equal(seen_from(CONFERENCE, seq), 0);
}

static void disclose(uint64_t seq, unsigned to, uint64_t state_number, uint64_t at)
{
    world_mark(DAIS_TABLE_DISCLOSED, seq, to, state_number, at, 0);
}

/* Goal: what is disclosed is open to those that are named, from then on. Method: an entry for each
 * sort of reader, asked by all. */
static void test_disclosed(void **state)
{
    (void)state;
    static const struct {
        unsigned to;
        uint64_t state_number;
        unsigned actor;
    } cases[] = {{DAIS_READER_PUBLIC, 0, 0},       {DAIS_READER_APPLICANT, 0, OFFICE},
                 {DAIS_READER_STATES, 0, PARTY},   {DAIS_READER_STATE, 1, PARTY},
                 {DAIS_READER_CHAIR, 0, CHAIR},    {DAIS_READER_DECIDER, 0, CONFERENCE},
                 {DAIS_READER_STATE, 2, INSPECTOR}};
    begin(DAIS_POLICY_OPENS_AT_NEVER);
    world_org(1, (dais_organisation_row_t){.office_number = OFFICE});
    uint64_t first = world.size;
    for (unsigned i = 0; i < 7; i++)
        world_target(world_entry(DAIS_KIND_MERGE, INSPECTOR, DAIS_SCOPE_TARGETS, 1), 0, 1);
    go_on(20);
    for (unsigned i = 0; i < 7; i++) {
        disclose(first + i, cases[i].to, cases[i].state_number, 40);
        for (unsigned actor = 0; actor < INSPECTOR; actor++) {
            uint64_t from = cases[i].to == DAIS_READER_PUBLIC || actor == cases[i].actor ? 41 : 0;
            assert_int_equal(seen_from(actor, first + i),
                             actor == SECRETARIAT ? first + i + 1 : from);
        }
    }
    world_dense(DAIS_TABLE_STATE, 1, &(dais_state_row_t){.code = "XA"});
    assert_int_equal(seen_from(PARTY, first + 2), 0);
    assert_int_equal(seen_from(PARTY, first + 3), 41);
}

/* Goal: an applicant sees of what is disclosed to applicants what names an organisation of its own.
 * Method: entries on one, on others, on a comment, and a disclosure, whose targets are entries. */
static void test_disclosed_to_applicant(void **state)
{
    (void)state;
    begin(DAIS_POLICY_OPENS_AT_NEVER);
    world_org(1, (dais_organisation_row_t){.office_number = OFFICE});
    world_org(2, (dais_organisation_row_t){.office_number = OTHER_OFFICE});
    uint64_t one = world_entry(DAIS_KIND_SCREENING, SECRETARIAT, DAIS_SCOPE_ORGANISATION, 1);
    uint64_t some = world_entry(DAIS_KIND_DECISION, CONFERENCE, DAIS_SCOPE_TARGETS, 2);
    uint64_t entries = world_entry(DAIS_KIND_DISCLOSURE, SECRETARIAT, DAIS_SCOPE_TARGETS, 1);
    uint64_t none = world_entry(DAIS_KIND_CORRESPONDENCE, SECRETARIAT, DAIS_SCOPE_TARGETS, 0);
    go_on(20);
    world_target(some, 0, 0);
    world_target(some, 1, 1);
    world_target(entries, 0, 1);
    for (uint64_t seq = one; seq <= none; seq++)
        disclose(seq, DAIS_READER_APPLICANT, 0, 30);
    assert_int_equal(seen_from(OFFICE, one), 31);
    assert_int_equal(seen_from(OFFICE, some), 31);
    assert_int_equal(seen_from(OFFICE, entries), 0);
    assert_int_equal(seen_from(OFFICE, none), 0);
    assert_int_equal(seen_from(OTHER_OFFICE, one), 0);
    assert_int_equal(seen_from(OTHER_OFFICE, some), 0);
}

/* Goal: what is withheld opens no more, and stays with whoever saw it. Method: withheld before and
 * after the organisation was decided on and listed. */
static void test_withheld(void **state)
{
    (void)state;
    begin(DAIS_POLICY_OPENS_AT_DECIDED);
    world.policy.list_readers = 1U << DAIS_POLICY_LIST_READER_CHAIR;
    dais_entry_row_t row = {.kind = DAIS_KIND_APPLICATION,
                            .actor_number = OFFICE,
                            .scope = DAIS_SCOPE_ORGANISATION,
                            .scope_number = 1,
                            .marks = DAIS_ENTRY_WITHHELD};
    world_dense(DAIS_TABLE_ENTRY, 21, &row);
    go_on(30);
    world_org(1, (dais_organisation_row_t){.office_number = OFFICE, .opened = 35, .listed = 31});
    assert_int_equal(seen_from(0, 20), 36);
    world_mark(DAIS_TABLE_WITHHELD, 20, 0, 0, 33, 0);
    assert_int_equal(seen_from(0, 20), 0);
    assert_int_equal(seen_from(CHAIR, 20), 32);
    assert_int_equal(seen_from(OFFICE, 20), 21);
    world_mark(DAIS_TABLE_WITHHELD, 20, 0, 0, 31, 0);
    assert_int_equal(seen_from(CHAIR, 20), 0);
}

/* Goal: erasure is a mark of its own. Method: with and without it, and an entry that is not there.
 */
static void test_erased(void **state)
{
    (void)state;
    begin(DAIS_POLICY_OPENS_AT_RECEIVED);
    world_dense(DAIS_TABLE_ENTRY, 5, &(dais_entry_row_t){.kind = 8, .marks = DAIS_ENTRY_ERASED});
    assert_true(dais_visible_erased(&world, 4));
    assert_false(dais_visible_erased(&world, 5));
    assert_false(dais_visible_erased(&world, 99));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_WORLD(test_levels),   IN_WORLD(test_office),    IN_WORLD(test_list_readers),
        IN_WORLD(test_decider),  IN_WORLD(test_disclosed), IN_WORLD(test_disclosed_to_applicant),
        IN_WORLD(test_withheld), IN_WORLD(test_erased),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
