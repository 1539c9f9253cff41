/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/scenario_public.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "registry/rules/fold_agree.h"
#include "registry/rules/fold_text.h"
#include "registry/rules/visible.h"
#include "tests/support/scenario_private.h"

/* An entry of the scenario, kept until it opens. */
typedef struct {
    bool is_taken;
    dais_opened_t opened;
} public_entry_t;

struct scenario_public {
    dais_fold_t *fold;
    const dais_fold_model_t *model;
    public_entry_t **entries; /* by index */
    size_t count, capacity;
    void **kept;
    size_t kept_count;
    unsigned compared, taken, derived;
};

static dais_slice_t public_keep(scenario_public_t *follower, dais_slice_t bytes)
{
    uint8_t *copy = malloc(bytes.size + 1);
    follower->kept = realloc(follower->kept, (follower->kept_count + 1) * sizeof *follower->kept);
    if (copy == NULL || follower->kept == NULL)
        abort();
    follower->kept[follower->kept_count++] = copy;
    if (bytes.size > 0)
        memcpy(copy, bytes.data, bytes.size);
    return dais_slice(copy, bytes.size);
}

static void public_record(scenario_public_t *follower, dais_opened_t *opened,
                          const scenario_heard_t *heard)
{
    uint8_t codes[DAIS_LIMIT_TARGETS * 8];
    dais_writer_t writer;
    dais_record_t *record = &opened->record;
    record->epoch = 1;
    record->logged_at = heard->logged_at;
    record->received_at = heard->facts != NULL ? heard->facts->received_at : heard->logged_at;
    dais_writer_init(&writer, codes, sizeof codes);
    for (unsigned i = 0; i < heard->verdicts->count; i++) {
        dais_code_item_t code = {heard->verdicts->codes[i]};
        assert_int_equal(dais_list_add(&record->verdicts, &dais_shape_code_item, &code, &writer),
                         DAIS_OK);
    }
    record->verdicts.items = public_keep(follower, record->verdicts.items);
}

static void public_message(scenario_public_t *follower, dais_opened_t *opened,
                           const scenario_heard_t *heard)
{
    static uint8_t packed[DAIS_LIMIT_MESSAGE];
    const dais_kind_t *kind;
    dais_writer_t writer;
    dais_writer_init(&writer, packed, sizeof packed);
    if (heard->own != NULL)
        assert_int_equal(dais_own_encode(heard->own, &writer), DAIS_OK);
    else
        assert_int_equal(dais_message_encode(heard->message, &writer), DAIS_OK);
    opened->record.message = public_keep(follower, dais_slice(packed, writer.size));
    if (heard->own != NULL) {
        assert_int_equal(dais_own_decode(opened->record.message, &opened->own, &kind).err, DAIS_OK);
        return;
    }
    assert_int_equal(dais_message_decode(opened->record.message, &opened->message, &kind).err,
                     DAIS_OK);
    opened->has_bundle = true;
    opened->bundle.key = scenario_pack_key(heard->who);
    opened->has_stamp = heard->intake != NULL;
    if (heard->intake != NULL)
        opened->stamp.key = scenario_pack_key(heard->intake);
}

static void public_hear(void *context, dais_rules_t *rules, const scenario_heard_t *heard)
{
    scenario_public_t *follower = context;
    public_entry_t *entry = calloc(1, sizeof *entry);
    assert_non_null(entry);
    assert_int_equal(heard->seq, follower->count);
    if (follower->count == follower->capacity) {
        follower->capacity = follower->capacity == 0 ? 256 : 2 * follower->capacity;
        follower->entries =
            realloc(follower->entries, follower->capacity * sizeof(public_entry_t *));
        assert_non_null(follower->entries);
    }
    follower->entries[follower->count++] = entry;
    entry->opened.seq = heard->seq;
    entry->opened.kind = heard->kind;
    public_record(follower, &entry->opened, heard);
    if (heard->genesis == NULL) {
        public_message(follower, &entry->opened, heard);
        return;
    }
    entry->opened.record.message = public_keep(follower, heard->content);
    entry->opened.leaf = *dais_rules_log(rules);
}

static void public_take_opened(scenario_public_t *follower, dais_rules_t *rules)
{
    for (uint64_t seq = 0; seq < follower->count; seq++) {
        public_entry_t *entry = follower->entries[seq];
        if (entry->is_taken || dais_visible_public_from(rules, seq) == 0)
            continue;
        entry->is_taken = true;
        follower->taken++;
        assert_int_equal(dais_fold_take(follower->fold, &entry->opened), DAIS_OK);
    }
    assert_int_equal(dais_fold_make(follower->fold, follower->count, &follower->model), DAIS_OK);
}

static void public_differs(void *context, const char *what)
{
    const scenario_public_t *follower = context;
    print_error("at size %zu: %s\n", follower->count, what);
}

static bool public_as_it_is(void *context, dais_opened_t *opened)
{
    (void)context;
    (void)opened;
    return true;
}

static size_t public_findings(scenario_public_t *follower)
{
    dais_derive_t *derive = scenario_public_derive(follower, public_as_it_is, NULL);
    size_t count = dais_derive_finding_count(derive);
    for (size_t i = 0; i < count; i++) {
        const dais_finding_t *finding = dais_derive_finding(derive, i);
        print_error("entry %llu: %s: %s\n", (unsigned long long)finding->seq, finding->code,
                    finding->text);
    }
    for (size_t i = 0; i < follower->model->findings.count; i++)
        print_error("entry %llu: %s\n", (unsigned long long)follower->model->findings.items[i].seq,
                    follower->model->findings.items[i].code);
    follower->derived = (unsigned)dais_derive_count(derive);
    dais_derive_destroy(&derive);
    return count + follower->model->findings.count;
}

static void public_quiet(void *context, dais_rules_t *rules)
{
    scenario_public_t *follower = context;
    public_take_opened(follower, rules);
    size_t findings = public_findings(follower);
    size_t differences =
        dais_fold_agree(follower->fold, follower->model, rules, public_differs, follower);
    if (findings + differences > 0)
        fail_msg("the public: %zu findings, %zu differences", findings, differences);
    follower->compared++;
}

typedef struct {
    char *bytes;
    size_t size, capacity;
} public_text_t;

static void public_text(void *context, dais_slice_t piece)
{
    public_text_t *text = context;
    if (text->size + piece.size > text->capacity) {
        text->capacity = 2 * (text->size + piece.size);
        text->bytes = realloc(text->bytes, text->capacity);
        assert_non_null(text->bytes);
    }
    memcpy(text->bytes + text->size, piece.data, piece.size);
    text->size += piece.size;
}

/* The same entries, from the last to the first, made up now and then. */
static void public_ended(void *context, dais_rules_t *rules)
{
    scenario_public_t *follower = context;
    const dais_fold_model_t *model;
    dais_fold_t *again;
    public_text_t texts[2] = {{.size = 0}};
    dais_hash_t digest;
    public_quiet(context, rules);
    assert_int_equal(dais_fold_create(&again), DAIS_OK);
    assert_int_equal(dais_fold_take(again, &follower->entries[0]->opened), DAIS_OK);
    for (size_t seq = follower->count - 1; seq > 0; seq--) {
        if (!follower->entries[seq]->is_taken)
            continue;
        assert_int_equal(dais_fold_take(again, &follower->entries[seq]->opened), DAIS_OK);
        if (seq % 7 == 0)
            assert_int_equal(dais_fold_make(again, follower->count, &model), DAIS_OK);
    }
    assert_int_equal(dais_fold_make(again, follower->count, &model), DAIS_OK);
    assert_int_equal(dais_fold_text(follower->fold, follower->model, public_text, &texts[0]),
                     DAIS_OK);
    assert_int_equal(dais_fold_text(again, model, public_text, &texts[1]), DAIS_OK);
    assert_int_equal(texts[0].size, texts[1].size);
    assert_memory_equal(texts[0].bytes, texts[1].bytes, texts[0].size);
    assert_int_equal(dais_fold_digest(again, model, &digest), DAIS_OK);
    dais_hash_t whole = dais_hash_one(dais_slice(texts[0].bytes, texts[0].size));
    assert_memory_equal(&digest, &whole, sizeof digest);
    free(texts[0].bytes);
    free(texts[1].bytes);
    dais_fold_destroy(&again);
}

scenario_public_t *scenario_public_create(void)
{
    scenario_public_t *follower = calloc(1, sizeof *follower);
    assert_non_null(follower);
    assert_int_equal(dais_fold_create(&follower->fold), DAIS_OK);
    return follower;
}

void scenario_public_destroy(scenario_public_t **follower)
{
    for (size_t i = 0; i < (*follower)->count; i++)
        free((*follower)->entries[i]);
    for (size_t i = 0; i < (*follower)->kept_count; i++)
        free((*follower)->kept[i]);
    free((*follower)->entries);
    free((*follower)->kept);
    dais_fold_destroy(&(*follower)->fold);
    free(*follower);
    *follower = NULL;
}

scenario_listener_t scenario_public_listener(scenario_public_t *follower)
{
    return (scenario_listener_t){
        .context = follower, .entry = public_hear, .quiet = public_quiet, .ended = public_ended};
}

dais_derive_t *scenario_public_derive(const scenario_public_t *follower, scenario_spoil_fn_t *spoil,
                                      void *context)
{
    dais_derive_t *derive;
    const dais_fold_model_t *model = follower->model;
    assert_int_equal(dais_derive_create(&derive, &model->genesis, &model->log), DAIS_OK);
    for (size_t seq = 1; seq < follower->count; seq++) {
        dais_opened_t opened = follower->entries[seq]->opened;
        if (follower->entries[seq]->is_taken && spoil(context, &opened))
            assert_int_equal(dais_derive_take(derive, &opened), DAIS_OK);
    }
    return derive;
}

bool scenario_public_next(const scenario_public_t *follower, size_t *seq, dais_opened_t *opened)
{
    while (*seq < follower->count && !follower->entries[*seq]->is_taken)
        ++*seq;
    if (*seq == follower->count)
        return false;
    *opened = follower->entries[(*seq)++]->opened;
    return true;
}

unsigned scenario_public_compared(const scenario_public_t *follower)
{
    return follower->compared;
}

unsigned scenario_public_opened(const scenario_public_t *follower)
{
    return follower->taken;
}

unsigned scenario_public_derived(const scenario_public_t *follower)
{
    return follower->derived;
}
