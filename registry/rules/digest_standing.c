/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/rules/digest_private.h"
#include "registry/rules/rules_private.h"

static void standing_cycle(dais_digest_out_t *out)
{
    const dais_cycle_row_t *cycle = &out->rules->cycle;
    dais_digest_array(out, 6);
    dais_digest_uint(out, cycle->state);
    dais_digest_uint(out, cycle->list_version);
    dais_digest_uint(out, cycle->approved);
    dais_digest_uint(out, cycle->endorsed);
    dais_digest_uint(out, cycle->majority);
    dais_digest_uint(out, cycle->revision);
}

static void standing_dates(dais_digest_out_t *out)
{
    dais_row_key_t key = {{0}};
    dais_date_row_t date;
    dais_digest_array(out, dais_digest_row_count(out->store, DAIS_TABLE_DATE));
    while (out->store->port->sorted_next(out->store, DAIS_TABLE_DATE, &key, &date)) {
        dais_digest_array(out, 2);
        dais_digest_uint(out, key.part[0]);
        dais_digest_uint(out, date.ticked != 0);
        key.part[0]++;
    }
}

static void standing_session(dais_digest_out_t *out, const dais_session_row_t *session)
{
    dais_digest_array(out, 2);
    dais_digest_uint(out, session->concluded != 0);
    dais_digest_uint(out, session->adopted != 0);
}

static void standing_state(dais_digest_out_t *out, const void *row)
{
    const dais_state_row_t *state = (const dais_state_row_t *)row;
    dais_digest_array(out, 3);
    dais_digest_code(out, state->code);
    dais_digest_uint(out, state->entitled);
    dais_digest_uint(out, state->present);
}

static void standing_case(dais_digest_out_t *out, uint32_t number)
{
    dais_case_row_t row = {.state = 0};
    if (!out->store->port->dense_get(out->store, DAIS_TABLE_CASE, number, &row))
        row = (dais_case_row_t){.state = 0};
    dais_digest_uint(out, row.state);
    dais_digest_uint(out, row.result);
    dais_digest_uint(out, row.urgent);
}

static void standing_organisation(dais_digest_out_t *out, const void *row)
{
    const dais_organisation_row_t *org = (const dais_organisation_row_t *)row;
    dais_digest_array(out, 16);
    dais_digest_bin(out, org->id, sizeof org->id);
    dais_digest_uint(out, org->state);
    dais_digest_uint(out, org->route);
    dais_digest_uint(out, dais_org_category(org));
    dais_digest_uint(out, org->confirmed_ecosoc);
    dais_digest_uint(out, org->confirmed_prior);
    dais_digest_uint(out, org->version);
    standing_case(out, org->case_number);
    dais_digest_uint(out, org->decided != 0);
    dais_digest_uint(out, org->told);
    dais_digest_uint(out, org->invited != 0);
    dais_digest_uint(out, org->registered_in_person + org->registered_online != 0);
    dais_digest_uint(out, org->attended_in_person + org->attended_online != 0);
    dais_digest_uint(out, org->marks);
}

/* The last objection of each State to each organisation, which is what the table of pairs has. */
static void standing_objections(dais_digest_out_t *out)
{
    const dais_rules_store_port_t *port = out->store->port;
    dais_row_key_t key = {{0}};
    dais_mark_row_t pair;
    dais_digest_array(out, dais_digest_row_count(out->store, DAIS_TABLE_PAIR));
    while (port->sorted_next(out->store, DAIS_TABLE_PAIR, &key, &pair)) {
        dais_organisation_row_t org = {.state = 0};
        dais_state_row_t state = {.entitled = 0};
        dais_objection_row_t objection = {.state = 0};
        (void)port->dense_get(out->store, DAIS_TABLE_ORGANISATION, key.part[0], &org);
        (void)port->dense_get(out->store, DAIS_TABLE_STATE, key.part[1], &state);
        (void)port->dense_get(out->store, DAIS_TABLE_OBJECTION, pair.value, &objection);
        dais_digest_array(out, 4);
        dais_digest_bin(out, org.id, sizeof org.id);
        dais_digest_code(out, state.code);
        dais_digest_uint(out, objection.state);
        dais_digest_uint(out, objection.marks);
        key.part[1]++;
    }
}

static void standing_comment(dais_digest_out_t *out, const void *row)
{
    const dais_comment_row_t *comment = (const dais_comment_row_t *)row;
    dais_digest_array(out, 2);
    dais_digest_bin(out, comment->id, sizeof comment->id);
    dais_digest_uint(out, comment->state);
}

static void standing_carried(dais_digest_out_t *out, const void *row)
{
    const dais_carried_row_t *carried = (const dais_carried_row_t *)row;
    dais_digest_array(out, 3);
    dais_digest_bin(out, carried->id, sizeof carried->id);
    dais_digest_uint(out, carried->state);
    dais_digest_uint(out, carried->result);
}

/* Those of the call in force: what an earlier call had more is empty, and is no session. */
static void standing_sessions(dais_digest_out_t *out)
{
    const dais_rules_store_port_t *port = out->store->port;
    dais_session_row_t row;
    uint64_t count = port->count(out->store, DAIS_TABLE_SESSION);
    while (count > 0 &&
           (!port->dense_get(out->store, DAIS_TABLE_SESSION, count, &row) || row.code_number == 0))
        count--;
    dais_digest_array(out, count);
    for (uint64_t number = 1; number <= count; number++) {
        if (port->dense_get(out->store, DAIS_TABLE_SESSION, number, &row))
            standing_session(out, &row);
    }
}

/* Every row of a dense table, as `each` packs it. */
static void standing_table(dais_digest_out_t *out, dais_table_t table,
                           void (*each)(dais_digest_out_t *out, const void *row))
{
    union {
        dais_state_row_t state;
        dais_organisation_row_t organisation;
        dais_comment_row_t comment;
        dais_carried_row_t carried;
    } row;
    uint64_t count = out->store->port->count(out->store, table);
    dais_digest_array(out, count);
    for (uint64_t number = 1; number <= count; number++) {
        if (out->store->port->dense_get(out->store, table, number, &row))
            each(out, &row);
    }
}

void dais_digest_put_standing(dais_digest_out_t *out)
{
    dais_digest_array(out, 9);
    dais_digest_str(out, dais_slice_text("dais/standing/1\n"));
    standing_cycle(out);
    standing_dates(out);
    standing_sessions(out);
    standing_table(out, DAIS_TABLE_STATE, standing_state);
    standing_table(out, DAIS_TABLE_ORGANISATION, standing_organisation);
    standing_objections(out);
    standing_table(out, DAIS_TABLE_COMMENT, standing_comment);
    standing_table(out, DAIS_TABLE_CARRIED, standing_carried);
}
