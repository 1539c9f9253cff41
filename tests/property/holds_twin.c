/* SPDX-License-Identifier: Apache-2.0
 *
 * Point 5: an objection that is lodged and withdrawn in time was never lodged, but for the log. It
 * is tried on a copy of the state, beside a copy in which nothing was said; then both go on to the
 * end of the window, and everybody has to be told the same. Also that no tick but the next one is
 * taken. */
#include "tests/property/holds.h"

static bool twin_say(branch_t *branch, const holds_t *holds, unsigned who, unsigned kind,
                     const dais_org_t *org, dais_verdict_t *verdict)
{
    event_t event = {.kind = (uint8_t)kind};
    dais_verdicts_t verdicts;
    bool needs = branch->rules.policy.reasons == DAIS_POLICY_REASONS_REQUIRED;
    event.args[event.arg_count++].number = 1;
    event.args[event.arg_count++].number = sequence_name(org->row.id);
    if (kind == DAIS_KIND_OBJECTION) {
        event.args[event.arg_count++].text = needs ? "code" : "";
        event.args[event.arg_count++].number = 0;
        event.args[event.arg_count++].text = "";
    }
    if (!branch_say(branch, &event, who, holds->player->clock, &verdicts))
        return false;
    *verdict = (dais_verdict_t)verdicts.codes[0];
    return true;
}

static bool twin_settle(branch_t *branch)
{
    if (!branch_due(branch))
        return false;
    while (branch->rules.cycle.settled == 0)
        if (!branch_tick(branch) || !branch_due(branch))
            return false;
    return true;
}

/* The same standing, but for cases that are moot and what counts entries. */
static bool twin_same_org(const dais_org_t *a, const dais_org_t *b, bool is_settled)
{
    const dais_organisation_row_t *x = &a->row;
    const dais_organisation_row_t *y = &b->row;
    return x->state == y->state && x->route == y->route && x->version == y->version &&
           x->told == y->told && x->standing == y->standing && x->marks == y->marks &&
           x->unsigned_count == y->unsigned_count && x->timely_count == y->timely_count &&
           (x->decided != 0) == (y->decided != 0) && (x->opened != 0) == (y->opened != 0) &&
           (x->invited != 0) == (y->invited != 0) && (!is_settled || x->cause == y->cause);
}

static bool twin_same_case(dais_rules_t *a, dais_rules_t *b, const dais_org_t *x,
                           const dais_org_t *y)
{
    dais_case_row_t mine = {.state = 0};
    dais_case_row_t other = {.state = 0};
    unsigned state_a = dais_case_get(a, x, &mine) && mine.state != DAIS_CASE_MOOT ? mine.state : 0;
    unsigned state_b =
        dais_case_get(b, y, &other) && other.state != DAIS_CASE_MOOT ? other.state : 0;
    return state_a == state_b && (state_a == 0 || mine.result == other.result);
}

static void twin_compare(holds_t *holds, dais_rules_t *a, dais_rules_t *b, bool is_settled)
{
    player_t *player = holds->player;
    dais_org_t x;
    dais_org_t y;
    HOLDS(player, 5, a->cycle.state == b->cycle.state);
    HOLDS(player, 5, a->cycle.standing == b->cycle.standing && a->cycle.cases == b->cycle.cases);
    HOLDS(player, 5, memcmp(a->cycle.by_state, b->cycle.by_state, sizeof a->cycle.by_state) == 0);
    HOLDS(player, 5, a->cycle.shown == b->cycle.shown);
    for (uint32_t n = 1; n <= dais_org_count(a); n++) {
        if (!dais_org_get(a, n, &x) || !dais_org_get(b, n, &y))
            break;
        HOLDS(player, 5, twin_same_org(&x, &y, is_settled));
        HOLDS(player, 5, twin_same_case(a, b, &x, &y));
    }
}

static void twin_objection(holds_t *holds)
{
    player_t *player = holds->player;
    branch_t *beside = &holds->spare[0];
    branch_t *twin = &holds->spare[1];
    unsigned who = chance_from(&holds->chance, CAST_XA, CAST_XD);
    dais_verdict_t lodged;
    dais_verdict_t withdrawn;
    dais_org_t org;
    branch_copy(beside, player->rules, player->clock);
    branch_copy(twin, player->rules, player->clock);
    uint32_t n = 1 + chance_below(&holds->chance, dais_org_count(&twin->rules));
    if (!dais_org_get(&twin->rules, n, &org) ||
        !twin_say(twin, holds, who, DAIS_KIND_OBJECTION, &org, &lodged) ||
        lodged != DAIS_VERDICT_ACCEPTED || !branch_due(twin))
        return;
    if (!twin_say(twin, holds, who, DAIS_KIND_OBJECTION_WITHDRAWAL, &org, &withdrawn) ||
        withdrawn != DAIS_VERDICT_ACCEPTED)
        return;
    HOLDS(player, 5, branch_due(twin));
    holds->twins++;
    twin_compare(holds, &beside->rules, &twin->rules, false);
    bool settles = twin_settle(beside);
    HOLDS(player, 5, twin_settle(twin) == settles);
    if (settles)
        twin_compare(holds, &beside->rules, &twin->rules, true);
}

/* Any other date, or the same with another instant. */
static void twin_wrong_tick(holds_t *holds)
{
    player_t *player = holds->player;
    dais_rules_deadline_t next;
    bool has_next = dais_rules_next_deadline(player->rules, &next);
    unsigned which = chance_from(&holds->chance, 1, DAIS_DATE_COUNT - 1);
    uint64_t due = dais_dates_due(player->rules, which);
    if (has_next && next.which == which)
        due++;
    branch_copy(&holds->spare[0], player->rules, player->clock);
    HOLDS(player, 1, !branch_tick_of(&holds->spare[0], which, due));
}

void holds_twin(holds_t *holds)
{
    const dais_rules_t *rules = holds->player->rules;
    if (rules->cycle.closed != 0 || dais_rules_owes(holds->player->rules))
        return;
    if (chance_percent(&holds->chance, 10))
        twin_wrong_tick(holds);
    else if (rules->cycle.state == DAIS_CYCLE_WINDOW && rules->cycle.settled == 0)
        twin_objection(holds);
}
