/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_BASE_METRICS_H
#define DAIS_BASE_METRICS_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* Numbers for an operator's monitoring, as a text file in the format that Prometheus reads (its
 * "text-based format", as node_exporter's textfile collector takes it up). No label ever names a
 * message, an organisation or a State: there are no labels at all. */

typedef enum {
    DAIS_METRIC_GAUGE,
    DAIS_METRIC_COUNTER, /* since the start of the process */
    DAIS_METRIC_TIME,    /* a gauge: the value is ms since 1970, told in seconds; 0: never yet */
} dais_metric_type_t;

typedef struct {
    const char *name; /* null ends a table */
    dais_metric_type_t type;
    const char *text; /* one line, without backslash */
} dais_metric_t;

#define DAIS_METRICS_MAX 32 /* of one daemon */

/* Puts them in the place of what was at path: whoever reads it sees the old file or the new one,
 * whole. Nothing waits for the disk, so a power failure may leave an old one. What
 * dais_file_err() says. */
DAIS_MUST_CHECK dais_err_t dais_metrics_write(const char *path, const dais_metric_t *metrics,
                                              const uint64_t *values);

/* The setting of every daemon. */
#define DAIS_METRICS_SETTING "metrics/file"
#define DAIS_METRICS_SETTING_ROW                                                                   \
    {                                                                                              \
        DAIS_METRICS_SETTING, DAIS_CONFIG_PATH, DAIS_CONFIG_ONCE, 0, 0, NULL, "",                  \
            "file for numbers about this daemon, in the format of Prometheus; none without it"     \
    }

#endif
