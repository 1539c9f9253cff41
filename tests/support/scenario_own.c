/* SPDX-License-Identifier: Apache-2.0
 *
 * What the registry enters by itself in a scenario: genesis, ticks, and what is due after them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "proto/entry.h"
#include "proto/genesis.h"
#include "tests/support/scenario_private.h"

static dais_slice_t scenario_policy(const scenario_t *s)
{
    static char text[DAIS_LIMIT_POLICY];
    char path[512];
    if (s->policy_file == NULL)
        return policy_text(s->changes, s->change_count, text, sizeof text);
    if (s->policy_file[0] == '@')
        (void)snprintf(path, sizeof path, "%s/tests/cases/%s/%s", DAIS_SOURCE_DIR, s->cycle,
                       s->policy_file + 1);
    else
        (void)snprintf(path, sizeof path, "%s/policies/%s.zpl", DAIS_SOURCE_DIR, s->policy_file);
    return policy_text_file(path, text, sizeof text);
}

dais_key_t scenario_salt(uint64_t seq)
{
    dais_slice_t parts[] = {dais_slice_text("salt"), dais_slice(&seq, sizeof seq)};
    dais_hash_t hash = dais_hash(parts, 2);
    dais_key_t salt;
    memcpy(salt.bytes, hash.bytes, sizeof salt.bytes);
    return salt;
}

dais_hash_t scenario_entry_hash(uint64_t seq, dais_slice_t message, uint64_t logged_at)
{
    static uint8_t packed[DAIS_LIMIT_RECORD];
    uint8_t codes[8];
    dais_code_item_t accepted = {DAIS_VERDICT_ACCEPTED};
    dais_record_t record = {
        .epoch = 1, .logged_at = logged_at, .received_at = logged_at, .message = message};
    dais_writer_t writer;
    dais_key_t salt = scenario_salt(seq);
    dais_writer_init(&writer, codes, sizeof codes);
    assert_int_equal(dais_list_add(&record.verdicts, &dais_shape_code_item, &accepted, &writer),
                     DAIS_OK);
    dais_writer_init(&writer, packed, sizeof packed);
    assert_int_equal(dais_shape_encode(&dais_shape_record, &record, &writer), DAIS_OK);
    dais_hash_t commitment = dais_record_commit(&salt, dais_slice(packed, writer.size));
    return dais_entry_hash(seq, &commitment);
}

static dais_genesis_t scenario_genesis(const scenario_t *s, char *origin, size_t capacity)
{
    const dais_device_t *registry = scenario_pack_device("registry");
    (void)snprintf(origin, capacity, "registry.example/%s", s->cycle);
    return (dais_genesis_t){.cycle = dais_slice_text(s->cycle),
                            .origin = dais_slice_text(origin),
                            .created_at = s->clock_ms,
                            .rules = DAIS_RULES_NUMBER,
                            .policy = scenario_policy(s),
                            .log_key = scenario_pack_key("log"),
                            .registry_box_key = registry->box_key,
                            .secretariat = scenario_pack_id("sec"),
                            .secretariat_key = scenario_pack_key("sec"),
                            .holder = dais_slice_text("holder of sec")};
}

static void scenario_carry(const scenario_t *s, dais_genesis_t *genesis, dais_writer_t *writer)
{
    for (unsigned i = 0; i < s->carried_count + s->carried_more; i++) {
        char number[16];
        (void)snprintf(number, sizeof number, "k%u", i);
        dais_open_case_t open = {
            .organisation = scenario_pack_id(i < s->carried_count ? s->carried[i] : number),
            .seq = 7};
        scenario_must(s, dais_list_add(&genesis->open_cases, &dais_shape_open_case, &open, writer));
    }
}

void scenario_hear(scenario_t *s, scenario_heard_t heard)
{
    static const dais_verdicts_t accepted = {.count = 1, .codes = {DAIS_VERDICT_ACCEPTED}};
    if (heard.verdicts == NULL)
        heard.verdicts = &accepted;
    heard.logged_at = s->clock_ms;
    if (s->listener != NULL && s->listener->entry != NULL)
        s->listener->entry(s->listener->context, s->rules, &heard);
}

static void scenario_hear_quiet(const scenario_t *s)
{
    if (s->listener != NULL && s->listener->quiet != NULL)
        s->listener->quiet(s->listener->context, s->rules);
}

static void scenario_begin(scenario_t *s)
{
    static uint8_t bytes[DAIS_LIMIT_OPEN_CASES * 64];
    static uint8_t packed[DAIS_LIMIT_MESSAGE];
    char origin[256];
    dais_writer_t writer;
    dais_slice_t message;
    dais_policy_fault_t fault;
    dais_policy_faults_t faults = {.items = &fault, .capacity = 1};
    dais_genesis_t genesis = scenario_genesis(s, origin, sizeof origin);
    s->has_begun = true;
    dais_writer_init(&writer, bytes, sizeof bytes);
    scenario_carry(s, &genesis, &writer);
    dais_writer_init(&writer, packed, sizeof packed);
    scenario_must(s, dais_genesis_sign(&genesis, scenario_pack_device("sec"), &writer));
    scenario_must(s, dais_writer_finish(&writer, &message));
    s->log = scenario_entry_hash(0, message, s->clock_ms);
    dais_err_t err = dais_rules_begin(s->rules, &genesis, &s->log, &faults);
    if (err != DAIS_OK && fault.key.size != 0)
        print_error("policy key %.*s %s\n", (int)fault.key.size, (const char *)fault.key.data,
                    fault.valid != NULL ? fault.valid : "");
    scenario_must(s, err);
    s->actors[s->actor_count++] = (scenario_actor_t){
        .name = "sec", .id_name = "sec", .key = 1, .role = DAIS_ROLE_SECRETARIAT};
    scenario_hear(s, (scenario_heard_t){.kind = dais_kind_of(DAIS_KIND_GENESIS),
                                        .genesis = &genesis,
                                        .content = message});
}

/* "outcome a admitted" */
static void scenario_note_own(scenario_t *s, const dais_kind_t *kind, dais_slice_t subject)
{
    scenario_pack_label(&s->pack, kind->name, dais_rules_size(s->rules));
    assert_true(s->own_count < sizeof s->own / sizeof s->own[0]);
    char *line = s->own[s->own_count++];
    dais_outcome_t outcome;
    dais_lapse_t lapse;
    const dais_id_t *id = NULL;
    dais_slice_t fact = {NULL, 0};
    (void)snprintf(line, sizeof s->own[0], "%s", kind->name);
    if (kind->number == DAIS_KIND_OUTCOME) {
        scenario_must(s, dais_shape_decode(kind->subject, subject, &outcome).err);
        id = &outcome.organisation;
        fact = outcome.fact;
    } else if (kind->number == DAIS_KIND_LAPSE) {
        scenario_must(s, dais_shape_decode(kind->subject, subject, &lapse).err);
        id = &lapse.organisation;
        fact = lapse.fact;
    }
    if (id != NULL)
        (void)snprintf(line, sizeof s->own[0], "%s %s %.*s", kind->name,
                       scenario_pack_name(&s->pack, id), (int)fact.size, (const char *)fact.data);
}

void scenario_append_due(scenario_t *s)
{
    static uint8_t bytes[DAIS_LIMIT_SUBJECT];
    for (;;) {
        const dais_kind_t *kind;
        dais_writer_t writer;
        dais_own_t own = {.kind = 0};
        dais_writer_init(&writer, bytes, sizeof bytes);
        scenario_must(s, dais_rules_due(s->rules, &kind, &writer));
        if (kind == NULL) {
            scenario_hear_quiet(s);
            return;
        }
        own.kind = kind->number;
        own.subject = dais_slice(bytes, writer.size);
        own.log = s->log;
        scenario_note_own(s, kind, own.subject);
        uint64_t seq = dais_rules_size(s->rules);
        scenario_must(s, dais_rules_apply_own(s->rules, seq, kind, &own));
        scenario_hear(s, (scenario_heard_t){.seq = seq, .kind = kind, .own = &own});
    }
}

void scenario_begin_if_new(scenario_t *s)
{
    if (!s->has_begun)
        scenario_begin(s);
}

static dais_err_t scenario_try_tick(scenario_t *s, const dais_rules_deadline_t *deadline)
{
    uint8_t bytes[1024];
    dais_writer_t writer;
    dais_tick_t tick = {.which = deadline->which, .due = deadline->due};
    dais_own_t own = {.log = s->log, .kind = DAIS_KIND_TICK};
    uint64_t seq = dais_rules_size(s->rules);
    if (s->listener != NULL && s->listener->due != NULL)
        s->listener->due(s->listener->context, deadline->closes_at, &tick);
    dais_writer_init(&writer, bytes, sizeof bytes);
    scenario_must(s, dais_shape_encode(&dais_shape_tick, &tick, &writer));
    scenario_must(s, dais_writer_finish(&writer, &own.subject));
    const dais_kind_t *kind = dais_kind_of(own.kind);
    dais_err_t err = dais_rules_apply_own(s->rules, seq, kind, &own);
    if (s->clock_ms < deadline->closes_at)
        s->clock_ms = deadline->closes_at;
    if (err == DAIS_OK)
        scenario_hear(s, (scenario_heard_t){.seq = seq, .kind = kind, .own = &own});
    return err;
}

void scenario_tick(scenario_t *s, const char *name)
{
    dais_rules_deadline_t next;
    if (!dais_rules_next_deadline(s->rules, &next)) {
        if (strcmp(name, "*") != 0)
            scenario_fail(s, "next deadline", "none");
        return;
    }
    if (strcmp(name, "*") != 0 && strcmp(dais_words_date.words[next.which], name) != 0)
        scenario_fail(s, "next deadline", dais_words_date.words[next.which]);
    s->own_count = s->own_read = 0;
    scenario_must(s, scenario_try_tick(s, &next));
    scenario_append_due(s);
}

void scenario_not_tick(scenario_t *s, const char *text)
{
    char name[64];
    (void)snprintf(name, sizeof name, "%s", text);
    char *other = strchr(name, ' ');
    if (other != NULL)
        *other++ = 0;
    unsigned which = (unsigned)dais_words_find(&dais_words_date, name);
    uint64_t due = other != NULL ? s->pack.base_ms + strtoull(other, NULL, 10) * HOUR_MS
                                 : dais_dates_due(s->rules, which);
    dais_rules_deadline_t wrong = {which, due, 0};
    assert_int_equal(scenario_try_tick(s, &wrong), DAIS_ERR_OWN_WRONG);
}

void scenario_own(scenario_t *s, char *text)
{
    static uint8_t bytes[DAIS_LIMIT_SUBJECT];
    scenario_subject_t subject;
    dais_writer_t writer;
    scenario_pack_split(&s->pack, text);
    const dais_kind_t *kind = dais_kind_named(dais_slice_text(s->pack.words[1]));
    if (kind == NULL)
        scenario_fail(s, "no such kind", s->pack.words[1]);
    scenario_pack_subject(&s->pack, kind->subject, &subject);
    dais_writer_init(&writer, bytes, sizeof bytes);
    scenario_must(s, dais_shape_encode(kind->subject, &subject, &writer));
    dais_own_t own = {.log = s->log, .kind = kind->number};
    scenario_must(s, dais_writer_finish(&writer, &own.subject));
    uint64_t seq = dais_rules_size(s->rules);
    s->own_count = s->own_read = 0;
    scenario_must(s, dais_rules_apply_own(s->rules, seq, kind, &own));
    scenario_hear(s, (scenario_heard_t){.seq = seq, .kind = kind, .own = &own});
    scenario_append_due(s);
}
