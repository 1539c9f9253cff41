/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_INTAKE_CORE_H
#define DAIS_INTAKE_CORE_H

#include "base/clock_guard.h"
#include "base/logfmt.h"
#include "base/random.h"
#include "intake/check.h"
#include "intake/spool.h"

/* The intake without sockets, timers and signals: whoever calls brings what came in and carries out
 * what goes out, and a test brings its own clock and disk.
 *
 * The loop of a daemon calls dais_intake_submit() for each request that is there, then
 * dais_intake_commit() once, which stamps and writes all of them with one flush of the disk and
 * answers; so what is queued is committed, and nothing waits for more. dais_intake_second() is
 * called each second. Hand-over: intake/hand_over.h.
 *
 * After dais_intake_failure() nothing more is stamped, written or answered: the caller exits. */
typedef struct dais_intake dais_intake_t;

#define DAIS_INTAKE_CYCLES_MAX 1024

/* What intake asks of the machine, so that a test can be the machine. */
typedef struct {
    dais_err_t (*now)(void *context, dais_now_t *now);
    dais_err_t (*reading)(void *context, dais_clock_reading_t *reading);
    /* Bytes that are free on the disk of the folder. */
    dais_err_t (*disk_free)(void *context, const char *folder, uint64_t *bytes);
    void *context;
} dais_intake_machine_t;

typedef struct {
    const char *folder;          /* of the spool; outlives the intake */
    bool create;                 /* make a spool where there is none */
    const dais_device_t *device; /* of role intake; outlives the intake */
    bool played;                 /* the clock is a clock file: only rehearsals are taken */
    size_t spool_bytes;          /* what the spool may grow to, once and for all */
    uint64_t disk_floor_bytes;   /* below this nothing is taken in */
    uint32_t known_count;        /* bundles that are known again when they come twice */
    uint64_t mark_ms;            /* a chain without a stamp for so long gets a mark */
    uint64_t forget_ms;          /* what was let go is out of the spool's file after so long */
    const dais_intake_machine_t *machine;
    dais_random_t random;
    dais_log_t *log;
    /* Answers the request of this token for good; body lives for the call. */
    void (*answer)(void *context, uint64_t token, dais_slice_t body);
    void *context;
} dais_intake_options_t;

/* Opens the spool; all that was stamped before is taken up again. What dais_spool_open() says;
 * NO_MEMORY, CORRUPT, CLOCK; NOT_REHEARSAL if the clock is played and the spool holds a real cycle.
 * *out is null on an error. */
DAIS_MUST_CHECK dais_err_t dais_intake_open(const dais_intake_options_t *options,
                                            dais_intake_t **out);

/* What is queued is not answered. */
void dais_intake_close(dais_intake_t **intake);

/* The first failure after which it must not go on. DAIS_OK while all is well. */
dais_err_t dais_intake_failure(const dais_intake_t *intake);

/* Takes in the exported roster of a cycle; the first one makes the cycle known. The faults of
 * dais_peers_parse(); NO_SPACE if there are too many cycles; WRONG_ORIGIN if another log has a
 * cycle of this name; NOT_REHEARSAL for a real cycle if the clock is played, which is a
 * failure of the intake as well. The roster before
 * stays after a fault. An older export than the one that is there is passed over. */
DAIS_MUST_CHECK dais_fault_t dais_intake_roster(dais_intake_t *intake, dais_slice_t text);

/* Takes a submit, or refuses it. `transport` is the key of the connection, empty if none. Answers
 * at once or at the next commit. */
void dais_intake_submit(dais_intake_t *intake, dais_slice_t body, dais_slice_t transport,
                        uint64_t token);

/* Stamps and writes what is queued, marks that are due, and what else has changed. */
DAIS_MUST_CHECK dais_err_t dais_intake_commit(dais_intake_t *intake);

/* Writes something and waits until it is on the disk: a daemon is ready only when that works. */
DAIS_MUST_CHECK dais_err_t dais_intake_touch(dais_intake_t *intake);

/* Looks at clock and disk, takes up an accepted clock, and lets go what the registry holds. */
DAIS_MUST_CHECK dais_err_t dais_intake_second(dais_intake_t *intake);

/* How it is, for the operator. */
typedef struct {
    size_t cycle_count;
    uint64_t spooled_count; /* stamps that the registry does not hold */
    dais_clock_doubt_t doubt;
    bool low_disk;
    uint64_t stamp_count;   /* since the start */
    uint64_t bundle_count;  /* since the start */
    uint64_t refused_count; /* since the start */
} dais_intake_figures_t;
dais_intake_figures_t dais_intake_figures(const dais_intake_t *intake);

/* How many milliseconds whoever was refused for a reason that passes is told to wait. */
#define DAIS_INTAKE_RETRY_CLOCK_MS  10000
#define DAIS_INTAKE_RETRY_DISK_MS   30000
#define DAIS_INTAKE_RETRY_ROSTER_MS 60000

#endif
