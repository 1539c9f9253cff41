/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_UNIT_REGISTRY_SERVICE_H
#define DAIS_TESTS_UNIT_REGISTRY_SERVICE_H

/* The services of a cycle without sockets: bodies in, and the bodies that come out of it are kept.
 */
#include "proto/box.h"
#include "proto/opening.h"
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

static inline void reply(void *context, dais_request_t request, dais_slice_t body)
{
    (void)context;
    assert_true(reply_count < REPLIES_MAX);
    replies[reply_count].number = request.a;
    replies[reply_count++].body = world_copy(&world, body);
}

static inline void service_start(void)
{
    dais_service_options_t options = {.cycle = world.cycle, .reply = reply};
    world_must(dais_service_create(&options, &service));
}

static inline int service_setup(void **state)
{
    if (world_setup(state) != 0)
        return -1;
    reply_count = request_count = call_count = 0;
    service_start();
    return 0;
}

static inline int service_teardown(void **state)
{
    dais_service_destroy(&service);
    return world_teardown(state);
}

static inline dais_id_t next_call(void)
{
    dais_id_t id = {{0}};
    id.bytes[15] = (uint8_t)++call_count;
    return id;
}

static inline dais_slice_t pack(const dais_shape_t *shape, const void *in)
{
    static uint8_t bytes[DAIS_LIMIT_HAND_OVER + 4096];
    dais_writer_t writer;
    dais_writer_init(&writer, bytes, sizeof bytes);
    world_must(dais_shape_encode(shape, in, &writer));
    return world_copy(&world, dais_slice(bytes, writer.size));
}

static inline uint64_t request(dais_slice_t body)
{
    dais_request_t name = {++request_count, 0};
    world_must(dais_service_request(service, name, body, world.manual.now.boot_ms));
    return request_count;
}

/* The answer to this request; fails the test if there is none. */
static inline dais_slice_t answer_to(uint64_t number)
{
    for (size_t i = 0; i < reply_count; i++)
        if (replies[i].number == number)
            return replies[i].body;
    fail_msg("request %u has no answer", (unsigned)number);
    return dais_slice(NULL, 0);
}

static inline dais_slice_t look(const dais_shape_t *shape, const void *what)
{
    dais_look_t question = {.call = next_call(), .log = world.log, .what = pack(shape, what)};
    return pack(&dais_shape_look, &question);
}

static inline dais_slice_t shown(uint64_t number)
{
    dais_shown_t answer;
    world_must(dais_shape_decode(&dais_shape_shown, answer_to(number), &answer).err);
    return answer.body;
}

static inline void expect_refused(uint64_t number, const char *code)
{
    dais_refused_t refused;
    world_must(dais_shape_decode(&dais_shape_refused, answer_to(number), &refused).err);
    if (!dais_slice_equal(refused.code, dais_slice_text(code)))
        fail_msg("refused with %.*s, not with %s", (int)refused.code.size,
                 (const char *)refused.code.data, code);
}

/* A signed ask, and its bytes for whoever opens the answer. */
static inline dais_slice_t ask(const char *who, uint64_t at, const dais_shape_t *shape,
                               const void *what, dais_slice_t *ask_bytes)
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

static inline dais_slice_t answered(uint64_t number, const char *who, dais_slice_t ask_bytes)
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

static inline dais_slice_t asked(const char *who, const dais_shape_t *shape, const void *what)
{
    dais_slice_t bytes;
    uint64_t number = request(ask(who, world.manual.now.wall_ms, shape, what, &bytes));
    return answered(number, who, bytes);
}

/* Hands over through the service. */
static inline uint64_t hand_over(const char *intake, uint64_t at, const world_bundle_t *bundles,
                                 size_t count)
{
    dais_hand_over_t body = world_stamp(&world, intake, at, bundles, count);
    body.call = next_call();
    return request(pack(&dais_shape_hand_over, &body));
}

/* Counts the entries of an answer that are open, having checked each against its leaf. */
static inline unsigned count_open(dais_slice_t body, bool *any_private)
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

#define IN_SERVICE(test) cmocka_unit_test_setup_teardown(test, service_setup, service_teardown)

#endif
