/* SPDX-License-Identifier: Apache-2.0 */
#include "base/config_value.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/curve.h"
#include "base/socket.h"

#define TEXT_MAX_DEFAULT 960

typedef struct {
    const char *name;
    uint64_t factor;
} unit_t;

static const unit_t byte_units[] = {{"", 1}, {"KiB", 1024}, {"MiB", 1048576}, {"GiB", 1073741824}};
static const unit_t time_units[] = {{"ms", 1}, {"s", 1000}, {"min", 60000}, {"h", 3600000}};

/* Digits, then at most one space, then a unit of the table. */
static bool value_scaled(const char *text, const unit_t *units, size_t count, uint64_t *number)
{
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 15)
        return false;
    uint64_t value = strtoull(text, NULL, 10);
    const char *unit = text + digits;
    unit += *unit == ' ';
    for (size_t i = 0; i < count; i++) {
        if (strcmp(units[i].name, unit) == 0 && value <= UINT64_MAX / units[i].factor) {
            *number = value * units[i].factor;
            return true;
        }
    }
    return false;
}

static bool value_is_word(const char *words, const char *text)
{
    size_t size = strlen(text);
    for (const char *word = words; *word != '\0';) {
        size_t word_size = strcspn(word, "|");
        if (word_size == size && memcmp(word, text, size) == 0)
            return true;
        word += word_size;
        word += *word == '|';
    }
    return false;
}

static bool value_form(const dais_config_key_t *key, const char *text, uint64_t *number)
{
    uint8_t transport_key[DAIS_CURVE_KEY_SIZE];
    *number = 0;
    switch (key->type) {
    case DAIS_CONFIG_TEXT: return true;
    case DAIS_CONFIG_PATH: return text[0] == '/';
    case DAIS_CONFIG_ENDPOINT: return dais_endpoint_check(text, true) == DAIS_OK;
    case DAIS_CONFIG_KEY: return dais_curve_parse(dais_slice_text(text), transport_key) == DAIS_OK;
    case DAIS_CONFIG_WORD: return value_is_word(key->words, text);
    case DAIS_CONFIG_NUMBER: return value_scaled(text, byte_units, 1, number);
    case DAIS_CONFIG_BYTES:
        return value_scaled(text, byte_units, sizeof byte_units / sizeof byte_units[0], number);
    case DAIS_CONFIG_TIME_MS:
        return value_scaled(text, time_units, sizeof time_units / sizeof time_units[0], number);
    }
    return false;
}

static const char *value_valid(const dais_config_key_t *key)
{
    static const char *const forms[] = {
        [DAIS_CONFIG_TEXT] = "a text",
        [DAIS_CONFIG_PATH] = "a path that begins with /",
        [DAIS_CONFIG_ENDPOINT] = "tcp://HOST:PORT or ipc:///PATH",
        [DAIS_CONFIG_KEY] = "a transport key: 40 characters of Z85, in quotes",
        [DAIS_CONFIG_WORD] = "one of the words",
        [DAIS_CONFIG_NUMBER] = "a whole number",
        [DAIS_CONFIG_BYTES] = "a number of bytes, or with KiB, MiB or GiB behind it",
        [DAIS_CONFIG_TIME_MS] = "a number with ms, s, min or h behind it",
    };
    return key->type == DAIS_CONFIG_WORD ? key->words : forms[key->type];
}

dais_err_t dais_config_value(const dais_config_key_t *key, const char *text, uint64_t *number,
                             char *valid, size_t valid_size)
{
    if (!value_form(key, text, number)) {
        (void)snprintf(valid, valid_size, "it takes %s", value_valid(key));
        return DAIS_ERR_BAD_VALUE;
    }
    bool is_number = key->type == DAIS_CONFIG_NUMBER || key->type == DAIS_CONFIG_BYTES ||
                     key->type == DAIS_CONFIG_TIME_MS;
    bool has_limits = key->min != 0 || key->max != 0;
    uint64_t min = has_limits ? key->min : !is_number;
    uint64_t max = has_limits ? key->max : is_number ? UINT64_MAX : TEXT_MAX_DEFAULT;
    uint64_t judged = is_number ? *number : strlen(text);
    if (judged >= min && judged <= max)
        return DAIS_OK;
    (void)snprintf(valid, valid_size, "it takes %" PRIu64 " to %" PRIu64 "%s", min, max,
                   is_number ? (key->type == DAIS_CONFIG_TIME_MS ? " ms" : "") : " characters");
    return DAIS_ERR_OUT_OF_RANGE;
}
