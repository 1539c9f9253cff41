/* SPDX-License-Identifier: Apache-2.0
 *
 * The registry alone: hand-overs into its log on a real folder, without sockets; what an entry
 * costs as the log grows; how long a start takes, and what is resident then beside mapped pages.
 *
 *   bench_registry [ENTRIES [PER_BUNDLE]] */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/support/registry_world.h"
#include "tests/support/scenario_pack.h"
#include "tests/unit/scratch.h"

#define T0            UINT64_C(1800000000000)
#define CONTENT_BYTES 1024
#define STAMP_BUNDLES 16
#define STORE_BYTES   1500   /* what the store grows by with each entry, about */
#define WINDOW        100000 /* entries that a cost is taken over, where there are so many */

static world_t world;

static double seconds(clockid_t clock)
{
    struct timespec now;
    (void)clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double used(bool system)
{
    struct rusage usage;
    (void)getrusage(RUSAGE_SELF, &usage);
    struct timeval part = system ? usage.ru_stime : usage.ru_utime;
    return (double)part.tv_sec + (double)part.tv_usec / 1e6;
}

/* Ids as real ones are: led by time. */
static dais_id_t next_id(void)
{
    static uint64_t number;
    uint8_t random[DAIS_ID_RANDOM_SIZE] = {0};
    uint64_t mixed = ++number * 0x9e3779b97f4a7c15ULL;
    memcpy(random, &mixed, sizeof mixed);
    return dais_message_id(T0 + number / 64, random);
}

static world_bundle_t bundle_of(unsigned count)
{
    static uint8_t content[CONTENT_BYTES];
    dais_item_t items[DAIS_LIMIT_BUNDLE_MESSAGES];
    for (unsigned i = 0; i < count; i++) {
        dais_message_t message = {.id = next_id(), .actor = scenario_pack_id("office")};
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

/* System time that writing so many bytes behind a file of our own takes, and syncing it. */
static double plain_write(size_t size)
{
    static int fd = -1;
    static uint8_t block[1 << 20];
    char path[64];
    (void)snprintf(path, sizeof path, "%s/plain", scratch_folder);
    if (fd < 0)
        fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    double before = used(true);
    while (size > 0) {
        size_t part = size < sizeof block ? size : sizeof block;
        if (write(fd, block, part) != (ssize_t)part)
            abort();
        size -= part;
    }
    if (fdatasync(fd) != 0)
        abort();
    return used(true) - before;
}

/* Time so far, within hand-overs alone. */
typedef struct {
    unsigned long entries;
    double wall;
    double user;
    double system;
    double file; /* a plain file that grows by as much, with a sync for each hand-over */
} spent_t;

static void hand_over(unsigned per_bundle, uint64_t at, spent_t *spent)
{
    world_bundle_t bundles[STAMP_BUNDLES];
    for (size_t i = 0; i < STAMP_BUNDLES; i++)
        bundles[i] = bundle_of(per_bundle);
    dais_hand_over_t hand_over = world_stamp(&world, "ia", at, bundles, STAMP_BUNDLES);
    double wall_before = seconds(CLOCK_MONOTONIC);
    double user_before = used(false);
    double system_before = used(true);
    dais_take_t take = world_hand_over(&world, &hand_over);
    spent->wall += seconds(CLOCK_MONOTONIC) - wall_before;
    spent->user += used(false) - user_before;
    spent->system += used(true) - system_before;
    spent->file += plain_write((size_t)STAMP_BUNDLES * per_bundle * STORE_BYTES);
    spent->entries += (unsigned long)STAMP_BUNDLES * per_bundle;
    world_must(take.err);
    forget();
}

/* What the entries since `since` cost, beside those of the first such line. */
static void print_cost(const spent_t *since, const spent_t *now)
{
    static double first_us;
    double entries = (double)(now->entries - since->entries);
    double user_us = (now->user - since->user) * 1e6 / entries;
    double system_us = (now->system - since->system) * 1e6 / entries;
    if (first_us == 0)
        first_us = user_us;
    (void)printf("%10lu %8.0f %8.2f %8.2f %8.2f %8.2f %10.2f\n", now->entries, entries, user_us,
                 system_us, (now->wall - since->wall) * 1e6 / entries,
                 (now->file - since->file) * 1e6 / entries, user_us / first_us);
    (void)fflush(stdout);
}

/* At each power of ten from 10,000 on, and at the end. */
static void fill(unsigned long entries, unsigned per_bundle)
{
    spent_t now = {.entries = 0};
    uint64_t at = T0;
    (void)printf("Cost of an entry in us, over the last of so many. Kernel: of the processor, most "
                 "of it the pages of a file that grows.\n%10s %8s %8s %8s %8s %8s %10s\n",
                 "entries", "the last", "program", "kernel", "passed", "a file", "to first");
    for (unsigned long goal = 10000; now.entries < entries; goal *= 10) {
        spent_t since = now;
        unsigned long end = goal < entries ? goal : entries;
        while (now.entries < end) {
            if (now.entries + WINDOW < end)
                since = now;
            hand_over(per_bundle, ++at, &now);
        }
        print_cost(&since, &now);
    }
    (void)printf("%lu entries of %u bytes, %u a bundle, %u bundles a commit: %.0f/s, %.1f us of "
                 "CPU each\n",
                 now.entries, CONTENT_BYTES, per_bundle, STAMP_BUNDLES,
                 (double)now.entries / now.wall,
                 (now.user + now.system) * 1e6 / (double)now.entries);
}

int main(int argc, char **argv)
{
    unsigned long entries = argc > 1 ? strtoul(argv[1], NULL, 10) : 100000;
    unsigned per_bundle = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 256;
    if (scratch_make(NULL) != 0)
        return 1;
    world_open(&world, scratch_folder, T0);
    world.house.map_bytes = (size_t)64 << 30;
    world.house.quota = UINT64_MAX / 2;
    world_create_sound(&world);
    world_add_key(&world, "sec", "ia", DAIS_ROLE_INTAKE, "", "");
    world_add_key(&world, "sec", "office", DAIS_ROLE_OFFICE, "", "");
    fill(entries, per_bundle);
    double before = seconds(CLOCK_MONOTONIC);
    world_must(world_reopen(&world));
    (void)printf("taken up again: %.3f s\n", seconds(CLOCK_MONOTONIC) - before);
    world_close(&world);
    return scratch_remove(NULL);
}
