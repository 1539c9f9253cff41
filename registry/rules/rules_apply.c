/* SPDX-License-Identifier: Apache-2.0
 *
 * The way of a message through the rules (docs/rules.md, 2): what is asked of every message before
 * its kind is, the verdicts of its targets, and the row of the entry. */
#include "registry/rules/rules_private.h"

/* Room for the decoded subject of any kind. */
typedef union {
#define KIND(number, NAME, name, stream, subject, text) dais_##subject##_t as_##NAME;
#include "proto/messages.def"
#undef KIND
} rules_subject_t;

/* Room for one element of a list of targets. */
typedef union {
    dais_id_item_t id;
    dais_objected_t objected;
    dais_number_item_t number;
} rules_element_t;

static bool rules_has_role(const dais_rules_t *rules, uint32_t roles, unsigned role)
{
    const dais_policy_t *policy = &rules->policy;
    const struct {
        uint32_t bit;
        dais_policy_body_t body;
    } named[] = {{DAIS_BY_LIST_MAKER, policy->list_maker.role},
                 {DAIS_BY_APPROVER, policy->approver.role},
                 {DAIS_BY_ENDORSER, policy->endorsement.role},
                 {DAIS_BY_DECIDER, policy->decider.role}};
    if ((roles >> role & 1U) != 0)
        return true;
    for (size_t i = 0; i < sizeof named / sizeof named[0]; i++)
        if ((roles & named[i].bit) != 0 && role != 0 && dais_step_role_of(named[i].body) == role)
            return true;
    return false;
}

/* Remembers the id, and says if it was used before. */
static bool rules_id_is_used(dais_step_t *step)
{
    dais_rules_store_t *store = step->rules->store;
    dais_message_key_t key = dais_rules_message_key(&step->message->id, step->who.actor_number);
    dais_slice_t bytes = dais_slice(key.bytes, sizeof key.bytes);
    if (store->port->find(store, DAIS_INDEX_MESSAGE, bytes) != 0)
        return true;
    store->port->add(store, DAIS_INDEX_MESSAGE, bytes, step->rules->seq);
    return false;
}

/* What is asked of every message, in the order in which it is asked. */
static dais_verdict_t rules_ask_first(dais_step_t *step, const dais_kind_entry_t *entry)
{
    unsigned state = step->cycle_state;
    if (rules_id_is_used(step))
        return DAIS_VERDICT_ID_CONFLICT;
    if (!step->who.in_force)
        return DAIS_VERDICT_KEY_ENDED;
    if (!rules_has_role(step->rules, entry->roles, step->who.role))
        return DAIS_VERDICT_NOT_COMPETENT;
    if (state < entry->first_state || state > entry->last_state)
        return DAIS_VERDICT_WRONG_STATE;
    if (!entry->is_for_organisation && step->message->on_behalf.size != 0)
        return DAIS_VERDICT_SENSELESS;
    return entry->rule(step);
}

static bool rules_is_refused(dais_verdict_t verdict)
{
    return dais_verdict_info(verdict)->class == DAIS_VERDICT_CLASS_REFUSED;
}

static const dais_list_t *rules_targets(const dais_kind_entry_t *entry, const void *subject)
{
    return (const dais_list_t *)(const void *)((const uint8_t *)subject + entry->targets_offset);
}

/* Every element of a list of targets opens with what names it. */
static size_t rules_name_size(const dais_shape_t *element)
{
    return element == &dais_shape_number_item ? sizeof(uint64_t) : DAIS_ID_SIZE;
}

static bool rules_is_repeated(uint8_t seen[][DAIS_ID_SIZE], unsigned count, size_t size,
                              const rules_element_t *element)
{
    memcpy(seen[count], element, size);
    for (unsigned i = 0; i < count; i++)
        if (memcmp(seen[i], seen[count], size) == 0)
            return true;
    return false;
}

/* Each target by itself: effects of one come before the checks of the next. */
static void rules_each_target(dais_step_t *step, const dais_kind_entry_t *entry,
                              dais_verdicts_t *verdicts)
{
    uint8_t seen[DAIS_LIMIT_TARGETS][DAIS_ID_SIZE];
    uint64_t numbers[DAIS_LIMIT_TARGETS];
    rules_element_t element;
    size_t size = rules_name_size(entry->element);
    dais_list_walk_t walk = dais_list_begin(rules_targets(entry, step->subject), entry->element);
    for (step->place = 0; dais_list_next(&walk, &element); step->place++) {
        dais_verdict_t verdict = DAIS_VERDICT_REPEATED_TARGET;
        step->target = 0;
        if (!rules_is_repeated(seen, step->place, size, &element))
            verdict = entry->target(step, &element);
        verdicts->codes[step->place] = (uint16_t)verdict;
        numbers[step->place] = rules_is_refused(verdict) ? 0 : step->target;
    }
    for (uint32_t i = 0; i < step->place; i++)
        dais_step_put_target(step, i, numbers[i]);
    dais_step_about(step, DAIS_SCOPE_TARGETS, step->place);
}

static void rules_rule(dais_step_t *step, dais_verdicts_t *verdicts)
{
    const dais_kind_entry_t *entry = dais_kind_entry(step->kind->number);
    verdicts->count = 1;
    if (entry->target != NULL && rules_targets(entry, step->subject)->count != 0)
        verdicts->count = (uint16_t)rules_targets(entry, step->subject)->count;
    dais_verdict_t verdict = rules_ask_first(step, entry);
    for (unsigned i = 0; i < verdicts->count; i++)
        verdicts->codes[i] = (uint16_t)verdict;
    if (rules_is_refused(verdict))
        dais_step_about(step, DAIS_SCOPE_NONE, 0);
    else if (entry->target != NULL && verdict != DAIS_VERDICT_ACCEPTED)
        dais_step_about(step, DAIS_SCOPE_TARGETS, 0);
    else if (entry->target != NULL)
        rules_each_target(step, entry, verdicts);
}

unsigned dais_rules_targets(const dais_kind_t *kind, dais_slice_t subject)
{
    rules_subject_t decoded;
    const dais_kind_entry_t *entry = dais_kind_entry(kind->number);
    if (entry == NULL || entry->target == NULL ||
        dais_shape_decode(kind->subject, subject, &decoded).err != DAIS_OK)
        return 1;
    uint32_t count = rules_targets(entry, &decoded)->count;
    return count != 0 ? count : 1;
}

dais_err_t dais_rules_apply(dais_rules_t *rules, const dais_rules_facts_t *facts,
                            const dais_kind_t *kind, const dais_message_t *message,
                            dais_verdicts_t *verdicts)
{
    rules_subject_t subject;
    dais_step_t step = {.rules = rules, .facts = facts, .kind = kind, .message = message};
    if (dais_rules_has_ended(rules))
        return DAIS_ERR_LOG_ENDED;
    if (facts->seq != rules->size)
        return DAIS_ERR_WRONG_SEQ;
    rules->seq = facts->seq;
    if (facts->first_of_bundle && dais_rules_owes(rules))
        return dais_rules_err(rules, DAIS_ERR_OWN_MISSING);
    step.who = dais_roster_at(rules->store, facts->key_number, facts->seq);
    if (step.who.key_number == 0 ||
        memcmp(step.who.actor.bytes, message->actor.bytes, DAIS_ID_SIZE) != 0)
        return dais_rules_err(rules, DAIS_ERR_WRONG_ACTOR);
    dais_err_t err = dais_shape_decode(kind->subject, message->subject, &subject).err;
    if (err != DAIS_OK)
        return err;
    step.subject = &subject;
    step.cycle_state = (dais_cycle_state_t)rules->cycle.state;
    rules_rule(&step, verdicts);
    dais_rules_put_entry(
        rules,
        &(dais_entry_row_t){.actor_number = step.who.actor_number,
                            .scope_number = (uint32_t)step.scope_number,
                            .kind = (uint8_t)kind->number,
                            .scope = (uint8_t)step.scope,
                            .marks = dais_verdicts_all_refused(verdicts) ? DAIS_ENTRY_REFUSED : 0});
    return dais_rules_flush(rules);
}
