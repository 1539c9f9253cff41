/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/outbox_made.h"

#include "office/outbox_files.h"

static dais_outbox_chain_t chain(unsigned stream)
{
    dais_txn_t txn;
    dais_txn_begin(&txn, outbox.store, DAIS_TXN_READ);
    dais_outbox_chain_t found = dais_outbox_chain(&txn, stream);
    assert_int_equal(dais_txn_end(&txn), DAIS_OK);
    return found;
}

static uint8_t copies[2][DAIS_LIMIT_BUNDLE_BYTES];

/* Goal: what is put is there after a restart, once. Method: put, close, open, put the same id
 * again. */
static void test_put(void **state)
{
    static made_t made;
    dais_outbox_counts_t counts;
    (void)state;
    put("a", false, 0);
    dais_outbox_close(&outbox);
    assert_int_equal(dais_outbox_open(&outbox, folder, &bundler.device->key, &log_hash), DAIS_OK);
    make(&made, "a", false, 5);
    assert_int_equal(dais_outbox_put(&outbox, &made.message, 1), DAIS_ERR_EXISTS);
    assert_int_equal(dais_outbox_count(&outbox, &counts), DAIS_OK);
    assert_int_equal(counts.queued, 1);
    assert_int_equal(fate("a").state, DAIS_FATE_QUEUED);
}

/* Goal: several messages are put whole or not at all. Method: two, of which the second is there. */
static void test_put_is_whole(void **state)
{
    static made_t made[2];
    dais_outbox_counts_t counts;
    (void)state;
    put("a", false, 0);
    make(&made[0], "b", false, 0);
    make(&made[1], "a", false, 0);
    dais_outbox_message_t both[2] = {made[0].message, made[1].message};
    assert_int_equal(dais_outbox_put(&outbox, both, 2), DAIS_ERR_EXISTS);
    assert_int_equal(dais_outbox_count(&outbox, &counts), DAIS_OK);
    assert_int_equal(counts.queued, 1);
}

/* Goal: an outbox is not taken for that of another key or cycle. Method: open it as those. */
static void test_owner(void **state)
{
    dais_outbox_t other;
    dais_hash_t log = dais_sample_hash("another");
    (void)state;
    dais_outbox_close(&outbox);
    assert_int_equal(
        dais_outbox_open(&other, folder, &dais_sample_device("mission")->key, &log_hash),
        DAIS_ERR_WRONG_PURPOSE);
    assert_int_equal(dais_outbox_open(&other, folder, &bundler.device->key, &log),
                     DAIS_ERR_WRONG_PURPOSE);
    assert_int_equal(dais_outbox_open(&outbox, folder, &bundler.device->key, &log_hash), DAIS_OK);
}

/* Goal: bundles are good, chained, parted by stream, and kept byte for byte. Method: open and
 * sealed messages; decode what is kept as intake and registry would; read it again after a restart.
 */
static void test_bundles(void **state)
{
    dais_parcel_t parcel;
    dais_sealed_parcel_t sealed;
    dais_bundle_t head;
    dais_bundle_t next;
    (void)state;
    put("a", false, 100);
    put("s", true, 0);
    assert_true(bundle(0));
    put("b", false, 0);
    assert_true(bundle(0));
    assert_true(bundle(1));
    assert_false(bundle(0));
    assert_false(bundle(1));
    dais_outbox_bundle_t first = kept(0, 0, copies[0]);
    assert_int_equal(dais_parcel_open(first.parcel, &log_hash, &parcel, &head).err, DAIS_OK);
    assert_int_equal(head.count, 1);
    dais_outbox_bundle_t second = kept(0, 1, copies[1]);
    assert_int_equal(dais_parcel_open(second.parcel, &log_hash, &parcel, &next).err, DAIS_OK);
    assert_int_equal(next.k, 1);
    assert_true(dais_hash_equal(&next.prev, &first.hash));
    dais_outbox_close(&outbox);
    assert_int_equal(dais_outbox_open(&outbox, folder, &bundler.device->key, &log_hash), DAIS_OK);
    dais_outbox_bundle_t again = kept(0, 1, copies[0]);
    assert_true(dais_slice_equal(again.parcel, second.parcel));
    dais_outbox_bundle_t closed = kept(1, 0, copies[0]);
    assert_int_equal(dais_sealed_parcel_open(closed.parcel, &log_hash, &sealed, &head).err,
                     DAIS_OK);
    assert_int_equal(fate("s").state, DAIS_FATE_BUNDLED);
}

/* Goal: a bundle takes at most 256 messages and 1 MiB, and none is left out. Method: 300 small
 * ones; then five of which four fill a bundle. */
static void test_bundle_limits(void **state)
{
    char name[16];
    dais_parcel_t parcel;
    dais_bundle_t head;
    (void)state;
    for (unsigned i = 0; i < 300; i++) {
        (void)snprintf(name, sizeof name, "m%u", i);
        put(name, false, 0);
    }
    while (bundle(0))
        continue;
    assert_int_equal(kept(0, 0, copies[0]).count, 256);
    assert_int_equal(kept(0, 1, copies[0]).count, 44);
    for (unsigned i = 0; i < 5; i++) {
        (void)snprintf(name, sizeof name, "large%u", i);
        put(name, false, (size_t)250 * 1024);
    }
    while (bundle(0))
        continue;
    dais_outbox_bundle_t large = kept(0, 2, copies[0]);
    assert_int_equal(large.count, 4);
    assert_int_equal(dais_parcel_open(large.parcel, &log_hash, &parcel, &head).err, DAIS_OK);
    assert_int_equal(kept(0, 3, copies[0]).count, 1);
}

/* Goal: what is turned away goes out again alone, and after three times no more. Method: three of
 * one bundle; the message in the middle is turned away each time. */
static void test_turned_away(void **state)
{
    (void)state;
    put("a", false, 0);
    put("b", false, 0);
    assert_true(bundle(0));
    assert_int_equal(dais_outbox_turned_away(&outbox, 0, 0, "quota"), DAIS_OK);
    put("c", false, 0);
    assert_true(bundle(0));
    assert_true(bundle(0));
    assert_true(bundle(0));
    assert_false(bundle(0));
    assert_int_equal(kept(0, 1, copies[0]).count, 1);
    assert_int_equal(kept(0, 3, copies[0]).count, 1);
    assert_int_equal(dais_outbox_turned_away(&outbox, 0, 1, "quota"), DAIS_OK);
    assert_true(bundle(0));
    assert_int_equal(dais_outbox_turned_away(&outbox, 0, 4, "quota"), DAIS_OK);
    assert_int_equal(fate("a").state, DAIS_FATE_STUCK);
    assert_string_equal(fate("a").code, "quota");
    assert_false(bundle(0));
    dais_id_t id = dais_sample_id("a");
    dais_id_t other = dais_sample_id("b");
    assert_int_equal(dais_outbox_retry(&outbox, &other, false), DAIS_ERR_NOT_FOUND);
    assert_int_equal(dais_outbox_retry(&outbox, &id, true), DAIS_OK);
    assert_false(bundle(0));
    assert_int_equal(dais_outbox_retry(&outbox, &id, false), DAIS_OK);
    assert_true(bundle(0));
}

/* Goal: a chain that went on elsewhere is taken up there, and all without receipt is queued again.
 * Method: two bundles, then the word that the registry is at 7. */
static void test_fork(void **state)
{
    dais_outbox_chain_t there = {.next = 7, .prev = dais_sample_hash("six")};
    dais_parcel_t parcel;
    dais_bundle_t head;
    uint64_t count;
    (void)state;
    put("a", false, 0);
    assert_true(bundle(0));
    put("b", false, 0);
    assert_true(bundle(0));
    assert_int_equal(dais_outbox_fork(&outbox, 0, 0, &there, &count), DAIS_OK);
    assert_int_equal(count, 2);
    assert_int_equal(fate("a").state, DAIS_FATE_QUEUED);
    assert_int_equal(fate("a").attempts, 0);
    assert_true(bundle(0));
    dais_outbox_bundle_t made = kept(0, 7, copies[0]);
    assert_int_equal(made.count, 2);
    assert_int_equal(dais_parcel_open(made.parcel, &log_hash, &parcel, &head).err, DAIS_OK);
    assert_true(dais_hash_equal(&head.prev, &there.prev));
    assert_int_equal(chain(0).next, 8);
}

/* Goal: the first stamp stays unless the registry's word replaces it. Method: keep two, then one
 * with replace. */
static void test_stamps(void **state)
{
    dais_txn_t txn;
    dais_outbox_stamp_t stamp;
    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        dais_outbox_stamp_t given = {.stamp = dais_slice_text("stamp"), .index = i};
        assert_int_equal(dais_outbox_stamp_put(&outbox, 0, 4, &given, i == 2), DAIS_OK);
        dais_txn_begin(&txn, outbox.store, DAIS_TXN_READ);
        assert_true(dais_outbox_stamp(&txn, 0, 4, &stamp));
        assert_int_equal(stamp.index, i == 2 ? 2 : 0);
        assert_false(dais_outbox_stamp(&txn, 1, 4, &stamp));
        assert_int_equal(dais_txn_end(&txn), DAIS_OK);
    }
}

/* Goal: a file of an outbox is taken in without saying anything twice. Method: export two, say a
 * third, import; import into an empty one; a file that is none. */
static void test_files(void **state)
{
    dais_outbox_merged_t merged;
    dais_outbox_t other;
    char path[SCRATCH_PATH_MAX];
    char empty[SCRATCH_PATH_MAX];
    (void)state;
    (void)snprintf(path, sizeof path, "%s/file", scratch_folder);
    (void)snprintf(empty, sizeof empty, "%s/empty", scratch_folder);
    put("a", false, 0);
    put("s", true, 0);
    assert_true(bundle(0));
    assert_int_equal(dais_outbox_export(&outbox, path), DAIS_OK);
    put("c", false, 0);
    assert_int_equal(
        dais_outbox_merge(&outbox, path, &bundler.device->key, &log_hash, false, &merged), DAIS_OK);
    assert_int_equal(merged.added, 0);
    assert_int_equal(merged.known, 2);
    assert_int_equal(dais_outbox_open(&other, empty, &bundler.device->key, &log_hash), DAIS_OK);
    assert_int_equal(
        dais_outbox_merge(&other, path, &bundler.device->key, &log_hash, false, &merged), DAIS_OK);
    assert_int_equal(merged.added, 2);
    dais_outbox_close(&other);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fclose(file), 0);
    assert_int_not_equal(
        dais_outbox_merge(&outbox, path, &bundler.device->key, &log_hash, false, &merged), DAIS_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_put, outbox_make, outbox_remove),
        cmocka_unit_test_setup_teardown(test_put_is_whole, outbox_make, outbox_remove),
        cmocka_unit_test_setup_teardown(test_owner, outbox_make, outbox_remove),
        cmocka_unit_test_setup_teardown(test_bundles, outbox_make, outbox_remove),
        cmocka_unit_test_setup_teardown(test_bundle_limits, outbox_make, outbox_remove),
        cmocka_unit_test_setup_teardown(test_turned_away, outbox_make, outbox_remove),
        cmocka_unit_test_setup_teardown(test_fork, outbox_make, outbox_remove),
        cmocka_unit_test_setup_teardown(test_stamps, outbox_make, outbox_remove),
        cmocka_unit_test_setup_teardown(test_files, outbox_make, outbox_remove),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
