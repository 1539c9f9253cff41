/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_INTAKE_HAND_OVER_H
#define DAIS_INTAKE_HAND_OVER_H

#include "intake/core.h"

/* Handing over to the registries, and learning their deadlines. Stamps go to `registry/<cycle>`
 * one by one in the order of their chain, and are kept until the registry says that it holds them
 * durably; for however long it is away. Several of a cycle are in flight, so that a registry that
 * is busy with a commit finds all that came in meanwhile for the next: as many as these, but no
 * further one while there are more bytes under way than the largest has. The caller makes the calls
 * and brings back what came of them. Cycles are counted from 0 to figures.cycle_count - 1. */

/* Writes the name of the service of a cycle; false if it is longer than size. */
DAIS_MUST_CHECK bool dais_intake_service_name(const dais_intake_t *intake, size_t index, char *name,
                                              size_t size);

/* The next hand-over of the cycle that may go out at this time of the boot clock. False if none
 * may. *body lives until the next call; *j is the number of its stamp. It counts as in flight until
 * one of the two functions below was called with the same j. */
DAIS_MUST_CHECK bool dais_intake_next(dais_intake_t *intake, size_t index, uint64_t boot_ms,
                                      dais_slice_t *body, uint64_t *j);

/* What the registry answered: `taken`, or `refused`. */
void dais_intake_answered(dais_intake_t *intake, size_t index, uint64_t j, dais_slice_t body,
                          uint64_t boot_ms);

/* No answer came. */
void dais_intake_unanswered(dais_intake_t *intake, size_t index, uint64_t j, uint64_t boot_ms);

/* A look at the dates of the cycle, and what came back. What is no answer to it is passed over. */
DAIS_MUST_CHECK dais_err_t dais_intake_look(dais_intake_t *intake, size_t index,
                                            dais_slice_t *body);
void dais_intake_shown(dais_intake_t *intake, size_t index, dais_slice_t body);

#define DAIS_INTAKE_IN_FLIGHT      16
#define DAIS_INTAKE_BACKOFF_MIN_MS 500
#define DAIS_INTAKE_BACKOFF_MAX_MS 60000

#endif
