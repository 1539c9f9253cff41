/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/command.h"

#include "proto/device.h"
#include "registry/settings.h"

int command_fails(dais_err_t err, const char *what)
{
    (void)fprintf(stderr, "error[%s]: %s: %s\n", dais_err_code(err), what, dais_err_text(err));
    return (int)dais_exit_of(err);
}

bool command_house(const dais_args_t *args, dais_house_t *house, int *exit)
{
    static dais_registry_settings_t settings;
    *exit = dais_registry_settings_read(args, &settings);
    if (*exit != DAIS_EXIT_DONE)
        return false;
    *house = (dais_house_t){.data_folder = settings.data,
                            .guard_folder = settings.guards[0] != 0 ? settings.guards : NULL,
                            .map_bytes = DAIS_HOUSE_MAP_BYTES,
                            .quota = settings.quota,
                            .held_bytes_max = DAIS_HOUSE_HELD_BYTES,
                            .clock = dais_clock_system(),
                            .random = dais_random_system()};
    dais_err_t err = dais_crypto_init();
    if (err == DAIS_OK)
        err = dais_house_open(house);
    if (err != DAIS_OK)
        *exit = command_fails(err, "starting");
    return err == DAIS_OK;
}
