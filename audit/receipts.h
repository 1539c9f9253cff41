/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_AUDIT_RECEIPTS_H
#define DAIS_AUDIT_RECEIPTS_H

#include "base/args.h"

/* The verb `receipts FOLDER`. */
extern const dais_command_t dais_receipts_command;

#endif
