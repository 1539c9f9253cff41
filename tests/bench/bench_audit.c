/* SPDX-License-Identifier: Apache-2.0
 *
 * dais-audit verify over an inspector's export: every signature, hash, chain and verdict, the state
 * folded twice. The log is made by the registry itself, on a real folder, and exported as it would
 * be. Beside it, in the same run and over as many things: SHA-256 of 1 KiB and Ed25519. Run by
 * hand: bench_audit ENTRIES PER_BUNDLE [FILE], where FILE keeps the export, and is not made again
 * if it is there with its key in FILE.key. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#include <sodium.h>

#include "audit/verify.h"
#include "registry/log_export.h"
#include "tests/bench/bare.h"
#include "tests/support/registry_world.h"
#include "tests/support/scenario_pack.h"
#include "tests/unit/scratch.h"

#define T0            UINT64_C(1800000000000)
#define CONTENT_BYTES 1024
#define STAMP_BUNDLES 16
#define AIM_BUNDLES   500000.0 /* entries a second, of full bundles */
#define AIM_SINGLES                                                                                \
    20400.0 /* signature checks a second of one core, on the machine of the aims                   \
             */
#define BARE_SECONDS 1.0

static world_t world;

static double seconds(clockid_t clock)
{
    struct timespec now;
    (void)clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Ids as `dais` makes them: led by the time at which it was said. */
static world_bundle_t bundle_of(unsigned count, uint64_t said_at)
{
    static uint8_t content[CONTENT_BYTES];
    static uint64_t number;
    dais_item_t items[DAIS_LIMIT_BUNDLE_MESSAGES];
    for (unsigned i = 0; i < count; i++) {
        number++;
        dais_hash_t chance = dais_hash_one(dais_slice(&number, sizeof number));
        dais_message_t message = {.id = dais_message_id(said_at, chance.bytes),
                                  .actor = scenario_pack_id("office")};
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

static void make_log(unsigned long entries, unsigned per_bundle)
{
    unsigned long done = 0;
    world_open(&world, scratch_folder, T0);
    world.house.map_bytes = (size_t)64 << 30;
    world.house.quota = UINT64_MAX / 2;
    world_create_sound(&world);
    world_add_key(&world, "sec", "ia", DAIS_ROLE_INTAKE, "", "");
    world_add_key(&world, "sec", "office", DAIS_ROLE_OFFICE, "", "");
    for (uint64_t at = T0 + 1; done < entries; at++) {
        world_bundle_t bundles[STAMP_BUNDLES];
        for (size_t i = 0; i < STAMP_BUNDLES; i++)
            bundles[i] = bundle_of(per_bundle, at);
        dais_hand_over_t hand_over = world_stamp(&world, "ia", at, bundles, STAMP_BUNDLES);
        dais_take_t take = world_hand_over(&world, &hand_over);
        if (take.err != DAIS_OK) {
            (void)fprintf(stderr, "%s\n", dais_err_code(take.err));
            exit(1);
        }
        done += (unsigned long)STAMP_BUNDLES * per_bundle;
        forget();
    }
}

static void write_key(const char *path)
{
    char text[512];
    dais_writer_t writer;
    FILE *file = fopen(path, "we");
    if (file == NULL)
        exit(1);
    dais_writer_init(&writer, text, sizeof text);
    dais_vkey_put(&writer, &dais_cycle_about(world.cycle)->vkey);
    (void)fwrite(text, 1, writer.size, file);
    (void)fclose(file);
}

static void make_export(unsigned long entries, unsigned per_bundle, const char *path,
                        const char *key_path)
{
    if (access(path, F_OK) == 0 && access(key_path, F_OK) == 0)
        return;
    if (scratch_make(NULL) != 0)
        exit(1);
    make_log(entries, per_bundle);
    world_must(
        dais_log_export(world.cycle, (dais_reader_who_t){.role = DAIS_ROLE_INSPECTOR}, path));
    write_key(key_path);
    world_close(&world);
    (void)scratch_remove(NULL);
}

/* So often a second of one core. */
static double bare_hashes(void)
{
    static uint8_t bytes[CONTENT_BYTES];
    uint8_t hash[DAIS_HASH_SIZE];
    unsigned long count = 0;
    double begin = seconds(CLOCK_THREAD_CPUTIME_ID);
    while (seconds(CLOCK_THREAD_CPUTIME_ID) - begin < BARE_SECONDS)
        for (unsigned i = 0; i < 10000; i++, count++)
            bare_hash(bytes, sizeof bytes, hash);
    return (double)count / (seconds(CLOCK_THREAD_CPUTIME_ID) - begin);
}

static double bare_signatures(void)
{
    uint8_t key[crypto_sign_PUBLICKEYBYTES];
    uint8_t secret[crypto_sign_SECRETKEYBYTES];
    uint8_t text[200] = {0};
    uint8_t signature[crypto_sign_BYTES];
    unsigned long count = 0;
    (void)crypto_sign_keypair(key, secret);
    (void)crypto_sign_detached(signature, NULL, text, sizeof text, secret);
    double begin = seconds(CLOCK_THREAD_CPUTIME_ID);
    while (seconds(CLOCK_THREAD_CPUTIME_ID) - begin < BARE_SECONDS)
        for (unsigned i = 0; i < 200; i++, count++)
            if (crypto_sign_verify_detached(signature, text, sizeof text, key) != 0)
                exit(1);
    return (double)count / (seconds(CLOCK_THREAD_CPUTIME_ID) - begin);
}

static void report(uint64_t entries, unsigned per_bundle, double wall, double cpu, const char *path)
{
    struct stat about = {.st_size = 0};
    double hashes = bare_hashes();
    double signatures = bare_signatures();
    double aim = per_bundle == DAIS_LIMIT_BUNDLE_MESSAGES ? AIM_BUNDLES : AIM_SINGLES;
    (void)stat(path, &about);
    (void)printf("audit: %llu entries with %u bytes of content, %u a bundle, export of %.2f GB\n",
                 (unsigned long long)entries, CONTENT_BYTES, per_bundle,
                 (double)about.st_size / 1e9);
    (void)printf(
        "  %.0f entries/s by the clock, %.0f by processor time (%.2f us each, one thread)\n",
        (double)entries / wall, (double)entries / cpu, cpu * 1e6 / (double)entries);
    (void)printf("  aim %.0f/s: by the clock %s, by processor time %s\n", aim,
                 (double)entries / wall >= aim ? "met" : "MISSED",
                 (double)entries / cpu >= aim ? "met" : "MISSED");
    (void)printf("  beside, one core: SHA-256 of 1 KiB %.0f/s, Ed25519 checks %.0f/s; bundles are "
                 "checked at %.0f/s\n",
                 hashes, signatures, (double)entries / per_bundle / cpu);
}

int main(int argc, char **argv)
{
    unsigned long entries = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000000;
    unsigned per_bundle = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 256;
    const char *path = argc > 3 ? argv[3] : "bench_audit.export";
    char key_path[4096];
    dais_checks_t checks = {.failures = NULL};
    dais_trust_t trust;
    if (sodium_init() < 0 || per_bundle == 0 || per_bundle > DAIS_LIMIT_BUNDLE_MESSAGES)
        return 2;
    bare_start();
    (void)snprintf(key_path, sizeof key_path, "%s.key", path);
    make_export(entries, per_bundle, path, key_path);
    if (dais_trust_read(&trust, key_path) != DAIS_OK)
        return 1;
    double wall = seconds(CLOCK_MONOTONIC);
    double cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    dais_err_t err = dais_verify_log(path, &trust, &checks);
    wall = seconds(CLOCK_MONOTONIC) - wall;
    cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    if (err != DAIS_OK || dais_checks_exit(&checks) != 0) {
        dais_checks_print(&checks, stderr);
        return 1;
    }
    report(checks.counts[DAIS_CHECK_OPENED][DAIS_CHECK_PASSED], per_bundle, wall, cpu, path);
    dais_checks_free(&checks);
    if (argc <= 3) {
        (void)unlink(path);
        (void)unlink(key_path);
    }
    return 0;
}
