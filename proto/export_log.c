/* SPDX-License-Identifier: Apache-2.0
 *
 * A bundle is written before the first open entry of it, a stamp before the first such bundle of
 * it. Where entries of two bundles or bundles of two stamps take turns, the one that comes back is
 * written again: a reader has to remember one of each and no more. */
#include "proto/export_log.h"

#include <stdlib.h>

#include "base/hash.h"

typedef struct {
    dais_export_sink_t *sink;
    void *context;
    dais_hash_t bundle; /* the one that entries now stand under; zeros for none */
    dais_hash_t stamp;
    uint8_t *frame;
} exporter_t;

static dais_err_t exporter_put(exporter_t *exporter, const dais_export_item_t *item)
{
    dais_writer_t writer;
    dais_slice_t bytes;
    dais_writer_init(&writer, exporter->frame, DAIS_EXPORT_FRAME_MAX + 4);
    dais_err_t err = dais_export_write(item, &writer);
    if (err == DAIS_OK)
        err = dais_writer_finish(&writer, &bytes);
    return err == DAIS_OK ? exporter->sink(exporter->context, bytes) : err;
}

/* True if these bytes are not the ones of before. */
static bool exporter_turns(dais_hash_t *last, dais_slice_t bytes)
{
    dais_hash_t hash = dais_hash_one(bytes);
    bool turns = !dais_hash_equal(last, &hash);
    *last = hash;
    return turns;
}

static dais_err_t exporter_put_bundle(exporter_t *exporter, const dais_opening_t *opening)
{
    dais_export_item_t item = {.type = DAIS_EXPORT_STAMP, .as.stamp = {opening->stamp}};
    bool has_stamp = opening->stamp.size > 0;
    dais_err_t err = DAIS_OK;
    if (opening->envelope.size == 0 || !exporter_turns(&exporter->bundle, opening->envelope))
        return DAIS_OK;
    if (has_stamp && exporter_turns(&exporter->stamp, opening->stamp))
        err = exporter_put(exporter, &item);
    item = (dais_export_item_t){.type = DAIS_EXPORT_BUNDLE,
                                .as.bundle = {.envelope = opening->envelope,
                                              .stamped = has_stamp ? 1 : 0,
                                              .index = opening->bundle_index,
                                              .path = opening->bundle_path}};
    return err == DAIS_OK ? exporter_put(exporter, &item) : err;
}

static dais_err_t exporter_put_entry(exporter_t *exporter, const dais_export_given_t *given)
{
    dais_export_item_t item = {.type = DAIS_EXPORT_ENTRY, .as.entry = {.leaf = given->leaf}};
    const dais_opening_t *opening = &given->opening;
    if (!given->is_open)
        return exporter_put(exporter, &item);
    dais_err_t err = exporter_put_bundle(exporter, opening);
    item.as.entry.salt = dais_slice(opening->salt.bytes, sizeof opening->salt.bytes);
    item.as.entry.record = opening->record;
    item.as.entry.message_path = opening->message_path;
    item.as.entry.public_opening = opening->public_opening;
    item.as.entry.private_opening = opening->private_opening;
    return err == DAIS_OK ? exporter_put(exporter, &item) : err;
}

static dais_err_t exporter_run(exporter_t *exporter, const dais_export_source_t *source)
{
    dais_export_item_t item = {.type = DAIS_EXPORT_HEAD,
                               .as.head = {.origin = source->origin, .size = source->size}};
    dais_err_t err = exporter_put(exporter, &item);
    for (uint64_t seq = 0; err == DAIS_OK && seq < source->size; seq++) {
        dais_export_given_t given = {.is_open = false};
        err = source->entry(source->context, seq, &given);
        if (err == DAIS_OK)
            err = exporter_put_entry(exporter, &given);
    }
    item = (dais_export_item_t){.type = DAIS_EXPORT_END, .as.end = {source->checkpoint}};
    return err == DAIS_OK ? exporter_put(exporter, &item) : err;
}

dais_err_t dais_export_log(const dais_export_source_t *source, dais_export_sink_t *sink,
                           void *context)
{
    exporter_t exporter = {
        .sink = sink, .context = context, .frame = malloc(DAIS_EXPORT_FRAME_MAX + 4)};
    if (exporter.frame == NULL)
        return DAIS_ERR_NO_MEMORY;
    dais_err_t err = exporter_run(&exporter, source);
    free(exporter.frame);
    return err;
}
