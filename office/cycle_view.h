/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_OFFICE_CYCLE_VIEW_H
#define DAIS_OFFICE_CYCLE_VIEW_H

#include "office/outbox.h"
#include "office/wire.h"

/* Asks where the cycle stands, and keeps the answer for deadlines without network. False if the
 * call failed, with answer saying why; to be freed in any case. */
DAIS_MUST_CHECK bool dais_cycle_view_fetch(dais_wire_t *wire, dais_outbox_t *outbox,
                                           dais_wire_answer_t *answer);

#endif
