/* SPDX-License-Identifier: Apache-2.0 */
#include "broker/settings.h"

#include <string.h>

#include "base/metrics.h"
#include "base/socket.h"

#define LIVENESS 4 /* heartbeats that a worker may miss */
#define MIB      ((uint64_t)1 << 20)

/* clang-format off */
const dais_config_key_t dais_broker_settings[] = {
    {"front/endpoint", DAIS_CONFIG_ENDPOINT, DAIS_CONFIG_ONCE, 0, 0, NULL, "",
     "where clients from outside connect, tcp with CURVE; without it there is no front door"},
    {"front/secret-key", DAIS_CONFIG_PATH, DAIS_CONFIG_ONCE, 0, 0, NULL, "",
     "file with the broker's secret transport key, mode 0600 (made by --make-key)"},
    {"front/rosters", DAIS_CONFIG_PATH, DAIS_CONFIG_ONCE, 0, 0, NULL, "/var/lib/dais/rosters",
     "folder with the exported rosters, <cycle>.roster: the keys that may come in"},
    {"door/endpoint", DAIS_CONFIG_ENDPOINT, DAIS_CONFIG_ONCE, 0, 0, NULL, "ipc:///run/dais/door/broker",
     "where the site's own clients connect"},
    {"door/group", DAIS_CONFIG_TEXT, DAIS_CONFIG_ONCE, 0, 0, NULL, "",
     "group that may use the ipc socket"},
    {"door/secret-key", DAIS_CONFIG_PATH, DAIS_CONFIG_ONCE, 0, 0, NULL, "",
     "file with a secret transport key, if the door is on tcp"},
    {"door/key", DAIS_CONFIG_KEY, DAIS_CONFIG_REPEATED, 0, 0, NULL, "",
     "a public transport key that may come in, if the door is on tcp"},
    {"back/endpoint", DAIS_CONFIG_ENDPOINT, DAIS_CONFIG_ONCE, 0, 0, NULL, "ipc:///run/dais/back/broker",
     "where intake, registry and other workers connect"},
    {"back/group", DAIS_CONFIG_TEXT, DAIS_CONFIG_ONCE, 0, 0, NULL, "",
     "group that may use the ipc socket"},
    {"back/secret-key", DAIS_CONFIG_PATH, DAIS_CONFIG_ONCE, 0, 0, NULL, "",
     "file with a secret transport key, if the back is on tcp"},
    {"back/key", DAIS_CONFIG_KEY, DAIS_CONFIG_REPEATED, 0, 0, NULL, "",
     "a public transport key that may serve, if the back is on tcp"},
    {"back/heartbeat", DAIS_CONFIG_TIME_MS, DAIS_CONFIG_ONCE, 100, 60000, NULL, "2500 ms",
     "how often both sides say that they live; a worker is gone after four without"},
    {"back/credits", DAIS_CONFIG_NUMBER, DAIS_CONFIG_ONCE, 1, 65536, NULL, "4096",
     "requests that one worker may ask to hold at a time"},
    {"back/workers", DAIS_CONFIG_NUMBER, DAIS_CONFIG_ONCE, 1, 65536, NULL, "4096",
     "workers at a time"},
    {"queue/service", DAIS_CONFIG_NUMBER, DAIS_CONFIG_ONCE, 1, 1000000, NULL, "8192",
     "requests that wait for one service"},
    {"queue/client", DAIS_CONFIG_NUMBER, DAIS_CONFIG_ONCE, 1, 1000000, NULL, "1024",
     "requests of one client that wait"},
    {"queue/client-bytes", DAIS_CONFIG_BYTES, DAIS_CONFIG_ONCE, 5 * MIB, UINT64_MAX / 2, NULL, "32 MiB",
     "bytes of one client's requests, until they are answered"},
    {"queue/bytes", DAIS_CONFIG_BYTES, DAIS_CONFIG_ONCE, 5 * MIB, UINT64_MAX / 2, NULL, "128 MiB",
     "bytes of all requests, until they are answered"},
    {"queue/parked", DAIS_CONFIG_NUMBER, DAIS_CONFIG_ONCE, 1, 65536, NULL, "16",
     "long polls of one client that one service NAME/wait holds"},
    {"queue/expiry", DAIS_CONFIG_TIME_MS, DAIS_CONFIG_ONCE, 100, 3600000, NULL, "30 s",
     "how long a request may wait for a worker"},
    {"answers/client", DAIS_CONFIG_NUMBER, DAIS_CONFIG_ONCE, 1, 1000000, NULL, "1024",
     "answers that wait for one connection to take them"},
    {"answers/bytes", DAIS_CONFIG_BYTES, DAIS_CONFIG_ONCE, 5 * MIB, UINT64_MAX / 2, NULL, "64 MiB",
     "bytes of all answers that wait"},
    {"answers/expiry", DAIS_CONFIG_TIME_MS, DAIS_CONFIG_ONCE, 100, 3600000, NULL, "20 s",
     "how long an answer may wait"},
    DAIS_METRICS_SETTING_ROW,
    {.name = NULL},
};
/* clang-format on */

dais_queue_limits_t dais_broker_queue_limits(const dais_config_t *config)
{
    return (dais_queue_limits_t){
        .service_count_max = dais_config_number(config, "queue/service"),
        .peer_count_max = dais_config_number(config, "queue/client"),
        .peer_bytes_max = dais_config_number(config, "queue/client-bytes"),
        .bytes_max = dais_config_number(config, "queue/bytes"),
        .parked_count_max = dais_config_number(config, "queue/parked"),
        .expiry_ms = dais_config_number(config, "queue/expiry"),
    };
}

dais_staff_limits_t dais_broker_staff_limits(const dais_config_t *config)
{
    return (dais_staff_limits_t){
        .worker_count_max = (uint32_t)dais_config_number(config, "back/workers"),
        .credit_count_max = (uint32_t)dais_config_number(config, "back/credits"),
        .silence_ms_max = dais_config_number(config, "back/heartbeat") * LIVENESS,
    };
}

dais_outbox_limits_t dais_broker_outbox_limits(const dais_config_t *config)
{
    return (dais_outbox_limits_t){
        .connection_count_max = dais_config_number(config, "answers/client"),
        .bytes_max = dais_config_number(config, "answers/bytes"),
        .expiry_ms = dais_config_number(config, "answers/expiry"),
    };
}

/* A door on tcp needs its key, and keys of others are for tcp alone. */
static dais_err_t check_door(const dais_config_t *config, FILE *errors, const char *endpoint_name,
                             const char *secret_name)
{
    const char *endpoint = dais_config_text(config, endpoint_name);
    bool has_key = dais_config_count(config, secret_name) > 0;
    if (endpoint == NULL)
        return DAIS_OK;
    dais_err_t err = dais_endpoint_check(endpoint, has_key);
    if (err != DAIS_OK)
        dais_config_fault(config, errors, endpoint_name, 0, err, dais_err_text(err));
    return err;
}

dais_err_t dais_broker_check(const dais_config_t *config, FILE *errors)
{
    static const char *const doors[][2] = {{"front/endpoint", "front/secret-key"},
                                           {"door/endpoint", "door/secret-key"},
                                           {"back/endpoint", "back/secret-key"}};
    dais_err_t first = DAIS_OK;
    for (size_t i = 0; i < sizeof doors / sizeof doors[0]; i++) {
        dais_err_t err = check_door(config, errors, doors[i][0], doors[i][1]);
        first = first == DAIS_OK ? err : first;
    }
    const char *front = dais_config_text(config, "front/endpoint");
    if (front != NULL && strncmp(front, "tcp://", 6) != 0) {
        dais_config_fault(config, errors, "front/endpoint", 0, DAIS_ERR_BAD_ENDPOINT,
                          "the front is on tcp");
        first = first == DAIS_OK ? DAIS_ERR_BAD_ENDPOINT : first;
    }
    return first;
}
