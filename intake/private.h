/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_INTAKE_PRIVATE_H
#define DAIS_INTAKE_PRIVATE_H

/* What the files of the core share; nobody else includes it. */

#include "intake/core.h"
#include "intake/hand_over.h"
#include "intake/known.h"
#include "proto/stamp.h"
#include "proto/tree_memory.h"

#define INTAKE_BATCH_MAX    DAIS_LIMIT_STAMP_BUNDLES
#define INTAKE_DROP_MAX     DAIS_LIMIT_STAMP_BUNDLES /* bundles that one commit lets go */
#define INTAKE_BODY_MAX     (DAIS_LIMIT_HAND_OVER + 2048)
#define INTAKE_ANSWER_MAX   2048 /* bytes of what is answered to a submit */
#define INTAKE_LENGTH_BYTES 4    /* in front of each parcel of a hand-over */

/* A hand-over that is under way. */
typedef struct {
    uint64_t j;
    size_t size; /* bytes of its body; 0: the place is free */
} intake_flight_t;

/* Why a cycle takes nothing in, for good or until an operator has done something. */
typedef enum {
    CYCLE_WELL,
    CYCLE_LOST,  /* the registry holds stamps that this spool does not know */
    CYCLE_ENDED, /* its log is closed */
} intake_ill_t;

typedef struct {
    dais_chain_t chain; /* as it is stored */
    dais_chain_t next;  /* as it will be if the commit under way succeeds */
    bool dirty;         /* chain has changed otherwise and is to be stored */
    dais_peers_t peers;
    bool is_ours; /* the roster has our key, with the role intake */
    intake_ill_t ill;
    uint8_t stamp[DAIS_LIMIT_ENVELOPE]; /* the one being made */
    size_t stamp_size;
    uint32_t batch_count; /* bundles queued */
    uint32_t batch_first; /* of its bundles among all that are queued, in the commit */
    bool stamping;
    uint64_t kept_count; /* bundles under stamps that are kept though the registry holds them */
    uint64_t kept_next;  /* the same if the commit under way succeeds */
    /* Hand-over. */
    uint64_t taken; /* by the registry's word; chain.taken follows with the next commit */
    uint64_t sent;  /* next stamp to go out */
    intake_flight_t flights[DAIS_INTAKE_IN_FLIGHT];
    unsigned in_flight;
    size_t in_flight_bytes;
    bool stalled;        /* nothing goes out until what is in flight has ended, and resume_ms */
    uint64_t resume_ms;  /* boot clock */
    uint64_t backoff_ms; /* the last one; 0 after a success */
} intake_cycle_t;

typedef struct {
    intake_cycle_t *cycle;
    uint64_t token;
    dais_id_t call;
    dais_hash_t bundle;
    size_t offset; /* of the parcel in the arena */
    size_t size;
    uint32_t index; /* under the stamp to be */
    bool again;     /* the same bundle as an earlier one of the batch: answered with it */
} intake_item_t;

struct dais_intake {
    dais_intake_options_t options;
    dais_intake_machine_t machine;
    dais_spool_t *spool;
    dais_known_t *known;
    dais_err_t failure;
    intake_cycle_t *cycles[DAIS_INTAKE_CYCLES_MAX];
    size_t cycle_count;
    uint32_t number_max;
    dais_clock_guard_t guard;
    dais_clock_reading_t reading; /* of the last second */
    uint8_t kept[DAIS_CLOCK_KEPT_MAX];
    size_t kept_size; /* as it is stored */
    bool drop_note;   /* the acceptance was taken up */
    bool low_disk;    /* as of the last look */
    uint64_t second_count;
    bool drop_due;         /* let go what the registry holds even if nothing else is written */
    bool forget_due;       /* bundles were let go that may still lie in free pages of the file */
    uint64_t forgotten_ms; /* boot clock, when that was looked at last */
    dais_intake_figures_t figures;
    /* The batch. */
    intake_item_t *items;
    size_t item_count;
    uint32_t added_count; /* of them new bundles, in `known` */
    uint8_t *arena;
    size_t arena_used;
    /* Room for a commit. */
    dais_hash_t *hashes;
    dais_hash_t *nodes;
    /* Room for a hand-over. */
    uint8_t *body;
    uint8_t *parcels;
};

intake_cycle_t *dais_intake_cycle(const dais_intake_t *intake, const dais_hash_t *log);
intake_cycle_t *dais_intake_numbered(const dais_intake_t *intake, uint32_t number);

/* The cycle's name: the last part of its origin. */
const char *dais_intake_name(const intake_cycle_t *cycle);

void dais_intake_refuse(dais_intake_t *intake, const dais_id_t *call, uint64_t token,
                        dais_err_t err, uint64_t retry_ms);
void dais_intake_answer_stamped(dais_intake_t *intake, const intake_item_t *item,
                                dais_slice_t stamp, const dais_tree_path_t *path);

/* Keeps the first. */
void dais_intake_fail(dais_intake_t *intake, dais_err_t err);

/* Reads the clock into *now_ms if it may be believed: DAIS_OK, or CLOCK_UNSURE. */
dais_err_t dais_intake_sure_time(dais_intake_t *intake, uint64_t *now_ms);

void dais_intake_guard_begin(dais_intake_t *intake, dais_clock_mode_t mode, dais_slice_t kept,
                             uint64_t floor_ms);
dais_err_t dais_intake_guard_second(dais_intake_t *intake);
dais_err_t dais_intake_disk_second(dais_intake_t *intake);

/* In the transaction of a commit: bundles and stamps that need not be kept any longer. */
void dais_intake_let_go(dais_intake_t *intake, dais_txn_t *txn);

#endif
