/* SPDX-License-Identifier: Apache-2.0
 *
 * Every state that can be reached from a listed cycle with two organisations, two States and one
 * decider, breadth first, as far as the digest of the standing tells states apart. Called as
 *
 *   rules_search POLICY DEPTH [OUT]
 *
 * it writes the exported log of the listed cycle to OUT.log and, for each state in the order in
 * which it was found, a line to OUT.states: depth, digest, and the digest over all that can be said
 * in it with verdicts and what follows. The rules in Python make the same search from that log.
 * Each state found has to lead on to an end: with ticks, a summary and a refusal of what is open,
 * cycle, applications, cases and objections all come to a final state. (In a cycle that is
 * cancelled applications stay as they are, docs/rules.md, 6.1.) */
#include <stdlib.h>

#include "registry/rules/digest.h"
#include "tests/property/played_log.h"
#include "tests/property/search_cycle.h"
#include "tests/property/search_moves.h"
#include "tests/property/store_flat.h"

#define DEPTH_MAX  12
#define STATES_MAX (4 << 20)
#define TABLE_SIZE (8U << 20) /* a power of two */

typedef struct {
    dais_hash_t digest;
    uint8_t depth;
    uint8_t path[DEPTH_MAX]; /* numbers of moves */
} found_t;

static struct {
    sequence_t sequence;
    player_t player;
    dais_rules_store_t *store;
    branch_t way[DEPTH_MAX + 1]; /* the states along a path; the first is the listed cycle */
    found_t there;               /* whose path it is */
    branch_t next;
    found_t *found;
    uint32_t *table; /* number of a state, plus 1, by its digest */
    uint32_t count;
    uint64_t edges, refused;
    char text[SEARCH_MOVES * 128]; /* of one state's edges */
    uint8_t log[1 << 20];
    size_t log_size;
} all;

_Noreturn static void give_up(const char *why, const char *more)
{
    (void)fprintf(stderr, "rules_search: %s %s\n", why, more);
    exit(1);
}

static dais_hash_t standing_of(branch_t *branch)
{
    dais_hash_t digest;
    if (dais_digest_standing(&branch->rules, &digest) != DAIS_OK)
        give_up("no digest", "");
    return digest;
}

static bool is_new(const dais_hash_t *digest)
{
    uint32_t at;
    memcpy(&at, digest->bytes, sizeof at);
    for (at &= TABLE_SIZE - 1; all.table[at] != 0; at = (at + 1) & (TABLE_SIZE - 1))
        if (memcmp(&all.found[all.table[at] - 1].digest, digest, sizeof *digest) == 0)
            return false;
    if (all.count == STATES_MAX)
        give_up("too many states", "");
    all.table[at] = all.count + 1;
    return true;
}

static void find(const dais_hash_t *digest, const found_t *from, unsigned move)
{
    if (!is_new(digest))
        return;
    found_t *found = &all.found[all.count++];
    *found = (found_t){.digest = *digest};
    if (from == NULL)
        return;
    memcpy(found->path, from->path, sizeof found->path);
    found->depth = (uint8_t)(from->depth + 1);
    found->path[from->depth] = (uint8_t)move;
}

static const char *make_move(branch_t *branch, unsigned number)
{
    const char *verdict = search_make_move(branch, &search_moves[number]);
    if (verdict == NULL)
        give_up("a fault of the rules:", search_moves[number].name);
    return verdict;
}

/* The branch in a state that was found. States of one depth are found in the order of their paths,
 * so most of the way is that of the state before. */
static const branch_t *go_to(const found_t *found)
{
    unsigned same = 0;
    while (same < found->depth && same < all.there.depth &&
           found->path[same] == all.there.path[same])
        same++;
    for (unsigned i = same; i < found->depth; i++) {
        branch_copy_branch(&all.way[i + 1], &all.way[i]);
        (void)make_move(&all.way[i + 1], found->path[i]);
    }
    all.there = *found;
    dais_hash_t digest = standing_of(&all.way[found->depth]);
    if (memcmp(&digest, &found->digest, sizeof digest) != 0)
        give_up("the same moves lead elsewhere", "");
    return &all.way[found->depth];
}

static bool is_done(const char *verdict)
{
    return strcmp(verdict, "accepted") == 0 || strcmp(verdict, "timely-after-tick") == 0;
}

/* Tries every move; the digest over what came of them. */
static dais_hash_t expand(uint32_t number, const branch_t *here)
{
    const found_t from = all.found[number];
    size_t size = 0;
    for (unsigned m = 0; m < SEARCH_MOVES; m++) {
        branch_copy_branch(&all.next, here);
        const char *verdict = make_move(&all.next, m);
        size += (size_t)snprintf(all.text + size, sizeof all.text - size, "%s: %s",
                                 search_moves[m].name, verdict);
        if (is_done(verdict)) {
            dais_hash_t digest = standing_of(&all.next);
            all.edges++;
            find(&digest, &from, m);
            all.text[size++] = ' ';
            for (unsigned i = 0; i < 8; i++)
                size += (size_t)snprintf(all.text + size, 3, "%02x", digest.bytes[i]);
        } else {
            all.refused++;
        }
        all.text[size++] = '\n';
    }
    return dais_hash_one(dais_slice(all.text, size));
}

static const char *not_final(branch_t *branch)
{
    static const struct {
        dais_machine_t machine;
        dais_table_t table;
    } kept[] = {{DAIS_MACHINE_APPLICATION, DAIS_TABLE_ORGANISATION},
                {DAIS_MACHINE_CASE, DAIS_TABLE_CASE},
                {DAIS_MACHINE_OBJECTION, DAIS_TABLE_OBJECTION}};
    dais_rules_store_t *store = branch->store;
    if (!dais_machine(DAIS_MACHINE_CYCLE)->states[branch->rules.cycle.state].is_final)
        return "the cycle";
    for (unsigned i = branch->rules.cycle.state == DAIS_CYCLE_CANCELLED ? 1 : 0; i < 3; i++) {
        union {
            dais_organisation_row_t organisation;
            dais_case_row_t of_case;
            dais_objection_row_t objection;
        } row;
        for (uint64_t n = 1; store->port->dense_get(store, kept[i].table, n, &row); n++) {
            unsigned state = i == 0   ? row.organisation.state
                             : i == 1 ? row.of_case.state
                                      : row.objection.state;
            if (!dais_machine(kept[i].machine)->states[state].is_final)
                return dais_machine(kept[i].machine)->name;
        }
    }
    return NULL;
}

/* From here on to the end of the cycle; a case that is open then is refused. */
static void end(const found_t *found, const branch_t *here)
{
    branch_t *branch = &all.next;
    branch_copy_branch(branch, here);
    for (unsigned guard = 0; guard < 40; guard++) {
        unsigned state = branch->rules.cycle.state;
        if (dais_machine(DAIS_MACHINE_CYCLE)->states[state].is_final)
            break;
        for (unsigned m = 0; m < SEARCH_MOVES; m++) {
            bool ends = (state == DAIS_CYCLE_ENDED && search_moves[m].kind == DAIS_KIND_SUMMARY) ||
                        (state != DAIS_CYCLE_ENDED && search_moves[m].kind == 0);
            if (ends)
                (void)make_move(branch, m);
        }
    }
    for (unsigned m = 0; m < SEARCH_MOVES; m++)
        if (search_moves[m].question == DAIS_QUESTION_REFUSE)
            (void)make_move(branch, m);
    const char *what = not_final(branch);
    if (what == NULL)
        return;
    (void)fprintf(stderr, "from the state after");
    for (unsigned i = 0; i < found->depth; i++)
        (void)fprintf(stderr, " [%s]", search_moves[found->path[i]].name);
    give_up(" no final one is reachable:", what);
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

static FILE *open_out(const char *out, const char *ending)
{
    char path[512];
    (void)snprintf(path, sizeof path, "%s.%s", out, ending);
    FILE *file = fopen(path, "wb");
    if (file == NULL)
        give_up("cannot write", path);
    return file;
}

static void write_log(const char *out)
{
    FILE *file = open_out(out, "log");
    played_log_export(&all.player, put_bytes, NULL);
    (void)fwrite(all.log, 1, all.log_size, file);
    (void)fclose(file);
}

static void write_state(FILE *out, const found_t *found, const dais_hash_t *edges)
{
    if (out == NULL)
        return;
    (void)fprintf(out, "%u ", found->depth);
    for (unsigned i = 0; i < 32; i++)
        (void)fprintf(out, "%02x", found->digest.bytes[i]);
    (void)fprintf(out, " ");
    for (unsigned i = 0; i < 32; i++)
        (void)fprintf(out, "%02x", edges->bytes[i]);
    (void)fprintf(out, "\n");
}

/* States of the last depth are looked at, but not tried. */
static void search(unsigned depth, FILE *out)
{
    uint32_t by_depth[DEPTH_MAX + 1] = {0};
    dais_hash_t digest = standing_of(&all.way[0]);
    find(&digest, NULL, 0);
    for (uint32_t n = 0; n < all.count; n++) {
        by_depth[all.found[n].depth]++;
        const branch_t *here = go_to(&all.found[n]);
        end(&all.found[n], here);
        if (all.found[n].depth == depth)
            continue;
        dais_hash_t edges = expand(n, here);
        write_state(out, &all.found[n], &edges);
    }
    (void)printf("%s: depth %u: %u states, %llu moves, %llu refusals%s; by depth",
                 all.sequence.policy, depth, all.count, (unsigned long long)all.edges,
                 (unsigned long long)all.refused, by_depth[depth] == 0 ? ", exhausted" : "");
    for (unsigned d = 0; d <= depth; d++)
        (void)printf(" %u", by_depth[d]);
    (void)printf("\n");
}

static void begin(const char *policy)
{
    all.store = store_flat_create();
    const char *refused = search_cycle(policy, &all.sequence, &all.player, all.store);
    if (refused != NULL)
        give_up("the listed cycle is refused:", refused);
    for (unsigned i = 0; i <= DEPTH_MAX; i++)
        branch_create(&all.way[i]);
    branch_create(&all.next);
    branch_copy(&all.way[0], all.player.rules, all.player.clock);
}

int main(int count, char **words)
{
    if (count < 3)
        give_up("called as:", "rules_search POLICY DEPTH [OUT]");
    unsigned long depth = strtoul(words[2], NULL, 10);
    FILE *out = count > 3 ? open_out(words[3], "states") : NULL;
    all.found = calloc(STATES_MAX, sizeof *all.found);
    all.table = calloc(TABLE_SIZE, sizeof *all.table);
    if (all.found == NULL || all.table == NULL || depth > DEPTH_MAX)
        give_up("no memory, or too deep", "");
    begin(words[1]);
    if (out != NULL)
        write_log(words[3]);
    search((unsigned)depth, out);
    if (out != NULL)
        (void)fclose(out);
    player_end(&all.player);
    store_flat_destroy(all.store);
    for (unsigned i = 0; i <= DEPTH_MAX; i++)
        branch_destroy(&all.way[i]);
    branch_destroy(&all.next);
    free(all.found);
    free(all.table);
    return 0;
}
