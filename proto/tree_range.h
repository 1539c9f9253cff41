/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PROTO_TREE_RANGE_H
#define DAIS_PROTO_TREE_RANGE_H

#include "proto/limits.h"
#include "proto/tree_verify.h"

#define DAIS_TREE_RANGE_MAX DAIS_LIMIT_BUNDLE_MESSAGES /* leaves */

/* The inclusion path of leaf `index` of a range that dais_tree_range_verify() has accepted in a
 * tree of `size` leaves: what lies inside the range comes from its leaves, the rest from the paths
 * of its ends. So one run of receipts gives a proof for each of its entries. OUT_OF_RANGE for an
 * index outside the range or a range of more than DAIS_TREE_RANGE_MAX leaves; BAD_PROOF if a
 * path is too short. */
dais_err_t dais_tree_range_path(const dais_tree_range_t *range, uint64_t size, uint64_t index,
                                dais_tree_path_t *out) DAIS_MUST_CHECK;

#endif
