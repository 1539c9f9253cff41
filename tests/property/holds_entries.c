/* SPDX-License-Identifier: Apache-2.0
 *
 * Points 6, 7, 8 and 13: what an entry may do, and when. */
#include "tests/property/holds.h"

/* Point 8, and that no state ends without an entry that names rule and actor. */
void holds_move(holds_t *holds, const dais_move_t *move)
{
    player_t *player = holds->player;
    const dais_rules_t *rules = player->rules;
    const played_t *coming = player->coming;
    holds->move_seq = move->seq;
    if (move->from < 16 && move->to < 16)
        holds->moves[move->machine][move->from][move->to]++;
    if (move->is_restored)
        HOLDS(player, 8, coming != NULL && coming->kind->number == DAIS_KIND_CORRECTION);
    else if (move->from != 0)
        HOLDS(player, 8, dais_machine_allows(move->machine, move->from, move->to));
    HOLDS(player, 8, move->to >= 1 && move->to <= dais_machine(move->machine)->count);
    HOLDS(player, 8, move->seq == rules->seq);
    if (move->machine == DAIS_MACHINE_APPLICATION && move->to >= DAIS_APPLICATION_ADMITTED &&
        !move->is_restored)
        HOLDS(player, 8, move->cause != DAIS_CAUSE_NONE);
}

static unsigned entries_thing_date(unsigned kind)
{
    switch (kind) {
    case DAIS_KIND_APPLICATION: return DAIS_DATE_APPLICATION;
    case DAIS_KIND_OBJECTION:
    case DAIS_KIND_CO_SIGNATURE: return DAIS_DATE_OBJECTION_CLOSES;
    case DAIS_KIND_COMMENT: return DAIS_DATE_COMMENT;
    default: return 0;
    }
}

/* Point 7: what is taken after the tick was received after it closed. */
static void entries_received(holds_t *holds, const played_t *entry)
{
    player_t *player = holds->player;
    const dais_rules_t *rules = player->rules;
    unsigned date = entries_thing_date(entry->kind->number);
    if (date == 0 || !dais_dates_is_ticked(rules, date) ||
        rules->dates[date].ticked >= entry->facts.seq)
        return;
    for (unsigned i = 0; i < entry->verdicts.count; i++) {
        bool taken = entry->verdicts.codes[i] == DAIS_VERDICT_ACCEPTED ||
                     entry->verdicts.codes[i] == DAIS_VERDICT_ACCEPTED_LATE;
        if (taken)
            HOLDS(player, 7, entry->facts.received_at >= dais_dates_closes(rules, date));
    }
}

static unsigned entries_role_of(dais_policy_body_t body)
{
    static const unsigned roles[] = {0, DAIS_ROLE_SECRETARIAT, DAIS_ROLE_CHAIR, DAIS_ROLE_BUREAU,
                                     DAIS_ROLE_CONFERENCE};
    return roles[body];
}

/* Point 13. */
static void entries_decider(holds_t *holds, const played_t *entry)
{
    player_t *player = holds->player;
    const dais_policy_t *policy = &player->rules->policy;
    bool corrects = entry->kind->number == DAIS_KIND_CORRECTION;
    if ((entry->kind->number != DAIS_KIND_DECISION && !corrects) ||
        !dais_verdicts_any_done(&entry->verdicts))
        return;
    uint64_t question;
    dais_decision_t decision;
    dais_correction_t correction;
    if (corrects) {
        if (dais_shape_decode(entry->kind->subject, entry->subject, &correction).err != DAIS_OK)
            return;
        question = correction.question;
    } else {
        if (dais_shape_decode(entry->kind->subject, entry->subject, &decision).err != DAIS_OK)
            return;
        question = decision.question;
    }
    dais_policy_body_t body =
        question == DAIS_QUESTION_ENDORSE ? policy->endorsement.role : policy->decider.role;
    HOLDS(player, 13, body != DAIS_POLICY_BODY_NONE);
    HOLDS(player, 13, cast[entry->who].role == entries_role_of(body));
}

/* Moves that are told are those of this entry; what is refused as a whole moves nothing. */
static void entries_refused(holds_t *holds, const played_t *entry)
{
    player_t *player = holds->player;
    if (entry->uid != 0 && dais_verdicts_all_refused(&entry->verdicts))
        HOLDS(player, 8, holds->move_seq != entry->facts.seq);
    if (entry->uid != 0 && !dais_verdicts_any_done(&entry->verdicts))
        HOLDS(player, 8, holds->move_seq != entry->facts.seq);
}

void holds_entry(holds_t *holds, const played_t *entry)
{
    entries_received(holds, entry);
    entries_decider(holds, entry);
    entries_refused(holds, entry);
}

/* Kinds by which the standing of somebody on the list may change once the window is settled. */
static bool settled_may_change(const holds_t *holds, const played_t *entry)
{
    const dais_rules_t *rules = holds->player->rules;
    bool has_window = dais_dates_is_set(rules, DAIS_DATE_OBJECTION_CLOSES);
    switch (entry->kind->number) {
    case DAIS_KIND_DECISION:
    case DAIS_KIND_CORRECTION:
    case DAIS_KIND_WITHDRAWAL:
    case DAIS_KIND_OBJECTION_WITHDRAWAL:
    case DAIS_KIND_ENDORSEMENT: return true;
    case DAIS_KIND_TICK: return rules->cycle.ended == entry->facts.seq;
    case DAIS_KIND_OBJECTION:
    case DAIS_KIND_CO_SIGNATURE: return !has_window;
    default: return false;
    }
}

/* Point 6, for the end of the window: nothing that it settled changes but by those. */
static void settled_window(holds_t *holds, const played_t *entry, uint32_t n,
                           const dais_organisation_row_t *now)
{
    player_t *player = holds->player;
    const dais_organisation_row_t *then = &holds->orgs[n];
    bool decides =
        entry->kind->number == DAIS_KIND_DECISION || entry->kind->number == DAIS_KIND_CORRECTION;
    if (holds->cycle.settled == 0 || then->version == 0)
        return;
    if (!settled_may_change(holds, entry))
        HOLDS(player, 6, now->state == then->state);
    if (then->state == DAIS_APPLICATION_REFUSED && !decides)
        HOLDS(player, 6, now->state == DAIS_APPLICATION_REFUSED);
    if (then->state == DAIS_APPLICATION_ADMITTED && !decides &&
        entry->kind->number != DAIS_KIND_WITHDRAWAL)
        HOLDS(player, 6, now->state == DAIS_APPLICATION_ADMITTED);
    HOLDS(player, 6, now->version == then->version && now->listed == then->listed);
}

/* Point 6, for the deadline of applications and the end of the session. */
void holds_settled(holds_t *holds, const played_t *entry)
{
    player_t *player = holds->player;
    dais_org_t org;
    for (uint32_t n = 0; n < holds->org_count; n++) {
        if (!dais_org_get(player->rules, n + 1, &org))
            break;
        settled_window(holds, entry, n, &org.row);
        if (holds->orgs[n].rank != 0)
            HOLDS(player, 6, org.row.rank == holds->orgs[n].rank);
        if (holds->cycle.ended != 0)
            HOLDS(player, 6, ((org.row.marks ^ holds->orgs[n].marks) & DAIS_MARK_IN_AT_END) == 0);
        HOLDS(player, 6, memcmp(org.row.id, holds->orgs[n].id, sizeof org.row.id) == 0);
        HOLDS(player, 6, org.row.applied == holds->orgs[n].applied);
        HOLDS(player, 8,
              org.row.state < DAIS_APPLICATION_ADMITTED || org.row.cause != DAIS_CAUSE_NONE);
    }
    for (unsigned which = 1; which < DAIS_DATE_COUNT; which++) {
        if (holds->dates[which].ticked == 0 || entry->kind->number == DAIS_KIND_CALL)
            continue;
        HOLDS(player, 6, player->rules->dates[which].due == holds->dates[which].due);
        HOLDS(player, 6, player->rules->dates[which].ticked == holds->dates[which].ticked);
    }
    HOLDS(player, 6,
          holds->cycle.settled == 0 || player->rules->cycle.settled == holds->cycle.settled);
    HOLDS(player, 6, holds->cycle.ended == 0 || player->rules->cycle.ended == holds->cycle.ended);
}
