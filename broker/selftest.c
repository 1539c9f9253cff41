/* SPDX-License-Identifier: Apache-2.0 */
#include "broker/selftest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/socket.h"

#define SELFTEST_MS_MAX 15000

struct dais_selftest {
    dais_loop_t *loop;
    dais_selftest_done_t *done;
    void *context;
    zsock_t *socket, *monitor;
    dais_watch_t *watch;
    dais_timer_t timer;
};

static void selftest_close(dais_selftest_t *selftest)
{
    dais_loop_unwatch(selftest->loop, &selftest->watch);
    dais_loop_cancel(selftest->loop, &selftest->timer);
    dais_socket_close(&selftest->socket);
    dais_socket_close(&selftest->monitor);
}

static void selftest_over(dais_selftest_t *selftest, dais_err_t err)
{
    selftest_close(selftest);
    selftest->done(selftest->context, err);
}

static void selftest_due(void *context)
{
    selftest_over((dais_selftest_t *)context, DAIS_ERR_UNREACHABLE);
}

static bool selftest_link(void *context, short events)
{
    (void)events;
    dais_selftest_t *selftest = (dais_selftest_t *)context;
    dais_link_t link = DAIS_LINK_OTHER;
    if (dais_link_next(selftest->monitor, &link) != DAIS_OK)
        return false;
    if (link != DAIS_LINK_UP && link != DAIS_LINK_REFUSED)
        return true;
    selftest_over(selftest, link == DAIS_LINK_REFUSED ? DAIS_OK : DAIS_ERR_OPEN_TO_ALL);
    return false;
}

/* Where to knock: an address that means "all of this machine's" is none to connect to. */
static dais_err_t selftest_endpoint(const char *bound, char *text, size_t size)
{
    static const struct {
        const char *all, *one;
    } hosts[] = {{"0.0.0.0:", "127.0.0.1:"},
                 {"[::]:", "[::1]:"},
                 {"[::ffff:0.0.0.0]:", "127.0.0.1:"},
                 {"*:", "127.0.0.1:"}};
    const char *host = bound + strlen("tcp://");
    const char *one = "";
    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0] && one[0] == '\0'; i++) {
        if (strncmp(host, hosts[i].all, strlen(hosts[i].all)) != 0)
            continue;
        one = hosts[i].one;
        host += strlen(hosts[i].all);
    }
    int written = snprintf(text, size, "tcp://%s%s", one, host);
    return written > 0 && (size_t)written < size ? DAIS_OK : DAIS_ERR_BAD_ENDPOINT;
}

static dais_err_t selftest_open(dais_selftest_t *selftest, const char *endpoint,
                                const uint8_t *server_key)
{
    dais_curve_pair_t stranger;
    dais_err_t err = dais_curve_make(&stranger);
    dais_socket_options_t options = {.type = ZMQ_DEALER,
                                     .own = &stranger,
                                     .server_key = server_key,
                                     .immediate = true,
                                     .monitor = &selftest->monitor};
    if (err == DAIS_OK)
        err = dais_socket_connect(&options, endpoint, &selftest->socket);
    if (err == DAIS_OK)
        err = dais_loop_socket(selftest->loop, selftest->monitor, selftest_link, selftest,
                               &selftest->watch);
    return err;
}

dais_err_t dais_selftest_new(dais_loop_t *loop, const char *endpoint,
                             const uint8_t server_key[DAIS_CURVE_KEY_SIZE],
                             dais_selftest_done_t *done, void *context, dais_selftest_t **selftest)
{
    char there[256];
    *selftest = (dais_selftest_t *)calloc(1, sizeof(**selftest));
    if (*selftest == NULL)
        return DAIS_ERR_NO_MEMORY;
    **selftest = (dais_selftest_t){.loop = loop, .done = done, .context = context};
    (*selftest)->timer = (dais_timer_t){.fire = selftest_due, .context = *selftest};
    dais_err_t err = selftest_endpoint(endpoint, there, sizeof(there));
    if (err == DAIS_OK)
        err = selftest_open(*selftest, there, server_key);
    if (err == DAIS_OK)
        dais_loop_timer(loop, &(*selftest)->timer, SELFTEST_MS_MAX);
    else
        dais_selftest_destroy(selftest);
    return err;
}

void dais_selftest_destroy(dais_selftest_t **selftest)
{
    if (*selftest == NULL)
        return;
    selftest_close(*selftest);
    free(*selftest);
    *selftest = NULL;
}
