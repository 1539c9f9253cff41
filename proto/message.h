/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PROTO_MESSAGE_H
#define DAIS_PROTO_MESSAGE_H

#include "proto/kind.h"

#define DAIS_ID_RANDOM_SIZE 10

/* Decodes a message: its head, its kind, and that the subject has the shape of that kind. The
 * offset of a fault counts from the start of the message. *kind is null after a fault. The
 * subject is left packed in out->subject; decode it with kind->subject. */
dais_fault_t dais_message_decode(dais_slice_t bytes, dais_message_t *out,
                                 const dais_kind_t **kind) DAIS_MUST_CHECK;

/* The same for the registry's own records; genesis is not one of them. */
dais_fault_t dais_own_decode(dais_slice_t bytes, dais_own_t *out,
                             const dais_kind_t **kind) DAIS_MUST_CHECK;

/* Packs a message whose subject has been packed by the shape of message->kind. Fails as the
 * decoder would, and leaves the writer as it was. */
dais_err_t dais_message_encode(const dais_message_t *message,
                               dais_writer_t *writer) DAIS_MUST_CHECK;
dais_err_t dais_own_encode(const dais_own_t *own, dais_writer_t *writer) DAIS_MUST_CHECK;

/* Checks that a packed subject has the shape of its kind. */
dais_fault_t dais_subject_check(const dais_kind_t *kind, dais_slice_t subject) DAIS_MUST_CHECK;

/* Makes an id: 6 bytes of `now_ms`, big-endian, then 10 random bytes of the caller. Ids led by
 * time keep the rows of one day side by side in the store. */
dais_id_t dais_message_id(uint64_t now_ms, const uint8_t random[DAIS_ID_RANDOM_SIZE]);

#endif
