/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/entry.h"

#include <assert.h>

#include "proto/tree.h"

dais_hash_t dais_record_commit(const dais_key_t *salt, dais_slice_t record)
{
    dais_slice_t parts[] = {dais_slice_text("dais/record/1\n"),
                            dais_slice(salt->bytes, DAIS_KEY_SIZE), record};
    return dais_hash(parts, 3);
}

dais_err_t dais_entry_write(uint64_t seq, const dais_hash_t *commitment, dais_writer_t *writer)
{
    dais_entry_t entry = {.seq = seq, .commitment = *commitment};
    return dais_shape_encode(&dais_shape_entry, &entry, writer);
}

dais_hash_t dais_entry_hash(uint64_t seq, const dais_hash_t *commitment)
{
    uint8_t buffer[DAIS_ENTRY_SIZE_MAX];
    dais_writer_t writer;
    dais_slice_t leaf;
    dais_writer_init(&writer, buffer, sizeof buffer);
    dais_err_t err = dais_entry_write(seq, commitment, &writer);
    /* Only a seq beyond DAIS_SEQ_MAX can fail, and no log gets there. */
    assert(err == DAIS_OK);
    err = dais_writer_finish(&writer, &leaf);
    assert(err == DAIS_OK);
    return dais_tree_leaf_hash(leaf);
}

dais_fault_t dais_record_decode(dais_slice_t bytes, dais_record_t *out)
{
    memset(out, 0, sizeof *out);
    if (bytes.size > DAIS_LIMIT_RECORD)
        return (dais_fault_t){DAIS_ERR_TOO_LONG, DAIS_LIMIT_RECORD};
    dais_fault_t fault = dais_shape_decode(&dais_shape_record, bytes, out);
    if (fault.err == DAIS_OK && out->bundle.size == 0 && out->index != 0) {
        memset(out, 0, sizeof *out);
        fault = (dais_fault_t){DAIS_ERR_WRONG_ENTRY, 0};
    }
    return fault;
}

dais_fault_t dais_entry_open(dais_slice_t leaf, const dais_key_t *salt, dais_slice_t record,
                             dais_entry_t *entry, dais_record_t *out)
{
    memset(out, 0, sizeof *out);
    dais_fault_t fault = dais_shape_decode(&dais_shape_entry, leaf, entry);
    if (fault.err != DAIS_OK)
        return fault;
    dais_hash_t commitment = dais_record_commit(salt, record);
    if (!dais_hash_equal(&commitment, &entry->commitment))
        fault.err = DAIS_ERR_BAD_COMMITMENT;
    else
        fault = dais_record_decode(record, out);
    if (fault.err != DAIS_OK)
        memset(entry, 0, sizeof *entry);
    return fault;
}
