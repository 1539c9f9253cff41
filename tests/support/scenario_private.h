/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_SUPPORT_SCENARIO_PRIVATE_H
#define DAIS_TESTS_SUPPORT_SCENARIO_PRIVATE_H

/* After cmocka.h, whose asserts policy_text.h uses. */
#include "registry/rules/rules_private.h"
#include "tests/support/policy_text.h"
#include "tests/support/scenario.h"
#include "tests/support/scenario_pack.h"

#define HOUR_MS 3600000ULL
#define ACTORS  32

#define INCLUDE_SIZE_MAX 65536

typedef struct {
    char name[32];
    char id_name[32];
    uint32_t key;
    unsigned role;
} scenario_actor_t;

typedef struct {
    dais_rules_store_t *store;
    dais_rules_t *rules;
    const scenario_listener_t *listener; /* or null */
    const char *cycle;
    dais_hash_t log; /* leaf hash of entry 0 */
    uint64_t clock_ms;
    unsigned messages;
    bool has_begun;
    policy_change_t changes[64];
    unsigned change_count;
    policy_change_t values[64];
    unsigned value_count;
    const char *policy_file;
    const char *carried[8];
    unsigned carried_count;
    unsigned carried_more;
    scenario_actor_t actors[ACTORS];
    unsigned actor_count;
    scenario_pack_t pack;
    char own[512][128];
    unsigned own_count, own_read;
    const char *line;
    unsigned line_number;
    char *included[16];
    unsigned included_count;
} scenario_t;

/* Fails the test and prints the line. */
_Noreturn void scenario_fail(const scenario_t *s, const char *what, const char *found);
void scenario_must(const scenario_t *s, dais_err_t err);

/* The salt of an entry, and the leaf hash of an own entry logged at this time. */
dais_key_t scenario_salt(uint64_t seq);
dais_hash_t scenario_entry_hash(uint64_t seq, dais_slice_t message, uint64_t logged_at);

/* Begins the log with genesis, once. */
void scenario_begin_if_new(scenario_t *s);

/* Tells the listener, with the time it is. */
void scenario_hear(scenario_t *s, scenario_heard_t heard);

/* Appends the own entries that are due. */
void scenario_append_due(scenario_t *s);

/* One line each, without its leading word; the text is changed. */
void scenario_message(scenario_t *s, char *text);
void scenario_add_actor(scenario_t *s, char *text);
void scenario_tick(scenario_t *s, const char *name);
void scenario_not_tick(scenario_t *s, const char *name);
void scenario_own(scenario_t *s, char *text); /* with its leading word */

#endif
