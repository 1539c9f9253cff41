/* SPDX-License-Identifier: Apache-2.0
 *
 * Values compared field by field: structures hold padding and borrowed pointers, so their bytes
 * say nothing. */
#include "registry/rules/policy_key.h"
#include "registry/rules/policy_value.h"

static bool equal_times_of(const dais_policy_time_t *a, const dais_policy_time_t *b)
{
    return a->anchor == b->anchor && a->days == b->days && a->working == b->working;
}

static bool equal_windows(const dais_policy_key_info_t *info, const void *x, const void *y)
{
    (void)info;
    const dais_policy_window_t *a = x;
    const dais_policy_window_t *b = y;
    return equal_times_of(&a->start, &b->start) && equal_times_of(&a->end, &b->end);
}

static bool equal_lists(const dais_policy_key_info_t *info, const void *x, const void *y)
{
    (void)info;
    const dais_policy_word_list_t *a = x;
    const dais_policy_word_list_t *b = y;
    if (a->count != b->count)
        return false;
    for (unsigned i = 0; i < a->count; i++) {
        if (!dais_slice_equal(a->items[i], b->items[i]))
            return false;
    }
    return true;
}

static bool equal_bodies(const dais_policy_key_info_t *info, const void *x, const void *y)
{
    (void)info;
    const dais_policy_body_name_t *a = x;
    const dais_policy_body_name_t *b = y;
    return a->role == b->role && a->at_session == b->at_session &&
           dais_slice_equal(a->name, b->name);
}

static bool equal_quantifiers(const dais_policy_key_info_t *info, const void *x, const void *y)
{
    (void)info;
    const dais_policy_quantifiers_t *a = x;
    const dais_policy_quantifiers_t *b = y;
    if (a->count != b->count)
        return false;
    for (unsigned i = 0; i < a->count; i++) {
        if (a->items[i].from != b->items[i].from ||
            !dais_slice_equal(a->items[i].phrase, b->items[i].phrase))
            return false;
    }
    return true;
}

static bool equal_times(const dais_policy_key_info_t *info, const void *x, const void *y)
{
    (void)info;
    return equal_times_of(x, y);
}

static bool equal_zones(const dais_policy_key_info_t *info, const void *x, const void *y)
{
    (void)info;
    const dais_slice_t *a = x;
    const dais_slice_t *b = y;
    return dais_slice_equal(*a, *b);
}

/* Of fields that are numbers without padding between them. */
static bool equal_numbers(const dais_policy_key_info_t *info, const void *x, const void *y)
{
    return memcmp(x, y, info->size) == 0;
}

typedef bool value_comparer_t(const dais_policy_key_info_t *info, const void *x, const void *y);

static value_comparer_t *const value_comparers[DAIS_POLICY_KIND_COUNT] = {
    [DAIS_POLICY_CHOICE] = equal_numbers,
    [DAIS_POLICY_SET] = equal_numbers,
    [DAIS_POLICY_WORDS] = equal_lists,
    [DAIS_POLICY_COUNT] = equal_numbers,
    [DAIS_POLICY_LIMIT] = equal_numbers,
    [DAIS_POLICY_THRESHOLD] = equal_numbers,
    [DAIS_POLICY_TIME] = equal_times,
    [DAIS_POLICY_WINDOW] = equal_windows,
    [DAIS_POLICY_DURATION] = equal_numbers,
    [DAIS_POLICY_DATES] = equal_lists,
    [DAIS_POLICY_ZONE] = equal_zones,
    [DAIS_POLICY_BODY] = equal_bodies,
    [DAIS_POLICY_DECIDER] = equal_bodies,
    [DAIS_POLICY_OPENS] = equal_numbers,
    [DAIS_POLICY_QUANTIFIERS] = equal_quantifiers,
};

bool dais_policy_value_equal(const dais_policy_t *a, const dais_policy_t *b, dais_policy_key_t key)
{
    dais_policy_key_info_t info = dais_policy_key_info(key);
    return value_comparers[info.kind](&info, (const uint8_t *)a + info.offset,
                                      (const uint8_t *)b + info.offset);
}
