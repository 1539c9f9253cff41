/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/command.h"

#include <sys/stat.h>

#include "proto/device.h"
#include "registry/settings.h"

int command_fails(dais_err_t err, const char *what)
{
    (void)fprintf(stderr, "error[%s]: %s: %s\n", dais_err_code(err), what, dais_err_text(err));
    return (int)dais_exit_of(err);
}

int command_refuses(const char *code, const char *what, const char *text, const char *hint)
{
    (void)fprintf(stderr, "error[%s]: %s: %s\nhint: %s\n", code, what, text, hint);
    return (int)DAIS_EXIT_USAGE;
}

int command_fails_cycle(dais_err_t err, const command_host_t *host, const char *name,
                        const char *what)
{
    static const char *const files[] = {"log.secret", "box.secret"};
    char path[600];
    struct stat status;
    if (err != DAIS_ERR_EXPOSED)
        return command_fails(err, what);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        (void)snprintf(path, sizeof path, "%s/%s/%s", host->house.data_folder, name, files[i]);
        if (stat(path, &status) != 0 || (status.st_mode & (S_IRWXG | S_IRWXO)) == 0)
            continue;
        (void)fprintf(stderr,
                      "error[%s]: %s: a secret that others can read: its mode is %04o\n"
                      "hint: chmod 0600 %s, and see who has read it meanwhile\n",
                      dais_err_code(err), path, (unsigned)status.st_mode & 07777U, path);
    }
    return (int)dais_exit_of(err);
}

static dais_err_t command_clock(command_host_t *host)
{
    host->house.clock = dais_clock_system();
    if (dais_config_count(host->config, "clock-file") == 0)
        return DAIS_OK;
    return dais_clock_file(&host->clock_file, dais_config_text(host->config, "clock-file"),
                           &host->house.clock);
}

bool command_open(const dais_args_t *args, void *context, command_host_t *host, int *exit)
{
    const dais_daemon_spec_t *spec = (const dais_daemon_spec_t *)context;
    dais_err_t err = dais_daemon_config(spec, args, &host->config);
    *exit = DAIS_EXIT_DONE;
    if (err != DAIS_OK) {
        *exit = DAIS_EXIT_CONFIG;
        return false;
    }
    dais_registry_house(host->config, &host->house);
    host->house.random = dais_random_system();
    err = command_clock(host);
    if (err == DAIS_OK)
        err = dais_crypto_init();
    if (err == DAIS_OK)
        err = dais_house_open(&host->house);
    if (err == DAIS_OK)
        return true;
    *exit = command_fails(err, "starting");
    dais_config_destroy(&host->config);
    return false;
}

void command_close(command_host_t *host)
{
    dais_house_close(&host->house);
    dais_config_destroy(&host->config);
}
