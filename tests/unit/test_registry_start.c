/* SPDX-License-Identifier: Apache-2.0
 *
 * What a registry finds when it starts: after a crash at each step of a commit, after a backup was
 * put in the place of the store, after a guard was lost or torn, and after somebody changed what
 * lies on the disk. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <fcntl.h>
#include <unistd.h>

#include "base/store.h"
#include "registry/check.h"
#include "registry/log/guard.h"
#include "tests/support/registry_world.h"
#include "tests/support/scenario_pack.h"
#include "tests/unit/scratch.h"

#define T0 UINT64_C(1800000000000)

static world_t world;
static uint64_t stamped_at;

static int world_setup(void **state)
{
    if (scratch_make(state) != 0)
        return -1;
    stamped_at = T0;
    world_open(&world, scratch_folder, T0);
    world_create_sound(&world);
    world_add_key(&world, "sec", "ia", DAIS_ROLE_INTAKE, "", "");
    world_add_key(&world, "sec", "office", DAIS_ROLE_OFFICE, "", "");
    return 0;
}

static int world_teardown(void **state)
{
    world_close(&world);
    return scratch_remove(state);
}

static world_bundle_t replies(unsigned count)
{
    dais_item_t items[DAIS_LIMIT_BUNDLE_MESSAGES];
    for (unsigned i = 0; i < count; i++) {
        dais_message_t message = {.actor = scenario_pack_id("office")};
        dais_reply_t reply = {.notice = i};
        items[i] =
            world_item(&world, "office", DAIS_KIND_REPLY, &reply, &message, dais_slice(NULL, 0));
    }
    return world_bundle(&world, "office", DAIS_STREAM_OPEN, items, count, NULL);
}

static void log_more(unsigned count)
{
    world_bundle_t bundle = replies(count);
    world_send(&world, "ia", ++stamped_at, &bundle, 1);
}

static uint64_t size(void)
{
    return dais_book_size(dais_cycle_book(world.cycle));
}

static scratch_path_t cycle_path(const char *name)
{
    char path[128];
    (void)snprintf(path, sizeof path, "cycles/c/%s", name);
    return scratch_path(path);
}

static void move(const char *from, const char *to)
{
    scratch_path_t a = cycle_path(from);
    scratch_path_t b = cycle_path(to);
    assert_int_equal(rename(a.text, b.text), 0);
}

/* Flips a bit of a file. */
static void spoil(const char *name, off_t at)
{
    scratch_path_t path = cycle_path(name);
    uint8_t byte;
    int fd = open(path.text, O_RDWR | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(pread(fd, &byte, 1, at), 1);
    byte ^= 1;
    assert_int_equal(pwrite(fd, &byte, 1, at), 1);
    assert_int_equal(close(fd), 0);
}

/* Goal: a crash between commit and guard loses nothing and signs nothing twice. Method: commit
 * without the guard, start anew; what the intake hands over again was taken. */
static void test_crash_before_guard(void **state)
{
    world_bundle_t bundle = replies(3);
    uint64_t before = size();
    (void)state;
    dais_hand_over_t hand_over = world_stamp(&world, "ia", T0 + 1, &bundle, 1);
    world_must(dais_cycle_batch_begin(world.cycle));
    assert_int_equal(dais_cycle_take(world.cycle, &hand_over).err, DAIS_OK);
    world_must(dais_book_commit_unguarded(dais_cycle_book(world.cycle)));
    world_must(world_reopen(&world));
    assert_int_equal(size(), before + 3);
    assert_int_equal(dais_book_signed_size(dais_cycle_book(world.cycle)), before + 3);
    dais_take_t take = world_hand_over(&world, &hand_over);
    assert_int_equal(take.next, 1);
    assert_int_equal(size(), before + 3);
    world_verify(&world);
}

/* Goal: a crash before the commit leaves what was there. Method: take, and close without the end of
 * the batch; then the same hand-over is taken as if for the first time. */
static void test_crash_before_commit(void **state)
{
    world_bundle_t bundle = replies(3);
    uint64_t before = size();
    (void)state;
    dais_hand_over_t hand_over = world_stamp(&world, "ia", T0 + 1, &bundle, 1);
    world_must(dais_cycle_batch_begin(world.cycle));
    assert_int_equal(dais_cycle_take(world.cycle, &hand_over).err, DAIS_OK);
    world_must(world_reopen(&world));
    assert_int_equal(size(), before);
    assert_int_equal(world_hand_over(&world, &hand_over).next, 1);
    assert_int_equal(size(), before + 3);
    world_verify(&world);
}

/* Goal: a store from a backup that is older than what was signed is refused; with the newest store
 * back the log goes on. Method: copy the store, log more, put the copy in its place. */
static void test_old_store_is_refused(void **state)
{
    scratch_path_t folder = cycle_path("old");
    scratch_path_t file = cycle_path("old/" DAIS_STORE_FILE);
    (void)state;
    log_more(2);
    assert_int_equal(mkdir(folder.text, 0700), 0);
    world_must(dais_book_copy(dais_cycle_book(world.cycle), file.text));
    log_more(1);
    dais_cycle_close(&world.cycle);
    move("store", "new");
    move("old", "store");
    assert_int_equal(world_reopen(&world), DAIS_ERR_STORE_BEHIND);
    move("store", "old");
    move("new", "store");
    world_must(world_reopen(&world));
    log_more(1);
    world_verify(&world);
}

/* Goal: a store that went another way than what was signed is refused. Method: go on from a copy
 * with a copy of the guard, further than the original, then bring the original guard back. */
static void test_fork_is_refused(void **state)
{
    scratch_path_t folder = cycle_path("fork");
    scratch_path_t file = cycle_path("fork/" DAIS_STORE_FILE);
    dais_guard_t guard;
    (void)state;
    assert_int_equal(mkdir(folder.text, 0700), 0);
    world_must(dais_book_copy(dais_cycle_book(world.cycle), file.text));
    guard = (dais_guard_t){
        .log = world.log, .size = size(), .root = dais_book_root(dais_cycle_book(world.cycle))};
    world_chain_t office = *world_chain(&world, "office", DAIS_STREAM_OPEN);
    world_chain_t intake = *world_chain(&world, "ia", 2);
    log_more(1);
    dais_cycle_close(&world.cycle);
    move("store", "store.one");
    move("guard", "guard.one");
    move("fork", "store");
    scratch_path_t path = cycle_path("guard");
    world_must(dais_guard_file_create(path.text, &guard));
    *world_chain(&world, "office", DAIS_STREAM_OPEN) = office;
    *world_chain(&world, "ia", 2) = intake;
    world_must(world_reopen(&world));
    log_more(5);
    dais_cycle_close(&world.cycle);
    move("guard", "guard.two");
    move("guard.one", "guard");
    assert_int_equal(world_reopen(&world), DAIS_ERR_GUARD_DIFFERS);
}

/* Goal: without a guard nothing is signed; with one slot torn the other is enough; with both torn
 * nobody knows what was signed. Method: take it away; flip a bit in each slot. */
static void test_lost_guard(void **state)
{
    (void)state;
    log_more(1);
    dais_cycle_close(&world.cycle);
    move("guard", "away");
    assert_int_equal(world_reopen(&world), DAIS_ERR_GUARD_MISSING);
    move("away", "guard");
    for (off_t slot = 0; slot < 2; slot++) {
        spoil("guard", slot * DAIS_GUARD_SLOT_SIZE + 40);
        world_must(world_reopen(&world));
        log_more(1); /* writes the torn slot anew, and then the other */
        log_more(1);
        dais_cycle_close(&world.cycle);
    }
    spoil("guard", 40);
    spoil("guard", DAIS_GUARD_SLOT_SIZE + 40);
    assert_int_equal(world_reopen(&world), DAIS_ERR_CORRUPT);
}

/* Goal: a guard of another log is refused. Method: write one. */
static void test_guard_of_another(void **state)
{
    scratch_path_t path = cycle_path("guard");
    dais_guard_t guard = {
        .log = {{1}}, .size = size(), .root = dais_book_root(dais_cycle_book(world.cycle))};
    (void)state;
    dais_cycle_close(&world.cycle);
    move("guard", "away");
    world_must(dais_guard_file_create(path.text, &guard));
    assert_int_equal(world_reopen(&world), DAIS_ERR_GUARD_DIFFERS);
}

/* Does something to the store behind the registry's back. */
static void tamper(void (*how)(dais_txn_t *txn))
{
    scratch_path_t folder = cycle_path("store");
    dais_store_t *store;
    dais_txn_t txn;
    dais_store_options_t options = {.folder = folder.text,
                                    .map_bytes = (size_t)256 << 20,
                                    .reader_count_max = 4,
                                    .databases = dais_book_databases,
                                    .database_count = DAIS_BOOK_DATABASE_COUNT};
    dais_cycle_close(&world.cycle);
    world_must(dais_store_open(&store, &options));
    dais_txn_begin(&txn, store, DAIS_TXN_WRITE);
    how(&txn);
    world_must(dais_txn_commit(&txn));
    dais_store_close(&store);
}

static void change_cycle_row(dais_txn_t *txn)
{
    uint8_t key[33] = {DAIS_TABLE_CYCLE};
    uint8_t row[sizeof(dais_cycle_row_t)];
    dais_slice_t value;
    assert_true(dais_txn_get(txn, DAIS_BOOK_STATE, dais_slice(key, sizeof key), &value));
    assert_int_equal(value.size, sizeof row);
    memcpy(row, value.data, sizeof row);
    row[offsetof(dais_cycle_row_t, applied)] ^= 1;
    dais_txn_put(txn, DAIS_BOOK_STATE, dais_slice(key, sizeof key), dais_slice(row, sizeof row));
}

static void drop_last_leaf(dais_txn_t *txn)
{
    dais_book_key_t key = dais_book_key_u64(3);
    assert_true(dais_txn_del(txn, DAIS_BOOK_LEAVES, dais_book_key_slice(&key)));
}

static void add_leaf(dais_txn_t *txn)
{
    dais_hash_t commitment = {{0}};
    dais_txn_append(txn, DAIS_BOOK_LEAVES, 4, dais_hash_slice(&commitment));
}

static void change_node(dais_txn_t *txn)
{
    dais_book_key_t key = dais_book_key_u64(3);
    uint8_t row[3 * DAIS_HASH_SIZE];
    dais_slice_t value;
    assert_true(dais_txn_get(txn, DAIS_BOOK_LEAVES, dais_book_key_slice(&key), &value));
    assert_int_equal(value.size, sizeof row); /* a leaf and two subtrees */
    memcpy(row, value.data, sizeof row);
    row[(size_t)2 * DAIS_HASH_SIZE] ^= 1;
    dais_txn_put(txn, DAIS_BOOK_LEAVES, dais_book_key_slice(&key), dais_slice(row, sizeof row));
}

/* Goal: entries, tree and state that do not belong together are refused, each by its code. Method:
 * with a log of four entries, change one row of each and start. */
static void test_tampered(void **state)
{
    const struct {
        void (*how)(dais_txn_t *txn);
        dais_err_t err;
    } cases[] = {{change_cycle_row, DAIS_ERR_STATE_DIFFERS},
                 {change_node, DAIS_ERR_TREE_DIFFERS},
                 {add_leaf, DAIS_ERR_APPLIED_DIFFERS},
                 {drop_last_leaf, DAIS_ERR_TREE_DIFFERS}};
    (void)state;
    log_more(1);
    assert_int_equal(size(), 4);
    scratch_path_t folder = cycle_path("good");
    scratch_path_t file = cycle_path("good/" DAIS_STORE_FILE);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(mkdir(folder.text, 0700), 0);
        world_must(dais_book_copy(dais_cycle_book(world.cycle), file.text));
        tamper(cases[i].how);
        assert_int_equal(world_reopen(&world), cases[i].err);
        char spoilt[32];
        (void)snprintf(spoilt, sizeof spoilt, "spoilt.%u", (unsigned)i);
        move("store", spoilt);
        move("good", "store");
        world_must(world_reopen(&world));
    }
    world_verify(&world);
}

static void change_key_row(dais_txn_t *txn)
{
    uint8_t key[9] = {DAIS_TABLE_KEY, 0, 0, 0, 0, 0, 0, 0, 3};
    uint8_t row[sizeof(dais_key_row_t)];
    dais_slice_t value;
    assert_true(dais_txn_get(txn, DAIS_BOOK_STATE, dais_slice(key, sizeof key), &value));
    memcpy(row, value.data, sizeof row);
    row[offsetof(dais_key_row_t, box_key)] ^= 1;
    dais_txn_put(txn, DAIS_BOOK_STATE, dais_slice(key, sizeof key), dais_slice(row, sizeof row));
}

/* Goal: a byte deep in the state, which no start looks at, is found by the check of the whole log.
 * Method: change the row of a key, start, check. */
static void test_check_finds_more(void **state)
{
    dais_check_t check;
    (void)state;
    tamper(change_key_row);
    world_must(world_reopen(&world));
    world_must(dais_check_cycle(world.cycle, &check));
    assert_int_equal(check.err, DAIS_ERR_STATE_DIFFERS);
}

/* Goal: a full store refuses the batch, keeps all that was there, and the cycle goes on. Method: a
 * map of 2 MiB, bundles until one is refused; then a mark, which fits, and the whole check. */
static void test_full_store(void **state)
{
    dais_err_t err = DAIS_OK;
    uint64_t before = 0;
    (void)state;
    dais_cycle_close(&world.cycle);
    world.house.map_bytes = (size_t)2 << 20;
    world_must(world_reopen(&world));
    for (unsigned i = 0; err == DAIS_OK && i < 200; i++) {
        world_bundle_t bundle = replies(64);
        dais_hand_over_t hand_over = world_stamp(&world, "ia", ++stamped_at, &bundle, 1);
        before = size();
        world_must(dais_cycle_batch_begin(world.cycle));
        (void)dais_cycle_take(world.cycle, &hand_over);
        err = dais_cycle_batch_end(world.cycle);
    }
    assert_int_equal(err, DAIS_ERR_NO_SPACE);
    assert_int_equal(size(), before);
    world_verify(&world);
    world_must(world_reopen(&world));
    assert_int_equal(size(), before);
    world_verify(&world);
}

/* Goal: a store that is gone is not taken for a cycle that has none yet, and nothing is made in its
 * place. Method: move the store away, open; put it back, open. */
static void test_store_missing(void **state)
{
    scratch_path_t store = cycle_path("store");
    (void)state;
    log_more(2);
    dais_cycle_close(&world.cycle);
    move("store", "away");
    assert_int_equal(world_reopen(&world), DAIS_ERR_STORE_MISSING);
    assert_int_not_equal(access(store.text, F_OK), 0);
    move("away", "store");
    world_must(world_reopen(&world));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_crash_before_guard, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_crash_before_commit, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_old_store_is_refused, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_fork_is_refused, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_store_missing, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_lost_guard, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_guard_of_another, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_tampered, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_check_finds_more, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_full_store, world_setup, world_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
