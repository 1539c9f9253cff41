/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_BASE_LOGFMT_H
#define DAIS_BASE_LOGFMT_H

#include "base/clock.h"
#include "base/err.h"
#include "base/slice.h"

/* One event, one line:
 *
 *   ts=2022-05-27T08:00:00.000Z level=warn event=bundle-refused code=bad-signature entries=12
 *
 * NEVER SUBMITTED TEXT. A log is read by more people than may see a submission, is copied and is
 * kept; names, comments, reasons and summaries do not belong in it, escaped or not. Values are our
 * own words, ids, codes, numbers, hashes, and paths and settings of the operator's. */

/* Bytes, the newline included: so few that a pipe takes a line in one piece. */
#define DAIS_LOG_LINE_MAX 1024
#define DAIS_LOG_NAME_MAX 64 /* characters of a key or an event */

typedef enum { DAIS_LOG_INFO, DAIS_LOG_WARN, DAIS_LOG_ERROR } dais_log_level_t;

/* Where lines go. Set up by dais_log_to_fd() or dais_log_to_sink(); one thread uses it. */
typedef struct {
    /* Takes the line in one go and returns how many of its bytes it took; fewer is a lost line. */
    size_t (*write)(void *context, dais_slice_t line);
    void *context;
    dais_clock_t clock;
    uint64_t lost_count; /* lines that did not get through, ever */
    uint64_t told_count; /* those of them that a later line has reported */
    bool torn;           /* the last thing written is a part of a line */
} dais_log_t;

/* Each line is a single write(2) to fd, which stays the caller's. */
dais_log_t dais_log_to_fd(const dais_clock_t *clock, int fd);

/* For tests and for sinks of another kind. The slice lives for the call. */
dais_log_t dais_log_to_sink(const dais_clock_t *clock,
                            size_t (*write)(void *context, dais_slice_t line), void *context);

/* A line that is being put together. Nothing is allocated; what does not fit is left out together
 * with all that follows, and the line then ends in truncated=true. */
typedef struct {
    dais_log_t *log;
    size_t size;
    uint64_t lost_count; /* the log's when the line was begun: what it reports */
    bool truncated;
    char text[1 + DAIS_LOG_LINE_MAX]; /* text[0] is a newline, sent only after a torn line */
} dais_log_line_t;

/* event is one of our words, [a-z0-9-]. The time is the clock's, or "unknown" if it fails. */
void dais_log_begin(dais_log_line_t *line, dais_log_t *log, dais_log_level_t level,
                    const char *event);

/* Keys are [a-z0-9_]; each adder writes " key=value". Quotes, backslashes, control characters
 * (C0, DEL, C1), separators of lines and marks of direction, and whatever is not UTF-8 are escaped
 * (\" \\ \n \xHH, byte by byte), so that no value can end a line or pose as another field. A text
 * that is too long is cut between two characters. */
void dais_log_text(dais_log_line_t *line, const char *key, const char *value);
void dais_log_slice(dais_log_line_t *line, const char *key, dais_slice_t value);
void dais_log_u64(dais_log_line_t *line, const char *key, uint64_t value);
/* Lower-case hex, two digits a byte. */
void dais_log_hex(dais_log_line_t *line, const char *key, dais_slice_t bytes);
/* " code=" and the stable code. */
void dais_log_err(dais_log_line_t *line, dais_err_t err);

/* Sends the line. If it does not get through it is counted, and the next line that does opens with
 * lost=N after its event: nothing vanishes in silence. */
void dais_log_end(dais_log_line_t *line);

#endif
