/* SPDX-License-Identifier: Apache-2.0
 *
 * Hands out logs of random sequences, for the rules in Python to judge. Reads lines:
 *
 *   log SEED             the log of this seed
 *   log SEED 3,7,8       the same, of these events alone (by their numbers)
 *   print SEED [3,7,8]   the sequence as a scenario
 *   state SEED [3,7,8]   the bytes over which the last digest of the state is
 *
 * Answers with a line "<bytes> <lines>", so many bytes of what was asked for, and, for a log, so
 * many lines, one for each entry: its verdicts with commas between, the digest of the state and
 * that of the standing, in hexadecimal. */
#include <stdlib.h>

#include "registry/rules/digest.h"
#include "tests/property/generator.h"
#include "tests/property/played_log.h"
#include "tests/property/store_flat.h"

static struct {
    sequence_t sequence;
    sequence_t some;
    player_t player;
    dais_rules_store_t *store;
    uint8_t log[8 << 20];
    size_t log_size;
    char lines[4 << 20];
    size_t lines_size;
} all;

static void refuse(const char *why)
{
    (void)fprintf(stderr, "rules_logs: %s\n", why);
    exit(1);
}

static void put_hex(const dais_hash_t *hash)
{
    for (unsigned i = 0; i < sizeof hash->bytes; i++)
        all.lines_size += (size_t)snprintf(all.lines + all.lines_size, 3, "%02x", hash->bytes[i]);
}

/* A line for the entry that was applied. */
static void put_entry(void *context, player_t *player)
{
    const played_t *entry = player_last(player);
    dais_hash_t state;
    dais_hash_t standing;
    (void)context;
    if (dais_digest_state(player->rules, &state) != DAIS_OK ||
        dais_digest_standing(player->rules, &standing) != DAIS_OK)
        refuse("no digest");
    for (unsigned i = 0; i < entry->verdicts.count; i++)
        all.lines_size += (size_t)snprintf(all.lines + all.lines_size, 80, "%s%s", i > 0 ? "," : "",
                                           dais_verdict_info(entry->verdicts.codes[i])->code);
    all.lines[all.lines_size++] = ' ';
    put_hex(&state);
    all.lines[all.lines_size++] = ' ';
    put_hex(&standing);
    all.lines[all.lines_size++] = '\n';
    if (sizeof all.lines - all.lines_size < 65536)
        refuse("too many lines");
}

static dais_err_t put_bytes(void *context, dais_slice_t bytes)
{
    (void)context;
    if (bytes.size > sizeof all.log - all.log_size)
        return DAIS_ERR_NO_SPACE;
    memcpy(all.log + all.log_size, bytes.data, bytes.size);
    all.log_size += bytes.size;
    return DAIS_OK;
}

static void begin(void)
{
    player_end(&all.player);
    player_reset(&all.player);
    all.store->port->clear(all.store);
}

static void make(uint64_t seed)
{
    if (all.sequence.seed == seed && all.sequence.count > 0)
        return;
    begin();
    if (!generator_make(seed, &all.sequence, &all.player, all.store))
        refuse("a log does not begin");
}

/* Those events of the sequence that the list names; all of them without a list. */
static void keep_some(const char *list)
{
    all.some = all.sequence;
    if (list == NULL)
        return;
    all.some.count = 0;
    for (char *end = NULL; *list != 0; list = *end == ',' ? end + 1 : end) {
        unsigned long uid = strtoul(list, &end, 10);
        for (unsigned i = 0; i < all.sequence.count; i++)
            if (all.sequence.events[i].uid == uid)
                all.some.events[all.some.count++] = all.sequence.events[i];
        if (end == list)
            break;
    }
}

static void play(player_fn_t *entry_done)
{
    begin();
    all.log_size = all.lines_size = 0;
    all.player.log = played_log_name(&all.player, &all.some);
    all.player.entry_done = entry_done;
    if (!player_run(&all.player, &all.some, all.store) || all.player.has_failed)
        refuse(all.player.failure);
}

static void put_piece(void *context, dais_slice_t piece)
{
    if (put_bytes(context, piece) != DAIS_OK)
        refuse("too large a state");
}

static void answer_state(void)
{
    play(NULL);
    if (dais_digest_write(all.player.rules, false, put_piece, NULL) != DAIS_OK)
        refuse("no digest");
    (void)printf("%zu 0\n", all.log_size);
    (void)fwrite(all.log, 1, all.log_size, stdout);
}

static void answer_log(void)
{
    play(put_entry);
    played_log_export(&all.player, put_bytes, NULL);
    (void)printf("%zu %llu\n", all.log_size, (unsigned long long)all.player.count);
    (void)fwrite(all.log, 1, all.log_size, stdout);
    (void)fwrite(all.lines, 1, all.lines_size, stdout);
}

static void answer_print(void)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL)
        refuse("no memory");
    sequence_print(&all.some, out);
    (void)fclose(out);
    (void)printf("%zu 0\n%s", size, text);
    free(text);
}

/* "WORD SEED [LIST]"; the line is cut up. */
static void answer(char *line)
{
    char *rest = line;
    const char *word = strsep(&rest, " \n");
    char *end = NULL;
    uint64_t seed = rest != NULL ? strtoull(rest, &end, 10) : 0;
    if (end == rest || end == NULL)
        refuse("not a question");
    make(seed);
    keep_some(*end == ' ' ? end + 1 : NULL);
    if (strcmp(word, "log") == 0)
        answer_log();
    else if (strcmp(word, "state") == 0)
        answer_state();
    else
        answer_print();
    (void)fflush(stdout);
}

int main(void)
{
    static char line[65536];
    all.store = store_flat_create();
    while (fgets(line, sizeof line, stdin) != NULL)
        answer(line);
    player_end(&all.player);
    store_flat_destroy(all.store);
    return 0;
}
