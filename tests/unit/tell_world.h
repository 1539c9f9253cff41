/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_UNIT_TELL_WORLD_H
#define DAIS_TESTS_UNIT_TELL_WORLD_H

/* A scenario's log as the registry would have it, and whoever asks what is in it. To be included by
 * the one source of a test. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "registry/tell.h"
#include "tests/support/scenario.h"

#define ENTRIES_MAX 200

/* The log of a scenario, as the registry would have it. */
static struct {
    uint8_t bytes[ENTRIES_MAX][2048];
    dais_tell_entry_t entries[ENTRIES_MAX];
    size_t reads;
    dais_rules_t *rules;
    void (*check)(void);
} world;

static uint8_t room[1 << 20];
static dais_writer_t rows;

static inline void world_hear(void *context, dais_rules_t *rules, const scenario_heard_t *heard)
{
    (void)context;
    (void)rules;
    dais_writer_t writer;
    assert_true(heard->seq < ENTRIES_MAX);
    dais_tell_entry_t *entry = &world.entries[heard->seq];
    dais_writer_init(&writer, world.bytes[heard->seq], sizeof world.bytes[0]);
    if (heard->message != NULL)
        assert_int_equal(dais_message_encode(heard->message, &writer), DAIS_OK);
    if (heard->own != NULL)
        assert_int_equal(dais_own_encode(heard->own, &writer), DAIS_OK);
    *entry = (dais_tell_entry_t){.logged_at = heard->logged_at,
                                 .received_at = heard->message == NULL ? heard->logged_at
                                                                       : heard->facts->received_at};
    assert_int_equal(dais_writer_finish(&writer, &entry->message), DAIS_OK);
    if (heard->verdicts != NULL)
        entry->verdict = heard->verdicts->codes[0];
}

static inline void world_end(void *context, dais_rules_t *rules)
{
    (void)context;
    world.rules = rules;
    world.check();
}

static inline bool world_entry(void *context, uint64_t seq, dais_tell_entry_t *entry)
{
    (void)context;
    world.reads++;
    if (seq >= ENTRIES_MAX || world.entries[seq].message.size == 0)
        return false;
    *entry = world.entries[seq];
    return true;
}

static inline void play(const char *text, void (*check)(void))
{
    memset(&world, 0, sizeof world);
    world.check = check;
    scenario_listener_t listener = {.entry = world_hear, .ended = world_end};
    scenario_run_heard(text, &listener);
}

/* Somebody of the cast, as one who asks. */
typedef struct {
    unsigned role;
    const char *state; /* of a party */
    unsigned which;    /* from 0, of those who are alike */
    dais_roster_who_t who;
} cast_t;

static inline void cast_look(void *context, uint32_t number, const dais_key_row_t *key,
                             const dais_actor_row_t *actor)
{
    cast_t *cast = (cast_t *)context;
    dais_rules_store_t *store = dais_rules_store(world.rules);
    dais_state_row_t state = {.code = ""};
    (void)number;
    if (actor->role != cast->role || cast->who.key_number != 0)
        return;
    if (actor->state_number != 0)
        assert_true(store->port->dense_get(store, DAIS_TABLE_STATE, actor->state_number, &state));
    if (cast->state != NULL && strncmp((const char *)state.code, cast->state, 8) != 0)
        return;
    if (cast->which-- > 0)
        return;
    dais_key_t bytes;
    memcpy(bytes.bytes, key->key, sizeof bytes.bytes);
    cast->who = dais_roster_find(store, &bytes);
    cast->which = 0;
}

static inline dais_tell_t as(unsigned role, const char *state, unsigned which)
{
    cast_t cast = {.role = role, .state = state, .which = which};
    if (role != 0) {
        dais_roster_walk(dais_rules_store(world.rules), cast_look, &cast);
        assert_int_not_equal(cast.who.key_number, 0);
    }
    dais_writer_init(&rows, room, sizeof room);
    return (dais_tell_t){.rules = world.rules,
                         .who = cast.who,
                         .reader = role == 0 ? dais_visible_public() : dais_visible_as(&cast.who),
                         .entry = world_entry,
                         .rows = &rows};
}

#define PUBLIC      as(0, NULL, 0)
#define SECRETARIAT as(DAIS_ROLE_SECRETARIAT, NULL, 0)
#define SECOND      as(DAIS_ROLE_SECRETARIAT, NULL, 1)
#define OFFICE      as(DAIS_ROLE_OFFICE, NULL, 0)
#define OTHER       as(DAIS_ROLE_OFFICE, NULL, 1)
#define CHAIR       as(DAIS_ROLE_CHAIR, NULL, 0)
#define BUREAU      as(DAIS_ROLE_BUREAU, NULL, 0)
#define CONFERENCE  as(DAIS_ROLE_CONFERENCE, NULL, 0)
#define PARTY(code) as(DAIS_ROLE_PARTY, code, 0)

static inline dais_id_t org_id(uint64_t number)
{
    dais_organisation_row_t org;
    dais_id_t id;
    dais_rules_store_t *store = dais_rules_store(world.rules);
    assert_true(store->port->dense_get(store, DAIS_TABLE_ORGANISATION, number, &org));
    memcpy(id.bytes, org.id, sizeof id.bytes);
    return id;
}

/* Objections that go to the decider, and then two cases, one of them referred. */
#define REFER "policy objection-effect = refer\npolicy state-while-undecided = excluded\n"

#define OBJECTED                                                                                   \
    "include window\nxa objection targets=a,b => accepted accepted\nxb objection targets=b\n"      \
    "sec referral targets=a body=conf\n"                                                           \
    "tick objection-closes\n"

/* Four organisations of two offices; b was taken off the list again, d put on. */
#define LISTED                                                                                     \
    "include open\n"                                                                               \
    "o1 application mid=a persons=1\n"                                                             \
    "o1 application mid=b persons=1\n"                                                             \
    "o2 application mid=c persons=1\n"                                                             \
    "o2 application mid=d persons=1\n"                                                             \
    "sec screening organisation=a result=eligible\n"                                               \
    "sec screening organisation=b result=eligible\n"                                               \
    "sec screening organisation=c result=eligible\n"                                               \
    "sec screening organisation=d result=eligible\n"                                               \
    "tick application-deadline\n"                                                                  \
    "sec list-version version=1 added=a,b,c\n"                                                     \
    "sec list-version version=2 added=d removed=b:r reason=r\n"

/* One of three is objected to. */
#define BLOCKED "include window\nxa objection targets=a\ntick objection-closes\n"

#endif
