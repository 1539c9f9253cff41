/* SPDX-License-Identifier: Apache-2.0
 *
 * A sequence as a scenario: what is printed can be put into tests/scenarios, so that every fault
 * that chance finds stays found. A change to a file of policies/ is printed as a remark, since a
 * scenario changes the sound policy only. */
#include "tests/property/sequence.h"

static void print_name(FILE *out, uint64_t name)
{
    if (name >= NAME_MESSAGE)
        (void)fprintf(out, "e%llu", (unsigned long long)(name - NAME_MESSAGE));
    else if (name >= NAME_CARRIED)
        (void)fprintf(out, "c%llu", (unsigned long long)(name - NAME_CARRIED));
    else if (name == NAME_UNKNOWN)
        (void)fprintf(out, "nobody");
    for (unsigned i = 0; i < CAST_COUNT; i++) {
        if (name == (uint64_t)NAME_ACTOR + cast[i].actor) {
            (void)fprintf(out, "%s", cast[i].name);
            return;
        }
    }
}

static void print_number(FILE *out, const dais_field_t *field, uint64_t number)
{
    if (IS_ENTRY_OF(number))
        (void)fprintf(out, "@e%u", ENTRY_OF_UID(number));
    else if (field->type == DAIS_FIELD_CHOICE)
        (void)fprintf(out, "%s", number <= field->words->count ? field->words->words[number] : "?");
    else
        (void)fprintf(out, "%llu", (unsigned long long)number);
}

static void print_value(FILE *out, const dais_field_t *field, event_arg_t arg)
{
    switch (field->type) {
    case DAIS_FIELD_UINT:
    case DAIS_FIELD_CHOICE:
    case DAIS_FIELD_TIME: print_number(out, field, arg.number); break;
    case DAIS_FIELD_LINE:
    case DAIS_FIELD_TEXT: (void)fprintf(out, "%s", arg.text != NULL ? arg.text : ""); break;
    case DAIS_FIELD_KEY:
    case DAIS_FIELD_HASH:
        (void)fprintf(out, "%s", arg.number < CAST_COUNT ? cast[arg.number].name : "no-key");
        break;
    case DAIS_FIELD_ID:
    case DAIS_FIELD_OPTIONAL: print_name(out, arg.number); break;
    case DAIS_FIELD_BYTES:
    case DAIS_FIELD_PATH:
    case DAIS_FIELD_LIST:
    case DAIS_FIELD_ANY: break;
    }
}

static bool print_is_text(const dais_field_t *field)
{
    return field->type == DAIS_FIELD_LINE || field->type == DAIS_FIELD_TEXT;
}

static unsigned print_list(FILE *out, const event_t *event, const dais_field_t *field, unsigned at)
{
    uint64_t count = event->args[at++].number;
    const dais_shape_t *shape = field->element;
    if (count > 0)
        (void)fprintf(out, " %s=\"", field->name);
    for (uint64_t i = 0; i < count; i++) {
        for (size_t f = 0; f < shape->field_count && at < event->arg_count; f++, at++) {
            (void)fprintf(out, "%s", f > 0 ? ":" : i > 0 ? "," : "");
            print_value(out, &shape->fields[f], event->args[at]);
        }
    }
    if (count > 0)
        (void)fprintf(out, "\"");
    return at;
}

static unsigned print_field(FILE *out, const event_t *event, const dais_field_t *field, unsigned at)
{
    event_arg_t arg = event->args[at];
    if (field->type == DAIS_FIELD_LIST)
        return print_list(out, event, field, at);
    bool is_empty = print_is_text(field) ? arg.text == NULL || arg.text[0] == 0 : arg.number == 0;
    if (!is_empty || field->type == DAIS_FIELD_KEY) {
        (void)fprintf(out, " %s=%s", field->name, print_is_text(field) ? "\"" : "");
        print_value(out, field, arg);
        (void)fprintf(out, "%s", print_is_text(field) ? "\"" : "");
    }
    return at + 1;
}

static void print_word(FILE *out, const char *text)
{
    if (text[0] == 0)
        (void)fprintf(out, "-");
    for (; *text != 0; text++)
        (void)fprintf(out, "%c", *text == ' ' ? '-' : *text);
}

/* A key of the cast is put on the roster by a line of its own. */
static bool print_actor(FILE *out, const event_t *event)
{
    if (event->kind != DAIS_KIND_ROSTER_CHANGE || event->args[0].number != DAIS_ROSTER_ADD ||
        event->who != CAST_SEC || event->args[6].number >= CAST_COUNT)
        return false;
    const cast_t *who = &cast[event->args[6].number];
    (void)fprintf(out, "actor %s %s %s ", who->name, dais_words_role.words[who->role],
                  who->state[0] != 0 ? who->state : "-");
    print_word(out, who->holder);
    if (who->actor == 0 || who == &cast[CAST_XA_2]) {
        (void)fprintf(out, " of ");
        print_name(out, (uint64_t)NAME_ACTOR + who->actor);
    }
    (void)fprintf(out, "\n");
    return true;
}

static void print_event(FILE *out, const event_t *event)
{
    const dais_kind_t *kind = dais_kind_of(event->kind);
    unsigned at = 0;
    if (event->type == EVENT_TICK) {
        (void)fprintf(out, "tick *\n");
        return;
    }
    if (print_actor(out, event))
        return;
    (void)fprintf(out, "clock %u\n%se%u: %s %s", event->hour, event->joins ? "# joins:\n" : "",
                  event->uid, cast[event->who].name, kind->name);
    for (size_t i = 0; i < kind->subject->field_count && at < event->arg_count; i++)
        at = print_field(out, event, &kind->subject->fields[i], at);
    (void)fprintf(out, " mid=");
    print_name(out, event->id != 0 ? event->id : (uint64_t)NAME_MESSAGE + event->uid);
    if (event->on_behalf != NAME_NONE) {
        (void)fprintf(out, " for=");
        print_name(out, event->on_behalf);
    }
    if (event->received != event->hour)
        (void)fprintf(out, " now=%u", event->received);
    (void)fprintf(out, " => *\n");
}

void sequence_print(const sequence_t *sequence, FILE *out)
{
    (void)fprintf(out, "# seed %llu, %u events\npolicy-file %s\n",
                  (unsigned long long)sequence->seed, sequence->count, sequence->policy);
    for (unsigned i = 0; i < sequence->change_count; i++)
        (void)fprintf(out, "# policy %s = %s\n", sequence->changes[i].key,
                      sequence->changes[i].value);
    for (unsigned i = 0; i < sequence->carried; i++)
        (void)fprintf(out, "carry c%u\n", i);
    for (unsigned i = 0; i < sequence->count; i++)
        print_event(out, &sequence->events[i]);
}
