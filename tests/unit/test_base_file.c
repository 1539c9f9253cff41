/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <limits.h>

#include "base/file.h"
#include "tests/unit/file_faults.h"

/* Goal: errno values have their codes, and one that nobody thought of is a failure of I/O. Method:
 * a table of values and codes, with -1 for the unknown. */
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
 * whatever the umask, and nothing else is left in the folder. Method: make it under a tight umask,
 * replace it twice, read it and its mode, and count the names. */
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

/* Goal: a path without a folder is one in the working folder. Method: go into the scratch folder,
 * write by a bare name, come back and read it by its path. */
static void test_replace_in_working_folder(void **state)
{
    (void)state;
    assert_int_equal(chdir(scratch_folder), 0);
    put("bare", "text");
    assert_int_equal(chdir(".."), 0);
    assert_content(scratch_path("bare").text, "text");
}

/* Goal: a link at the path is replaced and what it points to is untouched; a dangling one too.
 * Method: write to a link to a file and to a dangling one, then read all three names. */
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
 * dangling link. Method: create once, then again over each of the three, and look what is there. */
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

/* Goal: paths that lead nowhere are told apart, and leave nothing. Method: a missing folder, a file
 * used as a folder, a folder, an empty path, a name and a path that are too long; then count the
 * names. */
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

/* Goal: the same for create: nothing under the name, or all of it, the error is reported, and no
 * draft is left. Method: fail the n-th call for n = 0, 1, 2 ... until none fires, and count the
 * names. The one call that may fail is the deletion of the draft's name once the file has its own.
 */
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
    scratch_path_t other = scratch_path("other");
    fault_set("unlinkat", 0, EIO);
    assert_int_equal(dais_file_create(other.text, dais_slice_text("whole"), 0600), DAIS_OK);
    assert_int_equal(fault.fired, 1);
    assert_content(other.text, "whole");
    assert_int_equal(scratch_count(scratch_folder), 3);
}

/* Goal: interruptions and short writes are gone on from; a write that takes nothing is a failure
 * and no endless loop. Method: one byte a write with an interruption, then a write that returns
 * zero. */
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
 * for ever. Method: put a file where the first draft would be, then say EXISTS to every openat and
 * count the tries. */
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

/* Goal: drafts of dead processes are deleted and nothing else is, and one that cannot be, or a
 * folder that cannot be read, is said. Method: two drafts and a file with a name that only begins
 * alike; no folder; a draft that cannot be deleted, a folder whose second name cannot be read. */
static void test_sweep(void **state)
{
    (void)state;
    put(scratch_path(".dais-draft-4711-0").text, "a");
    put(scratch_path(".dais-draft-4711-1").text, "b");
    put(scratch_path(".dais-drafts").text, "c");
    assert_int_equal(dais_draft_sweep(scratch_path("absent").text), DAIS_ERR_NOT_FOUND);
    fault_set("unlinkat", 0, EACCES);
    assert_int_equal(dais_draft_sweep(scratch_folder), DAIS_ERR_DENIED);
    fault_set("readdir", 1, EIO);
    assert_int_equal(dais_draft_sweep(scratch_folder), DAIS_ERR_IO);
    fault_clear();
    assert_int_equal(dais_draft_sweep(scratch_folder), DAIS_OK);
    assert_int_equal(scratch_count(scratch_folder), 1);
    assert_content(scratch_path(".dais-drafts").text, "c");
    assert_int_equal(mkdir(scratch_path(".dais-draft-4711-2").text, 0700), 0);
    assert_int_equal(dais_draft_sweep(scratch_folder), DAIS_ERR_FILE_TYPE);
}

/* Goal: a draft is nowhere until it is kept, and leaves nothing when it is dropped. Method: write
 * one and drop it, write one and keep it, and look at the path and the folder. */
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

/* Goal: a folder is made with its mode whatever the umask, one that is there stays as it is, and
 * anything else of that name is refused. Method: make one under a tight umask and again with
 * another mode, one with slashes at its end, the root; then a file, a missing parent and a dangling
 * link. */
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

/* Goal: each failure on the way to a folder is reported, and the next try succeeds. Method: fail
 * fchmodat, fsync and fstatat in turn. */
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

/* Goal: folders are synced, files are not taken for folders, a failed sync is reported. Method:
 * sync a folder, a file and a name that is not there, then let fsync fail. */
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
        IN_SCRATCH(test_sweep),
        IN_SCRATCH(test_draft),
        IN_SCRATCH(test_ensure_folder),
        IN_SCRATCH(test_ensure_folder_faults),
        IN_SCRATCH(test_sync_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
