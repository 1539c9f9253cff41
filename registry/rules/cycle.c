/* SPDX-License-Identifier: Apache-2.0
 *
 * The steps of the cycle that more than one kind or tick can take (docs/rules.md, 5.2). */
#include "registry/rules/rules_private.h"

/* Have all sessions of the call that many words of the policy ask for? */
static bool cycle_sessions_are_over(const dais_rules_t *rules)
{
    uint32_t words = rules->policy.begins_after;
    uint64_t count = rules->store->port->count(rules->store, DAIS_TABLE_SESSION);
    for (uint64_t number = 1; number <= count; number++) {
        dais_session_row_t row;
        if (!rules->store->port->dense_get(rules->store, DAIS_TABLE_SESSION, number, &row) ||
            row.code_number == 0) /* left over from an earlier call */
            continue;
        if (row.concluded == 0 && (words >> DAIS_POLICY_BEGINS_SESSIONS_CONCLUDED & 1U) != 0)
            return false;
        if (row.adopted == 0 && (words >> DAIS_POLICY_BEGINS_REPORTS_ADOPTED & 1U) != 0)
            return false;
    }
    return true;
}

void dais_cycle_begin(dais_rules_t *rules)
{
    if (rules->cycle.state == DAIS_CYCLE_SETTLED &&
        dais_dates_is_ticked(rules, DAIS_DATE_SESSION_STARTS) && cycle_sessions_are_over(rules))
        dais_cycle_move(rules, DAIS_CYCLE_IN_SESSION);
}

void dais_cycle_file(dais_rules_t *rules)
{
    if (rules->cycle.state != DAIS_CYCLE_SUMMARISED ||
        !dais_dates_is_ticked(rules, DAIS_DATE_ARCHIVES))
        return;
    dais_cycle_move(rules, DAIS_CYCLE_ARCHIVED);
    rules->cycle.archived = rules->seq;
}

void dais_cycle_settle(dais_rules_t *rules)
{
    uint32_t count = dais_org_count(rules);
    rules->cycle.settled = rules->seq;
    dais_cycle_move(rules, DAIS_CYCLE_SETTLED);
    for (uint32_t number = 1; number <= count; number++) {
        dais_org_t org;
        if (!dais_org_get(rules, number, &org) || org.row.version == 0)
            continue;
        dais_weigh_settle(rules, &org);
        dais_org_put(rules, &org);
    }
    dais_cycle_begin(rules);
}

void dais_cycle_end(dais_rules_t *rules)
{
    uint32_t count = dais_org_count(rules);
    rules->cycle.ended = rules->seq;
    dais_cycle_move(rules, DAIS_CYCLE_ENDED);
    for (uint32_t number = 1; number <= count; number++) {
        dais_org_t org;
        if (!dais_org_get(rules, number, &org))
            continue;
        if (dais_org_is_in(&org))
            org.row.marks |= DAIS_MARK_IN_AT_END;
        dais_weigh_end(rules, &org);
        dais_org_put(rules, &org);
    }
}

void dais_cycle_endorse(dais_rules_t *rules)
{
    uint32_t count = dais_org_count(rules);
    rules->cycle.endorsed = 1;
    for (uint32_t number = 1; number <= count; number++) {
        dais_org_t org;
        if (!dais_org_get(rules, number, &org) || org.row.version == 0 ||
            (org.row.state != DAIS_APPLICATION_UNOPPOSED &&
             org.row.state != DAIS_APPLICATION_CONTESTED))
            continue;
        dais_org_move(rules, &org, DAIS_APPLICATION_ADMITTED, DAIS_CAUSE_ENDORSEMENT);
        dais_org_put(rules, &org);
    }
}

void dais_cycle_tally(dais_rules_t *rules)
{
    if (rules->policy.publish_applicants != DAIS_POLICY_APPLICANTS_NONE || rules->cycle.listed != 0)
        rules->cycle.tally_due = 1;
}
