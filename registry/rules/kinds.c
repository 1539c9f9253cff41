/* SPDX-License-Identifier: Apache-2.0
 *
 * Which role may say what in which states of the cycle (docs/rules.md, 6), as one table. */
#include "registry/rules/rules_private.h"

#define O (1U << DAIS_ROLE_OFFICE)
#define P (1U << DAIS_ROLE_PARTY)
#define S (1U << DAIS_ROLE_SECRETARIAT)
#define C (1U << DAIS_ROLE_CHAIR)

/* NOLINTBEGIN(bugprone-macro-parentheses): names of kinds */
#define ONE(NAME, name, roles, first, last)                                                        \
    [DAIS_KIND_##NAME] = {roles, first, last, false, dais_kind_##name, NULL, 0, NULL}
#define FOR_ORG(NAME, name, roles, first, last)                                                    \
    [DAIS_KIND_##NAME] = {roles, first, last, true, dais_kind_##name, NULL, 0, NULL}
#define MANY(NAME, name, roles, first, last, list, element)                                        \
    [DAIS_KIND_##NAME] = {roles,                                                                   \
                          first,                                                                   \
                          last,                                                                    \
                          false,                                                                   \
                          dais_kind_##name,                                                        \
                          dais_target_##name,                                                      \
                          offsetof(dais_##name##_t, list),                                         \
                          &dais_shape_##element}
/* NOLINTEND(bugprone-macro-parentheses) */

static const dais_kind_entry_t kinds_entries[] = {
    ONE(CALL, call, S, 1, 1),
    ONE(OPEN, open, S, 1, 1),
    ONE(SESSION_CONCLUDED, session_concluded, S, 2, 9),
    ONE(REPORT_ADOPTED, report_adopted, S, 2, 9),
    ONE(OFFICERS, officers, S, 1, 9),
    ONE(AGENDA_ITEM, agenda_item, S, 1, 9),
    ONE(DOCUMENT, document, S, 1, 9),
    ONE(TOPIC, topic, S, 1, 9),
    ONE(REGISTER_CHANGE, register_change, S, 1, 9),
    ONE(PRESENCE, presence, S, 2, 9),
    ONE(CALENDAR_CHANGE, calendar_change, S, 2, 9),
    ONE(LATE_PERMIT, late_permit, S, 2, 9),
    ONE(CANCELLATION, cancellation, S, 1, 6),
    ONE(CLOSING_ORDER, closing_order, S, 10, 11),
    ONE(SECOND, second, S, 1, 11),
    ONE(ROSTER_CHANGE, roster_change, S, 1, 11),
    ONE(INTAKE_LOST, intake_lost, S, 1, 11),
    ONE(CLOCK_ACCEPTED, clock_accepted, S, 1, 11),
    FOR_ORG(APPLICATION, application, O, 1, 9),
    FOR_ORG(AMENDMENT, amendment, O, 2, 7),
    FOR_ORG(WITHDRAWAL, withdrawal, O, 2, 11),
    ONE(STATUS_CONFIRMED, status_confirmed, S, 2, 7),
    ONE(SCREENING, screening, S, 2, 7),
    ONE(MERGE, merge, S, 2, 7),
    ONE(TRANSFER, transfer, S, 2, 9),
    ONE(NOTICE, notice, S, 2, 9),
    FOR_ORG(REPLY, reply, O, 2, 9),
    MANY(CORRESPONDENCE, correspondence, S, 1, 9, organisations, id_item),
    ONE(LIST_VERSION, list_version, S | DAIS_BY_LIST_MAKER, 2, 5),
    ONE(ENDORSEMENT, endorsement, DAIS_BY_APPROVER | DAIS_BY_ENDORSER, 2, 7),
    MANY(OBJECTION, objection, P, 1, 9, targets, objected),
    MANY(CO_SIGNATURE, co_signature, P, 1, 9, targets, objected),
    MANY(REASON_ADDED, reason_added, P, 4, 9, targets, objected),
    MANY(OBJECTION_WITHDRAWAL, objection_withdrawal, P, 1, 11, targets, id_item),
    MANY(DISCLOSURE_REQUEST, disclosure_request, P, 4, 9, targets, id_item),
    MANY(REFERRAL, referral, S, 4, 10, targets, id_item),
    MANY(DECISION, decision, DAIS_BY_DECIDER | DAIS_BY_ENDORSER, 1, 11, targets, id_item),
    MANY(CORRECTION, correction, DAIS_BY_DECIDER | DAIS_BY_ENDORSER, 1, 11, targets, id_item),
    MANY(INVITATION, invitation, S, 2, 7, targets, id_item),
    ONE(REGISTRATION, registration, S, 2, 9),
    ONE(ATTENDANCE, attendance, S, 7, 9),
    ONE(INTERVENTION, intervention, S, 7, 9),
    FOR_ORG(COMMENT, comment, O, 2, 9),
    ONE(COMMENT_RULING, comment_ruling, S, 2, 9),
    ONE(SUGGESTION, suggestion, S, 2, 9),
    ONE(SUMMARY, summary, C, 8, 9),
    MANY(DISCLOSURE, disclosure, S, 2, 11, entries, number_item),
    MANY(WITHHOLDING, withholding, S, 8, 11, entries, number_item),
    MANY(ERASURE, erasure, S, 2, 11, entries, number_item),
};

const dais_kind_entry_t *dais_kind_entry(unsigned kind)
{
    if (kind >= sizeof kinds_entries / sizeof kinds_entries[0] || kinds_entries[kind].rule == NULL)
        return NULL;
    return &kinds_entries[kind];
}

uint32_t dais_rules_roles(unsigned kind)
{
    const uint32_t by_policy =
        DAIS_BY_LIST_MAKER | DAIS_BY_APPROVER | DAIS_BY_ENDORSER | DAIS_BY_DECIDER;
    const dais_kind_entry_t *entry = dais_kind_entry(kind);
    return entry == NULL || (entry->roles & by_policy) != 0 ? 0 : entry->roles;
}
