/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_UNIT_RULES_STORE_H
#define DAIS_TESTS_UNIT_RULES_STORE_H

/* Both backs of the rules' store, so that each test runs on either. */

#include "registry/rules/store.h"
#include "tests/unit/scratch.h"

static dais_rules_store_t *rows;
static dais_store_t *rows_disk; /* null on the back in memory */
static dais_txn_t rows_txn;

static inline int rows_make_memory(void **state)
{
    (void)state;
    return dais_store_memory_create(&rows) == DAIS_OK ? 0 : -1;
}

static inline void rows_begin(void)
{
    dais_txn_begin(&rows_txn, rows_disk, DAIS_TXN_WRITE);
    dais_store_lmdb_use(rows, &rows_txn);
}

static inline int rows_make_lmdb(void **state)
{
    static const char *const databases[] = {"other", "rules"};
    if (scratch_make(state) != 0)
        return -1;
    scratch_path_t folder = scratch_path("store");
    dais_store_options_t options = {.folder = folder.text,
                                    .create = true,
                                    .map_bytes = 64 << 20,
                                    .reader_count_max = 4,
                                    .databases = databases,
                                    .database_count = 2};
    if (dais_store_open(&rows_disk, &options) != DAIS_OK ||
        dais_store_lmdb_create(&rows, 1) != DAIS_OK)
        return -1;
    rows_begin();
    return 0;
}

static inline int rows_remove(void **state)
{
    if (rows_disk == NULL) {
        dais_store_memory_destroy(&rows);
        return rows == NULL ? 0 : -1;
    }
    dais_txn_abort(&rows_txn);
    dais_store_lmdb_destroy(&rows);
    dais_store_close(&rows_disk);
    return scratch_remove(state);
}

#define ON_BOTH(test)                                                                              \
    {#test " in memory", test, rows_make_memory, rows_remove, NULL},                               \
    {                                                                                              \
#test " on LMDB", test, rows_make_lmdb, rows_remove, NULL                                  \
    }

#endif
