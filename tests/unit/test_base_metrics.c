/* SPDX-License-Identifier: Apache-2.0 */
#include "base/metrics.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/file.h"
#include "tests/unit/scratch.h"

static const dais_metric_t metrics[] = {
    {"dais_test_things_total", DAIS_METRIC_COUNTER, "Things."},
    {"dais_test_level", DAIS_METRIC_GAUGE, "Level."},
    {"dais_test_last_timestamp_seconds", DAIS_METRIC_TIME, "When."},
    {.name = NULL},
};

/* Goal: the file is of the format that Prometheus documents, and others may read it. Method: one
 * number of each type, the largest among them, byte by byte, twice over the same file. */
static void test_format(void **state)
{
    (void)state;
    scratch_path_t path = scratch_path("metrics.prom");
    const uint64_t first[] = {1, 2, 3};
    const uint64_t values[] = {UINT64_MAX, 0, 1800000000007};
    assert_int_equal(dais_metrics_write(path.text, metrics, first), DAIS_OK);
    assert_int_equal(dais_metrics_write(path.text, metrics, values), DAIS_OK);
    dais_file_bytes_t bytes;
    struct stat status;
    assert_int_equal(dais_file_read(path.text, 4096, &bytes), DAIS_OK);
    assert_string_equal((const char *)bytes.data,
                        "# HELP dais_test_things_total Things.\n"
                        "# TYPE dais_test_things_total counter\n"
                        "dais_test_things_total 18446744073709551615\n"
                        "# HELP dais_test_level Level.\n"
                        "# TYPE dais_test_level gauge\n"
                        "dais_test_level 0\n"
                        "# HELP dais_test_last_timestamp_seconds When.\n"
                        "# TYPE dais_test_last_timestamp_seconds gauge\n"
                        "dais_test_last_timestamp_seconds 1800000000.007\n");
    assert_int_equal(stat(path.text, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0644);
    dais_file_free(&bytes);
    assert_int_equal(scratch_count(scratch_folder), 1); /* no draft is left */
}

/* Goal: what cannot be written is said, and nothing is left behind. Method: a folder that is not
 * there, a folder in the file's place, a path that is too long. */
static void test_faults(void **state)
{
    (void)state;
    static char path_long[8192];
    const uint64_t values[] = {1, 2, 3};
    scratch_path_t missing = scratch_path("none/metrics.prom");
    scratch_path_t folder = scratch_path("folder");
    int before = scratch_count(scratch_folder);
    assert_int_equal(dais_metrics_write(missing.text, metrics, values), DAIS_ERR_NOT_FOUND);
    assert_int_equal(mkdir(folder.text, 0700), 0);
    assert_int_not_equal(dais_metrics_write(folder.text, metrics, values), DAIS_OK);
    assert_int_equal(scratch_count(scratch_folder), before + 1);
    memset(path_long, 'x', sizeof path_long - 1);
    assert_int_equal(dais_metrics_write(path_long, metrics, values), DAIS_ERR_TOO_LONG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_format),
        cmocka_unit_test(test_faults),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
