/* SPDX-License-Identifier: Apache-2.0
 *
 * Policy files: what is accepted prints as a text that reads back to an equal policy; what is
 * refused leaves the policy all zero and says why, in one line without control characters; a value
 * that a call sets is there afterwards, or nothing has changed.
 *
 * Input: a policy, as ZPL. */
#include "base/utf8.h"
#include "registry/rules/policy_key.h"
#include "registry/rules/policy_print.h"
#include "tests/fuzz/fuzz.h"

enum { FAULTS = 8, LINE_SIZE = 512, TEXT_SIZE = 256 * 1024 };

static dais_policy_t policy;
static dais_policy_t other;
static dais_policy_fault_t fault_items[FAULTS];
static char text[TEXT_SIZE];
static char again[TEXT_SIZE];

static void check_faults(const dais_policy_faults_t *faults, dais_err_t err)
{
    assert(faults->count > 0 && faults->first == err && dais_err_is_refusal(err));
    for (size_t i = 0; i < faults->count && i < FAULTS; i++) {
        char line[LINE_SIZE];
        assert(dais_err_is_refusal(fault_items[i].err));
        size_t size = dais_policy_print_fault(&fault_items[i], "FILE", line, sizeof line);
        assert(size > 0 && memcmp(line, "FILE", 4) == 0);
        assert(memchr(line, '\n', strlen(line)) == NULL);
    }
}

/* Prints, reads back, prints again. */
static void check_printed(void)
{
    size_t size = 0;
    size_t size_again = 0;
    dais_policy_faults_t faults = {.items = fault_items, .capacity = FAULTS};
    dais_err_t err = dais_policy_print(&policy, text, sizeof text, &size);
    assert(err == DAIS_OK && dais_utf8_check(dais_slice(text, size), true, NULL) == DAIS_OK);
    err = dais_policy_parse(dais_slice(text, size), &other, &faults);
    assert(err == DAIS_OK && faults.count == 0);
    assert(dais_policy_equal(&policy, &other));
    err = dais_policy_print(&other, again, sizeof again, &size_again);
    assert(err == DAIS_OK &&
           dais_slice_equal(dais_slice(text, size), dais_slice(again, size_again)));
    assert(dais_policy_print(&policy, again, size - 1, &size_again) == DAIS_ERR_NO_SPACE);
}

/* A key that is unset takes a value of the call, chosen by the input; a set one takes none. */
static void check_applied(dais_slice_t bytes)
{
    char value[1024];
    size_t size = 0;
    dais_policy_fault_t fault;
    dais_policy_key_t key = (dais_policy_key_t)fuzz_choose(bytes, DAIS_POLICY_KEY_COUNT);
    bool was_set = dais_policy_is_set(&policy, key);
    dais_slice_t given = dais_slice(bytes.data, bytes.size < 40 ? bytes.size : 40);
    other = policy;
    dais_err_t err = dais_policy_apply_value(&policy, key, given, DAIS_POLICY_CONFIRMED_SOURCE,
                                             dais_slice_text("call"), &fault);
    if (err != DAIS_OK) {
        assert(dais_err_is_refusal(err) && dais_policy_equal(&policy, &other));
        assert(!was_set || err == DAIS_ERR_KEY_ALREADY_SET);
        return;
    }
    assert(!was_set && dais_policy_is_set(&policy, key));
    err = dais_policy_print_value(&policy, key, value, sizeof value, &size);
    assert(err == DAIS_OK && size > 0);
    policy = other;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dais_slice_t bytes = fuzz_input(data, size);
    dais_policy_faults_t faults = {.items = fault_items, .capacity = FAULTS};
    dais_err_t err = dais_policy_parse(bytes, &policy, &faults);
    if (err != DAIS_OK) {
        assert(fuzz_all_zero(&policy, sizeof policy));
        check_faults(&faults, err);
        return 0;
    }
    check_printed();
    check_applied(bytes);
    return 0;
}
