/* SPDX-License-Identifier: Apache-2.0 */
#include "broker/broker.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdlib.h>

#include "broker/door_mode.h"
#include "broker/settings.h"

/* Messages of one connection that libzmq holds, in either direction: they are in no budget. To a
 * worker it has to hold all that credits allow, and those are counted. */
#define FRONT_RECEIVE_MAX 2
#define RECEIVE_MAX       16
#define SEND_MAX          16
#define BACK_EXTRA        64 /* heartbeats among the requests */

#define EXPIRY_TICK_MS   250
#define OUTBOX_MS_MAX    10
#define ROSTER_TICK_MS   1000
#define REPORT_TICK_MS   10000
#define EXPIRED_RETRY_MS 1000

/* A key that was revoked while its request waited gets no further. */
static bool broker_may_pass(const dais_broker_t *broker, const dais_request_t *request)
{
    const uint8_t *key = request->address + request->address_size - DAIS_CURVE_KEY_SIZE;
    return sodium_is_zero(key, DAIS_CURVE_KEY_SIZE) || dais_roster_has(broker->roster, key);
}

static void broker_refuse(dais_broker_t *broker, dais_request_t *request, dais_err_t err,
                          uint64_t retry_ms)
{
    char name[DAIS_MDP_SERVICE_MAX + 1];
    dais_slice_t call_id =
        dais_slice(request->call_id, request->has_call_id ? DAIS_MDP_CALL_ID_SIZE : 0);
    dais_slice_t service = dais_queue_service_of(request)->node.key;
    memcpy(name, service.data, service.size);
    dais_client_refuse(broker, dais_slice(request->address, request->address_size),
                       dais_slice(name, service.size), call_id, err, retry_ms);
    dais_queue_end(broker->queue, request);
}

/* Sends the request to the worker; its body stays with it. */
static dais_err_t broker_hand_over(dais_broker_t *broker, const dais_worker_t *worker,
                                   dais_request_t *request)
{
    dais_parts_t parts = {.count = 0};
    dais_slice_t address = dais_slice(request->address, request->address_size);
    dais_err_t err = dais_parts_add(&parts, worker->node.key);
    if (err == DAIS_OK)
        err = dais_mdp_worker_open(&parts, DAIS_MDP_WORKER_REQUEST, address);
    size_t head_count = parts.count;
    for (size_t i = 0; i < request->body.count && err == DAIS_OK; i++)
        err = dais_parts_move(&parts, &request->body.frames[i]);
    if (err == DAIS_OK)
        err = dais_parts_send_keeping(&parts, broker->back.socket);
    for (size_t i = head_count; i < parts.count; i++) {
        request->body.frames[i - head_count] = parts.frames[i];
        parts.frames[i] = NULL;
    }
    dais_parts_drop(&parts);
    return err;
}

/* Until one of both sides runs out. The service lives on while one of its workers does, and is not
 * touched any more once a worker was lost: that has dispatched what is left. */
void dais_broker_dispatch(dais_broker_t *broker, dais_service_t *service)
{
    for (;;) {
        dais_worker_t *worker = dais_staff_next(service);
        dais_request_t *request = worker == NULL ? NULL : dais_queue_take(broker->queue, service);
        if (request == NULL)
            return;
        if (!broker_may_pass(broker, request)) {
            broker->figures.not_admitted_count++;
            broker_refuse(broker, request, DAIS_ERR_NOT_ADMITTED, 0);
            continue;
        }
        dais_err_t err = broker_hand_over(broker, worker, request);
        if (err != DAIS_OK)
            dais_queue_give_back(broker->queue, request);
        else
            dais_staff_hold(worker, request);
        if (err == DAIS_ERR_PEER_GONE)
            dais_back_lose(broker, worker, "unreachable", false);
        if (err != DAIS_OK)
            return;
    }
}

/* What a worker had and lost is not refused: nobody knows what became of it. */
static void broker_expire(void *context)
{
    dais_broker_t *broker = (dais_broker_t *)context;
    uint64_t now_ms = dais_loop_now(broker->daemon->loop).boot_ms;
    dais_request_t *request = dais_queue_expired(broker->queue, now_ms);
    for (; request != NULL; request = dais_queue_expired(broker->queue, now_ms)) {
        broker->figures.expired_count++;
        if (request->was_given_back)
            dais_queue_end(broker->queue, request);
        else
            broker_refuse(broker, request, DAIS_ERR_BUSY, EXPIRED_RETRY_MS);
    }
    dais_loop_timer(broker->daemon->loop, &broker->expiry_timer, EXPIRY_TICK_MS);
}

static void broker_beat(void *context)
{
    dais_broker_t *broker = (dais_broker_t *)context;
    dais_back_beat(broker);
    dais_loop_timer(broker->daemon->loop, &broker->beat_timer, broker->heartbeat_ms);
}

/* A ROUTER does not say when one of its peers takes more, so it is tried: at once again as long as
 * something goes, a little later and less often when nothing does. */
static void broker_send_waiting(void *context)
{
    dais_broker_t *broker = (dais_broker_t *)context;
    bool moved = dais_outbox_retry(broker->outbox, dais_loop_now(broker->daemon->loop).boot_ms);
    if (moved)
        broker->outbox_wait_ms = 0;
    else if (broker->outbox_wait_ms < OUTBOX_MS_MAX)
        broker->outbox_wait_ms++;
    if (dais_outbox_figures(broker->outbox).waiting_count > 0)
        dais_loop_timer(broker->daemon->loop, &broker->outbox_timer, broker->outbox_wait_ms);
}

static void broker_look_at_rosters(void *context)
{
    dais_broker_t *broker = (dais_broker_t *)context;
    (void)dais_roster_refresh(broker->roster, false);
    dais_loop_timer(broker->daemon->loop, &broker->roster_timer, ROSTER_TICK_MS);
}

static void broker_log_figures(dais_broker_t *broker)
{
    const dais_broker_figures_t *figures = &broker->figures;
    dais_outbox_figures_t answers = dais_outbox_figures(broker->outbox);
    dais_log_line_t line;
    dais_log_begin(&line, &broker->daemon->log, DAIS_LOG_INFO, "traffic");
    dais_log_u64(&line, "requests", figures->request_count);
    dais_log_u64(&line, "answers", answers.sent_count);
    dais_log_u64(&line, "answers_dropped", answers.dropped_count + answers.gone_count);
    dais_log_u64(&line, "busy", figures->busy_count);
    dais_log_u64(&line, "expired", figures->expired_count);
    dais_log_u64(&line, "not_admitted", figures->not_admitted_count);
    dais_log_u64(&line, "malformed", figures->malformed_count);
    dais_log_u64(&line, "oversize", figures->oversize_count);
    dais_log_u64(&line, "stray", figures->stray_count);
    dais_log_end(&line);
}

/* A line only when something was turned away: what went well is in the status. */
static void broker_report(void *context)
{
    dais_broker_t *broker = (dais_broker_t *)context;
    dais_broker_figures_t compared = broker->figures;
    dais_queue_figures_t queue = dais_queue_figures(broker->queue);
    compared.request_count = broker->reported.request_count;
    if (memcmp(&compared, &broker->reported, sizeof(compared)) != 0)
        broker_log_figures(broker);
    broker->reported = broker->figures;
    dais_daemon_status(
        broker->daemon,
        "%zu workers, %zu keys, %zu waiting, %zu held, %zu KiB, %" PRIu64 " requests",
        dais_staff_count(broker->staff), dais_roster_key_count(broker->roster), queue.waiting_count,
        queue.held_count, queue.bytes / 1024, broker->figures.request_count);
    dais_loop_timer(broker->daemon->loop, &broker->report_timer, REPORT_TICK_MS);
}

static bool broker_admit(void *context, const char *domain, const uint8_t *key)
{
    dais_broker_t *broker = (dais_broker_t *)context;
    const dais_door_t *doors[] = {&broker->front, &broker->door, &broker->back};
    for (size_t i = 0; i < sizeof doors / sizeof doors[0]; i++) {
        if (strcmp(doors[i]->name, domain) == 0)
            return dais_door_admits(doors[i], key);
    }
    return false;
}

static void broker_log_door(dais_broker_t *broker, const char *event, const char *name,
                            dais_err_t err)
{
    dais_log_line_t line;
    dais_log_begin(&line, &broker->daemon->log, err == DAIS_OK ? DAIS_LOG_INFO : DAIS_LOG_ERROR,
                   event);
    dais_log_text(&line, "door", name);
    if (err != DAIS_OK)
        dais_log_err(&line, err);
    dais_log_end(&line);
}

static void broker_tested(void *context, dais_err_t err)
{
    dais_broker_t *broker = (dais_broker_t *)context;
    broker_log_door(broker, err == DAIS_OK ? "stranger-refused" : "stranger-not-refused", "front",
                    err);
    if (err == DAIS_OK)
        dais_daemon_ready(broker->daemon);
    else
        dais_daemon_fail(broker->daemon, err, "self-test-failed");
}

static const char *config_setting(const dais_config_t *config, const dais_door_t *door,
                                  const char *name, size_t i)
{
    char full[64];
    (void)snprintf(full, sizeof(full), "%s/%s", door->name, name);
    return dais_config_text_at(config, full, i);
}

static const char *broker_setting(const dais_broker_t *broker, const dais_door_t *door,
                                  const char *name, size_t i)
{
    return config_setting(broker->daemon->config, door, name, i);
}

/* The keys that are listed, all or, after an error, those of before. Only door and back list keys
 * and have a group. */
static dais_err_t door_keys(dais_door_t *door, const dais_config_t *config)
{
    uint8_t keys[DAIS_BROKER_KEY_COUNT_MAX][DAIS_CURVE_KEY_SIZE];
    size_t count = 0;
    if (door == &door->broker->front)
        return DAIS_OK;
    const char *text = config_setting(config, door, "key", 0);
    for (; text != NULL; text = config_setting(config, door, "key", count)) {
        if (count == DAIS_BROKER_KEY_COUNT_MAX)
            return DAIS_ERR_NO_SPACE;
        dais_err_t err = dais_curve_parse(dais_slice_text(text), keys[count++]);
        if (err != DAIS_OK)
            return err;
    }
    door->key_count = count;
    if (count > 0)
        memcpy(door->keys, keys, count * sizeof(keys[0]));
    return DAIS_OK;
}

static void door_reread(dais_door_t *door, const dais_config_t *config)
{
    dais_log_line_t line;
    if (door->socket == NULL || !door->has_curve)
        return;
    dais_err_t err = door_keys(door, config);
    dais_log_begin(&line, &door->broker->daemon->log,
                   err == DAIS_OK ? DAIS_LOG_INFO : DAIS_LOG_ERROR, "keys-read");
    dais_log_text(&line, "door", door->name);
    dais_log_u64(&line, "keys", door->key_count);
    if (err != DAIS_OK)
        dais_log_err(&line, err);
    dais_log_end(&line);
}

/* SIGHUP: all lists of keys, those of the rosters and those of the configuration. Whoever is on
 * none any more is refused with the next message. */
void dais_broker_reload(dais_daemon_t *daemon)
{
    dais_broker_t *broker = (dais_broker_t *)daemon->state;
    dais_config_t *config;
    (void)dais_roster_refresh(broker->roster, true);
    if (dais_daemon_reread(daemon, &config) != DAIS_OK)
        return;
    door_reread(&broker->door, config);
    door_reread(&broker->back, config);
    dais_config_destroy(&config);
}

static dais_err_t door_bind(dais_broker_t *broker, dais_door_t *door, dais_curve_pair_t *pair,
                            dais_ready_t *ready)
{
    bool is_front = door == &broker->front;
    bool is_back = door == &broker->back;
    int credits = (int)dais_config_number(broker->daemon->config, "back/credits");
    dais_socket_options_t options = {
        .type = ZMQ_ROUTER,
        .own = door->has_curve ? pair : NULL,
        .domain = door->name,
        .frame_size_max = is_front ? DAIS_FRAME_OUTSIDE_MAX : DAIS_FRAME_SIZE_MAX,
        .receive_max = is_front ? FRONT_RECEIVE_MAX : RECEIVE_MAX,
        .send_max = is_back ? credits + BACK_EXTRA : SEND_MAX,
        .group = is_front ? NULL : broker_setting(broker, door, "group", 0)};
    dais_err_t err =
        dais_socket_bind(&options, broker_setting(broker, door, "endpoint", 0), &door->socket);
    if (err == DAIS_OK)
        err = dais_loop_socket(broker->daemon->loop, door->socket, ready, door, &door->watch);
    return err;
}

/* The front's stranger is sent as soon as the front stands. */
static dais_err_t door_open(dais_broker_t *broker, dais_door_t *door, dais_ready_t *ready)
{
    dais_curve_pair_t pair;
    char endpoint[256];
    if (broker_setting(broker, door, "endpoint", 0) == NULL)
        return DAIS_OK;
    const char *secret = broker_setting(broker, door, "secret-key", 0);
    dais_err_t err = secret == NULL ? DAIS_OK : dais_curve_read(secret, &pair);
    door->has_curve = secret != NULL;
    if (err == DAIS_OK)
        err = door_keys(door, broker->daemon->config);
    if (err == DAIS_OK)
        err = door_bind(broker, door, &pair, ready);
    if (err == DAIS_OK)
        err = dais_socket_endpoint(door->socket, endpoint, sizeof(endpoint));
    if (err == DAIS_OK && door == &broker->front)
        err = dais_selftest_new(broker->daemon->loop, endpoint, pair.public_key, broker_tested,
                                broker, &broker->selftest);
    sodium_memzero(&pair, sizeof(pair));
    broker_log_door(broker, "door", err == DAIS_OK ? endpoint : door->name, err);
    dais_door_mode(&broker->daemon->log, door->name, secret,
                   broker_setting(broker, door, "endpoint", 0), err);
    return err;
}

static dais_err_t broker_open(dais_broker_t *broker)
{
    dais_err_t err = dais_zap_open(broker->daemon->loop, broker_admit, broker, &broker->zap);
    if (err == DAIS_OK)
        err = door_open(broker, &broker->back, dais_back_ready);
    if (err == DAIS_OK)
        err = door_open(broker, &broker->door, dais_client_ready);
    if (err == DAIS_OK)
        err = door_open(broker, &broker->front, dais_client_ready);
    return err;
}

static dais_err_t broker_make(dais_daemon_t *daemon, dais_broker_t *broker)
{
    dais_queue_limits_t queue = dais_broker_queue_limits(daemon->config);
    dais_staff_limits_t staff = dais_broker_staff_limits(daemon->config);
    dais_outbox_limits_t outbox = dais_broker_outbox_limits(daemon->config);
    dais_err_t err = dais_queue_new(&queue, &daemon->random, &broker->queue);
    if (err == DAIS_OK)
        err = dais_staff_new(&staff, broker->queue, &daemon->random, &broker->staff);
    if (err == DAIS_OK)
        err = dais_outbox_new(&outbox, &daemon->random, &broker->outbox);
    if (err == DAIS_OK)
        err = dais_roster_new(dais_config_text(daemon->config, "front/rosters"), &daemon->log,
                              &broker->roster);
    if (err == DAIS_OK)
        (void)dais_roster_refresh(broker->roster, true);
    return err;
}

static void broker_start_timers(dais_broker_t *broker)
{
    dais_loop_t *loop = broker->daemon->loop;
    broker->heartbeat_ms = dais_config_number(broker->daemon->config, "back/heartbeat");
    broker->expiry_timer = (dais_timer_t){.fire = broker_expire, .context = broker};
    broker->beat_timer = (dais_timer_t){.fire = broker_beat, .context = broker};
    broker->outbox_timer = (dais_timer_t){.fire = broker_send_waiting, .context = broker};
    broker->roster_timer = (dais_timer_t){.fire = broker_look_at_rosters, .context = broker};
    broker->report_timer = (dais_timer_t){.fire = broker_report, .context = broker};
    dais_loop_timer(loop, &broker->expiry_timer, EXPIRY_TICK_MS);
    dais_loop_timer(loop, &broker->beat_timer, broker->heartbeat_ms);
    dais_loop_timer(loop, &broker->roster_timer, ROSTER_TICK_MS);
    dais_loop_timer(loop, &broker->report_timer, 0);
}

dais_err_t dais_broker_start(dais_daemon_t *daemon)
{
    dais_broker_t *broker = (dais_broker_t *)calloc(1, sizeof(*broker));
    if (broker == NULL)
        return DAIS_ERR_NO_MEMORY;
    daemon->state = broker;
    broker->daemon = daemon;
    broker->front = (dais_door_t){.broker = broker, .name = "front"};
    broker->door = (dais_door_t){.broker = broker, .name = "door"};
    broker->back = (dais_door_t){.broker = broker, .name = "back"};
    broker_start_timers(broker);
    dais_err_t err = broker_make(daemon, broker);
    if (err == DAIS_OK)
        err = broker_open(broker);
    if (err == DAIS_OK && broker->front.socket == NULL)
        dais_daemon_ready(daemon);
    return err;
}

static void door_close(dais_broker_t *broker, dais_door_t *door)
{
    dais_loop_unwatch(broker->daemon->loop, &door->watch);
    dais_socket_close(&door->socket);
}

void dais_broker_stop(dais_daemon_t *daemon)
{
    dais_broker_t *broker = (dais_broker_t *)daemon->state;
    if (broker == NULL)
        return;
    if (broker->outbox != NULL)
        broker_log_figures(broker);
    dais_selftest_destroy(&broker->selftest);
    door_close(broker, &broker->front);
    door_close(broker, &broker->door);
    door_close(broker, &broker->back);
    dais_zap_close(&broker->zap);
    dais_outbox_destroy(&broker->outbox);
    dais_staff_destroy(&broker->staff);
    dais_queue_destroy(&broker->queue);
    dais_roster_destroy(&broker->roster);
    free(broker);
    daemon->state = NULL;
}
