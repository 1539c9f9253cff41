/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_RULES_POLICY_H
#define DAIS_RULES_POLICY_H

#include "base/err.h"
#include "base/slice.h"
#include "registry/rules/policy_words.h"

/* A policy holds, as typed values, every rule in which one procedure differs from another. It is
 * a pure function of its text (ZPL, docs/policies.md), which is frozen into genesis: no file, no
 * clock, no allocation. Its slices point into the text it was read from, and into the texts of
 * the values that a call applied, so all of those have to live as long as it does. */

typedef enum {
#define POLICY_GROUP(GROUP, title)
#define POLICY_KEY(NAME, field, key, KIND, domain, GROUP, text) DAIS_POLICY_KEY_##NAME,
#include "registry/rules/policy_keys.def"
#undef POLICY_GROUP
#undef POLICY_KEY
    DAIS_POLICY_KEY_COUNT
} dais_policy_key_t;

typedef enum {
    DAIS_POLICY_CHOICE,      /* one word of a list */
    DAIS_POLICY_SET,         /* words of a list, as bits: 1 << the word's number */
    DAIS_POLICY_WORDS,       /* free code words */
    DAIS_POLICY_COUNT,       /* 1 to 1,000,000 */
    DAIS_POLICY_LIMIT,       /* the same, or "no-limit" */
    DAIS_POLICY_THRESHOLD,   /* a count, or a fraction of those present such as 1/3 */
    DAIS_POLICY_TIME,        /* ANCHOR, ANCHOR+Nd, ANCHOR-Nwd */
    DAIS_POLICY_WINDOW,      /* TIME..TIME */
    DAIS_POLICY_DURATION,    /* 90s, 15min, 2h, 10d */
    DAIS_POLICY_DATES,       /* 2022-05-26 2022-06-06 */
    DAIS_POLICY_ZONE,        /* a name of the tz database */
    DAIS_POLICY_BODY,        /* ROLE, NAME */
    DAIS_POLICY_DECIDER,     /* ROLE, SESSION, NAME */
    DAIS_POLICY_OPENS,       /* INSTANT: kind kind; INSTANT: kind */
    DAIS_POLICY_QUANTIFIERS, /* one 1, a few 2, some 4 */
    DAIS_POLICY_KIND_COUNT
} dais_policy_kind_t;

#define DAIS_POLICY_NO_LIMIT        UINT32_MAX
#define DAIS_POLICY_WORDS_MAX       64 /* words or dates of one value */
#define DAIS_POLICY_QUANTIFIERS_MAX 8
#define DAIS_POLICY_TEXT_SIZE_MAX   250 /* bytes of a title, legal basis or source */

typedef struct {
    unsigned count;
    dais_slice_t items[DAIS_POLICY_WORDS_MAX];
} dais_policy_word_list_t;

/* A count if denominator is 0, none at all if numerator is 0 as well. A fraction is reached by n
 * objections among p present when n * denominator >= p * numerator. */
typedef struct {
    uint32_t numerator;
    uint32_t denominator;
} dais_policy_threshold_t;

/* anchor is ..._NONE where no time is set. */
typedef struct {
    dais_policy_anchor_t anchor;
    int32_t days; /* from the anchor on; before it if negative */
    bool working; /* working days; false for 0 days */
} dais_policy_time_t;

/* Either both have an anchor or none has. */
typedef struct {
    dais_policy_time_t start;
    dais_policy_time_t end;
} dais_policy_window_t;

/* at_session is ..._NONE but for a decider; name is empty only where role is ..._NONE. */
typedef struct {
    dais_policy_body_t role;
    dais_policy_at_session_t at_session;
    dais_slice_t name;
} dais_policy_body_name_t;

/* By opened kind (DAIS_POLICY_OPENED_COMMENT) the instant (DAIS_POLICY_OPENS_AT_PUBLISHED). */
#define DAIS_POLICY_OPENED_COUNT ((unsigned)DAIS_POLICY_OPENED_LAPSE + 1)
typedef struct {
    uint8_t at[DAIS_POLICY_OPENED_COUNT];
} dais_policy_opens_t;

/* Rising, the first from 1: each number of speakers has one phrase. */
typedef struct {
    unsigned count;
    struct {
        dais_slice_t phrase;
        uint32_t from;
    } items[DAIS_POLICY_QUANTIFIERS_MAX];
} dais_policy_quantifiers_t;

#define DAIS_POLICY_TYPE_CHOICE(list)      dais_policy_##list##_t
#define DAIS_POLICY_TYPE_SET(list)         uint32_t
#define DAIS_POLICY_TYPE_WORDS(none)       dais_policy_word_list_t
#define DAIS_POLICY_TYPE_COUNT(none)       uint32_t
#define DAIS_POLICY_TYPE_LIMIT(none)       uint32_t
#define DAIS_POLICY_TYPE_THRESHOLD(none)   dais_policy_threshold_t
#define DAIS_POLICY_TYPE_TIME(none)        dais_policy_time_t
#define DAIS_POLICY_TYPE_WINDOW(none)      dais_policy_window_t
#define DAIS_POLICY_TYPE_DURATION(none)    uint64_t /* milliseconds */
#define DAIS_POLICY_TYPE_DATES(none)       dais_policy_word_list_t
#define DAIS_POLICY_TYPE_ZONE(none)        dais_slice_t
#define DAIS_POLICY_TYPE_BODY(none)        dais_policy_body_name_t
#define DAIS_POLICY_TYPE_DECIDER(none)     dais_policy_body_name_t
#define DAIS_POLICY_TYPE_OPENS(none)       dais_policy_opens_t
#define DAIS_POLICY_TYPE_QUANTIFIERS(none) dais_policy_quantifiers_t

typedef struct {
    dais_slice_t id;
    uint32_t version;
    dais_slice_t title;
    dais_slice_t valid_from; /* YYYY-MM-DD, or unset where no source dates it */
    dais_slice_t legal_basis;

    /* A field per key. One whose `confirmed` is ..._NONE is unset and all zero. */
    /* NOLINTBEGIN(bugprone-macro-parentheses): the name of a field takes none */
#define POLICY_GROUP(GROUP, title)
#define POLICY_KEY(NAME, field, key, KIND, domain, GROUP, text)                                    \
    DAIS_POLICY_TYPE_##KIND(domain) field;
    /* NOLINTEND(bugprone-macro-parentheses) */
#include "registry/rules/policy_keys.def"
#undef POLICY_GROUP
#undef POLICY_KEY

    dais_policy_confirmed_t confirmed[DAIS_POLICY_KEY_COUNT];
    dais_slice_t source[DAIS_POLICY_KEY_COUNT];
    uint32_t line[DAIS_POLICY_KEY_COUNT]; /* of the key in the text; 0 for a value of a call */
} dais_policy_t;

/* One thing that is wrong with a policy or a value. Slices live as long as the text read. */
typedef struct {
    dais_err_t err;
    uint32_t line;                    /* from 1; 0 if it has no line */
    uint32_t column;                  /* from 1 */
    dais_slice_t key;                 /* the key or section at fault; may be empty */
    dais_slice_t key_other;           /* second key of a senseless combination; else empty */
    dais_slice_t found;               /* the word or value at fault; may be empty */
    const char *nearest;              /* right key or word that it is nearest to, or null */
    const char *valid;                /* what is valid, or why it makes no sense; may be null */
    const dais_policy_words_t *words; /* the words that are valid, or null */
} dais_policy_fault_t;

/* Caller's array. count may exceed capacity: what does not fit is counted only. */
typedef struct {
    dais_policy_fault_t *items;
    size_t capacity;
    size_t count;
    dais_err_t first;
} dais_policy_faults_t;

/* Reads a policy of at most DAIS_LIMIT_POLICY bytes. Returns DAIS_OK or the code of the first of
 * all its faults; the policy is then all zero. `faults` may be null; they are listed in the order
 * of the text, behind them keys that are missing, behind those senseless combinations. Codes:
 * too-long, bad-indent, bad-text, unknown-policy-key, repeated-key, missing-key, bad-value,
 * reserved-value, senseless-combination. */
DAIS_MUST_CHECK dais_err_t dais_policy_parse(dais_slice_t text, dais_policy_t *policy,
                                             dais_policy_faults_t *faults);

/* Gives an unset key the value of a call. Refuses with key-already-set, bad-value,
 * reserved-value, or senseless-combination with a value that is there already; the policy is then
 * as before and `fault` (may be null) says more. */
DAIS_MUST_CHECK dais_err_t dais_policy_apply_value(dais_policy_t *policy, dais_policy_key_t key,
                                                   dais_slice_t value,
                                                   dais_policy_confirmed_t confirmed,
                                                   dais_slice_t source, dais_policy_fault_t *fault);

/* The first unset key at or after `from`, or DAIS_POLICY_KEY_COUNT. A cycle must not open while
 * there is one. */
dais_policy_key_t dais_policy_missing(const dais_policy_t *policy, dais_policy_key_t from);

/* Same head, values, confirmations and sources; lines in the text do not count. */
bool dais_policy_equal(const dais_policy_t *a, const dais_policy_t *b);

bool dais_policy_is_set(const dais_policy_t *policy, dais_policy_key_t key);

/* What a policy says on the opening of entries of this message kind (DAIS_KIND_COMMENT), or
 * ..._NONE while `opens` is unset; kinds on which no policy rules open when received. */
dais_policy_opens_at_t dais_policy_opens_at(const dais_policy_t *policy, unsigned message_kind);

/* The key of this name, or DAIS_POLICY_KEY_COUNT. */
dais_policy_key_t dais_policy_key_find(dais_slice_t name);

/* Adds to the list of faults. */
void dais_policy_faults_add(dais_policy_faults_t *faults, const dais_policy_fault_t *fault);

#endif
