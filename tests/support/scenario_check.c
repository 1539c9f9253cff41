/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/scenario_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "registry/rules/lists.h"
#include "registry/rules/rules_private.h"
#include "tests/support/scenario_pack.h"

static const char *check_state_word(dais_machine_t machine, unsigned state)
{
    return state == 0 ? "none" : dais_machine(machine)->states[state].name;
}

static void check_case(dais_rules_t *rules, const dais_org_t *org, char *found, size_t capacity)
{
    dais_case_row_t row;
    unsigned state = dais_case_get(rules, org, &row) ? row.state : 0;
    (void)snprintf(found, capacity, "%s%s", check_state_word(DAIS_MACHINE_CASE, state),
                   state != 0 && row.urgent != 0 ? " urgent" : "");
}

static void check_carried(dais_rules_t *rules, const dais_id_t *id, char *found, size_t capacity)
{
    dais_carried_row_t row;
    uint32_t number = 0;
    unsigned state = dais_carried_next(rules, id, &number, &row) ? row.state : 0;
    (void)snprintf(found, capacity, "%s", check_state_word(DAIS_MACHINE_CASE, state));
}

static void check_comment(dais_rules_t *rules, const dais_id_t *id, char *found, size_t capacity)
{
    dais_comment_row_t row = {.state = 0};
    uint64_t number = rules->store->port->find(rules->store, DAIS_INDEX_COMMENT,
                                               dais_slice(id->bytes, sizeof id->bytes));
    if (number != 0)
        (void)rules->store->port->dense_get(rules->store, DAIS_TABLE_COMMENT, number, &row);
    (void)snprintf(found, capacity, "%s", check_state_word(DAIS_MACHINE_COMMENT, row.state));
}

static void check_count(const dais_rules_t *rules, const char *field, char *found, size_t capacity)
{
    const dais_cycle_row_t *cycle = &rules->cycle;
    const struct {
        const char *name;
        uint64_t value;
    } counts[] = {
        {"applied", cycle->applied},
        {"circulated", cycle->circulated},
        {"notified", cycle->notified},
        {"accorded", cycle->accorded},
        {"shown", cycle->shown},
        {"lodged", cycle->lodged},
        {"standing", cycle->standing},
        {"withdrawn", cycle->withdrawn},
        {"ruled", cycle->ruled},
        {"lapsed", cycle->lapsed},
        {"objected", cycle->objected},
        {"cases", cycle->cases},
        {"invited", cycle->invited},
        {"registered", cycle->registered},
        {"registered_persons", cycle->registered_persons},
        {"attended", cycle->attended},
        {"attended_persons", cycle->attended_persons},
        {"majority", cycle->majority},
        {"endorsed", cycle->endorsed},
        {"present", cycle->present},
        {"rank", cycle->rank},
    };
    (void)snprintf(found, capacity, "no such count");
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        if (strcmp(counts[i].name, field) == 0)
            (void)snprintf(found, capacity, "%llu", (unsigned long long)counts[i].value);
}

static void check_tally(dais_rules_t *rules, const char *name, char *found, size_t capacity)
{
    dais_tally_counts_t counts;
    dais_lists_tally(rules, &counts);
    (void)snprintf(found, capacity, "none");
    for (unsigned i = 0; i < counts.count; i++)
        if (strcmp(counts.items[i].name, name) == 0)
            (void)snprintf(found, capacity, "%llu", (unsigned long long)counts.items[i].number);
}

static bool check_ask_org(dais_rules_t *rules, const char *what, const dais_org_t *org, char *found,
                          size_t capacity)
{
    const char *told = dais_due_told_word((dais_told_t)org->row.told);
    if (strcmp(what, "org") == 0)
        (void)snprintf(found, capacity, "%s",
                       check_state_word(DAIS_MACHINE_APPLICATION, org->row.state));
    else if (strcmp(what, "cause") == 0)
        (void)snprintf(found, capacity, "%u", org->row.cause);
    else if (strcmp(what, "rank") == 0)
        (void)snprintf(found, capacity, "%u", org->row.rank);
    else if (strcmp(what, "told") == 0)
        (void)snprintf(found, capacity, "%s", told != NULL ? told : "nothing");
    else if (strcmp(what, "case") == 0)
        check_case(rules, org, found, capacity);
    else
        return false;
    return true;
}

static void check_objection(dais_rules_t *rules, const dais_org_t *org, const char *code,
                            char *found, size_t capacity)
{
    dais_ob_t ob;
    uint32_t state = dais_step_find_state(rules, dais_slice_text(code));
    bool there = state != 0 && dais_ob_last(rules, org, state, &ob);
    (void)snprintf(found, capacity, "%s",
                   check_state_word(DAIS_MACHINE_OBJECTION, there ? ob.row.state : 0));
}

/* Its state and, with a comma, what is kept of before a decision; which entry ended a case. */
static void check_kept(dais_rules_t *rules, const dais_org_t *org, const char *code, char *found,
                       size_t capacity)
{
    dais_ob_t ob;
    dais_case_row_t row;
    uint32_t state = dais_step_find_state(rules, dais_slice_text(code));
    if (strcmp(code, "case") == 0)
        (void)snprintf(found, capacity, "%llu",
                       dais_case_get(rules, org, &row) ? (unsigned long long)row.ended : 0);
    else if (state != 0 && dais_ob_last(rules, org, state, &ob))
        (void)snprintf(found, capacity, "%s,%s",
                       check_state_word(DAIS_MACHINE_OBJECTION, ob.row.state),
                       check_state_word(DAIS_MACHINE_OBJECTION, ob.row.before));
}

/* The next word of the text, which is cut off. */
static char *check_word(char **text)
{
    char *word = *text;
    char *space = strchr(word, ' ');
    if (space == NULL)
        return NULL;
    *space = 0;
    *text = space + 1;
    return word;
}

char *scenario_check_ask(dais_rules_t *rules, char *question, char *found, size_t capacity)
{
    char *rest = question;
    const char *what = check_word(&rest);
    dais_attended_t attended = dais_lists_attended(rules);
    dais_org_t org;
    if (what == NULL)
        return NULL;
    if (strcmp(what, "cycle") == 0) {
        (void)snprintf(found, capacity, "%s",
                       check_state_word(DAIS_MACHINE_CYCLE, rules->cycle.state));
        return rest;
    }
    if (strcmp(what, "sentence") == 0) {
        (void)dais_lists_sentence(&attended, found, capacity);
        return rest;
    }
    const char *name = check_word(&rest);
    if (name == NULL)
        return NULL;
    dais_id_t id = scenario_pack_id(name);
    if (strcmp(what, "count") == 0) {
        check_count(rules, name, found, capacity);
    } else if (strcmp(what, "tally") == 0) {
        check_tally(rules, name, found, capacity);
    } else if (strcmp(what, "carried") == 0) {
        check_carried(rules, &id, found, capacity);
    } else if (strcmp(what, "comment") == 0) {
        check_comment(rules, &id, found, capacity);
    } else if (!dais_org_find(rules, &id, &org)) {
        (void)snprintf(found, capacity, "unknown");
    } else if (strcmp(what, "kept") == 0) {
        const char *code = check_word(&rest);
        assert_non_null(code);
        check_kept(rules, &org, code, found, capacity);
    } else if (strcmp(what, "objection") == 0) {
        const char *code = check_word(&rest);
        assert_non_null(code);
        check_objection(rules, &org, code, found, capacity);
    } else if (!check_ask_org(rules, what, &org, found, capacity)) {
        return NULL;
    }
    return rest;
}

/* Adds up what the rows of objections to one organisation say. */
static void check_org_objections(dais_rules_t *rules, const dais_org_t *org)
{
    dais_ob_t ob;
    uint32_t state = 0;
    uint32_t standing = 0;
    uint32_t lodged = 0;
    while (dais_ob_next(rules, org, &state, &ob)) {
        standing += ob.row.state == DAIS_OBJECTION_STANDING ? 1 : 0;
        lodged += ob.row.state == DAIS_OBJECTION_LODGED ? 1 : 0;
    }
    assert_int_equal(org->row.standing, standing);
    assert_int_equal(org->row.unsigned_count + org->row.timely_count, lodged);
}

static void check_org_effect(const dais_rules_t *rules, const dais_org_t *org)
{
    unsigned state = org->row.state;
    bool is_held = state >= DAIS_APPLICATION_BLOCKED && state <= DAIS_APPLICATION_PROVISIONAL;
    dais_policy_effect_t effect = rules->policy.objection_effect;
    bool holds = effect == DAIS_POLICY_EFFECT_BLOCK || effect == DAIS_POLICY_EFFECT_REFER;
    if (rules->cycle.settled != 0 || rules->cycle.state == DAIS_CYCLE_CANCELLED ||
        state < DAIS_APPLICATION_UNOPPOSED || state > DAIS_APPLICATION_PROVISIONAL)
        return;
    assert_int_equal(state == DAIS_APPLICATION_UNOPPOSED, org->row.standing == 0);
    assert_int_equal(is_held, holds && dais_weigh_reached(rules, org));
}

void scenario_check_counts(dais_rules_t *rules)
{
    const dais_cycle_row_t *cycle = &rules->cycle;
    dais_cycle_row_t again = {.state = 0};
    uint32_t count = dais_org_count(rules);
    uint32_t by_state = 0;
    for (uint32_t number = 1; number <= count; number++) {
        dais_org_t org;
        assert_true(dais_org_get(rules, number, &org));
        again.circulated += org.row.version != 0 ? 1 : 0;
        again.standing += org.row.standing;
        again.objected += org.row.standing != 0 ? 1 : 0;
        again.invited += org.row.invited != 0 && dais_org_is_in(&org) ? 1 : 0;
        check_org_objections(rules, &org);
        check_org_effect(rules, &org);
    }
    for (unsigned state = 0; state < 16; state++)
        by_state += cycle->by_state[state];
    assert_int_equal(cycle->applied, count);
    assert_int_equal(cycle->circulated, again.circulated);
    assert_int_equal(cycle->circulated, by_state);
    assert_int_equal(cycle->standing, again.standing);
    assert_int_equal(cycle->objected, again.objected);
    assert_int_equal(cycle->invited, again.invited);
    assert_int_equal(cycle->lodged,
                     cycle->standing + cycle->withdrawn + cycle->ruled + cycle->lapsed);
}
