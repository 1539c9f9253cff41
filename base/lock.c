/* SPDX-License-Identifier: Apache-2.0 */
#include "base/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

dais_err_t dais_lock_take(const char *path, int *fd)
{
    *fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (*fd < 0)
        return dais_file_err(errno);
    if (flock(*fd, LOCK_EX | LOCK_NB) == 0)
        return DAIS_OK;
    dais_err_t err = errno == EWOULDBLOCK ? DAIS_ERR_LOCKED : dais_file_err(errno);
    dais_lock_drop(fd);
    return err;
}

void dais_lock_drop(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
    *fd = -1;
}
