/* SPDX-License-Identifier: Apache-2.0
 *
 * Values compared field by field: structures hold padding and borrowed pointers, so their bytes
 * say nothing. */
#include "registry/rules/policy_key.h"
#include "registry/rules/policy_value.h"

static bool equal_times(const dais_policy_time_t *a, const dais_policy_time_t *b)
{
    return a->anchor == b->anchor && a->days == b->days && a->working == b->working;
}

static bool equal_windows(const dais_policy_window_t *a, const dais_policy_window_t *b)
{
    return equal_times(&a->start, &b->start) && equal_times(&a->end, &b->end);
}

static bool equal_lists(const dais_policy_word_list_t *a, const dais_policy_word_list_t *b)
{
    if (a->count != b->count)
        return false;
    for (unsigned i = 0; i < a->count; i++) {
        if (!dais_slice_equal(a->items[i], b->items[i]))
            return false;
    }
    return true;
}

static bool equal_bodies(const dais_policy_body_name_t *a, const dais_policy_body_name_t *b)
{
    return a->role == b->role && a->at_session == b->at_session &&
           dais_slice_equal(a->name, b->name);
}

static bool equal_quantifiers(const dais_policy_quantifiers_t *a,
                              const dais_policy_quantifiers_t *b)
{
    if (a->count != b->count)
        return false;
    for (unsigned i = 0; i < a->count; i++) {
        if (a->items[i].from != b->items[i].from ||
            !dais_slice_equal(a->items[i].phrase, b->items[i].phrase))
            return false;
    }
    return true;
}

bool dais_policy_value_equal(const dais_policy_t *a, const dais_policy_t *b, dais_policy_key_t key)
{
    dais_policy_key_info_t info = dais_policy_key_info(key);
    const void *x = (const uint8_t *)a + info.offset;
    const void *y = (const uint8_t *)b + info.offset;
    switch (info.kind) {
    case DAIS_POLICY_WORDS:
    case DAIS_POLICY_DATES: return equal_lists(x, y);
    case DAIS_POLICY_TIME: return equal_times(x, y);
    case DAIS_POLICY_WINDOW: return equal_windows(x, y);
    case DAIS_POLICY_ZONE:
        return dais_slice_equal(*(const dais_slice_t *)x, *(const dais_slice_t *)y);
    case DAIS_POLICY_BODY:
    case DAIS_POLICY_DECIDER: return equal_bodies(x, y);
    case DAIS_POLICY_QUANTIFIERS: return equal_quantifiers(x, y);
    case DAIS_POLICY_CHOICE:
    case DAIS_POLICY_SET:
    case DAIS_POLICY_COUNT:
    case DAIS_POLICY_LIMIT:
    case DAIS_POLICY_THRESHOLD:
    case DAIS_POLICY_DURATION:
    case DAIS_POLICY_OPENS:
    case DAIS_POLICY_KIND_COUNT: break;
    }
    return memcmp(x, y, info.size) == 0; /* Numbers without padding between them. */
}
