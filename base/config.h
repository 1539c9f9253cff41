/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_BASE_CONFIG_H
#define DAIS_BASE_CONFIG_H

#include <stdio.h>

#include "base/err.h"
#include "base/slice.h"

/* The configuration file of a daemon, in ZPL (base/zpl.h), checked against a table of settings:
 * what is unknown, repeated, missing or out of its limits is an error with file, line and column,
 * and the nearest right name. All faults of a file are reported, not the first alone.
 *
 *   front
 *       endpoint = "tcp://0.0.0.0:7400"     # the setting "front/endpoint"
 */
typedef enum {
    DAIS_CONFIG_TEXT,     /* min..max bytes */
    DAIS_CONFIG_PATH,     /* absolute */
    DAIS_CONFIG_ENDPOINT, /* tcp://HOST:PORT or ipc:///PATH */
    DAIS_CONFIG_KEY,      /* a transport key, 40 characters of Z85 */
    DAIS_CONFIG_WORD,     /* one of words */
    DAIS_CONFIG_NUMBER,   /* min..max */
    DAIS_CONFIG_BYTES,    /* min..max; "64 MiB", "512 KiB", or bytes */
    DAIS_CONFIG_TIME_MS,  /* min..max; "250 ms", "5 s", "10 min" */
} dais_config_type_t;

typedef enum {
    DAIS_CONFIG_ONCE,
    DAIS_CONFIG_REPEATED, /* any number of times, at least once if there is no fallback */
} dais_config_count_t;

typedef struct {
    const char *name; /* "section/name"; a null name ends a table */
    dais_config_type_t type;
    dais_config_count_t count;
    uint64_t min, max;    /* of the number or the length; both 0: 1 to 960 bytes, any number */
    const char *words;    /* "a|b" for a WORD */
    const char *fallback; /* as it would stand in the file; null if the setting has to be there, ""
                             if it may be absent and then has no value */
    const char *text;     /* for --print-config: what it does, one line */
} dais_config_key_t;

typedef struct dais_config dais_config_t;

#define DAIS_CONFIG_SIZE_MAX  65536 /* bytes of a file */
#define DAIS_CONFIG_VALUE_MAX 256   /* values in one file */

/* Reads the file. BAD_TEXT, UNKNOWN_SETTING, REPEATED_KEY, MISSING_KEY, BAD_VALUE and so on: the
 * first fault found, all of them having been written to errors; or what dais_file_read() says. The
 * table outlives the configuration. */
DAIS_MUST_CHECK dais_err_t dais_config_load(const dais_config_key_t *table, const char *path,
                                            FILE *errors, dais_config_t **config);

/* The same for a text; name stands for the path in messages. */
DAIS_MUST_CHECK dais_err_t dais_config_parse(const dais_config_key_t *table, dais_slice_t text,
                                             const char *name, FILE *errors,
                                             dais_config_t **config);

/* Wipes and frees; harmless on null. */
void dais_config_destroy(dais_config_t **config);

/* How many values it has: 0 only for what is absent without a fallback. A name that is not in the
 * table is a bug, here and below. */
size_t dais_config_count(const dais_config_t *config, const char *name);

/* The i-th value as text, null behind the last. Lives as long as the configuration. */
const char *dais_config_text_at(const dais_config_t *config, const char *name, size_t i);
const char *dais_config_text(const dais_config_t *config, const char *name);

/* The value of a NUMBER, BYTES (in bytes) or TIME_MS (in milliseconds); it must have one. */
uint64_t dais_config_number(const dais_config_t *config, const char *name);

/* For the checks that a table cannot express: writes a fault of the i-th value of a setting in the
 * same form as all others, with the place where it stands. */
void dais_config_fault(const dais_config_t *config, FILE *errors, const char *name, size_t i,
                       dais_err_t err, const char *what);

/* The whole configuration as a file, with fallbacks and what each setting means. */
void dais_config_print(const dais_config_t *config, FILE *stream);

#endif
