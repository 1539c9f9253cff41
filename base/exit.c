/* SPDX-License-Identifier: Apache-2.0 */
#include "base/exit.h"

dais_exit_t dais_exit_of(dais_err_t err)
{
    static const struct {
        dais_err_t err;
        dais_exit_t exit;
    } table[] = {
        {DAIS_OK, DAIS_EXIT_DONE},
        {DAIS_ERR_LOCKED, DAIS_EXIT_LOCKED},
        {DAIS_ERR_OPEN_TWICE, DAIS_EXIT_LOCKED},
        {DAIS_ERR_ADDRESS_TAKEN, DAIS_EXIT_LOCKED},
        {DAIS_ERR_CORRUPT, DAIS_EXIT_DAMAGED},
        {DAIS_ERR_STORE_FAILED, DAIS_EXIT_DAMAGED},
        {DAIS_ERR_APPLIED_DIFFERS, DAIS_EXIT_DAMAGED},
        {DAIS_ERR_TREE_DIFFERS, DAIS_EXIT_DAMAGED},
        {DAIS_ERR_STATE_DIFFERS, DAIS_EXIT_DAMAGED},
        {DAIS_ERR_GUARD_MISSING, DAIS_EXIT_DAMAGED},
        {DAIS_ERR_GUARD_DIFFERS, DAIS_EXIT_DAMAGED},
        {DAIS_ERR_STORE_BEHIND, DAIS_EXIT_DAMAGED},
        {DAIS_ERR_STORE_MISSING, DAIS_EXIT_DAMAGED},
        {DAIS_ERR_BUSY, DAIS_EXIT_TEMPORARY},
        {DAIS_ERR_UNREACHABLE, DAIS_EXIT_TEMPORARY},
        {DAIS_ERR_UNANSWERED, DAIS_EXIT_TEMPORARY},
        {DAIS_ERR_EXPOSED, DAIS_EXIT_CONFIG},
        {DAIS_ERR_PLAIN_TCP, DAIS_EXIT_CONFIG},
        {DAIS_ERR_BAD_ENDPOINT, DAIS_EXIT_CONFIG},
        {DAIS_ERR_NOT_REHEARSAL, DAIS_EXIT_CONFIG},
        {DAIS_ERR_NOT_ADMITTED, DAIS_EXIT_REFUSED},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (table[i].err == err)
            return table[i].exit;
    }
    return dais_err_is_refusal(err) ? DAIS_EXIT_REFUSED : DAIS_EXIT_FAILED;
}
