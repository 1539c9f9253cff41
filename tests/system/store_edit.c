/* SPDX-License-Identifier: Apache-2.0
 *
 * Does to the store of a registry what nobody should: reads, writes and deletes rows as they lie,
 * for tests of who notices. Keys and values are in hex.
 *
 *   store_edit FOLDER list DATABASE        a line for each row: key, value
 *   store_edit FOLDER put DATABASE KEY VALUE
 *   store_edit FOLDER del DATABASE KEY */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/txn.h"
#include "base/walk.h"
#include "registry/log/rows.h"

#define MAP_BYTES ((size_t)1 << 30)
#define VALUE_MAX ((size_t)2 << 20)

static void hex_print(dais_slice_t bytes, char end)
{
    for (size_t i = 0; i < bytes.size; i++)
        (void)printf("%02x", bytes.data[i]);
    (void)putchar(end);
}

/* Cut to what fits. */
static dais_slice_t hex_read(const char *text, uint8_t *bytes, size_t capacity)
{
    size_t size = strlen(text) / 2 < capacity ? strlen(text) / 2 : capacity;
    for (size_t i = 0; i < size; i++) {
        char two[3] = {text[2 * i], text[2 * i + 1], 0};
        bytes[i] = (uint8_t)strtoul(two, NULL, 16);
    }
    return dais_slice(bytes, size);
}

static size_t database_of(const char *name)
{
    for (size_t i = 0; i < DAIS_BOOK_DATABASE_COUNT; i++)
        if (strcmp(dais_book_databases[i], name) == 0)
            return i;
    (void)fprintf(stderr, "no database %s\n", name);
    exit(2);
}

static dais_err_t list(dais_store_t *store, size_t database)
{
    dais_txn_t txn;
    dais_walk_t walk;
    dais_txn_begin(&txn, store, DAIS_TXN_READ);
    dais_walk_open(&walk, &txn, database, dais_slice(NULL, 0), dais_slice(NULL, 0),
                   DAIS_WALK_FORWARD);
    while (dais_walk_next(&walk)) {
        hex_print(walk.key, ' ');
        hex_print(walk.value, '\n');
    }
    dais_walk_close(&walk);
    return dais_txn_end(&txn);
}

static dais_err_t change(dais_store_t *store, size_t database, dais_slice_t key,
                         const dais_slice_t *value)
{
    dais_txn_t txn;
    dais_txn_begin(&txn, store, DAIS_TXN_WRITE);
    if (value != NULL)
        dais_txn_put(&txn, database, key, *value);
    else if (!dais_txn_del(&txn, database, key))
        dais_txn_fail(&txn, DAIS_ERR_NOT_FOUND);
    return dais_txn_commit(&txn);
}

int main(int argc, char **argv)
{
    dais_store_t *store = NULL;
    if (argc < 4)
        return 2;
    dais_err_t err = dais_store_open(
        &store, &(dais_store_options_t){.folder = argv[1],
                                        .map_bytes = MAP_BYTES,
                                        .reader_count_max = 4,
                                        .databases = dais_book_databases,
                                        .database_count = DAIS_BOOK_DATABASE_COUNT});
    size_t database = database_of(argv[3]);
    if (err == DAIS_OK && strcmp(argv[2], "list") == 0) {
        err = list(store, database);
    } else if (err == DAIS_OK) {
        static uint8_t bytes[2][VALUE_MAX];
        dais_slice_t key = hex_read(argc > 4 ? argv[4] : "", bytes[0], VALUE_MAX);
        dais_slice_t value = hex_read(argc > 5 ? argv[5] : "", bytes[1], VALUE_MAX);
        err = change(store, database, key, argc > 5 ? &value : NULL);
    }
    dais_store_close(&store);
    if (err != DAIS_OK)
        (void)fprintf(stderr, "%s\n", dais_err_code(err));
    return err == DAIS_OK ? 0 : 1;
}
