/* SPDX-License-Identifier: Apache-2.0
 *
 * The small texts of base and proto: UTF-8 against a naive decoder, instants (RFC 3339) and decimal
 * numbers, which come back as they were written, and log lines, whose escapes say exactly what the
 * value was.
 *
 * Input: the text. */
#include "base/clock.h"
#include "base/logfmt.h"
#include "base/utf8.h"
#include "proto/text.h"
#include "tests/fuzz/fuzz.h"

/* The bytes of a character by its definition: write every code point of as many bytes as the first
 * byte may open, and compare. 0 if the bytes open with none. */
static size_t utf8_write(uint32_t c, uint8_t out[4])
{
    if (c < 0x80) {
        out[0] = (uint8_t)c;
        return 1;
    }
    size_t size = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = size; i-- > 1; c >>= 6)
        out[i] = (uint8_t)(0x80 | (c & 0x3f));
    out[0] = (uint8_t)(0xf00U >> size | c);
    return size;
}

static void check_utf8(dais_slice_t text)
{
    size_t offset = SIZE_MAX;
    size_t good = 0; /* how far every character is written as it stands */
    bool control = false;
    while (good < text.size && !control) {
        uint32_t c = 0;
        uint8_t written[4];
        dais_slice_t rest = dais_slice(text.data + good, text.size - good);
        size_t size = dais_utf8_next(rest, &c);
        if (size == 0)
            break;
        assert(c <= 0x10ffff && (c < 0xd800 || c > 0xdfff));
        assert(utf8_write(c, written) == size && memcmp(written, rest.data, size) == 0);
        control = c < 0x20 || (c >= 0x7f && c < 0xa0);
        good += control ? 0 : size;
    }
    dais_err_t err = dais_utf8_check(text, false, &offset);
    assert(err == dais_utf8_check(text, false, NULL));
    assert((err == DAIS_OK) == (good == text.size));
    assert(err == DAIS_OK ? offset == SIZE_MAX : offset == good);
    assert(err == DAIS_OK || err == (control ? DAIS_ERR_CONTROL_CHARACTER : DAIS_ERR_NOT_UTF8));
    dais_err_t with_newlines = dais_utf8_check(text, true, NULL);
    assert(err != DAIS_OK || with_newlines == DAIS_OK);
    if (with_newlines == DAIS_OK && err != DAIS_OK)
        assert(text.data[offset] == '\n');
}

static void check_empty(void)
{
    uint32_t c = 7;
    assert(dais_utf8_next(dais_slice(NULL, 0), &c) == 0 && c == 7);
}

static void check_instant(dais_slice_t text)
{
    char again[DAIS_CLOCK_TEXT_SIZE];
    uint64_t ms = 0;
    uint64_t back = 0;
    dais_err_t err = dais_clock_parse(text, &ms);
    assert(err == DAIS_OK || err == DAIS_ERR_BAD_TEXT || err == DAIS_ERR_OUT_OF_RANGE);
    if (err == DAIS_OK) {
        assert(ms <= DAIS_CLOCK_MS_MAX && dais_clock_format(ms, again) == DAIS_OK);
        assert(dais_clock_parse(dais_slice_text(again), &back) == DAIS_OK && back == ms);
    }
    /* And the other way, from any number of milliseconds. */
    if (text.size > 0)
        memcpy(&ms, text.data, text.size < sizeof ms ? text.size : sizeof ms);
    err = dais_clock_format(ms, again);
    assert(err == (ms <= DAIS_CLOCK_MS_MAX ? DAIS_OK : DAIS_ERR_OUT_OF_RANGE));
    if (err == DAIS_OK)
        assert(dais_clock_parse(dais_slice_text(again), &back) == DAIS_OK && back == ms);
}

static void check_number(dais_slice_t text)
{
    uint64_t number;
    dais_err_t err = dais_text_uint(text, UINT64_MAX, &number);
    dais_writer_t writer = fuzz_writer(0);
    if (err == DAIS_OK) {
        dais_text_put_uint(&writer, number);
        assert(dais_slice_equal(dais_slice(writer.buffer, writer.size), text));
        assert(number == 0 || dais_text_uint(text, number - 1, &number) == DAIS_ERR_OUT_OF_RANGE);
    }
    dais_hash_t hash;
    if (dais_text_hash(text, &hash) == DAIS_OK) {
        writer = fuzz_writer(0);
        dais_text_put_base64(&writer, dais_hash_slice(&hash));
        assert(dais_slice_equal(dais_slice(writer.buffer, writer.size), text));
    }
}

static char line_bytes[DAIS_LOG_LINE_MAX + 1];
static size_t line_size;

static size_t line_take(void *context, dais_slice_t line)
{
    (void)context;
    assert(line.size <= DAIS_LOG_LINE_MAX);
    memcpy(line_bytes, line.data, line.size);
    line_size = line.size;
    return line.size;
}

static unsigned hex_digit(char digit)
{
    assert((digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f'));
    return (unsigned)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

/* Undoes the escapes of a quoted value; returns its size and where it ended. */
static size_t value_read(const char *from, const char *end, uint8_t *out, const char **next)
{
    size_t size = 0;
    while (from < end && *from != '"') {
        if (*from != '\\') {
            out[size++] = (uint8_t)*from++;
            continue;
        }
        if (from[1] == 'x') {
            out[size++] = (uint8_t)(hex_digit(from[2]) << 4 | hex_digit(from[3]));
            from += 4;
            continue;
        }
        out[size++] = (uint8_t)(from[1] == 'n' ? '\n' : from[1]);
        from += 2;
    }
    *next = from;
    return size;
}

/* One value in one line: it ends at its newline, nothing in it drives a terminal, and what was
 * escaped reads back as the value, or as its start if the line says that it is cut. */
static void check_log_line(dais_slice_t text)
{
    static const char cut[] = " truncated=true\n";
    uint8_t value[DAIS_LOG_LINE_MAX];
    dais_clock_manual_t manual = {0};
    dais_clock_t clock = dais_clock_manual(&manual);
    dais_log_t log = dais_log_to_sink(&clock, line_take, NULL);
    dais_log_line_t line;
    dais_log_begin(&line, &log, DAIS_LOG_INFO, "fuzz");
    dais_log_slice(&line, "value", text);
    dais_log_end(&line);
    dais_slice_t whole = dais_slice(line_bytes, line_size);
    size_t newline = SIZE_MAX;
    assert(dais_utf8_check(whole, false, &newline) == DAIS_ERR_CONTROL_CHARACTER &&
           newline == line_size - 1);
    line_bytes[line_size] = '\0';
    const char *from = strstr(line_bytes, " value=");
    assert(from != NULL);
    from += strlen(" value=");
    size_t tail = line.truncated ? sizeof cut - 1 : 1;
    const char *end = line_bytes + line_size - tail;
    assert(!line.truncated || memcmp(end, cut, sizeof cut - 1) == 0);
    bool quoted = *from == '"';
    const char *next = end;
    size_t size = quoted ? value_read(from + 1, end, value, &next) : (size_t)(end - from);
    const uint8_t *read = quoted ? value : (const uint8_t *)from;
    assert(quoted ? next + 1 == end && *next == '"' : size > 0);
    assert(line.truncated ? size < text.size : size == text.size);
    assert(size == 0 || memcmp(read, text.data, size) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dais_slice_t text = fuzz_input(data, size);
    check_utf8(text);
    check_empty();
    check_instant(text);
    check_number(text);
    check_log_line(text);
    return 0;
}
