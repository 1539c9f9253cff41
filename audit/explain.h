/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_AUDIT_EXPLAIN_H
#define DAIS_AUDIT_EXPLAIN_H

#include "base/args.h"

/* The verb `explain FILE WHAT`: what became of an organisation, comment or message, step by step,
 * with the rule of each step. */
extern const dais_command_t dais_explain_command;

#endif
