/* SPDX-License-Identifier: Apache-2.0
 *
 * mdoc(7) from the table. Texts are escaped, so that no word of theirs is taken for a macro. */
#include <string.h>

#include "base/args.h"

#define MAN_WIDTH 78

/* One word, so that no part of it is mdoc's: a backslash stands for itself, and a dot or an
 * apostrophe at the start of a line begins no macro. */
static void man_word(const char *word, size_t size, bool starts_line, FILE *stream)
{
    if (starts_line && (word[0] == '.' || word[0] == '\''))
        (void)fputs("\\&", stream);
    for (size_t i = 0; i < size; i++) {
        if (word[i] == '\\')
            (void)fputs("\\e", stream);
        else
            (void)fputc(word[i], stream);
    }
}

static bool man_ends_sentence(const char *word, size_t size)
{
    return size > 0 && strchr(".?!", word[size - 1]) != NULL;
}

/* Text in paragraphs that an empty line parts; each sentence begins a line, as mdoc wants it. */
static void man_text(const char *text, FILE *stream)
{
    size_t column = 0;
    while (*text != '\0') {
        size_t size = strcspn(text, " \n");
        if (column > 0 && column + 1 + size > MAN_WIDTH) {
            (void)fputc('\n', stream);
            column = 0;
        } else if (column > 0) {
            (void)fputc(' ', stream);
            column++;
        }
        man_word(text, size, column == 0, stream);
        column += size;
        bool ends = man_ends_sentence(text, size);
        text += size;
        bool next_paragraph = strncmp(text, "\n\n", 2) == 0;
        text += strspn(text, " \n");
        if (ends || next_paragraph || *text == '\0') {
            (void)fputs(next_paragraph && *text != '\0' ? "\n.Pp\n" : "\n", stream);
            column = 0;
        }
    }
}

/* A line as it is typed. */
static void man_line(const char *line, FILE *stream)
{
    man_word(line, strlen(line), true, stream);
    (void)fputc('\n', stream);
}

static void man_option(const dais_arg_option_t *option, FILE *stream)
{
    (void)fputs(".It Fl ", stream);
    if (option->letter != 0)
        (void)fprintf(stream, "%c , Fl -%s", option->letter, option->name);
    else
        (void)fprintf(stream, "-%s", option->name);
    if (option->kind == DAIS_ARG_MAYBE)
        (void)fprintf(stream, "Ns Oo = Ns Ar %s Oc\n", option->value);
    else if (option->kind != DAIS_ARG_FLAG)
        (void)fprintf(stream, " Ns = Ns Ar %s\n", option->value);
    else
        (void)fputc('\n', stream);
    man_text(option->text, stream);
    if (option->words != NULL)
        (void)fprintf(stream, ".Pq %s\n", option->words);
    if (option->kind == DAIS_ARG_LIST)
        (void)fputs("May be repeated.\n", stream);
}

static void man_options(const dais_arg_option_t *option, FILE *stream)
{
    if (option == NULL || option->name == NULL)
        return;
    (void)fputs(".Bl -tag -width Ds\n", stream);
    for (; option->name != NULL; option++)
        man_option(option, stream);
    (void)fputs(".El\n", stream);
}

static void man_operands(const dais_arg_operand_t *operand, FILE *stream)
{
    for (; operand != NULL && operand->name != NULL; operand++) {
        bool may_lack =
            operand->count == DAIS_OPERAND_OPTIONAL || operand->count == DAIS_OPERAND_ANY;
        bool many = operand->count == DAIS_OPERAND_SOME || operand->count == DAIS_OPERAND_ANY;
        (void)fprintf(stream, ".%sAr %s%s\n", may_lack ? "Op " : "", operand->name,
                      many ? " ..." : "");
    }
}

static void man_examples(const dais_command_t *command, FILE *stream)
{
    const char *const *line = command->examples;
    if (line == NULL || *line == NULL)
        return;
    (void)fputs(".Bd -literal -offset indent\n", stream);
    for (; *line != NULL; line++)
        man_line(*line, stream);
    (void)fputs(".Ed\n", stream);
}

/* One subsection for each command that can be run, named by all its words. */
static void man_command(const dais_command_t *command, const char *before, FILE *stream)
{
    char spot[256];
    (void)snprintf(spot, sizeof(spot), "%s%s%s", before, before[0] == '\0' ? "" : " ",
                   command->name);
    (void)fprintf(stream, ".Ss %s\n.Nm\n.Cm %s\n", spot, spot);
    man_operands(command->operands, stream);
    (void)fputs(".Pp\n", stream);
    man_text(command->about != NULL ? command->about : command->text, stream);
    man_options(command->options, stream);
    man_examples(command, stream);
    for (const dais_command_t *each = command->commands; each != NULL && each->name != NULL; each++)
        man_command(each, spot, stream);
}

static void man_upper(const char *name, FILE *stream)
{
    for (; *name != '\0'; name++)
        (void)fputc(*name >= 'a' && *name <= 'z' ? *name - 'a' + 'A' : *name, stream);
}

static void man_head(const dais_command_t *program, const char *section, const char *date,
                     FILE *stream)
{
    (void)fprintf(stream, ".\\\" SPDX-License-Identifier: Apache-2.0\n.Dd %s\n.Dt ", date);
    man_upper(program->name, stream);
    size_t size = strlen(program->text);
    size -= size > 0 && program->text[size - 1] == '.'; /* mdoc wants no full stop there */
    (void)fprintf(stream, " %s\n.Os\n.Sh NAME\n.Nm %s\n.Nd %.*s\n.Sh SYNOPSIS\n.Nm\n", section,
                  program->name, (int)size, program->text);
    if (program->commands != NULL)
        (void)fputs(".Op Ar option ...\n.Ar command\n.Op Ar option ...\n.Op Ar operand ...\n",
                    stream);
    else
        (void)fputs(".Op Ar option ...\n", stream);
    if (program->commands == NULL)
        man_operands(program->operands, stream);
}

void dais_args_man_page(const dais_command_t *program, const char *section, const char *date,
                        FILE *stream)
{
    man_head(program, section, date, stream);
    (void)fputs(".Sh DESCRIPTION\n", stream);
    man_text(program->about != NULL ? program->about : program->text, stream);
    (void)fputs(".Pp\nThe options are as follows:\n", stream);
    man_options(program->options, stream);
    (void)fputs(".Pp\nEvery command takes these as well:\n", stream);
    man_options(dais_args_common, stream);
    if (program->commands != NULL)
        (void)fputs(".Sh COMMANDS\n", stream);
    for (const dais_command_t *each = program->commands; each != NULL && each->name != NULL; each++)
        man_command(each, "", stream);
    (void)fputs(".Sh EXIT STATUS\n"
                "0 done, 1 failed, 2 not understood, 3 partly done, 4 verification failed,\n"
                "5 temporary and safe to try again, 6 refused for good,\n"
                "7 configuration or policy,\n"
                "8 locked, 9 storage damaged, 130 interrupted.\n",
                stream);
    if (program->examples != NULL)
        (void)fputs(".Sh EXAMPLES\n", stream);
    man_examples(program, stream);
}
