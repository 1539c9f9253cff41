/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/rules/policy_scan.h"

#include "base/civil.h"

#define CODE_SIZE_MAX 40
#define ZONE_SIZE_MAX 40

dais_slice_t dais_scan_trim(dais_slice_t text)
{
    while (text.size > 0 && text.data[0] == ' ')
        text = dais_slice(text.data + 1, text.size - 1);
    while (text.size > 0 && text.data[text.size - 1] == ' ')
        text.size--;
    return text;
}

bool dais_scan_part(dais_slice_t *rest, uint8_t separator, dais_slice_t *part)
{
    if (rest->data == NULL)
        return false;
    const uint8_t *found = memchr(rest->data, separator, rest->size);
    if (found == NULL) {
        *part = dais_scan_trim(*rest);
        *rest = dais_slice(NULL, 0);
        return true;
    }
    size_t size = (size_t)(found - rest->data);
    *part = dais_scan_trim(dais_slice(rest->data, size));
    *rest = dais_slice(found + 1, rest->size - size - 1);
    return true;
}

bool dais_scan_word(dais_slice_t *rest, dais_slice_t *word)
{
    dais_slice_t trimmed = dais_scan_trim(*rest);
    size_t size = 0;
    while (size < trimmed.size && trimmed.data[size] != ' ')
        size++;
    *word = dais_slice(trimmed.data, size);
    if (size > 0)
        *rest = dais_slice(trimmed.data + size, trimmed.size - size);
    return size > 0;
}

static bool scan_is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static bool scan_is_small(uint8_t c)
{
    return c >= 'a' && c <= 'z';
}

bool dais_scan_number(dais_slice_t text, uint32_t min, uint32_t max, uint32_t *number)
{
    if (text.size == 0 || text.size > 9 || (text.size > 1 && text.data[0] == '0'))
        return false;
    uint32_t sum = 0;
    for (size_t i = 0; i < text.size; i++) {
        if (!scan_is_digit(text.data[i]))
            return false;
        sum = sum * 10 + (uint32_t)(text.data[i] - '0');
    }
    *number = sum;
    return sum >= min && sum <= max;
}

bool dais_scan_is_code(dais_slice_t text)
{
    if (text.size == 0 || text.size > CODE_SIZE_MAX)
        return false;
    if (text.data[0] == '-' || text.data[text.size - 1] == '-')
        return false;
    for (size_t i = 0; i < text.size; i++) {
        uint8_t c = text.data[i];
        if (!scan_is_small(c) && !scan_is_digit(c) && c != '-')
            return false;
    }
    return true;
}

bool dais_scan_is_date(dais_slice_t text)
{
    int64_t day;
    return dais_civil_parse(text, &day);
}

static bool scan_is_zone_letter(uint8_t c)
{
    return scan_is_small(c) || (c >= 'A' && c <= 'Z') || scan_is_digit(c) || c == '+' || c == '-' ||
           c == '_';
}

bool dais_scan_is_zone(dais_slice_t text)
{
    if (dais_slice_equal(text, dais_slice_text("UTC")))
        return true;
    if (text.size == 0 || text.size > ZONE_SIZE_MAX)
        return false;
    bool inside = false; /* a part has begun */
    unsigned slashes = 0;
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '/' && inside) {
            inside = false;
            slashes++;
        } else if (scan_is_zone_letter(text.data[i])) {
            inside = true;
        } else {
            return false;
        }
    }
    return inside && slashes > 0;
}
