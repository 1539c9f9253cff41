/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/text.h"

#include <sodium.h>
#include <zmq.h>

#include "proto/base64.h"

enum {
    UINT_DIGITS_MAX = 20, /* digits of 2^64 - 1 */
    CHUNK_BYTES = 48,     /* a multiple of 3, so that only the last chunk is padded */
    HEX_BYTES = 32,       /* bytes that are written as hex at a time */
    Z85_SIZE = 40,        /* characters of a key */
};

dais_err_t dais_text_line(dais_slice_t *rest, dais_slice_t *line)
{
    const uint8_t *end = rest->size == 0 ? NULL : memchr(rest->data, '\n', rest->size);
    if (end == NULL)
        return DAIS_ERR_TRUNCATED;
    *line = dais_slice(rest->data, (size_t)(end - rest->data));
    *rest = dais_slice(end + 1, rest->size - line->size - 1);
    return DAIS_OK;
}

dais_err_t dais_text_field(dais_slice_t *rest, const char *name, dais_slice_t *value)
{
    dais_slice_t after = *rest;
    dais_slice_t line;
    dais_err_t err = dais_text_line(&after, &line);
    if (err != DAIS_OK)
        return err;
    if (!dais_text_prefix(&line, name) || !dais_text_prefix(&line, " "))
        return DAIS_ERR_BAD_TEXT;
    *value = line;
    *rest = after;
    return DAIS_OK;
}

bool dais_text_prefix(dais_slice_t *text, const char *prefix)
{
    size_t size = strlen(prefix);
    if (text->size < size || memcmp(text->data, prefix, size) != 0)
        return false;
    *text = dais_slice(text->data + size, text->size - size);
    return true;
}

dais_err_t dais_text_uint(dais_slice_t text, uint64_t max, uint64_t *number)
{
    if (text.size == 0 || (text.size > 1 && text.data[0] == '0'))
        return DAIS_ERR_BAD_TEXT;
    uint64_t value = 0;
    bool over = false;
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return DAIS_ERR_BAD_TEXT;
        uint64_t digit = text.data[i] - (uint64_t)'0';
        over = over || digit > max || value > (max - digit) / 10;
        value = over ? 0 : value * 10 + digit;
    }
    if (over)
        return DAIS_ERR_OUT_OF_RANGE;
    *number = value;
    return DAIS_OK;
}

dais_err_t dais_text_hex(dais_slice_t text, uint8_t *out, size_t size)
{
    if (text.size != 2 * size)
        return DAIS_ERR_BAD_TEXT;
    for (size_t i = 0; i < text.size; i++) {
        bool digit = text.data[i] >= '0' && text.data[i] <= '9';
        if (!digit && (text.data[i] < 'a' || text.data[i] > 'f'))
            return DAIS_ERR_BAD_TEXT;
    }
    int bad = sodium_hex2bin(out, size, (const char *)text.data, text.size, NULL, NULL, NULL);
    return bad == 0 ? DAIS_OK : DAIS_ERR_BAD_TEXT;
}

/* libzmq's decoder accepts several texts for one key, so what it read is written again. */
dais_err_t dais_text_z85(dais_slice_t text, dais_key_t *key)
{
    char given[Z85_SIZE + 1] = {0};
    char again[Z85_SIZE + 1];
    if (text.size != Z85_SIZE)
        return DAIS_ERR_BAD_KEY;
    memcpy(given, text.data, Z85_SIZE);
    if (zmq_z85_decode(key->bytes, given) == NULL)
        return DAIS_ERR_BAD_KEY;
    (void)zmq_z85_encode(again, key->bytes, DAIS_KEY_SIZE);
    return memcmp(given, again, Z85_SIZE) == 0 ? DAIS_OK : DAIS_ERR_BAD_KEY;
}

dais_err_t dais_text_hash(dais_slice_t text, dais_hash_t *hash)
{
    size_t size;
    dais_err_t err = dais_base64_decode(text, hash->bytes, DAIS_HASH_SIZE, &size);
    if (err != DAIS_OK)
        return err;
    return size == DAIS_HASH_SIZE ? DAIS_OK : DAIS_ERR_TOO_SHORT;
}

void dais_text_put(dais_writer_t *writer, const char *text)
{
    dais_writer_raw(writer, dais_slice_text(text));
}

void dais_text_put_uint(dais_writer_t *writer, uint64_t number)
{
    char digits[UINT_DIGITS_MAX];
    size_t first = sizeof(digits);
    do {
        digits[--first] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    dais_writer_raw(writer, dais_slice(digits + first, sizeof(digits) - first));
}

void dais_text_put_base64(dais_writer_t *writer, dais_slice_t bytes)
{
    char chunk[DAIS_BASE64_SIZE(CHUNK_BYTES)];
    for (size_t i = 0; i < bytes.size; i += CHUNK_BYTES) {
        size_t left = bytes.size - i;
        dais_slice_t part = dais_slice(bytes.data + i, left < CHUNK_BYTES ? left : CHUNK_BYTES);
        dais_writer_raw(writer, dais_slice(chunk, dais_base64_encode(part, chunk)));
    }
}

/* What is written may be a secret: the digits are wiped. */
void dais_text_put_hex(dais_writer_t *writer, dais_slice_t bytes)
{
    char hex[2 * HEX_BYTES + 1];
    for (size_t i = 0; i < bytes.size; i += HEX_BYTES) {
        size_t left = bytes.size - i;
        (void)sodium_bin2hex(hex, sizeof hex, bytes.data + i, left < HEX_BYTES ? left : HEX_BYTES);
        dais_text_put(writer, hex);
    }
    sodium_memzero(hex, sizeof hex);
}

void dais_text_put_z85(dais_writer_t *writer, const dais_key_t *key)
{
    char z85[Z85_SIZE + 1];
    dais_text_put(writer, zmq_z85_encode(z85, key->bytes, DAIS_KEY_SIZE));
}

dais_fault_t dais_text_fault(dais_err_t err, dais_slice_t input, const uint8_t *at)
{
    return (dais_fault_t){.err = err, .offset = at == NULL ? 0 : (size_t)(at - input.data)};
}
