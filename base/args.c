/* SPDX-License-Identifier: Apache-2.0
 *
 * Words are taken from left to right. A word that opens with a dash is an option of the command
 * reached so far or of one above it; any other is the next command, or an operand once there are
 * no more commands. What is wrong is said for the first fault, with the nearest right word. */
#include "base/args.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

#include "base/nearest.h"

#define ARGS_WORD_MAX 128 /* names of one kind that can be suggested */

const dais_arg_option_t dais_args_common[] = {
    {"help", 'h', DAIS_ARG_FLAG, false, NULL, NULL, "say what there is and how it is used"},
    {"version", 0, DAIS_ARG_FLAG, false, NULL, NULL, "print the version"},
    {"completion", 0, DAIS_ARG_VALUE, false, "SHELL", "bash|zsh|fish",
     "print the completion script of a shell"},
    {"man-page", 0, DAIS_ARG_FLAG, false, NULL, NULL, "print the manual page in mdoc(7)"},
    {.name = NULL},
};

typedef struct {
    dais_args_t *args;
    dais_args_fault_t *fault;
    int argc;
    char **argv;
    int next;
} args_parse_t;

static bool __attribute__((format(printf, 2, 3)))
args_fault(args_parse_t *parse, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    (void)vsnprintf(parse->fault->what, sizeof(parse->fault->what), format, list);
    va_end(list);
    return false;
}

static void args_hint_help(args_parse_t *parse)
{
    size_t size = 0;
    char path[128] = "";
    for (size_t i = 0; i < parse->args->depth && size < sizeof(path); i++)
        size +=
            (size_t)snprintf(path + size, sizeof(path) - size, "%s ", parse->args->path[i]->name);
    (void)snprintf(parse->fault->hint, sizeof(parse->fault->hint), "%s-h shows the use", path);
}

/* Suggests the nearest of words, or the help. */
static void args_suggest(args_parse_t *parse, dais_slice_t word, const char *dashes,
                         const char *const *words, size_t count)
{
    const char *nearest = dais_nearest(word, words, count);
    if (nearest == NULL)
        args_hint_help(parse);
    else
        (void)snprintf(parse->fault->hint, sizeof(parse->fault->hint), "did you mean %s%s?", dashes,
                       nearest);
}

/* The tables of options that hold now: the common ones, then the program's and so on down. */
static const dais_arg_option_t *args_table(const dais_args_t *args, size_t level)
{
    return level == 0 ? dais_args_common : args->path[level - 1]->options;
}

static const dais_arg_option_t *args_find(const dais_args_t *args, dais_slice_t name, char letter)
{
    for (size_t level = args->depth + 1; level-- > 0;) {
        const dais_arg_option_t *option = args_table(args, level);
        for (; option != NULL && option->name != NULL; option++) {
            if (letter != 0 ? option->letter == letter
                            : dais_slice_equal(dais_slice_text(option->name), name))
                return option;
        }
    }
    return NULL;
}

static bool args_unknown_option(args_parse_t *parse, const char *word, dais_slice_t name)
{
    const char *words[ARGS_WORD_MAX];
    size_t count = 0;
    for (size_t level = 0; level <= parse->args->depth; level++) {
        const dais_arg_option_t *option = args_table(parse->args, level);
        for (; option != NULL && option->name != NULL && count < ARGS_WORD_MAX; option++)
            words[count++] = option->name;
    }
    args_suggest(parse, name, "--", words, count);
    return args_fault(parse, "%s has no option %.100s", dais_args_command(parse->args)->name, word);
}

/* The words of "a|b|c", one after the other; false behind the last. */
static bool args_next_word(const char **rest, dais_slice_t *word)
{
    if (*rest == NULL || **rest == '\0')
        return false;
    *word = dais_slice(*rest, strcspn(*rest, "|"));
    *rest += word->size;
    *rest += **rest == '|';
    return true;
}

static bool args_check_value(args_parse_t *parse, const dais_arg_option_t *option,
                             const char *value)
{
    if (option->words == NULL)
        return true;
    dais_slice_t word;
    for (const char *rest = option->words; args_next_word(&rest, &word);) {
        if (dais_slice_equal(word, dais_slice_text(value)))
            return true;
    }
    (void)snprintf(parse->fault->hint, sizeof(parse->fault->hint), "it takes one of: %s",
                   option->words);
    return args_fault(parse, "--%s does not take %.100s", option->name, value);
}

static bool args_is_given(const dais_args_t *args, const dais_arg_option_t *option)
{
    for (size_t i = 0; i < args->given_count; i++) {
        if (args->given[i].option == option)
            return true;
    }
    return false;
}

static bool args_give(args_parse_t *parse, const dais_arg_option_t *option, const char *value)
{
    dais_args_t *args = parse->args;
    if (value != NULL && !args_check_value(parse, option, value))
        return false;
    if ((option->kind == DAIS_ARG_VALUE || option->kind == DAIS_ARG_MAYBE) &&
        args_is_given(args, option))
        return args_fault(parse, "--%s stands there twice", option->name);
    if (args->given_count == DAIS_ARGS_GIVEN_MAX)
        return args_fault(parse, "there are more than %d options", DAIS_ARGS_GIVEN_MAX);
    args->given[args->given_count].option = option;
    args->given[args->given_count++].value = value;
    return true;
}

/* attached is what stands behind "=", or null. */
static bool args_take(args_parse_t *parse, const dais_arg_option_t *option, const char *attached)
{
    bool takes_value = option->kind == DAIS_ARG_VALUE || option->kind == DAIS_ARG_LIST;
    if (option->kind == DAIS_ARG_FLAG && attached != NULL)
        return args_fault(parse, "--%s takes no value", option->name);
    if (!takes_value || attached != NULL)
        return args_give(parse, option, attached);
    if (parse->next == parse->argc)
        return args_fault(parse, "--%s needs a value: %s", option->name, option->value);
    return args_give(parse, option, parse->argv[parse->next++]);
}

static bool args_option(args_parse_t *parse, const char *word)
{
    bool is_long = word[1] == '-';
    dais_slice_t name = dais_slice(word + 2, is_long ? strcspn(word + 2, "=") : 0);
    const dais_arg_option_t *option = NULL;
    if (is_long)
        option = args_find(parse->args, name, 0);
    else if (word[2] == '\0')
        option = args_find(parse->args, name, word[1]);
    if (option == NULL)
        return args_unknown_option(parse, word, is_long ? name : dais_slice_text(word + 1));
    const char *attached = is_long && word[2 + name.size] == '=' ? word + 3 + name.size : NULL;
    parse->args->help = parse->args->help || option == &dais_args_common[0];
    return args_take(parse, option, attached);
}

static bool args_descend(args_parse_t *parse, const char *word)
{
    const char *words[ARGS_WORD_MAX];
    size_t count = 0;
    dais_args_t *args = parse->args;
    const dais_command_t *command = dais_args_command(args)->commands;
    for (; command->name != NULL; command++) {
        if (strcmp(command->name, word) == 0) {
            assert(args->depth < DAIS_ARGS_DEPTH_MAX);
            args->path[args->depth++] = command;
            return true;
        }
        if (count < ARGS_WORD_MAX)
            words[count++] = command->name;
    }
    args_suggest(parse, dais_slice_text(word), "", words, count);
    return args_fault(parse, "%s has no command %.100s", dais_args_command(args)->name, word);
}

static bool args_operand(args_parse_t *parse, const char *word)
{
    dais_args_t *args = parse->args;
    if (args->operand_count == DAIS_ARGS_OPERAND_MAX)
        return args_fault(parse, "there are more than %d operands", DAIS_ARGS_OPERAND_MAX);
    args->operands[args->operand_count++] = word;
    return true;
}

static bool args_words(args_parse_t *parse)
{
    bool ended = false;
    while (parse->next < parse->argc) {
        const char *word = parse->argv[parse->next++];
        bool good = true;
        if (!ended && strcmp(word, "--") == 0)
            ended = true;
        else if (!ended && word[0] == '-' && word[1] != '\0')
            good = args_option(parse, word);
        else if (dais_args_command(parse->args)->commands != NULL)
            good = args_descend(parse, word);
        else
            good = args_operand(parse, word);
        if (!good)
            return false;
    }
    return true;
}

/* Are there as many operands as the command takes? */
static bool args_check_operands(args_parse_t *parse)
{
    const dais_args_t *args = parse->args;
    const dais_arg_operand_t *operand = dais_args_command(args)->operands;
    size_t count = 0;
    for (; operand != NULL && operand->name != NULL; operand++, count++) {
        bool needed = operand->count == DAIS_OPERAND_ONE || operand->count == DAIS_OPERAND_SOME;
        if (needed && args->operand_count <= count)
            return args_fault(parse, "%s is missing", operand->name);
        if (operand->count == DAIS_OPERAND_SOME || operand->count == DAIS_OPERAND_ANY)
            return true;
    }
    if (args->operand_count > count)
        return args_fault(parse, "%.100s is one word too many", args->operands[count]);
    return true;
}

static bool args_check_required(args_parse_t *parse)
{
    for (size_t level = 0; level <= parse->args->depth; level++) {
        const dais_arg_option_t *option = args_table(parse->args, level);
        for (; option != NULL && option->name != NULL; option++) {
            if (option->required && !args_is_given(parse->args, option))
                return args_fault(parse, "--%s %s is missing", option->name, option->value);
        }
    }
    return true;
}

/* Who asks for the help or the version need not have given all the rest. */
static bool args_is_common_given(const dais_args_t *args)
{
    for (const dais_arg_option_t *option = dais_args_common; option->name != NULL; option++) {
        if (args_is_given(args, option))
            return true;
    }
    return false;
}

bool dais_args_parse(const dais_command_t *program, int argc, char **argv, dais_args_t *args,
                     dais_args_fault_t *fault)
{
    args_parse_t parse = {.args = args, .fault = fault, .argc = argc, .argv = argv, .next = 1};
    memset(args, 0, sizeof(*args));
    memset(fault, 0, sizeof(*fault));
    args->path[args->depth++] = program;
    bool good = args_words(&parse);
    if (good && dais_args_command(args)->run != NULL && !args_is_common_given(args))
        good = args_check_operands(&parse) && args_check_required(&parse);
    if (!good && fault->hint[0] == '\0')
        args_hint_help(&parse);
    return good;
}

/* The i-th time that an option was given; null behind the last. */
static const char *args_nth(const dais_args_t *args, const char *name, size_t nth, bool *given)
{
    const dais_arg_option_t *option = args_find(args, dais_slice_text(name), 0);
    assert(option != NULL);
    for (size_t i = 0; i < args->given_count; i++) {
        if (args->given[i].option == option && nth-- == 0) {
            *given = true;
            return args->given[i].value;
        }
    }
    *given = false;
    return NULL;
}

bool dais_args_has(const dais_args_t *args, const char *option)
{
    bool given = false;
    (void)args_nth(args, option, 0, &given);
    return given;
}

const char *dais_args_value(const dais_args_t *args, const char *option)
{
    return dais_args_list(args, option, 0);
}

const char *dais_args_list(const dais_args_t *args, const char *option, size_t i)
{
    bool given = false;
    return args_nth(args, option, i, &given);
}

const char *dais_args_operand(const dais_args_t *args, size_t i)
{
    return i < args->operand_count ? args->operands[i] : NULL;
}

void dais_args_fault_print(const dais_args_fault_t *fault, FILE *stream)
{
    (void)fprintf(stream, "error[usage]: %s\nhint: %s\n", fault->what, fault->hint);
}
