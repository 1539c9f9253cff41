/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/rules_lies.h"

/* What is open of the scenario that a test runs. */
static scenario_public_t *follower;

static void follow_text(const char *text)
{
    follower = scenario_public_create();
    scenario_listener_t listener = scenario_public_listener(follower);
    scenario_run_heard(text, &listener);
}

static void follow_file(const char *path)
{
    follower = scenario_public_create();
    scenario_listener_t listener = scenario_public_listener(follower);
    scenario_run_file(path, &listener);
}

static int unfollow(void **state)
{
    (void)state;
    scenario_public_destroy(&follower);
    return 0;
}

static bool has_finding(const dais_derive_t *derive, const char *code)
{
    for (size_t at = 0; at < dais_derive_finding_count(derive); at++)
        if (strcmp(dais_derive_finding(derive, at)->code, code) == 0)
            return true;
    return false;
}

static void assert_finds(lie_t lie, const char *code)
{
    dais_derive_t *derive = scenario_public_derive(follower, lie_about, &lie);
    assert_true(lie.seen > 0 && (lie.n == LIE_EACH || lie.seen > lie.n));
    if (!has_finding(derive, code))
        fail_msg("not found: %s", code);
    dais_derive_destroy(&derive);
}

/* Nothing of it is found: it is taken at its word. */
static void assert_trusts(lie_t lie)
{
    lie_t none = {.kind = 0};
    dais_derive_t *derive = scenario_public_derive(follower, lie_about, &none);
    uint64_t trusted = dais_derive_trusted(derive);
    dais_derive_destroy(&derive);
    derive = scenario_public_derive(follower, lie_about, &lie);
    assert_true(lie.seen > lie.n);
    assert_false(has_finding(derive, "verdict-differs"));
    assert_int_equal(dais_derive_trusted(derive), trusted + 1);
    dais_derive_destroy(&derive);
}

static dais_derive_t *derive_all(void)
{
    lie_t none = {.kind = 0};
    return scenario_public_derive(follower, lie_about, &none);
}

/* Goal: what may be asked of what was derived. Method: a log in which everything is open: its last
 * state, the instants of its ticks, what was erased; and nothing of what is not there. */
static void test_asked(void **state)
{
    dais_opened_t opened;
    size_t seq = 0;
    uint64_t erased = 0;
    (void)state;
    follow_file("tests/scenarios/received.txt");
    dais_derive_t *derive = derive_all();
    assert_int_equal(dais_derive_finding_count(derive), 0);
    assert_int_equal(dais_derive_cycle(derive)->state, DAIS_CYCLE_ARCHIVED);
    assert_ptr_equal(dais_derive_store(derive), dais_derive_store(derive));
    dais_tick_t tick = {.which = DAIS_DATE_KEY_RETIRES};
    assert_int_equal(dais_derive_closes(derive, &tick), 0);
    while (scenario_public_next(follower, &seq, &opened)) {
        erased += dais_derive_is_erased(derive, opened.seq);
        assert_false(dais_derive_is_withheld(derive, opened.seq));
        if (opened.kind->number != DAIS_KIND_TICK)
            continue;
        assert_int_equal(dais_shape_decode(&dais_shape_tick, opened.own.subject, &tick).err,
                         DAIS_OK);
        assert_true(dais_derive_closes(derive, &tick) >= tick.due);
        tick.due++;
        assert_int_equal(dais_derive_closes(derive, &tick), 0);
    }
    assert_int_equal(erased, 1);
    assert_false(dais_derive_is_erased(derive, UINT64_MAX - 1));
    dais_derive_destroy(&derive);
}

/* Goal: entries come in order, and with a subject of their kind; else nothing is taken. Method: the
 * first again, entry 0, and a subject of one byte. */
static void test_not_taken(void **state)
{
    static const uint8_t byte[] = {0xc0};
    dais_opened_t opened;
    size_t seq = 0;
    (void)state;
    follow_file("tests/scenarios/window.txt");
    dais_derive_t *derive = derive_all();
    assert_true(scenario_public_next(follower, &seq, &opened));
    assert_int_equal(dais_derive_take(derive, &opened), DAIS_ERR_WRONG_SEQ);
    assert_true(scenario_public_next(follower, &seq, &opened));
    assert_int_equal(dais_derive_take(derive, &opened), DAIS_ERR_WRONG_SEQ);
    opened.seq = UINT32_MAX;
    opened.message.subject = dais_slice(byte, sizeof byte);
    assert_int_not_equal(dais_derive_take(derive, &opened), DAIS_OK);
    dais_derive_destroy(&derive);
}

/* Goal: nothing follows the last entry. Method: a topic behind it. */
static void test_after_the_end(void **state)
{
    dais_opened_t again;
    (void)state;
    follow_file("tests/scenarios/received.txt");
    dais_derive_t *derive = derive_all();
    assert_true(lie_again(follower, DAIS_KIND_TOPIC, &again));
    assert_int_equal(dais_derive_take(derive, &again), DAIS_OK);
    assert_true(has_finding(derive, "after-the-end"));
    dais_derive_destroy(&derive);
}

static void say_fact(lie_t *lie, dais_opened_t *opened, void *subject)
{
    (void)opened;
    ((dais_outcome_t *)subject)->fact = dais_slice_text(lie->text);
}

static void say_rule(lie_t *lie, dais_opened_t *opened, void *subject)
{
    (void)opened;
    ((dais_outcome_t *)subject)->rule = dais_slice_text(lie->text);
}

static void say_no_rule(lie_t *lie, dais_opened_t *opened, void *subject)
{
    (void)lie;
    (void)opened;
    ((dais_outcome_t *)subject)->rule = dais_slice(NULL, 0);
}

/* Goal: an outcome is in the words of the policy. Method: a word that there is not, a rule that is
 * no key, a value without a rule, another key's value; but the first that is told of one that is
 * known by its registration alone is nothing new. */
static void test_outcomes(void **state)
{
    lie_t lie = {.kind = DAIS_KIND_OUTCOME, .n = 1, .change = say_fact, .text = "gone"};
    (void)state;
    follow_file("tests/scenarios/received.txt");
    assert_finds(lie, "outcome-word");
    lie.change = say_rule;
    lie.text = "no-such-key";
    assert_finds(lie, "outcome-rule");
    lie.text = "capacity";
    assert_finds(lie, "outcome-rule");
    lie.change = say_no_rule;
    assert_finds(lie, "outcome-rule");
    lie = (lie_t){.kind = DAIS_KIND_OUTCOME, .drop = true};
    dais_derive_t *derive = scenario_public_derive(follower, lie_about, &lie);
    assert_false(has_finding(derive, "outcome-again"));
    dais_derive_destroy(&derive);
}

static void provisional(lie_t *lie, dais_opened_t *opened, void *subject)
{
    lie->text = "provisional";
    say_fact(lie, opened, subject);
}

/* Goal: under a sealed cause nobody is told of as provisional. Method: the first is. */
static void test_sealed_word(void **state)
{
    (void)state;
    follower = scenario_public_create();
    scenario_listener_t listener = scenario_public_listener(follower);
    scenario_run_case("untoc-2022-05-27", &listener);
    assert_finds((lie_t){.kind = DAIS_KIND_OUTCOME, .change = provisional}, "outcome-word");
}

/* Every number of a tally under another name; lie->text is the old and lie->number the place of
 * the letter that is another, counted from 1; 0 leaves the number out. */
static void rename_count(lie_t *lie, dais_opened_t *opened, void *subject)
{
    static uint8_t bytes[2048];
    static char name[64];
    dais_tally_t *tally = subject;
    dais_list_t counts = {.count = 0};
    dais_count_t count;
    dais_writer_t writer;
    (void)opened;
    dais_writer_init(&writer, bytes, sizeof bytes);
    dais_list_walk_t walk = dais_list_begin(&tally->counts, &dais_shape_count);
    while (dais_list_next(&walk, &count)) {
        bool is_it = dais_slice_equal(count.name, dais_slice_text(lie->text));
        if (is_it && lie->number == 0)
            continue;
        if (is_it) {
            (void)snprintf(name, sizeof name, "%s", lie->text);
            name[lie->number - 1] = 'q';
            count.name = dais_slice_text(name);
        }
        assert_int_equal(dais_list_add(&counts, &dais_shape_count, &count, &writer), DAIS_OK);
    }
    tally->counts = counts;
}

/* One number more than is due. */
static void one_more(lie_t *lie, dais_opened_t *opened, void *subject)
{
    static uint8_t bytes[2048];
    dais_tally_t *tally = subject;
    dais_list_t counts = {.count = 0};
    dais_count_t count;
    dais_writer_t writer;
    (void)lie;
    (void)opened;
    dais_writer_init(&writer, bytes, sizeof bytes);
    dais_list_walk_t walk = dais_list_begin(&tally->counts, &dais_shape_count);
    while (dais_list_next(&walk, &count))
        assert_int_equal(dais_list_add(&counts, &dais_shape_count, &count, &writer), DAIS_OK);
    count = (dais_count_t){.name = dais_slice_text("one.more"), .number = 1};
    assert_int_equal(dais_list_add(&counts, &dais_shape_count, &count, &writer), DAIS_OK);
    tally->counts = counts;
}

/* The number of that name is greater by lie->number. */
static void raise_count(lie_t *lie, dais_opened_t *opened, void *subject)
{
    static uint8_t bytes[2048];
    dais_tally_t *tally = subject;
    dais_list_t counts = {.count = 0};
    dais_count_t count;
    dais_writer_t writer;
    (void)opened;
    dais_writer_init(&writer, bytes, sizeof bytes);
    dais_list_walk_t walk = dais_list_begin(&tally->counts, &dais_shape_count);
    while (dais_list_next(&walk, &count)) {
        if (dais_slice_equal(count.name, dais_slice_text(lie->text)))
            count.number += lie->number;
        assert_int_equal(dais_list_add(&counts, &dais_shape_count, &count, &writer), DAIS_OK);
    }
    tally->counts = counts;
}

static void far_version(lie_t *lie, dais_opened_t *opened, void *subject)
{
    (void)opened;
    ((dais_tally_t *)subject)->version += lie->seen;
}

/* Goal: a tally has the names and numbers that follow. Method: in each tally one name has another
 * first letter, another last, is longer, or is left out; numbers of objections and of who is
 * registered are others; a version comes when the window has closed. */
static void test_tallies(void **state)
{
    lie_t lie = {.kind = DAIS_KIND_TALLY, .n = LIE_EACH, .change = rename_count};
    (void)state;
    follow_file("tests/scenarios/received.txt");
    lie.text = "list.blocked";
    lie.number = 1;
    assert_finds(lie, "tally-names");
    lie.number = 12;
    assert_finds(lie, "tally-names");
    lie.text = "attended.persons";
    lie.number = 0;
    assert_finds(lie, "tally-names");
    lie.change = one_more;
    assert_finds(lie, "tally-names");
    lie.change = raise_count;
    lie.number = 100;
    lie.text = "objections.organisations";
    assert_finds(lie, "tally-sum");
    lie.text = "registered";
    assert_finds(lie, "tally-part");
    lie.text = "attended";
    assert_finds(lie, "tally-part");
    lie.change = far_version;
    dais_derive_t *derive = scenario_public_derive(follower, lie_about, &lie);
    assert_true(dais_derive_cycle(derive)->list_version > 3);
    dais_derive_destroy(&derive);
}

static void two_codes(lie_t *lie, dais_opened_t *opened, void *subject)
{
    (void)subject;
    lie_codes(lie, opened, (const unsigned[]){DAIS_VERDICT_ACCEPTED, DAIS_VERDICT_ACCEPTED, 0});
}

static void no_codes(lie_t *lie, dais_opened_t *opened, void *subject)
{
    (void)subject;
    lie_codes(lie, opened, (const unsigned[]){0});
}

/* Goal: a verdict is told from one that is not it, whatever is wrong with it. Method: one too many,
 * none, one that nobody knows, which has no effect either; the bound on cases is taken at its word.
 */
static void test_codes(void **state)
{
    lie_t lie = {.kind = DAIS_KIND_TOPIC, .change = two_codes};
    (void)state;
    follow_file("tests/scenarios/received.txt");
    assert_finds(lie, "verdict-differs");
    lie.change = no_codes;
    assert_finds(lie, "verdict-differs");
    lie.change = lie_code;
    lie.number = 6;
    assert_finds(lie, "verdict-differs");
    lie.number = DAIS_VERDICT_TOO_MANY_CASES;
    assert_trusts(lie);
    lie = (lie_t){.kind = DAIS_KIND_REGISTRATION, .n = LIE_EACH, .change = lie_code, .number = 6};
    assert_finds(lie, "tally-part");
}

static void in_a_bundle(lie_t *lie, dais_opened_t *opened, void *subject)
{
    (void)subject;
    opened->record.index = 1;
    lie_codes(lie, opened, (const unsigned[]){DAIS_VERDICT_WRONG_STATE, 0});
}

/* Goal: behind a closed entry of its own bundle, which may have been a list, a verdict is taken at
 * its word; behind an open one it is made again. Method: topics in an open cycle. */
static void test_lags(void **state)
{
    lie_t lie = {.kind = DAIS_KIND_TOPIC, .change = in_a_bundle};
    (void)state;
    follow_text("include open\n"
                "sec topic number=1\n"
                "o1 application mid=a persons=1\n"
                "sec topic number=2\n");
    assert_finds(lie, "verdict-differs");
    lie.n = 1;
    assert_trusts(lie);
}

/* Goal: what rests on closed entries is taken at its word, with what follows from it: an erasure of
 * a closed entry, which is seconded, and a change of dates while those of the list are closed.
 * Method: both, refused as well, under a policy that opens nothing. */
static void test_trusted(void **state)
{
    uint64_t erased = 0;
    (void)state;
    follow_text(
        "include window\n"
        "ob: xa objection targets=a\n"
        "t: sec topic number=1\n"
        "er: sec erasure entries=@ob,0,9999,@t => awaits-second unknown-entry unknown-entry "
        "awaits-second\n"
        "sec2 second seq=@er\n"
        "sec calendar-change change=postpone dates=session-starts:395\n"
        "sec list-version version=2 reason=r removed=c:why\n"
        "sec calendar-change change=postpone dates=session-starts:394 => not-later\n"
        "sec calendar-change change=postpone dates=session-starts:396\n"
        "tick objection-closes\n"
        "sec calendar-change change=postpone dates=session-starts:397\n"
        "e2: sec erasure entries=0,9999 => unknown-entry unknown-entry\n");
    dais_derive_t *derive = derive_all();
    assert_int_equal(dais_derive_finding_count(derive), 0);
    assert_true(dais_derive_trusted(derive) >= 3);
    for (uint64_t seq = 0; seq < 100; seq++)
        erased += dais_derive_is_erased(derive, seq);
    assert_int_equal(erased, 2);
    dais_derive_destroy(&derive);
    lie_t lie = {
        .kind = DAIS_KIND_ERASURE, .change = lie_code, .number = DAIS_VERDICT_AWAITS_SECOND};
    derive = scenario_public_derive(follower, lie_about, &lie);
    for (uint64_t seq = 0; seq < 100; seq++)
        erased -= dais_derive_is_erased(derive, seq);
    assert_int_equal(erased, 1); /* The others have no verdict. */
    dais_derive_destroy(&derive);
}

/* Goal: where no summary opens, an ended cycle may be an archived one: only what has an effect, or
 * is the same in both, is made again. Method: what is said then, with its verdicts. */
static void test_ended(void **state)
{
    (void)state;
    follow_text("include window\n"
                "tick objection-closes\ntick withdrawable-until\ntick comment-deadline\n"
                "tick session-starts\ntick session-ends\n"
                "sec officers officers=chair:N => *\n"
                "sec topic number=9 => *\n"
                "sec call sessions=s1:one states=XA => wrong-state\n"
                "sec cancellation reason=r => wrong-state\n"
                "sec presence states=XA => *\n"
                "sec clock-accepted at=10 reason=r => *\n"
                "chair summary revision=1\n"
                "sec officers officers=chair:N => *\n"
                "tick archives\n"
                "sec officers officers=chair:N => *\n"
                "sec topic number=9 => *\n"
                "sec closing-order => *\n"
                "tick retention\n"
                "sec closing-order => awaits-second\n");
    dais_derive_t *derive = derive_all();
    assert_int_equal(dais_derive_finding_count(derive), 0);
    assert_int_equal(dais_derive_cycle(derive)->state, DAIS_CYCLE_ENDED);
    dais_derive_destroy(&derive);
    /* A call that had an effect would say that the cycle is another than is known. */
    lie_t lie = {
        .kind = DAIS_KIND_CALL, .n = 1, .change = lie_code, .number = DAIS_VERDICT_ACCEPTED};
    derive = scenario_public_derive(follower, lie_about, &lie);
    assert_false(has_finding(derive, "verdict-differs"));
    dais_derive_destroy(&derive);
}

static void other_due(lie_t *lie, dais_opened_t *opened, void *subject)
{
    (void)opened;
    ((dais_tick_t *)subject)->due += lie->number;
}

/* Goal: a tick that was logged is not logged again. Method: that of the window's end, once more,
 * and with another instant. */
static void test_ticked_again(void **state)
{
    static lie_t lie = {.number = 1};
    dais_opened_t again;
    (void)state;
    follow_text("include window\ntick objection-closes\n");
    dais_derive_t *derive = derive_all();
    assert_true(lie_again(follower, DAIS_KIND_TICK, &again));
    assert_int_equal(dais_derive_take(derive, &again), DAIS_OK);
    assert_true(has_finding(derive, "tick-order"));
    dais_derive_destroy(&derive);
    lie.kind = DAIS_KIND_TICK;
    lie.n = 3;
    lie.change = other_due;
    derive = scenario_public_derive(follower, lie_about, &lie);
    assert_false(has_finding(derive, "tick-order"));
    dais_derive_destroy(&derive);
}

/* Goal: which kinds are open by now, by each instant of a policy. Method: policies that are
 * delivered, and one with something withheld. */
static void test_open_kinds(void **state)
{
    (void)state;
    follow_file("tests/golden/logs/ga-conference-66-544.txt");
    dais_derive_t *derive = derive_all();
    assert_true(dais_derive_is_open_kind(derive, DAIS_KIND_OBJECTION));
    assert_true(dais_derive_is_open_kind(derive, DAIS_KIND_STATUS_CONFIRMED));
    assert_false(dais_derive_is_open_kind(derive, DAIS_KIND_SCREENING));

    assert_false(dais_derive_is_open_kind(derive, DAIS_KIND_APPLICATION)); /* routes are open */
    dais_derive_destroy(&derive);
    scenario_public_destroy(&follower);
    follow_file("tests/golden/logs/unfccc-one-third.txt");
    derive = derive_all();
    assert_true(dais_derive_is_open_kind(derive, DAIS_KIND_APPLICATION));
    dais_derive_destroy(&derive);
    scenario_public_destroy(&follower);
    follower = scenario_public_create();
    scenario_listener_t listener = scenario_public_listener(follower);
    scenario_run_case("untoc-2022-05-27", &listener);
    derive = derive_all();
    assert_false(dais_derive_is_open_kind(derive, DAIS_KIND_APPLICATION));
    assert_false(dais_derive_is_open_kind(derive, DAIS_KIND_PRESENCE));
    assert_false(dais_derive_is_open_kind(derive, DAIS_KIND_COMMENT));
    dais_derive_destroy(&derive);
}

/* clang-format off */
#define TEST(name) cmocka_unit_test_teardown(name, unfollow)
/* clang-format on */

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_asked),        TEST(test_not_taken),  TEST(test_after_the_end),
        TEST(test_outcomes),     TEST(test_tallies),    TEST(test_codes),
        TEST(test_lags),         TEST(test_trusted),    TEST(test_ended),
        TEST(test_ticked_again), TEST(test_open_kinds), TEST(test_sealed_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
