/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/writer.h"
#include "registry/rules/digest.h"
#include "tests/unit/rules_state.h"

typedef struct {
    uint8_t bytes[65536];
    size_t size;
} pieces_t;

static void keep_piece(void *context, dais_slice_t piece)
{
    pieces_t *pieces = (pieces_t *)context;
    assert_true(piece.size <= sizeof pieces->bytes - pieces->size);
    memcpy(pieces->bytes + pieces->size, piece.data, piece.size);
    pieces->size += piece.size;
}

static uint8_t expected_bytes[65536];
static dais_writer_t expected;

static void uints(unsigned count, const uint64_t *numbers)
{
    for (unsigned i = 0; i < count; i++)
        dais_writer_uint(&expected, numbers[i]);
}

static void assert_digest(bool standing_only)
{
    static pieces_t pieces;
    dais_slice_t packed;
    dais_hash_t digest;
    pieces.size = 0;
    assert_int_equal(dais_writer_finish(&expected, &packed), DAIS_OK);
    assert_int_equal(dais_digest_write(&world, standing_only, keep_piece, &pieces), DAIS_OK);
    assert_int_equal(pieces.size, packed.size);
    assert_memory_equal(pieces.bytes, packed.data, packed.size);
    assert_int_equal(standing_only ? dais_digest_standing(&world, &digest)
                                   : dais_digest_state(&world, &digest),
                     DAIS_OK);
    dais_hash_t hash = dais_hash_one(packed);
    assert_true(dais_hash_equal(&digest, &hash));
}

static void expect(void)
{
    dais_writer_init(&expected, expected_bytes, sizeof expected_bytes);
}

static void put_sorted(dais_table_t table, uint64_t a, uint64_t b, const void *row)
{
    world.store->port->sorted_put(world.store, table, &(dais_row_key_t){{a, b}}, row);
}

static void make_small_state(void)
{
    dais_cycle_row_t cycle = {.call = 1, .state = 5, .rank_hint = 9, .call_number = 8};
    cycle.by_state[6] = 300;
    world.cycle = cycle;
    world.size = 70000;
    put_sorted(DAIS_TABLE_CYCLE, 0, 0, &cycle);
    put_sorted(DAIS_TABLE_DATE, 3, 0, &(dais_date_row_t){.due = 1000, .announced = 1});
    uint32_t code = (uint32_t)dais_store_text(world.store, dais_slice_text("WG1"));
    world_dense(DAIS_TABLE_SESSION, 1, &(dais_session_row_t){.adopted = 4, .code_number = code});
    world_dense(DAIS_TABLE_STATE, 1, &(dais_state_row_t){.code = "XA", .entitled = 1});
    world_dense(DAIS_TABLE_STATE, 2, &(dais_state_row_t){.code = "ABCDEFGH", .present = 1});
    world_mark(DAIS_TABLE_PAIR, 1, 2, 0, 60, 1);
    world_mark(DAIS_TABLE_RETIRES, 5, 1, 0, 60, 0);
}

static void expect_cycle_row(void)
{
    dais_writer_array(&expected, 1);
    dais_writer_array(&expected, 38);
    uints(9, (const uint64_t[]){1, 0, 0, 0, 0, 0, 0, 0, 0});
    uints(3, (const uint64_t[]){0, 0, 0});
    dais_writer_array(&expected, 16);
    uints(16, (const uint64_t[16]){[6] = 300});
    uints(11, (const uint64_t[11]){0});
    dais_writer_array(&expected, 8);
    uints(8, (const uint64_t[8]){0});
    uints(4, (const uint64_t[4]){0});
    dais_writer_array(&expected, 8);
    uints(8, (const uint64_t[8]){0});
    uints(8, (const uint64_t[8]){0, 0, 0, 0, 5, 0, 0, 0});
}

/* Goal: the state digest is over the bytes that the rules describe: every table but scratch, keys
 * as named, fields in order without caches and spares, texts and codes in place of numbers. Method:
 * a small state, and the same bytes packed by hand. */
static void test_state(void **state)
{
    (void)state;
    make_small_state();
    expect();
    dais_writer_array(&expected, 4);
    dais_writer_str(&expected, dais_slice_text("dais/state/1\n"));
    uints(2, (const uint64_t[]){1, 70000});
    dais_writer_array(&expected, 27);
    expect_cycle_row();
    dais_writer_array(&expected, 1); /* DATE */
    dais_writer_array(&expected, 4);
    uints(4, (const uint64_t[]){3, 1000, 1, 0});
    dais_writer_array(&expected, 1); /* SESSION */
    dais_writer_array(&expected, 3);
    uints(2, (const uint64_t[]){0, 4});
    dais_writer_str(&expected, dais_slice_text("WG1"));
    dais_writer_array(&expected, 0); /* ACTOR */
    dais_writer_array(&expected, 0); /* KEY */
    dais_writer_array(&expected, 2); /* STATE */
    dais_writer_array(&expected, 3);
    dais_writer_str(&expected, dais_slice_text("XA"));
    uints(2, (const uint64_t[]){1, 0});
    dais_writer_array(&expected, 3);
    dais_writer_str(&expected, dais_slice_text("ABCDEFGH"));
    uints(2, (const uint64_t[]){0, 1});
    for (unsigned i = 0; i < 10; i++) /* ORGANISATION to TARGET */
        dais_writer_array(&expected, 0);
    dais_writer_array(&expected, 1); /* PAIR */
    dais_writer_array(&expected, 4);
    uints(4, (const uint64_t[]){1, 2, 60, 1});
    for (unsigned i = 0; i < 10; i++) /* RECEIVED to WITHHELD */
        dais_writer_array(&expected, 0);
    assert_digest(false);
}

static void make_standing(void)
{
    make_small_state();
    world.cycle.list_version = 2;
    world.cycle.approved = 3;
    world.cycle.endorsed = 1;
    world.cycle.majority = 2;
    world.cycle.revision = 4;
    world_org(1, (dais_organisation_row_t){.state = 9,
                                           .route = 1,
                                           .category = 2,
                                           .confirmed_category = 3,
                                           .confirmed_ecosoc = 1,
                                           .confirmed_prior = 2,
                                           .version = 1,
                                           .case_number = 1,
                                           .decided = 44,
                                           .told = 5,
                                           .invited = 45,
                                           .registered_online = 2,
                                           .attended_in_person = 1,
                                           .marks = 4});
    world_org(2, (dais_organisation_row_t){.state = 1, .category = 2});
    world_dense(DAIS_TABLE_CASE, 1,
                &(dais_case_row_t){.organisation_number = 1, .state = 4, .urgent = 1, .result = 2});
    world_dense(DAIS_TABLE_OBJECTION, 1, &(dais_objection_row_t){.state = 3, .marks = 1});
    world_dense(DAIS_TABLE_COMMENT, 1, &(dais_comment_row_t){.id = {7}, .state = 4});
    world_dense(DAIS_TABLE_CARRIED, 1, &(dais_carried_row_t){.id = {8}, .state = 4, .result = 1});
}

static void expect_organisation(uint8_t id, const uint64_t numbers[15])
{
    uint8_t bytes[16] = {id};
    dais_writer_array(&expected, 16);
    dais_writer_bin(&expected, dais_slice(bytes, sizeof bytes));
    uints(15, numbers);
}

/* Goal: the standing digest is over what can make a difference, and over nothing else. Method: one
 * thing of each sort, and the same bytes packed by hand. */
static void test_standing(void **state)
{
    (void)state;
    uint8_t id[16] = {1};
    make_standing();
    expect();
    dais_writer_array(&expected, 9);
    dais_writer_str(&expected, dais_slice_text("dais/standing/1\n"));
    dais_writer_array(&expected, 6);
    uints(6, (const uint64_t[]){5, 2, 3, 1, 2, 4});
    dais_writer_array(&expected, 1);
    dais_writer_array(&expected, 2);
    uints(2, (const uint64_t[]){3, 0});
    dais_writer_array(&expected, 1);
    dais_writer_array(&expected, 2);
    uints(2, (const uint64_t[]){0, 1});
    dais_writer_array(&expected, 2);
    dais_writer_array(&expected, 3);
    dais_writer_str(&expected, dais_slice_text("XA"));
    uints(2, (const uint64_t[]){1, 0});
    dais_writer_array(&expected, 3);
    dais_writer_str(&expected, dais_slice_text("ABCDEFGH"));
    uints(2, (const uint64_t[]){0, 1});
    dais_writer_array(&expected, 2);
    expect_organisation(1, (const uint64_t[15]){9, 1, 3, 1, 2, 1, 4, 2, 1, 1, 5, 1, 1, 1, 4});
    expect_organisation(2, (const uint64_t[15]){1, 0, 2});
    dais_writer_array(&expected, 1);
    dais_writer_array(&expected, 4);
    dais_writer_bin(&expected, dais_slice(id, sizeof id));
    dais_writer_str(&expected, dais_slice_text("ABCDEFGH"));
    uints(2, (const uint64_t[]){3, 1});
    id[0] = 7;
    dais_writer_array(&expected, 1);
    dais_writer_array(&expected, 2);
    dais_writer_bin(&expected, dais_slice(id, sizeof id));
    uints(1, (const uint64_t[]){4});
    id[0] = 8;
    dais_writer_array(&expected, 1);
    dais_writer_array(&expected, 3);
    dais_writer_bin(&expected, dais_slice(id, sizeof id));
    uints(2, (const uint64_t[]){4, 1});
    assert_digest(true);
}

/* Goal: a long state is handed out in pieces that add up. Method: more rows than fit a piece; the
 * hash of all pieces is the digest, and another row gives another one. */
static void test_pieces(void **state)
{
    (void)state;
    static pieces_t pieces;
    dais_hash_t before;
    dais_hash_t after;
    for (uint32_t i = 1; i <= 900; i++)
        world_dense(DAIS_TABLE_COMMENT, i, &(dais_comment_row_t){.entry = i, .state = 1});
    pieces.size = 0;
    assert_int_equal(dais_digest_write(&world, false, keep_piece, &pieces), DAIS_OK);
    assert_true(pieces.size > 20000);
    assert_int_equal(dais_digest_state(&world, &before), DAIS_OK);
    dais_hash_t hash = dais_hash_one(dais_slice(pieces.bytes, pieces.size));
    assert_true(dais_hash_equal(&before, &hash));
    world_mark(DAIS_TABLE_WITHHELD, 5, 0, 0, 6, 0);
    assert_int_equal(dais_digest_state(&world, &after), DAIS_OK);
    assert_false(dais_hash_equal(&before, &after));
}

/* Goal: a store that has failed gives no digest. Method: its error is set; so is a text that no
 * message can carry. */
static void test_failures(void **state)
{
    (void)state;
    static const char large[5000] = "long";
    dais_hash_t digest;
    dais_hash_t none = {{0}};
    make_small_state();
    uint32_t code = (uint32_t)dais_store_text(world.store, dais_slice(large, sizeof large));
    world_dense(DAIS_TABLE_SESSION, 1, &(dais_session_row_t){.code_number = code});
    assert_int_equal(dais_digest_state(&world, &digest), DAIS_ERR_NO_SPACE);
    assert_true(dais_hash_equal(&digest, &none));
    assert_int_equal(dais_digest_standing(&world, &digest), DAIS_OK);
    world.store->err = DAIS_ERR_IO;
    assert_int_equal(dais_digest_standing(&world, &digest), DAIS_ERR_IO);
}

/* Goal: what an earlier call left is no session (docs/disagreements.md, 1). Method: the digest of
 * the standing with such a row behind is the one without it. */
static void test_a_session_left_over_is_none(void **state)
{
    dais_session_row_t row = {.concluded = 3, .code_number = 1};
    dais_session_row_t empty = {.concluded = 0};
    dais_hash_t before;
    dais_hash_t after;
    (void)state;
    assert_int_equal(dais_store_text(world.store, dais_slice_text("WG1")), 1);
    world_dense(DAIS_TABLE_SESSION, 1, &row);
    assert_int_equal(dais_digest_standing(&world, &before), DAIS_OK);
    world_dense(DAIS_TABLE_SESSION, 2, &empty);
    assert_int_equal(dais_digest_standing(&world, &after), DAIS_OK);
    assert_true(dais_hash_equal(&before, &after));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_WORLD(test_state),    IN_WORLD(test_standing),
        IN_WORLD(test_pieces),   IN_WORLD(test_a_session_left_over_is_none),
        IN_WORLD(test_failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
