/* SPDX-License-Identifier: Apache-2.0
 *
 * What the store holds beside entries, compared with what they make of it. */
#include <inttypes.h>
#include <stdio.h>

#include "audit/db_private.h"
#include "base/walk.h"
#include "proto/stamp.h"
#include "registry/log/mark.h"
#include "registry/rules/store_name.h"

/* Keys in the order of LMDB: as bytes, the shorter first. */
static int key_order(dais_slice_t a, dais_slice_t b)
{
    size_t size = a.size < b.size ? a.size : b.size;
    int order = memcmp(a.data, b.data, size);
    if (order != 0)
        return order;
    return a.size < b.size ? -1 : a.size > b.size;
}

static void state_differs(db_t *db, dais_slice_t key, const char *how)
{
    char name[DAIS_STORE_NAME_SIZE];
    dais_store_name_key(key, name);
    if (db->differ_count++ == 0)
        (void)snprintf(db->first, sizeof db->first, "%s: %s", name, how);
    dais_checks_fail_at(db->checks, DAIS_CHECK_DB_STATE, name, how);
}

static void state_pair(db_t *db, const dais_walk_t *found, const dais_walk_t *wanted)
{
    char how[DAIS_STORE_NAME_SIZE];
    if (dais_slice_equal(found->value, wanted->value)) {
        dais_checks_pass(db->checks, DAIS_CHECK_DB_STATE);
        return;
    }
    dais_store_name_difference(found->key, found->value, wanted->value, how);
    state_differs(db, found->key, how);
}

static void state_merge(db_t *db, dais_walk_t *found, dais_walk_t *wanted)
{
    bool has_found = dais_walk_next(found);
    bool has_wanted = dais_walk_next(wanted);
    for (; has_found || has_wanted; db->key_count++) {
        int order = !has_found ? 1 : -1;
        if (has_found && has_wanted)
            order = key_order(found->key, wanted->key);
        if (order == 0)
            state_pair(db, found, wanted);
        else if (order < 0)
            state_differs(db, found->key, "the store has it, and no entry makes it");
        else
            state_differs(db, wanted->key, "the entries make it, and the store has it not");
        if (order <= 0)
            has_found = dais_walk_next(found);
        if (order >= 0)
            has_wanted = dais_walk_next(wanted);
    }
}

void db_state(db_t *db)
{
    dais_walk_t found;
    dais_walk_t wanted;
    if (db->stopped != NULL) {
        dais_checks_skip(db->checks, DAIS_CHECK_DB_STATE, db->stopped);
        return;
    }
    dais_walk_open(&found, dais_book_txn(db->book), DAIS_BOOK_STATE, dais_slice(NULL, 0),
                   dais_slice(NULL, 0), DAIS_WALK_FORWARD);
    dais_walk_open(&wanted, &db->txn, 0, dais_slice(NULL, 0), dais_slice(NULL, 0),
                   DAIS_WALK_FORWARD);
    state_merge(db, &found, &wanted);
    dais_walk_close(&found);
    dais_walk_close(&wanted);
}

static bool head_frontier(const db_t *db, const dais_book_head_row_t *row)
{
    dais_frontier_t frontier;
    return dais_frontier_decode(row->frontier, &frontier).err == DAIS_OK &&
           dais_frontier_equal(&frontier, &db->frontier);
}

static void head_judge(db_t *db, bool is_so, const char *what)
{
    if (is_so)
        dais_checks_pass(db->checks, DAIS_CHECK_DB_HEAD);
    else
        dais_checks_fail_all(db->checks, DAIS_CHECK_DB_HEAD, what);
}

void db_head(db_t *db, const dais_book_head_row_t *row)
{
    dais_book_key_t behind = dais_book_key_u64(row->size);
    dais_slice_t value;
    head_judge(db,
               !dais_txn_get(dais_book_txn(db->book), DAIS_BOOK_LEAVES,
                             dais_book_key_slice(&behind), &value),
               "there are leaves behind the size that it names");
    dais_hash_t mark = dais_book_mark(dais_book_state(db->book), row->size);
    head_judge(db, dais_hash_equal(&mark, &row->mark), "the mark of the state is another");
    if (db->tree_stopped) {
        dais_checks_skip(db->checks, DAIS_CHECK_DB_HEAD, "a leaf is missing");
        return;
    }
    dais_hash_t root = dais_frontier_root(&db->frontier);
    head_judge(db, dais_hash_equal(&root, &row->root), "its root is not that of the leaves");
    head_judge(db, head_frontier(db, row), "its frontier is not that of the leaves");
}

static bool links_turned_away(const db_t *db, const dais_book_link_t *link)
{
    for (uint64_t i = 0; i < db->turned_away.count; i++) {
        const db_turned_t *turned = dais_store_vector_at(&db->turned_away, i);
        if (turned->seq == link->first && dais_hash_equal(&turned->bundle, &link->bundle))
            return true;
    }
    return link->first == 0; /* given in on the host: no stamp, no entry */
}

static void links_bad(db_t *db, const char *what)
{
    dais_checks_fail_all(db->checks, DAIS_CHECK_DB_LINKS, what);
}

/* Chains of bundles: each link is of a bundle that an entry begins, or of one turned away. */
static void links_bundles(db_t *db)
{
    dais_walk_t walk;
    uint64_t logged = 0;
    dais_walk_open(&walk, dais_book_txn(db->book), DAIS_BOOK_LINKS, dais_slice(NULL, 0),
                   dais_slice(NULL, 0), DAIS_WALK_FORWARD);
    while (dais_walk_next(&walk)) {
        dais_book_link_t link;
        if (dais_shape_decode(&dais_shape_book_link, walk.value, &link).err != DAIS_OK)
            links_bad(db, "a link cannot be read");
        else if (link.state == DAIS_BUNDLE_LOGGED)
            logged += link.count > 0;
        else if (!links_turned_away(db, &link))
            links_bad(db, "a bundle is turned away, and no entry says so");
    }
    dais_walk_close(&walk);
    if (logged != db->bundles)
        links_bad(db, "there are more or fewer links than bundles");
}

/* Of one intake, from its first stamp on. */
typedef struct {
    uint32_t intake;
    uint64_t next;
    uint64_t at;
    dais_hash_t hash;
} links_chain_t;

static void links_stamp(db_t *db, links_chain_t *chain, const dais_walk_t *walk)
{
    dais_stamp_t stamp;
    uint32_t intake_be;
    memcpy(&intake_be, walk->key.data, sizeof intake_be);
    if (be32toh(intake_be) != chain->intake)
        *chain = (links_chain_t){.intake = be32toh(intake_be)};
    if (dais_stamp_open(walk->value, &db->log, &stamp).err != DAIS_OK) {
        links_bad(db, "a stamp is not signed by the key that it names");
        return;
    }
    if (stamp.j != dais_book_key_number(walk->key, sizeof intake_be) || stamp.j != chain->next ||
        stamp.at < chain->at || (stamp.j > 0 && !dais_hash_equal(&stamp.prev, &chain->hash)))
        links_bad(db, "a stamp does not follow the one before it");
    else
        dais_checks_pass(db->checks, DAIS_CHECK_DB_LINKS);
    chain->next = stamp.j + 1;
    chain->at = stamp.at;
    chain->hash = dais_signed_hash(walk->value);
}

void db_links(db_t *db)
{
    links_chain_t chain = {.intake = 0};
    dais_walk_t walk;
    links_bundles(db);
    dais_walk_open(&walk, dais_book_txn(db->book), DAIS_BOOK_STAMPS, dais_slice(NULL, 0),
                   dais_slice(NULL, 0), DAIS_WALK_FORWARD);
    while (dais_walk_next(&walk))
        if (walk.key.size == sizeof(uint32_t) + sizeof(uint64_t))
            links_stamp(db, &chain, &walk);
        else
            links_bad(db, "a stamp's key cannot be read");
    dais_walk_close(&walk);
}
