/* SPDX-License-Identifier: Apache-2.0
 *
 * The daemon: opens what its configuration names, and hands it to the loop. */
#include <stdlib.h>

#include "proto/device.h"
#include "registry/command.h"
#include "registry/serve.h"
#include "registry/settings.h"

#define STATUS_MS 10000

typedef struct {
    dais_house_t house;
    dais_clock_file_t clock_file;
    dais_registry_broker_t broker;
    dais_serving_t *serving;
    dais_timer_t status;
} registry_t;

static void registry_status(void *context)
{
    dais_daemon_t *daemon = (dais_daemon_t *)context;
    registry_t *registry = (registry_t *)daemon->state;
    dais_serving_figures_t figures = dais_serving_figures(registry->serving);
    dais_daemon_status(daemon, "%zu cycles, %llu entries", figures.cycle_count,
                       (unsigned long long)figures.entry_count);
    dais_loop_timer(daemon->loop, &registry->status, STATUS_MS);
}

static void registry_failed(void *context, dais_err_t err)
{
    dais_daemon_fail((dais_daemon_t *)context, err, "registry-failed");
}

static dais_err_t registry_house(dais_daemon_t *daemon, registry_t *registry)
{
    dais_registry_house(daemon->config, &registry->house);
    registry->house.clock = daemon->clock;
    registry->house.random = daemon->random;
    registry->house.lines = &daemon->log;
    dais_err_t err = dais_crypto_init();
    if (err == DAIS_OK && dais_config_count(daemon->config, "clock-file") > 0)
        err = dais_clock_file(&registry->clock_file, dais_config_text(daemon->config, "clock-file"),
                              &registry->house.clock);
    if (err == DAIS_OK)
        err = dais_registry_broker(daemon->config, &registry->broker);
    return err == DAIS_OK ? dais_house_open(&registry->house) : err;
}

static dais_err_t registry_start(dais_daemon_t *daemon)
{
    registry_t *registry = calloc(1, sizeof *registry);
    if (registry == NULL)
        return DAIS_ERR_NO_MEMORY;
    daemon->state = registry;
    dais_err_t err = registry_house(daemon, registry);
    if (err != DAIS_OK)
        return err;
    dais_serving_options_t options = {
        .loop = daemon->loop,
        .house = &registry->house,
        .broker = &registry->broker,
        .credits = (uint32_t)dais_config_number(daemon->config, "broker/credits"),
        .is_played = dais_config_count(daemon->config, "clock-file") > 0,
        .failed = registry_failed,
        .context = daemon};
    err = dais_serving_start(&options, &registry->serving);
    if (err != DAIS_OK)
        return err;
    registry->status = (dais_timer_t){.fire = registry_status, .context = daemon};
    registry_status(daemon);
    dais_daemon_ready(daemon);
    return DAIS_OK;
}

/* SIGHUP: cycles that were created meanwhile. */
static void registry_reload(dais_daemon_t *daemon)
{
    registry_t *registry = (registry_t *)daemon->state;
    dais_log_line_t line;
    dais_err_t err = dais_serving_reload(registry->serving);
    dais_log_begin(&line, &daemon->log, err == DAIS_OK ? DAIS_LOG_INFO : DAIS_LOG_ERROR,
                   "cycles-reloaded");
    dais_log_u64(&line, "cycles", dais_serving_figures(registry->serving).cycle_count);
    if (err != DAIS_OK)
        dais_log_err(&line, err);
    dais_log_end(&line);
}

static void registry_stop(dais_daemon_t *daemon)
{
    registry_t *registry = (registry_t *)daemon->state;
    if (registry == NULL)
        return;
    dais_loop_cancel(daemon->loop, &registry->status);
    dais_serving_stop(&registry->serving);
    dais_house_close(&registry->house);
    free(registry);
    daemon->state = NULL;
}

static const dais_metric_t registry_metrics[] = {
#define METRIC(name, type, value, text) {"dais_registry_" #name, DAIS_METRIC_##type, text},
#include "registry/metrics.def"
#undef METRIC
    {.name = NULL},
};

static void registry_measure(dais_daemon_t *daemon, uint64_t values[DAIS_METRICS_MAX])
{
    const registry_t *registry = (const registry_t *)daemon->state;
    dais_serving_figures_t figures = dais_serving_figures(registry->serving);
    size_t i = 0;
#define METRIC(name, type, value, text) values[i++] = (uint64_t)(value);
#include "registry/metrics.def"
#undef METRIC
}

static const char *const registry_examples[] = {"dais-registry --check-config",
                                                "dais-registry check dialogue-2027", NULL};

int main(int argc, char **argv)
{
    const dais_daemon_spec_t spec = {
        .name = "dais-registry",
        .text = "keeps the log of each cycle and rules on what is said",
        .about =
            "Without a command it serves: it opens every cycle in its data folder, verifies each"
            " against its fork guard, and answers at the broker until SIGTERM or SIGINT. One"
            " process alone writes a cycle's log.",
        .examples = registry_examples,
        .config_path = DAIS_REGISTRY_CONFIG,
        .settings = dais_registry_settings,
        .commands = dais_registry_commands,
        .start = registry_start,
        .reload = registry_reload,
        .stop = registry_stop,
        .metrics = registry_metrics,
        .measure = registry_measure};
    return dais_daemon_main(&spec, argc, argv);
}
