/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_AUDIT_DIFF_H
#define DAIS_AUDIT_DIFF_H

#include "base/args.h"

/* The verb `diff A B`: are two exported logs the same, is one the beginning of the other, or was
 * the log forked? */
extern const dais_command_t dais_diff_command;

#endif
