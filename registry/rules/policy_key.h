/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_RULES_POLICY_KEY_H
#define DAIS_RULES_POLICY_KEY_H

#include "registry/rules/policy.h"

typedef enum {
#define POLICY_GROUP(GROUP, title) DAIS_POLICY_GROUP_##GROUP,
#define POLICY_KEY(NAME, field, key, KIND, domain, GROUP, text)
#include "registry/rules/policy_keys.def"
#undef POLICY_GROUP
#undef POLICY_KEY
    DAIS_POLICY_GROUP_COUNT
} dais_policy_group_t;

/* What policy_keys.def says of a key; static. */
typedef struct {
    const char *name;
    dais_policy_kind_t kind;
    const dais_policy_words_t *words; /* of a choice or set; else null */
    bool none_valid;                  /* "none" is a valid value */
    dais_policy_group_t group;
    const char *text;
    size_t offset; /* of its field in dais_policy_t */
    size_t size;   /* of that field, in bytes */
} dais_policy_key_info_t;

dais_policy_key_info_t dais_policy_key_info(dais_policy_key_t key);

const char *dais_policy_group_title(dais_policy_group_t group);

/* How values of this kind are written, for people. */
const char *dais_policy_kind_form(dais_policy_kind_t kind);

/* The key whose name is nearest by edit distance, or null. */
const char *dais_policy_key_nearest(dais_slice_t name);

#endif
