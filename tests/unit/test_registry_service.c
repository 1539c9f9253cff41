/* SPDX-License-Identifier: Apache-2.0
 *
 * The services of a cycle, body in and body out: who may ask what, how long a question waits, and
 * that what is answered can be proved. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "proto/box.h"
#include "proto/opening.h"
#include "proto/proof.h"
#include "proto/tree_verify.h"
#include "registry/service.h"
#include "tests/unit/registry_cycle.h"

#define REPLIES_MAX 64

static dais_service_t *service;
static struct {
    uint64_t number; /* of the request */
    dais_slice_t body;
} replies[REPLIES_MAX];
static size_t reply_count;
static uint64_t request_count;
static uint64_t call_count;

static void reply(void *context, dais_request_t request, dais_slice_t body)
{
    (void)context;
    assert_true(reply_count < REPLIES_MAX);
    replies[reply_count].number = request.a;
    replies[reply_count++].body = world_copy(&world, body);
}

static int service_setup(void **state)
{
    if (world_setup(state) != 0)
        return -1;
    dais_service_options_t options = {.cycle = world.cycle, .reply = reply};
    reply_count = request_count = call_count = 0;
    world_must(dais_service_create(&options, &service));
    return 0;
}

static int service_teardown(void **state)
{
    dais_service_destroy(&service);
    return world_teardown(state);
}

static dais_id_t next_call(void)
{
    dais_id_t id = {{0}};
    id.bytes[15] = (uint8_t)++call_count;
    return id;
}

static dais_slice_t pack(const dais_shape_t *shape, const void *in)
{
    static uint8_t bytes[DAIS_LIMIT_HAND_OVER + 4096];
    dais_writer_t writer;
    dais_writer_init(&writer, bytes, sizeof bytes);
    world_must(dais_shape_encode(shape, in, &writer));
    return world_copy(&world, dais_slice(bytes, writer.size));
}

static uint64_t request(dais_slice_t body)
{
    dais_request_t name = {++request_count, 0};
    world_must(dais_service_request(service, name, body, world.manual.now.boot_ms));
    return request_count;
}

/* The answer to this request; fails the test if there is none. */
static dais_slice_t answer_to(uint64_t number)
{
    for (size_t i = 0; i < reply_count; i++)
        if (replies[i].number == number)
            return replies[i].body;
    fail_msg("request %u has no answer", (unsigned)number);
    return dais_slice(NULL, 0);
}

static dais_slice_t look(const dais_shape_t *shape, const void *what)
{
    dais_look_t question = {.call = next_call(), .log = world.log, .what = pack(shape, what)};
    return pack(&dais_shape_look, &question);
}

static dais_slice_t shown(uint64_t number)
{
    dais_shown_t answer;
    world_must(dais_shape_decode(&dais_shape_shown, answer_to(number), &answer).err);
    return answer.body;
}

static void expect_refused(uint64_t number, const char *code)
{
    dais_refused_t refused;
    world_must(dais_shape_decode(&dais_shape_refused, answer_to(number), &refused).err);
    if (!dais_slice_equal(refused.code, dais_slice_text(code)))
        fail_msg("refused with %.*s, not with %s", (int)refused.code.size,
                 (const char *)refused.code.data, code);
}

/* A signed ask, and its bytes for whoever opens the answer. */
static dais_slice_t ask(const char *who, uint64_t at, const dais_shape_t *shape, const void *what,
                        dais_slice_t *ask_bytes)
{
    uint8_t bytes[DAIS_LIMIT_ASK + 512];
    dais_writer_t writer;
    dais_ask_t question = {.log = world.log, .at = at, .nonce = next_call()};
    question.what = pack(shape, what);
    dais_writer_init(&writer, bytes, sizeof bytes);
    world_must(dais_ask_sign(&question, scenario_pack_device(who), &writer));
    dais_slice_t copy = world_copy(&world, dais_slice(bytes, writer.size));
    dais_ask_call_t call = {.call = next_call(), .ask = copy};
    if (ask_bytes != NULL)
        *ask_bytes = copy;
    return pack(&dais_shape_ask_call, &call);
}

static dais_slice_t answered(uint64_t number, const char *who, dais_slice_t ask_bytes)
{
    static uint8_t plain[DAIS_LIMIT_ANSWER + 1024];
    dais_answered_t boxed;
    dais_answer_t answer;
    world_must(dais_shape_decode(&dais_shape_answered, answer_to(number), &boxed).err);
    world_must(dais_answer_open(scenario_pack_device(who), &world.box_key, &world.log, ask_bytes,
                                boxed.box, plain, sizeof plain, &answer)
                   .err);
    return world_copy(&world, answer.body);
}

static dais_slice_t asked(const char *who, const dais_shape_t *shape, const void *what)
{
    dais_slice_t bytes;
    uint64_t number = request(ask(who, world.manual.now.wall_ms, shape, what, &bytes));
    return answered(number, who, bytes);
}

/* Hands over through the service. */
static uint64_t hand_over(const char *intake, uint64_t at, const world_bundle_t *bundles,
                          size_t count)
{
    dais_hand_over_t body = world_stamp(&world, intake, at, bundles, count);
    body.call = next_call();
    return request(pack(&dais_shape_hand_over, &body));
}

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

/* Counts the entries of an answer that are open, having checked each against its leaf. */
static unsigned count_open(dais_slice_t body, bool *any_private)
{
    dais_answer_entries_t answer;
    dais_entry_line_t line;
    dais_opening_t opening;
    dais_opened_t opened;
    unsigned open = 0;
    world_must(dais_shape_decode(&dais_shape_answer_entries, body, &answer).err);
    dais_list_walk_t walk = dais_list_begin(&answer.entries, &dais_shape_entry_line);
    while (dais_list_next(&walk, &line)) {
        if (line.opening.size == 0)
            continue;
        world_must(dais_shape_decode(&dais_shape_opening, line.opening, &opening).err);
        world_must(dais_opening_check(&opening, &world.log, &opened).err);
        dais_hash_t leaf = dais_tree_leaf_hash(line.leaf);
        assert_true(dais_hash_equal(&leaf, &opened.leaf));
        *any_private = *any_private || opening.private_opening.size > 0;
        open++;
    }
    return open;
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

#define IN_SERVICE(test) cmocka_unit_test_setup_teardown(test, service_setup, service_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SERVICE(test_batch),      IN_SERVICE(test_batch_is_bounded),
        IN_SERVICE(test_checkpoint), IN_SERVICE(test_entries),
        IN_SERVICE(test_proof),      IN_SERVICE(test_asks_are_checked),
        IN_SERVICE(test_waiting),    IN_SERVICE(test_waiting_for_twins),
        IN_SERVICE(test_receipts),   IN_SERVICE(test_noise),
        IN_SERVICE(test_low_disk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
