/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock_guard.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/clock_reading.h"

#define DAY_MS   UINT64_C(86400000)
#define START_MS UINT64_C(1807540200000)

static dais_clock_reading_t reading;
static dais_clock_guard_t guard;

static int start(void **state)
{
    (void)state;
    reading = (dais_clock_reading_t){.now = {START_MS, 5000}, .boot_id = {1, 2}, .synced = true};
    dais_clock_guard_start(&guard, DAIS_CLOCK_LIVE, &reading, 0);
    return 0;
}

static dais_clock_doubt_t go_on(int64_t wall_ms, int64_t boot_ms)
{
    reading.now.wall_ms += (uint64_t)wall_ms;
    reading.now.boot_ms += (uint64_t)boot_ms;
    return dais_clock_guard_step(&guard, &reading);
}

/* Goal: the bound is what it is said to be, in both directions, also when it is reached bit by bit.
 * Method: clocks that part by 2,000 ms and by one more, at once and in steps of 500 ms. */
static void test_parting(void **state)
{
    static const int64_t signs[] = {1, -1};
    for (size_t i = 0; i < 2; i++) {
        (void)start(state);
        assert_int_equal(go_on(60000 + signs[i] * 2000, 60000), DAIS_CLOCK_SURE);
        assert_int_equal(go_on(signs[i], 0), DAIS_CLOCK_PARTED);
        (void)start(state);
        for (int step = 0; step < 4; step++)
            assert_int_equal(go_on(1000 + signs[i] * 500, 1000), DAIS_CLOCK_SURE);
        assert_int_equal(go_on(1000 + signs[i] * 500, 1000), DAIS_CLOCK_PARTED);
    }
}

/* Goal: a day forward or back is doubted until somebody accepts it, not until it is undone. Method:
 * jump, jump back, accept. */
static void test_doubt_stays_until_accepted(void **state)
{
    static const int64_t jumps[] = {(int64_t)DAY_MS, -(int64_t)DAY_MS};
    for (size_t i = 0; i < 2; i++) {
        (void)start(state);
        assert_int_equal(go_on(jumps[i] + 1000, 1000), DAIS_CLOCK_PARTED);
        assert_int_equal(go_on(1000 - jumps[i], 1000), DAIS_CLOCK_PARTED);
        dais_clock_guard_accept(&guard, &reading);
        assert_int_equal(go_on(1000, 1000), DAIS_CLOCK_SURE);
        assert_int_equal(go_on(jumps[i] + 1000, 1000), DAIS_CLOCK_PARTED);
        dais_clock_guard_accept(&guard, &reading);
        assert_int_equal(go_on(1000, 1000), DAIS_CLOCK_SURE);
    }
}

static void restart(uint64_t floor_ms)
{
    uint8_t kept[DAIS_CLOCK_KEPT_MAX];
    size_t size = dais_clock_guard_keep(&guard, kept);
    dais_clock_mode_t mode = guard.mode;
    memset(&guard, 0xa5, sizeof guard);
    assert_int_equal(
        dais_clock_guard_resume(&guard, mode, dais_slice(kept, size), &reading, floor_ms), DAIS_OK);
}

/* Goal: a restart neither accepts a clock nor hides that it jumped while nobody looked. Method:
 * restart before and after a jump, in the same boot; the same without a jump, and with an earlier
 * floor, which an acceptance has made void. */
static void test_restart_in_one_boot(void **state)
{
    (void)state;
    reading.now.wall_ms += DAY_MS;
    restart(0);
    assert_int_equal(guard.doubt, DAIS_CLOCK_PARTED);
    restart(0);
    assert_int_equal(go_on(1000, 1000), DAIS_CLOCK_PARTED);
    dais_clock_guard_accept(&guard, &reading);
    assert_int_equal(go_on(3600000, 3600000), DAIS_CLOCK_SURE);
    restart(reading.now.wall_ms + 2 * DAY_MS);
    assert_int_equal(go_on(1000, 1000), DAIS_CLOCK_SURE);
    reading.now.wall_ms -= DAY_MS;
    restart(0);
    assert_int_equal(guard.doubt, DAIS_CLOCK_PARTED);
}

/* Goal: after another boot the boot clock says nothing of before, so only what was given out and
 * what was already in doubt count. Method: another boot id, with and without an earlier floor and a
 * doubt. */
static void test_restart_in_another_boot(void **state)
{
    (void)state;
    reading.boot_id[0]++;
    reading.now = (dais_now_t){START_MS + DAY_MS, 100};
    restart(START_MS);
    assert_int_equal(go_on(1000, 1000), DAIS_CLOCK_SURE);
    reading.boot_id[0]++;
    restart(reading.now.wall_ms + 2000);
    assert_int_equal(guard.doubt, DAIS_CLOCK_SURE);
    reading.boot_id[0]++;
    restart(reading.now.wall_ms + 2001);
    assert_int_equal(guard.doubt, DAIS_CLOCK_BACK);
    reading.boot_id[0]++;
    restart(0);
    assert_int_equal(go_on(1000, 1000), DAIS_CLOCK_BACK);
}

/* Goal: an unsynchronised kernel is doubted in live cycles alone, and only for as long as it lasts
 * unless it was accepted. Method: lose and regain it; accept; lose it again. */
static void test_unsynchronised(void **state)
{
    (void)state;
    reading.synced = false;
    assert_int_equal(go_on(1000, 1000), DAIS_CLOCK_UNSYNCED);
    reading.synced = true;
    assert_int_equal(go_on(1000, 1000), DAIS_CLOCK_SURE);
    reading.synced = false;
    assert_int_equal(go_on(1000, 1000), DAIS_CLOCK_UNSYNCED);
    dais_clock_guard_accept(&guard, &reading);
    assert_int_equal(go_on(1000, 1000), DAIS_CLOCK_SURE);
    restart(0);
    assert_int_equal(guard.doubt, DAIS_CLOCK_SURE);
    assert_int_equal(go_on((int64_t)DAY_MS, 0), DAIS_CLOCK_PARTED);
    dais_clock_guard_accept(&guard, &reading);
    reading.synced = true;
    assert_int_equal(go_on(1000, 1000), DAIS_CLOCK_SURE);
    reading.synced = false;
    assert_int_equal(go_on(1000, 1000), DAIS_CLOCK_UNSYNCED);
    dais_clock_guard_start(&guard, DAIS_CLOCK_REHEARSAL, &reading, 0);
    assert_int_equal(go_on(1000, 1000), DAIS_CLOCK_SURE);
}

/* Goal: whoever plays the time may go forward as he likes, not back. Method: forward by a day, back
 * by as much as the bound and by one more; a restart forgets nothing. */
static void test_played(void **state)
{
    (void)state;
    reading.synced = false;
    dais_clock_guard_start(&guard, DAIS_CLOCK_PLAYED, &reading, 0);
    assert_int_equal(go_on((int64_t)DAY_MS, 10), DAIS_CLOCK_SURE);
    assert_int_equal(go_on(-2000, 10), DAIS_CLOCK_SURE);
    restart(0);
    assert_int_equal(go_on(-1, 10), DAIS_CLOCK_BACK);
    assert_int_equal(go_on((int64_t)DAY_MS, 10), DAIS_CLOCK_BACK);
}

/* Goal: only what was kept is resumed from. Method: cut it at each byte; spoil version and words.
 */
static void test_kept_form(void **state)
{
    (void)state;
    uint8_t kept[DAIS_CLOCK_KEPT_MAX];
    size_t size = dais_clock_guard_keep(&guard, kept);
    for (size_t cut = 0; cut < size; cut++)
        assert_int_equal(
            dais_clock_guard_resume(&guard, DAIS_CLOCK_LIVE, dais_slice(kept, cut), &reading, 0),
            DAIS_ERR_CORRUPT);
    for (size_t i = 0; i < 3; i++) {
        kept[i] ^= 0x80;
        assert_int_equal(
            dais_clock_guard_resume(&guard, DAIS_CLOCK_LIVE, dais_slice(kept, size), &reading, 0),
            DAIS_ERR_CORRUPT);
        kept[i] ^= 0x80;
    }
}

/* Goal: this machine can be read, and one boot has one id. Method: two readings. */
static void test_machine(void **state)
{
    (void)state;
    static const uint8_t none[DAIS_CLOCK_BOOT_ID];
    dais_clock_t clock = dais_clock_system();
    dais_clock_reading_t a;
    dais_clock_reading_t b;
    assert_int_equal(dais_clock_reading(&clock, &a), DAIS_OK);
    assert_int_equal(dais_clock_reading(&clock, &b), DAIS_OK);
    assert_memory_equal(a.boot_id, b.boot_id, sizeof a.boot_id);
    assert_memory_not_equal(a.boot_id, none, sizeof none);
    assert_true(b.now.boot_ms >= a.now.boot_ms);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_parting, start),
        cmocka_unit_test_setup(test_doubt_stays_until_accepted, start),
        cmocka_unit_test_setup(test_restart_in_one_boot, start),
        cmocka_unit_test_setup(test_restart_in_another_boot, start),
        cmocka_unit_test_setup(test_unsynchronised, start),
        cmocka_unit_test_setup(test_played, start),
        cmocka_unit_test_setup(test_kept_form, start),
        cmocka_unit_test(test_machine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
