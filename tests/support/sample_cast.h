/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_SUPPORT_SAMPLE_CAST_H
#define DAIS_TESTS_SUPPORT_SAMPLE_CAST_H

#include "proto/identity.h"
#include "proto/message.h"

/* Who and what the samples speak of. Every value follows from its name, so all of it is the same
 * on every machine and for ever. Organisations and States (XA, XB, …) are invented. */

#define DAIS_SAMPLE_CYCLE           "dialogue-2027"
#define DAIS_SAMPLE_ORIGIN          "registry.example/" DAIS_SAMPLE_CYCLE
#define DAIS_SAMPLE_PREVIOUS_ORIGIN "registry.example/dialogue-2026"

/* A device with its owner. */
typedef struct {
    const char *name;     /* "office" */
    const char *actor;    /* whose device it is; names the actor's id */
    const char *key_name; /* of its vkey */
    const char *holder;
    const char *state; /* of a party; else empty */
    uint64_t role;     /* 0: stands in no roster */
    dais_seed_t seed;  /* SHA-256("seed of <name>") */
    dais_device_t device;
} dais_sample_actor_t;

/* secretariat, deputy (a second key of the secretariat), registry, log (signs the checkpoints of
 * this cycle), previous-log, witness, intake, office, mission (of State XA). Aborts for any other
 * name. */
const dais_sample_actor_t *dais_sample_actor(const char *name);
const dais_device_t *dais_sample_device(const char *name);

/* All of them; name is null after the last. */
const dais_sample_actor_t *dais_sample_actors(void);

dais_vkey_t dais_sample_vkey(const char *name);

/* Milliseconds of an RFC 3339 time. */
uint64_t dais_sample_time(const char *text);

/* An id made at this time (RFC 3339): the time, then SHA-256("id of <name>"). */
dais_id_t dais_sample_id_at(const char *name, const char *time);

/* An id made on the first day of the cycle. */
dais_id_t dais_sample_id(const char *name);

/* SHA-256("salt of <name>"). */
dais_key_t dais_sample_salt(const char *name);

/* SHA-256("hash of <name>"): stands for the digest of something that is not at hand. */
dais_hash_t dais_sample_hash(const char *name);

#endif
