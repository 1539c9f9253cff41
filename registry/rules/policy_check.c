/* SPDX-License-Identifier: Apache-2.0
 *
 * Combinations of values that contradict each other. Each value alone is valid, and some procedure
 * has it; together they would promise what cannot be kept (a veto that somebody decides on) or
 * show what they promise to hide (an objector who is sealed in entries that open). The tables are
 * the whole rule; docs/policies.md is made from them. Keys that are unset take no part: when a
 * call sets them they are checked against all others. */
#include "registry/rules/policy_check.h"

#include "registry/rules/policy_key.h"

static const dais_policy_combination_t *const tables[] = {
    dais_policy_combinations_objection,
    dais_policy_combinations_times,
    dais_policy_combinations_sight,
};

const dais_policy_combination_t *dais_policy_combination(size_t n)
{
    for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++) {
        for (const dais_policy_combination_t *row = tables[t]; row->is_senseless != NULL; row++) {
            if (n-- == 0)
                return row;
        }
    }
    return NULL;
}

static void check_report(const dais_policy_t *policy, const dais_policy_combination_t *combination,
                         dais_policy_faults_t *faults)
{
    uint32_t line = policy->line[combination->key];
    uint32_t line_other = policy->line[combination->key_other];
    dais_policy_fault_t fault = {
        .err = DAIS_ERR_SENSELESS,
        .line = line > line_other ? line : line_other,
        .column = 1,
        .key = dais_slice_text(dais_policy_key_info(combination->key).name),
        .key_other = dais_slice_text(dais_policy_key_info(combination->key_other).name),
        .valid = combination->why,
    };
    dais_policy_faults_add(faults, &fault);
}

void dais_policy_check(const dais_policy_t *policy, dais_policy_faults_t *faults)
{
    const dais_policy_combination_t *combination = NULL;
    for (size_t n = 0; (combination = dais_policy_combination(n)) != NULL; n++) {
        if (dais_policy_is_set(policy, combination->key) &&
            dais_policy_is_set(policy, combination->key_other) && combination->is_senseless(policy))
            check_report(policy, combination, faults);
    }
}
