/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_AUDIT_WHATIF_MAP_H
#define DAIS_AUDIT_WHATIF_MAP_H

#include "registry/rules/rules.h"
#include "registry/rules/store_vector.h"

/* The messages of one log as they would stand in another that holds the same messages and other
 * entries of the registry's own: what they say of indices is said of the indices there. */
typedef struct {
    dais_store_vector_t indices; /* by index of the one log: that of the other, 0 for none */
    dais_store_vector_t lapses;  /* of the other log */
    uint8_t items[DAIS_LIMIT_SUBJECT];
    uint8_t packed[DAIS_LIMIT_SUBJECT];
} dais_whatif_map_t;

void dais_whatif_map_init(dais_whatif_map_t *map);
void dais_whatif_map_free(dais_whatif_map_t *map);

/* The next entry of the one log stands at `index` of the other. False if no memory is left. */
bool dais_whatif_map_add(dais_whatif_map_t *map, uint64_t index) DAIS_MUST_CHECK;

/* Of the registry's own entries only lapses are ever named by a message. The other log has one at
 * this index; and where it stands there for one of this log, 0 for none. */
bool dais_whatif_map_lapse(dais_whatif_map_t *map, dais_slice_t subject,
                           uint64_t index) DAIS_MUST_CHECK;
uint64_t dais_whatif_map_lapse_of(const dais_whatif_map_t *map, dais_slice_t subject);

/* The subject of the message with its indices changed; of a call without the values that `policy`
 * gives itself. It lives until the next call. */
dais_err_t dais_whatif_map_subject(dais_whatif_map_t *map, const dais_kind_t *kind,
                                   dais_slice_t subject, const dais_policy_t *policy,
                                   dais_slice_t *out) DAIS_MUST_CHECK;

#endif
