/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/words.h"

#include <string.h>

#define WORDS(set, text)                   static const char *const names_##set[] = {"none",
#define WORD(set, SET, number, NAME, word) [number] = (word),
#define WORDS_END(set)                                                                             \
    }                                                                                              \
    ;
/* clang-format off */
#include "proto/words.def"
/* clang-format on */
#undef WORDS
#undef WORD
#undef WORDS_END

#define WORDS(set, text_)                                                                          \
    const dais_words_t dais_words_##set = {                                                        \
        .name = #set,                                                                              \
        .text = (text_),                                                                           \
        .count = DAIS_WORDS_END_##set - 1,                                                         \
        .words = names_##set,                                                                      \
    };
#define WORD(set, SET, number, NAME, word)
#define WORDS_END(set)
#include "proto/words.def"
#undef WORDS
#undef WORD
#undef WORDS_END

const dais_words_t *const dais_words_all[] = {
#define WORDS(set, text) &dais_words_##set,
#define WORD(set, SET, number, NAME, word)
#define WORDS_END(set)
#include "proto/words.def"
#undef WORDS
#undef WORD
#undef WORDS_END
    NULL,
};

uint64_t dais_words_find(const dais_words_t *words, const char *word)
{
    for (uint64_t number = words->count; number > 0; number--) {
        if (strcmp(words->words[number], word) == 0)
            return number;
    }
    return 0;
}
