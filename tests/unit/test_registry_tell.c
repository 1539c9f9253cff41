/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/tell.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/scenario.h"

#define ENTRIES_MAX 200
#define ROWS_MAX    64

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

static void world_hear(void *context, dais_rules_t *rules, const scenario_heard_t *heard)
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

static void world_end(void *context, dais_rules_t *rules)
{
    (void)context;
    world.rules = rules;
    world.check();
}

static bool world_entry(void *context, uint64_t seq, dais_tell_entry_t *entry)
{
    (void)context;
    world.reads++;
    if (seq >= ENTRIES_MAX || world.entries[seq].message.size == 0)
        return false;
    *entry = world.entries[seq];
    return true;
}

static void play(const char *text, void (*check)(void))
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

static void cast_look(void *context, uint32_t number, const dais_key_row_t *key,
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

static dais_tell_t as(unsigned role, const char *state, unsigned which)
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

static dais_id_t org_id(uint64_t number)
{
    dais_organisation_row_t org;
    dais_id_t id;
    dais_rules_store_t *store = dais_rules_store(world.rules);
    assert_true(store->port->dense_get(store, DAIS_TABLE_ORGANISATION, number, &org));
    memcpy(id.bytes, org.id, sizeof id.bytes);
    return id;
}

static bool is_text(dais_slice_t slice, const char *text)
{
    return dais_slice_equal(slice, dais_slice_text(text));
}

static bool is_id(const dais_id_t *id, uint64_t number)
{
    dais_id_t wanted = org_id(number);
    return memcmp(id->bytes, wanted.bytes, sizeof wanted.bytes) == 0;
}

static dais_list_line_t list_rows[ROWS_MAX];
static dais_account_t list_account;

static size_t ask_list(dais_tell_t tell, unsigned list, uint64_t version)
{
    dais_ask_list_t ask = {.what = DAIS_WHAT_LIST, .list = list, .version = version};
    dais_answer_list_t answer;
    uint8_t packed[1 << 16];
    dais_writer_t writer;
    assert_int_equal(dais_tell_list(&tell, &ask, &answer), DAIS_OK);
    dais_writer_init(&writer, packed, sizeof packed);
    assert_int_equal(dais_shape_encode(&dais_shape_answer_list, &answer, &writer), DAIS_OK);
    dais_list_walk_t walk = dais_list_begin(&answer.account, &dais_shape_account);
    assert_true(dais_list_next(&walk, &list_account));
    walk = dais_list_begin(&answer.rows, &dais_shape_list_line);
    size_t count = 0;
    while (count < ROWS_MAX && dais_list_next(&walk, &list_rows[count]))
        count++;
    return count;
}

static dais_status_line_t things[ROWS_MAX];

static size_t things_read(const dais_answer_status_t *answer)
{
    uint8_t packed[1 << 16];
    dais_writer_t writer;
    dais_writer_init(&writer, packed, sizeof packed);
    assert_int_equal(dais_shape_encode(&dais_shape_answer_status, answer, &writer), DAIS_OK);
    dais_list_walk_t walk = dais_list_begin(&answer->rows, &dais_shape_status_line);
    size_t count = 0;
    while (count < ROWS_MAX && dais_list_next(&walk, &things[count]))
        count++;
    return count;
}

static size_t ask_status(dais_tell_t tell, const dais_id_t *id)
{
    dais_ask_status_t ask = {.what = DAIS_WHAT_STATUS};
    dais_answer_status_t answer;
    if (id != NULL)
        ask.id = dais_slice(id->bytes, sizeof id->bytes);
    assert_int_equal(dais_tell_status(&tell, &ask, &answer), DAIS_OK);
    return things_read(&answer);
}

static size_t ask_queue(dais_tell_t tell)
{
    dais_ask_queue_t ask = {.what = DAIS_WHAT_QUEUE};
    dais_answer_status_t answer;
    assert_int_equal(dais_tell_queue(&tell, &ask, &answer), DAIS_OK);
    return things_read(&answer);
}

static dais_case_line_t cases[ROWS_MAX];
static uint64_t case_count;

static size_t ask_cases(dais_tell_t tell)
{
    dais_ask_cases_t ask = {.what = DAIS_WHAT_CASES};
    dais_answer_cases_t answer;
    uint8_t packed[1 << 16];
    dais_writer_t writer;
    assert_int_equal(dais_tell_cases(&tell, &ask, &answer), DAIS_OK);
    dais_writer_init(&writer, packed, sizeof packed);
    assert_int_equal(dais_shape_encode(&dais_shape_answer_cases, &answer, &writer), DAIS_OK);
    case_count = answer.count;
    dais_list_walk_t walk = dais_list_begin(&answer.rows, &dais_shape_case_line);
    size_t count = 0;
    while (count < ROWS_MAX && dais_list_next(&walk, &cases[count]))
        count++;
    return count;
}

static dais_objection_line_t objections[ROWS_MAX];

static size_t ask_objections(dais_tell_t tell, const dais_id_t *id)
{
    dais_ask_objections_t ask = {.what = DAIS_WHAT_OBJECTIONS};
    dais_answer_objections_t answer;
    uint8_t packed[1 << 16];
    dais_writer_t writer;
    if (id != NULL)
        ask.organisation = dais_slice(id->bytes, sizeof id->bytes);
    assert_int_equal(dais_tell_objections(&tell, &ask, &answer), DAIS_OK);
    dais_writer_init(&writer, packed, sizeof packed);
    assert_int_equal(dais_shape_encode(&dais_shape_answer_objections, &answer, &writer), DAIS_OK);
    dais_list_walk_t walk = dais_list_begin(&answer.rows, &dais_shape_objection_line);
    size_t count = 0;
    while (count < ROWS_MAX && dais_list_next(&walk, &objections[count]))
        count++;
    return count;
}

/* How many rows of an answer that begins behind the first `from`; and where it says to go on. */
typedef size_t rows_from_t(const dais_tell_t *tell, uint64_t from, uint64_t *next);

static size_t circulated_from(const dais_tell_t *tell, uint64_t from, uint64_t *next)
{
    dais_ask_list_t ask = {.what = DAIS_WHAT_LIST, .list = DAIS_LIST_CIRCULATED, .from = from};
    dais_answer_list_t answer;
    assert_int_equal(dais_tell_list(tell, &ask, &answer), DAIS_OK);
    *next = answer.next;
    return answer.rows.count;
}

static size_t participants_from(const dais_tell_t *tell, uint64_t from, uint64_t *next)
{
    dais_ask_list_t ask = {.what = DAIS_WHAT_LIST, .list = DAIS_LIST_PARTICIPANTS, .from = from};
    dais_answer_list_t answer;
    assert_int_equal(dais_tell_list(tell, &ask, &answer), DAIS_OK);
    *next = answer.next;
    return answer.rows.count;
}

static size_t cases_from(const dais_tell_t *tell, uint64_t from, uint64_t *next)
{
    dais_ask_cases_t ask = {.what = DAIS_WHAT_CASES, .from = from};
    dais_answer_cases_t answer;
    assert_int_equal(dais_tell_cases(tell, &ask, &answer), DAIS_OK);
    *next = answer.next;
    return answer.rows.count;
}

static size_t objections_from(const dais_tell_t *tell, uint64_t from, uint64_t *next)
{
    dais_ask_objections_t ask = {.what = DAIS_WHAT_OBJECTIONS, .from = from};
    dais_answer_objections_t answer;
    assert_int_equal(dais_tell_objections(tell, &ask, &answer), DAIS_OK);
    *next = answer.next;
    return answer.rows.count;
}

/* Whoever is told `count` rows is told that many less one for each place that it begins further
 * behind, and with room for one row at a time is shown on to the next place: nothing that it is not
 * told moves either. */
static void assert_places(dais_tell_t tell, rows_from_t *rows_from, size_t count)
{
    uint64_t next;
    for (uint64_t from = 0; from < count + 10; from++) {
        size_t left = from < count ? count - (size_t)from : 0;
        dais_writer_init(&rows, room, sizeof room);
        assert_int_equal(rows_from(&tell, from, &next), left);
        assert_int_equal(next, 0);
        dais_writer_init(&rows, room, 2048 + 1); /* room for one row behind what is reserved */
        assert_int_equal(rows_from(&tell, from, &next), left > 0 ? 1 : 0);
        assert_int_equal(next, left > 1 ? from + 1 : 0);
    }
}

static void check_lists(void)
{
    /* The list as it is: b was taken off, d put on. */
    dais_tell_t readers[] = {SECRETARIAT, PARTY("XA")};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(ask_list(readers[i], DAIS_LIST_CIRCULATED, 0), 3);
        assert_true(is_id(&list_rows[0].organisation, 1));
        assert_true(is_id(&list_rows[1].organisation, 3));
        assert_true(is_id(&list_rows[2].organisation, 4));
        assert_true(list_rows[0].name.size > 0 && list_rows[0].country.size > 0);
        assert_int_equal(list_account.circulated, 3);
    }
    /* As version 1 left it. */
    assert_int_equal(ask_list(SECRETARIAT, DAIS_LIST_CIRCULATED, 1), 3);
    assert_true(is_id(&list_rows[1].organisation, 2));
    assert_true(is_id(&list_rows[2].organisation, 3));
    assert_int_equal(list_account.circulated, 3);
    assert_int_equal(ask_list(SECRETARIAT, DAIS_LIST_CIRCULATED, 3), 0);
    /* Whoever does not read it gets what is its own, and no numbers. */
    assert_int_equal(ask_list(PUBLIC, DAIS_LIST_CIRCULATED, 0), 0);
    assert_int_equal(list_account.circulated, 0);
    assert_int_equal(ask_list(CHAIR, DAIS_LIST_CIRCULATED, 0), 0);
    assert_int_equal(ask_list(OFFICE, DAIS_LIST_CIRCULATED, 0), 1);
    assert_true(is_id(&list_rows[0].organisation, 1));
    assert_int_equal(list_account.circulated, 0);
    assert_int_equal(ask_list(OTHER, DAIS_LIST_CIRCULATED, 0), 2);
    assert_places(OTHER, circulated_from, 2);
    assert_places(SECRETARIAT, circulated_from, 3);
    assert_places(PUBLIC, circulated_from, 0);
    assert_int_equal(ask_list(OFFICE, DAIS_LIST_CIRCULATED, 1), 2);
    assert_int_equal(ask_list(PUBLIC, DAIS_LIST_PARTICIPANTS, 0), 0);
}

/* Goal: each reader gets its own list, as of now and as of a version, and no more. Method: two
 * versions; every sort of reader. That paging tells nothing more: assert_places(), here and below. */
static void test_lists(void **state)
{
    (void)state;
    play("include open\n"
         "o1 application mid=a persons=1\n"
         "o1 application mid=b persons=1\n"
         "o2 application mid=c persons=1\n"
         "o2 application mid=d persons=1\n"
         "sec screening organisation=a result=eligible\n"
         "sec screening organisation=b result=eligible\n"
         "sec screening organisation=c result=eligible\n"
         "sec screening organisation=d result=eligible\n"
         "tick application-deadline\n"
         "sec list-version version=1 added=a,b,c\n"
         "sec list-version version=2 added=d removed=b:r reason=r\n",
         check_lists);
}

static void check_participants(void)
{
    assert_int_equal(ask_list(PUBLIC, DAIS_LIST_PARTICIPANTS, 0), 2);
    assert_true(is_id(&list_rows[0].organisation, 2));
    assert_true(is_id(&list_rows[1].organisation, 3));
    assert_int_equal(list_account.circulated, 3);
    assert_int_equal(list_account.shown, 2);
    assert_int_equal(list_account.not_shown, 1);
    assert_int_equal(list_account.has_causes, 0);
    assert_places(PUBLIC, participants_from, 2);
}

/* Goal: the public's list of participants lacks who is blocked, and says how many it lacks. Method:
 * a window in which one of three is objected to. */
static void test_participants(void **state)
{
    (void)state;
    play("include window\n"
         "xa objection targets=a\n"
         "tick objection-closes\n",
         check_participants);
}

static void check_status(void)
{
    dais_id_t a = org_id(1);
    assert_int_equal(ask_status(OFFICE, NULL), 3);
    assert_int_equal(things[0].thing, DAIS_STATUS_APPLICATION);
    assert_true(is_id(&things[0].id, 1) && is_text(things[0].standing, "not on the list"));
    assert_true(is_text(things[1].standing, "on the list"));
    assert_int_equal(things[2].thing, DAIS_STATUS_COMMENT);
    assert_true(is_text(things[2].standing, "submitted"));
    assert_true(things[0].logged_at >= things[0].received_at && things[0].seq > 0);
    assert_int_equal(ask_status(OFFICE, &a), 2); /* the application, and as a message */
    assert_int_equal(things[1].thing, DAIS_STATUS_MESSAGE);
    assert_true(is_text(things[1].standing, "accepted"));
    assert_int_equal(ask_status(OTHER, NULL), 1);
    assert_int_equal(ask_status(OTHER, &a), 0);
    assert_int_equal(ask_status(PARTY("XA"), NULL), 1);
    assert_int_equal(things[0].thing, DAIS_STATUS_OBJECTION);
    assert_true(is_id(&things[0].organisation, 1) && is_text(things[0].standing, "standing"));
    assert_int_equal(ask_status(PARTY("XB"), NULL), 0);
    assert_int_equal(ask_status(CHAIR, NULL), 0);
    assert_int_equal(ask_status(PUBLIC, &a), 0);
}

/* Goal: everybody is told of its own things in the words that it may read, and of no others.
 * Method: a sealed objection; the offices, two States and others ask, for all and for one. */
static void test_status(void **state)
{
    (void)state;
    play("policy rights = attend written\n"
         "include window\n"
         "xa objection targets=a\n"
         "tick objection-closes\n"
         "o1 comment for=b mid=t\n",
         check_status);
}

static void check_queue(void)
{
    assert_int_equal(ask_queue(SECRETARIAT), 3);
    assert_int_equal(things[0].thing, DAIS_STATUS_APPLICATION);
    assert_true(is_id(&things[0].id, 2));
    assert_int_equal(ask_queue(SECOND), 4); /* and what the other holder signed */
    assert_int_equal(things[0].thing, DAIS_STATUS_SECOND);
    assert_true(is_text(things[0].name, "roster-change"));
    assert_int_equal(ask_queue(OFFICE), 0);
    assert_int_equal(ask_queue(PARTY("XA")), 0);
    assert_int_equal(ask_queue(CONFERENCE), 0);
    assert_int_equal(ask_queue(PUBLIC), 0);
}

/* Goal: what waits is shown to whom it waits for; nobody seconds himself. Method: applications to
 * screen, and a revocation that waits for a second. */
static void test_queue(void **state)
{
    (void)state;
    play("include open\n"
         "o1 application mid=a persons=1\n"
         "o1 application mid=b persons=1\n"
         "o2 application mid=c persons=1\n"
         "o2 application mid=d persons=1\n"
         "sec screening organisation=a result=eligible\n"
         "sec roster-change change=revoke who=xc role=party state=XC key=xc => awaits-second\n",
         check_queue);
}

static void check_cases_public(void)
{
    dais_tell_t knowing[] = {SECRETARIAT, CONFERENCE, PUBLIC};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(ask_cases(knowing[i]), 2);
        assert_true(is_id(&cases[0].organisation, 1) && is_text(cases[0].state, "referred"));
        assert_true(is_text(cases[1].state, "raised"));
        assert_int_equal(case_count, 2);
        assert_int_equal(cases[1].standing, 2);
    }
    assert_int_equal(ask_queue(CONFERENCE), 1);
    assert_int_equal(things[0].thing, DAIS_STATUS_CASE);
    assert_true(is_id(&things[0].id, 1));
    assert_int_equal(ask_queue(SECRETARIAT), 1);
    assert_true(is_id(&things[0].id, 2));
    assert_int_equal(ask_objections(PUBLIC, NULL), 3);
    assert_true(is_text(objections[0].state_code, "XA") && objections[0].stood > 0);
}

static void check_cases_sealed(void)
{
    dais_id_t b = org_id(2);
    assert_int_equal(ask_cases(SECRETARIAT), 2);
    assert_int_equal(ask_cases(CONFERENCE), 1); /* it sees what was referred to it */
    assert_true(is_id(&cases[0].organisation, 1) && cases[0].body.size > 0);
    assert_int_equal(ask_cases(PUBLIC), 0);
    assert_int_equal(ask_cases(PARTY("XA")), 0);
    assert_int_equal(ask_cases(OFFICE), 0);
    assert_int_equal(case_count, 2); /* numbers name nobody */
    assert_int_equal(ask_objections(PUBLIC, NULL), 0);
    assert_int_equal(ask_objections(OFFICE, NULL), 0);
    assert_int_equal(ask_objections(PARTY("XC"), NULL), 0);
    assert_int_equal(ask_objections(PARTY("XB"), NULL), 1);
    assert_true(is_text(objections[0].state_code, "XB") && objections[0].stood > 0);
    assert_int_equal(ask_objections(PARTY("XA"), NULL), 2);
    assert_int_equal(ask_objections(PARTY("XA"), &b), 1);
    assert_places(PARTY("XB"), objections_from, 1);
    assert_places(SECRETARIAT, objections_from, 3);
    assert_places(SECRETARIAT, cases_from, 2);
    /* What is hidden costs the reads that it costs where it is told. */
    world.reads = 0;
    (void)ask_cases(SECRETARIAT);
    size_t told = world.reads;
    world.reads = 0;
    (void)ask_cases(PUBLIC);
    assert_true(told > 0);
    assert_int_equal(world.reads, told);
    /* The secretariat knows that there are objections, not whose. */
    assert_int_equal(ask_objections(SECRETARIAT, NULL), 3);
    for (size_t i = 0; i < 3; i++)
        assert_true(objections[i].state_code.size == 0 && objections[i].reason.size == 0 &&
                    objections[i].stood == 0);
}

#define REFER "policy objection-effect = refer\npolicy state-while-undecided = excluded\n"

#define OBJECTED                                                                                   \
    "include window\nxa objection targets=a,b => accepted accepted\nxb objection targets=b\n"      \
    "sec referral targets=a body=conf\n"                                                           \
    "tick objection-closes\n"

/* Goal: cases and objections are told as the policy discloses them. Method: the same cycle under a
 * policy where all is public and one where all is sealed. */
static void test_cases_and_objections(void **state)
{
    (void)state;
    play(REFER "policy disclosure-cause = public\npolicy disclosure-fact = public\n"
               "policy disclosure-objector = public\npolicy disclosure-reason = public\n"
               "policy opens = @received objection co-signature reason-added "
               "objection-withdrawal\n" OBJECTED,
         check_cases_public);
    play(REFER "policy disclosure-fact = count-only\n" OBJECTED, check_cases_sealed);
}

static void check_carried(void)
{
    assert_places(SECRETARIAT, cases_from, 2 + 3);
    assert_places(PUBLIC, cases_from, 3);
}

/* Goal: cases of earlier cycles come behind those of this one, and behind nothing for whoever is
 * told of none of those. Method: two cases and three carried ones. */
static void test_carried(void **state)
{
    (void)state;
    play("carry-many 3\n" REFER OBJECTED, check_carried);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lists),  cmocka_unit_test(test_participants),
        cmocka_unit_test(test_status), cmocka_unit_test(test_queue),
        cmocka_unit_test(test_carried), cmocka_unit_test(test_cases_and_objections),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
