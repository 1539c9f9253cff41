/* SPDX-License-Identifier: Apache-2.0
 *
 * Taking part: invitation, registration, attendance, the floor (docs/rules.md, 6.7). */
#include "registry/rules/rules_private.h"

dais_verdict_t dais_kind_invitation(dais_step_t *step)
{
    (void)step; /* Each target has a verdict of its own. */
    return DAIS_VERDICT_ACCEPTED;
}

static bool part_has_room(const dais_rules_t *rules, unsigned category)
{
    return rules->policy.quota == DAIS_POLICY_NO_LIMIT ||
           rules->cycle.invited_of[category] < rules->policy.quota;
}

/* Does somebody with a lower rank, for whom there is room, wait for an invitation? The hint keeps
 * this from walking over those that are served; it only ever passes over those. */
static bool part_is_out_of_turn(dais_rules_t *rules, const dais_org_t *org)
{
    dais_row_key_t key = {{rules->cycle.rank_hint}};
    dais_mark_row_t mark;
    bool all_served = true;
    while (rules->store->port->sorted_next(rules->store, DAIS_TABLE_RANK, &key, &mark) &&
           key.part[0] < org->row.rank) {
        dais_org_t other;
        bool waits = dais_org_get(rules, mark.value, &other) && dais_org_is_in(&other) &&
                     other.row.invited == 0;
        if (waits && part_has_room(rules, dais_org_category(&other.row)))
            return true;
        all_served = all_served && !waits;
        key.part[0]++;
        if (all_served)
            rules->cycle.rank_hint = (uint32_t)key.part[0];
    }
    return false;
}

static dais_verdict_t part_check_places(dais_rules_t *rules, const dais_org_t *org)
{
    const dais_policy_t *policy = &rules->policy;
    if (policy->capacity == DAIS_POLICY_NO_LIMIT && policy->quota == DAIS_POLICY_NO_LIMIT)
        return DAIS_VERDICT_ACCEPTED;
    if (dais_dates_is_set(rules, DAIS_DATE_APPLICATION) &&
        !dais_dates_is_ticked(rules, DAIS_DATE_APPLICATION))
        return DAIS_VERDICT_EARLY;
    if ((policy->capacity != DAIS_POLICY_NO_LIMIT && rules->cycle.invited >= policy->capacity) ||
        !part_has_room(rules, dais_org_category(&org->row)))
        return DAIS_VERDICT_NO_PLACE;
    return part_is_out_of_turn(rules, org) ? DAIS_VERDICT_OUT_OF_TURN : DAIS_VERDICT_ACCEPTED;
}

dais_verdict_t dais_target_invitation(dais_step_t *step, const void *element)
{
    const dais_id_item_t *item = element;
    dais_org_t org;
    if (!dais_org_find(step->rules, &item->value, &org))
        return DAIS_VERDICT_UNKNOWN_ORGANISATION;
    step->target = org.number;
    if (!dais_org_is_in(&org))
        return DAIS_VERDICT_NOT_ADMITTED;
    if (org.row.invited != 0)
        return DAIS_VERDICT_NO_EFFECT;
    dais_verdict_t verdict = part_check_places(step->rules, &org);
    if (verdict != DAIS_VERDICT_ACCEPTED)
        return verdict;
    org.row.invited = step->rules->seq;
    dais_org_put(step->rules, &org);
    return DAIS_VERDICT_ACCEPTED;
}

/* From the session's end on it counts who was in then: what is decided later changes nobody's
 * having taken part. */
static bool part_takes_part(const dais_step_t *step, const dais_org_t *org)
{
    if (step->cycle_state >= DAIS_CYCLE_ENDED)
        return (org->row.marks & DAIS_MARK_IN_AT_END) != 0;
    return dais_org_is_in(org);
}

dais_verdict_t dais_kind_registration(dais_step_t *step)
{
    const dais_registration_t *registration = step->subject;
    uint32_t max = step->rules->policy.representatives_max;
    dais_org_t org;
    if (!dais_org_find(step->rules, &registration->organisation, &org))
        return DAIS_VERDICT_UNKNOWN_ORGANISATION;
    if (!part_takes_part(step, &org))
        return DAIS_VERDICT_NOT_ADMITTED;
    bool is_online = registration->mode == DAIS_MODE_ONLINE;
    uint64_t other = is_online ? org.row.registered_in_person : org.row.registered_online;
    if (max != DAIS_POLICY_NO_LIMIT && registration->persons + other > max)
        return DAIS_VERDICT_TOO_MANY_PERSONS;
    if (is_online)
        org.row.registered_online = (uint16_t)registration->persons;
    else
        org.row.registered_in_person = (uint16_t)registration->persons;
    dais_org_put(step->rules, &org);
    dais_step_about(step, DAIS_SCOPE_ORGANISATION, org.number);
    return DAIS_VERDICT_ACCEPTED;
}

dais_verdict_t dais_kind_attendance(dais_step_t *step)
{
    const dais_attendance_t *attendance = step->subject;
    dais_org_t org;
    if (!dais_org_find(step->rules, &attendance->organisation, &org))
        return DAIS_VERDICT_UNKNOWN_ORGANISATION;
    if (!part_takes_part(step, &org))
        return DAIS_VERDICT_NOT_ADMITTED;
    if (attendance->mode == DAIS_MODE_ONLINE)
        org.row.attended_online = (uint16_t)attendance->persons;
    else
        org.row.attended_in_person = (uint16_t)attendance->persons;
    dais_org_put(step->rules, &org);
    dais_step_about(step, DAIS_SCOPE_ORGANISATION, org.number);
    return DAIS_VERDICT_ACCEPTED;
}

/* Who has a name, who an organisation, and who neither. */
static bool intervention_makes_sense(const dais_intervention_t *intervention)
{
    bool has_org = intervention->organisation.size != 0;
    bool has_name = intervention->name.size != 0;
    switch (intervention->speaker) {
    case DAIS_SPEAKER_ORGANISATION: return has_org && !has_name;
    case DAIS_SPEAKER_STATE:
    case DAIS_SPEAKER_IGO: return has_name && !has_org;
    default: return !has_name && !has_org;
    }
}

/* Each organisation counts once for a topic. */
static void intervention_count(dais_rules_t *rules, uint64_t topic, const dais_org_t *org)
{
    const dais_rules_store_port_t *port = rules->store->port;
    dais_row_key_t speaker = {{topic, org->number}};
    dais_row_key_t key = {{topic}};
    dais_mark_row_t mark;
    dais_topic_row_t row;
    if (port->sorted_get(rules->store, DAIS_TABLE_SPEAKER, &speaker, &mark) ||
        !port->sorted_get(rules->store, DAIS_TABLE_TOPIC, &key, &row))
        return;
    mark = (dais_mark_row_t){.entry = rules->seq};
    port->sorted_put(rules->store, DAIS_TABLE_SPEAKER, &speaker, &mark);
    row.speakers++;
    port->sorted_put(rules->store, DAIS_TABLE_TOPIC, &key, &row);
}

static dais_verdict_t intervention_of_org(dais_step_t *step,
                                          const dais_intervention_t *intervention)
{
    dais_rules_t *rules = step->rules;
    dais_number_item_t topic;
    dais_id_t id;
    dais_org_t org;
    memcpy(id.bytes, intervention->organisation.data, sizeof id.bytes);
    if (!dais_org_find(rules, &id, &org))
        return DAIS_VERDICT_UNKNOWN_ORGANISATION;
    if (!part_takes_part(step, &org))
        return DAIS_VERDICT_NOT_ADMITTED;
    if ((rules->policy.rights >> DAIS_POLICY_RIGHT_SPEAK & 1U) == 0)
        return DAIS_VERDICT_NO_RIGHT;
    dais_list_walk_t walk = dais_list_begin(&intervention->topics, &dais_shape_number_item);
    while (dais_list_next(&walk, &topic))
        intervention_count(rules, topic.value, &org);
    dais_step_about(step, DAIS_SCOPE_ORGANISATION, org.number);
    return DAIS_VERDICT_ACCEPTED;
}

dais_verdict_t dais_kind_intervention(dais_step_t *step)
{
    const dais_intervention_t *intervention = step->subject;
    if (!intervention_makes_sense(intervention))
        return DAIS_VERDICT_SENSELESS;
    if (intervention->item != 0 &&
        !dais_step_knows(step->rules, DAIS_TABLE_AGENDA, intervention->item))
        return DAIS_VERDICT_UNKNOWN_ITEM;
    if (!dais_step_topics_known(step->rules, &intervention->topics))
        return DAIS_VERDICT_UNKNOWN_TOPIC;
    if (intervention->speaker == DAIS_SPEAKER_ORGANISATION)
        return intervention_of_org(step, intervention);
    return DAIS_VERDICT_ACCEPTED;
}
