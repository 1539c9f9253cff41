/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_INTAKE_DAEMON_H
#define DAIS_INTAKE_DAEMON_H

#include "base/daemon.h"

/* The daemon as the frame of all daemons runs it. */
extern const dais_daemon_spec_t dais_intake_daemon;

/* dais-intake clock ... */
extern const dais_command_t dais_intake_commands[];

#endif
