/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/property/leaks.h"
#include "tests/property/shrink.h"
#include "tests/property/store_flat.h"

/* Pairs for each reader and policy; ten times as many with DAIS_FULL=1. */
#define PAIRS_FULL 1000

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

static leaks_t all;

static struct {
    view_t a, b;
    uint64_t pairs, whole, views, skipped;
} seen;

/* True if the reader is shown the same. */
static bool same_view(void)
{
    const char *other;
    view_make(&seen.a, &all.a, leaks_reader(&all, &all.a));
    view_make(&seen.b, &all.b, leaks_reader(&all, &all.b));
    seen.views++;
    const char *line = view_difference(&seen.a, &seen.b, &other);
    if (line == NULL)
        return true;
    (void)snprintf(all.leak, sizeof all.leak, "%s sees at size %llu\n  A: %.400s\n  B: %.400s",
                   all.reader->name, (unsigned long long)all.a.count, line, other);
    return false;
}

/* Looking costs more than playing; what may be seen stays to be seen, so that is done at each
 * change and tick, and at some of the rest. */
static bool looks_at(const sequence_t *sequence, unsigned i)
{
    const event_t *event = &sequence->events[i];
    return i >= CAST_COUNT && (leaks_is_changed(&all, event->uid) || event->type == EVENT_TICK ||
                               i % 4 == 0 || i + 1 == sequence->count);
}

/* Plays both side by side for as long as they are a pair. False if something leaks. */
static bool play_pair(const sequence_t *sequence)
{
    leaks_begin(&all.a, all.store_a);
    leaks_begin(&all.b, all.store_b);
    if (!player_begin(&all.a, sequence, all.store_a) ||
        !player_begin(&all.b, sequence, all.store_b))
        return true;
    for (unsigned i = 0; i < sequence->count; i++) {
        const event_t *event = &sequence->events[i];
        bool in_a = player_event(&all.a, event);
        if (in_a != player_event(&all.b, leaks_in_b(&all, event)))
            return true; /* What has not its shape is not logged: the logs have not one length. */
        player_flush(&all.a);
        player_flush(&all.b);
        if (!looks_at(sequence, i))
            continue;
        leaks_pair_t pair = leaks_pair(&all);
        if (pair != LEAKS_PAIR)
            return pair == LEAKS_OVER;
        if (!same_view())
            return false;
    }
    seen.whole++;
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
    leaks_begin(&all.a, all.store_a);
    bool has_begun = policy != NULL
                         ? generator_make_under(seed, policy, &all.sequence, &all.a, all.store_a)
                         : generator_make(seed, &all.sequence, &all.a, all.store_a);
    if (!has_begun || !leaks_make(&all, &act)) {
        seen.skipped++;
        return;
    }
    seen.pairs++;
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

static void begin_reader(unsigned reader)
{
    all.reader = &leaks_readers[reader];
    seen.pairs = seen.whole = seen.views = seen.skipped = 0;
}

static void print_reader(const char *what)
{
    print_message("%s%s: %llu pairs, %llu to the end, %llu views compared, %llu without anything "
                  "hidden\n",
                  all.reader->name, what, (unsigned long long)seen.pairs,
                  (unsigned long long)seen.whole, (unsigned long long)seen.views,
                  (unsigned long long)seen.skipped);
}

/* Goal: whoever may not see an entry cannot tell from anything else what stands in it. Method: two
 * logs differ in some entries that a reader may not see (leaks_change.c); as long as they differ in
 * nothing else (leaks_pair.c), everything that it is shown has to be the same, line by line, at
 * many sizes, and so has what it is told of its own messages. For the public, an applicant, another
 * office and a State that has no part in it, under each policy. */
static void test_pairs_of_each_policy(void **state)
{
    uint64_t count = pairs_wanted();
    (void)state;
    for (unsigned reader = 0; reader < LEAKS_READERS; reader++) {
        begin_reader(reader);
        for (unsigned p = 0; p < POLICIES; p++)
            for (uint64_t n = 0; n < count; n++)
                try_pair(10000000 + 1000000 * reader + 100000 * p + n, policies[p]);
        print_reader("");
        assert_true(seen.pairs > count / 2);
        assert_true(seen.views > 10 * seen.pairs);
    }
}

/* Goal: no value of a policy makes a hidden entry show. Method: as above, with policies that are
 * changed at random. */
static void test_pairs_of_changed_policies(void **state)
{
    uint64_t count = 4 * pairs_wanted();
    (void)state;
    for (unsigned reader = 0; reader < LEAKS_READERS; reader++) {
        begin_reader(reader);
        for (uint64_t n = 0; n < count; n++)
            try_pair(20000000 + 1000000 * reader + n, NULL);
        print_reader(", policies changed");
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
