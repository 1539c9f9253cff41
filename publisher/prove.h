/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PUBLISHER_PROVE_H
#define DAIS_PUBLISHER_PROVE_H

#include "registry/rules/derive.h"
#include "registry/rules/fold.h"

/* Whether what is open holds: every verdict, tick, outcome and sum that rests on open entries alone
 * is made again by the rules (registry/rules/derive.h), and the model agrees with itself.
 * Signatures, stamps and the tree were proved when the entries were taken. Nothing that fails is
 * published.
 *
 * WRONG_VERDICT with the first finding; else NO_MEMORY, or what dais_rules_begin() says of genesis.
 */
DAIS_MUST_CHECK dais_err_t dais_prove(const dais_fold_t *fold, const dais_fold_model_t *model,
                                      dais_finding_t *finding);

#endif
