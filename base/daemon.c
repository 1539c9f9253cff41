/* SPDX-License-Identifier: Apache-2.0 */
#include "base/daemon.h"

#include <signal.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/curve.h"
#include "base/exit.h"
#include "base/notify.h"
#include "base/socket.h"

#define METRICS_MS 5000

static const dais_arg_option_t daemon_options[] = {
    {"config", 'c', DAIS_ARG_VALUE, false, "FILE", NULL, "the configuration"},
    {"check-config", 0, DAIS_ARG_FLAG, false, NULL, NULL,
     "check the configuration, say what is wrong, and end"},
    {"print-config", 0, DAIS_ARG_FLAG, false, NULL, NULL,
     "print the configuration with all that it does not say itself, and end"},
    {"make-key", 0, DAIS_ARG_VALUE, false, "FILE", NULL,
     "make a new transport key with mode 0600, print its public half, and end"},
    {.name = NULL},
};

static void daemon_tell(dais_daemon_t *daemon, const char *text)
{
    dais_log_line_t line;
    dais_err_t err = dais_notify(text);
    if (err == DAIS_OK)
        return;
    dais_log_begin(&line, &daemon->log, DAIS_LOG_WARN, "supervisor-not-told");
    dais_log_err(&line, err);
    dais_log_end(&line);
}

static void daemon_log(dais_daemon_t *daemon, dais_log_level_t level, const char *event)
{
    dais_log_line_t line;
    dais_log_begin(&line, &daemon->log, level, event);
    dais_log_text(&line, "version", DAIS_VERSION);
    dais_log_u64(&line, "pid", (uint64_t)getpid());
    if (daemon->err != DAIS_OK)
        dais_log_err(&line, daemon->err);
    dais_log_end(&line);
}

void dais_daemon_ready(dais_daemon_t *daemon)
{
    if (daemon->is_ready)
        return;
    daemon->is_ready = true;
    daemon_log(daemon, DAIS_LOG_INFO, "ready");
    daemon_tell(daemon, "READY=1");
}

void dais_daemon_status(dais_daemon_t *daemon, const char *format, ...)
{
    char text[DAIS_NOTIFY_SIZE_MAX] = "STATUS=";
    size_t size = strlen(text);
    va_list list;
    va_start(list, format);
    (void)vsnprintf(text + size, sizeof(text) - size, format, list);
    va_end(list);
    daemon_tell(daemon, text);
}

void dais_daemon_fail(dais_daemon_t *daemon, dais_err_t err, const char *event)
{
    if (daemon->err == DAIS_OK) {
        daemon->err = err;
        daemon_log(daemon, DAIS_LOG_ERROR, event);
    }
    dais_loop_stop(daemon->loop);
}

static void daemon_watchdog(void *context)
{
    dais_daemon_t *daemon = (dais_daemon_t *)context;
    daemon_tell(daemon, "WATCHDOG=1");
    dais_loop_timer(daemon->loop, &daemon->watchdog, dais_notify_watchdog_ms());
}

/* They are a help, not a duty: that they cannot be written is said once, and nothing ends. */
static void daemon_metrics(void *context)
{
    dais_daemon_t *daemon = (dais_daemon_t *)context;
    uint64_t values[DAIS_METRICS_MAX] = {0};
    daemon->spec->measure(daemon, values);
    dais_err_t err = dais_metrics_write(dais_config_text(daemon->config, DAIS_METRICS_SETTING),
                                        daemon->spec->metrics, values);
    if (err != DAIS_OK && err != daemon->metrics_err) {
        dais_log_line_t line;
        dais_log_begin(&line, &daemon->log, DAIS_LOG_WARN, "metrics-not-written");
        dais_log_err(&line, err);
        dais_log_end(&line);
    }
    daemon->metrics_err = err;
    dais_loop_timer(daemon->loop, &daemon->metrics, METRICS_MS);
}

static void daemon_reload(void *context)
{
    dais_daemon_t *daemon = (dais_daemon_t *)context;
    daemon_log(daemon, DAIS_LOG_INFO, "reload");
    if (daemon->spec->reload != NULL)
        daemon->spec->reload(daemon);
}

dais_err_t dais_daemon_config(const dais_daemon_spec_t *spec, const dais_args_t *args,
                              dais_config_t **config)
{
    const char *path = dais_args_value(args, "config");
    dais_err_t err =
        dais_config_load(spec->settings, path == NULL ? spec->config_path : path, stderr, config);
    if (err == DAIS_ERR_NOT_FOUND)
        (void)fprintf(stderr,
                      "hint: --config FILE names the configuration, else it is %s; a sample to "
                      "start from is packaging/%s.zpl\n",
                      spec->config_path, spec->name + strlen("dais-"));
    if (err == DAIS_OK && spec->check != NULL)
        err = spec->check(*config, stderr);
    if (err != DAIS_OK)
        dais_config_destroy(config);
    return err;
}

dais_err_t dais_daemon_reread(dais_daemon_t *daemon, dais_config_t **config)
{
    dais_log_line_t line;
    dais_err_t err = dais_daemon_config(daemon->spec, daemon->args, config);
    if (err == DAIS_OK)
        return DAIS_OK;
    dais_log_begin(&line, &daemon->log, DAIS_LOG_ERROR, "config-unread");
    dais_log_err(&line, err);
    dais_log_end(&line);
    return err;
}

static dais_err_t daemon_open(dais_daemon_t *daemon)
{
    dais_err_t err = dais_socket_init(&daemon->random);
    if (err == DAIS_OK)
        err = dais_loop_new(&daemon->clock, &daemon->loop);
    if (err == DAIS_OK)
        err = dais_loop_signals(daemon->loop, daemon_reload, daemon);
    return err;
}

static dais_err_t daemon_loop(dais_daemon_t *daemon)
{
    daemon->watchdog = (dais_timer_t){.fire = daemon_watchdog, .context = daemon};
    if (dais_notify_watchdog_ms() > 0)
        dais_loop_timer(daemon->loop, &daemon->watchdog, dais_notify_watchdog_ms());
    daemon->metrics = (dais_timer_t){.fire = daemon_metrics, .context = daemon};
    bool measures = daemon->spec->metrics != NULL &&
                    dais_config_count(daemon->config, DAIS_METRICS_SETTING) > 0;
    if (measures)
        dais_loop_timer(daemon->loop, &daemon->metrics, 0);
    dais_err_t err = dais_loop_run(daemon->loop);
    if (measures) /* what has ended has no numbers */
        (void)unlink(dais_config_text(daemon->config, DAIS_METRICS_SETTING));
    return err == DAIS_OK ? daemon->err : err;
}

/* Whatever stop() takes is given; only then is the end logged. */
static int daemon_serve(dais_daemon_t *daemon)
{
    dais_err_t err = daemon_open(daemon);
    bool opened = err == DAIS_OK;
    if (opened) {
        daemon_log(daemon, DAIS_LOG_INFO, "start");
        err = daemon->spec->start(daemon);
    }
    if (err == DAIS_OK)
        err = daemon_loop(daemon);
    daemon_tell(daemon, "STOPPING=1");
    if (opened && daemon->spec->stop != NULL)
        daemon->spec->stop(daemon);
    daemon->err = err;
    dais_loop_destroy(&daemon->loop);
    dais_socket_shutdown();
    daemon_log(daemon, err == DAIS_OK ? DAIS_LOG_INFO : DAIS_LOG_ERROR, "stop");
    return (int)dais_exit_of(err);
}

static int daemon_make_key(const char *path)
{
    dais_curve_pair_t pair;
    char text[DAIS_CURVE_TEXT_SIZE];
    dais_err_t err = dais_curve_create(path, &pair);
    sodium_memzero(pair.secret_key, sizeof(pair.secret_key));
    if (err != DAIS_OK) {
        (void)fprintf(stderr, "error[%s]: %s: %s\n", dais_err_code(err), path, dais_err_text(err));
        return (int)dais_exit_of(err);
    }
    dais_curve_format(pair.public_key, text);
    (void)printf("%s\n", text);
    return DAIS_EXIT_DONE;
}

/* A wrong configuration is one exit whatever is wrong with it: a supervisor must not try again. */
static int daemon_run(const dais_args_t *args, void *context)
{
    dais_daemon_t daemon = {.spec = (const dais_daemon_spec_t *)context, .args = args};
    if (dais_args_has(args, "make-key"))
        return daemon_make_key(dais_args_value(args, "make-key"));
    if (dais_daemon_config(daemon.spec, args, &daemon.config) != DAIS_OK)
        return DAIS_EXIT_CONFIG;
    int status = DAIS_EXIT_DONE;
    if (dais_args_has(args, "print-config"))
        dais_config_print(daemon.config, stdout);
    if (!dais_args_has(args, "print-config") && !dais_args_has(args, "check-config")) {
        daemon.clock = dais_clock_system();
        daemon.random = dais_random_system();
        daemon.log = dais_log_to_fd(&daemon.clock, STDERR_FILENO);
        status = daemon_serve(&daemon);
    }
    dais_config_destroy(&daemon.config);
    return status;
}

int dais_daemon_main(const dais_daemon_spec_t *spec, int argc, char **argv)
{
    const dais_command_t program = {.name = spec->name,
                                    .text = spec->text,
                                    .about = spec->about,
                                    .options = daemon_options,
                                    .commands = spec->commands,
                                    .examples = spec->examples,
                                    .run = daemon_run};
    dais_loop_block_signals();
    (void)umask(0027);
    if (sodium_init() < 0) {
        (void)fputs("error[crypto]: libsodium cannot start\n", stderr);
        return DAIS_EXIT_FAILED;
    }
    return dais_args_main(&program, argc, argv, (void *)(uintptr_t)spec);
}
