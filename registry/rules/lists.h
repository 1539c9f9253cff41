/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_RULES_LISTS_H
#define DAIS_RULES_LISTS_H

#include "registry/rules/visible.h"

/* The two lists, the tally, and the words that are made of numbers. */

/* A row of a list, as a reader sees it. */
typedef struct {
    uint32_t organisation;
    dais_id_t id;
    uint16_t version;     /* list version that put it there */
    unsigned category;    /* confirmed, else claimed */
    bool is_confirmed;    /* the category is */
    const char *standing; /* dais_visible_standing(); may be null */
    uint64_t application; /* entry with its name, 0 if this reader may not see it */
} dais_list_row_t;

/* What a list adds up to. For whoever may not see causes, shown and not_shown are all there is. */
typedef struct {
    uint32_t circulated;
    bool has_causes;
    uint32_t awaiting, admitted, blocked, refused, withdrawn, lapsed; /* where has_causes */
    uint32_t shown, not_shown;
    uint32_t notified, accorded; /* beside the list */
} dais_list_account_t;

/* The cells of the list by the states of those on it, as the cycle counts them; all else is 0. */
dais_list_account_t dais_lists_account(const uint32_t by_state[16]);

typedef void dais_list_fn_t(void *context, const dais_list_row_t *row);

/* Both give the rows by rising organisation number and then the account. The participants list is
 * everybody's; false, and no row, if the reader may not read the circulated one (it may then still
 * see its own row by dais_visible_fact()). */
bool dais_lists_circulated(dais_rules_t *rules, dais_reader_who_t reader, dais_list_fn_t *each,
                           void *context, dais_list_account_t *account);
void dais_lists_participants(dais_rules_t *rules, dais_list_fn_t *each, void *context,
                             dais_list_account_t *account);

/* The names and numbers of a tally as of now, merged as small-cell says; see docs/rules.md. Names
 * lie in the caller's struct. */
typedef struct {
    unsigned count;
    struct {
        char name[DAIS_LIMIT_CODE + 1];
        uint64_t number;
    } items[DAIS_LIMIT_COUNTS];
} dais_tally_counts_t;

void dais_lists_tally(dais_rules_t *rules, dais_tally_counts_t *counts);

/* How many organisations of each category attended; index is the category, 0 is unused. */
typedef struct {
    uint32_t of[8];
} dais_attended_t;

dais_attended_t dais_lists_attended(dais_rules_t *rules);

/* "Twenty-one non-governmental organizations and three other stakeholders, two from academia and
 * one from the private sector, took part." into a buffer, with terminator; returns the length
 * without it, or 0 if the buffer is too small (512 bytes are always enough). */
size_t dais_lists_sentence(const dais_attended_t *attended, char *buffer, size_t capacity);

/* "zero" to "ninety-nine", then digits. Same return. 24 bytes are always enough. */
size_t dais_lists_number(uint64_t number, char *buffer, size_t capacity);

/* The policy's word for this number of speakers; empty for 0. Lives as long as the policy. */
dais_slice_t dais_lists_quantifier(const dais_policy_t *policy, uint32_t speakers);

#endif
