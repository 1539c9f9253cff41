/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/scenario_public.h"

static scenario_public_t *follower;

static int follow_case(void **state)
{
    (void)state;
    follower = scenario_public_create();
    scenario_listener_t listener = scenario_public_listener(follower);
    scenario_run_case("untoc-2022-05-27", &listener);
    return 0;
}

static int unfollow(void **state)
{
    (void)state;
    scenario_public_destroy(&follower);
    return 0;
}

/* One change to the n-th entry of a kind, from 0. */
typedef struct spoil spoil_t;
struct spoil {
    unsigned kind;
    unsigned n;
    bool drop;
    void (*change)(const spoil_t *spoil, void *subject);
    const char *text; /* for change */
    uint64_t number;
    unsigned seen;
    uint8_t bytes[4096];
    uint8_t items[4096];
};

static bool spoil_entry(void *context, dais_opened_t *entry)
{
    spoil_t *spoil = context;
    uint64_t subject[128];
    dais_writer_t writer;
    if (entry->kind->number != spoil->kind || spoil->seen++ != spoil->n)
        return true;
    if (spoil->drop)
        return false;
    assert_int_equal(dais_shape_decode(entry->kind->subject, entry->own.subject, subject).err,
                     DAIS_OK);
    spoil->change(spoil, subject);
    dais_writer_init(&writer, spoil->bytes, sizeof spoil->bytes);
    assert_int_equal(dais_shape_encode(entry->kind->subject, subject, &writer), DAIS_OK);
    entry->own.subject = dais_slice(spoil->bytes, writer.size);
    return true;
}

static bool has_finding(const dais_derive_t *derive, const char *code)
{
    for (size_t at = 0; at < dais_derive_finding_count(derive); at++)
        if (strcmp(dais_derive_finding(derive, at)->code, code) == 0)
            return true;
    return false;
}

static void assert_finds(spoil_t spoil, const char *code)
{
    dais_derive_t *derive = scenario_public_derive(follower, spoil_entry, &spoil);
    assert_true(spoil.seen > spoil.n);
    if (!has_finding(derive, code))
        fail_msg("not found: %s", code);
    dais_derive_destroy(&derive);
}

/* Goal: the log as it is has no finding. Method: fold it unchanged. */
static void test_sound(void **state)
{
    spoil_t nothing = {.kind = 0};
    (void)state;
    dais_derive_t *derive = scenario_public_derive(follower, spoil_entry, &nothing);
    assert_int_equal(dais_derive_finding_count(derive), 0);
    assert_true(dais_derive_count(derive) > 10);
    dais_derive_destroy(&derive);
}

static void say_fact(const spoil_t *spoil, void *subject)
{
    ((dais_outcome_t *)subject)->fact = dais_slice_text(spoil->text);
}

static void say_rule(const spoil_t *spoil, void *subject)
{
    ((dais_outcome_t *)subject)->rule = dais_slice_text(spoil->text);
}

static dais_id_t first_id;

static void remember_id(const spoil_t *spoil, void *subject)
{
    (void)spoil;
    first_id = ((dais_outcome_t *)subject)->organisation;
}

static void say_id(const spoil_t *spoil, void *subject)
{
    (void)spoil;
    ((dais_outcome_t *)subject)->organisation = first_id;
}

/* Goal: an outcome that does not follow is found. Method: a word of another policy, one told again,
 * one that takes back what nobody was told, a rule where the cause is sealed, and one left out. */
static void test_outcomes(void **state)
{
    spoil_t look = {.kind = DAIS_KIND_OUTCOME, .change = remember_id};
    (void)state;
    dais_derive_t *derive = scenario_public_derive(follower, spoil_entry, &look);
    dais_derive_destroy(&derive);
    assert_finds((spoil_t){.kind = DAIS_KIND_OUTCOME, .change = say_fact, .text = "blocked"},
                 "outcome-word");
    assert_finds((spoil_t){.kind = DAIS_KIND_OUTCOME, .change = say_fact, .text = "not-shown"},
                 "outcome-first");
    assert_finds((spoil_t){.kind = DAIS_KIND_OUTCOME, .n = 1, .change = say_id}, "outcome-again");
    assert_finds((spoil_t){.kind = DAIS_KIND_OUTCOME, .change = say_rule, .text = "decider"},
                 "outcome-rule");
    assert_finds((spoil_t){.kind = DAIS_KIND_OUTCOME, .drop = true}, "tally-told");
}

/* Changes the number of that name by one, or its name to "x". */
static void change_count(const spoil_t *spoil, void *subject)
{
    dais_tally_t *tally = subject;
    dais_list_t counts = {.count = 0};
    dais_writer_t writer;
    dais_count_t count;
    dais_writer_init(&writer, (uint8_t *)(uintptr_t)spoil->items, sizeof spoil->items);
    dais_list_walk_t walk = dais_list_begin(&tally->counts, &dais_shape_count);
    while (dais_list_next(&walk, &count)) {
        if (dais_slice_equal(count.name, dais_slice_text(spoil->text))) {
            count.number += spoil->number;
            if (spoil->number == 0)
                count.name = dais_slice_text("x");
        }
        assert_int_equal(dais_list_add(&counts, &dais_shape_count, &count, &writer), DAIS_OK);
    }
    tally->counts = counts;
}

static void set_version(const spoil_t *spoil, void *subject)
{
    ((dais_tally_t *)subject)->version = spoil->number;
}

/* The last tally of the case. */
static unsigned last_tally(void)
{
    spoil_t look = {.kind = DAIS_KIND_TALLY, .n = UINT32_MAX};
    dais_derive_t *derive = scenario_public_derive(follower, spoil_entry, &look);
    dais_derive_destroy(&derive);
    return look.seen - 1;
}

/* Goal: a tally that does not follow is found. Method: change a cell, a sum, a name, the version,
 * and leave one out. */
static void test_tallies(void **state)
{
    unsigned last = last_tally();
    spoil_t spoil = {.kind = DAIS_KIND_TALLY, .n = last, .change = change_count, .number = 1};
    (void)state;
    spoil.text = "list.not-shown";
    assert_finds(spoil, "tally-sum");
    spoil.text = "objections.standing";
    assert_finds(spoil, "tally-sum");
    spoil.text = "list.shown";
    assert_finds(spoil, "tally-told");
    spoil.text = "attended";
    spoil.number = 0;
    assert_finds(spoil, "tally-names");
    assert_finds((spoil_t){.kind = DAIS_KIND_TALLY, .n = last, .change = set_version},
                 "tally-version");
    assert_finds((spoil_t){.kind = DAIS_KIND_TALLY, .n = last - 1, .drop = true}, "tally-missing");
}

static void other_date(const spoil_t *spoil, void *subject)
{
    (void)spoil;
    ((dais_tick_t *)subject)->which = DAIS_DATE_ARCHIVES;
}

/* Goal: a tick out of order is found, whatever else then follows. Method: the first one closes
 * another date; the first is left out. */
static void test_ticks(void **state)
{
    (void)state;
    assert_finds((spoil_t){.kind = DAIS_KIND_TICK, .change = other_date}, "tick-order");
    assert_finds((spoil_t){.kind = DAIS_KIND_TICK, .drop = true}, "tick-order");
}

/* Every message of this kind gets another verdict, or another actor. */
typedef struct {
    unsigned kind;
    bool is_actor;
    uint8_t bytes[16];
} lie_t;

static bool lie_about(void *context, dais_opened_t *entry)
{
    lie_t *lie = context;
    dais_code_item_t late = {DAIS_VERDICT_LATE};
    dais_writer_t writer;
    if (entry->kind->number != lie->kind)
        return true;
    if (lie->is_actor) {
        entry->message.actor.bytes[0] ^= 1;
        return true;
    }
    entry->record.verdicts = (dais_list_t){.count = 0};
    dais_writer_init(&writer, lie->bytes, sizeof lie->bytes);
    assert_int_equal(dais_list_add(&entry->record.verdicts, &dais_shape_code_item, &late, &writer),
                     DAIS_OK);
    return true;
}

/* Goal: a verdict whose inputs are open is made again. Method: another verdict, or another actor
 * than the key's, for kinds that are open to everybody. */
static void test_verdicts(void **state)
{
    static const unsigned kinds[] = {DAIS_KIND_CALL,          DAIS_KIND_OPEN,
                                     DAIS_KIND_ROSTER_CHANGE, DAIS_KIND_OFFICERS,
                                     DAIS_KIND_AGENDA_ITEM,   DAIS_KIND_SESSION_CONCLUDED,
                                     DAIS_KIND_SUMMARY};
    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        lie_t lie = {.kind = kinds[i]};
        dais_derive_t *derive = scenario_public_derive(follower, lie_about, &lie);
        if (!has_finding(derive, "verdict-differs"))
            fail_msg("kind %u", kinds[i]);
        dais_derive_destroy(&derive);
        lie.is_actor = true;
        derive = scenario_public_derive(follower, lie_about, &lie);
        assert_true(has_finding(derive, "not-of-the-rules"));
        dais_derive_destroy(&derive);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sound),    cmocka_unit_test(test_outcomes),
        cmocka_unit_test(test_tallies),  cmocka_unit_test(test_ticks),
        cmocka_unit_test(test_verdicts),
    };
    return cmocka_run_group_tests(tests, follow_case, unfollow);
}
