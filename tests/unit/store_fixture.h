/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_UNIT_STORE_FIXTURE_H
#define DAIS_TESTS_UNIT_STORE_FIXTURE_H

/* A store in the scratch folder of a test, with two databases. */

#include <stdio.h>

#include "base/store.h"
#include "base/walk.h"
#include "tests/unit/scratch.h"

enum { ROWS, LOG, DATABASE_COUNT };

#define STORE_MAP_BYTES (1 << 20)

static const char *const store_databases[] = {"rows", "log"};
static dais_store_t *store;

static inline dais_store_options_t store_options(const char *folder)
{
    return (dais_store_options_t){.folder = folder,
                                  .create = true,
                                  .map_bytes = STORE_MAP_BYTES,
                                  .reader_count_max = 4,
                                  .databases = store_databases,
                                  .database_count = DATABASE_COUNT};
}

static inline int store_make(void **state)
{
    if (scratch_make(state) != 0)
        return -1;
    scratch_path_t folder = scratch_path("store");
    dais_store_options_t options = store_options(folder.text);
    return dais_store_open(&store, &options) == DAIS_OK ? 0 : -1;
}

static inline int store_remove(void **state)
{
    dais_store_close(&store);
    return scratch_remove(state);
}

/* Closes and opens again, as a restart does. */
static inline dais_err_t store_reopen(void)
{
    scratch_path_t folder = scratch_path("store");
    dais_store_options_t options = store_options(folder.text);
    options.create = false;
    dais_store_close(&store);
    return dais_store_open(&store, &options);
}

static inline dais_err_t store_put(const char *key, const char *value)
{
    dais_txn_t txn;
    dais_txn_begin(&txn, store, DAIS_TXN_WRITE);
    dais_txn_put(&txn, ROWS, dais_slice_text(key), dais_slice_text(value));
    return dais_txn_commit(&txn);
}

/* Whether key has this value; null: is absent. */
static inline bool store_has(const char *key, const char *value)
{
    dais_txn_t txn;
    dais_slice_t found;
    dais_txn_begin(&txn, store, DAIS_TXN_READ);
    bool there = dais_txn_get(&txn, ROWS, dais_slice_text(key), &found);
    bool same = value == NULL ? !there : there && dais_slice_equal(found, dais_slice_text(value));
    return dais_txn_end(&txn) == DAIS_OK && same;
}

#define IN_STORE(test) cmocka_unit_test_setup_teardown(test, store_make, store_remove)

#endif
