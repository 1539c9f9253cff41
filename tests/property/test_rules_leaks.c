/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/property/generator.h"
#include "tests/property/shrink.h"
#include "tests/property/store_flat.h"
#include "tests/property/view.h"

/* Pairs for each reader and policy; ten times as many with DAIS_FULL=1. */
#define PAIRS_FULL   1000
#define MUTATIONS    3
#define READER_COUNT 4

/* Who looks. The applicant's organisations may be those that are objected to, the other office's
 * as well; the State has part in nothing that is hidden. */
static const struct {
    const char *name;
    int who; /* of the cast; -1 for the public */
} readers[READER_COUNT] = {{"public", -1},
                           {"applicant", CAST_OFFICE},
                           {"office", CAST_OTHER},
                           {"uninvolved State", CAST_XC}};

static const char *const policies[] = {
    "untoc-constructive-dialogue",
    "untoc-conference-rule-17",
    "uncac-conference-rule-17",
    "oewg-ict-2022",
    "ga-high-level-meeting",
    "ga-conference-66-544",
    "unfccc-one-third",
};
#define POLICIES (sizeof policies / sizeof policies[0])

static struct {
    sequence_t sequence;
    event_t changed[MUTATIONS];
    unsigned changed_count;
    unsigned reader;
    player_t a, b;
    dais_rules_store_t *store_a, *store_b;
    view_t view_a, view_b;
    uint64_t pairs, whole, views, skipped;
    char leak[1024];
} all;

static dais_reader_who_t reader_of(player_t *player)
{
    if (readers[all.reader].who < 0)
        return dais_visible_public();
    dais_key_t key = player_key((unsigned)readers[all.reader].who);
    dais_roster_who_t who = dais_roster_find(player->store, &key);
    return dais_visible_as(&who);
}

static bool is_roster_complete(player_t *player)
{
    dais_key_t key =
        player_key((unsigned)(readers[all.reader].who < 0 ? 0 : readers[all.reader].who));
    return dais_roster_find(player->store, &key).key_number != 0;
}

static void begin(player_t *player, dais_rules_store_t *store)
{
    player_end(player);
    player_reset(player);
    store->port->clear(store);
}

/* A State that somebody else names in an objection has part in it: so nobody names this one. */
static void unname(event_t *event)
{
    const char *code = cast[CAST_XC].state;
    unsigned at = 1 + 2 * (unsigned)event->args[0].number;
    if (event->type != EVENT_MESSAGE || event->kind != DAIS_KIND_OBJECTION ||
        event->args[at].number > 16)
        return;
    for (unsigned i = at + 1; i <= at + event->args[at].number;) {
        if (event->args[i].text == NULL || strcmp(event->args[i].text, code) != 0) {
            i++;
            continue;
        }
        memmove(&event->args[i], &event->args[i + 1],
                (event->arg_count - i - 1) * sizeof event->args[0]);
        event->arg_count--;
        event->args[at].number--;
    }
}

/* The sequence without that, played again. */
static bool take_no_part(void)
{
    if (readers[all.reader].who != CAST_XC)
        return true;
    for (unsigned i = 0; i < all.sequence.count; i++)
        unname(&all.sequence.events[i]);
    begin(&all.a, all.store_a);
    return player_run(&all.a, &all.sequence, all.store_a) && !all.a.has_failed;
}

/* The event of B in the place of this one of A. */
static const event_t *in_b(const event_t *event)
{
    for (unsigned i = 0; i < all.changed_count; i++)
        if (all.changed[i].uid == event->uid)
            return &all.changed[i];
    return event;
}

static bool is_changed(unsigned uid)
{
    for (unsigned i = 0; i < all.changed_count; i++)
        if (uid != 0 && all.changed[i].uid == uid)
            return true;
    return false;
}

/* Only of what a reader of any kind may have closed to it: how others act on objections, decide,
 * and keep their files. */
static bool may_change(const event_t *event)
{
    int actor = readers[all.reader].who < 0 ? -1 : cast[readers[all.reader].who].actor;
    if (event->type != EVENT_MESSAGE || cast[event->who].actor == actor)
        return false;
    /* A State learns from its own verdicts what was decided where it objected. */
    if (readers[all.reader].who == CAST_XC &&
        dais_kind_of(event->kind)->stream != DAIS_STREAM_SEALED)
        return false;
    switch (event->kind) {
    case DAIS_KIND_OBJECTION:
    case DAIS_KIND_CO_SIGNATURE:
    case DAIS_KIND_REASON_ADDED:
    case DAIS_KIND_OBJECTION_WITHDRAWAL:
    case DAIS_KIND_DISCLOSURE_REQUEST:
    case DAIS_KIND_DECISION:
    case DAIS_KIND_CORRECTION:
    case DAIS_KIND_REFERRAL:
    case DAIS_KIND_CORRESPONDENCE: return true;
    default: return false;
    }
}

static bool is_hidden_in_a(const event_t *event)
{
    uint64_t seq = all.a.seq_of[event->uid];
    return seq != 0 &&
           !dais_visible_entry(all.a.rules, reader_of(&all.a), seq, dais_rules_size(all.a.rules));
}

/* Another organisation is the first target. */
static void change_target(act_t *act, event_t *event)
{
    const event_t *other = act_earlier(act, DAIS_KIND_APPLICATION);
    if (other != NULL && event->args[0].number > 0)
        event->args[1].number = (uint64_t)NAME_MESSAGE + other->uid;
}

/* Another State says it, of another organisation, or one field of it is another. */
static void change(act_t *act, event_t *event)
{
    static const unsigned others[] = {CAST_XA, CAST_XB, CAST_XD};
    act->event = event;
    if (event->kind == DAIS_KIND_OBJECTION && chance_percent(&act->chance, 35))
        change_target(act, event);
    else if (cast[event->who].role == DAIS_ROLE_PARTY && chance_percent(&act->chance, 45))
        event->who = (uint8_t)others[chance_below(&act->chance, 3)];
    else
        generator_spoil(act);
}

static bool is_another(const event_t *a, const event_t *b)
{
    if (a->who != b->who || a->arg_count != b->arg_count)
        return true;
    for (unsigned i = 0; i < a->arg_count; i++)
        if (a->args[i].number != b->args[i].number)
            return true;
    return false;
}

/* Makes B: some of the entries that the reader never saw in A are others. */
static bool make_b(act_t *act)
{
    const sequence_t *sequence = &all.sequence;
    unsigned wanted = chance_from(&act->chance, 1, MUTATIONS);
    all.changed_count = 0;
    for (unsigned tries = 0; tries < 60 && all.changed_count < wanted; tries++) {
        const event_t *event = &sequence->events[chance_below(&act->chance, sequence->count)];
        if (is_changed(event->uid) || !may_change(event) || !is_hidden_in_a(event))
            continue;
        event_t *changed = &all.changed[all.changed_count];
        *changed = *event;
        change(act, changed);
        if (readers[all.reader].who == CAST_XC)
            unname(changed);
        if (is_another(changed, event))
            all.changed_count++;
    }
    return all.changed_count > 0;
}

static bool only_objections_changed(void)
{
    for (unsigned i = 0; i < all.changed_count; i++)
        if (dais_kind_of(all.changed[i].kind)->stream != DAIS_STREAM_SEALED)
            return false;
    return true;
}

static bool sees(player_t *player, uint64_t seq)
{
    return dais_visible_entry(player->rules, reader_of(player), seq, player->count);
}

/* How many objections there are may be public by the policy's own word: then it has to be the same
 * number, as an open entry has to be the same. */
static bool same_counts(void)
{
    const dais_cycle_row_t *a = &all.a.rules->cycle;
    const dais_cycle_row_t *b = &all.b.rules->cycle;
    if (!dais_visible_fact(all.a.rules, reader_of(&all.a), DAIS_FACT_COUNTS, 0,
                           dais_rules_size(all.a.rules)))
        return true;
    return a->lodged == b->lodged && a->standing == b->standing && a->withdrawn == b->withdrawn &&
           a->ruled == b->ruled && a->lapsed == b->lapsed && a->objected == b->objected;
}

/* Do the two logs still differ only inside what the reader may not see? What the registry entered
 * by itself and the reader sees has to be the same, in the same places; and nothing that was
 * changed may have come to light. */
static bool is_pair(void)
{
    if (all.a.count != all.b.count || !is_roster_complete(&all.a) || !same_counts())
        return false;
    for (uint64_t seq = 1; seq < all.a.count; seq++) {
        const played_t *a = &all.a.entries[seq];
        const played_t *b = &all.b.entries[seq];
        if (a->uid != b->uid || (a->uid == 0 && a->kind != b->kind))
            return false;
        if (is_changed(a->uid) && (sees(&all.a, seq) || sees(&all.b, seq)))
            return false;
        if (a->uid == 0 && (sees(&all.a, seq) || sees(&all.b, seq)) &&
            !dais_slice_equal(a->subject, b->subject))
            return false;
    }
    return true;
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
 * organisation off the list; what follows then is of that, and not of the objection. */
static bool same_verdicts(void)
{
    uint64_t count = all.a.count < all.b.count ? all.a.count : all.b.count;
    for (uint64_t seq = 1; seq < count; seq++) {
        const dais_verdicts_t *a = &all.a.entries[seq].verdicts;
        const dais_verdicts_t *b = &all.b.entries[seq].verdicts;
        if (!is_changed(all.a.entries[seq].uid) &&
            (a->count != b->count ||
             memcmp(a->codes, b->codes, a->count * sizeof a->codes[0]) != 0))
            return false;
    }
    return true;
}

static bool own_entries_tell(void)
{
    if (!is_quiet(&all.a) || !is_quiet(&all.b) || !only_objections_changed() || !same_verdicts())
        return false;
    bool tells = all.a.count != all.b.count;
    for (uint64_t seq = 1; seq < all.a.count && !tells; seq++)
        tells = all.a.entries[seq].kind != all.b.entries[seq].kind &&
                (all.a.entries[seq].uid == 0 || all.b.entries[seq].uid == 0);
    if (tells)
        (void)snprintf(all.leak, sizeof all.leak,
                       "own entries of A and B differ before the window closes, at size %llu",
                       (unsigned long long)all.a.count);
    return tells;
}

/* True if the reader is shown the same. */
static bool same_view(void)
{
    const char *other;
    view_make(&all.view_a, &all.a, reader_of(&all.a));
    view_make(&all.view_b, &all.b, reader_of(&all.b));
    all.views++;
    const char *line = view_difference(&all.view_a, &all.view_b, &other);
    if (line == NULL)
        return true;
    (void)snprintf(all.leak, sizeof all.leak, "%s sees at size %llu\n  A: %.400s\n  B: %.400s",
                   readers[all.reader].name, (unsigned long long)all.a.count, line, other);
    return false;
}

/* Plays both side by side for as long as they are a pair. False if something leaks. */
static bool play_pair(const sequence_t *sequence)
{
    begin(&all.a, all.store_a);
    begin(&all.b, all.store_b);
    if (!player_begin(&all.a, sequence, all.store_a) ||
        !player_begin(&all.b, sequence, all.store_b))
        return true;
    for (unsigned i = 0; i < sequence->count; i++) {
        const event_t *event = &sequence->events[i];
        bool in_a = player_event(&all.a, event);
        if (in_a != player_event(&all.b, in_b(event)))
            return true;
        player_flush(&all.a);
        player_flush(&all.b);
        bool looks = is_changed(event->uid) || event->type == EVENT_TICK || i % 4 == 0 ||
                     i + 1 == sequence->count;
        if (i < CAST_COUNT || !looks)
            continue;
        if (own_entries_tell())
            return false;
        if (!is_pair())
            return true;
        if (!same_view())
            return false;
    }
    all.whole++;
    return true;
}

static bool still_leaks(void *context, const sequence_t *sequence)
{
    (void)context;
    return !play_pair(sequence);
}

static void report(void)
{
    static sequence_t smaller;
    smaller = all.sequence;
    shrink(&smaller, still_leaks, NULL);
    (void)play_pair(&smaller);
    print_error("seed %llu, %s: %s\n", (unsigned long long)all.sequence.seed, smaller.policy,
                all.leak);
    sequence_print(&smaller, stderr);
    (void)fprintf(stderr, "# in B:\n");
    smaller.count = all.changed_count;
    memcpy(smaller.events, all.changed, sizeof all.changed);
    sequence_print(&smaller, stderr);
    fail();
}

static void try_pair(uint64_t seed, const char *policy)
{
    act_t act = {.chance = {seed ^ 0x6c65616bULL}, .player = &all.a, .sequence = &all.sequence};
    begin(&all.a, all.store_a);
    bool has_begun = policy != NULL
                         ? generator_make_under(seed, policy, &all.sequence, &all.a, all.store_a)
                         : generator_make(seed, &all.sequence, &all.a, all.store_a);
    if (!has_begun || !take_no_part() || !is_roster_complete(&all.a) || !make_b(&act)) {
        all.skipped++;
        return;
    }
    all.pairs++;
    if (!play_pair(&all.sequence))
        report();
}

static int open_stores(void **state)
{
    (void)state;
    all.store_a = store_flat_create();
    all.store_b = store_flat_create();
    return 0;
}

static int close_stores(void **state)
{
    (void)state;
    player_end(&all.a);
    player_end(&all.b);
    store_flat_destroy(all.store_a);
    store_flat_destroy(all.store_b);
    return 0;
}

static uint64_t pairs_wanted(void)
{
    const char *text = getenv("DAIS_PAIRS");
    if (text != NULL && text[0] != 0)
        return strtoull(text, NULL, 10);
    return getenv("DAIS_FULL") != NULL ? PAIRS_FULL : PAIRS_FULL / 10;
}

/* Goal: whoever may not see an entry cannot tell from anything else what stands in it. Method: two
 * logs differ in some entries that a reader may not see; as long as what it does see of the
 * registry's own entries is the same, everything else that it is shown has to be the same, line by
 * line, at many sizes. For the public, an applicant, another office and a State that has no part in
 * it, under each policy. */
static void test_pairs_of_each_policy(void **state)
{
    uint64_t count = pairs_wanted();
    (void)state;
    for (all.reader = 0; all.reader < READER_COUNT; all.reader++) {
        all.pairs = all.whole = all.views = all.skipped = 0;
        for (unsigned p = 0; p < POLICIES; p++)
            for (uint64_t n = 0; n < count; n++)
                try_pair(10000000 + 1000000 * all.reader + 100000 * p + n, policies[p]);
        print_message("%s: %llu pairs, %llu to the end, %llu views compared, %llu without anything "
                      "hidden\n",
                      readers[all.reader].name, (unsigned long long)all.pairs,
                      (unsigned long long)all.whole, (unsigned long long)all.views,
                      (unsigned long long)all.skipped);
        assert_true(all.pairs > count / 2);
        assert_true(all.views > 10 * all.pairs);
    }
}

/* Goal: no value of a policy makes a hidden entry show. Method: as above, with policies that are
 * changed at random. */
static void test_pairs_of_changed_policies(void **state)
{
    uint64_t count = 4 * pairs_wanted();
    (void)state;
    for (all.reader = 0; all.reader < READER_COUNT; all.reader++) {
        all.pairs = all.whole = all.views = all.skipped = 0;
        for (uint64_t n = 0; n < count; n++)
            try_pair(20000000 + 1000000 * all.reader + n, NULL);
        print_message("%s, policies changed: %llu pairs, %llu to the end, %llu views compared\n",
                      readers[all.reader].name, (unsigned long long)all.pairs,
                      (unsigned long long)all.whole, (unsigned long long)all.views);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pairs_of_each_policy),
        cmocka_unit_test(test_pairs_of_changed_policies),
    };
    return cmocka_run_group_tests(tests, open_stores, close_stores);
}
