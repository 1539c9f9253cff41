/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PROTO_ROSTER_FILE_H
#define DAIS_PROTO_ROSTER_FILE_H

#include "proto/text.h"
#include "proto/words.h"

/* The exported roster of one cycle: the keys in force when the log had `size` entries, for those
 * who admit peers and route by key but have no log of their own, broker and intake. The registry
 * writes it whenever the roster changes, whole, in the place of the one before. A text file:
 *
 *   dais/roster/1
 *   origin <origin of the log>
 *   log <64 hex digits: leaf hash of entry 0>
 *   size <entries of the log that it was made from>
 *   key <role> <actor: 32 hex digits> <Ed25519: 64 hex digits> <X25519: 40 characters of Z85>
 *   ...
 *
 * one line `key` for each key, in the order in which they were entered. It is an extract and proves
 * nothing: who relies on the roster reads it in the log. */

#define DAIS_ROSTER_FILE_KEYS_MAX 65536
#define DAIS_ROSTER_FILE_SIZE_MAX ((size_t)16 << 20) /* bytes */

typedef struct {
    char origin[DAIS_LIMIT_ORIGIN + 1];
    dais_hash_t log;
    uint64_t size; /* entries */
} dais_roster_head_t;

typedef struct {
    uint64_t role; /* DAIS_ROLE_… */
    dais_id_t actor;
    dais_key_t key;
    dais_key_t box_key;
} dais_roster_key_t;

/* Reads one without allocating. Sticky, as dais_reader_t is. */
typedef struct {
    dais_slice_t text;
    dais_slice_t rest;
    size_t count;
    dais_fault_t fault;
} dais_roster_reader_t;

/* The text must outlive the reader. */
void dais_roster_reader_init(dais_roster_reader_t *reader, dais_slice_t text,
                             dais_roster_head_t *head);

/* False at the end, and after a fault. */
bool dais_roster_reader_next(dais_roster_reader_t *reader, dais_roster_key_t *key);

/* The first fault: WRONG_DOMAIN, BAD_TEXT, BAD_KEY, TRUNCATED, TOO_LONG (too many keys, or a line
 * of the head too long), OUT_OF_RANGE; its offset is of the line. DAIS_OK only at the end. */
dais_fault_t dais_roster_reader_finish(const dais_roster_reader_t *reader) DAIS_MUST_CHECK;

/* The origin must be the name of a key, the role one of ours (asserted). */
void dais_roster_put_head(dais_writer_t *writer, const dais_roster_head_t *head);
void dais_roster_put_key(dais_writer_t *writer, const dais_roster_key_t *key);

/* Bytes of one line `key` at the most, for whoever sizes a buffer. */
#define DAIS_ROSTER_KEY_SIZE_MAX 160

#endif
