/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/refold.h"

static const char stopped_fault[] = "an entry before it is at fault";

dais_err_t dais_refold_open(dais_refold_t *refold, dais_checks_t *checks)
{
    *refold = (dais_refold_t){.checks = checks};
    dais_err_t err = dais_store_memory_create(&refold->store);
    if (err == DAIS_OK)
        err = dais_rules_create(&refold->rules, refold->store);
    if (err != DAIS_OK)
        dais_refold_close(refold);
    return err;
}

void dais_refold_close(dais_refold_t *refold)
{
    if (refold->rules != NULL)
        dais_rules_destroy(&refold->rules);
    if (refold->store != NULL)
        dais_store_memory_destroy(&refold->store);
}

static bool refold_is_own(const dais_reading_entry_t *entry)
{
    return entry->is_open && entry->record.bundle.size == 0;
}

/* What an entry would have been checked for. */
static void refold_skip(dais_refold_t *refold, const dais_reading_entry_t *entry)
{
    dais_checks_skip(refold->checks,
                     refold_is_own(entry) ? DAIS_CHECK_OUTCOMES : DAIS_CHECK_VERDICTS,
                     refold->stopped);
    if (!refold_is_own(entry))
        return;
    dais_checks_skip(refold->checks, DAIS_CHECK_DUE, refold->stopped);
}

static void refold_stop(dais_refold_t *refold, const char *why)
{
    if (refold->stopped == NULL)
        refold->stopped = why;
}

dais_rules_facts_t dais_refold_facts(dais_rules_t *rules, const dais_reading_entry_t *entry)
{
    dais_rules_store_t *store = dais_rules_store(rules);
    dais_rules_facts_t facts = {.seq = entry->seq,
                                .received_at = entry->record.received_at,
                                .key_number =
                                    dais_roster_find(store, &entry->bundle.key).key_number,
                                .bundle_index = (uint32_t)entry->bundle_index,
                                .index = (uint32_t)entry->record.index,
                                .first_of_bundle = entry->is_first_of_bundle};
    if (entry->has_stamp) {
        facts.intake = dais_roster_find(store, &entry->stamp.key).key_number;
        facts.j = entry->stamp.j;
    }
    return facts;
}

bool dais_refold_same(const dais_verdicts_t *verdicts, const dais_list_t *recorded)
{
    dais_code_item_t code;
    unsigned at = 0;
    bool same = recorded->count == verdicts->count;
    dais_list_walk_t walk = dais_list_begin(recorded, &dais_shape_code_item);
    while (same && dais_list_next(&walk, &code))
        same = code.value == verdicts->codes[at++];
    return same;
}

/* "late, where the rules say accepted", of the first that differs. */
static void refold_differs(dais_refold_t *refold, const dais_reading_entry_t *entry,
                           const dais_verdicts_t *verdicts)
{
    char text[160];
    dais_code_item_t code;
    unsigned at = 0;
    dais_list_walk_t walk = dais_list_begin(&entry->record.verdicts, &dais_shape_code_item);
    while (dais_list_next(&walk, &code) && at < verdicts->count &&
           code.value == verdicts->codes[at])
        at++;
    const dais_verdict_info_t *said = dais_verdict_info(code.value);
    const dais_verdict_info_t *right =
        at < verdicts->count ? dais_verdict_info(verdicts->codes[at]) : NULL;
    (void)snprintf(text, sizeof text, "%s: target %u is %s, where the rules say %s",
                   entry->kind->name, at, said != NULL ? said->code : "unknown",
                   right != NULL ? right->code : "nothing");
    dais_checks_fail(refold->checks, DAIS_CHECK_VERDICTS, entry->seq, text);
}

static dais_err_t refold_fault(dais_refold_t *refold, const dais_reading_entry_t *entry,
                               dais_check_t check, dais_err_t err)
{
    if (!dais_err_is_refusal(err))
        return err;
    if (err == DAIS_ERR_OWN_MISSING)
        check = DAIS_CHECK_DUE;
    else if (err == DAIS_ERR_WRONG_ACTOR)
        check = DAIS_CHECK_ROSTER;
    dais_checks_fail(refold->checks, check, entry->seq, dais_err_code(err));
    refold_stop(refold, stopped_fault);
    return DAIS_OK;
}

static dais_err_t refold_message(dais_refold_t *refold, const dais_reading_entry_t *entry)
{
    dais_verdicts_t verdicts;
    dais_rules_facts_t facts = dais_refold_facts(refold->rules, entry);
    dais_err_t err =
        dais_rules_apply(refold->rules, &facts, entry->kind, &entry->message, &verdicts);
    if (err != DAIS_OK)
        return refold_fault(refold, entry, DAIS_CHECK_VERDICTS, err);
    dais_checks_pass(refold->checks, DAIS_CHECK_ROSTER);
    if (dais_refold_same(&verdicts, &entry->record.verdicts))
        dais_checks_pass(refold->checks, DAIS_CHECK_VERDICTS);
    else
        refold_differs(refold, entry, &verdicts);
    return DAIS_OK;
}

static dais_err_t refold_own(dais_refold_t *refold, const dais_reading_entry_t *entry)
{
    dais_err_t err = dais_rules_apply_own(refold->rules, entry->seq, entry->kind, &entry->own);
    if (err != DAIS_OK)
        return refold_fault(refold, entry, DAIS_CHECK_OUTCOMES, err);
    dais_checks_pass(refold->checks, DAIS_CHECK_OUTCOMES);
    dais_checks_pass(refold->checks, DAIS_CHECK_DUE);
    return DAIS_OK;
}

static dais_err_t refold_genesis(dais_refold_t *refold, const dais_reading_entry_t *entry)
{
    dais_err_t err = dais_rules_begin(refold->rules, &entry->genesis, &entry->leaf, NULL);
    return err != DAIS_OK ? refold_fault(refold, entry, DAIS_CHECK_OUTCOMES, err) : DAIS_OK;
}

dais_err_t dais_refold_entry(dais_refold_t *refold, const dais_reading_entry_t *entry)
{
    if (!entry->is_open || entry->kind == NULL)
        refold_stop(refold, stopped_fault);
    if (refold->stopped != NULL) {
        refold_skip(refold, entry);
        return DAIS_OK;
    }
    if (entry->seq == 0)
        return refold_genesis(refold, entry);
    return refold_is_own(entry) ? refold_own(refold, entry) : refold_message(refold, entry);
}

dais_err_t dais_refold_end(dais_refold_t *refold)
{
    static uint8_t bytes[DAIS_LIMIT_SUBJECT];
    const dais_kind_t *kind;
    dais_writer_t writer;
    if (refold->stopped != NULL || dais_rules_size(refold->rules) == 0)
        return DAIS_OK;
    dais_writer_init(&writer, bytes, sizeof bytes);
    dais_err_t err = dais_rules_due(refold->rules, &kind, &writer);
    if (err != DAIS_OK)
        return err;
    if (kind == NULL)
        dais_checks_pass(refold->checks, DAIS_CHECK_DUE);
    else
        dais_checks_fail(refold->checks, DAIS_CHECK_DUE, dais_rules_size(refold->rules),
                         kind->name);
    return DAIS_OK;
}

uint64_t dais_refold_closes(const dais_refold_t *refold, const dais_reading_entry_t *entry)
{
    dais_rules_deadline_t next;
    dais_tick_t tick;
    if (refold->stopped != NULL || entry->kind == NULL || entry->kind->number != DAIS_KIND_TICK ||
        dais_shape_decode(&dais_shape_tick, entry->own.subject, &tick).err != DAIS_OK ||
        !dais_rules_next_deadline(refold->rules, &next))
        return 0;
    return next.which == tick.which && next.due == tick.due ? next.closes_at : 0;
}
