/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_UNIT_RULES_READER_H
#define DAIS_TESTS_UNIT_RULES_READER_H

/* Readers of a log of a few entries, and from which size on each sees one of them. To be included
 * after cmocka. */

#include "registry/rules/visible.h"
#include "tests/unit/rules_state.h"

/* Actors of the small world. */
enum { SECRETARIAT = 1, OFFICE, OTHER_OFFICE, PARTY, CHAIR, BUREAU, CONFERENCE, INSPECTOR };

static inline dais_reader_who_t reader(unsigned actor)
{
    static const unsigned roles[] = {0,
                                     DAIS_ROLE_SECRETARIAT,
                                     DAIS_ROLE_OFFICE,
                                     DAIS_ROLE_OFFICE,
                                     DAIS_ROLE_PARTY,
                                     DAIS_ROLE_CHAIR,
                                     DAIS_ROLE_BUREAU,
                                     DAIS_ROLE_CONFERENCE,
                                     DAIS_ROLE_INSPECTOR};
    dais_roster_who_t who = {.role = roles[actor], .actor_number = actor};
    who.state_number = actor == PARTY ? 1 : 0;
    return actor == 0 ? dais_visible_public() : dais_visible_as(&who);
}

static inline void set_opens(dais_policy_opens_at_t at)
{
    memset(world.policy.opens.at, (int)at, sizeof world.policy.opens.at);
    world.policy.confirmed[DAIS_POLICY_KEY_OPENS] = DAIS_POLICY_CONFIRMED_ASSUMED;
}

/* Twenty entries without meaning, so that an index of a row can lie before or behind any other; a
 * State that is entitled, and the Conference as decider. */
static inline void begin(dais_policy_opens_at_t at)
{
    set_opens(at);
    world.policy.decider.role = DAIS_POLICY_BODY_CONFERENCE;
    world.policy.disclosure_objector = DAIS_POLICY_DISCLOSURE_SEALED;
    world.policy.disclosure_reason = DAIS_POLICY_DISCLOSURE_PUBLIC;
    world.policy.disclosure_cause = DAIS_POLICY_DISCLOSURE_SEALED;
    world_dense(DAIS_TABLE_STATE, 1, &(dais_state_row_t){.code = "XA", .entitled = 1});
    for (unsigned i = 0; i < 20; i++)
        (void)world_entry(DAIS_KIND_OFFICERS, SECRETARIAT, DAIS_SCOPE_NONE, 0);
}

/* More entries behind, so that sizes beyond can be asked for. */
static inline void go_on(unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        (void)world_entry(DAIS_KIND_OFFICERS, SECRETARIAT, DAIS_SCOPE_NONE, 0);
}

/* The size from which on the reader sees it, asked at every size; 0 for never. Also that it stays
 * open once it is. */
static inline uint64_t seen_from(unsigned actor, uint64_t seq)
{
    uint64_t from = 0;
    for (uint64_t size = 0; size <= world.size; size++) {
        bool sees = dais_visible_entry(&world, reader(actor), seq, size);
        assert_true(sees || from == 0);
        if (sees && from == 0)
            from = size;
    }
    if (actor == 0)
        assert_int_equal(dais_visible_public_from(&world, seq), from);
    return from;
}

#endif
