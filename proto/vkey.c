/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/vkey.h"

#include "base/hash.h"
#include "base/utf8.h"
#include "proto/base64.h"
#include "proto/text.h"

enum {
    TYPE_ED25519 = 0x01,
    ID_DIGITS = 8,
};

static const char hex_digits[] = "0123456789abcdef";

/* The code points with the Unicode property White_Space; those below 0x20 are control characters,
 * which a name cannot have anyway. */
static bool code_point_is_space(uint32_t c)
{
    if (c >= 0x2000 && c <= 0x200a)
        return true;
    return c == 0x20 || c == 0x85 || c == 0xa0 || c == 0x1680 || c == 0x2028 || c == 0x2029 ||
           c == 0x202f || c == 0x205f || c == 0x3000;
}

bool dais_vkey_name_ok(dais_slice_t name)
{
    if (name.size == 0)
        return false;
    for (size_t i = 0; i < name.size;) {
        uint32_t c;
        size_t size = dais_utf8_next(dais_slice(name.data + i, name.size - i), &c);
        if (size == 0 || c < 0x20 || c == '+' || code_point_is_space(c))
            return false;
        i += size;
    }
    return true;
}

/* The first four bytes of SHA-256(name || newline || type || key), as a big-endian number. */
static uint32_t key_id(dais_slice_t name, const uint8_t key[DAIS_VKEY_BYTES])
{
    static const uint8_t between[] = {'\n', TYPE_ED25519};
    dais_slice_t parts[] = {name, {between, sizeof(between)}, {key, DAIS_VKEY_BYTES}};
    dais_hash_t hash = dais_hash(parts, 3);
    return (uint32_t)hash.bytes[0] << 24 | (uint32_t)hash.bytes[1] << 16 |
           (uint32_t)hash.bytes[2] << 8 | hash.bytes[3];
}

dais_err_t dais_vkey_make(dais_slice_t name, const uint8_t key[DAIS_VKEY_BYTES], dais_vkey_t *out)
{
    if (!dais_vkey_name_ok(name) || name.size > DAIS_LIMIT_ORIGIN)
        return DAIS_ERR_BAD_KEY;
    *out = (dais_vkey_t){.id = key_id(name, key)};
    memcpy(out->name, name.data, name.size);
    memcpy(out->key, key, DAIS_VKEY_BYTES);
    return DAIS_OK;
}

static void id_digits(uint32_t id, char digits[ID_DIGITS])
{
    for (int i = ID_DIGITS; i-- > 0; id >>= 4)
        digits[i] = hex_digits[id & 15];
}

/* Takes the bytes up to the next plus off *rest, and the plus. */
static bool part_take(dais_slice_t *rest, dais_slice_t *part)
{
    const uint8_t *plus = rest->size == 0 ? NULL : memchr(rest->data, '+', rest->size);
    if (plus == NULL)
        return false;
    *part = dais_slice(rest->data, (size_t)(plus - rest->data));
    *rest = dais_slice(plus + 1, rest->size - part->size - 1);
    return true;
}

dais_fault_t dais_vkey_parse(dais_slice_t text, dais_vkey_t *out)
{
    dais_slice_t rest = text;
    dais_slice_t name;
    dais_slice_t id;
    if (!part_take(&rest, &name) || !part_take(&rest, &id))
        return dais_text_fault(DAIS_ERR_BAD_KEY, text, text.data);
    uint8_t typed[1 + DAIS_VKEY_BYTES];
    size_t size;
    dais_err_t err = dais_base64_decode(rest, typed, sizeof(typed), &size);
    if (err != DAIS_OK || size != sizeof(typed) || typed[0] != TYPE_ED25519)
        return dais_text_fault(DAIS_ERR_BAD_KEY, text, rest.data);
    dais_vkey_t vkey;
    err = dais_vkey_make(name, typed + 1, &vkey);
    if (err != DAIS_OK)
        return dais_text_fault(err, text, name.data);
    char digits[ID_DIGITS];
    id_digits(vkey.id, digits);
    if (!dais_slice_equal(id, dais_slice(digits, ID_DIGITS)))
        return dais_text_fault(DAIS_ERR_BAD_KEY, text, id.data);
    *out = vkey;
    return (dais_fault_t){DAIS_OK, 0};
}

void dais_vkey_put(dais_writer_t *writer, const dais_vkey_t *vkey)
{
    char digits[ID_DIGITS];
    id_digits(vkey->id, digits);
    uint8_t typed[1 + DAIS_VKEY_BYTES] = {TYPE_ED25519};
    memcpy(typed + 1, vkey->key, DAIS_VKEY_BYTES);
    dais_text_put(writer, vkey->name);
    dais_text_put(writer, "+");
    dais_writer_raw(writer, dais_slice(digits, ID_DIGITS));
    dais_text_put(writer, "+");
    dais_text_put_base64(writer, dais_slice(typed, sizeof(typed)));
}
