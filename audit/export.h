/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_AUDIT_EXPORT_H
#define DAIS_AUDIT_EXPORT_H

#include "base/args.h"

/* The verb `export FOLDER FILE`. */
extern const dais_command_t dais_export_command;

#endif
