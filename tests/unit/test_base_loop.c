/* SPDX-License-Identifier: Apache-2.0 */
#include "base/loop.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/unit/net.h"

typedef struct {
    int fd;
    size_t count;
    size_t stop_after; /* unwatch itself after so many; 0 for never */
    dais_watch_t *watch;
} taker_t;

static bool take_byte(void *context, short events)
{
    taker_t *taker = (taker_t *)context;
    char byte;
    assert_true((events & ZMQ_POLLIN) != 0);
    if (read(taker->fd, &byte, 1) != 1)
        return false;
    taker->count++;
    if (taker->count == taker->stop_after)
        dais_loop_unwatch(net_loop, &taker->watch);
    return true;
}

static void fill_pipe(int fds[2], size_t size)
{
    static char bytes[4096];
    assert_int_equal(pipe2(fds, O_NONBLOCK), 0);
    assert_int_equal(write(fds[1], bytes, size), size);
}

/* Goal: nobody is starved: in a pass each ready descriptor gets its turns. Method: two with more
 * than fits a pass. */
static void test_turns(void **state)
{
    (void)state;
    int fds[2][2];
    taker_t takers[2] = {{.count = 0}, {.count = 0}};
    for (size_t i = 0; i < 2; i++) {
        fill_pipe(fds[i], 1000);
        takers[i].fd = fds[i][0];
        assert_int_equal(dais_loop_fd(net_loop, fds[i][0], take_byte, &takers[i], &takers[i].watch),
                         DAIS_OK);
    }
    assert_int_equal(dais_loop_pass(net_loop, 1000), DAIS_OK);
    assert_int_equal(takers[0].count, DAIS_LOOP_TURN_MAX);
    assert_int_equal(takers[1].count, DAIS_LOOP_TURN_MAX);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(dais_loop_pass(net_loop, 0), DAIS_OK);
    assert_int_equal(takers[0].count + takers[1].count, 2000);
    for (size_t i = 0; i < 2; i++) {
        dais_loop_unwatch(net_loop, &takers[i].watch);
        (void)close(fds[i][0]);
        (void)close(fds[i][1]);
    }
}

/* Goal: a handler may unwatch itself, and is then not called again. Method: do so after 3 bytes of
 * 10; no other pass brings more. */
static void test_unwatch_in_handler(void **state)
{
    (void)state;
    int fds[2];
    taker_t taker = {.stop_after = 3};
    fill_pipe(fds, 10);
    taker.fd = fds[0];
    assert_int_equal(dais_loop_fd(net_loop, fds[0], take_byte, &taker, &taker.watch), DAIS_OK);
    assert_int_equal(dais_loop_pass(net_loop, 1000), DAIS_OK);
    assert_int_equal(dais_loop_pass(net_loop, 0), DAIS_OK);
    assert_int_equal(taker.count, 3);
    assert_null(taker.watch);
    (void)close(fds[0]);
    (void)close(fds[1]);
}

static void count_fire(void *context)
{
    ++*(size_t *)context;
}

/* Goal: with a manual clock a day passes in no time, and timers fire at their instants. Method: one
 * timer a day ahead. */
static void test_manual_clock(void **state)
{
    (void)state;
    dais_clock_manual_t manual = {.now = {.wall_ms = 1000, .boot_ms = 50}};
    dais_clock_t clock = dais_clock_manual(&manual);
    dais_loop_t *loop = NULL;
    size_t count = 0;
    dais_timer_t timer = {.fire = count_fire, .context = &count};
    assert_int_equal(dais_loop_new(&clock, &loop), DAIS_OK);
    dais_loop_timer(loop, &timer, 86400000);
    dais_clock_manual_advance(&manual, 86399999);
    assert_int_equal(dais_loop_pass(loop, 0), DAIS_OK);
    assert_int_equal(count, 0);
    dais_clock_manual_advance(&manual, 1);
    assert_int_equal(dais_loop_pass(loop, 0), DAIS_OK);
    assert_int_equal(count, 1);
    manual.err = DAIS_ERR_CLOCK;
    assert_int_equal(dais_loop_run(loop), DAIS_ERR_CLOCK);
    dais_loop_destroy(&loop);
    assert_null(loop);
}

static void stop(void *context)
{
    dais_loop_stop((dais_loop_t *)context);
}

/* Goal: any handler can stop the loop. Method: a timer does. */
static void test_stop_from_handler(void **state)
{
    (void)state;
    dais_clock_t clock = dais_clock_system();
    dais_loop_t *loop = NULL;
    assert_int_equal(dais_loop_new(&clock, &loop), DAIS_OK);
    dais_timer_t timer = {.fire = stop, .context = loop};
    dais_loop_timer(loop, &timer, 1);
    assert_int_equal(dais_loop_run(loop), DAIS_OK);
    assert_int_equal(dais_loop_signal(loop), 0);
    dais_loop_destroy(&loop);
}

/* Goal: a hang-up reloads, a termination ends the loop, and both are read in it. Method: send them
 * to this process. */
static void test_signals(void **state)
{
    (void)state;
    dais_clock_t clock = dais_clock_system();
    dais_loop_t *loop = NULL;
    size_t reload_count = 0;
    assert_int_equal(dais_loop_new(&clock, &loop), DAIS_OK);
    assert_int_equal(dais_loop_signals(loop, count_fire, &reload_count), DAIS_OK);
    assert_int_equal(kill(getpid(), SIGHUP), 0);
    assert_int_equal(dais_loop_pass(loop, 1000), DAIS_OK);
    assert_int_equal(reload_count, 1);
    assert_false(dais_loop_is_stopped(loop));
    assert_int_equal(kill(getpid(), SIGTERM), 0);
    assert_int_equal(dais_loop_run(loop), DAIS_OK);
    assert_int_equal(dais_loop_signal(loop), SIGTERM);
    dais_loop_destroy(&loop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_turns),        cmocka_unit_test(test_unwatch_in_handler),
        cmocka_unit_test(test_manual_clock), cmocka_unit_test(test_stop_from_handler),
        cmocka_unit_test(test_signals),
    };
    return cmocka_run_group_tests(tests, net_setup, net_teardown);
}
