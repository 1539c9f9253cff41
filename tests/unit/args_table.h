/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_UNIT_ARGS_TABLE_H
#define DAIS_TESTS_UNIT_ARGS_TABLE_H

/* A small command line with one of everything. */

#include "base/args.h"

static int args_table_ran;

static inline int args_table_run(const dais_args_t *args, void *context)
{
    (void)args;
    args_table_ran++;
    return *(int *)context;
}

static const dais_arg_option_t args_table_root[] = {
    {"json", 'j', DAIS_ARG_FLAG, false, NULL, NULL, "one object a line"},
    {"profile", 'p', DAIS_ARG_VALUE, false, "NAME", NULL, "whose keys and broker's address"},
    {.name = NULL},
};
static const dais_arg_option_t args_table_import[] = {
    {"dry-run", 0, DAIS_ARG_MAYBE, false, "WHEN", "if-warning|if-error", "change nothing"},
    {"to", 0, DAIS_ARG_LIST, false, "FILE", NULL, "where to"},
    {"cycle", 'c', DAIS_ARG_VALUE, true, "NAME", NULL, "the cycle"},
    {.name = NULL},
};
static const dais_arg_operand_t args_table_files[] = {
    {"FILE", DAIS_OPERAND_ONE, "what to read"},
    {"MORE", DAIS_OPERAND_ANY, ".and more, with a \\ in it"},
    {.name = NULL},
};
static const char *const args_table_examples[] = {"toy import -c x a.csv", "toy import --help",
                                                  NULL};
static const dais_command_t args_table_cycle[] = {
    {.name = "open", .text = "open a cycle", .run = args_table_run},
    {.name = "close", .text = "close a cycle", .run = args_table_run},
    {.name = NULL},
};
static const dais_command_t args_table_commands[] = {
    {.name = "import",
     .text = "take rows from files",
     .about = "Takes rows.\n\n.Dot and 'quote lines.",
     .options = args_table_import,
     .operands = args_table_files,
     .examples = args_table_examples,
     .run = args_table_run},
    {.name = "cycle", .text = "what the secretariat does", .commands = args_table_cycle},
    {.name = NULL},
};
static const dais_command_t args_table = {.name = "toy",
                                          .text = "a program for tests",
                                          .options = args_table_root,
                                          .commands = args_table_commands,
                                          .examples = args_table_examples};

#endif
