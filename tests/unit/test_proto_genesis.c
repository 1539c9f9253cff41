/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/genesis.h"

#include "tests/support/world.h"
#include "tests/unit/assert_fault.h"

static world_t world;

static int world_setup(void **state)
{
    (void)state;
    world_reset();
    world_make(&world, 1, 1);
    return 0;
}

/* Signs the record as it stands, without the care of dais_genesis_sign(). */
static dais_slice_t sign_bare(const dais_genesis_t *genesis)
{
    dais_writer_t writer = world_writer();
    world_must(dais_signed_write(&dais_shape_genesis, genesis, &world.secretariat, &writer));
    return world_keep(&writer);
}

static dais_genesis_t genesis_whole(void)
{
    dais_genesis_t genesis = world_genesis(&world);
    genesis.policy_hash = dais_hash_one(genesis.policy);
    genesis.secretariat_key = world.secretariat.key;
    return genesis;
}

/* Goal: genesis opens to what was signed. Method: compare every field; again with cases carried
 * over and a checkpoint of the cycle before. */
static void test_sign_and_open(void **state)
{
    (void)state;
    dais_genesis_t out;
    assert_fault(dais_genesis_open(world.genesis, &out), DAIS_OK, 0);
    assert_true(dais_slice_equal(out.cycle, dais_slice_text(world.cycle)));
    assert_true(dais_slice_equal(out.origin, dais_slice_text(world.origin)));
    assert_int_equal(out.rehearsal, 0);
    assert_memory_equal(out.secretariat_key.bytes, world.secretariat.key.bytes, DAIS_KEY_SIZE);
    assert_memory_equal(out.log_key.bytes, world.log_device.key.bytes, DAIS_KEY_SIZE);
    dais_hash_t hash = dais_hash_one(out.policy);
    assert_memory_equal(out.policy_hash.bytes, hash.bytes, DAIS_HASH_SIZE);

    dais_genesis_t genesis = world_genesis(&world);
    dais_open_case_t open_case = {world.log, world_id(4), 77};
    dais_writer_t writer = world_writer();
    world_must(dais_list_add(&genesis.open_cases, &dais_shape_open_case, &open_case, &writer));
    (void)world_keep(&writer);
    genesis.previous_checkpoint = dais_slice_text("before\n");
    writer = world_writer();
    assert_err(dais_genesis_sign(&genesis, &world.secretariat, &writer), DAIS_OK);
    assert_fault(dais_genesis_open(world_keep(&writer), &out), DAIS_OK, 0);
    assert_int_equal(out.open_cases.count, 1);
    assert_int_equal(out.previous_checkpoint.size, 7);
}

/* Goal: no bit of genesis or of its signature is without effect. Method: flip each one. */
static void test_every_bit_counts(void **state)
{
    (void)state;
    dais_genesis_t out;
    uint8_t *copy = world_copy(world.genesis);
    for (size_t bit = 0; bit < 8 * world.genesis.size; bit++) {
        copy[bit / 8] ^= (uint8_t)(1U << bit % 8);
        spoil(out);
        assert_true(dais_genesis_open(dais_slice(copy, world.genesis.size), &out).err != DAIS_OK);
        assert_all_zero(out);
        copy[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
}

/* Goal: each refusal has its code, and shows nothing. Method: another hash of the policy, another
 * key, another origin, each signed; a byte less and more. */
static void test_refusals(void **state)
{
    (void)state;
    dais_genesis_t out;
    dais_genesis_t genesis = genesis_whole();
    assert_fault(dais_genesis_open(sign_bare(&genesis), &out), DAIS_OK, 0);
    genesis.policy_hash.bytes[0] ^= 1;
    spoil(out);
    assert_fault(dais_genesis_open(sign_bare(&genesis), &out), DAIS_ERR_BAD_COMMITMENT, 0);
    assert_all_zero(out);
    genesis = genesis_whole();
    genesis.secretariat_key = world.office.key;
    assert_fault(dais_genesis_open(sign_bare(&genesis), &out), DAIS_ERR_BAD_SIGNATURE, 0);
    genesis = genesis_whole();
    genesis.cycle = dais_slice_text("cycle-2");
    assert_fault(dais_genesis_open(sign_bare(&genesis), &out), DAIS_ERR_WRONG_ORIGIN, 0);
    size_t size = world.genesis.size;
    assert_fault(dais_genesis_open(dais_slice(world.genesis.data, size - 1), &out),
                 DAIS_ERR_TRUNCATED, size - DAIS_SIGNATURE_SIZE);
}

/* Goal: the origin is "<host>/<cycle>", with "rehearsal/" before it exactly in a rehearsal, and may
 * name a key. Method: good ones and near misses, in both functions. */
static void test_origins(void **state)
{
    (void)state;
    static const struct {
        const char *origin;
        const char *cycle;
        uint64_t rehearsal;
        bool good;
    } cases[] = {
        {"host/c", "c", 0, true},
        {"rehearsal/host/c", "c", 1, true},
        {"rehearsal/h/c", "c", 1, true},
        {"rehearsals/c", "c", 0, true},
        {"xn--e1afmkfd.example:8080/2027", "2027", 0, true},
        {"host/c", "c", 1, false},
        {"rehearsal/host/c", "c", 0, false},
        {"rehearsal/c", "c", 1, false}, /* no host */
        {"rehearsal//c", "c", 1, false},
        {"rehearsal/c", "c", 0, false},
        {"/c", "c", 0, false},
        {"c", "c", 0, false},
        {"//c", "c", 0, false},
        {"host//c", "c", 0, false},
        {"host/more/c", "c", 0, false},
        {"host/c/c", "c", 0, false},
        {"hostc", "c", 0, false},
        {"host/d", "c", 0, false},
        {"host/ac", "c", 0, false},
        {"host/a/c", "a/c", 0, false},
        {"host/c/", "c", 0, false},
        {"host/c/", "c/", 0, false},
        {"my host/c", "c", 0, false}, /* no key may be named so */
        {"host+1/c", "c", 0, false},
        {"host/c d", "c d", 0, false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        dais_genesis_t out;
        dais_genesis_t genesis = genesis_whole();
        genesis.origin = dais_slice_text(cases[i].origin);
        genesis.cycle = dais_slice_text(cases[i].cycle);
        genesis.rehearsal = cases[i].rehearsal;
        dais_err_t expected = cases[i].good ? DAIS_OK : DAIS_ERR_WRONG_ORIGIN;
        if (dais_genesis_open(sign_bare(&genesis), &out).err != expected)
            fail_msg("origin \"%s\" of cycle \"%s\"", cases[i].origin, cases[i].cycle);
        dais_writer_t writer = world_writer();
        assert_err(dais_genesis_sign(&genesis, &world.secretariat, &writer), expected);
        assert_true(cases[i].good || writer.size == 0);
    }
}

/* Goal: what a log could not hold is not signed and not opened. Method: no cycle, no policy;
 * policy, cases and checkpoint that are good each, but together make a record above the 64 KiB of a
 * message; the last size that fits. */
static void test_limits(void **state)
{
    (void)state;
    dais_genesis_t out;
    dais_genesis_t genesis = world_genesis(&world);
    genesis.cycle = dais_slice(NULL, 0);
    dais_writer_t writer = world_writer();
    assert_err(dais_genesis_sign(&genesis, &world.secretariat, &writer), DAIS_ERR_WRONG_ORIGIN);
    genesis = world_genesis(&world);
    genesis.policy = dais_slice_text("");
    assert_err(dais_genesis_sign(&genesis, &world.secretariat, &writer), DAIS_ERR_TOO_SHORT);

    genesis = genesis_whole();
    genesis.policy = world_text(DAIS_LIMIT_POLICY);
    genesis.policy_hash = dais_hash_one(genesis.policy);
    dais_open_case_t open_case = {world.log, world_id(4), 77};
    writer = world_writer();
    for (size_t i = 0; i < DAIS_LIMIT_OPEN_CASES; i++)
        world_must(dais_list_add(&genesis.open_cases, &dais_shape_open_case, &open_case, &writer));
    (void)world_keep(&writer);
    genesis.previous_checkpoint = world_text(200);
    size_t size = sign_bare(&genesis).size;
    assert_true(size < DAIS_LIMIT_MESSAGE);
    genesis.previous_checkpoint = world_text(200 + DAIS_LIMIT_MESSAGE - size - 1);
    writer = world_writer();
    assert_err(dais_genesis_sign(&genesis, &world.secretariat, &writer), DAIS_OK);
    assert_int_equal(writer.size, DAIS_LIMIT_MESSAGE);
    assert_fault(dais_genesis_open(world_keep(&writer), &out), DAIS_OK, 0);

    genesis.previous_checkpoint = world_text(genesis.previous_checkpoint.size + 1);
    spoil(out);
    assert_fault(dais_genesis_open(sign_bare(&genesis), &out), DAIS_ERR_TOO_LONG,
                 DAIS_LIMIT_MESSAGE);
    assert_all_zero(out);
    writer = world_writer();
    assert_err(dais_genesis_sign(&genesis, &world.secretariat, &writer), DAIS_ERR_TOO_LONG);
    assert_int_equal(writer.size, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sign_and_open), cmocka_unit_test(test_every_bit_counts),
        cmocka_unit_test(test_refusals),      cmocka_unit_test(test_origins),
        cmocka_unit_test(test_limits),
    };
    return cmocka_run_group_tests(tests, world_setup, NULL);
}
