/* SPDX-License-Identifier: Apache-2.0
 *
 * zmq_poll() on an array, as zloop and zpoller end on EINTR and starve whoever stands last. A watch
 * that is taken away during a pass is only marked; arrays change between passes. */
#include "base/loop.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <unistd.h>

struct dais_watch {
    dais_ready_t *ready; /* null once it is unwatched */
    void *context;
    zmq_pollitem_t item;
};

struct dais_loop {
    dais_clock_t clock;
    dais_now_t now;
    dais_timers_t timers;
    dais_watch_t *watches[DAIS_LOOP_WATCH_MAX];
    zmq_pollitem_t items[DAIS_LOOP_WATCH_MAX];
    size_t watch_count;
    size_t first; /* who is served first in the next pass */
    bool stopped;
    int signal;
    int signal_fd;
    dais_watch_t *signal_watch;
    void (*reload)(void *context);
    void *reload_context;
};

dais_err_t dais_loop_new(const dais_clock_t *clock, dais_loop_t **loop)
{
    *loop = NULL;
    dais_loop_t *made = (dais_loop_t *)calloc(1, sizeof(*made));
    if (made == NULL)
        return DAIS_ERR_NO_MEMORY;
    made->clock = *clock;
    made->signal_fd = -1;
    dais_err_t err = dais_clock_now(&made->clock, &made->now);
    if (err != DAIS_OK) {
        free(made);
        return err;
    }
    *loop = made;
    return DAIS_OK;
}

void dais_loop_destroy(dais_loop_t **loop)
{
    if (*loop == NULL)
        return;
    for (size_t i = 0; i < (*loop)->watch_count; i++)
        free((*loop)->watches[i]);
    if ((*loop)->signal_fd >= 0)
        (void)close((*loop)->signal_fd);
    free(*loop);
    *loop = NULL;
}

static dais_err_t loop_watch(dais_loop_t *loop, zmq_pollitem_t item, dais_ready_t *ready,
                             void *context, dais_watch_t **watch)
{
    *watch = NULL;
    if (loop->watch_count == DAIS_LOOP_WATCH_MAX)
        return DAIS_ERR_NO_SPACE;
    dais_watch_t *made = (dais_watch_t *)calloc(1, sizeof(*made));
    if (made == NULL)
        return DAIS_ERR_NO_MEMORY;
    *made = (dais_watch_t){.ready = ready, .context = context, .item = item};
    loop->watches[loop->watch_count++] = made;
    *watch = made;
    return DAIS_OK;
}

dais_err_t dais_loop_socket(dais_loop_t *loop, zsock_t *socket, dais_ready_t *ready, void *context,
                            dais_watch_t **watch)
{
    zmq_pollitem_t item = {.socket = zsock_resolve(socket), .events = ZMQ_POLLIN};
    return loop_watch(loop, item, ready, context, watch);
}

dais_err_t dais_loop_fd(dais_loop_t *loop, int fd, dais_ready_t *ready, void *context,
                        dais_watch_t **watch)
{
    zmq_pollitem_t item = {.fd = fd, .events = ZMQ_POLLIN};
    return loop_watch(loop, item, ready, context, watch);
}

void dais_watch_events(dais_watch_t *watch, short events)
{
    watch->item.events = events;
}

void dais_loop_unwatch(dais_loop_t *loop, dais_watch_t **watch)
{
    (void)loop;
    if (*watch != NULL)
        (*watch)->ready = NULL;
    *watch = NULL;
}

/* Drops what was unwatched and lays out the array for zmq_poll(). */
static void loop_tidy(dais_loop_t *loop)
{
    size_t kept = 0;
    for (size_t i = 0; i < loop->watch_count; i++) {
        dais_watch_t *watch = loop->watches[i];
        if (watch->ready == NULL) {
            free(watch);
            continue;
        }
        loop->items[kept] = watch->item;
        loop->watches[kept++] = watch;
    }
    loop->watch_count = kept;
}

void dais_loop_timer(dais_loop_t *loop, dais_timer_t *timer, uint64_t in_ms)
{
    dais_timers_set(&loop->timers, timer, loop->now.boot_ms + in_ms);
}

void dais_loop_cancel(dais_loop_t *loop, dais_timer_t *timer)
{
    dais_timers_cancel(&loop->timers, timer);
}

dais_now_t dais_loop_now(const dais_loop_t *loop)
{
    return loop->now;
}

static void loop_serve(dais_watch_t *watch, short events)
{
    for (int turn = 0; turn < DAIS_LOOP_TURN_MAX && watch->ready != NULL; turn++) {
        if (!watch->ready(watch->context, events))
            return;
    }
}

/* Starts each pass with another one, so that none is always the last to see what others leave. */
static void loop_serve_all(dais_loop_t *loop, size_t count)
{
    for (size_t i = 0; i < count && !loop->stopped; i++) {
        size_t at = (loop->first + i) % count;
        if (loop->items[at].revents != 0)
            loop_serve(loop->watches[at], loop->items[at].revents);
    }
    if (count > 0)
        loop->first = (loop->first + 1) % count;
}

static long loop_wait_ms(const dais_loop_t *loop, uint64_t wait_ms_max)
{
    uint64_t wait_ms = dais_timers_wait_ms(&loop->timers, loop->now.boot_ms);
    wait_ms = wait_ms < wait_ms_max ? wait_ms : wait_ms_max;
    return wait_ms > 60000 ? 60000 : (long)wait_ms;
}

dais_err_t dais_loop_pass(dais_loop_t *loop, uint64_t wait_ms_max)
{
    loop_tidy(loop);
    dais_err_t err = dais_clock_now(&loop->clock, &loop->now);
    if (err != DAIS_OK)
        return err;
    size_t count = loop->watch_count;
    int ready = zmq_poll(loop->items, (int)count, loop_wait_ms(loop, wait_ms_max));
    if (ready < 0 && zmq_errno() != EINTR)
        return DAIS_ERR_IO;
    err = dais_clock_now(&loop->clock, &loop->now);
    if (err != DAIS_OK)
        return err;
    if (ready > 0)
        loop_serve_all(loop, count);
    if (!loop->stopped)
        dais_timers_fire(&loop->timers, loop->now.boot_ms);
    return DAIS_OK;
}

dais_err_t dais_loop_run(dais_loop_t *loop)
{
    dais_err_t err = DAIS_OK;
    while (err == DAIS_OK && !loop->stopped)
        err = dais_loop_pass(loop, UINT64_MAX);
    return err;
}

void dais_loop_stop(dais_loop_t *loop)
{
    loop->stopped = true;
}

bool dais_loop_is_stopped(const dais_loop_t *loop)
{
    return loop->stopped;
}

void dais_loop_block_signals(void)
{
    static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS};
    sigset_t all;
    (void)sigfillset(&all);
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
        (void)sigdelset(&all, faults[i]);
    int failed = sigprocmask(SIG_SETMASK, &all, NULL);
    assert(failed == 0);
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    failed = sigaction(SIGPIPE, &ignore, NULL);
    assert(failed == 0);
}

static bool loop_take_signal(void *context, short events)
{
    (void)events;
    dais_loop_t *loop = (dais_loop_t *)context;
    struct signalfd_siginfo info;
    if (read(loop->signal_fd, &info, sizeof(info)) != (ssize_t)sizeof(info))
        return false;
    if (info.ssi_signo == SIGHUP) {
        if (loop->reload != NULL)
            loop->reload(loop->reload_context);
        return true;
    }
    loop->signal = (int)info.ssi_signo;
    dais_loop_stop(loop);
    return false;
}

dais_err_t dais_loop_signals(dais_loop_t *loop, void (*reload)(void *context), void *context)
{
    assert(loop->signal_fd < 0);
    sigset_t set;
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGTERM);
    (void)sigaddset(&set, SIGINT);
    (void)sigaddset(&set, SIGHUP);
    loop->signal_fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    if (loop->signal_fd < 0)
        return DAIS_ERR_IO;
    loop->reload = reload;
    loop->reload_context = context;
    return dais_loop_fd(loop, loop->signal_fd, loop_take_signal, loop, &loop->signal_watch);
}

int dais_loop_signal(const dais_loop_t *loop)
{
    return loop->signal;
}
