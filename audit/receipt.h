/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_AUDIT_RECEIPT_H
#define DAIS_AUDIT_RECEIPT_H

#include "base/args.h"

/* The verb `receipt FILE`: what a receipt (tlog-proof) proves, offline. */
extern const dais_command_t dais_receipt_command;

#endif
