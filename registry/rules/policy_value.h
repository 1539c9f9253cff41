/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_RULES_POLICY_VALUE_H
#define DAIS_RULES_POLICY_VALUE_H

#include "registry/rules/policy.h"

/* Text that grows in a caller's buffer. Sticky: what does not fit is counted and not written, so
 * that a printer is a straight list of pieces with one look at `size` at the end. */
typedef struct {
    char *data;
    size_t capacity; /* bytes */
    size_t size;     /* bytes written, or that would have been */
} dais_policy_out_t;

void dais_policy_out_bytes(dais_policy_out_t *out, dais_slice_t bytes);
void dais_policy_out_text(dais_policy_out_t *out, const char *text);
void dais_policy_out_number(dais_policy_out_t *out, uint64_t number);
bool dais_policy_out_fits(const dais_policy_out_t *out);

/* Reads the value of a key into its field. On a refusal the field is zero and of the fault err
 * (bad-value, reserved-value), found, nearest, valid and words are set; column is the offset of
 * `found` in the value, from 1. */
bool dais_policy_value_read(dais_policy_t *policy, dais_policy_key_t key, dais_slice_t text,
                            dais_policy_fault_t *fault);

/* Makes the field of a key zero, as it is while the key is unset. */
void dais_policy_value_clear(dais_policy_t *policy, dais_policy_key_t key);

/* Writes the value of a set key in its one canonical form. */
void dais_policy_value_write(const dais_policy_t *policy, dais_policy_key_t key,
                             dais_policy_out_t *out);

/* The same value in both? Confirmation and source do not count. */
bool dais_policy_value_equal(const dais_policy_t *a, const dais_policy_t *b, dais_policy_key_t key);

#endif
