/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/replay.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "audit/play.h"
#include "base/clock.h"
#include "base/exit.h"
#include "proto/view.h"
#include "registry/rules/digest.h"
#include "registry/rules/lists.h"

typedef struct {
    uint64_t size;
    dais_hash_t state;
    dais_hash_t standing;
    const char *cycle;
    char sentence[512];
} replay_t;

/* "--at 120" is a number of entries, "--at 2022-05-27T08:00:00Z" an instant. */
static bool replay_at(const char *text, dais_play_t *play)
{
    char *end;
    if (strchr(text, 'T') != NULL)
        return dais_clock_parse(dais_slice_text(text), &play->until_ms) == DAIS_OK;
    play->size_max = strtoull(text, &end, 10);
    return text[0] >= '0' && text[0] <= '9' && *end == 0;
}

static dais_err_t replay_look(dais_rules_t *rules, replay_t *out)
{
    dais_cycle_row_t row = {.state = 0};
    dais_row_key_t key = {.part = {0}};
    dais_rules_store_t *store = dais_rules_store(rules);
    dais_attended_t attended = dais_lists_attended(rules);
    out->size = dais_rules_size(rules);
    (void)store->port->sorted_get(store, DAIS_TABLE_CYCLE, &key, &row);
    out->cycle = row.state != 0 ? dais_machine(DAIS_MACHINE_CYCLE)->states[row.state].name : "none";
    (void)dais_lists_sentence(&attended, out->sentence, sizeof out->sentence);
    dais_err_t err = dais_digest_state(rules, &out->state);
    return err == DAIS_OK ? dais_digest_standing(rules, &out->standing) : err;
}

static void replay_hex(const char *name, const dais_hash_t *hash)
{
    (void)printf("%s ", name);
    for (size_t i = 0; i < sizeof hash->bytes; i++)
        (void)printf("%02x", hash->bytes[i]);
    (void)fputc('\n', stdout);
}

static int replay_print(const replay_t *replay)
{
    (void)printf("entries %" PRIu64 "\n", replay->size);
    replay_hex("state", &replay->state);
    replay_hex("standing", &replay->standing);
    (void)printf("cycle %s\n%s\n", replay->cycle, replay->sentence);
    return DAIS_EXIT_DONE;
}

static int replay_json(const replay_t *replay)
{
    json_t *object = json_pack("{ss ss so so so ss ss}", "type", "replay", "v", "1", "entries",
                               dais_view_number(replay->size), "state",
                               dais_view_hex(dais_hash_slice(&replay->state)), "standing",
                               dais_view_hex(dais_hash_slice(&replay->standing)), "cycle",
                               replay->cycle, "sentence", replay->sentence);
    bool written = object != NULL &&
                   json_dumpf(object, stdout, JSON_INDENT(2) | JSON_ENSURE_ASCII) == 0 &&
                   fputc('\n', stdout) != EOF;
    json_decref(object);
    return written ? DAIS_EXIT_DONE : DAIS_EXIT_FAILED;
}

static int replay_run(const dais_args_t *args, void *context)
{
    dais_play_t play = DAIS_PLAY_ALL(dais_args_operand(args, 0));
    const char *at = dais_args_value(args, "at");
    dais_refold_t refold;
    replay_t replay;
    (void)context;
    if (at != NULL && !replay_at(at, &play)) {
        (void)fprintf(stderr,
                      "error[usage]: --at takes a number of entries or an instant, not %s\n"
                      "hint: 120, or 2022-05-27T08:00:00Z (RFC 3339)\n",
                      at);
        return DAIS_EXIT_USAGE;
    }
    int status = dais_play(&play, &refold);
    if (status != DAIS_EXIT_DONE)
        return status;
    dais_err_t err = replay_look(refold.rules, &replay);
    dais_refold_close(&refold);
    if (err != DAIS_OK) {
        (void)fprintf(stderr, "error[%s]: %s\n", dais_err_code(err), dais_err_text(err));
        return DAIS_EXIT_FAILED;
    }
    return dais_args_has(args, "json") ? replay_json(&replay) : replay_print(&replay);
}

static const dais_arg_option_t replay_options[] = {
    {.name = "at",
     .kind = DAIS_ARG_VALUE,
     .value = "N|TIME",
     .text = "after so many entries, or as of an instant (RFC 3339)"},
    {.name = "json", .kind = DAIS_ARG_FLAG, .text = "one JSON object instead of lines"},
    {.name = NULL}};

static const dais_arg_operand_t replay_operands[] = {
    {.name = "FILE", .count = DAIS_OPERAND_ONE, .text = "an inspector's export of a log"},
    {.name = NULL}};

static const char *const replay_examples[] = {
    "dais-audit replay dialogue.export",
    "dais-audit replay --at 2022-05-01T00:00:00Z dialogue.export", NULL};

const dais_command_t dais_replay_command = {
    .name = "replay",
    .text = "the state at any past instant, as its digests",
    .about = "Plays the log by the rules and prints the digests of the state and of the standing "
             "(docs/rules.md, 11), the state of the cycle, and the sentence on who took part. "
             "Whoever replays the same log with another program gets the same digests.",
    .options = replay_options,
    .operands = replay_operands,
    .examples = replay_examples,
    .run = replay_run};
