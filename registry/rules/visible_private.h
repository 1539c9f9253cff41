/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_RULES_VISIBLE_PRIVATE_H
#define DAIS_RULES_VISIBLE_PRIVATE_H

#include "registry/rules/rules_private.h"
#include "registry/rules/visible.h"

/* Every answer is an index: who may see something sees it in each log that has more entries than
 * that. Grounds are put together by the lowest, conditions by the highest. */
#define DAIS_VISIBLE_NEVER UINT64_MAX

/* An index that is kept in a row, where 0 stands for "not yet". */
static inline uint64_t dais_visible_since(uint64_t index)
{
    return index == 0 ? DAIS_VISIBLE_NEVER : index;
}

static inline uint64_t dais_visible_first(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static inline uint64_t dais_visible_both(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/* When the policy opens this entry to the public. The withdrawal of a comment goes by what is said
 * of comments; one that is refused is about nothing, and so goes by its kind. */
dais_policy_opens_at_t dais_visible_opens_at(const dais_policy_t *policy,
                                             const dais_entry_row_t *entry);

/* Kinds that tell which State objects; of those the levels of the policy decide. */
bool dais_visible_is_objection_kind(unsigned kind);

/* How far what stands in an entry of these kinds is disclosed. */
dais_policy_disclosure_t dais_visible_level(const dais_policy_t *policy, unsigned kind);

/* Does the level let this role see it? Whatever it is, States and the public are another matter. */
bool dais_visible_role_has(const dais_policy_t *policy, dais_reader_who_t reader,
                           dais_policy_disclosure_t level);

/* Inspector and registry see everything. */
bool dais_visible_sees_all(dais_reader_who_t reader);

/* May this reader read the circulated list? */
bool dais_visible_reads_lists(dais_rules_t *rules, dais_reader_who_t reader);

/* From which index on something about this organisation is open that opens at this instant. */
uint64_t dais_visible_opens(const dais_rules_t *rules, dais_policy_opens_at_t at,
                            const dais_organisation_row_t *org);

#endif
