/* SPDX-License-Identifier: Apache-2.0
 *
 * `dais-intake clock accept`: an operator has looked at another clock and says that this one is
 * right. It is left in the spool, where the daemon finds it within a second, or at its next start.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock_file.h"
#include "base/clock_reading.h"
#include "base/exit.h"
#include "intake/daemon.h"
#include "intake/spool.h"

static dais_err_t accept_read_clock(const dais_config_t *config, dais_clock_reading_t *reading)
{
    static dais_clock_file_t file;
    dais_clock_t clock = dais_clock_system();
    dais_err_t err = DAIS_OK;
    if (dais_config_count(config, "clock/file") > 0)
        err = dais_clock_file(&file, dais_config_text(config, "clock/file"), &clock);
    return err == DAIS_OK ? dais_clock_reading(&clock, reading) : err;
}

static dais_err_t accept_write(const dais_config_t *config, const dais_clock_reading_t *reading)
{
    dais_spool_t *spool;
    dais_txn_t txn;
    dais_clock_guard_t guard;
    uint8_t kept[DAIS_CLOCK_KEPT_MAX];
    dais_err_t err = dais_spool_open(&spool, dais_config_text(config, "spool/folder"),
                                     (size_t)dais_config_number(config, "spool/size"), false);
    if (err != DAIS_OK)
        return err;
    dais_clock_guard_start(&guard, DAIS_CLOCK_LIVE, reading, 0);
    dais_clock_guard_accept(&guard, reading);
    dais_spool_begin(spool, &txn, DAIS_TXN_WRITE);
    dais_spool_put_note(&txn, DAIS_SPOOL_ACCEPTED,
                        dais_slice(kept, dais_clock_guard_keep(&guard, kept)));
    err = dais_txn_commit(&txn);
    dais_spool_close(&spool);
    return err;
}

/* Only a person can know whether the clock is right, so only --yes speaks without one. */
static bool accept_confirm(const dais_args_t *args, const char *now)
{
    char answer[16] = "";
    if (dais_args_has(args, "yes"))
        return true;
    if (isatty(STDIN_FILENO) == 0)
        return false;
    (void)fprintf(stderr,
                  "This clock shows %s. Bundles will be stamped by it.\n"
                  "Is that right, by another clock? Type yes: ",
                  now);
    return fgets(answer, sizeof answer, stdin) != NULL && strcmp(answer, "yes\n") == 0;
}

static int accept_fail(dais_err_t err)
{
    (void)fprintf(stderr, "error[%s]: the clock was not accepted: %s\n", dais_err_code(err),
                  dais_err_text(err));
    return (int)dais_exit_of(err);
}

static int accept_run(const dais_args_t *args, void *context)
{
    dais_config_t *config;
    dais_clock_reading_t reading;
    char now[DAIS_CLOCK_TEXT_SIZE];
    if (dais_daemon_config((const dais_daemon_spec_t *)context, args, &config) != DAIS_OK)
        return DAIS_EXIT_CONFIG;
    dais_err_t err = accept_read_clock(config, &reading);
    if (err == DAIS_OK)
        err = dais_clock_format(reading.now.wall_ms, now);
    bool confirmed = err == DAIS_OK && accept_confirm(args, now);
    if (confirmed)
        err = accept_write(config, &reading);
    dais_config_destroy(&config);
    if (err != DAIS_OK)
        return accept_fail(err);
    if (!confirmed) {
        (void)fputs("error[usage]: not confirmed; nothing was changed\n"
                    "hint: on a terminal it asks; elsewhere give --yes\n",
                    stderr);
        return DAIS_EXIT_USAGE;
    }
    (void)printf("The clock is accepted as of %s.\n", now);
    return DAIS_EXIT_DONE;
}

static const dais_arg_option_t accept_options[] = {
    {"yes", 'y', DAIS_ARG_FLAG, false, NULL, NULL,
     "do not ask; it was compared with another clock"},
    {.name = NULL},
};

static const char *const accept_examples[] = {
    "dais-intake clock accept", "dais-intake clock accept --config=/etc/dais/intake.zpl --yes",
    NULL};

static const dais_command_t clock_commands[] = {
    {.name = "accept",
     .text = "say that the clock of this machine is right",
     .about = "After the wall clock has jumped, or while nothing keeps it right, the intake stamps "
              "nothing until somebody has compared it with another clock and says so.",
     .options = accept_options,
     .examples = accept_examples,
     .run = accept_run},
    {.name = NULL},
};

const dais_command_t dais_intake_commands[] = {
    {.name = "clock", .text = "the clock that bundles are stamped by", .commands = clock_commands},
    {.name = NULL},
};
