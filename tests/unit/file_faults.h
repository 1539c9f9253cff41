/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_UNIT_FILE_FAULTS_H
#define DAIS_TESTS_UNIT_FILE_FAULTS_H

/* The calls that base/file.c makes, so that each can fail, fall short or be overtaken
 * (tests/unit/fault.h). To be included by the one source of a test. */

#include <dirent.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdlib.h>

#include "base/file.h"
#include "tests/unit/fault.h"
#include "tests/unit/scratch.h"

#define LIMIT 100

static size_t write_max;     /* bytes that one write takes at most; 0: no limit */
static size_t read_max;      /* bytes that one read gives at most; 0: no limit */
static const char *grows;    /* the file that somebody appends to between the look and the read */
static bool open_fails_once; /* the first openat of a draft meets a leftover of the same name */

static inline int leftover(int folder, const char *name)
{
    return FAULT_REAL(openat)(folder, name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
}

int openat(int folder, const char *name, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = (flags & O_CREAT) != 0 ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    if (fault_hits("openat"))
        return -1;
    if (open_fails_once) {
        open_fails_once = false;
        (void)close(leftover(folder, name));
    }
    return FAULT_REAL(openat)(folder, name, flags, mode);
}

int fchmod(int fd, mode_t mode)
{
    return fault_hits("fchmod") ? -1 : FAULT_REAL(fchmod)(fd, mode);
}

int fchmodat(int folder, const char *name, mode_t mode, int flags)
{
    return fault_hits("fchmodat") ? -1 : FAULT_REAL(fchmodat)(folder, name, mode, flags);
}

int fsync(int fd)
{
    return fault_hits("fsync") ? -1 : FAULT_REAL(fsync)(fd);
}

int renameat(int from_folder, const char *from, int to_folder, const char *to)
{
    return fault_hits("renameat") ? -1 : FAULT_REAL(renameat)(from_folder, from, to_folder, to);
}

int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags)
{
    return fault_hits("linkat") ? -1 : FAULT_REAL(linkat)(from_folder, from, to_folder, to, flags);
}

/* Only by its own name: what outlives a file that was kept is swept later, and fails nothing. */
int unlinkat(int folder, const char *name, int flags)
{
    bool is_meant = fault.call != NULL && strcmp(fault.call, "unlinkat") == 0;
    return is_meant && fault_hits("unlinkat") ? -1 : FAULT_REAL(unlinkat)(folder, name, flags);
}

struct dirent *readdir(DIR *stream)
{
    return fault_hits("readdir") ? NULL : FAULT_REAL(readdir)(stream);
}

ssize_t write(int fd, const void *bytes, size_t size)
{
    if (fault_hits("write"))
        return fault.code == 0 ? 0 : -1;
    return FAULT_REAL(write)(fd, bytes, write_max > 0 && size > write_max ? write_max : size);
}

ssize_t read(int fd, void *bytes, size_t size)
{
    if (fault_hits("read"))
        return fault.code == 0 ? 0 : -1;
    if (grows != NULL) {
        int end = open(grows, O_WRONLY | O_APPEND | O_CLOEXEC);
        (void)!FAULT_REAL(write)(end, "x", 1);
        (void)close(end);
        grows = NULL;
    }
    return FAULT_REAL(read)(fd, bytes, read_max > 0 && size > read_max ? read_max : size);
}

int fstat(int fd, struct stat *status)
{
    return fault_hits("fstat") ? -1 : FAULT_REAL(fstat)(fd, status);
}

int fstatat(int folder, const char *name, struct stat *status, int flags)
{
    return fault_hits("fstatat") ? -1 : FAULT_REAL(fstatat)(folder, name, status, flags);
}

#if FAULT_IN_RUNTIME
void *malloc(size_t size)
{
    return fault_hits("malloc") ? NULL : FAULT_REAL(malloc)(size);
}
#endif

/* Not under a sanitizer or valgrind, which put their own malloc() before every other. */
static inline bool memory_can_fail(void)
{
    fault_set("malloc", 0, ENOMEM);
    void *volatile memory = malloc(1);
    free(memory);
    fault_clear();
    return fault.fired == 1;
}

static const void *wiped;
static size_t wiped_size;

void sodium_memzero(void *bytes, size_t size)
{
    wiped = bytes;
    wiped_size = size;
    explicit_bzero(bytes, size);
}

static inline void assert_content(const char *path, const char *text)
{
    dais_file_bytes_t bytes;
    assert_int_equal(dais_file_read(path, LIMIT, &bytes), DAIS_OK);
    assert_int_equal(bytes.size, strlen(text));
    assert_string_equal((const char *)bytes.data, text);
    dais_file_free(&bytes);
}

static inline mode_t mode_of(const char *path)
{
    struct stat status;
    assert_int_equal(lstat(path, &status), 0);
    return status.st_mode & 07777;
}

static inline void put(const char *path, const char *text)
{
    assert_int_equal(dais_file_replace(path, dais_slice_text(text), 0600), DAIS_OK);
}

#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_make, scratch_remove)

#endif
