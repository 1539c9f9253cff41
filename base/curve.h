/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_BASE_CURVE_H
#define DAIS_BASE_CURVE_H

#include "base/err.h"
#include "base/slice.h"

/* Keys of the transport: X25519, as CurveZMQ (RFC 26 of the ZeroMQ project) uses them. */
#define DAIS_CURVE_KEY_SIZE  32 /* bytes of an X25519 key */
#define DAIS_CURVE_TEXT_SIZE 41 /* such a key in Z85 (RFC 32) and NUL */

typedef struct {
    uint8_t public_key[DAIS_CURVE_KEY_SIZE];
    uint8_t secret_key[DAIS_CURVE_KEY_SIZE];
} dais_curve_pair_t;

/* A new pair for CURVE. CRYPTO if libzmq was built without it. */
DAIS_MUST_CHECK dais_err_t dais_curve_make(dais_curve_pair_t *pair);

/* The public key that belongs to pair->secret_key. */
DAIS_MUST_CHECK dais_err_t dais_curve_derive(dais_curve_pair_t *pair);

void dais_curve_format(const uint8_t key[DAIS_CURVE_KEY_SIZE], char text[DAIS_CURVE_TEXT_SIZE]);

/* BAD_KEY unless text is 40 characters of Z85. */
DAIS_MUST_CHECK dais_err_t dais_curve_parse(dais_slice_t text, uint8_t key[DAIS_CURVE_KEY_SIZE]);

/* Reads a secret key's file: one line, the secret key in Z85; the public key follows from it.
 * EXPOSED if others can read it, BAD_KEY, and the errors of dais_file_read(). */
DAIS_MUST_CHECK dais_err_t dais_curve_read(const char *path, dais_curve_pair_t *pair);

/* Makes a pair and its file with mode 0600. EXISTS if there is anything at path. */
DAIS_MUST_CHECK dais_err_t dais_curve_create(const char *path, dais_curve_pair_t *pair);

#endif
