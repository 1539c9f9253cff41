/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/rules/fold.h"

#include <dirent.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/shape.h"
#include "registry/rules/lists.h"
#include "registry/rules/visible.h"
#include "tests/support/scenario_log.h"
#include "tests/support/slow.h"

/* The log so far, as the public gets it, and how often the two folds were compared. */
typedef struct {
    scenario_log_t *log;
    scenario_listener_t inner;
    uint8_t *bytes; /* an exported log */
    size_t size, capacity;
    size_t quiet, compared, organisations;
} world_t;

static world_t world;

static dais_err_t keep_bytes(void *context, dais_slice_t bytes)
{
    (void)context;
    while (world.size + bytes.size > world.capacity)
        world.capacity = world.capacity == 0 ? 1 << 20 : world.capacity * 2;
    world.bytes = realloc(world.bytes, world.capacity);
    assert_non_null(world.bytes);
    memcpy(world.bytes + world.size, bytes.data, bytes.size);
    world.size += bytes.size;
    return DAIS_OK;
}

/* What the export says of one entry, put together again. */
typedef struct {
    dais_slice_t envelope, stamp, bundle_path;
    uint64_t bundle_index;
    dais_hash_t log;
    dais_slice_t last_stamp;
} parts_t;

static void take_entry(dais_fold_t *fold, parts_t *parts, const dais_export_entry_t *entry)
{
    dais_opening_t opening = {.record = entry->record,
                              .message_path = entry->message_path,
                              .public_opening = entry->public_opening,
                              .private_opening = entry->private_opening};
    dais_entry_t leaf;
    dais_opened_t opened;
    dais_record_t record;
    if (entry->record.size == 0)
        return;
    assert_int_equal(dais_shape_decode(&dais_shape_entry, entry->leaf, &leaf).err, DAIS_OK);
    assert_int_equal(dais_shape_decode(&dais_shape_record, entry->record, &record).err, DAIS_OK);
    opening.seq = leaf.seq;
    memcpy(opening.salt.bytes, entry->salt.data, DAIS_KEY_SIZE);
    if (record.bundle.size > 0) {
        opening.envelope = parts->envelope;
        opening.stamp = parts->stamp;
        opening.bundle_index = parts->bundle_index;
        opening.bundle_path = parts->bundle_path;
    }
    assert_int_equal(dais_opening_check(&opening, &parts->log, &opened).err, DAIS_OK);
    if (opened.seq == 0)
        parts->log = opened.leaf;
    assert_int_equal(dais_fold_take(fold, &opened), DAIS_OK);
}

static void take_bundle(parts_t *parts, const dais_export_bundle_t *bundle)
{
    parts->envelope = bundle->envelope;
    parts->stamp = bundle->stamped != 0 ? parts->last_stamp : dais_slice(NULL, 0);
    parts->bundle_index = bundle->index;
    parts->bundle_path = bundle->path;
}

static dais_fold_t *fold_exported(void)
{
    dais_slice_t rest = dais_slice(world.bytes, world.size);
    dais_export_state_t state = {0};
    parts_t parts = {0};
    dais_fold_t *fold;
    assert_int_equal(dais_fold_create(&fold), DAIS_OK);
    while (rest.size > 0) {
        dais_slice_t frame;
        dais_export_item_t item;
        assert_int_equal(dais_export_frame(&rest, &frame).err, DAIS_OK);
        assert_int_equal(dais_export_read(&state, frame, &item).err, DAIS_OK);
        if (item.type == DAIS_EXPORT_STAMP)
            parts.last_stamp = item.as.stamp.stamp;
        else if (item.type == DAIS_EXPORT_BUNDLE)
            take_bundle(&parts, &item.as.bundle);
        else if (item.type == DAIS_EXPORT_ENTRY)
            take_entry(fold, &parts, &item.as.entry);
    }
    return fold;
}

static void same_organisation(dais_rules_t *rules, const dais_fold_t *fold,
                              const dais_fold_model_t *model, uint64_t number)
{
    dais_rules_store_t *store = dais_rules_store(rules);
    dais_organisation_row_t row;
    assert_true(store->port->dense_get(store, DAIS_TABLE_ORGANISATION, number, &row));
    size_t index = dais_fold_find(fold, row.id);
    dais_told_t told =
        index == DAIS_FOLD_NONE ? DAIS_TOLD_NOTHING : model->organisations.items[index].told;
    assert_int_equal(told, row.told);
    world.organisations++;
}

static void same_participant(void *context, const dais_list_row_t *row)
{
    const dais_fold_t *fold = context;
    size_t index = dais_fold_find(fold, row->id.bytes);
    assert_int_not_equal(index, DAIS_FOLD_NONE);
}

typedef struct {
    const dais_fold_t *fold;
    const dais_fold_model_t *model;
    size_t count;
    bool invited_are_open;
} listed_t;

static void count_participant(void *context, const dais_list_row_t *row)
{
    listed_t *listed = context;
    same_participant((void *)(uintptr_t)listed->fold, row);
    size_t index = dais_fold_find(listed->fold, row->id.bytes);
    assert_true(listed->model->organisations.items[index].takes_part);
    listed->count++;
}

/* Invitations and attendance may still be closed; then the public has fewer rows, never others. */
static void same_participants(dais_rules_t *rules, const dais_fold_t *fold,
                              const dais_fold_model_t *model)
{
    listed_t listed = {.fold = fold, .model = model};
    dais_list_account_t account;
    size_t shown = 0;
    if (dais_rules_policy(rules)->participants_from != DAIS_POLICY_PARTICIPANTS_ADMITTED)
        return;
    dais_lists_participants(rules, count_participant, &listed, &account);
    for (size_t i = 0; i < model->organisations.count; i++)
        shown += model->organisations.items[i].takes_part;
    assert_int_equal(shown, listed.count);
}

static void no_findings(const dais_fold_model_t *model)
{
    for (size_t i = 0; i < model->findings.count; i++)
        print_error("entry %" PRIu64 ": %s\n", model->findings.items[i].seq,
                    model->findings.items[i].code);
    assert_int_equal(model->findings.count, 0);
}

static void compare_folds(dais_rules_t *rules)
{
    const dais_fold_model_t *model;
    dais_rules_store_t *store = dais_rules_store(rules);
    world.size = 0;
    scenario_log_export(world.log, rules, dais_visible_public(), 0, keep_bytes, NULL);
    dais_fold_t *fold = fold_exported();
    assert_int_equal(dais_fold_make(fold, dais_rules_size(rules), &model), DAIS_OK);
    no_findings(model);
    uint64_t count = store->port->count(store, DAIS_TABLE_ORGANISATION);
    for (uint64_t number = 1; number <= count; number++)
        same_organisation(rules, fold, model, number);
    same_participants(rules, fold, model);
    world.compared++;
    dais_fold_destroy(&fold);
}

static void compare(void *context, dais_rules_t *rules)
{
    (void)context;
    const char *full = getenv("DAIS_FULL");
    size_t step = full != NULL && strcmp(full, "1") == 0 ? 1 : slow_step(8) > 1 ? 8 : 4;
    if (world.quiet++ % step == 0)
        compare_folds(rules);
    if (world.inner.quiet != NULL)
        world.inner.quiet(world.inner.context, rules);
}

static void play_file(const char *path)
{
    world = (world_t){.log = scenario_log_create()};
    world.inner = scenario_log_listener(world.log);
    scenario_listener_t listener = world.inner;
    listener.quiet = compare;
    scenario_run_file(path, &listener);
    scenario_log_destroy(&world.log);
    free(world.bytes);
}

/* Goal: the public fold tells the public what the full rules would, after every message and tick,
 * and finds nothing wrong with a good log. Method: each scenario's log is exported for the public
 * when nothing is due (one time in four, each time with DAIS_FULL), folded, and compared with the
 * state of the rules. */
static void test_public_fold_is_what_the_rules_tell(void **state)
{
    (void)state;
    size_t compared = 0;
    DIR *dir = opendir(DAIS_SOURCE_DIR "/tests/scenarios");
    assert_non_null(dir);
    for (const struct dirent *file = readdir(dir); file != NULL; file = readdir(dir)) {
        char path[512];
        const char *dot = strrchr(file->d_name, '.');
        if (dot == NULL || strcmp(dot, ".txt") != 0)
            continue;
        (void)snprintf(path, sizeof path, "tests/scenarios/%s", file->d_name);
        print_message("%s\n", path);
        play_file(path);
        compared += world.compared;
    }
    assert_int_equal(closedir(dir), 0);
    print_message("compared %zu times\n", compared);
    assert_true(compared > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_public_fold_is_what_the_rules_tell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
