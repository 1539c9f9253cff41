/* SPDX-License-Identifier: Apache-2.0
 *
 * poll() on an array, as zloop and zpoller end on EINTR and starve whoever stands last, and
 * zmq_poll() asks every socket twice a pass. The descriptor of a ZeroMQ socket tells by edge that
 * something has happened, so a socket is asked when it told so, and before the loop waits if it was
 * used since it was last asked and had nothing (base/touched.h). A watch that is taken away during
 * a pass is only marked; arrays change between passes. */
#include "base/loop.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/touched.h"

struct dais_watch {
    dais_ready_t *ready; /* null once it is unwatched */
    void *context;
    zsock_t *socket; /* null for a descriptor */
    int fd;
    short events;  /* that are waited for, in words of ZeroMQ */
    short revents; /* those of them that this pass found */
    bool hot;      /* a socket that is to be asked before the loop waits */
};

struct dais_loop {
    dais_clock_t clock;
    dais_now_t now;
    dais_timers_t timers;
    dais_watch_t *watches[DAIS_LOOP_WATCH_MAX];
    struct pollfd items[DAIS_LOOP_WATCH_MAX];
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

static dais_err_t loop_watch(dais_loop_t *loop, const dais_watch_t *what, dais_watch_t **watch)
{
    *watch = NULL;
    if (loop->watch_count == DAIS_LOOP_WATCH_MAX)
        return DAIS_ERR_NO_SPACE;
    dais_watch_t *made = (dais_watch_t *)malloc(sizeof(*made));
    if (made == NULL)
        return DAIS_ERR_NO_MEMORY;
    *made = *what;
    loop->watches[loop->watch_count++] = made;
    *watch = made;
    return DAIS_OK;
}

dais_err_t dais_loop_socket(dais_loop_t *loop, zsock_t *socket, dais_ready_t *ready, void *context,
                            dais_watch_t **watch)
{
    dais_watch_t what = {
        .ready = ready, .context = context, .socket = socket, .events = ZMQ_POLLIN, .hot = true};
    size_t size = sizeof(what.fd);
    *watch = NULL;
    if (zmq_getsockopt(zsock_resolve(socket), ZMQ_FD, &what.fd, &size) != 0)
        return DAIS_ERR_IO;
    return loop_watch(loop, &what, watch);
}

dais_err_t dais_loop_fd(dais_loop_t *loop, int fd, dais_ready_t *ready, void *context,
                        dais_watch_t **watch)
{
    dais_watch_t what = {.ready = ready, .context = context, .fd = fd, .events = ZMQ_POLLIN};
    return loop_watch(loop, &what, watch);
}

void dais_watch_events(dais_watch_t *watch, short events)
{
    watch->events = events;
    watch->hot = watch->socket != NULL;
}

void dais_loop_unwatch(dais_loop_t *loop, dais_watch_t **watch)
{
    (void)loop;
    if (*watch != NULL)
        (*watch)->ready = NULL;
    *watch = NULL;
}

/* Drops what was unwatched and lays out the array for poll(). */
static void loop_tidy(dais_loop_t *loop)
{
    size_t kept = 0;
    for (size_t i = 0; i < loop->watch_count; i++) {
        dais_watch_t *watch = loop->watches[i];
        if (watch->ready == NULL) {
            free(watch);
            continue;
        }
        short events = POLLIN;
        if (watch->socket == NULL && (watch->events & ZMQ_POLLIN) == 0)
            events = 0;
        if (watch->socket == NULL && (watch->events & ZMQ_POLLOUT) != 0)
            events = (short)(events | POLLOUT);
        watch->revents = 0;
        /* poll() passes over a descriptor below 0. */
        loop->items[kept] =
            (struct pollfd){.fd = watch->events == 0 ? -1 : watch->fd, .events = events};
        loop->watches[kept++] = watch;
    }
    loop->watch_count = kept;
}

static void loop_heat(dais_loop_t *loop)
{
    size_t count;
    const zsock_t *const *touched = dais_touched_take(&count);
    for (size_t i = 0; i < loop->watch_count; i++) {
        dais_watch_t *watch = loop->watches[i];
        watch->hot = watch->hot || (touched == NULL && watch->socket != NULL);
        for (size_t t = 0; touched != NULL && t < count && !watch->hot; t++)
            watch->hot = watch->socket == touched[t];
    }
}

/* What the socket itself says of its events; asking takes the edge away. */
static dais_err_t watch_ask(dais_watch_t *watch)
{
    int events = 0;
    size_t size = sizeof(events);
    if (zmq_getsockopt(zsock_resolve(watch->socket), ZMQ_EVENTS, &events, &size) != 0)
        return DAIS_ERR_IO;
    watch->revents = (short)(events & watch->events);
    watch->hot = watch->revents != 0;
    return DAIS_OK;
}

/* Asks the hot ones. *ready: one of them is. */
static dais_err_t loop_ask(dais_loop_t *loop, bool *ready)
{
    dais_err_t err = DAIS_OK;
    for (size_t i = 0; i < loop->watch_count && err == DAIS_OK; i++) {
        dais_watch_t *watch = loop->watches[i];
        if (!watch->hot)
            continue;
        err = watch->events == 0 ? DAIS_OK : watch_ask(watch);
        *ready = *ready || watch->revents != 0;
    }
    return err;
}

/* What poll() found, of sockets by asking them. */
static dais_err_t loop_found(dais_loop_t *loop)
{
    dais_err_t err = DAIS_OK;
    for (size_t i = 0; i < loop->watch_count && err == DAIS_OK; i++) {
        dais_watch_t *watch = loop->watches[i];
        short found = loop->items[i].revents;
        if (found == 0)
            continue;
        if (watch->socket != NULL) {
            err = watch_ask(watch);
            continue;
        }
        bool failed = (found & (POLLERR | POLLHUP | POLLNVAL)) != 0;
        watch->revents =
            (short)(((found & POLLIN) != 0 ? ZMQ_POLLIN : 0) |
                    ((found & POLLOUT) != 0 ? ZMQ_POLLOUT : 0) | (failed ? ZMQ_POLLERR : 0));
    }
    return err;
}

/* Waits at most so long until something is ready. */
static dais_err_t loop_poll(dais_loop_t *loop, long wait_ms)
{
    bool ready = false;
    loop_heat(loop);
    dais_err_t err = loop_ask(loop, &ready);
    if (err != DAIS_OK)
        return err;
    int found = poll(loop->items, loop->watch_count, ready ? 0 : (int)wait_ms);
    if (found < 0)
        return errno == EINTR ? DAIS_OK : DAIS_ERR_IO;
    return found > 0 ? loop_found(loop) : DAIS_OK;
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

/* A handler may leave its socket with more to read. */
static void loop_serve(dais_watch_t *watch)
{
    watch->hot = watch->socket != NULL;
    for (int turn = 0; turn < DAIS_LOOP_TURN_MAX && watch->ready != NULL; turn++) {
        if (!watch->ready(watch->context, watch->revents))
            return;
    }
}

/* Starts each pass with another one, so that none is always the last to see what others leave. */
static void loop_serve_all(dais_loop_t *loop, size_t count)
{
    for (size_t i = 0; i < count && !loop->stopped; i++) {
        size_t at = (loop->first + i) % count;
        if (loop->watches[at]->revents != 0)
            loop_serve(loop->watches[at]);
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
    err = loop_poll(loop, loop_wait_ms(loop, wait_ms_max));
    if (err == DAIS_OK)
        err = dais_clock_now(&loop->clock, &loop->now);
    if (err != DAIS_OK)
        return err;
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
