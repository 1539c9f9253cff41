/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_RULES_POLICY_WORDS_H
#define DAIS_RULES_POLICY_WORDS_H

#include "base/slice.h"

/* clang-format off */
/* For each list of policy_words.def an enum: DAIS_POLICY_EFFECT_NONE is 0, DAIS_POLICY_EFFECT_BLOCK
 * is 1 and so on in the order of the list; its type is dais_policy_effect_t. */
#define POLICY_WORDS(list, LIST, title, zero, meaning) typedef enum { DAIS_POLICY_##LIST##_NONE = 0,
#define POLICY_WORD(LIST, name, word, meaning)         DAIS_POLICY_##LIST##_##name,
#define POLICY_WORDS_END(list)                         } dais_policy_##list##_t;
#include "registry/rules/policy_words.def"
#undef POLICY_WORDS
#undef POLICY_WORD
#undef POLICY_WORDS_END

typedef enum {
#define POLICY_WORDS(list, LIST, title, zero, meaning) DAIS_POLICY_WORDS_##list,
#define POLICY_WORD(LIST, name, word, meaning)
#define POLICY_WORDS_END(list)
#include "registry/rules/policy_words.def"
#undef POLICY_WORDS
#undef POLICY_WORD
#undef POLICY_WORDS_END
    DAIS_POLICY_WORDS_COUNT
} dais_policy_list_t;
/* clang-format on */

/* One list as data, all of it static. words[n] and meanings[n] belong to the enum's value n;
 * meanings[0] is null where "none" is no valid value. */
typedef struct {
    const char *title;
    const char *const *words;
    const char *const *meanings;
    unsigned count; /* with words[0] */
} dais_policy_words_t;

const dais_policy_words_t *dais_policy_words(dais_policy_list_t list);

/* True and its number if the word is a valid one of the list. */
bool dais_policy_words_find(const dais_policy_words_t *list, dais_slice_t word, unsigned *number);

/* The valid word that is nearest by edit distance, or null if none is near. */
const char *dais_policy_words_nearest(const dais_policy_words_t *list, dais_slice_t word);

#endif
