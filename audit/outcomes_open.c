/* SPDX-License-Identifier: Apache-2.0
 *
 * Whoever distrusts the publisher brings the log from elsewhere: what the site shows has to follow
 * from that, not from what lies beside the pages. Where every entry is open to the auditor the
 * rules say what the public may see, so that a site which keeps back what it should show is found
 * out as well. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "audit/outcomes_private.h"
#include "proto/opening.h"
#include "publisher/import.h"
#include "registry/rules/visible.h"

static const char stopped_unsound[] =
    "the log itself does not hold; dais-audit verify says what is wrong";

static bool is_folder(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

static bool has_log(const char *path)
{
    char whole[PATH_MAX];
    struct stat about;
    return snprintf(whole, sizeof whole, "%s/log/checkpoint", path) < (int)sizeof whole &&
           stat(whole, &about) == 0;
}

/* The cycle's folder was named, or the site's above it. */
static dais_err_t site_find(outcomes_t *outcomes, const char *site)
{
    if (!is_folder(site))
        return DAIS_ERR_NOT_FOUND;
    if (has_log(site))
        return snprintf(outcomes->folder, PATH_MAX, "%s", site) < PATH_MAX ? DAIS_OK
                                                                           : DAIS_ERR_TOO_LONG;
    if (snprintf(outcomes->root, PATH_MAX, "%s", site) >= PATH_MAX ||
        snprintf(outcomes->folder, PATH_MAX, "%s/%s", site, outcomes->cycle) >= PATH_MAX)
        return DAIS_ERR_TOO_LONG;
    return has_log(outcomes->folder) ? DAIS_OK : DAIS_ERR_NOT_FOUND;
}

/* What the site says of itself; signed by whom is a check, and to be read it has to be well formed.
 */
static dais_err_t site_checkpoint(outcomes_t *outcomes)
{
    char path[PATH_MAX];
    dais_note_t note;
    dais_checkpoint_t checkpoint;
    if (snprintf(path, sizeof path, "%s/log/checkpoint", outcomes->folder) >= (int)sizeof path)
        return DAIS_ERR_TOO_LONG;
    dais_err_t err = dais_file_read(path, DAIS_LIMIT_CHECKPOINT, &outcomes->note);
    if (err != DAIS_OK)
        return err;
    dais_slice_t bytes = dais_slice(outcomes->note.data, outcomes->note.size);
    err = dais_checkpoint_verify(bytes, &outcomes->key, &checkpoint).err;
    if (err == DAIS_OK && !outcomes->trust->has_key)
        dais_checks_skip(outcomes->checks, DAIS_CHECK_SITE_CHECKPOINT, dais_trust_no_key);
    else
        (void)dais_checks_err(outcomes->checks, DAIS_CHECK_SITE_CHECKPOINT, 0, err);
    if (err == DAIS_OK) {
        outcomes->size = checkpoint.size;
        return DAIS_OK;
    }
    outcomes->stopped = "the site's checkpoint is not signed by the key";
    err = dais_note_parse(bytes, &note).err;
    return dais_err_is_refusal(err) ? DAIS_OK : err;
}

/* The first entry that the site has otherwise. */
static dais_err_t site_forks(outcomes_t *outcomes)
{
    dais_checks_t ignored = {.failures = NULL};
    dais_log_tree_t site;
    dais_hash_t a;
    dais_hash_t b;
    uint64_t seq = 0;
    dais_err_t err = dais_log_tree_read(&site, outcomes->folder, outcomes->trust, &ignored,
                                        DAIS_CHECK_SITE_SOURCE);
    while (dais_log_tree_leaf(&site, seq, &a) && dais_log_tree_leaf(&outcomes->log, seq, &b) &&
           dais_hash_equal(&a, &b))
        seq++;
    dais_log_tree_free(&site);
    dais_checks_free(&ignored);
    if (err != DAIS_OK && !dais_err_is_refusal(err) && err != DAIS_ERR_NOT_FOUND)
        return err;
    dais_checks_fail(outcomes->checks, DAIS_CHECK_SITE_LOG, seq,
                     "from here on the site is of another history; dais-audit diff shows both "
                     "checkpoints");
    outcomes->stopped = "the site is of another history";
    return DAIS_OK;
}

static dais_err_t site_compare(outcomes_t *outcomes)
{
    dais_checkpoint_t checkpoint;
    dais_slice_t bytes = dais_slice(outcomes->note.data, outcomes->note.size);
    if (outcomes->size > dais_log_tree_size(&outcomes->log)) {
        outcomes->stopped = "the log ends before the site";
        dais_checks_skip(outcomes->checks, DAIS_CHECK_SITE_LOG, outcomes->stopped);
        return DAIS_OK;
    }
    dais_err_t err = dais_checkpoint_verify(bytes, &outcomes->key, &checkpoint).err;
    if (err != DAIS_OK)
        return err;
    dais_hash_t root = dais_nodes_root(&outcomes->log.nodes, outcomes->size);
    if (!dais_hash_equal(&root, &checkpoint.root))
        return site_forks(outcomes);
    dais_checks_pass(outcomes->checks, DAIS_CHECK_SITE_LOG);
    return DAIS_OK;
}

/* Entry 0 names the cycle and the key, which is taken where none is trusted. */
static dais_err_t log_genesis(outcomes_t *outcomes)
{
    dais_checks_t ignored = {.failures = NULL};
    dais_reading_t reading;
    dais_reading_entry_t entry;
    dais_err_t err = dais_reading_open(&reading, outcomes->path, &ignored);
    if (err != DAIS_OK)
        return err;
    bool is_read = dais_reading_next(&reading, &entry) && entry.is_open && entry.kind != NULL &&
                   entry.kind->number == DAIS_KIND_GENESIS;
    if (is_read)
        (void)snprintf(outcomes->cycle, sizeof outcomes->cycle, "%.*s",
                       (int)entry.genesis.cycle.size, (const char *)entry.genesis.cycle.data);
    if (is_read && outcomes->trust->has_key)
        outcomes->key = outcomes->trust->key;
    else if (is_read)
        err = dais_vkey_make(entry.genesis.origin, entry.genesis.log_key.bytes, &outcomes->key);
    dais_reading_close(&reading);
    dais_checks_free(&ignored);
    return is_read ? err : DAIS_ERR_WRONG_ENTRY;
}

/* The rules over the beginning that the site shows, all of it checked as `verify` does. */
static dais_err_t public_by_rules(outcomes_t *outcomes)
{
    dais_checks_t found = {.failures = NULL};
    dais_reading_t reading;
    dais_reading_entry_t entry;
    dais_err_t err = dais_refold_open(&outcomes->refold, &found);
    if (err == DAIS_OK)
        err = dais_reading_open(&reading, outcomes->path, &found);
    if (err != DAIS_OK)
        return err;
    for (uint64_t i = 0;
         err == DAIS_OK && i < outcomes->size && dais_reading_next(&reading, &entry); i++)
        err = dais_refold_entry(&outcomes->refold, &entry);
    dais_reading_close(&reading);
    if (outcomes->refold.stopped != NULL || dais_checks_has_failed(&found))
        outcomes->stopped = stopped_unsound;
    outcomes->refold.checks = NULL;
    dais_checks_free(&found);
    return err;
}

static dais_err_t openings_of(outcomes_t *outcomes, uint64_t number, const dais_hash_t *log)
{
    char path[PATH_MAX];
    dais_file_bytes_t file;
    dais_open_file_t open_file;
    dais_packed_t packed;
    dais_opening_t opening;
    if (snprintf(path, sizeof path, "%s/log/open/%" PRIu64, outcomes->folder, number) >=
        (int)sizeof path)
        return DAIS_ERR_TOO_LONG;
    dais_err_t err = dais_file_read(path, SITE_FILE_MAX, &file);
    if (err != DAIS_OK)
        return err == DAIS_ERR_NOT_FOUND ? DAIS_OK : err; /* that it is not there is seen later */
    if (dais_open_file_decode(dais_slice(file.data, file.size), log, &open_file).err == DAIS_OK) {
        dais_list_walk_t walk = dais_list_begin(&open_file.openings, &dais_shape_packed);
        while (dais_list_next(&walk, &packed))
            if (dais_shape_decode(&dais_shape_opening, packed.opening, &opening).err == DAIS_OK &&
                opening.seq < outcomes->size)
                outcomes->is_open[opening.seq] = 1;
    }
    dais_file_free(&file);
    return DAIS_OK;
}

/* A public part of a later time: what has opened since cannot be told from what was kept back. */
static dais_err_t public_by_site(outcomes_t *outcomes)
{
    dais_hash_t log;
    dais_err_t err = DAIS_OK;
    outcomes->is_open = calloc(outcomes->size + 1, 1);
    if (outcomes->is_open == NULL || !dais_log_tree_leaf(&outcomes->log, 0, &log))
        return DAIS_ERR_NO_MEMORY;
    for (uint64_t i = 0; err == DAIS_OK && i * DAIS_LIMIT_OPEN_FILE_ENTRIES < outcomes->size; i++)
        err = openings_of(outcomes, i, &log);
    dais_checks_skip(outcomes->checks, DAIS_CHECK_SITE_OPEN,
                     "the log is a public part that is newer than the site");
    return err;
}

bool outcomes_opens(void *context, uint64_t seq)
{
    const outcomes_t *outcomes = context;
    switch (outcomes->source) {
    case OUTCOMES_BY_RULES: return dais_visible_public_from(outcomes->refold.rules, seq) != 0;
    case OUTCOMES_BY_SITE: return outcomes->is_open[seq] != 0;
    case OUTCOMES_BY_LOG: break;
    }
    return true;
}

static dais_err_t public_find(outcomes_t *outcomes)
{
    bool is_whole;
    dais_err_t err = dais_reading_is_whole(outcomes->path, &is_whole);
    if (err != DAIS_OK)
        return err;
    if (is_whole) {
        outcomes->source = OUTCOMES_BY_RULES;
        return public_by_rules(outcomes);
    }
    bool is_same = outcomes->size == dais_log_tree_size(&outcomes->log);
    outcomes->source = is_same ? OUTCOMES_BY_LOG : OUTCOMES_BY_SITE;
    return is_same ? DAIS_OK : public_by_site(outcomes);
}

/* The whole file, as an exported log. */
static dais_err_t log_bytes(const outcomes_t *outcomes, dais_file_bytes_t *bytes)
{
    dais_frames_t frames;
    struct stat about;
    *bytes = (dais_file_bytes_t){.size = 0};
    dais_err_t err = dais_frames_open(&frames, outcomes->path);
    if (err != DAIS_OK)
        return err;
    if (fstat(fileno(frames.file), &about) != 0)
        err = DAIS_ERR_IO;
    else
        bytes->data = malloc((size_t)about.st_size + 1);
    if (err == DAIS_OK && bytes->data == NULL)
        err = DAIS_ERR_NO_MEMORY;
    if (err == DAIS_OK) {
        bytes->size = (size_t)about.st_size;
        if (fread(bytes->data, 1, bytes->size, frames.file) != bytes->size)
            err = DAIS_ERR_IO;
    }
    dais_frames_close(&frames);
    return err;
}

static dais_err_t public_import(outcomes_t *outcomes)
{
    dais_file_bytes_t bytes;
    uint64_t seq;
    dais_import_part_t part = {.size = outcomes->size,
                               .opens = outcomes_opens,
                               .context = outcomes,
                               .checkpoint = dais_slice(outcomes->note.data, outcomes->note.size)};
    dais_err_t err = log_bytes(outcomes, &bytes);
    if (err == DAIS_OK)
        err = dais_replica_create(&outcomes->replica, &outcomes->key);
    if (err == DAIS_OK)
        err = dais_import_part(outcomes->replica, dais_slice(bytes.data, bytes.size), &part, &seq)
                  .err;
    dais_file_free(&bytes);
    if (!dais_err_is_refusal(err))
        return err;
    outcomes->stopped = stopped_unsound;
    return DAIS_OK;
}

dais_err_t outcomes_open(outcomes_t *outcomes, const char *site)
{
    dais_err_t err = log_genesis(outcomes);
    if (err == DAIS_OK)
        err = dais_log_tree_read(&outcomes->log, outcomes->path, outcomes->trust, outcomes->checks,
                                 DAIS_CHECK_SITE_SOURCE);
    if (err == DAIS_OK)
        err = site_find(outcomes, site);
    if (err == DAIS_OK)
        err = site_checkpoint(outcomes);
    if (err == DAIS_OK && outcomes->stopped == NULL)
        err = site_compare(outcomes);
    if (err == DAIS_OK && outcomes->stopped == NULL)
        err = public_find(outcomes);
    return err == DAIS_OK && outcomes->stopped == NULL ? public_import(outcomes) : err;
}

void outcomes_close(outcomes_t *outcomes)
{
    dais_replica_destroy(&outcomes->replica);
    dais_refold_close(&outcomes->refold);
    dais_log_tree_free(&outcomes->log);
    dais_file_free(&outcomes->note);
    free(outcomes->is_open);
}
