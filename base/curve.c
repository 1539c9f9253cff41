/* SPDX-License-Identifier: Apache-2.0 */
#include "base/curve.h"

#include <sodium.h>
#include <zmq.h>

#include "base/file.h"

#define CURVE_DIGITS (DAIS_CURVE_TEXT_SIZE - 1)

dais_err_t dais_curve_make(dais_curve_pair_t *pair)
{
    return crypto_box_keypair(pair->public_key, pair->secret_key) == 0 ? DAIS_OK : DAIS_ERR_CRYPTO;
}

dais_err_t dais_curve_derive(dais_curve_pair_t *pair)
{
    return crypto_scalarmult_base(pair->public_key, pair->secret_key) == 0 ? DAIS_OK
                                                                           : DAIS_ERR_CRYPTO;
}

void dais_curve_format(const uint8_t key[DAIS_CURVE_KEY_SIZE], char text[DAIS_CURVE_TEXT_SIZE])
{
    (void)zmq_z85_encode(text, key, DAIS_CURVE_KEY_SIZE);
}

/* zmq_z85_decode() takes no length, and some bytes that are no digits. */
dais_err_t dais_curve_parse(dais_slice_t text, uint8_t key[DAIS_CURVE_KEY_SIZE])
{
    char copy[DAIS_CURVE_TEXT_SIZE];
    char again[DAIS_CURVE_TEXT_SIZE];
    if (text.size != CURVE_DIGITS || memchr(text.data, '\0', text.size) != NULL)
        return DAIS_ERR_BAD_KEY;
    memcpy(copy, text.data, CURVE_DIGITS);
    copy[CURVE_DIGITS] = '\0';
    if (zmq_z85_decode(key, copy) == NULL)
        return DAIS_ERR_BAD_KEY;
    dais_curve_format(key, again);
    bool same = memcmp(copy, again, CURVE_DIGITS) == 0;
    sodium_memzero(copy, sizeof(copy));
    sodium_memzero(again, sizeof(again));
    return same ? DAIS_OK : DAIS_ERR_BAD_KEY;
}

dais_err_t dais_curve_read(const char *path, dais_curve_pair_t *pair)
{
    dais_file_bytes_t bytes;
    memset(pair, 0, sizeof(*pair));
    dais_err_t err = dais_file_read_secret(path, CURVE_DIGITS + 1, &bytes);
    if (err != DAIS_OK)
        return err == DAIS_ERR_TOO_LONG ? DAIS_ERR_BAD_KEY : err;
    size_t size = bytes.size;
    if (size == CURVE_DIGITS + 1 && bytes.data[CURVE_DIGITS] == '\n')
        size = CURVE_DIGITS;
    err = dais_curve_parse(dais_slice(bytes.data, size), pair->secret_key);
    dais_file_free(&bytes);
    return err == DAIS_OK ? dais_curve_derive(pair) : err;
}

dais_err_t dais_curve_create(const char *path, dais_curve_pair_t *pair)
{
    char text[DAIS_CURVE_TEXT_SIZE];
    dais_err_t err = dais_curve_make(pair);
    if (err != DAIS_OK)
        return err;
    dais_curve_format(pair->secret_key, text);
    text[CURVE_DIGITS] = '\n';
    err = dais_file_create(path, dais_slice(text, sizeof(text)), 0600);
    sodium_memzero(text, sizeof(text));
    return err;
}
