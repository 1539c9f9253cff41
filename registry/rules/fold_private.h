/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_RULES_FOLD_PRIVATE_H
#define DAIS_RULES_FOLD_PRIVATE_H

#include "registry/rules/fold.h"
#include "registry/rules/store_index.h"

struct dais_fold {
    /* Open entries by rising index; each has an allocation of its own, so that one that is taken
     * again can go. */
    dais_fold_entry_t **entries;
    size_t count;
    size_t capacity;
    dais_genesis_t genesis; /* of entry 0; slices point into its bytes */
    dais_hash_t log;
    dais_policy_t frozen; /* of genesis */
    bool has_genesis;

    /* Made anew by each dais_fold_make(). */
    dais_fold_model_t model;
    dais_arena_t arena;
    dais_store_index_t orgs; /* id -> index in the model, plus 1 */
    dais_store_index_t comments;
    uint8_t secret[16]; /* of both; crypto_shorthash_KEYBYTES */
};

/* An entry in the making of the model; subject is the decoded struct of its kind. */
typedef struct {
    dais_fold_t *fold;
    dais_fold_model_t *model;
    const dais_fold_entry_t *entry;
    const void *subject;
} dais_fold_step_t;

void dais_fold_finding(dais_fold_step_t *step, const char *code);

/* Whether the verdict on target `place` has an effect. */
bool dais_fold_done(const dais_fold_step_t *step, size_t place);

/* The organisation of this id, made if it is not there; null without memory. */
dais_fold_organisation_t *dais_fold_org(dais_fold_step_t *step, const uint8_t *id);

/* Adds an id to one of the indexes. */
void dais_fold_remember(dais_fold_t *fold, dais_store_index_t *ids, const uint8_t *id,
                        size_t index);

/* fold_frame.c, fold_orgs.c, fold_texts.c: what each kind does. */
typedef void dais_fold_kind_t(dais_fold_step_t *step);
dais_fold_kind_t dais_fold_call, dais_fold_open, dais_fold_session_concluded,
    dais_fold_report_adopted, dais_fold_officers, dais_fold_agenda_item, dais_fold_document,
    dais_fold_topic, dais_fold_presence, dais_fold_calendar_change, dais_fold_cancellation,
    dais_fold_tick, dais_fold_close, dais_fold_roster_change, dais_fold_list_version,
    dais_fold_tally, dais_fold_application, dais_fold_amendment, dais_fold_withdrawal,
    dais_fold_status_confirmed, dais_fold_outcome, dais_fold_lapse, dais_fold_invitation,
    dais_fold_registration, dais_fold_attendance, dais_fold_decision, dais_fold_correction,
    dais_fold_referral, dais_fold_comment, dais_fold_comment_ruling, dais_fold_suggestion,
    dais_fold_intervention, dais_fold_summary, dais_fold_withholding, dais_fold_erasure,
    dais_fold_second;

/* The cycle begins, or goes to the archive, once all that it waits for is there. */
void dais_fold_begin(dais_fold_step_t *step);
void dais_fold_file(dais_fold_step_t *step);

/* After the last entry: who takes part, how many spoke on each topic, what does not agree. */
void dais_fold_finish_orgs(dais_fold_step_t *step);
void dais_fold_finish_topics(dais_fold_step_t *step);
void dais_fold_check(dais_fold_step_t *step);

#endif
