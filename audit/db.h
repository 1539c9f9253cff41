/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_AUDIT_DB_H
#define DAIS_AUDIT_DB_H

#include "base/args.h"

/* The verb `db FOLDER`. */
extern const dais_command_t dais_db_command;

#endif
