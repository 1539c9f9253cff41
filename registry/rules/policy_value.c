/* SPDX-License-Identifier: Apache-2.0
 *
 * What reading and writing of values share. */
#include "registry/rules/policy_value.h"

#include "registry/rules/policy_key.h"

void dais_policy_value_clear(dais_policy_t *policy, dais_policy_key_t key)
{
    dais_policy_key_info_t info = dais_policy_key_info(key);
    memset((uint8_t *)policy + info.offset, 0, info.size);
}

void dais_policy_out_bytes(dais_policy_out_t *out, dais_slice_t bytes)
{
    /* What fits of it is written: a cut text must not show what its buffer held before. */
    size_t room = out->size < out->capacity ? out->capacity - out->size : 0;
    size_t written = bytes.size < room ? bytes.size : room;
    if (written > 0)
        memcpy(out->data + out->size, bytes.data, written);
    out->size += bytes.size;
}

void dais_policy_out_text(dais_policy_out_t *out, const char *text)
{
    dais_policy_out_bytes(out, dais_slice_text(text));
}

void dais_policy_out_number(dais_policy_out_t *out, uint64_t number)
{
    char digits[20]; /* 2^64 has 20 digits. */
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    dais_policy_out_bytes(out, dais_slice(digits + at, sizeof digits - at));
}

bool dais_policy_out_fits(const dais_policy_out_t *out)
{
    return out->size <= out->capacity;
}
