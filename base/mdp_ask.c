/* SPDX-License-Identifier: Apache-2.0 */
#include "base/mdp_ask.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    bool over;
    dais_err_t err;
    uint8_t *answer;
    size_t size;
} ask_t;

static void ask_answered(void *context, const dais_mdp_answer_t *answer)
{
    ask_t *ask = (ask_t *)context;
    if (answer->partial)
        return;
    ask->over = true;
    ask->err = answer->err;
    if (answer->err != DAIS_OK)
        return;
    ask->answer = (uint8_t *)malloc(answer->body.size);
    ask->size = answer->body.size;
    if (ask->answer == NULL)
        ask->err = DAIS_ERR_NO_MEMORY;
    else
        memcpy(ask->answer, answer->body.data, answer->body.size);
}

dais_err_t dais_mdp_ask(dais_loop_t *loop, dais_mdp_client_t *client, const char *service,
                        dais_slice_t body, uint32_t timeout_ms, uint8_t **answer, size_t *size)
{
    ask_t ask = {.err = DAIS_ERR_UNANSWERED};
    dais_mdp_opening_t opening;
    *answer = NULL;
    *size = 0;
    dais_err_t err = dais_mdp_client_call(client, service, body, timeout_ms, ask_answered, &ask);
    while (err == DAIS_OK && !ask.over && !dais_loop_is_stopped(loop))
        err = dais_loop_pass(loop, UINT64_MAX);
    if (!ask.over && dais_mdp_opening(body, &opening))
        (void)dais_mdp_client_cancel(client, opening.call_id);
    if (err != DAIS_OK || ask.err != DAIS_OK) {
        free(ask.answer);
        return err != DAIS_OK ? err : ask.err;
    }
    *answer = ask.answer;
    *size = ask.size;
    return DAIS_OK;
}
