/* SPDX-License-Identifier: Apache-2.0 */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "registry/rules/digest.h"
#include "tests/property/generator.h"
#include "tests/property/holds.h"
#include "tests/property/shrink.h"
#include "tests/property/store_flat.h"
#include "tests/unit/scratch.h"

/* 100,000 with DAIS_FULL=1, else a tenth; DAIS_SEED and DAIS_SEQUENCES repeat a run. */
#define SEQUENCES_FULL 100000

static struct {
    sequence_t sequence;
    player_t player;
    player_t again;
    holds_t holds;
    dais_rules_store_t *flat;
    dais_rules_store_t *lmdb;
    dais_store_t *disk;
    dais_txn_t txn;
    uint64_t entries, replays, on_disk;
} all;

static uint64_t environment_number(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    return text != NULL && text[0] != 0 ? strtoull(text, NULL, 10) : otherwise;
}

static int open_disk(void **state)
{
    static const char *const databases[] = {"rules"};
    if (scratch_make(state) != 0)
        return -1;
    scratch_path_t folder = scratch_path("store");
    dais_store_options_t options = {.folder = folder.text,
                                    .create = true,
                                    .map_bytes = 64 << 20,
                                    .reader_count_max = 4,
                                    .databases = databases,
                                    .database_count = 1};
    all.flat = store_flat_create();
    return dais_store_open(&all.disk, &options) == DAIS_OK &&
                   dais_store_lmdb_create(&all.lmdb, 0) == DAIS_OK
               ? 0
               : -1;
}

static int close_disk(void **state)
{
    dais_store_lmdb_destroy(&all.lmdb);
    dais_store_close(&all.disk);
    store_flat_destroy(all.flat);
    holds_release(&all.holds);
    return scratch_remove(state);
}

static dais_hash_t digest_of(dais_rules_t *rules)
{
    dais_hash_t digest;
    assert_int_equal(dais_digest_state(rules, &digest), DAIS_OK);
    return digest;
}

static bool same_hash(const dais_hash_t *a, const dais_hash_t *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

/* The log of all.player once more, on another back: the same verdicts, own entries and digest.
 * Taken up from the store in the middle, as after a restart. */
static void replay_on(dais_rules_store_t *store, uint64_t resume_at)
{
    player_t *player = &all.player;
    dais_rules_t *rules = NULL;
    dais_genesis_t genesis = player_genesis(player);
    dais_verdicts_t verdicts;
    assert_int_equal(dais_rules_create(&rules, store), DAIS_OK);
    assert_int_equal(dais_rules_begin(rules, &genesis, &player->log, NULL), DAIS_OK);
    for (uint64_t seq = 1; seq < player->count; seq++) {
        const played_t *entry = &player->entries[seq];
        dais_own_t own = {.kind = entry->kind->number, .subject = entry->subject};
        if (seq == resume_at) {
            dais_rules_destroy(&rules);
            assert_int_equal(dais_rules_create(&rules, store), DAIS_OK);
            HOLDS(player, 1, dais_rules_resume(rules) == DAIS_OK);
        }
        if (entry->uid == 0) {
            HOLDS(player, 1, dais_rules_apply_own(rules, seq, entry->kind, &own) == DAIS_OK);
            continue;
        }
        HOLDS(player, 1,
              dais_rules_apply(rules, &entry->facts, entry->kind, &entry->message, &verdicts) ==
                  DAIS_OK);
        HOLDS(player, 1,
              verdicts.count == entry->verdicts.count &&
                  memcmp(verdicts.codes, entry->verdicts.codes,
                         verdicts.count * sizeof verdicts.codes[0]) == 0);
    }
    dais_hash_t here = digest_of(player->rules);
    dais_hash_t there = digest_of(rules);
    HOLDS(player, 1, same_hash(&here, &there));
    dais_rules_destroy(&rules);
}

static void replay_in_memory(void)
{
    dais_rules_store_t *store;
    assert_int_equal(dais_store_memory_create(&store), DAIS_OK);
    replay_on(store, 1 + chance_below(&all.holds.chance, all.player.count));
    dais_store_memory_destroy(&store);
    all.replays++;
}

/* In a transaction that is given up afterwards. */
static void replay_on_disk(void)
{
    dais_txn_begin(&all.txn, all.disk, DAIS_TXN_WRITE);
    dais_store_lmdb_use(all.lmdb, &all.txn);
    replay_on(all.lmdb, 1 + chance_below(&all.holds.chance, all.player.count));
    dais_txn_abort(&all.txn);
    all.on_disk++;
}

/* Another zone and locale make no difference. */
static void live_elsewhere(uint64_t seed)
{
    static const char *const zones[] = {"UTC", "Pacific/Kiritimati", "America/New_York",
                                        "Asia/Kathmandu"};
    (void)setenv("TZ", zones[seed % 4], 1);
    tzset();
    (void)setlocale(LC_ALL, seed % 2 == 0 ? "C" : "C.UTF-8");
}

static void play_again(void)
{
    player_t *player = &all.player;
    if (player->has_failed || player->rules == NULL)
        return;
    live_elsewhere(all.sequence.seed);
    replay_in_memory();
    if (all.sequence.seed % 10 == 0)
        replay_on_disk();
}

static void begin_one(void)
{
    player_end(&all.player);
    player_reset(&all.player);
    all.flat->port->clear(all.flat);
    holds_watch(&all.holds, &all.player, all.sequence.seed);
}

static bool still_fails(void *context, const sequence_t *sequence)
{
    (void)context;
    begin_one();
    if (player_run(&all.player, sequence, all.flat)) {
        holds_finish(&all.holds);
        play_again();
    }
    return all.player.has_failed;
}

static void report(void)
{
    static sequence_t smaller;
    char failure[sizeof all.player.failure];
    memcpy(failure, all.player.failure, sizeof failure);
    print_error("seed %llu: %s\n", (unsigned long long)all.sequence.seed, failure);
    smaller = all.sequence;
    all.holds.is_thorough = true;
    if (still_fails(NULL, &smaller)) {
        shrink(&smaller, still_fails, NULL);
        (void)still_fails(NULL, &smaller);
        print_error("shrunk from %u to %u events: %s\n", all.sequence.count, smaller.count,
                    all.player.failure);
    }
    sequence_print(&smaller, stderr);
    fail();
}

/* Goal: what docs/rules.md, section 12, says must always hold does, whatever is said and whenever
 * deadlines are closed. Method: sequences of random events under all policies and many changes of
 * them; each point is asked after each entry, from the rows alone; each log is replayed on the
 * memory back, a tenth of them on LMDB, in other time zones and locales, and taken up again in
 * between. */
static void test_sequences(void **state)
{
    uint64_t count = environment_number(
        "DAIS_SEQUENCES", getenv("DAIS_FULL") != NULL ? SEQUENCES_FULL : SEQUENCES_FULL / 10);
    uint64_t seed = environment_number("DAIS_SEED", 0);
    (void)state;
    for (uint64_t n = 0; n < count; n++) {
        all.sequence.seed = seed + n;
        begin_one();
        assert_true(generator_make(seed + n, &all.sequence, &all.player, all.flat) ||
                    all.player.has_failed);
        holds_finish(&all.holds);
        play_again();
        all.entries += all.player.count;
        if (all.player.has_failed)
            report();
    }
    player_end(&all.player);
    print_message("%llu sequences, %llu entries, %llu replayed on LMDB, %llu public folds, %llu "
                  "objections lodged and withdrawn on a copy\n",
                  (unsigned long long)count, (unsigned long long)all.entries,
                  (unsigned long long)all.on_disk, (unsigned long long)all.holds.folds,
                  (unsigned long long)all.holds.twins);
}

static void print_moves(dais_machine_t machine, unsigned *made, unsigned *possible)
{
    const dais_machine_table_t *table = dais_machine(machine);
    for (unsigned from = 1; from <= table->count; from++) {
        for (unsigned to = 1; to <= table->count; to++) {
            if (!dais_machine_allows(machine, from, to))
                continue;
            *possible += 1;
            *made += all.holds.moves[machine][from][to] > 0 ? 1 : 0;
            if (all.holds.moves[machine][from][to] == 0)
                print_message("no sequence moved a %s from %s to %s\n", table->name,
                              table->states[from].name, table->states[to].name);
        }
    }
}

/* Goal: chance goes everywhere, so that the test above says something. Method: count the verdicts
 * and moves of all sequences that ran before; of the full run, nearly all have to be there. */
static void test_chance_goes_everywhere(void **state)
{
    unsigned verdicts = 0;
    unsigned seen = 0;
    unsigned made = 0;
    unsigned possible = 0;
    (void)state;
    for (const dais_verdict_info_t *info = dais_verdict_infos; info->code != NULL; info++) {
        verdicts++;
        seen += all.holds.verdicts[info->number] > 0 ? 1 : 0;
        if (all.holds.verdicts[info->number] == 0)
            print_message("no sequence has: %s\n", info->code);
    }
    for (unsigned machine = 0; machine < DAIS_MACHINE_COUNT; machine++)
        print_moves((dais_machine_t)machine, &made, &possible);
    print_message("%u of %u verdicts, %u of %u moves\n", seen, verdicts, made, possible);
    if (environment_number("DAIS_SEQUENCES", SEQUENCES_FULL) < SEQUENCES_FULL / 10 ||
        all.player.has_failed)
        return; /* Too few to ask it of them. */
    assert_true(seen + 4 >= verdicts);
    assert_true(made * 10 >= possible * 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sequences),
        cmocka_unit_test(test_chance_goes_everywhere),
    };
    return cmocka_run_group_tests(tests, open_disk, close_disk);
}
