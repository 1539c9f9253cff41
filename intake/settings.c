/* SPDX-License-Identifier: Apache-2.0 */
#include "intake/settings.h"

#include "base/curve.h"
#include "base/mdp_worker.h"
#include "base/metrics.h"
#include "base/socket.h"
#include "intake/service.h"

#define MIB UINT64_C(1048576)

const dais_config_key_t dais_intake_settings[] = {
    {.name = "service",
     .type = DAIS_CONFIG_TEXT,
     .count = DAIS_CONFIG_REPEATED,
     .min = 1,
     .max = DAIS_MDP_SERVICE_MAX,
     .fallback = "intake",
     .text = "name that clients ask for; a second intake has a name of its own"},
    {.name = "key",
     .type = DAIS_CONFIG_PATH,
     .text = "secret of this intake, a device of role intake on the rosters; mode 0600"},
    {.name = "rosters",
     .type = DAIS_CONFIG_PATH,
     .fallback = "/var/lib/dais/rosters",
     .text = "folder with the exported roster of each cycle, <cycle>.roster"},
    {.name = "broker/back",
     .type = DAIS_CONFIG_ENDPOINT,
     .fallback = "ipc:///run/dais/back/broker",
     .text = "the broker's door for services"},
    {.name = "broker/door",
     .type = DAIS_CONFIG_ENDPOINT,
     .fallback = "ipc:///run/dais/door/broker",
     .text = "the broker's door for clients of the site"},
    {.name = "broker/key",
     .type = DAIS_CONFIG_KEY,
     .fallback = "",
     .text = "the broker's transport key, where its doors are tcp"},
    {.name = "broker/heartbeat",
     .type = DAIS_CONFIG_TIME_MS,
     .min = 100,
     .max = 60000,
     .fallback = "2500 ms",
     .text = "the same as the broker's back/heartbeat"},
    {.name = "broker/credits",
     .type = DAIS_CONFIG_NUMBER,
     .min = 1,
     .max = DAIS_MDP_CREDIT_COUNT_MAX,
     .fallback = "512",
     .text = "requests that may be under way at a time; 1 at a broker that is not ours"},
    {.name = "spool/folder",
     .type = DAIS_CONFIG_PATH,
     .fallback = "/var/lib/dais/intake",
     .text = "where stamps and bundles lie until the registry holds them; on a local disk"},
    {.name = "spool/size",
     .type = DAIS_CONFIG_BYTES,
     .min = 16 * MIB,
     .max = (uint64_t)1 << 44,
     .fallback = "16 GiB",
     .text = "what it may grow to; beyond seven eighths nothing is taken in"},
    {.name = "spool/disk-floor",
     .type = DAIS_CONFIG_BYTES,
     .max = (uint64_t)1 << 44,
     .fallback = "256 MiB",
     .text = "with less free on the disk nothing is taken in"},
    {.name = "spool/ballast",
     .type = DAIS_CONFIG_BYTES,
     .max = (uint64_t)1 << 34,
     .fallback = "64 MiB",
     .text = "file that is given back when others have filled the disk; 0 for none"},
    {.name = "spool/remembered",
     .type = DAIS_CONFIG_NUMBER,
     .min = 1,
     .max = 16777216,
     .fallback = "262144",
     .text = "bundles that get their first stamp again when they come twice"},
    {.name = "spool/forget-after",
     .type = DAIS_CONFIG_TIME_MS,
     .min = 1000,
     .max = 86400000,
     .fallback = "10 min",
     .text = "bundles that the registry holds are out of the spool's file after so long, unless it "
             "holds a backlog of over 256 MiB"},
    {.name = "spool/create",
     .type = DAIS_CONFIG_WORD,
     .words = "yes|no",
     .fallback = "no",
     .text = "make the spool if it is not there; a disk that is not mounted must not be taken for "
             "a new one"},
    {.name = "clock/mark-every",
     .type = DAIS_CONFIG_TIME_MS,
     .min = 1000,
     .max = 86400000,
     .fallback = "60 s",
     .text = "a cycle without a stamp for so long gets a mark; deadlines have their own"},
    {.name = "clock/file",
     .type = DAIS_CONFIG_PATH,
     .fallback = "",
     .text = "file that holds the time, for rehearsals alone"},
    DAIS_METRICS_SETTING_ROW,
    {.name = NULL},
};

dais_err_t dais_intake_settings_check(const dais_config_t *config, FILE *errors)
{
    bool has_key = dais_config_count(config, "broker/key") > 0;
    dais_err_t first = DAIS_OK;
    static const char *const doors[] = {"broker/back", "broker/door"};
    for (size_t i = 0; i < sizeof doors / sizeof doors[0]; i++) {
        dais_err_t err = dais_endpoint_check(dais_config_text(config, doors[i]), has_key);
        if (err != DAIS_OK)
            dais_config_fault(config, errors, doors[i], 0, err, "a tcp door needs broker/key");
        if (first == DAIS_OK)
            first = err;
    }
    if (dais_config_count(config, "service") > DAIS_INTAKE_SERVICES_MAX) {
        dais_config_fault(config, errors, "service", DAIS_INTAKE_SERVICES_MAX, DAIS_ERR_TOO_LONG,
                          "at most 8 names");
        first = DAIS_ERR_TOO_LONG;
    }
    return first;
}
