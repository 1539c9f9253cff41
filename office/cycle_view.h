/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_OFFICE_CYCLE_VIEW_H
#define DAIS_OFFICE_CYCLE_VIEW_H

#include "office/outbox.h"
#include "office/wire.h"

/* Asks where the cycle stands, and keeps the answer for deadlines without network. False if the
 * call failed, with answer saying why; to be freed in any case. */
DAIS_MUST_CHECK bool dais_cycle_view_fetch(dais_wire_t *wire, dais_outbox_t *outbox,
                                           dais_wire_answer_t *answer);

/* The answer that was kept last, on the heap; *data is null if there is none. CORRUPT. */
DAIS_MUST_CHECK dais_err_t dais_cycle_view_kept(dais_outbox_t *outbox, uint8_t **data,
                                                dais_answer_cycle_t *cycle);

/* A deadline that passed more than DAIS_CYCLE_STUCK_MS ago by the registry's clock and is not
 * closed: some intake has not marked it. False if there is none. */
#define DAIS_CYCLE_STUCK_MS UINT64_C(60000)
DAIS_MUST_CHECK bool dais_cycle_view_stuck(const dais_answer_cycle_t *cycle,
                                           dais_date_line_t *date);

/* "3 d 4 h", "59 min". */
void dais_cycle_view_span(uint64_t ms, char *text, size_t size);

/* A line that says how old what is shown is. */
void dais_cycle_view_age(const dais_office_t *office, uint64_t as_of_ms);

#endif
