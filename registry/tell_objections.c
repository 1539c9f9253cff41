/* SPDX-License-Identifier: Apache-2.0
 *
 * Objections, as far as the reader may know of each: a State of its own all there is; others that
 * an organisation is objected to, by whom and why, by the three facts, or by the entry itself where
 * it was disclosed. What never stood is told to nobody else, as nobody else is told that it is
 * there. */
#include "registry/tell.h"

typedef struct {
    bool is_own;
    bool has_fact, has_objector, has_reason;
} objection_view_t;

/* All is asked for each objection, whatever comes of it. */
static objection_view_t objection_view(const dais_tell_t *tell, const dais_objection_row_t *row)
{
    bool entry = dais_tell_sees(tell, row->instrument);
    bool fact = dais_tell_fact(tell, DAIS_FACT_OBJECTION, row->organisation_number);
    bool objector = dais_tell_fact(tell, DAIS_FACT_OBJECTOR, row->organisation_number);
    bool reason = dais_tell_fact(tell, DAIS_FACT_REASON, row->organisation_number);
    bool own = tell->reader.role == DAIS_ROLE_PARTY && tell->reader.state_number != 0 &&
               tell->reader.state_number == row->state_number;
    bool stood = row->stood != 0;
    return (objection_view_t){.is_own = own,
                              .has_fact = own || (stood && (fact || objector || entry)),
                              .has_objector = own || objector || entry,
                              .has_reason = own || reason || entry};
}

static dais_slice_t objection_state_code(const dais_tell_t *tell, uint32_t number,
                                         dais_state_row_t *state)
{
    dais_rules_store_t *store = dais_rules_store(tell->rules);
    if (!store->port->dense_get(store, DAIS_TABLE_STATE, number, state))
        return dais_slice(NULL, 0);
    return dais_slice(state->code, strnlen((const char *)state->code, sizeof state->code));
}

/* False when the answer is full. */
static bool objection_tell(const dais_tell_t *tell, const dais_ask_objections_t *ask,
                           uint64_t number, dais_tell_page_t *page,
                           dais_answer_objections_t *answer)
{
    dais_rules_store_t *store = dais_rules_store(tell->rules);
    dais_objection_row_t row;
    dais_organisation_row_t org;
    dais_state_row_t state;
    if (!store->port->dense_get(store, DAIS_TABLE_OBJECTION, number, &row) ||
        !dais_tell_org(tell, row.organisation_number, &org))
        return true;
    if (ask->organisation.size != 0 && memcmp(ask->organisation.data, org.id, sizeof org.id) != 0)
        return true;
    objection_view_t view = objection_view(tell, &row);
    dais_slice_t code = objection_state_code(tell, row.state_number, &state);
    dais_slice_t reason = store->port->text_get(store, row.reason_number);
    dais_slice_t none = dais_slice(NULL, 0);
    dais_objection_line_t line = {
        .state_code = view.has_objector ? code : none,
        .reason = view.has_reason ? reason : none,
        .state = dais_slice_text(dais_machine(DAIS_MACHINE_OBJECTION)->states[row.state].name),
        .stood = view.has_objector ? row.stood : 0,
    };
    memcpy(line.organisation.bytes, org.id, sizeof line.organisation.bytes);
    if (!view.has_fact || dais_tell_passes(page))
        return true;
    return dais_tell_add(tell, page, &answer->rows, &dais_shape_objection_line, &line);
}

dais_err_t dais_tell_objections(const dais_tell_t *tell, const dais_ask_objections_t *ask,
                                dais_answer_objections_t *answer)
{
    dais_rules_store_t *store = dais_rules_store(tell->rules);
    uint64_t count = store->port->count(store, DAIS_TABLE_OBJECTION);
    *answer = (dais_answer_objections_t){.what = DAIS_WHAT_OBJECTIONS,
                                         .size = dais_rules_size(tell->rules)};
    dais_tell_page_t page = {.from = ask->from};
    for (uint64_t number = 1; number <= count; number++) {
        if (!objection_tell(tell, ask, number, &page, answer))
            break;
    }
    answer->next = page.next;
    return store->err;
}
