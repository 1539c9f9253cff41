/* SPDX-License-Identifier: Apache-2.0
 *
 * Until when two logs differ only inside entries that a reader may not see. They no longer do, and
 * nothing is said about what follows, once
 * - an entry that was made another has come to light
 * - an own entry differs: own entries are open to all and say what closed ones changed of what the
 *   public may know (outcome, tally); the twins of docs/rules.md, 12, point 9, have the same ones
 * - an entry that the reader sees has another verdict: verdicts are part of the record
 *   (docs/formats.md), so the open entries are not the same. Others than the reader are told by
 *   their verdicts what they may see and the reader may not; what the reader itself is told is
 *   another matter, below
 * - an entry opens in one of them, because the one that opens or withholds it was made another
 * - the number of objections is not the same where the policy makes the number public
 *   (disclosure-fact count-only or public)
 * What a reader is told of its own messages may never depend on what it may not see, with two
 * exceptions. A State is told what became of the objection that it lodges or lodged itself, such as
 * already-decided (docs/rules.md, 5.3 and 6.5); but never what other States did. And the id of an
 * organisation is whose it was first (docs/rules.md, 13): the second to claim it is told so. */
#include "tests/property/leaks.h"

#include "registry/rules/visible_private.h"

static bool sees(const leaks_t *leaks, player_t *player, uint64_t seq)
{
    return dais_visible_entry(player->rules, leaks_reader(leaks, player), seq, player->count);
}

static bool is_public(player_t *player, uint64_t seq)
{
    return dais_visible_public_from(player->rules, seq) != 0;
}

static bool only_objections_changed(const leaks_t *leaks)
{
    for (unsigned i = 0; i < leaks->changed_count; i++)
        if (dais_kind_of(leaks->changed[i].kind)->stream != DAIS_STREAM_SEALED)
            return false;
    return true;
}

static bool same_counts(leaks_t *leaks)
{
    const dais_cycle_row_t *a = &leaks->a.rules->cycle;
    const dais_cycle_row_t *b = &leaks->b.rules->cycle;
    if (!dais_visible_fact(leaks->a.rules, leaks_reader(leaks, &leaks->a), DAIS_FACT_COUNTS, 0,
                           dais_rules_size(leaks->a.rules)))
        return true;
    return a->lodged == b->lodged && a->standing == b->standing && a->withdrawn == b->withdrawn &&
           a->ruled == b->ruled && a->lapsed == b->lapsed && a->objected == b->objected;
}

static bool same_codes(const played_t *a, const played_t *b)
{
    return a->verdicts.count == b->verdicts.count &&
           memcmp(a->verdicts.codes, b->verdicts.codes,
                  a->verdicts.count * sizeof a->verdicts.codes[0]) == 0;
}

/* One of those that open or close others. */
static bool gives_sight(const leaks_t *leaks)
{
    for (unsigned i = 0; i < leaks->changed_count; i++)
        if (leaks->changed[i].kind == DAIS_KIND_DISCLOSURE ||
            leaks->changed[i].kind == DAIS_KIND_WITHHOLDING)
            return true;
    return false;
}

static bool is_of_reader(const leaks_t *leaks, const played_t *entry)
{
    int who = leaks->reader->who;
    return who >= 0 && entry->uid != 0 && cast[entry->who].actor == cast[who].actor;
}

static bool is_id_taken(const played_t *entry)
{
    return entry->kind->number == DAIS_KIND_APPLICATION &&
           entry->verdicts.codes[0] == DAIS_VERDICT_ALREADY_APPLIED;
}

/* The reader is told another verdict on what it said itself. */
static leaks_pair_t told_another(leaks_t *leaks, const played_t *a, const played_t *b)
{
    if (dais_visible_is_objection_kind(a->kind->number) && !only_objections_changed(leaks))
        return LEAKS_OVER;
    if (is_id_taken(a) || is_id_taken(b))
        return LEAKS_OVER;
    (void)snprintf(leaks->leak, sizeof leaks->leak, "%s is told %s in A and %s in B of its %s",
                   leaks->reader->name, dais_verdict_info(a->verdicts.codes[0])->code,
                   dais_verdict_info(b->verdicts.codes[0])->code, a->kind->name);
    return LEAKS_TELL;
}

/* All that ends a pair at this entry, but its verdicts. */
static bool is_over(leaks_t *leaks, uint64_t seq)
{
    const played_t *a = &leaks->a.entries[seq];
    const played_t *b = &leaks->b.entries[seq];
    bool in_a = sees(leaks, &leaks->a, seq);
    bool in_b = sees(leaks, &leaks->b, seq);
    if (a->uid != b->uid || (a->uid == 0 && a->kind != b->kind))
        return true;
    if (leaks_is_changed(leaks, a->uid))
        return in_a || in_b;
    if (gives_sight(leaks) &&
        (in_a != in_b || is_public(&leaks->a, seq) != is_public(&leaks->b, seq)))
        return true;
    return (in_a || in_b) && !dais_slice_equal(a->subject, b->subject);
}

static leaks_pair_t pair_entry(leaks_t *leaks, uint64_t seq)
{
    const played_t *a = &leaks->a.entries[seq];
    const played_t *b = &leaks->b.entries[seq];
    if (is_over(leaks, seq))
        return LEAKS_OVER;
    if (leaks_is_changed(leaks, a->uid) || same_codes(a, b))
        return LEAKS_PAIR;
    if (is_of_reader(leaks, a))
        return told_another(leaks, a, b);
    return sees(leaks, &leaks->a, seq) || sees(leaks, &leaks->b, seq) ? LEAKS_OVER : LEAKS_PAIR;
}

/* Before the window closes, and before anybody decides, no objection makes the registry enter
 * anything, so the two logs have the same own entries in the same places. */
static bool is_quiet(player_t *player)
{
    dais_org_t org;
    if (player->rules->cycle.settled != 0 || player->rules->cycle.listed == 0)
        return false;
    for (uint32_t n = 1; n <= dais_org_count(player->rules); n++)
        if (dais_org_get(player->rules, n, &org) && org.row.decided != 0)
            return false;
    return true;
}

/* Somebody may have done what can only be done while nobody objects, such as taking an
 * organisation off the list (docs/rules.md, 6.4, point 6); what follows then is of that, and not of
 * the objection. */
static bool same_verdicts(const leaks_t *leaks)
{
    uint64_t count = leaks->a.count < leaks->b.count ? leaks->a.count : leaks->b.count;
    for (uint64_t seq = 1; seq < count; seq++)
        if (!leaks_is_changed(leaks, leaks->a.entries[seq].uid) &&
            !same_codes(&leaks->a.entries[seq], &leaks->b.entries[seq]))
            return false;
    return true;
}

static bool own_entries_tell(leaks_t *leaks)
{
    if (!is_quiet(&leaks->a) || !is_quiet(&leaks->b) || !only_objections_changed(leaks) ||
        !same_verdicts(leaks))
        return false;
    bool tells = leaks->a.count != leaks->b.count;
    for (uint64_t seq = 1; seq < leaks->a.count && !tells; seq++)
        tells = leaks->a.entries[seq].kind != leaks->b.entries[seq].kind &&
                (leaks->a.entries[seq].uid == 0 || leaks->b.entries[seq].uid == 0);
    if (tells)
        (void)snprintf(leaks->leak, sizeof leaks->leak,
                       "own entries of A and B differ before the window closes, at size %llu",
                       (unsigned long long)leaks->a.count);
    return tells;
}

leaks_pair_t leaks_pair(leaks_t *leaks)
{
    if (own_entries_tell(leaks))
        return LEAKS_TELL;
    uint64_t count = leaks->a.count < leaks->b.count ? leaks->a.count : leaks->b.count;
    for (uint64_t seq = 1; seq < count; seq++) {
        leaks_pair_t pair = pair_entry(leaks, seq);
        if (pair != LEAKS_PAIR)
            return pair;
    }
    bool goes_on = leaks->a.count == leaks->b.count && leaks_has_reader(leaks, &leaks->a) &&
                   same_counts(leaks);
    return goes_on ? LEAKS_PAIR : LEAKS_OVER;
}
