/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/intake_world.h"

static uint64_t boot(void)
{
    return machine.clock.now.boot_ms;
}

/* Stamps `count` bundles, one a commit. */
static void stamp_some(uint64_t first, uint64_t count)
{
    for (uint64_t k = first; k < first + count; k++) {
        (void)submit(k, k);
        commit();
    }
}

/* Hand-overs as they went out. */
static struct {
    uint8_t bytes[4096];
    size_t size;
    uint64_t j;
} flights[DAIS_INTAKE_IN_FLIGHT];

static bool flight_start(size_t i)
{
    dais_slice_t body;
    if (!dais_intake_next(intake, 0, boot(), &body, &flights[i].j))
        return false;
    assert_true(body.size <= sizeof flights[i].bytes);
    memcpy(flights[i].bytes, body.data, body.size);
    flights[i].size = body.size;
    return true;
}

static dais_slice_t flight_land(size_t i)
{
    return registry_answer(dais_slice(flights[i].bytes, flights[i].size));
}

/* Goal: so many are in flight and no more; they are taken in order, and each answer makes room for
 * one, in whatever order they come. Method: two more than fit; the second answer comes first. */
static void test_in_flight(void **state)
{
    (void)state;
    dais_slice_t body;
    uint64_t j;
    stamp_some(0, DAIS_INTAKE_IN_FLIGHT + 2);
    for (size_t i = 0; i < DAIS_INTAKE_IN_FLIGHT; i++) {
        assert_true(flight_start(i));
        assert_int_equal(flights[i].j, i);
    }
    assert_false(dais_intake_next(intake, 0, boot(), &body, &j));
    dais_slice_t first = flight_land(0);
    dais_slice_t second = flight_land(1);
    dais_intake_answered(intake, 0, 1, second, boot());
    assert_true(flight_start(1));
    assert_int_equal(flights[1].j, DAIS_INTAKE_IN_FLIGHT);
    assert_false(dais_intake_next(intake, 0, boot(), &body, &j));
    dais_intake_answered(intake, 0, 0, first, boot());
    assert_true(flight_start(0));
    assert_int_equal(flights[0].j, DAIS_INTAKE_IN_FLIGHT + 1);
}

/* Goal: however many are in flight, their bytes are bounded: broker and registry have room for so
 * much. Method: stamps over bundles of 250 KiB, sixteen in each of three commits; two go
 * out, and the third when one has been answered. */
static void test_bytes_in_flight(void **state)
{
    (void)state;
    static world_bundle_t bundle;
    dais_slice_t body;
    uint64_t j[3];
    for (uint64_t k = 0; k < 48; k++) {
        size_t before = world_arena.used;
        bundle_make_in(&world, k, (size_t)250 * 1024, &bundle);
        dais_intake_submit(intake, submit_body(&world.log, world_parcel(&bundle), k),
                           transport_of(&world.office), k);
        world_arena.used = before;
        if (k % 16 == 15)
            commit();
    }
    assert_true(dais_intake_next(intake, 0, boot(), &body, &j[0]));
    assert_true(body.size > (size_t)3 << 20);
    assert_true(dais_intake_next(intake, 0, boot(), &body, &j[1]));
    assert_false(dais_intake_next(intake, 0, boot(), &body, &j[2]));
    dais_intake_unanswered(intake, 0, j[1], boot());
    dais_intake_unanswered(intake, 0, j[0], boot());
    dais_clock_manual_advance(&machine.clock, DAIS_INTAKE_BACKOFF_MAX_MS);
    for (size_t i = 0; i < 2; i++)
        assert_true(dais_intake_next(intake, 0, boot(), &body, &j[i]));
    assert_int_equal(j[0], 0);
    assert_false(dais_intake_next(intake, 0, boot(), &body, &j[2]));
}

/* Goal: the second is never taken before the first; when the first is lost, both go again in order
 * after a pause. Method: lose the first, land the second, wait less and then as long as told. */
static void test_first_is_lost(void **state)
{
    (void)state;
    stamp_some(0, 3);
    assert_true(flight_start(0) && flight_start(1));
    dais_intake_answered(intake, 0, 1, flight_land(1), boot());
    assert_int_equal(registry.count, 0);
    assert_false(flight_start(1));
    dais_intake_unanswered(intake, 0, 0, boot());
    assert_false(flight_start(1));
    dais_clock_manual_advance(&machine.clock, DAIS_INTAKE_BACKOFF_MAX_MS);
    registry_take_all();
    assert_int_equal(registry.count, 3);
    assert_int_equal(registry.next_j, dais_intake_figures(intake).stamp_count);
}

/* Goal: a connection that is lost with all that was in flight is one failure, and the pause after
 * it the shortest. Method: lose all of a full flight, wait that long. */
static void test_all_are_lost(void **state)
{
    (void)state;
    stamp_some(0, DAIS_INTAKE_IN_FLIGHT);
    for (size_t i = 0; i < DAIS_INTAKE_IN_FLIGHT; i++)
        assert_true(flight_start(i));
    for (size_t i = 0; i < DAIS_INTAKE_IN_FLIGHT; i++)
        dais_intake_unanswered(intake, 0, i, boot());
    assert_false(flight_start(0));
    dais_clock_manual_advance(&machine.clock, DAIS_INTAKE_BACKOFF_MIN_MS);
    assert_true(flight_start(0));
    assert_int_equal(flights[0].j, 0);
}

/* Goal: an answer that was lost is no loss and no second time: the registry says what it holds.
 * Method: land one, lose its answer, go on. */
static void test_answer_is_lost(void **state)
{
    (void)state;
    stamp_some(0, 3);
    assert_true(flight_start(0) && flight_start(1));
    (void)flight_land(0);
    (void)flight_land(1);
    dais_intake_unanswered(intake, 0, 0, boot());
    dais_intake_unanswered(intake, 0, 1, boot());
    dais_clock_manual_advance(&machine.clock, DAIS_INTAKE_BACKOFF_MAX_MS);
    registry_take_all();
    assert_int_equal(registry.count, 3);
}

/* Goal: however long the registry is away, nothing is lost, tries grow rarer up to a bound, and
 * everything is there in order when it is back. Method: a week with bundles coming in each day and
 * an hour of failed tries, over restarts. */
static void test_registry_away(void **state)
{
    (void)state;
    uint64_t tries = 0;
    for (uint64_t day = 0; day < 7; day++) {
        stamp_some(day, 1);
        for (uint64_t minute = 0; minute < 60; minute++) {
            dais_slice_t body;
            uint64_t j;
            for (; dais_intake_next(intake, 0, boot(), &body, &j); tries++) {
                assert_int_equal(j, 0);
                dais_intake_unanswered(intake, 0, j, boot());
            }
            dais_clock_manual_advance(&machine.clock, DAIS_INTAKE_BACKOFF_MAX_MS);
        }
        dais_clock_manual_advance(&machine.clock, UINT64_C(23) * 3600 * 1000);
        assert_int_equal(dais_intake_second(intake), DAIS_OK);
        if (day % 2 == 1)
            intake_restart();
    }
    assert_in_range(tries, 7 * 60, 7 * 60 + 10);
    assert_true(dais_intake_figures(intake).spooled_count >= 7);
    dais_clock_manual_advance(&machine.clock, DAIS_INTAKE_BACKOFF_MAX_MS);
    registry_take_all();
    assert_int_equal(registry.count, 7);
    assert_int_equal(dais_intake_figures(intake).spooled_count, 0);
}

/* Goal: a process that ends between any two steps leaves a spool from which everything that was
 * stamped is handed over once, and nothing that was not answered is. Method: end it after the
 * submit, after the commit, after the hand-over, after its answer, after letting go. */
static void test_restart_at_each_step(void **state)
{
    for (int step = 0; step < 5; step++) {
        assert_int_equal(intake_remove(state), 0);
        assert_int_equal(intake_make(state), 0);
        dais_hash_t bundle = submit(0, 0);
        uint64_t at;
        if (step >= 1)
            commit();
        if (step >= 2) {
            assert_true(flight_start(0));
            dais_slice_t answer = flight_land(0);
            if (step >= 3)
                dais_intake_answered(intake, 0, 0, answer, boot());
        }
        if (step >= 4)
            assert_int_equal(dais_intake_second(intake), DAIS_OK);
        intake_restart();
        registry_take_all();
        assert_int_equal(registry_has(&bundle, &at), step >= 1);
        if (step == 0) {
            (void)submit(0, 1);
            commit();
            registry_take_all();
        }
        assert_int_equal(registry.count, 1);
        dais_clock_manual_advance(&machine.clock, MARK_MS);
        commit();
        registry_take_all();
        assert_int_equal(registry.next_j, 2);
    }
}

/* Goal: what the registry holds is let go of, its bundle bytes as well. Method: compare what lies
 * in the spool before and after. */
static void test_spool_empties(void **state)
{
    (void)state;
    for (uint64_t k = 0; k < 8; k++) {
        static world_bundle_t bundle;
        bundle_make_in(&world, k, (size_t)200 * 1024, &bundle);
        dais_slice_t body = submit_body(&world.log, world_parcel(&bundle), k);
        dais_intake_submit(intake, body, transport_of(&world.office), k);
        commit();
    }
    registry_take_all();
    assert_int_equal(dais_intake_second(intake), DAIS_OK);
    dais_intake_close(&intake);
    dais_spool_t *spool;
    dais_store_figures_t figures;
    scratch_path_t folder = scratch_path("spool");
    assert_int_equal(dais_spool_open(&spool, folder.text, machine.spool_bytes, false), DAIS_OK);
    assert_int_equal(dais_store_figures(dais_spool_store(spool), &figures), DAIS_OK);
    dais_spool_close(&spool);
    assert_true(figures.used_bytes < UINT64_C(65536));
}

/* Goal: a spool that was put back from an old copy must not sign the same numbers again. Method:
 * the registry says that it holds more than there is. */
static void test_lost_spool(void **state)
{
    (void)state;
    stamp_some(0, 1);
    registry.next_j = 5;
    assert_true(flight_start(0));
    dais_intake_answered(intake, 0, 0, flight_land(0), boot());
    (void)submit(1, 1);
    assert_refused(1, DAIS_ERR_SPOOL_LOST, false);
    dais_clock_manual_advance(&machine.clock, (uint64_t)10 * MARK_MS);
    commit();
    assert_false(flight_start(0));
    assert_int_equal(dais_intake_figures(intake).stamp_count, 1);
}

/* Goal: a registry that holds less than it had said is told from one that is just away, and nothing
 * is made up. Method: let it forget what was let go of here. */
static void test_registry_behind(void **state)
{
    (void)state;
    stamp_some(0, 3);
    registry_take_all();
    assert_int_equal(dais_intake_second(intake), DAIS_OK);
    registry.next_j = 1;
    stamp_some(3, 1);
    assert_true(flight_start(0));
    assert_int_equal(flights[0].j, 3);
    dais_intake_answered(intake, 0, 3, flight_land(0), boot());
    assert_false(flight_start(0));
    dais_clock_manual_advance(&machine.clock, DAIS_INTAKE_BACKOFF_MAX_MS);
    assert_true(flight_start(0));
    assert_int_equal(flights[0].j, 3);
}

static dais_slice_t refusal(dais_err_t err, uint64_t retry_ms)
{
    dais_refused_t refused = {.code = dais_slice_text(dais_err_code(err)), .retry_ms = retry_ms};
    return world_pack(&dais_shape_refused, &refused);
}

/* Goal: a registry that puts off is obeyed within bounds, garbage is a failed try, and a closed log
 * takes nothing in any more. Method: each answer in turn. */
static void test_other_answers(void **state)
{
    (void)state;
    stamp_some(0, 1);
    assert_true(flight_start(0));
    dais_intake_answered(intake, 0, 0, refusal(DAIS_ERR_BUSY, 7000), boot());
    dais_clock_manual_advance(&machine.clock, 6999);
    assert_false(flight_start(0));
    dais_clock_manual_advance(&machine.clock, 1);
    assert_true(flight_start(0));
    dais_intake_answered(intake, 0, 0, dais_slice_text("nothing"), boot());
    assert_false(flight_start(0));
    dais_clock_manual_advance(&machine.clock, DAIS_INTAKE_BACKOFF_MAX_MS);
    assert_true(flight_start(0));
    dais_intake_answered(intake, 0, 0, refusal(DAIS_ERR_LOG_ENDED, 0), boot());
    (void)submit(1, 1);
    assert_refused(1, DAIS_ERR_LOG_ENDED, false);
    dais_clock_manual_advance(&machine.clock, DAIS_INTAKE_BACKOFF_MAX_MS);
    assert_false(flight_start(0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_INTAKE(test_in_flight),      WITH_INTAKE(test_bytes_in_flight),
        WITH_INTAKE(test_all_are_lost),   WITH_INTAKE(test_first_is_lost),
        WITH_INTAKE(test_answer_is_lost), WITH_INTAKE(test_registry_away),
        WITH_INTAKE(test_spool_empties),  WITH_INTAKE(test_restart_at_each_step),
        WITH_INTAKE(test_lost_spool),     WITH_INTAKE(test_registry_behind),
        WITH_INTAKE(test_other_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
