/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PROTO_ENTRY_H
#define DAIS_PROTO_ENTRY_H

#include "base/hash.h"
#include "proto/shape.h"

#define DAIS_ENTRY_SIZE_MAX 64 /* bytes: head, domain, seq of up to 9, commitment of 34 */

/* An entry of the log is a leaf, which is public and all of one shape, and a record, to which the
 * leaf only commits: commitment = SHA-256("dais/record/1\n" || salt || record). */
dais_hash_t dais_record_commit(const dais_key_t *salt, dais_slice_t record);

/* Packs the leaf of entry `seq` behind what the writer holds. */
dais_err_t dais_entry_write(uint64_t seq, const dais_hash_t *commitment,
                            dais_writer_t *writer) DAIS_MUST_CHECK;

/* The leaf hash (RFC 6962) of entry `seq` with this commitment. */
dais_hash_t dais_entry_hash(uint64_t seq, const dais_hash_t *commitment);

/* Decodes a leaf and, with the salt, opens it: BAD_COMMITMENT unless the record is the one that
 * the leaf commits to. Both are all zero after a fault. */
dais_fault_t dais_entry_open(dais_slice_t leaf, const dais_key_t *salt, dais_slice_t record,
                             dais_entry_t *entry, dais_record_t *out) DAIS_MUST_CHECK;

/* Decodes a record and checks that it is whole: bundle and index agree (an own entry has no
 * bundle and index 0), and the size is within DAIS_LIMIT_RECORD. */
dais_fault_t dais_record_decode(dais_slice_t bytes, dais_record_t *out) DAIS_MUST_CHECK;

#endif
