/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/guard.h"

#include "tests/support/world.h"
#include "tests/unit/assert_fault.h"

enum { SLOT = DAIS_GUARD_SLOT_SIZE, BODY = SLOT - DAIS_HASH_SIZE };

static uint8_t slots[DAIS_GUARD_SLOT_COUNT * SLOT];

static dais_guard_t guard_make(uint64_t turn)
{
    return (dais_guard_t){.log = world_hash("log", 1),
                          .turn = turn,
                          .epoch = 2,
                          .size = 100 + turn,
                          .root = world_hash("root", turn)};
}

static void slot_put(size_t slot, uint64_t turn)
{
    dais_guard_t guard = guard_make(turn);
    world_must(dais_guard_encode(&guard, slots + slot * SLOT));
}

/* Makes the slot whole again after its body has been changed. */
static void slot_seal(uint8_t *slot)
{
    dais_hash_t hash = dais_hash_one(dais_slice(slot, BODY));
    memcpy(slot + BODY, hash.bytes, DAIS_HASH_SIZE);
}

static void assert_latest(uint64_t turn, size_t next_expected)
{
    dais_guard_t guard;
    size_t next = 9;
    assert_err(dais_guard_latest(slots, &guard, &next), DAIS_OK);
    dais_guard_t expected = guard_make(turn);
    assert_memory_equal(&guard, &expected, sizeof(guard));
    assert_int_equal(next, next_expected);
}

static void assert_corrupt(void)
{
    dais_guard_t guard;
    size_t next;
    spoil(guard);
    assert_err(dais_guard_latest(slots, &guard, &next), DAIS_ERR_CORRUPT);
    assert_all_zero(guard);
}

/* Goal: a slot holds the record, zeros and their hash, and gives the record back. Method: least and
 * largest values; look at the layout. */
static void test_encode_and_decode(void **state)
{
    (void)state;
    dais_guard_t largest = {.turn = DAIS_SEQ_MAX, .epoch = 0xffffffff, .size = DAIS_SEQ_MAX};
    memset(largest.log.bytes, 0xff, DAIS_HASH_SIZE);
    memset(largest.root.bytes, 0xff, DAIS_HASH_SIZE);
    dais_guard_t guards[] = {{.turn = 0}, guard_make(7), largest};
    for (size_t i = 0; i < 3; i++) {
        dais_guard_t out;
        memset(slots, 0xA5, sizeof(slots));
        assert_err(dais_guard_encode(&guards[i], slots), DAIS_OK);
        assert_int_equal(slots[SLOT], 0xA5);
        assert_err(dais_guard_decode(slots, &out), DAIS_OK);
        assert_memory_equal(&out, &guards[i], sizeof(out));
        dais_slice_t record = world_pack(&dais_shape_guard, &guards[i]);
        assert_memory_equal(slots, record.data, record.size);
        for (size_t at = record.size; at < BODY; at++)
            assert_int_equal(slots[at], 0);
        dais_hash_t hash = dais_hash_one(dais_slice(slots, BODY));
        assert_memory_equal(slots + BODY, hash.bytes, DAIS_HASH_SIZE);
    }
    guards[0].turn = DAIS_SEQ_MAX + 1;
    assert_err(dais_guard_encode(&guards[0], slots), DAIS_ERR_OUT_OF_RANGE);
}

/* Goal: a slot that is not exactly what was written is corrupt. Method: flip each bit; a slot never
 * written; a slot of which only the first n bytes reached the disk, over zeros and over an older
 * turn. */
static void test_torn(void **state)
{
    (void)state;
    dais_guard_t out;
    slot_put(0, 7);
    for (size_t bit = 0; bit < (size_t)8 * SLOT; bit++) {
        slots[bit / 8] ^= (uint8_t)(1U << bit % 8);
        spoil(out);
        assert_err(dais_guard_decode(slots, &out), DAIS_ERR_CORRUPT);
        assert_all_zero(out);
        slots[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    uint8_t whole[SLOT];
    memcpy(whole, slots, SLOT);
    for (size_t old = 0; old < 2; old++) {
        for (size_t written = 0; written < SLOT; written++) {
            memset(slots, 0, SLOT);
            if (old == 1)
                slot_put(0, 5);
            memcpy(slots, whole, written);
            dais_err_t err = dais_guard_decode(slots, &out);
            if (err == DAIS_OK && old == 1)
                assert_int_equal(out.turn, 5); /* nothing that differs was written yet */
            else
                assert_err(err, DAIS_ERR_CORRUPT);
        }
    }
}

/* Goal: a whole slot whose body is no guard record is refused with the decoder's code. Method:
 * another record, bytes behind the record, both under a good hash. */
static void test_whole_but_wrong(void **state)
{
    (void)state;
    dais_guard_t out;
    slot_put(0, 7);
    slots[BODY - 1] = 1;
    slot_seal(slots);
    spoil(out);
    assert_err(dais_guard_decode(slots, &out), DAIS_ERR_TRAILING);
    assert_all_zero(out);
    dais_entry_t entry = {.seq = 1};
    dais_slice_t other = world_pack(&dais_shape_entry, &entry);
    memset(slots, 0, SLOT);
    memcpy(slots, other.data, other.size);
    slot_seal(slots);
    spoil(out);
    assert_err(dais_guard_decode(slots, &out), DAIS_ERR_WRONG_COUNT);
    assert_all_zero(out);
    memset(slots, 0, SLOT);
    slot_seal(slots);
    assert_err(dais_guard_decode(slots, &out), DAIS_ERR_WRONG_TYPE);
}

/* Goal: the higher turn counts, and the other slot is written next. Method: either order; only one
 * good slot, in either place. */
static void test_latest(void **state)
{
    (void)state;
    memset(slots, 0, sizeof(slots));
    assert_corrupt();
    slot_put(0, 1);
    assert_latest(1, 1);
    slot_put(1, 2);
    assert_latest(2, 0);
    slot_put(0, 3);
    assert_latest(3, 1);
    memset(slots, 0, SLOT);
    assert_latest(2, 0);
    slots[SLOT] ^= 1;
    assert_corrupt();
}

/* Goal: slots that contradict each other say nothing. Method: the same turn twice, with equal and
 * with other contents; two logs. */
static void test_clash(void **state)
{
    (void)state;
    slot_put(0, 4);
    slot_put(1, 4);
    assert_corrupt();
    dais_guard_t other = guard_make(4);
    other.size++;
    world_must(dais_guard_encode(&other, slots + SLOT));
    assert_corrupt();
    other = guard_make(5);
    other.log = world_hash("log", 2);
    world_must(dais_guard_encode(&other, slots + SLOT));
    assert_corrupt();
    memset(slots, 0, SLOT);
    size_t next;
    assert_err(dais_guard_latest(slots, &other, &next), DAIS_OK);
    assert_int_equal(next, 0);
}

/* Goal: whatever part of a write reached the disk, the guard tells the turn before or the new one,
 * never a third. Method: a hundred turns by the announced slot, each write cut at some bytes first
 * and then repeated whole. */
static void test_turns(void **state)
{
    (void)state;
    size_t slot = 0;
    memset(slots, 0, sizeof(slots));
    slot_put(0, 0);
    slot = 1;
    for (uint64_t turn = 1; turn <= 100; turn++) {
        uint8_t whole[SLOT];
        dais_guard_t guard = guard_make(turn);
        world_must(dais_guard_encode(&guard, whole));
        for (size_t written = 0; written < SLOT; written += 61) {
            memcpy(slots + slot * SLOT, whole, written);
            assert_latest(turn - 1, slot);
        }
        memcpy(slots + slot * SLOT, whole, SLOT);
        assert_latest(turn, 1 - slot);
        slot = 1 - slot;
    }
}

static int world_setup(void **state)
{
    (void)state;
    world_reset();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_encode_and_decode),
        cmocka_unit_test(test_torn),
        cmocka_unit_test(test_whole_but_wrong),
        cmocka_unit_test(test_latest),
        cmocka_unit_test(test_clash),
        cmocka_unit_test(test_turns),
    };
    return cmocka_run_group_tests(tests, world_setup, NULL);
}
