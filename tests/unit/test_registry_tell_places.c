/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/tell_world.h"

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

static void check_listed(void)
{
    assert_places(SECRETARIAT, circulated_from, 3);
    assert_places(OTHER, circulated_from, 2); /* the last two of four */
    assert_places(PUBLIC, circulated_from, 0);
}

static void check_blocked(void)
{
    assert_places(PUBLIC, participants_from, 2); /* the last two of three */
}

static void check_objected(void)
{
    assert_places(SECRETARIAT, objections_from, 3);
    assert_places(PARTY("XB"), objections_from, 1); /* the last of three */
    assert_places(PARTY("XC"), objections_from, 0);
    assert_places(SECRETARIAT, cases_from, 2 + 3);
    assert_places(CONFERENCE, cases_from, 1 + 3);
    assert_places(PUBLIC, cases_from, 3);
}

/* Goal: nobody finds out by where an answer can begin, or says to go on, how many organisations,
 * objections or cases there are that it is not told of, and nothing is told twice or left out.
 * Method: of each list the last rows only, asked from every place, with room for all and for one at
 * a time; cases of earlier cycles, which all are told of, come behind those of this one. */
static void test_places(void **state)
{
    (void)state;
    play(LISTED, check_listed);
    play(BLOCKED, check_blocked);
    play("carry-many 3\n" REFER OBJECTED, check_objected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_places)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
