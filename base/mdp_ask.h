/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_BASE_MDP_ASK_H
#define DAIS_BASE_MDP_ASK_H

#include "base/mdp_client.h"

/* For command-line tools: makes one call (dais_mdp_client_call() says how) and runs the loop until
 * it has ended. *answer, if OK, is to be freed with free(); *size has its bytes. Returns UNANSWERED
 * as well when the loop is stopped, which dais_loop_signal() tells apart. Partial answers are
 * dropped. Other calls of the client go on meanwhile. */
DAIS_MUST_CHECK dais_err_t dais_mdp_ask(dais_loop_t *loop, dais_mdp_client_t *client,
                                        const char *service, dais_slice_t body, uint32_t timeout_ms,
                                        uint8_t **answer, size_t *size);

#endif
