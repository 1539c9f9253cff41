/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_SUPPORT_SAMPLE_LOG_H
#define DAIS_TESTS_SUPPORT_SAMPLE_LOG_H

#include "proto/stamp.h"
#include "proto/tree_memory.h"
#include "tests/support/sample_cast.h"
#include "tests/support/sample_message.h"

/* One small log, whole and consistent:
 *
 *   0      genesis
 *   1..4   roster-change: deputy, intake, office, mission (bundle `roster`, given in on the host)
 *   5..7   two comments, and the withdrawal of the first (bundle `office`, stamped)
 *   8      a disclosure-request (bundle `mission`, sealed, under the same stamp)
 *   9      turned-away: the office signed two bundles of one number (bundle `forked`, stamped)
 *
 * The rules would not take it so: it has the forms of a log, not the order of a procedure. */

#define DAIS_SAMPLE_LOG_SIZE 10

typedef struct {
    dais_slice_t record;
    dais_key_t salt;
    dais_slice_t leaf;
    const dais_sample_bundle_t *bundle; /* null: genesis and own entries */
    size_t index;                       /* in the bundle */
} dais_sample_entry_t;

typedef struct {
    dais_stamp_t stamp;
    dais_slice_t bytes; /* stamp and signature */
} dais_sample_stamp_t;

typedef struct {
    dais_slice_t genesis; /* record and signature */
    dais_hash_t log;      /* the leaf hash of entry 0 */
    dais_sample_bundle_t roster;
    dais_sample_bundle_t office;
    dais_sample_bundle_t mission;
    dais_sample_bundle_t forked;
    dais_sample_stamp_t stamps[3]; /* over office and mission; over forked; a mark */
    dais_sample_entry_t entries[DAIS_SAMPLE_LOG_SIZE];
    dais_hash_t hashes[DAIS_SAMPLE_LOG_SIZE]; /* leaf hashes */
    dais_slice_t checkpoint;                  /* signed, over all entries */
    dais_slice_t previous_checkpoint;         /* of another log, as genesis names it */
} dais_sample_log_t;

/* Made at the first call. */
const dais_sample_log_t *dais_sample_log(void);

/* A signed checkpoint of the log with this root. */
dais_slice_t dais_sample_checkpoint(const char *log_device, uint64_t size, const dais_hash_t *root);

/* Paths, their bytes in the arena: of an entry in the log, of an entry's message in its bundle, of
 * its bundle under the stamp (empty without stamp). */
dais_slice_t dais_sample_path(uint64_t seq);
dais_slice_t dais_sample_message_path(const dais_sample_entry_t *entry);
dais_slice_t dais_sample_bundle_path(const dais_sample_entry_t *entry);

/* The place under the first stamp; false if it stands under none. */
bool dais_sample_stamped(const dais_sample_bundle_t *bundle, size_t *index);

/* One verdict, of which `code` is the number. */
dais_list_t dais_sample_verdicts(uint64_t code);

#endif
