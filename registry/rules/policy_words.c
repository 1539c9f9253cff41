/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/rules/policy_words.h"

#include <assert.h>

#include "base/nearest.h"

/* clang-format off */
#define POLICY_WORDS(list, LIST, title, zero, meaning) \
    static const char *const words_##list[] = {zero,
#define POLICY_WORD(LIST, name, word, meaning) word,
#define POLICY_WORDS_END(list)                 };
#include "registry/rules/policy_words.def"
#undef POLICY_WORDS
#undef POLICY_WORD
#undef POLICY_WORDS_END

#define POLICY_WORDS(list, LIST, title, zero, meaning) \
    static const char *const meanings_##list[] = {meaning,
#define POLICY_WORD(LIST, name, word, meaning) meaning,
#define POLICY_WORDS_END(list)                 };
#include "registry/rules/policy_words.def"
#undef POLICY_WORDS
#undef POLICY_WORD
#undef POLICY_WORDS_END

static const dais_policy_words_t lists[DAIS_POLICY_WORDS_COUNT] = {
#define POLICY_WORDS(list, LIST, title, zero, meaning) \
    [DAIS_POLICY_WORDS_##list] = {title, words_##list, meanings_##list, \
                                  sizeof(words_##list) / sizeof(words_##list[0])},
#define POLICY_WORD(LIST, name, word, meaning)
#define POLICY_WORDS_END(list)
#include "registry/rules/policy_words.def"
#undef POLICY_WORDS
#undef POLICY_WORD
#undef POLICY_WORDS_END
};
/* clang-format on */

const dais_policy_words_t *dais_policy_words(dais_policy_list_t list)
{
    assert((unsigned)list < DAIS_POLICY_WORDS_COUNT);
    return &lists[list];
}

/* The first valid number of a list. */
static unsigned words_first(const dais_policy_words_t *list)
{
    return list->meanings[0] == NULL ? 1 : 0;
}

bool dais_policy_words_find(const dais_policy_words_t *list, dais_slice_t word, unsigned *number)
{
    for (unsigned i = words_first(list); i < list->count; i++) {
        if (dais_slice_equal(word, dais_slice_text(list->words[i]))) {
            *number = i;
            return true;
        }
    }
    return false;
}

const char *dais_policy_words_nearest(const dais_policy_words_t *list, dais_slice_t word)
{
    unsigned first = words_first(list);
    return dais_nearest(word, list->words + first, list->count - first);
}
