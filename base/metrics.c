/* SPDX-License-Identifier: Apache-2.0 */
#include "base/metrics.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

#define METRIC_BYTES 512 /* of one with its text */

static int metric_print(char *out, size_t size, const dais_metric_t *metric, uint64_t value)
{
    const char *type = metric->type == DAIS_METRIC_COUNTER ? "counter" : "gauge";
    char number[32];
    if (metric->type == DAIS_METRIC_TIME)
        (void)snprintf(number, sizeof(number), "%" PRIu64 ".%03u", value / 1000,
                       (unsigned)(value % 1000));
    else
        (void)snprintf(number, sizeof(number), "%" PRIu64, value);
    return snprintf(out, size, "# HELP %s %s\n# TYPE %s %s\n%s %s\n", metric->name, metric->text,
                    metric->name, type, metric->name, number);
}

static dais_err_t metrics_put(const char *path, dais_slice_t text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC,
                  S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH);
    if (fd < 0)
        return dais_file_err(errno);
    dais_err_t err = dais_file_write_all(fd, text);
    if (err == DAIS_OK && fchmod(fd, S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH) != 0)
        err = dais_file_err(errno);
    (void)close(fd);
    return err;
}

dais_err_t dais_metrics_write(const char *path, const dais_metric_t *metrics,
                              const uint64_t *values)
{
    static char text[DAIS_METRICS_MAX * METRIC_BYTES];
    char draft[PATH_MAX];
    size_t size = 0;
    for (size_t i = 0; metrics[i].name != NULL; i++) {
        assert(i < DAIS_METRICS_MAX);
        int added = metric_print(text + size, sizeof(text) - size, &metrics[i], values[i]);
        assert(added > 0 && added < METRIC_BYTES);
        size += (size_t)added;
    }
    if (snprintf(draft, sizeof(draft), "%s.draft", path) >= (int)sizeof(draft))
        return DAIS_ERR_TOO_LONG;
    dais_err_t err = metrics_put(draft, dais_slice(text, size));
    if (err == DAIS_OK && rename(draft, path) != 0)
        err = dais_file_err(errno);
    if (err != DAIS_OK)
        (void)unlink(draft);
    return err;
}
