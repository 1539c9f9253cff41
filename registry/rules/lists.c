/* SPDX-License-Identifier: Apache-2.0
 *
 * The two lists. A list is its rows, which cost what it has, and an account, which is made of
 * running counts; the account of the circulated list names causes only to whoever may see them. */
#include "registry/rules/lists.h"

#include "registry/rules/visible_private.h"

dais_list_account_t dais_lists_account(const uint32_t by_state[16])
{
    return (dais_list_account_t){
        .awaiting = by_state[DAIS_APPLICATION_LISTED] + by_state[DAIS_APPLICATION_UNOPPOSED] +
                    by_state[DAIS_APPLICATION_CONTESTED] + by_state[DAIS_APPLICATION_PENDING] +
                    by_state[DAIS_APPLICATION_PROVISIONAL],
        .admitted = by_state[DAIS_APPLICATION_ADMITTED],
        .blocked = by_state[DAIS_APPLICATION_BLOCKED],
        .refused = by_state[DAIS_APPLICATION_REFUSED],
        .withdrawn = by_state[DAIS_APPLICATION_WITHDRAWN],
        .lapsed = by_state[DAIS_APPLICATION_LAPSED],
    };
}

/* Nothing is told to the public while the window is open, however open causes are. */
static bool lists_has_causes(const dais_rules_t *rules, dais_reader_who_t reader)
{
    dais_policy_disclosure_t level = rules->policy.disclosure_cause;
    if (dais_visible_sees_all(reader) || reader.role == DAIS_ROLE_SECRETARIAT ||
        dais_visible_role_has(&rules->policy, reader, level))
        return true;
    return level == DAIS_POLICY_DISCLOSURE_PUBLIC && rules->cycle.settled != 0;
}

static const char *lists_standing(dais_rules_t *rules, dais_reader_who_t reader, uint32_t number,
                                  const dais_organisation_row_t *org)
{
    if (dais_visible_fact(rules, reader, DAIS_FACT_STATE, number, dais_rules_size(rules)))
        return dais_machine(DAIS_MACHINE_APPLICATION)->states[org->state].name;
    return dais_due_told_word(org->told == DAIS_TOLD_NOTHING ? DAIS_TOLD_AWAITING
                                                             : (dais_told_t)org->told);
}

static dais_list_row_t lists_row(dais_rules_t *rules, dais_reader_who_t reader, uint32_t number,
                                 const dais_organisation_row_t *org)
{
    dais_list_row_t row = {
        .organisation = number,
        .version = org->version,
        .category = dais_org_category(org),
        .is_confirmed = org->confirmed_category != 0,
        .standing = lists_standing(rules, reader, number, org),
    };
    memcpy(row.id.bytes, org->id, sizeof row.id.bytes);
    if (dais_visible_entry(rules, reader, org->applied, dais_rules_size(rules)))
        row.application = org->applied;
    return row;
}

typedef struct {
    dais_rules_t *rules;
    dais_reader_who_t reader;
    dais_list_fn_t *each;
    void *context;
    uint32_t on_list; /* rows given that are on the circulated list */
} lists_walk_t;

static void lists_walk(lists_walk_t *walk,
                       bool (*takes)(const dais_rules_t *rules, const dais_organisation_row_t *org))
{
    dais_rules_store_t *store = walk->rules->store;
    uint64_t count = store->port->count(store, DAIS_TABLE_ORGANISATION);
    for (uint64_t number = 1; number <= count; number++) {
        dais_organisation_row_t org;
        if (!store->port->dense_get(store, DAIS_TABLE_ORGANISATION, number, &org) ||
            !takes(walk->rules, &org))
            continue;
        dais_list_row_t row = lists_row(walk->rules, walk->reader, (uint32_t)number, &org);
        walk->on_list += org.version != 0;
        walk->each(walk->context, &row);
    }
}

static bool lists_is_circulated(const dais_rules_t *rules, const dais_organisation_row_t *org)
{
    (void)rules;
    return org->version != 0;
}

bool dais_lists_circulated(dais_rules_t *rules, dais_reader_who_t reader, dais_list_fn_t *each,
                           void *context, dais_list_account_t *account)
{
    const dais_cycle_row_t *cycle = &rules->cycle;
    lists_walk_t walk = {.rules = rules, .reader = reader, .each = each, .context = context};
    *account = (dais_list_account_t){.circulated = 0};
    if (!dais_visible_reads_lists(rules, reader))
        return false;
    lists_walk(&walk, lists_is_circulated);
    if (lists_has_causes(rules, reader)) {
        *account = dais_lists_account(cycle->by_state);
        account->has_causes = true;
    }
    account->circulated = cycle->circulated;
    account->shown = cycle->shown;
    account->not_shown = cycle->circulated - cycle->shown;
    account->notified = cycle->notified;
    account->accorded = cycle->accorded;
    return true;
}

/* From the end of the session on it is as it was then, whatever is decided later. */
static bool lists_takes_part(const dais_rules_t *rules, const dais_organisation_row_t *org)
{
    bool is_in = org->told == DAIS_TOLD_ADMITTED || org->told == DAIS_TOLD_PROVISIONAL;
    if (rules->cycle.ended != 0)
        is_in = (org->marks & DAIS_MARK_IN_AT_END) != 0;
    switch (rules->policy.participants_from) {
    case DAIS_POLICY_PARTICIPANTS_INVITED: return is_in && org->invited != 0;
    case DAIS_POLICY_PARTICIPANTS_ATTENDED:
        return is_in && org->attended_in_person + org->attended_online > 0;
    case DAIS_POLICY_PARTICIPANTS_ADMITTED:
    case DAIS_POLICY_PARTICIPANTS_NONE: break;
    }
    return is_in;
}

void dais_lists_participants(dais_rules_t *rules, dais_list_fn_t *each, void *context,
                             dais_list_account_t *account)
{
    const dais_cycle_row_t *cycle = &rules->cycle;
    lists_walk_t walk = {
        .rules = rules, .reader = dais_visible_public(), .each = each, .context = context};
    lists_walk(&walk, lists_takes_part);
    *account = (dais_list_account_t){.circulated = cycle->circulated,
                                     .shown = walk.on_list,
                                     .not_shown = cycle->circulated - walk.on_list,
                                     .notified = cycle->notified,
                                     .accorded = cycle->accorded};
}

dais_attended_t dais_lists_attended(dais_rules_t *rules)
{
    dais_attended_t attended;
    _Static_assert(sizeof attended.of == sizeof rules->cycle.attended_of, "by category");
    memcpy(attended.of, rules->cycle.attended_of, sizeof attended.of);
    return attended;
}
