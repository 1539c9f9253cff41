/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/property/holds.h"

#include <stdlib.h>

static void holds_remember(holds_t *holds)
{
    dais_rules_t *rules = holds->player->rules;
    dais_org_t org;
    holds->cycle_state = rules->cycle.state;
    holds->cycle = rules->cycle;
    holds->org_count = dais_org_count(rules);
    if (holds->org_count > HOLDS_ORGS)
        abort();
    for (uint32_t n = 1; n <= holds->org_count; n++)
        if (dais_org_get(rules, n, &org))
            holds->orgs[n - 1] = org.row;
    memcpy(holds->dates, rules->dates, sizeof holds->dates);
}

static void holds_after(void *context, player_t *player)
{
    holds_t *holds = context;
    const played_t *entry = player_last(player);
    if (player->count == 1)
        holds_begin(holds);
    for (unsigned i = 0; i < entry->verdicts.count; i++)
        holds->verdicts[entry->verdicts.codes[i]]++;
    holds_counts(holds);
    holds_window(holds);
    if (player->count > 1) {
        holds_entry(holds, entry);
        holds_settled(holds, entry);
        holds_tally(holds, entry);
        holds_sight(holds, entry);
    }
    holds_remember(holds);
}

/* Before an entry that is not in the list yet: what the last one owed is there now. */
static void holds_before(void *context, player_t *player)
{
    holds_t *holds = context;
    const played_t *last = player_last(player);
    holds_told(holds, last);
    bool in_window = player->rules->cycle.state == DAIS_CYCLE_WINDOW;
    if ((holds->is_thorough || chance_percent(&holds->chance, in_window ? 20 : 1)) &&
        !player->bundle_open)
        holds_twin(holds);
    if ((holds->is_thorough || chance_below(&holds->chance, 800) == 0) && !player->bundle_open)
        holds_fold(holds);
}

void holds_watch(holds_t *holds, player_t *player, uint64_t seed)
{
    holds->player = player;
    holds->chance.state = seed ^ 0x686f6c6473ULL;
    holds->answer_count = 0;
    holds->org_count = 0;
    holds->move_seq = 0;
    holds->register_changed = holds->office_changed = false;
    player->entry_done = holds_after;
    player->before_entry = holds_before;
    player->context = holds;
    for (unsigned i = 0; i < 2; i++)
        if (holds->spare[i].store == NULL)
            branch_create(&holds->spare[i]);
}

static void holds_moved(void *context, const dais_move_t *move)
{
    holds_move(context, move);
}

void holds_begin(holds_t *holds)
{
    dais_rules_watch(holds->player->rules, holds_moved, holds);
    holds_remember(holds);
}

void holds_finish(holds_t *holds)
{
    if (holds->player->has_failed || holds->player->rules == NULL || holds->player->count == 0)
        return;
    holds_told(holds, player_last(holds->player));
    holds_sight_finish(holds);
    if (holds->is_thorough || chance_percent(&holds->chance, 25))
        holds_fold(holds);
}

void holds_release(holds_t *holds)
{
    for (unsigned i = 0; i < 2; i++)
        branch_destroy(&holds->spare[i]);
}
