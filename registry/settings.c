/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/settings.h"

#include <stdio.h>
#include <string.h>

#include "base/exit.h"
#include "registry/house.h"

static bool settings_take(const dais_args_t *args, const char *option, const char *otherwise,
                          char value[400], int *exit)
{
    const char *given = dais_args_value(args, option);
    int size = snprintf(value, 400, "%s", given != NULL ? given : otherwise);
    if (size < 400)
        return true;
    (void)fprintf(stderr, "error[too-long]: --%s has more than 399 characters\n", option);
    *exit = DAIS_EXIT_USAGE;
    return false;
}

int dais_registry_settings_read(const dais_args_t *args, dais_registry_settings_t *settings)
{
    int exit = DAIS_EXIT_DONE;
    settings->quota = DAIS_HOUSE_QUOTA;
    (void)(settings_take(args, "data", DAIS_REGISTRY_DATA, settings->data, &exit) &&
           settings_take(args, "guards", "", settings->guards, &exit) &&
           settings_take(args, "broker", DAIS_REGISTRY_BROKER, settings->broker, &exit) &&
           settings_take(args, "clock-file", "", settings->clock_file, &exit));
    return exit;
}
