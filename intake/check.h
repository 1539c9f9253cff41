/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_INTAKE_CHECK_H
#define DAIS_INTAKE_CHECK_H

#include "intake/peers.h"
#include "proto/bundle.h"

/* What an intake looks at before it stamps a bundle. It never sees into a box, and leaves contents
 * and, where the connection vouches for the key, the signature to the registry, which checks each
 * bundle once for the whole chain. */
typedef struct {
    dais_id_t call;
    dais_hash_t log;
    dais_slice_t parcel;   /* as signed; lives in the body, as envelope does */
    dais_slice_t envelope; /* header and signature */
    dais_bundle_t head;
    dais_hash_t bundle; /* its hash */
} dais_submission_t;

/* Form and size: a submit over a parcel, open or sealed, whose header belongs to the same log and
 * to that sort of parcel, and counts its items rightly where they can be seen. On an error only
 * out->call is set, to zeros if the body does not even hold that. */
DAIS_MUST_CHECK dais_err_t dais_submission_read(dais_slice_t body, dais_submission_t *out);

/* Whether the roster lets it in. UNKNOWN_KEY if the key that signs is not on it. A bundle that
 * comes over a connection of the device that signs (`transport` is the key of the connection, as
 * the broker says, empty if there is none) is left at that; one that another peer carries, or that
 * comes from the local door, must be rightly signed (BAD_SIGNATURE). */
DAIS_MUST_CHECK dais_err_t dais_submission_admit(const dais_submission_t *submission,
                                                 const dais_peers_t *peers, dais_slice_t transport);

/* The id of the call in any body that opens as ours do; zeros if it does not. */
dais_id_t dais_call_id(dais_slice_t body);

#endif
