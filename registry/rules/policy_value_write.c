/* SPDX-License-Identifier: Apache-2.0
 *
 * Values of a policy, to text, and compared. A value has one canonical form: sets and kinds in the
 * order of their list, one space between words, the largest unit that divides a duration. */
#include "registry/rules/policy_key.h"
#include "registry/rules/policy_value.h"

#define SECOND_MS 1000ULL

typedef void value_writer_t(const dais_policy_key_info_t *info, const void *field,
                            dais_policy_out_t *out);

static void write_choice(const dais_policy_key_info_t *info, const void *field,
                         dais_policy_out_t *out)
{
    unsigned number = 0;
    memcpy(&number, field, sizeof number);
    dais_policy_out_text(out, info->words->words[number]);
}

static void write_set(const dais_policy_key_info_t *info, const void *field, dais_policy_out_t *out)
{
    const uint32_t *set = field;
    const char *before = "";
    for (unsigned number = 1; number < info->words->count; number++) {
        if ((*set & (uint32_t)1 << number) == 0)
            continue;
        dais_policy_out_text(out, before);
        dais_policy_out_text(out, info->words->words[number]);
        before = " ";
    }
    if (*set == 0)
        dais_policy_out_text(out, "none");
}

static void write_words(const dais_policy_key_info_t *info, const void *field,
                        dais_policy_out_t *out)
{
    (void)info;
    const dais_policy_word_list_t *list = field;
    for (unsigned i = 0; i < list->count; i++) {
        dais_policy_out_text(out, i == 0 ? "" : " ");
        dais_policy_out_bytes(out, list->items[i]);
    }
    if (list->count == 0)
        dais_policy_out_text(out, "none");
}

static void write_count(const dais_policy_key_info_t *info, const void *field,
                        dais_policy_out_t *out)
{
    (void)info;
    const uint32_t *count = field;
    if (*count == DAIS_POLICY_NO_LIMIT)
        dais_policy_out_text(out, "no-limit");
    else
        dais_policy_out_number(out, *count);
}

static void write_threshold(const dais_policy_key_info_t *info, const void *field,
                            dais_policy_out_t *out)
{
    (void)info;
    const dais_policy_threshold_t *threshold = field;
    if (threshold->numerator == 0) {
        dais_policy_out_text(out, "none");
        return;
    }
    dais_policy_out_number(out, threshold->numerator);
    if (threshold->denominator != 0) {
        dais_policy_out_text(out, "/");
        dais_policy_out_number(out, threshold->denominator);
    }
}

static void write_time_of(const dais_policy_time_t *time, dais_policy_out_t *out)
{
    dais_policy_out_text(out, dais_policy_words(DAIS_POLICY_WORDS_anchor)->words[time->anchor]);
    if (time->days == 0)
        return;
    dais_policy_out_text(out, time->days < 0 ? "-" : "+");
    dais_policy_out_number(out, (uint64_t)(time->days < 0 ? -time->days : time->days));
    dais_policy_out_text(out, time->working ? "wd" : "d");
}

static void write_time(const dais_policy_key_info_t *info, const void *field,
                       dais_policy_out_t *out)
{
    (void)info;
    write_time_of(field, out);
}

static void write_window(const dais_policy_key_info_t *info, const void *field,
                         dais_policy_out_t *out)
{
    (void)info;
    const dais_policy_window_t *window = field;
    write_time_of(&window->start, out);
    if (window->start.anchor == DAIS_POLICY_ANCHOR_NONE)
        return;
    dais_policy_out_text(out, "..");
    write_time_of(&window->end, out);
}

static void write_duration(const dais_policy_key_info_t *info, const void *field,
                           dais_policy_out_t *out)
{
    static const struct {
        const char *name;
        uint64_t ms;
    } units[] = {{"d", 86400 * SECOND_MS},
                 {"h", 3600 * SECOND_MS},
                 {"min", 60 * SECOND_MS},
                 {"s", SECOND_MS}};
    (void)info;
    const uint64_t *duration_ms = field;
    if (*duration_ms == 0) {
        dais_policy_out_text(out, "none");
        return;
    }
    size_t unit = 0;
    while (*duration_ms % units[unit].ms != 0)
        unit++; /* Ends: every duration is whole seconds. */
    dais_policy_out_number(out, *duration_ms / units[unit].ms);
    dais_policy_out_text(out, units[unit].name);
}

static void write_zone(const dais_policy_key_info_t *info, const void *field,
                       dais_policy_out_t *out)
{
    (void)info;
    const dais_slice_t *zone = field;
    dais_policy_out_bytes(out, *zone);
}

static void write_body(const dais_policy_key_info_t *info, const void *field,
                       dais_policy_out_t *out)
{
    (void)info;
    const dais_policy_body_name_t *body = field;
    dais_policy_out_text(out, dais_policy_words(DAIS_POLICY_WORDS_body)->words[body->role]);
    if (body->role == DAIS_POLICY_BODY_NONE)
        return;
    dais_policy_out_text(out, ", ");
    if (body->at_session != DAIS_POLICY_AT_SESSION_NONE) {
        const dais_policy_words_t *sessions = dais_policy_words(DAIS_POLICY_WORDS_at_session);
        dais_policy_out_text(out, sessions->words[body->at_session]);
        dais_policy_out_text(out, ", ");
    }
    dais_policy_out_bytes(out, body->name);
}

static void write_opens(const dais_policy_key_info_t *info, const void *field,
                        dais_policy_out_t *out)
{
    (void)info;
    const dais_policy_opens_t *opens = field;
    const dais_policy_words_t *instants = dais_policy_words(DAIS_POLICY_WORDS_opens_at);
    const dais_policy_words_t *kinds = dais_policy_words(DAIS_POLICY_WORDS_opened);
    const char *before_group = "";
    for (unsigned at = 1; at < instants->count; at++) {
        bool any = false;
        for (unsigned kind = 1; kind < kinds->count; kind++) {
            if (opens->at[kind] != at)
                continue;
            if (!any) {
                dais_policy_out_text(out, before_group);
                dais_policy_out_text(out, instants->words[at]);
                dais_policy_out_text(out, ":");
                before_group = "; ";
                any = true;
            }
            dais_policy_out_text(out, " ");
            dais_policy_out_text(out, kinds->words[kind]);
        }
    }
}

static void write_quantifiers(const dais_policy_key_info_t *info, const void *field,
                              dais_policy_out_t *out)
{
    (void)info;
    const dais_policy_quantifiers_t *table = field;
    for (unsigned i = 0; i < table->count; i++) {
        dais_policy_out_text(out, i == 0 ? "" : ", ");
        dais_policy_out_bytes(out, table->items[i].phrase);
        dais_policy_out_text(out, " ");
        dais_policy_out_number(out, table->items[i].from);
    }
}

static value_writer_t *const value_writers[DAIS_POLICY_KIND_COUNT] = {
    [DAIS_POLICY_CHOICE] = write_choice,
    [DAIS_POLICY_SET] = write_set,
    [DAIS_POLICY_WORDS] = write_words,
    [DAIS_POLICY_COUNT] = write_count,
    [DAIS_POLICY_LIMIT] = write_count,
    [DAIS_POLICY_THRESHOLD] = write_threshold,
    [DAIS_POLICY_TIME] = write_time,
    [DAIS_POLICY_WINDOW] = write_window,
    [DAIS_POLICY_DURATION] = write_duration,
    [DAIS_POLICY_DATES] = write_words,
    [DAIS_POLICY_ZONE] = write_zone,
    [DAIS_POLICY_BODY] = write_body,
    [DAIS_POLICY_DECIDER] = write_body,
    [DAIS_POLICY_OPENS] = write_opens,
    [DAIS_POLICY_QUANTIFIERS] = write_quantifiers,
};

void dais_policy_value_write(const dais_policy_t *policy, dais_policy_key_t key,
                             dais_policy_out_t *out)
{
    dais_policy_key_info_t info = dais_policy_key_info(key);
    value_writers[info.kind](&info, (const uint8_t *)policy + info.offset, out);
}
