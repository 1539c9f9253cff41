/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_OFFICE_FILLS_H
#define DAIS_OFFICE_FILLS_H

#include "office/verb.h"
#include "registry/rules/policy.h"

/* What verbs fill in that no table can: counted, computed, or read from files of other forms. */

bool dais_fill_words(dais_saying_t *saying);
bool dais_fill_paragraphs(dais_saying_t *saying);

/* --identity FILE: whose key. */
extern const dais_arg_option_t dais_fill_identity_options[];
bool dais_fill_identity(dais_saying_t *saying);

/* The result, from the votes and the majority in force. */
extern const dais_arg_option_t dais_fill_decision_options[];
bool dais_fill_decision(dais_saying_t *saying);

/* Dates: those given, and those that the policy counts from the call or the first list. */
extern const dais_arg_option_t dais_fill_date_options[];
bool dais_fill_dates(dais_saying_t *saying);
bool dais_fill_circulated(dais_saying_t *saying);

/* The values that the policy leaves open, and all dates. */
extern const dais_arg_option_t dais_fill_call_options[];
bool dais_fill_call(dais_saying_t *saying);

/* The index of the call that is opened: as given, else of the last one that was said here. */
extern const dais_arg_option_t dais_fill_open_options[];
bool dais_fill_open(dais_saying_t *saying);

/* The policy in force as far as this machine knows it: that of genesis, with the values of the last
 * call in the outbox. Its slices point into *call (to be freed, may be null) and the profile.
 * False, with fault, where the profile has no genesis. */
DAIS_MUST_CHECK bool dais_fill_policy(dais_saying_t *saying, dais_policy_t *policy, uint8_t **call);

/* A field of the subject by its name; it is there. */
void *dais_fill_field(dais_saying_t *saying, const char *name);

/* Adds to what is said beside the message. Takes the value. */
void dais_fill_extra(dais_saying_t *saying, const char *key, json_t *value);

#endif
