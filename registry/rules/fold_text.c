/* SPDX-License-Identifier: Apache-2.0
 *
 * The public fold as text: one thing a line, a word that says what it is, fields with one space
 * between, and what may hold spaces last. No text of an entry holds a line end, so lines are
 * lines. */
#include "registry/rules/fold_text.h"

#include <assert.h>
#include <inttypes.h>
#include <openssl/evp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "registry/rules/lists.h"
#include "registry/rules/policy_key.h"
#include "registry/rules/policy_value.h"
#include "registry/rules/rules_private.h"

typedef struct {
    const dais_fold_t *fold;
    const dais_fold_model_t *model;
    dais_fold_text_fn_t *piece;
    void *context;
} fold_out_t;

__attribute__((format(printf, 2, 3))) static void put(const fold_out_t *out, const char *format,
                                                      ...)
{
    char text[256];
    va_list list;
    va_start(list, format);
    int size = vsnprintf(text, sizeof text, format, list);
    va_end(list);
    assert(size > 0 && (size_t)size < sizeof text); /* Texts of entries go by put_slice(). */
    out->piece(out->context, dais_slice(text, (size_t)size));
}

static void put_slice(const fold_out_t *out, dais_slice_t text)
{
    if (text.size > 0)
        out->piece(out->context, text);
}

static void put_hex(const fold_out_t *out, const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        put(out, "%02x", bytes[i]);
}

static void put_rest(const fold_out_t *out, dais_slice_t text)
{
    put(out, " ");
    put_slice(out, text);
    put(out, "\n");
}

static void text_head(const fold_out_t *out)
{
    const dais_fold_model_t *model = out->model;
    put(out, "dais/public/1\nlog ");
    put_hex(out, model->log.bytes, sizeof model->log.bytes);
    put(out, "\nsize %" PRIu64 "\nrehearsal %" PRIu64 "\norigin", model->size,
        model->genesis.rehearsal);
    put_rest(out, model->genesis.origin);
    put(out, "cycle %s\n", dais_machine(DAIS_MACHINE_CYCLE)->states[model->state].name);
}

static void text_policy(const fold_out_t *out)
{
    const dais_policy_t *policy = &out->model->policy;
    for (unsigned key = 0; key < DAIS_POLICY_KEY_COUNT; key++) {
        char value[DAIS_LIMIT_VALUE];
        dais_policy_out_t text = {.data = value, .capacity = sizeof value};
        if (policy->confirmed[key] == DAIS_POLICY_CONFIRMED_NONE)
            continue;
        dais_policy_value_write(policy, (dais_policy_key_t)key, &text);
        put(out, "value %s %s", dais_policy_key_info((dais_policy_key_t)key).name,
            dais_words_confirmed.words[policy->confirmed[key]]);
        put_rest(out, dais_slice(value, text.size < sizeof value ? text.size : sizeof value));
    }
}

static void text_frame(const fold_out_t *out)
{
    for (unsigned which = 1; which < DAIS_DATE_COUNT; which++) {
        const dais_fold_date_t *date = &out->model->dates[which];
        if (date->is_set)
            put(out, "date %s %" PRIu64 " %" PRIu64 "\n", dais_words_date.words[which], date->due,
                date->ticked);
    }
    for (size_t at = 0; at < out->model->sessions.count; at++) {
        const dais_fold_session_t *session = &out->model->sessions.items[at];
        put(out, "session %" PRIu64 " %" PRIu64, session->concluded, session->adopted);
        put_rest(out, session->code);
    }
}

/* Kinds of which every entry with an effect is told by its index alone. */
static void text_entries(const fold_out_t *out)
{
    static const unsigned kinds[] = {
        DAIS_KIND_OFFICERS,     DAIS_KIND_AGENDA_ITEM,  DAIS_KIND_DOCUMENT,
        DAIS_KIND_TOPIC,        DAIS_KIND_LIST_VERSION, DAIS_KIND_REFERRAL,
        DAIS_KIND_DECISION,     DAIS_KIND_CORRECTION,   DAIS_KIND_ENDORSEMENT,
        DAIS_KIND_LAPSE,        DAIS_KIND_INTERVENTION, DAIS_KIND_SUGGESTION,
        DAIS_KIND_SUMMARY,      DAIS_KIND_PRESENCE,     DAIS_KIND_CORRESPONDENCE,
        DAIS_KIND_CANCELLATION, DAIS_KIND_CLOSE};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        const dais_fold_entry_t *entry;
        uint64_t seq = 0;
        while (dais_fold_next(out->fold, &seq, &entry))
            if (entry->kind->number == kinds[i] && entry->is_done)
                put(out, "entry %s %" PRIu64 "\n", entry->kind->name, entry->seq);
    }
}

static void text_topics(const fold_out_t *out)
{
    for (size_t at = 0; at < out->model->topics.count; at++) {
        const dais_fold_topic_t *topic = &out->model->topics.items[at];
        put(out, "topic %" PRIu64 " %" PRIu64 " %u", topic->topic.number, topic->seq,
            topic->speakers);
        put_rest(out, topic->quantifier);
    }
}

static const char *word_or_dash(const dais_words_t *words, uint64_t number)
{
    return number == 0 ? "-" : words->words[number];
}

static void text_org(const fold_out_t *out, const dais_fold_organisation_t *org)
{
    const char *told = org->told != DAIS_TOLD_NOTHING ? dais_due_told_word(org->told) : "-";
    const char *at_end =
        org->told_at_end != DAIS_TOLD_NOTHING ? dais_due_told_word(org->told_at_end) : "-";
    put(out, "org ");
    put_hex(out, org->id.bytes, sizeof org->id.bytes);
    put(out, " %s %" PRIu64 " %s %s", told, org->told_seq, at_end, org->takes_part ? "in" : "out");
    put(out, " %s %s %s %s", word_or_dash(&dais_words_category, dais_fold_category(org)),
        word_or_dash(&dais_words_category, org->confirmed_category),
        word_or_dash(&dais_words_answer_word, org->confirmed_ecosoc),
        word_or_dash(&dais_words_answer_word, org->confirmed_prior));
    put(out, " %" PRIu64 " %" PRIu64 " %" PRIu64, org->withdrawn, org->decided, org->invited);
    put(out, " %u %u %u %u", org->registered_in_person, org->registered_online,
        org->attended_in_person, org->attended_online);
    put(out, " %" PRIu64 " ", org->application);
    put_slice(out, org->application != 0 ? org->claims.country : dais_slice_text("-"));
    put_rest(out, org->claims.applicant);
}

typedef struct {
    const dais_fold_organisation_t *org;
} text_place_t;

static int text_order(const void *a, const void *b)
{
    const text_place_t *left = a;
    const text_place_t *right = b;
    return memcmp(left->org->id.bytes, right->org->id.bytes, DAIS_ID_SIZE);
}

/* By id: the order in which they became known depends on who is asked. */
static bool text_orgs(const fold_out_t *out)
{
    size_t count = out->model->organisations.count;
    text_place_t *order = calloc(count + 1, sizeof *order);
    if (order == NULL)
        return false;
    for (size_t at = 0; at < count; at++)
        order[at].org = &out->model->organisations.items[at];
    qsort(order, count, sizeof *order, text_order);
    for (size_t at = 0; at < count; at++)
        text_org(out, order[at].org);
    free(order);
    return true;
}

static void text_comments(const fold_out_t *out)
{
    for (size_t at = 0; at < out->model->comments.count; at++) {
        const dais_fold_comment_t *comment = &out->model->comments.items[at];
        const dais_fold_organisation_t *org =
            &out->model->organisations.items[comment->organisation];
        put(out, "comment ");
        put_hex(out, comment->id.bytes, sizeof comment->id.bytes);
        put(out, " ");
        put_hex(out, org->id.bytes, sizeof org->id.bytes);
        put(out, " %s %" PRIu64 " %" PRIu64 " ",
            dais_machine(DAIS_MACHINE_COMMENT)->states[comment->state].name, comment->entry,
            comment->published);
        put_slice(out, comment->comment.language);
        put_rest(out, comment->comment.title);
    }
}

static void text_numbers(const fold_out_t *out)
{
    const dais_fold_model_t *model = out->model;
    dais_attended_t attended;
    dais_fold_account_t account = dais_fold_account(model);
    char sentence[512];
    dais_count_t count;
    dais_fold_attended(model, attended.of);
    if (model->tallies.count > 0) {
        const dais_fold_tally_t *last = &model->tallies.items[model->tallies.count - 1];
        dais_list_walk_t walk = dais_list_begin(&last->tally.counts, &dais_shape_count);
        put(out, "tally %" PRIu64 " %" PRIu64 "\n", last->seq, last->tally.version);
        while (dais_list_next(&walk, &count)) {
            put(out, "count %" PRIu64, count.number);
            put_rest(out, count.name);
        }
    }
    if (account.has_account)
        put(out, "account %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", account.circulated, account.shown,
            account.not_shown);
    size_t size = dais_lists_sentence(&attended, sentence, sizeof sentence);
    put(out, "sentence");
    put_rest(out, dais_slice(sentence, size));
}

static void text_marks(const fold_out_t *out)
{
    for (size_t at = 0; at < out->model->withheld.count; at++)
        put(out, "withheld %" PRIu64 "\n", out->model->withheld.items[at]);
    for (size_t at = 0; at < out->model->erased.count; at++)
        put(out, "erased %" PRIu64 "\n", out->model->erased.items[at]);
}

dais_err_t dais_fold_text(const dais_fold_t *fold, const dais_fold_model_t *model,
                          dais_fold_text_fn_t *piece, void *context)
{
    fold_out_t out = {fold, model, piece, context};
    text_head(&out);
    text_policy(&out);
    text_frame(&out);
    text_entries(&out);
    text_topics(&out);
    if (!text_orgs(&out))
        return DAIS_ERR_NO_MEMORY;
    text_comments(&out);
    text_numbers(&out);
    text_marks(&out);
    return DAIS_OK;
}

static void digest_take(void *context, dais_slice_t piece)
{
    (void)EVP_DigestUpdate(context, piece.data, piece.size);
}

dais_err_t dais_fold_digest(const dais_fold_t *fold, const dais_fold_model_t *model,
                            dais_hash_t *digest)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    dais_err_t err = DAIS_ERR_CRYPTO;
    memset(digest, 0, sizeof *digest);
    if (context == NULL)
        return DAIS_ERR_NO_MEMORY;
    if (EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1) {
        err = dais_fold_text(fold, model, digest_take, context);
        if (err == DAIS_OK && EVP_DigestFinal_ex(context, digest->bytes, NULL) != 1)
            err = DAIS_ERR_CRYPTO;
    }
    EVP_MD_CTX_free(context);
    return err;
}
