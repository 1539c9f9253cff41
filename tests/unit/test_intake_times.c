/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/intake_world.h"

#define DAY_MS UINT64_C(86400000)

/* Goal: a deadline that is known gets a mark when it has come, and not before, and one is enough.
 * Method: one millisecond before, at, after; twice. */
static void test_mark_at_deadline(void **state)
{
    (void)state;
    commit(); /* The first mark of the chain. */
    uint64_t deadline = machine.clock.now.wall_ms + 5000;
    registry_show_dates(&deadline, 1, 0);
    dais_clock_manual_advance(&machine.clock, 4999);
    commit();
    registry_take_all();
    assert_int_equal(registry.next_j, 1);
    dais_clock_manual_advance(&machine.clock, 1);
    commit();
    registry_take_all();
    assert_int_equal(registry.next_j, 2);
    assert_int_equal(registry.last.count, 0);
    assert_true(registry.last.at == deadline);
    dais_clock_manual_advance(&machine.clock, 1000);
    commit();
    registry_take_all();
    assert_int_equal(registry.next_j, 2);
}

/* Goal: at D - 1 ms, D and D + 1 ms each bundle is on the side that its stamp says, and no stamp
 * at or after D stands before the one that closes D. Method: a bundle at each; what the registry
 * has below and above. */
static void test_sides_of_a_deadline(void **state)
{
    (void)state;
    uint64_t deadline = machine.clock.now.wall_ms + 100000;
    registry_show_dates(&deadline, 1, 0);
    dais_clock_manual_advance(&machine.clock, 99999);
    dais_hash_t bundles[3];
    for (uint64_t i = 0; i < 3; i++) {
        bundles[i] = submit(i, i);
        commit();
        assert_true(stamp_of(i, &bundles[i]).at == deadline - 1 + i);
        dais_clock_manual_advance(&machine.clock, 1);
    }
    registry_take_all();
    for (size_t i = 0; i < registry.count; i++)
        assert_int_equal(registry.ats[i] >= deadline,
                         !dais_hash_equal(&registry.bundles[i], &bundles[0]));
    assert_int_equal(registry.count, 3);
}

/* Goal: marks come at the start, for each deadline also after a restart without a registry, and in
 * quiet times; a date that is closed asks for none. Method: go through each. */
static void test_other_marks(void **state)
{
    (void)state;
    commit();
    registry_take_all();
    assert_int_equal(registry.next_j, 1);
    uint64_t dates[] = {machine.clock.now.wall_ms + 9000, machine.clock.now.wall_ms + 3000};
    registry_show_dates(dates, 2, 0);
    commit();
    intake_restart();
    for (uint64_t j = 2; j <= 3; j++) {
        dais_clock_manual_advance(&machine.clock, j == 2 ? 3000 : 6000);
        commit();
        registry_take_all();
        assert_int_equal(registry.next_j, j);
    }
    uint64_t closed = machine.clock.now.wall_ms + 10;
    registry_show_dates(&closed, 1, 17);
    dais_clock_manual_advance(&machine.clock, MARK_MS - 1);
    commit();
    registry_take_all();
    assert_int_equal(registry.next_j, 3);
    dais_clock_manual_advance(&machine.clock, 1);
    commit();
    registry_take_all();
    assert_int_equal(registry.next_j, 4);
}

static dais_err_t accept_clock(void)
{
    dais_spool_t *spool;
    dais_clock_guard_t guard;
    dais_clock_reading_t reading;
    uint8_t kept[DAIS_CLOCK_KEPT_MAX];
    scratch_path_t folder = scratch_path("spool");
    assert_int_equal(machine_test_reading(NULL, &reading), DAIS_OK);
    dais_clock_guard_start(&guard, DAIS_CLOCK_LIVE, &reading, 0);
    dais_clock_guard_accept(&guard, &reading);
    dais_intake_close(&intake);
    assert_int_equal(dais_spool_open(&spool, folder.text, machine.spool_bytes, false), DAIS_OK);
    dais_txn_t txn;
    dais_spool_begin(spool, &txn, DAIS_TXN_WRITE);
    dais_spool_put_note(&txn, DAIS_SPOOL_ACCEPTED,
                        dais_slice(kept, dais_clock_guard_keep(&guard, kept)));
    dais_err_t err = dais_txn_commit(&txn);
    dais_spool_close(&spool);
    intake_start(false);
    return err;
}

/* Goal: a wall clock that jumps a day, either way, stamps nothing and marks nothing until an
 * operator accepts it, also over a restart; nothing is lost, hand-over goes on, and the time of
 * stamps still does not go back. Method: jump with one bundle queued; restart; accept. */
static void test_clock_jumps(void **state)
{
    static const int64_t jumps[] = {(int64_t)DAY_MS, -(int64_t)DAY_MS};
    for (size_t i = 0; i < 2; i++) {
        if (i > 0) {
            assert_int_equal(intake_remove(state), 0);
            assert_int_equal(intake_make(state), 0);
        }
        dais_hash_t first = submit(0, 0);
        commit();
        uint64_t at = stamp_of(0, &first).at;
        uint64_t deadline = machine.clock.now.wall_ms + 60000;
        registry_show_dates(&deadline, 1, 0);
        dais_hash_t second = submit(1, 1);
        machine.clock.now.wall_ms += (uint64_t)jumps[i];
        commit();
        assert_refused(1, DAIS_ERR_CLOCK_UNSURE, true);
        (void)submit(1, 2);
        assert_refused(2, DAIS_ERR_CLOCK_UNSURE, true);
        (void)submit(0, 3);
        assert_true(stamp_of(3, &first).at == at); /* What is known is answered all the same. */
        registry_take_all();
        assert_int_equal(registry.next_j, 1);
        intake_restart();
        assert_int_equal(dais_intake_second(intake), DAIS_OK);
        (void)submit(1, 4);
        assert_refused(4, DAIS_ERR_CLOCK_UNSURE, true);
        assert_int_equal(accept_clock(), DAIS_OK);
        assert_int_equal(dais_intake_second(intake), DAIS_OK);
        (void)submit(1, 5);
        commit();
        assert_true(stamp_of(5, &second).at >= at);
        registry_take_all();
        assert_int_equal(registry.count, 2);
        intake_restart();
        assert_int_equal(dais_intake_figures(intake).doubt, DAIS_CLOCK_SURE);
    }
}

/* Goal: a clock that cannot be read stamps nothing. Method: let it fail, then work again. */
static void test_clock_fails(void **state)
{
    (void)state;
    dais_hash_t bundle = submit(0, 0);
    machine.clock.err = DAIS_ERR_CLOCK;
    commit();
    assert_int_equal(dais_intake_second(intake), DAIS_OK);
    assert_refused(0, DAIS_ERR_CLOCK_UNSURE, true);
    machine.clock.err = DAIS_OK;
    (void)submit(0, 1);
    commit();
    (void)stamp_of(1, &bundle);
}

/* Goal: outside rehearsals an unsynchronised kernel stops the stamps, and only while it lasts.
 * Method: lose and regain it; the same in a rehearsal. */
static void test_unsynchronised(void **state)
{
    (void)state;
    machine.synced = false;
    assert_int_equal(dais_intake_second(intake), DAIS_OK);
    dais_hash_t bundle = submit(0, 0);
    assert_refused(0, DAIS_ERR_CLOCK_UNSURE, true);
    machine.synced = true;
    assert_int_equal(dais_intake_second(intake), DAIS_OK);
    (void)submit(0, 1);
    commit();
    (void)stamp_of(1, &bundle);
}

/* Starts anew, with a spool of its own, in a cycle of this origin. */
static dais_err_t start_in(const char *origin)
{
    dais_intake_close(&intake);
    assert_int_equal(scratch_remove(NULL), 0);
    assert_int_equal(scratch_make(NULL), 0);
    (void)snprintf(world.origin, sizeof world.origin, "%s", origin);
    assert_int_equal(intake_try_open(true), DAIS_OK);
    return dais_intake_roster(intake, roster_text(&world, 10, true)).err;
}

/* Goal: where there are only rehearsals, an unsynchronised kernel is no matter; with the first real
 * cycle it is. Method: a rehearsal, then a real cycle beside it. */
static void test_unsynchronised_rehearsal(void **state)
{
    (void)state;
    machine.synced = false;
    assert_int_equal(start_in("rehearsal/registry.example/cycle-1"), DAIS_OK);
    assert_int_equal(dais_intake_second(intake), DAIS_OK);
    dais_hash_t bundle = submit(0, 0);
    commit();
    (void)stamp_of(0, &bundle);
    world_t real;
    world_make(&real, 1, 2);
    assert_int_equal(dais_intake_roster(intake, roster_text(&real, 10, true)).err, DAIS_OK);
    assert_int_equal(dais_intake_second(intake), DAIS_OK);
    (void)submit(1, 1);
    assert_refused(1, DAIS_ERR_CLOCK_UNSURE, true);
}

/* Goal: a played clock stamps rehearsals as it goes forward, and takes no real cycle, neither by
 * its roster nor in its spool. Method: play a day; give it a real roster; start it over a real
 * spool. */
static void test_played_clock(void **state)
{
    (void)state;
    commit();
    machine.played = true;
    dais_intake_close(&intake);
    assert_int_equal(intake_try_open(false), DAIS_ERR_NOT_REHEARSAL);
    assert_int_equal(start_in("registry.example/cycle-1"), DAIS_ERR_NOT_REHEARSAL);
    assert_int_equal(start_in("rehearsal/registry.example/cycle-1"), DAIS_OK);
    uint64_t deadline = machine.clock.now.wall_ms + DAY_MS / 2;
    commit();
    registry_show_dates(&deadline, 1, 0);
    machine.clock.now.wall_ms += DAY_MS;
    dais_hash_t bundle = submit(0, 0);
    commit();
    assert_true(stamp_of(0, &bundle).at == machine.clock.now.wall_ms);
    machine.clock.now.wall_ms -= DAY_MS;
    (void)submit(1, 1);
    commit();
    assert_refused(1, DAIS_ERR_CLOCK_UNSURE, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_INTAKE(test_mark_at_deadline),
        WITH_INTAKE(test_sides_of_a_deadline),
        WITH_INTAKE(test_other_marks),
        WITH_INTAKE(test_clock_jumps),
        WITH_INTAKE(test_clock_fails),
        WITH_INTAKE(test_unsynchronised),
        WITH_INTAKE(test_unsynchronised_rehearsal),
        WITH_INTAKE(test_played_clock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
