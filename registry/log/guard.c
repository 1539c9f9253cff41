/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/log/guard.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

enum { GUARD_BYTES = DAIS_GUARD_SLOT_COUNT * DAIS_GUARD_SLOT_SIZE };

dais_err_t dais_guard_file_create(const char *path, const dais_guard_t *first)
{
    uint8_t slots[GUARD_BYTES] = {0};
    dais_err_t err = dais_guard_encode(first, slots);
    return err == DAIS_OK
               ? dais_file_create(path, dais_slice(slots, sizeof slots), S_IRUSR | S_IWUSR)
               : err;
}

dais_err_t dais_guard_file_open(dais_guard_file_t *guard, const char *path)
{
    uint8_t slots[GUARD_BYTES];
    *guard = (dais_guard_file_t){.fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)};
    if (guard->fd < 0)
        return dais_file_err(errno);
    ssize_t got = pread(guard->fd, slots, sizeof slots, 0);
    dais_err_t err = got < 0 ? DAIS_ERR_IO : DAIS_ERR_CORRUPT;
    if (got == (ssize_t)sizeof slots)
        err = dais_guard_latest(slots, &guard->last, &guard->next_slot);
    if (err != DAIS_OK)
        dais_guard_file_close(guard);
    return err;
}

void dais_guard_file_close(dais_guard_file_t *guard)
{
    if (guard->fd >= 0)
        (void)close(guard->fd);
    guard->fd = -1;
}

dais_err_t dais_guard_file_write(dais_guard_file_t *guard, const dais_guard_t *next)
{
    uint8_t slot[DAIS_GUARD_SLOT_SIZE];
    dais_guard_t whole = *next;
    whole.turn = guard->last.turn + 1;
    dais_err_t err = dais_guard_encode(&whole, slot);
    if (err != DAIS_OK)
        return err;
    off_t at = (off_t)(guard->next_slot * sizeof slot);
    if (pwrite(guard->fd, slot, sizeof slot, at) != (ssize_t)sizeof slot ||
        fdatasync(guard->fd) != 0)
        return DAIS_ERR_IO;
    guard->last = whole;
    guard->next_slot = (guard->next_slot + 1) % DAIS_GUARD_SLOT_COUNT;
    return DAIS_OK;
}
