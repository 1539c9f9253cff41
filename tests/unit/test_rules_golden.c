/* SPDX-License-Identifier: Apache-2.0
 *
 * Golden logs: whole logs in their exported form, with the digests of the state that the rules made
 * of them when they were new.
 *
 *   tests/golden/logs/NAME.txt         the scenario that the log was made of
 *   tests/golden/logs/NAME.v1.log      the log, with all its contents
 *   tests/golden/logs/NAME.v1.digests  entry, digest of state, digest of standing; a line each
 *
 * Log and digests never change, once a cycle may have been run under their rules number. Until
 * then a change of the rules that changes a digest deletes that log and its digests and writes them
 * anew, and its commit says why. With DAIS_GOLDEN_WRITE=1 what is missing is written, and nothing
 * else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <glob.h>
#include <inttypes.h>
#include <unistd.h>

#include "audit/refold.h"
#include "base/file.h"
#include "registry/rules/digest.h"
#include "tests/support/scenario_log.h"

#define FOLDER       DAIS_SOURCE_DIR "/tests/golden/logs/"
#define DIGEST_EVERY 10
#define LINE_SIZE    256

/* What the logs have together. */
static bool kinds_seen[256];
static bool numbers_seen[DAIS_RULES_NUMBER + 1];
static char policies_seen[1024];
static unsigned compared;

static char path_text[2][512];

static const char *golden_path(unsigned which, const char *name, const char *ending)
{
    (void)snprintf(path_text[which], sizeof path_text[which], "%s%s%s", FOLDER, name, ending);
    return path_text[which];
}

static void golden_hex(const dais_hash_t *hash, char *text)
{
    for (size_t i = 0; i < sizeof hash->bytes; i++)
        (void)snprintf(text + 2 * i, 3, "%02x", hash->bytes[i]);
}

/* "40 3f… 9a…" of the state as it is. */
static void golden_line(dais_rules_t *rules, uint64_t seq, char line[LINE_SIZE])
{
    char hex[2][2 * sizeof(dais_hash_t) + 1];
    dais_hash_t digest;
    assert_int_equal(dais_digest_state(rules, &digest), DAIS_OK);
    golden_hex(&digest, hex[0]);
    assert_int_equal(dais_digest_standing(rules, &digest), DAIS_OK);
    golden_hex(&digest, hex[1]);
    (void)snprintf(line, LINE_SIZE, "%" PRIu64 " %s %s\n", seq, hex[0], hex[1]);
}

static void golden_note(const dais_reading_entry_t *entry, const dais_refold_t *refold)
{
    kinds_seen[entry->kind->number] = true;
    if (entry->seq != 0)
        return;
    assert_in_range(entry->genesis.rules, 1, DAIS_RULES_NUMBER);
    numbers_seen[entry->genesis.rules] = true;
    dais_slice_t id = dais_rules_policy(refold->rules)->id;
    size_t size = strlen(policies_seen);
    (void)snprintf(policies_seen + size, sizeof policies_seen - size, "%.*s\n", (int)id.size,
                   (const char *)id.data);
}

typedef void golden_take_t(void *context, const char *line);

/* Replays a log and hands out the line of every tenth entry and of the last. */
static void golden_replay(const char *path, golden_take_t *take, void *context)
{
    static dais_reading_t reading;
    dais_checks_t checks = {.failures = NULL};
    dais_reading_entry_t entry;
    dais_refold_t refold;
    assert_int_equal(dais_refold_open(&refold, &checks), DAIS_OK);
    assert_int_equal(dais_reading_open(&reading, path, &checks), DAIS_OK);
    while (dais_reading_next(&reading, &entry)) {
        char line[LINE_SIZE];
        assert_true(entry.is_open);
        assert_int_equal(dais_refold_entry(&refold, &entry), DAIS_OK);
        golden_note(&entry, &refold);
        if (entry.seq % DIGEST_EVERY != 0 && entry.seq + 1 != reading.state.size)
            continue;
        golden_line(refold.rules, entry.seq, line);
        take(context, line);
    }
    assert_int_equal(dais_refold_end(&refold), DAIS_OK);
    assert_null(refold.stopped);
    for (size_t i = 0; i < checks.failure_count; i++)
        print_error("%s: entry %" PRIu64 ": %s\n", path, checks.failures[i].seq,
                    checks.failures[i].text);
    assert_int_equal(checks.failure_count, 0);
    assert_true(reading.checkpoint_size > 0);
    dais_reading_close(&reading);
    dais_refold_close(&refold);
    dais_checks_free(&checks);
}

static dais_err_t golden_sink(void *context, dais_slice_t bytes)
{
    return fwrite(bytes.data, 1, bytes.size, context) == bytes.size ? DAIS_OK : DAIS_ERR_IO;
}

typedef struct {
    scenario_log_t *log;
    const char *path;
} golden_made_t;

static void golden_ended(void *context, dais_rules_t *rules)
{
    golden_made_t *made = context;
    FILE *file = fopen(made->path, "wxe");
    assert_non_null(file);
    scenario_log_export(made->log, rules, (dais_reader_who_t){.role = DAIS_ROLE_INSPECTOR}, 0,
                        golden_sink, file);
    assert_int_equal(fclose(file), 0);
}

/* The listener of a log has a context of its own. */
static scenario_listener_t golden_inner;

static void golden_entry(void *context, dais_rules_t *rules, const scenario_heard_t *heard)
{
    (void)context;
    golden_inner.entry(golden_inner.context, rules, heard);
}

static void golden_due(void *context, uint64_t closes_at, dais_tick_t *tick)
{
    (void)context;
    golden_inner.due(golden_inner.context, closes_at, tick);
}

static void golden_write_line(void *context, const char *line)
{
    assert_true(fputs(line, context) >= 0);
}

static void golden_write(const char *name)
{
    golden_made_t made = {.log = scenario_log_create(), .path = golden_path(0, name, ".v1.log")};
    scenario_listener_t listener = {
        .context = &made, .entry = golden_entry, .due = golden_due, .ended = golden_ended};
    char scenario[512];
    golden_inner = scenario_log_listener(made.log);
    (void)snprintf(scenario, sizeof scenario, "tests/golden/logs/%s.txt", name);
    scenario_run_file(scenario, &listener);
    scenario_log_destroy(&made.log);
    FILE *file = fopen(golden_path(1, name, ".v1.digests"), "wxe");
    assert_non_null(file);
    golden_replay(made.path, golden_write_line, file);
    assert_int_equal(fclose(file), 0);
}

static void golden_compare_line(void *context, const char *line)
{
    char recorded[LINE_SIZE];
    assert_non_null(fgets(recorded, sizeof recorded, context));
    assert_string_equal(line, recorded);
    compared++;
}

static void golden_compare(const char *name)
{
    char more[LINE_SIZE];
    FILE *file = fopen(golden_path(1, name, ".v1.digests"), "re");
    assert_non_null(file);
    golden_replay(golden_path(0, name, ".v1.log"), golden_compare_line, file);
    assert_null(fgets(more, sizeof more, file));
    assert_int_equal(fclose(file), 0);
}

/* Goal: a log keeps its meaning for ever: replay of golden logs under every rules number gives the
 * recorded digests. Method: every log of the folder, read and refolded as dais-audit does; state
 * and standing compared at every tenth entry and at the last. */
static void test_replay(void **state)
{
    (void)state;
    glob_t found;
    bool writes = getenv("DAIS_GOLDEN_WRITE") != NULL;
    assert_int_equal(glob(FOLDER "*.txt", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        char name[128];
        (void)snprintf(name, sizeof name, "%s", found.gl_pathv[i] + strlen(FOLDER));
        *strrchr(name, '.') = '\0';
        if (writes && access(golden_path(0, name, ".v1.log"), F_OK) != 0)
            golden_write(name);
        golden_compare(name);
    }
    print_message("%zu logs, %u digests of state and of standing\n", found.gl_pathc, compared);
    globfree(&found);
}

/* Goal: the golden logs are about all there is: every rules number, every policy that is delivered,
 * every kind that is not reserved. Method: what was seen in them; run after the replay. */
static void test_together(void **state)
{
    (void)state;
    unsigned missing = 0;
    glob_t policies;
    for (unsigned number = 1; number <= DAIS_RULES_NUMBER; number++)
        assert_true(numbers_seen[number]);
    for (unsigned number = 0; number < 256; number++) {
        const dais_kind_t *kind = dais_kind_of(number);
        if (kind == NULL || number == DAIS_KIND_SLOT || number == DAIS_KIND_COVER ||
            kinds_seen[number])
            continue;
        print_error("no golden log has the kind %s\n", kind->name);
        missing++;
    }
    assert_int_equal(glob(DAIS_SOURCE_DIR "/policies/*.zpl", 0, NULL, &policies), 0);
    for (size_t i = 0; i < policies.gl_pathc; i++) {
        char id[128];
        (void)snprintf(id, sizeof id, "%s", strrchr(policies.gl_pathv[i], '/') + 1);
        (void)snprintf(strrchr(id, '.'), 2, "\n");
        if (strstr(policies_seen, id) != NULL)
            continue;
        print_error("no golden log has the policy %s", id);
        missing++;
    }
    globfree(&policies);
    assert_int_equal(missing, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_replay),
                                       cmocka_unit_test(test_together)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
