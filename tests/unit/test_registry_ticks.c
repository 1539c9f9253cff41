/* SPDX-License-Identifier: Apache-2.0
 *
 * Deadlines: what waits for them, and what they wait for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <unistd.h>

#include "tests/unit/registry_cycle.h"

/* Goal: a deadline is closed only when every intake has stamped at or behind it; what was stamped
 * behind it waits for the tick, and what was stamped before it is logged before it. Method: a key
 * retires at T0 + 100; bundles on both sides of it through two intakes. */
static void test_tick_waits_for_marks(void **state)
{
    uint64_t due = T0 + 100;
    (void)state;
    admit(retirement("office", due));
    uint64_t before = size();
    world_bundle_t b[] = {bundle_of("xa", 1), bundle_of("xa", 1), bundle_of("xa", 1)};
    world_send(&world, "ia", due - 1, &b[0], 1);
    world_send(&world, "ia", due, &b[1], 1);
    assert_int_equal(size(), before + 1);
    assert_int_equal(world_count(&world, DAIS_KIND_TICK, 0), 0);
    world_bundle_t mine = bundle_of("office", 2);
    world_send(&world, "ib", due - 1, &mine, 1);
    assert_int_equal(size(), before + 3);
    world_send(&world, "ib", due + 1, &b[2], 1);
    assert_int_equal(world_count(&world, DAIS_KIND_TICK, 0), 1);
    assert_int_equal(size(), before + 3 + 1 + 2);
    world_bundle_t late = bundle_of("office", 1);
    world_send(&world, "ib", due + 2, &late, 1);
    expect_turned_away("key-ended");
    world_verify(&world);
}

/* Goal: what is held for a tick survives a restart, and no tick comes while the clock is unsure.
 * Method: hold one, doubt the clock, restart, mark. */
static void test_held_is_kept(void **state)
{
    uint64_t due = T0 + 100;
    (void)state;
    admit(retirement("office", due));
    uint64_t before = size();
    world_bundle_t b = bundle_of("xa", 3);
    world_send(&world, "ia", due + 5, &b, 1);
    dais_cycle_doubt_clock(world.cycle, true);
    world_send(&world, "ib", due, NULL, 0);
    assert_int_equal(size(), before);
    world_must(world_reopen(&world));
    assert_true(dais_cycle_is_due(world.cycle));
    world_must(dais_cycle_batch_begin(world.cycle));
    world_must(dais_cycle_batch_end(world.cycle));
    assert_int_equal(size(), before + 4);
    assert_false(dais_cycle_is_due(world.cycle));
    world_verify(&world);
}

/* Goal: a bundle received in time that waits for an earlier one is named by the tick. Method: park
 * one before the deadline, close it, read the tick. */
static void test_tick_names_parked(void **state)
{
    static world_entry_t entry;
    uint64_t due = T0 + 100;
    dais_own_t own;
    const dais_kind_t *kind;
    dais_tick_t tick;
    dais_digest_item_t hash;
    (void)state;
    admit(retirement("office", due));
    world_bundle_t b[] = {bundle_of("xa", 1), bundle_of("xa", 1)};
    world_send(&world, "ia", due - 1, &b[1], 1);
    world_send(&world, "ia", due, NULL, 0);
    world_send(&world, "ib", due, NULL, 0);
    dais_book_t *book = dais_cycle_book(world.cycle);
    dais_book_begin(book, DAIS_TXN_READ);
    world_read(&world, size() - 1, &entry);
    assert_int_equal(entry.kind->number, DAIS_KIND_TICK);
    world_must(dais_own_decode(entry.entry.record.message, &own, &kind).err);
    world_must(dais_shape_decode(kind->subject, own.subject, &tick).err);
    assert_int_equal(tick.stamps.count, 2);
    assert_int_equal(tick.parked.count, 1);
    dais_list_walk_t walk = dais_list_begin(&tick.parked, &dais_shape_digest_item);
    assert_true(dais_list_next(&walk, &hash));
    assert_true(dais_hash_equal(&hash.value, &b[1].hash));
    world_must(dais_book_end(book));
    world_send(&world, "ib", due + 1, &b[0], 1);
    assert_int_equal(parked(), 0);
    world_verify(&world);
}

/* Goal: a batch that was dropped has let nothing in: what was held is let in by the next one.
 * Method: drop the batch whose mark closes the deadline, then take the mark again. */
static void test_dropped_batch(void **state)
{
    uint64_t due = T0 + 100;
    (void)state;
    admit(retirement("office", due));
    uint64_t before = size();
    world_bundle_t b = bundle_of("xa", 3);
    world_send(&world, "ia", due + 5, &b, 1);
    dais_hand_over_t mark = world_stamp(&world, "ib", due, NULL, 0);
    world_must(dais_cycle_batch_begin(world.cycle));
    assert_int_equal(dais_cycle_take(world.cycle, &mark).err, DAIS_OK);
    world_must(dais_cycle_batch_drop(world.cycle));
    assert_int_equal(size(), before);
    assert_int_equal(world_hand_over(&world, &mark).next, 1);
    assert_int_equal(size(), before + 4);
    world_verify(&world);
}

/* Goal: an intake that is declared lost is not waited for any more; what it received in time and
 * hands in late is let in, after the tick. Method: two keys of different holders declare it. */
static void test_lost_intake(void **state)
{
    uint64_t due = T0 + 100;
    dais_message_t message = {.actor = scenario_pack_id("sec")};
    dais_message_t second = {.actor = scenario_pack_id("sec")};
    dais_intake_lost_t lost = {.key = scenario_pack_device("ib")->key,
                               .reason = dais_slice_text("flooded")};
    (void)state;
    admit(retirement("office", due));
    world_bundle_t late = bundle_of("xa", 1);
    dais_hand_over_t found = world_stamp(&world, "ib", due - 1, &late, 1);
    world_send(&world, "ia", due, NULL, 0);
    dais_item_t item =
        world_item(&world, "sec", DAIS_KIND_INTAKE_LOST, &lost, &message, dais_slice(NULL, 0));
    dais_second_t agrees = {.seq = size()};
    admit(world_bundle(&world, "sec", DAIS_STREAM_OPEN, &item, 1, NULL));
    assert_int_equal(world_count(&world, DAIS_KIND_TICK, 0), 0);
    item = world_item(&world, "sec2", DAIS_KIND_SECOND, &agrees, &second, dais_slice(NULL, 0));
    admit(world_bundle(&world, "sec2", DAIS_STREAM_OPEN, &item, 1, NULL));
    assert_int_equal(world_count(&world, DAIS_KIND_TICK, 0), 1);
    uint64_t before = size();
    assert_int_equal(world_hand_over(&world, &found).next, 1);
    assert_int_equal(size(), before + 1);
    world_verify(&world);
}

/* A bundle of the secretariat with one message. */
static world_bundle_t said(const char *by, unsigned kind, const void *subject)
{
    dais_message_t message = {.actor = scenario_pack_id("sec")};
    dais_item_t item = world_item(&world, by, kind, subject, &message, dais_slice(NULL, 0));
    return world_bundle(&world, by, DAIS_STREAM_OPEN, &item, 1, NULL);
}

/* Cancels the cycle and orders the log to be closed; the index of the order. */
static uint64_t order_closing(void)
{
    dais_cancellation_t cancellation = {.reason = dais_slice_text("none came")};
    dais_closing_order_t order = {.successor = dais_slice_text("registry.example/next")};
    world_bundle_t b[] = {said("sec", DAIS_KIND_CANCELLATION, &cancellation),
                          said("sec", DAIS_KIND_CLOSING_ORDER, &order)};
    world_send(&world, "ia", T0 + 1, b, 2);
    return size() - 1;
}

static void expect_closed(unsigned turned_away)
{
    assert_int_equal(world_count(&world, DAIS_KIND_CLOSE, size() - 1), 1);
    assert_int_equal(world_count(&world, DAIS_KIND_TURNED_AWAY, 0), turned_away);
    world_bundle_t late = bundle_of("xa", 1);
    dais_hand_over_t hand_over = world_stamp(&world, "ib", T0 + 50, &late, 1);
    assert_int_equal(world_hand_over(&world, &hand_over).err, DAIS_ERR_LOG_ENDED);
    world_verify(&world);
    world_must(world_reopen(&world));
    world_verify(&world);
}

/* Goal: nothing that was stamped is without its consequence when the log ends. Method: one bundle
 * is parked, two stand behind the second under its stamp; all are turned away before the close. */
static void test_close_turns_away(void **state)
{
    (void)state;
    dais_second_t second = {.seq = order_closing()};
    world_bundle_t skipped = bundle_of("office", 1);
    world_bundle_t waits = bundle_of("office", 1);
    (void)skipped;
    world_send(&world, "ib", T0 + 2, &waits, 1);
    world_bundle_t b[] = {said("sec2", DAIS_KIND_SECOND, &second), bundle_of("xa", 2),
                          bundle_of("xa", 1)};
    world_send(&world, "ia", T0 + 3, b, 3);
    expect_closed(3);
}

/* Goal: the same where the second itself has waited for an earlier bundle of its key. Method: hand
 * in the second first; another parked bundle leaves while it is being admitted. */
static void test_close_by_parked(void **state)
{
    (void)state;
    dais_second_t second = {.seq = order_closing()};
    dais_clock_accepted_t accepted = {.at = T0, .reason = dais_slice_text("compared by hand")};
    world_bundle_t before = said("sec2", DAIS_KIND_CLOCK_ACCEPTED, &accepted);
    world_bundle_t closes = said("sec2", DAIS_KIND_SECOND, &second);
    world_bundle_t skipped = bundle_of("office", 1);
    world_bundle_t waits = bundle_of("office", 200);
    (void)skipped;
    world_send(&world, "ib", T0 + 2, &waits, 1);
    world_send(&world, "ia", T0 + 3, &closes, 1);
    world_send(&world, "ia", T0 + 4, &before, 1);
    expect_closed(1);
}

/* Goal: once a log has ended its key can be destroyed, and what it signed last still answers.
 * Method: seal before the end and after it, start without the key, compare the checkpoint, check
 * the log. */
static void test_seal(void **state)
{
    scratch_path_t secret = scratch_path("cycles/c/log.secret");
    uint8_t kept[DAIS_LIMIT_CHECKPOINT];
    (void)state;
    assert_int_equal(dais_cycle_seal(world.cycle), DAIS_ERR_NOT_ENDED);
    dais_second_t second = {.seq = order_closing()};
    world_bundle_t closes = said("sec2", DAIS_KIND_SECOND, &second);
    world_send(&world, "ia", T0 + 3, &closes, 1);
    dais_slice_t final = dais_book_checkpoint(dais_cycle_book(world.cycle));
    memcpy(kept, final.data, final.size);
    final.data = kept;
    world_must(dais_cycle_seal(world.cycle));
    world_must(dais_cycle_seal(world.cycle));
    assert_int_equal(access(secret.text, F_OK), -1);
    for (unsigned i = 0; i < 2; i++) {
        world_must(world_reopen(&world));
        assert_true(dais_slice_equal(dais_book_checkpoint(dais_cycle_book(world.cycle)), final));
        expect_closed(0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_WORLD(test_tick_waits_for_marks), IN_WORLD(test_held_is_kept),
        IN_WORLD(test_tick_names_parked),    IN_WORLD(test_dropped_batch),
        IN_WORLD(test_lost_intake),          IN_WORLD(test_close_turns_away),
        IN_WORLD(test_close_by_parked),      IN_WORLD(test_seal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
