/* SPDX-License-Identifier: Apache-2.0
 *
 * Three rhythms: after each pass of the loop that brought something in, one commit; ten times a
 * second a look at deadlines and hand-over, as a played clock wakes nobody; each second clock, disk
 * and rosters. After a failure of the core nobody is answered, and the loop ends. */
#include "intake/service.h"

#include <assert.h>
#include <stdlib.h>

#include "intake/hand_over.h"

#define SERVICE_BEAT_MS      100
#define SERVICE_SECOND_MS    1000
#define SERVICE_LOOK_MS      2000  /* between two looks at the dates of a cycle */
#define SERVICE_CALL_MS      30000 /* for an answer of a registry */
#define SERVICE_LOOK_WAIT_MS 10000

/* One call under way, in the list of all. */
typedef struct service_call {
    dais_intake_service_t *service;
    size_t cycle;
    uint64_t j;
    struct service_call *next;
    struct service_call **link; /* what points here */
} service_call_t;

/* One name that it answers to. */
typedef struct {
    dais_intake_service_t *service;
    dais_mdp_worker_t *worker;
} service_door_t;

struct dais_intake_service {
    dais_daemon_t *daemon;
    dais_intake_service_options_t options;
    dais_intake_t *intake;
    service_door_t doors[DAIS_INTAKE_SERVICES_MAX];
    dais_mdp_client_t *client;
    dais_timer_t commit;
    dais_timer_t beat;
    dais_timer_t second;
    service_call_t *calls;
    dais_err_t rosters_err; /* of the last look at their folder: told once */
    bool looking[DAIS_INTAKE_CYCLES_MAX];
    uint64_t look_at_ms[DAIS_INTAKE_CYCLES_MAX]; /* boot clock: when to look again */
    uint64_t stamp_count;                        /* as of the last beat */
    dais_intake_times_t times;
};

static bool service_is_well(dais_intake_service_t *service)
{
    dais_err_t err = dais_intake_failure(service->intake);
    if (err != DAIS_OK)
        dais_daemon_fail(service->daemon, err, "spool-failed");
    return err == DAIS_OK;
}

static uint64_t service_boot_ms(const dais_intake_service_t *service)
{
    return dais_loop_now(service->daemon->loop).boot_ms;
}

/* A token of the core is one of a worker, with the worker's number in front. */
#define TOKEN_SLOT_MASK 0xffffffU
#define TOKEN_DOOR_BITS 56

_Static_assert(DAIS_MDP_CREDIT_COUNT_MAX <= TOKEN_SLOT_MASK, "a slot leaves room for the worker");

static uint64_t token_pack(size_t door, dais_mdp_token_t token)
{
    return (uint64_t)door << TOKEN_DOOR_BITS | (uint64_t)token.slot << 32 | token.turn;
}

void dais_intake_service_answer(void *context, uint64_t token, dais_slice_t body)
{
    dais_intake_service_t *service = (dais_intake_service_t *)context;
    dais_mdp_token_t back = {.slot = (uint32_t)(token >> 32) & TOKEN_SLOT_MASK,
                             .turn = (uint32_t)token};
    dais_mdp_worker_answer(service->doors[token >> TOKEN_DOOR_BITS].worker, back, body);
}

static void service_serve(void *context, const dais_mdp_request_t *request)
{
    const service_door_t *door = (const service_door_t *)context;
    dais_intake_service_t *service = door->service;
    if (!service_is_well(service))
        return;
    dais_intake_submit(service->intake, request->body, request->key,
                       token_pack((size_t)(door - service->doors), request->token));
    if (service_is_well(service) && !service->commit.armed)
        dais_loop_timer(service->daemon->loop, &service->commit, 0);
}

static void service_hand_over(dais_intake_service_t *service);

static void call_free(service_call_t *call)
{
    *call->link = call->next;
    if (call->next != NULL)
        call->next->link = call->link;
    free(call);
}

static void call_ended(void *context, const dais_mdp_answer_t *answer)
{
    service_call_t *call = (service_call_t *)context;
    dais_intake_service_t *service = call->service;
    if (answer->partial)
        return;
    uint64_t boot_ms = service_boot_ms(service);
    if (answer->err == DAIS_OK)
        service->times.answered_ms = dais_loop_now(service->daemon->loop).wall_ms;
    if (answer->err == DAIS_OK)
        dais_intake_answered(service->intake, call->cycle, call->j, answer->body, boot_ms);
    else
        dais_intake_unanswered(service->intake, call->cycle, call->j, boot_ms);
    call_free(call);
    service_hand_over(service);
}

static void call_add(dais_intake_service_t *service, service_call_t *call)
{
    call->next = service->calls;
    call->link = &service->calls;
    if (call->next != NULL)
        call->next->link = &call->next;
    service->calls = call;
}

/* Makes a call; false, and no callback, if it cannot be made now. */
static bool service_call(dais_intake_service_t *service, const service_call_t *what,
                         dais_slice_t body, uint32_t timeout_ms, dais_mdp_answered_t *ended)
{
    char name[DAIS_MDP_SERVICE_MAX + 1];
    service_call_t *call = (service_call_t *)calloc(1, sizeof *call);
    if (call == NULL)
        return false;
    *call = *what;
    call->service = service;
    call_add(service, call);
    if (dais_intake_service_name(service->intake, call->cycle, name, sizeof name) &&
        dais_mdp_client_call(service->client, name, body, timeout_ms, ended, call) == DAIS_OK)
        return true;
    call_free(call);
    return false;
}

static void cycle_hand_over(dais_intake_service_t *service, size_t cycle)
{
    dais_slice_t body;
    uint64_t j;
    uint64_t boot_ms = service_boot_ms(service);
    while (dais_intake_next(service->intake, cycle, boot_ms, &body, &j)) {
        service_call_t call = {.cycle = cycle, .j = j};
        if (!service_call(service, &call, body, SERVICE_CALL_MS, call_ended))
            dais_intake_unanswered(service->intake, cycle, j, boot_ms);
    }
}

static void service_hand_over(dais_intake_service_t *service)
{
    size_t count = dais_intake_figures(service->intake).cycle_count;
    for (size_t cycle = 0; cycle < count && service_is_well(service); cycle++)
        cycle_hand_over(service, cycle);
}

static void look_ended(void *context, const dais_mdp_answer_t *answer)
{
    service_call_t *call = (service_call_t *)context;
    dais_intake_service_t *service = call->service;
    if (answer->partial)
        return;
    if (answer->err == DAIS_OK)
        dais_intake_shown(service->intake, call->cycle, answer->body);
    service->looking[call->cycle] = false;
    service->look_at_ms[call->cycle] = service_boot_ms(service) + SERVICE_LOOK_MS;
    call_free(call);
}

static void cycle_look(dais_intake_service_t *service, size_t cycle)
{
    dais_slice_t body;
    service_call_t call = {.cycle = cycle};
    if (dais_intake_look(service->intake, cycle, &body) == DAIS_OK)
        service->looking[cycle] =
            service_call(service, &call, body, SERVICE_LOOK_WAIT_MS, look_ended);
}

static void service_look(dais_intake_service_t *service)
{
    size_t count = dais_intake_figures(service->intake).cycle_count;
    uint64_t boot_ms = service_boot_ms(service);
    for (size_t cycle = 0; cycle < count; cycle++) {
        if (!service->looking[cycle] && boot_ms >= service->look_at_ms[cycle])
            cycle_look(service, cycle);
    }
}

/* The core keeps its own failure; here it ends the loop. */
static void service_commit(void *context)
{
    dais_intake_service_t *service = (dais_intake_service_t *)context;
    if (dais_intake_commit(service->intake) == DAIS_OK)
        service_hand_over(service);
    (void)service_is_well(service);
}

static void service_beat(void *context)
{
    dais_intake_service_t *service = (dais_intake_service_t *)context;
    service_commit(service);
    uint64_t stamp_count = dais_intake_figures(service->intake).stamp_count;
    if (stamp_count != service->stamp_count)
        service->times.stamped_ms = dais_loop_now(service->daemon->loop).wall_ms;
    service->stamp_count = stamp_count;
    service_look(service);
    dais_loop_timer(service->daemon->loop, &service->beat, SERVICE_BEAT_MS);
}

static void service_read_rosters(dais_intake_service_t *service, bool all)
{
    dais_err_t before = service->rosters_err;
    dais_err_t err =
        dais_rosters_read(service->options.rosters, service->intake, &service->daemon->log, all);
    service->rosters_err = err;
    if (err == DAIS_OK || err == before)
        return;
    dais_log_line_t line;
    dais_log_begin(&line, &service->daemon->log, DAIS_LOG_ERROR, "rosters-unread");
    dais_log_err(&line, err);
    dais_log_end(&line);
}

static void service_second(void *context)
{
    dais_intake_service_t *service = (dais_intake_service_t *)context;
    service_read_rosters(service, false);
    if (dais_intake_second(service->intake) != DAIS_OK)
        (void)service_is_well(service);
    dais_loop_timer(service->daemon->loop, &service->second, SERVICE_SECOND_MS);
}

dais_intake_times_t dais_intake_service_times(const dais_intake_service_t *service)
{
    return service->times;
}

void dais_intake_service_reload(void *context)
{
    service_read_rosters((dais_intake_service_t *)context, true);
}

dais_err_t dais_intake_service_new(dais_daemon_t *daemon,
                                   const dais_intake_service_options_t *options,
                                   dais_intake_service_t **out)
{
    dais_intake_service_t *service = (dais_intake_service_t *)calloc(1, sizeof *service);
    *out = service;
    if (service == NULL)
        return DAIS_ERR_NO_MEMORY;
    service->daemon = daemon;
    service->options = *options;
    service->commit = (dais_timer_t){.fire = service_commit, .context = service};
    service->beat = (dais_timer_t){.fire = service_beat, .context = service};
    service->second = (dais_timer_t){.fire = service_second, .context = service};
    return DAIS_OK;
}

static dais_err_t service_open_door(dais_intake_service_t *service, size_t number)
{
    const dais_intake_service_options_t *options = &service->options;
    service_door_t *door = &service->doors[number];
    door->service = service;
    dais_mdp_worker_options_t worker = {.endpoint = options->back,
                                        .own = options->own,
                                        .server_key = options->broker_key,
                                        .service = options->services[number],
                                        .credit_count = options->credit_count,
                                        .heartbeat_ms = options->heartbeat_ms,
                                        .serve = service_serve,
                                        .context = door};
    return dais_mdp_worker_new(service->daemon->loop, &service->daemon->random, &worker,
                               &door->worker);
}

dais_err_t dais_intake_service_start(dais_intake_service_t *service, dais_intake_t *intake)
{
    const dais_intake_service_options_t *options = &service->options;
    service->intake = intake;
    service_read_rosters(service, true);
    dais_mdp_client_options_t client = {.endpoint = options->door,
                                        .own = options->own,
                                        .server_key = options->broker_key,
                                        .call_count_max = DAIS_MDP_CALL_COUNT_MAX};
    dais_err_t err = dais_mdp_client_new(service->daemon->loop, &service->daemon->random, &client,
                                         &service->client);
    for (size_t i = 0; i < options->service_count && err == DAIS_OK; i++)
        err = service_open_door(service, i);
    if (err != DAIS_OK)
        return err;
    dais_loop_timer(service->daemon->loop, &service->beat, 0);
    dais_loop_timer(service->daemon->loop, &service->second, SERVICE_SECOND_MS);
    return DAIS_OK;
}

void dais_intake_service_free(dais_intake_service_t **freed)
{
    dais_intake_service_t *service = *freed;
    if (service == NULL)
        return;
    dais_loop_cancel(service->daemon->loop, &service->commit);
    dais_loop_cancel(service->daemon->loop, &service->beat);
    dais_loop_cancel(service->daemon->loop, &service->second);
    for (size_t i = 0; i < service->options.service_count; i++) {
        if (service->doors[i].worker != NULL)
            dais_mdp_worker_destroy(&service->doors[i].worker);
    }
    if (service->client != NULL)
        dais_mdp_client_destroy(&service->client);
    for (service_call_t *call = service->calls; call != NULL;) {
        service_call_t *next = call->next;
        free(call);
        call = next;
    }
    free(service);
    *freed = NULL;
}
