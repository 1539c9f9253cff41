/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_AUDIT_DB_PRIVATE_H
#define DAIS_AUDIT_DB_PRIVATE_H

#include "audit/checks.h"
#include "base/store.h"
#include "base/txn.h"
#include "proto/frontier.h"
#include "proto/opening.h"
#include "registry/log/book_link.h"
#include "registry/log/book_read.h"
#include "registry/rules/rules.h"
#include "registry/rules/store_vector.h"

/* A store's entries folded anew, into a store of our own in a temporary folder that is written by
 * the same code, so that both can be compared as they lie: key by key, byte by byte. */

/* A size and root that somebody holds to be of this log. */
typedef struct {
    dais_check_t check;
    bool is_known;
    uint64_t size;
    dais_hash_t root;
} db_claim_t;

typedef struct {
    dais_checks_t *checks; /* borrowed */
    dais_book_space_t *space;
    dais_book_t *book; /* what is looked at */
    dais_hash_t log;   /* its name */

    char folder[64]; /* temporary, of the store below */
    dais_store_t *store;
    dais_txn_t txn;
    dais_rules_store_t *state;
    dais_rules_t *rules;
    const char *stopped; /* why the rules run no further; null while they do */

    uint64_t next; /* entries that have been read */
    dais_frontier_t frontier;
    bool tree_stopped; /* a leaf is missing, so nothing is known of the tree behind it */
    db_claim_t claims[2];
    dais_hash_t bundle;              /* of the entry before; zeros for an own one */
    uint64_t bundles;                /* logged, by their entries */
    dais_store_vector_t turned_away; /* db_turned_t */
    dais_store_vector_t bare;        /* seq of open messages without their content */

    uint64_t key_count, differ_count; /* keys of the state: all, and those that differ */
    char first[320];                  /* the first that differs, and how */
} db_t;

typedef struct {
    uint64_t seq;
    dais_hash_t bundle;
} db_turned_t;

/* One entry, within spans of both stores: leaf, tree, opening, link, rules. False if the span of
 * the book has failed. */
bool db_entry(db_t *db, uint64_t seq);

/* After the last entry, within spans of both stores. */
void db_links(db_t *db);
void db_state(db_t *db);
void db_head(db_t *db, const dais_book_head_row_t *row);
void db_bare(db_t *db);

#endif
