/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/outcomes.h"

#include <inttypes.h>
#include <string.h>

#include "audit/outcomes_private.h"
#include "base/exit.h"

static int outcomes_error(const char *path, dais_err_t err)
{
    (void)fprintf(stderr, "error[%s]: %s: %s\n", dais_err_code(err), path, dais_err_text(err));
    return dais_err_is_refusal(err) ? DAIS_EXIT_UNVERIFIED : DAIS_EXIT_FAILED;
}

/* All that the pages would have been compared for. */
static void outcomes_skip(const outcomes_t *outcomes)
{
    static const dais_check_t rest[] = {
        DAIS_CHECK_SITE_FILES,    DAIS_CHECK_SITE_OPEN,  DAIS_CHECK_SITE_TILES,
        DAIS_CHECK_SITE_RECEIPTS, DAIS_CHECK_SITE_PAGES, DAIS_CHECK_SITE_COMMENTS,
        DAIS_CHECK_SITE_DATA,     DAIS_CHECK_SITE_FEED,  DAIS_CHECK_SITE_FACTS};
    static const uint64_t none[DAIS_CHECK_RESULTS];
    for (size_t i = 0; i < sizeof rest / sizeof rest[0]; i++)
        dais_checks_skip(outcomes->checks, rest[i], outcomes->stopped);
    if (memcmp(outcomes->checks->counts[DAIS_CHECK_SITE_LOG], none, sizeof none) == 0)
        dais_checks_skip(outcomes->checks, DAIS_CHECK_SITE_LOG, outcomes->stopped);
}

static dais_err_t outcomes_compare(outcomes_t *outcomes)
{
    if (outcomes->stopped != NULL) {
        outcomes_skip(outcomes);
        return DAIS_OK;
    }
    dais_err_t err = outcomes_files(outcomes);
    return err == DAIS_OK ? outcomes_facts(outcomes) : err;
}

/* A site that stopped a while ago passes, and has to be known for what it is. */
static void outcomes_print(const outcomes_t *outcomes)
{
    uint64_t size = dais_log_tree_size(&outcomes->log);
    dais_checks_print(outcomes->checks, stdout);
    if (outcomes->stopped == NULL && outcomes->size < size)
        (void)printf("the site shows the first %" PRIu64 " of the %" PRIu64 " entries of the log\n",
                     outcomes->size, size);
}

static int outcomes_run(const dais_args_t *args, void *context)
{
    static outcomes_t outcomes;
    dais_checks_t checks = {.verb = DAIS_CHECKS_OUTCOMES};
    dais_trust_t trust;
    const char *site = dais_args_operand(args, 1);
    (void)context;
    if (!dais_trust_option(args, &trust))
        return DAIS_EXIT_USAGE;
    outcomes = (outcomes_t){.checks = &checks, .trust = &trust, .path = dais_args_operand(args, 0)};
    dais_err_t err = outcomes_open(&outcomes, site);
    if (err == DAIS_OK)
        err = outcomes_compare(&outcomes);
    int status = dais_checks_exit(&checks);
    if (err != DAIS_OK)
        status = outcomes_error(outcomes.folder[0] != 0 ? site : outcomes.path, err);
    else if (!dais_args_has(args, "json"))
        outcomes_print(&outcomes);
    else if (!dais_checks_json(&checks, site, stdout))
        status = DAIS_EXIT_FAILED;
    outcomes_close(&outcomes);
    dais_checks_free(&checks);
    return status;
}

static const dais_arg_option_t outcomes_options[] = {
    DAIS_TRUST_OPTION,
    {.name = "json", .kind = DAIS_ARG_FLAG, .text = "one JSON object instead of the table"},
    {.name = NULL}};

static const dais_arg_operand_t outcomes_operands[] = {
    {.name = "LOG",
     .count = DAIS_OPERAND_ONE,
     .text = "an exported log, from elsewhere than the site; or a published folder"},
    {.name = "SITE", .count = DAIS_OPERAND_ONE, .text = "a site's folder, or that of one cycle"},
    {.name = NULL}};

static const char *const outcomes_examples[] = {
    "dais-audit outcomes --key log.key dialogue.export site/dialogue",
    "dais-audit outcomes --key log.key --json site/dialogue site", NULL};

const dais_command_t dais_outcomes_command = {
    .name = "outcomes",
    .text = "every published fact, recomputed from the log",
    .about =
        "Makes the site of the log anew, up to the site's checkpoint, and compares every file: "
        "pages, data, comments, feed, receipts, tiles, openings. What differs is named by page, "
        "table, row and column. Outcomes, tallies, comments, lists and the sentence on who took "
        "part are then taken from the entries once more, without the publisher's code.\n\nBring "
        "the log from elsewhere. With an inspector's export the rules say which entries the "
        "public may see, so that what a site keeps back or lets out is found as well. The site "
        "has to stand still: compare a copy if it is being published.\n\nExit: 0 all passed, 1 "
        "it cannot be read, 3 something was not checked (no key, a log that ends before the site, "
        "a "
        "site of another version, a file that is being written), 4 a check failed.",
    .options = outcomes_options,
    .operands = outcomes_operands,
    .examples = outcomes_examples,
    .run = outcomes_run};
