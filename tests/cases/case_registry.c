/* SPDX-License-Identifier: Apache-2.0
 *
 * Plays a case through a registry on a real folder: everything that is said in it is handed in by
 * an intake or on the host, the registry rules, ticks and logs by itself, and its store is then
 * exported as `dais-registry cycle export` does it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "registry/log_export.h"
#include "tests/support/registry_world.h"
#include "tests/support/scenario.h"
#include "tests/support/scenario_pack.h"

static world_t world;
static const char *whole_path, *public_path, *key_path;

/* The message of the scenario, for the log of the registry. */
static dais_item_t item_of(const scenario_heard_t *heard)
{
    static uint8_t subject[DAIS_LIMIT_SUBJECT];
    dais_message_t message = *heard->message;
    union {
        uint64_t aligned;
        uint8_t bytes[4096];
    } decoded;
    memcpy(subject, message.subject.data, message.subject.size);
    assert_true(heard->kind->subject->struct_size <= sizeof decoded);
    world_must(
        dais_shape_decode(heard->kind->subject, dais_slice(subject, message.subject.size), &decoded)
            .err);
    return world_item(&world, heard->who, heard->kind->number, &decoded, &message, heard->content);
}

static void hand_in(const scenario_heard_t *heard)
{
    dais_item_t item = item_of(heard);
    world_bundle_t bundle =
        world_bundle(&world, heard->who, (unsigned)heard->kind->stream, &item, 1, NULL);
    uint64_t first = 0;
    uint64_t count = 0;
    if (heard->intake != NULL)
        world_send(&world, heard->intake, heard->facts->received_at, &bundle, 1);
    else
        world_must(dais_cycle_admit(world.cycle, bundle.parcel, &first, &count));
}

static void hear(void *context, dais_rules_t *rules, const scenario_heard_t *heard)
{
    (void)context;
    (void)rules;
    if (world.manual.now.wall_ms < heard->logged_at)
        dais_clock_manual_advance(&world.manual, heard->logged_at - world.manual.now.wall_ms);
    if (heard->genesis != NULL)
        world_create(&world, *heard->genesis);
    else if (heard->message != NULL)
        hand_in(heard);
}

/* The intake marks the deadline, and the registry closes it by itself. */
static void due(void *context, uint64_t closes_at, dais_tick_t *tick)
{
    const world_chain_t *chain = world_chain(&world, "intake", 2);
    (void)context;
    (void)tick;
    world_send(&world, "intake", chain->at > closes_at ? chain->at : closes_at, NULL, 0);
}

static void write_key(void)
{
    char text[512];
    dais_writer_t writer;
    FILE *file = fopen(key_path, "we");
    assert_non_null(file);
    dais_writer_init(&writer, text, sizeof text);
    dais_vkey_put(&writer, &dais_cycle_about(world.cycle)->vkey);
    world_must(writer.err);
    assert_int_equal(fwrite(text, 1, writer.size, file), writer.size);
    assert_int_equal(fclose(file), 0);
}

static void ended(void *context, dais_rules_t *rules)
{
    (void)context;
    (void)rules;
    world_must(
        dais_log_export(world.cycle, (dais_reader_who_t){.role = DAIS_ROLE_INSPECTOR}, whole_path));
    world_must(dais_log_export(world.cycle, dais_visible_public(), public_path));
    write_key();
}

int main(int argc, char **argv)
{
    const scenario_listener_t listener = {.entry = hear, .due = due, .ended = ended};
    if (argc != 6) {
        (void)fputs(
            "usage: case_registry CASE FOLDER WHOLE PUBLIC KEY\n\n"
            "Plays tests/cases/CASE through a registry whose data lie in FOLDER, an empty "
            "one that is there;\nexports its log to WHOLE and PUBLIC, and its key to KEY.\n",
            stderr);
        return 2;
    }
    whole_path = argv[3];
    public_path = argv[4];
    key_path = argv[5];
    world_open(&world, argv[2], 0);
    scenario_run_case(argv[1], &listener);
    world_close(&world);
    return 0;
}
