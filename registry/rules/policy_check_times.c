/* SPDX-License-Identifier: Apache-2.0
 *
 * Contradictions about times. Policies hold no dates, so only what is wrong under every calendar
 * is refused here; the rest shows when a call resolves its dates. */
#include "registry/rules/policy_check.h"

static bool late_no_grace(const dais_policy_t *p)
{
    return p->late != DAIS_POLICY_LATE_REFUSE && p->grace == 0;
}

static bool grace_no_late(const dais_policy_t *p)
{
    return p->late == DAIS_POLICY_LATE_REFUSE && p->grace != 0;
}

/* Is `a` before `b` whatever the calendar? Anchors follow each other: call, circulated, session.
 * Days and working days cannot be compared with each other but by their signs. */
static bool times_is_before(dais_policy_time_t a, dais_policy_time_t b)
{
    if (a.anchor == DAIS_POLICY_ANCHOR_NONE || b.anchor == DAIS_POLICY_ANCHOR_NONE)
        return false;
    if (a.anchor == b.anchor && a.working == b.working)
        return a.days < b.days;
    if (a.anchor == b.anchor)
        return a.days <= 0 && b.days >= 0;
    return a.anchor < b.anchor && a.days <= 0 && b.days >= 0;
}

static bool objection_window_backwards(const dais_policy_t *p)
{
    return times_is_before(p->objection_window.end, p->objection_window.start);
}

static bool decision_window_backwards(const dais_policy_t *p)
{
    return times_is_before(p->decision_window.end, p->decision_window.start);
}

static bool window_before_list(const dais_policy_t *p)
{
    dais_policy_time_t circulated = {.anchor = DAIS_POLICY_ANCHOR_CIRCULATED};
    return times_is_before(p->objection_window.start, circulated);
}

static bool list_before_deadline(const dais_policy_t *p)
{
    return times_is_before(p->list_min_notice, p->application_deadline);
}

static bool window_before_deadline(const dais_policy_t *p)
{
    return times_is_before(p->objection_window.end, p->application_deadline);
}

static bool decision_before_objection(const dais_policy_t *p)
{
    return times_is_before(p->decision_window.end, p->objection_window.start);
}

static bool withdrawal_before_objection(const dais_policy_t *p)
{
    return times_is_before(p->withdrawable_until, p->objection_window.start);
}

const dais_policy_combination_t dais_policy_combinations_times[] = {
    {DAIS_POLICY_KEY_LATE, DAIS_POLICY_KEY_GRACE, late_no_grace,
     "what is late is taken within the grace, and there is none"},
    {DAIS_POLICY_KEY_LATE, DAIS_POLICY_KEY_GRACE, grace_no_late,
     "a grace after which nothing late is taken serves nobody"},
    {DAIS_POLICY_KEY_OBJECTION_WINDOW, DAIS_POLICY_KEY_OBJECTION_WINDOW, objection_window_backwards,
     "the window ends before it begins"},
    {DAIS_POLICY_KEY_DECISION_WINDOW, DAIS_POLICY_KEY_DECISION_WINDOW, decision_window_backwards,
     "the window ends before it begins"},
    {DAIS_POLICY_KEY_OBJECTION_WINDOW, DAIS_POLICY_KEY_OBJECTION_WINDOW, window_before_list,
     "only what is listed can be objected to, and the list is not circulated yet"},
    {DAIS_POLICY_KEY_LIST_MIN_NOTICE, DAIS_POLICY_KEY_APPLICATION_DEADLINE, list_before_deadline,
     "the list would have to go out before applications close"},
    {DAIS_POLICY_KEY_OBJECTION_WINDOW, DAIS_POLICY_KEY_APPLICATION_DEADLINE, window_before_deadline,
     "objections would end before applications do"},
    {DAIS_POLICY_KEY_DECISION_WINDOW, DAIS_POLICY_KEY_OBJECTION_WINDOW, decision_before_objection,
     "cases would be settled before anybody can object"},
    {DAIS_POLICY_KEY_WITHDRAWABLE_UNTIL, DAIS_POLICY_KEY_OBJECTION_WINDOW,
     withdrawal_before_objection, "an objection could be withdrawn only before it can be lodged"},
    {DAIS_POLICY_KEY_COUNT, DAIS_POLICY_KEY_COUNT, NULL, NULL},
};
