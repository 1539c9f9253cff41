/* SPDX-License-Identifier: Apache-2.0
 *
 * Two exports leaf by leaf. A log that has signed two different histories is told by two
 * checkpoints of its key, each over a tree that its file really has: they are printed, and are the
 * evidence. What is open in one file and closed in the other makes no difference. */
#include "audit/diff.h"

#include <inttypes.h>
#include <jansson.h>

#include "audit/nodes.h"
#include "audit/trust.h"
#include "base/exit.h"
#include "proto/view.h"

typedef struct {
    const char *path;
    dais_reading_t reading;
    dais_checks_t checks;
    dais_nodes_t nodes;
    bool is_open;
} side_t;

static dais_err_t side_open(side_t *side, const char *path)
{
    *side = (side_t){.path = path};
    dais_nodes_init(&side->nodes);
    dais_err_t err = dais_reading_open_again(&side->reading, path, &side->checks);
    side->is_open = err == DAIS_OK;
    return err;
}

static void side_close(side_t *side)
{
    if (side->is_open)
        dais_reading_close(&side->reading);
    dais_checks_free(&side->checks);
    dais_nodes_free(&side->nodes);
}

/* The next leaf; false at the end. */
static dais_err_t side_next(side_t *side, dais_hash_t *leaf, bool *is_there)
{
    dais_reading_entry_t entry;
    *is_there = dais_reading_next(&side->reading, &entry);
    if (!*is_there)
        return DAIS_OK;
    *leaf = entry.leaf;
    return dais_nodes_append(&side->nodes, leaf) ? DAIS_OK : DAIS_ERR_NO_MEMORY;
}

/* The end of its file, and that its checkpoint is of these leaves and of the trusted key. */
static void side_check(side_t *side, const dais_trust_t *trust)
{
    uint64_t size = dais_nodes_size(&side->nodes);
    dais_hash_t root = dais_nodes_root(&side->nodes, size);
    dais_trust_checkpoint(trust, &side->checks, &side->reading, size, &root);
}

static void side_print(const side_t *side)
{
    (void)printf("%s:\n%.*s", side->path, (int)side->reading.checkpoint_size,
                 side->reading.checkpoint);
}

static bool side_fails(const side_t *side)
{
    for (size_t i = 0; i < side->checks.failure_count; i++)
        (void)fprintf(stderr, "error[unverified]: %s: %s\n", side->path,
                      side->checks.failures[i].text);
    if (side->checks.failures_lost > 0)
        (void)fprintf(stderr, "error[unverified]: %s: more failed than can be shown\n", side->path);
    return dais_checks_has_failed(&side->checks);
}

/* What two histories are to each other. */
typedef struct {
    uint64_t common; /* leaves from the start that are the same */
    bool is_fork;
    uint64_t sizes[2];
} relation_t;

static dais_err_t diff_walk(side_t sides[2], relation_t *relation)
{
    bool more[2] = {true, true};
    dais_err_t err = DAIS_OK;
    while (err == DAIS_OK && (more[0] || more[1])) {
        dais_hash_t leaves[2];
        for (unsigned i = 0; i < 2 && err == DAIS_OK; i++)
            if (more[i])
                err = side_next(&sides[i], &leaves[i], &more[i]);
        if (!more[0] || !more[1])
            continue;
        if (!dais_hash_equal(&leaves[0], &leaves[1]))
            relation->is_fork = true;
        else if (!relation->is_fork)
            relation->common++;
    }
    for (unsigned i = 0; i < 2; i++)
        relation->sizes[i] = dais_nodes_size(&sides[i].nodes);
    return err;
}

static void diff_print(side_t sides[2], const relation_t *relation)
{
    if (relation->is_fork) {
        (void)printf("fork: %" PRIu64 " entries are the same, entry %" PRIu64 " is not\n",
                     relation->common, relation->common);
        side_print(&sides[0]);
        side_print(&sides[1]);
    } else if (relation->sizes[0] == relation->sizes[1]) {
        (void)printf("same: %" PRIu64 " entries\n", relation->sizes[0]);
    } else {
        bool first = relation->sizes[0] < relation->sizes[1];
        (void)printf("prefix: the %" PRIu64 " entries of %s are the beginning of the %" PRIu64
                     " of %s\n",
                     relation->sizes[first ? 0 : 1], sides[first ? 0 : 1].path,
                     relation->sizes[first ? 1 : 0], sides[first ? 1 : 0].path);
    }
}

static const char *diff_word(const relation_t *relation)
{
    if (relation->is_fork)
        return "fork";
    return relation->sizes[0] == relation->sizes[1] ? "same" : "prefix";
}

static bool diff_json(side_t sides[2], const dais_trust_t *trust, const relation_t *relation)
{
    json_t *files = json_array();
    for (unsigned i = 0; i < 2; i++)
        (void)json_array_append_new(
            files, json_pack("{ss so ss%}", "file", sides[i].path, "entries",
                             dais_view_number(relation->sizes[i]), "checkpoint",
                             sides[i].reading.checkpoint, sides[i].reading.checkpoint_size));
    json_t *object = json_pack("{ss ss ss so sb so}", "type", "diff", "v", "1", "relation",
                               diff_word(relation), "common", dais_view_number(relation->common),
                               "authentic", (int)trust->has_key, "files", files);
    bool written = object != NULL &&
                   json_dumpf(object, stdout, JSON_INDENT(2) | JSON_ENSURE_ASCII) == 0 &&
                   fputc('\n', stdout) != EOF;
    json_decref(object);
    return written;
}

static int diff_judge(side_t sides[2], const dais_trust_t *trust, const relation_t *relation,
                      bool json)
{
    for (unsigned i = 0; i < 2; i++)
        side_check(&sides[i], trust);
    bool fails = side_fails(&sides[0]);
    fails = side_fails(&sides[1]) || fails;
    if (fails)
        return DAIS_EXIT_UNVERIFIED;
    if (json && !diff_json(sides, trust, relation))
        return DAIS_EXIT_FAILED;
    if (!json)
        diff_print(sides, relation);
    if (!json && !trust->has_key)
        (void)puts("NOT-CHECKED: no key is trusted, so these may be the words of anybody");
    if (relation->is_fork)
        return DAIS_EXIT_UNVERIFIED;
    return trust->has_key ? DAIS_EXIT_DONE : DAIS_EXIT_PARTLY;
}

static int diff_run(const dais_args_t *args, void *context)
{
    side_t sides[2] = {{.path = NULL}, {.path = NULL}};
    relation_t relation = {.common = 0};
    dais_trust_t trust;
    dais_err_t err = DAIS_OK;
    (void)context;
    if (!dais_trust_option(args, &trust))
        return DAIS_EXIT_USAGE;
    const char *path = NULL;
    for (unsigned i = 0; i < 2 && err == DAIS_OK; i++) {
        path = dais_args_operand(args, i);
        err = side_open(&sides[i], path);
    }
    if (err == DAIS_OK)
        err = diff_walk(sides, &relation);
    int status = DAIS_EXIT_UNVERIFIED;
    if (err == DAIS_OK)
        status = diff_judge(sides, &trust, &relation, dais_args_has(args, "json"));
    else
        (void)fprintf(stderr, "error[%s]: %s: %s\n", dais_err_code(err), path, dais_err_text(err));
    if (err != DAIS_OK && !dais_err_is_refusal(err))
        status = DAIS_EXIT_FAILED;
    for (unsigned i = 0; i < 2; i++)
        side_close(&sides[i]);
    return status;
}

static const dais_arg_option_t diff_options[] = {
    DAIS_TRUST_OPTION,
    {.name = "json", .kind = DAIS_ARG_FLAG, .text = "one JSON object instead of lines"},
    {.name = NULL}};

static const dais_arg_operand_t diff_operands[] = {
    {.name = "A", .count = DAIS_OPERAND_ONE, .text = "an exported log or a published folder"},
    {.name = "B", .count = DAIS_OPERAND_ONE, .text = "another of them"},
    {.name = NULL}};

static const char *const diff_examples[] = {
    "dais-audit diff --key log.key mine.export other.export",
    "dais-audit diff may.export june.export", NULL};

const dais_command_t dais_diff_command = {
    .name = "diff",
    .text = "compare two exports: same, prefix or fork",
    .about =
        "Compares two exported logs leaf by leaf, and each with its own checkpoint. Same, or one "
        "the beginning of the other: exit 0. A fork prints both signed checkpoints, which prove "
        "that the key has signed two histories: exit 4. Without a key the exit is 3.",
    .options = diff_options,
    .operands = diff_operands,
    .examples = diff_examples,
    .run = diff_run};
