/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PROTO_BASE64_H
#define DAIS_PROTO_BASE64_H

#include "base/err.h"
#include "base/slice.h"

/* Characters that `size` bytes become, padding included. */
#define DAIS_BASE64_SIZE(size) (((size_t)(size) + 2) / 3 * 4)

/* Base64 of RFC 4648, section 4. Writes exactly DAIS_BASE64_SIZE(bytes.size) characters to out,
 * without a terminator, and returns that number. */
size_t dais_base64_encode(dais_slice_t bytes, char *out);

/* Accepts only what dais_base64_encode() writes: padding is there, nothing stands between or after
 * the characters, the bits that the last character does not need are zero. So one value has one
 * text, and a changed character never decodes to the same bytes.
 * BAD_BASE64, or TOO_LONG if the value has more than `capacity` bytes; what out holds is then
 * unspecified. */
dais_err_t dais_base64_decode(dais_slice_t text, void *out, size_t capacity,
                              size_t *size) DAIS_MUST_CHECK;

/* Checks a text as dais_base64_decode() does, of any length, and says how many bytes it stands
 * for. */
dais_err_t dais_base64_check(dais_slice_t text, size_t *size) DAIS_MUST_CHECK;

#endif
