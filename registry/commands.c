/* SPDX-License-Identifier: Apache-2.0
 *
 * The command line of dais-registry, beside the options that all daemons have. */
#include "registry/command.h"

static const dais_arg_option_t prepare_options[] = {
    {"host", 0, DAIS_ARG_VALUE, true, "HOST", NULL, "name of the registry, as origins have it"},
    {"rehearsal", 0, DAIS_ARG_FLAG, false, NULL, NULL, "nothing in this cycle has effect"},
    {.name = NULL},
};
static const dais_arg_option_t create_options[] = {
    {"secretariat-key", 0, DAIS_ARG_VALUE, false, "VKEY", NULL,
     "the key that genesis has to be signed by"},
    {.name = NULL},
};
static const dais_arg_option_t check_options[] = {
    {"copy", 0, DAIS_ARG_FLAG, false, NULL, NULL, "it is the folder of a backup"},
    {.name = NULL},
};

static const dais_arg_option_t export_options[] = {
    {"public", 0, DAIS_ARG_FLAG, false, NULL, NULL, "what is open to the public, and no more"},
    {.name = NULL},
};

static const dais_arg_operand_t name_operand[] = {
    {"CYCLE", DAIS_OPERAND_ONE, "name of the cycle"},
    {.name = NULL},
};
static const dais_arg_operand_t genesis_operand[] = {
    {"GENESIS", DAIS_OPERAND_ONE, "file with genesis, as dais cycle draft made it"},
    {.name = NULL},
};
static const dais_arg_operand_t admit_operands[] = {
    {"CYCLE", DAIS_OPERAND_ONE, "name of the cycle"},
    {"FILE", DAIS_OPERAND_SOME, "bundles of the secretariat, in their order"},
    {.name = NULL},
};
static const dais_arg_operand_t file_operands[] = {
    {"CYCLE", DAIS_OPERAND_ONE, "name of the cycle"},
    {"FILE", DAIS_OPERAND_ONE, "the file"},
    {.name = NULL},
};
static const dais_arg_operand_t folder_operands[] = {
    {"CYCLE", DAIS_OPERAND_ONE, "name of the cycle"},
    {"FOLDER", DAIS_OPERAND_ONE, "folder of the backup"},
    {.name = NULL},
};

static const char *const cycle_examples[] = {
    "dais-registry cycle prepare dialogue-2027 --host registry.example > dialogue-2027.keys",
    "dais-registry cycle create genesis", NULL};

static const dais_command_t cycle_commands[] = {
    {.name = "prepare",
     .text = "make the keys of a cycle, before its genesis is signed",
     .about =
         "Makes the cycle's folder and two secret keys in it: one signs its checkpoints, for the"
         " other sealed bundles are closed. What dais cycle draft needs of them goes to"
         " stdout.",
     .options = prepare_options,
     .operands = name_operand,
     .run = dais_command_prepare},
    {.name = "create",
     .text = "begin a log with its signed genesis",
     .options = create_options,
     .operands = genesis_operand,
     .run = dais_command_create},
    {.name = "admit",
     .text = "take in bundles of the secretariat, without a stamp",
     .about = "Takes bundles that hold only roster-change, intake-lost, clock-accepted and second:"
              " the first roster comes so. The registry must not be running. Says the verdict of"
              " each message, and exits with 6 if the rules refused all of them, with 3 if some.",
     .operands = admit_operands,
     .run = dais_command_admit},
    {.name = "evidence",
     .text = "end a log that was signed twice",
     .about =
         "FILE holds a checkpoint that this log's key has signed and that is no prefix of it. It"
         " becomes the last entry. The registry must not be running.",
     .operands = file_operands,
     .run = dais_command_evidence},
    {.name = "seal",
     .text = "destroy the key of a log that has ended",
     .about =
         "Keeps the final checkpoint beside the log and destroys the key that signed it. The cycle"
         " is still served. The registry must not be running.",
     .operands = name_operand,
     .run = dais_command_seal},
    {.name = "list", .text = "list the cycles there are", .run = dais_command_list},
    {.name = "export",
     .text = "write a whole log to one file, for dais-audit",
     .about = "Writes every entry with all that opens it, for an inspector; with --public what is"
              " open to the public. The checkpoint in it is the one that the fork guard holds. The"
              " registry may be running.",
     .options = export_options,
     .operands = file_operands,
     .run = dais_command_log_export},
    {.name = NULL},
};
static const dais_command_t roster_commands[] = {
    {.name = "export",
     .text = "write the roster as broker and intake read it",
     .operands = file_operands,
     .run = dais_command_roster_export},
    {.name = NULL},
};
const dais_command_t dais_registry_commands[] = {
    {.name = "cycle",
     .text = "prepare, create and feed cycles",
     .commands = cycle_commands,
     .examples = cycle_examples},
    {.name = "check",
     .text = "check a log to its last entry",
     .about = "Reads every entry, checks signatures, paths and the tree, folds the rules again and"
              " compares the state. The registry may be running.",
     .options = check_options,
     .operands = name_operand,
     .run = dais_command_check},
    {.name = "backup",
     .text = "copy a log and check the copy",
     .about =
         "Copies the store into a folder, which it makes, and checks the copy to its last entry."
         " The keys of the cycle and its fork guard are not in it. The registry may be"
         " running.",
     .operands = folder_operands,
     .run = dais_command_backup},
    {.name = "restore",
     .text = "put a backup in the place of a lost store",
     .about = "Checks the backup to its last entry, and against the fork guard: one that is behind"
              " what was signed is refused. A store that is there is not overwritten.",
     .operands = folder_operands,
     .run = dais_command_restore},
    {.name = "roster", .text = "the roster for broker and intake", .commands = roster_commands},
    {.name = NULL},
};
