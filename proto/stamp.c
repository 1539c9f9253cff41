/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/stamp.h"

#include <assert.h>

#include "proto/frontier.h"
#include "proto/tree_verify.h"

/* What a stamp says of a beginning or of nothing received, it says in one way only. */
static dais_err_t stamp_check(const dais_stamp_t *stamp)
{
    static const dais_hash_t none;
    if (stamp->j == 0 && !dais_hash_equal(&stamp->prev, &none))
        return DAIS_ERR_BAD_CHAIN;
    if (stamp->count > 0)
        return DAIS_OK;
    dais_hash_t empty = dais_tree_empty_root();
    return dais_hash_equal(&stamp->root, &empty) ? DAIS_OK : DAIS_ERR_BAD_ROOT;
}

dais_err_t dais_stamp_sign(dais_stamp_t *stamp, const dais_hash_t *bundles, size_t count,
                           const dais_device_t *device, dais_writer_t *writer)
{
    assert(count <= DAIS_LIMIT_STAMP_BUNDLES);
    dais_frontier_t tree = {0};
    for (size_t i = 0; i < count; i++) {
        dais_hash_t leaf = dais_tree_leaf_hash(dais_hash_slice(&bundles[i]));
        dais_frontier_append(&tree, &leaf);
    }
    stamp->key = device->key;
    stamp->count = count;
    stamp->root = dais_frontier_root(&tree);
    dais_err_t err = stamp_check(stamp);
    return err != DAIS_OK ? err : dais_signed_write(&dais_shape_stamp, stamp, device, writer);
}

dais_fault_t dais_stamp_open(dais_slice_t bytes, const dais_hash_t *log, dais_stamp_t *out)
{
    dais_fault_t fault = dais_signed_open(&dais_shape_stamp, bytes, log, &out->log, &out->key, out);
    if (fault.err == DAIS_OK)
        fault.err = stamp_check(out);
    if (fault.err != DAIS_OK)
        memset(out, 0, sizeof *out);
    return fault;
}

dais_err_t dais_stamp_follows(const dais_stamp_t *stamp, dais_slice_t stamp_bytes,
                              const dais_stamp_t *next)
{
    dais_hash_t hash = dais_signed_hash(stamp_bytes);
    bool follows = dais_hash_equal(&stamp->log, &next->log) &&
                   memcmp(stamp->key.bytes, next->key.bytes, DAIS_KEY_SIZE) == 0 &&
                   next->j == stamp->j + 1 && dais_hash_equal(&next->prev, &hash) &&
                   next->at >= stamp->at;
    return follows ? DAIS_OK : DAIS_ERR_BAD_CHAIN;
}

dais_err_t dais_stamp_prove(const dais_stamp_t *stamp, uint64_t index, const dais_hash_t *bundle,
                            dais_slice_t path)
{
    dais_hash_t leaf = dais_tree_leaf_hash(dais_hash_slice(bundle));
    return dais_tree_inclusion_verify(index, stamp->count, &leaf, path, &stamp->root);
}
