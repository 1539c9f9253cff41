/* SPDX-License-Identifier: Apache-2.0
 *
 * The services of a cycle, body in and body out: who may ask what, how long a question waits, and
 * that what is answered can be proved. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "proto/proof.h"
#include "proto/tree_verify.h"
#include "tests/unit/registry_service.h"

/* Goal: hand-overs of one pass are one transaction, and each is answered behind it. Method: three
 * requests, one run; the log lines would show one batch, here the epoch of all entries and the
 * answers do. */
static void test_batch(void **state)
{
    world_bundle_t b[] = {bundle_of("office", 2), bundle_of("xa", 1)};
    dais_taken_t taken;
    (void)state;
    uint64_t first = hand_over("ia", T0 + 1, &b[0], 1);
    uint64_t second = hand_over("ib", T0 + 2, &b[1], 1);
    uint64_t mark = hand_over("ia", T0 + 3, NULL, 0);
    assert_int_equal(reply_count, 0);
    assert_true(dais_service_is_due(service));
    world_must(dais_service_run(service));
    assert_false(dais_service_is_due(service));
    world_must(dais_shape_decode(&dais_shape_taken, answer_to(first), &taken).err);
    assert_int_equal(taken.next, 1);
    world_must(dais_shape_decode(&dais_shape_taken, answer_to(second), &taken).err);
    assert_int_equal(taken.next, 1);
    world_must(dais_shape_decode(&dais_shape_taken, answer_to(mark), &taken).err);
    assert_int_equal(taken.next, 2);
    assert_int_equal(size(), 6 + 3);
}

/* Goal: one transaction takes a bounded number of messages, and what came behind is taken by the
 * next one, in its order. Method: 40 hand-overs of a full bundle each, and a mark behind them. */
static void test_batch_is_bounded(void **state)
{
    enum { HAND_OVERS = 40 };
    uint64_t numbers[HAND_OVERS + 1];
    unsigned runs = 0;
    (void)state;
    for (unsigned i = 0; i < HAND_OVERS; i++) {
        world_bundle_t b = bundle_of("office", DAIS_LIMIT_BUNDLE_MESSAGES);
        numbers[i] = hand_over("ia", T0 + 1 + i, &b, 1);
    }
    numbers[HAND_OVERS] = hand_over("ia", T0 + 1 + HAND_OVERS, NULL, 0);
    for (; dais_service_is_due(service); runs++) {
        uint64_t before = size();
        world_must(dais_service_run(service));
        assert_true(size() - before < DAIS_SERVICE_BATCH_COUNT + DAIS_LIMIT_BUNDLE_MESSAGES);
    }
    assert_int_equal(runs, 2);
    assert_int_equal(size(), 6 + HAND_OVERS * DAIS_LIMIT_BUNDLE_MESSAGES);
    for (unsigned i = 0; i <= HAND_OVERS; i++) {
        dais_taken_t taken;
        world_must(dais_shape_decode(&dais_shape_taken, answer_to(numbers[i]), &taken).err);
        assert_int_equal(taken.next, i + 1);
    }
}

/* Goal: a follower gets a signed checkpoint that extends the one it has. Method: look at two sizes
 * and check the proof between them. */
static void test_checkpoint(void **state)
{
    dais_ask_checkpoint_t what = {.what = DAIS_WHAT_CHECKPOINT};
    dais_answer_checkpoint_t answer;
    dais_checkpoint_t old;
    dais_checkpoint_t new;
    const dais_vkey_t *vkey = &dais_cycle_about(world.cycle)->vkey;
    (void)state;
    uint64_t number = request(look(&dais_shape_ask_checkpoint, &what));
    world_must(dais_shape_decode(&dais_shape_answer_checkpoint, shown(number), &answer).err);
    world_must(dais_checkpoint_verify(answer.checkpoint, vkey, &old).err);
    assert_int_equal(old.size, 6);
    world_bundle_t b = bundle_of("office", 5);
    (void)hand_over("ia", T0 + 1, &b, 1);
    world_must(dais_service_run(service));
    what.old_size = old.size;
    number = request(look(&dais_shape_ask_checkpoint, &what));
    world_must(dais_shape_decode(&dais_shape_answer_checkpoint, shown(number), &answer).err);
    world_must(dais_checkpoint_verify(answer.checkpoint, vkey, &new).err);
    assert_int_equal(new.size, 11);
    world_must(
        dais_tree_consistency_verify(old.size, new.size, &old.root, &new.root, answer.consistency));
    what.old_size = 12;
    expect_refused(request(look(&dais_shape_ask_checkpoint, &what)), "out-of-range");
}

/* Goal: the public gets the leaves of all entries and the openings of those that are open; the
 * author's own are open to it with their private contents, and to the inspector all are. Method: an
 * objection's kind, sealed, asked for by everybody. */
static void test_entries(void **state)
{
    dais_ask_entries_t what = {.what = DAIS_WHAT_ENTRIES, .from = 6, .count = 1024};
    dais_disclosure_request_t subject = {.targets = {0}};
    dais_message_t message = {.actor = scenario_pack_id("xa")};
    dais_id_item_t target = {scenario_pack_id("org")};
    uint8_t packed[64];
    dais_writer_t writer;
    bool any_private = false;
    (void)state;
    world_add_key(&world, "sec", "eye", DAIS_ROLE_INSPECTOR, "", "");
    dais_writer_init(&writer, packed, sizeof packed);
    world_must(dais_list_add(&subject.targets, &dais_shape_id_item, &target, &writer));
    dais_item_t item = world_item(&world, "xa", DAIS_KIND_DISCLOSURE_REQUEST, &subject, &message,
                                  dais_slice(NULL, 0));
    world_bundle_t b = world_bundle(&world, "xa", DAIS_STREAM_SEALED, &item, 1, NULL);
    (void)hand_over("ia", T0 + 1, &b, 1);
    world_must(dais_service_run(service));
    what.from = 7;
    uint64_t number = request(look(&dais_shape_ask_entries, &what));
    assert_int_equal(count_open(shown(number), &any_private), 0);
    assert_int_equal(count_open(asked("office", &dais_shape_ask_entries, &what), &any_private), 0);
    assert_false(any_private);
    assert_int_equal(count_open(asked("xa", &dais_shape_ask_entries, &what), &any_private), 1);
    assert_true(any_private);
    assert_int_equal(count_open(asked("eye", &dais_shape_ask_entries, &what), &any_private), 1);
    what.from = 0;
    number = request(look(&dais_shape_ask_entries, &what));
    any_private = false;
    assert_int_equal(count_open(shown(number), &any_private), 7); /* genesis and the roster */
    assert_false(any_private);
}

/* Goal: a proof in text form holds offline, and is not given for what one may not see, nor for what
 * is not there. Method: ask as the author, as another, and beyond the end. */
static void test_proof(void **state)
{
    dais_ask_proof_t what = {.what = DAIS_WHAT_PROOF, .seq = 6};
    dais_answer_proof_t answer;
    dais_proof_t proof;
    uint8_t leaf_bytes[64];
    dais_slice_t leaf;
    (void)state;
    world_bundle_t b = bundle_of("office", 1);
    (void)hand_over("ia", T0 + 1, &b, 1);
    world_must(dais_service_run(service));
    world_must(dais_shape_decode(&dais_shape_answer_proof,
                                 asked("office", &dais_shape_ask_proof, &what), &answer)
                   .err);
    world_must(dais_proof_parse(answer.proof, &proof).err);
    dais_book_t *book = dais_cycle_book(world.cycle);
    dais_book_begin(book, DAIS_TXN_READ);
    assert_true(dais_book_leaf(book, 6, leaf_bytes, &leaf));
    world_must(dais_book_end(book));
    dais_hash_t hash = dais_tree_leaf_hash(leaf);
    world_must(dais_proof_verify(&proof, &hash, &dais_cycle_about(world.cycle)->vkey, NULL));
    what.seq = 7;
    expect_refused(request(ask("office", T0 + 1, &dais_shape_ask_proof, &what, NULL)), "not-found");
    what.seq = 6;
    expect_refused(request(ask("xa", T0 + 1, &dais_shape_ask_proof, &what, NULL)), "not-found");
}

/* Goal: an ask that was answered is not answered again by a registry that has forgotten it. Method:
 * ask, start the service anew, send the same; one from just before the start is told when to try
 * again, by the asker's clock; one signed then is answered. */
static void test_ask_after_restart(void **state)
{
    dais_ask_receipts_t what = {.what = DAIS_WHAT_RECEIPTS};
    const dais_shape_t *shape = &dais_shape_ask_receipts;
    uint64_t now = world.manual.now.wall_ms;
    dais_refused_t refused;
    (void)state;
    dais_slice_t before = ask("xa", now, shape, &what, NULL);
    (void)answer_to(request(before));
    world.manual.now.wall_ms += 7;
    dais_service_destroy(&service);
    service_start();
    uint64_t number = request(before);
    expect_refused(number, "stale-ask");
    world_must(dais_shape_decode(&dais_shape_refused, answer_to(number), &refused).err);
    assert_int_equal(refused.retry_ms, 7);
    (void)asked("xa", shape, &what);
    expect_refused(request(ask("xa", now - DAIS_HOUSE_ASK_MS, shape, &what, NULL)), "stale-ask");
}

/* Goal: who asks is proved. Method: a key of nobody, one that ended, a stale ask, one from the
 * future, the same ask twice, one for another log, one that was changed, and a public look for what
 * is not public. */
static void test_asks_are_checked(void **state)
{
    dais_ask_receipts_t what = {.what = DAIS_WHAT_RECEIPTS};
    const dais_shape_t *shape = &dais_shape_ask_receipts;
    uint64_t now = world.manual.now.wall_ms;
    (void)state;
    expect_refused(request(ask("stranger", now, shape, &what, NULL)), "not-on-roster");
    expect_refused(request(ask("xa", now - DAIS_HOUSE_ASK_MS - 1, shape, &what, NULL)),
                   "stale-ask");
    expect_refused(request(ask("xa", now + DAIS_HOUSE_ASK_MS + 1, shape, &what, NULL)),
                   "stale-ask");
    dais_slice_t twice = ask("xa", now, shape, &what, NULL);
    (void)answer_to(request(twice));
    expect_refused(request(twice), "repeated-ask");
    dais_slice_t changed = ask("xa", now, shape, &what, NULL);
    ((uint8_t *)(uintptr_t)changed.data)[changed.size - 1] ^= 1; /* of the signature */
    expect_refused(request(changed), "bad-signature");
    expect_refused(request(look(shape, &what)), "unknown-ask");
    world.log.bytes[0] ^= 1;
    dais_slice_t elsewhere = ask("xa", now, shape, &what, NULL);
    dais_slice_t looked = look(shape, &what);
    world.log.bytes[0] ^= 1;
    expect_refused(request(elsewhere), "wrong-log");
    expect_refused(request(looked), "wrong-log");
    admit(retirement("office", T0 + 100));
    world_send(&world, "ia", T0 + 100, NULL, 0);
    world_send(&world, "ib", T0 + 100, NULL, 0);
    expect_refused(request(ask("office", T0 + 100, shape, &what, NULL)), "key-ended");
}

/* Goal: what became of each bundle is told to its key: logged, parked, turned away, twice used
 * numbers and messages that were there before. Method: one of each. */
static void test_receipts(void **state)
{
    dais_ask_receipts_t what = {.what = DAIS_WHAT_RECEIPTS};
    dais_answer_receipts_t answer;
    dais_bundle_line_t line;
    unsigned states[4] = {0};
    (void)state;
    world_bundle_t good = bundle_of("office", 2);
    world_chain_t kept = *world_chain(&world, "office", DAIS_STREAM_OPEN);
    *world_chain(&world, "office", DAIS_STREAM_OPEN) =
        (world_chain_t){.name = "office", .stream = DAIS_STREAM_OPEN};
    world_bundle_t fork = bundle_of("office", 1);
    *world_chain(&world, "office", DAIS_STREAM_OPEN) = kept;
    world_bundle_t gap = bundle_of("office", 1);
    world_bundle_t parked_one = bundle_of("office", 1);
    (void)gap;
    (void)hand_over("ia", T0 + 1, &good, 1);
    (void)hand_over("ia", T0 + 2, &fork, 1);
    (void)hand_over("ia", T0 + 3, &parked_one, 1);
    world_must(dais_service_run(service));
    world_must(dais_shape_decode(&dais_shape_answer_receipts,
                                 asked("office", &dais_shape_ask_receipts, &what), &answer)
                   .err);
    assert_int_equal(answer.next, 1);
    assert_true(dais_hash_equal(&answer.prev, &good.hash));
    dais_list_walk_t walk = dais_list_begin(&answer.bundles, &dais_shape_bundle_line);
    while (dais_list_next(&walk, &line)) {
        states[line.state]++;
        if (line.state == DAIS_BUNDLE_TURNED_AWAY)
            assert_true(dais_slice_equal(line.code, dais_slice_text("chain-fork")));
        if (line.state == DAIS_BUNDLE_PARKED)
            assert_int_equal(line.k, 2);
    }
    assert_int_equal(states[DAIS_BUNDLE_LOGGED], 1);
    assert_int_equal(states[DAIS_BUNDLE_PARKED], 1);
    assert_int_equal(states[DAIS_BUNDLE_TURNED_AWAY], 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SERVICE(test_batch),
        IN_SERVICE(test_batch_is_bounded),
        IN_SERVICE(test_checkpoint),
        IN_SERVICE(test_entries),
        IN_SERVICE(test_proof),
        IN_SERVICE(test_asks_are_checked),
        IN_SERVICE(test_ask_after_restart),
        IN_SERVICE(test_receipts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
