/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/logfmt.h"
#include "base/utf8.h"
#include "tests/unit/fault.h"

#define HEAD "ts=2022-05-27T08:00:00.000Z level=info event=tested"

/* What a sink has received. */
typedef struct {
    char text[8 * DAIS_LOG_LINE_MAX];
    size_t size;
    size_t call_count;
    size_t taken_max; /* it takes this many bytes of a line; SIZE_MAX for all */
} sink_t;

static size_t sink_write(void *context, dais_slice_t line)
{
    sink_t *sink = (sink_t *)context;
    size_t taken = line.size < sink->taken_max ? line.size : sink->taken_max;
    assert_true(sink->size + taken < sizeof(sink->text));
    memcpy(sink->text + sink->size, line.data, taken);
    sink->size += taken;
    sink->text[sink->size] = '\0';
    sink->call_count++;
    return taken;
}

static dais_clock_manual_t manual = {.now = {.wall_ms = 1653638400000}};

static dais_log_t start(sink_t *sink)
{
    sink->size = 0;
    sink->text[0] = '\0';
    sink->call_count = 0;
    sink->taken_max = SIZE_MAX;
    dais_clock_t clock = dais_clock_manual(&manual);
    return dais_log_to_sink(&clock, sink_write, sink);
}

/* The line with a single field of this value. */
static const char *line_of(sink_t *sink, dais_slice_t value)
{
    dais_log_t log = start(sink);
    dais_log_line_t line;
    dais_log_begin(&line, &log, DAIS_LOG_INFO, "tested");
    dais_log_slice(&line, "value", value);
    dais_log_end(&line);
    assert_int_equal(sink->call_count, 1);
    return sink->text;
}

/* Goal: a line is what the header shows, with each kind of field. Method: log one line with all of
 * them and compare it as a whole. */
static void test_line(void **state)
{
    (void)state;
    static const uint8_t id[] = {0x00, 0x1F, 0xAB, 0xFF};
    sink_t sink;
    dais_log_t log = start(&sink);
    dais_log_line_t line;
    dais_log_begin(&line, &log, DAIS_LOG_WARN, "bundle-refused2");
    dais_log_err(&line, DAIS_ERR_BAD_SIGNATURE);
    dais_log_u64(&line, "least", 0);
    dais_log_u64(&line, "most_1", UINT64_MAX);
    dais_log_hex(&line, "key", dais_slice(id, sizeof(id)));
    dais_log_hex(&line, "none", dais_slice(NULL, 0));
    dais_log_text(&line, "path", "/srv/a-b_c.d:1@x+y");
    dais_log_text(&line, "said", "two words");
    dais_log_end(&line);
    assert_string_equal(sink.text,
                        "ts=2022-05-27T08:00:00.000Z level=warn event=bundle-refused2 "
                        "code=bad-signature least=0 most_1=18446744073709551615 key=001fabff none= "
                        "path=/srv/a-b_c.d:1@x+y said=\"two words\"\n");
    assert_int_equal(log.lost_count, 0);
}

/* Goal: the three levels have their words. Method: log a line of each level and look for it. */
static void test_levels(void **state)
{
    (void)state;
    static const char *const words[] = {" level=info ", " level=warn ", " level=error "};
    for (int level = 0; level < 3; level++) {
        sink_t sink;
        dais_log_t log = start(&sink);
        dais_log_line_t line;
        dais_log_begin(&line, &log, (dais_log_level_t)level, "tested");
        dais_log_end(&line);
        assert_non_null(strstr(sink.text, words[level]));
    }
}

/* Goal: an event is logged even if nobody knows when it was. Method: a clock that fails, then one
 * that is beyond the year 9999. */
static void test_unknown_time(void **state)
{
    (void)state;
    sink_t sink;
    dais_log_t log = start(&sink);
    dais_log_line_t line;
    manual.err = DAIS_ERR_CLOCK;
    dais_log_begin(&line, &log, DAIS_LOG_INFO, "tested");
    manual.err = DAIS_OK;
    dais_log_end(&line);
    dais_clock_manual_set_wall(&manual, UINT64_MAX);
    dais_log_begin(&line, &log, DAIS_LOG_INFO, "tested");
    dais_clock_manual_set_wall(&manual, 1653638400000);
    dais_log_end(&line);
    assert_string_equal(sink.text, "ts=unknown level=info event=tested\n"
                                   "ts=unknown level=info event=tested\n");
}

/* Goal: each kind of value has its one form. Method: a table of values, bare, quoted and escaped,
 * with the edges of what is escaped, and what is logged for each; a NUL as well. */
static void test_escapes(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        const char *logged;
    } known[] = {
        {"", "\"\""},
        {"bare", "bare"},
        {"a=b", "\"a=b\""},
        {" ", "\" \""},
        {"say \"no\"", "\"say \\\"no\\\"\""},
        {"back\\slash", "\"back\\\\slash\""},
        {"line\nlevel=error", "\"line\\nlevel=error\""},
        {"\r\t\x1B[2J\x7F", "\"\\x0d\\x09\\x1b[2J\\x7f\""},
        {"\xC2\x85\xC2\x9F\xC2\xA0", "\"\\xc2\\x85\\xc2\\x9f\xC2\xA0\""},
        /* NOLINTNEXTLINE(misc-misleading-bidirectional): as escapes they mislead nobody */
        {"\xE2\x80\xA7\xE2\x80\xA8\xE2\x80\xAE\xE2\x80\xAF",
         "\"\xE2\x80\xA7\\xe2\\x80\\xa8\\xe2\\x80\\xae\xE2\x80\xAF\""},
        {"\xE2\x81\xA5\xE2\x81\xA6\xE2\x81\xA9\xE2\x81\xAA",
         "\"\xE2\x81\xA5\\xe2\\x81\\xa6\\xe2\\x81\\xa9\xE2\x81\xAA\""},
        {"\xFF\xC3(\xC0\x80", "\"\\xff\\xc3(\\xc0\\x80\""},
        {"\xD8\xA7\xF0\x9F\x95\x8A", "\"\xD8\xA7\xF0\x9F\x95\x8A\""},
    };
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        sink_t sink;
        char expected[256];
        (void)snprintf(expected, sizeof(expected), HEAD " value=%s\n", known[i].logged);
        assert_string_equal(line_of(&sink, dais_slice_text(known[i].value)), expected);
    }
    sink_t sink;
    assert_string_equal(line_of(&sink, dais_slice("a\0b", 3)), HEAD " value=\"a\\x00b\"\n");
}

/* Undoes the escapes of a quoted value, as a reader of logs would; returns the size, and *rest is
 * what follows the closing quote. */
static size_t unquote(const char *text, uint8_t *bytes, const char **rest)
{
    size_t size = 0;
    for (; *text != '"'; size++) {
        unsigned byte = (uint8_t)*text++;
        if (byte == '\\') {
            char mark = *text++;
            byte = mark == 'n' ? '\n' : (unsigned)mark;
            if (mark == 'x') {
                const char digits[] = {text[0], text[1], '\0'};
                byte = (unsigned)strtoul(digits, NULL, 16);
                text += 2;
            }
        }
        bytes[size] = (uint8_t)byte;
    }
    *rest = text + 1;
    return size;
}

/* Goal: whatever the value, one event is one line of clean UTF-8, and nothing of the value is lost
 * or taken for another. Method: all pairs of bytes within a quoted value, decoded again. */
static void test_every_pair_of_bytes(void **state)
{
    (void)state;
    for (unsigned pair = 0; pair <= 0xFFFF; pair++) {
        const uint8_t value[] = {' ', (uint8_t)(pair >> 8), (uint8_t)pair};
        sink_t sink;
        const char *text = line_of(&sink, dais_slice(value, sizeof(value)));
        assert_ptr_equal(strchr(text, '\n'), sink.text + sink.size - 1);
        dais_slice_t without_newline = dais_slice(text, sink.size - 1);
        assert_int_equal(dais_utf8_check(without_newline, false, NULL), DAIS_OK);
        uint8_t bytes[16];
        const char *rest = NULL;
        assert_memory_equal(text, HEAD " value=\"", sizeof(HEAD) + 7);
        assert_int_equal(unquote(text + sizeof(HEAD) + 7, bytes, &rest), sizeof(value));
        assert_memory_equal(bytes, value, sizeof(value));
        assert_string_equal(rest, "\n");
    }
}

/* Goal: a line never exceeds its limit, a cut is at a whole character and shows, and what follows a
 * cut is left out. Method: values of every length around the limit, of characters whose logged
 * forms have 1 to 12 bytes, each followed by another field. */
static void test_long_texts_are_cut(void **state)
{
    (void)state;
    static const char *const fill[] = {"a", " ", "\"", "\x01", "\xD8\xA7", "\xE2\x80\xA8"};
    for (size_t kind = 0; kind < 6; kind++) {
        size_t unit = strlen(fill[kind]);
        bool cut_seen = false;
        for (size_t count = 0; count < 1100; count++) {
            static uint8_t value[4000];
            for (size_t i = 0; i < count; i++)
                memcpy(value + i * unit, fill[kind], unit);
            sink_t sink;
            dais_log_t log = start(&sink);
            dais_log_line_t line;
            dais_log_begin(&line, &log, DAIS_LOG_INFO, "tested");
            dais_log_slice(&line, "value", dais_slice(value, count * unit));
            dais_log_text(&line, "after", "1");
            dais_log_end(&line);
            assert_in_range(sink.size, 1, DAIS_LOG_LINE_MAX);
            const char *mark = strstr(sink.text, " truncated=true\n");
            const char *after = strstr(sink.text, " after=1");
            assert_true((mark == NULL) == (after != NULL));
            assert_true(mark == NULL || mark[-1] == '"' || kind == 0);
            assert_int_equal(dais_utf8_check(dais_slice(sink.text, sink.size), true, NULL),
                             DAIS_OK);
            assert_true(!cut_seen || mark != NULL);
            cut_seen = mark != NULL;
        }
        assert_true(cut_seen);
    }
}

/* Goal: a number, a hash or a code is never cut: it is there whole or not at all, and once one is
 * left out nothing follows it. Method: fill up a line with each. */
static void test_numbers_are_not_cut(void **state)
{
    (void)state;
    static const uint8_t hash[32];
    for (int kind = 0; kind < 3; kind++) {
        sink_t sink;
        dais_log_t log = start(&sink);
        dais_log_line_t line;
        dais_log_begin(&line, &log, DAIS_LOG_INFO, "tested");
        for (int i = 0; i < 200; i++) {
            if (kind == 0)
                dais_log_u64(&line, "n", 1000000);
            else if (kind == 1)
                dais_log_hex(&line, "n", dais_slice(hash, sizeof(hash)));
            else
                dais_log_err(&line, DAIS_ERR_BAD_PROOF);
        }
        dais_log_u64(&line, "z", 1);
        dais_log_end(&line);
        size_t field_size = strlen(kind == 0   ? " n=1000000"
                                   : kind == 1 ? " n="
                                               : " code=bad-proof");
        field_size += kind == 1 ? 2 * sizeof(hash) : 0;
        assert_int_equal((sink.size - strlen(HEAD " truncated=true\n")) % field_size, 0);
        assert_in_range(sink.size, DAIS_LOG_LINE_MAX - field_size, DAIS_LOG_LINE_MAX);
        assert_null(strstr(sink.text, " z="));
        assert_non_null(strstr(sink.text, " truncated=true\n"));
    }
}

/* Goal: bytes that could never fit are left out, visibly, without arithmetic that overflows.
 * Method: log 600 bytes, then a slice that claims to have SIZE_MAX. */
static void test_hex_beyond_any_line(void **state)
{
    (void)state;
    static const uint8_t bytes[600];
    sink_t sink;
    dais_log_t log = start(&sink);
    dais_log_line_t line;
    dais_log_begin(&line, &log, DAIS_LOG_INFO, "tested");
    dais_log_hex(&line, "n", dais_slice(bytes, sizeof(bytes)));
    dais_log_end(&line);
    assert_string_equal(sink.text, HEAD " truncated=true\n");
    dais_log_begin(&line, &log, DAIS_LOG_INFO, "tested");
    dais_log_hex(&line, "n", dais_slice(bytes, SIZE_MAX));
    dais_log_end(&line);
    assert_true(line.truncated);
}

static void log_one(dais_log_t *log)
{
    dais_log_line_t line;
    dais_log_begin(&line, log, DAIS_LOG_INFO, "tested");
    dais_log_end(&line);
}

/* Goal: lost lines are counted, and the next that gets through says how many; a torn one does not
 * swallow its successor. Method: a sink that takes nothing, then a part, then all. */
static void test_lost_lines(void **state)
{
    (void)state;
    sink_t sink;
    dais_log_t log = start(&sink);
    sink.taken_max = 0;
    log_one(&log);
    log_one(&log);
    assert_int_equal(log.lost_count, 2);
    sink.taken_max = 5;
    log_one(&log);
    assert_int_equal(log.lost_count, 3);
    sink.taken_max = 0;
    log_one(&log);
    sink.taken_max = SIZE_MAX;
    log_one(&log);
    log_one(&log);
    assert_int_equal(log.lost_count, 4);
    assert_string_equal(sink.text, "ts=20\n" HEAD " lost=4\n" HEAD "\n");
}

/* Goal: a line lost between the begin and the end of another is told by the one after. Method:
 * begin a line, lose another, end the first, log a third and compare the text. */
static void test_lost_between(void **state)
{
    (void)state;
    sink_t sink;
    dais_log_t log = start(&sink);
    dais_log_line_t outer;
    dais_log_begin(&outer, &log, DAIS_LOG_INFO, "tested");
    sink.taken_max = 0;
    log_one(&log);
    sink.taken_max = SIZE_MAX;
    dais_log_end(&outer);
    log_one(&log);
    assert_string_equal(sink.text, HEAD "\n" HEAD " lost=1\n");
}

static unsigned write_count;

ssize_t write(int fd, const void *bytes, size_t size)
{
    write_count++;
    if (fault_hits("write"))
        return -1;
    return FAULT_REAL(write)(fd, bytes, size);
}

/* Goal: a line is one write(2) to the descriptor; an interruption is tried again, a failure is
 * counted. Method: a pipe, and faults in write. */
static void test_descriptor(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    dais_clock_t clock = dais_clock_manual(&manual);
    dais_log_t log = dais_log_to_fd(&clock, ends[1]);
    write_count = 0;
    log_one(&log);
    assert_int_equal(write_count, 1);
    fault_set("write", 0, EINTR);
    log_one(&log);
    assert_int_equal(write_count, 3);
    fault_set("write", 0, EIO);
    log_one(&log);
    assert_int_equal(log.lost_count, 1);
    log_one(&log);
    char text[512] = {0};
    assert_in_range(read(ends[0], text, sizeof(text) - 1), 1, sizeof(text) - 1);
    assert_string_equal(text, HEAD "\n" HEAD "\n" HEAD " lost=1\n");
    assert_int_equal(close(ends[0]), 0);
    assert_int_equal(close(ends[1]), 0);
}

typedef struct {
    const char *event;
    const char *key;
    int level;
} names_t;

static void log_names(void *context)
{
    const names_t *names = (const names_t *)context;
    sink_t sink;
    dais_log_t log = start(&sink);
    dais_log_line_t line;
    dais_log_begin(&line, &log, (dais_log_level_t)names->level, names->event);
    dais_log_u64(&line, names->key, 1);
    dais_log_end(&line);
}

/* Goal: events and keys are our own words; anything else is a bug. Method: bad names in a child. */
static void test_bad_names_are_bugs(void **state)
{
    (void)state;
    static const char long_name[] =
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    names_t good = {"cycle-2-opened", "stream_1", 0};
    assert_false(fault_aborts(log_names, &good));
    names_t bad[] = {
        {"", "a", 0},        {"Event", "a", 0},        {"an event", "a", 0},    {"e_e", "a", 0},
        {long_name, "a", 0}, {"event", "", 0},         {"event", "a-b", 0},     {"event", "a=b", 0},
        {"event", "a{b", 0}, {"event", "\xC3\xA9", 0}, {"event", long_name, 0}, {"event", "a", 3}};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_true(fault_aborts(log_names, &bad[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_line),
        cmocka_unit_test(test_levels),
        cmocka_unit_test(test_unknown_time),
        cmocka_unit_test(test_escapes),
        cmocka_unit_test(test_every_pair_of_bytes),
        cmocka_unit_test(test_long_texts_are_cut),
        cmocka_unit_test(test_numbers_are_not_cut),
        cmocka_unit_test(test_hex_beyond_any_line),
        cmocka_unit_test(test_lost_lines),
        cmocka_unit_test(test_lost_between),
        cmocka_unit_test(test_descriptor),
        cmocka_unit_test(test_bad_names_are_bugs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
