/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_RULES_POLICY_PRINT_H
#define DAIS_RULES_POLICY_PRINT_H

#include "registry/rules/policy.h"

/* The effective policy as canonical ZPL, with the values that a call has applied, led by comments
 * that list what is assumed and what is still unset. Reads back to an equal policy. `size` is the
 * length of the text, without terminator. Fails with no-space. */
DAIS_MUST_CHECK dais_err_t dais_policy_print(const dais_policy_t *policy, char *text,
                                             size_t capacity, size_t *size);

/* The value of a set key as the printed policy has it, without quotes. */
DAIS_MUST_CHECK dais_err_t dais_policy_print_value(const dais_policy_t *policy,
                                                   dais_policy_key_t key, char *text,
                                                   size_t capacity, size_t *size);

/* One line for a person, such as
 *   FILE:12:13: error[bad-value]: objection-effect: the value is not one that this key takes:
 *   "blok"; valid: block, refer, veto, none-until-vote; did you mean "block"?
 * without newline. Returns its length; as much as fits is written, and a terminator if there is
 * any room. A fault without line (of a value in a call) leads with `file` alone. */
size_t dais_policy_print_fault(const dais_policy_fault_t *fault, const char *file, char *text,
                               size_t capacity);

#endif
