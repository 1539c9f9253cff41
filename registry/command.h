/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_REGISTRY_COMMAND_H
#define DAIS_REGISTRY_COMMAND_H

#include "base/args.h"
#include "base/exit.h"
#include "registry/house.h"

/* What `dais-registry` does on its host. Each prints its result to stdout and everything else to
 * stderr, and answers what the program is to exit with. */

int dais_command_serve(const dais_args_t *args, void *context);
int dais_command_prepare(const dais_args_t *args, void *context);
int dais_command_create(const dais_args_t *args, void *context);
int dais_command_admit(const dais_args_t *args, void *context);
int dais_command_evidence(const dais_args_t *args, void *context);
int dais_command_list(const dais_args_t *args, void *context);
int dais_command_check(const dais_args_t *args, void *context);
int dais_command_backup(const dais_args_t *args, void *context);
int dais_command_restore(const dais_args_t *args, void *context);
int dais_command_roster_export(const dais_args_t *args, void *context);

/* Shared by them. */

/* The house that options and configuration describe, with the system's clock and randomness; exits
 * with a message if that is not possible: *exit is then other than DONE. To be closed. */
bool command_house(const dais_args_t *args, dais_house_t *house, int *exit);

/* "error[code]: what: text". */
int command_fails(dais_err_t err, const char *what);

#endif
