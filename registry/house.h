/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_REGISTRY_HOUSE_H
#define DAIS_REGISTRY_HOUSE_H

#include "base/clock.h"
#include "base/logfmt.h"
#include "base/random.h"
#include "proto/message.h"
#include "registry/log/book.h"

/* What all cycles of one process share: time and chance, which are handed in so that a test can
 * simulate years in a second; bounds; and room to work in. */

/* What became of one bundle of a batch, for its log line, which is written after the commit. */
typedef struct {
    dais_hash_t bundle;
    dais_id_t message; /* id of its first message; zeros where nothing could be read */
    const char *event;
    dais_err_t err;      /* why it was turned away */
    uint32_t key_number; /* 0 where nobody knows whose it is */
    uint64_t k;
    uint64_t seq; /* its first new entry */
    uint32_t entries;
    uint32_t twins;
    bool is_sealed;
} dais_happened_t;

#define DAIS_HAPPENED_MAX 8192 /* of one batch; what is beyond is counted */

typedef struct {
    uint8_t plain[DAIS_LIMIT_BUNDLE_BYTES];   /* what a box held */
    uint8_t parcel[DAIS_LIMIT_BUNDLE_BYTES];  /* its items as a parcel */
    uint8_t waited[DAIS_LIMIT_BUNDLE_BYTES];  /* a bundle that waited, while the store is written */
    uint8_t leaving[DAIS_LIMIT_BUNDLE_BYTES]; /* one that waited and is turned away */
    uint8_t path[DAIS_LIMIT_STAMP_PATH];
    uint8_t subject[DAIS_LIMIT_SUBJECT];
    uint8_t own[DAIS_LIMIT_MESSAGE];
    uint8_t stamps[DAIS_LIMIT_INTAKES * (DAIS_LIMIT_ENVELOPE + 8)];
    uint8_t parked[DAIS_LIMIT_PARKED * (DAIS_HASH_SIZE + 8)];
    dais_hash_t nodes[2 * DAIS_LIMIT_STAMP_BUNDLES]; /* tree of the stamp that is taken */
    dais_slice_t parcels[DAIS_LIMIT_STAMP_BUNDLES];
    dais_happened_t happened[DAIS_HAPPENED_MAX];
} dais_desk_t;

typedef struct {
    const char *data_folder;   /* a folder for each cycle lies in it */
    const char *guard_folder;  /* where fork guards lie; null: each in its cycle's folder */
    const char *roster_folder; /* where exported rosters go; null: nowhere */
    size_t map_bytes;
    uint64_t quota;          /* messages of one actor and day */
    uint64_t held_bytes_max; /* of one cycle */
    uint64_t disk_floor;     /* bytes that stay free: below that nothing is taken in */
    dais_clock_t clock;
    dais_random_t random;
    dais_log_t *lines; /* null: nothing is told */
    dais_book_space_t *space;
    dais_desk_t *desk;
} dais_house_t;

#define DAIS_HOUSE_MAP_BYTES  ((size_t)64 << 30) /* address space, not disk */
#define DAIS_HOUSE_QUOTA      100000
#define DAIS_HOUSE_HELD_BYTES ((uint64_t)1 << 30)

/* How far a stamp may be ahead of the registry's clock, and an ask beside it. */
#define DAIS_HOUSE_AHEAD_MS ((uint64_t)60 * 1000)
#define DAIS_HOUSE_ASK_MS   ((uint64_t)600 * 1000)

/* Bounds of parking: of one cycle DAIS_LIMIT_PARKED, as a tick names them all. */
#define DAIS_HOUSE_PARKED_OF_KEY 256

/* Is there less room left where the cycles lie than has to stay free? False where that cannot be
 * told: a write that fails is seen as well. */
bool dais_house_is_low(const dais_house_t *house);

/* Makes the room; NO_MEMORY. The rest is the caller's to fill in. */
DAIS_MUST_CHECK dais_err_t dais_house_open(dais_house_t *house);
void dais_house_close(dais_house_t *house);

#endif
