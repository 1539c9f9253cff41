/* SPDX-License-Identifier: Apache-2.0
 *
 * Facts that are not entries: what a page may say of an organisation to a reader, without the entry
 * that it follows from. */
#include "registry/rules/visible.h"

#include <assert.h>

#include "registry/rules/visible_private.h"

dais_reader_who_t dais_visible_public(void)
{
    return (dais_reader_who_t){.role = 0};
}

dais_reader_who_t dais_visible_as(const dais_roster_who_t *who)
{
    return (dais_reader_who_t){
        .role = who->role, .actor_number = who->actor_number, .state_number = who->state_number};
}

typedef struct {
    dais_rules_t *rules;
    dais_reader_who_t reader;
    const dais_organisation_row_t *org;
    bool is_own; /* the reader is the office of it */
} fact_t;

static bool fact_is_secretariat(const fact_t *fact)
{
    return fact->reader.role == DAIS_ROLE_SECRETARIAT;
}

/* The public learns a name with the application, and not before the list. */
static uint64_t fact_applied(const fact_t *fact)
{
    if (fact->is_own || fact_is_secretariat(fact))
        return fact->org->applied;
    if (fact->rules->policy.publish_applicants != DAIS_POLICY_APPLICANTS_NAMES)
        return DAIS_VISIBLE_NEVER;
    uint64_t opens = dais_visible_public_from(fact->rules, fact->org->applied);
    return opens == 0 ? DAIS_VISIBLE_NEVER
                      : dais_visible_both(opens - 1, dais_visible_since(fact->org->listed));
}

static uint64_t fact_circulated(const fact_t *fact)
{
    if (fact->is_own || dais_visible_reads_lists(fact->rules, fact->reader))
        return dais_visible_since(fact->org->listed);
    return DAIS_VISIBLE_NEVER;
}

/* The first outcome about it sets `opened`: nothing else is ever told of it first. The office knows
 * once the window has closed, from the list, that it is not on it. */
static uint64_t fact_told(const fact_t *fact)
{
    uint64_t index = dais_visible_since(fact->org->opened);
    if (fact->is_own)
        index = dais_visible_first(index, dais_visible_since(fact->rules->cycle.settled));
    return index;
}

static uint64_t fact_by_level(const fact_t *fact, dais_policy_disclosure_t level,
                              uint64_t public_index)
{
    if (dais_visible_role_has(&fact->rules->policy, fact->reader, level))
        return 0;
    return level == DAIS_POLICY_DISCLOSURE_PUBLIC ? public_index : DAIS_VISIBLE_NEVER;
}

/* What is public of objections opens as they do. */
static uint64_t fact_objection(const fact_t *fact, dais_policy_disclosure_t level)
{
    const dais_policy_t *policy = &fact->rules->policy;
    dais_policy_opens_at_t at = dais_policy_opens_at(policy, DAIS_KIND_OBJECTION);
    return fact_by_level(fact, level, dais_visible_opens(fact->rules, at, fact->org));
}

static uint64_t fact_cause(const fact_t *fact)
{
    if (fact_is_secretariat(fact))
        return 0;
    return fact_by_level(fact, fact->rules->policy.disclosure_cause,
                         dais_visible_since(fact->org->opened));
}

/* The index from which on it may be told. */
static uint64_t fact_from(const fact_t *fact, dais_fact_t what)
{
    const dais_policy_t *policy = &fact->rules->policy;
    if (dais_visible_sees_all(fact->reader))
        return 0;
    switch (what) {
    case DAIS_FACT_APPLIED: return fact_applied(fact);
    case DAIS_FACT_CIRCULATED: return fact_circulated(fact);
    case DAIS_FACT_STATE:
    case DAIS_FACT_CAUSE: return fact_cause(fact);
    case DAIS_FACT_TOLD:
    case DAIS_FACT_PARTICIPANT: return fact_told(fact);
    case DAIS_FACT_OBJECTION:
        return fact_is_secretariat(fact) ? 0 : fact_objection(fact, policy->disclosure_fact);
    case DAIS_FACT_OBJECTOR: return fact_objection(fact, policy->disclosure_objector);
    case DAIS_FACT_REASON: return fact_objection(fact, policy->disclosure_reason);
    case DAIS_FACT_COUNTS: break;
    }
    return DAIS_VISIBLE_NEVER;
}

/* Numbers name nobody: they are public from "count-only" on, whatever lies between. */
static bool fact_counts(const dais_rules_t *rules, dais_reader_who_t reader)
{
    dais_policy_disclosure_t level = rules->policy.disclosure_fact;
    return level == DAIS_POLICY_DISCLOSURE_COUNT_ONLY || level == DAIS_POLICY_DISCLOSURE_PUBLIC ||
           dais_visible_sees_all(reader) || reader.role == DAIS_ROLE_SECRETARIAT ||
           dais_visible_role_has(&rules->policy, reader, level);
}

static bool fact_begin(dais_rules_t *rules, dais_reader_who_t reader, uint32_t organisation,
                       dais_organisation_row_t *org, fact_t *fact)
{
    dais_rules_store_t *store = rules->store;
    if (!store->port->dense_get(store, DAIS_TABLE_ORGANISATION, organisation, org))
        return false;
    *fact = (fact_t){.rules = rules, .reader = reader, .org = org};
    fact->is_own = reader.role == DAIS_ROLE_OFFICE && org->office_number == reader.actor_number;
    return true;
}

bool dais_visible_fact(dais_rules_t *rules, dais_reader_who_t reader, dais_fact_t fact,
                       uint32_t organisation, uint64_t size)
{
    dais_organisation_row_t org;
    fact_t about;
    assert(size <= dais_rules_size(rules));
    if (fact == DAIS_FACT_COUNTS)
        return fact_counts(rules, reader);
    return fact_begin(rules, reader, organisation, &org, &about) && fact_from(&about, fact) < size;
}

/* Its own office reads, of what is not told, only that it is not on the list. */
static const char *standing_of_own(const fact_t *fact)
{
    bool is_on = fact->org->told == DAIS_TOLD_ADMITTED || fact->org->told == DAIS_TOLD_PROVISIONAL;
    if (is_on)
        return "on the list";
    return fact->rules->cycle.settled == 0 ? NULL : "not on the list";
}

const char *dais_visible_standing(dais_rules_t *rules, dais_reader_who_t reader,
                                  uint32_t organisation)
{
    dais_organisation_row_t org;
    fact_t fact;
    if (!fact_begin(rules, reader, organisation, &org, &fact))
        return NULL;
    if (fact_from(&fact, DAIS_FACT_STATE) < dais_rules_size(rules))
        return dais_machine(DAIS_MACHINE_APPLICATION)->states[org.state].name;
    if (fact.is_own)
        return standing_of_own(&fact);
    return org.told == DAIS_TOLD_NOTHING ? NULL : dais_due_told_word((dais_told_t)org.told);
}

bool dais_visible_may_open(unsigned kind)
{
    switch (kind) {
    case DAIS_KIND_APPLICATION:
    case DAIS_KIND_COMMENT:
    case DAIS_KIND_REPLY:
    case DAIS_KIND_NOTICE:
    case DAIS_KIND_OFFICERS:
    case DAIS_KIND_AGENDA_ITEM:
    case DAIS_KIND_DOCUMENT:
    case DAIS_KIND_TOPIC:
    case DAIS_KIND_INVITATION:
    case DAIS_KIND_REGISTRATION:
    case DAIS_KIND_ATTENDANCE:
    case DAIS_KIND_INTERVENTION:
    case DAIS_KIND_SUGGESTION:
    case DAIS_KIND_CORRESPONDENCE:
    case DAIS_KIND_DISCLOSURE_REQUEST:
    case DAIS_KIND_WITHHOLDING:
    case DAIS_KIND_ROSTER_CHANGE:
    case DAIS_KIND_INTAKE_LOST:
    case DAIS_KIND_CLOCK_ACCEPTED:
    case DAIS_KIND_TURNED_AWAY:
    case DAIS_KIND_TALLY: return false;
    default: return true;
    }
}
