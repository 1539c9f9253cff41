/* SPDX-License-Identifier: Apache-2.0
 *
 * What the open entries have to agree on among themselves: each author's role was one that may say
 * this, by the roster, which is always open; numbers that the registry gave out are those that the
 * open entries add up to. Whatever rests on closed entries is not judged here: the full fold does
 * that, with an inspector's openings. */
#include "registry/rules/fold_private.h"

#include <assert.h>

#include "registry/rules/rules_private.h"

#include "proto/kind.h"
#include "proto/shape.h"

/* The role that the key has in the roster when entry `seq` is logged; 0 for none. */
static uint64_t role_at(const dais_fold_model_t *model, const dais_key_t *key, uint64_t seq)
{
    uint64_t role =
        memcmp(key, &model->genesis.secretariat_key, sizeof *key) == 0 ? DAIS_ROLE_SECRETARIAT : 0;
    for (size_t i = 0; i < model->roster.count && model->roster.items[i].seq < seq; i++) {
        const dais_roster_change_t *change = &model->roster.items[i].change;
        if (change->change == DAIS_ROSTER_ADD && memcmp(&change->key, key, sizeof *key) == 0)
            role = change->role;
    }
    return role;
}

static uint32_t roles_of(const dais_kind_entry_t *kind, const dais_policy_t *policy)
{
    static const uint32_t by[] = {DAIS_BY_LIST_MAKER, DAIS_BY_APPROVER, DAIS_BY_ENDORSER,
                                  DAIS_BY_DECIDER};
    const dais_policy_body_t bodies[] = {policy->list_maker.role, policy->approver.role,
                                         policy->endorsement.role, policy->decider.role};
    uint32_t roles = kind->roles & 0xffff;
    for (size_t i = 0; i < sizeof by / sizeof by[0]; i++) {
        unsigned role = (kind->roles & by[i]) != 0 ? dais_step_role_of(bodies[i]) : 0;
        roles |= role != 0 ? 1U << role : 0;
    }
    return roles;
}

/* Nobody's word had an effect that their role does not give it. */
static void check_role(dais_fold_step_t *step)
{
    const dais_fold_entry_t *entry = step->entry;
    const dais_kind_entry_t *kind = dais_kind_entry((unsigned)entry->kind->number);
    assert(kind != NULL); /* Own kinds do not come here, and all others may be said by somebody. */
    if (!entry->is_done)
        return;
    uint64_t role = role_at(step->model, &entry->key, entry->seq);
    if (role == 0)
        dais_fold_finding(step, "key-not-on-roster");
    else if ((roles_of(kind, &step->model->policy) & (1U << role)) == 0)
        dais_fold_finding(step, "role-not-competent");
    if (entry->has_stamp && role_at(step->model, &entry->intake, entry->seq) != DAIS_ROLE_INTAKE)
        dais_fold_finding(step, "stamp-not-by-intake");
}

/* A comment that was taken as on time came before its deadline, and the other way round. */
static void check_comment_time(dais_fold_step_t *step)
{
    const dais_fold_date_t *date = &step->model->dates[DAIS_DATE_COMMENT];
    if (step->entry->kind->number != DAIS_KIND_COMMENT || !date->is_set || date->ticked == 0)
        return;
    bool before = step->entry->seq < date->ticked;
    bool in_time = step->entry->record.received_at < date->closes_at;
    if (step->entry->is_done && !in_time)
        dais_fold_finding(step, "late-but-taken");
    if (!before && step->entry->is_done && step->entry->has_stamp &&
        !dais_fold_has_verdict(step->entry, DAIS_VERDICT_TIMELY_AFTER_TICK))
        dais_fold_finding(step, "taken-after-tick");
}

static void check_tallied(dais_fold_step_t *step, const char *name, uint64_t expected)
{
    uint64_t number;
    if (dais_fold_tallied(step->model, name, &number) && number != expected)
        dais_fold_finding(step, "tally-differs");
}

/* Numbers of the last tally that open entries add up to, if nothing that changes them came since.
 */
static void check_tally(dais_fold_step_t *step)
{
    const dais_fold_model_t *model = step->model;
    uint64_t shown = 0;
    uint64_t last =
        model->tallies.count == 0 ? 0 : model->tallies.items[model->tallies.count - 1].seq;
    bool is_current =
        model->outcomes.count == 0 || model->outcomes.items[model->outcomes.count - 1].seq < last;
    if (last == 0 || !is_current)
        return;
    for (size_t i = 0; i < model->organisations.count; i++) {
        const dais_fold_organisation_t *org = &model->organisations.items[i];
        shown += org->told == DAIS_TOLD_ADMITTED || org->told == DAIS_TOLD_PROVISIONAL;
    }
    uint64_t routes = 0;
    uint64_t number;
    if (dais_fold_tallied(model, "routes.notified", &number))
        routes += number;
    if (dais_fold_tallied(model, "routes.accorded", &number))
        routes += number;
    if (shown >= routes)
        check_tallied(step, "list.shown", shown - routes);
}

void dais_fold_check(dais_fold_step_t *step)
{
    dais_fold_t *fold = step->fold;
    for (size_t i = 0; i < fold->count && fold->entries[i]->seq < step->model->size; i++) {
        step->entry = fold->entries[i];
        if (step->entry->kind->stream == DAIS_STREAM_OWN)
            continue;
        check_role(step);
        check_comment_time(step);
    }
    step->entry = NULL;
    if (!fold->has_genesis)
        dais_fold_finding(step, "genesis-not-open");
    check_tally(step);
}
