/* SPDX-License-Identifier: Apache-2.0 */
#include "publisher/settings.h"

#include "base/metrics.h"
#include "base/socket.h"

const dais_config_key_t dais_publisher_settings[] = {
    {.name = "genesis",
     .type = DAIS_CONFIG_PATH,
     .count = DAIS_CONFIG_REPEATED,
     .text = "signed genesis of a cycle to publish; its log and its key are trusted"},
    {.name = "site/folder",
     .type = DAIS_CONFIG_PATH,
     .text = "what a web server serves; each cycle has a folder of its name in it"},
    {.name = "site/interval",
     .type = DAIS_CONFIG_TIME_MS,
     .min = 0,
     .max = 86400000,
     .fallback = "2 s",
     .text = "how long what is new waits for more before pages are made"},
    {.name = "broker/door", .type = DAIS_CONFIG_ENDPOINT, .text = "the broker's door for clients"},
    {.name = "broker/key",
     .type = DAIS_CONFIG_KEY,
     .fallback = "",
     .text = "the broker's transport key, where its door is tcp"},
    {.name = "key",
     .type = DAIS_CONFIG_PATH,
     .fallback = "",
     .text = "secret of this publisher, where the door is tcp; mode 0600"},
    {.name = "serve/port",
     .type = DAIS_CONFIG_NUMBER,
     .min = 0,
     .max = 65535,
     .fallback = "",
     .text = "serve the site on this port of 127.0.0.1; 0 for a free one; without it, not at all"},
    {.name = "serve/port-file",
     .type = DAIS_CONFIG_PATH,
     .fallback = "",
     .text = "file that the port is written to once it is served"},
    DAIS_METRICS_SETTING_ROW,
    {.name = NULL},
};

dais_err_t dais_publisher_settings_check(const dais_config_t *config, FILE *errors)
{
    bool has_key = dais_config_count(config, "broker/key") > 0;
    dais_err_t err = dais_endpoint_check(dais_config_text(config, "broker/door"), has_key);
    if (err != DAIS_OK) {
        dais_config_fault(config, errors, "broker/door", 0, err, "a tcp door needs broker/key");
        return err;
    }
    if (has_key && dais_config_count(config, "key") == 0) {
        dais_config_fault(config, errors, "broker/key", 0, DAIS_ERR_MISSING_KEY,
                          "a tcp door needs the setting key as well");
        return DAIS_ERR_MISSING_KEY;
    }
    return DAIS_OK;
}
