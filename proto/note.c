/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/note.h"

#include <assert.h>
#include <sodium.h>

#include "base/utf8.h"
#include "proto/base64.h"
#include "proto/text.h"

#define LINE_START "\xe2\x80\x94 " /* em dash, space */

enum {
    ID_BYTES = 4,
    SIGNATURE_BYTES = crypto_sign_BYTES,
    KEYS_MAX = 64, /* bits of the answer */
};

static const dais_fault_t fault_none = {DAIS_OK, 0};

/* Only what the specification refuses: other hands may well sign a text with U+007F in it. */
static dais_fault_t characters_check(dais_slice_t bytes)
{
    for (size_t i = 0; i < bytes.size;) {
        uint32_t c;
        size_t size = dais_utf8_next(dais_slice(bytes.data + i, bytes.size - i), &c);
        if (size == 0)
            return (dais_fault_t){DAIS_ERR_NOT_UTF8, i};
        if (c < 0x20 && c != '\n')
            return (dais_fault_t){DAIS_ERR_CONTROL_CHARACTER, i};
        i += size;
    }
    return fault_none;
}

/* The last empty line parts text and signatures: finds the newline that ends the text. */
static bool text_end(dais_slice_t bytes, size_t *end)
{
    for (size_t i = bytes.size; i-- > 1;) {
        if (bytes.data[i] == '\n' && bytes.data[i - 1] == '\n') {
            *end = i;
            return true;
        }
    }
    return false;
}

/* The key id is in the first eight characters, which hold at least five bytes. */
static dais_err_t value_check(dais_note_signature_t *signature)
{
    size_t size;
    dais_err_t err = dais_base64_check(signature->value, &size);
    if (err != DAIS_OK)
        return err;
    if (size <= ID_BYTES)
        return DAIS_ERR_TOO_SHORT;
    uint8_t head[6];
    err = dais_base64_decode(dais_slice(signature->value.data, 8), head, sizeof(head), &size);
    signature->key_id =
        (uint32_t)head[0] << 24 | (uint32_t)head[1] << 16 | (uint32_t)head[2] << 8 | head[3];
    return err;
}

dais_err_t dais_note_signature_next(dais_slice_t *lines, dais_note_signature_t *out)
{
    dais_slice_t line;
    dais_err_t err = dais_text_line(lines, &line);
    if (err != DAIS_OK)
        return err;
    if (!dais_text_prefix(&line, LINE_START))
        return DAIS_ERR_BAD_TEXT;
    const uint8_t *space = line.size == 0 ? NULL : memchr(line.data, ' ', line.size);
    if (space == NULL)
        return DAIS_ERR_BAD_TEXT;
    out->name = dais_slice(line.data, (size_t)(space - line.data));
    out->value = dais_slice(space + 1, line.size - out->name.size - 1);
    return dais_vkey_name_ok(out->name) ? value_check(out) : DAIS_ERR_BAD_TEXT;
}

static dais_fault_t lines_check(dais_slice_t bytes, dais_slice_t lines)
{
    for (int count = 0; lines.size > 0; count++) {
        const uint8_t *at = lines.data;
        dais_note_signature_t signature;
        dais_err_t err = count == DAIS_LIMIT_NOTE_SIGNATURES
                             ? DAIS_ERR_TOO_LONG
                             : dais_note_signature_next(&lines, &signature);
        if (err != DAIS_OK)
            return dais_text_fault(err, bytes, at);
    }
    return fault_none;
}

dais_fault_t dais_note_parse(dais_slice_t bytes, dais_note_t *note)
{
    if (bytes.size > DAIS_LIMIT_NOTE)
        return (dais_fault_t){DAIS_ERR_TOO_LONG, DAIS_LIMIT_NOTE};
    dais_fault_t fault = characters_check(bytes);
    if (fault.err != DAIS_OK)
        return fault;
    size_t end;
    if (bytes.size == 0 || bytes.data[bytes.size - 1] != '\n' || !text_end(bytes, &end) ||
        end + 1 == bytes.size)
        return (dais_fault_t){DAIS_ERR_TRUNCATED, bytes.size};
    note->text = dais_slice(bytes.data, end);
    note->lines = dais_slice(bytes.data + end + 1, bytes.size - end - 1);
    return lines_check(bytes, note->lines);
}

static bool signature_is_by(const dais_note_signature_t *signature, const dais_vkey_t *key)
{
    return signature->key_id == key->id &&
           dais_slice_equal(signature->name, dais_slice_text(key->name));
}

static dais_err_t signature_verify(const dais_note_signature_t *signature, dais_slice_t text,
                                   const dais_vkey_t *key)
{
    uint8_t value[ID_BYTES + SIGNATURE_BYTES];
    size_t size;
    dais_err_t err = dais_base64_decode(signature->value, value, sizeof(value), &size);
    if (err != DAIS_OK || size != sizeof(value))
        return DAIS_ERR_BAD_SIGNATURE;
    int bad = crypto_sign_verify_detached(value + ID_BYTES, text.data, text.size, key->key);
    return bad == 0 ? DAIS_OK : DAIS_ERR_BAD_SIGNATURE;
}

dais_fault_t dais_note_verify(const dais_note_t *note, const dais_vkey_t *keys, size_t count,
                              uint64_t *verified)
{
    assert(count <= KEYS_MAX);
    uint64_t found = 0;
    for (dais_slice_t lines = note->lines; lines.size > 0;) {
        const uint8_t *at = lines.data;
        dais_note_signature_t signature;
        dais_err_t err = dais_note_signature_next(&lines, &signature);
        for (size_t i = 0; i < count && err == DAIS_OK; i++) {
            if (!signature_is_by(&signature, &keys[i]))
                continue;
            err = signature_verify(&signature, note->text, &keys[i]);
            found |= (uint64_t)1 << i;
        }
        if (err != DAIS_OK)
            return dais_text_fault(err, note->text, at);
    }
    if (found == 0)
        return (dais_fault_t){DAIS_ERR_UNKNOWN_KEY, note->text.size + 1};
    if (verified != NULL)
        *verified = found;
    return fault_none;
}

static dais_err_t line_put(dais_writer_t *writer, dais_slice_t text, const dais_vkey_t *vkey,
                           const uint8_t secret[DAIS_NOTE_SECRET_BYTES])
{
    uint8_t value[ID_BYTES + SIGNATURE_BYTES] = {(uint8_t)(vkey->id >> 24),
                                                 (uint8_t)(vkey->id >> 16),
                                                 (uint8_t)(vkey->id >> 8), (uint8_t)vkey->id};
    const uint8_t *key = secret + crypto_sign_SEEDBYTES;
    if (memcmp(key, vkey->key, DAIS_VKEY_BYTES) != 0)
        return DAIS_ERR_BAD_KEY;
    if (crypto_sign_detached(value + ID_BYTES, NULL, text.data, text.size, secret) != 0)
        return DAIS_ERR_CRYPTO;
    dais_text_put(writer, LINE_START);
    dais_text_put(writer, vkey->name);
    dais_text_put(writer, " ");
    dais_text_put_base64(writer, dais_slice(value, sizeof(value)));
    dais_text_put(writer, "\n");
    return writer->err;
}

/* Whether a line by this key still fits into a note of this many bytes. */
static bool line_fits(size_t size, const dais_vkey_t *vkey)
{
    size_t line = strlen(LINE_START) + strlen(vkey->name) + 1 +
                  DAIS_BASE64_SIZE(ID_BYTES + SIGNATURE_BYTES) + 1;
    return size <= DAIS_LIMIT_NOTE && line <= DAIS_LIMIT_NOTE - size;
}

dais_err_t dais_note_sign(dais_slice_t text, const dais_vkey_t *vkey,
                          const uint8_t secret[DAIS_NOTE_SECRET_BYTES], dais_writer_t *writer)
{
    if (!line_fits(text.size + 1, vkey))
        return DAIS_ERR_TOO_LONG;
    dais_fault_t fault = characters_check(text);
    if (fault.err != DAIS_OK)
        return fault.err;
    if (text.size == 0 || text.data[text.size - 1] != '\n')
        return DAIS_ERR_TRUNCATED;
    dais_writer_raw(writer, text);
    dais_text_put(writer, "\n");
    return line_put(writer, text, vkey, secret);
}

static size_t line_count(dais_slice_t lines)
{
    size_t count = 0;
    for (size_t i = 0; i < lines.size; i++)
        count += lines.data[i] == '\n';
    return count;
}

dais_err_t dais_note_cosign(dais_slice_t bytes, const dais_vkey_t *vkey,
                            const uint8_t secret[DAIS_NOTE_SECRET_BYTES], dais_writer_t *writer)
{
    dais_note_t note;
    dais_fault_t fault = dais_note_parse(bytes, &note);
    if (fault.err != DAIS_OK)
        return fault.err;
    if (line_count(note.lines) == DAIS_LIMIT_NOTE_SIGNATURES || !line_fits(bytes.size, vkey))
        return DAIS_ERR_TOO_LONG;
    dais_writer_raw(writer, bytes);
    return line_put(writer, note.text, vkey, secret);
}
