/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_FUZZ_REPAIR_H
#define DAIS_TESTS_FUZZ_REPAIR_H

/* What custom mutators put right after libFuzzer has changed an input, so that the change passes
 * signatures, hashes and boxes and reaches what lies behind them. All by the keys of the sample
 * log. A step says how far it goes: what it leaves wrong has to be refused. */

#include "proto/bundle.h"
#include "proto/opening.h"
#include "proto/receipt.h"
#include "tests/support/sample_log.h"

typedef enum {
    REPAIR_SIGNATURE,  /* sign again what stands there */
    REPAIR_TREE,       /* and set count, root, hashes and paths */
    REPAIR_COMMITMENT, /* and commitments to contents */
    REPAIR_STEPS,
} repair_step_t;

/* Each answers with bytes in a buffer of fuzz_writer(), or none if the input is too far off. */

/* A record and its signature, by the key that it names if that is of the sample's, else the
 * office's. */
dais_slice_t repair_signed(const dais_shape_t *shape, dais_slice_t bytes, const dais_key_t *key,
                           void *out, unsigned buffer);

dais_slice_t repair_parcel(dais_slice_t bytes, repair_step_t step);
dais_slice_t repair_opening(dais_slice_t bytes, repair_step_t step);
dais_slice_t repair_receipts(dais_slice_t bytes, const dais_claim_t *claim);

/* A note, its text signed by the sample log's key. */
dais_slice_t repair_note(dais_slice_t bytes);

/* The claim of the office for its bundle in the sample log. */
dais_claim_t repair_claim(void);

#endif
