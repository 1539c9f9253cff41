/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_OFFICE_INTAKES_H
#define DAIS_OFFICE_INTAKES_H

#include "office/outbox.h"
#include "office/wire.h"

/* Which keys are those of intakes, by the roster in the log. A stamp of any other key proves no
 * time, however well it is made: broker and intakes are not trusted. What was read of the log, and
 * the keys found there, are kept in the outbox. A key that was an intake's and has ended counts as
 * one: what it stamped before is good, and what it stamps afterwards the registry does not take. */
#define DAIS_INTAKES_MAX 64

typedef enum {
    DAIS_INTAKE_ROSTERED,
    DAIS_INTAKE_UNKNOWN,   /* as far as the log was read, no intake has this key */
    DAIS_INTAKE_UNCHECKED, /* the registry could not be asked */
} dais_intake_trust_t;

typedef struct {
    dais_key_t keys[DAIS_INTAKES_MAX];
    size_t count;
    uint64_t size; /* entries that were read */
} dais_intakes_t;

/* What is kept in the outbox; nothing at first. */
DAIS_MUST_CHECK dais_err_t dais_intakes_load(dais_outbox_t *outbox, dais_intakes_t *intakes);

DAIS_MUST_CHECK bool dais_intakes_has(const dais_intakes_t *intakes, const dais_key_t *key);

/* One more, that whoever made the profile vouches for. */
void dais_intakes_add(dais_intakes_t *intakes, const dais_key_t *key);

/* Looks the key up; one that is not known is looked for in the log, as far as that goes by now,
 * but no further than to where it is found. Of UNCHECKED, *answer says why; it is to be freed. */
DAIS_MUST_CHECK dais_intake_trust_t dais_intakes_find(dais_intakes_t *intakes, dais_wire_t *wire,
                                                      dais_outbox_t *outbox, const dais_key_t *key,
                                                      dais_wire_answer_t *answer);

#endif
