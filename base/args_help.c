/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/args.h"
#include "base/exit.h"

#ifndef DAIS_VERSION
#error "the build says which version this is"
#endif

static void help_path(const dais_args_t *args, FILE *stream)
{
    for (size_t i = 0; i < args->depth; i++)
        (void)fprintf(stream, "%s%s", i == 0 ? "" : " ", args->path[i]->name);
}

static void help_operands(const dais_arg_operand_t *operand, FILE *stream)
{
    static const char *const forms[] = {
        [DAIS_OPERAND_ONE] = " %s",
        [DAIS_OPERAND_OPTIONAL] = " [%s]",
        [DAIS_OPERAND_SOME] = " %s...",
        [DAIS_OPERAND_ANY] = " [%s]...",
    };
    for (; operand != NULL && operand->name != NULL; operand++) {
        const char *form = forms[operand->count];
        const char *hole = strstr(form, "%s");
        (void)fprintf(stream, "%.*s%s%s", (int)(hole - form), form, operand->name, hole + 2);
    }
}

static void help_usage(const dais_args_t *args, FILE *stream)
{
    const dais_command_t *command = dais_args_command(args);
    (void)fputs("usage: ", stream);
    help_path(args, stream);
    (void)fputs(command->commands != NULL ? " [OPTION]... COMMAND" : " [OPTION]...", stream);
    help_operands(command->operands, stream);
    (void)fputs("\n", stream);
}

static void help_commands(const dais_command_t *command, FILE *stream)
{
    size_t width = 0;
    const dais_command_t *each = command->commands;
    for (; each != NULL && each->name != NULL; each++)
        width = strlen(each->name) > width ? strlen(each->name) : width;
    if (width > 0)
        (void)fputs("\ncommands:\n", stream);
    for (each = command->commands; each != NULL && each->name != NULL; each++)
        (void)fprintf(stream, "  %-*s  %s\n", (int)width, each->name, each->text);
}

#define HELP_COLUMN 30 /* where texts begin; a longer option gets a line of its own */

static void help_option(const dais_arg_option_t *option, FILE *stream)
{
    char left[128];
    const char letter[] = {'-', option->letter, ',', ' ', '\0'};
    const char *join = option->kind == DAIS_ARG_MAYBE ? "[=" : "=";
    const char *value = option->kind == DAIS_ARG_FLAG || option->value == NULL ? "" : option->value;
    (void)snprintf(left, sizeof(left), "  %s--%s%s%s%s", option->letter != 0 ? letter : "    ",
                   option->name, value[0] == '\0' ? "" : join, value,
                   option->kind == DAIS_ARG_MAYBE ? "]" : "");
    if (strlen(left) >= HELP_COLUMN)
        (void)fprintf(stream, "%s\n%*s%s", left, HELP_COLUMN, "", option->text);
    else
        (void)fprintf(stream, "%-*s%s", HELP_COLUMN, left, option->text);
    if (option->words != NULL)
        (void)fprintf(stream, " (%s)", option->words);
    if (option->kind == DAIS_ARG_LIST)
        (void)fputs("; may be repeated", stream);
    (void)fputs(option->required ? "; has to be there\n" : "\n", stream);
}

static void help_options(const dais_arg_option_t *option, FILE *stream)
{
    for (; option != NULL && option->name != NULL; option++)
        help_option(option, stream);
}

static void help_operand_texts(const dais_arg_operand_t *operand, FILE *stream)
{
    if (operand == NULL || operand->name == NULL)
        return;
    (void)fputs("\noperands:\n", stream);
    for (; operand->name != NULL; operand++)
        (void)fprintf(stream, "  %-*s%s\n", HELP_COLUMN - 2, operand->name, operand->text);
}

void dais_args_help(const dais_args_t *args, FILE *stream)
{
    const dais_command_t *command = dais_args_command(args);
    help_usage(args, stream);
    (void)fprintf(stream, "\n%s\n", command->about != NULL ? command->about : command->text);
    help_commands(command, stream);
    help_operand_texts(command->operands, stream);
    (void)fputs("\noptions:\n", stream);
    for (size_t level = args->depth; level-- > 0;)
        help_options(args->path[level]->options, stream);
    help_options(dais_args_common, stream);
    if (command->examples != NULL)
        (void)fputs("\nexamples:\n", stream);
    for (const char *const *line = command->examples; line != NULL && *line != NULL; line++)
        (void)fprintf(stream, "  %s\n", *line);
}

void dais_args_help_short(const dais_args_t *args, FILE *stream)
{
    help_usage(args, stream);
    (void)fprintf(stream, "\n%s\n", dais_args_command(args)->text);
    help_commands(dais_args_command(args), stream);
    (void)fputs("\n", stream);
    help_path(args, stream);
    (void)fputs(" -h says more\n", stream);
}

/* Was the program's own --version given? A command may have an option of that name, which then
 * holds below it. */
static bool args_is_version(const dais_args_t *args)
{
    for (size_t i = 0; i < args->given_count; i++) {
        const dais_arg_option_t *option = args->given[i].option;
        if (strcmp(option->name, "version") == 0 && option->kind == DAIS_ARG_FLAG)
            return true;
    }
    return false;
}

/* What every program answers by itself; false if nothing of that was asked for. */
static bool args_answer(const dais_args_t *args)
{
    if (args->help)
        dais_args_help(args, stdout);
    else if (args_is_version(args))
        (void)printf("%s %s\n", args->path[0]->name, DAIS_VERSION);
    else if (dais_args_has(args, "completion"))
        (void)dais_args_completion(args->path[0], dais_args_value(args, "completion"), stdout);
    else if (dais_args_has(args, "man-page"))
        dais_args_man_page(args->path[0], "1", "$Mdocdate$", stdout);
    else
        return false;
    return true;
}

int dais_args_main(const dais_command_t *program, int argc, char **argv, void *context)
{
    static dais_args_t args; /* large, and there is one command line */
    dais_args_fault_t fault;
    int status = DAIS_EXIT_DONE;
    if (!dais_args_parse(program, argc, argv, &args, &fault)) {
        dais_args_fault_print(&fault, stderr);
        return DAIS_EXIT_USAGE;
    }
    if (args_answer(&args)) {
        status = DAIS_EXIT_DONE;
    } else if (dais_args_command(&args)->run == NULL) {
        dais_args_help_short(&args, stderr);
        return DAIS_EXIT_USAGE;
    } else {
        status = dais_args_command(&args)->run(&args, context);
    }
    if (fflush(stdout) != 0 || ferror(stdout)) {
        (void)fputs("error[io]: stdout cannot be written\n", stderr);
        return DAIS_EXIT_FAILED;
    }
    return status;
}
