/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_RULES_FOLD_AGREE_H
#define DAIS_RULES_FOLD_AGREE_H

#include "registry/rules/fold.h"
#include "registry/rules/rules.h"

/* Says what differs, in one line of ASCII. */
typedef void dais_fold_differs_fn_t(void *context, const char *what);

/* Does the whole log tell the public what the fold over its open part holds (docs/rules.md, 10.5)?
 * Both stand at the same size, no own entry is owed, and the fold has exactly the entries that
 * dais_visible_public_from() opens. What rests on entries that are not open yet is not compared.
 * Returns how many differences were told. */
size_t dais_fold_agree(const dais_fold_t *fold, const dais_fold_model_t *model, dais_rules_t *rules,
                       dais_fold_differs_fn_t *differs, void *context);

#endif
