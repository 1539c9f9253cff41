/* SPDX-License-Identifier: Apache-2.0
 *
 * One open entry after the other: first what is asked of it, then what it changes. */
#include "registry/rules/derive_private.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* What is found by an id or an index, told apart by one byte before it. */
enum { DERIVE_ORG = 1, DERIVE_WITHHELD = 2 };
#define DERIVE_KEY_SIZE (DAIS_ID_SIZE + 1)

typedef union {
#define KIND(number, NAME, name, stream, subject, text) dais_##subject##_t as_##NAME;
#include "proto/messages.def"
#undef KIND
} derive_subject_t;

static uint64_t derive_find(const dais_derive_t *derive, uint8_t what, const void *bytes,
                            size_t size)
{
    uint8_t key[DERIVE_KEY_SIZE] = {what};
    memcpy(key + 1, bytes, size);
    return dais_store_index_find(&derive->index, key);
}

static void derive_add(dais_derive_t *derive, uint8_t what, const void *bytes, size_t size,
                       uint64_t number)
{
    uint8_t key[DERIVE_KEY_SIZE] = {what};
    memcpy(key + 1, bytes, size);
    if (!dais_store_index_add(&derive->index, key, number))
        derive->err = DAIS_ERR_NO_MEMORY;
}

static void *derive_room(dais_derive_t *derive, dais_store_vector_t *vector)
{
    void *item = dais_store_vector_add(vector);
    if (item == NULL)
        derive->err = DAIS_ERR_NO_MEMORY;
    else
        memset(item, 0, vector->item_size);
    return item;
}

void dais_derive_found(dais_derive_t *derive, uint64_t seq, const char *code, const char *format,
                       ...)
{
    va_list list;
    dais_finding_t *finding = derive_room(derive, &derive->findings);
    if (finding == NULL)
        return;
    finding->seq = seq;
    finding->code = code;
    va_start(list, format);
    (void)vsnprintf(finding->text, sizeof finding->text, format, list);
    va_end(list);
}

bool dais_derive_is_done(const dais_derive_entry_t *entry, unsigned at)
{
    return at < entry->verdicts.count && dais_verdict_is_done(entry->verdicts.codes[at]);
}

dais_err_t dais_derive_create(dais_derive_t **derive, const dais_genesis_t *genesis,
                              const dais_hash_t *log)
{
    dais_derive_t *made = calloc(1, sizeof *made);
    *derive = made;
    if (made == NULL)
        return DAIS_ERR_NO_MEMORY;
    /* Nothing is read out in the order of the index, so its secret changes no result. */
    crypto_shorthash_keygen(made->secret);
    made->index = (dais_store_index_t){.key_size = DERIVE_KEY_SIZE, .secret = made->secret};
    made->orgs.item_size = sizeof(dais_derive_org_t);
    made->findings.item_size = sizeof(dais_finding_t);
    dais_err_t err = dais_store_memory_create(&made->store);
    if (err == DAIS_OK)
        err = dais_rules_create(&made->rules, made->store);
    if (err == DAIS_OK)
        err = dais_rules_begin(made->rules, genesis, log, NULL);
    if (err != DAIS_OK)
        dais_derive_destroy(derive);
    return err;
}

void dais_derive_destroy(dais_derive_t **derive)
{
    if ((*derive)->rules != NULL)
        dais_rules_destroy(&(*derive)->rules);
    if ((*derive)->store != NULL)
        dais_store_memory_destroy(&(*derive)->store);
    dais_store_index_clear(&(*derive)->index);
    dais_store_vector_clear(&(*derive)->orgs);
    dais_store_vector_clear(&(*derive)->findings);
    free(*derive);
    *derive = NULL;
}

const dais_derive_org_t *dais_derive_org(const dais_derive_t *derive, const dais_id_t *id)
{
    uint64_t number = derive_find(derive, DERIVE_ORG, id->bytes, sizeof id->bytes);
    return number != 0 ? dais_store_vector_at(&derive->orgs, number - 1) : NULL;
}

/* The same, made if it is new; null without memory. */
static dais_derive_org_t *derive_org_of(dais_derive_t *derive, const dais_id_t *id)
{
    uint64_t number = derive_find(derive, DERIVE_ORG, id->bytes, sizeof id->bytes);
    if (number != 0)
        return dais_store_vector_at(&derive->orgs, number - 1);
    dais_derive_org_t *org = derive_room(derive, &derive->orgs);
    if (org != NULL)
        derive_add(derive, DERIVE_ORG, id->bytes, sizeof id->bytes, derive->orgs.count);
    return org;
}

static dais_told_t derive_told(dais_slice_t word)
{
    for (unsigned told = DAIS_TOLD_ADMITTED; told <= DAIS_TOLD_NOT_SHOWN; told++)
        if (dais_slice_equal(word, dais_slice_text(dais_due_told_word((dais_told_t)told))))
            return (dais_told_t)told;
    return DAIS_TOLD_NOTHING;
}

static void derive_outcome(dais_derive_t *derive, const dais_outcome_t *said)
{
    dais_derive_org_t *org = derive_org_of(derive, &said->organisation);
    if (org != NULL)
        org->told = derive_told(said->fact);
}

/* Registration and attendance are of the same form. */
static void derive_persons(dais_derive_t *derive, const dais_registration_t *said,
                           bool is_attendance)
{
    _Static_assert(sizeof(dais_registration_t) == sizeof(dais_attendance_t), "the same form");
    dais_derive_org_t *org = derive_org_of(derive, &said->organisation);
    if (org != NULL)
        (is_attendance ? org->attended : org->registered)[said->mode] = (unsigned)said->persons;
}

static void derive_withholding(dais_derive_t *derive, const dais_derive_entry_t *entry)
{
    const dais_withholding_t *said = entry->subject;
    dais_number_item_t item;
    dais_list_walk_t walk = dais_list_begin(&said->entries, &dais_shape_number_item);
    derive->is_withholding = true;
    for (unsigned at = 0; dais_list_next(&walk, &item); at++)
        if (dais_derive_is_done(entry, at))
            derive_add(derive, DERIVE_WITHHELD, &item.value, sizeof item.value, entry->seq);
}

static void derive_facts(dais_derive_t *derive, const dais_derive_entry_t *entry)
{
    switch (entry->kind->number) {
    case DAIS_KIND_OUTCOME: derive_outcome(derive, entry->subject); break;
    case DAIS_KIND_REGISTRATION:
    case DAIS_KIND_ATTENDANCE:
        if (dais_derive_is_done(entry, 0))
            derive_persons(derive, entry->subject, entry->kind->number == DAIS_KIND_ATTENDANCE);
        break;
    case DAIS_KIND_WITHHOLDING: derive_withholding(derive, entry); break;
    default: break;
    }
}

static void derive_verdicts(dais_derive_entry_t *entry)
{
    dais_code_item_t code;
    dais_list_walk_t walk = dais_list_begin(&entry->opened->record.verdicts, &dais_shape_code_item);
    while (dais_list_next(&walk, &code))
        entry->verdicts.codes[entry->verdicts.count++] = (uint16_t)code.value;
}

dais_err_t dais_derive_take(dais_derive_t *derive, const dais_opened_t *opened)
{
    derive_subject_t subject;
    dais_derive_entry_t entry = {
        .seq = opened->seq, .kind = opened->kind, .opened = opened, .subject = &subject};
    bool is_own = opened->kind->stream == DAIS_STREAM_OWN;
    entry.packed = is_own ? opened->own.subject : opened->message.subject;
    if (opened->seq == 0 || opened->seq < dais_rules_size(derive->rules))
        return DAIS_ERR_WRONG_SEQ;
    dais_err_t err = dais_shape_decode(entry.kind->subject, entry.packed, &subject).err;
    if (err != DAIS_OK)
        return err;
    derive_verdicts(&entry);
    dais_derive_check(derive, &entry);
    dais_derive_frame(derive, &entry);
    derive_facts(derive, &entry);
    return derive->err;
}

const dais_cycle_row_t *dais_derive_cycle(const dais_derive_t *derive)
{
    return &derive->rules->cycle;
}

dais_rules_store_t *dais_derive_store(const dais_derive_t *derive)
{
    return derive->store;
}

uint64_t dais_derive_closes(const dais_derive_t *derive, const dais_tick_t *tick)
{
    bool is_known = tick->which < DAIS_DATE_KEY_RETIRES &&
                    dais_dates_due(derive->rules, (unsigned)tick->which) == tick->due;
    return is_known ? dais_dates_closes(derive->rules, (unsigned)tick->which) : 0;
}

bool dais_derive_is_withheld(const dais_derive_t *derive, uint64_t seq)
{
    return derive_find(derive, DERIVE_WITHHELD, &seq, sizeof seq) != 0;
}

bool dais_derive_is_erased(const dais_derive_t *derive, uint64_t seq)
{
    dais_entry_row_t row;
    return derive->store->port->dense_get(derive->store, DAIS_TABLE_ENTRY, seq + 1, &row) &&
           (row.marks & DAIS_ENTRY_ERASED) != 0;
}

size_t dais_derive_finding_count(const dais_derive_t *derive)
{
    return (size_t)derive->findings.count;
}

const dais_finding_t *dais_derive_finding(const dais_derive_t *derive, size_t at)
{
    return dais_store_vector_at(&derive->findings, at);
}

uint64_t dais_derive_count(const dais_derive_t *derive)
{
    return derive->derived;
}

uint64_t dais_derive_trusted(const dais_derive_t *derive)
{
    return derive->trusted;
}
