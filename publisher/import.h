/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PUBLISHER_IMPORT_H
#define DAIS_PUBLISHER_IMPORT_H

#include "publisher/replica.h"

/* Takes a whole exported log (proto/export.h) into an empty replica. Private contents are left
 * behind, whoever the export was made for. WRONG_PURPOSE, with the index of the entry, if it opens
 * what the public may not see: an export for an inspector is not made into pages. The offset of a
 * fault counts from the start of the file. */
dais_fault_t dais_import(dais_replica_t *replica, dais_slice_t file, uint64_t *seq) DAIS_MUST_CHECK;

/* A beginning of an exported log, as far as somebody else says that it is public: what an auditor
 * holds a site against. */
typedef struct {
    uint64_t size;                              /* entries to take */
    bool (*opens)(void *context, uint64_t seq); /* null: what the file opens */
    void *context;
    dais_slice_t checkpoint; /* over exactly these entries; that of the file is not looked at */
} dais_import_part_t;

/* As dais_import(), but whether the public may see it is the caller's to say. OUT_OF_RANGE if the
 * log has fewer entries. */
dais_fault_t dais_import_part(dais_replica_t *replica, dais_slice_t file,
                              const dais_import_part_t *part, uint64_t *seq) DAIS_MUST_CHECK;

#endif
