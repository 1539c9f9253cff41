/* SPDX-License-Identifier: Apache-2.0
 *
 * The words of the record as people say them. A word that is not known here is shown as it stands,
 * with spaces for its points and hyphens, so that nothing is left out. */
#include <ctype.h>
#include <string.h>

#include "proto/words.h"
#include "publisher/page.h"

const char *dais_page_category(unsigned category, bool plural)
{
    static const char *const words[][2] = {
        [DAIS_CATEGORY_NGO] = {"non-governmental organization", "non-governmental organizations"},
        [DAIS_CATEGORY_ACADEMIA] = {"academia", "academia"},
        [DAIS_CATEGORY_PRIVATE] = {"private sector", "private sector"},
        [DAIS_CATEGORY_CSO] = {"civil society", "civil society"},
        [DAIS_CATEGORY_MAJOR_GROUP] = {"major group", "major groups"},
        [DAIS_CATEGORY_IGO] = {"intergovernmental organization", "intergovernmental organizations"},
    };
    if (category >= sizeof words / sizeof words[0] || words[category][0] == NULL)
        return "not yet open";
    return words[category][plural ? 1 : 0];
}

const char *dais_page_date_word(unsigned which)
{
    static const char *const words[DAIS_WORDS_END_date] = {
        [DAIS_DATE_APPLICATION] = "Applications close",
        [DAIS_DATE_OBJECTION_OPENS] = "Objections open",
        [DAIS_DATE_OBJECTION_CLOSES] = "Objections close",
        [DAIS_DATE_COMMENT] = "Written comments close",
        [DAIS_DATE_WITHDRAWABLE] = "Objections can be withdrawn until",
        [DAIS_DATE_DECISION_OPENS] = "Decisions begin",
        [DAIS_DATE_DECISION_CLOSES] = "Decisions end",
        [DAIS_DATE_SESSION_STARTS] = "The dialogue begins",
        [DAIS_DATE_SESSION_ENDS] = "The dialogue ends",
        [DAIS_DATE_REPLY] = "Replies to notices close",
        [DAIS_DATE_RETENTION] = "Contents are kept until",
        [DAIS_DATE_LIST_NOTICE] = "The list is circulated at the latest",
        [DAIS_DATE_ARCHIVES] = "The cycle goes into the archive",
        [DAIS_DATE_KEY_RETIRES] = "A key retires",
    };
    return words[which];
}

void dais_page_word(dais_out_t *out, dais_slice_t word)
{
    for (size_t i = 0; i < word.size; i++) {
        uint8_t letter = word.data[i];
        if (letter == '.' || letter == '-')
            letter = ' ';
        else if (i == 0)
            letter = (uint8_t)toupper(letter);
        dais_out_html(out, dais_slice(&letter, 1));
    }
}

/* The official languages of the United Nations, in the order of their English names. */
static const struct {
    const char *tag;
    const char *name;
} page_languages[] = {{"ar", "Arabic"}, {"zh", "Chinese"}, {"en", "English"},
                      {"fr", "French"}, {"ru", "Russian"}, {"es", "Spanish"}};

enum { LANGUAGES = sizeof page_languages / sizeof page_languages[0] };

unsigned dais_page_language_order(dais_slice_t tag)
{
    unsigned at = 0;
    while (at < LANGUAGES && !dais_slice_equal(tag, dais_slice_text(page_languages[at].tag)))
        at++;
    return at;
}

dais_slice_t dais_page_language_name(dais_slice_t tag)
{
    unsigned at = dais_page_language_order(tag);
    return at < LANGUAGES ? dais_slice_text(page_languages[at].name) : tag;
}

/* Scripts that are written from right to left; the first part of the tag decides. */
static bool language_is_rtl(dais_slice_t tag)
{
    static const char *const languages[] = {"ar", "fa", "he", "ur", "ps", "dv", "sd", "ug", "yi"};
    size_t size = 0;
    while (size < tag.size && tag.data[size] != '-')
        size++;
    for (size_t i = 0; i < sizeof languages / sizeof languages[0]; i++) {
        if (size == 2 && tolower(tag.data[0]) == languages[i][0] &&
            tolower(tag.data[1]) == languages[i][1])
            return true;
    }
    return false;
}

/* Whether it has the form that BCP 47 gives every tag: parts of 1 to 8 letters and digits, the
 * first of letters. */
static bool language_is_tag(dais_slice_t tag)
{
    size_t part = 0;
    bool first = true;
    for (size_t i = 0; i < tag.size; i++) {
        if (tag.data[i] == '-') {
            if (part == 0)
                return false;
            part = 0;
            first = false;
            continue;
        }
        if (tag.data[i] >= 128 || !isalnum(tag.data[i]) || (first && !isalpha(tag.data[i])) ||
            ++part > 8)
            return false;
    }
    return part > 0 && (!first || part >= 2);
}

void dais_page_language(dais_out_t *out, dais_slice_t language)
{
    if (!language_is_tag(language)) {
        dais_out_put(out, " dir=\"auto\"");
        return;
    }
    dais_out_put(out, " lang=\"");
    dais_out_html(out, language);
    dais_out_format(out, "\" dir=\"%s\"", language_is_rtl(language) ? "rtl" : "ltr");
}
