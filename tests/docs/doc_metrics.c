/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/docs/doc_parts.h"

typedef struct {
    const char *name;
    const char *type;
    const char *text;
} metric_t;

#define METRIC_GAUGE   "gauge"
#define METRIC_COUNTER "counter"
#define METRIC_TIME    "gauge"

static const metric_t metrics[] = {
#define METRIC(name, type, value, text) {"dais_broker_" #name, METRIC_##type, text},
#include "broker/metrics.def"
#undef METRIC
#define METRIC(name, type, value, text) {"dais_intake_" #name, METRIC_##type, text},
#include "intake/metrics.def"
#undef METRIC
#define METRIC(name, type, value, text) {"dais_registry_" #name, METRIC_##type, text},
#include "registry/metrics.def"
#undef METRIC
#define METRIC(name, type, value, text) {"dais_publisher_" #name, METRIC_##type, text},
#include "publisher/metrics.def"
#undef METRIC
};

void doc_metrics(doc_text_t *out, const char *argument)
{
    (void)argument;
    doc_put(out, "| metric | type | meaning |\n| --- | --- | --- |\n");
    for (size_t i = 0; i < sizeof metrics / sizeof metrics[0]; i++)
        doc_put(out, "| `%s` | %s | %s |\n", metrics[i].name, metrics[i].type, metrics[i].text);
}
