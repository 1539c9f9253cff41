/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_UNIT_RULES_FAILING_H
#define DAIS_TESTS_UNIT_RULES_FAILING_H

/* A back that fails at the call of the test's choice and, as backs do, at all calls after it: then
 * reads find nothing and writes do nothing. Before that it is the back in memory. */

#include <execinfo.h>

#include "registry/rules/store.h"

#define FAILING_CALLS_MAX 65536
#define FAILING_DEPTH     5 /* callers that make a way to the store */

typedef struct {
    dais_rules_store_t base;
    dais_rules_store_t *inner;
    uint64_t calls;
    uint64_t fail_at; /* number of the call that fails, from 1; 0 for none */
    dais_err_t err;
    bool records;
    uint64_t ways[FAILING_CALLS_MAX]; /* where each call came from, while it records */
} failing_store_t;

static failing_store_t failing;

/* One number for the functions through which the store is called now. */
static inline uint64_t failing_way(void)
{
    void *frames[FAILING_DEPTH + 3];
    uint64_t way = 14695981039346656037U;
    int count = backtrace(frames, FAILING_DEPTH + 3);
    for (int i = 3; i < count; i++)
        way = (way ^ (uint64_t)(uintptr_t)frames[i]) * 1099511628211U;
    return way;
}

static inline bool failing_now(void)
{
    if (failing.records && failing.calls < FAILING_CALLS_MAX)
        failing.ways[failing.calls] = failing_way();
    if (++failing.calls == failing.fail_at)
        failing.base.err = failing.err;
    return failing.base.err != DAIS_OK;
}

static inline uint64_t failing_count(dais_rules_store_t *store, dais_table_t table)
{
    (void)store;
    return failing_now() ? 0 : failing.inner->port->count(failing.inner, table);
}

static inline bool failing_dense_get(dais_rules_store_t *store, dais_table_t table, uint64_t number,
                                     void *row)
{
    (void)store;
    return !failing_now() && failing.inner->port->dense_get(failing.inner, table, number, row);
}

static inline void failing_dense_put(dais_rules_store_t *store, dais_table_t table, uint64_t number,
                                     const void *row)
{
    (void)store;
    if (!failing_now())
        failing.inner->port->dense_put(failing.inner, table, number, row);
}

static inline bool failing_sorted_get(dais_rules_store_t *store, dais_table_t table,
                                      const dais_row_key_t *key, void *row)
{
    (void)store;
    return !failing_now() && failing.inner->port->sorted_get(failing.inner, table, key, row);
}

static inline void failing_sorted_put(dais_rules_store_t *store, dais_table_t table,
                                      const dais_row_key_t *key, const void *row)
{
    (void)store;
    if (!failing_now())
        failing.inner->port->sorted_put(failing.inner, table, key, row);
}

static inline void failing_sorted_del(dais_rules_store_t *store, dais_table_t table,
                                      const dais_row_key_t *key)
{
    (void)store;
    if (!failing_now())
        failing.inner->port->sorted_del(failing.inner, table, key);
}

static inline bool failing_sorted_next(dais_rules_store_t *store, dais_table_t table,
                                       dais_row_key_t *key, void *row)
{
    (void)store;
    return !failing_now() && failing.inner->port->sorted_next(failing.inner, table, key, row);
}

static inline uint64_t failing_find(dais_rules_store_t *store, dais_index_t space, dais_slice_t key)
{
    (void)store;
    return failing_now() ? 0 : failing.inner->port->find(failing.inner, space, key);
}

static inline void failing_add(dais_rules_store_t *store, dais_index_t space, dais_slice_t key,
                               uint64_t number)
{
    (void)store;
    if (!failing_now())
        failing.inner->port->add(failing.inner, space, key, number);
}

static inline dais_slice_t failing_text_get(dais_rules_store_t *store, uint64_t number)
{
    (void)store;
    return failing_now() ? dais_slice(NULL, 0)
                         : failing.inner->port->text_get(failing.inner, number);
}

static inline uint64_t failing_text_add(dais_rules_store_t *store, dais_slice_t text)
{
    (void)store;
    return failing_now() ? 0 : failing.inner->port->text_add(failing.inner, text);
}

static inline void failing_clear(dais_rules_store_t *store)
{
    failing.inner->port->clear(failing.inner);
    store->err = DAIS_OK;
}

static const dais_rules_store_port_t failing_port = {
    failing_count,      failing_dense_get,  failing_dense_put,   failing_sorted_get,
    failing_sorted_put, failing_sorted_del, failing_sorted_next, failing_find,
    failing_add,        failing_text_get,   failing_text_add,    failing_clear,
};

/* Empty, and counting from 0. */
static inline dais_rules_store_t *failing_start(uint64_t fail_at, dais_err_t err)
{
    failing.base = (dais_rules_store_t){.port = &failing_port};
    failing.calls = 0;
    failing.fail_at = fail_at;
    failing.err = err;
    failing.inner->port->clear(failing.inner);
    return &failing.base;
}

#endif
