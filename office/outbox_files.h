/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_OFFICE_OUTBOX_FILES_H
#define DAIS_OFFICE_OUTBOX_FILES_H

#include "office/outbox.h"

/* An outbox in one file: a compact copy of its store. It holds contents and salts, so it is as
 * secret as the outbox, but not the device's key. */

/* Writes it, whole or not at all. EXISTS if there is anything at path. */
DAIS_MUST_CHECK dais_err_t dais_outbox_export(dais_outbox_t *outbox, const char *path);

/* What an import did. */
typedef struct {
    uint64_t known;  /* messages that were here already */
    uint64_t added;  /* messages that were not, and are queued now */
    uint64_t erased; /* messages that were not, but whose text was erased: nothing to send */
} dais_outbox_merged_t;

/* Adds the messages of a file that this outbox lacks, to be sent (if dry, it only counts them);
 * those that the log has come back as duplicates, under their first receipt. The chain of bundles
 * stays that of this outbox. Errors of dais_outbox_open() for a file that is no outbox of this key
 * and log. */
DAIS_MUST_CHECK dais_err_t dais_outbox_merge(dais_outbox_t *outbox, const char *path,
                                             const dais_key_t *key, const dais_hash_t *log,
                                             bool dry, dais_outbox_merged_t *merged);

#endif
