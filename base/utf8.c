/* SPDX-License-Identifier: Apache-2.0 */
#include "base/utf8.h"

#define EACH_BYTE(value) (UINT64_C(0x0101010101010101) * (value))

/* By the first byte; 0 for a continuation, for C0 and C1, which could only open an overlong form,
 * and for F5 to FF, which would lead beyond U+10FFFF. */
static size_t utf8_size(uint8_t first)
{
    if (first < 0x80)
        return 1;
    if (first < 0xC2)
        return 0;
    if (first < 0xE0)
        return 2;
    if (first < 0xF0)
        return 3;
    return first < 0xF5 ? 4 : 0;
}

static bool utf8_is_in_range(uint32_t code_point, size_t size)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (code_point < least[size] || code_point > 0x10FFFF)
        return false;
    return code_point < 0xD800 || code_point > 0xDFFF;
}

size_t dais_utf8_next(dais_slice_t bytes, uint32_t *code_point)
{
    if (bytes.size == 0)
        return 0;
    uint8_t first = bytes.data[0];
    size_t size = utf8_size(first);
    if (size == 0 || size > bytes.size)
        return 0;
    uint32_t value = size == 1 ? first : first & (0x7FU >> size);
    for (size_t i = 1; i < size; i++) {
        if ((bytes.data[i] & 0xC0) != 0x80)
            return 0;
        value = value << 6 | (bytes.data[i] & 0x3FU);
    }
    if (size > 1 && !utf8_is_in_range(value, size))
        return 0;
    *code_point = value;
    return size;
}

/* How many bytes from the start are printable ASCII. Texts are mostly that, and eight bytes a step
 * are several times as fast as one. In each byte of a word, the high bit is set
 * by the byte itself, by a borrow from less than 0x20, or by becoming zero when 0x7F is taken out;
 * a borrow can only reach a neighbour from a byte that is at fault itself. */
static size_t utf8_skip_ascii(const uint8_t *data, size_t size)
{
    size_t done = 0;
    for (; size - done >= sizeof(uint64_t); done += sizeof(uint64_t)) {
        uint64_t word = 0;
        memcpy(&word, data + done, sizeof(word));
        uint64_t delete = word ^ EACH_BYTE(0x7F);
        uint64_t fault = word | (word - EACH_BYTE(0x20)) | (delete - EACH_BYTE(0x01));
        if ((fault & EACH_BYTE(0x80)) != 0)
            break;
    }
    while (done < size && data[done] >= 0x20 && data[done] < 0x7F)
        done++;
    return done;
}

static dais_err_t utf8_check_one(dais_slice_t text, bool allow_newline, size_t *size)
{
    uint32_t code_point = 0;
    *size = dais_utf8_next(text, &code_point);
    if (*size == 0)
        return DAIS_ERR_NOT_UTF8;
    if (code_point == '\n' && allow_newline)
        return DAIS_OK;
    if (code_point < 0x20 || (code_point >= 0x7F && code_point <= 0x9F))
        return DAIS_ERR_CONTROL_CHARACTER;
    return DAIS_OK;
}

dais_err_t dais_utf8_check(dais_slice_t text, bool allow_newline, size_t *offset)
{
    size_t done = 0;
    while (done < text.size) {
        /* Only where the text is ASCII again: in other scripts the try would be in vain at each
         * character. */
        if (text.data[done] < 0x80)
            done += utf8_skip_ascii(text.data + done, text.size - done);
        if (done == text.size)
            break;
        size_t size = 0;
        dais_slice_t rest = dais_slice(text.data + done, text.size - done);
        dais_err_t err = utf8_check_one(rest, allow_newline, &size);
        if (err != DAIS_OK) {
            if (offset != NULL)
                *offset = done;
            return err;
        }
        done += size;
    }
    return DAIS_OK;
}
