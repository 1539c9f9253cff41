/* SPDX-License-Identifier: Apache-2.0 */
#include "broker/door_mode.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* The folder of the socket of an ipc endpoint, or the file of the secret. */
static void mode_path(const char *secret, const char *endpoint, dais_err_t err, char *path,
                      size_t size)
{
    const char *text = err == DAIS_ERR_EXPOSED ? secret : endpoint + strlen("ipc://");
    (void)snprintf(path, size, "%s", text);
    char *slash = strrchr(path, '/');
    if (err == DAIS_ERR_OPEN_TO_ALL && slash != NULL)
        slash[slash == path ? 1 : 0] = '\0';
}

void dais_door_mode(dais_log_t *log, const char *door, const char *secret, const char *endpoint,
                    dais_err_t err)
{
    char path[300];
    char mode[16];
    char todo[340];
    struct stat status;
    dais_log_line_t line;
    if ((err != DAIS_ERR_EXPOSED || secret == NULL) &&
        (err != DAIS_ERR_OPEN_TO_ALL || strncmp(endpoint, "ipc://", strlen("ipc://")) != 0))
        return;
    mode_path(secret, endpoint, err, path, sizeof path);
    if (stat(path, &status) != 0)
        return;
    (void)snprintf(mode, sizeof mode, "%04o", (unsigned)status.st_mode & 07777U);
    (void)snprintf(todo, sizeof todo, "chmod %s %s", err == DAIS_ERR_EXPOSED ? "0600" : "0750",
                   path);
    dais_log_begin(&line, log, DAIS_LOG_ERROR, "mode-too-open");
    dais_log_text(&line, "door", door);
    dais_log_text(&line, "path", path);
    dais_log_text(&line, "mode", mode);
    dais_log_text(&line, "todo", todo);
    dais_log_end(&line);
}
