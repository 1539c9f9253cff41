/* SPDX-License-Identifier: Apache-2.0
 *
 * What waits for somebody: each role has its own sorts of things. First what was received in time
 * and logged late, then what has a date, then the rest in the order of arrival. */
#include "registry/tell.h"

#define URGENT_FIRST UINT64_C(0)
#define URGENT_DATED UINT64_C(1) /* and a time may be added: times are far below the next one */
#define URGENT_REST  (UINT64_C(1) << 62)

static uint64_t queue_urgency(bool is_urgent, uint64_t date_ms)
{
    if (is_urgent)
        return URGENT_FIRST;
    return date_ms != 0 ? URGENT_DATED + date_ms : URGENT_REST;
}

/* To screen, for the secretariat. */
static void queue_applications(const dais_tell_t *tell, dais_tell_things_t *things)
{
    dais_rules_store_t *store = dais_rules_store(tell->rules);
    uint64_t count = store->port->count(store, DAIS_TABLE_ORGANISATION);
    for (uint64_t number = 1; number <= count; number++) {
        dais_organisation_row_t org;
        if (dais_tell_org(tell, number, &org) && org.state == DAIS_APPLICATION_SUBMITTED &&
            dais_tell_fact(tell, DAIS_FACT_STATE, (uint32_t)number))
            dais_tell_collect(things, DAIS_STATUS_APPLICATION, number,
                              queue_urgency((org.marks & DAIS_MARK_TIMELY) != 0, 0));
    }
}

/* To rule on, for the secretariat; to mend, for the office. */
static void queue_comments(const dais_tell_t *tell, unsigned state, dais_tell_things_t *things)
{
    dais_rules_store_t *store = dais_rules_store(tell->rules);
    uint64_t count = store->port->count(store, DAIS_TABLE_COMMENT);
    for (uint64_t number = 1; number <= count; number++) {
        dais_comment_row_t comment;
        dais_organisation_row_t org;
        if (store->port->dense_get(store, DAIS_TABLE_COMMENT, number, &comment) &&
            comment.state == state && dais_tell_sees(tell, comment.entry) &&
            dais_tell_org(tell, comment.organisation_number, &org) &&
            (tell->reader.role != DAIS_ROLE_OFFICE || dais_tell_is_own(tell, &org)))
            dais_tell_collect(things, DAIS_STATUS_COMMENT, number,
                              queue_urgency((comment.marks & DAIS_MARK_TIMELY) != 0, 0));
    }
}

/* To refer, for the secretariat; to decide, for the decider. */
static void queue_cases(const dais_tell_t *tell, uint32_t states, dais_tell_things_t *things)
{
    dais_rules_store_t *store = dais_rules_store(tell->rules);
    uint64_t count = store->port->count(store, DAIS_TABLE_CASE);
    for (uint64_t number = 1; number <= count; number++) {
        dais_case_row_t row;
        if (store->port->dense_get(store, DAIS_TABLE_CASE, number, &row) &&
            (states >> row.state & 1U) != 0 &&
            (dais_tell_fact(tell, DAIS_FACT_CAUSE, row.organisation_number) ||
             (row.referred != 0 && dais_tell_sees(tell, row.referred))))
            dais_tell_collect(things, DAIS_STATUS_CASE, number, queue_urgency(row.urgent != 0, 0));
    }
}

/* Entries that wait for a second whom the asker could be: another holder than who signed it. */
static void queue_seconds(const dais_tell_t *tell, dais_tell_things_t *things)
{
    dais_rules_store_t *store = dais_rules_store(tell->rules);
    dais_row_key_t key = {{0}};
    dais_second_row_t second;
    for (; store->port->sorted_next(store, DAIS_TABLE_SECOND, &key, &second); key.part[0]++) {
        if (second.seconded == 0 &&
            !dais_roster_same_holder(store, second.key_number, tell->who.key_number))
            dais_tell_collect(things, DAIS_STATUS_SECOND, key.part[0], URGENT_DATED);
    }
}

/* Notices to which the office may still reply. */
static void queue_notices(const dais_tell_t *tell, dais_tell_things_t *things)
{
    dais_rules_store_t *store = dais_rules_store(tell->rules);
    dais_row_key_t key = {{0}};
    dais_notice_row_t notice;
    for (; store->port->sorted_next(store, DAIS_TABLE_NOTICE, &key, &notice); key.part[0]++) {
        dais_organisation_row_t org;
        if (notice.reply_by != 0 && dais_tell_org(tell, notice.organisation_number, &org) &&
            dais_tell_is_own(tell, &org) && org.reply_by == notice.reply_by)
            dais_tell_collect(things, DAIS_STATUS_NOTICE, key.part[0],
                              queue_urgency(false, notice.reply_by));
    }
}

/* Objections lodged in the name of the State that it has not signed. */
static void queue_signatures(const dais_tell_t *tell, dais_tell_things_t *things)
{
    dais_rules_store_t *store = dais_rules_store(tell->rules);
    uint64_t count = store->port->count(store, DAIS_TABLE_OBJECTION);
    for (uint64_t number = 1; number <= count; number++) {
        dais_objection_row_t objection;
        if (store->port->dense_get(store, DAIS_TABLE_OBJECTION, number, &objection) &&
            tell->reader.state_number != 0 && objection.state_number == tell->reader.state_number &&
            objection.state == DAIS_OBJECTION_LODGED &&
            (objection.marks & DAIS_OBJECTION_NAMED) != 0)
            dais_tell_collect(things, DAIS_STATUS_OBJECTION, number, URGENT_REST);
    }
}

/* The list as a whole, for the body that endorses it. */
static void queue_endorsement(const dais_tell_t *tell, dais_tell_things_t *things)
{
    dais_rules_store_t *store = dais_rules_store(tell->rules);
    dais_row_key_t key = {{0}};
    dais_cycle_row_t cycle;
    if (store->port->sorted_get(store, DAIS_TABLE_CYCLE, &key, &cycle) && cycle.settled != 0 &&
        cycle.endorsed == 0)
        dais_tell_collect(things, DAIS_STATUS_LIST, cycle.listed, URGENT_REST);
}

static void queue_of_secretariat(const dais_tell_t *tell, dais_tell_things_t *things)
{
    queue_seconds(tell, things);
    queue_applications(tell, things);
    queue_comments(tell, DAIS_COMMENT_SUBMITTED, things);
    queue_cases(tell, 1U << DAIS_CASE_RAISED | 1U << DAIS_CASE_DEFERRED, things);
}

dais_err_t dais_tell_queue(const dais_tell_t *tell, const dais_ask_queue_t *ask,
                           dais_answer_status_t *answer)
{
    const dais_policy_t *policy = dais_rules_policy(tell->rules);
    dais_tell_things_t things = {.count = 0};
    unsigned role = tell->reader.role;
    *answer = (dais_answer_status_t){.what = DAIS_WHAT_QUEUE};
    if (role == DAIS_ROLE_SECRETARIAT)
        queue_of_secretariat(tell, &things);
    if (role == DAIS_ROLE_OFFICE) {
        queue_notices(tell, &things);
        queue_comments(tell, DAIS_COMMENT_RETURNED, &things);
    }
    if (role == DAIS_ROLE_PARTY)
        queue_signatures(tell, &things);
    if (role != 0 && role == dais_tell_role_of(policy->decider.role))
        queue_cases(tell, 1U << DAIS_CASE_REFERRED, &things);
    if (role != 0 && role == dais_tell_role_of(policy->endorsement.role))
        queue_endorsement(tell, &things);
    return dais_tell_things(tell, &things, ask->from, answer);
}
