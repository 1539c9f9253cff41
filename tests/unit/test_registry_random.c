/* SPDX-License-Identifier: Apache-2.0
 *
 * The registry under hand-overs in any order: simulated years of seeds, on a real folder. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "proto/bundle.h"
#include "tests/support/registry_world.h"
#include "tests/support/scenario_pack.h"
#include "tests/unit/scratch.h"

#define T0         UINT64_C(1800000000000)
#define BUNDLES    60 /* of all offices together */
#define STAMPS     80 /* of one intake */
#define SEEDS      4
#define SEEDS_FULL 300

static const char *const offices[] = {"o1", "o2", "o3"};
static const char *const intakes[] = {"ia", "ib"};

static struct {
    world_t world;
    dais_random_seeded_t seeded;
    dais_random_t random;
    world_bundle_t bundles[BUNDLES];
    uint64_t stamped[BUNDLES]; /* the earliest stamp over it; 0: none */
    size_t bundle_count;
    dais_hand_over_t stamps[2][STAMPS]; /* in the spool of each intake */
    size_t stamp_count[2], taken_count[2];
    uint64_t due[2]; /* of the retirements */
} s;

static uint64_t dice(uint64_t sides)
{
    uint32_t number;
    world_must(dais_random_fill(&s.random, &number, sizeof number));
    return number % sides;
}

static world_bundle_t replies(const char *who, unsigned count)
{
    dais_item_t items[DAIS_LIMIT_BUNDLE_MESSAGES];
    for (unsigned i = 0; i < count; i++) {
        dais_message_t message = {.actor = scenario_pack_id(who)};
        dais_reply_t reply = {.notice = i};
        items[i] =
            world_item(&s.world, who, DAIS_KIND_REPLY, &reply, &message, dais_slice(NULL, 0));
    }
    return world_bundle(&s.world, who, DAIS_STREAM_OPEN, items, count, NULL);
}

/* A cycle in which two keys that nobody uses retire: deadlines like any other. */
static void begin(uint64_t seed)
{
    memset(&s, 0, sizeof s);
    s.random = dais_random_seeded(&s.seeded, seed);
    world_open(&s.world, scratch_folder, T0);
    world_create_sound(&s.world);
    for (size_t i = 0; i < 2; i++)
        world_add_key(&s.world, "sec", intakes[i], DAIS_ROLE_INTAKE, "", "");
    for (size_t i = 0; i < 3; i++)
        world_add_key(&s.world, "sec", offices[i], DAIS_ROLE_OFFICE, "", "");
    for (size_t i = 0; i < 2; i++) {
        char name[8];
        uint64_t first;
        uint64_t count;
        (void)snprintf(name, sizeof name, "r%u", (unsigned)i);
        world_add_key(&s.world, "sec", name, DAIS_ROLE_OFFICE, "", "");
        dais_roster_change_t change = world_key(name, DAIS_ROLE_OFFICE, "", "");
        change.change = DAIS_ROSTER_RETIRE;
        change.at = s.due[i] = T0 + 300 + 400 * i;
        world_bundle_t bundle = world_roster_bundle(&s.world, "sec", change);
        world_must(dais_cycle_admit(s.world.cycle, bundle.parcel, &first, &count));
    }
}

/* Fills the spools: each bundle comes in through one intake or both, in any order of a chain that
 * lies close together; each intake stamps in the order of its own clock. */
static void fill_spools(void)
{
    for (size_t i = 0; i < BUNDLES; i++)
        s.bundles[i] = replies(offices[dice(3)], 1 + (unsigned)dice(4));
    for (unsigned which = 0; which < 2; which++) {
        uint64_t at = T0 + 10;
        for (size_t i = 0; i < BUNDLES && s.stamp_count[which] < STAMPS - 3; i++) {
            size_t pick = (i + (size_t)dice(4)) % BUNDLES;
            world_bundle_t together[2] = {s.bundles[i], s.bundles[pick]};
            size_t count = pick == i ? 1 : 1 + (size_t)dice(2);
            at += dice(30);
            if (which == 1 && dice(3) == 0)
                continue;
            s.stamps[which][s.stamp_count[which]++] =
                world_stamp(&s.world, intakes[which], at, together, count);
            for (size_t b = 0; b < count; b++) {
                uint64_t *first = &s.stamped[b == 0 ? i : pick];
                *first = *first == 0 || at < *first ? at : *first;
            }
        }
        at = at < s.due[1] ? s.due[1] : at;
        s.stamps[which][s.stamp_count[which]++] =
            world_stamp(&s.world, intakes[which], at, NULL, 0);
    }
}

/* One batch of any hand-overs of both; sometimes it is dropped, or the process dies behind it. */
static void one_batch(void)
{
    size_t taken[2] = {s.taken_count[0], s.taken_count[1]};
    world_must(dais_cycle_batch_begin(s.world.cycle));
    for (uint64_t count = 1 + dice(6); count > 0; count--) {
        unsigned which = (unsigned)dice(2);
        if (taken[which] == s.stamp_count[which])
            continue;
        dais_take_t take = dais_cycle_take(s.world.cycle, &s.stamps[which][taken[which]]);
        world_must(take.err);
        assert_int_equal(take.next, ++taken[which]);
    }
    if (dice(8) == 0) {
        world_must(dais_cycle_batch_drop(s.world.cycle));
        return;
    }
    world_must(dais_cycle_batch_end(s.world.cycle));
    memcpy(s.taken_count, taken, sizeof taken);
    if (dice(10) == 0)
        world_must(world_reopen(&s.world));
}

static bool is_logged(dais_book_t *book, size_t bundle)
{
    dais_bundle_t head;
    dais_book_link_t link;
    world_must(dais_bundle_open(s.bundles[bundle].envelope, &s.world.log, &head).err);
    dais_roster_who_t who = dais_roster_find(dais_book_state(book), &head.key);
    return dais_book_link(book, who.key_number, DAIS_STREAM_OPEN, head.k, &link) &&
           link.state == DAIS_BUNDLE_LOGGED &&
           dais_hash_equal(&link.bundle, &s.bundles[bundle].hash);
}

/* All chains are whole, as everything was stamped by somebody, so everything is logged. */
static void expect_consequences(void)
{
    dais_book_t *book = dais_cycle_book(s.world.cycle);
    dais_book_begin(book, DAIS_TXN_READ);
    assert_int_equal(dais_book_parked_count(book), 0);
    assert_int_equal(dais_book_held_bytes(book), 0);
    for (size_t i = 0; i < BUNDLES; i++)
        assert_true(s.stamped[i] == 0 || is_logged(book, i));
    world_must(dais_book_end(book));
}

static bool tick_names(const dais_tick_t *tick, const dais_hash_t *bundle)
{
    dais_digest_item_t item;
    dais_list_walk_t walk = dais_list_begin(&tick->parked, &dais_shape_digest_item);
    while (dais_list_next(&walk, &item))
        if (dais_hash_equal(&item.value, bundle))
            return true;
    return false;
}

/* Nothing before a tick was received at or behind it; what comes behind it and was received before
 * it is named by it, or follows in its chain one that is. */
static void expect_order(void)
{
    static world_entry_t entry;
    static uint8_t kept[DAIS_LIMIT_MESSAGE];
    dais_book_t *book = dais_cycle_book(s.world.cycle);
    dais_own_t own;
    const dais_kind_t *kind;
    dais_tick_t tick = {.due = 0};
    unsigned ticks = 0;
    dais_book_begin(book, DAIS_TXN_READ);
    for (uint64_t seq = 0; seq < dais_book_size(book); seq++) {
        world_read(&s.world, seq, &entry);
        const dais_record_t *record = &entry.entry.record;
        if (entry.kind->number == DAIS_KIND_TICK) {
            memcpy(kept, record->message.data, record->message.size);
            world_must(dais_own_decode(dais_slice(kept, record->message.size), &own, &kind).err);
            world_must(dais_shape_decode(kind->subject, own.subject, &tick).err);
            assert_int_equal(tick.due, s.due[ticks++]);
            assert_int_equal(tick.stamps.count, 2);
            continue;
        }
        if (entry.entry.opening.stamp.size == 0)
            continue;
        assert_true(ticks == 2 || record->received_at < s.due[ticks]);
        if (record->received_at < tick.due)
            assert_true(tick_names(&tick, &entry.entry.bundle));
    }
    assert_int_equal(ticks, 2);
    world_must(dais_book_end(book));
}

/* Goal: whatever the order in which two intakes hand over, the log is whole, each stamped bundle
 * has its consequence, ticks part what came before and after, and the state is that of a fold in
 * memory. Method: seeded spools, batches, dropped batches and restarts. */
static void test_any_order(void **state)
{
    uint64_t seeds = getenv("DAIS_FULL") != NULL ? SEEDS_FULL : SEEDS;
    (void)state;
    for (uint64_t seed = 1; seed <= seeds; seed++) {
        print_message("seed %u\n", (unsigned)seed);
        assert_int_equal(scratch_make(NULL), 0);
        begin(seed);
        fill_spools();
        dais_clock_manual_advance(&s.world.manual, 10000);
        while (s.taken_count[0] < s.stamp_count[0] || s.taken_count[1] < s.stamp_count[1])
            one_batch();
        world_verify(&s.world);
        expect_consequences();
        expect_order();
        world_close(&s.world);
        assert_int_equal(scratch_remove(NULL), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_any_order)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
