/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "registry/rules/fold_agree.h"
#include "tests/unit/rules_lies.h"

/* A lie, and what the comparison of both folds has to say of it. */
typedef struct {
    lie_t lie;
    const char *differs;
} told_t;

static struct {
    scenario_public_t *follower;
    scenario_listener_t inner;
    told_t *told;
    size_t count;
    void (*more)(dais_rules_t *rules);
    size_t looked; /* lies that were compared */
} world;

typedef struct {
    const char *wanted;
    size_t wanted_count;
} heard_t;

static void hear_difference(void *context, const char *what)
{
    heard_t *heard = context;
    heard->wanted_count += strncmp(what, heard->wanted, strlen(heard->wanted)) == 0;
}

static void assert_differs(dais_rules_t *rules, const dais_fold_t *fold,
                           const dais_fold_model_t *model, const char *differs)
{
    heard_t heard = {.wanted = differs};
    if (dais_fold_agree(fold, model, rules, hear_difference, &heard) == 0 ||
        heard.wanted_count == 0)
        fail_msg("no difference is heard: %s", differs);
}

/* At the end of the scenario, with the whole log beside its open part. */
static void compare(void *context, dais_rules_t *rules)
{
    (void)context;
    world.inner.ended(world.inner.context, rules);
    for (size_t i = 0; i < world.count; i++) {
        const dais_fold_model_t *model;
        dais_fold_t *fold = lie_fold(world.follower, &world.told[i].lie, &model);
        assert_differs(rules, fold, model, world.told[i].differs);
        dais_fold_destroy(&fold);
        world.looked++;
    }
    if (world.more != NULL)
        world.more(rules);
}

static scenario_listener_t begin(told_t *told, size_t count, void (*more)(dais_rules_t *rules))
{
    world.follower = scenario_public_create();
    world.inner = scenario_public_listener(world.follower);
    world.told = told;
    world.count = count;
    world.more = more;
    world.looked = 0;
    scenario_listener_t listener = world.inner;
    listener.ended = compare;
    return listener;
}

static void end(void)
{
    assert_int_equal(world.looked, world.count);
    scenario_public_destroy(&world.follower);
}

static void one_session(lie_t *lie, dais_opened_t *opened, void *subject)
{
    static uint8_t bytes[512];
    dais_call_t *call = subject;
    dais_session_t session;
    dais_writer_t writer;
    (void)lie;
    (void)opened;
    dais_list_walk_t walk = dais_list_begin(&call->sessions, &dais_shape_session);
    assert_true(dais_list_next(&walk, &session));
    dais_writer_init(&writer, bytes, sizeof bytes);
    call->sessions = (dais_list_t){.count = 0};
    assert_int_equal(dais_list_add(&call->sessions, &dais_shape_session, &session, &writer),
                     DAIS_OK);
}

static void no_values(lie_t *lie, dais_opened_t *opened, void *subject)
{
    (void)lie;
    (void)opened;
    ((dais_call_t *)subject)->values = (dais_list_t){.count = 0};
}

static void say_fact(lie_t *lie, dais_opened_t *opened, void *subject)
{
    (void)opened;
    ((dais_outcome_t *)subject)->fact = dais_slice_text(lie->text);
}

/* Goal: an open part that is not that of the whole log is told from it, thing by thing. Method: a
 * log in which everything is open; an entry is left out or says something else. */
static void test_received(void **state)
{
    told_t told[] = {
        {{.kind = DAIS_KIND_OUTCOME, .n = LIE_EACH, .drop = true}, "told: "},
        {{.kind = DAIS_KIND_OUTCOME, .n = LIE_EACH, .change = say_fact, .text = "refused"},
         "somebody takes part in the whole log alone"},
        {{.kind = DAIS_KIND_ATTENDANCE, .n = LIE_EACH, .drop = true}, "the sentence on who"},
        {{.kind = DAIS_KIND_INTERVENTION, .n = 1, .drop = true}, "speakers: "},
        {{.kind = DAIS_KIND_SECOND, .drop = true}, "some erased: "},
        {{.kind = DAIS_KIND_CLOSE, .drop = true}, "closed: "},
    };
    (void)state;
    scenario_listener_t listener = begin(told, sizeof told / sizeof told[0], NULL);
    scenario_run_file("tests/scenarios/received.txt", &listener);
    end();
}

/* Nothing but the frame: of organisations the open part says nothing. */
static void only_the_frame(dais_rules_t *rules)
{
    const dais_fold_model_t *model;
    dais_fold_t *fold;
    dais_opened_t opened;
    size_t seq = 0;
    assert_int_equal(dais_fold_create(&fold), DAIS_OK);
    while (scenario_public_next(world.follower, &seq, &opened)) {
        unsigned kind = opened.kind->number;
        if (kind < DAIS_KIND_APPLICATION || kind == DAIS_KIND_TICK || kind == DAIS_KIND_GENESIS)
            assert_int_equal(dais_fold_take(fold, &opened), DAIS_OK);
    }
    assert_int_equal(dais_fold_make(fold, seq, &model), DAIS_OK);
    assert_int_equal(model->organisations.count, 0);
    assert_differs(rules, fold, model, "somebody takes part in the whole log alone");
    dais_fold_destroy(&fold);
}

/* Goal: the same where things open with their publication. Method: a log of which a comment is
 * published, and is not there. */
static void test_published(void **state)
{
    told_t told[] = {{{.kind = DAIS_KIND_COMMENT, .n = LIE_EACH, .drop = true}, "comment known: "}};
    (void)state;
    scenario_listener_t listener = begin(told, 1, NULL);
    scenario_run_file("tests/golden/logs/oewg-ict-2022.txt", &listener);
    end();
}

/* Goal: the same of a case of two sessions. Method: the call names one, then gives
 * no value; then no organisation is there at all. */
static void test_case(void **state)
{
    told_t told[] = {
        {{.kind = DAIS_KIND_CALL, .change = one_session}, "sessions: "},
        {{.kind = DAIS_KIND_CALL, .change = no_values}, "the policies in force"},
    };
    (void)state;
    scenario_listener_t listener = begin(told, 2, only_the_frame);
    scenario_run_case("untoc-2022-05-27", &listener);
    end();
}

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

/* Goal: a tally that was just logged has the numbers of the whole log, and no others. Method: the
 * last entry is a tally, with one number more. */
static void test_tally(void **state)
{
    told_t told[] = {
        {{.kind = DAIS_KIND_TALLY, .n = LIE_EACH, .change = one_more}, "numbers of the tally: "}};
    (void)state;
    scenario_listener_t listener = begin(told, 1, NULL);
    scenario_run_file("tests/scenarios/window.txt", &listener);
    end();
}

/* Goal: the sentence is not compared where categories are closed, though attendance is open.
 * Method: a policy of that kind; nothing differs. */
static void test_closed_categories(void **state)
{
    (void)state;
    scenario_listener_t listener = begin(NULL, 0, NULL);
    scenario_run_heard("policy opens = @received attendance\n"
                       "include window\n"
                       "tick objection-closes\ntick withdrawable-until\ntick comment-deadline\n"
                       "tick session-starts\n"
                       "sec attendance organisation=a persons=1\n",
                       &listener);
    assert_true(scenario_public_compared(world.follower) > 5);
    end();
}

/* Goal: under one form for all a confirmed status is no way beside the list. Method: somebody with
 * that status is admitted from the list, and both folds count it there. */
static void test_same_form(void **state)
{
    (void)state;
    scenario_listener_t listener = begin(NULL, 0, NULL);
    scenario_run_heard("policy opens = @received status-confirmed\n"
                       "include open\n"
                       "o1 application mid=a persons=1 ecosoc=yes\n"
                       "sec status-confirmed organisation=a ecosoc=yes\n"
                       "sec screening organisation=a\n"
                       "tick application-deadline\n"
                       "sec list-version version=1 added=a\n"
                       "tick list-min-notice\ntick objection-opens\ntick objection-closes\n"
                       "? org a admitted\n",
                       &listener);
    assert_true(scenario_public_compared(world.follower) > 5);
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_received),
        cmocka_unit_test(test_published),
        cmocka_unit_test(test_case),
        cmocka_unit_test(test_tally),
        cmocka_unit_test(test_closed_categories),
        cmocka_unit_test(test_same_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
