/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_RULES_VERDICT_H
#define DAIS_RULES_VERDICT_H

#include "proto/records.h"

/* DAIS_VERDICT_ACCEPTED and so on; the list with texts is verdicts.def. A verdict is an answer and
 * stands in the log; it is not an error code. */
typedef enum {
#define VERDICT(number, NAME, code, class, happened, why, todo) DAIS_VERDICT_##NAME = (number),
#include "registry/rules/verdicts.def"
#undef VERDICT
} dais_verdict_t;

typedef enum {
    DAIS_VERDICT_CLASS_DONE,
    DAIS_VERDICT_CLASS_NOTED,
    DAIS_VERDICT_CLASS_REFUSED
} dais_verdict_class_t;

typedef struct {
    unsigned number;
    const char *code;
    dais_verdict_class_t class;
    const char *happened;
    const char *why;
    const char *todo;
} dais_verdict_info_t;

/* All of them by rising number; code is null after the last. */
extern const dais_verdict_info_t dais_verdict_infos[];

/* Null if there is no such verdict. */
const dais_verdict_info_t *dais_verdict_info(uint64_t number);
const dais_verdict_info_t *dais_verdict_named(dais_slice_t code);

/* Does it have an effect, or will it? False for what is no verdict. */
bool dais_verdict_is_done(uint64_t number);

/* The same of the first verdict of a record, which is the only one of most kinds: what was refused
 * is in the log too. */
bool dais_verdict_first_done(const dais_record_t *record);

/* The verdicts of one entry, in the order of its targets. */
typedef struct {
    uint16_t count; /* 1 to DAIS_LIMIT_TARGETS */
    uint16_t codes[DAIS_LIMIT_TARGETS];
} dais_verdicts_t;

/* Does any target of it have an effect? */
bool dais_verdicts_any_done(const dais_verdicts_t *verdicts);

/* Are all of them refusals? */
bool dais_verdicts_all_refused(const dais_verdicts_t *verdicts);

#endif
