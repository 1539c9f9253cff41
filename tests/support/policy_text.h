/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_SUPPORT_POLICY_TEXT_H
#define DAIS_TESTS_SUPPORT_POLICY_TEXT_H

#include <stdio.h>
#include <string.h>

#include "proto/limits.h"
#include "registry/rules/policy.h"
#include "registry/rules/policy_key.h"

/* Policies for tests: one in which every key has a value that goes well with all others, as text
 * in which single values are changed. */

typedef struct {
    const char *key;
    /* The value; null for unset. For `opens`, "@received comment lapse" stands for these kinds at
     * this instant and all others never. */
    const char *value;
} policy_change_t;

static const policy_change_t policy_sound[] = {
    {"eligible-categories", "ngo academia"},
    {"ecosoc-route", "same-form"},
    {"prior-accreditation", "none"},
    {"approver", "none"},
    {"list-maker", "secretariat, the secretariat"},
    {"required-documents", "none"},
    {"representatives-max", "no-limit"},
    {"capacity", "no-limit"},
    {"priority-order", "received"},
    {"quota", "no-limit"},
    {"application-deadline", "session-60d"},
    {"list-min-notice", "session-30d"},
    {"objection-window", "circulated..session-7d"},
    {"comment-deadline", "session-14d"},
    {"withdrawable-until", "session"},
    {"decision-window", "none"},
    {"grace", "none"},
    {"late", "refuse"},
    {"calendar", "day-after"},
    {"midnight", "end"},
    {"timezone", "Europe/Vienna"},
    {"holidays", "none"},
    {"begins-after", "none"},
    {"retention", "3650d"},
    {"may-object", "states-parties"},
    {"register", "untoc"},
    {"ecosoc-objectable", "yes"},
    {"objection-threshold", "1"},
    {"objection-effect", "block"},
    {"state-while-undecided", "none"},
    {"group-objection", "each-signs"},
    {"reasons", "voluntary"},
    {"reason-codes", "none"},
    {"decider", "conference, this-session, the Conference"},
    {"majority", "simple"},
    {"endorsement", "none"},
    {"lapse-rule", "out"},
    {"reapply", "each-cycle"},
    {"status-duration", "cycle"},
    {"opens", "@never"},
    {"disclosure-fact", "public"},
    {"disclosure-objector", "sealed"},
    {"disclosure-reason", "sealed"},
    {"disclosure-cause", "sealed"},
    {"list-readers", "states secretariat"},
    {"participants-from", "admitted"},
    {"publish-applicants", "count"},
    {"screening-reasons", "none"},
    {"notify-applicant", "outcome"},
    {"reply-window", "none"},
    {"small-cell", "1"},
    {"rights", "attend"},
    {"comments-from", "admitted"},
    {"blocked-comments", "withhold"},
    {"written-limit-words", "no-limit"},
    {"written-languages", "en fr"},
    {"content-rule", "none"},
    {"quantifiers", "one 1, a few 2, many 9"},
};
#define POLICY_SOUND_COUNT (sizeof policy_sound / sizeof policy_sound[0])

/* Is `word` one of the words of `list`? */
static inline bool policy_text_has_word(const char *list, const char *word)
{
    size_t size = strlen(word);
    for (const char *at = strstr(list, word); at != NULL; at = strstr(at + 1, word)) {
        if ((at == list || at[-1] == ' ') && (at[size] == ' ' || at[size] == 0))
            return true;
    }
    return false;
}

/* Writes out an `opens` of the short form. */
static inline size_t policy_text_opens(const char *brief, char *out, size_t capacity)
{
    const dais_policy_words_t *kinds = dais_policy_words(DAIS_POLICY_WORDS_opened);
    size_t instant = strcspn(brief, " ");
    size_t size = (size_t)snprintf(out, capacity, "%.*s:%s", (int)instant, brief, brief + instant);
    size += (size_t)snprintf(out + size, capacity - size, "; never:");
    for (unsigned i = 1; i < kinds->count; i++) {
        if (!policy_text_has_word(brief + instant, kinds->words[i]))
            size += (size_t)snprintf(out + size, capacity - size, " %s", kinds->words[i]);
    }
    return size;
}

static inline const char *policy_text_value(const policy_change_t *changes, size_t count,
                                            const policy_change_t *sound)
{
    for (size_t i = 0; i < count; i++) {
        if (changes[i].key != NULL && strcmp(changes[i].key, sound->key) == 0)
            return changes[i].value;
    }
    return sound->value;
}

/* The sound policy with these changes. Line 1 is `policy`; the key of the n-th row (from 0) of
 * the table is at line 7 + 4 * n, its value below it. */
static inline dais_slice_t policy_text(const policy_change_t *changes, size_t count, char *out,
                                       size_t capacity)
{
    size_t size =
        (size_t)snprintf(out, capacity,
                         "policy\n    id = test\n    version = 3\n    title = \"A test\"\n"
                         "    valid-from = 2022-05-27\n    legal-basis = \"none\"\n");
    for (size_t i = 0; i < POLICY_SOUND_COUNT; i++) {
        char opens[2000];
        const char *value = policy_text_value(changes, count, &policy_sound[i]);
        if (value != NULL && value[0] == '@') {
            policy_text_opens(value + 1, opens, sizeof opens);
            value = opens;
        }
        size += (size_t)snprintf(out + size, capacity - size, "%s\n", policy_sound[i].key);
        if (value == NULL)
            size += (size_t)snprintf(out + size, capacity - size,
                                     "    # unset\n    source = nowhere\n    confirmed = unset\n");
        else
            size += (size_t)snprintf(out + size, capacity - size,
                                     "    value = \"%s\"\n    source = here\n    confirmed = %s\n",
                                     value, "practice");
    }
    return dais_slice(out, size);
}

/* The sound policy with one piece of its text replaced by another; the text lives until the next
 * call. */
static inline dais_slice_t policy_text_replaced(const char *piece, const char *by)
{
    static char sound[DAIS_LIMIT_POLICY];
    static char text[DAIS_LIMIT_POLICY];
    dais_slice_t before = policy_text(NULL, 0, sound, sizeof sound);
    const char *at = strstr(sound, piece);
    assert_non_null(at);
    size_t lead = (size_t)(at - sound);
    int size = snprintf(text, sizeof text, "%.*s%s%.*s", (int)lead, sound, by,
                        (int)(before.size - lead - strlen(piece)), at + strlen(piece));
    return dais_slice(text, (size_t)size);
}

/* The line of a key's value in such a text. */
static inline uint32_t policy_text_line(const char *key)
{
    uint32_t n = 0;
    while (strcmp(policy_sound[n].key, key) != 0)
        n++;
    return 7 + 4 * n + 1;
}

/* A whole file as text; the test fails if it is not there. */
static inline dais_slice_t policy_text_file(const char *path, char *out, size_t capacity)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t size = fread(out, 1, capacity, file);
    assert_int_equal(fclose(file), 0);
    assert_true(size < capacity);
    out[size] = 0;
    return dais_slice(out, size);
}

#endif
