/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_UNIT_INTAKE_WORLD_H
#define DAIS_TESTS_UNIT_INTAKE_WORLD_H

/* An intake on a real spool in the scratch folder, with a clock and a disk that the test moves, an
 * office and a carrier as its peers, and a registry that keeps the other end of the chain: it takes
 * each stamp only if it follows the one before and covers just the bundles that came with it. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "intake/hand_over.h"
#include "proto/box.h"
#include "proto/stamp.h"
#include "tests/support/world.h"
#include "tests/unit/scratch.h"

#define ROOM_BYTES  ((uint64_t)1 << 30)
#define FLOOR_BYTES ((uint64_t)64 << 20)
#define ANSWERS_MAX 20000
#define MARK_MS     60000
#define FORGET_MS   30000
#define TAKEN_MAX   20000

static world_t world;
static dais_device_t carrier;
static dais_intake_t *intake;
static dais_log_t nolog;

static struct {
    dais_clock_manual_t clock;
    uint8_t boot_id;
    bool synced;
    uint64_t free_bytes;
    bool played;
    size_t spool_bytes;
    uint32_t known_count;
} machine;

static struct {
    uint64_t token;
    uint8_t body[2048];
    size_t size;
} answers[ANSWERS_MAX];
static size_t answer_count;

/* The other end. */
static struct {
    uint64_t next_j;
    uint8_t stamp[DAIS_LIMIT_ENVELOPE];
    size_t stamp_size;
    dais_stamp_t last;
    dais_hash_t bundles[TAKEN_MAX];
    uint64_t ats[TAKEN_MAX]; /* of the stamp of each */
    size_t count;
    dais_id_t call;
} registry;

static inline dais_err_t machine_test_now(void *context, dais_now_t *now)
{
    (void)context;
    *now = machine.clock.now;
    return machine.clock.err;
}

static inline dais_err_t machine_test_reading(void *context, dais_clock_reading_t *reading)
{
    *reading = (dais_clock_reading_t){.synced = machine.synced};
    reading->boot_id[0] = machine.boot_id;
    return machine_test_now(context, &reading->now);
}

static inline dais_err_t machine_test_free(void *context, const char *folder, uint64_t *bytes)
{
    (void)context;
    (void)folder;
    *bytes = machine.free_bytes;
    return DAIS_OK;
}

static inline void answer_keep(void *context, uint64_t token, dais_slice_t body)
{
    (void)context;
    assert_true(answer_count < ANSWERS_MAX && body.size <= sizeof answers[0].body);
    answers[answer_count].token = token;
    answers[answer_count].size = body.size;
    memcpy(answers[answer_count++].body, body.data, body.size);
}

static inline size_t log_drop(void *context, dais_slice_t line)
{
    (void)context;
    return line.size;
}

static inline dais_err_t intake_try_open(bool create)
{
    static const dais_intake_machine_t port = {
        .now = machine_test_now, .reading = machine_test_reading, .disk_free = machine_test_free};
    static scratch_path_t folder;
    folder = scratch_path("spool");
    dais_clock_t clock = dais_clock_manual(&machine.clock);
    nolog = dais_log_to_sink(&clock, log_drop, NULL);
    dais_intake_options_t options = {.folder = folder.text,
                                     .create = create,
                                     .device = &world.intake,
                                     .played = machine.played,
                                     .spool_bytes = machine.spool_bytes,
                                     .disk_floor_bytes = FLOOR_BYTES,
                                     .known_count = machine.known_count,
                                     .mark_ms = MARK_MS,
                                     .forget_ms = FORGET_MS,
                                     .machine = &port,
                                     .random = dais_random_system(),
                                     .log = &nolog,
                                     .answer = answer_keep};
    return dais_intake_open(&options, &intake);
}

static inline dais_roster_key_t roster_line(uint64_t role, const dais_device_t *device)
{
    return (dais_roster_key_t){.role = role, .key = device->key, .box_key = device->box_key};
}

/* The exported roster of the world: office, carrier, and the intake unless it is left out. */
static inline dais_slice_t roster_text(const world_t *of, uint64_t size, bool with_intake)
{
    dais_roster_head_t head = {.log = of->log, .size = size};
    (void)snprintf(head.origin, sizeof head.origin, "%s", of->origin);
    dais_roster_key_t office_line = roster_line(DAIS_ROLE_OFFICE, &of->office);
    dais_roster_key_t carrier_line = roster_line(DAIS_ROLE_OFFICE, &carrier);
    dais_roster_key_t intake_line = roster_line(DAIS_ROLE_INTAKE, &of->intake);
    dais_writer_t writer = world_writer();
    dais_roster_put_head(&writer, &head);
    dais_roster_put_key(&writer, &office_line);
    dais_roster_put_key(&writer, &carrier_line);
    if (with_intake)
        dais_roster_put_key(&writer, &intake_line);
    return world_keep(&writer);
}

static inline void intake_start(bool create)
{
    assert_int_equal(intake_try_open(create), DAIS_OK);
    assert_int_equal(dais_intake_roster(intake, roster_text(&world, 10, true)).err, DAIS_OK);
}

/* As a process that was killed: what was not committed is gone. */
static inline void intake_restart(void)
{
    dais_intake_close(&intake);
    intake_start(false);
}

static inline int intake_make(void **state)
{
    if (scratch_make(state) != 0)
        return -1;
    world_reset();
    world_make(&world, 1, 1);
    carrier = world_device(77);
    memset(&machine, 0, sizeof machine);
    machine.clock.now = (dais_now_t){WORLD_NOW_MS, 1000000};
    machine.synced = true;
    machine.free_bytes = ROOM_BYTES;
    machine.spool_bytes = (size_t)64 << 20;
    machine.known_count = 1000;
    memset(&registry, 0, sizeof registry);
    answer_count = 0;
    intake_start(true);
    return 0;
}

static inline int intake_remove(void **state)
{
    dais_intake_close(&intake);
    return scratch_remove(state);
}

#define WITH_INTAKE(test) cmocka_unit_test_setup_teardown(test, intake_make, intake_remove)

/* Bundle k of the office in a world, with one message of this many bytes. */
static inline void bundle_make_in(const world_t *of, uint64_t k, size_t content_size,
                                  world_bundle_t *bundle)
{
    world_bundle_make(of, DAIS_KIND_COMMENT, 1, content_size, bundle);
    bundle->head.k = k;
    if (k > 0)
        bundle->head.prev = world_hash("bundle", k - 1);
    world_bundle_sign(&of->office, bundle);
}

static inline dais_slice_t submit_body(const dais_hash_t *log, dais_slice_t parcel, uint64_t token)
{
    dais_submit_t submit = {.log = *log, .parcel = parcel};
    memcpy(submit.call.bytes, &token, sizeof token);
    return world_pack(&dais_shape_submit, &submit);
}

static inline dais_slice_t transport_of(const dais_device_t *device)
{
    return dais_slice(device->box_key.bytes, DAIS_KEY_SIZE);
}

/* Sends bundle k as the office does. */
static inline dais_hash_t submit(uint64_t k, uint64_t token)
{
    static world_bundle_t bundle;
    size_t before = world_arena.used;
    bundle_make_in(&world, k, 100, &bundle);
    dais_slice_t body = submit_body(&world.log, world_parcel(&bundle), token);
    dais_intake_submit(intake, body, transport_of(&world.office), token);
    world_arena.used = before;
    return bundle.hash;
}

static inline void commit(void)
{
    assert_int_equal(dais_intake_commit(intake), DAIS_OK);
}

/* The newest answer to a token; empty if there is none. */
static inline dais_slice_t answer_of(uint64_t token)
{
    for (size_t i = answer_count; i > 0; i--) {
        if (answers[i - 1].token == token)
            return dais_slice(answers[i - 1].body, answers[i - 1].size);
    }
    return dais_slice(NULL, 0);
}

/* The stamp that answers a token: checked against the intake's key and the bundle. */
static inline dais_stamp_t stamp_of(uint64_t token, const dais_hash_t *bundle)
{
    dais_submitted_t submitted;
    dais_stamp_t stamp;
    dais_slice_t body = answer_of(token);
    assert_int_equal(dais_shape_decode(&dais_shape_submitted, body, &submitted).err, DAIS_OK);
    assert_memory_equal(submitted.call.bytes, &token, sizeof token);
    assert_int_equal(dais_stamp_open(submitted.stamp, &world.log, &stamp).err, DAIS_OK);
    assert_memory_equal(stamp.key.bytes, world.intake.key.bytes, DAIS_KEY_SIZE);
    assert_int_equal(dais_stamp_prove(&stamp, submitted.index, bundle, submitted.path), DAIS_OK);
    return stamp;
}

/* The code by which a token was refused. */
static inline void assert_refused(uint64_t token, dais_err_t err, bool passes)
{
    dais_refused_t refused;
    dais_slice_t body = answer_of(token);
    assert_int_equal(dais_shape_decode(&dais_shape_refused, body, &refused).err, DAIS_OK);
    assert_memory_equal(refused.call.bytes, &token, sizeof token);
    assert_true(dais_slice_equal(refused.code, dais_slice_text(dais_err_code(err))));
    assert_int_equal(refused.retry_ms > 0, passes);
}

/* Of a parcel of either sort. */
static inline dais_slice_t envelope_of(dais_slice_t bytes)
{
    dais_parcel_t parcel;
    dais_sealed_parcel_t sealed;
    if (dais_shape_decode(&dais_shape_parcel, bytes, &parcel).err == DAIS_OK)
        return parcel.envelope;
    assert_int_equal(dais_shape_decode(&dais_shape_sealed_parcel, bytes, &sealed).err, DAIS_OK);
    return sealed.envelope;
}

static inline void registry_take_parcels(const dais_hand_over_t *call, const dais_stamp_t *stamp)
{
    static dais_hash_t leaves[DAIS_LIMIT_STAMP_BUNDLES];
    size_t count = 0;
    for (size_t at = 0; at < call->parcels.size; count++) {
        const uint8_t *length = call->parcels.data + at;
        size_t size = (size_t)length[0] << 24 | (size_t)length[1] << 16 | (size_t)length[2] << 8 |
                      (size_t)length[3];
        assert_true(at + 4 + size <= call->parcels.size && count < stamp->count);
        dais_hash_t bundle = dais_bundle_hash(envelope_of(dais_slice(length + 4, size)));
        leaves[count] = dais_tree_leaf_hash(dais_hash_slice(&bundle));
        assert_true(registry.count < TAKEN_MAX);
        registry.ats[registry.count] = stamp->at;
        registry.bundles[registry.count++] = bundle;
        at += 4 + size;
    }
    assert_int_equal(count, stamp->count);
    dais_hash_t root = count > 0 ? dais_tree_root(leaves, count) : dais_tree_empty_root();
    assert_true(dais_hash_equal(&root, &stamp->root));
}

/* Takes a hand-over if it is the next one, and answers into the arena. */
static inline dais_slice_t registry_answer(dais_slice_t body)
{
    dais_hand_over_t call;
    dais_stamp_t stamp;
    assert_int_equal(dais_shape_decode(&dais_shape_hand_over, body, &call).err, DAIS_OK);
    assert_int_equal(dais_stamp_open(call.stamp, &world.log, &stamp).err, DAIS_OK);
    if (stamp.j == registry.next_j) {
        if (registry.next_j > 0)
            assert_int_equal(dais_stamp_follows(&registry.last,
                                                dais_slice(registry.stamp, registry.stamp_size),
                                                &stamp),
                             DAIS_OK);
        registry_take_parcels(&call, &stamp);
        memcpy(registry.stamp, call.stamp.data, call.stamp.size);
        registry.stamp_size = call.stamp.size;
        registry.last = stamp;
        registry.next_j++;
    } else if (stamp.j > registry.next_j) {
        dais_refused_t refused = {.call = call.call,
                                  .code = dais_slice_text(dais_err_code(DAIS_ERR_BAD_CHAIN)),
                                  .retry_ms = 1,
                                  .next = registry.next_j};
        return world_pack(&dais_shape_refused, &refused);
    }
    dais_taken_t taken = {.call = call.call, .next = registry.next_j};
    return world_pack(&dais_shape_taken, &taken);
}

/* Hands over all that there is, one at a time. */
static inline void registry_take_all(void)
{
    dais_slice_t body;
    uint64_t j;
    while (dais_intake_next(intake, 0, machine.clock.now.boot_ms, &body, &j)) {
        size_t before = world_arena.used;
        dais_slice_t answer = registry_answer(body);
        dais_intake_answered(intake, 0, j, answer, machine.clock.now.boot_ms);
        world_arena.used = before;
    }
}

static inline bool registry_has(const dais_hash_t *bundle, uint64_t *at)
{
    for (size_t i = 0; i < registry.count; i++) {
        *at = registry.ats[i];
        if (dais_hash_equal(&registry.bundles[i], bundle))
            return true;
    }
    return false;
}

/* Lets the intake know the dates of the cycle. */
static inline void registry_show_dates(const uint64_t *dates, size_t count, uint64_t ticked)
{
    dais_answer_cycle_t answer = {.what = DAIS_WHAT_CYCLE, .state = dais_slice_text("called")};
    dais_writer_t writer = world_writer();
    for (size_t i = 0; i < count; i++) {
        dais_date_line_t line = {
            .which = DAIS_DATE_COMMENT, .due = dates[i], .closes_at = dates[i], .ticked = ticked};
        world_must(dais_list_add(&answer.dates, &dais_shape_date_line, &line, &writer));
    }
    (void)world_keep(&writer);
    dais_shown_t shown = {.body = world_pack(&dais_shape_answer_cycle, &answer)};
    dais_intake_shown(intake, 0, world_pack(&dais_shape_shown, &shown));
}

#endif
