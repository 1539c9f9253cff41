/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PROTO_PROOF_H
#define DAIS_PROTO_PROOF_H

#include "proto/base64.h"
#include "proto/checkpoint.h"
#include "proto/tree.h"

/* C2SP tlog-proof: a text that proves, by itself and offline, that a leaf is in a log. */

#define DAIS_PROOF_PATH_MAX 63 /* hashes: the longest inclusion path there is */

typedef struct {
    dais_slice_t extra; /* base64, checked; empty if there is none; borrowed */
    size_t extra_size;  /* bytes that it stands for */
    uint64_t index;     /* of the leaf */
    dais_tree_path_t path;
    dais_slice_t checkpoint; /* the signed note as it stands; borrowed */
} dais_proof_t;

/* Bytes that suffice for any proof with so much beside the path. */
#define DAIS_PROOF_BYTES_MAX(extra_size, checkpoint_size)                                          \
    (22 + 1 + 6 + DAIS_BASE64_SIZE(extra_size) + 1 + 6 + 19 + 1 +                                  \
     (size_t)DAIS_PROOF_PATH_MAX * 45 + 1 + (checkpoint_size))

/* Writes the text. extra are bytes, not base64; empty for none. The checkpoint has to be well
 * formed and the path as long as its size and the index require (BAD_PROOF), so that nothing is
 * written which dais_proof_parse() refuses. TOO_LONG for extra above DAIS_LIMIT_PROOF_EXTRA,
 * OUT_OF_RANGE for an index beyond the checkpoint, errors of dais_note_parse() and
 * dais_checkpoint_parse(), NO_SPACE. */
dais_err_t dais_proof_put(dais_writer_t *writer, dais_slice_t extra, uint64_t index,
                          const dais_tree_path_t *path, dais_slice_t checkpoint) DAIS_MUST_CHECK;

/* Reads the form of all of it, the checkpoint's included, and verifies nothing. WRONG_DOMAIN for
 * another first line; TRUNCATED; BAD_TEXT; BAD_BASE64; TOO_SHORT; TOO_LONG; OUT_OF_RANGE; errors of
 * dais_note_parse() and dais_checkpoint_parse(). */
dais_fault_t dais_proof_parse(dais_slice_t bytes, dais_proof_t *proof) DAIS_MUST_CHECK;

/* That the leaf is in the log whose key this is. *checkpoint (may be null) is then what the log
 * signed; its origin borrows from the proof. BAD_PROOF, OUT_OF_RANGE, errors of
 * dais_checkpoint_verify(). Nothing is said about extra: it is not authenticated. */
dais_err_t dais_proof_verify(const dais_proof_t *proof, const dais_hash_t *leaf,
                             const dais_vkey_t *vkey,
                             dais_checkpoint_t *checkpoint) DAIS_MUST_CHECK;

#endif
