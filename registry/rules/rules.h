/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_RULES_RULES_H
#define DAIS_RULES_RULES_H

#include "proto/message.h"
#include "registry/rules/policy.h"
#include "registry/rules/roster.h"
#include "registry/rules/verdict.h"

/* The rules: a pure function of the log. The same code decides in the registry, follows in the
 * audit and answers in tests. It reads no clock, no disk, no time zone, no randomness and no
 * content; instants reach it as numbers in messages and stamps, and it compares them. docs/rules.md
 * is the specification, word for word; a change there is a new rules number, and every number that
 * a cycle ever used stays in the code. */

#define DAIS_RULES_NUMBER 1

typedef struct dais_rules dais_rules_t;

/* Called for each move of a machine, in the order of the moves: what changed and why. For
 * explanations, journals and tests; the rules do not depend on it. number is the row's number in
 * its table (0 for the cycle; carried cases have is_carried). */
typedef struct {
    dais_machine_t machine;
    uint64_t number;
    unsigned from; /* 0: it came into being */
    unsigned to;
    uint64_t seq; /* the entry that moved it */
    dais_cause_t cause;
    bool is_carried;
    bool is_restored; /* put back by a correction, beside the table */
} dais_move_t;

typedef void dais_move_fn_t(void *context, const dais_move_t *move);

/* The rules keep the cycle's row at hand and write it back once at the end of each call, so that
 * running counts cost nothing; every other row is read and written through the store.
 *
 * store is borrowed and outlives the rules. It has to be empty for dais_rules_begin() and to hold
 * the state of a log for dais_rules_resume(). */
DAIS_MUST_CHECK dais_err_t dais_rules_create(dais_rules_t **rules, dais_rules_store_t *store);
void dais_rules_destroy(dais_rules_t **rules); /* *rules is null afterwards */

/* The policy key that a cause rests on; ..._COUNT for one that rests on none. */
dais_policy_key_t dais_rules_cause_key(dais_cause_t cause);

/* At most one; null for none. */
void dais_rules_watch(dais_rules_t *rules, dais_move_fn_t *moved, void *context);

/* Entry 0. log is its leaf hash. Refuses with UNKNOWN_RULES, or with what dais_policy_parse()
 * finds; `faults` may be null. */
DAIS_MUST_CHECK dais_err_t dais_rules_begin(dais_rules_t *rules, const dais_genesis_t *genesis,
                                            const dais_hash_t *log, dais_policy_faults_t *faults);

/* Takes up a stored state, for instance at the start of the registry. CORRUPT if there is none. */
DAIS_MUST_CHECK dais_err_t dais_rules_resume(dais_rules_t *rules);

/* What the registry knows of a message beside its bytes. */
typedef struct {
    uint64_t seq;          /* the index that it gets */
    uint64_t received_at;  /* the stamp's time; logged_at where there is no stamp */
    uint32_t key_number;   /* of the bundle's key, from dais_roster_find() */
    uint32_t intake;       /* key number of the intake; 0 where there is no stamp */
    uint64_t j;            /* of the stamp */
    uint32_t bundle_index; /* of the bundle under the stamp */
    uint32_t index;        /* of the message in the bundle */
    bool first_of_bundle;  /* the first message of this bundle that is logged */
} dais_rules_facts_t;

/* Rules on one message and changes the state. Always gives verdicts, at least one, as many as
 * dais_rules_targets() says. kind and message come from dais_message_decode(), so that the subject
 * is known to be well-formed; the same id and bytes as before are never given to it (the caller
 * answers with the earlier entry).
 *
 * Errors mean that the log or the machine is at fault, never that the message is refused:
 * OWN_MISSING (own entries of the bundle before are still due), LOG_ENDED, WRONG_ACTOR (the key is
 * not that of message->actor), WRONG_SEQ, or what the store has. After an error the state may be
 * half changed: the caller drops the transaction, or the state. */
DAIS_MUST_CHECK dais_err_t dais_rules_apply(dais_rules_t *rules, const dais_rules_facts_t *facts,
                                            const dais_kind_t *kind, const dais_message_t *message,
                                            dais_verdicts_t *verdicts);

/* An entry of the registry's own. Those that the rules owe (outcome, tally, lapse, close) have to
 * be the next one due, byte for byte, else OWN_WRONG; a tick has to be of a date that is set, not
 * closed, and the next in order, else OWN_WRONG. turned-away and fork-evidence are the registry's
 * word; what they say of bundles is not checked here. The verdict is `accepted`. */
DAIS_MUST_CHECK dais_err_t dais_rules_apply_own(dais_rules_t *rules, uint64_t seq,
                                                const dais_kind_t *kind, const dais_own_t *own);

/* The next own entry that is due, to be appended and then given to dais_rules_apply_own(), until
 * there is none. To be asked after the last message of each bundle and after each tick. The
 * subject is packed into the writer; *kind is null if nothing is due. */
DAIS_MUST_CHECK dais_err_t dais_rules_due(dais_rules_t *rules, const dais_kind_t **kind,
                                          dais_writer_t *subject);

/* The next deadline that has to be closed. It is closed by tick(which, due) once every intake has
 * marked an instant that is not before closes_at (due and the time of grace, where there is one).
 * False if no date is set or the log has ended. */
typedef struct {
    unsigned which; /* DAIS_DATE_... */
    uint64_t due;
    uint64_t closes_at;
} dais_rules_deadline_t;

bool dais_rules_next_deadline(dais_rules_t *rules, dais_rules_deadline_t *deadline);

/* The entry that has this id of this actor, or 0: the memory of duplicates. */
uint64_t dais_rules_find(dais_rules_t *rules, const dais_id_t *id, const dais_id_t *actor);

/* How many verdicts a message of this kind and subject gets. The subject has to be well-formed. */
unsigned dais_rules_targets(const dais_kind_t *kind, dais_slice_t subject);

/* The roles that may say a kind under every policy, a bit for each; 0 where the policy has a word
 * in it, and for kinds that nobody says. */
uint32_t dais_rules_roles(unsigned kind);

/* The policy in force: genesis, with the values of the call. Lives as long as the rules, and
 * changes when a call is accepted. */
const dais_policy_t *dais_rules_policy(const dais_rules_t *rules);
dais_rules_store_t *dais_rules_store(const dais_rules_t *rules);
const dais_hash_t *dais_rules_log(const dais_rules_t *rules);
uint64_t dais_rules_size(const dais_rules_t *rules); /* entries applied */

/* May nothing follow any more? */
bool dais_rules_has_ended(const dais_rules_t *rules);

#endif
