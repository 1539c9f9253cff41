/* SPDX-License-Identifier: Apache-2.0
 *
 * What can be done with a policy once it is read: values that a call applies, what is still
 * missing, equality, and the questions that take more than a look at a field. */
#include "registry/rules/policy.h"

#include "base/zpl.h"
#include "proto/kind.h"
#include "registry/rules/policy_check.h"
#include "registry/rules/policy_key.h"
#include "registry/rules/policy_scan.h"
#include "registry/rules/policy_value.h"

void dais_policy_faults_add(dais_policy_faults_t *faults, const dais_policy_fault_t *fault)
{
    if (faults->count == 0)
        faults->first = fault->err;
    if (faults->count < faults->capacity)
        faults->items[faults->count] = *fault;
    faults->count++;
}

bool dais_policy_is_set(const dais_policy_t *policy, dais_policy_key_t key)
{
    return policy->confirmed[key] != DAIS_POLICY_CONFIRMED_NONE;
}

/* Everything that can be said against a value of a call before it is looked at together with
 * others. */
static dais_err_t policy_apply_alone(dais_policy_t *policy, dais_policy_key_t key,
                                     dais_slice_t value, dais_policy_confirmed_t confirmed,
                                     dais_slice_t source, dais_policy_fault_t *fault)
{
    dais_slice_t reason = dais_scan_trim(source);
    if (dais_policy_is_set(policy, key))
        return DAIS_ERR_KEY_ALREADY_SET;
    fault->valid = "source, practice or assumed";
    if (confirmed == DAIS_POLICY_CONFIRMED_NONE || confirmed > DAIS_POLICY_CONFIRMED_ASSUMED)
        return DAIS_ERR_BAD_VALUE;
    fault->valid = "a source of 1 to 250 characters";
    if (reason.size == 0 || reason.size > DAIS_POLICY_TEXT_SIZE_MAX || !dais_zpl_can_quote(reason))
        return DAIS_ERR_BAD_VALUE;
    fault->valid = "printable ASCII without one of the two quotes";
    if (!dais_zpl_can_quote(value))
        return DAIS_ERR_BAD_VALUE;
    (void)dais_policy_value_read(policy, key, value, fault);
    return fault->err;
}

dais_err_t dais_policy_apply_value(dais_policy_t *policy, dais_policy_key_t key, dais_slice_t value,
                                   dais_policy_confirmed_t confirmed, dais_slice_t source,
                                   dais_policy_fault_t *fault)
{
    dais_policy_fault_t ignored;
    dais_policy_fault_t *about = fault == NULL ? &ignored : fault;
    dais_policy_faults_t faults = {.items = about, .capacity = 1};
    dais_slice_t unset_source = policy->source[key];
    *about = (dais_policy_fault_t){.err = DAIS_OK};
    dais_err_t err = policy_apply_alone(policy, key, value, confirmed, source, about);
    about->err = err;
    about->key = dais_slice_text(dais_policy_key_info(key).name);
    if (err != DAIS_OK)
        return err;
    policy->confirmed[key] = confirmed;
    policy->source[key] = dais_scan_trim(source);
    dais_policy_check(policy, &faults);
    if (faults.first == DAIS_OK)
        return DAIS_OK;
    policy->confirmed[key] = DAIS_POLICY_CONFIRMED_NONE;
    policy->source[key] = unset_source;
    dais_policy_value_clear(policy, key);
    return faults.first;
}

dais_policy_key_t dais_policy_missing(const dais_policy_t *policy, dais_policy_key_t from)
{
    unsigned key = from;
    while (key < DAIS_POLICY_KEY_COUNT && dais_policy_is_set(policy, (dais_policy_key_t)key))
        key++;
    return (dais_policy_key_t)key;
}

bool dais_policy_equal(const dais_policy_t *a, const dais_policy_t *b)
{
    if (a->version != b->version || !dais_slice_equal(a->id, b->id) ||
        !dais_slice_equal(a->title, b->title) || !dais_slice_equal(a->valid_from, b->valid_from) ||
        !dais_slice_equal(a->legal_basis, b->legal_basis))
        return false;
    for (unsigned key = 0; key < DAIS_POLICY_KEY_COUNT; key++) {
        if (a->confirmed[key] != b->confirmed[key] ||
            !dais_slice_equal(a->source[key], b->source[key]) ||
            !dais_policy_value_equal(a, b, (dais_policy_key_t)key))
            return false;
    }
    return true;
}

/* By number of the message kind, the entry of the table of openings; 0 for all others. */
static const uint8_t opened_kinds[] = {
#define POLICY_WORD(LIST, name, word, meaning) [DAIS_KIND_##name] = DAIS_POLICY_##LIST##_##name,
#include "registry/rules/policy_opened.def"
#undef POLICY_WORD
};

dais_policy_opens_at_t dais_policy_opens_at(const dais_policy_t *policy, unsigned message_kind)
{
    unsigned opened = message_kind < sizeof opened_kinds ? opened_kinds[message_kind] : 0;
    if (opened == DAIS_POLICY_OPENED_NONE)
        return DAIS_POLICY_OPENS_AT_RECEIVED;
    return (dais_policy_opens_at_t)policy->opens.at[opened];
}
