/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/settings.h"

#include "base/metrics.h"

const dais_config_key_t dais_registry_settings[] = {
    {"data", DAIS_CONFIG_PATH, DAIS_CONFIG_ONCE, 0, 0, NULL, "/var/lib/dais/registry",
     "folder with a folder for each cycle; on a local disk"},
    {"guards", DAIS_CONFIG_PATH, DAIS_CONFIG_ONCE, 0, 0, NULL, "",
     "folder of the fork guards, on another disk if there is one; else each lies by its log"},
    {"rosters", DAIS_CONFIG_PATH, DAIS_CONFIG_ONCE, 0, 0, NULL, "/var/lib/dais/rosters",
     "folder that the roster of each cycle is exported to, for broker and intake"},
    {"clock-file", DAIS_CONFIG_PATH, DAIS_CONFIG_ONCE, 0, 0, NULL, "",
     "a file that says what time it is: for rehearsals alone"},
    {"broker/endpoint", DAIS_CONFIG_ENDPOINT, DAIS_CONFIG_ONCE, 0, 0, NULL,
     "ipc:///run/dais/back/broker", "the broker's door for services"},
    {"broker/key", DAIS_CONFIG_KEY, DAIS_CONFIG_ONCE, 0, 0, NULL, "",
     "over tcp: the broker's transport key"},
    {"broker/own-key", DAIS_CONFIG_PATH, DAIS_CONFIG_ONCE, 0, 0, NULL, "",
     "over tcp: file with the registry's own transport key, as --make-key makes it"},
    {"broker/credits", DAIS_CONFIG_NUMBER, DAIS_CONFIG_ONCE, 1, 4096, NULL, "64",
     "requests of one cycle under way at a time; 1 at a stock broker"},
    {"limits/quota", DAIS_CONFIG_NUMBER, DAIS_CONFIG_ONCE, 1, 1000000000, NULL, "100000",
     "messages of one actor and day"},
    {"limits/held", DAIS_CONFIG_BYTES, DAIS_CONFIG_ONCE, 1 << 20, (uint64_t)1 << 40, NULL, "1 GiB",
     "of one cycle: bundles that wait for a deadline; beyond it intakes have to wait"},
    {"limits/disk-floor", DAIS_CONFIG_BYTES, DAIS_CONFIG_ONCE, 0, (uint64_t)1 << 40, NULL,
     "256 MiB", "room on the disk of the data folder below which nothing is taken in"},
    {"limits/map", DAIS_CONFIG_BYTES, DAIS_CONFIG_ONCE, 1 << 20, (uint64_t)1 << 46, NULL, "64 GiB",
     "of one cycle: how large its store may grow; address space, not disk"},
    DAIS_METRICS_SETTING_ROW,
    {.name = NULL},
};

static const char *settings_maybe(const dais_config_t *config, const char *name)
{
    return dais_config_count(config, name) > 0 ? dais_config_text(config, name) : NULL;
}

void dais_registry_house(const dais_config_t *config, dais_house_t *house)
{
    *house = (dais_house_t){.data_folder = dais_config_text(config, "data"),
                            .guard_folder = settings_maybe(config, "guards"),
                            .roster_folder = dais_config_text(config, "rosters"),
                            .map_bytes = (size_t)dais_config_number(config, "limits/map"),
                            .quota = dais_config_number(config, "limits/quota"),
                            .held_bytes_max = dais_config_number(config, "limits/held"),
                            .disk_floor = dais_config_number(config, "limits/disk-floor")};
}

dais_err_t dais_registry_broker(const dais_config_t *config, dais_registry_broker_t *broker)
{
    const char *key = settings_maybe(config, "broker/key");
    const char *own = settings_maybe(config, "broker/own-key");
    broker->endpoint = dais_config_text(config, "broker/endpoint");
    broker->has_keys = key != NULL && own != NULL;
    if (!broker->has_keys)
        return DAIS_OK;
    dais_err_t err = dais_curve_parse(dais_slice_text(key), broker->server_key);
    return err == DAIS_OK ? dais_curve_read(own, &broker->own) : err;
}
