/* SPDX-License-Identifier: Apache-2.0
 *
 * Every code that a person can meet, explained: the verdicts of the rules, and errors. */
#include <stdio.h>

#include "base/nearest.h"
#include "office/commands.h"
#include "office/office.h"
#include "registry/rules/verdict.h"

#define CODE_MAX 300

static const dais_arg_operand_t help_operands[] = {
    {"CODE", DAIS_OPERAND_OPTIONAL, "as it stands in error[CODE] or in a verdict; else all"},
    {.name = NULL},
};
static const char *const help_examples[] = {"dais help late", "dais help --json", NULL};

static int help_run(const dais_args_t *args, void *context);

const dais_command_t dais_command_help = {
    .name = "help",
    .text = "explain a code",
    .operands = help_operands,
    .examples = help_examples,
    .run = help_run,
};

/* What this program alone says. */
static const struct {
    const char *code;
    const char *text;
    const char *todo;
} own_codes[] = {
    {"usage", "the command line was not understood", "-h after any command shows its use"},
    {"no-profile", "no profile is named", "name one with --profile or DAIS_PROFILE"},
    {"unknown-profile", "there is no profile of this name", "dais profile list"},
    {"not-set", "the profile lacks a setting that this needs", "dais config show --origin"},
    {"needs-yes", "it cannot be undone, and there is no terminal to ask on", "give --yes"},
    {"not-confirmed", "the question was not answered with yes", "nothing; nothing was changed"},
    {"no-progress", "nothing moved for the time of --patience", "dais send again; it is safe"},
    {"stuck", "messages were turned away several times", "dais outbox list --state stuck"},
    {"not-taken", "an intake refuses messages for good", "dais outbox list --state refused"},
    {"stamp-unchecked",
     "the registry is away, and who the intakes are is not known here; what is stamped is kept",
     "dais send when the registry is back; a profile made with --log ROSTER-FILE knows them"},
    {"waits-for-deadline",
     "a deadline is not closed, and an intake-lost or second that is sent now waits behind it",
     "give it in on the registry's host: dais outbox parcel, dais-registry cycle admit"},
    {"refused", "messages are in the record, and the rules refused them",
     "dais outbox list shows the verdicts; dais help explains each"},
    {"date-past", "a date of the call has gone by already; it is a warning, and nothing is refused",
     "check the year and the clock; in a rehearsal the clock is that of the profile"},
    {"no-receipt", "the message is not known to be in the log yet", "dais send"},
    {"nothing-kept", "no earlier answer of the registry is kept", "ask once with a network"},
    {"no-outbox", "the file is no copy of an outbox", "dais outbox backup makes one"},
    {"nothing-queued", "nothing waits in the outbox", "say something first"},
    {"unknown-message", "the outbox has no message of this id", "dais outbox list"},
    {"unknown-column", "a column is called as no option of the verb", "dais apply -h"},
    {"repeated-name", "two rows have the same applicant", "check whether both are meant"},
    {"rows-at-fault", "rows of the file are at fault, and nothing was imported", "mend them"},
    {"chain-fork", "the registry has another bundle of this key under the same number",
     "nothing: the messages go out in new bundles; but see whether the key is used elsewhere, or "
     "whether this outbox is an old copy"},
    {"seen-mismatch", "the log does not continue what was seen of it before",
     "keep the outbox as it is and call the secretariat"},
    {"unknown-code", "no code is called so", "dais help lists all of them"},
    {"interrupted", "it was stopped", "the same command goes on where it stopped"},
    {"clock-unsure", "the intake does not trust its clock and stamps nothing", "dais send later"},
};

static json_t *help_own(const char *code)
{
    for (size_t i = 0; i < sizeof own_codes / sizeof own_codes[0]; i++) {
        if (code == NULL || strcmp(own_codes[i].code, code) != 0)
            continue;
        json_t *object = dais_say_new("code");
        (void)json_object_set_new(object, "code", json_string(own_codes[i].code));
        (void)json_object_set_new(object, "of", json_string("program"));
        (void)json_object_set_new(object, "text", json_string(own_codes[i].text));
        (void)json_object_set_new(object, "todo", json_string(own_codes[i].todo));
        return object;
    }
    return NULL;
}

static json_t *help_verdict(const dais_verdict_info_t *info)
{
    static const char *const classes[] = {[DAIS_VERDICT_CLASS_DONE] = "took effect",
                                          [DAIS_VERDICT_CLASS_NOTED] = "noted",
                                          [DAIS_VERDICT_CLASS_REFUSED] = "refused"};
    json_t *object = dais_say_new("code");
    (void)json_object_set_new(object, "code", json_string(info->code));
    (void)json_object_set_new(object, "of", json_string("verdict"));
    (void)json_object_set_new(object, "class", json_string(classes[info->class]));
    (void)json_object_set_new(object, "text", json_sprintf("%s: %s", info->happened, info->why));
    (void)json_object_set_new(object, "todo", json_string(info->todo));
    return object;
}

static json_t *help_err(dais_err_t err)
{
    json_t *object = dais_say_new("code");
    (void)json_object_set_new(object, "code", json_string(dais_err_code(err)));
    (void)json_object_set_new(object, "of",
                              json_string(dais_err_is_refusal(err) ? "refusal" : "failure"));
    (void)json_object_set_new(object, "text", json_string(dais_err_text(err)));
    return object;
}

/* A code may be that of a verdict and of an error; then both are said. */
static void help_find(json_t *rows, const char *code)
{
    const dais_verdict_info_t *info = dais_verdict_named(dais_slice_text(code));
    json_t *own = help_own(code);
    if (own != NULL)
        (void)json_array_append_new(rows, own);
    if (info != NULL)
        (void)json_array_append_new(rows, help_verdict(info));
    for (int err = 1; err < (int)DAIS_ERR_COUNT; err++) {
        if (strcmp(dais_err_code((dais_err_t)err), code) == 0)
            (void)json_array_append_new(rows, help_err((dais_err_t)err));
    }
}

static size_t help_codes(const char *codes[CODE_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < sizeof own_codes / sizeof own_codes[0]; i++)
        codes[count++] = own_codes[i].code;
    for (const dais_verdict_info_t *info = dais_verdict_infos; info->code != NULL; info++)
        codes[count++] = info->code;
    for (int err = 1; err < (int)DAIS_ERR_COUNT && count < CODE_MAX; err++)
        codes[count++] = dais_err_code((dais_err_t)err);
    return count;
}

static int help_run(const dais_args_t *args, void *context)
{
    static const dais_column_t columns[] = {
        {"code", "CODE"}, {"of", "OF"}, {"text", "MEANS"}, {"todo", "WHAT TO DO"}, {.key = NULL}};
    dais_office_t *office = context;
    const char *codes[CODE_MAX];
    const char *code = dais_args_operand(args, 0);
    size_t count = help_codes(codes);
    json_t *rows = json_array();
    dais_office_begin(office, args);
    for (size_t i = 0; code == NULL && i < count; i++) {
        bool first = true;
        for (size_t j = 0; j < i && first; j++)
            first = strcmp(codes[i], codes[j]) != 0;
        if (first)
            help_find(rows, codes[i]);
    }
    if (code != NULL)
        help_find(rows, code);
    if (json_array_size(rows) > 1)
        return dais_say_rows(&office->say, rows, columns);
    json_t *only = json_incref(json_array_get(rows, 0));
    json_decref(rows);
    if (only != NULL)
        return dais_say_object(&office->say, only);
    const char *nearest = dais_nearest(dais_slice_text(code), codes, count);
    return dais_say_error(&office->say, DAIS_EXIT_FAILED, "unknown-code",
                          "dais help lists all codes", "there is no code %.60s%s%s%s", code,
                          nearest == NULL ? "" : "; did you mean ", nearest == NULL ? "" : nearest,
                          nearest == NULL ? "" : "?");
}
