/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/public.h"

#include "registry/rules/fold_agree.h"
#include "registry/rules/visible.h"

static dais_opened_t public_opened(const dais_reading_entry_t *entry)
{
    return (dais_opened_t){.seq = entry->seq,
                           .leaf = entry->leaf,
                           .record = entry->record,
                           .kind = entry->kind,
                           .genesis = entry->genesis,
                           .own = entry->own,
                           .message = entry->message,
                           .has_bundle = entry->has_bundle,
                           .bundle = entry->bundle,
                           .has_stamp = entry->has_stamp,
                           .stamp = entry->stamp,
                           .public_content = entry->public_content};
}

/* Genesis with a policy that cannot be read: nothing can be made of the rest. */
static dais_err_t public_fault(dais_checks_t *checks, uint64_t seq, dais_err_t err)
{
    if (!dais_err_is_refusal(err))
        return err;
    dais_checks_fail(checks, DAIS_CHECK_PUBLIC, seq, dais_err_code(err));
    return DAIS_OK;
}

dais_err_t dais_public_take(dais_derive_t **derive, dais_checks_t *checks,
                            const dais_reading_entry_t *entry)
{
    if (!entry->is_open || entry->kind == NULL || (*derive == NULL && entry->seq != 0))
        return DAIS_OK;
    dais_opened_t opened = public_opened(entry);
    dais_err_t err = *derive == NULL ? dais_derive_create(derive, &entry->genesis, &entry->leaf)
                                     : dais_derive_take(*derive, &opened);
    return public_fault(checks, entry->seq, err);
}

void dais_public_findings(const dais_derive_t *derive, dais_checks_t *checks)
{
    char text[200];
    for (size_t at = 0; at < dais_derive_finding_count(derive); at++) {
        const dais_finding_t *finding = dais_derive_finding(derive, at);
        (void)snprintf(text, sizeof text, "%s: %s", finding->code, finding->text);
        dais_checks_fail(checks, DAIS_CHECK_PUBLIC, finding->seq, text);
    }
    checks->counts[DAIS_CHECK_PUBLIC][DAIS_CHECK_PASSED] += dais_derive_count(derive);
    checks->counts[DAIS_CHECK_PUBLIC][DAIS_CHECK_SEALED] += dais_derive_trusted(derive);
}

static void public_differs(void *context, const char *what)
{
    dais_checks_fail_all(context, DAIS_CHECK_AGREEMENT, what);
}

/* Both of what the public has: what is shown, and whether it holds. */
typedef struct {
    dais_reading_t reading;
    dais_rules_t *rules;
    dais_checks_t *checks;
    dais_derive_t *derive;
    dais_fold_t *fold;
} public_t;

static bool public_wants(void *context, uint64_t seq)
{
    const public_t *public = context;
    return dais_visible_public_from(public->rules, seq) != 0;
}

static dais_err_t public_read(public_t *public)
{
    dais_reading_entry_t entry;
    dais_err_t err = DAIS_OK;
    while (err == DAIS_OK && dais_reading_next(&public->reading, &entry)) {
        if (entry.kind == NULL)
            continue;
        dais_opened_t opened = public_opened(&entry);
        err = dais_public_take(&public->derive, public->checks, &entry);
        if (err == DAIS_OK)
            err = public_fault(public->checks, entry.seq, dais_fold_take(public->fold, &opened));
    }
    return err;
}

static dais_err_t public_compare(public_t *public)
{
    const dais_fold_model_t *model;
    dais_err_t err = dais_fold_make(public->fold, dais_rules_size(public->rules), &model);
    if (err != DAIS_OK)
        return err;
    if (public->derive != NULL)
        dais_public_findings(public->derive, public->checks);
    for (size_t at = 0; at < model->findings.count; at++)
        dais_checks_fail(public->checks, DAIS_CHECK_PUBLIC, model->findings.items[at].seq,
                         model->findings.items[at].code);
    if (dais_fold_agree(public->fold, model, public->rules, public_differs, public->checks) == 0)
        dais_checks_pass(public->checks, DAIS_CHECK_AGREEMENT);
    return DAIS_OK;
}

dais_err_t dais_public_agree(const char *path, dais_rules_t *rules, dais_checks_t *checks)
{
    dais_checks_t ignored = {.failures = NULL}; /* what the first reading has said already */
    public_t public = {.rules = rules, .checks = checks};
    dais_err_t err = dais_fold_create(&public.fold);
    if (err == DAIS_OK)
        err = dais_reading_open_again(&public.reading, path, &ignored);
    public.reading.wants = public_wants;
    public.reading.context = &public;
    if (err == DAIS_OK)
        err = public_read(&public);
    if (err == DAIS_OK)
        err = public_compare(&public);
    if (public.derive != NULL)
        dais_derive_destroy(&public.derive);
    dais_fold_destroy(&public.fold);
    dais_reading_close(&public.reading);
    dais_checks_free(&ignored);
    return err;
}
