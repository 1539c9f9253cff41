/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_AUDIT_TRUST_H
#define DAIS_AUDIT_TRUST_H

#include "audit/reading.h"
#include "base/args.h"
#include "proto/checkpoint.h"

/* Whom an audit trusts: the one key that was named on the command line, which somebody has to have
 * compared elsewhere. Never one that lies beside what is checked. */
typedef struct {
    bool has_key;
    dais_vkey_t key;
} dais_trust_t;

/* Why nothing is authentic then. */
extern const char dais_trust_no_key[];

/* `text` is a key ("name+id+base64") or the path of a file that holds one line of it. */
dais_err_t dais_trust_read(dais_trust_t *trust, const char *text) DAIS_MUST_CHECK;

/* The option for it, and its value: false, and the mistake is on stderr, if it is no key. */
#define DAIS_TRUST_OPTION                                                                          \
    {                                                                                              \
        .name = "key", .kind = DAIS_ARG_VALUE, .value = "KEY|FILE",                                \
        .text = "the log's key, or a file that holds it; compare it elsewhere first"               \
    }
bool dais_trust_option(const dais_args_t *args, dais_trust_t *trust);

/* Entry 0: does it name the trusted key? */
void dais_trust_genesis(const dais_trust_t *trust, dais_checks_t *checks,
                        const dais_reading_entry_t *entry);

/* The checkpoint at the end: signature, size and root. Without a key it is read and not
 * believed. */
void dais_trust_checkpoint(const dais_trust_t *trust, dais_checks_t *checks,
                           const dais_reading_t *reading, uint64_t size, const dais_hash_t *root);

#endif
