/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PROTO_EXPORT_LOG_H
#define DAIS_PROTO_EXPORT_LOG_H

#include "proto/export.h"

/* Writes a whole exported log for one reader from whatever holds its entries: the registry's
 * store, a replica, a log made by a test. Which entries are open to the reader, and which of
 * their contents, is the source's business. */

/* One entry as the source gives it. Of a closed one only the leaf is looked at. */
typedef struct {
    dais_slice_t leaf;
    bool is_open;
    dais_opening_t opening; /* its seq is not looked at */
} dais_export_given_t;

typedef struct {
    /* Fills in entry `seq`; its slices live until the next call. Called once for each entry, in
     * order. An error ends the export. */
    dais_err_t (*entry)(void *context, uint64_t seq, dais_export_given_t *out);
    void *context;
    dais_slice_t origin;
    uint64_t size;
    dais_slice_t checkpoint; /* signed, over exactly these entries */
} dais_export_source_t;

/* Takes the next bytes of the file. */
typedef dais_err_t dais_export_sink_t(void *context, dais_slice_t bytes);

/* The error of source or sink, or of what cannot be written (proto/shape.h); NO_MEMORY. */
dais_err_t dais_export_log(const dais_export_source_t *source, dais_export_sink_t *sink,
                           void *context) DAIS_MUST_CHECK;

#endif
