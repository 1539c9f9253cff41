/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_RULES_FOLD_H
#define DAIS_RULES_FOLD_H

#include "base/arena.h"
#include "proto/opening.h"
#include "registry/rules/policy.h"
#include "registry/rules/state.h"
#include "registry/rules/verdict.h"

/* The public fold (docs/rules.md, section 10): what the public may know of a cycle, made from the
 * entries that are open to it and from nothing else. Publisher and public audit run it and hold no
 * more, so what they never had they cannot leak.
 *
 * It is a function of the set of open entries: they are kept as they come, in any order, and the
 * model is made from all of them by rising index. Opening one more entry later gives the same as
 * having had it from the start. */
typedef struct dais_fold dais_fold_t;

DAIS_MUST_CHECK dais_err_t dais_fold_create(dais_fold_t **fold);
void dais_fold_destroy(dais_fold_t **fold); /* *fold is null afterwards */

/* Takes an opened entry that dais_opening_check() has accepted and the caller has proved to be in
 * the log. All that is kept is copied. The same entry again takes the place of the first, so that
 * content which was erased goes. */
DAIS_MUST_CHECK dais_err_t dais_fold_take(dais_fold_t *fold, const dais_opened_t *opened);

/* One open entry. Slices and the message live as long as the fold, or until it is taken again. */
typedef struct {
    uint64_t seq;
    const dais_kind_t *kind;
    dais_record_t record;   /* with times and verdicts */
    dais_message_t message; /* of what an actor says; else zero */
    dais_own_t own;         /* of the registry's own kinds; else zero */
    dais_key_t key;         /* that signed the bundle; zero for own kinds */
    bool has_stamp;
    dais_key_t intake;           /* that stamped it; zero without a stamp */
    dais_slice_t public_content; /* null data: none is open, or it was erased */
    bool is_done;                /* some verdict has an effect */
    bool is_refused;             /* all verdicts refuse */
} dais_fold_entry_t;

/* What stands in the model is by rising index of the entry that made it. A seq of 0 is "none". */

typedef struct {
    bool is_set;
    uint64_t due; /* ms */
    uint64_t closes_at;
    uint64_t announced;
    uint64_t ticked;
    uint64_t ticked_at; /* logged_at of the tick */
    dais_slice_t local, zone;
} dais_fold_date_t;

typedef struct {
    dais_slice_t code, name, symbol;
    uint64_t concluded, concluded_at;
    uint64_t adopted, adopted_at;
} dais_fold_session_t;

typedef struct {
    uint64_t seq;
    dais_agenda_item_t item;
} dais_fold_agenda_t;

typedef struct {
    uint64_t seq;
    dais_document_t document;
} dais_fold_document_t;

typedef struct {
    uint64_t seq;
    dais_topic_t topic;
    uint32_t speakers;       /* stakeholders that spoke on it, each counted once */
    dais_slice_t quantifier; /* the policy's word for it; empty for none */
} dais_fold_topic_t;

typedef struct {
    dais_id_t id;
    uint64_t application;      /* the last opened application or amendment */
    uint64_t applied;          /* the first of those */
    dais_application_t claims; /* as that entry has them; zero if none is open */
    uint8_t confirmed_category, confirmed_ecosoc, confirmed_prior;
    dais_told_t told;
    uint64_t told_seq; /* the outcome that told it */
    dais_told_t told_at_end;
    uint64_t invited, withdrawn, decided;
    uint16_t registered_in_person, registered_online;
    uint16_t attended_in_person, attended_online;
    bool takes_part; /* on the participants list */
} dais_fold_organisation_t;

typedef struct {
    dais_id_t id;
    dais_id_t other_id;  /* of a text sent again before it was published; else zeros */
    uint64_t entry;      /* with the text in force */
    size_t organisation; /* index in organisations */
    dais_comment_t comment;
    dais_comment_state_t state;
    uint64_t published, ended; /* ended: superseded, retracted or withheld by this entry */
    size_t replaced_by;        /* index in comments, or DAIS_FOLD_NONE */
    size_t replaces;
} dais_fold_comment_t;

typedef struct {
    uint64_t seq;
    dais_suggestion_t suggestion;
    size_t comment;      /* index, or DAIS_FOLD_NONE */
    size_t intervention; /* index, or DAIS_FOLD_NONE */
} dais_fold_suggestion_t;

typedef struct {
    uint64_t seq;
    dais_intervention_t intervention;
    size_t organisation; /* index, or DAIS_FOLD_NONE */
} dais_fold_intervention_t;

typedef struct {
    uint64_t seq;
    dais_summary_t summary;
} dais_fold_summary_t;

typedef struct {
    uint64_t seq;
    bool is_correction;
    uint64_t corrects;     /* of a correction */
    uint64_t corrected_by; /* 0 while it stands */
    dais_decision_t decision;
} dais_fold_decision_t;

typedef struct {
    uint64_t seq;
    dais_referral_t referral;
} dais_fold_referral_t;

typedef struct {
    uint64_t seq;
    dais_list_version_t list;
} dais_fold_list_version_t;

typedef struct {
    uint64_t seq;
    dais_tally_t tally;
} dais_fold_tally_t;

typedef struct {
    uint64_t seq;
    size_t organisation;
    dais_slice_t fact, rule, value;
    bool is_lapse;
} dais_fold_outcome_t;

typedef struct {
    uint64_t seq;
    dais_roster_change_t change;
} dais_fold_roster_t;

/* Something in the open entries that does not agree with the rest of them. code is stable and
 * lives for ever. */
typedef struct {
    uint64_t seq;
    const char *code;
} dais_fold_finding_t;

#define DAIS_FOLD_NONE SIZE_MAX

typedef DAIS_ARENA_LIST(uint64_t) dais_fold_numbers_t;

typedef struct {
    uint64_t size; /* of the log that it is made for */
    bool has_genesis;
    dais_genesis_t genesis;
    dais_hash_t log;
    dais_policy_t policy; /* genesis with the values of the call in force */
    dais_call_t call;
    uint64_t call_seq, opened, listed, settled, ended, summarised, archived, cancelled, closed;
    dais_cycle_state_t state;
    dais_fold_date_t dates[DAIS_WORDS_END_date];
    uint64_t officers_seq;
    dais_officers_t officers;
    uint64_t present_seq;
    dais_presence_t presence;
    uint16_t list_version; /* of the last tally or open list version */
    DAIS_ARENA_LIST(dais_fold_session_t) sessions;
    DAIS_ARENA_LIST(dais_fold_agenda_t) agenda; /* by number */
    DAIS_ARENA_LIST(dais_fold_document_t) documents;
    DAIS_ARENA_LIST(dais_fold_topic_t) topics; /* by number */
    DAIS_ARENA_LIST(dais_fold_organisation_t) organisations;
    DAIS_ARENA_LIST(dais_fold_comment_t) comments;
    DAIS_ARENA_LIST(dais_fold_suggestion_t) suggestions;
    DAIS_ARENA_LIST(dais_fold_intervention_t) interventions;
    DAIS_ARENA_LIST(dais_fold_summary_t) summaries;
    DAIS_ARENA_LIST(dais_fold_decision_t) decisions;
    DAIS_ARENA_LIST(dais_fold_referral_t) referrals;
    DAIS_ARENA_LIST(dais_fold_list_version_t) list_versions;
    DAIS_ARENA_LIST(dais_fold_tally_t) tallies;
    DAIS_ARENA_LIST(dais_fold_outcome_t) outcomes;
    DAIS_ARENA_LIST(dais_fold_roster_t) roster;
    dais_fold_numbers_t withheld; /* entries named by an open withholding */
    dais_fold_numbers_t erased;   /* entries named by an erasure that is in force */
    DAIS_ARENA_LIST(dais_fold_finding_t) findings;
} dais_fold_model_t;

/* Makes the model from the open entries below `size`. It lives until the next call, and its slices
 * as long as the fold. Fails only for want of memory; what does not agree is among the findings. */
DAIS_MUST_CHECK dais_err_t dais_fold_make(dais_fold_t *fold, uint64_t size,
                                          const dais_fold_model_t **model);

/* The open entry of this index, or null. */
const dais_fold_entry_t *dais_fold_entry(const dais_fold_t *fold, uint64_t seq);

/* Whether one of its verdicts is this one. */
bool dais_fold_has_verdict(const dais_fold_entry_t *entry, dais_verdict_t verdict);

/* All of them by rising index; false after the last. Start with *seq = 0. */
bool dais_fold_next(const dais_fold_t *fold, uint64_t *seq, const dais_fold_entry_t **entry);
size_t dais_fold_count(const dais_fold_t *fold);

/* Index in model->organisations, or DAIS_FOLD_NONE. */
size_t dais_fold_find(const dais_fold_t *fold, const uint8_t *id);
size_t dais_fold_find_comment(const dais_fold_t *fold, const uint8_t *id);

/* Whether somebody who had the floor touched this topic. */
bool dais_fold_touches(const dais_fold_intervention_t *intervention, uint64_t topic);

/* The number of this name in the last tally; false if that has none, or there is no tally. */
bool dais_fold_tallied(const dais_fold_model_t *model, const char *name, uint64_t *number);

/* The category confirmed, else claimed; 0 if neither is open. */
unsigned dais_fold_category(const dais_fold_organisation_t *org);

/* How the participants list adds up: circulated = shown + not_shown; who came by another route than
 * the list stands beside it. has_account is false before there is a list. */
typedef struct {
    bool has_account;
    uint64_t circulated, shown, not_shown;
    uint64_t notified, accorded;
} dais_fold_account_t;

dais_fold_account_t dais_fold_account(const dais_fold_model_t *model);

/* Organisations that attended, by category, for dais_lists_sentence(). */
void dais_fold_attended(const dais_fold_model_t *model, uint32_t of[8]);

#endif
