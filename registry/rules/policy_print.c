/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/rules/policy_print.h"

#include "base/zpl.h"
#include "registry/rules/policy_key.h"
#include "registry/rules/policy_value.h"

#define FOUND_SHOWN_MAX 60 /* bytes of a refused value that are repeated to its author */

static void print_quoted(dais_policy_out_t *out, const char *name, dais_slice_t value)
{
    char quote[] = {dais_zpl_quote(value), 0};
    dais_policy_out_text(out, "    ");
    dais_policy_out_text(out, name);
    dais_policy_out_text(out, " = ");
    dais_policy_out_text(out, quote);
    dais_policy_out_bytes(out, value);
    dais_policy_out_text(out, quote);
    dais_policy_out_text(out, "\n");
}

/* A heading and the keys that are confirmed so, as comments; nothing if there are none. */
static void print_list(dais_policy_out_t *out, const dais_policy_t *policy, const char *heading,
                       dais_policy_confirmed_t confirmed)
{
    for (unsigned key = 0; key < DAIS_POLICY_KEY_COUNT; key++) {
        if (policy->confirmed[key] != confirmed)
            continue;
        dais_policy_out_text(out, heading);
        dais_policy_out_text(out, "#     ");
        dais_policy_out_text(out, dais_policy_key_info((dais_policy_key_t)key).name);
        dais_policy_out_text(out, "\n");
        heading = "";
    }
}

static void print_head(dais_policy_out_t *out, const dais_policy_t *policy)
{
    print_list(out, policy, "# Assumed, not confirmed by any source:\n",
               DAIS_POLICY_CONFIRMED_ASSUMED);
    print_list(out, policy, "# Unset, to be given by the call:\n", DAIS_POLICY_CONFIRMED_NONE);
    dais_policy_out_text(out, "policy\n");
    print_quoted(out, "id", policy->id);
    dais_policy_out_text(out, "    version = ");
    dais_policy_out_number(out, policy->version);
    dais_policy_out_text(out, "\n");
    print_quoted(out, "title", policy->title);
    print_quoted(out, "valid-from", policy->valid_from);
    print_quoted(out, "legal-basis", policy->legal_basis);
}

static void print_key(dais_policy_out_t *out, const dais_policy_t *policy, dais_policy_key_t key)
{
    char value[DAIS_ZPL_VALUE_SIZE_MAX];
    size_t size = 0;
    dais_policy_out_text(out, "\n");
    dais_policy_out_text(out, dais_policy_key_info(key).name);
    dais_policy_out_text(out, "\n");
    if (dais_policy_is_set(policy, key)) {
        /* A canonical value longer than a line holds is no value that could have been read. */
        if (dais_policy_print_value(policy, key, value, sizeof value, &size) != DAIS_OK)
            out->size = SIZE_MAX / 2;
        else
            print_quoted(out, "value", dais_slice(value, size));
    }
    print_quoted(out, "source", policy->source[key]);
    dais_policy_out_text(out, "    confirmed = ");
    dais_policy_out_text(
        out, dais_policy_words(DAIS_POLICY_WORDS_confirmed)->words[policy->confirmed[key]]);
    dais_policy_out_text(out, "\n");
}

dais_err_t dais_policy_print(const dais_policy_t *policy, char *text, size_t capacity, size_t *size)
{
    dais_policy_out_t out = {.capacity = capacity};
    out.data = text;
    print_head(&out, policy);
    for (unsigned key = 0; key < DAIS_POLICY_KEY_COUNT; key++)
        print_key(&out, policy, (dais_policy_key_t)key);
    *size = out.size;
    return dais_policy_out_fits(&out) ? DAIS_OK : DAIS_ERR_NO_SPACE;
}

dais_err_t dais_policy_print_value(const dais_policy_t *policy, dais_policy_key_t key, char *text,
                                   size_t capacity, size_t *size)
{
    dais_policy_out_t out = {.capacity = capacity};
    out.data = text;
    dais_policy_value_write(policy, key, &out);
    *size = out.size;
    return dais_policy_out_fits(&out) ? DAIS_OK : DAIS_ERR_NO_SPACE;
}

static void print_place(dais_policy_out_t *out, const dais_policy_fault_t *fault, const char *file)
{
    dais_policy_out_text(out, file);
    if (fault->line > 0) {
        dais_policy_out_text(out, ":");
        dais_policy_out_number(out, fault->line);
        dais_policy_out_text(out, ":");
        dais_policy_out_number(out, fault->column);
    }
    dais_policy_out_text(out, ": error[");
    dais_policy_out_text(out, dais_err_code(fault->err));
    dais_policy_out_text(out, "]: ");
    if (fault->key.size > 0) {
        dais_policy_out_bytes(out, fault->key);
        if (fault->key_other.size > 0) {
            dais_policy_out_text(out, fault->err == DAIS_ERR_SENSELESS ? " and " : " in ");
            dais_policy_out_bytes(out, fault->key_other);
        }
        dais_policy_out_text(out, ": ");
    }
}

static void print_valid(dais_policy_out_t *out, const dais_policy_fault_t *fault)
{
    bool is_why = fault->err == DAIS_ERR_SENSELESS || fault->err == DAIS_ERR_RESERVED_VALUE;
    if (fault->valid != NULL) {
        dais_policy_out_text(out, is_why ? ": " : "; valid: ");
        dais_policy_out_text(out, fault->valid);
    }
    if (fault->words == NULL)
        return;
    const char *before = ": ";
    for (unsigned i = fault->words->meanings[0] == NULL ? 1 : 0; i < fault->words->count; i++) {
        dais_policy_out_text(out, before);
        dais_policy_out_text(out, fault->words->words[i]);
        before = ", ";
    }
}

size_t dais_policy_print_fault(const dais_policy_fault_t *fault, const char *file, char *text,
                               size_t capacity)
{
    dais_policy_out_t out = {.data = text, .capacity = capacity > 0 ? capacity - 1 : 0};
    print_place(&out, fault, file);
    dais_policy_out_text(&out, dais_err_text(fault->err));
    if (fault->found.size > 0) {
        size_t shown = fault->found.size < FOUND_SHOWN_MAX ? fault->found.size : FOUND_SHOWN_MAX;
        dais_policy_out_text(&out, ": \"");
        dais_policy_out_bytes(&out, dais_slice(fault->found.data, shown));
        dais_policy_out_text(&out, shown < fault->found.size ? "...\"" : "\"");
    }
    print_valid(&out, fault);
    if (fault->nearest != NULL) {
        dais_policy_out_text(&out, "; did you mean \"");
        dais_policy_out_text(&out, fault->nearest);
        dais_policy_out_text(&out, "\"?");
    }
    if (capacity > 0)
        text[out.size < capacity ? out.size : capacity - 1] = 0;
    return out.size;
}
