/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_BENCH_BARE_H
#define DAIS_TESTS_BENCH_BARE_H

#include "proto/records.h"

/* The library calls without anything of ours around them, in their fastest form: plain SHA-256
 * calls (decision 0010), buffers reused, no byte copied to be hashed. */

void bare_start(void);

/* OpenSSL's SHA-256 of one piece. */
void bare_hash(const void *bytes, size_t size, uint8_t out[DAIS_HASH_SIZE]);

/* The same of a short piece and one that lies elsewhere. */
void bare_hash_two(const void *head, size_t head_size, dais_slice_t rest,
                   uint8_t out[DAIS_HASH_SIZE]);

/* msgpack-c's packer on the same values, into its own buffer; returns the bytes packed. */
dais_slice_t bare_pack_message(const dais_message_t *message);
dais_slice_t bare_pack_bundle(const dais_bundle_t *bundle);
dais_slice_t bare_pack_record(const dais_record_t *record);

/* msgpack-c's unpacker: objects of its zone, which is freed again. Aborts if it does not unpack. */
void bare_unpack(dais_slice_t bytes);

#endif
