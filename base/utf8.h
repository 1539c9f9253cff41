/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_BASE_UTF8_H
#define DAIS_BASE_UTF8_H

#include "base/err.h"
#include "base/slice.h"

/* The length in bytes (1 to 4) of the character that bytes open with, and its code point; 0, and
 * code_point untouched, if they are empty or do not open with a well-formed character: RFC 3629,
 * section 4, so no overlong form, no surrogate, nothing above U+10FFFF. */
size_t dais_utf8_next(dais_slice_t bytes, uint32_t *code_point);

/* Whether text is valid UTF-8 without control characters. Refused with NOT_UTF8 or
 * CONTROL_CHARACTER, and *offset (may be null) then has the first byte of the first character at
 * fault; otherwise it is untouched.
 *
 * Control characters are U+0000 to U+001F, U+007F and U+0080 to U+009F; newline (U+000A) passes if
 * allow_newline. Line and paragraph separators (U+2028, U+2029) and the marks that set the
 * direction of writing (U+202A to U+202E, U+2066 to U+2069) pass: languages need them, and every
 * output has to isolate a text from what stands around it. */
DAIS_MUST_CHECK dais_err_t dais_utf8_check(dais_slice_t text, bool allow_newline, size_t *offset);

#endif
