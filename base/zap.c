/* SPDX-License-Identifier: Apache-2.0
 *
 * A request has these frames behind the routing id and the empty one: version, request id, domain,
 * address, identity, mechanism, credentials; an answer: version, request id, status code, status
 * text, user id, metadata. What is not a CURVE request of this shape is answered 400. */
#include "base/zap.h"

#include <stdlib.h>
#include <string.h>

#include "base/parts.h"
#include "base/socket.h"

#define ZAP_SIZE_MAX 4096 /* bytes of a request */

enum {
    ZAP_ROUTING_ID,
    ZAP_EMPTY,
    ZAP_VERSION,
    ZAP_REQUEST_ID,
    ZAP_DOMAIN,
    ZAP_ADDRESS,
    ZAP_IDENTITY,
    ZAP_MECHANISM,
    ZAP_CREDENTIALS,
    ZAP_COUNT,
};

struct dais_zap {
    dais_loop_t *loop;
    dais_zap_admit_t *admit;
    void *context;
    zsock_t *socket;
    dais_watch_t *watch;
    dais_zap_figures_t figures;
};

static bool zap_is(const dais_parts_t *parts, size_t i, const char *text)
{
    return dais_slice_equal(dais_parts_at(parts, i), dais_slice_text(text));
}

/* Is the peer admitted? Its key is then written as the name that its messages carry. */
static bool zap_judge(dais_zap_t *zap, const dais_parts_t *request, char user[DAIS_CURVE_TEXT_SIZE])
{
    char domain[33];
    dais_slice_t name = dais_parts_at(request, ZAP_DOMAIN);
    dais_slice_t key = dais_parts_at(request, ZAP_CREDENTIALS);
    user[0] = '\0';
    if (request->count != ZAP_COUNT || !zap_is(request, ZAP_MECHANISM, "CURVE") ||
        key.size != DAIS_CURVE_KEY_SIZE)
        return false;
    size_t size = name.size < sizeof(domain) ? name.size : sizeof(domain) - 1;
    if (size > 0)
        memcpy(domain, name.data, size);
    domain[size] = '\0';
    if (!zap->admit(zap->context, domain, key.data))
        return false;
    dais_curve_format(key.data, user);
    return true;
}

static dais_err_t zap_answer(dais_zap_t *zap, dais_parts_t *request)
{
    char user[DAIS_CURVE_TEXT_SIZE];
    bool admitted = zap_judge(zap, request, user);
    zap->figures.admitted_count += admitted ? 1 : 0;
    zap->figures.refused_count += admitted ? 0 : 1;
    dais_parts_t answer = {.count = 0};
    dais_err_t err = DAIS_OK;
    for (size_t i = 0; i <= ZAP_REQUEST_ID && err == DAIS_OK; i++)
        err = dais_parts_move(&answer, &request->frames[i]);
    const char *rest[] = {admitted ? "200" : "400", admitted ? "OK" : "not admitted", user, ""};
    for (size_t i = 0; i < sizeof rest / sizeof rest[0] && err == DAIS_OK; i++)
        err = dais_parts_add(&answer, dais_slice_text(rest[i]));
    if (err == DAIS_OK)
        err = dais_parts_send(&answer, zap->socket);
    dais_parts_drop(&answer);
    return err;
}

/* If an answer cannot be made, the handshake runs into its time-out: nobody is admitted. */
static bool zap_ready(void *context, short events)
{
    (void)events;
    dais_zap_t *zap = (dais_zap_t *)context;
    dais_parts_t request = {.count = 0};
    dais_err_t err = dais_parts_receive(&request, zap->socket, ZAP_SIZE_MAX);
    if (err == DAIS_OK && request.count > ZAP_REQUEST_ID && zap_is(&request, ZAP_VERSION, "1.0"))
        (void)zap_answer(zap, &request);
    dais_parts_drop(&request);
    return err != DAIS_ERR_WOULD_WAIT;
}

dais_err_t dais_zap_open(dais_loop_t *loop, dais_zap_admit_t *admit, void *context,
                         dais_zap_t **zap)
{
    *zap = NULL;
    dais_zap_t *made = (dais_zap_t *)calloc(1, sizeof(*made));
    if (made == NULL)
        return DAIS_ERR_NO_MEMORY;
    *made = (dais_zap_t){.loop = loop, .admit = admit, .context = context};
    dais_socket_options_t options = {.type = ZMQ_ROUTER, .receive_max = 8192, .send_max = 8192};
    dais_err_t err = dais_socket_bind(&options, "inproc://zeromq.zap.01", &made->socket);
    if (err == DAIS_OK)
        err = dais_loop_socket(loop, made->socket, zap_ready, made, &made->watch);
    *zap = made;
    if (err != DAIS_OK)
        dais_zap_close(zap);
    return err;
}

void dais_zap_close(dais_zap_t **zap)
{
    if (*zap == NULL)
        return;
    dais_loop_unwatch((*zap)->loop, &(*zap)->watch);
    dais_socket_close(&(*zap)->socket);
    free(*zap);
    *zap = NULL;
}

dais_zap_figures_t dais_zap_figures(const dais_zap_t *zap)
{
    return zap->figures;
}
