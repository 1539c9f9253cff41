/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_AUDIT_WHATIF_H
#define DAIS_AUDIT_WHATIF_H

#include "base/args.h"

/* The verb `what-if --policy FILE LOG`: the same events under another policy, and what comes out
 * otherwise. */
extern const dais_command_t dais_whatif_command;

#endif
