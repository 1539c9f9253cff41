/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PROTO_WORDS_H
#define DAIS_PROTO_WORDS_H

#include <stdint.h>

/* DAIS_ROLE_OFFICE and so on; DAIS_WORDS_END_role is one more than the last of its set. */
#define WORDS(set, text)                   enum {
#define WORD(set, SET, number, NAME, word) DAIS_##SET##_##NAME = (number),
#define WORDS_END(set)                                                                             \
    DAIS_WORDS_END_##set                                                                           \
    }                                                                                              \
    ;
/* clang-format off */
#include "proto/words.def"
/* clang-format on */
#undef WORDS
#undef WORD
#undef WORDS_END

/* A set of words, for people and for the documentation. words[0] is "none". */
typedef struct {
    const char *name;
    const char *text;
    uint64_t count; /* the highest number */
    const char *const *words;
} dais_words_t;

#define WORDS(set, text) extern const dais_words_t dais_words_##set;
#define WORD(set, SET, number, NAME, word)
#define WORDS_END(set)
#include "proto/words.def"
#undef WORDS
#undef WORD
#undef WORDS_END

/* All sets in the order of words.def; null after the last. */
extern const dais_words_t *const dais_words_all[];

/* The number of a word in its set; 0 if it is not one of it. */
uint64_t dais_words_find(const dais_words_t *words, const char *word);

#endif
