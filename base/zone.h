/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_BASE_ZONE_H
#define DAIS_BASE_ZONE_H

#include "base/err.h"
#include "base/slice.h"

/* Time zones of the tz database, read from the system's files (TZif, RFC 8536) without the C
 * library, whose one zone is that of the process and of the variable TZ. For whoever announces
 * instants: rules and records know UTC only. Instants are seconds since 1970-01-01T00:00:00Z; a
 * local time is counted the same way, as if the clock on the wall showed UTC. */

#define DAIS_ZONE_FOLDER       "/usr/share/zoneinfo"
#define DAIS_ZONE_NAME_MAX     64                    /* bytes of "America/Argentina/Buenos_Aires" */
#define DAIS_ZONE_VERSION_SIZE 32                    /* "2026a" and NUL */
#define DAIS_ZONE_AT_MAX       INT64_C(253402300799) /* 9999-12-31T23:59:59Z */

typedef struct dais_zone dais_zone_t;

/* Reads the zone of this name below folder. BAD_VALUE for what is no name of a zone (it never leads
 * out of folder), NOT_FOUND where folder has none of it, CORRUPT for a file that is not TZif of
 * version 2 or later, or counts leap seconds; else as dais_file_read(). *zone is null after any. */
DAIS_MUST_CHECK dais_err_t dais_zone_load(dais_zone_t **zone, const char *folder,
                                          dais_slice_t name);

/* The same from the bytes of a file, which may go afterwards. CORRUPT, NO_MEMORY. */
DAIS_MUST_CHECK dais_err_t dais_zone_parse(dais_zone_t **zone, dais_slice_t bytes);

void dais_zone_free(dais_zone_t **zone); /* *zone is null afterwards */

/* Seconds east of UTC at an instant of 0 to DAIS_ZONE_AT_MAX. */
int32_t dais_zone_offset(const dais_zone_t *zone, int64_t at_s);

typedef enum {
    DAIS_ZONE_ONCE,
    DAIS_ZONE_TWICE, /* the clocks are set back over it */
    DAIS_ZONE_NEVER  /* the clocks are set forward over it */
} dais_zone_fit_t;

/* When do clocks there show this local time? TWICE gives both instants. NEVER gives in both the
 * instant at which the clocks are set, when they show something later for the first time. */
typedef struct {
    dais_zone_fit_t fit;
    int64_t first_s, last_s;
} dais_zone_instants_t;

dais_zone_instants_t dais_zone_find(const dais_zone_t *zone, int64_t local_s);

/* The version of the tz database in folder, such as "2026a". NOT_FOUND if nothing there says it,
 * CORRUPT if what says it is not of that form. */
DAIS_MUST_CHECK dais_err_t dais_zone_version(const char *folder,
                                             char version[DAIS_ZONE_VERSION_SIZE]);

#endif
