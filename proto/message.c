/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/message.h"

dais_fault_t dais_subject_check(const dais_kind_t *kind, dais_slice_t subject)
{
    return dais_shape_check(kind->subject, subject);
}

/* Finds the kind and checks the subject; `own` says which half of the numbers is meant. */
static dais_fault_t said_check(uint64_t number, bool own, dais_slice_t subject, dais_slice_t bytes,
                               const dais_kind_t **kind)
{
    *kind = dais_kind_of(number);
    if (*kind == NULL || ((*kind)->stream == DAIS_STREAM_OWN) != own ||
        number == DAIS_KIND_GENESIS) {
        *kind = NULL;
        return (dais_fault_t){DAIS_ERR_UNKNOWN_KIND, 0};
    }
    dais_fault_t fault = dais_subject_check(*kind, subject);
    if (fault.err != DAIS_OK) {
        fault.offset += (size_t)(subject.data - bytes.data);
        *kind = NULL;
    }
    return fault;
}

dais_fault_t dais_message_decode(dais_slice_t bytes, dais_message_t *out, const dais_kind_t **kind)
{
    *kind = NULL;
    dais_fault_t fault = {DAIS_ERR_TOO_LONG, DAIS_LIMIT_MESSAGE};
    if (bytes.size <= DAIS_LIMIT_MESSAGE)
        fault = dais_shape_decode(&dais_shape_message, bytes, out);
    if (fault.err == DAIS_OK)
        fault = said_check(out->kind, false, out->subject, bytes, kind);
    if (fault.err != DAIS_OK)
        memset(out, 0, sizeof *out);
    return fault;
}

dais_fault_t dais_own_decode(dais_slice_t bytes, dais_own_t *out, const dais_kind_t **kind)
{
    *kind = NULL;
    dais_fault_t fault = {DAIS_ERR_TOO_LONG, DAIS_LIMIT_MESSAGE};
    if (bytes.size <= DAIS_LIMIT_MESSAGE)
        fault = dais_shape_decode(&dais_shape_own, bytes, out);
    if (fault.err == DAIS_OK)
        fault = said_check(out->kind, true, out->subject, bytes, kind);
    if (fault.err != DAIS_OK)
        memset(out, 0, sizeof *out);
    return fault;
}

dais_err_t dais_message_encode(const dais_message_t *message, dais_writer_t *writer)
{
    const dais_kind_t *kind;
    dais_fault_t fault =
        said_check(message->kind, false, message->subject, message->subject, &kind);
    return fault.err != DAIS_OK ? fault.err
                                : dais_shape_encode(&dais_shape_message, message, writer);
}

dais_err_t dais_own_encode(const dais_own_t *own, dais_writer_t *writer)
{
    const dais_kind_t *kind;
    dais_fault_t fault = said_check(own->kind, true, own->subject, own->subject, &kind);
    return fault.err != DAIS_OK ? fault.err : dais_shape_encode(&dais_shape_own, own, writer);
}

dais_id_t dais_message_id(uint64_t now_ms, const uint8_t random[DAIS_ID_RANDOM_SIZE])
{
    dais_id_t id;
    for (size_t i = 0; i < DAIS_ID_SIZE - DAIS_ID_RANDOM_SIZE; i++)
        id.bytes[i] = (uint8_t)(now_ms >> (40 - 8 * i));
    memcpy(id.bytes + DAIS_ID_SIZE - DAIS_ID_RANDOM_SIZE, random, DAIS_ID_RANDOM_SIZE);
    return id;
}
