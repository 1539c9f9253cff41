/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_AUDIT_OUTCOMES_H
#define DAIS_AUDIT_OUTCOMES_H

#include "base/args.h"

/* The verb `outcomes LOG SITE`. */
extern const dais_command_t dais_outcomes_command;

#endif
