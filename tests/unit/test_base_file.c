/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <limits.h>

#include "base/file.h"
#include "tests/unit/fault.h"
#include "tests/unit/scratch.h"

#define LIMIT 100

static size_t write_max;     /* bytes that one write takes at most; 0: no limit */
static size_t read_max;      /* bytes that one read gives at most; 0: no limit */
static const char *grows;    /* the file that somebody appends to between the look and the read */
static bool open_fails_once; /* the first openat of a draft meets a leftover of the same name */

static int leftover(int folder, const char *name)
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
        (void)FAULT_REAL(write)(end, "x", 1);
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

void *malloc(size_t size)
{
    return fault_hits("malloc") ? NULL : FAULT_REAL(malloc)(size);
}

static void assert_content(const char *path, const char *text)
{
    dais_file_bytes_t bytes;
    assert_int_equal(dais_file_read(path, LIMIT, &bytes), DAIS_OK);
    assert_int_equal(bytes.size, strlen(text));
    assert_string_equal((const char *)bytes.data, text);
    dais_file_free(&bytes);
}

static mode_t mode_of(const char *path)
{
    struct stat status;
    assert_int_equal(lstat(path, &status), 0);
    return status.st_mode & 07777;
}

static void put(const char *path, const char *text)
{
    assert_int_equal(dais_file_replace(path, dais_slice_text(text), 0600), DAIS_OK);
}

/* Goal: errno values have their codes, and one that nobody thought of is a failure of I/O. */
static void test_errno_has_codes(void **state)
{
    (void)state;
    static const struct {
        int errno_value;
        dais_err_t err;
    } known[] = {
        {0, DAIS_OK},
        {ENOENT, DAIS_ERR_NOT_FOUND},
        {EEXIST, DAIS_ERR_EXISTS},
        {EACCES, DAIS_ERR_DENIED},
        {EROFS, DAIS_ERR_DENIED},
        {ENOSPC, DAIS_ERR_NO_SPACE},
        {EDQUOT, DAIS_ERR_NO_SPACE},
        {ENOMEM, DAIS_ERR_NO_MEMORY},
        {EAGAIN, DAIS_ERR_LOCKED},
        {ENOTDIR, DAIS_ERR_FILE_TYPE},
        {ENAMETOOLONG, DAIS_ERR_TOO_LONG},
        {EIO, DAIS_ERR_IO},
        {-1, DAIS_ERR_IO},
    };
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        assert_int_equal(dais_file_err(known[i].errno_value), known[i].err);
}

/* Goal: a file is made, replaced by longer, shorter and empty content, has exactly the mode
 * whatever the umask, and nothing else is left in the folder. */
static void test_replace(void **state)
{
    (void)state;
    scratch_path_t path = scratch_path("file");
    mode_t umask_before = umask(0077);
    assert_int_equal(dais_file_replace(path.text, dais_slice_text("one"), 0644), DAIS_OK);
    (void)umask(umask_before);
    assert_content(path.text, "one");
    assert_int_equal(mode_of(path.text), 0644);
    assert_int_equal(dais_file_replace(path.text, dais_slice_text("another"), 0600), DAIS_OK);
    assert_content(path.text, "another");
    assert_int_equal(mode_of(path.text), 0600);
    assert_int_equal(dais_file_replace(path.text, dais_slice(NULL, 0), 0600), DAIS_OK);
    assert_content(path.text, "");
    assert_int_equal(scratch_count(scratch_folder), 1);
}

/* Goal: a path without a folder is one in the working folder. */
static void test_replace_in_working_folder(void **state)
{
    (void)state;
    assert_int_equal(chdir(scratch_folder), 0);
    put("bare", "text");
    assert_int_equal(chdir(".."), 0);
    assert_content(scratch_path("bare").text, "text");
}

/* Goal: a link at the path is replaced and what it points to is untouched; a dangling one too. */
static void test_replace_does_not_follow(void **state)
{
    (void)state;
    scratch_path_t target = scratch_path("target");
    scratch_path_t link = scratch_path("link");
    scratch_path_t dangling = scratch_path("dangling");
    put(target.text, "precious");
    assert_int_equal(symlink("target", link.text), 0);
    assert_int_equal(symlink("nowhere", dangling.text), 0);
    put(link.text, "new");
    put(dangling.text, "new");
    assert_content(target.text, "precious");
    assert_content(link.text, "new");
    assert_content(dangling.text, "new");
    assert_int_equal(scratch_count(scratch_folder), 3);
}

/* Goal: create makes a file with its mode, and never touches what is there: a file, a folder, a
 * dangling link. */
static void test_create_is_exclusive(void **state)
{
    (void)state;
    scratch_path_t path = scratch_path("key");
    scratch_path_t dangling = scratch_path("dangling");
    assert_int_equal(symlink("nowhere", dangling.text), 0);
    assert_int_equal(dais_file_create(path.text, dais_slice_text("one"), 0400), DAIS_OK);
    assert_int_equal(mode_of(path.text), 0400);
    assert_int_equal(dais_file_create(path.text, dais_slice_text("two"), 0600), DAIS_ERR_EXISTS);
    assert_int_equal(dais_file_create(dangling.text, dais_slice_text("two"), 0600),
                     DAIS_ERR_EXISTS);
    assert_int_equal(dais_file_create(".", dais_slice_text("two"), 0600), DAIS_ERR_EXISTS);
    assert_content(path.text, "one");
    assert_int_equal(access(scratch_path("nowhere").text, F_OK), -1);
    assert_int_equal(scratch_count(scratch_folder), 2);
}

/* Goal: paths that lead nowhere are told apart, and leave nothing. */
static void test_bad_paths(void **state)
{
    (void)state;
    dais_slice_t text = dais_slice_text("x");
    put(scratch_path("file").text, "old");
    assert_int_equal(dais_file_replace(scratch_path("no/file").text, text, 0600),
                     DAIS_ERR_NOT_FOUND);
    assert_int_equal(dais_file_replace(scratch_path("file/file").text, text, 0600),
                     DAIS_ERR_FILE_TYPE);
    assert_int_equal(dais_file_replace(scratch_path("file/").text, text, 0600), DAIS_ERR_FILE_TYPE);
    assert_int_equal(mkdir(scratch_path("folder").text, 0700), 0);
    assert_int_equal(dais_file_replace(scratch_path("folder").text, text, 0600),
                     DAIS_ERR_FILE_TYPE);
    assert_int_equal(dais_file_replace("", text, 0600), DAIS_ERR_NOT_FOUND);
    char name[300];
    memset(name, 'n', sizeof(name));
    name[sizeof(name) - 1] = '\0';
    assert_int_equal(dais_file_create(name, text, 0600), DAIS_ERR_TOO_LONG);
    static char path[PATH_MAX + 10];
    memset(path, '/', sizeof(path));
    memcpy(path + PATH_MAX, "file", 5);
    assert_int_equal(dais_file_create(path, text, 0600), DAIS_ERR_TOO_LONG);
    assert_content(scratch_path("file").text, "old");
    assert_int_equal(scratch_count(scratch_folder), 2);
}

/* Goal: whichever call fails, the path has the old content or the new one, whole, the error is
 * reported, and no draft is left. Method: fail the n-th call for n = 0, 1, 2 ... until none fires,
 * and the write in the middle of the content. */
static void test_replace_survives_each_fault(void **state)
{
    (void)state;
    scratch_path_t path = scratch_path("file");
    unsigned fired = 0;
    unsigned new_count = 0;
    write_max = 4;
    for (unsigned n = 0;; n++) {
        put(path.text, "the old content");
        fault_set("*", n, EIO);
        dais_err_t err = dais_file_replace(path.text, dais_slice_text("the new one"), 0600);
        fault_clear();
        if (fault.fired == 0)
            break;
        fired++;
        assert_int_equal(err, DAIS_ERR_IO);
        dais_file_bytes_t bytes;
        assert_int_equal(dais_file_read(path.text, LIMIT, &bytes), DAIS_OK);
        bool new = strcmp((const char *)bytes.data, "the new one") == 0;
        assert_true(new || strcmp((const char *)bytes.data, "the old content") == 0);
        dais_file_free(&bytes);
        new_count += new ? 1 : 0;
        assert_int_equal(scratch_count(scratch_folder), 1);
    }
    write_max = 0;
    assert_int_equal(fired, 8); /* openat, fchmod, 3 writes, fsync, renameat, fsync of the folder */
    assert_int_equal(new_count, 1); /* only after the last */
    assert_content(path.text, "the new one");
}

/* Goal: the same for create: nothing under the name, or all of it. */
static void test_create_survives_each_fault(void **state)
{
    (void)state;
    scratch_path_t path = scratch_path("file");
    unsigned fired = 0;
    for (unsigned n = 0;; n++) {
        fault_set("*", n, ENOSPC);
        dais_err_t err = dais_file_create(path.text, dais_slice_text("content"), 0600);
        fault_clear();
        if (fault.fired == 0)
            break;
        fired++;
        assert_int_equal(err, DAIS_ERR_NO_SPACE);
        bool last = access(path.text, F_OK) == 0;
        assert_int_equal(scratch_count(scratch_folder), last ? 1 : 0);
        if (last)
            assert_int_equal(unlink(path.text), 0);
    }
    assert_int_equal(fired, 6);
    assert_content(path.text, "content");
}

/* Goal: interruptions and short writes are gone on from; a write that takes nothing is a failure
 * and no endless loop. */
static void test_writes_go_on(void **state)
{
    (void)state;
    scratch_path_t path = scratch_path("file");
    write_max = 1;
    fault_set("write", 2, EINTR);
    put(path.text, "byte by byte");
    assert_int_equal(fault.fired, 1);
    write_max = 0;
    assert_content(path.text, "byte by byte");
    fault_set("write", 0, 0);
    assert_int_equal(dais_file_replace(path.text, dais_slice_text("x"), 0600), DAIS_ERR_IO);
    assert_content(path.text, "byte by byte");
}

/* Goal: a disk that is really full leaves the old content. Method: a limit on the size of files,
 * which the kernel itself enforces after a part was written. */
static void test_full_disk(void **state)
{
    (void)state;
    scratch_path_t path = scratch_path("file");
    put(path.text, "old");
    static uint8_t large[100000];
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    const struct rlimit small = {.rlim_cur = 5000, .rlim_max = before.rlim_max};
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    dais_err_t err = dais_file_replace(path.text, dais_slice(large, sizeof(large)), 0600);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    (void)signal(SIGXFSZ, handler);
    assert_int_equal(err, DAIS_ERR_NO_SPACE);
    assert_content(path.text, "old");
    assert_int_equal(scratch_count(scratch_folder), 1);
}

/* Goal: what a dead process of the same id left behind is stepped over and not overwritten; but not
 * for ever. */
static void test_leftover_drafts(void **state)
{
    (void)state;
    scratch_path_t path = scratch_path("file");
    open_fails_once = true;
    put(path.text, "text");
    assert_content(path.text, "text");
    assert_int_equal(scratch_count(scratch_folder), 2);
    fault_set("openat", 0, EEXIST);
    fault.for_ever = true;
    assert_int_equal(dais_file_replace(path.text, dais_slice_text("x"), 0600), DAIS_ERR_EXISTS);
    assert_in_range(fault.fired, 100, 10000);
    fault_clear();
}

/* Goal: a draft is nowhere until it is kept, and leaves nothing when it is dropped. */
static void test_draft(void **state)
{
    (void)state;
    scratch_path_t path = scratch_path("file");
    dais_draft_t draft;
    assert_int_equal(dais_draft_open(&draft, path.text, 0600), DAIS_OK);
    assert_int_equal(dais_file_write_all(draft.fd, dais_slice_text("text")), DAIS_OK);
    assert_int_equal(access(path.text, F_OK), -1);
    dais_draft_drop(&draft);
    assert_int_equal(scratch_count(scratch_folder), 0);
    assert_int_equal(dais_draft_open(&draft, path.text, 0600), DAIS_OK);
    assert_int_equal(dais_file_write_all(draft.fd, dais_slice_text("text")), DAIS_OK);
    assert_int_equal(dais_draft_keep(&draft, DAIS_DRAFT_CREATE), DAIS_OK);
    assert_content(path.text, "text");
    assert_int_equal(scratch_count(scratch_folder), 1);
}

/* Goal: the limit is exact, and is found before anything is reserved. Method: sizes around it; a
 * sparse file of a terabyte; no call of malloc. */
static void test_read_limit(void **state)
{
    (void)state;
    scratch_path_t path = scratch_path("file");
    dais_file_bytes_t bytes;
    put(path.text, "12345");
    assert_int_equal(dais_file_read(path.text, 5, &bytes), DAIS_OK);
    assert_int_equal(bytes.size, 5);
    dais_file_free(&bytes);
    fault_set("malloc", 0, ENOMEM);
    assert_int_equal(dais_file_read(path.text, 4, &bytes), DAIS_ERR_TOO_LONG);
    assert_int_equal(truncate(path.text, (off_t)1 << 40), 0);
    assert_int_equal(dais_file_read(path.text, 1 << 20, &bytes), DAIS_ERR_TOO_LONG);
    assert_int_equal(fault.fired, 0);
    fault_clear();
    assert_null(bytes.data);
    assert_int_equal(truncate(path.text, 0), 0);
    assert_int_equal(dais_file_read(path.text, 0, &bytes), DAIS_OK);
    assert_int_equal(bytes.size, 0);
    assert_int_equal(bytes.data[0], 0);
    dais_file_free(&bytes);
    dais_file_free(&bytes);
}

/* Goal: only regular files are read; a pipe that nobody writes to is not waited for. */
static void test_read_refuses_other_types(void **state)
{
    (void)state;
    dais_file_bytes_t bytes;
    scratch_path_t fifo = scratch_path("fifo");
    assert_int_equal(mkfifo(fifo.text, 0600), 0);
    assert_int_equal(dais_file_read(fifo.text, LIMIT, &bytes), DAIS_ERR_FILE_TYPE);
    assert_int_equal(dais_file_read_secret(fifo.text, LIMIT, &bytes), DAIS_ERR_FILE_TYPE);
    assert_int_equal(dais_file_read(scratch_folder, LIMIT, &bytes), DAIS_ERR_FILE_TYPE);
    assert_int_equal(dais_file_read("/dev/null", LIMIT, &bytes), DAIS_ERR_FILE_TYPE);
    assert_int_equal(dais_file_read(scratch_path("none").text, LIMIT, &bytes), DAIS_ERR_NOT_FOUND);
    assert_int_equal(symlink("nowhere", scratch_path("dangling").text), 0);
    assert_int_equal(dais_file_read(scratch_path("dangling").text, LIMIT, &bytes),
                     DAIS_ERR_NOT_FOUND);
    put(scratch_path("file").text, "x");
    assert_int_equal(dais_file_read(scratch_path("file/x").text, LIMIT, &bytes),
                     DAIS_ERR_FILE_TYPE);
}

/* Goal: short and interrupted reads are gone on from; a failed one, and no memory, are reported. */
static void test_read_faults(void **state)
{
    (void)state;
    scratch_path_t path = scratch_path("file");
    dais_file_bytes_t bytes;
    put(path.text, "content");
    read_max = 2;
    fault_set("read", 1, EINTR);
    assert_content(path.text, "content");
    assert_int_equal(fault.fired, 1);
    fault_set("read", 2, EIO);
    assert_int_equal(dais_file_read(path.text, LIMIT, &bytes), DAIS_ERR_IO);
    assert_null(bytes.data);
    read_max = 0;
    fault_set("fstat", 0, EIO);
    assert_int_equal(dais_file_read(path.text, LIMIT, &bytes), DAIS_ERR_IO);
    fault_set("malloc", 0, ENOMEM);
    assert_int_equal(dais_file_read(path.text, LIMIT, &bytes), DAIS_ERR_NO_MEMORY);
    assert_null(bytes.data);
}

/* Goal: half of a file that is being written is not taken for the whole. */
static void test_read_of_a_changing_file(void **state)
{
    (void)state;
    scratch_path_t path = scratch_path("file");
    dais_file_bytes_t bytes;
    put(path.text, "content");
    grows = path.text;
    assert_int_equal(dais_file_read(path.text, LIMIT, &bytes), DAIS_ERR_IO);
    assert_null(bytes.data);
    fault_set("read", 0, 0); /* it has shrunk: the end comes early */
    assert_int_equal(dais_file_read(path.text, LIMIT, &bytes), DAIS_ERR_IO);
    assert_int_equal(fault.fired, 1);
}

/* Goal: a secret that anybody else may touch is refused. Method: all 512 modes. */
static void test_secret_modes(void **state)
{
    (void)state;
    scratch_path_t path = scratch_path("secret");
    put(path.text, "seed");
    for (mode_t mode = 0; mode <= 0777; mode++) {
        assert_int_equal(chmod(path.text, mode), 0);
        dais_file_bytes_t bytes;
        dais_err_t err = dais_file_read_secret(path.text, LIMIT, &bytes);
        bool unreadable = (mode & 0400) == 0 && geteuid() != 0;
        if (unreadable)
            assert_int_equal(err, DAIS_ERR_DENIED);
        else
            assert_int_equal(err, (mode & 077) == 0 ? DAIS_OK : DAIS_ERR_EXPOSED);
        dais_file_free(&bytes);
    }
    assert_int_equal(chmod(path.text, 0600), 0);
    dais_file_bytes_t bytes;
    assert_int_equal(dais_file_read_secret(path.text, 3, &bytes), DAIS_ERR_TOO_LONG);
    assert_int_equal(dais_file_read_secret(path.text, 4, &bytes), DAIS_OK);
    assert_string_equal((const char *)bytes.data, "seed");
    dais_file_free(&bytes);
}

/* Goal: it is the file behind a link that is judged, not the link, which always has mode 0777. */
static void test_secret_behind_a_link(void **state)
{
    (void)state;
    scratch_path_t path = scratch_path("secret");
    scratch_path_t link = scratch_path("link");
    put(path.text, "seed");
    assert_int_equal(symlink("secret", link.text), 0);
    dais_file_bytes_t bytes;
    assert_int_equal(dais_file_read_secret(link.text, LIMIT, &bytes), DAIS_OK);
    dais_file_free(&bytes);
    assert_int_equal(chmod(path.text, 0640), 0);
    assert_int_equal(dais_file_read_secret(link.text, LIMIT, &bytes), DAIS_ERR_EXPOSED);
}

static uint8_t freed_bytes[5]; /* what the content was when free() got it */

void free(void *memory)
{
    if (memory != NULL && fault_hits("free"))
        memcpy(freed_bytes, memory, sizeof(freed_bytes));
    FAULT_REAL(free)(memory);
}

/* Goal: freed content is wiped first. Method: look at it as free() gets it. */
static void test_free_wipes(void **state)
{
    (void)state;
    static const uint8_t zeros[sizeof(freed_bytes)];
    scratch_path_t path = scratch_path("secret");
    put(path.text, "seed");
    dais_file_bytes_t bytes;
    assert_int_equal(dais_file_read_secret(path.text, LIMIT, &bytes), DAIS_OK);
    memset(freed_bytes, 0xAA, sizeof(freed_bytes));
    fault_set("free", 0, 0);
    dais_file_free(&bytes);
    assert_int_equal(fault.fired, 1);
    assert_memory_equal(freed_bytes, zeros, sizeof(zeros));
    assert_null(bytes.data);
    assert_int_equal(bytes.size, 0);
}

/* Goal: a folder is made with its mode whatever the umask, one that is there stays as it is, and
 * anything else of that name is refused. */
static void test_ensure_folder(void **state)
{
    (void)state;
    scratch_path_t path = scratch_path("folder");
    mode_t umask_before = umask(0077);
    assert_int_equal(dais_file_ensure_folder(path.text, 0750), DAIS_OK);
    (void)umask(umask_before);
    assert_int_equal(mode_of(path.text), 0750);
    assert_int_equal(dais_file_ensure_folder(path.text, 0700), DAIS_OK);
    assert_int_equal(mode_of(path.text), 0750);
    assert_int_equal(dais_file_ensure_folder(scratch_path("slash///").text, 0700), DAIS_OK);
    assert_int_equal(mode_of(scratch_path("slash").text), 0700);
    assert_int_equal(dais_file_ensure_folder("/", 0700), DAIS_OK);
    put(scratch_path("file").text, "x");
    assert_int_equal(dais_file_ensure_folder(scratch_path("file").text, 0700), DAIS_ERR_FILE_TYPE);
    assert_int_equal(dais_file_ensure_folder(scratch_path("no/folder").text, 0700),
                     DAIS_ERR_NOT_FOUND);
    assert_int_equal(symlink("nowhere", scratch_path("dangling").text), 0);
    assert_int_equal(dais_file_ensure_folder(scratch_path("dangling").text, 0700),
                     DAIS_ERR_NOT_FOUND);
}

/* Goal: each failure on the way to a folder is reported. */
static void test_ensure_folder_faults(void **state)
{
    (void)state;
    scratch_path_t path = scratch_path("folder");
    static const char *const calls[] = {"fchmodat", "fsync", "fstatat"};
    for (size_t i = 0; i < 3; i++) {
        fault_set(calls[i], 0, EIO);
        assert_int_equal(dais_file_ensure_folder(path.text, 0700), DAIS_ERR_IO);
        assert_int_equal(fault.fired, 1);
    }
    assert_int_equal(dais_file_ensure_folder(path.text, 0700), DAIS_OK);
}

/* Goal: folders are synced, files are not taken for folders, a failed sync is reported. */
static void test_sync_folder(void **state)
{
    (void)state;
    assert_int_equal(dais_file_sync_folder(scratch_folder), DAIS_OK);
    put(scratch_path("file").text, "x");
    assert_int_equal(dais_file_sync_folder(scratch_path("file").text), DAIS_ERR_FILE_TYPE);
    assert_int_equal(dais_file_sync_folder(scratch_path("none").text), DAIS_ERR_NOT_FOUND);
    fault_set("fsync", 0, EIO);
    assert_int_equal(dais_file_sync_folder(scratch_folder), DAIS_ERR_IO);
    assert_int_equal(fault.fired, 1);
}

#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_make, scratch_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_errno_has_codes),
        IN_SCRATCH(test_replace),
        IN_SCRATCH(test_replace_in_working_folder),
        IN_SCRATCH(test_replace_does_not_follow),
        IN_SCRATCH(test_create_is_exclusive),
        IN_SCRATCH(test_bad_paths),
        IN_SCRATCH(test_replace_survives_each_fault),
        IN_SCRATCH(test_create_survives_each_fault),
        IN_SCRATCH(test_writes_go_on),
        IN_SCRATCH(test_full_disk),
        IN_SCRATCH(test_leftover_drafts),
        IN_SCRATCH(test_draft),
        IN_SCRATCH(test_read_limit),
        IN_SCRATCH(test_read_refuses_other_types),
        IN_SCRATCH(test_read_faults),
        IN_SCRATCH(test_read_of_a_changing_file),
        IN_SCRATCH(test_secret_modes),
        IN_SCRATCH(test_secret_behind_a_link),
        IN_SCRATCH(test_free_wipes),
        IN_SCRATCH(test_ensure_folder),
        IN_SCRATCH(test_ensure_folder_faults),
        IN_SCRATCH(test_sync_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
