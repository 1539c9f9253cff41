/* SPDX-License-Identifier: Apache-2.0
 *
 * Brings the publisher up: what is published already is proved first, then the broker is asked for
 * more. It writes no store but the site. */
#include "publisher/daemon.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/curve.h"
#include "base/file.h"
#include "proto/load/load.h"
#include "publisher/command_export.h"
#include "publisher/follow.h"
#include "publisher/render.h"
#include "publisher/serve.h"
#include "publisher/settings.h"

enum { PORT_TEXT_SIZE = 8, MODE = 0644 };
#define CYCLES_MAX 256

typedef struct {
    dais_daemon_t *daemon;
    dais_mdp_client_t *client;
    dais_files_t *site;
    dais_serve_t *serve;
    dais_follow_t *follows[CYCLES_MAX];
    size_t follow_count;
    uint64_t rendered_count;
    uint64_t rendered_ms; /* wall clock */
} publisher_t;

static dais_err_t pair_read(const char *path, dais_curve_pair_t *pair)
{
    dais_device_t device;
    dais_err_t err = dais_load_device(path, &device);
    if (err == DAIS_OK)
        *pair = dais_load_pair(&device);
    dais_device_wipe(&device);
    return err;
}

static dais_err_t client_open(publisher_t *publisher)
{
    const dais_config_t *config = publisher->daemon->config;
    dais_curve_pair_t pair;
    uint8_t broker[DAIS_CURVE_KEY_SIZE];
    dais_mdp_client_options_t options = {.endpoint = dais_config_text(config, "broker/door"),
                                         .patient = true};
    dais_err_t err = DAIS_OK;
    if (dais_config_count(config, "broker/key") > 0) {
        err = dais_curve_parse(dais_slice_text(dais_config_text(config, "broker/key")), broker);
        if (err == DAIS_OK)
            err = pair_read(dais_config_text(config, "key"), &pair);
        options.own = &pair;
        options.server_key = broker;
    }
    if (err == DAIS_OK)
        err = dais_mdp_client_new(publisher->daemon->loop, &publisher->daemon->random, &options,
                                  &publisher->client);
    sodium_memzero(&pair, sizeof pair);
    return err;
}

/* The front page names every cycle that has something to show. */
static void publisher_rendered(void *context)
{
    publisher_t *publisher = context;
    dais_render_cycle_t cycles[CYCLES_MAX];
    size_t count = 0;
    dais_err_t err = DAIS_OK;
    for (size_t i = 0; i < publisher->follow_count && err == DAIS_OK; i++) {
        dais_replica_t *replica = dais_follow_replica(publisher->follows[i]);
        if (dais_replica_published(replica) == 0)
            continue;
        err = dais_fold_make(dais_replica_fold(replica), dais_replica_published(replica),
                             &cycles[count].model);
        cycles[count++].folder = dais_follow_cycle(publisher->follows[i]);
    }
    if (err == DAIS_OK)
        err = dais_render_front(cycles, count, publisher->site);
    if (err != DAIS_OK)
        dais_daemon_fail(publisher->daemon, err, "front-not-rendered");
    publisher->rendered_count++;
    publisher->rendered_ms = dais_loop_now(publisher->daemon->loop).wall_ms;
    dais_daemon_status(publisher->daemon, "%zu cycles, %zu with pages, %" PRIu64 " times rendered",
                       publisher->follow_count, count, publisher->rendered_count);
}

static dais_err_t follows_open(publisher_t *publisher)
{
    const dais_config_t *config = publisher->daemon->config;
    const char *path;
    dais_err_t err = DAIS_OK;
    for (size_t i = 0; err == DAIS_OK && (path = dais_config_text_at(config, "genesis", i)) != NULL;
         i++) {
        dais_follow_options_t options = {.daemon = publisher->daemon,
                                         .client = publisher->client,
                                         .genesis = path,
                                         .site = dais_config_text(config, "site/folder"),
                                         .interval_ms = dais_config_number(config, "site/interval"),
                                         .rendered = publisher_rendered,
                                         .context = publisher};
        if (i == CYCLES_MAX)
            return DAIS_ERR_TOO_LONG;
        err = dais_follow_new(&options, &publisher->follows[i]);
        publisher->follow_count += err == DAIS_OK;
    }
    return err;
}

static dais_err_t serve_open(publisher_t *publisher)
{
    const dais_config_t *config = publisher->daemon->config;
    char text[PORT_TEXT_SIZE];
    if (dais_config_count(config, "serve/port") == 0)
        return DAIS_OK;
    dais_err_t err =
        dais_serve_new(publisher->daemon->loop, dais_config_text(config, "site/folder"),
                       (uint16_t)dais_config_number(config, "serve/port"), &publisher->serve);
    if (err != DAIS_OK || dais_config_count(config, "serve/port-file") == 0)
        return err;
    (void)snprintf(text, sizeof text, "%u\n", dais_serve_port(publisher->serve));
    return dais_file_replace(dais_config_text(config, "serve/port-file"), dais_slice_text(text),
                             MODE);
}

static dais_err_t publisher_start(dais_daemon_t *daemon)
{
    publisher_t *publisher = calloc(1, sizeof *publisher);
    if (publisher == NULL)
        return DAIS_ERR_NO_MEMORY;
    daemon->state = publisher;
    publisher->daemon = daemon;
    dais_err_t err =
        dais_files_open(&publisher->site, dais_config_text(daemon->config, "site/folder"));
    if (err == DAIS_OK)
        err = client_open(publisher);
    if (err == DAIS_OK)
        err = follows_open(publisher);
    if (err == DAIS_OK)
        err = serve_open(publisher);
    if (err != DAIS_OK) {
        dais_log_line_t line;
        dais_log_begin(&line, &daemon->log, DAIS_LOG_ERROR, "start-failed");
        dais_log_err(&line, err);
        dais_log_end(&line);
        return err;
    }
    for (size_t i = 0; i < publisher->follow_count; i++)
        dais_follow_start(publisher->follows[i]);
    dais_daemon_ready(daemon);
    return DAIS_OK;
}

static void publisher_stop(dais_daemon_t *daemon)
{
    publisher_t *publisher = daemon->state;
    if (publisher == NULL)
        return;
    dais_serve_free(&publisher->serve);
    dais_mdp_client_destroy(&publisher->client);
    for (size_t i = 0; i < publisher->follow_count; i++)
        dais_follow_free(&publisher->follows[i]);
    dais_files_close(&publisher->site);
    free(publisher);
    daemon->state = NULL;
}

static uint64_t publisher_entries(const publisher_t *publisher)
{
    uint64_t count = 0;
    for (size_t i = 0; i < publisher->follow_count; i++)
        count += dais_replica_published(dais_follow_replica(publisher->follows[i]));
    return count;
}

/* By the wall clock; the client keeps it by that of the boot. */
static uint64_t publisher_heard_ms(const publisher_t *publisher)
{
    dais_now_t now = dais_loop_now(publisher->daemon->loop);
    uint64_t heard_ms = dais_mdp_client_figures(publisher->client).progress_at_ms;
    return heard_ms == 0 ? 0 : now.wall_ms - (now.boot_ms - heard_ms);
}

static const dais_metric_t publisher_metrics[] = {
#define METRIC(name, type, value, text) {"dais_publisher_" #name, DAIS_METRIC_##type, text},
#include "publisher/metrics.def"
#undef METRIC
    {.name = NULL},
};

static void publisher_measure(dais_daemon_t *daemon, uint64_t values[DAIS_METRICS_MAX])
{
    const publisher_t *publisher = daemon->state;
    size_t i = 0;
#define METRIC(name, type, value, text) values[i++] = (uint64_t)(value);
#include "publisher/metrics.def"
#undef METRIC
}

static const char *const publisher_examples[] = {
    "dais-publisher --config=/etc/dais/publisher.zpl --check-config",
    "dais-publisher render --key log.key --site site dialogue.export", NULL};

const dais_daemon_spec_t dais_publisher_daemon = {
    .name = "dais-publisher",
    .text = "publishes what is open of each cycle",
    .about = "Follows the logs of its cycles through the broker, proves every entry that it gets, "
             "keeps what is open to the public and nothing else, and writes pages, data, receipts "
             "and the log itself as files that any web server can serve.\n\n"
             "A log that turns out to be another than the one published before stops it; the site "
             "then stays as it is.",
    .examples = publisher_examples,
    .config_path = "/etc/dais/publisher.zpl",
    .settings = dais_publisher_settings,
    .commands = dais_publisher_commands,
    .check = dais_publisher_settings_check,
    .start = publisher_start,
    .stop = publisher_stop,
    .metrics = publisher_metrics,
    .measure = publisher_measure,
};
