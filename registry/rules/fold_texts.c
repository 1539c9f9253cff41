/* SPDX-License-Identifier: Apache-2.0
 *
 * What was said in writing and on the floor, as far as it is published: comments with their
 * rulings, suggestions, interventions, summaries; and what was withheld or erased. */
#include "registry/rules/fold_private.h"

#include <assert.h>

#include "registry/rules/lists.h"

#include "proto/kind.h"
#include "proto/shape.h"

static dais_fold_comment_t *comment_find(dais_fold_step_t *step, const uint8_t *id)
{
    size_t index = dais_fold_find_comment(step->fold, id);
    return index == DAIS_FOLD_NONE ? NULL : &step->model->comments.items[index];
}

/* A text that replaces one on which nobody has ruled yet takes its place; both ids then mean it. */
static bool comment_resent(dais_fold_step_t *step, const dais_comment_t *said)
{
    dais_fold_comment_t *old =
        said->replaces.size == DAIS_ID_SIZE ? comment_find(step, said->replaces.data) : NULL;
    if (old == NULL ||
        (old->state != DAIS_COMMENT_SUBMITTED && old->state != DAIS_COMMENT_RETURNED))
        return false;
    old->comment = *said;
    old->entry = step->entry->seq;
    old->state = DAIS_COMMENT_SUBMITTED;
    old->other_id = step->entry->message.id;
    dais_fold_remember(step->fold, &step->fold->comments, old->other_id.bytes,
                       (size_t)(old - step->model->comments.items));
    return true;
}

void dais_fold_comment(dais_fold_step_t *step)
{
    const dais_comment_t *said = step->subject;
    dais_fold_model_t *model = step->model;
    dais_fold_organisation_t *org = step->entry->message.on_behalf.size == DAIS_ID_SIZE
                                        ? dais_fold_org(step, step->entry->message.on_behalf.data)
                                        : NULL;
    if (org == NULL || comment_resent(step, said))
        return;
    dais_fold_comment_t *kept = DAIS_ARENA_ADD(&step->fold->arena, &model->comments);
    if (kept == NULL)
        return;
    *kept = (dais_fold_comment_t){.id = step->entry->message.id,
                                  .entry = step->entry->seq,
                                  .organisation = (size_t)(org - model->organisations.items),
                                  .comment = *said,
                                  .state = DAIS_COMMENT_SUBMITTED,
                                  .replaces = DAIS_FOLD_NONE,
                                  .replaced_by = DAIS_FOLD_NONE};
    if (said->replaces.size == DAIS_ID_SIZE)
        kept->replaces = dais_fold_find_comment(step->fold, said->replaces.data);
    dais_fold_remember(step->fold, &step->fold->comments, kept->id.bytes,
                       model->comments.count - 1);
}

static void comment_publish(dais_fold_step_t *step, dais_fold_comment_t *comment)
{
    size_t index = (size_t)(comment - step->model->comments.items);
    comment->state = DAIS_COMMENT_PUBLISHED;
    if (comment->published == 0)
        comment->published = step->entry->seq;
    if (comment->replaces == DAIS_FOLD_NONE)
        return;
    dais_fold_comment_t *old = &step->model->comments.items[comment->replaces];
    old->replaced_by = index;
    if (old->state != DAIS_COMMENT_ACCEPTED && old->state != DAIS_COMMENT_PUBLISHED)
        return;
    old->state = DAIS_COMMENT_SUPERSEDED;
    old->ended = step->entry->seq;
}

void dais_fold_comment_ruling(dais_fold_step_t *step)
{
    const dais_comment_ruling_t *said = step->subject;
    dais_fold_comment_t *comment = comment_find(step, said->comment.bytes);
    if (comment == NULL)
        return; /* Disclosed by itself: the comment is closed. */
    if (said->ruling == DAIS_RULING_RETURN)
        comment->state = DAIS_COMMENT_RETURNED;
    else if (said->ruling == DAIS_RULING_ACCEPT)
        comment->state = DAIS_COMMENT_ACCEPTED;
    else if (said->ruling == DAIS_RULING_PUBLISH)
        comment_publish(step, comment);
    else {
        comment->state = DAIS_COMMENT_WITHHELD;
        comment->ended = step->entry->seq;
    }
}

void dais_fold_withdrawal(dais_fold_step_t *step)
{
    const dais_withdrawal_t *said = step->subject;
    if (said->thing == DAIS_THING_APPLICATION) {
        dais_fold_organisation_t *org = dais_fold_org(step, said->id.bytes);
        if (org != NULL)
            org->withdrawn = step->entry->seq;
        return;
    }
    dais_fold_comment_t *comment = comment_find(step, said->id.bytes);
    if (comment == NULL)
        return;
    comment->state = DAIS_COMMENT_RETRACTED;
    comment->ended = step->entry->seq;
}

void dais_fold_intervention(dais_fold_step_t *step)
{
    const dais_intervention_t *said = step->subject;
    dais_fold_organisation_t *org = said->organisation.size == DAIS_ID_SIZE
                                        ? dais_fold_org(step, said->organisation.data)
                                        : NULL;
    dais_fold_intervention_t *kept =
        DAIS_ARENA_ADD(&step->fold->arena, &step->model->interventions);
    if (kept == NULL)
        return;
    kept->seq = step->entry->seq;
    kept->intervention = *said;
    kept->organisation =
        org == NULL ? DAIS_FOLD_NONE : (size_t)(org - step->model->organisations.items);
}

static size_t intervention_find(const dais_fold_model_t *model, uint64_t seq)
{
    for (size_t i = model->interventions.count; i-- > 0;) {
        if (model->interventions.items[i].seq == seq)
            return i;
    }
    return DAIS_FOLD_NONE;
}

void dais_fold_suggestion(dais_fold_step_t *step)
{
    const dais_suggestion_t *said = step->subject;
    bool in_comment = said->comment.size == DAIS_ID_SIZE;
    size_t comment =
        in_comment ? dais_fold_find_comment(step->fold, said->comment.data) : DAIS_FOLD_NONE;
    size_t intervention =
        in_comment ? DAIS_FOLD_NONE : intervention_find(step->model, said->intervention);
    if (comment == DAIS_FOLD_NONE && intervention == DAIS_FOLD_NONE)
        return; /* Of what is closed. */
    dais_fold_suggestion_t *kept = DAIS_ARENA_ADD(&step->fold->arena, &step->model->suggestions);
    if (kept == NULL)
        return;
    *kept = (dais_fold_suggestion_t){.seq = step->entry->seq,
                                     .suggestion = *said,
                                     .comment = comment,
                                     .intervention = intervention};
}

void dais_fold_summary(dais_fold_step_t *step)
{
    dais_fold_summary_t *kept = DAIS_ARENA_ADD(&step->fold->arena, &step->model->summaries);
    if (kept == NULL)
        return;
    kept->seq = step->entry->seq;
    kept->summary = *(const dais_summary_t *)step->subject;
    if (step->model->summarised == 0)
        step->model->summarised = step->entry->seq;
    step->model->state = DAIS_CYCLE_SUMMARISED;
    dais_fold_file(step);
}

static void name_entry(dais_fold_step_t *step, dais_fold_numbers_t *numbers, uint64_t seq)
{
    uint64_t *kept = DAIS_ARENA_ADD(&step->fold->arena, numbers);
    if (kept != NULL)
        *kept = seq;
}

void dais_fold_withholding(dais_fold_step_t *step)
{
    const dais_withholding_t *said = step->subject;
    dais_list_walk_t walk = dais_list_begin(&said->entries, &dais_shape_number_item);
    dais_number_item_t number;
    for (size_t i = 0; dais_list_next(&walk, &number); i++) {
        if (dais_fold_done(step, i))
            name_entry(step, &step->model->withheld, number.value);
    }
}

/* An erasure takes effect by the second that names it. */
static void erasure_take(dais_fold_step_t *step, const dais_fold_entry_t *erasure)
{
    dais_erasure_t said;
    dais_number_item_t number;
    dais_fold_step_t of = *step;
    of.entry = erasure;
    dais_fault_t fault = dais_shape_decode(&dais_shape_erasure, erasure->message.subject, &said);
    assert(fault.err == DAIS_OK); /* It was taken in this shape. */
    (void)fault;
    dais_list_walk_t walk = dais_list_begin(&said.entries, &dais_shape_number_item);
    for (size_t i = 0; dais_list_next(&walk, &number); i++) {
        if (dais_fold_done(&of, i))
            name_entry(step, &step->model->erased, number.value);
    }
}

void dais_fold_second(dais_fold_step_t *step)
{
    const dais_second_t *said = step->subject;
    const dais_fold_entry_t *first = dais_fold_entry(step->fold, said->seq);
    if (first != NULL && first->kind->number == DAIS_KIND_ERASURE)
        erasure_take(step, first);
}

bool dais_fold_touches(const dais_fold_intervention_t *intervention, uint64_t topic)
{
    dais_list_walk_t walk =
        dais_list_begin(&intervention->intervention.topics, &dais_shape_number_item);
    dais_number_item_t number;
    while (dais_list_next(&walk, &number)) {
        if (number.value == topic)
            return true;
    }
    return false;
}

/* Each stakeholder counts once for a topic, however often it spoke. */
static bool spoke_before(const dais_fold_model_t *model, size_t intervention, uint64_t topic)
{
    const dais_fold_intervention_t *items = model->interventions.items;
    for (size_t i = 0; i < intervention; i++) {
        if (items[i].organisation == items[intervention].organisation &&
            dais_fold_touches(&items[i], topic))
            return true;
    }
    return false;
}

static uint32_t speakers_of(const dais_fold_model_t *model, uint64_t topic)
{
    uint32_t count = 0;
    for (size_t i = 0; i < model->interventions.count; i++) {
        const dais_fold_intervention_t *intervention = &model->interventions.items[i];
        count += intervention->organisation != DAIS_FOLD_NONE &&
                 dais_fold_touches(intervention, topic) && !spoke_before(model, i, topic);
    }
    return count;
}

void dais_fold_finish_topics(dais_fold_step_t *step)
{
    dais_fold_model_t *model = step->model;
    for (size_t i = 0; i < model->topics.count; i++) {
        dais_fold_topic_t *topic = &model->topics.items[i];
        topic->speakers = speakers_of(model, topic->topic.number);
        topic->quantifier = dais_lists_quantifier(&model->policy, topic->speakers);
    }
}
