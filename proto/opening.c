/* SPDX-License-Identifier: Apache-2.0
 *
 * Opening an entry: nothing that it shows is taken on trust. Each part is tied to the next by a
 * hash or a signature, and a part that ties nothing is refused too, so that one entry has one
 * opening. */
#include "proto/opening.h"

#include "proto/bundle.h"
#include "proto/content.h"
#include "proto/entry.h"
#include "proto/genesis.h"
#include "proto/stamp.h"

static dais_fault_t fault_of(dais_err_t err)
{
    return (dais_fault_t){err, 0};
}

/* An entry without a bundle: genesis or one of the registry's own kinds. */
static dais_fault_t own_open(const dais_opening_t *opening, const dais_hash_t *log,
                             dais_opened_t *out)
{
    if (opening->envelope.size + opening->message_path.size + opening->stamp.size +
            opening->bundle_path.size + opening->bundle_index + opening->public_opening.size +
            opening->private_opening.size >
        0)
        return fault_of(DAIS_ERR_WRONG_ENTRY);
    if (out->record.received_at != out->record.logged_at)
        return fault_of(DAIS_ERR_WRONG_ENTRY);
    if (opening->seq == 0) {
        out->kind = dais_kind_of(DAIS_KIND_GENESIS);
        return dais_genesis_open(out->record.message, &out->genesis);
    }
    dais_fault_t fault = dais_own_decode(out->record.message, &out->own, &out->kind);
    if (fault.err == DAIS_OK && !dais_hash_equal(&out->own.log, log))
        fault = fault_of(DAIS_ERR_WRONG_LOG);
    return fault;
}

static dais_fault_t bundle_open(const dais_opening_t *opening, const dais_hash_t *log,
                                dais_opened_t *out)
{
    dais_hash_t hash = dais_bundle_hash(opening->envelope);
    if (!dais_slice_equal(out->record.bundle, dais_hash_slice(&hash)))
        return fault_of(DAIS_ERR_WRONG_ENTRY);
    dais_fault_t fault = dais_bundle_open(opening->envelope, log, &out->bundle);
    if (fault.err != DAIS_OK)
        return fault;
    out->has_bundle = true;
    return fault_of(dais_bundle_prove(&out->bundle, out->record.index, out->record.message,
                                      opening->message_path));
}

static dais_fault_t stamp_open(const dais_opening_t *opening, const dais_hash_t *log,
                               dais_opened_t *out)
{
    if (opening->stamp.size == 0) {
        bool bare = opening->bundle_path.size == 0 && opening->bundle_index == 0 &&
                    out->record.received_at == out->record.logged_at;
        return fault_of(bare ? DAIS_OK : DAIS_ERR_WRONG_ENTRY);
    }
    dais_fault_t fault = dais_stamp_open(opening->stamp, log, &out->stamp);
    if (fault.err != DAIS_OK)
        return fault;
    out->has_stamp = true;
    if (out->record.received_at != out->stamp.at)
        return fault_of(DAIS_ERR_WRONG_ENTRY);
    dais_hash_t hash = dais_bundle_hash(opening->envelope);
    return fault_of(
        dais_stamp_prove(&out->stamp, opening->bundle_index, &hash, opening->bundle_path));
}

static dais_fault_t contents_open(const dais_opening_t *opening, dais_opened_t *out)
{
    dais_err_t err = DAIS_OK;
    if (opening->public_opening.size > 0)
        err = dais_content_open(opening->public_opening, &out->message.public_commitment,
                                &out->public_content);
    if (err == DAIS_OK && opening->private_opening.size > 0) {
        err = dais_content_open(opening->private_opening, &out->message.private_commitment,
                                &out->private_content);
        if (err == DAIS_OK)
            err = dais_content_unpad(out->private_content, &out->private_content);
    }
    return fault_of(err);
}

static dais_fault_t message_open(const dais_opening_t *opening, const dais_hash_t *log,
                                 dais_opened_t *out)
{
    if (opening->seq == 0) /* Every log begins with its genesis. */
        return fault_of(DAIS_ERR_WRONG_ENTRY);
    dais_fault_t fault = dais_message_decode(out->record.message, &out->message, &out->kind);
    if (fault.err == DAIS_OK && !dais_hash_equal(&out->message.log, log))
        fault = fault_of(DAIS_ERR_WRONG_LOG);
    if (fault.err == DAIS_OK)
        fault = bundle_open(opening, log, out);
    if (fault.err == DAIS_OK && out->bundle.stream != (uint64_t)out->kind->stream)
        fault = fault_of(DAIS_ERR_WRONG_STREAM);
    if (fault.err == DAIS_OK)
        fault = stamp_open(opening, log, out);
    if (fault.err == DAIS_OK)
        fault = contents_open(opening, out);
    return fault;
}

dais_fault_t dais_opening_check(const dais_opening_t *opening, const dais_hash_t *log,
                                dais_opened_t *out)
{
    memset(out, 0, sizeof *out);
    dais_hash_t commitment = dais_record_commit(&opening->salt, opening->record);
    dais_fault_t fault = dais_record_decode(opening->record, &out->record);
    if (fault.err == DAIS_OK) {
        out->seq = opening->seq;
        out->leaf = dais_entry_hash(opening->seq, &commitment);
        fault = out->record.bundle.size == 0 ? own_open(opening, log, out)
                                             : message_open(opening, log, out);
    }
    if (fault.err != DAIS_OK)
        memset(out, 0, sizeof *out);
    return fault;
}

/* Whether this opening belongs to the file and comes after those before it. */
static dais_err_t packed_check(const dais_packed_t *packed, uint64_t seq_end, uint64_t *seq_min)
{
    dais_opening_t opening;
    dais_fault_t fault = dais_shape_decode(&dais_shape_opening, packed->opening, &opening);
    if (fault.err != DAIS_OK)
        return fault.err;
    if (opening.seq < *seq_min || opening.seq >= seq_end)
        return DAIS_ERR_WRONG_ENTRY;
    *seq_min = opening.seq + 1;
    return DAIS_OK;
}

dais_fault_t dais_open_file_decode(dais_slice_t bytes, const dais_hash_t *log,
                                   dais_open_file_t *out)
{
    dais_fault_t fault = dais_shape_decode(&dais_shape_open_file, bytes, out);
    if (fault.err == DAIS_OK && !dais_hash_equal(&out->log, log))
        fault.err = DAIS_ERR_WRONG_LOG;
    uint64_t seq_min = out->number * DAIS_LIMIT_OPEN_FILE_ENTRIES;
    uint64_t seq_end = seq_min + DAIS_LIMIT_OPEN_FILE_ENTRIES;
    dais_packed_t packed;
    dais_list_walk_t walk = dais_list_begin(&out->openings, &dais_shape_packed);
    while (fault.err == DAIS_OK && dais_list_next(&walk, &packed)) {
        fault.err = packed_check(&packed, seq_end, &seq_min);
        fault.offset = fault.err == DAIS_OK ? 0 : (size_t)(packed.opening.data - bytes.data);
    }
    if (fault.err != DAIS_OK)
        memset(out, 0, sizeof *out);
    return fault;
}
