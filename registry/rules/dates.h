/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_RULES_DATES_H
#define DAIS_RULES_DATES_H

#include "proto/words.h"
#include "registry/rules/policy.h"

/* Which instants a cycle has, by its policy; for whoever drafts a call or a list, and for the rules
 * that check them. date is DAIS_DATE_... */

/* What the policy counts this date by: null for one that is always given as it is, or that no call
 * and no list gives. The anchor is NONE where the policy sets no such date. */
const dais_policy_time_t *dais_dates_time(const dais_policy_t *policy, unsigned date);

/* Has the call to give it, or version 1 of the list? Neither, where the policy sets no such date.
 */
bool dais_dates_from_call(const dais_policy_t *policy, unsigned date);
bool dais_dates_from_list(const dais_policy_t *policy, unsigned date);

#endif
