/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "registry/rules/rules.h"
#include "registry/rules/rules_private.h"
#include "tests/support/policy_text.h"

/* What makes a log one that these rules did not make: errors, as opposed to verdicts. */

typedef struct {
    dais_rules_store_t *store;
    dais_rules_t *rules;
    unsigned moves;
    dais_move_t last;
} fixture_t;

static dais_id_t log_id(uint8_t first)
{
    return (dais_id_t){{first}};
}

static void log_moved(void *context, const dais_move_t *move)
{
    fixture_t *f = context;
    f->moves++;
    f->last = *move;
}

static dais_err_t log_begin(fixture_t *f, uint64_t rules_number, const char *policy)
{
    static char text[DAIS_LIMIT_POLICY];
    dais_policy_fault_t fault;
    dais_policy_faults_t faults = {.items = &fault, .capacity = 1};
    dais_hash_t log = {{9}};
    dais_genesis_t genesis = {.rules = rules_number,
                              .policy = policy_text(NULL, 0, text, sizeof text),
                              .secretariat = log_id(1),
                              .secretariat_key = {{1}},
                              .holder = dais_slice_text("holder")};
    if (policy != NULL)
        genesis.policy = dais_slice_text(policy);
    return dais_rules_begin(f->rules, &genesis, &log, &faults);
}

static int log_setup(void **state)
{
    static fixture_t f;
    f = (fixture_t){.store = NULL};
    assert_int_equal(dais_store_memory_create(&f.store), DAIS_OK);
    assert_int_equal(dais_rules_create(&f.rules, f.store), DAIS_OK);
    dais_rules_watch(f.rules, log_moved, &f);
    *state = &f;
    return 0;
}

static int log_teardown(void **state)
{
    fixture_t *f = *state;
    dais_rules_destroy(&f->rules);
    assert_null(f->rules);
    dais_rules_destroy(&f->rules);
    dais_store_memory_destroy(&f->store);
    return 0;
}

/* A message without content of the secretariat's. */
static dais_err_t log_say(fixture_t *f, unsigned kind_number, const void *subject, uint64_t seq,
                          uint8_t actor, dais_verdicts_t *verdicts)
{
    uint8_t bytes[512];
    dais_writer_t writer;
    const dais_kind_t *kind = dais_kind_of(kind_number);
    dais_message_t message = {.kind = kind_number, .actor = log_id(actor)};
    dais_rules_facts_t facts = {.seq = seq, .key_number = 1, .first_of_bundle = true};
    message.id = log_id((uint8_t)(100 + seq));
    dais_writer_init(&writer, bytes, sizeof bytes);
    assert_int_equal(dais_shape_encode(kind->subject, subject, &writer), DAIS_OK);
    assert_int_equal(dais_writer_finish(&writer, &message.subject), DAIS_OK);
    return dais_rules_apply(f->rules, &facts, kind, &message, verdicts);
}

static dais_err_t log_cancel(fixture_t *f, uint64_t seq, dais_verdicts_t *verdicts)
{
    dais_cancellation_t subject = {.reason = dais_slice_text("why")};
    return log_say(f, DAIS_KIND_CANCELLATION, &subject, seq, 1, verdicts);
}

static dais_err_t log_own(fixture_t *f, unsigned kind_number, const void *subject, uint64_t seq)
{
    uint8_t bytes[512];
    dais_writer_t writer;
    const dais_kind_t *kind = dais_kind_of(kind_number);
    dais_own_t own = {.kind = kind_number};
    dais_writer_init(&writer, bytes, sizeof bytes);
    assert_int_equal(dais_shape_encode(kind->subject, subject, &writer), DAIS_OK);
    assert_int_equal(dais_writer_finish(&writer, &own.subject), DAIS_OK);
    return dais_rules_apply_own(f->rules, seq, kind, &own);
}

/* Goal: genesis is refused for rules and policies that this program does not have. Method: another
 * number; a text that is no policy. */
static void test_begin_refused(void **state)
{
    fixture_t *f = *state;
    assert_int_equal(log_begin(f, 2, NULL), DAIS_ERR_UNKNOWN_RULES);
    assert_true(dais_err_is_refusal(log_begin(f, 1, "nonsense")));
    assert_int_equal(dais_rules_resume(f->rules), DAIS_ERR_CORRUPT);
}

/* Goal: entries follow one another, each by the actor of its key. Method: a wrong index, another
 * actor, a key that is not there; then the right one, of which the watcher hears. */
static void test_apply_refused(void **state)
{
    fixture_t *f = *state;
    dais_verdicts_t verdicts;
    dais_cancellation_t subject = {.reason = dais_slice_text("why")};
    assert_int_equal(log_begin(f, 1, NULL), DAIS_OK);
    assert_int_equal(dais_rules_size(f->rules), 1);
    assert_int_equal(log_cancel(f, 2, &verdicts), DAIS_ERR_WRONG_SEQ);
    assert_int_equal(log_say(f, DAIS_KIND_CANCELLATION, &subject, 1, 2, &verdicts),
                     DAIS_ERR_WRONG_ACTOR);
    assert_int_equal(log_cancel(f, 1, &verdicts), DAIS_OK);
    assert_int_equal(verdicts.codes[0], DAIS_VERDICT_ACCEPTED);
    assert_int_equal(f->last.machine, DAIS_MACHINE_CYCLE);
    assert_int_equal(f->last.to, DAIS_CYCLE_CANCELLED);
    assert_int_equal(f->last.seq, 1);
    dais_id_t id = log_id(101);
    dais_id_t actor = log_id(1);
    assert_int_equal(dais_rules_find(f->rules, &id, &actor), 1);
    actor = log_id(2);
    assert_int_equal(dais_rules_find(f->rules, &id, &actor), 0);
}

/* Goal: an own entry that is due has to follow, and no other. Method: enter a touched organisation
 * that has to be told of, then a message, a tick, another own entry, and the right one. */
static void test_own_entries(void **state)
{
    fixture_t *f = *state;
    dais_verdicts_t verdicts;
    dais_org_t org;
    dais_id_t id = log_id(7);
    dais_lapse_t lapse = {.organisation = id, .fact = dais_slice_text("admitted")};
    dais_outcome_t outcome = {.organisation = id, .fact = dais_slice_text("refused")};
    dais_turned_away_t turned_away = {.code = dais_slice_text("late")};
    assert_int_equal(log_begin(f, 1, NULL), DAIS_OK);
    f->rules->seq = 1;
    dais_org_add(f->rules, &id, &org);
    org.row.route = DAIS_ROUTE_NOTIFY;
    dais_org_move(f->rules, &org, DAIS_APPLICATION_ADMITTED, DAIS_CAUSE_ROUTE);
    dais_org_put(f->rules, &org);
    assert_int_equal(log_cancel(f, 1, &verdicts), DAIS_ERR_OWN_MISSING);
    assert_int_equal(log_own(f, DAIS_KIND_TURNED_AWAY, &turned_away, 1), DAIS_ERR_OWN_MISSING);
    assert_int_equal(log_own(f, DAIS_KIND_LAPSE, &lapse, 1), DAIS_ERR_OWN_WRONG);
    assert_int_equal(log_own(f, DAIS_KIND_OUTCOME, &outcome, 1), DAIS_ERR_OWN_WRONG);
    outcome.fact = dais_slice_text("admitted");
    assert_int_equal(log_own(f, DAIS_KIND_OUTCOME, &outcome, 2), DAIS_ERR_WRONG_SEQ);
    assert_int_equal(log_own(f, DAIS_KIND_OUTCOME, &outcome, 1), DAIS_OK);
    assert_int_equal(log_own(f, DAIS_KIND_OUTCOME, &outcome, 2), DAIS_ERR_OWN_WRONG);
    assert_int_equal(log_own(f, DAIS_KIND_TURNED_AWAY, &turned_away, 2), DAIS_OK);
    assert_int_equal(log_cancel(f, 3, &verdicts), DAIS_OK);
}

/* Goal: nothing follows evidence of a fork, and there is no tick where no date is set. Method:
 * enter it, then try a message, an own entry and what is due. */
static void test_ended(void **state)
{
    fixture_t *f = *state;
    dais_verdicts_t verdicts;
    dais_rules_deadline_t deadline;
    const dais_kind_t *kind;
    dais_writer_t writer;
    uint8_t bytes[64];
    dais_tick_t tick = {.which = DAIS_DATE_APPLICATION, .due = 5};
    dais_reserved_t slot = {.filler = {NULL, 0}};
    dais_fork_evidence_t fork = {.checkpoint = dais_slice_text("checkpoint")};
    assert_int_equal(log_begin(f, 1, NULL), DAIS_OK);
    assert_int_equal(log_own(f, DAIS_KIND_TICK, &tick, 1), DAIS_ERR_OWN_WRONG);
    assert_int_equal(log_own(f, DAIS_KIND_SLOT, &slot, 1), DAIS_ERR_OWN_WRONG);
    assert_false(dais_rules_next_deadline(f->rules, &deadline));
    assert_int_equal(log_own(f, DAIS_KIND_FORK_EVIDENCE, &fork, 1), DAIS_OK);
    assert_true(dais_rules_has_ended(f->rules));
    assert_int_equal(log_cancel(f, 2, &verdicts), DAIS_ERR_LOG_ENDED);
    assert_int_equal(log_own(f, DAIS_KIND_TICK, &tick, 2), DAIS_ERR_LOG_ENDED);
    assert_false(dais_rules_next_deadline(f->rules, &deadline));
    dais_writer_init(&writer, bytes, sizeof bytes);
    assert_int_equal(dais_rules_due(f->rules, &kind, &writer), DAIS_OK);
    assert_null(kind);
}

/* Goal: bytes that are no subject are an error, not a verdict. Method: a message and a tick with
 * them; what is asked of kinds that no message has. */
static void test_no_subject(void **state)
{
    fixture_t *f = *state;
    dais_verdicts_t verdicts;
    dais_slice_t nonsense = dais_slice_text("nonsense");
    dais_message_t message = {
        .kind = DAIS_KIND_OBJECTION, .actor = log_id(1), .id = log_id(100), .subject = nonsense};
    dais_rules_facts_t facts = {.seq = 1, .key_number = 1};
    dais_own_t own = {.kind = DAIS_KIND_TICK, .subject = nonsense};
    const dais_kind_t *objection = dais_kind_of(DAIS_KIND_OBJECTION);
    const dais_kind_t *tick = dais_kind_of(DAIS_KIND_TICK);
    assert_int_equal(log_begin(f, 1, NULL), DAIS_OK);
    assert_true(
        dais_err_is_refusal(dais_rules_apply(f->rules, &facts, objection, &message, &verdicts)));
    assert_int_equal(dais_rules_size(f->rules), 1);
    assert_int_equal(dais_rules_apply_own(f->rules, 1, tick, &own), DAIS_ERR_OWN_WRONG);
    assert_int_equal(dais_rules_targets(objection, nonsense), 1);
    assert_int_equal(dais_rules_targets(tick, nonsense), 1);
    assert_null(dais_kind_entry(0));
    assert_null(dais_kind_entry(DAIS_KIND_TICK));
    assert_null(dais_kind_entry(10000));
}

/* Goal: a cause names the policy key that section 7.2 of docs/rules.md gives it, or none. Method:
 * the first, one in the middle, and those without. */
static void test_cause_keys(void **state)
{
    (void)state;
    assert_int_equal(dais_rules_cause_key(DAIS_CAUSE_WINDOW), DAIS_POLICY_KEY_OBJECTION_WINDOW);
    assert_int_equal(dais_rules_cause_key(DAIS_CAUSE_DECIDER), DAIS_POLICY_KEY_DECIDER);
    assert_int_equal(dais_rules_cause_key(DAIS_CAUSE_NONE), DAIS_POLICY_KEY_COUNT);
    assert_int_equal(dais_rules_cause_key(DAIS_CAUSE_WITHDRAWAL), DAIS_POLICY_KEY_COUNT);
    assert_int_equal(dais_rules_cause_key(DAIS_CAUSE_SESSION_END), DAIS_POLICY_KEY_COUNT);
}

/* clang-format off */
#define TEST(name) cmocka_unit_test_setup_teardown(name, log_setup, log_teardown)
/* clang-format on */

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_begin_refused), TEST(test_apply_refused), TEST(test_own_entries),
        TEST(test_ended),         TEST(test_no_subject),    cmocka_unit_test(test_cause_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
