/* SPDX-License-Identifier: Apache-2.0
 *
 * The verbs, for each of those who send. A field of the subject that a verb's slots do not name is
 * an option of its own name (verb.h). */
#include "office/verb.h"

#include "office/fills.h"

#define NO_SLOTS .slots = NULL
#define SLOTS(...)                                                                                 \
    .slots = (const dais_slot_t[])                                                                 \
    {                                                                                              \
        __VA_ARGS__,                                                                               \
        {                                                                                          \
            .field = NULL                                                                          \
        }                                                                                          \
    }
#define OPERAND(field_, name_)                                                                     \
    {                                                                                              \
        .field = (field_), .source = DAIS_SLOT_OPERAND, .name = (name_)                            \
    }
#define FIXED(field_, value_)                                                                      \
    {                                                                                              \
        .field = (field_), .source = DAIS_SLOT_FIXED, .value = (value_)                            \
    }
#define DIGEST(field_, name_)                                                                      \
    {                                                                                              \
        .field = (field_), .source = DAIS_SLOT_DIGEST, .name = (name_)                             \
    }
#define EITHER(field_, name_)                                                                      \
    {                                                                                              \
        .field = (field_), .source = DAIS_SLOT_EITHER, .name = (name_)                             \
    }
#define FILLED(field_)                                                                             \
    {                                                                                              \
        .field = (field_), .source = DAIS_SLOT_FILLED                                              \
    }
#define NAMED(field_, name_)                                                                       \
    {                                                                                              \
        .field = (field_), .source = DAIS_SLOT_OPTION, .name = (name_)                             \
    }
#define OTHERWISE(field_, name_, value_)                                                           \
    {                                                                                              \
        .field = (field_), .source = DAIS_SLOT_OPTION, .name = (name_), .value = (value_)          \
    }
#define VERB(group_, name_, KIND_, flags_, text_)                                                  \
    .group = (group_), .name = (name_), .kind = DAIS_KIND_##KIND_, .flags = (flags_),              \
    .text = (text_)
#define EXAMPLE(...) .examples = {__VA_ARGS__, NULL}

#define W DAIS_VERB_WRITING
#define P DAIS_VERB_PRIVATE
#define B DAIS_VERB_BEHALF
#define F DAIS_VERB_FINAL

/* An id as it stands in examples. */
#define ORG   "01a400516a804de72480ace4b6e9a0c5"
#define OTHER "01a400516a8055dcd74b1841e72429c3"

const dais_verb_t dais_verbs[] = {
/* clang-format off */
#include "office/verbs_office.def"
#include "office/verbs_cycle.def"
#include "office/verbs_decide.def"
    /* clang-format on */
    {.name = NULL},
};
