/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PUBLISHER_REPLICA_H
#define DAIS_PUBLISHER_REPLICA_H

#include "proto/checkpoint.h"
#include "proto/tree.h"
#include "proto/vkey.h"
#include "publisher/files.h"
#include "registry/rules/fold.h"

/* One log as the public may have it: every leaf, what opens the open ones, the newest checkpoint.
 * Nothing is taken that does not prove itself: a checkpoint by the log's key over exactly the
 * leaves that are here, an opening against its leaf, its author's signature and its stamp.
 *
 * The published folder log/ is its durable form; there is no second store that could differ from
 * what is shown (docs/decisions). */
typedef struct dais_replica dais_replica_t;

/* key is the log's, from a place that is trusted: the genesis that the operator has, or what was
 * compared by another way. */
DAIS_MUST_CHECK dais_err_t dais_replica_create(dais_replica_t **replica, const dais_vkey_t *key);
void dais_replica_destroy(dais_replica_t **replica); /* *replica is null afterwards */

/* The next leaf. WRONG_ENTRY if it is not that of the next index. */
DAIS_MUST_CHECK dais_err_t dais_replica_leaf(dais_replica_t *replica, dais_slice_t leaf);

/* Opens an entry whose leaf is here, or replaces its opening: after an erasure one without content
 * takes the place of the one with it. Errors of dais_opening_check(); WRONG_ENTRY if it is not of
 * that leaf. */
DAIS_MUST_CHECK dais_err_t dais_replica_open(dais_replica_t *replica, dais_slice_t opening);

/* A checkpoint over all leaves that are here. BAD_ROOT if the log signed another tree of this size,
 * which is a fork; OUT_OF_RANGE for another size. */
DAIS_MUST_CHECK dais_err_t dais_replica_checkpoint(dais_replica_t *replica,
                                                   dais_slice_t checkpoint);

uint64_t dais_replica_size(const dais_replica_t *replica);      /* leaves */
uint64_t dais_replica_published(const dais_replica_t *replica); /* of the last checkpoint taken */
dais_slice_t dais_replica_note(const dais_replica_t *replica);  /* that checkpoint */
dais_hash_t dais_replica_root(const dais_replica_t *replica);
dais_fold_t *dais_replica_fold(const dais_replica_t *replica);
const dais_vkey_t *dais_replica_key(const dais_replica_t *replica);

/* The name of the log: leaf hash of entry 0; zeros while there is none. */
dais_hash_t dais_replica_log(const dais_replica_t *replica);

/* The opening of an entry, or an empty slice. */
dais_slice_t dais_replica_opening(const dais_replica_t *replica, uint64_t seq);

/* Rises with each opening that takes the place of the one before. */
uint32_t dais_replica_turn(const dais_replica_t *replica, uint64_t seq);

/* Whether this text is a receipt of the entry as it is open now, under any checkpoint of the log:
 * such a one stays true for ever. */
bool dais_replica_is_receipt(const dais_replica_t *replica, uint64_t seq, dais_slice_t text);

/* The receipt of an open entry under the newest checkpoint, as text (proto/proof.h). */
DAIS_MUST_CHECK dais_err_t dais_replica_receipt(dais_replica_t *replica, uint64_t seq,
                                                dais_writer_t *writer);

/* Writes log/ up to the newest checkpoint, all but `checkpoint` itself: tiles, entry bundles,
 * open/<N>, checkpoints/<size>. Then the caller writes what rests on it, and at last
 * dais_replica_finish() puts `checkpoint` and removes partial tiles that are full by now. */
DAIS_MUST_CHECK dais_err_t dais_replica_write(dais_replica_t *replica, dais_files_t *files);
DAIS_MUST_CHECK dais_err_t dais_replica_finish(dais_replica_t *replica, dais_files_t *files);

/* Takes up what dais_replica_finish() left in folder (that of the site). NOT_FOUND if there is no
 * checkpoint yet; else everything is checked as if it came from outside. */
DAIS_MUST_CHECK dais_err_t dais_replica_load(dais_replica_t *replica, const char *folder);

#endif
