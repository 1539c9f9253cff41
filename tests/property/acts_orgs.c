/* SPDX-License-Identifier: Apache-2.0
 *
 * Applications and what the secretariat does with them. */
#include "tests/property/acts.h"

/* Mostly one that the policy takes. */
static unsigned act_category(act_t *act)
{
    unsigned category = chance_from(&act->chance, DAIS_CATEGORY_NGO, DAIS_CATEGORY_IGO);
    uint32_t taken = act->player->rules->policy.eligible_categories;
    bool is_taken = (taken >> category & 1) != 0;
    return is_taken || chance_percent(&act->chance, 10) ? category : DAIS_CATEGORY_NGO;
}

/* What applies to application and amendment alike. */
static void act_applicant(act_t *act)
{
    const dais_policy_t *policy = &act->player->rules->policy;
    act_text(act, "An organisation");
    act_number(act, act_category(act));
    act_text(act, ACT_PICK(act, "XA", "XG"));
    act_number(act, chance_from(&act->chance, 1, 2));
    act_number(act, chance_from(&act->chance, 1, 2));
    act_number(act, chance_from(&act->chance, 1, 2));
    act_number(act, chance_below(&act->chance, 4));
    unsigned place = act_list_open(act);
    unsigned count = 0;
    for (unsigned i = 0; i < policy->required_documents.count && i < 12; i++) {
        static const char *const codes[] = {
            "letter",           "purpose",         "programmes",        "interaction-with-un",
            "signed-letter",    "contact-form",    "statutes",          "registration",
            "non-profit-proof", "contact-details", "proof-of-activity", "annual-reports",
            "governing-body",   "membership",      "charter",           "pre-registration-form"};
        for (unsigned c = 0; c < sizeof codes / sizeof codes[0]; c++) {
            bool is_it =
                dais_slice_equal(policy->required_documents.items[i], dais_slice_text(codes[c]));
            if (is_it && chance_percent(&act->chance, 98)) {
                act_text(act, codes[c]);
                count++;
            }
        }
    }
    act_list_close(act, place, count);
    act_number(act, 0);
}

void act_apply(act_t *act)
{
    act_begin(act, DAIS_KIND_APPLICATION,
              chance_percent(&act->chance, 60) ? CAST_OFFICE : CAST_OTHER);
    act_number(act, chance_percent(&act->chance, 90)
                        ? NAME_NONE
                        : NAME_CARRIED + chance_below(&act->chance, 2));
    act_applicant(act);
}

void act_amend(act_t *act)
{
    uint64_t org = act_org(act, ACT_PRE_LIST);
    act_begin(act, DAIS_KIND_AMENDMENT, act_office(act, org));
    act_number(act, org);
    act_applicant(act);
}

void act_withdraw(act_t *act)
{
    uint64_t org = act_org(act, ACT_ANY);
    act_begin(act, DAIS_KIND_WITHDRAWAL, act_office(act, org));
    act_number(act, DAIS_THING_APPLICATION);
    act_number(act, org);
}

void act_confirm(act_t *act)
{
    act_begin(act, DAIS_KIND_STATUS_CONFIRMED, CAST_SEC);
    act_number(act, act_org(act, ACT_PRE_LIST | ACT_ON_LIST));
    act_number(act, act_category(act));
    act_number(act, chance_percent(&act->chance, 30) ? DAIS_ANSWER_YES : DAIS_ANSWER_NO);
    act_number(act, chance_percent(&act->chance, 25) ? DAIS_ANSWER_YES : DAIS_ANSWER_NO);
    act_text(act, "A document");
}

void act_screen(act_t *act)
{
    unsigned result =
        chance_percent(&act->chance, 78)
            ? DAIS_SCREENING_ELIGIBLE
            : chance_from(&act->chance, DAIS_SCREENING_INCOMPLETE, DAIS_SCREENING_DUPLICATE);
    act_begin(act, DAIS_KIND_SCREENING, CAST_SEC);
    act_number(
        act, act_org(act, result == DAIS_SCREENING_ELIGIBLE ? ACT_STATE(SUBMITTED) : ACT_PRE_LIST));
    act_number(act, result);
    act_text(act, result == DAIS_SCREENING_ELIGIBLE ? "" : ACT_PICK(act, "code", "other", "code"));
    act_number(act, result == DAIS_SCREENING_DUPLICATE ? act_org(act, ACT_ANY) : NAME_NONE);
}

void act_merge(act_t *act)
{
    act_begin(act, DAIS_KIND_MERGE, CAST_SEC);
    act_number(act, act_org(act, ACT_ANY));
    act_number(act, act_org(act, ACT_PRE_LIST));
}

void act_transfer(act_t *act)
{
    act_begin(act, DAIS_KIND_TRANSFER, CAST_SEC);
    act_number(act, act_org(act, ACT_ANY));
    act_number(act,
               NAME_ACTOR + ACT_PICK_NUMBER(act, cast[CAST_OFFICE].actor, cast[CAST_OTHER].actor,
                                            cast[CAST_OTHER].actor, cast[CAST_XA].actor));
}

void act_notice(act_t *act)
{
    act_begin(act, DAIS_KIND_NOTICE, CAST_SEC);
    act_number(act, act_org(act, ACT_ANY));
    act_number(act, ACT_PICK_NUMBER(act, DAIS_THING_APPLICATION, DAIS_THING_APPLICATION,
                                    DAIS_THING_OBJECTION, DAIS_THING_COMMENT, DAIS_THING_LIST));
    act_number(act, chance_percent(&act->chance, 30)
                        ? 0
                        : act_now(act) + chance_from(&act->chance, 0, 50));
}

void act_reply(act_t *act)
{
    const event_t *notice = act_earlier(act, DAIS_KIND_NOTICE);
    uint64_t org = notice != NULL ? notice->args[0].number : act_org(act, ACT_ANY);
    act_begin(act, DAIS_KIND_REPLY, act_office(act, org));
    act_number(act, org);
    act_number(act, notice != NULL ? ENTRY_OF(notice->uid) : 1);
}

void act_letter(act_t *act)
{
    act_begin(act, DAIS_KIND_CORRESPONDENCE, CAST_SEC);
    act_orgs(act, ACT_ANY, 3);
    act_text(act, "Ref. 1");
    act_number(act, 1);
}

/* An approval of the next version, or the endorsement of the list. */
void act_endorse(act_t *act)
{
    const dais_rules_t *rules = act->player->rules;
    bool approves = rules->policy.approver.role != DAIS_POLICY_BODY_NONE &&
                    (rules->cycle.settled == 0 || chance_percent(&act->chance, 10));
    dais_policy_body_t body =
        approves ? rules->policy.approver.role : rules->policy.endorsement.role;
    act_begin(act, DAIS_KIND_ENDORSEMENT,
              chance_percent(&act->chance, 94) ? act_body(body) : CAST_BUREAU);
    act_number(act, rules->cycle.list_version + (approves ? 1U : 0U));
    act_number(act,
               chance_percent(&act->chance, 75) ? DAIS_RESULT_CARRIED : DAIS_RESULT_NOT_CARRIED);
}
