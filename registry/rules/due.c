/* SPDX-License-Identifier: Apache-2.0
 *
 * The registry's own entries that follow from the state (docs/rules.md, 7.2): which is the next
 * one due, byte for byte, and what it changes once it is logged. Whoever appends them and whoever
 * checks them asks the same function, so a log holds every one that is due and none other.
 * Looking for the next one forgets touched organisations of which nothing has to be told. */
#include "registry/rules/rules_private.h"

#include <assert.h>

#include "registry/rules/lists.h"
#include "registry/rules/policy_key.h"
#include "registry/rules/policy_value.h"

static bool due_is_sealed(const dais_rules_t *rules)
{
    return rules->policy.disclosure_cause != DAIS_POLICY_DISCLOSURE_PUBLIC;
}

/* What the state is called where its cause is public; NOT_SHOWN where it has no word. */
static const uint8_t due_words[] = {
    [DAIS_APPLICATION_SUBMITTED] = DAIS_TOLD_NOT_SHOWN,
    [DAIS_APPLICATION_INCOMPLETE] = DAIS_TOLD_NOT_SHOWN,
    [DAIS_APPLICATION_ELIGIBLE] = DAIS_TOLD_NOT_SHOWN,
    [DAIS_APPLICATION_SCREENED_OUT] = DAIS_TOLD_NOT_SHOWN,
    [DAIS_APPLICATION_DUPLICATE] = DAIS_TOLD_NOT_SHOWN,
    [DAIS_APPLICATION_LISTED] = DAIS_TOLD_AWAITING,
    [DAIS_APPLICATION_UNOPPOSED] = DAIS_TOLD_AWAITING,
    [DAIS_APPLICATION_CONTESTED] = DAIS_TOLD_AWAITING,
    [DAIS_APPLICATION_BLOCKED] = DAIS_TOLD_BLOCKED,
    [DAIS_APPLICATION_PENDING] = DAIS_TOLD_PENDING,
    [DAIS_APPLICATION_PROVISIONAL] = DAIS_TOLD_NOT_SHOWN,
    [DAIS_APPLICATION_ADMITTED] = DAIS_TOLD_NOT_SHOWN,
    [DAIS_APPLICATION_REFUSED] = DAIS_TOLD_REFUSED,
    [DAIS_APPLICATION_WITHDRAWN] = DAIS_TOLD_WITHDRAWN,
    [DAIS_APPLICATION_LAPSED] = DAIS_TOLD_LAPSED,
};

dais_told_t dais_due_told(const dais_rules_t *rules, const dais_organisation_row_t *row)
{
    bool is_sealed = due_is_sealed(rules);
    bool is_final = rules->cycle.settled != 0 || row->decided != 0 || row->route != DAIS_ROUTE_FORM;
    bool is_known = row->version != 0 || row->route != DAIS_ROUTE_FORM;
    if (dais_application_is_in(row->state) && is_final)
        return row->state == DAIS_APPLICATION_PROVISIONAL && !is_sealed ? DAIS_TOLD_PROVISIONAL
                                                                        : DAIS_TOLD_ADMITTED;
    if ((!is_sealed && is_final && is_known) || (!is_sealed && row->told != DAIS_TOLD_NOTHING))
        return (dais_told_t)due_words[row->state];
    return row->told != DAIS_TOLD_NOTHING ? DAIS_TOLD_NOT_SHOWN : DAIS_TOLD_NOTHING;
}

const char *dais_due_told_word(dais_told_t told)
{
    static const char *const words[] = {
        [DAIS_TOLD_NOTHING] = NULL,
        [DAIS_TOLD_ADMITTED] = "admitted",
        [DAIS_TOLD_PROVISIONAL] = "provisional",
        [DAIS_TOLD_AWAITING] = "awaiting",
        [DAIS_TOLD_PENDING] = "pending",
        [DAIS_TOLD_BLOCKED] = "blocked",
        [DAIS_TOLD_REFUSED] = "refused",
        [DAIS_TOLD_WITHDRAWN] = "withdrawn",
        [DAIS_TOLD_LAPSED] = "lapsed",
        [DAIS_TOLD_NOT_SHOWN] = "not-shown",
    };
    return words[told];
}

static void due_stick(dais_writer_t *writer, dais_err_t err)
{
    if (writer->err == DAIS_OK)
        writer->err = err;
}

/* Packs a subject. What does not fit sticks to the writer, and its owner looks there. */
static void due_pack(const dais_kind_t *kind, const void *subject, dais_writer_t *writer)
{
    due_stick(writer, dais_shape_encode(kind->subject, subject, writer));
}

static void due_id(dais_id_t *id, const dais_organisation_row_t *row)
{
    memcpy(id->bytes, row->id, sizeof id->bytes);
}

static const dais_kind_t *due_lapse(dais_rules_t *rules, dais_writer_t *subject)
{
    dais_row_key_t key = {{0}};
    dais_mark_row_t mark;
    dais_org_t org;
    dais_lapse_t lapse;
    const dais_kind_t *kind = dais_kind_of(DAIS_KIND_LAPSE);
    if (!rules->store->port->sorted_next(rules->store, DAIS_TABLE_LAPSING, &key, &mark) ||
        !dais_org_get(rules, key.part[0], &org))
        return NULL;
    const char *word = dais_machine(DAIS_MACHINE_APPLICATION)->states[org.row.state].name;
    due_id(&lapse.organisation, &org.row);
    lapse.fact = dais_slice_text(word);
    due_pack(kind, &lapse, subject);
    return kind;
}

/* The policy key that a cause rests on, or ..._COUNT. */
static const dais_policy_key_t due_keys[] = {
    [DAIS_CAUSE_NONE] = DAIS_POLICY_KEY_COUNT,
    [DAIS_CAUSE_WINDOW] = DAIS_POLICY_KEY_OBJECTION_WINDOW,
    [DAIS_CAUSE_THRESHOLD] = DAIS_POLICY_KEY_OBJECTION_THRESHOLD,
    [DAIS_CAUSE_EFFECT] = DAIS_POLICY_KEY_OBJECTION_EFFECT,
    [DAIS_CAUSE_UNDECIDED] = DAIS_POLICY_KEY_STATE_WHILE_UNDECIDED,
    [DAIS_CAUSE_DECIDER] = DAIS_POLICY_KEY_DECIDER,
    [DAIS_CAUSE_LAPSE] = DAIS_POLICY_KEY_LAPSE_RULE,
    [DAIS_CAUSE_ROUTE] = DAIS_POLICY_KEY_ECOSOC_ROUTE,
    [DAIS_CAUSE_ENDORSEMENT] = DAIS_POLICY_KEY_ENDORSEMENT,
    [DAIS_CAUSE_LIST] = DAIS_POLICY_KEY_LIST_MAKER,
    [DAIS_CAUSE_WITHDRAWAL] = DAIS_POLICY_KEY_COUNT,
    [DAIS_CAUSE_SESSION_END] = DAIS_POLICY_KEY_COUNT,
};

dais_policy_key_t dais_rules_cause_key(dais_cause_t cause)
{
    return due_keys[cause];
}

static void due_pack_outcome(const dais_rules_t *rules, const dais_organisation_row_t *row,
                             dais_writer_t *subject)
{
    char value[DAIS_LIMIT_VALUE];
    dais_policy_out_t out = {.data = value, .capacity = sizeof value};
    dais_policy_key_t key = due_is_sealed(rules) ? DAIS_POLICY_KEY_COUNT : due_keys[row->cause];
    dais_outcome_t outcome = {.fact =
                                  dais_slice_text(dais_due_told_word(dais_due_told(rules, row)))};
    due_id(&outcome.organisation, row);
    if (key != DAIS_POLICY_KEY_COUNT) {
        dais_policy_value_write(&rules->policy, key, &out);
        outcome.rule = dais_slice_text(dais_policy_key_info(key).name);
        outcome.value = dais_slice(value, out.size < sizeof value ? out.size : sizeof value);
    }
    due_pack(dais_kind_of(DAIS_KIND_OUTCOME), &outcome, subject);
}

static const dais_kind_t *due_outcome(dais_rules_t *rules, dais_writer_t *subject)
{
    const dais_rules_store_port_t *port = rules->store->port;
    dais_row_key_t key = {{0}};
    dais_mark_row_t mark;
    while (port->sorted_next(rules->store, DAIS_TABLE_TOUCHED, &key, &mark)) {
        dais_org_t org;
        if (dais_org_get(rules, key.part[0], &org) &&
            dais_due_told(rules, &org.row) != org.row.told) {
            due_pack_outcome(rules, &org.row, subject);
            return dais_kind_of(DAIS_KIND_OUTCOME);
        }
        port->sorted_del(rules->store, DAIS_TABLE_TOUCHED, &key);
    }
    return NULL;
}

static const dais_kind_t *due_tally(dais_rules_t *rules, dais_writer_t *subject)
{
    const dais_kind_t *kind = dais_kind_of(DAIS_KIND_TALLY);
    dais_tally_counts_t counts;
    dais_tally_t tally = {.version = rules->cycle.list_version};
    uint8_t bytes[DAIS_LIMIT_COUNTS * (DAIS_LIMIT_CODE + 16)];
    dais_writer_t items;
    if (rules->cycle.tally_due == 0)
        return NULL;
    dais_lists_tally(rules, &counts);
    dais_writer_init(&items, bytes, sizeof bytes);
    for (unsigned i = 0; i < counts.count; i++) {
        dais_count_t count = {dais_slice_text(counts.items[i].name), counts.items[i].number};
        due_stick(subject, dais_list_add(&tally.counts, &dais_shape_count, &count, &items));
    }
    due_pack(kind, &tally, subject);
    return kind;
}

static void due_add_case(dais_close_t *close, const dais_open_case_t *open, dais_writer_t *items)
{
    due_stick(items, dais_list_add(&close->open_cases, &dais_shape_open_case, open, items));
}

/* Carried ones as they came, then those of this cycle. */
static void due_open_cases(dais_rules_t *rules, dais_close_t *close, dais_writer_t *items)
{
    const dais_rules_store_port_t *port = rules->store->port;
    uint64_t count = port->count(rules->store, DAIS_TABLE_CARRIED);
    dais_open_case_t open;
    for (uint64_t number = 1; number <= count; number++) {
        dais_carried_row_t row;
        if (!port->dense_get(rules->store, DAIS_TABLE_CARRIED, number, &row) ||
            !dais_case_is_open(row.state))
            continue;
        memcpy(open.log.bytes, row.log, sizeof open.log.bytes);
        memcpy(open.organisation.bytes, row.id, sizeof open.organisation.bytes);
        open.seq = row.raised;
        due_add_case(close, &open, items);
    }
    count = port->count(rules->store, DAIS_TABLE_CASE);
    for (uint64_t number = 1; number <= count; number++) {
        dais_case_row_t row;
        dais_org_t org;
        if (!port->dense_get(rules->store, DAIS_TABLE_CASE, number, &row) ||
            !dais_case_is_open(row.state) || !dais_org_get(rules, row.organisation_number, &org))
            continue;
        open.log = rules->log;
        due_id(&open.organisation, &org.row);
        open.seq = row.raised;
        due_add_case(close, &open, items);
    }
}

static const dais_kind_t *due_close(dais_rules_t *rules, dais_writer_t *subject)
{
    const dais_kind_t *kind = dais_kind_of(DAIS_KIND_CLOSE);
    dais_close_t close = {.order = rules->cycle.closing};
    uint8_t bytes[DAIS_LIMIT_OPEN_CASES * 64];
    dais_writer_t items;
    if (rules->cycle.closing == 0 || rules->cycle.closed != 0)
        return NULL;
    dais_writer_init(&items, bytes, sizeof bytes);
    due_open_cases(rules, &close, &items);
    due_stick(subject, items.err);
    due_pack(kind, &close, subject);
    return kind;
}

const dais_kind_t *dais_due_first(dais_rules_t *rules, dais_writer_t *subject)
{
    const dais_kind_t *kind = due_lapse(rules, subject);
    if (kind == NULL)
        kind = due_outcome(rules, subject);
    if (kind == NULL)
        kind = due_tally(rules, subject);
    return kind != NULL ? kind : due_close(rules, subject);
}

/* The lowest key of a table of organisations is taken off; the organisation is its number. */
static bool due_take(dais_rules_t *rules, dais_table_t table, dais_org_t *org)
{
    dais_row_key_t key = {{0}};
    dais_mark_row_t mark;
    if (!rules->store->port->sorted_next(rules->store, table, &key, &mark))
        return false;
    rules->store->port->sorted_del(rules->store, table, &key);
    return dais_org_get(rules, key.part[0], org);
}

static void due_tell(dais_rules_t *rules, dais_org_t *org)
{
    org->row.told = (uint8_t)dais_due_told(rules, &org->row);
    bool opens = org->row.told == DAIS_TOLD_ADMITTED || org->row.told == DAIS_TOLD_PROVISIONAL ||
                 !due_is_sealed(rules);
    if (opens && org->row.opened == 0)
        org->row.opened = rules->seq;
    dais_org_put(rules, org);
}

static void due_effect(dais_rules_t *rules, unsigned kind, dais_entry_row_t *entry)
{
    dais_org_t org;
    if (kind == DAIS_KIND_TALLY) {
        rules->cycle.tally_due = 0;
    } else if (kind == DAIS_KIND_CLOSE) {
        rules->cycle.closed = rules->seq;
    } else if (due_take(rules, kind == DAIS_KIND_LAPSE ? DAIS_TABLE_LAPSING : DAIS_TABLE_TOUCHED,
                        &org)) {
        entry->scope = DAIS_SCOPE_ORGANISATION;
        entry->scope_number = org.number;
        if (kind == DAIS_KIND_OUTCOME)
            due_tell(rules, &org);
    }
}

dais_err_t dais_due_apply(dais_rules_t *rules, const dais_kind_t *kind, dais_slice_t subject,
                          dais_entry_row_t *entry)
{
    uint8_t bytes[DAIS_LIMIT_SUBJECT];
    dais_writer_t writer;
    dais_slice_t due;
    dais_writer_init(&writer, bytes, sizeof bytes);
    const dais_kind_t *first = dais_due_first(rules, &writer);
    dais_err_t err = dais_writer_finish(&writer, &due);
    if (err != DAIS_OK)
        return err;
    if (first == NULL || first->number != kind->number || !dais_slice_equal(due, subject))
        return DAIS_ERR_OWN_WRONG;
    due_effect(rules, kind->number, entry);
    return DAIS_OK;
}
