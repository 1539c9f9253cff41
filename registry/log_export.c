/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/log_export.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "base/file.h"
#include "proto/export_log.h"
#include "registry/log/guard.h"

typedef struct {
    dais_cycle_t *cycle;
    dais_reader_who_t reader;
    dais_book_entry_t entry;
    dais_draft_t draft;
    uint8_t checkpoint[DAIS_CHECKPOINT_SIGNED_MAX];
} export_t;

static dais_err_t export_entry(void *context, uint64_t seq, dais_export_given_t *out)
{
    export_t *export = context;
    dais_book_t *book = dais_cycle_book(export->cycle);
    dais_rules_t *rules = dais_cycle_rules(export->cycle);
    bool sees_private = export->reader.role == DAIS_ROLE_INSPECTOR;
    if (!dais_book_entry(book, seq, &export->entry))
        return dais_book_failure(book) != DAIS_OK ? dais_book_failure(book) : DAIS_ERR_NOT_FOUND;
    out->leaf = export->entry.leaf;
    out->opening = export->entry.opening;
    out->is_open = dais_visible_entry(rules, export->reader, seq, dais_book_size(book));
    if (dais_visible_erased(rules, seq))
        out->opening.public_opening = out->opening.private_opening = dais_slice(NULL, 0);
    if (!sees_private)
        out->opening.private_opening = dais_slice(NULL, 0);
    return DAIS_OK;
}

static dais_err_t export_sink(void *context, dais_slice_t bytes)
{
    const export_t *export = context;
    return dais_file_write_all(export->draft.fd, bytes);
}

/* Has the fork guard this size and root? Then the registry has signed them, or may. */
static dais_err_t export_guarded(const export_t *export, const dais_cycle_places_t *places)
{
    dais_guard_file_t guard;
    dais_book_t *book = dais_cycle_book(export->cycle);
    dais_hash_t root = dais_book_root(book);
    dais_err_t err = dais_guard_file_open(&guard, places->guard);
    if (err != DAIS_OK)
        return err;
    if (guard.last.size != dais_book_size(book) || !dais_hash_equal(&guard.last.root, &root))
        err = DAIS_ERR_GUARD_DIFFERS;
    dais_guard_file_close(&guard);
    return err;
}

static dais_err_t export_sign(export_t *export, const dais_cycle_places_t *places,
                              dais_slice_t *signed_bytes)
{
    dais_cycle_keys_t keys;
    dais_writer_t writer;
    const dais_book_about_t *about = dais_cycle_about(export->cycle);
    dais_book_t *book = dais_cycle_book(export->cycle);
    dais_checkpoint_t checkpoint = {.origin = dais_slice_text(about->origin),
                                    .size = dais_book_size(book),
                                    .root = dais_book_root(book)};
    dais_err_t err = export_guarded(export, places);
    if (err == DAIS_OK)
        err = dais_cycle_keys_load(places->folder, &keys);
    if (err != DAIS_OK)
        return err;
    dais_writer_init(&writer, export->checkpoint, sizeof export->checkpoint);
    err = dais_checkpoint_sign(&checkpoint, &about->vkey, keys.log.secret, &writer);
    dais_cycle_keys_wipe(&keys);
    return err == DAIS_OK ? dais_writer_finish(&writer, signed_bytes) : err;
}

/* Within one span, so that all of it is of one commit. */
static dais_err_t export_write(export_t *export, const dais_cycle_places_t *places)
{
    dais_book_t *book = dais_cycle_book(export->cycle);
    dais_rules_t *rules = dais_cycle_rules(export->cycle);
    dais_export_source_t source = {.entry = export_entry,
                                   .context = export,
                                   .origin =
                                       dais_slice_text(dais_cycle_about(export->cycle)->origin),
                                   .size = dais_book_size(book)};
    dais_err_t err = DAIS_OK;
    if (dais_rules_size(rules) != source.size) /* the registry has gone on since it was opened */
        err = dais_rules_resume(rules);
    if (err == DAIS_OK)
        err = export_sign(export, places, &source.checkpoint);
    return err == DAIS_OK ? dais_export_log(&source, export_sink, export) : err;
}

dais_err_t dais_log_export(dais_cycle_t *cycle, dais_reader_who_t reader, const char *path)
{
    dais_cycle_places_t places;
    export_t *export = malloc(sizeof *export);
    dais_book_t *book = dais_cycle_book(cycle);
    mode_t mode = reader.role == 0 ? S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH : S_IRUSR | S_IWUSR;
    if (export == NULL)
        return DAIS_ERR_NO_MEMORY;
    *export = (export_t){.cycle = cycle, .reader = reader};
    dais_err_t err = dais_cycle_places(dais_cycle_house(cycle), dais_cycle_name(cycle), &places);
    if (err == DAIS_OK)
        err = dais_draft_open(&export->draft, path, mode);
    if (err == DAIS_OK) {
        dais_book_begin(book, DAIS_TXN_READ);
        err = export_write(export, &places);
        dais_err_t of_span = dais_book_end(book);
        err = err == DAIS_OK ? of_span : err;
        if (err == DAIS_OK)
            err = dais_draft_keep(&export->draft, DAIS_DRAFT_REPLACE);
        else
            dais_draft_drop(&export->draft);
    }
    free(export);
    return err;
}
