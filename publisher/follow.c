/* SPDX-License-Identifier: Apache-2.0
 *
 * The name of a log is known once entry 0 is here; until then a question names none, which `look`
 * allows. One question is under way at a time: `entries` until all that the newest checkpoint
 * covers is here, then `opened` for what became open among earlier ones, then the pages. Whatever
 * goes wrong on the way is asked again after a pause; whatever is wrong in itself ends the daemon.
 */
#include "publisher/follow.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "proto/shape.h"
#include "publisher/prove.h"
#include "publisher/render.h"

enum { PATH_SIZE = 1024, BODY_SIZE = 512, ENTRIES_MAX = 256 };
#define WAIT_MS      20000
#define ANSWER_MS    (WAIT_MS + 10000)
#define PAUSE_MS_MIN 200
#define PAUSE_MS_MAX 30000

struct dais_follow {
    dais_follow_options_t options;
    char cycle[DAIS_LIMIT_CODE + 1];
    char service[DAIS_LIMIT_CODE + 32];
    dais_hash_t genesis; /* of the file that the operator gave */
    dais_replica_t *replica;
    dais_files_t *files;
    dais_timer_t ask;     /* the next question */
    dais_timer_t render;  /* the next pages */
    uint64_t opened_to;   /* size of the log at which it was known what was open */
    uint64_t opened_from; /* where the answer goes on; 0 at first */
    bool asks_opened;
    bool render_due;  /* its timer runs */
    bool render_late; /* it ran out in between */
    uint32_t pause_ms;
};

static void follow_log(dais_follow_t *follow, dais_log_level_t level, const char *event,
                       dais_err_t err)
{
    dais_log_line_t line;
    dais_log_begin(&line, &follow->options.daemon->log, level, event);
    dais_log_text(&line, "cycle", follow->cycle);
    dais_log_u64(&line, "size", dais_replica_size(follow->replica));
    dais_log_u64(&line, "published", dais_replica_published(follow->replica));
    if (err != DAIS_OK)
        dais_log_err(&line, err);
    dais_log_end(&line);
}

/* The log, or what is on the disk, is not what it was: nobody is helped by going on. */
static void follow_fail(dais_follow_t *follow, dais_err_t err, const char *event)
{
    follow_log(follow, DAIS_LOG_ERROR, event, err);
    dais_daemon_fail(follow->options.daemon, err, event);
}

static void follow_later(dais_follow_t *follow)
{
    dais_loop_timer(follow->options.daemon->loop, &follow->ask, follow->pause_ms);
    follow->pause_ms = follow->pause_ms * 2 > PAUSE_MS_MAX ? PAUSE_MS_MAX : follow->pause_ms * 2;
}

static void follow_next(dais_follow_t *follow)
{
    follow->pause_ms = PAUSE_MS_MIN;
    dais_loop_timer(follow->options.daemon->loop, &follow->ask, 0);
}

/* A verdict that the rules do not give is not published: the registry at fault is named by the
 * entry. */
static dais_err_t follow_prove(dais_follow_t *follow)
{
    const dais_fold_model_t *model;
    dais_finding_t finding = {.code = ""};
    dais_log_line_t line;
    dais_fold_t *fold = dais_replica_fold(follow->replica);
    dais_err_t err = dais_fold_make(fold, dais_replica_published(follow->replica), &model);
    if (err == DAIS_OK)
        err = dais_prove(fold, model, &finding);
    if (err != DAIS_ERR_WRONG_VERDICT)
        return err;
    dais_log_begin(&line, &follow->options.daemon->log, DAIS_LOG_ERROR, "wrong-verdict");
    dais_log_text(&line, "cycle", follow->cycle);
    dais_log_u64(&line, "seq", finding.seq);
    dais_log_text(&line, "code", finding.code);
    dais_log_text(&line, "text", finding.text);
    dais_log_end(&line);
    return err;
}

/* All that the checkpoint covers is here and no more, and it is known what of it is open. */
static bool follow_is_settled(const dais_follow_t *follow)
{
    return !follow->asks_opened &&
           dais_replica_size(follow->replica) == dais_replica_published(follow->replica);
}

/* In between, pages would tell of entries that the checkpoint does not cover, and a publisher that
 * goes on from them after a restart would not ask again for what had opened up to it. */
static void follow_render(void *context)
{
    dais_follow_t *follow = context;
    follow->render_due = false;
    follow->render_late = !follow_is_settled(follow);
    if (follow->render_late)
        return;
    dais_err_t err = follow_prove(follow);
    if (err == DAIS_OK)
        err = dais_render(follow->replica, follow->files);
    if (err != DAIS_OK) {
        follow_fail(follow, err, "not-rendered");
        return;
    }
    follow_log(follow, DAIS_LOG_INFO, "published", DAIS_OK);
    if (follow->options.rendered != NULL)
        follow->options.rendered(follow->options.context);
}

/* At the next settled moment, if the interval is over by then. */
static void render_soon(dais_follow_t *follow)
{
    if (follow->render_due)
        return;
    follow->render_due = true;
    dais_loop_timer(follow->options.daemon->loop, &follow->render,
                    follow->render_late ? 0 : follow->options.interval_ms);
}

/* Entry 0 is the genesis that the operator gave, byte for byte. */
static dais_err_t genesis_check(const dais_follow_t *follow)
{
    const dais_fold_entry_t *entry = dais_fold_entry(dais_replica_fold(follow->replica), 0);
    if (entry == NULL)
        return DAIS_ERR_WRONG_LOG;
    dais_hash_t hash = dais_hash_one(entry->record.message);
    return dais_hash_equal(&hash, &follow->genesis) ? DAIS_OK : DAIS_ERR_WRONG_LOG;
}

static dais_err_t entries_take(dais_follow_t *follow, const dais_answer_entries_t *answer)
{
    dais_list_walk_t walk = dais_list_begin(&answer->entries, &dais_shape_entry_line);
    dais_entry_line_t line;
    dais_err_t err =
        answer->from == dais_replica_size(follow->replica) || answer->entries.count == 0
            ? DAIS_OK
            : DAIS_ERR_WRONG_ENTRY;
    while (err == DAIS_OK && dais_list_next(&walk, &line)) {
        err = dais_replica_leaf(follow->replica, line.leaf);
        if (err == DAIS_OK && line.opening.size > 0)
            err = dais_replica_open(follow->replica, line.opening);
        if (err == DAIS_OK && dais_replica_size(follow->replica) == 1)
            err = genesis_check(follow);
    }
    return err;
}

/* All that the checkpoint covers is here: is it the tree that the log signed? */
static dais_err_t checkpoint_take(dais_follow_t *follow, dais_slice_t note)
{
    dais_checkpoint_t checkpoint;
    dais_err_t err =
        dais_checkpoint_verify(note, dais_replica_key(follow->replica), &checkpoint).err;
    if (err != DAIS_OK)
        return err;
    if (checkpoint.size < dais_replica_size(follow->replica))
        return DAIS_ERR_BAD_CHAIN;
    /* With the first answer of all. What opens from here on is asked for; the size is not known any
     * better, as the registry may have gone on. */
    if (follow->opened_to == 0)
        follow->opened_to = checkpoint.size;
    if (checkpoint.size > dais_replica_size(follow->replica))
        return DAIS_OK;
    if (checkpoint.size > dais_replica_published(follow->replica)) {
        follow->asks_opened = true;
        follow->opened_from = 0;
    }
    return dais_replica_checkpoint(follow->replica, note);
}

static dais_err_t opened_take(dais_follow_t *follow, const dais_answer_entries_t *answer)
{
    dais_list_walk_t walk = dais_list_begin(&answer->entries, &dais_shape_entry_line);
    dais_entry_line_t line;
    dais_err_t err = DAIS_OK;
    while (err == DAIS_OK && dais_list_next(&walk, &line)) {
        dais_opening_t opening;
        err = dais_shape_decode(&dais_shape_opening, line.opening, &opening).err;
        /* What came behind the checkpoint that is here comes again with its own leaf. */
        if (err == DAIS_OK && opening.seq < dais_replica_size(follow->replica))
            err = dais_replica_open(follow->replica, line.opening);
    }
    if (err != DAIS_OK)
        return err;
    follow->opened_from = answer->from;
    if (answer->from == 0) {
        follow->asks_opened = false;
        follow->opened_to = dais_replica_published(follow->replica);
        render_soon(follow);
    }
    return DAIS_OK;
}

static dais_err_t answer_take(dais_follow_t *follow, dais_slice_t body)
{
    dais_shown_t shown;
    dais_answer_entries_t answer;
    dais_err_t err = dais_shape_decode(&dais_shape_shown, body, &shown).err;
    if (err == DAIS_OK)
        err = dais_shape_decode(&dais_shape_answer_entries, shown.body, &answer).err;
    if (err != DAIS_OK)
        return err;
    if (follow->asks_opened)
        return answer.what == DAIS_WHAT_OPENED ? opened_take(follow, &answer)
                                               : DAIS_ERR_WRONG_PURPOSE;
    if (answer.what != DAIS_WHAT_ENTRIES)
        return DAIS_ERR_WRONG_PURPOSE;
    err = entries_take(follow, &answer);
    return err == DAIS_OK ? checkpoint_take(follow, answer.checkpoint) : err;
}

static void follow_answered(void *context, const dais_mdp_answer_t *answer)
{
    dais_follow_t *follow = context;
    dais_refused_t refused;
    if (answer->err != DAIS_OK) {
        follow_log(follow, DAIS_LOG_WARN, "not-answered", answer->err);
        follow_later(follow);
        return;
    }
    if (dais_shape_decode(&dais_shape_refused, answer->body, &refused).err == DAIS_OK) {
        dais_log_line_t line;
        dais_log_begin(&line, &follow->options.daemon->log, DAIS_LOG_WARN, "refused");
        dais_log_text(&line, "cycle", follow->cycle);
        dais_log_slice(&line, "code", refused.code);
        dais_log_end(&line);
        follow_later(follow);
        return;
    }
    dais_err_t err = answer_take(follow, answer->body);
    if (err == DAIS_OK)
        follow_next(follow);
    else
        follow_fail(follow, err, "log-not-proved");
}

static dais_err_t look_pack(dais_follow_t *follow, const dais_shape_t *shape, const void *what,
                            uint8_t body[BODY_SIZE], dais_slice_t *out)
{
    uint8_t packed[64];
    dais_look_t look = {.log = dais_replica_log(follow->replica)};
    dais_writer_t writer;
    dais_writer_init(&writer, packed, sizeof packed);
    dais_err_t err = dais_shape_encode(shape, what, &writer);
    if (err == DAIS_OK)
        err = dais_writer_finish(&writer, &look.what);
    if (err == DAIS_OK)
        err = dais_random_fill(&follow->options.daemon->random, look.call.bytes,
                               sizeof look.call.bytes);
    dais_writer_init(&writer, body, BODY_SIZE);
    if (err == DAIS_OK)
        err = dais_shape_encode(&dais_shape_look, &look, &writer);
    return err == DAIS_OK ? dais_writer_finish(&writer, out) : err;
}

static dais_err_t question_pack(dais_follow_t *follow, uint8_t body[BODY_SIZE], dais_slice_t *out)
{
    dais_ask_opened_t opened = {
        .what = DAIS_WHAT_OPENED, .since = follow->opened_to, .from = follow->opened_from};
    dais_ask_entries_t entries = {.what = DAIS_WHAT_ENTRIES,
                                  .from = dais_replica_size(follow->replica),
                                  .count = ENTRIES_MAX,
                                  .wait_ms = WAIT_MS};
    return follow->asks_opened ? look_pack(follow, &dais_shape_ask_opened, &opened, body, out)
                               : look_pack(follow, &dais_shape_ask_entries, &entries, body, out);
}

static void follow_ask(void *context)
{
    dais_follow_t *follow = context;
    uint8_t body[BODY_SIZE];
    dais_slice_t question;
    dais_err_t err = question_pack(follow, body, &question);
    if (err == DAIS_OK)
        err = dais_mdp_client_call(follow->options.client, follow->service, question, ANSWER_MS,
                                   follow_answered, follow);
    if (err != DAIS_OK)
        follow_fail(follow, err, "not-asked");
}

/* The log's name and key come from the genesis that the operator gave. */
static dais_err_t genesis_read(dais_follow_t *follow, dais_vkey_t *key)
{
    dais_file_bytes_t file;
    dais_genesis_t genesis;
    dais_err_t err = dais_file_read(follow->options.genesis, DAIS_LIMIT_MESSAGE, &file);
    if (err != DAIS_OK)
        return err;
    follow->genesis = dais_hash_one(dais_slice(file.data, file.size));
    err = dais_genesis_open(dais_slice(file.data, file.size), &genesis).err;
    if (err == DAIS_OK) {
        (void)snprintf(follow->cycle, sizeof follow->cycle, "%.*s", (int)genesis.cycle.size,
                       (const char *)genesis.cycle.data);
        (void)snprintf(follow->service, sizeof follow->service, "registry/%s/wait", follow->cycle);
        err = dais_vkey_make(genesis.origin, genesis.log_key.bytes, key);
    }
    dais_file_free(&file);
    return err;
}

static dais_err_t site_open(dais_follow_t *follow)
{
    char path[PATH_SIZE];
    dais_err_t err =
        dais_files_folder(follow->options.site, dais_slice_text(follow->cycle), path, sizeof path);
    if (err == DAIS_OK)
        err = dais_files_open(&follow->files, path);
    if (err == DAIS_OK)
        err = dais_replica_load(follow->replica, path);
    if (err == DAIS_ERR_NOT_FOUND) /* nothing is published yet */
        return DAIS_OK;
    if (err != DAIS_OK)
        follow_log(follow, DAIS_LOG_ERROR, "site-not-read", err);
    return err;
}

dais_err_t dais_follow_new(const dais_follow_options_t *options, dais_follow_t **follow)
{
    dais_vkey_t key;
    *follow = calloc(1, sizeof **follow);
    if (*follow == NULL)
        return DAIS_ERR_NO_MEMORY;
    (*follow)->options = *options;
    (*follow)->pause_ms = PAUSE_MS_MIN;
    (*follow)->ask = (dais_timer_t){.fire = follow_ask, .context = *follow};
    (*follow)->render = (dais_timer_t){.fire = follow_render, .context = *follow};
    dais_err_t err = genesis_read(*follow, &key);
    if (err == DAIS_OK)
        err = dais_replica_create(&(*follow)->replica, &key);
    if (err == DAIS_OK)
        err = site_open(*follow);
    if (err == DAIS_OK && dais_replica_size((*follow)->replica) > 0)
        err = genesis_check(*follow);
    if (err == DAIS_OK)
        (*follow)->opened_to = dais_replica_published((*follow)->replica);
    if (err != DAIS_OK)
        dais_follow_free(follow);
    return err;
}

void dais_follow_free(dais_follow_t **follow)
{
    if (*follow == NULL)
        return;
    dais_loop_cancel((*follow)->options.daemon->loop, &(*follow)->ask);
    dais_loop_cancel((*follow)->options.daemon->loop, &(*follow)->render);
    dais_replica_destroy(&(*follow)->replica);
    dais_files_close(&(*follow)->files);
    free(*follow);
    *follow = NULL;
}

void dais_follow_start(dais_follow_t *follow)
{
    follow_next(follow);
}

const char *dais_follow_cycle(const dais_follow_t *follow)
{
    return follow->cycle;
}

dais_replica_t *dais_follow_replica(dais_follow_t *follow)
{
    return follow->replica;
}
