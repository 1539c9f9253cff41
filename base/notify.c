/* SPDX-License-Identifier: Apache-2.0 */
#include "base/notify.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* A name that begins with @ is one of the abstract ones, whose first byte is NUL. */
static socklen_t notify_address(const char *name, struct sockaddr_un *address)
{
    size_t size = strlen(name);
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    if ((name[0] != '/' && name[0] != '@') || size < 2 || size >= sizeof(address->sun_path))
        return 0;
    memcpy(address->sun_path, name, size);
    if (name[0] == '@')
        address->sun_path[0] = '\0';
    return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + size);
}

dais_err_t dais_notify(const char *text)
{
    const char *name = getenv("NOTIFY_SOCKET"); /* NOLINT(concurrency-mt-unsafe) */
    struct sockaddr_un address;
    if (name == NULL || name[0] == '\0')
        return DAIS_OK;
    socklen_t size = notify_address(name, &address);
    int fd = size == 0 ? -1 : socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return DAIS_ERR_IO;
    size_t text_size = strnlen(text, DAIS_NOTIFY_SIZE_MAX);
    ssize_t sent =
        sendto(fd, text, text_size, MSG_NOSIGNAL, (const struct sockaddr *)&address, size);
    (void)close(fd);
    return sent == (ssize_t)text_size ? DAIS_OK : DAIS_ERR_IO;
}

static uint64_t notify_number(const char *name)
{
    const char *text = getenv(name); /* NOLINT(concurrency-mt-unsafe) */
    char *end = NULL;
    if (text == NULL || text[0] < '0' || text[0] > '9')
        return 0;
    uint64_t number = strtoull(text, &end, 10);
    return *end == '\0' ? number : 0;
}

uint64_t dais_notify_watchdog_ms(void)
{
    uint64_t pid = notify_number("WATCHDOG_PID");
    if (pid != 0 && pid != (uint64_t)getpid())
        return 0;
    return notify_number("WATCHDOG_USEC") / 2000;
}
