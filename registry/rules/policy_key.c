/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/rules/policy_key.h"

#include <assert.h>

#include "base/nearest.h"

/* The domain of a key is a list of words for choices and sets, and `optional` or `needed` for all
 * other kinds; both share one column of the table, so each has its number in both readings. */
enum { DOMAIN_needed = 0, DOMAIN_optional = 1 };
#define LIST_CHOICE(domain)      DAIS_POLICY_WORDS_##domain
#define LIST_SET(domain)         DAIS_POLICY_WORDS_##domain
#define LIST_WORDS(domain)       DOMAIN_##domain
#define LIST_COUNT(domain)       DOMAIN_##domain
#define LIST_LIMIT(domain)       DOMAIN_##domain
#define LIST_THRESHOLD(domain)   DOMAIN_##domain
#define LIST_TIME(domain)        DOMAIN_##domain
#define LIST_WINDOW(domain)      DOMAIN_##domain
#define LIST_DURATION(domain)    DOMAIN_##domain
#define LIST_DATES(domain)       DOMAIN_##domain
#define LIST_ZONE(domain)        DOMAIN_##domain
#define LIST_BODY(domain)        DOMAIN_##domain
#define LIST_DECIDER(domain)     DOMAIN_##domain
#define LIST_OPENS(domain)       DOMAIN_##domain
#define LIST_QUANTIFIERS(domain) DOMAIN_##domain

static const struct {
    const char *name;
    const char *text;
    dais_policy_kind_t kind;
    dais_policy_group_t group;
    unsigned domain;
    size_t offset;
    size_t size;
} keys[DAIS_POLICY_KEY_COUNT] = {
#define POLICY_GROUP(GROUP, title)
#define POLICY_KEY(NAME, field, key, KIND, domain, GROUP, text)                                    \
    [DAIS_POLICY_KEY_##NAME] = {key,                                                               \
                                text,                                                              \
                                DAIS_POLICY_##KIND,                                                \
                                DAIS_POLICY_GROUP_##GROUP,                                         \
                                LIST_##KIND(domain),                                               \
                                offsetof(dais_policy_t, field),                                    \
                                sizeof(((dais_policy_t *)0)->field)},
#include "registry/rules/policy_keys.def"
#undef POLICY_GROUP
#undef POLICY_KEY
};

static const char *const key_names[DAIS_POLICY_KEY_COUNT] = {
#define POLICY_GROUP(GROUP, title)
#define POLICY_KEY(NAME, field, key, KIND, domain, GROUP, text) key,
#include "registry/rules/policy_keys.def"
#undef POLICY_GROUP
#undef POLICY_KEY
};

static const char *const group_titles[DAIS_POLICY_GROUP_COUNT] = {
#define POLICY_GROUP(GROUP, title) title,
#define POLICY_KEY(NAME, field, key, KIND, domain, GROUP, text)
#include "registry/rules/policy_keys.def"
#undef POLICY_GROUP
#undef POLICY_KEY
};

static const char *const kind_forms[DAIS_POLICY_KIND_COUNT] = {
    [DAIS_POLICY_CHOICE] = "one of the words",
    [DAIS_POLICY_SET] = "one or more of the words, each once, separated by spaces",
    [DAIS_POLICY_WORDS] =
        "one or more codes of a-z, 0-9 and hyphens, each once, separated by spaces",
    [DAIS_POLICY_COUNT] = "a number from 1 to 1000000",
    [DAIS_POLICY_LIMIT] = "a number from 1 to 1000000, or no-limit",
    [DAIS_POLICY_THRESHOLD] =
        "a number from 1 to 1000000, or a fraction of those present such as 1/3",
    [DAIS_POLICY_TIME] = ("call, circulated or session, alone or with days or working days to "
                          "add or take off: session-30d, call+10wd"),
    [DAIS_POLICY_WINDOW] = "two times with two dots between them: circulated..session-7d",
    [DAIS_POLICY_DURATION] = "a number with s, min, h or d: 15min, 10d; 36600d at most",
    [DAIS_POLICY_DATES] = "dates in rising order, separated by spaces: 2022-05-26 2022-06-06",
    [DAIS_POLICY_ZONE] = "a name of the tz database: Europe/Vienna",
    [DAIS_POLICY_BODY] = "secretariat, chair, bureau or conference, a comma, and its name",
    [DAIS_POLICY_DECIDER] = ("secretariat, chair, bureau or conference, a comma, this-session or "
                             "next-session, a comma, and its name"),
    [DAIS_POLICY_OPENS] =
        ("for each instant (received, listed, decided, published, never) a "
         "colon and kinds of entries, semicolons between instants; each kind once"),
    [DAIS_POLICY_QUANTIFIERS] =
        "phrases with the number they hold from, rising from 1: one 1, a few 2, some 4",
};

dais_policy_key_info_t dais_policy_key_info(dais_policy_key_t key)
{
    assert((unsigned)key < DAIS_POLICY_KEY_COUNT);
    dais_policy_key_info_t info = {
        .name = keys[key].name,
        .kind = keys[key].kind,
        .none_valid = keys[key].domain == DOMAIN_optional,
        .group = keys[key].group,
        .text = keys[key].text,
        .offset = keys[key].offset,
        .size = keys[key].size,
    };
    if (info.kind == DAIS_POLICY_CHOICE || info.kind == DAIS_POLICY_SET) {
        info.words = dais_policy_words((dais_policy_list_t)keys[key].domain);
        info.none_valid = info.words->meanings[0] != NULL;
    }
    return info;
}

const char *dais_policy_group_title(dais_policy_group_t group)
{
    assert((unsigned)group < DAIS_POLICY_GROUP_COUNT);
    return group_titles[group];
}

const char *dais_policy_kind_form(dais_policy_kind_t kind)
{
    assert((unsigned)kind < DAIS_POLICY_KIND_COUNT);
    return kind_forms[kind];
}

const char *dais_policy_key_nearest(dais_slice_t name)
{
    return dais_nearest(name, key_names, DAIS_POLICY_KEY_COUNT);
}

dais_policy_key_t dais_policy_key_find(dais_slice_t name)
{
    unsigned key = 0;
    while (key < DAIS_POLICY_KEY_COUNT && !dais_slice_equal(name, dais_slice_text(key_names[key])))
        key++;
    return (dais_policy_key_t)key;
}
