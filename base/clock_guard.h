/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_BASE_CLOCK_GUARD_H
#define DAIS_BASE_CLOCK_GUARD_H

#include "base/clock.h"

/* Whether the wall clock may be believed. Whoever signs a time or closes a deadline asks before it
 * does: a clock that jumped makes people late, or lets in what came late, and neither can be taken
 * back. The guard keeps an anchor, one reading of both clocks that is believed, and doubts the
 * wall clock when the two have gone on by different lengths since, or when the kernel says that
 * nothing keeps its clock right. A restart is no way out: the anchor is kept by the caller. Pure:
 * all readings are handed in (base/clock_reading.h takes them). */

#define DAIS_CLOCK_PART_MS  2000 /* by how much the clocks may part */
#define DAIS_CLOCK_BOOT_ID  16   /* bytes: which boot of which machine */
#define DAIS_CLOCK_KEPT_MAX 64   /* bytes of a kept anchor, at the most */

typedef enum {
    DAIS_CLOCK_LIVE,      /* real cycles: both clocks, and the kernel's own word */
    DAIS_CLOCK_REHEARSAL, /* rehearsals alone: both clocks */
    DAIS_CLOCK_PLAYED, /* rehearsals on a clock file: it may go forward as it likes, never back */
} dais_clock_mode_t;

typedef enum {
    DAIS_CLOCK_SURE,
    DAIS_CLOCK_PARTED,   /* forward or back against the boot clock. Stays until it is accepted */
    DAIS_CLOCK_BACK,     /* earlier than a time that was given out. Stays until it is accepted */
    DAIS_CLOCK_UNSYNCED, /* the kernel's clock is not kept right: goes away when it is, or by
                            acceptance, which then holds until it was kept right again */
} dais_clock_doubt_t;

/* "sure", "parted", "back", "unsynchronised". Static text. */
const char *dais_clock_doubt_word(dais_clock_doubt_t doubt);

typedef struct {
    dais_now_t now;
    uint8_t boot_id[DAIS_CLOCK_BOOT_ID];
    bool synced;
} dais_clock_reading_t;

typedef struct {
    dais_clock_mode_t mode;
    dais_now_t anchor;
    uint8_t boot_id[DAIS_CLOCK_BOOT_ID]; /* of the anchor */
    dais_clock_doubt_t doubt;            /* PARTED and BACK stay */
    bool unsynced_accepted;
} dais_clock_guard_t;

/* Starts afresh: the reading is believed, but for floor_ms, the latest time that was ever given out
 * (0 for none), and the kernel's word. */
void dais_clock_guard_start(dais_clock_guard_t *guard, dais_clock_mode_t mode,
                            const dais_clock_reading_t *reading, uint64_t floor_ms);

/* Starts from what dais_clock_guard_keep() wrote before a restart. Within the same boot the anchor
 * goes on; after another one the reading is the new anchor, but a doubt that had to be accepted
 * stays. CORRUPT if `kept` is not such. */
DAIS_MUST_CHECK dais_err_t dais_clock_guard_resume(dais_clock_guard_t *guard,
                                                   dais_clock_mode_t mode, dais_slice_t kept,
                                                   const dais_clock_reading_t *reading,
                                                   uint64_t floor_ms);

/* To be called each second and before each use of the time. Returns the doubt there is. */
dais_clock_doubt_t dais_clock_guard_step(dais_clock_guard_t *guard,
                                         const dais_clock_reading_t *reading);

/* An operator says that the clock was right at this reading, which becomes the anchor. */
void dais_clock_guard_accept(dais_clock_guard_t *guard, const dais_clock_reading_t *reading);

/* Writes what a restart needs; returns its size. To be kept whenever it has changed. */
size_t dais_clock_guard_keep(const dais_clock_guard_t *guard, uint8_t kept[DAIS_CLOCK_KEPT_MAX]);

#endif
