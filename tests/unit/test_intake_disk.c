/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/intake_world.h"

/* Goal: below the floor nothing is taken in and nothing is lost: what is known is answered, what is
 * spooled is handed over, deadlines are marked. Method: take the room away and give it back. */
static void test_floor(void **state)
{
    (void)state;
    dais_hash_t first = submit(0, 0);
    commit();
    machine.free_bytes = FLOOR_BYTES - 1;
    assert_int_equal(dais_intake_second(intake), DAIS_OK);
    (void)submit(1, 1);
    assert_refused(1, DAIS_ERR_LOW_DISK, true);
    (void)submit(0, 2);
    (void)stamp_of(2, &first);
    uint64_t deadline = machine.clock.now.wall_ms + 10;
    registry_show_dates(&deadline, 1, 0);
    dais_clock_manual_advance(&machine.clock, 10);
    commit();
    registry_take_all();
    assert_int_equal(registry.count, 1);
    assert_int_equal(registry.next_j, 2);
    machine.free_bytes = FLOOR_BYTES;
    assert_int_equal(dais_intake_second(intake), DAIS_OK);
    dais_hash_t second = submit(1, 3);
    commit();
    (void)stamp_of(3, &second);
}

/* Goal: a spool that is as large as it may become refuses what comes, keeps all it has answered
 * for, and takes in again when the registry has taken. Method: a map of 2 MiB and bundles of 200
 * KiB until it is full; restart; hand over. */
static void test_full_map(void **state)
{
    assert_int_equal(intake_remove(state), 0);
    assert_int_equal(intake_make(state), 0);
    dais_intake_close(&intake);
    assert_int_equal(scratch_remove(NULL), 0);
    assert_int_equal(scratch_make(NULL), 0);
    machine.spool_bytes = (size_t)2 << 20;
    intake_start(true);
    uint64_t stamped = 0;
    for (uint64_t k = 0; k < 30; k++) {
        static world_bundle_t bundle;
        bundle_make_in(&world, k, (size_t)200 * 1024, &bundle);
        dais_slice_t body = submit_body(&world.log, world_parcel(&bundle), k);
        dais_intake_submit(intake, body, transport_of(&world.office), k);
        commit();
        dais_submitted_t submitted;
        if (dais_shape_decode(&dais_shape_submitted, answer_of(k), &submitted).err == DAIS_OK)
            stamped++;
        else
            assert_refused(k, DAIS_ERR_LOW_DISK, true);
    }
    assert_in_range(stamped, 5, 10);
    assert_int_equal(dais_intake_failure(intake), DAIS_OK);
    intake_restart();
    registry_take_all();
    assert_int_equal(registry.count, stamped);
    assert_int_equal(dais_intake_second(intake), DAIS_OK);
    assert_int_equal(dais_intake_second(intake), DAIS_OK);
    dais_hash_t again = submit(100, 100);
    commit();
    (void)stamp_of(100, &again);
}

/* Goal: a spool that is missing or damaged is not made up for. Method: open without create where
 * there is none, and over a stamp that is gone. */
static void test_missing(void **state)
{
    (void)state;
    (void)submit(0, 0);
    commit();
    uint32_t number = 1;
    dais_intake_close(&intake);
    dais_spool_t *spool;
    dais_txn_t txn;
    scratch_path_t folder = scratch_path("spool");
    assert_int_equal(dais_spool_open(&spool, folder.text, machine.spool_bytes, false), DAIS_OK);
    dais_spool_begin(spool, &txn, DAIS_TXN_WRITE);
    dais_spool_del_stamp(&txn, number, 0);
    assert_int_equal(dais_txn_commit(&txn), DAIS_OK);
    dais_spool_close(&spool);
    assert_int_equal(intake_try_open(false), DAIS_ERR_CORRUPT);
    assert_null(intake);
    assert_int_equal(scratch_remove(NULL), 0);
    assert_int_equal(scratch_make(NULL), 0);
    assert_int_equal(intake_try_open(false), DAIS_ERR_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_INTAKE(test_floor),
        WITH_INTAKE(test_full_map),
        WITH_INTAKE(test_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
