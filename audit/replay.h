/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_AUDIT_REPLAY_H
#define DAIS_AUDIT_REPLAY_H

#include "base/args.h"

/* The verb `replay [--at N|TIME] FILE`: the state of any past instant, as its digests. */
extern const dais_command_t dais_replay_command;

#endif
