/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_UNIT_NET_H
#define DAIS_TESTS_UNIT_NET_H

/* A loop with real time and real sockets for tests: net_setup() and net_teardown() around a group,
 * net_until() to wait for a condition. An ipc endpoint of its own lies in a scratch folder. */

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/loop.h"
#include "base/socket.h"
#include "tests/unit/scratch.h"

#define NET_WAIT_MS_MAX 20000 /* a condition that takes longer has failed */

static dais_loop_t *net_loop;
static dais_random_t net_random;

static inline int net_setup(void **state)
{
    dais_loop_block_signals();
    net_random = dais_random_system();
    dais_clock_t clock = dais_clock_system();
    if (dais_socket_init(&net_random) != DAIS_OK || dais_loop_new(&clock, &net_loop) != DAIS_OK)
        return -1;
    if (scratch_make(state) != 0)
        return -1;
    return chmod(scratch_folder, 0750);
}

static inline int net_teardown(void **state)
{
    dais_loop_destroy(&net_loop);
    dais_socket_shutdown();
    return scratch_remove(state);
}

/* Runs the loop until *flag; fails the test if that takes too long. */
static inline void net_until(const bool *flag)
{
    uint64_t start_ms = dais_loop_now(net_loop).boot_ms;
    while (!*flag) {
        assert_int_equal(dais_loop_pass(net_loop, 100), DAIS_OK);
        assert_true(dais_loop_now(net_loop).boot_ms - start_ms < NET_WAIT_MS_MAX);
    }
}

typedef struct {
    char text[512];
} net_endpoint_t;

/* "ipc://<absolute path of the scratch folder>/name" */
static inline net_endpoint_t net_ipc(const char *name)
{
    net_endpoint_t endpoint;
    char folder[256];
    assert_non_null(getcwd(folder, sizeof(folder)));
    (void)snprintf(endpoint.text, sizeof(endpoint.text), "ipc://%s/%s/%s", folder, scratch_folder,
                   name);
    return endpoint;
}

#endif
