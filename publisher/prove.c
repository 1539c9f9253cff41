/* SPDX-License-Identifier: Apache-2.0 */
#include "publisher/prove.h"

#include <stdio.h>

/* What the fold keeps of an entry is all that the rules look at. */
static dais_opened_t prove_opened(const dais_fold_entry_t *entry)
{
    return (dais_opened_t){.seq = entry->seq,
                           .kind = entry->kind,
                           .record = entry->record,
                           .own = entry->own,
                           .message = entry->message,
                           .has_bundle = entry->record.bundle.size > 0,
                           .bundle.key = entry->key,
                           .has_stamp = entry->has_stamp,
                           .public_content = entry->public_content};
}

static dais_err_t prove_all(dais_derive_t *derive, const dais_fold_t *fold, uint64_t size)
{
    const dais_fold_entry_t *entry;
    dais_err_t err = DAIS_OK;
    for (uint64_t seq = 1; err == DAIS_OK && dais_fold_next(fold, &seq, &entry);) {
        if (entry->seq >= size)
            break;
        dais_opened_t opened = prove_opened(entry);
        err = dais_derive_take(derive, &opened);
    }
    return err;
}

dais_err_t dais_prove(const dais_fold_t *fold, const dais_fold_model_t *model,
                      dais_finding_t *finding)
{
    dais_derive_t *derive;
    dais_err_t err = dais_derive_create(&derive, &model->genesis, &model->log);
    if (err != DAIS_OK)
        return err;
    err = prove_all(derive, fold, model->size);
    if (err == DAIS_OK && dais_derive_finding_count(derive) > 0) {
        *finding = *dais_derive_finding(derive, 0);
        err = DAIS_ERR_WRONG_VERDICT;
    } else if (err == DAIS_OK && model->findings.count > 0) {
        *finding = (dais_finding_t){.seq = model->findings.items[0].seq,
                                    .code = model->findings.items[0].code};
        (void)snprintf(finding->text, sizeof finding->text, "the open entries contradict another");
        err = DAIS_ERR_WRONG_VERDICT;
    }
    dais_derive_destroy(&derive);
    return err;
}
