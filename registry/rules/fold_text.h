/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_RULES_FOLD_TEXT_H
#define DAIS_RULES_FOLD_TEXT_H

#include "registry/rules/fold.h"

/* All that the public fold holds as text, line by line (docs/rules.md, 10.4): the same log gives
 * the same bytes, and another implementation is compared by them. */
typedef void dais_fold_text_fn_t(void *context, dais_slice_t piece);
DAIS_MUST_CHECK dais_err_t dais_fold_text(const dais_fold_t *fold, const dais_fold_model_t *model,
                                          dais_fold_text_fn_t *piece, void *context);

/* SHA-256 of that text; NO_MEMORY or CRYPTO. */
DAIS_MUST_CHECK dais_err_t dais_fold_digest(const dais_fold_t *fold, const dais_fold_model_t *model,
                                            dais_hash_t *digest);

#endif
