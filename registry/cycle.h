/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_REGISTRY_CYCLE_H
#define DAIS_REGISTRY_CYCLE_H

#include "registry/house.h"
#include "registry/keys.h"
#include "registry/log/book_link.h"
#include "registry/log/book_read.h"
#include "registry/rules/visible.h"

/* One cycle in the registry's hands: its log, its rules, its keys. Everything here is a step that
 * is given its input and ends; there are no sockets, and time and chance come from the house. */
typedef struct dais_cycle dais_cycle_t;

typedef enum {
    DAIS_CYCLE_TO_SERVE, /* raises the epoch, writes, signs */
    DAIS_CYCLE_TO_READ,  /* changes nothing, needs no key, and may run beside who serves */
} dais_cycle_purpose_t;

/* May a cycle be called so? Letters, digits, dots, dashes and underscores, with a letter or digit
 * first, at most DAIS_LIMIT_CODE bytes. */
bool dais_cycle_name_ok(const char *name);

/* Makes the folder and the secrets of a cycle that has no genesis yet, and writes the public half
 * of the keys (registry/keys.h). EXISTS if the cycle has keys. BAD_TEXT for a name that is
 * none. */
DAIS_MUST_CHECK dais_err_t dais_cycle_prepare(dais_house_t *house, const char *name,
                                              dais_slice_t origin, dais_writer_t *public_keys);

/* A new log from genesis as the secretariat signed it. `trusted` is the key that the operator
 * expects it to be signed by, null to take the one it names. UNKNOWN_KEY if it is another;
 * BAD_KEY if genesis does not name the keys that were prepared for this cycle; WRONG_ORIGIN if the
 * folder is of another; EXISTS; and what the decoder and the policy's loader find. */
DAIS_MUST_CHECK dais_err_t dais_cycle_create(dais_house_t *house, dais_slice_t genesis,
                                             const dais_key_t *trusted,
                                             dais_policy_faults_t *faults,
                                             char name[DAIS_LIMIT_CODE + 1]);

/* Opens it. UNKNOWN_CYCLE, and what dais_book_acquire() refuses. On error *cycle is null. */
DAIS_MUST_CHECK dais_err_t dais_cycle_open(dais_cycle_t **cycle, dais_house_t *house,
                                           const char *name, dais_cycle_purpose_t purpose);
void dais_cycle_close(dais_cycle_t **cycle);

/* Opens a copy of a log, to read, in a folder of its own. guard may be null: then it is not asked
 * whether the copy is as new as what was signed. */
DAIS_MUST_CHECK dais_err_t dais_cycle_open_copy(dais_cycle_t **cycle, dais_house_t *house,
                                                const char *folder, const char *guard);

/* Where its files lie. UNKNOWN_CYCLE. */
typedef struct {
    char folder[512];
    char guard[512];
} dais_cycle_places_t;

DAIS_MUST_CHECK dais_err_t dais_cycle_places(dais_house_t *house, const char *name,
                                             dais_cycle_places_t *places);

const char *dais_cycle_name(const dais_cycle_t *cycle);
const dais_book_about_t *dais_cycle_about(const dais_cycle_t *cycle);
dais_book_t *dais_cycle_book(dais_cycle_t *cycle);
dais_rules_t *dais_cycle_rules(dais_cycle_t *cycle);
const dais_device_t *dais_cycle_box(const dais_cycle_t *cycle);
dais_house_t *dais_cycle_house(dais_cycle_t *cycle);

/* While the clock is not to be trusted no deadline is closed. All else goes on. */
void dais_cycle_doubt_clock(dais_cycle_t *cycle, bool is_unsure);

/* A batch: begin, any number of hand-overs, end. Everything in it is one transaction. After the
 * end every answer may be sent; after an error none. NO_SPACE leaves the cycle as it was before the
 * batch, and it goes on; after any other error it is to be closed. */
DAIS_MUST_CHECK dais_err_t dais_cycle_batch_begin(dais_cycle_t *cycle);

/* What is answered to one hand-over: `taken` with next, or `refused` with err. */
typedef struct {
    dais_err_t err;
    uint64_t next;
    uint64_t retry_ms;
} dais_take_t;

dais_take_t dais_cycle_take(dais_cycle_t *cycle, const dais_hand_over_t *hand_over);
DAIS_MUST_CHECK dais_err_t dais_cycle_batch_end(dais_cycle_t *cycle);

/* After a batch in which contents were erased: writes the cycle's file anew, without what was
 * deleted from it. Takes the time that it takes to copy the log; nothing where nothing was erased.
 * After an error the cycle is to be closed. */
DAIS_MUST_CHECK dais_err_t dais_cycle_forget_erased(dais_cycle_t *cycle);

/* Commits nothing of it. */
DAIS_MUST_CHECK dais_err_t dais_cycle_batch_drop(dais_cycle_t *cycle);

/* A bundle of the secretariat given in on the host, in a batch of its own: roster-change,
 * intake-lost, clock-accepted and second, else NOT_ON_HOST. The refusal of a bundle that is not
 * admitted; then nothing is logged, and its number is not used up. *first and *count are the
 * entries that it became. */
DAIS_MUST_CHECK dais_err_t dais_cycle_admit(dais_cycle_t *cycle, dais_slice_t parcel,
                                            uint64_t *first, uint64_t *count);

/* A checkpoint that is signed by this log's key and is no prefix of it: it becomes the last entry.
 * BAD_PROOF if it is a prefix; errors of dais_checkpoint_verify(). */
DAIS_MUST_CHECK dais_err_t dais_cycle_fork_evidence(dais_cycle_t *cycle, dais_slice_t checkpoint);

/* Did the last batch bring any bundle? The log need not have grown by it: nothing in it may be new.
 */
bool dais_cycle_has_happened(const dais_cycle_t *cycle);

/* May the last batch have brought something for the bundles of this key? Never falsely no. */
#define DAIS_TOUCHED_WORDS 64
bool dais_cycle_has_touched(const dais_cycle_t *cycle, uint32_t key_number);

/* After the end of the log: keeps its final checkpoint as a file and destroys the key that signed
 * it. From then on the cycle is served under that checkpoint. Done twice it is done. NOT_ENDED. */
DAIS_MUST_CHECK dais_err_t dais_cycle_seal(dais_cycle_t *cycle);

/* Is there anything that a tick would do now? To be asked between batches. */
bool dais_cycle_is_due(dais_cycle_t *cycle);

/* Counts up with every change of the roster, so that whoever exports it knows when. */
uint64_t dais_cycle_roster_turn(const dais_cycle_t *cycle);

/* Counts up with every clock-accepted entry that has effect. */
uint64_t dais_cycle_clock_turn(const dais_cycle_t *cycle);

#endif
