/* SPDX-License-Identifier: Apache-2.0 */
#include "office/outbox_erase.h"

#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "office/outbox_files.h"
#include "tests/unit/outbox_made.h"

static uint8_t copies[2][DAIS_LIMIT_BUNDLE_BYTES];

/* Whether the file holds the salt of this message. */
static bool file_has(const char *path, const char *name)
{
    dais_key_t salt = dais_sample_salt(name);
    dais_file_bytes_t file;
    assert_int_equal(dais_file_read(path, (size_t)64 << 20, &file), DAIS_OK);
    bool has = memmem(file.data, file.size, salt.bytes, sizeof salt.bytes) != NULL;
    dais_file_free(&file);
    return has;
}

static bool outbox_has(const char *name)
{
    char path[SCRATCH_PATH_MAX + 16];
    (void)snprintf(path, sizeof path, "%s/%s", folder, DAIS_STORE_FILE);
    return file_has(path, name);
}

/* The message has its receipt, as far as its fate says. */
static void log_message(const char *name)
{
    dais_txn_t txn;
    dais_outbox_fate_t found = fate(name);
    dais_id_t id = dais_sample_id(name);
    uint64_t number;
    found.state = DAIS_FATE_LOGGED;
    found.seq = 5;
    dais_txn_begin(&txn, outbox.store, DAIS_TXN_WRITE);
    assert_true(dais_outbox_find(&txn, &id, &number));
    dais_outbox_fate_put(&txn, number, &found);
    assert_int_equal(dais_txn_commit(&txn), DAIS_OK);
}

/* Nothing of this bundle is waited for any more. */
static void close_bundle(uint64_t k)
{
    dais_txn_t txn;
    dais_outbox_key_t open = dais_outbox_key(0, k);
    dais_txn_begin(&txn, outbox.store, DAIS_TXN_WRITE);
    assert_true(dais_txn_del(&txn, DAIS_OUTBOX_OPEN, dais_outbox_key_slice(&open)));
    assert_int_equal(dais_txn_commit(&txn), DAIS_OK);
}

/* "a" is in the log and "b" is not. */
static void put_both(void)
{
    put("a", false, 5000);
    assert_true(bundle(0));
    log_message("a");
    close_bundle(0);
    put("b", false, 3000);
}

/* Another process that has the outbox open until its end of the pipe is closed. */
static pid_t hold(int *pipe_fd)
{
    int up[2];
    int down[2];
    char byte;
    assert_int_equal(pipe(up), 0);
    assert_int_equal(pipe(down), 0);
    pid_t child = fork();
    if (child == 0) {
        dais_outbox_t other;
        (void)close(down[1]);
        bool good = dais_outbox_open(&other, folder, &bundler.device->key, &log_hash) == DAIS_OK;
        _exit(good && write(up[1], "1", 1) == 1 && read(down[0], &byte, 1) == 0 ? 0 : 1);
    }
    (void)close(up[1]);
    (void)close(down[0]);
    assert_int_equal(read(up[0], &byte, 1), 1);
    (void)close(up[0]);
    *pipe_fd = down[1];
    return child;
}

/* Goal: what was erased leaves the outbox, and nothing else does. Method: a message that is queued,
 * sent and logged in turn; only then its contents go, out of its row and its bundle's, while those
 * of another stay, as does all that a receipt is made of. */
static void test_erase(void **state)
{
    dais_outbox_message_t message;
    dais_txn_t txn;
    uint64_t at;
    bool busy;
    (void)state;
    put("a", false, 5000);
    assert_int_equal(dais_outbox_erase(&outbox, &bundler, 1, 9), DAIS_ERR_NOT_FOUND);
    assert_true(bundle(0));
    put("b", false, 3000);
    assert_int_equal(dais_outbox_erase(&outbox, &bundler, 1, 9), DAIS_ERR_NOT_FOUND);
    assert_int_equal(dais_outbox_erase(&outbox, &bundler, 7, 9), DAIS_ERR_NOT_FOUND);
    dais_outbox_bundle_t before = kept(0, 0, copies[0]);
    dais_slice_t envelope = dais_outbox_envelope(before.parcel);
    log_message("a");
    assert_int_equal(dais_outbox_erase(&outbox, &bundler, 1, 9), DAIS_ERR_NOT_FOUND);
    close_bundle(0);
    assert_int_equal(dais_outbox_forget_erased(&outbox, &busy), DAIS_OK);
    assert_int_equal(dais_outbox_erase(&outbox, &bundler, 1, 9), DAIS_OK);
    dais_outbox_bundle_t after = kept(0, 0, copies[1]);
    assert_true(dais_slice_equal(dais_outbox_envelope(after.parcel), envelope));
    assert_true(after.parcel.size < envelope.size + 64);
    assert_true(dais_hash_equal(&after.hash, &before.hash));
    assert_int_equal(after.count, 1);
    assert_int_equal(fate("a").state, DAIS_FATE_LOGGED);
    dais_txn_begin(&txn, outbox.store, DAIS_TXN_READ);
    assert_true(dais_outbox_message(&txn, 1, &message));
    assert_true(message.message.size > 0);
    assert_int_equal(message.public_opening.size + message.private_opening.size, 0);
    assert_true(dais_outbox_erased(&txn, 1, &at));
    assert_int_equal(at, 9);
    assert_true(dais_outbox_message(&txn, 2, &message));
    assert_int_equal(message.public_opening.size, DAIS_SALT_SIZE + 3000);
    assert_false(dais_outbox_erased(&txn, 2, &at));
    assert_int_equal(dais_txn_end(&txn), DAIS_OK);
}

/* Goal: the bytes leave the file, and never under the feet of another process. Method: while
 * another has it open nothing is done, and it is still due after the outbox was closed; then the
 * salt, which the free pages still had, is gone from the file, and it is open with all else in it.
 */
static void test_forget(void **state)
{
    int pipe_fd;
    int status;
    bool busy;
    (void)state;
    put_both();
    assert_int_equal(dais_outbox_erase(&outbox, &bundler, 1, 9), DAIS_OK);
    assert_true(outbox_has("a"));
    dais_outbox_close(&outbox);
    pid_t child = hold(&pipe_fd);
    assert_int_equal(dais_outbox_open(&outbox, folder, &bundler.device->key, &log_hash), DAIS_OK);
    assert_int_equal(dais_outbox_forget_erased(&outbox, &busy), DAIS_OK);
    assert_true(busy);
    assert_true(outbox_has("a"));
    (void)close(pipe_fd);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_equal(dais_outbox_forget_erased(&outbox, &busy), DAIS_OK);
    assert_false(busy);
    assert_false(outbox_has("a"));
    assert_int_equal(fate("a").state, DAIS_FATE_LOGGED);
    assert_int_equal(fate("b").state, DAIS_FATE_QUEUED);
    put("c", false, 0);
    assert_true(bundle(0));
}

/* Goal: two messages that went out in one bundle part there: the text of the erased one is nowhere,
 * and the other, whose receipt came later, keeps its own. Method: both in bundle 0, each logged in
 * turn; the first erased as soon as that is possible. */
static void test_shared_bundle(void **state)
{
    dais_outbox_message_t message;
    dais_txn_t txn;
    bool busy;
    (void)state;
    put("a", false, 5000);
    put("b", false, 3000);
    assert_true(bundle(0));
    assert_int_equal(kept(0, 0, copies[0]).count, 2);
    log_message("a");
    assert_int_equal(dais_outbox_erase(&outbox, &bundler, 1, 9), DAIS_ERR_NOT_FOUND);
    assert_true(kept(0, 0, copies[0]).parcel.size > 8000);
    log_message("b");
    close_bundle(0);
    assert_int_equal(dais_outbox_erase(&outbox, &bundler, 1, 9), DAIS_OK);
    assert_int_equal(dais_outbox_forget_erased(&outbox, &busy), DAIS_OK);
    assert_false(outbox_has("a"));
    assert_true(outbox_has("b"));
    dais_txn_begin(&txn, outbox.store, DAIS_TXN_READ);
    assert_true(dais_outbox_message(&txn, 2, &message));
    assert_int_equal(message.public_opening.size, DAIS_SALT_SIZE + 3000);
    assert_int_equal(dais_txn_end(&txn), DAIS_OK);
}

/* Goal: what was erased comes back by no file of the outbox. Method: a file made before the old
 * pages are given up, and one made after; neither has the salt; taken into an empty outbox, each
 * gives the other message only, and says that one was left out. */
static void test_files(void **state)
{
    (void)state;
    put_both();
    assert_int_equal(dais_outbox_erase(&outbox, &bundler, 1, 9), DAIS_OK);
    for (unsigned i = 0; i < 2; i++) {
        char path[SCRATCH_PATH_MAX];
        char empty[SCRATCH_PATH_MAX];
        dais_outbox_merged_t merged;
        dais_outbox_t other;
        bool busy;
        (void)snprintf(path, sizeof path, "%s/file%u", scratch_folder, i);
        (void)snprintf(empty, sizeof empty, "%s/empty%u", scratch_folder, i);
        assert_int_equal(outbox_has("a"), i == 0);
        assert_int_equal(dais_outbox_export(&outbox, path), DAIS_OK);
        assert_false(file_has(path, "a"));
        assert_true(file_has(path, "b"));
        assert_int_equal(dais_outbox_open(&other, empty, &bundler.device->key, &log_hash), DAIS_OK);
        for (unsigned again = 0; again < 2; again++) {
            assert_int_equal(
                dais_outbox_merge(&other, path, &bundler.device->key, &log_hash, false, &merged),
                DAIS_OK);
            assert_int_equal(merged.added, again == 0);
            assert_int_equal(merged.known, again == 1);
            assert_int_equal(merged.erased, 1);
        }
        dais_outbox_close(&other);
        assert_int_equal(dais_outbox_forget_erased(&outbox, &busy), DAIS_OK);
        assert_false(busy);
    }
}

/* Goal: what has not gone out can be taken back, and is then nowhere; what has gone out cannot.
 * Method: one queued, beside one that stays; looked at first, which changes nothing; the same of
 * one in a bundle and of one that is refused. */
static void test_remove(void **state)
{
    dais_id_t ids[] = {dais_sample_id("a"), dais_sample_id("b"), dais_sample_id("absent")};
    dais_outbox_counts_t counts;
    uint64_t refused;
    bool busy;
    (void)state;
    put("a", false, 5000);
    put("b", false, 3000);
    assert_int_equal(dais_outbox_remove(&outbox, &ids[2], false), DAIS_ERR_NOT_FOUND);
    assert_int_equal(dais_outbox_remove(&outbox, &ids[0], true), DAIS_OK);
    assert_int_equal(fate("a").state, DAIS_FATE_QUEUED);
    assert_int_equal(dais_outbox_remove(&outbox, &ids[0], false), DAIS_OK);
    assert_int_equal(dais_outbox_remove(&outbox, &ids[0], false), DAIS_ERR_NOT_FOUND);
    assert_int_equal(dais_outbox_forget_erased(&outbox, &busy), DAIS_OK);
    assert_false(busy || outbox_has("a"));
    assert_true(outbox_has("b"));
    assert_true(bundle(0));
    assert_int_equal(kept(0, 0, copies[0]).count, 1);
    assert_int_equal(dais_outbox_remove(&outbox, &ids[1], false), DAIS_ERR_NOT_FOUND);
    assert_int_equal(dais_outbox_refused(&outbox, &log_hash, 0, 0, "bad-message", &refused),
                     DAIS_OK);
    assert_int_equal(fate("b").state, DAIS_FATE_REFUSED);
    assert_int_equal(dais_outbox_remove(&outbox, &ids[1], false), DAIS_OK);
    assert_int_equal(dais_outbox_forget_erased(&outbox, &busy), DAIS_OK);
    assert_false(outbox_has("b"));
    assert_int_equal(dais_outbox_count(&outbox, &counts), DAIS_OK);
    assert_int_equal(counts.queued + counts.bundled + counts.logged + counts.stuck + counts.refused,
                     0);
    put("a", false, 10); /* and may be said again */
    assert_true(bundle(0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_erase, outbox_make, outbox_remove),
        cmocka_unit_test_setup_teardown(test_forget, outbox_make, outbox_remove),
        cmocka_unit_test_setup_teardown(test_shared_bundle, outbox_make, outbox_remove),
        cmocka_unit_test_setup_teardown(test_files, outbox_make, outbox_remove),
        cmocka_unit_test_setup_teardown(test_remove, outbox_make, outbox_remove),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
