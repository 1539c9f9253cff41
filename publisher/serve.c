/* SPDX-License-Identifier: Apache-2.0
 *
 * Every answer has headers under which a page can do nothing but be read: no script, no frame, no
 * form, no request to anywhere else, no guess of a type. */
#include "publisher/serve.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_SIZE = 2048, CONNECTIONS_MAX = 200, TIMEOUT_S = 30, RUN_MS = 1000 };

struct dais_serve {
    dais_loop_t *loop;
    dais_watch_t *watch;
    dais_timer_t timer;
    struct MHD_Daemon *http;
    char folder[PATH_SIZE];
    uint16_t port;
};

bool dais_serve_path(const char *folder, const char *url, char *path, size_t capacity)
{
    bool begins = false;
    if (url[0] != '/')
        return false;
    for (const char *at = url; *at != '\0'; at++) {
        if (begins && (*at == '.' || *at == '/'))
            return false;
        if (*at != '/' && !isalnum((unsigned char)*at) && strchr("-._", *at) == NULL)
            return false;
        begins = *at == '/';
    }
    int size = snprintf(path, capacity, "%s%s%s", folder, url, begins ? "index.html" : "");
    return size > 0 && (size_t)size < capacity;
}

static const char *type_of(const char *path)
{
    static const struct {
        const char *end;
        const char *type;
    } types[] = {
        {".html", "text/html; charset=utf-8"}, {".css", "text/css; charset=utf-8"},
        {".csv", "text/csv; charset=utf-8"},   {".json", "application/json"},
        {".xml", "application/atom+xml"},      {".txt", "text/plain; charset=utf-8"},
        {".zpl", "text/plain; charset=utf-8"}, {"checkpoint", "text/plain; charset=utf-8"},
    };
    size_t size = strlen(path);
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        size_t end = strlen(types[i].end);
        if (size >= end && strcmp(path + size - end, types[i].end) == 0)
            return types[i].type;
    }
    return "application/octet-stream";
}

static enum MHD_Result answer(struct MHD_Connection *connection, unsigned status,
                              struct MHD_Response *response, const char *type)
{
    static const char *const headers[][2] = {
        {"Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; "
                                    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "no-referrer"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cache-Control", "no-cache"},
    };
    if (response == NULL)
        return MHD_NO;
    (void)MHD_add_response_header(response, "Content-Type", type);
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++)
        (void)MHD_add_response_header(response, headers[i][0], headers[i][1]);
    enum MHD_Result queued = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return queued;
}

static enum MHD_Result answer_words(struct MHD_Connection *connection, unsigned status,
                                    const char *words)
{
    return answer(connection, status,
                  MHD_create_response_from_buffer(strlen(words), (void *)(uintptr_t)words,
                                                  MHD_RESPMEM_PERSISTENT),
                  "text/plain; charset=utf-8");
}

static enum MHD_Result serve_request(void *context, struct MHD_Connection *connection,
                                     const char *url, const char *method, const char *version,
                                     const char *data, size_t *data_size, void **state)
{
    const dais_serve_t *serve = context;
    char path[PATH_SIZE];
    struct stat about;
    (void)version, (void)data, (void)state;
    if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0) {
        *data_size = 0;
        return answer_words(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "only GET and HEAD\n");
    }
    int file = dais_serve_path(serve->folder, url, path, sizeof path)
                   ? open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
                   : -1;
    if (file < 0 || fstat(file, &about) != 0 || !S_ISREG(about.st_mode)) {
        if (file >= 0)
            (void)close(file);
        return answer_words(connection, MHD_HTTP_NOT_FOUND, "there is no such page\n");
    }
    return answer(connection, MHD_HTTP_OK,
                  MHD_create_response_from_fd((uint64_t)about.st_size, file), type_of(path));
}

static bool serve_ready(void *context, short events)
{
    dais_serve_t *serve = context;
    (void)events;
    (void)MHD_run(serve->http);
    return false;
}

/* Time-outs of connections need a run now and then. */
static void serve_tick(void *context)
{
    dais_serve_t *serve = context;
    (void)MHD_run(serve->http);
    dais_loop_timer(serve->loop, &serve->timer, RUN_MS);
}

static dais_err_t serve_watch(dais_serve_t *serve)
{
    const union MHD_DaemonInfo *poll = MHD_get_daemon_info(serve->http, MHD_DAEMON_INFO_EPOLL_FD);
    const union MHD_DaemonInfo *port = MHD_get_daemon_info(serve->http, MHD_DAEMON_INFO_BIND_PORT);
    if (poll == NULL || port == NULL)
        return DAIS_ERR_IO;
    serve->port = port->port;
    dais_err_t err = dais_loop_fd(serve->loop, poll->epoll_fd, serve_ready, serve, &serve->watch);
    serve->timer = (dais_timer_t){.fire = serve_tick, .context = serve};
    if (err == DAIS_OK)
        dais_loop_timer(serve->loop, &serve->timer, RUN_MS);
    return err;
}

dais_err_t dais_serve_new(dais_loop_t *loop, const char *folder, uint16_t port,
                          dais_serve_t **serve)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    *serve = calloc(1, sizeof **serve);
    if (*serve == NULL)
        return DAIS_ERR_NO_MEMORY;
    (*serve)->loop = loop;
    (void)snprintf((*serve)->folder, PATH_SIZE, "%s", folder);
    errno = 0;
    (*serve)->http = MHD_start_daemon(MHD_USE_EPOLL, port, NULL, NULL, serve_request, *serve,
                                      MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_CONNECTION_LIMIT,
                                      (unsigned)CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT,
                                      (unsigned)TIMEOUT_S, MHD_OPTION_END);
    dais_err_t err = (*serve)->http != NULL ? serve_watch(*serve)
                     : errno == EADDRINUSE  ? DAIS_ERR_EXISTS
                                            : DAIS_ERR_IO;
    if (err != DAIS_OK)
        dais_serve_free(serve);
    return err;
}

void dais_serve_free(dais_serve_t **serve)
{
    if (*serve == NULL)
        return;
    dais_loop_cancel((*serve)->loop, &(*serve)->timer);
    dais_loop_unwatch((*serve)->loop, &(*serve)->watch);
    if ((*serve)->http != NULL)
        MHD_stop_daemon((*serve)->http);
    free(*serve);
    *serve = NULL;
}

uint16_t dais_serve_port(const dais_serve_t *serve)
{
    return serve->port;
}
