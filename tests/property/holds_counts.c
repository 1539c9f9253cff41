/* SPDX-License-Identifier: Apache-2.0
 *
 * Points 2, 3 and 4: everything that is counted as the log goes on, counted anew from the rows. */
#include "tests/property/holds.h"

static bool counts_in(const dais_organisation_row_t *row)
{
    return row->state == DAIS_APPLICATION_ADMITTED || row->state == DAIS_APPLICATION_PROVISIONAL;
}

static unsigned counts_category(const dais_organisation_row_t *row)
{
    return row->confirmed_category != 0 ? row->confirmed_category : row->category;
}

static void counts_persons(dais_cycle_row_t *sum, const dais_organisation_row_t *row)
{
    uint32_t registered = (uint32_t)row->registered_in_person + row->registered_online;
    uint32_t attended = (uint32_t)row->attended_in_person + row->attended_online;
    sum->registered += registered > 0 ? 1 : 0;
    sum->registered_persons += registered;
    sum->attended += attended > 0 ? 1 : 0;
    sum->attended_persons += attended;
    sum->attended_of[counts_category(row)] += attended > 0 ? 1 : 0;
}

static void counts_org(dais_cycle_row_t *sum, const dais_organisation_row_t *row)
{
    bool admitted = row->state == DAIS_APPLICATION_ADMITTED;
    sum->applied++;
    sum->circulated += row->version != 0 ? 1 : 0;
    sum->by_state[row->state] += row->version != 0 ? 1 : 0;
    sum->notified += admitted && row->route == DAIS_ROUTE_NOTIFY ? 1 : 0;
    sum->accorded += admitted && row->route == DAIS_ROUTE_ACCORDED ? 1 : 0;
    sum->shown +=
        row->version != 0 && (row->told == DAIS_TOLD_ADMITTED || row->told == DAIS_TOLD_PROVISIONAL)
            ? 1
            : 0;
    sum->objected += row->standing > 0 ? 1 : 0;
    if (row->invited != 0 && counts_in(row)) {
        sum->invited++;
        sum->invited_of[counts_category(row)]++;
    }
    counts_persons(sum, row);
}

static void counts_objection(dais_cycle_row_t *sum, const dais_objection_row_t *row)
{
    if (row->stood == 0)
        return;
    sum->lodged++;
    sum->standing += row->state == DAIS_OBJECTION_STANDING ? 1 : 0;
    sum->withdrawn += row->state == DAIS_OBJECTION_WITHDRAWN ? 1 : 0;
    sum->ruled += row->state == DAIS_OBJECTION_UPHELD || row->state == DAIS_OBJECTION_OVERTURNED;
    sum->lapsed += row->state == DAIS_OBJECTION_LAPSED ? 1 : 0;
}

/* The objections to one organisation, from all there are. */
static void counts_of_org(holds_t *holds, uint32_t number, const dais_organisation_row_t *org)
{
    dais_rules_store_t *store = holds->player->store;
    uint32_t standing = 0;
    uint32_t waiting = 0;
    uint32_t timely = 0;
    dais_objection_row_t row;
    for (uint64_t n = 1; store->port->dense_get(store, DAIS_TABLE_OBJECTION, n, &row); n++) {
        if (row.organisation_number != number)
            continue;
        standing += row.state == DAIS_OBJECTION_STANDING ? 1 : 0;
        if (row.state == DAIS_OBJECTION_LODGED)
            *((row.marks & DAIS_OBJECTION_TIMELY) != 0 ? &timely : &waiting) += 1;
    }
    HOLDS(holds->player, 3, org->standing == standing);
    HOLDS(holds->player, 3, org->unsigned_count == waiting);
    HOLDS(holds->player, 3, org->timely_count == timely);
}

static void counts_others(const player_t *player, dais_cycle_row_t *sum)
{
    dais_rules_store_t *store = player->store;
    dais_case_row_t mine;
    dais_carried_row_t carried;
    dais_state_row_t state;
    dais_objection_row_t objection;
    for (uint64_t n = 1; store->port->dense_get(store, DAIS_TABLE_OBJECTION, n, &objection); n++)
        counts_objection(sum, &objection);
    for (uint64_t n = 1; store->port->dense_get(store, DAIS_TABLE_CASE, n, &mine); n++)
        sum->cases += dais_case_is_open(mine.state) ? 1 : 0;
    for (uint64_t n = 1; store->port->dense_get(store, DAIS_TABLE_CARRIED, n, &carried); n++)
        sum->cases += dais_case_is_open(carried.state) ? 1 : 0;
    for (uint64_t n = 1; store->port->dense_get(store, DAIS_TABLE_STATE, n, &state); n++)
        sum->present += state.present;
}

static void counts_compare(player_t *player, const dais_cycle_row_t *sum)
{
    const dais_cycle_row_t *kept = &player->rules->cycle;
    HOLDS(player, 2, kept->applied == sum->applied);
    HOLDS(player, 2, kept->circulated == sum->circulated);
    HOLDS(player, 2, memcmp(kept->by_state, sum->by_state, sizeof kept->by_state) == 0);
    HOLDS(player, 2, kept->notified == sum->notified && kept->accorded == sum->accorded);
    HOLDS(player, 2, kept->shown == sum->shown);
    HOLDS(player, 2, kept->present == sum->present && kept->cases == sum->cases);
    HOLDS(player, 2, kept->invited == sum->invited);
    HOLDS(player, 2, memcmp(kept->invited_of, sum->invited_of, sizeof kept->invited_of) == 0);
    HOLDS(player, 2,
          kept->registered == sum->registered &&
              kept->registered_persons == sum->registered_persons);
    HOLDS(player, 2,
          kept->attended == sum->attended && kept->attended_persons == sum->attended_persons);
    HOLDS(player, 2, memcmp(kept->attended_of, sum->attended_of, sizeof kept->attended_of) == 0);
    HOLDS(player, 3, kept->lodged == sum->lodged && kept->standing == sum->standing);
    HOLDS(player, 3, kept->withdrawn == sum->withdrawn && kept->ruled == sum->ruled);
    HOLDS(player, 3, kept->lapsed == sum->lapsed && kept->objected == sum->objected);
    HOLDS(player, 3, kept->lodged == kept->standing + kept->withdrawn + kept->ruled + kept->lapsed);
}

/* circulated = sum of those on the list over the states from listed on, and its split. */
static void counts_split(player_t *player)
{
    const dais_cycle_row_t *cycle = &player->rules->cycle;
    dais_list_account_t account = dais_lists_account(cycle->by_state);
    uint32_t sum = 0;
    for (unsigned s = DAIS_APPLICATION_LISTED; s <= DAIS_APPLICATION_LAPSED; s++)
        sum += cycle->by_state[s];
    if (cycle->listed == 0)
        return;
    HOLDS(player, 2, cycle->circulated == sum);
    HOLDS(player, 2,
          cycle->circulated == account.awaiting + account.admitted + account.blocked +
                                   account.refused + account.withdrawn + account.lapsed);
}

void holds_counts(holds_t *holds)
{
    player_t *player = holds->player;
    dais_cycle_row_t sum = {.state = 0};
    dais_org_t org;
    for (uint32_t n = 1; n <= dais_org_count(player->rules); n++) {
        if (!dais_org_get(player->rules, n, &org))
            break;
        counts_org(&sum, &org.row);
        counts_of_org(holds, n, &org.row);
    }
    counts_others(player, &sum);
    counts_compare(player, &sum);
    counts_split(player);
}

static bool window_reached(const dais_rules_t *rules, uint64_t standing)
{
    dais_policy_threshold_t threshold = rules->policy.objection_threshold;
    uint64_t present = rules->cycle.present;
    if (standing == 0 || threshold.numerator == 0)
        return false;
    if (threshold.denominator == 0)
        return standing >= threshold.numerator;
    return present > 0 && standing * threshold.denominator >= present * threshold.numerator;
}

void holds_window(holds_t *holds)
{
    player_t *player = holds->player;
    const dais_rules_t *rules = player->rules;
    dais_policy_effect_t effect = rules->policy.objection_effect;
    bool holds_back = effect == DAIS_POLICY_EFFECT_BLOCK || effect == DAIS_POLICY_EFFECT_REFER;
    dais_org_t org;
    if (rules->cycle.settled != 0 || rules->cycle.state != DAIS_CYCLE_WINDOW)
        return;
    for (uint32_t n = 1; n <= dais_org_count(player->rules); n++) {
        if (!dais_org_get(player->rules, n, &org) || org.row.version == 0 || org.row.decided != 0 ||
            org.row.state == DAIS_APPLICATION_WITHDRAWN)
            continue;
        unsigned state = org.row.state;
        bool is_held = state >= DAIS_APPLICATION_BLOCKED && state <= DAIS_APPLICATION_PROVISIONAL;
        bool reached = window_reached(rules, org.row.standing);
        HOLDS(player, 4, (state == DAIS_APPLICATION_UNOPPOSED) == (org.row.standing == 0));
        HOLDS(player, 4, is_held == (holds_back && reached));
        HOLDS(player, 4,
              (state == DAIS_APPLICATION_BLOCKED) ==
                  (effect == DAIS_POLICY_EFFECT_BLOCK && reached));
    }
}
