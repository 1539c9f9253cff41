/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_AUDIT_PUBLIC_H
#define DAIS_AUDIT_PUBLIC_H

#include "audit/reading.h"
#include "registry/rules/derive.h"

/* What a public audit makes of an open part: over what is open in a file where that is not all, and
 * over what would be open to the public where all is. */

/* Begins with entry 0, and takes any other open entry that can be read. Errors are of the
 * machine. */
dais_err_t dais_public_take(dais_derive_t **derive, dais_checks_t *checks,
                            const dais_reading_entry_t *entry) DAIS_MUST_CHECK;

/* What was found, as failures of `public`, and what was made again. */
void dais_public_findings(const dais_derive_t *derive, dais_checks_t *checks);

/* Reads the file once more and folds what the rules would open to the public at the end; `public`
 * and `agreement` say what came of it. */
dais_err_t dais_public_agree(const char *path, dais_rules_t *rules,
                             dais_checks_t *checks) DAIS_MUST_CHECK;

#endif
