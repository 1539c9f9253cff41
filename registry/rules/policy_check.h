/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_RULES_POLICY_CHECK_H
#define DAIS_RULES_POLICY_CHECK_H

#include "registry/rules/policy.h"

/* A combination of two values that no procedure can mean. */
typedef struct {
    dais_policy_key_t key;
    dais_policy_key_t key_other; /* equals key where one value contradicts itself */
    bool (*is_senseless)(const dais_policy_t *policy); /* asked only if both keys are set */
    const char *why;                                   /* one sentence without full stop */
} dais_policy_combination_t;

/* The tables, by subject; each ends with a row without predicate. */
extern const dais_policy_combination_t dais_policy_combinations_objection[];
extern const dais_policy_combination_t dais_policy_combinations_times[];
extern const dais_policy_combination_t dais_policy_combinations_sight[];

/* The n-th combination of all tables, in the order in which they are checked, or null. */
const dais_policy_combination_t *dais_policy_combination(size_t n);

/* Adds a fault for each senseless combination among the keys that are set, at the line of
 * whichever key comes later in the text. */
void dais_policy_check(const dais_policy_t *policy, dais_policy_faults_t *faults);

#endif
