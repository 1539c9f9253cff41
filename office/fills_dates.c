/* SPDX-License-Identifier: Apache-2.0
 *
 * Instants are resolved once, here, when they are announced: to UTC milliseconds, with the local
 * text, the zone and the version of the tz database beside them. */
#include <stdio.h>
#include <stdlib.h>

#include "office/fills.h"
#include "proto/view.h"
#include "registry/calendar/calendar.h"

#define WHICH_COUNT DAIS_WORDS_END_date

const dais_arg_option_t dais_fill_date_options[] = {
    {"date", 0, DAIS_ARG_LIST, false, "WHICH=TIME", NULL,
     "a date: RFC 3339, or local time of the zone without offset"},
    {"zone", 0, DAIS_ARG_VALUE, false, "NAME", NULL,
     "time zone of the announcement; else that of the policy"},
    {.name = NULL},
};

const dais_arg_option_t dais_fill_call_options[] = {
    {"date", 0, DAIS_ARG_LIST, false, "WHICH=TIME", NULL,
     "a date: RFC 3339, or local time of the zone without offset"},
    {"zone", 0, DAIS_ARG_VALUE, false, "NAME", NULL,
     "time zone of the announcement; else that of the policy"},
    {"values", 0, DAIS_ARG_VALUE, false, "FILE", NULL,
     "values of policy keys, in the form of a policy file"},
    {.name = NULL},
};

typedef struct {
    dais_saying_t *saying;
    dais_policy_t policy;
    bool has_policy;
    uint8_t *call;            /* bytes that the policy borrows from */
    dais_file_bytes_t values; /* likewise */
    char zone_name[DAIS_ZONE_NAME_MAX + 1];
    dais_zone_t *zone;
    dais_calendar_t calendar;
    bool is_set[WHICH_COUNT];
    dais_calendar_instant_t instants[WHICH_COUNT];
} dating_t;

static bool dating_zone(dating_t *dating)
{
    dais_saying_t *saying = dating->saying;
    const char *given = saying->source.value(saying->source.context, "zone", 0);
    dais_slice_t name = given != NULL        ? dais_slice_text(given)
                        : dating->has_policy ? dating->policy.timezone
                                             : dais_slice_text("UTC");
    if (name.size > DAIS_ZONE_NAME_MAX)
        return dais_saying_fault(saying, "bad-value", "zone: it is too long");
    (void)snprintf(dating->zone_name, sizeof dating->zone_name, "%.*s", (int)name.size,
                   (const char *)name.data);
    dais_err_t err = dais_zone_load(&dating->zone, DAIS_ZONE_FOLDER, name);
    if (err != DAIS_OK)
        return dais_saying_fault(saying, dais_err_code(err), "zone %s: %s", dating->zone_name,
                                 dais_err_text(err));
    dating->calendar.policy = &dating->policy;
    dating->calendar.zone = dating->zone;
    return true;
}

/* "WHICH=TIME" */
static bool dating_read(dating_t *dating, const char *text)
{
    dais_saying_t *saying = dating->saying;
    const char *equals = strchr(text, '=');
    char word[DAIS_LIMIT_CODE + 1] = "";
    if (equals != NULL)
        (void)snprintf(word, sizeof word, "%.*s", (int)(equals - text), text);
    uint64_t which = dais_words_find(&dais_words_date, word);
    if (which == 0)
        return dais_saying_fault(saying, "bad-value",
                                 "date: %.60s is not WHICH=TIME with one of application-deadline, "
                                 "objection-closes, session-starts ... (docs/kinds.md, date)",
                                 text);
    if (dating->is_set[which])
        return dais_saying_fault(saying, "repeated-key", "date: %s stands there twice", word);
    dais_err_t err = dais_calendar_read(&dating->calendar, dais_slice_text(equals + 1),
                                        &dating->instants[which]);
    if (err != DAIS_OK)
        return dais_saying_fault(saying, dais_err_code(err), "date: %.80s: %s", text,
                                 dais_err_text(err));
    dating->is_set[which] = true;
    return true;
}

static bool dating_given(dating_t *dating)
{
    dais_saying_t *saying = dating->saying;
    const char *text;
    for (size_t i = 0; (text = saying->source.value(saying->source.context, "date", i)) != NULL;
         i++) {
        if (!dating_read(dating, text))
            return false;
    }
    return true;
}

/* What the policy counts and nobody has given. */
static bool dating_counted(dating_t *dating, dais_calendar_entry_t entry)
{
    dais_calendar_date_t dates[DAIS_CALENDAR_DATES_MAX];
    size_t count = 0;
    if (!dating->has_policy)
        return true;
    dating->calendar.event_at[entry == DAIS_CALENDAR_CALL ? DAIS_POLICY_ANCHOR_CALL
                                                          : DAIS_POLICY_ANCHOR_CIRCULATED] =
        dating->saying->now_ms;
    if (dating->is_set[DAIS_DATE_SESSION_STARTS])
        dating->calendar.event_at[DAIS_POLICY_ANCHOR_SESSION] =
            dating->instants[DAIS_DATE_SESSION_STARTS].at;
    dais_err_t err = dais_calendar_dates(&dating->calendar, entry, dates, &count);
    if (err != DAIS_OK)
        return dais_saying_fault(dating->saying, dais_err_code(err),
                                 "the dates that the policy counts: %s%s", dais_err_text(err),
                                 err == DAIS_ERR_NO_EVENT ? ": give --date session-starts=TIME"
                                                          : "");
    for (size_t i = 0; i < count; i++) {
        if (dating->is_set[dates[i].which])
            continue;
        dating->is_set[dates[i].which] = true;
        dating->instants[dates[i].which] = dates[i].instant;
    }
    return true;
}

static bool dating_add(dating_t *dating, dais_list_t *list, unsigned which)
{
    dais_date_t date = {.which = which,
                        .at = dating->instants[which].at,
                        .local = dais_slice_text(dating->instants[which].local),
                        .zone = dais_slice_text(dating->zone_name)};
    dais_err_t err = dais_list_add(list, &dais_shape_date, &date, &dating->saying->convert->writer);
    return err == DAIS_OK ||
           dais_saying_fault(dating->saying, dais_err_code(err), "date: %s", dais_err_text(err));
}

/* A date that has gone by is nearly always a slip of the year or of the clock. It is said and not
 * refused: a cycle may be entered after the fact, and the rules alone rule. */
static void dating_warn(const dating_t *dating, unsigned which)
{
    const dais_saying_t *saying = dating->saying;
    const dais_profile_t *profile = &saying->office->profile;
    if (saying->verb->kind != DAIS_KIND_CALL || dating->instants[which].at > saying->now_ms)
        return;
    json_t *now = dais_view_time(saying->now_ms);
    dais_say_note("warning[date-past]: %s=%s is not after now, %s by the clock of %s: whatever "
                  "waits for it ends as soon as the cycle opens",
                  dais_words_date.words[which], dating->instants[which].local,
                  now == NULL ? "" : json_string_value(now),
                  profile->settings.values[DAIS_SETTING_CLOCK].text[0] == '\0' ? "this machine"
                                                                               : "the rehearsal");
    json_decref(now);
}

/* The fewest dates that a message of this kind has. */
static bool dating_enough(const dating_t *dating, const dais_list_t *list)
{
    const dais_shape_t *shape = dais_kind_of(dating->saying->verb->kind)->subject;
    for (size_t i = 0; i < shape->field_count; i++) {
        if (strcmp(shape->fields[i].name, "dates") == 0 && list->count < shape->fields[i].min)
            return dais_saying_fault(dating->saying, "missing-key",
                                     "date is missing: --date WHICH=TIME, for instance --date "
                                     "session-starts=2027-05-27T10:00 (local time of the zone) or "
                                     "=2027-05-27T10:00:00+02:00; dais cycle call -h shows more");
    }
    return true;
}

static bool dating_put(dating_t *dating)
{
    dais_list_t *list = dais_fill_field(dating->saying, "dates");
    for (unsigned which = 1; which < WHICH_COUNT; which++) {
        if (!dating->is_set[which])
            continue;
        if (!dating_add(dating, list, which))
            return false;
        dating_warn(dating, which);
    }
    return dating_enough(dating, list);
}

static bool dating_tzdata(dating_t *dating)
{
    char version[DAIS_ZONE_VERSION_SIZE];
    dais_saying_t *saying = dating->saying;
    if (saying->verb->kind != DAIS_KIND_CALL && saying->verb->kind != DAIS_KIND_CALENDAR_CHANGE)
        return true;
    dais_err_t err = dais_zone_version(DAIS_ZONE_FOLDER, version);
    if (err != DAIS_OK)
        return dais_saying_fault(saying, dais_err_code(err), "version of the tz database: %s",
                                 dais_err_text(err));
    dais_slice_t *field = dais_fill_field(saying, "tzdata");
    uint8_t *kept = dais_convert_keep(saying->convert, dais_slice_text(version));
    *field = dais_slice(kept, strlen(version));
    return kept != NULL || dais_saying_fault(saying, "too-long", "there is too much of it");
}

static bool dating_policy(dating_t *dating)
{
    bool has_genesis = dating->saying->office->profile.genesis_bytes.data != NULL;
    dating->has_policy = has_genesis;
    return !has_genesis || dais_fill_policy(dating->saying, &dating->policy, &dating->call);
}

static bool dating_end(dating_t *dating, bool good)
{
    dais_zone_free(&dating->zone);
    free(dating->call);
    dais_file_free(&dating->values);
    free(dating);
    return good;
}

static dating_t *dating_new(dais_saying_t *saying)
{
    dating_t *dating = calloc(1, sizeof *dating);
    if (dating == NULL)
        (void)dais_saying_fault(saying, "no-memory", "no memory is left");
    else
        dating->saying = saying;
    return dating;
}

bool dais_fill_dates(dais_saying_t *saying)
{
    dating_t *dating = dating_new(saying);
    return dating != NULL && dating_end(dating, dating_policy(dating) && dating_zone(dating) &&
                                                    dating_given(dating) && dating_put(dating) &&
                                                    dating_tzdata(dating));
}

bool dais_fill_circulated(dais_saying_t *saying)
{
    dating_t *dating = dating_new(saying);
    return dating != NULL &&
           dating_end(dating, dating_policy(dating) && dating_zone(dating) &&
                                  dating_given(dating) &&
                                  dating_counted(dating, DAIS_CALENDAR_LIST) && dating_put(dating));
}

/* One key of the file of values: in force from here on, and into the subject. */
static bool values_add(dating_t *dating, const dais_value_t *value)
{
    dais_saying_t *saying = dating->saying;
    dais_call_t *call = saying->subject;
    dais_policy_key_t key = dais_policy_key_find(value->key);
    dais_policy_fault_t fault = {.valid = NULL};
    dais_err_t err = key == DAIS_POLICY_KEY_COUNT ? DAIS_ERR_UNKNOWN_POLICY_KEY : DAIS_OK;
    if (err == DAIS_OK && dating->has_policy)
        err = dais_policy_apply_value(&dating->policy, key, value->value,
                                      (dais_policy_confirmed_t)value->confirmed, value->source,
                                      &fault);
    if (err == DAIS_OK)
        err = dais_list_add(&call->values, &dais_shape_value, value, &saying->convert->writer);
    return err == DAIS_OK ||
           dais_saying_fault(saying, dais_err_code(err), "values: %.*s: %s%s%s",
                             (int)value->key.size, (const char *)value->key.data,
                             dais_err_text(err), fault.valid == NULL ? "" : "; valid is ",
                             fault.valid == NULL ? "" : fault.valid);
}

static uint64_t values_confirmed(dais_slice_t word)
{
    char text[32];
    (void)snprintf(text, sizeof text, "%.*s", (int)word.size, (const char *)word.data);
    return dais_words_find(&dais_words_confirmed, text);
}

/* key, and below it value, source, confirmed. */
static bool values_read(dating_t *dating, dais_slice_t text)
{
    dais_zpl_reader_t reader;
    dais_zpl_item_t item;
    dais_value_t value = {0};
    dais_zpl_reader_init(&reader, text);
    while (dais_zpl_next(&reader, &item)) {
        if (item.err != DAIS_OK)
            return dais_saying_fault(dating->saying, dais_err_code(item.err), "values:%u:%u: %s",
                                     item.line, item.column, dais_err_text(item.err));
        if (item.depth == 0) {
            if (value.key.size > 0 && !values_add(dating, &value))
                return false;
            value = (dais_value_t){.key = item.name, .confirmed = DAIS_CONFIRMED_ASSUMED};
        } else if (dais_slice_equal(item.name, dais_slice_text("value"))) {
            value.value = item.value;
        } else if (dais_slice_equal(item.name, dais_slice_text("source"))) {
            value.source = item.value;
        } else if (dais_slice_equal(item.name, dais_slice_text("confirmed"))) {
            value.confirmed = values_confirmed(item.value);
        } else {
            return dais_saying_fault(dating->saying, "unknown-setting",
                                     "values:%u:%u: below a key stand value, source, confirmed",
                                     item.line, item.column);
        }
    }
    return value.key.size == 0 || values_add(dating, &value);
}

static bool dating_values(dating_t *dating)
{
    const char *path = dating->saying->source.value(dating->saying->source.context, "values", 0);
    if (path == NULL)
        return true;
    dais_err_t err = dais_file_read(path, DAIS_LIMIT_POLICY, &dating->values);
    if (err == DAIS_ERR_NOT_FOUND)
        return dais_saying_fault(dating->saying, dais_err_code(err),
                                 "values %.100s: there is no such file; a sample to start from is "
                                 "packaging/untoc-call-values.zpl, and docs/policies.md says what "
                                 "each key takes",
                                 path);
    if (err != DAIS_OK)
        return dais_saying_fault(dating->saying, dais_err_code(err), "values %.100s: %s", path,
                                 dais_err_text(err));
    return values_read(dating, dais_slice(dating->values.data, dating->values.size));
}

bool dais_fill_call(dais_saying_t *saying)
{
    dating_t *dating = dating_new(saying);
    return dating != NULL && dating_end(dating, dating_policy(dating) && dating_values(dating) &&
                                                    dating_zone(dating) && dating_given(dating) &&
                                                    dating_counted(dating, DAIS_CALENDAR_CALL) &&
                                                    dating_put(dating) && dating_tzdata(dating));
}
