/* SPDX-License-Identifier: Apache-2.0
 *
 * Erasure: what a seconded erasure names loses its contents at once, in the same transaction, and
 * the file that still holds them is written anew as soon as that is on the disk. */
#include "registry/log/book_erase.h"

#include "registry/cycle_private.h"

void cycle_erase_seconded(dais_cycle_t *cycle, dais_slice_t subject)
{
    dais_rules_store_t *state = dais_book_state(cycle->book);
    dais_second_t second;
    dais_second_row_t row;
    dais_target_row_t target;
    if (dais_shape_decode(&dais_shape_second, subject, &second).err != DAIS_OK)
        return;
    dais_row_key_t key = {{second.seq}};
    if (!state->port->sorted_get(state, DAIS_TABLE_SECOND, &key, &row) ||
        row.kind != DAIS_KIND_ERASURE)
        return;
    while (state->port->sorted_next(state, DAIS_TABLE_TARGET, &key, &target) &&
           key.part[0] == second.seq) {
        if (target.number != 0 && dais_visible_erased(cycle->rules, target.number))
            dais_book_erase(cycle->book, target.number);
        key.part[1]++;
    }
}

dais_err_t dais_cycle_forget_erased(dais_cycle_t *cycle)
{
    if (!dais_book_has_erased(cycle->book))
        return DAIS_OK;
    dais_err_t err = dais_book_compact(cycle->book);
    return err == DAIS_OK ? cycle_forget_batch(cycle) : err;
}
