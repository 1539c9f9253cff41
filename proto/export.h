/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PROTO_EXPORT_H
#define DAIS_PROTO_EXPORT_H

#include "proto/shape.h"

/* A whole log in one file (docs/formats.md, "Exported log"): frames of 4 bytes big-endian length
 * and one record. First `export`; then, in the order of the log, `export-entry` records, each
 * bundle's `export-bundle` before its first entry and each stamp's `export-stamp` before its
 * first bundle; last `export-end` with the checkpoint. An own entry stands under no bundle. */
#define DAIS_EXPORT_FRAME_MAX ((size_t)1024 * 1024) /* bytes of one record */

typedef enum {
    DAIS_EXPORT_HEAD,
    DAIS_EXPORT_STAMP,
    DAIS_EXPORT_BUNDLE,
    DAIS_EXPORT_ENTRY,
    DAIS_EXPORT_END,
} dais_export_type_t;

/* One record of the file; its slices live as long as the frame. */
typedef struct {
    dais_export_type_t type;
    union {
        dais_export_head_t head;
        dais_export_stamp_t stamp;
        dais_export_bundle_t bundle;
        dais_export_entry_t entry;
        dais_export_end_t end;
    } as;
} dais_export_item_t;

/* Checks, frame by frame, that the order above holds and the numbers agree. Signatures and hashes
 * are the audit's business. {0} is the start. */
typedef struct {
    bool started;
    bool ended;
    bool has_stamp;
    uint64_t size; /* entries that the head announces */
    uint64_t next; /* seq of the next entry */
} dais_export_state_t;

/* Takes one frame's record. BAD_CHAIN if it does not belong here; then *out is all zero and the
 * state as it was. */
dais_fault_t dais_export_read(dais_export_state_t *state, dais_slice_t frame,
                              dais_export_item_t *out) DAIS_MUST_CHECK;

/* Cuts the next frame off *rest: TRUNCATED if it is not whole, TOO_LONG over the limit. The
 * caller stops when *rest is empty, and then asks dais_export_finish(). */
dais_fault_t dais_export_frame(dais_slice_t *rest, dais_slice_t *frame) DAIS_MUST_CHECK;

/* TRUNCATED unless the end has been read. */
dais_err_t dais_export_finish(const dais_export_state_t *state) DAIS_MUST_CHECK;

/* Writes one frame: the item's length, then its record. */
dais_err_t dais_export_write(const dais_export_item_t *item, dais_writer_t *writer) DAIS_MUST_CHECK;

#endif
