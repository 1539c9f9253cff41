/* SPDX-License-Identifier: Apache-2.0 */
#include "base/socket.h"

#include <assert.h>
#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/file.h"

/* In libzmq 4.3.4, but only in its draft header: refuses who comes when no ZAP handler is there to
 * ask, instead of admitting anybody. */
#ifndef ZMQ_ZAP_ENFORCE_DOMAIN
#define ZMQ_ZAP_ENFORCE_DOMAIN 93
#endif

#define SOCKET_COUNT_MAX     8192 /* libzmq's default of 1023 is too few for 200 open cycles */
#define CURVE_OVERHEAD       64   /* what CURVE adds to a frame: 33 bytes, and room */
#define HANDSHAKE_MS_MAX     5000
#define RECONNECT_MS_MAX     10000
#define KEEPALIVE_IDLE_S     60
#define KEEPALIVE_INTERVAL_S 15
#define KEEPALIVE_COUNT      4
#define BACKLOG              512
#define RECEIVE_MAX_DEFAULT  64
#define SEND_MAX_DEFAULT     1024
#define NO_LIMIT             (-1) /* for a monitor: where its queue is full, the I/O thread waits */

/* libzmq draws the first routing id from rand(), seeded with time and pid; a guessed one that is
 * claimed by a peer ends the process. The context has to have started, or it seeds again. */
dais_err_t dais_socket_init(const dais_random_t *random)
{
    unsigned seed = 0;
    dais_err_t err = dais_random_fill(random, &seed, sizeof(seed));
    if (err != DAIS_OK)
        return err;
    zsys_handler_set(NULL);
    if (zsys_init() == NULL)
        return DAIS_ERR_NO_MEMORY;
    zsys_set_max_sockets(SOCKET_COUNT_MAX);
    zsock_t *first = zsock_new(ZMQ_PAIR);
    if (first == NULL)
        return DAIS_ERR_NO_MEMORY;
    zsock_destroy(&first);
    srand(seed); /* NOLINT(cert-msc32-c,cert-msc51-cpp): not ours to draw from; see above */
    return DAIS_OK;
}

void dais_socket_shutdown(void)
{
    zsys_shutdown();
}

static dais_err_t socket_err(int number)
{
    switch (number) {
    case EADDRINUSE:
    case EADDRNOTAVAIL:
    case ENODEV: return DAIS_ERR_ADDRESS_TAKEN;
    case EINVAL:
    case EPROTONOSUPPORT:
    case ENOCOMPATPROTO:
    case ENAMETOOLONG: return DAIS_ERR_BAD_ENDPOINT;
    case EMFILE:
    case ENFILE: return DAIS_ERR_NO_MEMORY;
    default: return dais_file_err(number);
    }
}

dais_err_t dais_socket_option(zsock_t *socket, int option, const void *value, size_t size)
{
    if (zmq_setsockopt(zsock_resolve(socket), option, value, size) == 0)
        return DAIS_OK;
    return DAIS_ERR_BAD_VALUE;
}

/* Sets options in a row and keeps the first error, so that none goes unnoticed. */
typedef struct {
    zsock_t *socket;
    dais_err_t err;
} setter_t;

static void set_bytes(setter_t *setter, int option, const void *value, size_t size)
{
    if (setter->err == DAIS_OK)
        setter->err = dais_socket_option(setter->socket, option, value, size);
}

static void set_int(setter_t *setter, int option, int value)
{
    set_bytes(setter, option, &value, sizeof(value));
}

static int high_water(int wanted, int otherwise)
{
    if (wanted == NO_LIMIT)
        return 0;
    return wanted == 0 ? otherwise : wanted;
}

static void set_limits(setter_t *setter, const dais_socket_options_t *options)
{
    size_t frame_max = options->frame_size_max == 0 ? DAIS_FRAME_SIZE_MAX : options->frame_size_max;
    int64_t size = (int64_t)frame_max + CURVE_OVERHEAD;
    set_bytes(setter, ZMQ_MAXMSGSIZE, &size, sizeof(size));
    set_int(setter, ZMQ_RCVHWM, high_water(options->receive_max, RECEIVE_MAX_DEFAULT));
    set_int(setter, ZMQ_SNDHWM, high_water(options->send_max, SEND_MAX_DEFAULT));
    set_int(setter, ZMQ_LINGER, 0);
    set_int(setter, ZMQ_RCVTIMEO, 0);
    set_int(setter, ZMQ_SNDTIMEO, 0);
    set_int(setter, ZMQ_HANDSHAKE_IVL, HANDSHAKE_MS_MAX);
    set_int(setter, ZMQ_RECONNECT_IVL_MAX, RECONNECT_MS_MAX);
    set_int(setter, ZMQ_BACKLOG, BACKLOG);
    set_int(setter, ZMQ_IMMEDIATE, options->immediate ? 1 : 0);
    if (options->type == ZMQ_ROUTER)
        set_int(setter, ZMQ_ROUTER_MANDATORY, 1);
}

static void set_tcp(setter_t *setter)
{
    set_int(setter, ZMQ_IPV6, 1);
    set_int(setter, ZMQ_TCP_KEEPALIVE, 1);
    set_int(setter, ZMQ_TCP_KEEPALIVE_IDLE, KEEPALIVE_IDLE_S);
    set_int(setter, ZMQ_TCP_KEEPALIVE_INTVL, KEEPALIVE_INTERVAL_S);
    set_int(setter, ZMQ_TCP_KEEPALIVE_CNT, KEEPALIVE_COUNT);
}

static void set_curve(setter_t *setter, const dais_socket_options_t *options)
{
    set_bytes(setter, ZMQ_CURVE_SECRETKEY, options->own->secret_key, DAIS_CURVE_KEY_SIZE);
    set_bytes(setter, ZMQ_CURVE_PUBLICKEY, options->own->public_key, DAIS_CURVE_KEY_SIZE);
    if (options->server_key != NULL) {
        set_bytes(setter, ZMQ_CURVE_SERVERKEY, options->server_key, DAIS_CURVE_KEY_SIZE);
        return;
    }
    assert(options->domain != NULL && options->domain[0] != '\0');
    set_int(setter, ZMQ_CURVE_SERVER, 1);
    set_bytes(setter, ZMQ_ZAP_DOMAIN, options->domain, strlen(options->domain));
    set_int(setter, ZMQ_ZAP_ENFORCE_DOMAIN, 1);
}

static dais_err_t socket_monitor(zsock_t *socket, zsock_t **monitor)
{
    static unsigned count; /* one thread makes sockets */
    char endpoint[64];
    int events = ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_DISCONNECTED |
                 ZMQ_EVENT_HANDSHAKE_FAILED_AUTH | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |
                 ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL;
    (void)snprintf(endpoint, sizeof(endpoint), "inproc://dais-monitor-%u", count++);
    if (zmq_socket_monitor(zsock_resolve(socket), endpoint, events) != 0)
        return DAIS_ERR_NO_MEMORY;
    dais_socket_options_t options = {.type = ZMQ_PAIR, .receive_max = NO_LIMIT};
    return dais_socket_connect(&options, endpoint, monitor);
}

static dais_err_t socket_make(const dais_socket_options_t *options, const char *endpoint,
                              zsock_t **socket)
{
    *socket = NULL;
    dais_err_t err = dais_endpoint_check(endpoint, options->own != NULL);
    if (err != DAIS_OK)
        return err;
    setter_t setter = {.socket = zsock_new(options->type)};
    if (setter.socket == NULL)
        return DAIS_ERR_NO_MEMORY;
    set_limits(&setter, options);
    if (strncmp(endpoint, "tcp://", 6) == 0)
        set_tcp(&setter);
    if (options->own != NULL)
        set_curve(&setter, options);
    if (options->monitor != NULL && setter.err == DAIS_OK)
        setter.err = socket_monitor(setter.socket, options->monitor);
    *socket = setter.socket;
    if (setter.err != DAIS_OK)
        dais_socket_close(socket);
    return setter.err;
}

dais_err_t dais_endpoint_check(const char *endpoint, bool has_keys)
{
    if (strncmp(endpoint, "tcp://", 6) == 0 && strchr(endpoint + 6, ':') != NULL)
        return has_keys ? DAIS_OK : DAIS_ERR_PLAIN_TCP;
    if (strncmp(endpoint, "ipc:///", 7) == 0 && endpoint[7] != '\0')
        return DAIS_OK;
    if (strncmp(endpoint, "inproc://", 9) == 0 && endpoint[9] != '\0')
        return DAIS_OK;
    return DAIS_ERR_BAD_ENDPOINT;
}

static const char *ipc_path(const char *endpoint)
{
    return strncmp(endpoint, "ipc://", 6) == 0 ? endpoint + 6 : NULL;
}

/* Whoever may pass the folder may connect, so it is made before the socket and is closed to all
 * but owner and group. */
static dais_err_t ipc_folder(const char *path, gid_t group)
{
    char folder[256];
    const char *slash = strrchr(path, '/');
    size_t size = slash == path ? 1 : (size_t)(slash - path);
    if (size >= sizeof(folder))
        return DAIS_ERR_BAD_ENDPOINT;
    memcpy(folder, path, size);
    folder[size] = '\0';
    struct stat status;
    if (stat(folder, &status) != 0) {
        dais_err_t err = dais_file_ensure_folder(folder, 0750);
        if (err != DAIS_OK)
            return err;
        if (group != (gid_t)-1 && chown(folder, (uid_t)-1, group) != 0)
            return dais_file_err(errno);
        if (stat(folder, &status) != 0)
            return dais_file_err(errno);
    }
    return (status.st_mode & 07) == 0 ? DAIS_OK : DAIS_ERR_OPEN_TO_ALL;
}

static dais_err_t group_number(const char *name, gid_t *group)
{
    *group = (gid_t)-1; /* as it is */
    if (name == NULL || name[0] == '\0')
        return DAIS_OK;
    errno = 0;
    const struct group *found = getgrnam(name); /* NOLINT(concurrency-mt-unsafe): at start */
    if (found == NULL)
        return DAIS_ERR_NOT_FOUND;
    *group = found->gr_gid;
    return DAIS_OK;
}

/* libzmq takes the place of whoever listens there, without a word; so somebody knocks first. */
static dais_err_t ipc_is_free(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t size = strlen(path);
    if (size >= sizeof(address.sun_path))
        return DAIS_ERR_BAD_ENDPOINT;
    memcpy(address.sun_path, path, size);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return dais_file_err(errno);
    int failed = connect(fd, (const struct sockaddr *)&address, sizeof(address));
    bool is_free = failed != 0 && (errno == ENOENT || errno == ECONNREFUSED);
    (void)close(fd);
    return is_free ? DAIS_OK : DAIS_ERR_ADDRESS_TAKEN;
}

static dais_err_t socket_bind(const dais_socket_options_t *options, const char *endpoint,
                              zsock_t *socket)
{
    const char *path = ipc_path(endpoint);
    gid_t group = (gid_t)-1;
    dais_err_t err = path == NULL ? DAIS_OK : group_number(options->group, &group);
    if (err == DAIS_OK && path != NULL)
        err = ipc_folder(path, group);
    if (err == DAIS_OK && path != NULL)
        err = ipc_is_free(path);
    if (err == DAIS_OK && zmq_bind(zsock_resolve(socket), endpoint) != 0)
        err = socket_err(zmq_errno());
    if (err == DAIS_OK && path != NULL && chmod(path, 0660) != 0)
        err = dais_file_err(errno);
    if (err == DAIS_OK && path != NULL && group != (gid_t)-1 && chown(path, (uid_t)-1, group) != 0)
        err = dais_file_err(errno);
    return err;
}

dais_err_t dais_socket_bind(const dais_socket_options_t *options, const char *endpoint,
                            zsock_t **socket)
{
    dais_err_t err = socket_make(options, endpoint, socket);
    if (err == DAIS_OK)
        err = socket_bind(options, endpoint, *socket);
    if (err != DAIS_OK)
        dais_socket_close(socket);
    return err;
}

dais_err_t dais_socket_connect(const dais_socket_options_t *options, const char *endpoint,
                               zsock_t **socket)
{
    assert(options->own == NULL || options->server_key != NULL);
    dais_err_t err = socket_make(options, endpoint, socket);
    if (err == DAIS_OK && zmq_connect(zsock_resolve(*socket), endpoint) != 0)
        err = socket_err(zmq_errno());
    if (err != DAIS_OK && options->monitor != NULL)
        dais_socket_close(options->monitor);
    if (err != DAIS_OK)
        dais_socket_close(socket);
    return err;
}

dais_err_t dais_socket_endpoint(zsock_t *socket, char *text, size_t size)
{
    if (zmq_getsockopt(zsock_resolve(socket), ZMQ_LAST_ENDPOINT, text, &size) != 0)
        return DAIS_ERR_TOO_LONG;
    return DAIS_OK;
}

/* zmq_close() goes on in the I/O thread, which still tells the monitor of connections that end.
 * When nobody reads there any more it waits for ever, and with it every socket of the process; so
 * the monitor ends first. */
void dais_socket_close(zsock_t **socket)
{
    if (*socket != NULL)
        (void)zmq_socket_monitor(zsock_resolve(*socket), NULL, 0);
    zsock_destroy(socket);
}

/* The first of two frames is a number of 16 bits and a value of 32, both as this machine has them;
 * the second names the endpoint. */
dais_err_t dais_link_next(zsock_t *monitor, dais_link_t *link)
{
    *link = DAIS_LINK_OTHER;
    zframe_t *event = zframe_recv(monitor);
    if (event == NULL)
        return DAIS_ERR_WOULD_WAIT;
    uint16_t number = 0;
    if (zframe_size(event) >= sizeof(number))
        memcpy(&number, zframe_data(event), sizeof(number));
    bool more = zframe_more(event) != 0;
    zframe_destroy(&event);
    while (more) {
        zframe_t *rest = zframe_recv(monitor);
        more = rest != NULL && zframe_more(rest) != 0;
        zframe_destroy(&rest);
    }
    if (number == ZMQ_EVENT_HANDSHAKE_SUCCEEDED)
        *link = DAIS_LINK_UP;
    else if (number == ZMQ_EVENT_DISCONNECTED)
        *link = DAIS_LINK_DOWN;
    else if (number == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH)
        *link = DAIS_LINK_REFUSED;
    else if (number != 0)
        *link = DAIS_LINK_FAILED;
    return DAIS_OK;
}
