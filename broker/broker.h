/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_BROKER_BROKER_H
#define DAIS_BROKER_BROKER_H

#include "base/daemon.h"
#include "base/socket.h"
#include "base/zap.h"
#include "broker/outbox.h"
#include "broker/queue.h"
#include "broker/roster.h"
#include "broker/selftest.h"
#include "broker/staff.h"

/* The broker as a whole: three ROUTERs in one loop.
 *
 *   front   tcp with CURVE; who is in the roster; each message is judged anew
 *   door    ipc, or tcp with CURVE and listed keys: the site's own clients
 *   back    the same, for workers
 *
 * It keeps nothing on disk. Requests that wait or are held when it ends are asked again by those
 * who asked, since none of them got an answer. */
typedef struct dais_broker dais_broker_t;

#define DAIS_BROKER_KEY_COUNT_MAX 64 /* listed keys of a door */

typedef struct {
    dais_broker_t *broker;
    const char *name; /* in settings, ZAP and logs: "front", "door", "back" */
    zsock_t *socket;  /* null if it is not configured */
    dais_watch_t *watch;
    bool has_curve;
    uint8_t keys[DAIS_BROKER_KEY_COUNT_MAX][DAIS_CURVE_KEY_SIZE];
    size_t key_count;
} dais_door_t;

/* What was turned away, ever. */
typedef struct {
    uint64_t oversize_count;     /* messages with too many frames or bytes */
    uint64_t malformed_count;    /* not of the protocol */
    uint64_t not_admitted_count; /* keys that are not, or no longer, in the roster */
    uint64_t busy_count;         /* over a bound */
    uint64_t expired_count;      /* waited too long */
    uint64_t stray_count;        /* answers that nobody waited for */
    uint64_t request_count;      /* taken in */
} dais_broker_figures_t;

struct dais_broker {
    dais_daemon_t *daemon;
    dais_roster_t *roster;
    dais_zap_t *zap;
    dais_selftest_t *selftest;
    dais_door_t front, door, back;
    dais_queue_t *queue;
    dais_staff_t *staff;
    dais_outbox_t *outbox;
    dais_timer_t expiry_timer, beat_timer, outbox_timer, roster_timer, report_timer;
    uint64_t heartbeat_ms;
    uint64_t outbox_wait_ms;
    dais_broker_figures_t figures;
    dais_broker_figures_t reported;
    uint64_t last_request_ms; /* wall clock; 0: never yet */
    uint64_t last_answer_ms;
};

/* dais_daemon_spec_t's start, reload and stop. */
dais_err_t dais_broker_start(dais_daemon_t *daemon);
void dais_broker_reload(dais_daemon_t *daemon);
void dais_broker_stop(dais_daemon_t *daemon);

/* dais_daemon_spec_t's metrics and measure. */
extern const dais_metric_t dais_broker_metrics[];
void dais_broker_measure(dais_daemon_t *daemon, uint64_t values[DAIS_METRICS_MAX]);

/* Hands waiting requests of a service to its workers, as long as there are both. */
void dais_broker_dispatch(dais_broker_t *broker, dais_service_t *service);

/* A handler of the loop: works off one message of a client (context: its door). */
bool dais_client_ready(void *context, short events);

/* Sends an answer to the client at this address. Moves the frames of body from `first` on. */
void dais_client_answer(dais_broker_t *broker, dais_slice_t address,
                        dais_mdp_client_command_t command, dais_slice_t service, dais_parts_t *body,
                        size_t first);

/* Tells a client that its call was not carried out; call_id may be empty, then nothing is said. */
void dais_client_refuse(dais_broker_t *broker, dais_slice_t address, dais_slice_t service,
                        dais_slice_t call_id, dais_err_t err, uint64_t retry_ms);

/* A handler of the loop: works off one message of a worker (context: the back). */
bool dais_back_ready(void *context, short events);

/* The worker is gone, or is sent away (told, if tell): what it held waits again, once. */
void dais_back_lose(dais_broker_t *broker, dais_worker_t *worker, const char *why, bool tell);

/* Heartbeats to all workers. */
void dais_back_beat(dais_broker_t *broker);

/* Whether this key may pass this door; the front asks the roster. */
bool dais_door_admits(const dais_door_t *door, const uint8_t key[DAIS_CURVE_KEY_SIZE]);

#endif
