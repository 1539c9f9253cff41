/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "registry/rules/fold_text.h"
#include "tests/unit/rules_lies.h"

static scenario_public_t *follower;

static int follow_received(void **state)
{
    (void)state;
    follower = scenario_public_create();
    scenario_listener_t listener = scenario_public_listener(follower);
    scenario_run_file("tests/scenarios/received.txt", &listener);
    return 0;
}

static int unfollow(void **state)
{
    (void)state;
    scenario_public_destroy(&follower);
    return 0;
}

static dais_fold_t *fold_with(lie_t *lie, const dais_fold_model_t **model)
{
    return lie_fold(follower, lie, model);
}

static unsigned count_findings(const dais_fold_model_t *model, const char *code)
{
    unsigned count = 0;
    for (size_t i = 0; i < model->findings.count; i++)
        count += strcmp(model->findings.items[i].code, code) == 0;
    return count;
}

static void assert_finds(lie_t lie, const char *code)
{
    const dais_fold_model_t *model;
    dais_fold_t *fold = fold_with(&lie, &model);
    if (count_findings(model, code) == 0)
        fail_msg("not found: %s", code);
    dais_fold_destroy(&fold);
}

/* Goal: what is asked of the fold of a sound log. Method: every entry is there by its index, none
 * where there is none, none behind the last; a smaller size hides what came later; an entry that is
 * taken again is there once. */
static void test_entries(void **state)
{
    const dais_fold_model_t *model;
    dais_opened_t opened;
    size_t seq = 0;
    (void)state;
    dais_fold_t *fold = fold_with(NULL, &model);
    size_t count = dais_fold_count(fold);
    assert_int_equal(model->findings.count, 0);
    assert_int_equal(dais_fold_entry(fold, 3)->seq, 3);
    assert_null(dais_fold_entry(fold, UINT64_MAX));
    assert_true(scenario_public_next(follower, &seq, &opened));
    assert_int_equal(dais_fold_take(fold, &opened), DAIS_OK);
    assert_int_equal(dais_fold_count(fold), count);
    assert_int_equal(dais_fold_make(fold, 5, &model), DAIS_OK);
    assert_int_equal(model->organisations.count, 0);
    dais_fold_destroy(&fold);
    dais_fold_destroy(&fold);
    assert_null(fold);
}

/* Goal: an entry that is closed has no place. Method: leave one out, and ask for it. */
static void test_closed(void **state)
{
    lie_t lie = {.kind = DAIS_KIND_OPEN, .drop = true};
    const dais_fold_model_t *model;
    (void)state;
    dais_fold_t *whole = fold_with(NULL, &model);
    uint64_t seq = model->opened;
    dais_fold_destroy(&whole);
    dais_fold_t *fold = fold_with(&lie, &model);
    assert_null(dais_fold_entry(fold, seq));
    assert_int_equal(model->opened, 0);
    dais_fold_destroy(&fold);
}

/* Goal: bytes that are no message, and no genesis, are not taken, and change nothing. Method: one
 * byte for each. */
static void test_no_message(void **state)
{
    static const uint8_t byte[] = {0xc0};
    dais_opened_t opened;
    dais_fold_t *fold;
    size_t seq = 0;
    (void)state;
    assert_int_equal(dais_fold_create(&fold), DAIS_OK);
    for (unsigned i = 0; i < 2; i++) {
        assert_true(scenario_public_next(follower, &seq, &opened));
        opened.record.message = dais_slice(byte, sizeof byte);
        assert_int_not_equal(dais_fold_take(fold, &opened), DAIS_OK);
    }
    assert_int_equal(dais_fold_count(fold), 0);
    dais_fold_destroy(&fold);
}

/* Goal: without entry 0 nothing can be said, and that is found. Method: leave it out. */
static void test_no_genesis(void **state)
{
    (void)state;
    assert_finds((lie_t){.kind = DAIS_KIND_GENESIS, .drop = true}, "genesis-not-open");
}

static void say_fact(lie_t *lie, dais_opened_t *opened, void *subject)
{
    (void)opened;
    ((dais_outcome_t *)subject)->fact = dais_slice_text(lie->text);
}

/* Goal: an outcome that says nothing new, or nothing that there is a word for, is found. Method:
 * such a word, and the same word for all. */
static void test_outcomes(void **state)
{
    lie_t lie = {.kind = DAIS_KIND_OUTCOME, .change = say_fact, .text = "gone"};
    (void)state;
    assert_finds(lie, "unknown-fact");
    lie.text = "admitted";
    lie.n = LIE_EACH;
    assert_finds(lie, "outcome-without-change");
}

static void by_key(lie_t *lie, dais_opened_t *opened, void *subject)
{
    (void)subject;
    opened->bundle.key = scenario_pack_key(lie->text);
}

static void by_intake(lie_t *lie, dais_opened_t *opened, void *subject)
{
    (void)subject;
    opened->stamp.key = scenario_pack_key(lie->text);
}

/* Goal: whose role does not let them say it is found. Method: another key under a topic, one that
 * is on no roster, and a stamp by somebody who is no intake. */
static void test_roles(void **state)
{
    lie_t lie = {.kind = DAIS_KIND_TOPIC, .change = by_key, .text = "o1"};
    (void)state;
    assert_finds(lie, "role-not-competent");
    lie.text = "stranger";
    assert_finds(lie, "key-not-on-roster");
    assert_finds((lie_t){.kind = DAIS_KIND_TOPIC, .change = by_intake, .text = "o1"},
                 "stamp-not-by-intake");
}

static void received_late(lie_t *lie, dais_opened_t *opened, void *subject)
{
    (void)subject;
    opened->record.received_at += lie->number;
}

/* The comment as it would stand behind all ticks. */
static dais_fold_t *fold_with_late_comment(bool has_stamp, unsigned code,
                                           const dais_fold_model_t **model)
{
    static lie_t lie;
    dais_opened_t again;
    dais_fold_t *fold = fold_with(NULL, model);
    assert_true(lie_again(follower, DAIS_KIND_COMMENT, &again));
    again.has_stamp = has_stamp;
    lie_codes(&lie, &again, (const unsigned[]){code, DAIS_VERDICT_ACCEPTED, 0});
    assert_int_equal(dais_fold_take(fold, &again), DAIS_OK);
    assert_int_equal(dais_fold_make(fold, again.seq + 1, model), DAIS_OK);
    return fold;
}

/* Goal: a comment that was taken came in time. Method: one received long after its deadline; one
 * that stands behind the tick, which only timely-after-tick may, or what came without a stamp. */
static void test_times(void **state)
{
    const dais_fold_model_t *model;
    lie_t lie = {.kind = DAIS_KIND_COMMENT, .change = received_late, .number = 1ULL << 40};
    (void)state;
    assert_finds(lie, "late-but-taken");
    dais_fold_t *fold = fold_with_late_comment(true, DAIS_VERDICT_INCOMPLETE, &model);
    assert_int_equal(count_findings(model, "taken-after-tick"), 1);
    dais_fold_destroy(&fold);
    fold = fold_with_late_comment(true, DAIS_VERDICT_TIMELY_AFTER_TICK, &model);
    assert_int_equal(count_findings(model, "taken-after-tick"), 0);
    dais_fold_destroy(&fold);
    fold = fold_with_late_comment(false, DAIS_VERDICT_INCOMPLETE, &model);
    assert_int_equal(count_findings(model, "taken-after-tick"), 0);
    dais_fold_destroy(&fold);
}

static void say_value(lie_t *lie, dais_opened_t *opened, void *subject)
{
    static uint8_t bytes[512];
    dais_call_t *call = subject;
    dais_value_t value = {.key = dais_slice_text(lie->text),
                          .value = dais_slice_text("no such value"),
                          .confirmed = 1,
                          .source = dais_slice_text("here")};
    dais_writer_t writer;
    (void)opened;
    dais_writer_init(&writer, bytes, sizeof bytes);
    call->values = (dais_list_t){.count = 0};
    assert_int_equal(dais_list_add(&call->values, &dais_shape_value, &value, &writer), DAIS_OK);
}

/* Goal: a call with a value that no policy has is found. Method: an unknown key, and a value that
 * is none of its key. */
static void test_values(void **state)
{
    lie_t lie = {.kind = DAIS_KIND_CALL, .change = say_value, .text = "no-such-key"};
    (void)state;
    assert_finds(lie, "value-not-taken");
    lie.text = "late";
    assert_finds(lie, "value-not-taken");
}

static unsigned count_invited(const dais_fold_model_t *model)
{
    unsigned count = 0;
    for (size_t i = 0; i < model->organisations.count; i++)
        count += model->organisations.items[i].invited != 0;
    return count;
}

static void unknown_code(lie_t *lie, dais_opened_t *opened, void *subject)
{
    (void)subject;
    lie_codes(lie, opened, (const unsigned[]){6, DAIS_VERDICT_ACCEPTED, 0});
}

/* Goal: a verdict that nobody knows, and one too few, is no effect. Method: an invitation of three,
 * the first with an unknown code and the last with none; then the first with the only code. */
static void test_codes(void **state)
{
    lie_t lie = {.kind = DAIS_KIND_INVITATION, .change = unknown_code};
    const dais_fold_model_t *model;
    (void)state;
    dais_fold_t *fold = fold_with(NULL, &model);
    assert_int_equal(count_invited(model), 2);
    dais_fold_destroy(&fold);
    fold = fold_with(&lie, &model);
    assert_int_equal(count_invited(model), 1); /* the second alone */
    dais_fold_destroy(&fold);
    lie =
        (lie_t){.kind = DAIS_KIND_INVITATION, .change = lie_code, .number = DAIS_VERDICT_ACCEPTED};
    fold = fold_with(&lie, &model);
    assert_int_equal(count_invited(model), 1);
    dais_fold_destroy(&fold);
}

static void say_count(lie_t *lie, dais_opened_t *opened, void *subject)
{
    static uint8_t bytes[64];
    dais_tally_t *tally = subject;
    dais_count_t count = {.name = dais_slice_text("list.circulated"), .number = lie->number};
    dais_writer_t writer;
    (void)opened;
    dais_writer_init(&writer, bytes, sizeof bytes);
    tally->counts = (dais_list_t){.count = 0};
    assert_int_equal(dais_list_add(&tally->counts, &dais_shape_count, &count, &writer), DAIS_OK);
}

/* Goal: fewer on the list than are shown leaves nobody who is not shown, and no wrap-around.
 * Method: every tally says that one is circulated, then none. */
static void test_account(void **state)
{
    lie_t lie = {.kind = DAIS_KIND_TALLY, .n = LIE_EACH, .change = say_count};
    const dais_fold_model_t *model;
    (void)state;
    dais_fold_t *fold = fold_with(&lie, &model);
    dais_fold_account_t account = dais_fold_account(model);
    assert_true(account.has_account && account.shown > 0);
    assert_int_equal(account.not_shown, 0);
    dais_fold_destroy(&fold);
}

static void publish_again(lie_t *lie, dais_opened_t *opened, void *subject)
{
    dais_comment_ruling_t *ruling = subject;
    (void)lie;
    (void)opened;
    if (ruling->ruling == DAIS_RULING_WITHHOLD)
        ruling->ruling = DAIS_RULING_PUBLISH;
}

static void nobody_speaks(lie_t *lie, dais_opened_t *opened, void *subject)
{
    (void)lie;
    (void)subject;
    opened->message.on_behalf = dais_slice(NULL, 0);
}

/* Goal: comments that cannot be are not counted twice, or at all. Method: every comment that was
 * withheld is published once more instead; a comment in nobody's name. */
static void test_comments(void **state)
{
    lie_t again = {.kind = DAIS_KIND_COMMENT_RULING, .n = LIE_EACH, .change = publish_again};
    lie_t nobody = {.kind = DAIS_KIND_COMMENT, .n = LIE_EACH, .change = nobody_speaks};
    const dais_fold_model_t *model;
    (void)state;
    dais_fold_t *whole = fold_with(NULL, &model);
    size_t comments = model->comments.count;
    dais_fold_destroy(&whole);
    dais_fold_t *fold = fold_with(&again, &model);
    assert_int_equal(model->comments.count, comments);
    dais_fold_destroy(&fold);
    fold = fold_with(&nobody, &model);
    assert_int_equal(model->comments.count, 0);
    dais_fold_destroy(&fold);
}

static void count_piece(void *context, dais_slice_t piece)
{
    *(size_t *)context += piece.size;
}

/* Goal: a value that a policy leaves to the call is not told before there is one. Method: the text
 * of entry 0 alone, under a policy of that kind. */
static void test_unset(void **state)
{
    const dais_fold_model_t *model;
    dais_opened_t opened;
    dais_fold_t *fold;
    size_t seq = 0;
    size_t size = 0;
    (void)state;
    scenario_public_t *of_case = scenario_public_create();
    scenario_listener_t listener = scenario_public_listener(of_case);
    scenario_run_case("untoc-2022-05-27", &listener);
    assert_true(scenario_public_next(of_case, &seq, &opened));
    assert_int_equal(dais_fold_create(&fold), DAIS_OK);
    assert_int_equal(dais_fold_take(fold, &opened), DAIS_OK);
    assert_int_equal(dais_fold_make(fold, 1, &model), DAIS_OK);
    assert_int_equal(model->policy.confirmed[DAIS_POLICY_KEY_MAJORITY], DAIS_POLICY_CONFIRMED_NONE);
    assert_int_equal(dais_fold_text(fold, model, count_piece, &size), DAIS_OK);
    assert_true(size > 0);
    dais_fold_destroy(&fold);
    scenario_public_destroy(&of_case);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_entries),    cmocka_unit_test(test_closed),
        cmocka_unit_test(test_no_message), cmocka_unit_test(test_no_genesis),
        cmocka_unit_test(test_outcomes),   cmocka_unit_test(test_roles),
        cmocka_unit_test(test_times),      cmocka_unit_test(test_values),
        cmocka_unit_test(test_codes),      cmocka_unit_test(test_account),
        cmocka_unit_test(test_comments),   cmocka_unit_test(test_unset),
    };
    return cmocka_run_group_tests(tests, follow_received, unfollow);
}
