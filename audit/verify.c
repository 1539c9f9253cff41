/* SPDX-License-Identifier: Apache-2.0
 *
 * Verifies an exported log from front to back: every tie of every entry, the tree, the chains, and
 * the rules over all of it where all is open. Nothing that lies in the file is trusted for the
 * file; the key comes from the command line. */
#include "audit/verify.h"

#include "audit/chains.h"
#include "audit/nodes.h"
#include "audit/public.h"
#include "audit/refold.h"
#include "base/exit.h"
#include "proto/signed.h"

typedef struct {
    dais_checks_t *checks;
    const dais_trust_t *trust;
    dais_reading_t reading;
    dais_refold_t refold;
    dais_chains_t chains;
    dais_nodes_t nodes;
    bool is_whole;         /* every entry is open: the rules run over it; else as a public audit */
    bool is_not_whole;     /* that was expected, and an entry is closed: all is to begin anew */
    dais_derive_t *derive; /* null until entry 0 has been read */
    dais_store_vector_t closed; /* closed entries */
    dais_store_vector_t bare;   /* open messages of which no public content is shown */
} verify_t;

static dais_err_t verify_open(verify_t *verify, const char *path)
{
    dais_checks_t *checks = verify->checks;
    dais_chains_init(&verify->chains, checks);
    dais_nodes_init(&verify->nodes);
    verify->bare = verify->closed = (dais_store_vector_t){.item_size = sizeof(uint64_t)};
    dais_err_t err = dais_refold_open(&verify->refold, checks);
    return err == DAIS_OK ? dais_reading_open(&verify->reading, path, checks) : err;
}

static void verify_close(verify_t *verify)
{
    dais_reading_close(&verify->reading);
    dais_refold_close(&verify->refold);
    if (verify->derive != NULL)
        dais_derive_destroy(&verify->derive);
    dais_chains_free(&verify->chains);
    dais_nodes_free(&verify->nodes);
    dais_store_vector_clear(&verify->bare);
    dais_store_vector_clear(&verify->closed);
}

/* A later bundle of an author is never signed over less than the whole truth: what it had seen is
 * a beginning of this log. */
static void verify_seen(verify_t *verify, uint64_t seq)
{
    const dais_bundle_t *bundle = &verify->reading.bundle;
    if (bundle->seen_size > seq) {
        dais_checks_fail(verify->checks, DAIS_CHECK_SEEN, seq,
                         "its author saw more than there was");
        return;
    }
    dais_hash_t root = dais_nodes_root(&verify->nodes, bundle->seen_size);
    (void)dais_checks_err(verify->checks, DAIS_CHECK_SEEN, seq,
                          dais_hash_equal(&root, &bundle->seen_root) ? DAIS_OK : DAIS_ERR_BAD_ROOT);
}

/* What new bundle and stamp this entry is the first to stand under. */
static void verify_envelopes(verify_t *verify, const dais_reading_entry_t *entry)
{
    const dais_reading_t *reading = &verify->reading;
    if (reading->is_new_stamp) {
        dais_hash_t hash = dais_signed_hash(reading->stamp_slice);
        dais_chains_stamp(&verify->chains, entry->seq, &reading->stamp, &hash);
    }
    if (reading->is_new_bundle) {
        dais_chains_bundle(&verify->chains, entry->seq, &reading->bundle, &reading->bundle_hash);
        verify_seen(verify, entry->seq);
    }
}

/* Messages that people read are nothing without their content. */
static bool verify_needs_content(const dais_reading_entry_t *entry)
{
    return entry->kind->number == DAIS_KIND_COMMENT || entry->kind->number == DAIS_KIND_SUMMARY;
}

static dais_err_t verify_content(verify_t *verify, const dais_reading_entry_t *entry)
{
    if (!entry->has_bundle || !entry->lacks_content)
        return DAIS_OK;
    if (!verify_needs_content(entry)) {
        dais_checks_count(verify->checks, DAIS_CHECK_CONTENTS, DAIS_CHECK_SEALED);
        return DAIS_OK;
    }
    uint64_t *place = dais_store_vector_add(&verify->bare);
    if (place == NULL)
        return DAIS_ERR_NO_MEMORY;
    *place = entry->seq;
    return DAIS_OK;
}

/* The roster as it stands, from whichever of the two runs. */
static dais_rules_store_t *verify_roster(const verify_t *verify)
{
    if (!verify->is_whole)
        return verify->derive != NULL ? dais_derive_store(verify->derive) : NULL;
    return verify->refold.stopped == NULL ? verify->refold.store : NULL;
}

/* As a public audit does: what is open is made again where it rests on nothing closed, which is
 * counted; all else is sealed. */
static dais_err_t verify_public(verify_t *verify, const dais_reading_entry_t *entry)
{
    bool is_own = entry->is_open && !entry->has_bundle;
    uint64_t derived = verify->derive != NULL ? dais_derive_count(verify->derive) : 0;
    dais_err_t err = dais_public_take(&verify->derive, verify->checks, entry);
    if (err != DAIS_OK || verify->derive == NULL || entry->seq == 0)
        return err;
    if (is_own)
        dais_checks_count(verify->checks, DAIS_CHECK_OUTCOMES,
                          entry->kind != NULL && entry->kind->number == DAIS_KIND_TICK
                              ? DAIS_CHECK_PASSED
                              : DAIS_CHECK_SEALED);
    else
        dais_checks_count(verify->checks, DAIS_CHECK_VERDICTS,
                          dais_derive_count(verify->derive) > derived ? DAIS_CHECK_PASSED
                                                                      : DAIS_CHECK_SEALED);
    return DAIS_OK;
}

static void verify_key(verify_t *verify, const dais_reading_entry_t *entry)
{
    dais_rules_store_t *store = verify_roster(verify);
    if (verify->is_whole || store == NULL || !entry->has_bundle)
        return;
    dais_roster_who_t who = dais_roster_find(store, &entry->bundle.key);
    bool is_right = who.key_number != 0 &&
                    memcmp(who.actor.bytes, entry->message.actor.bytes, DAIS_ID_SIZE) == 0;
    (void)dais_checks_err(verify->checks, DAIS_CHECK_ROSTER, entry->seq,
                          is_right ? DAIS_OK : DAIS_ERR_WRONG_ACTOR);
}

/* The instant that a tick closes; 0 for its due. */
static uint64_t verify_closes(const verify_t *verify, const dais_reading_entry_t *entry)
{
    dais_tick_t tick;
    if (verify->is_whole)
        return dais_refold_closes(&verify->refold, entry);
    if (verify->derive == NULL || entry->kind == NULL || entry->kind->number != DAIS_KIND_TICK ||
        dais_shape_decode(&dais_shape_tick, entry->own.subject, &tick).err != DAIS_OK)
        return 0;
    return dais_derive_closes(verify->derive, &tick);
}

/* Closed ones are judged at the end, when it is known which an entry has named. */
static dais_err_t verify_closed(verify_t *verify, uint64_t seq)
{
    uint64_t *place = dais_store_vector_add(&verify->closed);
    if (place == NULL)
        return DAIS_ERR_NO_MEMORY;
    *place = seq;
    return DAIS_OK;
}

static dais_err_t verify_entry(verify_t *verify, const dais_reading_entry_t *entry)
{
    dais_err_t err = DAIS_OK;
    if (entry->seq == 0)
        dais_trust_genesis(verify->trust, verify->checks, entry);
    verify_envelopes(verify, entry);
    if (!dais_nodes_append(&verify->nodes, &entry->leaf))
        return DAIS_ERR_NO_MEMORY;
    if (entry->is_open) {
        dais_checks_pass(verify->checks, DAIS_CHECK_OPENED);
        dais_chains_entry(&verify->chains, entry, verify_roster(verify),
                          verify_closes(verify, entry));
        verify_key(verify, entry);
        if (entry->kind != NULL)
            err = verify_content(verify, entry);
    } else {
        err = verify_closed(verify, entry->seq);
    }
    if (err != DAIS_OK)
        return err;
    return verify->is_whole ? dais_refold_entry(&verify->refold, entry)
                            : verify_public(verify, entry);
}

static bool verify_is_erased(const verify_t *verify, uint64_t seq)
{
    dais_entry_row_t row;
    dais_rules_store_t *store = verify_roster(verify);
    if (!verify->is_whole)
        return verify->derive != NULL && dais_derive_is_erased(verify->derive, seq);
    return store != NULL && store->port->dense_get(store, DAIS_TABLE_ENTRY, seq + 1, &row) &&
           (row.marks & DAIS_ENTRY_ERASED) != 0;
}

static void verify_bare(verify_t *verify)
{
    for (uint64_t i = 0; i < verify->bare.count; i++) {
        const uint64_t *seq = dais_store_vector_at(&verify->bare, i);
        if (verify_is_erased(verify, *seq))
            dais_checks_count(verify->checks, DAIS_CHECK_CONTENTS, DAIS_CHECK_ERASED);
        else if (verify_roster(verify) == NULL)
            dais_checks_skip(verify->checks, DAIS_CHECK_CONTENTS,
                             "whether a missing content was erased is not known");
        else
            dais_checks_fail(verify->checks, DAIS_CHECK_CONTENTS, *seq,
                             "it is open, its content is not shown and was not erased");
    }
}

/* In an archived cycle each entry is open, or an open one says why it is not. */
static void verify_named(verify_t *verify)
{
    bool is_archived = verify->derive != NULL && dais_derive_cycle(verify->derive)->archived != 0;
    for (uint64_t i = 0; i < verify->closed.count; i++) {
        const uint64_t *seq = dais_store_vector_at(&verify->closed, i);
        bool is_named = verify->derive != NULL && (dais_derive_is_withheld(verify->derive, *seq) ||
                                                   dais_derive_is_erased(verify->derive, *seq));
        if (!is_archived || is_named)
            dais_checks_count(verify->checks, DAIS_CHECK_OPENED, DAIS_CHECK_SEALED);
        else
            dais_checks_fail(verify->checks, DAIS_CHECK_OPENED, *seq,
                             "the cycle is archived, and no entry says why this one is closed");
    }
}

static dais_err_t verify_rules(verify_t *verify, const char *path)
{
    dais_err_t err = dais_refold_end(&verify->refold);
    if (err != DAIS_OK)
        return err;
    if (verify->refold.stopped == NULL)
        return dais_public_agree(path, verify->refold.rules, verify->checks);
    dais_checks_skip(verify->checks, DAIS_CHECK_PUBLIC, verify->refold.stopped);
    dais_checks_skip(verify->checks, DAIS_CHECK_AGREEMENT, verify->refold.stopped);
    return DAIS_OK;
}

static void verify_fold(verify_t *verify)
{
    if (verify->derive != NULL)
        dais_public_findings(verify->derive, verify->checks);
    else
        dais_checks_skip(verify->checks, DAIS_CHECK_PUBLIC, "entry 0 is closed or cannot be read");
    dais_checks_count(verify->checks, DAIS_CHECK_DUE, DAIS_CHECK_SEALED);
    dais_checks_count(verify->checks, DAIS_CHECK_AGREEMENT, DAIS_CHECK_SEALED);
}

static bool verify_is_ended(const verify_t *verify)
{
    if (!verify->is_whole)
        return verify->derive != NULL && dais_derive_cycle(verify->derive)->closed != 0;
    return verify->refold.stopped == NULL && dais_rules_size(verify->refold.rules) > 0 &&
           dais_rules_has_ended(verify->refold.rules);
}

static dais_err_t verify_all(verify_t *verify, const char *path)
{
    dais_reading_entry_t entry;
    dais_err_t err = DAIS_OK;
    while (err == DAIS_OK && dais_reading_next(&verify->reading, &entry)) {
        verify->is_not_whole = verify->is_whole && !entry.is_shown;
        if (verify->is_not_whole)
            return DAIS_OK;
        err = verify_entry(verify, &entry);
    }
    if (err == DAIS_OK && verify->is_whole)
        err = verify_rules(verify, path);
    else if (err == DAIS_OK)
        verify_fold(verify);
    if (err != DAIS_OK)
        return err;
    uint64_t size = dais_nodes_size(&verify->nodes);
    dais_hash_t root = dais_nodes_root(&verify->nodes, size);
    dais_trust_checkpoint(verify->trust, verify->checks, &verify->reading, size, &root);
    dais_chains_end(&verify->chains, verify_is_ended(verify), verify->is_whole);
    verify_bare(verify);
    verify_named(verify);
    return DAIS_OK;
}

static dais_err_t verify_as(const char *path, const dais_trust_t *trust, dais_checks_t *checks,
                            bool *is_whole)
{
    verify_t verify = {.checks = checks, .trust = trust, .is_whole = *is_whole};
    dais_err_t err = verify_open(&verify, path);
    if (err == DAIS_OK)
        err = verify_all(&verify, path);
    verify_close(&verify);
    *is_whole = !verify.is_not_whole;
    return err;
}

/* A whole log is the larger work, so it is not read once more to know that it is one: the first
 * closed entry says that it is not, and then it is read as a public part from the start. */
dais_err_t dais_verify_log(const char *path, const dais_trust_t *trust, dais_checks_t *checks)
{
    bool is_whole = true;
    dais_err_t err = verify_as(path, trust, checks, &is_whole);
    if (err != DAIS_OK || is_whole)
        return err;
    dais_checks_free(checks);
    return verify_as(path, trust, checks, &is_whole);
}

static int verify_path(const char *path, const dais_trust_t *trust, bool json)
{
    dais_checks_t checks = {.failures = NULL};
    dais_err_t err = dais_verify_log(path, trust, &checks);
    int status = dais_checks_exit(&checks);
    if (err != DAIS_OK) {
        (void)fprintf(stderr, "error[%s]: %s: %s\n", dais_err_code(err), path, dais_err_text(err));
        status = dais_err_is_refusal(err) ? DAIS_EXIT_UNVERIFIED : DAIS_EXIT_FAILED;
    } else if (!json) {
        dais_checks_print(&checks, stdout);
    } else if (!dais_checks_json(&checks, path, stdout)) {
        status = DAIS_EXIT_FAILED;
    }
    dais_checks_free(&checks);
    return status;
}

static int verify_run(const dais_args_t *args, void *context)
{
    dais_trust_t trust;
    (void)context;
    if (!dais_trust_option(args, &trust))
        return DAIS_EXIT_USAGE;
    return verify_path(dais_args_operand(args, 0), &trust, dais_args_has(args, "json"));
}

static const dais_arg_option_t verify_options[] = {
    DAIS_TRUST_OPTION,
    {.name = "json", .kind = DAIS_ARG_FLAG, .text = "one JSON object instead of the table"},
    {.name = NULL}};

static const dais_arg_operand_t verify_operands[] = {
    {.name = "FILE", .count = DAIS_OPERAND_ONE, .text = "an exported log or a published folder"},
    {.name = NULL}};

static const char *const verify_examples[] = {"dais-audit verify --key log.key dialogue.export",
                                              "dais-audit verify --key log.key site/dialogue",
                                              NULL};

const dais_command_t dais_verify_command = {
    .name = "verify",
    .text = "check all that an exported log claims",
    .about =
        "Checks an exported log, or the folder of a published one: signatures, tree, bundle and "
        "stamp chains as far as they are "
        "open, marks before ticks, keys against the roster at each index, and every verdict "
        "and own entry against the rules. Each check has a number and passes, fails, or says "
        "why it could not be done. What is closed is counted as sealed.\n\nThe key is the only "
        "thing that is trusted. Without it nothing is believed to be authentic, and the exit "
        "is 3.\n\nExit: 0 all passed, 1 the file cannot be read, 2 usage, 3 something was not "
        "checked, 4 a check failed.",
    .options = verify_options,
    .operands = verify_operands,
    .examples = verify_examples,
    .run = verify_run};
