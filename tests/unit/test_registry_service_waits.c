/* SPDX-License-Identifier: Apache-2.0
 *
 * What the services of a cycle do not carry out at once, or not at all: questions that wait, disks
 * that are full, bytes that are no call. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/unit/registry_service.h"

/* Goal: a question waits for its entry or for its time, no longer. Method: three that wait; one
 * entry wakes one, time ends another, the third goes with its connection. */
static void test_waiting(void **state)
{
    dais_ask_receipts_t receipts = {.what = DAIS_WHAT_RECEIPTS, .wait_ms = 30000};
    dais_ask_entries_t entries = {
        .what = DAIS_WHAT_ENTRIES, .from = 7, .count = 1, .wait_ms = 5000};
    uint64_t boot_ms = world.manual.now.boot_ms;
    dais_slice_t bytes;
    bool any_private = false;
    (void)state;
    entries.from = 6;
    uint64_t mine = request(
        ask("office", world.manual.now.wall_ms, &dais_shape_ask_receipts, &receipts, &bytes));
    uint64_t next = request(look(&dais_shape_ask_entries, &entries));
    assert_int_equal(reply_count, 0);
    assert_int_equal(dais_service_next_ms(service), boot_ms + 5000);
    world_must(dais_service_expire(service, boot_ms + 4999));
    assert_int_equal(reply_count, 0);
    world_must(dais_service_expire(service, boot_ms + 5000));
    assert_int_equal(reply_count, 1);
    assert_int_equal(count_open(shown(next), &any_private), 0);
    world_bundle_t b = bundle_of("office", 1);
    (void)hand_over("ia", T0 + 1, &b, 1);
    world_must(dais_service_run(service));
    dais_answer_receipts_t answer;
    world_must(
        dais_shape_decode(&dais_shape_answer_receipts, answered(mine, "office", bytes), &answer)
            .err);
    assert_int_equal(answer.next, 1);
    assert_int_equal(answer.bundles.count, 1);
    receipts.k = 1;
    (void)request(
        ask("office", world.manual.now.wall_ms, &dais_shape_ask_receipts, &receipts, &bytes));
    size_t before = reply_count;
    dais_service_forget(service);
    assert_int_equal(dais_service_next_ms(service), UINT64_MAX);
    world_must(dais_service_expire(service, UINT64_MAX));
    assert_int_equal(reply_count, before);
}

/* Goal: who waits for a bundle in which nothing is new is told of it at once, though the log has
 * not grown. Method: the same message in two bundles; the question about the second waits, and the
 * batch that brings it answers. */
static void test_waiting_for_twins(void **state)
{
    dais_ask_receipts_t what = {.what = DAIS_WHAT_RECEIPTS, .k = 1, .wait_ms = 30000};
    dais_answer_receipts_t answer;
    dais_message_t message = {.actor = scenario_pack_id("office")};
    dais_reply_t reply_subject = {.notice = 1};
    dais_slice_t bytes;
    (void)state;
    dais_item_t item = world_item(&world, "office", DAIS_KIND_REPLY, &reply_subject, &message,
                                  dais_slice(NULL, 0));
    world_bundle_t first = world_bundle(&world, "office", DAIS_STREAM_OPEN, &item, 1, NULL);
    world_bundle_t again = world_bundle(&world, "office", DAIS_STREAM_OPEN, &item, 1, NULL);
    (void)hand_over("ia", T0 + 1, &first, 1);
    world_must(dais_service_run(service));
    uint64_t before = size();
    uint64_t asking =
        request(ask("office", world.manual.now.wall_ms, &dais_shape_ask_receipts, &what, &bytes));
    (void)hand_over("ia", T0 + 2, &again, 1);
    world_must(dais_service_run(service));
    assert_int_equal(size(), before);
    world_must(
        dais_shape_decode(&dais_shape_answer_receipts, answered(asking, "office", bytes), &answer)
            .err);
    assert_int_equal(answer.next, 2);
    assert_int_equal(answer.duplicates.count, 1);
}

/* Goal: with too little room on the disk a hand-over is refused for now, and taken later. Method: a
 * floor that no disk reaches; then none. */
static void test_low_disk(void **state)
{
    dais_taken_t taken;
    (void)state;
    world_bundle_t b = bundle_of("office", 2);
    dais_hand_over_t body = world_stamp(&world, "ia", T0 + 1, &b, 1);
    dais_slice_t packed = pack(&dais_shape_hand_over, &body);
    world.house.disk_floor = UINT64_MAX;
    uint64_t number = request(packed);
    assert_int_equal(dais_service_run(service), DAIS_ERR_LOW_DISK);
    expect_refused(number, "low-disk");
    assert_int_equal(size(), 6);
    world.house.disk_floor = 1;
    number = request(packed);
    world_must(dais_service_run(service));
    world_must(dais_shape_decode(&dais_shape_taken, answer_to(number), &taken).err);
    assert_int_equal(taken.next, 1);
    assert_int_equal(size(), 8);
}

/* Goal: bytes that are no call do no harm, and are answered, as an answer gives the broker its
 * credit back. Method: nothing, noise, a call to somebody else, cut calls; those with a call id get
 * it back. */
static void test_noise(void **state)
{
    dais_ask_checkpoint_t what = {.what = DAIS_WHAT_CHECKPOINT};
    dais_slice_t good = look(&dais_shape_ask_checkpoint, &what);
    dais_taken_t taken = {.call = next_call()};
    dais_refused_t refused;
    (void)state;
    expect_refused(request(dais_slice(NULL, 0)), "wrong-domain");
    expect_refused(request(dais_slice_text("noise")), "wrong-domain");
    expect_refused(request(pack(&dais_shape_taken, &taken)), "wrong-domain");
    world_must(dais_shape_decode(&dais_shape_refused, answer_to(request_count), &refused).err);
    assert_memory_equal(refused.call.bytes, taken.call.bytes, sizeof taken.call.bytes);
    for (size_t cut = 1; cut < good.size; cut += 7) {
        reply_count = 0;
        (void)request(dais_slice(good.data, cut));
        assert_int_equal(reply_count, 1);
        world_must(dais_shape_decode(&dais_shape_refused, answer_to(request_count), &refused).err);
    }
    assert_int_equal(size(), 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SERVICE(test_waiting),
        IN_SERVICE(test_waiting_for_twins),
        IN_SERVICE(test_low_disk),
        IN_SERVICE(test_noise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
