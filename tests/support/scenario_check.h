/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_SUPPORT_SCENARIO_CHECK_H
#define DAIS_TESTS_SUPPORT_SCENARIO_CHECK_H

#include "registry/rules/rules.h"

/* What is asked of a state in a scenario: writes the answer and returns what was expected, which
 * lies in the question; null if there is no such question. The question is changed. */
char *scenario_check_ask(dais_rules_t *rules, char *question, char *found, size_t capacity);

/* The counts of the cycle are those of the rows that they count, counted anew (docs/rules.md,
 * 12, points 2 to 4). */
void scenario_check_counts(dais_rules_t *rules);

#endif
