/* SPDX-License-Identifier: Apache-2.0
 *
 * Each script first finds out at which command the line stands, by walking through the words that
 * are commands there, and then offers what the table has for that command. */
#include <string.h>

#include "base/args.h"

#define SPOT_SIZE 256

typedef struct {
    const dais_command_t *path[DAIS_ARGS_DEPTH_MAX];
    size_t depth;
    FILE *stream;
} completion_t;

typedef void completion_visit_t(completion_t *completion, const char *spot);

static const dais_command_t *completion_command(const completion_t *completion)
{
    return completion->path[completion->depth - 1];
}

/* Every command with the words that lead to it, the program first. */
static void completion_walk(completion_t *completion, const dais_command_t *command,
                            const char *before, completion_visit_t *visit)
{
    char spot[SPOT_SIZE];
    (void)snprintf(spot, sizeof(spot), "%s%s%s", before, before[0] == '\0' ? "" : " ",
                   command->name);
    completion->path[completion->depth++] = command;
    visit(completion, spot);
    for (const dais_command_t *each = command->commands; each != NULL && each->name != NULL; each++)
        completion_walk(completion, each, spot, visit);
    completion->depth--;
}

/* "--name", or "--name=a --name=b" where the table knows the values. */
static void completion_option(const dais_arg_option_t *option, FILE *stream)
{
    if (option->words == NULL || option->kind == DAIS_ARG_MAYBE)
        (void)fprintf(stream, " --%s", option->name);
    for (const char *rest = option->words; rest != NULL && *rest != '\0';) {
        size_t size = strcspn(rest, "|");
        (void)fprintf(stream, " --%s=%.*s", option->name, (int)size, rest);
        rest += size;
        rest += *rest == '|';
    }
}

static void completion_words(completion_t *completion)
{
    const dais_command_t *each = completion_command(completion)->commands;
    for (; each != NULL && each->name != NULL; each++)
        (void)fprintf(completion->stream, " %s", each->name);
    for (size_t level = 0; level <= completion->depth; level++) {
        const dais_arg_option_t *option =
            level == 0 ? dais_args_common : completion->path[level - 1]->options;
        for (; option != NULL && option->name != NULL; option++)
            completion_option(option, completion->stream);
    }
}

static void spot_pattern(completion_t *completion, const char *spot)
{
    if (completion->depth > 1)
        (void)fprintf(completion->stream, "        \"%s\") spot=\"$spot $word\" ;;\n", spot);
}

static void bash_case(completion_t *completion, const char *spot)
{
    (void)fprintf(completion->stream, "    \"%s\") offer=\"", spot);
    completion_words(completion);
    (void)fputs("\" ;;\n", completion->stream);
}

static void fish_pattern(completion_t *completion, const char *spot)
{
    if (completion->depth > 1)
        (void)fprintf(completion->stream, "            case '%s'\n                set spot $next\n",
                      spot);
}

/* A text inside of single quotes, as fish reads them. */
static void fish_text(const char *text, FILE *stream)
{
    for (; *text != '\0'; text++) {
        if (*text == '\'' || *text == '\\')
            (void)fputc('\\', stream);
        (void)fputc(*text, stream);
    }
}

static void fish_option(const char *name, const char *spot, const dais_arg_option_t *option,
                        FILE *stream)
{
    (void)fprintf(stream, "complete -c %s -n '__%s_at \"%s\"' -l %s", name, name, spot,
                  option->name);
    if (option->letter != 0)
        (void)fprintf(stream, " -s %c", option->letter);
    if (option->kind == DAIS_ARG_VALUE || option->kind == DAIS_ARG_LIST)
        (void)fputs(" -r", stream);
    if (option->words != NULL) {
        (void)fputs(" -f -a '", stream);
        for (const char *c = option->words; *c != '\0'; c++)
            (void)fputc(*c == '|' ? ' ' : *c, stream);
        (void)fputs("'", stream);
    }
    (void)fputs(" -d '", stream);
    fish_text(option->text, stream);
    (void)fputs("'\n", stream);
}

static void fish_command(completion_t *completion, const char *spot)
{
    const char *name = completion->path[0]->name;
    const dais_command_t *each = completion_command(completion)->commands;
    for (; each != NULL && each->name != NULL; each++) {
        (void)fprintf(completion->stream, "complete -c %s -n '__%s_at \"%s\"' -f -a %s -d '", name,
                      name, spot, each->name);
        fish_text(each->text, completion->stream);
        (void)fputs("'\n", completion->stream);
    }
    for (size_t level = 0; level <= completion->depth; level++) {
        const dais_arg_option_t *option =
            level == 0 ? dais_args_common : completion->path[level - 1]->options;
        for (; option != NULL && option->name != NULL; option++)
            fish_option(name, spot, option, completion->stream);
    }
}

/* The function is called after the program; a dash is no letter of a variable, but is one of a
 * function's name. */
static void completion_bash(completion_t *completion, const dais_command_t *program)
{
    FILE *stream = completion->stream;
    (void)fprintf(stream,
                  "# bash completion of %s\n"
                  "_%s() {\n"
                  "    local word index spot=%s offer=\n"
                  "    for ((index = 1; index < COMP_CWORD; index++)); do\n"
                  "        word=${COMP_WORDS[index]}\n"
                  "        case \"$spot $word\" in\n",
                  program->name, program->name, program->name);
    completion_walk(completion, program, "", spot_pattern);
    (void)fputs("        esac\n    done\n    case \"$spot\" in\n", stream);
    completion_walk(completion, program, "", bash_case);
    (void)fprintf(
        stream,
        "    esac\n"
        "    mapfile -t COMPREPLY < <(compgen -W \"$offer\" -- \"${COMP_WORDS[COMP_CWORD]}\")\n"
        "}\n"
        "complete -o default -F _%s %s\n",
        program->name, program->name);
}

static void completion_zsh(completion_t *completion, const dais_command_t *program)
{
    FILE *stream = completion->stream;
    (void)fprintf(stream,
                  "#compdef %s\n"
                  "_%s() {\n"
                  "    local word spot=%s offer=\n"
                  "    for word in \"${(@)words[2,CURRENT-1]}\"; do\n"
                  "        case \"$spot $word\" in\n",
                  program->name, program->name, program->name);
    completion_walk(completion, program, "", spot_pattern);
    (void)fputs("        esac\n    done\n    case \"$spot\" in\n", stream);
    completion_walk(completion, program, "", bash_case);
    (void)fprintf(stream,
                  "    esac\n"
                  "    compadd -- ${=offer}\n"
                  "    _files\n"
                  "}\n"
                  "compdef _%s %s\n",
                  program->name, program->name);
}

static void completion_fish(completion_t *completion, const dais_command_t *program)
{
    FILE *stream = completion->stream;
    (void)fprintf(stream,
                  "# fish completion of %s\n"
                  "function __%s_at\n"
                  "    set -l spot %s\n"
                  "    for word in (commandline -opc)[2..-1]\n"
                  "        set -l next \"$spot $word\"\n"
                  "        switch $next\n",
                  program->name, program->name, program->name);
    completion_walk(completion, program, "", fish_pattern);
    (void)fputs("        end\n    end\n    test \"$spot\" = $argv[1]\nend\n", stream);
    completion_walk(completion, program, "", fish_command);
}

bool dais_args_completion(const dais_command_t *program, const char *shell, FILE *stream)
{
    completion_t completion = {.stream = stream};
    if (strcmp(shell, "bash") == 0)
        completion_bash(&completion, program);
    else if (strcmp(shell, "zsh") == 0)
        completion_zsh(&completion, program);
    else if (strcmp(shell, "fish") == 0)
        completion_fish(&completion, program);
    else
        return false;
    return true;
}
