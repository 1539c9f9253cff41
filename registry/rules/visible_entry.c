/* SPDX-License-Identifier: Apache-2.0
 *
 * Who may see an entry. What an entry is about stands in its row and in the table TARGET, so that
 * nothing of its content is read. Each ground on which a reader may see it gives the index from
 * which on that is so, out of rows that are set once; hence what was open stays open. */
#include <assert.h>

#include "registry/rules/visible_private.h"

typedef struct {
    dais_rules_t *rules;
    uint64_t seq;
    dais_entry_row_t entry;
} visible_t;

static bool visible_get(dais_rules_t *rules, uint64_t seq, visible_t *visible)
{
    dais_rules_store_t *store = rules->store;
    *visible = (visible_t){.rules = rules, .seq = seq};
    return store->port->dense_get(store, DAIS_TABLE_ENTRY, seq + 1, &visible->entry);
}

static bool visible_org(dais_rules_t *rules, uint64_t number, dais_organisation_row_t *org)
{
    return rules->store->port->dense_get(rules->store, DAIS_TABLE_ORGANISATION, number, org);
}

static bool visible_comment(const visible_t *visible, dais_comment_row_t *comment)
{
    dais_rules_store_t *store = visible->rules->store;
    return store->port->dense_get(store, DAIS_TABLE_COMMENT, visible->entry.scope_number, comment);
}

/* The organisation that an entry with one is about. */
static bool visible_about(const visible_t *visible, dais_organisation_row_t *org)
{
    dais_comment_row_t comment;
    if (visible->entry.scope == DAIS_SCOPE_ORGANISATION)
        return visible_org(visible->rules, visible->entry.scope_number, org);
    return visible->entry.scope == DAIS_SCOPE_COMMENT && visible_comment(visible, &comment) &&
           visible_org(visible->rules, comment.organisation_number, org);
}

/* Targets of these kinds are entries and not organisations. */
static bool visible_names_entries(unsigned kind)
{
    return kind == DAIS_KIND_DISCLOSURE || kind == DAIS_KIND_WITHHOLDING ||
           kind == DAIS_KIND_ERASURE;
}

/* Walks the targets that count, that is those that are not 0: *place goes on from 0. */
static bool visible_target(const visible_t *visible, uint64_t *place, uint64_t *number)
{
    dais_rules_store_t *store = visible->rules->store;
    dais_row_key_t key = {.part = {visible->seq, *place}};
    dais_target_row_t row;
    while (store->port->sorted_next(store, DAIS_TABLE_TARGET, &key, &row) &&
           key.part[0] == visible->seq) {
        key.part[1]++;
        *place = key.part[1];
        *number = row.number;
        if (row.number != 0)
            return true;
    }
    return false;
}

uint64_t dais_visible_opens(const dais_rules_t *rules, dais_policy_opens_at_t at,
                            const dais_organisation_row_t *org)
{
    switch (at) {
    case DAIS_POLICY_OPENS_AT_RECEIVED: return 0;
    case DAIS_POLICY_OPENS_AT_LISTED: return dais_visible_since(org->listed);
    case DAIS_POLICY_OPENS_AT_DECIDED: return dais_visible_since(org->opened);
    case DAIS_POLICY_OPENS_AT_PUBLISHED:
        return dais_visible_both(dais_visible_since(rules->cycle.summary),
                                 dais_visible_since(org->opened));
    case DAIS_POLICY_OPENS_AT_NEVER:
    case DAIS_POLICY_OPENS_AT_NONE: break;
    }
    return DAIS_VISIBLE_NEVER;
}

/* An entry that names several opens with the last of them, and not at all with a stranger. */
static uint64_t visible_opens_targets(const visible_t *visible, dais_policy_opens_at_t at)
{
    uint64_t place = 0;
    uint64_t number;
    uint64_t index = DAIS_VISIBLE_NEVER;
    if (visible_names_entries(visible->entry.kind))
        return index;
    while (visible_target(visible, &place, &number)) {
        dais_organisation_row_t org;
        if (!visible_org(visible->rules, number, &org))
            return DAIS_VISIBLE_NEVER;
        uint64_t opens = dais_visible_opens(visible->rules, at, &org);
        index = index == DAIS_VISIBLE_NEVER ? opens : dais_visible_both(index, opens);
        if (opens == DAIS_VISIBLE_NEVER)
            return opens;
    }
    return index;
}

/* Entries about no organisation, and permits, open with what closes the matter for all. */
static uint64_t visible_opens_alone(const visible_t *visible, dais_policy_opens_at_t at)
{
    const dais_cycle_row_t *cycle = &visible->rules->cycle;
    bool is_permit = visible->entry.scope == DAIS_SCOPE_ACTOR;
    if (at == DAIS_POLICY_OPENS_AT_PUBLISHED)
        return dais_visible_since(cycle->summary);
    if (is_permit)
        return dais_visible_since(at == DAIS_POLICY_OPENS_AT_DECIDED ? cycle->settled
                                                                     : cycle->listed);
    return visible->seq;
}

static uint64_t visible_opens_by(const visible_t *visible, dais_policy_opens_at_t at)
{
    dais_organisation_row_t org;
    dais_comment_row_t comment;
    switch ((dais_scope_t)visible->entry.scope) {
    case DAIS_SCOPE_COMMENT:
        if (at == DAIS_POLICY_OPENS_AT_PUBLISHED && visible_comment(visible, &comment))
            return dais_visible_since(comment.published);
        break;
    case DAIS_SCOPE_TARGETS:
        if (visible->entry.kind == DAIS_KIND_LIST_VERSION && at == DAIS_POLICY_OPENS_AT_LISTED)
            return visible->seq;
        if (visible->entry.scope_number != 0)
            return visible_opens_targets(visible, at);
        return visible_opens_alone(visible, at);
    case DAIS_SCOPE_NONE:
    case DAIS_SCOPE_ACTOR: return visible_opens_alone(visible, at);
    case DAIS_SCOPE_ORGANISATION: break;
    }
    return visible_about(visible, &org) ? dais_visible_opens(visible->rules, at, &org)
                                        : DAIS_VISIBLE_NEVER;
}

dais_policy_opens_at_t dais_visible_opens_at(const dais_policy_t *policy,
                                             const dais_entry_row_t *entry)
{
    bool is_of_comment = entry->kind == DAIS_KIND_WITHDRAWAL && entry->scope == DAIS_SCOPE_COMMENT;
    return dais_policy_opens_at(policy, is_of_comment ? DAIS_KIND_COMMENT : entry->kind);
}

bool dais_visible_is_objection_kind(unsigned kind)
{
    return kind == DAIS_KIND_OBJECTION || kind == DAIS_KIND_CO_SIGNATURE ||
           kind == DAIS_KIND_REASON_ADDED || kind == DAIS_KIND_OBJECTION_WITHDRAWAL;
}

dais_policy_disclosure_t dais_visible_level(const dais_policy_t *policy, unsigned kind)
{
    dais_policy_disclosure_t level = policy->disclosure_objector;
    if (kind != DAIS_KIND_OBJECTION_WITHDRAWAL && policy->reasons != DAIS_POLICY_REASONS_NONE &&
        policy->disclosure_reason < level)
        level = policy->disclosure_reason;
    return level;
}

/* By the word of P.opens alone. */
static uint64_t visible_opens(const visible_t *visible)
{
    const dais_policy_t *policy = &visible->rules->policy;
    unsigned kind = visible->entry.kind;
    dais_policy_opens_at_t at = dais_visible_opens_at(policy, &visible->entry);
    if (dais_visible_is_objection_kind(kind) &&
        dais_visible_level(policy, kind) != DAIS_POLICY_DISCLOSURE_PUBLIC)
        return DAIS_VISIBLE_NEVER;
    if (at == DAIS_POLICY_OPENS_AT_RECEIVED)
        return visible->seq;
    if (at == DAIS_POLICY_OPENS_AT_NEVER || at == DAIS_POLICY_OPENS_AT_NONE ||
        (visible->entry.marks & DAIS_ENTRY_REFUSED) != 0)
        return DAIS_VISIBLE_NEVER;
    return visible_opens_by(visible, at);
}

/* To whoever reads the circulated list. */
static uint64_t visible_listed(const visible_t *visible)
{
    dais_organisation_row_t org;
    if ((visible->entry.marks & DAIS_ENTRY_REFUSED) != 0)
        return DAIS_VISIBLE_NEVER;
    switch (visible->entry.kind) {
    case DAIS_KIND_LIST_VERSION: return visible->seq;
    case DAIS_KIND_APPLICATION:
    case DAIS_KIND_AMENDMENT:
    case DAIS_KIND_STATUS_CONFIRMED:
        return visible_about(visible, &org) ? dais_visible_since(org.listed) : DAIS_VISIBLE_NEVER;
    default: return DAIS_VISIBLE_NEVER;
    }
}

static uint64_t visible_disclosed(const visible_t *visible, uint64_t reader, uint64_t state_number)
{
    dais_rules_store_t *store = visible->rules->store;
    dais_row_key_t key = {.part = {visible->seq, reader, state_number}};
    dais_mark_row_t mark;
    return store->port->sorted_get(store, DAIS_TABLE_DISCLOSED, &key, &mark) ? mark.entry
                                                                             : DAIS_VISIBLE_NEVER;
}

static bool visible_names_org_of(const visible_t *visible, uint32_t office)
{
    dais_organisation_row_t org;
    uint64_t place = 0;
    uint64_t number;
    if (visible_about(visible, &org))
        return org.office_number == office;
    if (visible->entry.scope != DAIS_SCOPE_TARGETS || visible_names_entries(visible->entry.kind))
        return false;
    while (visible_target(visible, &place, &number)) {
        if (visible_org(visible->rules, number, &org) && org.office_number == office)
            return true;
    }
    return false;
}

/* What an office sees of its own organisations beside what it said itself. */
static bool visible_is_for_office(const dais_policy_t *policy, unsigned kind)
{
    switch (kind) {
    case DAIS_KIND_APPLICATION:
    case DAIS_KIND_AMENDMENT:
    case DAIS_KIND_WITHDRAWAL:
    case DAIS_KIND_COMMENT:
    case DAIS_KIND_COMMENT_RULING:
    case DAIS_KIND_NOTICE:
    case DAIS_KIND_REPLY:
    case DAIS_KIND_TRANSFER:
    case DAIS_KIND_REGISTRATION:
    case DAIS_KIND_ATTENDANCE:
    case DAIS_KIND_STATUS_CONFIRMED: return true;
    case DAIS_KIND_SCREENING: return policy->screening_reasons != DAIS_POLICY_SCREENING_NONE;
    default: return false;
    }
}

static uint64_t visible_to_office(const visible_t *visible, dais_reader_who_t reader)
{
    dais_organisation_row_t org;
    if (visible->entry.scope == DAIS_SCOPE_ACTOR)
        return visible->entry.scope_number == reader.actor_number ? visible->seq
                                                                  : DAIS_VISIBLE_NEVER;
    if (visible_is_for_office(&visible->rules->policy, visible->entry.kind) &&
        visible_about(visible, &org) && org.office_number == reader.actor_number)
        return visible->seq;
    return visible_names_org_of(visible, reader.actor_number)
               ? visible_disclosed(visible, DAIS_READER_APPLICANT, 0)
               : DAIS_VISIBLE_NEVER;
}

static bool visible_is_entitled(dais_rules_t *rules, uint32_t state_number)
{
    dais_state_row_t state;
    return rules->store->port->dense_get(rules->store, DAIS_TABLE_STATE, state_number, &state) &&
           state.entitled != 0;
}

static uint64_t visible_to_party(const visible_t *visible, dais_reader_who_t reader)
{
    uint64_t index = visible_disclosed(visible, DAIS_READER_STATE, reader.state_number);
    if (visible_is_entitled(visible->rules, reader.state_number))
        index = dais_visible_first(index, visible_disclosed(visible, DAIS_READER_STATES, 0));
    return index;
}

static bool visible_is_decider(const dais_policy_t *policy, dais_reader_who_t reader)
{
    return reader.role != 0 && dais_step_role_of(policy->decider.role) == reader.role;
}

static bool visible_is_for_decider(unsigned kind)
{
    return kind == DAIS_KIND_REFERRAL || kind == DAIS_KIND_DECISION ||
           kind == DAIS_KIND_CORRECTION || kind == DAIS_KIND_LAPSE;
}

bool dais_visible_role_has(const dais_policy_t *policy, dais_reader_who_t reader,
                           dais_policy_disclosure_t level)
{
    if (reader.role == DAIS_ROLE_CHAIR || reader.role == DAIS_ROLE_SECRETARIAT)
        return level >= DAIS_POLICY_DISCLOSURE_CHAIR;
    return visible_is_decider(policy, reader) && level >= DAIS_POLICY_DISCLOSURE_DECIDER;
}

/* What secretariat, chair, bureau and conference see by their roles. */
static uint64_t visible_to_body(const visible_t *visible, dais_reader_who_t reader)
{
    const dais_policy_t *policy = &visible->rules->policy;
    unsigned kind = visible->entry.kind;
    uint64_t index = DAIS_VISIBLE_NEVER;
    if (dais_visible_is_objection_kind(kind)) {
        if (dais_visible_role_has(policy, reader, dais_visible_level(policy, kind)))
            return visible->seq;
    } else if (reader.role == DAIS_ROLE_SECRETARIAT ||
               (visible_is_decider(policy, reader) && visible_is_for_decider(kind))) {
        return visible->seq;
    }
    if (reader.role == DAIS_ROLE_CHAIR)
        index = visible_disclosed(visible, DAIS_READER_CHAIR, 0);
    if (visible_is_decider(policy, reader))
        index = dais_visible_first(index, visible_disclosed(visible, DAIS_READER_DECIDER, 0));
    return index;
}

bool dais_visible_sees_all(dais_reader_who_t reader)
{
    return reader.role == DAIS_ROLE_INSPECTOR || reader.role == DAIS_ROLE_REGISTRY;
}

/* The word of list-readers that a role goes by. */
static dais_policy_list_reader_t visible_list_word(unsigned role)
{
    switch (role) {
    case DAIS_ROLE_PARTY: return DAIS_POLICY_LIST_READER_STATES;
    case DAIS_ROLE_SECRETARIAT: return DAIS_POLICY_LIST_READER_SECRETARIAT;
    case DAIS_ROLE_CHAIR: return DAIS_POLICY_LIST_READER_CHAIR;
    case DAIS_ROLE_BUREAU: return DAIS_POLICY_LIST_READER_BUREAU;
    case DAIS_ROLE_CONFERENCE: return DAIS_POLICY_LIST_READER_CONFERENCE;
    default: return DAIS_POLICY_LIST_READER_PUBLIC;
    }
}

bool dais_visible_reads_lists(dais_rules_t *rules, dais_reader_who_t reader)
{
    uint32_t readers = rules->policy.list_readers;
    if ((readers >> DAIS_POLICY_LIST_READER_PUBLIC & 1U) != 0 || dais_visible_sees_all(reader))
        return true;
    if ((readers >> visible_list_word(reader.role) & 1U) == 0)
        return false;
    return reader.role != DAIS_ROLE_PARTY || visible_is_entitled(rules, reader.state_number);
}

/* By the entry's own row: the author's, and what each role has. */
static uint64_t visible_to_role(const visible_t *visible, dais_reader_who_t reader)
{
    if (reader.actor_number != 0 && visible->entry.actor_number == reader.actor_number)
        return visible->seq;
    switch (reader.role) {
    case DAIS_ROLE_OFFICE: return visible_to_office(visible, reader);
    case DAIS_ROLE_PARTY: return visible_to_party(visible, reader);
    case DAIS_ROLE_SECRETARIAT:
    case DAIS_ROLE_CHAIR:
    case DAIS_ROLE_BUREAU:
    case DAIS_ROLE_CONFERENCE: return visible_to_body(visible, reader);
    default: return DAIS_VISIBLE_NEVER;
    }
}

/* The entry that withholds it, or NEVER. */
static uint64_t visible_withheld(const visible_t *visible)
{
    dais_rules_store_t *store = visible->rules->store;
    dais_row_key_t key = {.part = {visible->seq}};
    dais_mark_row_t mark;
    if ((visible->entry.marks & DAIS_ENTRY_WITHHELD) == 0 ||
        !store->port->sorted_get(store, DAIS_TABLE_WITHHELD, &key, &mark))
        return DAIS_VISIBLE_NEVER;
    return mark.entry;
}

/* The index from which on the reader sees it. */
static uint64_t visible_from(const visible_t *visible, dais_reader_who_t reader)
{
    uint64_t index = visible_opens(visible);
    if (dais_visible_sees_all(reader))
        return visible->seq;
    index = dais_visible_first(index, visible_disclosed(visible, DAIS_READER_PUBLIC, 0));
    index = dais_visible_first(index, visible_to_role(visible, reader));
    if (dais_visible_reads_lists(visible->rules, reader))
        index = dais_visible_first(index, visible_listed(visible));
    index = index == DAIS_VISIBLE_NEVER ? index : dais_visible_both(index, visible->seq);
    return index < visible_withheld(visible) ? index : DAIS_VISIBLE_NEVER;
}

bool dais_visible_entry(dais_rules_t *rules, dais_reader_who_t reader, uint64_t seq, uint64_t size)
{
    visible_t visible;
    assert(size <= dais_rules_size(rules));
    return seq < size && visible_get(rules, seq, &visible) && visible_from(&visible, reader) < size;
}

uint64_t dais_visible_public_from(dais_rules_t *rules, uint64_t seq)
{
    visible_t visible;
    if (!visible_get(rules, seq, &visible))
        return 0;
    return visible_from(&visible, dais_visible_public()) + 1; /* NEVER + 1 is 0 */
}

bool dais_visible_erased(dais_rules_t *rules, uint64_t seq)
{
    visible_t visible;
    return visible_get(rules, seq, &visible) && (visible.entry.marks & DAIS_ENTRY_ERASED) != 0;
}
