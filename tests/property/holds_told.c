/* SPDX-License-Identifier: Apache-2.0
 *
 * What the registry owes: an outcome for every change of what may be told, numbers that add up
 * (point 12), and a lapse for all whom the end of the session left undecided. */
#include "tests/property/holds.h"

/* TOLD(o) of section 7.2, written once more. */
static unsigned told_word(const dais_rules_t *rules, const dais_organisation_row_t *row)
{
    static const uint8_t words[16] = {
        [DAIS_APPLICATION_LISTED] = DAIS_TOLD_AWAITING,
        [DAIS_APPLICATION_UNOPPOSED] = DAIS_TOLD_AWAITING,
        [DAIS_APPLICATION_CONTESTED] = DAIS_TOLD_AWAITING,
        [DAIS_APPLICATION_PENDING] = DAIS_TOLD_PENDING,
        [DAIS_APPLICATION_BLOCKED] = DAIS_TOLD_BLOCKED,
        [DAIS_APPLICATION_REFUSED] = DAIS_TOLD_REFUSED,
        [DAIS_APPLICATION_WITHDRAWN] = DAIS_TOLD_WITHDRAWN,
        [DAIS_APPLICATION_LAPSED] = DAIS_TOLD_LAPSED,
    };
    bool is_sealed = rules->policy.disclosure_cause != DAIS_POLICY_DISCLOSURE_PUBLIC;
    bool is_final = rules->cycle.settled != 0 || row->decided != 0 || row->route != DAIS_ROUTE_FORM;
    bool is_before_public = row->version != 0 || row->route != DAIS_ROUTE_FORM;
    if (is_final && row->state == DAIS_APPLICATION_PROVISIONAL)
        return is_sealed ? DAIS_TOLD_ADMITTED : DAIS_TOLD_PROVISIONAL;
    if (is_final && row->state == DAIS_APPLICATION_ADMITTED)
        return DAIS_TOLD_ADMITTED;
    unsigned word = words[row->state] != 0 ? words[row->state] : (unsigned)DAIS_TOLD_NOT_SHOWN;
    if (!is_sealed && is_final && is_before_public)
        return word;
    if (row->told != DAIS_TOLD_NOTHING)
        return is_sealed ? (unsigned)DAIS_TOLD_NOT_SHOWN : word;
    return DAIS_TOLD_NOTHING;
}

void holds_told(holds_t *holds, const played_t *last)
{
    player_t *player = holds->player;
    dais_org_t org;
    if (player->bundle_open || player->rules->cycle.closed != 0)
        return;
    (void)last;
    /* Own entries that are due come one after the other; only behind the last is all told. */
    if (dais_rules_owes(player->rules))
        return;
    for (uint32_t n = 1; n <= dais_org_count(player->rules); n++) {
        if (!dais_org_get(player->rules, n, &org))
            break;
        HOLDS(player, 8, org.row.told == told_word(player->rules, &org.row));
    }
}

/* Sums of a tally by what its names begin with. */
typedef struct {
    uint64_t circulated, cells, shown, objections, objection_cells;
    bool has_cells, has_shown, has_objections;
} tally_sum_t;

static bool tally_is(dais_slice_t name, const char *text)
{
    return dais_slice_equal(name, dais_slice_text(text));
}

static bool tally_begins(dais_slice_t name, const char *text)
{
    return name.size >= strlen(text) && memcmp(name.data, text, strlen(text)) == 0;
}

static void tally_add(tally_sum_t *sum, const dais_count_t *count)
{
    if (tally_is(count->name, "list.circulated")) {
        sum->circulated = count->number;
    } else if (tally_is(count->name, "list.shown") || tally_is(count->name, "list.not-shown")) {
        sum->has_shown = true;
        sum->shown += count->number;
    } else if (tally_begins(count->name, "list.")) {
        sum->has_cells = true;
        sum->cells += count->number;
    } else if (tally_is(count->name, "objections.lodged")) {
        sum->objections = count->number;
        sum->has_objections = true;
    } else if (tally_begins(count->name, "objections.") &&
               !tally_is(count->name, "objections.organisations")) {
        sum->objection_cells += count->number;
    }
}

void holds_tally(holds_t *holds, const played_t *entry)
{
    player_t *player = holds->player;
    tally_sum_t sum = {.circulated = 0};
    dais_tally_t tally;
    dais_count_t count;
    if (entry->kind->number != DAIS_KIND_TALLY ||
        dais_shape_decode(entry->kind->subject, entry->subject, &tally).err != DAIS_OK)
        return;
    dais_list_walk_t walk = dais_list_begin(&tally.counts, &dais_shape_count);
    while (dais_list_next(&walk, &count))
        tally_add(&sum, &count);
    HOLDS(player, 12, !sum.has_cells || sum.cells == sum.circulated);
    HOLDS(player, 12, !sum.has_shown || sum.shown == sum.circulated);
    HOLDS(player, 12, !(sum.has_shown && sum.has_cells));
    HOLDS(player, 12, !sum.has_objections || sum.objection_cells == sum.objections);
    HOLDS(player, 12, tally.version == player->rules->cycle.list_version);
}
