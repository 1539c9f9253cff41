/* SPDX-License-Identifier: Apache-2.0
 *
 * Numbers as a summary writes them. The sentence is made of what the log counts and of nothing
 * else, so that nobody types it. */
#include <stdio.h>

#include "proto/words.h"
#include "registry/rules/lists.h"

#define OTHERS_FIRST DAIS_CATEGORY_ACADEMIA
#define OTHERS_LAST  DAIS_CATEGORY_IGO

/* Text that grows in the caller's buffer, with a terminator. */
typedef struct {
    char *buffer;
    size_t capacity;
    size_t size;
    bool is_short; /* something did not fit */
} sentence_t;

static sentence_t sentence_begin(char *buffer, size_t capacity)
{
    if (capacity > 0)
        buffer[0] = '\0';
    return (sentence_t){.buffer = buffer, .capacity = capacity};
}

static void sentence_add(sentence_t *sentence, const char *text)
{
    size_t size = strlen(text);
    if (sentence->is_short || sentence->capacity - sentence->size <= size) {
        sentence->is_short = true;
        return;
    }
    memcpy(sentence->buffer + sentence->size, text, size + 1);
    sentence->size += size;
}

static size_t sentence_finish(const sentence_t *sentence)
{
    return sentence->is_short ? 0 : sentence->size;
}

static void sentence_number(sentence_t *sentence, uint64_t number)
{
    static const char *const ones[] = {"zero",    "one",     "two",       "three",    "four",
                                       "five",    "six",     "seven",     "eight",    "nine",
                                       "ten",     "eleven",  "twelve",    "thirteen", "fourteen",
                                       "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"};
    static const char *const tens[] = {"",      "",      "twenty",  "thirty", "forty",
                                       "fifty", "sixty", "seventy", "eighty", "ninety"};
    char digits[24];
    if (number > 99) {
        (void)snprintf(digits, sizeof digits, "%llu", (unsigned long long)number);
        sentence_add(sentence, digits);
    } else if (number < 20) {
        sentence_add(sentence, ones[number]);
    } else {
        sentence_add(sentence, tens[number / 10]);
        if (number % 10 != 0) {
            sentence_add(sentence, "-");
            sentence_add(sentence, ones[number % 10]);
        }
    }
}

size_t dais_lists_number(uint64_t number, char *buffer, size_t capacity)
{
    sentence_t sentence = sentence_begin(buffer, capacity);
    sentence_number(&sentence, number);
    return sentence_finish(&sentence);
}

static void sentence_things(sentence_t *sentence, uint64_t number, const char *thing)
{
    sentence_number(sentence, number);
    sentence_add(sentence, thing);
    if (number != 1)
        sentence_add(sentence, "s");
}

static const char *sentence_from(unsigned category)
{
    switch (category) {
    case DAIS_CATEGORY_ACADEMIA: return " from academia";
    case DAIS_CATEGORY_PRIVATE: return " from the private sector";
    case DAIS_CATEGORY_CSO: return " from civil society";
    case DAIS_CATEGORY_MAJOR_GROUP: return " from the major groups";
    default: return " from intergovernmental organizations";
    }
}

/* Where the others are from: one category behind its number, several each with its own. */
static void sentence_origins(sentence_t *sentence, const dais_attended_t *attended,
                             unsigned category_count)
{
    unsigned done = 0;
    for (unsigned category = OTHERS_FIRST; category <= OTHERS_LAST; category++) {
        if (attended->of[category] == 0)
            continue;
        done++;
        if (category_count > 1) {
            sentence_add(sentence, done == 1 || done < category_count ? ", " : " and ");
            sentence_number(sentence, attended->of[category]);
        }
        sentence_add(sentence, sentence_from(category));
    }
    if (category_count > 1)
        sentence_add(sentence, ",");
}

static void sentence_capital(const sentence_t *sentence)
{
    char *first = sentence->buffer;
    if (sentence->size > 0 && *first >= 'a') /* our own words: a small letter, or a digit */
        *first = (char)(*first - 'a' + 'A');
}

size_t dais_lists_sentence(const dais_attended_t *attended, char *buffer, size_t capacity)
{
    sentence_t sentence = sentence_begin(buffer, capacity);
    uint64_t ngos = attended->of[DAIS_CATEGORY_NGO];
    uint64_t others = 0;
    unsigned category_count = 0;
    for (unsigned category = OTHERS_FIRST; category <= OTHERS_LAST; category++) {
        others += attended->of[category];
        category_count += attended->of[category] != 0;
    }
    if (ngos + others == 0)
        sentence_add(&sentence, "no stakeholder");
    if (ngos > 0)
        sentence_things(&sentence, ngos, " non-governmental organization");
    if (ngos > 0 && others > 0)
        sentence_add(&sentence, " and ");
    if (others > 0)
        sentence_things(&sentence, others, ngos > 0 ? " other stakeholder" : " stakeholder");
    sentence_origins(&sentence, attended, category_count);
    sentence_add(&sentence, " took part.");
    sentence_capital(&sentence);
    return sentence_finish(&sentence);
}

dais_slice_t dais_lists_quantifier(const dais_policy_t *policy, uint32_t speakers)
{
    const dais_policy_quantifiers_t *words = &policy->quantifiers;
    dais_slice_t phrase = dais_slice(NULL, 0);
    for (unsigned i = 0; i < words->count && words->items[i].from <= speakers; i++)
        phrase = words->items[i].phrase;
    return phrase;
}
