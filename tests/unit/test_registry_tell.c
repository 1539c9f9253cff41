/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/tell_world.h"

#define ROWS_MAX 64

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
    assert_int_equal(ask_list(OFFICE, DAIS_LIST_CIRCULATED, 1), 2);
    assert_int_equal(ask_list(PUBLIC, DAIS_LIST_PARTICIPANTS, 0), 0);
}

/* Goal: each reader gets its own list, as of now and as of a version, and no more. Method: two
 * versions; every sort of reader. */
static void test_lists(void **state)
{
    (void)state;
    play(LISTED, check_lists);
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
}

/* Goal: the public's list of participants lacks who is blocked, and says how many it lacks. Method:
 * a window in which one of three is objected to. */
static void test_participants(void **state)
{
    (void)state;
    play(BLOCKED, check_participants);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_participants),
        cmocka_unit_test(test_status),
        cmocka_unit_test(test_queue),
        cmocka_unit_test(test_cases_and_objections),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
