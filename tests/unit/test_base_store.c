/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <endian.h>
#include <lmdb.h>
#include <stdlib.h>

#include "base/store_private.h"
#include "tests/unit/store_faults.h"
#include "tests/unit/store_fixture.h"

static uint64_t next_seq(dais_txn_t *txn)
{
    dais_walk_t walk;
    uint64_t key_be = 0;
    dais_walk_open(&walk, txn, LOG, dais_slice(NULL, 0), dais_slice(NULL, 0), DAIS_WALK_BACKWARD);
    if (!dais_walk_next(&walk))
        return 0;
    assert_int_equal(walk.key.size, sizeof(key_be));
    memcpy(&key_be, walk.key.data, sizeof(key_be));
    return be64toh(key_be) + 1;
}

static dais_err_t fill(size_t entry_count)
{
    static uint8_t value[1000];
    dais_txn_t txn;
    dais_txn_begin(&txn, store, DAIS_TXN_WRITE);
    uint64_t first = next_seq(&txn);
    for (uint64_t i = 0; i < entry_count; i++)
        dais_txn_append(&txn, LOG, first + i, dais_slice(value, sizeof(value)));
    return dais_txn_commit(&txn);
}

/* Goal: a full map is NO_SPACE and no failure of the store: what was committed stays, rows can be
 * deleted and their room used again. A map opened smaller than the store still opens. Method:
 * append until the map is full, open it with a map of one byte and as before, delete 200 rows and
 * write again. */
static void test_map_full(void **state)
{
    (void)state;
    assert_int_equal(store_put("key", "value"), DAIS_OK);
    while (fill(100) == DAIS_OK)
        continue;
    assert_int_equal(fill(100), DAIS_ERR_NO_SPACE);
    assert_int_equal(dais_store_failure(store), DAIS_OK);
    assert_true(store_has("key", "value"));
    scratch_path_t folder = scratch_path("store");
    dais_store_options_t options = store_options(folder.text);
    options.map_bytes = 1;
    dais_store_close(&store);
    assert_int_equal(dais_store_open(&store, &options), DAIS_OK);
    assert_true(store_has("key", "value"));
    assert_int_equal(store_reopen(), DAIS_OK);
    dais_txn_t txn;
    dais_txn_begin(&txn, store, DAIS_TXN_WRITE);
    for (uint64_t seq = 0; seq < 200; seq++) {
        uint64_t key_be = htobe64(seq);
        assert_true(dais_txn_del(&txn, LOG, dais_slice(&key_be, sizeof(key_be))));
    }
    assert_int_equal(dais_txn_commit(&txn), DAIS_OK);
    assert_int_equal(store_put("after", "full"), DAIS_OK);
    assert_int_equal(fill(20), DAIS_OK);
}

/* Goal: after a commit that could not be synced, the store answers nobody: that commit and every
 * later transaction fail with its error, of which the detail is kept; after a restart all that was
 * acknowledged is there. Method: fail one fdatasync, then write, read, ask for figures and copy;
 * open again. */
static void test_failed_sync_condemns(void **state)
{
    (void)state;
    assert_int_equal(store_put("before", "value"), DAIS_OK);
    fault_set("fdatasync", 0, EIO);
    assert_int_equal(store_put("key", "value"), DAIS_ERR_IO);
    assert_int_equal(fault.fired, 1);
    assert_int_equal(dais_store_failure(store), DAIS_ERR_IO);
    assert_int_equal(dais_store_failure_detail(store), EIO);
    assert_int_equal(store_put("key", "value"), DAIS_ERR_IO);
    assert_false(store_has("before", "value"));
    dais_store_figures_t figures;
    assert_int_equal(dais_store_figures(store, &figures), DAIS_ERR_IO);
    assert_int_equal(dais_store_copy(store, scratch_path("copy").text), DAIS_ERR_IO);
    assert_int_equal(store_reopen(), DAIS_OK);
    assert_true(store_has("before", "value"));
}

static struct rlimit size_limit;

static void limit_file_size(const char *path, rlim_t more_bytes)
{
    struct stat status = {0};
    (void)stat(path, &status);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &size_limit), 0);
    const struct rlimit low = {.rlim_cur = (rlim_t)status.st_size + more_bytes,
                               .rlim_max = size_limit.rlim_max};
    (void)signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &low), 0);
}

static void unlimit_file_size(void)
{
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &size_limit), 0);
    (void)signal(SIGXFSZ, SIG_DFL);
}

/* Goal: a commit whose pages could not all be written is reported, condemns the store, and has left
 * nothing in it; and LMDB still calls a write that was cut short by a full disk EIO, so that IO has
 * to be read as "perhaps full". Method: a limit on the size of files, which the kernel enforces. */
static void test_pitfall_full_disk_is_eio(void **state)
{
    (void)state;
    assert_int_equal(store_put("before", "value"), DAIS_OK);
    limit_file_size(scratch_path("store/" DAIS_STORE_FILE).text, 8192);
    dais_err_t err = fill(300);
    unlimit_file_size();
    assert_int_equal(err, DAIS_ERR_IO);
    assert_int_equal(dais_store_failure(store), DAIS_ERR_IO);
    assert_int_equal(dais_store_failure_detail(store), EIO);
    assert_int_equal(store_put("key", "value"), DAIS_ERR_IO);
    assert_int_equal(store_reopen(), DAIS_OK);
    assert_true(store_has("before", "value"));
    dais_txn_t txn;
    dais_txn_begin(&txn, store, DAIS_TXN_READ);
    assert_int_equal(dais_txn_figures(&txn, LOG).entry_count, 0);
    assert_int_equal(dais_txn_end(&txn), DAIS_OK);
}

/* Goal: the first failure is the one that is told. Method: report two and ask for the failure and
 * its detail. */
static void test_first_failure_stands(void **state)
{
    (void)state;
    dais_store_fail(store, EIO);
    dais_store_fail(store, MDB_CORRUPTED);
    assert_int_equal(dais_store_failure(store), DAIS_ERR_IO);
    assert_int_equal(dais_store_failure_detail(store), EIO);
}

/* Goal: a reader that died leaves a slot, which the check frees and counts. Method: a child that
 * begins to read and is gone without a word. */
static void test_dead_readers_are_freed(void **state)
{
    (void)state;
    unsigned freed_count = 9;
    assert_int_equal(dais_store_check_readers(store, &freed_count), DAIS_OK);
    assert_int_equal(freed_count, 0);
    scratch_path_t folder = scratch_path("store");
    for (int round = 0; round < 2; round++) {
        pid_t child = fork();
        if (child == 0) {
            dais_store_options_t options = store_options(folder.text);
            dais_store_t *other = NULL;
            dais_txn_t txn;
            if (dais_store_open(&other, &options) != DAIS_OK)
                _exit(1);
            dais_txn_begin(&txn, other, DAIS_TXN_READ);
            fault_write_counts();
            if (txn.err == DAIS_OK)
                (void)raise(SIGKILL);
            _exit(1);
        }
        int status = 1;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status));
        if (round == 0) {
            assert_int_equal(dais_store_check_readers(store, &freed_count), DAIS_OK);
            assert_int_equal(freed_count, 1);
        }
    }
    assert_int_equal(store_reopen(), DAIS_OK); /* checks as well, so nothing is left to free */
    assert_int_equal(dais_store_check_readers(store, &freed_count), DAIS_OK);
    assert_int_equal(freed_count, 0);
    fault_set("mdb_reader_check", 0, EIO);
    assert_int_equal(dais_store_check_readers(store, &freed_count), DAIS_ERR_IO);
}

static void assert_same_rows(dais_store_t *a, dais_store_t *b)
{
    for (size_t database = 0; database < DATABASE_COUNT; database++) {
        dais_store_t *const stores[] = {a, b};
        dais_txn_t txn[2];
        dais_walk_t walk[2];
        for (int i = 0; i < 2; i++) {
            dais_txn_begin(&txn[i], stores[i], DAIS_TXN_READ);
            dais_walk_open(&walk[i], &txn[i], database, dais_slice(NULL, 0), dais_slice(NULL, 0),
                           DAIS_WALK_FORWARD);
        }
        while (dais_walk_next(&walk[0])) {
            assert_true(dais_walk_next(&walk[1]));
            assert_true(dais_slice_equal(walk[0].key, walk[1].key));
            assert_true(dais_slice_equal(walk[0].value, walk[1].value));
        }
        assert_false(dais_walk_next(&walk[1]));
        assert_int_equal(dais_txn_end(&txn[0]), DAIS_OK);
        assert_int_equal(dais_txn_end(&txn[1]), DAIS_OK);
    }
}

static bool file_holds(const char *path, const char *needle)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat status = {0};
    assert_int_equal(fstat(fd, &status), 0);
    uint8_t *bytes = (uint8_t *)malloc((size_t)status.st_size);
    assert_int_equal(read(fd, bytes, (size_t)status.st_size), status.st_size);
    bool found = memmem(bytes, (size_t)status.st_size, needle, strlen(needle)) != NULL;
    free(bytes);
    assert_int_equal(close(fd), 0);
    return found;
}

/* Goal: a copy opens and has the same rows, is smaller after deletions, private, its folder synced,
 * and holds nothing that was deleted, which the store itself does. Existing files are not
 * overwritten. Method: delete a named row and most others, copy twice to one path, look for the
 * name in the bytes of both files, and compare all rows. */
static void test_copy(void **state)
{
    (void)state;
    scratch_path_t folder = scratch_path("copied");
    scratch_path_t path = scratch_path("copied/" DAIS_STORE_FILE);
    assert_int_equal(store_put("erased", "a name to be forgotten"), DAIS_OK);
    assert_int_equal(fill(300), DAIS_OK);
    dais_txn_t txn;
    dais_txn_begin(&txn, store, DAIS_TXN_WRITE);
    assert_true(dais_txn_del(&txn, ROWS, dais_slice_text("erased")));
    for (uint64_t seq = 0; seq < 200; seq++) {
        uint64_t key_be = htobe64(seq);
        assert_true(dais_txn_del(&txn, LOG, dais_slice(&key_be, sizeof(key_be))));
    }
    dais_txn_put(&txn, ROWS, dais_slice_text("kept"), dais_slice_text("value"));
    assert_int_equal(dais_txn_commit(&txn), DAIS_OK);
    assert_int_equal(mkdir(folder.text, 0700), 0);
    folder_sync_count = 0;
    assert_int_equal(dais_store_copy(store, path.text), DAIS_OK);
    assert_int_equal(folder_sync_count, 1);
    assert_int_equal(dais_store_copy(store, path.text), DAIS_ERR_EXISTS);
    assert_int_equal(scratch_count(folder.text), 1);
    assert_true(file_holds(scratch_path("store/" DAIS_STORE_FILE).text, "to be forgotten"));
    assert_false(file_holds(path.text, "to be forgotten"));
    struct stat original = {0};
    struct stat copied = {0};
    assert_int_equal(stat(scratch_path("store/" DAIS_STORE_FILE).text, &original), 0);
    assert_int_equal(stat(path.text, &copied), 0);
    assert_true(copied.st_size < original.st_size / 2);
    assert_int_equal(copied.st_mode & 0777, 0600);
    dais_store_t *other = NULL;
    dais_store_options_t options = store_options(folder.text);
    options.create = false;
    assert_int_equal(dais_store_open(&other, &options), DAIS_OK);
    assert_same_rows(store, other);
    dais_store_close(&other);
}

/* Goal: a copy that fails leaves nothing. Method: a folder that is not there, a disk that is full,
 * a sync that fails. */
static void test_copy_fails(void **state)
{
    (void)state;
    assert_int_equal(fill(300), DAIS_OK);
    int before = scratch_count(scratch_folder);
    assert_int_equal(dais_store_copy(store, scratch_path("no/copy").text), DAIS_ERR_NOT_FOUND);
    limit_file_size("", 20000);
    dais_err_t err = dais_store_copy(store, scratch_path("copy").text);
    unlimit_file_size();
    assert_int_equal(err, DAIS_ERR_NO_SPACE);
    fault_set("fsync", 0, EIO);
    assert_int_equal(dais_store_copy(store, scratch_path("copy").text), DAIS_ERR_IO);
    assert_int_equal(scratch_count(scratch_folder), before);
    assert_int_equal(dais_store_failure(store), DAIS_OK);
    assert_int_equal(dais_store_copy(store, scratch_path("copy").text), DAIS_OK);
}

/* Goal: a process that is killed over its copy leaves nothing behind for good. Method: the same
 * file under the name of a draft as well, as a kill between its two names leaves it, and the copy
 * put in place of the store; the folder holds the store alone, without what was deleted. */
static void test_place(void **state)
{
    (void)state;
    scratch_path_t folder = scratch_path("store");
    scratch_path_t copy = scratch_path("store/copy");
    scratch_path_t draft = scratch_path("store/.dais-draft-4711-0");
    assert_int_equal(store_put("erased", "a name to be forgotten"), DAIS_OK);
    assert_int_equal(dais_store_copy(store, draft.text), DAIS_OK);
    dais_txn_t txn;
    dais_txn_begin(&txn, store, DAIS_TXN_WRITE);
    assert_true(dais_txn_del(&txn, ROWS, dais_slice_text("erased")));
    assert_int_equal(dais_txn_commit(&txn), DAIS_OK);
    assert_int_equal(dais_store_copy(store, copy.text), DAIS_OK);
    assert_true(file_holds(draft.text, "to be forgotten"));
    dais_store_close(&store);
    assert_int_equal(dais_store_place(folder.text, copy.text), DAIS_OK);
    assert_int_equal(scratch_count(folder.text), 1);
    assert_false(file_holds(scratch_path("store/" DAIS_STORE_FILE).text, "to be forgotten"));
    dais_store_options_t options = store_options(folder.text);
    options.create = false;
    assert_int_equal(dais_store_open(&store, &options), DAIS_OK);
}

/* Goal: the figures are those of the store: entries exact, bytes within what the file has. Method:
 * ask an empty store, then one with 301 rows, and compare with the size of the file. */
static void test_figures(void **state)
{
    (void)state;
    dais_store_figures_t empty;
    dais_store_figures_t full;
    assert_int_equal(dais_store_figures(store, &empty), DAIS_OK);
    assert_int_equal(empty.entry_count, 0);
    assert_int_equal(empty.used_bytes, 0);
    assert_int_equal(empty.map_bytes, STORE_MAP_BYTES);
    assert_int_equal(fill(300), DAIS_OK);
    assert_int_equal(store_put("key", "value"), DAIS_OK);
    assert_int_equal(dais_store_figures(store, &full), DAIS_OK);
    assert_int_equal(full.entry_count, 301);
    assert_in_range(full.used_bytes, 300000, full.high_bytes);
    assert_in_range(full.high_bytes, full.used_bytes, full.map_bytes);
    struct stat status = {0};
    assert_int_equal(stat(scratch_path("store/" DAIS_STORE_FILE).text, &status), 0);
    assert_in_range((uint64_t)status.st_size, 1, full.high_bytes);
    assert_int_equal(full.reader_count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_STORE(test_map_full),
        IN_STORE(test_failed_sync_condemns),
        IN_STORE(test_pitfall_full_disk_is_eio),
        IN_STORE(test_first_failure_stands),
        IN_STORE(test_dead_readers_are_freed),
        IN_STORE(test_copy),
        IN_STORE(test_copy_fails),
        IN_STORE(test_place),
        IN_STORE(test_figures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
