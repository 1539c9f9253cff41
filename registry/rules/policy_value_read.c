/* SPDX-License-Identifier: Apache-2.0
 *
 * Values of a policy, from text: one reader for each kind. It takes the whole value, fills the
 * field of its key and, where it refuses, says over which piece it stumbled. "none" is dealt with
 * once, for all kinds: it leaves the field zero. */
#include <assert.h>

#include "registry/rules/policy_key.h"
#include "registry/rules/policy_scan.h"
#include "registry/rules/policy_value.h"

#define COUNT_MAX       1000000
#define DAYS_MAX        3660  /* of a time: ten years from its anchor */
#define DURATION_DAYS   36600 /* of a duration: a hundred years */
#define DENOMINATOR_MAX 1000
#define NAME_SIZE_MAX   120
#define PHRASE_SIZE_MAX 24
#define SECOND_MS       1000ULL
#define DAY_MS          (86400 * SECOND_MS)

typedef bool value_reader_t(const dais_policy_key_info_t *info, dais_slice_t text, void *field,
                            dais_policy_fault_t *fault);

static bool value_refuse(dais_policy_fault_t *fault, dais_slice_t found)
{
    fault->found = found;
    return false;
}

/* The number of a word of `list`; a refusal names the nearest word and all of them. */
static bool value_word(const dais_policy_words_t *list, dais_slice_t word, unsigned *number,
                       dais_policy_fault_t *fault)
{
    if (dais_policy_words_find(list, word, number))
        return true;
    fault->nearest = dais_policy_words_nearest(list, word);
    fault->words = list;
    return value_refuse(fault, word);
}

static bool value_choice(const dais_policy_key_info_t *info, dais_slice_t text, void *field,
                         dais_policy_fault_t *fault)
{
    unsigned number = 0;
    if (!value_word(info->words, text, &number, fault))
        return false;
    assert(info->size == sizeof number); /* An enum without negative values is an unsigned. */
    memcpy(field, &number, sizeof number);
    return true;
}

static bool value_set(const dais_policy_key_info_t *info, dais_slice_t text, void *field,
                      dais_policy_fault_t *fault)
{
    uint32_t *set = field;
    assert(info->words->count <= 32); /* One bit for each word. */
    dais_slice_t word;
    for (dais_slice_t rest = text; dais_scan_word(&rest, &word);) {
        unsigned number = 0;
        if (!value_word(info->words, word, &number, fault))
            return false;
        uint32_t bit = (uint32_t)1 << number;
        if (number == 0 || (*set & bit) != 0)
            return value_refuse(fault, word); /* "none" beside others, or a word twice. */
        *set |= bit;
    }
    return true;
}

static bool value_list_has(const dais_policy_word_list_t *list, dais_slice_t word)
{
    for (unsigned i = 0; i < list->count; i++) {
        if (dais_slice_equal(list->items[i], word))
            return true;
    }
    return false;
}

static bool value_words(const dais_policy_key_info_t *info, dais_slice_t text, void *field,
                        dais_policy_fault_t *fault)
{
    (void)info;
    dais_policy_word_list_t *list = field;
    dais_slice_t none = dais_slice_text("none");
    dais_slice_t word;
    for (dais_slice_t rest = text; dais_scan_word(&rest, &word);) {
        if (!dais_scan_is_code(word) || dais_slice_equal(word, none) ||
            value_list_has(list, word) || list->count == DAIS_POLICY_WORDS_MAX)
            return value_refuse(fault, word);
        list->items[list->count++] = word;
    }
    return true;
}

static bool value_dates(const dais_policy_key_info_t *info, dais_slice_t text, void *field,
                        dais_policy_fault_t *fault)
{
    (void)info;
    dais_policy_word_list_t *list = field;
    dais_slice_t date;
    for (dais_slice_t rest = text; dais_scan_word(&rest, &date);) {
        if (!dais_scan_is_date(date) || list->count == DAIS_POLICY_WORDS_MAX)
            return value_refuse(fault, date);
        /* All of one length, most significant digit first: byte order is date order. */
        if (list->count > 0 && memcmp(list->items[list->count - 1].data, date.data, date.size) >= 0)
            return value_refuse(fault, date);
        list->items[list->count++] = date;
    }
    return true;
}

static bool value_count(const dais_policy_key_info_t *info, dais_slice_t text, void *field,
                        dais_policy_fault_t *fault)
{
    (void)info;
    if (!dais_scan_number(text, 1, COUNT_MAX, field))
        return value_refuse(fault, text);
    return true;
}

static bool value_limit(const dais_policy_key_info_t *info, dais_slice_t text, void *field,
                        dais_policy_fault_t *fault)
{
    uint32_t *limit = field;
    if (!dais_slice_equal(text, dais_slice_text("no-limit")))
        return value_count(info, text, field, fault);
    *limit = DAIS_POLICY_NO_LIMIT;
    return true;
}

static bool value_threshold(const dais_policy_key_info_t *info, dais_slice_t text, void *field,
                            dais_policy_fault_t *fault)
{
    dais_policy_threshold_t *threshold = field;
    const uint8_t *slash = memchr(text.data, '/', text.size);
    if (slash == NULL)
        return value_count(info, text, &threshold->numerator, fault);
    size_t size = (size_t)(slash - text.data);
    dais_slice_t below = dais_slice(slash + 1, text.size - size - 1);
    if (!dais_scan_number(below, 2, DENOMINATOR_MAX, &threshold->denominator) ||
        !dais_scan_number(dais_slice(text.data, size), 1, threshold->denominator,
                          &threshold->numerator))
        return value_refuse(fault, text);
    return true;
}

/* "+30d" or "-10wd" behind an anchor. */
static bool value_days(dais_slice_t text, dais_policy_time_t *time)
{
    if (text.data[text.size - 1] != 'd')
        return false;
    size_t size = text.size - 1;
    time->working = text.data[size - 1] == 'w';
    if (time->working)
        size--;
    uint32_t days = 0;
    if (!dais_scan_number(dais_slice(text.data + 1, size - 1), 1, DAYS_MAX, &days))
        return false;
    time->days = text.data[0] == '-' ? -(int32_t)days : (int32_t)days;
    return true;
}

static bool value_time_of(dais_slice_t text, dais_policy_time_t *time, dais_policy_fault_t *fault)
{
    const dais_policy_words_t *anchors = dais_policy_words(DAIS_POLICY_WORDS_anchor);
    size_t size = 0;
    while (size < text.size && text.data[size] != '+' && text.data[size] != '-')
        size++;
    unsigned anchor = 0;
    if (!value_word(anchors, dais_slice(text.data, size), &anchor, fault))
        return false;
    time->anchor = (dais_policy_anchor_t)anchor;
    if (size < text.size &&
        (text.size - size < 3 || !value_days(dais_slice(text.data + size, text.size - size), time)))
        return value_refuse(fault, text);
    return true;
}

static bool value_time(const dais_policy_key_info_t *info, dais_slice_t text, void *field,
                       dais_policy_fault_t *fault)
{
    (void)info;
    return value_time_of(text, field, fault);
}

static bool value_window(const dais_policy_key_info_t *info, dais_slice_t text, void *field,
                         dais_policy_fault_t *fault)
{
    (void)info;
    dais_policy_window_t *window = field;
    const uint8_t *dots = memmem(text.data, text.size, "..", 2);
    if (dots == NULL)
        return value_refuse(fault, text);
    size_t size = (size_t)(dots - text.data);
    dais_slice_t start = dais_scan_trim(dais_slice(text.data, size));
    dais_slice_t end = dais_scan_trim(dais_slice(dots + 2, text.size - size - 2));
    return value_time_of(start, &window->start, fault) && value_time_of(end, &window->end, fault);
}

static bool value_duration(const dais_policy_key_info_t *info, dais_slice_t text, void *field,
                           dais_policy_fault_t *fault)
{
    static const struct {
        const char *name;
        uint64_t ms;
    } units[] = {{"s", SECOND_MS}, {"min", 60 * SECOND_MS}, {"h", 3600 * SECOND_MS}, {"d", DAY_MS}};
    (void)info;
    uint64_t *duration_ms = field;
    size_t size = 0;
    while (size < text.size && text.data[size] >= '0' && text.data[size] <= '9')
        size++;
    dais_slice_t unit = dais_slice(text.data + size, text.size - size);
    uint32_t number = 0;
    if (!dais_scan_number(dais_slice(text.data, size), 1, COUNT_MAX, &number))
        return value_refuse(fault, text);
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (dais_slice_equal(unit, dais_slice_text(units[i].name)))
            *duration_ms = number * units[i].ms;
    }
    if (*duration_ms == 0 || *duration_ms > DURATION_DAYS * DAY_MS)
        return value_refuse(fault, text);
    return true;
}

static bool value_zone(const dais_policy_key_info_t *info, dais_slice_t text, void *field,
                       dais_policy_fault_t *fault)
{
    (void)info;
    dais_slice_t *zone = field;
    if (!dais_scan_is_zone(text))
        return value_refuse(fault, text);
    *zone = text;
    return true;
}

static bool value_body(const dais_policy_key_info_t *info, dais_slice_t text, void *field,
                       dais_policy_fault_t *fault)
{
    dais_policy_body_name_t *body = field;
    dais_slice_t rest = text;
    dais_slice_t part = text;
    unsigned number = 0;
    (void)dais_scan_part(&rest, ',', &part);
    if (!value_word(dais_policy_words(DAIS_POLICY_WORDS_body), part, &number, fault))
        return false;
    body->role = (dais_policy_body_t)number;
    if (info->kind == DAIS_POLICY_DECIDER) {
        const dais_policy_words_t *sessions = dais_policy_words(DAIS_POLICY_WORDS_at_session);
        if (!dais_scan_part(&rest, ',', &part))
            return value_refuse(fault, text);
        if (!value_word(sessions, part, &number, fault))
            return false;
        body->at_session = (dais_policy_at_session_t)number;
    }
    body->name = dais_scan_trim(rest);
    if (body->name.size == 0 || body->name.size > NAME_SIZE_MAX)
        return value_refuse(fault, text);
    return true;
}

/* "never: objection co-signature", one of the groups. */
static bool value_opens_group(dais_slice_t group, dais_policy_opens_t *opens,
                              dais_policy_fault_t *fault)
{
    dais_slice_t at_word = group;
    dais_slice_t rest = group;
    unsigned at = 0;
    (void)dais_scan_part(&rest, ':', &at_word);
    if (!value_word(dais_policy_words(DAIS_POLICY_WORDS_opens_at), at_word, &at, fault))
        return false;
    dais_slice_t word;
    while (dais_scan_word(&rest, &word)) {
        unsigned kind = 0;
        if (!value_word(dais_policy_words(DAIS_POLICY_WORDS_opened), word, &kind, fault))
            return false;
        if (opens->at[kind] != DAIS_POLICY_OPENS_AT_NONE)
            return value_refuse(fault, word);
        opens->at[kind] = (uint8_t)at;
    }
    return true;
}

static bool value_opens(const dais_policy_key_info_t *info, dais_slice_t text, void *field,
                        dais_policy_fault_t *fault)
{
    (void)info;
    const dais_policy_words_t *kinds = dais_policy_words(DAIS_POLICY_WORDS_opened);
    dais_policy_opens_t *opens = field;
    dais_slice_t group;
    for (dais_slice_t rest = text; dais_scan_part(&rest, ';', &group);) {
        if (!value_opens_group(group, opens, fault))
            return false;
    }
    for (unsigned kind = 1; kind < kinds->count; kind++) {
        if (opens->at[kind] == DAIS_POLICY_OPENS_AT_NONE) {
            fault->nearest = kinds->words[kind]; /* The one that is missing. */
            return value_refuse(fault, text);
        }
    }
    return true;
}

/* "a few 2": a phrase and, behind its last space, a number. */
static bool value_quantifier(dais_slice_t part, dais_policy_quantifiers_t *table)
{
    if (table->count == DAIS_POLICY_QUANTIFIERS_MAX)
        return false;
    const uint8_t *space = memrchr(part.data, ' ', part.size);
    if (space == NULL)
        return false;
    size_t size = (size_t)(space - part.data);
    uint32_t min = table->count == 0 ? 1 : table->items[table->count - 1].from + 1;
    uint32_t max = table->count == 0 ? 1 : COUNT_MAX;
    uint32_t from = 0;
    if (!dais_scan_number(dais_slice(space + 1, part.size - size - 1), min, max, &from))
        return false;
    dais_slice_t phrase = dais_scan_trim(dais_slice(part.data, size));
    table->items[table->count].phrase = phrase;
    table->items[table->count++].from = from;
    return phrase.size <= PHRASE_SIZE_MAX;
}

static bool value_quantifiers(const dais_policy_key_info_t *info, dais_slice_t text, void *field,
                              dais_policy_fault_t *fault)
{
    (void)info;
    dais_slice_t part;
    for (dais_slice_t rest = text; dais_scan_part(&rest, ',', &part);) {
        if (!value_quantifier(part, field))
            return value_refuse(fault, part);
    }
    return true;
}

static value_reader_t *const value_readers[DAIS_POLICY_KIND_COUNT] = {
    [DAIS_POLICY_CHOICE] = value_choice,
    [DAIS_POLICY_SET] = value_set,
    [DAIS_POLICY_WORDS] = value_words,
    [DAIS_POLICY_COUNT] = value_count,
    [DAIS_POLICY_LIMIT] = value_limit,
    [DAIS_POLICY_THRESHOLD] = value_threshold,
    [DAIS_POLICY_TIME] = value_time,
    [DAIS_POLICY_WINDOW] = value_window,
    [DAIS_POLICY_DURATION] = value_duration,
    [DAIS_POLICY_DATES] = value_dates,
    [DAIS_POLICY_ZONE] = value_zone,
    [DAIS_POLICY_BODY] = value_body,
    [DAIS_POLICY_DECIDER] = value_body,
    [DAIS_POLICY_OPENS] = value_opens,
    [DAIS_POLICY_QUANTIFIERS] = value_quantifiers,
};

static bool value_read_field(const dais_policy_key_info_t *info, dais_slice_t text, void *field,
                             dais_policy_fault_t *fault)
{
    dais_slice_t rest = text;
    dais_slice_t word;
    if (!dais_scan_word(&rest, &word))
        return value_refuse(fault, text);
    bool is_none = dais_slice_equal(text, dais_slice_text("none"));
    if (is_none && info->none_valid)
        return true;
    if (is_none && info->words == NULL)
        return value_refuse(fault, text);
    return value_readers[info->kind](info, text, field, fault);
}

/* Whether anybody objected at all can only be kept from those who count entries if entries of one
 * shape are logged either way. */
static bool value_is_reserved(const dais_policy_t *policy, dais_policy_key_t key)
{
    return key == DAIS_POLICY_KEY_DISCLOSURE_FACT &&
           policy->disclosure_fact == DAIS_POLICY_DISCLOSURE_SEALED;
}

bool dais_policy_value_read(dais_policy_t *policy, dais_policy_key_t key, dais_slice_t text,
                            dais_policy_fault_t *fault)
{
    dais_policy_key_info_t info = dais_policy_key_info(key);
    uint8_t *field = (uint8_t *)policy + info.offset;
    dais_slice_t value = dais_scan_trim(text);
    *fault = (dais_policy_fault_t){.err = DAIS_OK};
    dais_policy_value_clear(policy, key);
    if (!value_read_field(&info, value, field, fault)) {
        fault->err = DAIS_ERR_BAD_VALUE;
        fault->valid = dais_policy_kind_form(info.kind);
    } else if (value_is_reserved(policy, key)) {
        fault->err = DAIS_ERR_RESERVED_VALUE;
        fault->found = value;
        fault->valid = "it needs slot and cover entries, which are reserved; count-only is the "
                       "narrowest value there is";
    } else {
        return true;
    }
    dais_policy_value_clear(policy, key);
    fault->column = 1;
    if (fault->found.data != NULL)
        fault->column += (uint32_t)(fault->found.data - text.data);
    return false;
}
