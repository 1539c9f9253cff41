/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_RULES_VISIBLE_H
#define DAIS_RULES_VISIBLE_H

#include "registry/rules/rules.h"

/* Who may see what at which size of the log: the one place that every output asks (pages, data,
 * answers, previews, lists). What a reader may see only grows, but for erasure. */

/* Somebody who reads. role 0 is the public, and the publisher is the public too. */
typedef struct {
    unsigned role; /* DAIS_ROLE_... */
    uint32_t actor_number;
    uint32_t state_number; /* of a party */
} dais_reader_who_t;

dais_reader_who_t dais_visible_public(void);
dais_reader_who_t dais_visible_as(const dais_roster_who_t *who);

/* May this reader be handed the entry (record, salt, openings) when the log has `size` entries?
 * size is at most dais_rules_size(). Reads a fixed number of rows that depends on the kind and
 * targets of the entry, never on what is hidden. */
bool dais_visible_entry(dais_rules_t *rules, dais_reader_who_t reader, uint64_t seq, uint64_t size);

/* The size of the log from which on the public may see it, or 0 if that is not so yet: what an
 * open/<N> file and the public fold go by. */
uint64_t dais_visible_public_from(dais_rules_t *rules, uint64_t seq);

/* False for kinds of which no entry ever opens an earlier one to the public, or erases it, so that
 * whoever looks for what has opened need not look at all when nothing else has come. */
bool dais_visible_may_open(unsigned kind);

/* Has its content been erased? */
bool dais_visible_erased(dais_rules_t *rules, uint64_t seq);

/* Facts that are not entries. */
typedef enum {
    DAIS_FACT_APPLIED,     /* that the organisation applied */
    DAIS_FACT_CIRCULATED,  /* its row on the circulated list */
    DAIS_FACT_STATE,       /* the state of its application as it is */
    DAIS_FACT_TOLD,        /* what the public was told of it */
    DAIS_FACT_OBJECTION,   /* that it was objected to, and how often */
    DAIS_FACT_OBJECTOR,    /* by whom */
    DAIS_FACT_REASON,      /* with which reason code */
    DAIS_FACT_CAUSE,       /* why it stands as it does */
    DAIS_FACT_COUNTS,      /* numbers of objections, of no organisation by name */
    DAIS_FACT_PARTICIPANT, /* whether it is on the participants list */
} dais_fact_t;

/* organisation is its number; 0 for facts of the cycle as a whole (COUNTS). */
bool dais_visible_fact(dais_rules_t *rules, dais_reader_who_t reader, dais_fact_t fact,
                       uint32_t organisation, uint64_t size);

/* What a reader is told of an organisation's standing: a word of the machine application for
 * whoever may see it, else a word of dais_told_t ("not-shown"), else null: nothing. */
const char *dais_visible_standing(dais_rules_t *rules, dais_reader_who_t reader,
                                  uint32_t organisation);

#endif
