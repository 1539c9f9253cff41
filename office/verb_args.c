/* SPDX-License-Identifier: Apache-2.0
 *
 * The command line's table, made once from the verbs and the shapes of their subjects. All of it
 * lies in static arrays that are as large as the table of verbs takes; that they suffice is
 * asserted, and a test builds it. */
#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "office/commands.h"
#include "office/verb.h"

#define COMMAND_MAX 160
#define OPTION_MAX  900
#define OPERAND_MAX 200
#define CHARS_MAX   ((size_t)64 * 1024)
#define LEVEL_MAX   96 /* commands below one */
#define VERB_MAX    96

static struct {
    dais_command_t commands[COMMAND_MAX];
    size_t command_count;
    dais_arg_option_t options[OPTION_MAX];
    size_t option_count;
    dais_arg_operand_t operands[OPERAND_MAX];
    size_t operand_count;
    char chars[CHARS_MAX];
    size_t char_count;
    const char *examples[VERB_MAX][3]; /* of verbs */
    size_t example_count;
} built;

static const char *keep_text(const char *text)
{
    size_t size = strlen(text) + 1;
    assert(size <= CHARS_MAX - built.char_count);
    char *at = built.chars + built.char_count;
    memcpy(at, text, size);
    built.char_count += size;
    return at;
}

static void add_option(dais_arg_option_t option)
{
    assert(built.option_count < OPTION_MAX);
    built.options[built.option_count++] = option;
}

static void add_operand(dais_arg_operand_t operand)
{
    assert(built.operand_count < OPERAND_MAX);
    built.operands[built.operand_count++] = operand;
}

const dais_slot_t *dais_verb_slot(const dais_verb_t *verb, const char *field)
{
    for (const dais_slot_t *slot = verb->slots; slot != NULL && slot->field != NULL; slot++) {
        if (strcmp(slot->field, field) == 0)
            return slot;
    }
    return NULL;
}

void dais_verb_option_name(const dais_slot_t *slot, const dais_field_t *field, char *name,
                           size_t size)
{
    (void)snprintf(name, size, "%s", slot != NULL && slot->name != NULL ? slot->name : field->name);
    for (char *at = strchr(name, '_'); at != NULL; at = strchr(at, '_'))
        *at = '-';
    size_t length = strlen(name);
    if (field->type == DAIS_FIELD_LIST && (slot == NULL || slot->name == NULL) && length > 1 &&
        name[length - 1] == 's')
        name[length - 1] = '\0'; /* one topic each: --topic */
}

bool dais_verb_reads_file(const dais_field_t *field)
{
    return field->type == DAIS_FIELD_LIST && strcmp(field->name, "targets") == 0;
}

static const char *field_words(const dais_field_t *field)
{
    char list[512];
    size_t used = 0;
    if (field->type != DAIS_FIELD_CHOICE)
        return NULL;
    for (uint64_t i = 1; i <= field->words->count; i++)
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", i == 1 ? "" : "|",
                                 field->words->words[i]);
    assert(used < sizeof list);
    return keep_text(list);
}

/* ID, N, TIME, or TEXT; of a tuple its fields. */
static const char *field_value(const dais_field_t *field)
{
    char list[256] = "";
    size_t used = 0;
    const dais_shape_t *shape = field->element;
    switch (field->type) {
    case DAIS_FIELD_UINT: return "N";
    case DAIS_FIELD_CHOICE: return "WORD";
    case DAIS_FIELD_TIME: return "TIME";
    case DAIS_FIELD_HASH:
    case DAIS_FIELD_KEY:
    case DAIS_FIELD_OPTIONAL:
    case DAIS_FIELD_ID: return "ID";
    case DAIS_FIELD_LIST: break;
    case DAIS_FIELD_BYTES:
    case DAIS_FIELD_PATH:
    case DAIS_FIELD_LINE:
    case DAIS_FIELD_TEXT:
    case DAIS_FIELD_ANY: return "TEXT";
    }
    if (shape->form == DAIS_SHAPE_SCALAR)
        return field_value(&shape->fields[0]);
    for (size_t i = 0; i < shape->field_count; i++)
        used += (size_t)snprintf(list + used, sizeof list - used,
                                 shape->fields[i].min == 0 ? "[:%s]"
                                 : i == 0                  ? "%s"
                                                           : ":%s",
                                 shape->fields[i].name);
    for (char *at = list; *at != '\0'; at++)
        *at = (char)toupper((unsigned char)*at);
    return keep_text(list);
}

static bool field_is_required(const dais_slot_t *slot, const dais_field_t *field)
{
    if (slot != NULL && slot->source == DAIS_SLOT_OPTION && slot->value != NULL)
        return false;
    return field->min > 0 || field->type == DAIS_FIELD_ID || field->type == DAIS_FIELD_TIME;
}

static void field_option(const dais_slot_t *slot, const dais_field_t *field)
{
    char name[64];
    bool file = dais_verb_reads_file(field);
    dais_verb_option_name(slot, field, name, sizeof name);
    add_option((dais_arg_option_t){
        .name = keep_text(name),
        .kind = field->type == DAIS_FIELD_LIST ? DAIS_ARG_LIST : DAIS_ARG_VALUE,
        .required = field_is_required(slot, field) && !file,
        .value = slot != NULL && slot->source == DAIS_SLOT_DIGEST ? "FILE" : field_value(field),
        .words = field_words(field),
        .text = slot != NULL && slot->text != NULL ? slot->text : field->text});
    if (file)
        add_option((dais_arg_option_t){.name = "targets",
                                       .kind = DAIS_ARG_VALUE,
                                       .value = "FILE",
                                       .text = "the same, from a file: one on each line"});
}

static void field_operand(const dais_slot_t *slot, const dais_field_t *field)
{
    /* What may stand as options as well may be missing here; that something is there is seen when
     * both are known. */
    bool either = slot->source == DAIS_SLOT_EITHER;
    add_operand((dais_arg_operand_t){.name = slot->name != NULL && !either ? slot->name
                                                                           : field_value(field),
                                     .count = either                           ? DAIS_OPERAND_ANY
                                              : field->type == DAIS_FIELD_LIST ? DAIS_OPERAND_SOME
                                                                               : DAIS_OPERAND_ONE,
                                     .text = slot->text != NULL ? slot->text : field->text});
}

static void verb_fields(const dais_verb_t *verb)
{
    const dais_shape_t *shape = dais_kind_of(verb->kind)->subject;
    for (size_t i = 0; i < shape->field_count; i++) {
        const dais_slot_t *slot = dais_verb_slot(verb, shape->fields[i].name);
        if (slot == NULL || slot->source == DAIS_SLOT_OPTION || slot->source == DAIS_SLOT_DIGEST ||
            slot->source == DAIS_SLOT_EITHER)
            field_option(slot, &shape->fields[i]);
    }
    for (const dais_slot_t *slot = verb->slots; slot != NULL && slot->field != NULL; slot++) {
        bool operand = slot->source == DAIS_SLOT_OPERAND || slot->source == DAIS_SLOT_EITHER;
        for (size_t i = 0; operand && i < shape->field_count; i++) {
            if (strcmp(shape->fields[i].name, slot->field) == 0)
                field_operand(slot, &shape->fields[i]);
        }
    }
}

static void verb_options(const dais_verb_t *verb)
{
    if ((verb->flags & DAIS_VERB_BEHALF) != 0)
        add_option((dais_arg_option_t){.name = "for",
                                       .kind = DAIS_ARG_VALUE,
                                       .required = true,
                                       .value = "ID",
                                       .text = "the organisation that is spoken for"});
    if ((verb->flags & DAIS_VERB_WRITING) != 0)
        add_option((dais_arg_option_t){.name = "attach",
                                       .kind = DAIS_ARG_LIST,
                                       .value = "FILE",
                                       .text = "a file to attach; up to 200 KiB travel along, of "
                                               "others the digest"});
    if ((verb->flags & DAIS_VERB_PRIVATE) != 0)
        add_option((dais_arg_option_t){.name = "private",
                                       .kind = DAIS_ARG_VALUE,
                                       .value = "FILE",
                                       .text = "a text that is not for the public"});
    for (const dais_arg_option_t *own = verb->options; own != NULL && own->name != NULL; own++)
        add_option(*own);
    add_option((dais_arg_option_t){.name = "dry-run",
                                   .kind = DAIS_ARG_FLAG,
                                   .text = "say what would be queued, and queue nothing"});
}

/* Those of the verb; the second shows what a dry run says, if the verb has none of its own. */
static const char *const *verb_examples(const dais_verb_t *verb)
{
    char line[1024];
    const char *first = verb->examples[0];
    assert(built.example_count < VERB_MAX && first != NULL);
    const char **examples = built.examples[built.example_count++];
    (void)snprintf(line, sizeof line, "%s%s", first,
                   strstr(first, "--dry-run") != NULL ? " --json" : " --dry-run --json");
    examples[0] = first;
    examples[1] = verb->examples[1] != NULL ? verb->examples[1] : keep_text(line);
    return examples;
}

static dais_command_t verb_command(const dais_verb_t *verb)
{
    dais_command_t command = {.name = verb->name,
                              .text = verb->text,
                              .about = verb->consequence,
                              .options = &built.options[built.option_count],
                              .examples = verb_examples(verb),
                              .run = dais_verb_run};
    verb_options(verb);
    dais_arg_operand_t *operands = &built.operands[built.operand_count];
    verb_fields(verb);
    if ((verb->flags & DAIS_VERB_WRITING) != 0)
        add_operand((dais_arg_operand_t){.name = "TEXT-FILE",
                                         .count = DAIS_OPERAND_ONE,
                                         .text = "file with the text, UTF-8; - for stdin"});
    add_option((dais_arg_option_t){.name = NULL});
    add_operand((dais_arg_operand_t){.name = NULL});
    command.operands = operands;
    return command;
}

static const dais_command_t *build_level(const char *group);

/* The words that lead to a command: those of its group and its own. */
static dais_command_t group_command(const dais_command_group_t *group)
{
    char path[64];
    (void)snprintf(path, sizeof path, "%s%s%s", group->group, group->group[0] == '\0' ? "" : " ",
                   group->name);
    return (dais_command_t){.name = group->name,
                            .text = group->text,
                            .about = group->about,
                            .commands = build_level(path),
                            .examples = group->examples};
}

static const dais_command_t *build_level(const char *group)
{
    dais_command_t level[LEVEL_MAX];
    size_t count = 0;
    for (const dais_placed_command_t *placed = dais_placed_commands; placed->group != NULL;
         placed++) {
        if (strcmp(placed->group, group) == 0)
            level[count++] = *placed->command;
    }
    for (const dais_command_group_t *below = dais_command_groups; below->name != NULL; below++) {
        if (strcmp(below->group, group) == 0)
            level[count++] = group_command(below);
    }
    for (const dais_verb_t *verb = dais_verbs; verb->name != NULL; verb++) {
        if (strcmp(verb->group, group) == 0)
            level[count++] = verb_command(verb);
    }
    level[count++] = (dais_command_t){.name = NULL};
    assert(count <= LEVEL_MAX && count <= COMMAND_MAX - built.command_count);
    dais_command_t *at = &built.commands[built.command_count];
    memcpy(at, level, count * sizeof level[0]);
    built.command_count += count;
    return at;
}

const dais_command_t *dais_verb_program(void)
{
    static dais_command_t program;
    static const char *const examples[] = {"dais comment --help", "dais send --help", NULL};
    if (program.name != NULL)
        return &program;
    program = (dais_command_t){
        .name = "dais",
        .text = "Send applications, comments, objections and decisions to a Dais registry.",
        .about = "Everything that is said is first kept in an outbox on this machine and goes out "
                 "with\n`dais send`. Each message gets a receipt, which proves that it stands in "
                 "the record.",
        .options = dais_office_options,
        .commands = build_level(""),
        .examples = examples};
    return &program;
}
