/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_RULES_DERIVE_PRIVATE_H
#define DAIS_RULES_DERIVE_PRIVATE_H

#include <sodium.h>

#include "registry/rules/derive.h"
#include "registry/rules/rules_private.h"
#include "registry/rules/store_index.h"
#include "registry/rules/store_vector.h"

/* What tallies and outcomes are held against. */
typedef struct {
    dais_told_t told;
    unsigned registered[4], attended[4]; /* persons by mode, DAIS_MODE_... */
} dais_derive_org_t;

struct dais_derive {
    dais_rules_store_t *store;
    dais_rules_t *rules; /* the frame */
    dais_store_index_t index;
    dais_store_vector_t orgs, findings;
    uint64_t tally_owed;   /* tick behind which a tally has to stand; else 0 */
    uint64_t list_version; /* the highest of which the entry is open */
    uint64_t derived, trusted;
    bool is_withholding; /* something is withheld: numbers may be short of it */
    dais_err_t err;
    uint8_t secret[crypto_shorthash_KEYBYTES];
};

/* An entry while it is taken. */
typedef struct {
    uint64_t seq;
    const dais_kind_t *kind;
    const dais_opened_t *opened;
    const void *subject; /* decoded */
    dais_slice_t packed;
    dais_verdicts_t verdicts;
} dais_derive_entry_t;

/* Has target `at` of the entry an effect? */
bool dais_derive_is_done(const dais_derive_entry_t *entry, unsigned at);

void dais_derive_found(dais_derive_t *derive, uint64_t seq, const char *code, const char *format,
                       ...) __attribute__((format(printf, 4, 5)));

/* derive_frame.c: the rules over what is open to everybody. */
void dais_derive_frame(dais_derive_t *derive, const dais_derive_entry_t *entry);

/* derive_check.c: outcomes and tallies, before the frame has taken the entry. */
void dais_derive_check(dais_derive_t *derive, const dais_derive_entry_t *entry);

/* The row of an organisation; null if there is none. */
const dais_derive_org_t *dais_derive_org(const dais_derive_t *derive, const dais_id_t *id);

#endif
