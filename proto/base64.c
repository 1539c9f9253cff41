/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/base64.h"

enum { VALUE_NONE = 64 };

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void quad_encode(const uint8_t *bytes, size_t count, char *out)
{
    uint32_t bits = (uint32_t)bytes[0] << 16;
    if (count > 1)
        bits |= (uint32_t)bytes[1] << 8;
    if (count > 2)
        bits |= bytes[2];
    out[0] = alphabet[bits >> 18];
    out[1] = alphabet[bits >> 12 & 63];
    out[2] = alphabet[bits >> 6 & 63];
    out[3] = alphabet[bits & 63];
    for (size_t i = count; i < 3; i++)
        out[i + 1] = '=';
}

size_t dais_base64_encode(dais_slice_t bytes, char *out)
{
    size_t size = 0;
    for (size_t i = 0; i < bytes.size; i += 3, size += 4) {
        size_t left = bytes.size - i;
        quad_encode(bytes.data + i, left < 3 ? left : 3, out + size);
    }
    return size;
}

static uint32_t char_value(uint8_t c)
{
    if (c >= 'A' && c <= 'Z')
        return c - (uint32_t)'A';
    if (c >= 'a' && c <= 'z')
        return c - (uint32_t)'a' + 26;
    if (c >= '0' && c <= '9')
        return c - (uint32_t)'0' + 52;
    if (c == '+')
        return 62;
    return c == '/' ? 63 : VALUE_NONE;
}

/* How many bytes the four characters hold, 0 if they are refused. */
static size_t quad_decode(const uint8_t *quad, bool last, uint8_t bytes[3])
{
    size_t padding = 0;
    if (last && quad[3] == '=')
        padding = quad[2] == '=' ? 2 : 1;
    uint32_t bits = 0;
    for (size_t i = 0; i < 4 - padding; i++) {
        uint32_t value = char_value(quad[i]);
        if (value == VALUE_NONE)
            return 0;
        bits |= value << (18 - 6 * i);
    }
    if ((bits & ((1U << (8 * padding)) - 1)) != 0)
        return 0;
    bytes[0] = (uint8_t)(bits >> 16);
    bytes[1] = (uint8_t)(bits >> 8);
    bytes[2] = (uint8_t)bits;
    return 3 - padding;
}

/* Decodes into out, or only checks and counts where out is null. */
static dais_err_t text_decode(dais_slice_t text, uint8_t *out, size_t capacity, size_t *size)
{
    if (text.size % 4 != 0)
        return DAIS_ERR_BAD_BASE64;
    size_t written = 0;
    for (size_t i = 0; i < text.size; i += 4) {
        uint8_t bytes[3];
        size_t count = quad_decode(text.data + i, i + 4 == text.size, bytes);
        if (count == 0)
            return DAIS_ERR_BAD_BASE64;
        if (count > capacity - written)
            return DAIS_ERR_TOO_LONG;
        if (out != NULL)
            memcpy(out + written, bytes, count);
        written += count;
    }
    *size = written;
    return DAIS_OK;
}

dais_err_t dais_base64_decode(dais_slice_t text, void *out, size_t capacity, size_t *size)
{
    return text_decode(text, out, capacity, size);
}

dais_err_t dais_base64_check(dais_slice_t text, size_t *size)
{
    return text_decode(text, NULL, SIZE_MAX, size);
}
