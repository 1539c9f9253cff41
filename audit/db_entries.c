/* SPDX-License-Identifier: Apache-2.0
 *
 * What an entry consists of in the store, piece by piece: its leaf with the nodes that it
 * completes, the row of its bundle, the link of that bundle, and what the rules make of it. */
#include "audit/db_private.h"
#include "proto/entry.h"
#include "proto/kind.h"
#include "proto/shape.h"
#include "proto/signed.h"
#include "registry/rules/verdict.h"

static const char stopped_fault[] = "an entry before it is at fault";

static void entry_stop(db_t *db, const char *why)
{
    if (db->stopped == NULL)
        db->stopped = why;
}

/* The nodes that this leaf completes lie behind its commitment. */
static bool leaf_nodes(const db_t *db, dais_slice_t value, dais_hash_t hash, uint64_t seq)
{
    size_t at = sizeof hash;
    for (unsigned level = 0; (seq >> level & 1) != 0; level++, at += sizeof hash) {
        hash = dais_tree_node_hash(&db->frontier.hashes[level], &hash);
        if (at + sizeof hash > value.size || memcmp(value.data + at, hash.bytes, sizeof hash) != 0)
            return false;
    }
    return at == value.size;
}

/* The leaf hash as the store has it; false where there is none. */
static bool entry_leaf(db_t *db, uint64_t seq, dais_hash_t *leaf)
{
    dais_book_key_t key = dais_book_key_u64(seq);
    dais_hash_t commitment;
    dais_slice_t value;
    bool is_there = dais_txn_get(dais_book_txn(db->book), DAIS_BOOK_LEAVES,
                                 dais_book_key_slice(&key), &value) &&
                    value.size >= sizeof commitment;
    if (!is_there) {
        dais_checks_fail(db->checks, DAIS_CHECK_DB_LEAVES, seq, "the store has no leaf of it");
        db->tree_stopped = true;
        return false;
    }
    memcpy(&commitment, value.data, sizeof commitment);
    *leaf = dais_entry_hash(seq, &commitment);
    if (db->tree_stopped) {
        dais_checks_skip(db->checks, DAIS_CHECK_DB_TREE, "a leaf before it is missing");
        return true;
    }
    if (leaf_nodes(db, value, *leaf, seq))
        dais_checks_pass(db->checks, DAIS_CHECK_DB_TREE);
    else
        dais_checks_fail(db->checks, DAIS_CHECK_DB_TREE, seq,
                         "a node that it completes is not that of its leaves");
    return true;
}

/* Is what somebody holds to be of this log a beginning of the store? */
static void entry_claims(db_t *db)
{
    for (size_t i = 0; i < sizeof db->claims / sizeof db->claims[0]; i++) {
        const db_claim_t *claim = &db->claims[i];
        if (!claim->is_known || claim->size != db->frontier.size)
            continue;
        dais_hash_t root = dais_frontier_root(&db->frontier);
        if (dais_hash_equal(&root, &claim->root))
            dais_checks_pass(db->checks, claim->check);
        else
            dais_checks_fail(db->checks, claim->check, claim->size - 1,
                             "up to here the store is another history");
    }
}

static void entry_link(db_t *db, const dais_book_entry_t *entry)
{
    dais_book_link_t link;
    dais_bundle_t head;
    dais_slice_t bytes;
    const uint8_t *signature;
    if (dais_signed_read(&dais_shape_bundle, entry->opening.envelope, &head, &bytes, &signature)
            .err != DAIS_OK)
        return; /* the opening says so */
    db->bundles++;
    bool is_right =
        dais_book_link(db->book, entry->key_number, (unsigned)head.stream, head.k, &link) &&
        link.state == DAIS_BUNDLE_LOGGED && link.first == entry->opening.seq &&
        dais_hash_equal(&link.bundle, &entry->bundle);
    if (is_right)
        dais_checks_pass(db->checks, DAIS_CHECK_DB_LINKS);
    else
        dais_checks_fail(db->checks, DAIS_CHECK_DB_LINKS, entry->opening.seq,
                         "the chain of its key does not name its bundle");
}

static dais_err_t verdicts_same(const dais_record_t *record, const dais_verdicts_t *verdicts)
{
    dais_code_item_t code;
    unsigned i = 0;
    dais_list_walk_t walk = dais_list_begin(&record->verdicts, &dais_shape_code_item);
    bool same = record->verdicts.count == verdicts->count;
    while (same && dais_list_next(&walk, &code))
        same = code.value == verdicts->codes[i++];
    return same ? DAIS_OK : DAIS_ERR_STATE_DIFFERS;
}

static dais_err_t rules_message(db_t *db, const dais_book_entry_t *entry,
                                const dais_opened_t *opened, bool begins)
{
    dais_verdicts_t verdicts;
    dais_rules_facts_t facts = {.seq = opened->seq,
                                .received_at = opened->record.received_at,
                                .key_number =
                                    dais_roster_find(db->state, &opened->bundle.key).key_number,
                                .index = (uint32_t)opened->record.index,
                                .first_of_bundle = begins};
    if (opened->has_stamp) {
        facts.intake = dais_roster_find(db->state, &opened->stamp.key).key_number;
        facts.j = opened->stamp.j;
        facts.bundle_index = (uint32_t)entry->opening.bundle_index;
    }
    if (facts.key_number != entry->key_number)
        return DAIS_ERR_UNKNOWN_KEY;
    dais_err_t err = dais_rules_apply(db->rules, &facts, opened->kind, &opened->message, &verdicts);
    return err == DAIS_OK ? verdicts_same(&opened->record, &verdicts) : err;
}

static dais_err_t rules_own(db_t *db, const dais_opened_t *opened)
{
    dais_turned_away_t subject;
    if (opened->kind->number == DAIS_KIND_TURNED_AWAY &&
        dais_shape_decode(&dais_shape_turned_away, opened->own.subject, &subject).err == DAIS_OK) {
        db_turned_t *turned = dais_store_vector_add(&db->turned_away);
        if (turned == NULL)
            return DAIS_ERR_NO_MEMORY;
        *turned = (db_turned_t){opened->seq, subject.bundle};
    }
    return opened->seq == 0
               ? dais_rules_begin(db->rules, &opened->genesis, &opened->leaf, NULL)
               : dais_rules_apply_own(db->rules, opened->seq, opened->kind, &opened->own);
}

static void entry_rules(db_t *db, const dais_book_entry_t *entry, const dais_opened_t *opened)
{
    bool begins = opened->has_bundle && !dais_hash_equal(&db->bundle, &entry->bundle);
    db->bundle = entry->bundle;
    if (begins)
        entry_link(db, entry);
    if (db->stopped != NULL) {
        dais_checks_skip(db->checks, DAIS_CHECK_DB_VERDICTS, db->stopped);
        return;
    }
    dais_err_t err =
        opened->has_bundle ? rules_message(db, entry, opened, begins) : rules_own(db, opened);
    /* With other verdicts than the rules give the state is still what they make of the entry. */
    if (!dais_checks_err(db->checks, DAIS_CHECK_DB_VERDICTS, opened->seq, err) &&
        err != DAIS_ERR_STATE_DIFFERS)
        entry_stop(db, stopped_fault);
}

/* Messages that people read are nothing without their content; whether it was erased is known at
 * the end. */
static void entry_content(db_t *db, const dais_opened_t *opened)
{
    bool is_read =
        opened->kind->number == DAIS_KIND_COMMENT || opened->kind->number == DAIS_KIND_SUMMARY;
    if (!is_read || opened->public_content.data != NULL)
        return;
    uint64_t *place = dais_store_vector_add(&db->bare);
    if (place == NULL)
        dais_checks_skip(db->checks, DAIS_CHECK_DB_OPENINGS, "no memory is left");
    else
        *place = opened->seq;
}

static void entry_open(db_t *db, const dais_book_entry_t *entry, const dais_hash_t *leaf)
{
    dais_opened_t opened;
    dais_err_t err = dais_opening_check(&entry->opening, &db->log, &opened).err;
    if (!dais_checks_err(db->checks, DAIS_CHECK_DB_OPENINGS, entry->opening.seq, err)) {
        entry_stop(db, stopped_fault);
        return;
    }
    (void)dais_checks_err(db->checks, DAIS_CHECK_DB_LEAVES, opened.seq,
                          dais_hash_equal(leaf, &opened.leaf) ? DAIS_OK : DAIS_ERR_BAD_COMMITMENT);
    entry_content(db, &opened);
    entry_rules(db, entry, &opened);
}

bool db_entry(db_t *db, uint64_t seq)
{
    dais_book_entry_t entry;
    dais_hash_t leaf;
    bool has_leaf = entry_leaf(db, seq, &leaf);
    if (has_leaf && !db->tree_stopped) {
        dais_frontier_append(&db->frontier, &leaf);
        entry_claims(db);
    }
    if (seq == 0 && has_leaf)
        db->log = leaf;
    if (!has_leaf || !dais_book_entry(db->book, seq, &entry)) {
        dais_checks_fail(db->checks, DAIS_CHECK_DB_ENTRIES, seq, "it cannot be read");
        entry_stop(db, stopped_fault);
    } else {
        dais_checks_pass(db->checks, DAIS_CHECK_DB_ENTRIES);
        entry_open(db, &entry, &leaf);
    }
    return dais_book_failure(db->book) == DAIS_OK;
}

void db_bare(db_t *db)
{
    for (uint64_t i = 0; i < db->bare.count; i++) {
        const uint64_t *seq = dais_store_vector_at(&db->bare, i);
        dais_entry_row_t row;
        if (db->stopped != NULL)
            dais_checks_skip(db->checks, DAIS_CHECK_DB_OPENINGS,
                             "whether a missing content was erased is not known");
        else if (db->state->port->dense_get(db->state, DAIS_TABLE_ENTRY, *seq + 1, &row) &&
                 (row.marks & DAIS_ENTRY_ERASED) != 0)
            dais_checks_count(db->checks, DAIS_CHECK_DB_OPENINGS, DAIS_CHECK_ERASED);
        else
            dais_checks_fail(db->checks, DAIS_CHECK_DB_OPENINGS, *seq,
                             "its content is not there and was not erased");
    }
}
