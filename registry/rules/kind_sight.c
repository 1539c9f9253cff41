/* SPDX-License-Identifier: Apache-2.0
 *
 * Entries that are opened to more readers, kept closed for good, or erased. None of it can narrow
 * what somebody sees already, and none can open what the policy keeps from that reader. */
#include "registry/rules/rules_private.h"
#include "registry/rules/visible.h"
#include "registry/rules/visible_private.h"

#define OWN_KIND_MIN 128U /* kinds from here on are the registry's own */

dais_verdict_t dais_kind_disclosure(dais_step_t *step)
{
    const dais_disclosure_t *disclosure = (const dais_disclosure_t *)step->subject;
    bool has_state = disclosure->state.size > 0;
    return has_state == (disclosure->reader == DAIS_READER_STATE) ? DAIS_VERDICT_ACCEPTED
                                                                  : DAIS_VERDICT_SENSELESS;
}

dais_verdict_t dais_kind_withholding(dais_step_t *step)
{
    (void)step; /* all that can be wrong is wrong with a target */
    return DAIS_VERDICT_ACCEPTED;
}

dais_verdict_t dais_kind_erasure(dais_step_t *step)
{
    (void)step;
    return DAIS_VERDICT_ACCEPTED;
}

/* False for entry 0, and for one that is not there yet. */
static bool sight_entry(dais_rules_t *rules, uint64_t index, dais_entry_row_t *entry)
{
    return index != 0 && index < rules->seq &&
           rules->store->port->dense_get(rules->store, DAIS_TABLE_ENTRY, index + 1, entry);
}

static bool sight_is_own(const dais_entry_row_t *entry)
{
    return entry->kind >= OWN_KIND_MIN;
}

/* Open to everybody, now or by itself: own entries but lapse tell nothing that is closed. */
static bool sight_is_open(dais_rules_t *rules, uint64_t index, const dais_entry_row_t *entry)
{
    return (sight_is_own(entry) && entry->kind != DAIS_KIND_LAPSE) ||
           dais_visible_public_from(rules, index) != 0;
}

static bool sight_org(dais_rules_t *rules, uint64_t number, dais_organisation_row_t *org)
{
    return rules->store->port->dense_get(rules->store, DAIS_TABLE_ORGANISATION, number, org);
}

/* Asks something of each organisation that the entry is about; true if all of them answer so. A
 * target that is a case of an earlier cycle is of no organisation here, and never does. */
typedef bool sight_ask_t(dais_rules_t *rules, uint32_t number, const void *context);

static bool sight_ask(dais_rules_t *rules, uint64_t number, sight_ask_t *ask, const void *context)
{
    return number <= UINT32_MAX && ask(rules, (uint32_t)number, context);
}

static bool sight_all_targets(dais_rules_t *rules, uint64_t index, sight_ask_t *ask,
                              const void *context)
{
    dais_row_key_t key = {.part = {index}};
    dais_target_row_t target;
    while (rules->store->port->sorted_next(rules->store, DAIS_TABLE_TARGET, &key, &target) &&
           key.part[0] == index) {
        if (target.number != 0 && !sight_ask(rules, target.number, ask, context))
            return false;
        key.part[1]++;
    }
    return true;
}

static bool sight_all(dais_rules_t *rules, uint64_t index, const dais_entry_row_t *entry,
                      sight_ask_t *ask, const void *context)
{
    dais_comment_row_t comment;
    switch ((dais_scope_t)entry->scope) {
    case DAIS_SCOPE_ORGANISATION: return sight_ask(rules, entry->scope_number, ask, context);
    case DAIS_SCOPE_COMMENT:
        return rules->store->port->dense_get(rules->store, DAIS_TABLE_COMMENT, entry->scope_number,
                                             &comment) &&
               sight_ask(rules, comment.organisation_number, ask, context);
    case DAIS_SCOPE_TARGETS:
        return entry->kind == DAIS_KIND_DISCLOSURE || sight_all_targets(rules, index, ask, context);
    case DAIS_SCOPE_NONE:
    case DAIS_SCOPE_ACTOR: break;
    }
    return true;
}

static bool sight_is_told_admitted(dais_rules_t *rules, uint32_t number, const void *context)
{
    dais_organisation_row_t org;
    (void)context;
    return sight_org(rules, number, &org) && org.told == DAIS_TOLD_ADMITTED;
}

static bool sight_has_asked(dais_rules_t *rules, uint32_t number, const void *context)
{
    dais_row_key_t key = {.part = {*(const uint32_t *)context, number}};
    dais_mark_row_t mark;
    return rules->store->port->sorted_get(rules->store, DAIS_TABLE_REQUEST, &key, &mark);
}

/* May an entry that tells of objections be shown to this reader, by its level? */
static dais_verdict_t sight_by_level(dais_rules_t *rules, const dais_disclosure_t *disclosure,
                                     uint64_t index, const dais_entry_row_t *entry)
{
    static const dais_policy_disclosure_t least[] = {
        [DAIS_READER_PUBLIC] = DAIS_POLICY_DISCLOSURE_PUBLIC,
        [DAIS_READER_APPLICANT] = DAIS_POLICY_DISCLOSURE_PUBLIC,
        [DAIS_READER_STATES] = DAIS_POLICY_DISCLOSURE_PUBLIC,
        [DAIS_READER_STATE] = DAIS_POLICY_DISCLOSURE_STATES_ON_REQUEST,
        [DAIS_READER_CHAIR] = DAIS_POLICY_DISCLOSURE_CHAIR,
        [DAIS_READER_DECIDER] = DAIS_POLICY_DISCLOSURE_DECIDER,
    };
    dais_policy_disclosure_t level = dais_visible_level(&rules->policy, entry->kind);
    if (level < least[disclosure->reader])
        return DAIS_VERDICT_SEALED_BY_POLICY;
    if (disclosure->reader != DAIS_READER_STATE || level == DAIS_POLICY_DISCLOSURE_PUBLIC)
        return DAIS_VERDICT_ACCEPTED;
    uint32_t state = dais_step_find_state(rules, disclosure->state);
    return sight_all(rules, index, entry, sight_has_asked, &state) ? DAIS_VERDICT_ACCEPTED
                                                                   : DAIS_VERDICT_NOT_REQUESTED;
}

/* What a State asked is for that State alone. */
static bool sight_is_its_request(dais_rules_t *rules, const dais_disclosure_t *disclosure,
                                 const dais_entry_row_t *entry)
{
    dais_actor_row_t actor;
    return disclosure->reader == DAIS_READER_STATE &&
           rules->store->port->dense_get(rules->store, DAIS_TABLE_ACTOR, entry->actor_number,
                                         &actor) &&
           actor.state_number == dais_step_find_state(rules, disclosure->state);
}

static dais_verdict_t sight_by_policy(dais_rules_t *rules, const dais_disclosure_t *disclosure,
                                      uint64_t index, const dais_entry_row_t *entry)
{
    const dais_policy_t *policy = &rules->policy;
    bool is_sealed = false;
    if (dais_visible_is_objection_kind(entry->kind))
        return sight_by_level(rules, disclosure, index, entry);
    if (entry->kind == DAIS_KIND_DISCLOSURE_REQUEST)
        is_sealed = !sight_is_its_request(rules, disclosure, entry);
    else if (disclosure->reader == DAIS_READER_PUBLIC)
        is_sealed = dais_visible_opens_at(policy, entry) == DAIS_POLICY_OPENS_AT_NEVER ||
                    (policy->disclosure_cause != DAIS_POLICY_DISCLOSURE_PUBLIC &&
                     !sight_all(rules, index, entry, sight_is_told_admitted, NULL));
    return is_sealed ? DAIS_VERDICT_SEALED_BY_POLICY : DAIS_VERDICT_ACCEPTED;
}

static bool sight_is_withheld(const dais_entry_row_t *entry)
{
    return (entry->marks & DAIS_ENTRY_WITHHELD) != 0;
}

static dais_row_key_t sight_disclosed_key(const dais_disclosure_t *disclosure, uint64_t index,
                                          uint32_t state)
{
    return (dais_row_key_t){.part = {index, disclosure->reader, state}};
}

dais_verdict_t dais_target_disclosure(dais_step_t *step, const void *element)
{
    const dais_disclosure_t *disclosure = (const dais_disclosure_t *)step->subject;
    uint64_t index = ((const dais_number_item_t *)element)->value;
    dais_rules_t *rules = step->rules;
    const dais_rules_store_port_t *port = rules->store->port;
    dais_entry_row_t entry;
    dais_mark_row_t mark;
    if (!sight_entry(rules, index, &entry))
        return DAIS_VERDICT_UNKNOWN_ENTRY;
    if (sight_is_open(rules, index, &entry))
        return DAIS_VERDICT_ALREADY_OPEN;
    if (sight_is_withheld(&entry))
        return DAIS_VERDICT_WITHHELD;
    step->target = index;
    dais_row_key_t key =
        sight_disclosed_key(disclosure, index, dais_step_find_state(rules, disclosure->state));
    if (port->sorted_get(rules->store, DAIS_TABLE_DISCLOSED, &key, &mark))
        return DAIS_VERDICT_NO_EFFECT;
    dais_verdict_t verdict = sight_by_policy(rules, disclosure, index, &entry);
    if (verdict != DAIS_VERDICT_ACCEPTED)
        return verdict;
    if (disclosure->reader == DAIS_READER_STATE)
        key.part[2] = dais_step_add_state(rules, disclosure->state);
    mark = (dais_mark_row_t){.entry = rules->seq};
    port->sorted_put(rules->store, DAIS_TABLE_DISCLOSED, &key, &mark);
    return DAIS_VERDICT_ACCEPTED;
}

dais_verdict_t dais_target_withholding(dais_step_t *step, const void *element)
{
    uint64_t index = ((const dais_number_item_t *)element)->value;
    dais_rules_t *rules = step->rules;
    const dais_rules_store_port_t *port = rules->store->port;
    dais_entry_row_t entry;
    if (!sight_entry(rules, index, &entry))
        return DAIS_VERDICT_UNKNOWN_ENTRY;
    if (sight_is_open(rules, index, &entry))
        return DAIS_VERDICT_ALREADY_OPEN;
    step->target = index;
    if (sight_is_withheld(&entry))
        return DAIS_VERDICT_NO_EFFECT;
    entry.marks |= DAIS_ENTRY_WITHHELD;
    port->dense_put(rules->store, DAIS_TABLE_ENTRY, index + 1, &entry);
    dais_row_key_t key = {.part = {index}};
    dais_mark_row_t mark = {.entry = rules->seq};
    port->sorted_put(rules->store, DAIS_TABLE_WITHHELD, &key, &mark);
    return DAIS_VERDICT_ACCEPTED;
}

dais_verdict_t dais_target_erasure(dais_step_t *step, const void *element)
{
    uint64_t index = ((const dais_number_item_t *)element)->value;
    dais_entry_row_t entry;
    if (!sight_entry(step->rules, index, &entry) || sight_is_own(&entry))
        return DAIS_VERDICT_UNKNOWN_ENTRY;
    step->target = index;
    if ((entry.marks & DAIS_ENTRY_ERASED) != 0)
        return DAIS_VERDICT_NO_EFFECT;
    dais_step_await(step, NULL, 0);
    return DAIS_VERDICT_AWAITS_SECOND;
}
