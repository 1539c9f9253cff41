/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_AUDIT_REFOLD_H
#define DAIS_AUDIT_REFOLD_H

#include "audit/reading.h"
#include "registry/rules/rules.h"

/* The rules over a log that is wholly open: what each entry says is compared with what the rules
 * make of it. Stops where the log is not one that the rules made; what comes behind is then not
 * checked. */
typedef struct {
    dais_checks_t *checks; /* borrowed */
    dais_rules_store_t *store;
    dais_rules_t *rules;
    const char *stopped; /* why; null while it goes on */
} dais_refold_t;

dais_err_t dais_refold_open(dais_refold_t *refold, dais_checks_t *checks) DAIS_MUST_CHECK;
void dais_refold_close(dais_refold_t *refold);

/* Takes the next entry. Errors are of the machine alone. */
dais_err_t dais_refold_entry(dais_refold_t *refold,
                             const dais_reading_entry_t *entry) DAIS_MUST_CHECK;

/* After the last entry: an own entry that is still due. */
dais_err_t dais_refold_end(dais_refold_t *refold) DAIS_MUST_CHECK;

/* The instant that this tick closes, 0 if it is not the tick that is next. */
uint64_t dais_refold_closes(const dais_refold_t *refold, const dais_reading_entry_t *entry);

/* What the rules are told of a message beside its bytes. */
dais_rules_facts_t dais_refold_facts(dais_rules_t *rules, const dais_reading_entry_t *entry);

/* Do these verdicts stand in the record? */
bool dais_refold_same(const dais_verdicts_t *verdicts, const dais_list_t *recorded);

#endif
