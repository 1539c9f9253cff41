/* SPDX-License-Identifier: Apache-2.0
 *
 * Plays a case by its name: call, events and outcome of tests/cases/NAME, line by line, by the
 * rules. Any line that does not hold ends the program. With --export it leaves the log behind as
 * the registry would have written it, for dais-audit. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/hostile.h"
#include "tests/support/scenario_log.h"

typedef struct {
    const char *name;
    const char *path;     /* of the exported log, or null */
    const char *key_path; /* of the log's public key, or null */
    unsigned role;        /* who the export is for */
    uint64_t size_of;     /* entries to export; 0 for all */
    const char *texts;    /* plain, hostile, or null for those of the case */
    const char *told_path;
    const char *from, *to; /* changed in the case; both or none */
    uint64_t fork_at;      /* the log is another one from there on; 0 for nowhere */
    scenario_log_t *log;
    uint64_t size;
    bool failed;
} play_t;

static dais_err_t play_write(void *context, dais_slice_t bytes)
{
    FILE *file = context;
    return fwrite(bytes.data, 1, bytes.size, file) == bytes.size ? DAIS_OK : DAIS_ERR_IO;
}

static void play_export(play_t *play, dais_rules_t *rules)
{
    FILE *file = fopen(play->path, "wbe");
    if (file == NULL) {
        perror(play->path);
        play->failed = true;
        return;
    }
    scenario_log_export(play->log, rules, (dais_reader_who_t){.role = play->role}, play->size_of,
                        play_write, file);
    if (fclose(file) != 0)
        play->failed = true;
}

static void play_ended(void *context, dais_rules_t *rules)
{
    play_t *play = context;
    play->size = dais_rules_size(rules);
    if (play->path != NULL)
        play_export(play, rules);
}

/* What the listener of the log hears, and the end beside it. */
static scenario_listener_t inner;

static void play_entry(void *context, dais_rules_t *rules, const scenario_heard_t *heard)
{
    (void)context;
    inner.entry(inner.context, rules, heard);
}

static void play_due(void *context, uint64_t closes_at, dais_tick_t *tick)
{
    (void)context;
    inner.due(inner.context, closes_at, tick);
}

static bool play_key(const play_t *play)
{
    char text[512];
    scenario_log_key(play->name, text, sizeof text);
    FILE *file = fopen(play->key_path, "we");
    if (file == NULL)
        return false;
    bool written = fprintf(file, "%s\n", text) > 0;
    return fclose(file) == 0 && written;
}

static int play_run(play_t *play)
{
    scenario_listener_t listener = {
        .context = play, .entry = play_entry, .due = play_due, .ended = play_ended};
    play->log = scenario_log_create();
    scenario_log_fork(play->log, play->fork_at);
    inner = scenario_log_listener(play->log);
    scenario_run_case(play->name, &listener);
    scenario_log_destroy(&play->log);
    if (play->key_path != NULL && !play_key(play)) {
        perror(play->key_path);
        return 1;
    }
    (void)printf("%s: every line holds, %llu entries\n", play->name,
                 (unsigned long long)play->size);
    return play->failed ? 1 : 0;
}

static int play_texts(play_t *play)
{
    FILE *told = play->told_path == NULL ? NULL : fopen(play->told_path, "we");
    if (play->told_path != NULL && told == NULL) {
        perror(play->told_path);
        return 1;
    }
    if (play->texts != NULL)
        hostile_set(strcmp(play->texts, "hostile") == 0 ? HOSTILE_HOSTILE : HOSTILE_PLAIN, told);
    int status = play_run(play);
    if (told != NULL && fclose(told) != 0)
        status = 1;
    return status;
}

static int usage(FILE *stream, int status)
{
    (void)fputs("usage: case_play [--export FILE] [--key FILE] [--public] CASE\n\n"
                "Plays tests/cases/CASE by the rules and checks every line of it.\n\n"
                "  --export FILE  writes its whole log, for dais-audit\n"
                "  --key FILE     writes the log's public key\n"
                "  --public       of the log only what is open to the public\n"
                "  --size N       of the log only the first N entries\n"
                "  --texts MODE   every text that people send is replaced: plain, or hostile\n"
                "  --from TEXT --to OTHER\n"
                "                 the case with one thing changed\n"
                "  --told FILE    writes which text was replaced by which\n"
                "  --fork N       another log from entry N on, with the same key\n\n"
                "exit: 0 every line holds, 1 not written, 2 usage, else a line does not hold\n",
                stream);
    return status;
}

int main(int argc, char **argv)
{
    static const struct option options[] = {{"export", required_argument, NULL, 'e'},
                                            {"key", required_argument, NULL, 'k'},
                                            {"public", no_argument, NULL, 'p'},
                                            {"size", required_argument, NULL, 's'},
                                            {"fork", required_argument, NULL, 'f'},
                                            {"texts", required_argument, NULL, 't'},
                                            {"told", required_argument, NULL, 'l'},
                                            {"from", required_argument, NULL, 'o'},
                                            {"to", required_argument, NULL, 'w'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    play_t play = {.role = DAIS_ROLE_INSPECTOR};
    for (int option; (option = getopt_long(argc, argv, "h", options, NULL)) != -1;) {
        switch (option) {
        case 'e': play.path = optarg; break;
        case 'k': play.key_path = optarg; break;
        case 'p': play.role = 0; break;
        case 's': play.size_of = strtoull(optarg, NULL, 10); break;
        case 'f': play.fork_at = strtoull(optarg, NULL, 10); break;
        case 't': play.texts = optarg; break;
        case 'l': play.told_path = optarg; break;
        case 'o': play.from = optarg; break;
        case 'w': play.to = optarg; break;
        case 'h': return usage(stdout, 0);
        default: return usage(stderr, 2);
        }
    }
    if (argc - optind != 1)
        return usage(stderr, 2);
    if ((play.from == NULL) != (play.to == NULL))
        return usage(stderr, 2);
    if (play.from != NULL)
        scenario_change(play.from, play.to);
    play.name = argv[optind];
    return play_texts(&play);
}
