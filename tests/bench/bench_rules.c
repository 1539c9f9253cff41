/* SPDX-License-Identifier: Apache-2.0
 *
 * How many entries a second the rules take, in memory and on LMDB, after a thousand, a hundred
 * thousand and a million of them. What is measured is the work behind decoded messages: ruling,
 * state, own entries due. A quarter each: application, screening, comment, ruling on it, in bundles
 * of 256; on LMDB with a commit, and so a sync, after every 8,192 entries, as the registry makes
 * it.
 *
 * Time is the processor time of this thread; on LMDB the time that passes as well.
 *
 * bench_rules [memory [scattered]]: in memory alone; with ids that are led by no time, as nobody's
 * are who does not make them so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/store.h"
#include "registry/rules/rules.h"
#include "tests/support/scenario_pack.h"
#include "tests/support/scenario_tape.h"

#define BUNDLE 256
#define COMMIT 8192
#define KINDS  4

static const char setup[] = "policy rights = attend written\n"
                            "policy comments-from = anyone\n"
                            "include open\n";

static const size_t sizes[] = {1000, 100000, 1000000};
enum { SIZES = sizeof sizes / sizeof sizes[0] };

/* One message that is said over and over, with another organisation each time. */
typedef struct {
    const dais_kind_t *kind;
    dais_message_t message;
    uint8_t bytes[512];
    uint8_t *place; /* of the id within the subject; null if there is none */
    uint32_t key;
} said_t;

typedef struct {
    dais_rules_store_t *store;
    dais_store_t *disk; /* null in memory */
    dais_txn_t txn;
    dais_rules_t *rules;
    said_t said[KINDS];
    uint64_t count; /* messages so far */
    dais_id_t org, office;
} bench_t;

static scenario_tape_t *tape;

static void must(dais_err_t err, const char *what)
{
    if (err == DAIS_OK)
        return;
    (void)fprintf(stderr, "bench: %s: %s\n", what, dais_err_code(err));
    exit(1);
}

static double now(clockid_t clock)
{
    struct timespec at;
    (void)clock_gettime(clock, &at);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static void said_make(bench_t *bench, said_t *said, unsigned kind, const char *who,
                      const void *subject)
{
    dais_writer_t writer;
    dais_key_t key = scenario_pack_key(who);
    said->kind = dais_kind_of(kind);
    dais_writer_init(&writer, said->bytes, sizeof said->bytes);
    must(dais_shape_encode(said->kind->subject, subject, &writer), said->kind->name);
    said->message = (dais_message_t){.kind = kind,
                                     .actor = scenario_pack_id(who),
                                     .subject = dais_slice(said->bytes, writer.size)};
    said->key = dais_roster_find(bench->store, &key).key_number;
    said->place = memmem(said->bytes, writer.size, bench->org.bytes, sizeof bench->org.bytes);
}

static void bench_messages(bench_t *bench)
{
    dais_slice_t text = dais_slice_text("Harbour Foundation");
    dais_application_t application = {.applicant = text,
                                      .category = DAIS_CATEGORY_NGO,
                                      .country = dais_slice_text("XC"),
                                      .ecosoc = DAIS_ANSWER_NO,
                                      .prior = DAIS_ANSWER_NO,
                                      .mode = DAIS_MODE_ONLINE,
                                      .persons = 2};
    dais_screening_t screening = {.organisation = bench->org, .result = DAIS_SCREENING_ELIGIBLE};
    dais_comment_t comment = {.title = text, .language = dais_slice_text("en"), .words = 200};
    dais_comment_ruling_t ruling = {.comment = bench->org, .ruling = DAIS_RULING_ACCEPT};
    said_make(bench, &bench->said[0], DAIS_KIND_APPLICATION, "o1", &application);
    said_make(bench, &bench->said[1], DAIS_KIND_SCREENING, "sec", &screening);
    said_make(bench, &bench->said[2], DAIS_KIND_COMMENT, "o1", &comment);
    said_make(bench, &bench->said[3], DAIS_KIND_COMMENT_RULING, "sec", &ruling);
}

static void bench_commit(bench_t *bench)
{
    if (bench->disk == NULL)
        return;
    must(dais_txn_commit(&bench->txn), "commit");
    dais_txn_begin(&bench->txn, bench->disk, DAIS_TXN_WRITE);
    dais_store_lmdb_use(bench->store, &bench->txn);
}

/* Ids as real ones are: led by time, unless they are to be scattered. */
static bool scattered;

static dais_id_t bench_id(uint64_t number)
{
    uint8_t random[DAIS_ID_RANDOM_SIZE] = {0};
    uint64_t mixed = number * 0x9e3779b97f4a7c15ULL;
    memcpy(random, &mixed, sizeof mixed);
    return dais_message_id(scattered ? mixed >> 20 : SCENARIO_BASE_MS + number / 64, random);
}

static void bench_due(bench_t *bench)
{
    static uint8_t bytes[DAIS_LIMIT_SUBJECT];
    const dais_kind_t *kind;
    dais_writer_t writer;
    dais_writer_init(&writer, bytes, sizeof bytes);
    must(dais_rules_due(bench->rules, &kind, &writer), "due");
    if (kind != NULL)
        must(DAIS_ERR_OWN_MISSING, kind->name);
}

static void bench_apply(bench_t *bench)
{
    dais_verdicts_t verdicts;
    uint64_t n = bench->count++;
    said_t *said = &bench->said[n % KINDS];
    uint64_t seq = dais_rules_size(bench->rules);
    said->message.id = bench_id(n);
    if (n % KINDS == 0)
        bench->org = said->message.id;
    said->message.on_behalf = n % KINDS == 2 ? dais_slice(bench->org.bytes, sizeof bench->org.bytes)
                                             : dais_slice(NULL, 0);
    if (n % KINDS == 1)
        memcpy(said->place, bench->org.bytes, sizeof bench->org.bytes);
    if (n % KINDS == 3)
        memcpy(said->place, bench->said[2].message.id.bytes, sizeof bench->org.bytes);
    dais_rules_facts_t facts = {.seq = seq,
                                .received_at = SCENARIO_BASE_MS + n,
                                .key_number = said->key,
                                .j = n / BUNDLE,
                                .index = (uint32_t)(n % BUNDLE),
                                .first_of_bundle = n % BUNDLE == 0};
    must(dais_rules_apply(bench->rules, &facts, said->kind, &said->message, &verdicts), "apply");
    if (verdicts.codes[0] != DAIS_VERDICT_ACCEPTED)
        must(DAIS_ERR_CORRUPT, dais_verdict_info(verdicts.codes[0])->code);
    if ((n + 1) % BUNDLE == 0)
        bench_due(bench);
    if ((n + 1) % COMMIT == 0)
        bench_commit(bench);
}

static void bench_open(bench_t *bench, const char *folder)
{
    static const char *const databases[] = {"rules"};
    dais_store_options_t options = {.folder = folder,
                                    .create = true,
                                    .map_bytes = (size_t)8 << 30,
                                    .reader_count_max = 4,
                                    .databases = databases,
                                    .database_count = 1};
    *bench = (bench_t){.count = 0};
    if (folder == NULL) {
        must(dais_store_memory_create(&bench->store), "store");
    } else {
        must(dais_store_open(&bench->disk, &options), folder);
        must(dais_store_lmdb_create(&bench->store, 0), "store");
        dais_txn_begin(&bench->txn, bench->disk, DAIS_TXN_WRITE);
        dais_store_lmdb_use(bench->store, &bench->txn);
    }
    must(dais_rules_create(&bench->rules, bench->store), "rules");
    for (uint64_t seq = 0; seq < scenario_tape_size(tape); seq++)
        must(scenario_tape_play(tape, seq, bench->rules), "setup");
    bench->org = bench_id(UINT64_MAX);
    bench_messages(bench);
}

static void bench_close(bench_t *bench, const char *folder)
{
    char path[512];
    dais_rules_destroy(&bench->rules);
    if (bench->disk == NULL || folder == NULL) {
        dais_store_memory_destroy(&bench->store);
        return;
    }
    dais_txn_abort(&bench->txn);
    dais_store_lmdb_destroy(&bench->store);
    dais_store_close(&bench->disk);
    static const char *const files[] = {"data.mdb", "lock.mdb"};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", folder, files[i]);
        (void)unlink(path);
    }
    (void)rmdir(folder);
}

typedef struct {
    double cpu, wall; /* ns an entry, in the last tenth */
    double all;       /* ns of processor time an entry, over all */
} figure_t;

/* The last tenth says what an entry costs at that size; a small size is done over and over. */
static figure_t bench_size(const char *folder, size_t size)
{
    figure_t figure = {.cpu = 0};
    size_t rounds = size < 10000 ? 50 : 1;
    size_t tail = size / 10;
    for (size_t round = 0; round < rounds; round++) {
        bench_t bench;
        bench_open(&bench, folder);
        double start = now(CLOCK_THREAD_CPUTIME_ID);
        while (bench.count < size - tail)
            bench_apply(&bench);
        bench_commit(&bench);
        double cpu = now(CLOCK_THREAD_CPUTIME_ID);
        double wall = now(CLOCK_MONOTONIC);
        while (bench.count < size)
            bench_apply(&bench);
        bench_commit(&bench);
        double end = now(CLOCK_THREAD_CPUTIME_ID);
        figure.cpu += (end - cpu) * 1e9 / (double)(tail * rounds);
        figure.wall += (now(CLOCK_MONOTONIC) - wall) * 1e9 / (double)(tail * rounds);
        figure.all += (end - start) * 1e9 / (double)(size * rounds);
        bench_close(&bench, folder);
    }
    return figure;
}

static void bench_back(const char *name, const char *folder)
{
    figure_t first = {.cpu = 0};
    for (size_t i = 0; i < SIZES; i++) {
        figure_t figure = bench_size(folder, sizes[i]);
        if (i == 0)
            first = figure;
        (void)printf("%-8s %9zu %12.0f %9.0f %9.0f %9.0f %8.2f\n", name, sizes[i], 1e9 / figure.cpu,
                     figure.cpu, figure.wall, figure.all, figure.cpu / first.cpu);
        (void)fflush(stdout);
    }
}

int main(int argc, char **argv)
{
    char folder[512];
    char path[520];
    const char *place = getenv("TMPDIR");
    bool memory_only = argc > 1 && strcmp(argv[1], "memory") == 0;
    scattered = argc > 2 && strcmp(argv[2], "scattered") == 0;
    tape = scenario_tape_create();
    scenario_listener_t listener = scenario_tape_listener(tape);
    scenario_run_heard(setup, &listener);
    (void)printf("%-8s %9s %12s %9s %9s %9s %8s\n", "back", "entries", "a second", "ns cpu",
                 "ns wall", "ns all", "to first");
    bench_back("memory", NULL);
    if (!memory_only) {
        (void)snprintf(folder, sizeof folder, "%s/dais-bench-rules-XXXXXX",
                       place != NULL ? place : ".");
        if (mkdtemp(folder) == NULL)
            must(DAIS_ERR_IO, folder);
        (void)snprintf(path, sizeof path, "%s/store", folder);
        bench_back("LMDB", path);
        (void)rmdir(folder);
    }
    scenario_tape_destroy(&tape);
    return 0;
}
