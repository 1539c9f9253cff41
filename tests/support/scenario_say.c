/* SPDX-License-Identifier: Apache-2.0
 *
 * What is said in a scenario. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/support/hostile.h"
#include "tests/support/scenario_private.h"

static unsigned scenario_verdicts[256];

/* When each date is, unless the scenario says otherwise. */
static const unsigned scenario_hours[DAIS_DATE_COUNT] = {
    [DAIS_DATE_APPLICATION] = 100,      [DAIS_DATE_OBJECTION_OPENS] = 200,
    [DAIS_DATE_OBJECTION_CLOSES] = 300, [DAIS_DATE_COMMENT] = 350,
    [DAIS_DATE_WITHDRAWABLE] = 340,     [DAIS_DATE_DECISION_OPENS] = 310,
    [DAIS_DATE_DECISION_CLOSES] = 390,  [DAIS_DATE_SESSION_STARTS] = 360,
    [DAIS_DATE_SESSION_ENDS] = 400,     [DAIS_DATE_RETENTION] = 600,
    [DAIS_DATE_LIST_NOTICE] = 150,      [DAIS_DATE_ARCHIVES] = 500,
};

unsigned scenario_seen(unsigned verdict)
{
    return scenario_verdicts[verdict];
}

_Noreturn void scenario_fail(const scenario_t *s, const char *what, const char *found)
{
    fail_msg("line %u: %s\n  %s: %s", s->line_number, s->line, what, found);
    abort(); /* fail_msg does not come back, and does not say so */
}

void scenario_must(const scenario_t *s, dais_err_t err)
{
    if (err != DAIS_OK)
        scenario_fail(s, "error", dais_err_code(err));
}

static const scenario_actor_t *scenario_who(const scenario_t *s, const char *name)
{
    for (unsigned i = 0; i < s->actor_count; i++)
        if (strcmp(s->actors[i].name, name) == 0)
            return &s->actors[i];
    scenario_fail(s, "no such actor", name);
    return NULL;
}

/* The intake through which a message of this kind comes; null where it is given in on the host. */
static const scenario_actor_t *scenario_intake(const scenario_t *s, unsigned kind)
{
    if (kind == DAIS_KIND_ROSTER_CHANGE || kind == DAIS_KIND_SECOND ||
        kind == DAIS_KIND_INTAKE_LOST || kind == DAIS_KIND_CLOCK_ACCEPTED)
        return NULL;
    for (unsigned i = 0; i < s->actor_count; i++)
        if (s->actors[i].role == DAIS_ROLE_INTAKE)
            return &s->actors[i];
    return NULL;
}

/* The dates that the policy expects from this event, at their usual hours. */
static void scenario_default_dates(scenario_t *s, dais_list_t *dates, dais_dates_expected_t *from,
                                   const dais_policy_t *policy)
{
    for (unsigned which = 1; which < DAIS_DATE_COUNT; which++) {
        dais_date_t date = {.which = which,
                            .at = s->pack.base_ms + scenario_hours[which] * HOUR_MS,
                            .local = dais_slice_text("x"),
                            .zone = dais_slice_text("x")};
        if (from(policy, which))
            scenario_must(s, dais_list_add(dates, &dais_shape_date, &date, &s->pack.elements));
    }
}

static void scenario_complete_call(scenario_t *s, dais_call_t *call)
{
    static dais_policy_t policy;
    policy = *dais_rules_policy(s->rules);
    if (s->rules->cycle.call != 0)
        policy = s->rules->frozen;
    if (call->values.count == 0) {
        for (unsigned i = 0; i < s->value_count; i++) {
            dais_value_t value = {dais_slice_text(s->values[i].key),
                                  dais_slice_text(s->values[i].value), DAIS_CONFIRMED_ASSUMED,
                                  dais_slice_text("here")};
            dais_policy_key_t key = dais_policy_key_find(value.key);
            scenario_must(
                s, dais_list_add(&call->values, &dais_shape_value, &value, &s->pack.elements));
            scenario_must(s, dais_policy_apply_value(&policy, key, value.value,
                                                     DAIS_POLICY_CONFIRMED_ASSUMED, value.source,
                                                     NULL));
        }
    }
    if (call->dates.count == 0)
        scenario_default_dates(s, &call->dates, dais_dates_from_call, &policy);
}

/* What a list cannot leave out and nobody wants to write out each time. */
static void scenario_complete(scenario_t *s, unsigned kind, scenario_subject_t *subject)
{
    if (kind == DAIS_KIND_CALL)
        scenario_complete_call(s, &subject->call);
    if (kind == DAIS_KIND_LIST_VERSION && subject->list_version.version == 1 &&
        subject->list_version.dates.count == 0)
        scenario_default_dates(s, &subject->list_version.dates, dais_dates_from_list,
                               dais_rules_policy(s->rules));
}

static void scenario_compare(const scenario_t *s, const dais_verdicts_t *verdicts,
                             const char *expected)
{
    char found[8192] = "";
    size_t size = 0;
    for (unsigned i = 0; i < verdicts->count; i++) {
        const dais_verdict_info_t *info = dais_verdict_info(verdicts->codes[i]);
        assert_non_null(info);
        /* What a line does not ask for is no proof of anything. */
        if (strcmp(expected, "*") != 0)
            scenario_verdicts[info->number]++;
        size += (size_t)snprintf(found + size, sizeof found - size, "%s%s", i == 0 ? "" : " ",
                                 info->code);
    }
    if (strcmp(expected, "*") != 0 && strcmp(found, expected) != 0)
        scenario_fail(s, "verdicts", found);
}

/* A long text instead, and a file attached whose name and type are as long as they can be. */
static void scenario_hostile(const scenario_t *s, dais_writing_t *writing, const char *said)
{
    static uint8_t packed[1024];
    dais_writer_t writer;
    dais_attachment_t attachment = {
        .name = hostile_text("attachment", "name", DAIS_LIMIT_NAME, false, said),
        .media_type = hostile_text("attachment", "media_type", DAIS_LIMIT_CODE, false, said),
        .size = 1};
    if (!hostile_is_on())
        return;
    writing->text = hostile_text("writing", "text", HOSTILE_CONTENT_SIZE, true, said);
    dais_writer_init(&writer, packed, sizeof packed);
    scenario_must(
        s, dais_list_add(&writing->attachments, &dais_shape_attachment, &attachment, &writer));
}

/* What people read of it: text=TEXT, or text=@FILE of the case. Empty where there is none. */
static dais_slice_t scenario_content(const scenario_t *s)
{
    static uint8_t packed[DAIS_LIMIT_CONTENT];
    static char text[DAIS_LIMIT_CONTENT / 2];
    const char *said = scenario_pack_arg(&s->pack, "text");
    char path[512];
    dais_writer_t writer;
    if (said == NULL)
        return dais_slice(NULL, 0);
    dais_writing_t writing = {.text = dais_slice_text(said)};
    if (said[0] == '@') {
        (void)snprintf(path, sizeof path, "%s/tests/cases/%s/%s", DAIS_SOURCE_DIR, s->cycle,
                       said + 1);
        writing.text = policy_text_file(path, text, sizeof text);
    }
    scenario_hostile(s, &writing, said);
    dais_writer_init(&writer, packed, sizeof packed);
    scenario_must(s, dais_shape_encode(&dais_shape_writing, &writing, &writer));
    return dais_slice(packed, writer.size);
}

static void scenario_apply(scenario_t *s, const scenario_actor_t *who, const dais_kind_t *kind,
                           const char *expected)
{
    static uint8_t packed[DAIS_LIMIT_SUBJECT];
    scenario_subject_t subject;
    dais_verdicts_t verdicts;
    dais_writer_t writer;
    const char *at = scenario_pack_arg(&s->pack, "now");
    const char *id = scenario_pack_arg(&s->pack, "mid");
    const char *on_behalf = scenario_pack_arg(&s->pack, "for");
    const scenario_actor_t *intake = scenario_intake(s, kind->number);
    char number[16];
    dais_message_t message = {
        .log = s->log, .actor = scenario_pack_id(who->id_name), .kind = kind->number};
    (void)snprintf(number, sizeof number, "m%u", ++s->messages);
    message.id = scenario_pack_know(&s->pack, id != NULL ? id : number);
    dais_id_t spoken_for = scenario_pack_id(on_behalf != NULL ? on_behalf : "");
    if (on_behalf != NULL)
        message.on_behalf = dais_slice(spoken_for.bytes, sizeof spoken_for.bytes);
    scenario_pack_subject(&s->pack, kind->subject, &subject);
    scenario_complete(s, kind->number, &subject);
    dais_writer_init(&writer, packed, sizeof packed);
    scenario_must(s, dais_shape_encode(kind->subject, &subject, &writer));
    scenario_must(s, dais_writer_finish(&writer, &message.subject));
    dais_rules_facts_t facts = {.seq = dais_rules_size(s->rules),
                                .received_at =
                                    at != NULL ? s->pack.base_ms + strtoull(at, NULL, 10) * HOUR_MS
                                               : s->clock_ms,
                                .key_number = who->key,
                                .intake = intake != NULL ? intake->key : 0,
                                .j = s->messages,
                                .first_of_bundle = true};
    s->own_count = s->own_read = 0;
    message.said_at = facts.received_at;
    scenario_must(s, dais_rules_apply(s->rules, &facts, kind, &message, &verdicts));
    assert_int_equal(verdicts.count, dais_rules_targets(kind, message.subject));
    scenario_compare(s, &verdicts, expected);
    scenario_hear(s, (scenario_heard_t){.seq = facts.seq,
                                        .who = who->name,
                                        .intake = intake != NULL ? intake->name : NULL,
                                        .facts = &facts,
                                        .kind = kind,
                                        .message = &message,
                                        .verdicts = &verdicts,
                                        .content = scenario_content(s)});
    scenario_append_due(s);
}

void scenario_message(scenario_t *s, char *text)
{
    char *arrow = strstr(text, " => ");
    char *colon = strstr(text, ": ");
    const char *expected = "accepted";
    if (arrow != NULL) {
        *arrow = 0;
        expected = arrow + 4;
    }
    if (colon != NULL && strchr(text, ' ') > colon) {
        *colon = 0;
        scenario_pack_label(&s->pack, text, dais_rules_size(s->rules));
        text = colon + 2;
    }
    scenario_pack_split(&s->pack, text);
    assert_true(s->pack.count >= 2);
    const scenario_actor_t *who = scenario_who(s, s->pack.words[0]);
    const dais_kind_t *kind = dais_kind_named(dais_slice_text(s->pack.words[1]));
    if (kind == NULL)
        scenario_fail(s, "no such kind", s->pack.words[1]);
    scenario_apply(s, who, kind, expected);
}

/* actor NAME ROLE STATE HOLDER [of OTHER]: a further key of the same actor. */
void scenario_add_actor(scenario_t *s, char *text)
{
    char line[512];
    char name[32];
    char role[32];
    char state[32];
    char holder[32];
    char of[32] = "";
    int read = sscanf(text, "%31s %31s %31s %31s of %31s", name, role, state, holder, of);
    assert_true(read >= 4);
    const char *id_name = of[0] != 0 ? of : name;
    scenario_actor_t *actor = &s->actors[s->actor_count++];
    assert_true(s->actor_count <= ACTORS);
    (void)snprintf(actor->name, sizeof actor->name, "%s", name);
    (void)snprintf(actor->id_name, sizeof actor->id_name, "%s", id_name);
    (void)snprintf(line, sizeof line,
                   "sec roster-change who=%s role=%s state=%s holder=%s key=%s at=0", id_name, role,
                   state[0] == '-' ? "" : state, holder[0] == '-' ? "" : holder, name);
    scenario_message(s, line);
    dais_key_t key = scenario_pack_key(name);
    actor->key = dais_roster_find(s->store, &key).key_number;
    assert_int_not_equal(actor->key, 0);
    actor->role = (unsigned)dais_words_find(&dais_words_role, role);
}
