/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PROTO_OPENING_H
#define DAIS_PROTO_OPENING_H

#include "proto/message.h"
#include "proto/records.h"

/* One entry with all that proves what it is, for a reader who trusts only the log's checkpoint:
 * record and salt against the leaf, message against the bundle, bundle against its author's key,
 * bundle and time against the stamp, stamp against the intake's key, contents against their
 * commitments. Which keys may do so is the roster's business, which stands in the log too. */
typedef struct {
    uint64_t seq;
    dais_hash_t leaf; /* leaf hash: to be proved in the tree by the caller */
    dais_record_t record;
    const dais_kind_t *kind;
    dais_genesis_t genesis;       /* of kind genesis; else zero */
    dais_own_t own;               /* of the registry's own kinds; else zero */
    dais_message_t message;       /* of all other kinds; else zero */
    bool has_bundle;              /* a message: `bundle` is set */
    dais_bundle_t bundle;         /* opened header */
    bool has_stamp;               /* false: given to the registry on its host */
    dais_stamp_t stamp;           /* opened */
    dais_slice_t public_content;  /* null data: closed or erased */
    dais_slice_t private_content; /* without padding; null data: closed or erased */
} dais_opened_t;

/* Checks everything above. `log` is the leaf hash of entry 0; it is not looked at when entry 0
 * itself is opened. The slices of *out live as long as those of the opening. */
dais_fault_t dais_opening_check(const dais_opening_t *opening, const dais_hash_t *log,
                                dais_opened_t *out) DAIS_MUST_CHECK;

/* Decodes a published file open/<N> and checks that it is for this log and that the indices of its
 * openings rise and belong to N (WRONG_ENTRY, with the offset of the opening at fault). Each
 * opening is still to be checked. The slices of *out live as long as `bytes`. */
dais_fault_t dais_open_file_decode(dais_slice_t bytes, const dais_hash_t *log,
                                   dais_open_file_t *out) DAIS_MUST_CHECK;

#endif
