/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/intake_world.h"

/* Goal: nothing is answered before the commit, everything is after it, with one stamp for all that
 * was queued. Method: one, two and 300 bundles; check stamp, path and chain. */
static void test_group_commit(void **state)
{
    (void)state;
    static const uint64_t counts[] = {1, 2, 300};
    uint64_t token = 0;
    uint64_t j = 0;
    for (size_t round = 0; round < 3; round++) {
        dais_hash_t bundles[300];
        uint64_t first = token;
        dais_clock_manual_advance(&machine.clock, 10);
        for (uint64_t i = 0; i < counts[round]; i++, token++)
            bundles[i] = submit(token, token);
        assert_int_equal(answer_count, first);
        commit();
        assert_int_equal(answer_count, token);
        for (uint64_t i = 0; i < counts[round]; i++) {
            dais_stamp_t stamp = stamp_of(first + i, &bundles[i]);
            assert_int_equal(stamp.j, j);
            assert_int_equal(stamp.count, counts[round]);
            assert_true(stamp.at == machine.clock.now.wall_ms);
        }
        j++;
    }
    registry_take_all();
    assert_int_equal(registry.next_j, 3);
    assert_int_equal(registry.count, 303);
}

/* Goal: the time of stamps never goes back, and a clock set back a little stamps the last time
 * again. Method: set it back by less than what is doubted. */
static void test_at_never_goes_back(void **state)
{
    (void)state;
    dais_hash_t first = submit(0, 0);
    commit();
    uint64_t at = stamp_of(0, &first).at;
    dais_clock_manual_set_wall(&machine.clock, machine.clock.now.wall_ms - 1500);
    dais_hash_t second = submit(1, 1);
    commit();
    assert_true(stamp_of(1, &second).at == at);
    registry_take_all();
    assert_int_equal(registry.next_j, 2);
}

/* Goal: the same bundle again gets its first stamp: in the same batch, while it is spooled, after
 * the registry took it, after a restart. Method: send it at each of these points. */
static void test_duplicates(void **state)
{
    (void)state;
    dais_hash_t bundle = submit(0, 0);
    (void)submit(0, 1);
    commit();
    dais_stamp_t first = stamp_of(0, &bundle);
    dais_stamp_t again = stamp_of(1, &bundle);
    assert_memory_equal(&first, &again, sizeof first);
    assert_int_equal(first.count, 1);
    for (uint64_t token = 2; token < 5; token++) {
        dais_clock_manual_advance(&machine.clock, 5000);
        if (token == 3)
            registry_take_all();
        if (token == 4)
            intake_restart();
        assert_int_equal(dais_intake_second(intake), DAIS_OK);
        (void)submit(0, token);
        again = stamp_of(token, &bundle);
        assert_memory_equal(&first, &again, sizeof first);
    }
    registry_take_all();
    assert_int_equal(registry.count, 1);
}

/* Goal: what is kept to know duplicates by is bounded, in memory and in the spool, and a bundle
 * that was forgotten is stamped anew. Method: room for 1,000; send 1,500, let the registry take
 * them; send the first again, and the last. */
static void test_memory_of_duplicates_is_bounded(void **state)
{
    (void)state;
    dais_hash_t first = submit(0, 0);
    for (uint64_t k = 1; k < 1500; k++) {
        (void)submit(k, k);
        if (k % 100 == 0)
            commit();
    }
    commit();
    registry_take_all();
    uint64_t j = registry.next_j;
    for (int i = 0; i < 3; i++)
        assert_int_equal(dais_intake_second(intake), DAIS_OK);
    dais_hash_t last = submit(1499, 2000);
    assert_true(stamp_of(2000, &last).j < j);
    (void)submit(0, 2001);
    commit();
    assert_int_equal(stamp_of(2001, &first).j, j);
    intake_restart();
    (void)submit(0, 2002);
    assert_int_equal(stamp_of(2002, &first).j, j);
}

/* Sends bundle k of a sealed kind with a box of a few bytes: the smallest that there is. */
static void submit_small(uint64_t k)
{
    static world_bundle_t bundle;
    size_t before = world_arena.used;
    world_bundle_make(&world, DAIS_KIND_OBJECTION_WITHDRAWAL, 1, 0, &bundle);
    bundle.head.k = k;
    if (k > 0)
        bundle.head.prev = world_hash("bundle", k - 1);
    world_bundle_sign(&world.office, &bundle);
    dais_sealed_parcel_t sealed = {.envelope = bundle.envelope, .box = world_text(1)};
    dais_slice_t parcel = world_pack(&dais_shape_sealed_parcel, &sealed);
    dais_intake_submit(intake, submit_body(&world.log, parcel, k), transport_of(&world.office), k);
    world_arena.used = before;
}

/* Goal: one commit has no more bundles than a stamp may have. Method: one more than that. */
static void test_batch_is_bounded_in_number(void **state)
{
    (void)state;
    for (uint64_t k = 0; k <= DAIS_LIMIT_STAMP_BUNDLES; k++)
        submit_small(k);
    assert_int_equal(answer_count, DAIS_LIMIT_STAMP_BUNDLES);
    commit();
    assert_int_equal(answer_count, DAIS_LIMIT_STAMP_BUNDLES + 1);
    registry_take_all();
    assert_int_equal(registry.next_j, 2);
    assert_int_equal(registry.count, DAIS_LIMIT_STAMP_BUNDLES + 1);
}

/* Goal: one commit has no more bytes than a hand-over may have. Method: 40 bundles of a quarter
 * MiB, of which 16 fit. */
static void test_batch_is_bounded_in_bytes(void **state)
{
    (void)state;
    for (uint64_t k = 0; k < 40; k++) {
        static world_bundle_t bundle;
        bundle_make_in(&world, k, (size_t)250 * 1024, &bundle);
        dais_slice_t body = submit_body(&world.log, world_parcel(&bundle), k);
        dais_intake_submit(intake, body, transport_of(&world.office), k);
    }
    assert_int_equal(answer_count, 32);
    commit();
    registry_take_all();
    assert_int_equal(registry.count, 40);
    assert_int_equal(registry.next_j, 3);
}

/* Goal: form, cycle and key are checked, each with its own code and nothing stamped. Method: a
 * table of bodies and connections. */
static void test_refusals(void **state)
{
    (void)state;
    static world_bundle_t good;
    static world_bundle_t stranger;
    static world_bundle_t forged;
    static world_bundle_t sealed;
    bundle_make_in(&world, 0, 10, &good);
    stranger = good;
    dais_device_t unknown = world_device(99);
    world_bundle_sign(&unknown, &stranger);
    forged = good;
    uint8_t *envelope = world_copy(good.envelope);
    envelope[good.envelope.size - 1] ^= 1;
    forged.envelope.data = envelope;
    world_bundle_make(&world, DAIS_KIND_OBJECTION_WITHDRAWAL, 1, 10, &sealed);
    dais_slice_t parcel = world_parcel(&good);
    dais_hash_t other_log = world_hash("log", 1);
    dais_slice_t own = transport_of(&world.office);
    dais_slice_t other = transport_of(&carrier);
    static const uint8_t zeros[DAIS_KEY_SIZE];
    dais_slice_t door = dais_slice(zeros, sizeof zeros);
    const struct {
        dais_slice_t body;
        dais_slice_t transport;
        dais_err_t err;
    } cases[] = {
        {submit_body(&other_log, parcel, 0), own, DAIS_ERR_WRONG_LOG},
        {submit_body(&world.log, dais_slice(parcel.data, parcel.size - 1), 1), own,
         DAIS_ERR_TRUNCATED},
        {submit_body(&world.log, good.envelope, 2), own, DAIS_ERR_WRONG_DOMAIN},
        {submit_body(&world.log, world_parcel(&sealed), 3), own, DAIS_ERR_WRONG_STREAM},
        {submit_body(&world.log, world_parcel(&stranger), 4), own, DAIS_ERR_UNKNOWN_KEY},
        {submit_body(&world.log, world_parcel(&forged), 5), other, DAIS_ERR_BAD_SIGNATURE},
        {submit_body(&world.log, world_parcel(&forged), 6), door, DAIS_ERR_BAD_SIGNATURE},
        {submit_body(&world.log, world_parcel(&forged), 7), dais_slice(NULL, 0),
         DAIS_ERR_BAD_SIGNATURE},
    };
    enum { CASES = sizeof cases / sizeof cases[0] };
    for (uint64_t i = 0; i < CASES; i++) {
        dais_intake_submit(intake, cases[i].body, cases[i].transport, i);
        assert_refused(i, cases[i].err, false);
    }
    dais_intake_submit(intake, dais_slice_text("garbage"), own, CASES);
    assert_int_equal(answer_count, CASES + 1);
    commit();
    assert_int_equal(answer_count, CASES + 1);
    assert_int_equal(dais_intake_figures(intake).bundle_count, 0);
}

/* Goal: a bundle that another peer carries, or that comes by the local door, is taken if it is
 * rightly signed. Method: the office's bundle over three other connections. */
static void test_carried(void **state)
{
    (void)state;
    static const uint8_t zeros[DAIS_KEY_SIZE];
    dais_slice_t connections[] = {transport_of(&carrier), dais_slice(zeros, sizeof zeros),
                                  dais_slice(NULL, 0)};
    for (uint64_t k = 0; k < 3; k++) {
        static world_bundle_t bundle;
        bundle_make_in(&world, k, 10, &bundle);
        dais_slice_t body = submit_body(&world.log, world_parcel(&bundle), k);
        dais_intake_submit(intake, body, connections[k], k);
        commit();
        (void)stamp_of(k, &bundle.hash);
    }
}

/* Goal: of a sealed bundle only the header is looked at. Method: a box that nobody could open. */
static void test_sealed_header_only(void **state)
{
    (void)state;
    static world_bundle_t bundle;
    world_bundle_make(&world, DAIS_KIND_OBJECTION_WITHDRAWAL, 1, 10, &bundle);
    dais_sealed_parcel_t sealed = {.envelope = bundle.envelope, .box = world_text(500)};
    dais_slice_t parcel = world_pack(&dais_shape_sealed_parcel, &sealed);
    dais_intake_submit(intake, submit_body(&world.log, parcel, 1), transport_of(&world.office), 1);
    commit();
    (void)stamp_of(1, &bundle.hash);
    bundle_make_in(&world, 0, 10, &bundle);
    sealed.envelope = bundle.envelope;
    parcel = world_pack(&dais_shape_sealed_parcel, &sealed);
    dais_intake_submit(intake, submit_body(&world.log, parcel, 2), transport_of(&world.office), 2);
    assert_refused(2, DAIS_ERR_WRONG_STREAM, false);
}

/* Goal: an intake stamps only for cycles whose roster has it, by the newest export. Method: rosters
 * without it, with it, and an older one again. */
static void test_roster(void **state)
{
    (void)state;
    assert_int_equal(dais_intake_roster(intake, roster_text(&world, 11, false)).err, DAIS_OK);
    (void)submit(0, 0);
    assert_refused(0, DAIS_ERR_NOT_ROSTERED, true);
    assert_int_equal(dais_intake_roster(intake, roster_text(&world, 10, true)).err, DAIS_OK);
    (void)submit(0, 1);
    assert_refused(1, DAIS_ERR_NOT_ROSTERED, true);
    assert_int_equal(dais_intake_roster(intake, dais_slice_text("dais/roster/1\n")).err,
                     DAIS_ERR_TRUNCATED);
    assert_int_equal(dais_intake_roster(intake, roster_text(&world, 12, true)).err, DAIS_OK);
    dais_hash_t bundle = submit(0, 2);
    commit();
    (void)stamp_of(2, &bundle);
    world_t same_name;
    world_make(&same_name, 1, 1);
    same_name.log = world_hash("log", 2);
    assert_int_equal(dais_intake_roster(intake, roster_text(&same_name, 1, true)).err,
                     DAIS_ERR_WRONG_ORIGIN);
}

/* Goal: cycles have chains of their own. Method: bundles of two cycles in one commit. */
static void test_two_cycles(void **state)
{
    (void)state;
    static world_bundle_t bundle;
    world_t second;
    world_make(&second, 1, 2);
    assert_int_equal(dais_intake_roster(intake, roster_text(&second, 10, true)).err, DAIS_OK);
    dais_hash_t first = submit(0, 0);
    bundle_make_in(&second, 0, 10, &bundle);
    dais_intake_submit(intake, submit_body(&second.log, world_parcel(&bundle), 1),
                       transport_of(&second.office), 1);
    commit();
    dais_stamp_t one = stamp_of(0, &first);
    dais_submitted_t submitted;
    dais_stamp_t other;
    assert_int_equal(dais_shape_decode(&dais_shape_submitted, answer_of(1), &submitted).err,
                     DAIS_OK);
    assert_int_equal(dais_stamp_open(submitted.stamp, &second.log, &other).err, DAIS_OK);
    assert_int_equal(one.j, 0);
    assert_int_equal(other.j, 0);
    assert_int_equal(other.count, 1);
    char name[64];
    assert_true(dais_intake_service_name(intake, 0, name, sizeof name));
    assert_string_equal(name, "registry/cycle-1");
    assert_true(dais_intake_service_name(intake, 1, name, sizeof name));
    assert_string_equal(name, "registry/cycle-2");
    assert_false(dais_intake_service_name(intake, 1, name, sizeof "registry/cycle-2" - 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_INTAKE(test_group_commit),
        WITH_INTAKE(test_at_never_goes_back),
        WITH_INTAKE(test_duplicates),
        WITH_INTAKE(test_memory_of_duplicates_is_bounded),
        WITH_INTAKE(test_batch_is_bounded_in_number),
        WITH_INTAKE(test_batch_is_bounded_in_bytes),
        WITH_INTAKE(test_refusals),
        WITH_INTAKE(test_carried),
        WITH_INTAKE(test_sealed_header_only),
        WITH_INTAKE(test_roster),
        WITH_INTAKE(test_two_cycles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
