/* SPDX-License-Identifier: Apache-2.0
 *
 * Point 5: an objection that is lodged and withdrawn in time was never lodged, but for the log. It
 * is tried on a copy of the state, beside a copy in which nothing was said; then both go on to the
 * end of the window, and everybody has to be told the same. Also that no tick but the next one is
 * taken. */
#include "tests/property/holds.h"
#include "tests/property/store_flat.h"

/* A copy shares what the rules own and what only a call changes. */
static dais_rules_t twin_copy(const holds_t *holds, unsigned spare)
{
    dais_rules_t copy = *holds->player->rules;
    store_flat_copy(holds->spare[spare], holds->player->store);
    copy.store = holds->spare[spare];
    copy.moved = NULL;
    return copy;
}

static bool twin_say(dais_rules_t *rules, holds_t *holds, unsigned who, unsigned kind,
                     const dais_org_t *org, dais_verdict_t *verdict)
{
    uint8_t bytes[256];
    event_t event = {.kind = (uint8_t)kind, .arg_count = 0};
    dais_slice_t subject;
    dais_verdicts_t verdicts;
    dais_key_t key = player_key(who);
    uint64_t name = 0;
    for (unsigned i = 8; i < DAIS_ID_SIZE; i++)
        name = name << 8 | org->row.id[i];
    event.args[event.arg_count++].number = 1;
    event.args[event.arg_count++].number = name;
    if (kind == DAIS_KIND_OBJECTION) {
        bool needs = rules->policy.reasons == DAIS_POLICY_REASONS_REQUIRED;
        event.args[event.arg_count++].text = needs ? "code" : "";
        event.args[event.arg_count++].number = 0;
        event.args[event.arg_count++].text = "";
    }
    if (!sequence_pack(&event, NULL, NULL, player_key, bytes, sizeof bytes, &subject))
        return false;
    dais_message_t message = {.kind = kind,
                              .id = sequence_id((uint64_t)50000 + kind),
                              .actor = sequence_id((uint64_t)NAME_ACTOR + cast[who].actor),
                              .subject = subject};
    dais_rules_facts_t facts = {.seq = dais_rules_size(rules),
                                .received_at = holds->player->clock,
                                .key_number = dais_roster_find(rules->store, &key).key_number,
                                .first_of_bundle = true};
    if (facts.key_number == 0 ||
        dais_rules_apply(rules, &facts, dais_kind_of(kind), &message, &verdicts) != DAIS_OK)
        return false;
    *verdict = (dais_verdict_t)verdicts.codes[0];
    return true;
}

static bool twin_own(dais_rules_t *rules, const dais_kind_t *kind, dais_slice_t subject)
{
    dais_own_t own = {.kind = kind->number, .subject = subject};
    return dais_rules_apply_own(rules, dais_rules_size(rules), kind, &own) == DAIS_OK;
}

static bool twin_due(dais_rules_t *rules)
{
    static uint8_t bytes[DAIS_LIMIT_SUBJECT];
    for (;;) {
        const dais_kind_t *kind;
        dais_writer_t writer;
        dais_writer_init(&writer, bytes, sizeof bytes);
        if (dais_rules_due(rules, &kind, &writer) != DAIS_OK)
            return false;
        if (kind == NULL)
            return true;
        if (!twin_own(rules, kind, dais_slice(bytes, writer.size)))
            return false;
    }
}

static bool twin_tick(dais_rules_t *rules, unsigned which, uint64_t due)
{
    uint8_t bytes[64];
    dais_tick_t tick = {.which = which, .due = due};
    dais_writer_t writer;
    dais_writer_init(&writer, bytes, sizeof bytes);
    return dais_shape_encode(&dais_shape_tick, &tick, &writer) == DAIS_OK &&
           twin_own(rules, dais_kind_of(DAIS_KIND_TICK), dais_slice(bytes, writer.size));
}

static bool twin_settle(dais_rules_t *rules)
{
    dais_rules_deadline_t next;
    if (!twin_due(rules))
        return false;
    while (rules->cycle.settled == 0) {
        if (!dais_rules_next_deadline(rules, &next) || !twin_tick(rules, next.which, next.due) ||
            !twin_due(rules))
            return false;
    }
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
    dais_rules_t beside = twin_copy(holds, 0);
    dais_rules_t twin = twin_copy(holds, 1);
    unsigned who = chance_from(&holds->chance, CAST_XA, CAST_XD);
    dais_verdict_t lodged;
    dais_verdict_t withdrawn;
    dais_org_t org;
    uint32_t n = 1 + chance_below(&holds->chance, dais_org_count(&twin));
    if (!dais_org_get(&twin, n, &org) ||
        !twin_say(&twin, holds, who, DAIS_KIND_OBJECTION, &org, &lodged) ||
        lodged != DAIS_VERDICT_ACCEPTED || !twin_due(&twin))
        return;
    if (!twin_say(&twin, holds, who, DAIS_KIND_OBJECTION_WITHDRAWAL, &org, &withdrawn) ||
        withdrawn != DAIS_VERDICT_ACCEPTED)
        return;
    HOLDS(player, 5, twin_due(&twin));
    holds->twins++;
    twin_compare(holds, &beside, &twin, false);
    bool settles = twin_settle(&beside);
    HOLDS(player, 5, twin_settle(&twin) == settles);
    if (settles)
        twin_compare(holds, &beside, &twin, true);
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
    dais_rules_t copy = twin_copy(holds, 0);
    HOLDS(player, 1, !twin_tick(&copy, which, due));
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
