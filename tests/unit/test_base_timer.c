/* SPDX-License-Identifier: Apache-2.0 */
#include "base/timer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/random.h"

#define COUNT 500

static dais_timers_t timers;
static dais_timer_t all[COUNT];
static size_t fired[COUNT];
static size_t fired_count;

static void note(void *context)
{
    assert_true(fired_count < COUNT);
    fired[fired_count++] = (size_t)((dais_timer_t *)context - all);
}

static int reset(void **state)
{
    (void)state;
    timers = (dais_timers_t){.root = NULL};
    fired_count = 0;
    for (size_t i = 0; i < COUNT; i++)
        all[i] = (dais_timer_t){.fire = note, .context = &all[i]};
    return 0;
}

/* Goal: timers fire when due, in the order of their instants, and of their setting for one instant.
 * Method: random sets, moves and cancellations, checked against a plain array. */
static void test_order(void **state)
{
    (void)state;
    dais_random_seeded_t seeded;
    dais_random_t random = dais_random_seeded(&seeded, 4);
    uint64_t due[COUNT], order[COUNT], now = 0, count = 0;
    bool set[COUNT] = {false};
    for (size_t step = 0; step < 20000; step++) {
        uint16_t draw[3];
        assert_int_equal(dais_random_fill(&random, draw, sizeof(draw)), DAIS_OK);
        size_t i = draw[0] % COUNT;
        set[i] = draw[1] % 4 != 0;
        due[i] = now + draw[2] % 100;
        order[i] = count++;
        if (set[i])
            dais_timers_set(&timers, &all[i], due[i]);
        else
            dais_timers_cancel(&timers, &all[i]);
        if (step % 50 != 0)
            continue;
        now += 10;
        fired_count = 0;
        dais_timers_fire(&timers, now);
        for (size_t f = 0; f < fired_count; f++) {
            size_t at = fired[f];
            assert_true(set[at] && due[at] <= now);
            set[at] = false;
            if (f > 0) {
                size_t before = fired[f - 1];
                assert_true(due[before] < due[at] ||
                            (due[before] == due[at] && order[before] < order[at]));
            }
        }
        for (size_t k = 0; k < COUNT; k++) {
            assert_int_equal(all[k].armed, set[k]);
            assert_true(!set[k] || due[k] > now);
        }
    }
}

static void again(void *context)
{
    fired_count++;
    dais_timers_set(&timers, (dais_timer_t *)context, 5);
}

/* Goal: a timer that sets itself to now cannot hold up the loop. Method: one that always does. */
static void test_self_setting(void **state)
{
    (void)state;
    all[0].fire = again;
    dais_timers_set(&timers, &all[0], 5);
    dais_timers_fire(&timers, 5);
    assert_int_equal(fired_count, 1);
    dais_timers_fire(&timers, 5);
    assert_int_equal(fired_count, 2);
    assert_int_equal(dais_timers_wait_ms(&timers, 3), 2);
    assert_int_equal(dais_timers_wait_ms(&timers, 9), 0);
    dais_timers_cancel(&timers, &all[0]);
    assert_true(dais_timers_wait_ms(&timers, 9) == UINT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_order, reset),
        cmocka_unit_test_setup(test_self_setting, reset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
