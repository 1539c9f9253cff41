/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PUBLISHER_IMPORT_H
#define DAIS_PUBLISHER_IMPORT_H

#include "publisher/replica.h"

/* Takes a whole exported log (proto/export.h) into an empty replica. Private contents are left
 * behind, whoever the export was made for. WRONG_PURPOSE, with the index of the entry, if it opens
 * what the public may not see: an export for an inspector is not made into pages. The offset of a
 * fault counts from the start of the file. */
dais_fault_t dais_import(dais_replica_t *replica, dais_slice_t file, uint64_t *seq) DAIS_MUST_CHECK;

#endif
