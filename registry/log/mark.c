/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/log/mark.h"

#include "proto/words.h"

typedef struct {
    uint64_t size;
    dais_cycle_row_t cycle;
    dais_date_row_t dates[DAIS_WORDS_END_date];
    uint64_t counts[DAIS_TABLE_COUNT];
} mark_t;

dais_hash_t dais_book_mark(dais_rules_store_t *state, uint64_t size)
{
    mark_t mark;
    memset(&mark, 0, sizeof mark);
    mark.size = size;
    dais_row_key_t key = {{0}};
    (void)state->port->sorted_get(state, DAIS_TABLE_CYCLE, &key, &mark.cycle);
    for (unsigned date = 1; date < DAIS_WORDS_END_date; date++) {
        key.part[0] = date;
        (void)state->port->sorted_get(state, DAIS_TABLE_DATE, &key, &mark.dates[date]);
    }
    for (unsigned table = 0; table < DAIS_TABLE_COUNT; table++)
        if (dais_table_info((dais_table_t)table)->form == DAIS_TABLE_DENSE)
            mark.counts[table] = state->port->count(state, (dais_table_t)table);
    return dais_hash_one(dais_slice(&mark, sizeof mark));
}
