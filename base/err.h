/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_BASE_ERR_H
#define DAIS_BASE_ERR_H

#include <stdbool.h>
#include <stddef.h>

/* Every function that can fail returns one of these; DAIS_OK is 0. The list is err.def. */
typedef enum {
    DAIS_OK = 0,
#define DAIS_ERR(name, code, class, text) DAIS_ERR_##name,
#include "base/err.def"
#undef DAIS_ERR
    DAIS_ERR_COUNT /* not an error: how many values there are */
} dais_err_t;

#define DAIS_MUST_CHECK __attribute__((warn_unused_result))

/* Where in its input a decoder gave up: the stable code and the offset in bytes of the value at
 * fault. err is DAIS_OK when nothing was at fault. */
typedef struct {
    dais_err_t err;
    size_t offset; /* bytes from the start of the input */
} dais_fault_t;

/* The stable code ("truncated"), "ok" for DAIS_OK. Static text. */
const char *dais_err_code(dais_err_t err);

/* One sentence for a person, without full stop. Static text. */
const char *dais_err_text(dais_err_t err);

/* True if the input was at fault, false if this machine was. False for DAIS_OK. */
bool dais_err_is_refusal(dais_err_t err);

#endif
