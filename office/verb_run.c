/* SPDX-License-Identifier: Apache-2.0
 *
 * One verb from the command line: checks all that is cheap, asks where it cannot be undone, puts
 * the message on the disk, and only then says its id. */
#include <stdio.h>
#include <stdlib.h>

#include "office/outbox_open.h"
#include "office/verb.h"
#include "proto/view.h"
#include "registry/rules/rules.h"

static const char *source_value(void *context, const char *option, size_t i)
{
    /* An option that this verb does not have has no value. */
    const dais_args_t *args = context;
    size_t nth = i;
    for (size_t at = 0; at < args->given_count; at++) {
        if (strcmp(args->given[at].option->name, option) == 0 && nth-- == 0)
            return args->given[at].value;
    }
    return NULL;
}

static const char *source_operand(void *context, size_t i)
{
    return dais_args_operand(context, i);
}

/* Which verb the command line names: that of the last group and name. */
static const dais_verb_t *verb_of(const dais_args_t *args)
{
    char group[64] = "";
    size_t used = 0;
    for (size_t i = 1; i + 1 < args->depth; i++)
        used += (size_t)snprintf(group + used, sizeof group - used, "%s%s", i == 1 ? "" : " ",
                                 args->path[i]->name);
    for (const dais_verb_t *verb = dais_verbs; verb->name != NULL; verb++) {
        if (strcmp(verb->group, group) == 0 &&
            strcmp(verb->name, dais_args_command(args)->name) == 0)
            return verb;
    }
    return NULL; /* not with a table made of the verbs */
}

/* A time of 0 stands for none, and 1970 is nobody's date. */
static void saying_null_times(const dais_saying_t *saying, json_t *subject)
{
    const dais_shape_t *shape = dais_kind_of(saying->verb->kind)->subject;
    for (size_t i = 0; i < shape->field_count; i++) {
        uint64_t at = 0;
        if (shape->fields[i].type != DAIS_FIELD_TIME)
            continue;
        memcpy(&at, (const uint8_t *)saying->subject + shape->fields[i].offset, sizeof at);
        if (at == 0)
            (void)json_object_set_new(subject, shape->fields[i].name, json_null());
    }
}

static json_t *saying_object(const dais_saying_t *saying, const char *type)
{
    json_t *object = dais_say_new(type);
    json_t *view = NULL;
    char id[2 * DAIS_ID_SIZE + 1];
    if (object == NULL || dais_view_record(saying->message.message, &view).err != DAIS_OK) {
        json_decref(object);
        return NULL;
    }
    dais_say_hex(dais_slice(saying->id.bytes, DAIS_ID_SIZE), id, sizeof id);
    (void)json_object_set_new(object, "kind", json_string(dais_kind_of(saying->verb->kind)->name));
    (void)json_object_set_new(object, "id", json_string(id));
    (void)json_object_set_new(object, "profile",
                              json_string(saying->office->profile.settings.profile));
    (void)json_object_set_new(object, "cycle", json_string(saying->office->profile.cycle));
    saying_null_times(saying, json_object_get(view, "subject"));
    (void)json_object_set(object, "subject", json_object_get(view, "subject"));
    if (json_object_get(view, "on_behalf") != NULL &&
        json_string_length(json_object_get(view, "on_behalf")) > 0)
        (void)json_object_set(object, "on_behalf", json_object_get(view, "on_behalf"));
    if (saying->extra != NULL)
        (void)json_object_update(object, saying->extra);
    if (saying->verb->consequence != NULL)
        (void)json_object_set_new(object, "consequence", json_string(saying->verb->consequence));
    json_decref(view);
    return object;
}

/* Shows target, cycle and consequence of what cannot be undone, and asks. */
static bool saying_confirm(const dais_saying_t *saying, const dais_args_t *args)
{
    char question[512];
    if ((saying->verb->flags & DAIS_VERB_FINAL) == 0)
        return true;
    json_t *object = saying_object(saying, "queued");
    char *subject =
        json_dumps(json_object_get(object, "subject"), JSON_COMPACT | JSON_ENSURE_ASCII);
    (void)snprintf(question, sizeof question, "%s %.300s in cycle %s. %s", saying->verb->name,
                   subject == NULL ? "" : subject, saying->office->profile.cycle,
                   saying->verb->consequence);
    free(subject);
    json_decref(object);
    return dais_office_confirm(saying->office, args, question);
}

static int saying_keep(const dais_saying_t *saying)
{
    dais_outbox_t outbox;
    int status = dais_office_outbox(saying->office, &outbox);
    if (status != DAIS_EXIT_DONE)
        return status;
    dais_err_t err = dais_outbox_put(&outbox, &saying->message, 1);
    dais_outbox_close(&outbox);
    return err == DAIS_OK ? DAIS_EXIT_DONE : dais_say_err(&saying->office->say, err, "the outbox");
}

/* The wrong profile is soon taken: said before it is in the record. The registry alone rules. */
static void saying_warn_role(const dais_saying_t *saying)
{
    const dais_profile_t *profile = &saying->office->profile;
    uint32_t roles = dais_rules_roles(saying->verb->kind);
    unsigned said_by = 1;
    if (roles == 0 || (roles >> profile->identity.role & 1U) != 0)
        return;
    while ((roles >> said_by & 1U) == 0)
        said_by++;
    dais_say_note(
        "warning: profile %s is of role %s, and %s is said by role %s; it will be refused",
        profile->settings.profile, dais_words_role.words[profile->identity.role],
        saying->verb->name, dais_words_role.words[said_by]);
}

static int saying_run(dais_saying_t *saying, const dais_args_t *args)
{
    bool dry = dais_args_has(args, "dry-run");
    if (!dais_saying_build(saying))
        return dais_say_error(&saying->office->say, DAIS_EXIT_USAGE, saying->fault_code,
                              "-h shows what the command takes", "%s", saying->fault);
    saying_warn_role(saying);
    if (!dry && !saying_confirm(saying, args))
        return DAIS_EXIT_USAGE;
    int status = dry ? DAIS_EXIT_DONE : saying_keep(saying);
    if (status != DAIS_EXIT_DONE)
        return status;
    status = dais_say_object(&saying->office->say,
                             saying_object(saying, dry ? "would-queue" : "queued"));
    if (status == DAIS_EXIT_DONE && !dry && dais_profile_signed_genesis(&saying->office->profile))
        dais_say_hint("it is in the outbox; no broker admits the key that signed genesis: dais "
                      "outbox parcel -o FILE, then dais-registry cycle admit %s FILE on the "
                      "registry's host",
                      saying->office->profile.cycle);
    else if (status == DAIS_EXIT_DONE && !dry)
        dais_say_hint("it is in the outbox; dais send delivers it");
    return status;
}

int dais_verb_run(const dais_args_t *args, void *context)
{
    dais_office_t *office = context;
    dais_saying_t saying = {
        .verb = verb_of(args),
        .office = office,
        .source = {source_value, source_operand, (void *)(uintptr_t)args},
    };
    dais_office_begin(office, args);
    int status = dais_office_open(office, args);
    if (status == DAIS_EXIT_DONE && !dais_office_now(office, &saying.now_ms))
        status = DAIS_EXIT_FAILED;
    if (status == DAIS_EXIT_DONE)
        status = saying_run(&saying, args);
    dais_saying_free(&saying);
    return status;
}
