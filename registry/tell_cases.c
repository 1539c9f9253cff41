/* SPDX-License-Identifier: Apache-2.0
 *
 * Cases, those of this cycle and those carried over, which genesis has named to everybody. How many
 * there are is a number of objections; which they are is told to whoever may know why an
 * organisation stands as it does, or may see the referral. */
#include "registry/tell.h"

typedef struct {
    char body[DAIS_LIMIT_NAME];
    char session[DAIS_LIMIT_NAME];
    size_t body_size;
    size_t session_size;
} case_referral_t;

static size_t case_copy(char *to, dais_slice_t from)
{
    memcpy(to, from.data, from.size);
    return from.size;
}

static case_referral_t case_referral(const dais_tell_t *tell, uint64_t seq)
{
    case_referral_t out = {.body_size = 0};
    dais_tell_entry_t entry;
    dais_message_t message;
    const dais_kind_t *kind;
    dais_referral_t referral;
    if (seq == 0 || !tell->entry(tell->context, seq, &entry) ||
        dais_message_decode(entry.message, &message, &kind).err != DAIS_OK ||
        kind->number != DAIS_KIND_REFERRAL ||
        dais_shape_decode(&dais_shape_referral, message.subject, &referral).err != DAIS_OK ||
        !dais_tell_sees(tell, seq))
        return out;
    out.body_size = case_copy(out.body, referral.body);
    out.session_size = case_copy(out.session, referral.session);
    return out;
}

static bool case_may_know(const dais_tell_t *tell, const dais_case_row_t *row)
{
    bool by_referral = row->referred != 0 && dais_tell_sees(tell, row->referred);
    bool by_cause = dais_tell_fact(tell, DAIS_FACT_CAUSE, row->organisation_number);
    return by_referral || by_cause;
}

/* Standing objections are told where it is told that there are any. */
static bool case_add(const dais_tell_t *tell, const dais_case_row_t *row,
                     const dais_organisation_row_t *org, dais_tell_page_t *page,
                     dais_answer_cases_t *answer)
{
    dais_tell_name_t name = dais_tell_name(tell, org->applied, dais_tell_sees(tell, org->applied));
    case_referral_t referral = case_referral(tell, row->referred);
    bool counts = dais_tell_fact(tell, DAIS_FACT_OBJECTION, row->organisation_number);
    dais_case_line_t line = {
        .name = dais_slice(name.name, name.name_size),
        .log = *dais_rules_log(tell->rules),
        .raised = row->raised,
        .state = dais_slice_text(dais_machine(DAIS_MACHINE_CASE)->states[row->state].name),
        .body = dais_slice(referral.body, referral.body_size),
        .session = dais_slice(referral.session, referral.session_size),
        .urgent = row->urgent,
        .standing = counts ? org->standing : 0,
    };
    memcpy(line.organisation.bytes, org->id, sizeof line.organisation.bytes);
    if (!case_may_know(tell, row) || dais_tell_passes(page))
        return true;
    return dais_tell_add(tell, page, &answer->rows, &dais_shape_case_line, &line);
}

static void cases_tell_own(const dais_tell_t *tell, dais_tell_page_t *page,
                           dais_answer_cases_t *answer)
{
    dais_rules_store_t *store = dais_rules_store(tell->rules);
    uint64_t count = store->port->count(store, DAIS_TABLE_CASE);
    for (uint64_t number = 1; number <= count; number++) {
        dais_case_row_t row;
        dais_organisation_row_t org;
        if (store->port->dense_get(store, DAIS_TABLE_CASE, number, &row) &&
            dais_tell_org(tell, row.organisation_number, &org) &&
            !case_add(tell, &row, &org, page, answer))
            return;
    }
}

static void cases_tell_carried(const dais_tell_t *tell, dais_tell_page_t *page,
                               dais_answer_cases_t *answer)
{
    dais_rules_store_t *store = dais_rules_store(tell->rules);
    uint64_t count = store->port->count(store, DAIS_TABLE_CARRIED);
    for (uint64_t number = 1; number <= count; number++) {
        dais_carried_row_t row;
        if (!store->port->dense_get(store, DAIS_TABLE_CARRIED, number, &row) ||
            dais_tell_passes(page))
            continue;
        dais_case_line_t line = {
            .raised = row.raised,
            .state = dais_slice_text(dais_machine(DAIS_MACHINE_CASE)->states[row.state].name),
        };
        memcpy(line.organisation.bytes, row.id, sizeof line.organisation.bytes);
        memcpy(line.log.bytes, row.log, sizeof line.log.bytes);
        if (!dais_tell_add(tell, page, &answer->rows, &dais_shape_case_line, &line))
            return;
    }
}

dais_err_t dais_tell_cases(const dais_tell_t *tell, const dais_ask_cases_t *ask,
                           dais_answer_cases_t *answer)
{
    dais_rules_store_t *store = dais_rules_store(tell->rules);
    dais_row_key_t key = {{0}};
    dais_cycle_row_t cycle = {.cases = 0};
    (void)store->port->sorted_get(store, DAIS_TABLE_CYCLE, &key, &cycle);
    *answer = (dais_answer_cases_t){.what = DAIS_WHAT_CASES, .size = dais_rules_size(tell->rules)};
    if (dais_tell_fact(tell, DAIS_FACT_COUNTS, 0))
        answer->count = cycle.cases;
    dais_tell_page_t page = {.from = ask->from};
    cases_tell_own(tell, &page, answer);
    if (page.next == 0)
        cases_tell_carried(tell, &page, answer);
    answer->next = page.next;
    return store->err;
}
