/* SPDX-License-Identifier: Apache-2.0 */
#include "broker/broker.h"

const dais_metric_t dais_broker_metrics[] = {
#define METRIC(name, type, value, text) {"dais_broker_" #name, DAIS_METRIC_##type, text},
#include "broker/metrics.def"
#undef METRIC
    {.name = NULL},
};

void dais_broker_measure(dais_daemon_t *daemon, uint64_t values[DAIS_METRICS_MAX])
{
    const dais_broker_t *broker = (const dais_broker_t *)daemon->state;
    dais_queue_figures_t queue = dais_queue_figures(broker->queue);
    dais_outbox_figures_t answers = dais_outbox_figures(broker->outbox);
    size_t i = 0;
#define METRIC(name, type, value, text) values[i++] = (uint64_t)(value);
#include "broker/metrics.def"
#undef METRIC
}
