/* SPDX-License-Identifier: Apache-2.0 */
#include "broker/broker.h"
#include "broker/settings.h"

static const char *const examples[] = {
    "dais-broker --config=/etc/dais/broker.zpl --check-config",
    "dais-broker --make-key=/etc/dais/broker.key",
    NULL,
};

static const dais_daemon_spec_t spec = {
    .name = "dais-broker",
    .text = "lets the parts of a mechanism ask each other by name of service",
    .about = "Admits who may connect, hands requests to those who serve them, fairly between\n"
             "clients and within bounds, and their answers back. Keeps nothing: a restart\n"
             "loses nothing that matters.",
    .examples = examples,
    .config_path = "/etc/dais/broker.zpl",
    .settings = dais_broker_settings,
    .check = dais_broker_check,
    .start = dais_broker_start,
    .reload = dais_broker_reload,
    .stop = dais_broker_stop,
    .metrics = dais_broker_metrics,
    .measure = dais_broker_measure,
};

int main(int argc, char **argv)
{
    return dais_daemon_main(&spec, argc, argv);
}
