/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of the rules share and nobody else sees. */
#ifndef DAIS_RULES_RULES_PRIVATE_H
#define DAIS_RULES_RULES_PRIVATE_H

#include "registry/rules/dates.h"
#include "registry/rules/rules.h"

#define DAIS_DATE_COUNT ((unsigned)DAIS_WORDS_END_date)

struct dais_rules {
    dais_rules_store_t *store;
    dais_hash_t log;
    uint64_t size; /* entries applied; the number of the one under rule is `seq` */
    uint64_t seq;
    dais_move_fn_t *moved;
    void *moved_context;

    /* At hand, and written back at the end of each call. */
    dais_cycle_row_t cycle;
    dais_cycle_row_t cycle_stored;

    /* At hand, and written through. */
    bool date_set[DAIS_DATE_COUNT];
    dais_date_row_t dates[DAIS_DATE_COUNT];

    dais_policy_t frozen;  /* of genesis alone; its slices point into frozen_text */
    dais_policy_t policy;  /* in force; its slices point into call_text too */
    uint8_t *frozen_text;  /* owned */
    uint8_t *call_subject; /* owned; the packed subject of the call in force, or null */
};

/* Rows with their numbers. A row is read, changed and put back; putting it back
 * keeps every count of the cycle that depends on it, so no other place counts. */
typedef struct {
    uint32_t number;
    dais_organisation_row_t row;
    dais_organisation_row_t stored; /* as the counts know it; zeros for a new one */
} dais_org_t;

typedef struct {
    uint32_t number;
    dais_objection_row_t row;
    dais_objection_row_t stored;
} dais_ob_t;

/* A message under rule. */
typedef struct {
    dais_rules_t *rules;
    const dais_rules_facts_t *facts;
    const dais_kind_t *kind;
    const dais_message_t *message;
    const void *subject; /* the decoded struct of kind->subject */
    dais_roster_who_t who;
    dais_cycle_state_t cycle_state; /* as it was before the message */
    /* What the entry is about, set by the kind; forgotten if the message is refused. */
    dais_scope_t scope;
    uint64_t scope_number;
    uint64_t target;       /* of the target under rule, for its row in TARGET; 0 before each */
    uint32_t place;        /* of the target under rule, from 0 */
    dais_verdict_t timing; /* kinds with targets: what the message-level checks found out */
} dais_step_t;

/* One kind. `rule` makes the message-level checks and gives ACCEPTED to go on; for a kind without
 * targets it has the effect as well. `target` rules on one element, and sets step->target. */
typedef dais_verdict_t dais_kind_rule_t(dais_step_t *step);
typedef dais_verdict_t dais_kind_target_t(dais_step_t *step, const void *element);

/* Roles that a policy names, beside the bits 1 << DAIS_ROLE_... */
enum {
    DAIS_BY_LIST_MAKER = 1 << 16,
    DAIS_BY_APPROVER = 1 << 17,
    DAIS_BY_ENDORSER = 1 << 18,
    DAIS_BY_DECIDER = 1 << 19
};

typedef struct {
    uint32_t roles;
    uint16_t first_state, last_state; /* of the cycle */
    bool is_for_organisation;         /* may be said on behalf of one */
    dais_kind_rule_t *rule;
    dais_kind_target_t *target; /* null for one verdict */
    size_t targets_offset;      /* of the list in the subject; 0 if there is none */
    const dais_shape_t *element;
} dais_kind_entry_t;

/* Null for a kind that no message has. */
const dais_kind_entry_t *dais_kind_entry(unsigned kind);

/* clang-format off */
dais_kind_rule_t
    dais_kind_call, dais_kind_open,
    dais_kind_session_concluded, dais_kind_report_adopted, dais_kind_officers,
    dais_kind_agenda_item, dais_kind_document, dais_kind_topic, dais_kind_register_change,
    dais_kind_presence, dais_kind_calendar_change, dais_kind_late_permit, dais_kind_cancellation,
    dais_kind_closing_order, dais_kind_second,
    dais_kind_roster_change, dais_kind_intake_lost, dais_kind_clock_accepted,
    dais_kind_application, dais_kind_amendment, dais_kind_withdrawal,
    dais_kind_status_confirmed, dais_kind_screening, dais_kind_merge, dais_kind_transfer,
    dais_kind_notice, dais_kind_reply, dais_kind_correspondence,
    dais_kind_list_version, dais_kind_endorsement,
    dais_kind_objection, dais_kind_co_signature, dais_kind_reason_added,
    dais_kind_objection_withdrawal, dais_kind_disclosure_request,
    dais_kind_referral, dais_kind_decision, dais_kind_correction,
    dais_kind_invitation, dais_kind_registration, dais_kind_attendance, dais_kind_intervention,
    dais_kind_comment, dais_kind_comment_ruling, dais_kind_suggestion, dais_kind_summary,
    dais_kind_disclosure, dais_kind_withholding, dais_kind_erasure;

dais_kind_target_t
    dais_target_correspondence, dais_target_objection, dais_target_co_signature,
    dais_target_reason_added, dais_target_objection_withdrawal, dais_target_disclosure_request,
    dais_target_referral, dais_target_decision, dais_target_correction, dais_target_invitation,
    dais_target_disclosure, dais_target_withholding, dais_target_erasure;
/* clang-format on */

/* step.c: what every kind needs. */

/* Does it name another organisation than the one of this id? */
bool dais_step_for_other(const dais_step_t *step, const uint8_t *id);

/* Is the author the office of org? */
bool dais_step_acts(const dais_step_t *step, const dais_org_t *org);

void dais_step_about(dais_step_t *step, dais_scope_t scope, uint64_t number);

/* Row of the table TARGET of this entry. */
void dais_step_put_target(dais_step_t *step, uint32_t place, uint64_t number);

/* Keeps the entry until it is seconded. key may be null. */
void dais_step_await(dais_step_t *step, const dais_key_t *key, uint64_t at);

/* The role that a policy's body is; 0 for none. */
unsigned dais_step_role_of(dais_policy_body_t body);

/* Is the value "in words of the policy" there? An empty list holds nothing. */
bool dais_step_has_word(const dais_policy_word_list_t *words, dais_slice_t word);

/* States by their codes. Find gives 0; add makes one, neither entitled nor present. */
uint32_t dais_step_find_state(dais_rules_t *rules, dais_slice_t code);
uint32_t dais_step_add_state(dais_rules_t *rules, dais_slice_t code);

/* Elements of a list of states, each once? */
bool dais_step_states_distinct(const dais_list_t *states);

/* LATE, TIMELY or nothing, for the marks of an organisation or comment. */
uint8_t dais_step_marks(dais_verdict_t timing);

/* kind_text.c: the withdrawal of a comment. */
dais_verdict_t dais_comment_withdraw(dais_step_t *step, const dais_id_t *id);

/* Is there an item of the agenda, or a topic, of this number? */
bool dais_step_knows(dais_rules_t *rules, dais_table_t table, uint64_t number);
bool dais_step_topics_known(dais_rules_t *rules, const dais_list_t *topics);

/* move.c */
DAIS_MUST_CHECK bool dais_org_get(dais_rules_t *rules, uint64_t number, dais_org_t *org);
DAIS_MUST_CHECK bool dais_org_find(dais_rules_t *rules, const dais_id_t *id, dais_org_t *org);
uint32_t dais_org_count(dais_rules_t *rules);

/* A new one with its id; state, category and so on are the caller's to set before it is put. */
void dais_org_add(dais_rules_t *rules, const dais_id_t *id, dais_org_t *org);
void dais_org_put(dais_rules_t *rules, dais_org_t *org);

/* Along the table; the same state is no move, and leaves the cause. NONE leaves the cause too. */
void dais_org_move(dais_rules_t *rules, dais_org_t *org, dais_application_state_t to,
                   dais_cause_t cause);
void dais_org_touch(dais_rules_t *rules, const dais_org_t *org);

/* Gives it the next place in the order of priority. */
void dais_org_rank(dais_rules_t *rules, dais_org_t *org);

unsigned dais_org_category(const dais_organisation_row_t *row);
bool dais_org_is_in(const dais_org_t *org);
bool dais_org_is_pre_list(const dais_org_t *org);

/* The objections are of this org: its counts move with theirs, and it is put by the caller. */
DAIS_MUST_CHECK bool dais_ob_last(dais_rules_t *rules, const dais_org_t *org, uint32_t state,
                                  dais_ob_t *ob);
void dais_ob_add(dais_rules_t *rules, dais_org_t *org, uint32_t state, uint32_t reason,
                 dais_ob_t *ob);
void dais_ob_put(dais_rules_t *rules, dais_org_t *org, dais_ob_t *ob);

/* Moves along the table; an end sets `ended`, standing sets `stood`. Puts it. */
void dais_ob_move(dais_rules_t *rules, dais_org_t *org, dais_ob_t *ob, dais_objection_state_t to);

/* Walks the last objection of each State to org, by State: start with *state = 0. */
DAIS_MUST_CHECK bool dais_ob_next(dais_rules_t *rules, const dais_org_t *org, uint32_t *state,
                                  dais_ob_t *ob);

/* Cases. 0 if org has none. */
DAIS_MUST_CHECK bool dais_case_get(dais_rules_t *rules, const dais_org_t *org,
                                   dais_case_row_t *row);
void dais_case_put(dais_rules_t *rules, const dais_org_t *org, const dais_case_row_t *row);
void dais_case_move(dais_rules_t *rules, dais_org_t *org, dais_case_row_t *row,
                    dais_case_state_t to);
/* Beside the table, with the row's other fields as they are. */
void dais_case_restore(dais_rules_t *rules, dais_org_t *org, dais_case_row_t *row, unsigned to);
void dais_carried_restore(dais_rules_t *rules, uint32_t number, dais_carried_row_t *row,
                          unsigned to);
bool dais_case_is_open(unsigned state);
DAIS_MUST_CHECK bool dais_case_has_open(dais_rules_t *rules, const dais_org_t *org);

/* The carried case of this id with the lowest number above *number; start with 0. */
DAIS_MUST_CHECK bool dais_carried_next(dais_rules_t *rules, const dais_id_t *id, uint32_t *number,
                                       dais_carried_row_t *row);
void dais_carried_move(dais_rules_t *rules, uint32_t number, dais_carried_row_t *row,
                       dais_case_state_t to);

/* Comments and the cycle, along their tables. */
void dais_comment_move(dais_rules_t *rules, uint32_t number, dais_comment_row_t *row,
                       dais_comment_state_t to);
void dais_cycle_move(dais_rules_t *rules, dais_cycle_state_t to);

/* For what is put back beside the tables. */
void dais_move_report(dais_rules_t *rules, const dais_move_t *move);

/* dates.c */
bool dais_dates_is_set(const dais_rules_t *rules, unsigned date);
bool dais_dates_is_ticked(const dais_rules_t *rules, unsigned date);
uint64_t dais_dates_due(const dais_rules_t *rules, unsigned date);    /* 0 if it is not set */
uint64_t dais_dates_closes(const dais_rules_t *rules, unsigned date); /* with the grace */
void dais_dates_put(dais_rules_t *rules, unsigned date, uint64_t due, uint64_t ticked);
void dais_dates_clear(dais_rules_t *rules);
void dais_dates_load(dais_rules_t *rules);

/* DEADLINE(date) for the author of a message: ACCEPTED, ACCEPTED_LATE, TIMELY_AFTER_TICK, LATE. */
dais_verdict_t dais_dates_deadline(const dais_step_t *step, unsigned date, unsigned thing);

/* Instants as they would be. */
typedef struct {
    bool is_set[DAIS_DATE_COUNT];
    uint64_t due[DAIS_DATE_COUNT];
} dais_dates_plan_t;

dais_dates_plan_t dais_dates_plan(const dais_rules_t *rules);
/* Lays the dates of an entry over the plan: DATE_NOT_USED for one that is not expected, or is there
 * twice; DATE_MISSING for one that is expected and not there; else ACCEPTED. */
typedef bool dais_dates_expected_t(const dais_policy_t *policy, unsigned date);
dais_verdict_t dais_dates_take(const dais_list_t *dates, const dais_policy_t *policy,
                               dais_dates_expected_t *expected, dais_dates_plan_t *plan);

/* Puts the dates of an entry that was accepted. */
void dais_dates_announce(dais_rules_t *rules, const dais_list_t *dates);

bool dais_dates_in_order(const dais_policy_t *policy, const dais_dates_plan_t *plan);

/* cycle.c */
void dais_cycle_begin(dais_rules_t *rules);
void dais_cycle_file(dais_rules_t *rules);
void dais_cycle_settle(dais_rules_t *rules);
void dais_cycle_end(dais_rules_t *rules);
void dais_cycle_endorse(dais_rules_t *rules);

/* A tally is due, unless it would have no number. */
void dais_cycle_tally(dais_rules_t *rules);

/* weigh.c: the effect of objections. They change *org and do not put it. */
bool dais_weigh_reached(const dais_rules_t *rules, const dais_org_t *org);
void dais_weigh_raise(dais_rules_t *rules, dais_org_t *org);
void dais_weigh_urge(dais_rules_t *rules, dais_org_t *org);
void dais_weigh_moot(dais_rules_t *rules, dais_org_t *org);
void dais_weigh(dais_rules_t *rules, dais_org_t *org);
void dais_weigh_settle(dais_rules_t *rules, dais_org_t *org);
void dais_weigh_end(dais_rules_t *rules, dais_org_t *org);

/* Standing ones lapse and lodged ones become invalid. */
void dais_weigh_drop_standing(dais_rules_t *rules, dais_org_t *org);
void dais_weigh_drop_lodged(dais_rules_t *rules, dais_org_t *org, bool with_timely);

/* Both, and an open case becomes moot whatever is lodged. */
void dais_weigh_withdraw(dais_rules_t *rules, dais_org_t *org);

/* kind_objection.c: may this State object as of now; has the organisation come before the States?
 */
bool dais_objection_is_entitled(dais_rules_t *rules, uint32_t state);
bool dais_objection_is_listed(const dais_org_t *org);

/* tick.c: OWN_WRONG, or the tick has its effect. */
DAIS_MUST_CHECK dais_err_t dais_tick_apply(dais_rules_t *rules, const dais_tick_t *tick);

/* due.c: the word that the public is told, and what follows from an own entry that is due. */
dais_told_t dais_due_told(const dais_rules_t *rules, const dais_organisation_row_t *row);
const char *dais_due_told_word(dais_told_t told);
const dais_kind_t *dais_due_first(dais_rules_t *rules, dais_writer_t *subject);
DAIS_MUST_CHECK dais_err_t dais_due_apply(dais_rules_t *rules, const dais_kind_t *kind,
                                          dais_slice_t subject, dais_entry_row_t *entry);

/* rules.c: the cycle's row and the policy in force, after a call has been kept. */
DAIS_MUST_CHECK dais_err_t dais_rules_use_call(dais_rules_t *rules, dais_slice_t subject);

/* The store's error if it has one, else err: what was not found in a store that failed proves
 * nothing about the log. */
dais_err_t dais_rules_err(const dais_rules_t *rules, dais_err_t err);

/* Writes the cycle back and says what the store has to say. */
DAIS_MUST_CHECK dais_err_t dais_rules_flush(dais_rules_t *rules);
void dais_rules_put_entry(dais_rules_t *rules, const dais_entry_row_t *row);

/* Is an own entry due? What it would say is not asked. */
bool dais_rules_owes(dais_rules_t *rules);

/* The key of the index of messages. */
typedef struct {
    uint8_t bytes[DAIS_ID_SIZE + 4];
} dais_message_key_t;

dais_message_key_t dais_rules_message_key(const dais_id_t *id, uint32_t actor_number);

#endif
