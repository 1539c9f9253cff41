/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/scenario_tape.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "proto/genesis.h"
#include "registry/rules/digest.h"

/* A digest reads every row, so most entries go without. */
#define DIGEST_EVERY 8

typedef struct {
    const dais_kind_t *kind;
    dais_rules_facts_t facts;
    dais_message_t message; /* its slices point into bytes */
    dais_own_t own;
    dais_verdicts_t verdicts;
    uint8_t *bytes;
    size_t size;
    bool has_digest;
    dais_hash_t digest;
} tape_entry_t;

struct scenario_tape {
    dais_hash_t log;
    tape_entry_t *entries;
    size_t count, capacity;
};

scenario_tape_t *scenario_tape_create(void)
{
    scenario_tape_t *tape = calloc(1, sizeof *tape);
    assert_non_null(tape);
    return tape;
}

void scenario_tape_destroy(scenario_tape_t **tape)
{
    for (size_t i = 0; i < (*tape)->count; i++)
        free((*tape)->entries[i].bytes);
    free((*tape)->entries);
    free(*tape);
    *tape = NULL;
}

static tape_entry_t *tape_add(scenario_tape_t *tape)
{
    if (tape->count == tape->capacity) {
        tape->capacity = tape->capacity == 0 ? 128 : 2 * tape->capacity;
        tape->entries = realloc(tape->entries, tape->capacity * sizeof *tape->entries);
        assert_non_null(tape->entries);
    }
    tape->entries[tape->count] = (tape_entry_t){.size = 0};
    return &tape->entries[tape->count++];
}

/* Two slices behind one another, which then point there. */
static void tape_keep(tape_entry_t *entry, dais_slice_t *first, dais_slice_t *second)
{
    entry->bytes = malloc(first->size + second->size + 1);
    assert_non_null(entry->bytes);
    if (first->size > 0)
        memcpy(entry->bytes, first->data, first->size);
    if (second->size > 0)
        memcpy(entry->bytes + first->size, second->data, second->size);
    *first = dais_slice(entry->bytes, first->size);
    *second = dais_slice(entry->bytes + first->size, second->size);
    entry->size = first->size + second->size;
}

static void tape_hear(void *context, dais_rules_t *rules, const scenario_heard_t *heard)
{
    scenario_tape_t *tape = context;
    tape_entry_t *entry = tape_add(tape);
    dais_slice_t nothing = {NULL, 0};
    assert_int_equal(heard->seq, tape->count - 1);
    entry->kind = heard->kind;
    entry->verdicts = *heard->verdicts;
    if (heard->message != NULL) {
        entry->facts = *heard->facts;
        entry->message = *heard->message;
        tape_keep(entry, &entry->message.subject, &entry->message.on_behalf);
    } else if (heard->own != NULL) {
        entry->own = *heard->own;
        tape_keep(entry, &entry->own.subject, &nothing);
    } else {
        dais_slice_t genesis = heard->content;
        tape->log = *dais_rules_log(rules);
        tape_keep(entry, &genesis, &nothing);
    }
    entry->has_digest = heard->seq % DIGEST_EVERY == 0;
    if (entry->has_digest)
        assert_int_equal(dais_digest_state(rules, &entry->digest), DAIS_OK);
}

/* The last state is the one in which everything has been counted. */
static void tape_end(void *context, dais_rules_t *rules)
{
    scenario_tape_t *tape = context;
    tape_entry_t *last = &tape->entries[tape->count - 1];
    last->has_digest = true;
    assert_int_equal(dais_digest_state(rules, &last->digest), DAIS_OK);
}

scenario_listener_t scenario_tape_listener(scenario_tape_t *tape)
{
    return (scenario_listener_t){.context = tape, .entry = tape_hear, .ended = tape_end};
}

uint64_t scenario_tape_size(const scenario_tape_t *tape)
{
    return tape->count;
}

bool scenario_tape_digest(const scenario_tape_t *tape, uint64_t seq, dais_hash_t *digest)
{
    *digest = tape->entries[seq].digest;
    return tape->entries[seq].has_digest;
}

static dais_err_t tape_begin(const scenario_tape_t *tape, const tape_entry_t *entry,
                             dais_rules_t *rules)
{
    dais_genesis_t genesis;
    dais_fault_t fault = dais_genesis_open(dais_slice(entry->bytes, entry->size), &genesis);
    assert_int_equal(fault.err, DAIS_OK);
    return dais_rules_begin(rules, &genesis, &tape->log, NULL);
}

static bool tape_same(const dais_verdicts_t *a, const dais_verdicts_t *b)
{
    return a->count == b->count && memcmp(a->codes, b->codes, a->count * sizeof a->codes[0]) == 0;
}

dais_err_t scenario_tape_play(const scenario_tape_t *tape, uint64_t seq, dais_rules_t *rules)
{
    const tape_entry_t *entry = &tape->entries[seq];
    dais_verdicts_t verdicts;
    if (seq == 0)
        return tape_begin(tape, entry, rules);
    if (entry->kind->stream == DAIS_STREAM_OWN)
        return dais_rules_apply_own(rules, seq, entry->kind, &entry->own);
    dais_err_t err =
        dais_rules_apply(rules, &entry->facts, entry->kind, &entry->message, &verdicts);
    if (err == DAIS_OK && !tape_same(&verdicts, &entry->verdicts))
        return DAIS_ERR_CORRUPT;
    return err;
}
