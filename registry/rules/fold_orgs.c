/* SPDX-License-Identifier: Apache-2.0
 *
 * Organisations, as the public was told of them: what they said of themselves once that is open,
 * what outcomes say of their standing, and who takes part (docs/rules.md, 7.2, 9.2 and 10). */
#include "registry/rules/fold_private.h"
#include "registry/rules/lists.h"

#include "proto/kind.h"
#include "proto/shape.h"

dais_fold_organisation_t *dais_fold_org(dais_fold_step_t *step, const uint8_t *id)
{
    size_t index = dais_fold_find(step->fold, id);
    if (index != DAIS_FOLD_NONE)
        return &step->model->organisations.items[index];
    dais_fold_organisation_t *org = DAIS_ARENA_ADD(&step->fold->arena, &step->model->organisations);
    if (org == NULL)
        return NULL;
    memcpy(org->id.bytes, id, DAIS_ID_SIZE);
    dais_fold_remember(step->fold, &step->fold->orgs, id, step->model->organisations.count - 1);
    return org;
}

void dais_fold_application(dais_fold_step_t *step)
{
    const dais_application_t *said = step->subject;
    const uint8_t *id = said->organisation.size == DAIS_ID_SIZE ? said->organisation.data
                                                                : step->entry->message.id.bytes;
    dais_fold_organisation_t *org = dais_fold_org(step, id);
    if (org == NULL)
        return;
    org->claims = *said;
    org->applied = org->application = step->entry->seq;
}

/* What is confirmed stays so only while the claim is the one that was confirmed. */
void dais_fold_amendment(dais_fold_step_t *step)
{
    const dais_amendment_t *said = step->subject;
    dais_fold_organisation_t *org = dais_fold_org(step, said->organisation.bytes);
    if (org == NULL)
        return;
    if (org->claims.category != said->category)
        org->confirmed_category = 0;
    if (org->claims.ecosoc != said->ecosoc)
        org->confirmed_ecosoc = 0;
    if (org->claims.prior != said->prior)
        org->confirmed_prior = 0;
    org->claims = (dais_application_t){.applicant = said->applicant,
                                       .category = said->category,
                                       .country = said->country,
                                       .ecosoc = said->ecosoc,
                                       .prior = said->prior,
                                       .mode = said->mode,
                                       .persons = said->persons,
                                       .documents = said->documents,
                                       .mandate = said->mandate};
    org->application = step->entry->seq;
}

void dais_fold_status_confirmed(dais_fold_step_t *step)
{
    const dais_status_confirmed_t *said = step->subject;
    dais_fold_organisation_t *org = dais_fold_org(step, said->organisation.bytes);
    if (org == NULL)
        return;
    org->confirmed_category = (uint8_t)said->category;
    org->confirmed_ecosoc = (uint8_t)said->ecosoc;
    org->confirmed_prior = (uint8_t)said->prior;
}

static const struct {
    const char *word;
    dais_told_t told;
} told_words[] = {
    {"admitted", DAIS_TOLD_ADMITTED},   {"provisional", DAIS_TOLD_PROVISIONAL},
    {"awaiting", DAIS_TOLD_AWAITING},   {"pending", DAIS_TOLD_PENDING},
    {"blocked", DAIS_TOLD_BLOCKED},     {"refused", DAIS_TOLD_REFUSED},
    {"withdrawn", DAIS_TOLD_WITHDRAWN}, {"lapsed", DAIS_TOLD_LAPSED},
    {"not-shown", DAIS_TOLD_NOT_SHOWN},
};

static dais_told_t told_of(dais_slice_t fact)
{
    for (size_t i = 0; i < sizeof told_words / sizeof told_words[0]; i++) {
        if (dais_slice_equal(fact, dais_slice_text(told_words[i].word)))
            return told_words[i].told;
    }
    return DAIS_TOLD_NOTHING;
}

static dais_fold_outcome_t *outcome_add(dais_fold_step_t *step, const uint8_t *id,
                                        dais_slice_t fact)
{
    dais_fold_organisation_t *org = dais_fold_org(step, id);
    dais_fold_outcome_t *kept =
        org == NULL ? NULL : DAIS_ARENA_ADD(&step->fold->arena, &step->model->outcomes);
    if (kept == NULL)
        return NULL;
    kept->seq = step->entry->seq;
    kept->organisation = (size_t)(org - step->model->organisations.items);
    kept->fact = fact;
    return kept;
}

void dais_fold_outcome(dais_fold_step_t *step)
{
    const dais_outcome_t *said = step->subject;
    dais_fold_outcome_t *kept = outcome_add(step, said->organisation.bytes, said->fact);
    dais_told_t told = told_of(said->fact);
    if (kept == NULL)
        return;
    kept->rule = said->rule;
    kept->value = said->value;
    dais_fold_organisation_t *org = &step->model->organisations.items[kept->organisation];
    if (told == DAIS_TOLD_NOTHING)
        dais_fold_finding(step, "unknown-fact");
    else if (told == org->told)
        dais_fold_finding(step, "outcome-without-change");
    org->told = told;
    org->told_seq = step->entry->seq;
}

void dais_fold_lapse(dais_fold_step_t *step)
{
    const dais_lapse_t *said = step->subject;
    dais_fold_outcome_t *kept = outcome_add(step, said->organisation.bytes, said->fact);
    if (kept != NULL)
        kept->is_lapse = true;
}

void dais_fold_invitation(dais_fold_step_t *step)
{
    const dais_invitation_t *said = step->subject;
    dais_list_walk_t walk = dais_list_begin(&said->targets, &dais_shape_id_item);
    dais_id_item_t id;
    for (size_t i = 0; dais_list_next(&walk, &id); i++) {
        dais_fold_organisation_t *org =
            dais_fold_done(step, i) ? dais_fold_org(step, id.value.bytes) : NULL;
        if (org != NULL)
            org->invited = step->entry->seq;
    }
}

void dais_fold_registration(dais_fold_step_t *step)
{
    const dais_registration_t *said = step->subject;
    dais_fold_organisation_t *org = dais_fold_org(step, said->organisation.bytes);
    if (org == NULL)
        return;
    *(said->mode == DAIS_MODE_ONLINE ? &org->registered_online : &org->registered_in_person) =
        (uint16_t)said->persons;
}

void dais_fold_attendance(dais_fold_step_t *step)
{
    const dais_attendance_t *said = step->subject;
    dais_fold_organisation_t *org = dais_fold_org(step, said->organisation.bytes);
    if (org == NULL)
        return;
    *(said->mode == DAIS_MODE_ONLINE ? &org->attended_online : &org->attended_in_person) =
        (uint16_t)said->persons;
}

/* A correction has the fields of a decision behind the index of what it corrects. */
static void decision_add(dais_fold_step_t *step, const dais_decision_t *said, uint64_t corrects)
{
    dais_fold_decision_t *kept = DAIS_ARENA_ADD(&step->fold->arena, &step->model->decisions);
    dais_list_walk_t walk = dais_list_begin(&said->targets, &dais_shape_id_item);
    dais_id_item_t id;
    if (kept == NULL)
        return;
    kept->seq = step->entry->seq;
    kept->decision = *said;
    kept->corrects = corrects;
    for (size_t i = 0; dais_list_next(&walk, &id); i++) {
        size_t index =
            dais_fold_done(step, i) ? dais_fold_find(step->fold, id.value.bytes) : DAIS_FOLD_NONE;
        if (index != DAIS_FOLD_NONE)
            step->model->organisations.items[index].decided = step->entry->seq;
    }
}

void dais_fold_decision(dais_fold_step_t *step)
{
    decision_add(step, step->subject, 0);
}

void dais_fold_correction(dais_fold_step_t *step)
{
    const dais_correction_t *said = step->subject;
    dais_decision_t decision = {.question = said->question,
                                .targets = said->targets,
                                .manner = said->manner,
                                .yes = said->yes,
                                .no = said->no,
                                .abstained = said->abstained,
                                .result = said->result,
                                .majority = said->majority,
                                .body = said->body,
                                .session = said->session,
                                .deferred_to = said->deferred_to};
    decision_add(step, &decision, said->corrects);
    if (step->fold->arena.err != DAIS_OK)
        return;
    size_t last = step->model->decisions.count - 1;
    step->model->decisions.items[last].is_correction = true;
    for (size_t i = 0; i < last; i++) {
        if (step->model->decisions.items[i].seq == said->corrects)
            step->model->decisions.items[i].corrected_by = step->entry->seq;
    }
}

void dais_fold_referral(dais_fold_step_t *step)
{
    dais_fold_referral_t *kept = DAIS_ARENA_ADD(&step->fold->arena, &step->model->referrals);
    if (kept == NULL)
        return;
    kept->seq = step->entry->seq;
    kept->referral = *(const dais_referral_t *)step->subject;
}

static bool org_takes_part(const dais_fold_model_t *model, const dais_fold_organisation_t *org)
{
    dais_told_t told = model->ended != 0 ? org->told_at_end : org->told;
    bool is_in = told == DAIS_TOLD_ADMITTED || told == DAIS_TOLD_PROVISIONAL;
    switch (model->policy.participants_from) {
    case DAIS_POLICY_PARTICIPANTS_INVITED: return is_in && org->invited != 0;
    case DAIS_POLICY_PARTICIPANTS_ATTENDED:
        return is_in && org->attended_in_person + org->attended_online > 0;
    case DAIS_POLICY_PARTICIPANTS_ADMITTED:
    case DAIS_POLICY_PARTICIPANTS_NONE: break;
    }
    return is_in;
}

void dais_fold_finish_orgs(dais_fold_step_t *step)
{
    for (size_t i = 0; i < step->model->organisations.count; i++) {
        dais_fold_organisation_t *org = &step->model->organisations.items[i];
        org->takes_part = org_takes_part(step->model, org);
    }
}

unsigned dais_fold_category(const dais_fold_organisation_t *org)
{
    return org->confirmed_category != 0 ? org->confirmed_category : (unsigned)org->claims.category;
}

bool dais_fold_tallied(const dais_fold_model_t *model, const char *name, uint64_t *number)
{
    if (model->tallies.count == 0)
        return false;
    const dais_tally_t *last = &model->tallies.items[model->tallies.count - 1].tally;
    dais_list_walk_t walk = dais_list_begin(&last->counts, &dais_shape_count);
    dais_count_t count;
    while (dais_list_next(&walk, &count)) {
        if (!dais_slice_equal(count.name, dais_slice_text(name)))
            continue;
        *number = count.number;
        return true;
    }
    return false;
}

/* Whether it was let in beside the list, by its confirmed status alone. */
static bool org_by_route(const dais_fold_model_t *model, const dais_fold_organisation_t *org)
{
    return org->confirmed_ecosoc == DAIS_ANSWER_YES &&
           model->policy.ecosoc_route != DAIS_POLICY_ECOSOC_ROUTE_SAME_FORM;
}

dais_fold_account_t dais_fold_account(const dais_fold_model_t *model)
{
    dais_fold_account_t account = {0};
    for (size_t i = 0; i < model->organisations.count; i++) {
        const dais_fold_organisation_t *org = &model->organisations.items[i];
        account.shown += org->takes_part && !org_by_route(model, org);
    }
    account.has_account = dais_fold_tallied(model, "list.circulated", &account.circulated);
    if (account.has_account && account.circulated >= account.shown)
        account.not_shown = account.circulated - account.shown;
    (void)dais_fold_tallied(model, "routes.notified", &account.notified);
    (void)dais_fold_tallied(model, "routes.accorded", &account.accorded);
    return account;
}

void dais_fold_attended(const dais_fold_model_t *model, uint32_t of[8])
{
    memset(of, 0, 8 * sizeof of[0]);
    for (size_t i = 0; i < model->organisations.count; i++) {
        const dais_fold_organisation_t *org = &model->organisations.items[i];
        if (org->attended_in_person + org->attended_online > 0)
            of[dais_fold_category(org) & 7]++;
    }
}
