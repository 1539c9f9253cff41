/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PUBLISHER_RENDER_H
#define DAIS_PUBLISHER_RENDER_H

#include "publisher/files.h"
#include "publisher/replica.h"

/* The renderer that pages name at their foot: another one may write other bytes. */
extern const char dais_render_generator[];

/* Writes the whole site of one cycle up to the replica's newest checkpoint: the log, what opens it,
 * receipts, data, pages, and `checkpoint` last. What did not change is not written again. The same
 * replica gives the same bytes. */
DAIS_MUST_CHECK dais_err_t dais_render(dais_replica_t *replica, dais_files_t *files);

/* The front page over all cycles of a site. */
typedef struct {
    const char *folder; /* of the cycle, below that of the site */
    const dais_fold_model_t *model;
} dais_render_cycle_t;

DAIS_MUST_CHECK dais_err_t dais_render_front(const dais_render_cycle_t *cycles, size_t count,
                                             dais_files_t *files);

#endif
