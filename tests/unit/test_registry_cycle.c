/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/unit/registry_cycle.h"

/* Goal: a new cycle holds genesis and the roster, and opens again with the same. Method: make one,
 * close it, open it, refold it. */
static void test_new_cycle(void **state)
{
    (void)state;
    assert_int_equal(size(), 6);
    uint32_t epoch = dais_book_epoch(dais_cycle_book(world.cycle));
    world_must(world_reopen(&world));
    assert_int_equal(size(), 6);
    assert_true(dais_book_epoch(dais_cycle_book(world.cycle)) > epoch);
    world_verify(&world);
}

/* Goal: what is handed over is logged in order, once, and acknowledged with the next number.
 * Method: bundles of several messages under one stamp, then the same hand-over again. */
static void test_hand_over(void **state)
{
    world_bundle_t bundles[] = {bundle_of("office", 3), bundle_of("office", 256),
                                bundle_of("xa", 1)};
    (void)state;
    dais_hand_over_t hand_over = world_stamp(&world, "ia", T0 + 5, bundles, 3);
    dais_take_t take = world_hand_over(&world, &hand_over);
    assert_int_equal(take.err, DAIS_OK);
    assert_int_equal(take.next, 1);
    assert_int_equal(size(), 6 + 260);
    take = world_hand_over(&world, &hand_over);
    assert_int_equal(take.err, DAIS_OK);
    assert_int_equal(take.next, 1);
    assert_int_equal(size(), 6 + 260);
    world_verify(&world);
}

/* Goal: a bundle whose predecessor is missing waits, and is logged in order once that has come; the
 * same one again changes nothing. Method: four bundles in the order 3, 1, 3, 0, 2 through two
 * intakes. */
static void test_gap_is_parked(void **state)
{
    world_bundle_t b[] = {bundle_of("office", 1), bundle_of("office", 2), bundle_of("office", 3),
                          bundle_of("office", 4)};
    (void)state;
    world_send(&world, "ia", T0 + 1, &b[3], 1);
    world_send(&world, "ib", T0 + 2, &b[1], 1);
    world_send(&world, "ib", T0 + 3, &b[3], 1);
    assert_int_equal(size(), 6);
    assert_int_equal(parked(), 2);
    world_send(&world, "ia", T0 + 4, &b[0], 1);
    assert_int_equal(size(), 6 + 3);
    assert_int_equal(parked(), 1);
    world_send(&world, "ia", T0 + 5, &b[2], 1);
    assert_int_equal(size(), 6 + 10);
    assert_int_equal(parked(), 0);
    for (uint64_t k = 0; k < 4; k++)
        assert_true(link_is("office", k, &b[k]));
    world_verify(&world);
}

/* Goal: what waits survives a restart. Method: park, open anew, fill the gap. */
static void test_parked_is_kept(void **state)
{
    world_bundle_t b[] = {bundle_of("office", 1), bundle_of("office", 2)};
    (void)state;
    world_send(&world, "ia", T0 + 1, &b[1], 1);
    world_must(world_reopen(&world));
    world_send(&world, "ia", T0 + 2, &b[0], 1);
    assert_int_equal(size(), 6 + 3);
    world_verify(&world);
}

/* Goal: the same id and bytes are the original entry; other bytes under the same id get a verdict.
 * Method: a message in one bundle, again in a second beside a new one, then altered. */
static void test_duplicates(void **state)
{
    dais_message_t message = {.actor = scenario_pack_id("office")};
    dais_reply_t reply = {.notice = 1};
    dais_item_t items[2];
    (void)state;
    items[0] = world_item(&world, "office", DAIS_KIND_REPLY, &reply, &message, dais_slice(NULL, 0));
    world_bundle_t first = world_bundle(&world, "office", DAIS_STREAM_OPEN, items, 1, NULL);
    dais_message_t other = {.actor = scenario_pack_id("office")};
    items[1] = world_item(&world, "office", DAIS_KIND_REPLY, &reply, &other, dais_slice(NULL, 0));
    dais_item_t both[3] = {items[0], items[1], items[1]};
    world_bundle_t second = world_bundle(&world, "office", DAIS_STREAM_OPEN, both, 3, NULL);
    message.said_at = 5;
    items[0] = world_item(&world, "office", DAIS_KIND_REPLY, &reply, &message, dais_slice(NULL, 0));
    world_bundle_t third = world_bundle(&world, "office", DAIS_STREAM_OPEN, items, 1, NULL);
    world_send(&world, "ia", T0 + 1, &first, 1);
    world_send(&world, "ia", T0 + 2, &second, 1);
    assert_int_equal(size(), 6 + 2);
    dais_book_link_t link = link_of("office", 1);
    assert_int_equal(link.count, 1);
    assert_int_equal(link.twins.count, 2);
    world_send(&world, "ia", T0 + 3, &third, 1);
    assert_int_equal(size(), 6 + 3);
    static world_entry_t entry;
    dais_book_t *book = dais_cycle_book(world.cycle);
    dais_book_begin(book, DAIS_TXN_READ);
    world_read(&world, 8, &entry);
    dais_code_item_t code;
    dais_list_walk_t walk = dais_list_begin(&entry.entry.record.verdicts, &dais_shape_code_item);
    assert_true(dais_list_next(&walk, &code));
    assert_int_equal(code.value, DAIS_VERDICT_ID_CONFLICT);
    world_must(dais_book_end(book));
    world_verify(&world);
}

/* Goal: two bundles of one number are a fork: the second is turned away, stands beside the chain,
 * and the chain goes on. Method: sign two of number 0, then number 1 after the first. */
static void test_fork_is_turned_away(void **state)
{
    (void)state;
    world_bundle_t good = bundle_of("office", 1);
    world_chain_t kept = *world_chain(&world, "office", DAIS_STREAM_OPEN);
    *world_chain(&world, "office", DAIS_STREAM_OPEN) =
        (world_chain_t){.name = "office", .stream = DAIS_STREAM_OPEN};
    world_bundle_t fork = bundle_of("office", 1);
    world_bundle_t of_fork = bundle_of("office", 1);
    world_send(&world, "ia", T0 + 1, &good, 1);
    world_send(&world, "ia", T0 + 2, &fork, 1);
    expect_turned_away("chain-fork");
    world_send(&world, "ia", T0 + 3, &of_fork, 1);
    expect_turned_away("chain-fork");
    *world_chain(&world, "office", DAIS_STREAM_OPEN) = kept;
    world_bundle_t next = bundle_of("office", 1);
    world_send(&world, "ia", T0 + 4, &next, 1);
    assert_true(link_is("office", 1, &next));
    world_verify(&world);
}

/* Goal: what is not admitted is turned away with its code, and uses up its number only if header,
 * signature and number were good. Method: one bundle for each reason, then one that is good. */
static void test_turned_away(void **state)
{
    dais_bundle_t unseen = {.seen_size = 3};
    dais_bundle_t ahead = {.seen_size = 1000};
    dais_message_t of_another = {.actor = scenario_pack_id("xa")};
    dais_reply_t reply = {.notice = 1};
    (void)state;
    world_bundle_t stranger = bundle_of("stranger", 1);
    world_send(&world, "ia", T0 + 1, &stranger, 1);
    expect_turned_away("not-on-roster");
    dais_item_t item =
        world_item(&world, "office", DAIS_KIND_REPLY, &reply, &of_another, dais_slice(NULL, 0));
    world_bundle_t b = world_bundle(&world, "office", DAIS_STREAM_OPEN, &item, 1, NULL);
    world_send(&world, "ia", T0 + 2, &b, 1);
    expect_turned_away("wrong-actor");
    assert_int_equal(link_of("office", 0).state, DAIS_BUNDLE_TURNED_AWAY);
    dais_message_t own = {.actor = scenario_pack_id("office")};
    item = world_item(&world, "office", DAIS_KIND_REPLY, &reply, &own, dais_slice(NULL, 0));
    b = world_bundle(&world, "office", DAIS_STREAM_OPEN, &item, 1, &unseen);
    world_send(&world, "ia", T0 + 3, &b, 1);
    expect_turned_away("seen-mismatch");
    b = world_bundle(&world, "office", DAIS_STREAM_OPEN, &item, 1, &ahead);
    world_send(&world, "ia", T0 + 4, &b, 1);
    expect_turned_away("seen-mismatch");
    world.house.quota = 3;
    b = bundle_of("office", 4);
    world_send(&world, "ia", T0 + 5, &b, 1);
    expect_turned_away("quota");
    ((uint8_t *)(uintptr_t)item.public_opening.data)[0] ^= 1;
    b = world_bundle(&world, "office", DAIS_STREAM_OPEN, &item, 1, NULL);
    world_send(&world, "ia", T0 + 6, &b, 1);
    expect_turned_away("bad-commitment");
    b = bundle_of("office", 1);
    world_send(&world, "ia", T0 + 7, &b, 1);
    assert_int_equal(link_of("office", 5).state, DAIS_BUNDLE_LOGGED);
    world_verify(&world);
}

/* Goal: an author who has seen a prefix is let in. Method: name the size and root of before. */
static void test_seen_prefix(void **state)
{
    (void)state;
    dais_bundle_t seen = {.seen_size = size(),
                          .seen_root = dais_book_root(dais_cycle_book(world.cycle))};
    dais_message_t message = {.actor = scenario_pack_id("office")};
    dais_reply_t reply = {.notice = 1};
    for (unsigned i = 0; i < 3; i++) {
        message.id = (dais_id_t){{0}};
        dais_item_t item =
            world_item(&world, "office", DAIS_KIND_REPLY, &reply, &message, dais_slice(NULL, 0));
        world_bundle_t b = world_bundle(&world, "office", DAIS_STREAM_OPEN, &item, 1, &seen);
        world_send(&world, "ia", T0 + 1 + i, &b, 1);
    }
    assert_int_equal(size(), 6 + 3);
}

/* Goal: an intake's chain is taken without gap, from rostered intakes, whole or not at all. Method:
 * a stamp too far, one of an office, one over other bundles, one from the future. */
static void test_bad_hand_overs(void **state)
{
    world_bundle_t b = bundle_of("office", 1);
    world_bundle_t other = bundle_of("xa", 1);
    (void)state;
    dais_hand_over_t first = world_stamp(&world, "ia", T0 + 1, &b, 1);
    dais_hand_over_t second = world_stamp(&world, "ia", T0 + 2, &other, 1);
    dais_take_t take = world_hand_over(&world, &second);
    assert_int_equal(take.err, DAIS_OK);
    assert_int_equal(take.next, 0);
    dais_hand_over_t of_office = world_stamp(&world, "office", T0 + 1, &b, 1);
    assert_int_equal(world_hand_over(&world, &of_office).err, DAIS_ERR_NOT_ON_ROSTER);
    dais_hand_over_t mixed = {.log = first.log, .stamp = first.stamp, .parcels = second.parcels};
    assert_int_equal(world_hand_over(&world, &mixed).err, DAIS_ERR_BAD_ROOT);
    mixed.parcels.size--;
    assert_int_equal(world_hand_over(&world, &mixed).err, DAIS_ERR_TRUNCATED);
    dais_hand_over_t future = world_stamp(&world, "ib", T0 + 2 * DAIS_HOUSE_AHEAD_MS, &b, 1);
    take = world_hand_over(&world, &future);
    assert_int_equal(take.err, DAIS_ERR_AHEAD_OF_CLOCK);
    assert_true(take.retry_ms > 0);
    assert_int_equal(size(), 6);
    assert_int_equal(world_hand_over(&world, &first).next, 1);
    assert_int_equal(world_hand_over(&world, &second).next, 2);
    assert_int_equal(size(), 6 + 2);
    world_verify(&world);
}

/* Goal: sealed kinds come in a box, are logged as what the box held, and their entries open.
 * Method: a disclosure request in a box; then one that another log's key would open. */
static void test_sealed(void **state)
{
    dais_message_t message = {.actor = scenario_pack_id("xa")};
    uint8_t packed[64];
    dais_writer_t writer;
    dais_disclosure_request_t request = {.targets = {0}};
    dais_id_item_t target = {scenario_pack_id("org")};
    (void)state;
    dais_writer_init(&writer, packed, sizeof packed);
    world_must(dais_list_add(&request.targets, &dais_shape_id_item, &target, &writer));
    dais_item_t item = world_item(&world, "xa", DAIS_KIND_DISCLOSURE_REQUEST, &request, &message,
                                  dais_slice(NULL, 0));
    world_bundle_t b = world_bundle(&world, "xa", DAIS_STREAM_SEALED, &item, 1, NULL);
    world_send(&world, "ia", T0 + 1, &b, 1);
    assert_int_equal(world_count(&world, DAIS_KIND_DISCLOSURE_REQUEST, 6), 1);
    world.box_key = scenario_pack_device("elsewhere")->box_key;
    b = world_bundle(&world, "xa", DAIS_STREAM_SEALED, &item, 1, NULL);
    world_send(&world, "ia", T0 + 2, &b, 1);
    expect_turned_away("bad-box");
    world_verify(&world);
}

/* Goal: on the host only the secretariat's roster, intake, clock and second entries are taken, in
 * order, and a refusal leaves no trace. Method: an office's bundle, one too far, one again. */
static void test_host(void **state)
{
    uint64_t first;
    uint64_t count;
    (void)state;
    world_bundle_t of_office = bundle_of("office", 1);
    assert_int_equal(dais_cycle_admit(world.cycle, of_office.parcel, &first, &count),
                     DAIS_ERR_NOT_ON_HOST);
    world_bundle_t of_secretariat = bundle_of("sec2", 1);
    assert_int_equal(dais_cycle_admit(world.cycle, of_secretariat.parcel, &first, &count),
                     DAIS_ERR_NOT_ON_HOST);
    world_bundle_t skipped = retirement("office", T0 + 100);
    world_bundle_t next = retirement("office", T0 + 200);
    assert_int_equal(dais_cycle_admit(world.cycle, next.parcel, &first, &count),
                     DAIS_ERR_CHAIN_GAP);
    assert_int_equal(size(), 6);
    admit(skipped);
    admit(next);
    world_must(dais_cycle_admit(world.cycle, next.parcel, &first, &count));
    assert_int_equal(count, 0);
    assert_int_equal(size(), 8);
    world_verify(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_WORLD(test_new_cycle),      IN_WORLD(test_hand_over),
        IN_WORLD(test_gap_is_parked),  IN_WORLD(test_parked_is_kept),
        IN_WORLD(test_duplicates),     IN_WORLD(test_fork_is_turned_away),
        IN_WORLD(test_turned_away),    IN_WORLD(test_seen_prefix),
        IN_WORLD(test_bad_hand_overs), IN_WORLD(test_sealed),
        IN_WORLD(test_host),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
