/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_BASE_DAEMON_H
#define DAIS_BASE_DAEMON_H

#include "base/args.h"
#include "base/config.h"
#include "base/logfmt.h"
#include "base/loop.h"
#include "base/metrics.h"
#include "base/random.h"

/* The frame of every daemon of ours: runs in the foreground, logs to stderr, tells its supervisor
 * when it is ready, stops cleanly on SIGTERM and SIGINT, reloads on SIGHUP.
 *
 *   int main(int argc, char **argv) { return dais_daemon_main(&spec, argc, argv); }
 *
 * Options of all of them: --config=FILE, --check-config, --print-config, --make-key=FILE (a new
 * transport key), --help, --version, --completion, --man-page. */
typedef struct dais_daemon dais_daemon_t;

typedef struct {
    const char *name;                  /* "dais-broker" */
    const char *text;                  /* one line for --help */
    const char *about;                 /* paragraphs, or null */
    const char *const *examples;       /* ends with null; or null */
    const char *config_path;           /* where the file is unless --config says otherwise */
    const dais_config_key_t *settings; /* ends with a null name */
    const dais_command_t *commands;    /* further commands ("dais-registry check"), or null; their
                                          context is this spec */

    /* What a table of settings cannot express. Writes faults to errors. Or null. */
    dais_err_t (*check)(const dais_config_t *config, FILE *errors);

    /* Recovers, opens everything and has the loop watch it; calls dais_daemon_ready() itself, at
     * once or later. Logs what goes wrong; the program then ends with dais_exit_of() of what is
     * returned. */
    dais_err_t (*start)(dais_daemon_t *daemon);
    void (*reload)(dais_daemon_t *daemon); /* or null */
    void (*stop)(dais_daemon_t *daemon);   /* once, after the loop or a failed start; or null */

    /* Numbers for the file of DAIS_METRICS_SETTING, which the settings then have; or null.
     * measure() fills in one value for each, between start() and stop(). */
    const dais_metric_t *metrics;
    void (*measure)(dais_daemon_t *daemon, uint64_t values[DAIS_METRICS_MAX]);
} dais_daemon_spec_t;

struct dais_daemon {
    const dais_daemon_spec_t *spec;
    dais_config_t *config;
    dais_loop_t *loop;
    dais_log_t log;
    dais_clock_t clock;
    dais_random_t random;
    void *state; /* the daemon's own */
    /* Of the frame alone. */
    const dais_args_t *args;
    dais_err_t err;
    bool is_ready;
    dais_timer_t watchdog;
    dais_timer_t metrics;
    dais_err_t metrics_err; /* of the last time: told once */
};

int dais_daemon_main(const dais_daemon_spec_t *spec, int argc, char **argv);

/* Now requests can be served: told once to the supervisor and to the log. */
void dais_daemon_ready(dais_daemon_t *daemon);

/* What an operator wants to see at one glance: "3 cycles, 412 entries, spool 0". */
void dais_daemon_status(dais_daemon_t *daemon, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Ends the program: logs event with code err, stops the loop; the exit is dais_exit_of(err). The
 * first call counts. */
void dais_daemon_fail(dais_daemon_t *daemon, dais_err_t err, const char *event);

/* For reload(): the configuration as it stands in the file now, checked; the caller's to destroy.
 * Faults go to stderr, and that it could not be read to the log. What is not taken from it stays as
 * it was at the start. */
DAIS_MUST_CHECK dais_err_t dais_daemon_reread(dais_daemon_t *daemon, dais_config_t **config);

/* For the further commands: loads and checks the configuration that args and spec name; faults go
 * to stderr. */
DAIS_MUST_CHECK dais_err_t dais_daemon_config(const dais_daemon_spec_t *spec,
                                              const dais_args_t *args, dais_config_t **config);

#endif
