/* SPDX-License-Identifier: Apache-2.0
 *
 * The registry alone: hand-overs into its log on a real folder, without sockets; how long a start
 * takes; and what an answer with receipts costs. Run by hand: bench_registry ENTRIES PER_BUNDLE. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "tests/support/registry_world.h"
#include "tests/support/scenario_pack.h"
#include "tests/unit/scratch.h"

#define T0            UINT64_C(1800000000000)
#define CONTENT_BYTES 1024
#define STAMP_BUNDLES 16

static world_t world;

static double seconds(clockid_t clock)
{
    struct timespec now;
    (void)clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static world_bundle_t bundle_of(unsigned count)
{
    static uint8_t content[CONTENT_BYTES];
    dais_item_t items[DAIS_LIMIT_BUNDLE_MESSAGES];
    for (unsigned i = 0; i < count; i++) {
        dais_message_t message = {.actor = scenario_pack_id("office")};
        dais_reply_t reply = {.notice = i};
        items[i] = world_item(&world, "office", DAIS_KIND_REPLY, &reply, &message,
                              dais_slice(content, sizeof content));
    }
    return world_bundle(&world, "office", DAIS_STREAM_OPEN, items, count, NULL);
}

static void forget(void)
{
    for (size_t i = 0; i < world.kept_count; i++)
        free(world.kept[i]);
    world.kept_count = 0;
}

int main(int argc, char **argv)
{
    unsigned long entries = argc > 1 ? strtoul(argv[1], NULL, 10) : 100000;
    unsigned per_bundle = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 256;
    double wall = 0;
    double cpu = 0;
    unsigned long done = 0;
    if (scratch_make(NULL) != 0)
        return 1;
    world_open(&world, scratch_folder, T0);
    world.house.map_bytes = (size_t)64 << 30;
    world.house.quota = UINT64_MAX / 2;
    world_create_sound(&world);
    world_add_key(&world, "sec", "ia", DAIS_ROLE_INTAKE, "", "");
    world_add_key(&world, "sec", "office", DAIS_ROLE_OFFICE, "", "");
    for (uint64_t at = T0 + 1; done < entries; at++) {
        world_bundle_t bundles[STAMP_BUNDLES];
        for (size_t i = 0; i < STAMP_BUNDLES; i++)
            bundles[i] = bundle_of(per_bundle);
        dais_hand_over_t hand_over = world_stamp(&world, "ia", at, bundles, STAMP_BUNDLES);
        double wall_before = seconds(CLOCK_MONOTONIC);
        double cpu_before = seconds(CLOCK_PROCESS_CPUTIME_ID);
        dais_take_t take = world_hand_over(&world, &hand_over);
        wall += seconds(CLOCK_MONOTONIC) - wall_before;
        cpu += seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu_before;
        if (take.err != DAIS_OK)
            return 2;
        done += (unsigned long)STAMP_BUNDLES * per_bundle;
        forget();
    }
    (void)printf("%lu entries of %u bytes, %u a bundle, %u bundles a commit: %.0f/s, %.1f us of "
                 "CPU each\n",
                 done, CONTENT_BYTES, per_bundle, STAMP_BUNDLES, (double)done / wall,
                 cpu * 1e6 / (double)done);
    double before = seconds(CLOCK_MONOTONIC);
    world_must(world_reopen(&world));
    (void)printf("start with %lu entries: %.3f s\n", done, seconds(CLOCK_MONOTONIC) - before);
    world_close(&world);
    return scratch_remove(NULL);
}
