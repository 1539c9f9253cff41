/* SPDX-License-Identifier: Apache-2.0 */
#include "office/outbox_erase.h"

#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "tests/unit/outbox_made.h"

static uint8_t copies[2][DAIS_LIMIT_BUNDLE_BYTES];

/* Whether the files of the outbox hold these bytes. */
static bool file_has(const char *bytes, size_t size)
{
    char path[SCRATCH_PATH_MAX + 16];
    (void)snprintf(path, sizeof path, "%s/%s", folder, DAIS_STORE_FILE);
    dais_file_bytes_t file;
    assert_int_equal(dais_file_read(path, (size_t)64 << 20, &file), DAIS_OK);
    bool has = memmem(file.data, file.size, bytes, size) != NULL;
    dais_file_free(&file);
    return has;
}

/* Bundle 0 has its receipt, as far as its messages' fates say. */
static void log_bundle(const char *name)
{
    dais_txn_t txn;
    dais_outbox_fate_t found = fate(name);
    dais_id_t id = dais_sample_id(name);
    dais_outbox_key_t open = dais_outbox_key(0, found.k);
    uint64_t number;
    found.state = DAIS_FATE_LOGGED;
    found.seq = 5;
    dais_txn_begin(&txn, outbox.store, DAIS_TXN_WRITE);
    assert_true(dais_outbox_find(&txn, &id, &number));
    dais_outbox_fate_put(&txn, number, &found);
    assert_true(dais_txn_del(&txn, DAIS_OUTBOX_OPEN, dais_outbox_key_slice(&open)));
    assert_int_equal(dais_txn_commit(&txn), DAIS_OK);
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
    log_bundle("a");
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
    dais_key_t salt = dais_sample_salt("a");
    int pipe_fd;
    int status;
    bool busy;
    (void)state;
    put("a", false, 5000);
    assert_true(bundle(0));
    log_bundle("a");
    put("b", false, 3000);
    assert_int_equal(dais_outbox_erase(&outbox, &bundler, 1, 9), DAIS_OK);
    assert_true(file_has((const char *)salt.bytes, sizeof salt.bytes));
    dais_outbox_close(&outbox);
    pid_t child = hold(&pipe_fd);
    assert_int_equal(dais_outbox_open(&outbox, folder, &bundler.device->key, &log_hash), DAIS_OK);
    assert_int_equal(dais_outbox_forget_erased(&outbox, &busy), DAIS_OK);
    assert_true(busy);
    assert_true(file_has((const char *)salt.bytes, sizeof salt.bytes));
    (void)close(pipe_fd);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_equal(dais_outbox_forget_erased(&outbox, &busy), DAIS_OK);
    assert_false(busy);
    assert_false(file_has((const char *)salt.bytes, sizeof salt.bytes));
    assert_int_equal(fate("a").state, DAIS_FATE_LOGGED);
    assert_int_equal(fate("b").state, DAIS_FATE_QUEUED);
    put("c", false, 0);
    assert_true(bundle(0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_erase, outbox_make, outbox_remove),
        cmocka_unit_test_setup_teardown(test_forget, outbox_make, outbox_remove),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
