/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/check.h"

#include "proto/frontier.h"
#include "proto/genesis.h"
#include "proto/opening.h"
#include "registry/cycle_private.h"
#include "registry/rules/digest.h"

typedef struct {
    dais_cycle_t *cycle;
    dais_check_t *check;
    dais_rules_store_t *memory;
    dais_rules_t *rules; /* the second fold */
    dais_frontier_t frontier;
    dais_hash_t bundle; /* of the last message */
    bool begins;        /* the entry opens a bundle */
} checking_t;

static bool check_fails(checking_t *c, dais_err_t err, const char *what)
{
    if (err == DAIS_OK)
        return false;
    c->check->err = err;
    c->check->what = what;
    return true;
}

/* Verdicts as logged, compared with those that the rules give now. */
static dais_err_t check_verdicts(const dais_record_t *record, const dais_verdicts_t *verdicts)
{
    dais_code_item_t code;
    unsigned i = 0;
    dais_list_walk_t walk = dais_list_begin(&record->verdicts, &dais_shape_code_item);
    if (record->verdicts.count != verdicts->count)
        return DAIS_ERR_STATE_DIFFERS;
    while (dais_list_next(&walk, &code))
        if (code.value != verdicts->codes[i++])
            return DAIS_ERR_STATE_DIFFERS;
    return DAIS_OK;
}

static dais_err_t check_message(checking_t *c, const dais_book_entry_t *entry,
                                const dais_opened_t *opened)
{
    dais_verdicts_t verdicts;
    dais_roster_who_t who = dais_roster_find(c->memory, &opened->bundle.key);
    c->begins = !dais_hash_equal(&entry->bundle, &c->bundle);
    c->bundle = entry->bundle;
    dais_rules_facts_t facts = {.seq = entry->opening.seq,
                                .received_at = opened->record.received_at,
                                .key_number = who.key_number,
                                .index = (uint32_t)opened->record.index,
                                .first_of_bundle = c->begins};
    if (opened->has_stamp) {
        facts.intake = dais_roster_find(c->memory, &opened->stamp.key).key_number;
        facts.j = opened->stamp.j;
        facts.bundle_index = (uint32_t)entry->opening.bundle_index;
        c->check->bundles += c->begins;
    }
    if (who.key_number != entry->key_number)
        return DAIS_ERR_STATE_DIFFERS;
    dais_err_t err = dais_rules_apply(c->rules, &facts, opened->kind, &opened->message, &verdicts);
    return err == DAIS_OK ? check_verdicts(&opened->record, &verdicts) : err;
}

static dais_err_t check_apply(checking_t *c, const dais_book_entry_t *entry,
                              const dais_opened_t *opened)
{
    if (entry->opening.seq == 0)
        return dais_rules_begin(c->rules, &opened->genesis, &opened->leaf, NULL);
    if (opened->has_bundle)
        return check_message(c, entry, opened);
    c->bundle = (dais_hash_t){{0}};
    c->check->turned_away += opened->kind->number == DAIS_KIND_TURNED_AWAY;
    return dais_rules_apply_own(c->rules, entry->opening.seq, opened->kind, &opened->own);
}

static void check_entry(checking_t *c, uint64_t seq)
{
    dais_book_entry_t entry;
    dais_opened_t opened;
    dais_book_t *book = dais_cycle_book(c->cycle);
    c->check->seq = seq;
    if (!dais_book_entry(book, seq, &entry)) {
        (void)check_fails(c, DAIS_ERR_CORRUPT, "the entry cannot be read");
        return;
    }
    if (check_fails(
            c, dais_opening_check(&entry.opening, dais_rules_log(c->cycle->rules), &opened).err,
            "its opening does not hold"))
        return;
    dais_hash_t leaf = dais_tree_leaf_hash(entry.leaf);
    if (check_fails(c, dais_hash_equal(&leaf, &opened.leaf) ? DAIS_OK : DAIS_ERR_BAD_COMMITMENT,
                    "its leaf is not that of its record"))
        return;
    dais_frontier_append(&c->frontier, &leaf);
    (void)check_fails(c, check_apply(c, &entry, &opened), "the rules find otherwise");
}

static void check_state(checking_t *c)
{
    dais_hash_t stored;
    dais_hash_t root = dais_frontier_root(&c->frontier);
    dais_hash_t of_book = dais_book_root(dais_cycle_book(c->cycle));
    c->check->seq = c->frontier.size;
    if (check_fails(c, dais_hash_equal(&root, &of_book) ? DAIS_OK : DAIS_ERR_TREE_DIFFERS,
                    "the root is not that of the leaves") ||
        check_fails(c, dais_digest_state(c->rules, &c->check->state), "no digest") ||
        check_fails(c, dais_digest_state(c->cycle->rules, &stored), "no digest"))
        return;
    (void)check_fails(c,
                      dais_hash_equal(&stored, &c->check->state) ? DAIS_OK : DAIS_ERR_STATE_DIFFERS,
                      "the stored state is not that of the entries");
}

static void check_run(checking_t *c)
{
    uint64_t size = dais_book_size(dais_cycle_book(c->cycle));
    for (uint64_t seq = 0; seq < size && c->check->err == DAIS_OK; seq++)
        check_entry(c, seq);
    if (c->check->err == DAIS_OK)
        check_state(c);
    c->check->entries = size;
}

dais_err_t dais_check_cycle(dais_cycle_t *cycle, dais_check_t *check)
{
    checking_t c = {.cycle = cycle, .check = check};
    *check = (dais_check_t){.err = DAIS_OK, .what = ""};
    dais_err_t err = dais_store_memory_create(&c.memory);
    if (err == DAIS_OK)
        err = dais_rules_create(&c.rules, c.memory);
    if (err == DAIS_OK) {
        dais_book_begin(cycle->book, DAIS_TXN_READ);
        check_run(&c);
        err = dais_book_end(cycle->book);
    }
    dais_rules_destroy(&c.rules);
    dais_store_memory_destroy(&c.memory);
    return err;
}
