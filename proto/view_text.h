/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PROTO_VIEW_TEXT_H
#define DAIS_PROTO_VIEW_TEXT_H

#include "proto/view.h"

/* The formats of others and the text files of ours, as JSON: same rules as proto/view.h. *out is
 * the caller's; null after a fault. The faults are those of the parsers, or NO_MEMORY. */

/* A signed note; its "checkpoint" if the text is one, else its "text". Nothing is verified. */
dais_fault_t dais_view_note(dais_slice_t bytes, json_t **out) DAIS_MUST_CHECK;

/* A tlog-proof; "extra" is shown as the record that it is, if it is one. Nothing is verified. */
dais_fault_t dais_view_proof(dais_slice_t bytes, json_t **out) DAIS_MUST_CHECK;

dais_fault_t dais_view_identity(dais_slice_t bytes, json_t **out) DAIS_MUST_CHECK;

/* A tile or an entry bundle, by the name that it is published under ("tile/0/000.p/7"). */
dais_fault_t dais_view_tile(dais_slice_t path, dais_slice_t bytes, json_t **out) DAIS_MUST_CHECK;

/* Both slots of a fork guard's file; a spoiled slot is shown with its error. */
dais_fault_t dais_view_guard(dais_slice_t bytes, json_t **out) DAIS_MUST_CHECK;

#endif
