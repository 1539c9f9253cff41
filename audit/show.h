/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_AUDIT_SHOW_H
#define DAIS_AUDIT_SHOW_H

#include "base/args.h"

/* The verb `show FILE`: what a file of ours is, as JSON on stdout. An exported log gives one
 * object a line. */
extern const dais_command_t dais_show_command;

#endif
