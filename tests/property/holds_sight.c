/* SPDX-License-Identifier: Apache-2.0
 *
 * Point 10: what a reader may see only grows, and the answer for an older size of the log stays
 * what it was. Readers whose own standing changed are asked no more. */
#include "registry/rules/visible.h"
#include "tests/property/holds.h"

static bool sight_reader(holds_t *holds, dais_reader_who_t *reader)
{
    unsigned who = chance_below(&holds->chance, CAST_COUNT);
    dais_key_t key = player_key(who);
    dais_roster_who_t found = dais_roster_find(holds->player->store, &key);
    *reader = dais_visible_public();
    if (who == CAST_SEC + 1 || who >= CAST_INTAKE)
        return true;
    if (found.key_number == 0)
        return false;
    *reader = dais_visible_as(&found);
    return true;
}

static bool sight_stands(const holds_t *holds, const dais_reader_who_t *reader)
{
    if (reader->role == DAIS_ROLE_OFFICE)
        return !holds->office_changed;
    return reader->role != DAIS_ROLE_PARTY || !holds->register_changed;
}

static void sight_ask_again(holds_t *holds, const holds_answer_t *answer)
{
    player_t *player = holds->player;
    if (!sight_stands(holds, &answer->reader))
        return;
    bool then = dais_visible_entry(player->rules, answer->reader, answer->seq, answer->size);
    bool now = dais_visible_entry(player->rules, answer->reader, answer->seq,
                                  dais_rules_size(player->rules));
    HOLDS(player, 10, then == answer->sees);
    HOLDS(player, 10, now || !then);
}

/* Offices act for others after a transfer, States are entitled by call and register. A merge or an
 * application changes for whom an office acts only by adding. */
static void sight_note(holds_t *holds, const played_t *entry)
{
    unsigned kind = entry->kind->number;
    if (!dais_verdicts_any_done(&entry->verdicts))
        return;
    holds->office_changed |= kind == DAIS_KIND_TRANSFER;
    holds->register_changed |= kind == DAIS_KIND_REGISTER_CHANGE || kind == DAIS_KIND_CALL;
}

void holds_sight(holds_t *holds, const played_t *entry)
{
    player_t *player = holds->player;
    uint64_t size = dais_rules_size(player->rules);
    holds_answer_t answer = {.size = size};
    sight_note(holds, entry);
    if (size <= HOLDS_KINDS)
        holds->kinds[size - 1] = (uint8_t)entry->kind->number;
    if (holds->answer_count > 0 && chance_percent(&holds->chance, 50))
        sight_ask_again(holds, &holds->answers[chance_below(&holds->chance, holds->answer_count)]);
    if (!chance_percent(&holds->chance, 40) || !sight_reader(holds, &answer.reader))
        return;
    if (holds->register_changed || holds->office_changed) {
        /* From here on with the standing as it is now. */
        holds->answer_count = 0;
        holds->register_changed = holds->office_changed = false;
    }
    answer.seq = chance_below(&holds->chance, size);
    answer.sees = dais_visible_entry(player->rules, answer.reader, answer.seq, size);
    unsigned place = holds->answer_count < HOLDS_ANSWERS
                         ? holds->answer_count++
                         : chance_below(&holds->chance, HOLDS_ANSWERS);
    holds->answers[place] = answer;
}

/* What opened behind itself was opened by an entry that may do so. */
static void sight_openers(holds_t *holds)
{
    player_t *player = holds->player;
    for (uint64_t seq = 0; seq < dais_rules_size(player->rules); seq++) {
        uint64_t from = dais_visible_public_from(player->rules, seq);
        if (from > seq + 1 && from <= HOLDS_KINDS)
            HOLDS(player, 10, dais_visible_may_open(holds->kinds[from - 1]));
    }
}

/* Every entry at every size, for one reader in twenty logs, and what the public sees from when. */
void holds_sight_finish(holds_t *holds)
{
    player_t *player = holds->player;
    uint64_t size = dais_rules_size(player->rules);
    dais_reader_who_t reader;
    for (unsigned i = 0; i < holds->answer_count; i++)
        sight_ask_again(holds, &holds->answers[i]);
    sight_openers(holds);
    if (!chance_percent(&holds->chance, 5) || !sight_reader(holds, &reader))
        return;
    for (uint64_t seq = 0; seq < size; seq++) {
        uint64_t from = 0;
        for (uint64_t n = 0; n <= size; n++) {
            bool sees = dais_visible_entry(player->rules, reader, seq, n);
            HOLDS(player, 10, sees || from == 0);
            if (sees && from == 0)
                from = n;
        }
        if (reader.role == 0)
            HOLDS(player, 10, dais_visible_public_from(player->rules, seq) == from);
        else
            HOLDS(player, 10,
                  dais_visible_public_from(player->rules, seq) == 0 ||
                      (from != 0 && from <= dais_visible_public_from(player->rules, seq)));
    }
}
