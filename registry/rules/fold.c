/* SPDX-License-Identifier: Apache-2.0
 *
 * The open entries, and the walk that makes the model of them. Guarantees: the model depends on
 * which entries are open and on nothing else, not on when they opened. What a kind does is in
 * fold_frame.c, fold_orgs.c and fold_texts.c; the checks are in fold_check.c. */
#include "registry/rules/fold_private.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>

#include "proto/genesis.h"
#include "proto/kind.h"
#include "proto/shape.h"

enum { CAPACITY_FIRST = 256, KINDS = 256 /* more than there are numbers */ };

typedef union {
#define KIND(number, NAME, name, stream, subject, text) dais_##subject##_t as_##NAME;
#include "proto/messages.def"
#undef KIND
} fold_subject_t;

dais_err_t dais_fold_create(dais_fold_t **fold)
{
    *fold = calloc(1, sizeof **fold);
    if (*fold == NULL)
        return DAIS_ERR_NO_MEMORY;
    _Static_assert(sizeof(*fold)->secret == crypto_shorthash_KEYBYTES, "the key of the hash");
    crypto_shorthash_keygen((*fold)->secret);
    (*fold)->orgs.key_size = (*fold)->comments.key_size = DAIS_ID_SIZE;
    (*fold)->orgs.secret = (*fold)->comments.secret = (*fold)->secret;
    return DAIS_OK;
}

static void fold_forget_model(dais_fold_t *fold)
{
    dais_arena_free(&fold->arena);
    fold->model = (dais_fold_model_t){0};
    dais_store_index_clear(&fold->orgs);
    dais_store_index_clear(&fold->comments);
}

void dais_fold_destroy(dais_fold_t **fold)
{
    if (*fold == NULL)
        return;
    fold_forget_model(*fold);
    for (size_t i = 0; i < (*fold)->count; i++)
        free((*fold)->entries[i]);
    free((*fold)->entries);
    free(*fold);
    *fold = NULL;
}

/* Place of the first entry that is not below seq. */
static size_t fold_place(const dais_fold_t *fold, uint64_t seq)
{
    size_t low = 0;
    size_t high = fold->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (fold->entries[middle]->seq < seq)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const dais_fold_entry_t *dais_fold_entry(const dais_fold_t *fold, uint64_t seq)
{
    size_t place = fold_place(fold, seq);
    return place < fold->count && fold->entries[place]->seq == seq ? fold->entries[place] : NULL;
}

bool dais_fold_next(const dais_fold_t *fold, uint64_t *seq, const dais_fold_entry_t **entry)
{
    size_t place = fold_place(fold, *seq);
    if (place == fold->count)
        return false;
    *entry = fold->entries[place];
    *seq = (*entry)->seq + 1;
    return true;
}

size_t dais_fold_count(const dais_fold_t *fold)
{
    return fold->count;
}

/* Whether some verdict is of this class; verdicts of a record are numbers in a list. */
static bool record_has(const dais_record_t *record, dais_verdict_class_t class, bool all)
{
    dais_list_walk_t walk = dais_list_begin(&record->verdicts, &dais_shape_code_item);
    dais_code_item_t code;
    while (dais_list_next(&walk, &code)) {
        const dais_verdict_info_t *info = dais_verdict_info(code.value);
        bool is = info != NULL && info->class == class;
        if (is != all)
            return !all;
    }
    return all;
}

static dais_slice_t copy_to(uint8_t **at, dais_slice_t bytes)
{
    uint8_t *copy = *at;
    if (bytes.size > 0)
        memcpy(copy, bytes.data, bytes.size);
    *at += bytes.size;
    return dais_slice(bytes.data == NULL ? NULL : copy, bytes.size);
}

/* An entry with copies of all that it points to behind it. The record is packed anew to get them
 * in one piece: its bytes were checked, so packing them cannot fail but for memory. */
static dais_fold_entry_t *entry_make(const dais_opened_t *opened)
{
    size_t size = opened->record.verdicts.items.size + opened->record.bundle.size +
                  opened->record.message.size + opened->public_content.size;
    dais_fold_entry_t *entry = calloc(1, sizeof *entry + size);
    if (entry == NULL)
        return NULL;
    uint8_t *at = (uint8_t *)(entry + 1);
    entry->seq = opened->seq;
    entry->kind = opened->kind;
    entry->record = opened->record;
    entry->record.verdicts.items = copy_to(&at, opened->record.verdicts.items);
    entry->record.bundle = copy_to(&at, opened->record.bundle);
    entry->record.message = copy_to(&at, opened->record.message);
    entry->public_content = copy_to(&at, opened->public_content);
    entry->has_stamp = opened->has_stamp;
    if (opened->has_bundle)
        entry->key = opened->bundle.key;
    if (opened->has_stamp)
        entry->intake = opened->stamp.key;
    entry->is_done = record_has(&entry->record, DAIS_VERDICT_CLASS_DONE, false);
    entry->is_refused = record_has(&entry->record, DAIS_VERDICT_CLASS_REFUSED, true);
    return entry;
}

/* Reads the copy, so that what was decoded points into it. */
static dais_err_t entry_decode(dais_fold_t *fold, dais_fold_entry_t *entry,
                               const dais_opened_t *opened)
{
    const dais_kind_t *kind = NULL;
    dais_slice_t bytes = entry->record.message;
    if (entry->kind->number == DAIS_KIND_GENESIS) {
        dais_fault_t fault = dais_genesis_open(bytes, &fold->genesis);
        fold->log = opened->leaf;
        fold->has_genesis = fault.err == DAIS_OK;
        return fault.err != DAIS_OK ? fault.err
                                    : dais_policy_parse(fold->genesis.policy, &fold->frozen, NULL);
    }
    if (entry->kind->stream == DAIS_STREAM_OWN)
        return dais_own_decode(bytes, &entry->own, &kind).err;
    return dais_message_decode(bytes, &entry->message, &kind).err;
}

static dais_err_t fold_room(dais_fold_t *fold)
{
    if (fold->count < fold->capacity)
        return DAIS_OK;
    size_t capacity = fold->capacity == 0 ? CAPACITY_FIRST : fold->capacity * 2;
    dais_fold_entry_t **wider = realloc(fold->entries, capacity * sizeof(dais_fold_entry_t *));
    if (wider == NULL)
        return DAIS_ERR_NO_MEMORY;
    fold->entries = wider;
    fold->capacity = capacity;
    return DAIS_OK;
}

dais_err_t dais_fold_take(dais_fold_t *fold, const dais_opened_t *opened)
{
    dais_err_t err = fold_room(fold);
    dais_fold_entry_t *entry = err == DAIS_OK ? entry_make(opened) : NULL;
    if (entry == NULL)
        return DAIS_ERR_NO_MEMORY;
    err = entry_decode(fold, entry, opened);
    if (err != DAIS_OK) {
        free(entry);
        return err;
    }
    fold_forget_model(fold); /* its slices may point into what goes */
    size_t place = fold_place(fold, entry->seq);
    if (place < fold->count && fold->entries[place]->seq == entry->seq) {
        free(fold->entries[place]);
    } else {
        memmove(fold->entries + place + 1, fold->entries + place,
                (fold->count - place) * sizeof(dais_fold_entry_t *));
        fold->count++;
    }
    fold->entries[place] = entry;
    return DAIS_OK;
}

void dais_fold_remember(dais_fold_t *fold, dais_store_index_t *ids, const uint8_t *id, size_t index)
{
    if (!dais_store_index_add(ids, id, index + 1))
        fold->arena.err = DAIS_ERR_NO_MEMORY;
}

static size_t fold_index(const dais_store_index_t *ids, const uint8_t *id)
{
    uint64_t found = dais_store_index_find(ids, id);
    return found == 0 ? DAIS_FOLD_NONE : (size_t)(found - 1);
}

size_t dais_fold_find(const dais_fold_t *fold, const uint8_t *id)
{
    return fold_index(&fold->orgs, id);
}

size_t dais_fold_find_comment(const dais_fold_t *fold, const uint8_t *id)
{
    return fold_index(&fold->comments, id);
}

void dais_fold_finding(dais_fold_step_t *step, const char *code)
{
    dais_fold_finding_t *finding = DAIS_ARENA_ADD(&step->fold->arena, &step->model->findings);
    if (finding == NULL)
        return;
    finding->seq = step->entry == NULL ? 0 : step->entry->seq;
    finding->code = code;
}

bool dais_fold_has_verdict(const dais_fold_entry_t *entry, dais_verdict_t verdict)
{
    dais_list_walk_t walk = dais_list_begin(&entry->record.verdicts, &dais_shape_code_item);
    dais_code_item_t code;
    while (dais_list_next(&walk, &code)) {
        if (code.value == verdict)
            return true;
    }
    return false;
}

bool dais_fold_done(const dais_fold_step_t *step, size_t place)
{
    dais_list_walk_t walk = dais_list_begin(&step->entry->record.verdicts, &dais_shape_code_item);
    dais_code_item_t code;
    for (size_t i = 0; dais_list_next(&walk, &code); i++) {
        if (i == place)
            return dais_verdict_is_done(code.value);
    }
    return false;
}

static dais_fold_kind_t *const fold_kinds[KINDS] = {
    [DAIS_KIND_CALL] = dais_fold_call,
    [DAIS_KIND_OPEN] = dais_fold_open,
    [DAIS_KIND_SESSION_CONCLUDED] = dais_fold_session_concluded,
    [DAIS_KIND_REPORT_ADOPTED] = dais_fold_report_adopted,
    [DAIS_KIND_OFFICERS] = dais_fold_officers,
    [DAIS_KIND_AGENDA_ITEM] = dais_fold_agenda_item,
    [DAIS_KIND_DOCUMENT] = dais_fold_document,
    [DAIS_KIND_TOPIC] = dais_fold_topic,
    [DAIS_KIND_APPLICATION] = dais_fold_application,
    [DAIS_KIND_AMENDMENT] = dais_fold_amendment,
    [DAIS_KIND_WITHDRAWAL] = dais_fold_withdrawal,
    [DAIS_KIND_STATUS_CONFIRMED] = dais_fold_status_confirmed,
    [DAIS_KIND_LIST_VERSION] = dais_fold_list_version,
    [DAIS_KIND_CALENDAR_CHANGE] = dais_fold_calendar_change,
    [DAIS_KIND_PRESENCE] = dais_fold_presence,
    [DAIS_KIND_REFERRAL] = dais_fold_referral,
    [DAIS_KIND_DECISION] = dais_fold_decision,
    [DAIS_KIND_CORRECTION] = dais_fold_correction,
    [DAIS_KIND_INVITATION] = dais_fold_invitation,
    [DAIS_KIND_REGISTRATION] = dais_fold_registration,
    [DAIS_KIND_ATTENDANCE] = dais_fold_attendance,
    [DAIS_KIND_INTERVENTION] = dais_fold_intervention,
    [DAIS_KIND_COMMENT] = dais_fold_comment,
    [DAIS_KIND_COMMENT_RULING] = dais_fold_comment_ruling,
    [DAIS_KIND_SUGGESTION] = dais_fold_suggestion,
    [DAIS_KIND_SUMMARY] = dais_fold_summary,
    [DAIS_KIND_WITHHOLDING] = dais_fold_withholding,
    [DAIS_KIND_ROSTER_CHANGE] = dais_fold_roster_change,
    [DAIS_KIND_CANCELLATION] = dais_fold_cancellation,
    [DAIS_KIND_SECOND] = dais_fold_second,
    [DAIS_KIND_TICK] = dais_fold_tick,
    [DAIS_KIND_OUTCOME] = dais_fold_outcome,
    [DAIS_KIND_TALLY] = dais_fold_tally,
    [DAIS_KIND_LAPSE] = dais_fold_lapse,
    [DAIS_KIND_CLOSE] = dais_fold_close,
    [DAIS_KIND_FORK_EVIDENCE] = dais_fold_close, /* nothing may follow it either */
};

static void fold_step(dais_fold_step_t *step)
{
    unsigned number = (unsigned)step->entry->kind->number;
    assert(number < KINDS);
    fold_subject_t subject;
    bool is_own = step->entry->kind->stream == DAIS_STREAM_OWN;
    dais_slice_t packed = is_own ? step->entry->own.subject : step->entry->message.subject;
    if (fold_kinds[number] == NULL || !step->entry->is_done)
        return;
    /* The entry was taken with its subject in the shape of its kind. */
    dais_fault_t fault = dais_shape_decode(step->entry->kind->subject, packed, &subject);
    assert(fault.err == DAIS_OK);
    (void)fault;
    step->subject = &subject;
    fold_kinds[number](step);
}

dais_err_t dais_fold_make(dais_fold_t *fold, uint64_t size, const dais_fold_model_t **model)
{
    fold_forget_model(fold);
    *model = &fold->model;
    fold->model.size = size;
    fold->model.has_genesis = fold->has_genesis;
    fold->model.genesis = fold->genesis;
    fold->model.log = fold->log;
    fold->model.policy = fold->frozen;
    fold->model.state = DAIS_CYCLE_DRAFT;
    dais_fold_step_t step = {.fold = fold, .model = &fold->model};
    for (size_t i = 0; i < fold->count && fold->entries[i]->seq < size; i++) {
        step.entry = fold->entries[i];
        fold_step(&step);
    }
    step.entry = NULL;
    dais_fold_finish_orgs(&step);
    dais_fold_finish_topics(&step);
    dais_fold_check(&step);
    return fold->arena.err;
}
