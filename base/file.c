/* SPDX-License-Identifier: Apache-2.0
 *
 * Content appears under its name only once it is whole and on the disk: it is written to a draft in
 * the same folder, synced, then renamed (which replaces) or linked (which refuses a name that is
 * taken), and the folder is synced. The folder is opened once and all names are relative to it, so
 * that moving it meanwhile does no harm. A failed fsync is never tried again: the kernel forgets
 * what it could not write. */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define DRAFT_PREFIX        ".dais-draft-"
#define DRAFT_TRY_COUNT_MAX 1000 /* leftovers of dead processes that a new draft steps over */
#define EXPOSED_MODE_BITS   (S_IRWXG | S_IRWXO)

dais_err_t dais_file_err(int errno_value)
{
    static const struct {
        int errno_value;
        dais_err_t err;
    } meanings[] = {
        {0, DAIS_OK},
        {ENOENT, DAIS_ERR_NOT_FOUND},
        {EEXIST, DAIS_ERR_EXISTS},
        {EACCES, DAIS_ERR_DENIED},
        {EPERM, DAIS_ERR_DENIED},
        {EROFS, DAIS_ERR_DENIED},
        {ENOSPC, DAIS_ERR_NO_SPACE},
        {EDQUOT, DAIS_ERR_NO_SPACE},
        {EFBIG, DAIS_ERR_NO_SPACE},
        {ENOMEM, DAIS_ERR_NO_MEMORY},
        {EAGAIN, DAIS_ERR_LOCKED},
        {EBUSY, DAIS_ERR_LOCKED},
        {ENOTDIR, DAIS_ERR_FILE_TYPE},
        {EISDIR, DAIS_ERR_FILE_TYPE},
        {ENXIO, DAIS_ERR_FILE_TYPE},
        {ENAMETOOLONG, DAIS_ERR_TOO_LONG},
    };
    for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
        if (meanings[i].errno_value == errno_value)
            return meanings[i].err;
    return DAIS_ERR_IO;
}

/* Opens the folder that path lies in; *name is what follows, with the slashes at the end that path
 * may have: the kernel takes them for a folder and refuses them for a file. */
static dais_err_t file_open_parent(const char *path, int *folder_fd, const char **name)
{
    char folder[PATH_MAX] = ".";
    size_t end = strlen(path);
    while (end > 0 && path[end - 1] == '/')
        end--;
    const char *slash = (const char *)memrchr(path, '/', end);
    *name = slash == NULL ? path : slash + 1;
    size_t size = (size_t)(*name - path);
    if (size >= sizeof(folder))
        return DAIS_ERR_TOO_LONG;
    if (size > 0) {
        memcpy(folder, path, size);
        folder[size] = '\0';
    }
    *folder_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return *folder_fd < 0 ? dais_file_err(errno) : DAIS_OK;
}

/* The number keeps threads apart, the process id keeps processes apart; a leftover of a process of
 * the same id (in a container it often is) is stepped over. */
static dais_err_t draft_open_file(dais_draft_t *draft)
{
    static atomic_uint serial;
    for (int i = 0; i < DRAFT_TRY_COUNT_MAX; i++) {
        (void)snprintf(draft->temporary, sizeof(draft->temporary), DRAFT_PREFIX "%ld-%u",
                       (long)getpid(), atomic_fetch_add(&serial, 1));
        draft->fd = openat(draft->folder_fd, draft->temporary,
                           O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
        if (draft->fd >= 0)
            return DAIS_OK;
        if (errno != EEXIST)
            break;
    }
    return dais_file_err(errno);
}

dais_err_t dais_draft_open(dais_draft_t *draft, const char *path, mode_t mode)
{
    dais_err_t err = file_open_parent(path, &draft->folder_fd, &draft->name);
    if (err != DAIS_OK)
        return err;
    err = draft_open_file(draft);
    if (err != DAIS_OK) {
        (void)close(draft->folder_fd);
        return err;
    }
    if (fchmod(draft->fd, mode) != 0) {
        err = dais_file_err(errno);
        dais_draft_drop(draft);
    }
    return err;
}

static void draft_close(dais_draft_t *draft)
{
    (void)close(draft->fd);
    (void)close(draft->folder_fd);
}

void dais_draft_drop(dais_draft_t *draft)
{
    (void)unlinkat(draft->folder_fd, draft->temporary, 0);
    draft_close(draft);
}

/* A link is refused by the kernel if anything has the name, so there is no instant between a look
 * and the making. */
static int draft_link(const dais_draft_t *draft)
{
    if (linkat(draft->folder_fd, draft->temporary, draft->folder_fd, draft->name, 0) != 0)
        return -1;
    (void)unlinkat(draft->folder_fd, draft->temporary, 0);
    return 0;
}

dais_err_t dais_draft_keep(dais_draft_t *draft, dais_draft_keep_t how)
{
    int done = fsync(draft->fd);
    if (done == 0)
        done = how == DAIS_DRAFT_CREATE
                   ? draft_link(draft)
                   : renameat(draft->folder_fd, draft->temporary, draft->folder_fd, draft->name);
    if (done != 0) {
        dais_err_t err = dais_file_err(errno);
        dais_draft_drop(draft);
        return err;
    }
    dais_err_t err = fsync(draft->folder_fd) == 0 ? DAIS_OK : dais_file_err(errno);
    draft_close(draft);
    return err;
}

dais_err_t dais_draft_sweep(const char *folder)
{
    dais_err_t err = DAIS_OK;
    const struct dirent *entry = NULL;
    DIR *stream = opendir(folder);
    if (stream == NULL)
        return dais_file_err(errno);
    do {
        errno = 0; /* which the end of the folder leaves as it is */
        /* NOLINTNEXTLINE(concurrency-mt-unsafe): the stream is of this call */
        entry = readdir(stream);
        if (entry == NULL || (strncmp(entry->d_name, DRAFT_PREFIX, strlen(DRAFT_PREFIX)) == 0 &&
                              unlinkat(dirfd(stream), entry->d_name, 0) != 0))
            err = dais_file_err(errno);
    } while (entry != NULL && err == DAIS_OK);
    (void)closedir(stream);
    return err;
}

dais_err_t dais_file_write_all(int fd, dais_slice_t bytes)
{
    size_t done = 0;
    while (done < bytes.size) {
        ssize_t written = write(fd, bytes.data + done, bytes.size - done);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return dais_file_err(errno);
        if (written == 0)
            return DAIS_ERR_IO;
        done += (size_t)written;
    }
    return DAIS_OK;
}

static dais_err_t file_put(const char *path, dais_slice_t bytes, mode_t mode, dais_draft_keep_t how)
{
    dais_draft_t draft;
    dais_err_t err = dais_draft_open(&draft, path, mode);
    if (err != DAIS_OK)
        return err;
    err = dais_file_write_all(draft.fd, bytes);
    if (err != DAIS_OK) {
        dais_draft_drop(&draft);
        return err;
    }
    return dais_draft_keep(&draft, how);
}

dais_err_t dais_file_replace(const char *path, dais_slice_t bytes, mode_t mode)
{
    return file_put(path, bytes, mode, DAIS_DRAFT_REPLACE);
}

dais_err_t dais_file_create(const char *path, dais_slice_t bytes, mode_t mode)
{
    return file_put(path, bytes, mode, DAIS_DRAFT_CREATE);
}

/* What may be read, judged by the opened file. */
static dais_err_t file_check(int fd, size_t size_max, mode_t forbidden_bits, size_t *size)
{
    struct stat status;
    if (fstat(fd, &status) != 0)
        return dais_file_err(errno);
    if (!S_ISREG(status.st_mode))
        return DAIS_ERR_FILE_TYPE;
    if ((status.st_mode & forbidden_bits) != 0)
        return DAIS_ERR_EXPOSED;
    if ((uint64_t)status.st_size > size_max)
        return DAIS_ERR_TOO_LONG;
    *size = (size_t)status.st_size;
    return DAIS_OK;
}

/* Reads until size bytes or the end; *done has how many. */
static dais_err_t file_read_up_to(int fd, uint8_t *data, size_t size, size_t *done)
{
    *done = 0;
    while (*done < size) {
        ssize_t got = read(fd, data + *done, size - *done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return dais_file_err(errno);
        if (got == 0)
            break;
        *done += (size_t)got;
    }
    return DAIS_OK;
}

/* One byte more than the size is asked for: if there is one, somebody writes to the file. */
static dais_err_t file_read_opened(int fd, size_t size, dais_file_bytes_t *bytes)
{
    dais_file_bytes_t whole = {.data = (uint8_t *)malloc(size + 1), .size = size};
    if (whole.data == NULL)
        return DAIS_ERR_NO_MEMORY;
    size_t done = 0;
    dais_err_t err = file_read_up_to(fd, whole.data, size + 1, &done);
    if (err == DAIS_OK && done != size)
        err = DAIS_ERR_IO;
    if (err != DAIS_OK) {
        dais_file_free(&whole);
        return err;
    }
    whole.data[size] = '\0';
    *bytes = whole;
    return DAIS_OK;
}

/* O_NONBLOCK: opening a pipe that nobody writes to would wait for ever. */
static dais_err_t file_read_checked(const char *path, size_t size_max, mode_t forbidden_bits,
                                    dais_file_bytes_t *bytes)
{
    *bytes = (dais_file_bytes_t){0};
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return dais_file_err(errno);
    size_t size = 0;
    dais_err_t err = file_check(fd, size_max, forbidden_bits, &size);
    if (err == DAIS_OK)
        err = file_read_opened(fd, size, bytes);
    (void)close(fd);
    return err;
}

dais_err_t dais_file_read(const char *path, size_t size_max, dais_file_bytes_t *bytes)
{
    return file_read_checked(path, size_max, 0, bytes);
}

dais_err_t dais_file_read_secret(const char *path, size_t size_max, dais_file_bytes_t *bytes)
{
    return file_read_checked(path, size_max, EXPOSED_MODE_BITS, bytes);
}

void dais_file_free(dais_file_bytes_t *bytes)
{
    if (bytes->data != NULL)
        sodium_memzero(bytes->data, bytes->size + 1);
    free(bytes->data);
    *bytes = (dais_file_bytes_t){0};
}

dais_err_t dais_file_sync_folder(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return dais_file_err(errno);
    dais_err_t err = fsync(fd) == 0 ? DAIS_OK : dais_file_err(errno);
    (void)close(fd);
    return err;
}

/* chmod because mkdir leaves out what the umask names. */
static dais_err_t file_make_folder(int parent_fd, const char *name, mode_t mode)
{
    if (mkdirat(parent_fd, name, mode) != 0)
        return dais_file_err(errno);
    return fchmodat(parent_fd, name, mode, 0) == 0 ? DAIS_OK : dais_file_err(errno);
}

static dais_err_t file_is_folder(int parent_fd, const char *name)
{
    struct stat status;
    if (fstatat(parent_fd, name, &status, 0) != 0)
        return dais_file_err(errno);
    return S_ISDIR(status.st_mode) ? DAIS_OK : DAIS_ERR_FILE_TYPE;
}

dais_err_t dais_file_ensure_folder(const char *folder, mode_t mode)
{
    int parent_fd = -1;
    const char *name = NULL;
    dais_err_t err = file_open_parent(folder, &parent_fd, &name);
    if (err != DAIS_OK)
        return err;
    err = file_make_folder(parent_fd, name, mode);
    if (err == DAIS_ERR_EXISTS)
        err = file_is_folder(parent_fd, name);
    if (err == DAIS_OK && fsync(parent_fd) != 0)
        err = dais_file_err(errno);
    (void)close(parent_fd);
    return err;
}
