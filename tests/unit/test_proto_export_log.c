/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "proto/export_log.h"
#include "tests/support/sample.h"
#include "tests/support/sample_log.h"

enum { SEQ_SEALED = 8, FILE_SIZE_MAX = 64 * 1024 };

typedef struct {
    bool public;
    uint64_t fail_at; /* entry at which the source fails; none above the size */
} source_t;

static dais_err_t sample_entry(void *context, uint64_t seq, dais_export_given_t *out)
{
    const source_t *source = context;
    if (seq == source->fail_at)
        return DAIS_ERR_CORRUPT;
    out->leaf = dais_sample_log()->entries[seq].leaf;
    out->is_open = !source->public || seq != SEQ_SEALED;
    dais_slice_t opening = dais_sample_opening(seq, source->public);
    return dais_shape_decode(&dais_shape_opening, opening, &out->opening).err;
}

typedef struct {
    uint8_t bytes[FILE_SIZE_MAX];
    size_t size;
    unsigned calls, fail_at; /* the call that fails, from 1; 0 for none */
} sink_t;

static dais_err_t sink_take(void *context, dais_slice_t bytes)
{
    sink_t *sink = context;
    if (++sink->calls == sink->fail_at)
        return DAIS_ERR_IO;
    assert_true(bytes.size <= sizeof sink->bytes - sink->size);
    memcpy(sink->bytes + sink->size, bytes.data, bytes.size);
    sink->size += bytes.size;
    return DAIS_OK;
}

static dais_err_t export_sample(source_t *from, sink_t *sink)
{
    dais_export_source_t source = {.entry = sample_entry,
                                   .context = from,
                                   .origin = dais_slice_text(DAIS_SAMPLE_ORIGIN),
                                   .size = DAIS_SAMPLE_LOG_SIZE,
                                   .checkpoint = dais_sample_log()->checkpoint};
    return dais_export_log(&source, sink_take, sink);
}

/* Goal: a log is exported as docs/formats.md says, for one who sees all of it and for the public.
 * Method: the sample log as a source gives the bytes of the golden exports, stamps and bundles
 * before the entries that they are of. */
static void test_sample(void **state)
{
    static sink_t sink;
    (void)state;
    for (unsigned public = 0; public < 2; public ++) {
        source_t source = {.public = public == 1, .fail_at = UINT64_MAX};
        dais_slice_t golden = dais_sample_export(source.public);
        sink = (sink_t){.size = 0};
        assert_int_equal(export_sample(&source, &sink), DAIS_OK);
        assert_int_equal(sink.size, golden.size);
        assert_memory_equal(sink.bytes, golden.data, golden.size);
    }
}

/* Goal: a source or sink that fails ends the export with its error. Method: fail at each entry and
 * at each frame in turn. */
static void test_failures(void **state)
{
    static sink_t sink;
    unsigned frames;
    (void)state;
    for (uint64_t seq = 0; seq < DAIS_SAMPLE_LOG_SIZE; seq++) {
        source_t source = {.fail_at = seq};
        sink = (sink_t){.size = 0};
        assert_int_equal(export_sample(&source, &sink), DAIS_ERR_CORRUPT);
    }
    source_t good = {.fail_at = UINT64_MAX};
    sink = (sink_t){.size = 0};
    assert_int_equal(export_sample(&good, &sink), DAIS_OK);
    frames = sink.calls;
    for (unsigned call = 1; call <= frames; call++) {
        sink = (sink_t){.fail_at = call};
        assert_int_equal(export_sample(&good, &sink), DAIS_ERR_IO);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sample),
        cmocka_unit_test(test_failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
