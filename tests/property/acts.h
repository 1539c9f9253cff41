/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_PROPERTY_ACTS_H
#define DAIS_TESTS_PROPERTY_ACTS_H

#include "tests/property/chance.h"
#include "tests/property/player.h"

/* What may be said at random: each act fills in an event by the state as it is, mostly so that the
 * rules can accept it. The chooser (generate.h) picks among them and adds what makes no sense. */
typedef struct {
    chance_t chance;
    player_t *player;
    event_t *event;
    sequence_t *sequence; /* as far as it goes */
} act_t;

typedef void act_fn_t(act_t *act);

/* clang-format off */
act_fn_t
    act_call, act_open, act_session, act_report, act_officers, act_agenda, act_document, act_topic,
    act_register, act_presence, act_calendar, act_permit, act_cancel, act_closing, act_second,
    act_key, act_revoke, act_intake_lost, act_clock,
    act_apply, act_amend, act_withdraw, act_confirm, act_screen, act_merge, act_transfer,
    act_notice, act_reply, act_letter, act_list, act_endorse,
    act_object, act_sign, act_reason, act_withdraw_objection, act_request,
    act_refer, act_decide, act_correct,
    act_invite, act_register_persons, act_attend, act_speak,
    act_comment, act_rule_comment, act_withdraw_comment, act_suggest, act_summarise,
    act_disclose, act_withhold, act_erase;
/* clang-format on */

/* Building blocks. */
void act_begin(act_t *act, unsigned kind, unsigned who);
void act_number(act_t *act, uint64_t number);
void act_text(act_t *act, const char *text);

/* Opens a list; act_count() says how many elements it got. */
unsigned act_list_open(act_t *act);
void act_list_close(act_t *act, unsigned place, unsigned count);

/* One of the texts or numbers that follow. */
#define ACT_PICK(act, ...)                                                                         \
    ((const char *const[]){__VA_ARGS__}[chance_below(                                              \
        &(act)->chance, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))])
#define ACT_PICK_NUMBER(act, ...)                                                                  \
    ((const unsigned[]){__VA_ARGS__}[chance_below(                                                 \
        &(act)->chance, sizeof((const unsigned[]){__VA_ARGS__}) / sizeof(unsigned))])

/* Hours of the player's clock, and of a date (0 where it is not set). */
uint32_t act_now(const act_t *act);
uint32_t act_due(const act_t *act, unsigned date);

/* Name of an organisation in one of these states, given as bits; of any, or of none, if there is
 * none such. */
uint64_t act_org(act_t *act, uint32_t states);

/* The cast's office of this organisation, mostly. */
unsigned act_office(act_t *act, uint64_t org);
unsigned act_party(act_t *act);
unsigned act_state_of(const act_t *act);

/* Between 1 and `most` organisations of these states, as a list of ids. */
void act_orgs(act_t *act, uint32_t states, unsigned most);

/* An earlier event that was logged and is of this kind, or null. The newest ones are likelier. */
const event_t *act_earlier(act_t *act, unsigned kind);
/* The number that names its entry; of none, some number. */
uint64_t act_entry(act_t *act, unsigned kind);

/* Whoever is this role for the policy; the secretariat for none. */
unsigned act_body(dais_policy_body_t body);

#define ACT_STATE(name) (1U << DAIS_APPLICATION_##name)
#define ACT_PRE_LIST                                                                               \
    (ACT_STATE(SUBMITTED) | ACT_STATE(INCOMPLETE) | ACT_STATE(ELIGIBLE) |                          \
     ACT_STATE(SCREENED_OUT) | ACT_STATE(DUPLICATE))
#define ACT_HELD    (ACT_STATE(BLOCKED) | ACT_STATE(PENDING) | ACT_STATE(PROVISIONAL))
#define ACT_ON_LIST (ACT_STATE(LISTED) | ACT_STATE(UNOPPOSED) | ACT_STATE(CONTESTED) | ACT_HELD)
#define ACT_ANY     0xffffU

#endif
