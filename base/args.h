/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_BASE_ARGS_H
#define DAIS_BASE_ARGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/err.h"

/* A command line from one table. The table makes the parser, the help of each level, the
 * completion for bash, zsh and fish and the manual page, so these cannot tell different things.
 *
 *   dais [OPTION]... NOUN VERB [OPTION]... [OPERAND]...
 *
 * An option holds for its command and for all below it, and may stand anywhere behind it; where two
 * have one name, that of the lower command holds. Nothing may be abbreviated. `--` ends the
 * options. Options and commands of a table end with an entry whose name is null. Everything in a
 * table is static and outlives the program. */

#define DAIS_ARGS_DEPTH_MAX   4    /* commands in a row, the program's name counted */
#define DAIS_ARGS_OPERAND_MAX 1024 /* operands of one call */
#define DAIS_ARGS_GIVEN_MAX   128  /* options of one call */

typedef enum {
    DAIS_ARG_FLAG,  /* --json */
    DAIS_ARG_VALUE, /* --cycle NAME or --cycle=NAME; once */
    DAIS_ARG_MAYBE, /* --dry-run or --dry-run=WORD */
    DAIS_ARG_LIST,  /* --to NAME, as often as wanted */
} dais_arg_kind_t;

typedef struct {
    const char *name; /* without dashes */
    char letter;      /* for -x; 0 if there is none */
    dais_arg_kind_t kind;
    bool required;
    const char
        *value; /* what help calls it: "NAME". With FILE or FOLDER in it, completion offers paths */
    const char *words; /* the values there are, "text|json"; null for any */
    const char *text;  /* for help: one line, no full stop */
} dais_arg_option_t;

typedef enum {
    DAIS_OPERAND_ONE,
    DAIS_OPERAND_OPTIONAL, /* 0 or 1; only the last of a command may be of this or a later sort */
    DAIS_OPERAND_SOME,     /* 1 or more */
    DAIS_OPERAND_ANY,      /* 0 or more */
} dais_operand_count_t;

typedef struct {
    const char *name; /* "FILE" */
    dais_operand_count_t count;
    const char *text;
} dais_arg_operand_t;

typedef struct dais_args dais_args_t;
typedef struct dais_command dais_command_t;
struct dais_command {
    const char *name;
    const char *text;  /* one line for lists of commands */
    const char *about; /* paragraphs for help and manual page, parted by an empty line; or null */
    const dais_arg_option_t *options;
    const dais_arg_operand_t *operands;
    const dais_command_t *commands;
    const char *const
        *examples; /* runnable lines; ends with null. At least two where people type */
    int (*run)(const dais_args_t *args, void *context); /* null where a command has to follow */
};

struct dais_args {
    const dais_command_t *path[DAIS_ARGS_DEPTH_MAX]; /* path[0] is the program */
    size_t depth;
    bool help; /* -h or --help stood there; nothing else was checked */
    const char *operands[DAIS_ARGS_OPERAND_MAX];
    size_t operand_count;
    struct {
        const dais_arg_option_t *option;
        const char *value; /* null for a flag, and for a MAYBE without one */
    } given[DAIS_ARGS_GIVEN_MAX];
    size_t given_count;
};

/* Why a command line was not understood: what is wrong, and what to do. */
typedef struct {
    char what[256];
    char hint[256];
} dais_args_fault_t;

/* Reads the command line; values point into argv. False, with fault filled, if it is not
 * understood; args->path is then how far it was. A bare command that needs another behind it is
 * understood: its run is null. */
DAIS_MUST_CHECK bool dais_args_parse(const dais_command_t *program, int argc, char **argv,
                                     dais_args_t *args, dais_args_fault_t *fault);

static inline const dais_command_t *dais_args_command(const dais_args_t *args)
{
    return args->path[args->depth - 1];
}

/* Was it given? Asking for an option that the command does not have is a bug. */
bool dais_args_has(const dais_args_t *args, const char *option);

/* Its value; null if it was not given, or given without one. */
const char *dais_args_value(const dais_args_t *args, const char *option);

/* The i-th value of a LIST, from 0; null behind the last. */
const char *dais_args_list(const dais_args_t *args, const char *option, size_t i);

/* The i-th operand, null behind the last. */
const char *dais_args_operand(const dais_args_t *args, size_t i);

/* Help of the command that args names, with the options of all levels; short for a bare command:
 * its commands and a pointer to -h. */
void dais_args_help(const dais_args_t *args, FILE *stream);
void dais_args_help_short(const dais_args_t *args, FILE *stream);

/* "error[usage]: ..." and "hint: ...". */
void dais_args_fault_print(const dais_args_fault_t *fault, FILE *stream);

/* False if shell is none of bash, zsh, fish. */
bool dais_args_completion(const dais_command_t *program, const char *shell, FILE *stream);

/* The manual page in mdoc(7). section is "1" or "8", date as mdoc writes it: "November 26, 2026".
 */
void dais_args_man_page(const dais_command_t *program, const char *section, const char *date,
                        FILE *stream);

/* All of it: parses, answers --help, --version, --completion=SHELL and --man-page (which every
 * program has), runs the command and returns what the program is to exit with. A bare command
 * prints its short help and is DAIS_EXIT_USAGE; what cannot be written to stdout is
 * DAIS_EXIT_FAILED. */
int dais_args_main(const dais_command_t *program, int argc, char **argv, void *context);

/* The options that dais_args_main() answers itself, for those who parse by hand. */
extern const dais_arg_option_t dais_args_common[];

#endif
