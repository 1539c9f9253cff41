/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_AUDIT_READING_H
#define DAIS_AUDIT_READING_H

#include "audit/checks.h"
#include "audit/frames.h"
#include "proto/message.h"
#include "proto/tree_paths.h"

/* Reads an exported log entry by entry. Each piece is checked by itself and noted in the checks
 * (form, records, messages, received, contents, bundles, stamps, genesis); a piece that fails does
 * not keep the others from being read. */

/* One entry. Slices live until the next is read. */
typedef struct {
    uint64_t seq;
    dais_hash_t leaf; /* leaf hash */
    bool is_shown;    /* the file has a record for it, whether the right one or not */
    bool is_open;     /* its record is shown and the leaf commits to it; all below is set */
    dais_record_t record;
    const dais_kind_t *kind; /* null where the message cannot be read */
    dais_genesis_t genesis;  /* one of these three, as kind says */
    dais_own_t own;
    dais_message_t message;
    bool has_bundle; /* a message, and proved to be of this bundle */
    bool is_first_of_bundle;
    dais_bundle_t bundle;
    dais_hash_t bundle_hash;
    bool has_stamp;
    dais_stamp_t stamp;
    uint64_t bundle_index;       /* under the stamp */
    bool lacks_content;          /* of an open message no public content is shown */
    dais_slice_t public_content; /* null data if it is not shown */
} dais_reading_entry_t;

typedef struct {
    dais_frames_t frames;
    dais_export_state_t state;
    dais_checks_t *checks; /* borrowed */
    bool is_again;         /* read before: signatures and hashes are not checked once more */
    /* Of a second reading: entries that nobody wants are passed over, but for their index; null for
     * all. */
    bool (*wants)(void *context, uint64_t seq);
    void *context;
    char origin[DAIS_LIMIT_ORIGIN + 1];
    bool has_log;
    dais_hash_t log; /* leaf hash of entry 0 */

    /* What entries stand under now. The bytes are kept, as frames do not last. */
    uint8_t stamp_bytes[DAIS_LIMIT_ENVELOPE];
    uint8_t bundle_bytes[DAIS_LIMIT_ENVELOPE];
    dais_slice_t stamp_slice, bundle_slice;
    dais_stamp_t stamp;
    dais_bundle_t bundle;
    dais_hash_t bundle_hash;
    bool has_stamp, has_bundle, is_stamped;
    bool is_new_stamp, is_new_bundle; /* since the entry before */
    uint64_t bundle_index;
    dais_tree_paths_t paths; /* of the messages in the bundle */
    dais_hash_t last_bundle; /* of the entry before; zeros for an own one */

    char checkpoint[DAIS_LIMIT_CHECKPOINT];
    size_t checkpoint_size; /* 0 until the end has been read */
} dais_reading_t;

/* An error of the machine, or WRONG_DOMAIN if the file is no exported log. */
dais_err_t dais_reading_open(dais_reading_t *reading, const char *path,
                             dais_checks_t *checks) DAIS_MUST_CHECK;

/* For whoever has read the file before and found it good: what is cheap is checked again, what
 * costs time is not. */
dais_err_t dais_reading_open_again(dais_reading_t *reading, const char *path,
                                   dais_checks_t *checks) DAIS_MUST_CHECK;

/* Looks through the file: is every entry open? True also for one that cannot be read to its end, up
 * to there. */
dais_err_t dais_reading_is_whole(const char *path, bool *is_whole) DAIS_MUST_CHECK;
void dais_reading_close(dais_reading_t *reading);

/* False at the end of the file, or where it cannot be read further; `form` says so then. */
bool dais_reading_next(dais_reading_t *reading, dais_reading_entry_t *out);

#endif
