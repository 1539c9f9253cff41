/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PUBLISHER_SERVE_H
#define DAIS_PUBLISHER_SERVE_H

#include "base/loop.h"

/* Serves the site on 127.0.0.1, in the daemon's own loop: GET and HEAD of files, nothing else. For
 * a look at a rehearsal and behind a reverse proxy; any other web server does as well. */
typedef struct dais_serve dais_serve_t;

/* port 0 takes a free one. Errors: EXISTS if the port is taken, NO_MEMORY, IO. folder is copied. */
DAIS_MUST_CHECK dais_err_t dais_serve_new(dais_loop_t *loop, const char *folder, uint16_t port,
                                          dais_serve_t **serve);
void dais_serve_free(dais_serve_t **serve); /* *serve is null afterwards */

uint16_t dais_serve_port(const dais_serve_t *serve);

/* The file below folder that a path of a request names, or false: nothing but letters, digits and
 * -._ between slashes, no part that begins with a dot. A path that ends in a slash names the
 * index.html there. */
bool dais_serve_path(const char *folder, const char *url, char *path, size_t capacity);

#endif
