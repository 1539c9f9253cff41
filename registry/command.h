/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_REGISTRY_COMMAND_H
#define DAIS_REGISTRY_COMMAND_H

#include "base/clock_file.h"
#include "base/daemon.h"
#include "base/exit.h"
#include "registry/cycle.h"
#include "registry/house.h"

/* What `dais-registry` does on its host, beside serving. Each prints its result to stdout and
 * everything else to stderr, and answers what the program is to exit with. */
extern const dais_command_t dais_registry_commands[];

int dais_command_prepare(const dais_args_t *args, void *context);
int dais_command_create(const dais_args_t *args, void *context);
int dais_command_admit(const dais_args_t *args, void *context);
int dais_command_seal(const dais_args_t *args, void *context);
int dais_command_evidence(const dais_args_t *args, void *context);
int dais_command_list(const dais_args_t *args, void *context);
int dais_command_check(const dais_args_t *args, void *context);
int dais_command_backup(const dais_args_t *args, void *context);
int dais_command_restore(const dais_args_t *args, void *context);
int dais_command_log_export(const dais_args_t *args, void *context);
int dais_command_roster_export(const dais_args_t *args, void *context);

/* What they share: the house that the configuration describes, with randomness and the time. */
typedef struct {
    dais_config_t *config;
    dais_house_t house;
    dais_clock_file_t clock_file;
} command_host_t;

/* context is the daemon's spec. False, having said why, if it cannot be; *exit is what the program
 * is to exit with. */
bool command_open(const dais_args_t *args, void *context, command_host_t *host, int *exit);
void command_close(command_host_t *host);

/* Opens the cycle that the first operand names, to write. Else as command_open(). */
bool command_open_cycle(const dais_args_t *args, void *context, command_host_t *host,
                        dais_cycle_t **cycle, int *exit);

/* "error[code]: what: text". */
int command_fails(dais_err_t err, const char *what);

/* The same with a text of its own, and a hint: what the command line is at fault for. */
int command_refuses(const char *code, const char *what, const char *text, const char *hint);

/* The same for a cycle: secrets that others can read are named, with the command that mends it. */
int command_fails_cycle(dais_err_t err, const command_host_t *host, const char *name,
                        const char *what);

#endif
