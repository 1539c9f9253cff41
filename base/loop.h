/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_BASE_LOOP_H
#define DAIS_BASE_LOOP_H

#include <czmq.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/timer.h"

/* The one loop of a process. It never blocks in a handler, so a stop signal, a timer and a peer
 * each wait at most for the handlers of one pass. A pass waits until something is ready or due,
 * lets each ready socket and descriptor work in turn, within a bound, and then fires the timers
 * that are due. So a timer set to 0 ms in a handler fires when the sockets of this pass have been
 * served: the place for what is done once for all that has come in.
 *
 * One thread. Whatever is watched is unwatched before it is closed. */
typedef struct dais_loop dais_loop_t;
typedef struct dais_watch dais_watch_t;

#define DAIS_LOOP_WATCH_MAX 4096 /* sockets and descriptors */
#define DAIS_LOOP_TURN_MAX  256  /* calls of one handler in one pass */

/* Works off one thing, say one message, and answers whether to be called again at once: true while
 * there may be more. events is what is ready: ZMQ_POLLIN, ZMQ_POLLOUT, ZMQ_POLLERR. */
typedef bool dais_ready_t(void *context, short events);

/* NO_MEMORY, CLOCK. The clock is read once a pass. */
DAIS_MUST_CHECK dais_err_t dais_loop_new(const dais_clock_t *clock, dais_loop_t **loop);
void dais_loop_destroy(dais_loop_t **loop);

/* Watches a socket for input (dais_watch_events() changes that). Outside of its own handler it is
 * used through base/parts.h alone, or told to dais_touched(). NO_MEMORY, NO_SPACE (too many), IO.
 */
DAIS_MUST_CHECK dais_err_t dais_loop_socket(dais_loop_t *loop, zsock_t *socket, dais_ready_t *ready,
                                            void *context, dais_watch_t **watch);

/* The same for a descriptor. */
DAIS_MUST_CHECK dais_err_t dais_loop_fd(dais_loop_t *loop, int fd, dais_ready_t *ready,
                                        void *context, dais_watch_t **watch);

/* 0 to wait for nothing. */
void dais_watch_events(dais_watch_t *watch, short events);

/* Nulls *watch; harmless on null. May be called in any handler, that of the watch as well. */
void dais_loop_unwatch(dais_loop_t *loop, dais_watch_t **watch);

/* Sets the timer to in_ms from now: from the reading of this pass. */
void dais_loop_timer(dais_loop_t *loop, dais_timer_t *timer, uint64_t in_ms);
void dais_loop_cancel(dais_loop_t *loop, dais_timer_t *timer);

/* The clocks as this pass read them. */
dais_now_t dais_loop_now(const dais_loop_t *loop);

/* One pass that waits at most wait_ms_max, which with a manual clock has to be 0. CLOCK, IO. */
DAIS_MUST_CHECK dais_err_t dais_loop_pass(dais_loop_t *loop, uint64_t wait_ms_max);

/* Passes until dais_loop_stop(), which any handler may call, or an error. */
DAIS_MUST_CHECK dais_err_t dais_loop_run(dais_loop_t *loop);
void dais_loop_stop(dais_loop_t *loop);
bool dais_loop_is_stopped(const dais_loop_t *loop);

/* Blocks all signals that can be blocked, and ignores SIGPIPE: called at the start of main(),
 * before any other thread is made, as those inherit it. */
void dais_loop_block_signals(void);

/* SIGTERM and SIGINT stop the loop; SIGHUP calls reload, if it is not null. Signals must be
 * blocked. Once a loop. IO, NO_MEMORY. */
DAIS_MUST_CHECK dais_err_t dais_loop_signals(dais_loop_t *loop, void (*reload)(void *context),
                                             void *context);

/* The signal that stopped the loop, 0 if none did. */
int dais_loop_signal(const dais_loop_t *loop);

#endif
