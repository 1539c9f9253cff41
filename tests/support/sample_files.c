/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/export.h"
#include "proto/guard.h"
#include "tests/support/sample.h"
#include "tests/support/sample_arena.h"

enum { SEQ_COMMENT_2 = 6, SEQ_REQUEST = 8, SEQ_OWN = 9 };

static dais_slice_t envelope_of(const dais_sample_entry_t *entry)
{
    return entry->bundle == NULL ? dais_slice(NULL, 0) : entry->bundle->envelope;
}

/* What opens the entry's contents: to the public only its public part. */
static dais_item_t openings_of(const dais_sample_entry_t *entry, bool public)
{
    dais_item_t item = {0};
    if (entry->bundle != NULL)
        item = entry->bundle->items[entry->index];
    if (public)
        item.private_opening = dais_slice(NULL, 0);
    return item;
}

dais_slice_t dais_sample_opening(uint64_t seq, bool public)
{
    const dais_sample_log_t *log = dais_sample_log();
    const dais_sample_entry_t *entry = &log->entries[seq];
    dais_item_t item = openings_of(entry, public);
    dais_opening_t opening = {.seq = seq,
                              .record = entry->record,
                              .salt = entry->salt,
                              .envelope = envelope_of(entry),
                              .message_path = dais_sample_message_path(entry),
                              .public_opening = item.public_opening,
                              .private_opening = item.private_opening};
    size_t index;
    if (dais_sample_stamped(entry->bundle, &index)) {
        opening.stamp = log->stamps[0].bytes;
        opening.bundle_index = index;
        opening.bundle_path = dais_sample_bundle_path(entry);
    }
    return dais_sample_pack(&dais_shape_opening, &opening);
}

/* open/0 of the sample log: all but the sealed entry. */
static dais_slice_t open_file_make(const dais_sample_log_t *log)
{
    dais_open_file_t file = {.log = log->log};
    dais_packed_t packed[DAIS_SAMPLE_LOG_SIZE];
    for (uint64_t seq = 0; seq < DAIS_SAMPLE_LOG_SIZE; seq++)
        packed[seq].opening = dais_sample_opening(seq, true);
    dais_writer_t writer = dais_sample_writer();
    for (uint64_t seq = 0; seq < DAIS_SAMPLE_LOG_SIZE; seq++) {
        if (seq != SEQ_REQUEST)
            dais_sample_must(
                dais_list_add(&file.openings, &dais_shape_packed, &packed[seq], &writer));
    }
    (void)dais_sample_keep(&writer);
    return dais_sample_pack(&dais_shape_open_file, &file);
}

dais_export_entry_t dais_sample_export_entry(uint64_t seq, bool closed)
{
    const dais_sample_entry_t *entry = &dais_sample_log()->entries[seq];
    dais_item_t item = openings_of(entry, false);
    dais_export_entry_t out = {.leaf = entry->leaf};
    if (closed)
        return out;
    out.salt = dais_slice(entry->salt.bytes, DAIS_KEY_SIZE);
    out.record = entry->record;
    out.message_path = dais_sample_message_path(entry);
    out.public_opening = item.public_opening;
    out.private_opening = item.private_opening;
    return out;
}

static dais_export_bundle_t export_bundle_make(const dais_sample_entry_t *entry)
{
    size_t index;
    dais_export_bundle_t bundle = {.envelope = entry->bundle->envelope};
    bundle.stamped = dais_sample_stamped(entry->bundle, &index);
    bundle.index = index;
    bundle.path = dais_sample_bundle_path(entry);
    return bundle;
}

/* All that the export of one entry takes, packed before the frames are. */
typedef struct {
    bool bundle_begins;
    bool stamp_begins;
    dais_export_bundle_t bundle;
    dais_export_entry_t entry;
} exported_t;

static exported_t exported_make(uint64_t seq, bool public)
{
    const dais_sample_log_t *log = dais_sample_log();
    const dais_sample_entry_t *entry = &log->entries[seq];
    bool closed = public && seq == SEQ_REQUEST;
    exported_t out = {.entry = dais_sample_export_entry(seq, closed)};
    if (public)
        out.entry.private_opening = dais_slice(NULL, 0);
    if (entry->bundle == NULL || entry->index > 0 || closed)
        return out;
    out.bundle_begins = true;
    out.stamp_begins = entry->bundle == &log->office;
    out.bundle = export_bundle_make(entry);
    return out;
}

static void frame_put(dais_export_type_t type, const void *record, size_t size,
                      dais_writer_t *writer)
{
    dais_export_item_t item = {.type = type};
    memcpy(&item.as, record, size);
    dais_sample_must(dais_export_write(&item, writer));
}

static void exported_put(const exported_t *exported, const dais_export_stamp_t *stamp,
                         dais_writer_t *writer)
{
    if (exported->stamp_begins)
        frame_put(DAIS_EXPORT_STAMP, stamp, sizeof *stamp, writer);
    if (exported->bundle_begins)
        frame_put(DAIS_EXPORT_BUNDLE, &exported->bundle, sizeof exported->bundle, writer);
    frame_put(DAIS_EXPORT_ENTRY, &exported->entry, sizeof exported->entry, writer);
}

dais_slice_t dais_sample_export(bool public)
{
    const dais_sample_log_t *log = dais_sample_log();
    exported_t exported[DAIS_SAMPLE_LOG_SIZE];
    for (uint64_t seq = 0; seq < DAIS_SAMPLE_LOG_SIZE; seq++)
        exported[seq] = exported_make(seq, public);
    dais_export_head_t head = {.origin = dais_slice_text(DAIS_SAMPLE_ORIGIN),
                               .size = DAIS_SAMPLE_LOG_SIZE};
    dais_export_stamp_t stamp = {log->stamps[0].bytes};
    dais_export_end_t end = {log->checkpoint};
    dais_writer_t writer = dais_sample_writer();
    frame_put(DAIS_EXPORT_HEAD, &head, sizeof head, &writer);
    for (uint64_t seq = 0; seq < DAIS_SAMPLE_LOG_SIZE; seq++)
        exported_put(&exported[seq], &stamp, &writer);
    frame_put(DAIS_EXPORT_END, &end, sizeof end, &writer);
    return dais_sample_keep(&writer);
}

static void add(dais_sample_list_t *list, const char *name, const dais_shape_t *shape,
                const char *text, dais_slice_t bytes)
{
    dais_sample_t sample = {
        .name = name, .text = text, .form = DAIS_SAMPLE_RECORD, .shape = shape, .bytes = bytes};
    dais_sample_add(list, &sample);
}

static void add_export(dais_sample_list_t *list, const dais_sample_log_t *log)
{
    dais_export_head_t head = {.origin = dais_slice_text(DAIS_SAMPLE_ORIGIN),
                               .size = DAIS_SAMPLE_LOG_SIZE};
    dais_export_stamp_t stamp = {log->stamps[0].bytes};
    dais_export_bundle_t bundle = export_bundle_make(&log->entries[SEQ_REQUEST]);
    dais_export_entry_t entry = dais_sample_export_entry(SEQ_COMMENT_2, false);
    dais_export_entry_t closed = dais_sample_export_entry(SEQ_REQUEST, true);
    dais_export_end_t end = {log->checkpoint};
    add(list, "export_head", &dais_shape_export_head, "Opens the exported log",
        dais_sample_pack(&dais_shape_export_head, &head));
    add(list, "export_stamp", &dais_shape_export_stamp, "The stamp over the next two bundles",
        dais_sample_pack(&dais_shape_export_stamp, &stamp));
    add(list, "export_bundle", &dais_shape_export_bundle, "The bundle of entry 8",
        dais_sample_pack(&dais_shape_export_bundle, &bundle));
    add(list, "export_entry", &dais_shape_export_entry, "Entry 6, open",
        dais_sample_pack(&dais_shape_export_entry, &entry));
    add(list, "export_entry_closed", &dais_shape_export_entry, "Entry 8, closed",
        dais_sample_pack(&dais_shape_export_entry, &closed));
    add(list, "export_end", &dais_shape_export_end, "Closes the exported log",
        dais_sample_pack(&dais_shape_export_end, &end));
}

static void add_guard(dais_sample_list_t *list, const dais_sample_log_t *log)
{
    uint8_t slot[DAIS_GUARD_SLOT_SIZE];
    dais_guard_t guard = {.log = log->log,
                          .turn = 7,
                          .epoch = 3,
                          .size = DAIS_SAMPLE_LOG_SIZE,
                          .root = dais_tree_root(log->hashes, DAIS_SAMPLE_LOG_SIZE)};
    add(list, "guard", &dais_shape_guard, "The last checkpoint, as the fork guard keeps it",
        dais_sample_pack(&dais_shape_guard, &guard));
    dais_sample_must(dais_guard_encode(&guard, slot));
    dais_sample_t sample = {.name = "guard_slot",
                            .text = "The same record in its slot",
                            .form = DAIS_SAMPLE_BINARY,
                            .bytes = dais_sample_copy(dais_slice(slot, sizeof slot))};
    dais_sample_add(list, &sample);
}

void dais_sample_add_files(dais_sample_list_t *list)
{
    const dais_sample_log_t *log = dais_sample_log();
    add(list, "opening", &dais_shape_opening, "Entry 6, opened to the public",
        dais_sample_opening(SEQ_COMMENT_2, true));
    add(list, "opening_own", &dais_shape_opening, "Entry 9, the registry's own",
        dais_sample_opening(SEQ_OWN, true));
    add(list, "open_file", &dais_shape_open_file, "open/0: all entries but the sealed one",
        open_file_make(log));
    add_guard(list, log);
    add_export(list, log);
}
