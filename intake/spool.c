/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows, all numbers big-endian:
 *
 *   notes    one of two words             bytes that the guard of the clock reads
 *   chains   log (32)                     a chain, in the order of the struct
 *   stamps   number (4) j (8)             size of the stamp (2), stamp, bundle hashes (32 each)
 *   parcels  number (4) j (8) index (2)   a bundle as it came
 *
 * Keys of stamps and bundles rise with each commit, so that a commit of one cycle writes to the end
 * of its rows and touches few pages. A bundle goes when the registry holds it; its stamp stays for
 * some time, to answer whoever sends the same bundle again. */
#include "intake/spool.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/walk.h"

enum { PATH_SIZE = 1024 };

enum { NOTES, CHAINS, STAMPS, PARCELS, DATABASE_COUNT };

#define STAMP_KEY_SIZE  12
#define PARCEL_KEY_SIZE 14
#define STAMP_HEAD_SIZE 2
/* number, four times 8 bytes, prev, date_count, dates, size of origin; then the origin */
#define CHAIN_FIXED_SIZE (4 + 4 * 8 + DAIS_HASH_SIZE + 4 + DAIS_LIMIT_DATES * 8 + 2)
#define CHAIN_SIZE_MAX   (CHAIN_FIXED_SIZE + DAIS_LIMIT_ORIGIN)
#define READERS_MAX      16

struct dais_spool {
    dais_store_t *store;
    char folder[PATH_SIZE];
    size_t map_bytes;
};

static dais_err_t spool_open_store(dais_spool_t *spool, bool create)
{
    static const char *const names[DATABASE_COUNT] = {"notes", "chains", "stamps", "parcels"};
    dais_store_options_t options = {.folder = spool->folder,
                                    .create = create,
                                    .map_bytes = spool->map_bytes,
                                    .reader_count_max = READERS_MAX,
                                    .databases = names,
                                    .database_count = DATABASE_COUNT};
    return dais_store_open(&spool->store, &options);
}

dais_err_t dais_spool_open(dais_spool_t **out, const char *folder, size_t map_bytes, bool create)
{
    dais_spool_t *spool = (dais_spool_t *)calloc(1, sizeof *spool);
    *out = NULL;
    if (spool == NULL)
        return DAIS_ERR_NO_MEMORY;
    spool->map_bytes = map_bytes;
    int size = snprintf(spool->folder, sizeof spool->folder, "%s", folder);
    dais_err_t err =
        size < (int)sizeof spool->folder ? spool_open_store(spool, create) : DAIS_ERR_TOO_LONG;
    if (err != DAIS_OK)
        free(spool);
    else
        *out = spool;
    return err;
}

void dais_spool_close(dais_spool_t **spool)
{
    if (*spool == NULL)
        return;
    dais_store_close(&(*spool)->store);
    free(*spool);
    *spool = NULL;
}

dais_err_t dais_spool_compact(dais_spool_t *spool, bool *open)
{
    char draft[PATH_SIZE + 32];
    (void)snprintf(draft, sizeof draft, "%s/compact.draft", spool->folder);
    (void)unlink(draft); /* of a process that died here */
    *open = true;
    dais_err_t err = dais_store_copy(spool->store, draft);
    if (err != DAIS_OK)
        return err;
    *open = false;
    dais_store_close(&spool->store);
    err = dais_store_place(spool->folder, draft);
    if (err == DAIS_OK)
        err = spool_open_store(spool, false);
    *open = err == DAIS_OK;
    return err;
}

dais_store_t *dais_spool_store(dais_spool_t *spool)
{
    return spool->store;
}

void dais_spool_begin(dais_spool_t *spool, dais_txn_t *txn, dais_txn_mode_t mode)
{
    dais_txn_begin(txn, spool->store, mode);
}

static uint8_t *put_number(uint8_t *at, uint64_t number, size_t size)
{
    for (size_t i = 0; i < size; i++)
        at[i] = (uint8_t)(number >> 8 * (size - 1 - i));
    return at + size;
}

static uint64_t take_number(const uint8_t **at, size_t size)
{
    uint64_t number = 0;
    for (size_t i = 0; i < size; i++)
        number = number << 8 | (*at)[i];
    *at += size;
    return number;
}

static size_t chain_encode(const dais_chain_t *chain, uint8_t row[CHAIN_SIZE_MAX])
{
    size_t origin_size = strlen(chain->origin);
    uint8_t *at = put_number(row, chain->number, 4);
    at = put_number(at, chain->next_j, 8);
    at = put_number(at, chain->at, 8);
    at = put_number(at, chain->taken, 8);
    at = put_number(at, chain->kept, 8);
    memcpy(at, chain->prev.bytes, DAIS_HASH_SIZE);
    at = put_number(at + DAIS_HASH_SIZE, chain->date_count, 4);
    for (size_t i = 0; i < DAIS_LIMIT_DATES; i++)
        at = put_number(at, i < chain->date_count ? chain->dates[i] : 0, 8);
    at = put_number(at, origin_size, 2);
    memcpy(at, chain->origin, origin_size);
    return CHAIN_FIXED_SIZE + origin_size;
}

static bool chain_decode(dais_slice_t key, dais_slice_t row, dais_chain_t *chain)
{
    *chain = (dais_chain_t){.number = 0};
    if (key.size != DAIS_HASH_SIZE || row.size < CHAIN_FIXED_SIZE || row.size > CHAIN_SIZE_MAX)
        return false;
    const uint8_t *at = row.data;
    memcpy(chain->log.bytes, key.data, DAIS_HASH_SIZE);
    chain->number = (uint32_t)take_number(&at, 4);
    chain->next_j = take_number(&at, 8);
    chain->at = take_number(&at, 8);
    chain->taken = take_number(&at, 8);
    chain->kept = take_number(&at, 8);
    memcpy(chain->prev.bytes, at, DAIS_HASH_SIZE);
    at += DAIS_HASH_SIZE;
    chain->date_count = (uint32_t)take_number(&at, 4);
    for (size_t i = 0; i < DAIS_LIMIT_DATES; i++)
        chain->dates[i] = take_number(&at, 8);
    size_t origin_size = (size_t)take_number(&at, 2);
    if (origin_size != row.size - CHAIN_FIXED_SIZE || chain->date_count > DAIS_LIMIT_DATES)
        return false;
    memcpy(chain->origin, at, origin_size);
    return chain->number > 0 && chain->kept <= chain->taken && chain->taken <= chain->next_j;
}

void dais_spool_chains(dais_txn_t *txn, void (*each)(void *context, const dais_chain_t *chain),
                       void *context)
{
    dais_walk_t walk;
    dais_slice_t all = dais_slice(NULL, 0);
    dais_walk_open(&walk, txn, CHAINS, all, all, DAIS_WALK_FORWARD);
    while (dais_walk_next(&walk)) {
        dais_chain_t chain;
        if (chain_decode(walk.key, walk.value, &chain))
            each(context, &chain);
        else
            dais_txn_fail(txn, DAIS_ERR_CORRUPT);
    }
}

void dais_spool_put_chain(dais_txn_t *txn, const dais_chain_t *chain)
{
    uint8_t row[CHAIN_SIZE_MAX];
    size_t size = chain_encode(chain, row);
    dais_txn_put(txn, CHAINS, dais_hash_slice(&chain->log), dais_slice(row, size));
}

static dais_slice_t stamp_key(uint8_t key[STAMP_KEY_SIZE], uint32_t number, uint64_t j)
{
    (void)put_number(put_number(key, number, 4), j, 8);
    return dais_slice(key, STAMP_KEY_SIZE);
}

static dais_slice_t parcel_key(uint8_t key[PARCEL_KEY_SIZE], uint32_t number, uint64_t j,
                               size_t index)
{
    (void)put_number(put_number(put_number(key, number, 4), j, 8), index, 2);
    return dais_slice(key, PARCEL_KEY_SIZE);
}

void dais_spool_put_stamp(dais_txn_t *txn, uint32_t number, uint64_t j, dais_slice_t stamp,
                          dais_slice_t hashes)
{
    assert(stamp.size <= DAIS_LIMIT_ENVELOPE && hashes.size % DAIS_HASH_SIZE == 0);
    uint8_t key[STAMP_KEY_SIZE];
    size_t size = STAMP_HEAD_SIZE + stamp.size + hashes.size;
    uint8_t *row = (uint8_t *)malloc(size);
    if (row == NULL) {
        dais_txn_fail(txn, DAIS_ERR_NO_MEMORY);
        return;
    }
    uint8_t *at = put_number(row, stamp.size, STAMP_HEAD_SIZE);
    memcpy(at, stamp.data, stamp.size);
    if (hashes.size > 0)
        memcpy(at + stamp.size, hashes.data, hashes.size);
    dais_txn_put(txn, STAMPS, stamp_key(key, number, j), dais_slice(row, size));
    free(row);
}

static bool stamp_row_decode(dais_slice_t value, dais_spool_stamp_t *row)
{
    if (value.size < STAMP_HEAD_SIZE)
        return false;
    const uint8_t *at = value.data;
    size_t stamp_size = (size_t)take_number(&at, STAMP_HEAD_SIZE);
    size_t left = value.size - STAMP_HEAD_SIZE;
    if (stamp_size > left || (left - stamp_size) % DAIS_HASH_SIZE != 0)
        return false;
    row->stamp = dais_slice(at, stamp_size);
    row->hashes = dais_slice(at + stamp_size, left - stamp_size);
    row->count = row->hashes.size / DAIS_HASH_SIZE;
    return row->count <= DAIS_LIMIT_STAMP_BUNDLES;
}

bool dais_spool_get_stamp(dais_txn_t *txn, uint32_t number, uint64_t j, dais_spool_stamp_t *row)
{
    uint8_t key[STAMP_KEY_SIZE];
    dais_slice_t value;
    *row = (dais_spool_stamp_t){.count = 0};
    if (!dais_txn_get(txn, STAMPS, stamp_key(key, number, j), &value))
        return false;
    if (stamp_row_decode(value, row))
        return true;
    dais_txn_fail(txn, DAIS_ERR_CORRUPT);
    *row = (dais_spool_stamp_t){.count = 0};
    return false;
}

void dais_spool_del_stamp(dais_txn_t *txn, uint32_t number, uint64_t j)
{
    uint8_t key[STAMP_KEY_SIZE];
    (void)dais_txn_del(txn, STAMPS, stamp_key(key, number, j));
}

void dais_spool_put_parcel(dais_txn_t *txn, uint32_t number, uint64_t j, size_t index,
                           dais_slice_t parcel)
{
    uint8_t key[PARCEL_KEY_SIZE];
    dais_txn_put(txn, PARCELS, parcel_key(key, number, j, index), parcel);
}

bool dais_spool_get_parcel(dais_txn_t *txn, uint32_t number, uint64_t j, size_t index,
                           dais_slice_t *parcel)
{
    uint8_t key[PARCEL_KEY_SIZE];
    return dais_txn_get(txn, PARCELS, parcel_key(key, number, j, index), parcel);
}

void dais_spool_del_parcel(dais_txn_t *txn, uint32_t number, uint64_t j, size_t index)
{
    uint8_t key[PARCEL_KEY_SIZE];
    (void)dais_txn_del(txn, PARCELS, parcel_key(key, number, j, index));
}

static dais_slice_t note_key(dais_spool_note_t note)
{
    return dais_slice_text(note == DAIS_SPOOL_CLOCK ? "clock" : "accepted");
}

void dais_spool_put_note(dais_txn_t *txn, dais_spool_note_t note, dais_slice_t value)
{
    dais_txn_put(txn, NOTES, note_key(note), value);
}

bool dais_spool_get_note(dais_txn_t *txn, dais_spool_note_t note, dais_slice_t *value)
{
    return dais_txn_get(txn, NOTES, note_key(note), value);
}

void dais_spool_del_note(dais_txn_t *txn, dais_spool_note_t note)
{
    (void)dais_txn_del(txn, NOTES, note_key(note));
}
