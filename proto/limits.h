/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PROTO_LIMITS_H
#define DAIS_PROTO_LIMITS_H

/* DAIS_LIMIT_MESSAGE and so on; the list with units and reasons is limits.def. */
enum {
#define DAIS_LIMIT(name, value, unit, text) DAIS_LIMIT_##name = (value),
#include "proto/limits.def"
#undef DAIS_LIMIT
};

#define DAIS_TIME_MAX_MS                                                                           \
    253402300799999ULL                     /* 9999-12-31T23:59:59.999Z, the last RFC 3339 instant */
#define DAIS_SEQ_MAX 0x7fffffffffffffffULL /* tree sizes are below 2^63 everywhere */

#endif
