/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_AUDIT_VERIFY_H
#define DAIS_AUDIT_VERIFY_H

#include "audit/trust.h"
#include "base/args.h"

/* All checks over an exported log. Errors are of the machine, or WRONG_DOMAIN for a file that is
 * none; what is wrong with the log stands in the checks. */
dais_err_t dais_verify_log(const char *path, const dais_trust_t *trust,
                           dais_checks_t *checks) DAIS_MUST_CHECK;

/* The verb `verify FILE`. */
extern const dais_command_t dais_verify_command;

#endif
