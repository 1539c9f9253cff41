/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_OFFICE_SEND_VERDICTS_H
#define DAIS_OFFICE_SEND_VERDICTS_H

#include "office/outbox.h"

/* What the rules said of messages: delivered is not the same as accepted. */
typedef struct {
    uint64_t logged;  /* messages that have their receipt */
    uint64_t refused; /* of which every verdict is a refusal */
    uint64_t seq_max; /* the highest entry of them; 0 for none */
} dais_send_verdicts_t;

/* Looks at all that is logged behind entry seq_before; with notes it says each refusal on stderr.
 */
DAIS_MUST_CHECK dais_err_t dais_send_verdicts(dais_outbox_t *outbox, uint64_t seq_before,
                                              bool notes, dais_send_verdicts_t *verdicts);

#endif
