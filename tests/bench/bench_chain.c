/* SPDX-License-Identifier: Apache-2.0
 *
 * The load generator of `script/bench chain`, and bare LMDB beside it; tests/bench/chain.py sets up
 * the daemons, calls it and prints the table. One line of JSON comes out.
 *
 *   bench_chain run BROKER KEY LOG GENESIS DEVICE INTAKE PER_BUNDLE IN_FLIGHT MESSAGES HALF
 *                   [NAME=PID]...
 *   bench_chain lmdb FOLDER SECONDS PER_COMMIT
 *
 * run: signs all bundles first, sends MESSAGES of them with IN_FLIGHT bundles under way, then HALF
 * messages at half the rate that came of it, for ten seconds at most; what that took of the
 * processes' time is between the first bundle and the last receipt. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/curve.h"
#include "base/loop.h"
#include "tests/bench/chain.h"
#include "tests/bench/chain_lmdb.h"

#define DEEP_EACH    16
#define HALF_SECONDS 10.0

typedef struct {
    chain_process_t all[CHAIN_PROCESSES_MAX];
    size_t count;
} processes_t;

static void processes_read(processes_t *processes, char **words)
{
    processes->all[processes->count++] =
        (chain_process_t){.name = "generator", .pid = (int)getpid()};
    for (; *words != NULL && processes->count < CHAIN_PROCESSES_MAX; words++) {
        char *sign = strchr(*words, '=');
        if (sign == NULL)
            chain_fail(DAIS_ERR_BAD_TEXT, *words);
        *sign = '\0';
        processes->all[processes->count++] =
            (chain_process_t){.name = *words, .pid = (int)strtol(sign + 1, NULL, 10)};
    }
}

static void processes_mark(processes_t *processes)
{
    for (size_t i = 0; i < processes->count; i++) {
        chain_process_t *process = &processes->all[i];
        process->cpu_s = chain_cpu_s(process->pid) - process->cpu_s;
    }
}

static int compare(const void *a, const void *b)
{
    uint64_t first = *(const uint64_t *)a;
    uint64_t second = *(const uint64_t *)b;
    return (first > second) - (first < second);
}

static void print_times(const char *name, uint64_t *ns, size_t count)
{
    qsort(ns, count, sizeof *ns, compare);
    size_t middle = count / 2;
    size_t high = count * 99 / 100;
    printf(", \"%s_ms\": [%.3f, %.3f, %.3f]", name, (double)ns[middle] / 1e6,
           (double)ns[high] / 1e6, (double)ns[count - 1] / 1e6);
}

/* Median, 99th percentile and maximum, from when it was due. */
static void print_latency(const chain_bundle_t *bundles, size_t count)
{
    uint64_t *ns = count == 0 ? NULL : malloc(count * sizeof *ns);
    if (ns == NULL)
        chain_fail(DAIS_ERR_NO_MEMORY, "latency");
    for (size_t i = 0; i < count; i++)
        ns[i] = bundles[i].stamped_ns - bundles[i].due_ns;
    print_times("stamp", ns, count);
    for (size_t i = 0; i < count; i++)
        ns[i] = bundles[i].receipt_ns - bundles[i].due_ns;
    print_times("receipt", ns, count);
    free(ns);
}

static void print_run(const char *name, const chain_result_t *result, uint64_t messages,
                      const processes_t *processes, const chain_bundle_t *bundles, size_t count)
{
    printf("\"%s\": {\"seconds\": %.6f, \"messages\": %" PRIu64 ", \"accepted\": %" PRIu64
           ", \"checked\": %" PRIu64 ", \"asks\": %" PRIu64,
           name, result->seconds, messages, result->accepted, result->checked, result->asks);
    for (size_t i = 0; i < processes->count; i++)
        printf(", \"%s_us\": %.3f", processes->all[i].name,
               processes->all[i].cpu_s * 1e6 / (double)messages);
    print_latency(bundles, count);
    printf("}");
}

static chain_result_t run_part(chain_sender_t *sender, const chain_load_t *load,
                               processes_t *processes, chain_bundle_t *bundles, size_t count)
{
    for (size_t i = 0; i < processes->count; i++)
        processes->all[i].cpu_s = 0;
    processes_mark(processes);
    chain_result_t result = chain_send(sender, load, bundles, count);
    processes_mark(processes);
    return result;
}

static int bench_run(char **words)
{
    uint8_t key[DAIS_CURVE_KEY_SIZE];
    static chain_office_t office;
    processes_t processes = {.count = 0};
    unsigned per_bundle = (unsigned)strtoul(words[6], NULL, 10);
    size_t full = strtoull(words[8], NULL, 10) / per_bundle;
    size_t half = strtoull(words[9], NULL, 10) / per_bundle;
    chain_load_t load = {.broker = words[0],
                         .broker_key = key,
                         .intake = words[5],
                         .in_flight = strtoull(words[7], NULL, 10),
                         .deep_each = DEEP_EACH};
    processes_read(&processes, words + 10);
    chain_must(dais_curve_parse(dais_slice_text(words[1]), key), words[1]);
    chain_must(dais_crypto_init(), "libsodium");
    dais_loop_block_signals();
    chain_office_read(&office, words[4], words[3], words[2]);
    size_t count = full + half;
    chain_bundle_t *bundles = calloc(count, sizeof *bundles);
    if (bundles == NULL || full == 0)
        chain_fail(DAIS_ERR_NO_MEMORY, "bundles");
    chain_sender_t *sender = chain_sender_open(&office, &load);
    chain_sender_begin(sender);
    uint64_t before_ns = chain_now_ns();
    chain_make(&office, per_bundle, bundles, count);
    printf("{\"signing_s\": %.3f, ", (double)(chain_now_ns() - before_ns) / 1e9);
    chain_result_t result = run_part(sender, &load, &processes, bundles, full);
    print_run("full", &result, full * per_bundle, &processes, bundles, full);
    if (half > 0) {
        load.rate = (double)full / result.seconds / 2;
        half = load.rate * HALF_SECONDS < (double)half ? (size_t)(load.rate * HALF_SECONDS) : half;
        result = run_part(sender, &load, &processes, bundles + full, half);
        printf(", ");
        print_run("half", &result, half * per_bundle, &processes, bundles + full, half);
    }
    printf("}\n");
    chain_sender_close(&sender);
    chain_unmake(bundles, count);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc >= 12 && strcmp(argv[1], "run") == 0)
        return bench_run(argv + 2);
    if (argc == 5 && strcmp(argv[1], "lmdb") == 0)
        return chain_lmdb(argv[2], strtod(argv[3], NULL), strtoull(argv[4], NULL, 10));
    (void)fprintf(stderr, "bench_chain: it is called by script/bench chain\n");
    return 2;
}
