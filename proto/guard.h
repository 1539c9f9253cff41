/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PROTO_GUARD_H
#define DAIS_PROTO_GUARD_H

#include "proto/shape.h"

/* The fork guard remembers the last checkpoint that was signed, apart from the store, so that a
 * restored old store cannot sign another history. Its file is two slots of 512 bytes, written in
 * turn: a torn write spoils one, and the other still holds the turn before. A slot is the guard
 * record, zeros, and in its last 32 bytes the SHA-256 of the 480 before. */
#define DAIS_GUARD_SLOT_SIZE  512
#define DAIS_GUARD_SLOT_COUNT 2

/* Fails only for values outside the record's limits. */
dais_err_t dais_guard_encode(const dais_guard_t *guard,
                             uint8_t slot[DAIS_GUARD_SLOT_SIZE]) DAIS_MUST_CHECK;

/* CORRUPT if the slot was torn or never written; else as the record's decoder. */
dais_err_t dais_guard_decode(const uint8_t slot[DAIS_GUARD_SLOT_SIZE],
                             dais_guard_t *out) DAIS_MUST_CHECK;

/* The good slot with the higher turn of both, and which one to write next. CORRUPT if neither is
 * good, or if both are of one turn or of different logs: then nobody knows what was signed. */
dais_err_t dais_guard_latest(const uint8_t slots[DAIS_GUARD_SLOT_COUNT * DAIS_GUARD_SLOT_SIZE],
                             dais_guard_t *out, size_t *next_slot) DAIS_MUST_CHECK;

#endif
