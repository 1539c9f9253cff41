/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_OFFICE_COMMANDS_H
#define DAIS_OFFICE_COMMANDS_H

#include "base/args.h"

/* The commands that are not one message each (those are in verb.h), and where they stand: below
 * nothing, or below the command named. */
typedef struct {
    const char *group; /* "" or "profile"; null after the last */
    const dais_command_t *command;
} dais_placed_command_t;

extern const dais_placed_command_t dais_placed_commands[];

/* Commands that have others below them. */
typedef struct {
    const char *group; /* what it stands below */
    const char *name;
    const char *text;
    const char *about;
    const char *examples[3];
} dais_command_group_t;

extern const dais_command_group_t dais_command_groups[]; /* name is null after the last */

/* Options that every command takes. */
extern const dais_arg_option_t dais_office_options[];

extern const dais_command_t dais_command_keygen;
extern const dais_command_t dais_command_profile_add;
extern const dais_command_t dais_command_profile_list;
extern const dais_command_t dais_command_profile_show;
extern const dais_command_t dais_command_config_show;
extern const dais_command_t dais_command_config_check;
extern const dais_command_t dais_command_send;
extern const dais_command_t dais_command_cycle_draft;
extern const dais_command_t dais_command_outbox_list;
extern const dais_command_t dais_command_outbox_parcel;
extern const dais_command_t dais_command_outbox_retry;
extern const dais_command_t dais_command_outbox_remove;
extern const dais_command_t dais_command_outbox_export;
extern const dais_command_t dais_command_outbox_import;
extern const dais_command_t dais_command_outbox_backup;
extern const dais_command_t dais_command_status;
extern const dais_command_t dais_command_queue;
extern const dais_command_t dais_command_cases;
extern const dais_command_t dais_command_objections;
extern const dais_command_t dais_command_list;
extern const dais_command_t dais_command_deadlines;
extern const dais_command_t dais_command_receipts;
extern const dais_command_t dais_command_verify;
extern const dais_command_t dais_command_show;
extern const dais_command_t dais_command_slip;
extern const dais_command_t dais_command_import;
extern const dais_command_t dais_command_help;
extern const dais_command_t dais_command_roster_export;

#endif
