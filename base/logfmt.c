/* SPDX-License-Identifier: Apache-2.0
 *
 * The line is built in a buffer of fixed size, of which the room for the closing mark and the
 * newline is never given to a field. A value needs no quotes if it is made of letters, digits and
 * the marks of ids, times and paths; any other is quoted. Each step appends one whole unit (a
 * character or its escape) or nothing, so a cut never leaves half an escape behind. */
#include "base/logfmt.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "base/utf8.h"

static const char log_mark[] = " truncated=true";

/* What fields may take of text[]. */
#define LOG_BODY_MAX  (DAIS_LOG_LINE_MAX - sizeof(log_mark))
#define LOG_UNIT_MAX  16 /* the longest escape is that of a character of three bytes: 12 */
#define LOG_TOLD_SIZE 20 /* digits of the largest uint64_t */

static size_t log_fd_write(void *context, dais_slice_t line)
{
    int fd = (int)(intptr_t)context;
    ssize_t taken = -1;
    do
        taken = write(fd, line.data, line.size);
    while (taken < 0 && errno == EINTR);
    return taken < 0 ? 0 : (size_t)taken;
}

dais_log_t dais_log_to_sink(const dais_clock_t *clock,
                            size_t (*write)(void *context, dais_slice_t line), void *context)
{
    return (dais_log_t){.write = write, .context = context, .clock = *clock};
}

dais_log_t dais_log_to_fd(const dais_clock_t *clock, int fd)
{
    return dais_log_to_sink(clock, log_fd_write, (void *)(intptr_t)fd);
}

static bool log_is_name(const char *name, char joint)
{
    size_t size = strlen(name);
    for (size_t i = 0; i < size; i++) {
        bool letter = name[i] >= 'a' && name[i] <= 'z';
        bool digit = name[i] >= '0' && name[i] <= '9';
        if (!letter && !digit && name[i] != joint)
            return false;
    }
    return size >= 1 && size <= DAIS_LOG_NAME_MAX;
}

static bool log_has_room(dais_log_line_t *line, size_t size)
{
    if (line->size + size > LOG_BODY_MAX)
        line->truncated = true;
    return !line->truncated;
}

static void log_append(dais_log_line_t *line, const char *bytes, size_t size)
{
    memcpy(line->text + 1 + line->size, bytes, size);
    line->size += size;
}

/* Opens a field of which at least value_size bytes have to fit. */
static bool log_open_field(dais_log_line_t *line, const char *key, size_t value_size)
{
    assert(log_is_name(key, '_'));
    size_t key_size = strlen(key);
    if (!log_has_room(line, 1 + key_size + 1 + value_size))
        return false;
    log_append(line, " ", line->size > 0 ? 1 : 0);
    log_append(line, key, key_size);
    log_append(line, "=", 1);
    return true;
}

static void log_add_word(dais_log_line_t *line, const char *key, const char *word)
{
    if (log_open_field(line, key, strlen(word)))
        log_append(line, word, strlen(word));
}

static bool log_is_bare(dais_slice_t value)
{
    static const char bare[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                               "-_./:@+";
    for (size_t i = 0; i < value.size; i++)
        if (memchr(bare, value.data[i], sizeof(bare) - 1) == NULL)
            return false;
    return value.size > 0;
}

/* Characters that end a line, drive a terminal, or show what follows in another order than it is
 * stored. */
static bool log_is_unfit(uint32_t code_point)
{
    if (code_point < 0x20 || (code_point >= 0x7F && code_point <= 0x9F))
        return true;
    if (code_point >= 0x2028 && code_point <= 0x202E)
        return true;
    return code_point >= 0x2066 && code_point <= 0x2069;
}

static size_t log_escape_bytes(char unit[LOG_UNIT_MAX], const uint8_t *bytes, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < size; i++) {
        const char escape[] = {'\\', 'x', digits[bytes[i] >> 4], digits[bytes[i] & 15]};
        memcpy(unit + i * sizeof(escape), escape, sizeof(escape));
    }
    return size * 4;
}

/* Writes the first character of rest as it goes into quotes; *taken has its bytes in rest. */
static size_t log_unit(char unit[LOG_UNIT_MAX], dais_slice_t rest, size_t *taken)
{
    uint32_t code_point = 0;
    *taken = dais_utf8_next(rest, &code_point);
    if (*taken == 0) {
        *taken = 1;
        return log_escape_bytes(unit, rest.data, 1);
    }
    if (code_point == '"' || code_point == '\\' || code_point == '\n') {
        unit[0] = '\\';
        unit[1] = (char)code_point;
        if (code_point == '\n')
            unit[1] = 'n';
        return 2;
    }
    if (log_is_unfit(code_point))
        return log_escape_bytes(unit, rest.data, *taken);
    memcpy(unit, rest.data, *taken);
    return *taken;
}

void dais_log_slice(dais_log_line_t *line, const char *key, dais_slice_t value)
{
    size_t quote_size = log_is_bare(value) ? 0 : 1;
    if (!log_open_field(line, key, 2))
        return;
    log_append(line, "\"", quote_size);
    for (size_t done = 0; done < value.size;) {
        char unit[LOG_UNIT_MAX];
        size_t taken = 0;
        size_t size = log_unit(unit, dais_slice(value.data + done, value.size - done), &taken);
        if (!log_has_room(line, size + quote_size))
            break;
        log_append(line, unit, size);
        done += taken;
    }
    log_append(line, "\"", quote_size);
}

void dais_log_text(dais_log_line_t *line, const char *key, const char *value)
{
    dais_log_slice(line, key, dais_slice_text(value));
}

/* A number that is cut is another number: it fits whole or is left out. */
void dais_log_u64(dais_log_line_t *line, const char *key, uint64_t value)
{
    char digits[LOG_TOLD_SIZE + 1];
    (void)snprintf(digits, sizeof(digits), "%" PRIu64, value);
    log_add_word(line, key, digits);
}

void dais_log_hex(dais_log_line_t *line, const char *key, dais_slice_t bytes)
{
    static const char digits[] = "0123456789abcdef";
    if (bytes.size > LOG_BODY_MAX / 2) {
        line->truncated = true;
        return;
    }
    if (!log_open_field(line, key, bytes.size * 2))
        return;
    for (size_t i = 0; i < bytes.size; i++) {
        const char pair[] = {digits[bytes.data[i] >> 4], digits[bytes.data[i] & 15]};
        log_append(line, pair, sizeof(pair));
    }
}

void dais_log_err(dais_log_line_t *line, dais_err_t err)
{
    log_add_word(line, "code", dais_err_code(err));
}

static const char *log_level_name(dais_log_level_t level)
{
    static const char *const names[] = {
        [DAIS_LOG_INFO] = "info", [DAIS_LOG_WARN] = "warn", [DAIS_LOG_ERROR] = "error"};
    assert((unsigned)level < sizeof(names) / sizeof(names[0]));
    return names[level];
}

void dais_log_begin(dais_log_line_t *line, dais_log_t *log, dais_log_level_t level,
                    const char *event)
{
    assert(log_is_name(event, '-'));
    line->log = log;
    line->size = 0;
    line->lost_count = log->lost_count;
    line->truncated = false;
    line->text[0] = '\n';
    char ts[DAIS_CLOCK_TEXT_SIZE];
    dais_now_t now;
    bool known = dais_clock_now(&log->clock, &now) == DAIS_OK &&
                 dais_clock_format(now.wall_ms, ts) == DAIS_OK;
    log_add_word(line, "ts", known ? ts : "unknown");
    log_add_word(line, "level", log_level_name(level));
    log_add_word(line, "event", event);
    if (line->lost_count > log->told_count)
        dais_log_u64(line, "lost", line->lost_count - log->told_count);
}

void dais_log_end(dais_log_line_t *line)
{
    dais_log_t *log = line->log;
    if (line->truncated)
        log_append(line, log_mark, sizeof(log_mark) - 1);
    log_append(line, "\n", 1);
    dais_slice_t whole =
        log->torn ? dais_slice(line->text, line->size + 1) : dais_slice(line->text + 1, line->size);
    size_t taken = log->write(log->context, whole);
    if (taken == whole.size) {
        log->torn = false;
        log->told_count = line->lost_count;
        return;
    }
    log->lost_count++;
    log->torn = log->torn || taken > 0;
}
