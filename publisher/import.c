/* SPDX-License-Identifier: Apache-2.0 */
#include "publisher/import.h"

#include <stdlib.h>

#include "proto/export.h"
#include "proto/kind.h"
#include "proto/opening.h"
#include "proto/shape.h"

/* What the following entries stand under. */
typedef struct {
    dais_replica_t *replica;
    const dais_import_part_t *part; /* null for all of it */
    dais_slice_t stamp;             /* the last one */
    dais_export_bundle_t bundle;
    uint8_t *scratch; /* for one opening */
    uint64_t seq;
} import_t;

static dais_err_t entry_open(import_t *import, const dais_export_entry_t *entry)
{
    dais_record_t record;
    dais_writer_t writer;
    dais_slice_t bytes;
    dais_opening_t opening = {.seq = import->seq,
                              .record = entry->record,
                              .message_path = entry->message_path,
                              .public_opening = entry->public_opening};
    dais_err_t err = dais_shape_decode(&dais_shape_record, entry->record, &record).err;
    if (err != DAIS_OK)
        return err;
    if (entry->salt.size != DAIS_KEY_SIZE)
        return DAIS_ERR_TOO_SHORT;
    memcpy(opening.salt.bytes, entry->salt.data, DAIS_KEY_SIZE);
    if (record.bundle.size > 0) {
        opening.envelope = import->bundle.envelope;
        opening.stamp = import->bundle.stamped != 0 ? import->stamp : dais_slice(NULL, 0);
        opening.bundle_index = import->bundle.index;
        opening.bundle_path = import->bundle.path;
    }
    dais_writer_init(&writer, import->scratch, DAIS_LIMIT_OPENING);
    err = dais_shape_encode(&dais_shape_opening, &opening, &writer);
    if (err == DAIS_OK)
        err = dais_writer_finish(&writer, &bytes);
    return err != DAIS_OK ? err : dais_replica_open(import->replica, bytes);
}

static dais_err_t entry_take(import_t *import, const dais_export_entry_t *entry)
{
    const dais_import_part_t *part = import->part;
    bool is_open = entry->record.size > 0 &&
                   (part == NULL || part->opens == NULL || part->opens(part->context, import->seq));
    dais_err_t err = dais_replica_leaf(import->replica, entry->leaf);
    if (err == DAIS_OK && is_open)
        err = entry_open(import, entry);
    import->seq += err == DAIS_OK;
    return err;
}

static dais_err_t item_take(import_t *import, const dais_export_item_t *item)
{
    switch (item->type) {
    case DAIS_EXPORT_HEAD: return DAIS_OK;
    case DAIS_EXPORT_STAMP: import->stamp = item->as.stamp.stamp; return DAIS_OK;
    case DAIS_EXPORT_BUNDLE: import->bundle = item->as.bundle; return DAIS_OK;
    case DAIS_EXPORT_ENTRY: return entry_take(import, &item->as.entry);
    case DAIS_EXPORT_END: break;
    }
    if (import->part != NULL)
        return DAIS_OK;
    return dais_replica_checkpoint(import->replica, item->as.end.checkpoint);
}

static bool names(const dais_fold_entry_t *disclosure, uint64_t seq)
{
    dais_disclosure_t said;
    dais_number_item_t number;
    if (!disclosure->is_done ||
        dais_shape_decode(&dais_shape_disclosure, disclosure->message.subject, &said).err !=
            DAIS_OK ||
        said.reader != DAIS_READER_PUBLIC)
        return false;
    dais_list_walk_t walk = dais_list_begin(&said.entries, &dais_shape_number_item);
    while (dais_list_next(&walk, &number)) {
        if (number.value == seq)
            return true;
    }
    return false;
}

static bool is_disclosed(const dais_fold_t *fold, uint64_t seq)
{
    uint64_t at = seq;
    const dais_fold_entry_t *entry;
    while (dais_fold_next(fold, &at, &entry)) {
        if (entry->kind->number == DAIS_KIND_DISCLOSURE && names(entry, seq))
            return true;
    }
    return false;
}

/* WRONG_PURPOSE, with its index, for the first entry that the policy never opens to the public and
 * no disclosure has opened. What cannot be looked at, for want of memory, is not let through. */
static dais_err_t check_public(const dais_replica_t *replica, uint64_t *seq)
{
    const dais_fold_model_t *model;
    const dais_fold_t *fold = dais_replica_fold(replica);
    const dais_fold_entry_t *entry;
    uint64_t at = 0;
    dais_err_t err = dais_fold_make(dais_replica_fold(replica), dais_replica_size(replica), &model);
    if (err != DAIS_OK)
        return err;
    while (dais_fold_next(fold, &at, &entry)) {
        *seq = entry->seq;
        if (entry->kind->stream != DAIS_STREAM_OWN &&
            dais_policy_opens_at(&model->policy, (unsigned)entry->kind->number) ==
                DAIS_POLICY_OPENS_AT_NEVER &&
            !is_disclosed(fold, entry->seq))
            return DAIS_ERR_WRONG_PURPOSE;
    }
    return DAIS_OK;
}

/* Whether there is more to take. */
static bool import_goes_on(const import_t *import, dais_slice_t rest)
{
    return rest.size > 0 && (import->part == NULL || import->seq < import->part->size);
}

static dais_fault_t import_items(import_t *import, dais_export_state_t *state, dais_slice_t file)
{
    dais_slice_t rest = file;
    dais_fault_t fault = {.err = DAIS_OK};
    while (fault.err == DAIS_OK && import_goes_on(import, rest)) {
        dais_export_item_t item;
        dais_slice_t frame;
        size_t offset = (size_t)(rest.data - file.data);
        fault = dais_export_frame(&rest, &frame);
        if (fault.err == DAIS_OK)
            fault = dais_export_read(state, frame, &item);
        if (fault.err == DAIS_OK)
            fault.err = item_take(import, &item);
        fault.offset += fault.err == DAIS_OK ? 0 : offset;
    }
    return fault;
}

static dais_fault_t import_run(import_t *import, dais_export_state_t *state, dais_slice_t file,
                               uint64_t *seq)
{
    import->scratch = malloc(DAIS_LIMIT_OPENING);
    if (import->scratch == NULL)
        return (dais_fault_t){.err = DAIS_ERR_NO_MEMORY};
    dais_fault_t fault = import_items(import, state, file);
    free(import->scratch);
    *seq = import->seq;
    return fault;
}

dais_fault_t dais_import(dais_replica_t *replica, dais_slice_t file, uint64_t *seq)
{
    import_t import = {.replica = replica};
    dais_export_state_t state = {0};
    dais_fault_t fault = import_run(&import, &state, file, seq);
    if (fault.err == DAIS_OK)
        fault.err = dais_export_finish(&state);
    if (fault.err == DAIS_OK)
        fault.err = check_public(replica, seq);
    return fault;
}

dais_fault_t dais_import_part(dais_replica_t *replica, dais_slice_t file,
                              const dais_import_part_t *part, uint64_t *seq)
{
    import_t import = {.replica = replica, .part = part};
    dais_export_state_t state = {0};
    dais_fault_t fault = import_run(&import, &state, file, seq);
    if (fault.err == DAIS_OK && import.seq < part->size)
        fault.err = DAIS_ERR_OUT_OF_RANGE;
    if (fault.err == DAIS_OK)
        fault.err = dais_replica_checkpoint(replica, part->checkpoint);
    return fault;
}
