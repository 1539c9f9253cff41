/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <limits.h>
#include <lmdb.h>

#include "base/file.h"
#include "base/store_private.h"
#include "tests/unit/store_faults.h"
#include "tests/unit/store_fixture.h"

/* Goal: every code of LMDB has the one of ours that was meant for it. Method: a table of the codes
 * of LMDB and of errno. */
static void test_codes(void **state)
{
    (void)state;
    static const struct {
        int code;
        dais_err_t err;
    } known[] = {
        {MDB_SUCCESS, DAIS_OK},
        {MDB_NOTFOUND, DAIS_ERR_NOT_FOUND},
        {MDB_KEYEXIST, DAIS_ERR_EXISTS},
        {MDB_BAD_VALSIZE, DAIS_ERR_TOO_LONG},
        {MDB_MAP_FULL, DAIS_ERR_NO_SPACE},
        {MDB_MAP_RESIZED, DAIS_ERR_NO_SPACE},
        {MDB_TXN_FULL, DAIS_ERR_NO_SPACE},
        {MDB_DBS_FULL, DAIS_ERR_NO_SPACE},
        {MDB_READERS_FULL, DAIS_ERR_NO_SPACE},
        {ENOSPC, DAIS_ERR_NO_SPACE},
        {MDB_PANIC, DAIS_ERR_CORRUPT},
        {MDB_CORRUPTED, DAIS_ERR_CORRUPT},
        {MDB_PAGE_NOTFOUND, DAIS_ERR_CORRUPT},
        {MDB_INVALID, DAIS_ERR_CORRUPT},
        {MDB_VERSION_MISMATCH, DAIS_ERR_CORRUPT},
        {MDB_INCOMPATIBLE, DAIS_ERR_CORRUPT},
        {MDB_CURSOR_FULL, DAIS_ERR_CORRUPT},
        {MDB_PAGE_FULL, DAIS_ERR_CORRUPT},
        {MDB_BAD_TXN, DAIS_ERR_IO},
        {EIO, DAIS_ERR_IO},
        {EACCES, DAIS_ERR_DENIED},
        {ENOMEM, DAIS_ERR_NO_MEMORY},
        {ENOENT, DAIS_ERR_NOT_FOUND},
    };
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        assert_int_equal(dais_store_err(known[i].code), known[i].err);
}

/* Goal: a new store is private and empty, and what was committed is there after a restart. Method:
 * look at the modes of the folder and the file, write a row, open again and read it. That all is
 * synced: test_every_opening_syncs. */
static void test_create_and_reopen(void **state)
{
    (void)state;
    struct stat status = {0};
    assert_int_equal(stat(scratch_path("store").text, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0700);
    assert_int_equal(stat(scratch_path("store/" DAIS_STORE_FILE).text, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_true(store_has("key", NULL));
    assert_int_equal(store_put("key", "value"), DAIS_OK);
    assert_int_equal(store_reopen(), DAIS_OK);
    assert_true(store_has("key", "value"));
    assert_int_equal(dais_store_failure(store), DAIS_OK);
}

/* Goal: each opening syncs the data and both folders before it returns, not only the first: an
 * earlier process may have been killed between a write and its sync. Method: open again and count
 * the syncs. */
static void test_every_opening_syncs(void **state)
{
    (void)state;
    sync_count = 0;
    folder_sync_count = 0;
    assert_int_equal(store_reopen(), DAIS_OK);
    assert_int_equal(sync_count, 1);
    assert_int_equal(folder_sync_count, 2);
}

static dais_err_t open_other(dais_store_t **other, dais_store_options_t options)
{
    dais_err_t err = dais_store_open(other, &options);
    if (err != DAIS_OK)
        assert_null(*other);
    return err;
}

/* Goal: without leave to create, nothing is created: neither where there is nothing nor where a
 * crash left an empty file. Method: open a missing folder, an empty one and one with an empty file;
 * then with leave. */
static void test_absent_is_not_created(void **state)
{
    (void)state;
    dais_store_t *other = NULL;
    scratch_path_t folder = scratch_path("other");
    dais_store_options_t options = store_options(folder.text);
    options.create = false;
    assert_int_equal(open_other(&other, options), DAIS_ERR_NOT_FOUND);
    assert_int_equal(access(folder.text, F_OK), -1);
    assert_int_equal(mkdir(folder.text, 0700), 0);
    assert_int_equal(open_other(&other, options), DAIS_ERR_NOT_FOUND);
    assert_int_equal(scratch_count(folder.text), 0);
    int fd = open(scratch_path("other/" DAIS_STORE_FILE).text, O_CREAT | O_CLOEXEC, 0600);
    assert_int_equal(close(fd), 0);
    assert_int_equal(open_other(&other, options), DAIS_ERR_NOT_FOUND);
    options.create = true;
    assert_int_equal(open_other(&other, options), DAIS_OK);
    dais_store_close(&other);
    dais_store_close(&other);
}

/* Goal: folders that cannot be are told apart. Method: one below a missing folder, a file, a path
 * that is too long, and the longest that is not. */
static void test_bad_folders(void **state)
{
    (void)state;
    dais_store_t *other = NULL;
    assert_int_equal(open_other(&other, store_options(scratch_path("no/store").text)),
                     DAIS_ERR_NOT_FOUND);
    assert_int_equal(open_other(&other, store_options(scratch_path("store/" DAIS_STORE_FILE).text)),
                     DAIS_ERR_FILE_TYPE);
    static char path[PATH_MAX + 10];
    memset(path, '/', sizeof(path) - 1);
    dais_store_options_t options = store_options(path);
    assert_int_equal(open_other(&other, options), DAIS_ERR_TOO_LONG);
    memset(path, '/', sizeof(path));
    path[PATH_MAX - sizeof("/" DAIS_STORE_FILE)] = '\0';
    options.create = false;
    assert_int_equal(open_other(&other, options), DAIS_ERR_NOT_FOUND); /* not in the root */
}

/* Goal: the same store is not opened twice in a process, by whatever path, and is free again once
 * it is closed. That this is needed: test_pitfall_second_handle_drops_locks. Method: open it by its
 * path, a longer one and a link; then another store, and the same inode on another device. */
static void test_open_twice_is_refused(void **state)
{
    (void)state;
    dais_store_t *other = NULL;
    assert_int_equal(symlink("store", scratch_path("link").text), 0);
    assert_int_equal(open_other(&other, store_options(scratch_path("store").text)),
                     DAIS_ERR_OPEN_TWICE);
    assert_int_equal(open_other(&other, store_options(scratch_path("./store/.").text)),
                     DAIS_ERR_OPEN_TWICE);
    dais_store_options_t options = store_options(scratch_path("link").text);
    scratch_path_t link = scratch_path("link");
    options.folder = link.text;
    assert_int_equal(open_other(&other, options), DAIS_ERR_OPEN_TWICE);
    assert_int_equal(open_other(&other, store_options(scratch_path("second").text)), DAIS_OK);
    dais_store_close(&other);
    other_device = 1; /* the same inode there is another folder */
    assert_int_equal(open_other(&other, options), DAIS_OK);
    other_device = 0;
    assert_int_equal(store_put("key", "value"), DAIS_OK);
    assert_int_equal(store_reopen(), DAIS_OK);
    dais_store_close(&other);
    assert_true(store_has("key", "value"));
}

/* Whether another process could take the write lock of the whole lock file. */
static bool locks_are_held(const char *folder)
{
    char path[SCRATCH_PATH_MAX];
    (void)snprintf(path, sizeof(path), "%s/lock.mdb", folder);
    pid_t child = fork();
    if (child == 0) {
        struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
        int fd = open(path, O_RDWR | O_CLOEXEC);
        if (fd >= 0 && fcntl(fd, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK)
            (void)raise(SIGKILL); /* says yes */
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status);
}

/* Goal: the trap that OPEN_TWICE is for is still there: closing a second handle to an environment
 * lets go the locks of the first, and another process then takes its live readers for dead.
 * Method: two handles by LMDB itself. */
static void test_pitfall_second_handle_drops_locks(void **state)
{
    (void)state;
    scratch_path_t folder = scratch_path("store");
    assert_true(locks_are_held(folder.text));
    MDB_env *second = NULL;
    assert_int_equal(mdb_env_create(&second), MDB_SUCCESS);
    assert_int_equal(mdb_env_open(second, folder.text, MDB_NOTLS, 0600), MDB_SUCCESS);
    mdb_env_close(second);
    assert_false(locks_are_held(folder.text));
}

/* Goal: a file that is no store is refused and left as it is. Method: text, and a store whose two
 * opening pages are damaged. */
static void test_garbage_is_refused(void **state)
{
    (void)state;
    scratch_path_t file = scratch_path("store/" DAIS_STORE_FILE);
    dais_store_close(&store);
    FILE *garbage = fopen(file.text, "r+e");
    assert_non_null(garbage);
    static const uint8_t noise[8192] = {1, 2, 3};
    assert_int_equal(fwrite(noise, 1, sizeof(noise), garbage), sizeof(noise));
    assert_int_equal(fclose(garbage), 0);
    struct stat before = {0};
    struct stat after = {0};
    assert_int_equal(stat(file.text, &before), 0);
    assert_int_equal(store_reopen(), DAIS_ERR_CORRUPT);
    assert_null(store);
    assert_int_equal(stat(file.text, &after), 0);
    assert_int_equal(before.st_size, after.st_size);
    assert_int_equal(before.st_mtim.tv_nsec, after.st_mtim.tv_nsec);
}

/* Goal: whatever fails while a store is opened, it is reported, nothing is left open, and the next
 * try succeeds. Method: fail the n-th call for n = 0, 1, 2 ... until none fires. */
static void test_open_survives_each_fault(void **state)
{
    (void)state;
    assert_int_equal(store_put("key", "value"), DAIS_OK);
    unsigned fired = 0;
    for (unsigned n = 0;; n++) {
        fault_set("*", n, EIO);
        dais_err_t err = store_reopen();
        fault_clear();
        if (fault.fired == 0)
            break;
        fired++;
        assert_true(err == DAIS_ERR_IO || err == DAIS_ERR_NO_MEMORY);
        assert_null(store);
    }
    /* Seven for the environment, begin, two databases, two folders; within LMDB a sync; memory. */
    assert_in_range(fired, 13, 30);
    assert_true(store_has("key", "value"));
}

/* Goal: the look at the folder may fail at each of its two places. Method: fail the first stat,
 * then the second; then none. */
static void test_open_without_a_look(void **state)
{
    (void)state;
    stat_fails = true;
    for (unsigned n = 0; n < 2; n++) {
        fault_set("stat", n, EIO);
        assert_int_equal(store_reopen(), DAIS_ERR_IO);
        assert_int_equal(fault.fired, 1);
    }
    stat_fails = false;
    assert_int_equal(store_reopen(), DAIS_OK);
}

/* Goal: a database that a later version declares is added to a store of an earlier one, and what is
 * in the others stays. Method: open with a third name, read the old row and append to the new
 * database. */
static void test_a_database_is_added(void **state)
{
    (void)state;
    static const char *const names[] = {"rows", "log", "third"};
    assert_int_equal(store_put("key", "value"), DAIS_OK);
    dais_store_close(&store);
    scratch_path_t folder = scratch_path("store");
    dais_store_options_t options = store_options(folder.text);
    options.databases = names;
    options.database_count = 3;
    assert_int_equal(dais_store_open(&store, &options), DAIS_OK);
    assert_true(store_has("key", "value"));
    dais_txn_t txn;
    dais_txn_begin(&txn, store, DAIS_TXN_WRITE);
    dais_txn_append(&txn, 2, 1, dais_slice_text("x"));
    assert_int_equal(dais_txn_commit(&txn), DAIS_OK);
}

/* Goal: the map is whole pages. Method: ask for one byte more than a whole number of them, and read
 * the figure. */
static void test_map_is_whole_pages(void **state)
{
    (void)state;
    scratch_path_t folder = scratch_path("store");
    dais_store_options_t options = store_options(folder.text);
    options.map_bytes = STORE_MAP_BYTES + 1;
    dais_store_close(&store);
    assert_int_equal(dais_store_open(&store, &options), DAIS_OK);
    dais_store_figures_t figures;
    assert_int_equal(dais_store_figures(store, &figures), DAIS_OK);
    assert_int_equal(figures.map_bytes, STORE_MAP_BYTES + (uint64_t)sysconf(_SC_PAGESIZE));
}

/* Goal: the limits that are promised are those of the LMDB that is installed. Method: ask LMDB for
 * its longest key and its version. */
static void test_pitfall_limits_of_lmdb(void **state)
{
    (void)state;
    assert_int_equal(mdb_env_get_maxkeysize(store->env), DAIS_STORE_KEY_SIZE_MAX);
    int major = 0;
    int minor = 0;
    int patch = 0;
    (void)mdb_version(&major, &minor, &patch);
    assert_int_equal(major, 0);
    assert_int_equal(minor, 9); /* 1.0 has another file format */
    assert_true(patch >= 24);
}

typedef struct {
    size_t map_bytes;
    unsigned reader_count_max;
    size_t database_count;
} bad_options_t;

static void open_badly(void *context)
{
    const bad_options_t *bad = (const bad_options_t *)context;
    dais_store_options_t options = store_options("nowhere/at/all");
    options.map_bytes = bad->map_bytes;
    options.reader_count_max = bad->reader_count_max;
    options.database_count = bad->database_count;
    dais_store_t *other = NULL;
    (void)!dais_store_open(&other, &options);
}

static void close_while_reading(void *context)
{
    scratch_path_t folder = scratch_path((const char *)context);
    dais_store_options_t options = store_options(folder.text);
    dais_store_t *other = NULL;
    dais_txn_t txn;
    if (dais_store_open(&other, &options) != DAIS_OK)
        return;
    dais_txn_begin(&txn, other, DAIS_TXN_READ);
    dais_store_close(&other);
}

/* Goal: wrong options and a close with a transaction open are bugs and stop the process. Method:
 * each in a child, and good options, which do not. */
static void test_misuse_is_a_bug(void **state)
{
    (void)state;
    bad_options_t good = {1, 1, 1};
    bad_options_t bad[] = {{0, 1, 1}, {1, 0, 1}, {1, 1, 0}, {1, 1, 33}};
    assert_false(fault_aborts(open_badly, &good));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_true(fault_aborts(open_badly, &bad[i]));
    char name[] = "other";
    assert_true(fault_aborts(close_while_reading, name));
}

static void write_while_looking(void *context)
{
    dais_txn_t txn;
    (void)context;
    dais_txn_begin(&txn, store, DAIS_TXN_WRITE);
}

/* Goal: who only looks changes nothing, and sees the whole store, whatever its map is set to.
 * Method: the bytes of the data file around a look without a map size; a store that lacks a
 * database of those that are asked for; to write in one is a bug. */
static void test_looking(void **state)
{
    (void)state;
    static const char *const more[] = {"rows", "log", "absent"};
    scratch_path_t folder = scratch_path("store");
    scratch_path_t path = scratch_path("store/" DAIS_STORE_FILE);
    dais_file_bytes_t before;
    dais_file_bytes_t after;
    dais_store_options_t options = store_options(folder.text);
    assert_int_equal(store_put("a", "1"), DAIS_OK);
    dais_store_close(&store);
    assert_int_equal(dais_file_read(path.text, STORE_MAP_BYTES, &before), DAIS_OK);
    options.create = false;
    options.read_only = true;
    options.map_bytes = 0;
    assert_int_equal(dais_store_open(&store, &options), DAIS_OK);
    assert_true(store_has("a", "1"));
    assert_true(fault_aborts(write_while_looking, NULL));
    dais_store_close(&store);
    options.databases = more;
    options.database_count = 3;
    assert_int_equal(dais_store_open(&store, &options), DAIS_ERR_CORRUPT);
    assert_int_equal(dais_file_read(path.text, STORE_MAP_BYTES, &after), DAIS_OK);
    assert_true(
        dais_slice_equal(dais_slice(before.data, before.size), dais_slice(after.data, after.size)));
    dais_file_free(&before);
    dais_file_free(&after);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_codes),
        IN_STORE(test_create_and_reopen),
        IN_STORE(test_every_opening_syncs),
        IN_STORE(test_absent_is_not_created),
        IN_STORE(test_bad_folders),
        IN_STORE(test_open_twice_is_refused),
        IN_STORE(test_pitfall_second_handle_drops_locks),
        IN_STORE(test_garbage_is_refused),
        IN_STORE(test_open_survives_each_fault),
        IN_STORE(test_open_without_a_look),
        IN_STORE(test_a_database_is_added),
        IN_STORE(test_map_is_whole_pages),
        IN_STORE(test_pitfall_limits_of_lmdb),
        IN_STORE(test_misuse_is_a_bug),
        IN_STORE(test_looking),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
