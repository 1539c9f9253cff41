/* SPDX-License-Identifier: Apache-2.0
 *
 * Brings the intake up in an order in which nothing is answered before all is known: key, room on
 * the disk, the one lock, the spool with everything that was stamped, a real write, the rosters,
 * the sockets. */
#include "intake/daemon.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/ballast.h"
#include "base/clock_file.h"
#include "base/curve.h"
#include "base/file.h"
#include "base/lock.h"
#include "intake/machine.h"
#include "intake/service.h"
#include "intake/settings.h"
#include "proto/load/load.h"

#define STATUS_MS 5000

typedef struct {
    dais_device_t device;
    dais_curve_pair_t pair;
    uint8_t broker_key[DAIS_CURVE_KEY_SIZE];
    dais_clock_file_t clock_file;
    dais_clock_t clock;
    dais_intake_machine_t machine;
    char ballast[PATH_MAX];
    int lock;
    dais_rosters_t *rosters;
    dais_intake_service_t *service;
    dais_intake_t *intake;
    dais_timer_t status;
} intake_daemon_t;

static dais_err_t daemon_read_key(intake_daemon_t *state, const char *path)
{
    dais_err_t err = dais_load_device(path, &state->device);
    if (err == DAIS_OK)
        state->pair = dais_load_pair(&state->device);
    return err;
}

static dais_err_t daemon_open_clock(dais_daemon_t *daemon, intake_daemon_t *state)
{
    dais_err_t err = DAIS_OK;
    state->clock = dais_clock_system();
    if (dais_config_count(daemon->config, "clock/file") > 0)
        err = dais_clock_file(&state->clock_file, dais_config_text(daemon->config, "clock/file"),
                              &state->clock);
    state->machine = dais_intake_machine(&state->clock);
    return err;
}

static dais_err_t daemon_look_at_ballast(dais_daemon_t *daemon, intake_daemon_t *state)
{
    uint64_t free_bytes;
    dais_err_t err = state->machine.disk_free(
        state->machine.context, dais_config_text(daemon->config, "spool/folder"), &free_bytes);
    if (err != DAIS_OK)
        return err;
    return dais_ballast_look(state->ballast, dais_config_number(daemon->config, "spool/ballast"),
                             dais_config_number(daemon->config, "spool/disk-floor"), free_bytes,
                             &daemon->log);
}

/* The folder of the spool, and in it what no other process may have while this one runs. A ballast
 * that cannot be taken is no reason not to start. */
static dais_err_t daemon_open_folder(dais_daemon_t *daemon, intake_daemon_t *state)
{
    const char *folder = dais_config_text(daemon->config, "spool/folder");
    char path[PATH_MAX];
    dais_err_t err = DAIS_OK;
    if (strcmp(dais_config_text(daemon->config, "spool/create"), "yes") == 0)
        err = dais_file_ensure_folder(folder, S_IRWXU);
    if (snprintf(state->ballast, sizeof state->ballast, "%s/ballast", folder) >=
            (int)sizeof state->ballast ||
        snprintf(path, sizeof path, "%s/lock", folder) >= (int)sizeof path)
        return DAIS_ERR_TOO_LONG;
    if (err == DAIS_OK)
        err = dais_lock_take(path, &state->lock);
    if (err == DAIS_OK)
        (void)daemon_look_at_ballast(daemon, state);
    return err;
}

static dais_err_t daemon_open_core(dais_daemon_t *daemon, intake_daemon_t *state)
{
    const dais_config_t *config = daemon->config;
    dais_intake_options_t options = {
        .folder = dais_config_text(config, "spool/folder"),
        .create = strcmp(dais_config_text(config, "spool/create"), "yes") == 0,
        .device = &state->device,
        .played = dais_config_count(config, "clock/file") > 0,
        .spool_bytes = (size_t)dais_config_number(config, "spool/size"),
        .disk_floor_bytes = dais_config_number(config, "spool/disk-floor"),
        .known_count = (uint32_t)dais_config_number(config, "spool/remembered"),
        .forget_ms = dais_config_number(config, "spool/forget-after"),
        .mark_ms = dais_config_number(config, "clock/mark-every"),
        .machine = &state->machine,
        .random = daemon->random,
        .log = &daemon->log,
        .answer = dais_intake_service_answer,
        .context = state->service,
    };
    return dais_intake_open(&options, &state->intake);
}

static dais_err_t daemon_open_service(dais_daemon_t *daemon, intake_daemon_t *state)
{
    const dais_config_t *config = daemon->config;
    bool curve = dais_config_count(config, "broker/key") > 0;
    dais_intake_service_options_t options = {
        .service_count = dais_config_count(config, "service"),
        .back = dais_config_text(config, "broker/back"),
        .door = dais_config_text(config, "broker/door"),
        .own = curve ? &state->pair : NULL,
        .broker_key = curve ? state->broker_key : NULL,
        .credit_count = (uint32_t)dais_config_number(config, "broker/credits"),
        .heartbeat_ms = (uint32_t)dais_config_number(config, "broker/heartbeat"),
        .rosters = state->rosters,
    };
    for (size_t i = 0; i < options.service_count; i++)
        options.services[i] = dais_config_text_at(config, "service", i);
    if (curve) {
        dais_err_t err = dais_curve_parse(dais_slice_text(dais_config_text(config, "broker/key")),
                                          state->broker_key);
        if (err != DAIS_OK)
            return err;
    }
    return dais_intake_service_new(daemon, &options, &state->service);
}

static void daemon_status(void *context)
{
    dais_daemon_t *daemon = (dais_daemon_t *)context;
    intake_daemon_t *state = (intake_daemon_t *)daemon->state;
    dais_intake_figures_t figures = dais_intake_figures(state->intake);
    dais_daemon_status(daemon, "%zu cycles, spool %ju, %ju bundles, clock %s%s",
                       figures.cycle_count, (uintmax_t)figures.spooled_count,
                       (uintmax_t)figures.bundle_count, dais_clock_doubt_word(figures.doubt),
                       figures.low_disk ? ", low disk" : "");
    (void)daemon_look_at_ballast(daemon, state);
    dais_loop_timer(daemon->loop, &state->status, STATUS_MS);
}

static dais_err_t daemon_bring_up(dais_daemon_t *daemon, intake_daemon_t *state)
{
    dais_err_t err = daemon_read_key(state, dais_config_text(daemon->config, "key"));
    if (err == DAIS_OK)
        err = daemon_open_clock(daemon, state);
    if (err == DAIS_OK)
        err = daemon_open_folder(daemon, state);
    if (err == DAIS_OK)
        err = dais_rosters_new(dais_config_text(daemon->config, "rosters"), &state->rosters);
    if (err == DAIS_OK)
        err = daemon_open_service(daemon, state);
    if (err == DAIS_OK)
        err = daemon_open_core(daemon, state);
    if (err == DAIS_OK)
        err = dais_intake_service_start(state->service, state->intake);
    if (err == DAIS_OK)
        err = dais_intake_touch(state->intake);
    return err;
}

static dais_err_t daemon_start(dais_daemon_t *daemon)
{
    intake_daemon_t *state = (intake_daemon_t *)calloc(1, sizeof *state);
    if (state == NULL)
        return DAIS_ERR_NO_MEMORY;
    daemon->state = state;
    state->lock = -1;
    dais_err_t err = daemon_bring_up(daemon, state);
    if (err != DAIS_OK) {
        dais_log_line_t line;
        dais_log_begin(&line, &daemon->log, DAIS_LOG_ERROR, "start-failed");
        dais_log_err(&line, err);
        dais_log_end(&line);
        return err;
    }
    state->status = (dais_timer_t){.fire = daemon_status, .context = daemon};
    dais_daemon_ready(daemon);
    daemon_status(daemon);
    return DAIS_OK;
}

static void daemon_reload(dais_daemon_t *daemon)
{
    dais_intake_service_reload(((intake_daemon_t *)daemon->state)->service);
}

static void daemon_stop(dais_daemon_t *daemon)
{
    intake_daemon_t *state = (intake_daemon_t *)daemon->state;
    if (state == NULL)
        return;
    dais_loop_cancel(daemon->loop, &state->status);
    dais_intake_service_free(&state->service);
    dais_intake_close(&state->intake);
    dais_rosters_free(&state->rosters);
    dais_lock_drop(&state->lock);
    dais_device_wipe(&state->device);
    sodium_memzero(&state->pair, sizeof state->pair);
    free(state);
    daemon->state = NULL;
}

static const dais_metric_t daemon_metrics[] = {
#define METRIC(name, type, value, text) {"dais_intake_" #name, DAIS_METRIC_##type, text},
#include "intake/metrics.def"
#undef METRIC
    {.name = NULL},
};

static void daemon_measure(dais_daemon_t *daemon, uint64_t values[DAIS_METRICS_MAX])
{
    const intake_daemon_t *state = (const intake_daemon_t *)daemon->state;
    dais_intake_figures_t figures = dais_intake_figures(state->intake);
    dais_intake_times_t times = dais_intake_service_times(state->service);
    size_t i = 0;
#define METRIC(name, type, value, text) values[i++] = (uint64_t)(value);
#include "intake/metrics.def"
#undef METRIC
}

static const char *const daemon_examples[] = {
    "dais-intake --config=/etc/dais/intake.zpl --check-config",
    "dais-intake --config=/etc/dais/intake.zpl", NULL};

const dais_daemon_spec_t dais_intake_daemon = {
    .name = "dais-intake",
    .text = "stamps when bundles are received, and keeps them until the registry holds them",
    .about =
        "Takes bundles from the broker, writes each group to its spool with one signed stamp, "
        "answers only then, and hands over to the registry of the cycle, in order, for however "
        "long that is away.\n\n"
        "While the clock is in doubt or the disk nearly full nothing is taken in: senders are "
        "told to try again, and nothing is lost.",
    .examples = daemon_examples,
    .config_path = "/etc/dais/intake.zpl",
    .settings = dais_intake_settings,
    .commands = dais_intake_commands,
    .check = dais_intake_settings_check,
    .start = daemon_start,
    .reload = daemon_reload,
    .stop = daemon_stop,
    .metrics = daemon_metrics,
    .measure = daemon_measure,
};
