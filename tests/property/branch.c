/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/property/branch.h"

#include "tests/property/store_flat.h"

void branch_create(branch_t *branch)
{
    *branch = (branch_t){.store = store_flat_create()};
}

void branch_destroy(branch_t *branch)
{
    if (branch->store != NULL)
        store_flat_destroy(branch->store);
    branch->store = NULL;
}

void branch_copy(branch_t *branch, const dais_rules_t *from, uint64_t clock)
{
    branch->rules = *from;
    store_flat_copy(branch->store, from->store);
    branch->rules.store = branch->store;
    branch->rules.moved = NULL;
    branch->clock = clock;
    branch->said = 0;
}

void branch_copy_branch(branch_t *branch, const branch_t *from)
{
    branch_copy(branch, &from->rules, from->clock);
    branch->said = from->said;
}

/* Of a branch entries are named by their index. */
static uint64_t branch_entry_of(void *context, unsigned uid)
{
    (void)context;
    return uid;
}

bool branch_say(branch_t *branch, const event_t *event, unsigned who, uint64_t received_at,
                dais_verdicts_t *verdicts)
{
    static uint8_t bytes[DAIS_LIMIT_SUBJECT];
    dais_key_t key = player_key(who);
    dais_rules_t *rules = &branch->rules;
    dais_slice_t subject;
    if (!sequence_pack(event, branch_entry_of, NULL, player_key, bytes, sizeof bytes, &subject))
        return false;
    dais_message_t message = {.kind = event->kind,
                              .id = sequence_id((uint64_t)50000 + branch->said++),
                              .actor = sequence_id((uint64_t)NAME_ACTOR + cast[who].actor),
                              .subject = subject};
    dais_rules_facts_t facts = {.seq = dais_rules_size(rules),
                                .received_at = received_at,
                                .key_number = dais_roster_find(rules->store, &key).key_number,
                                .first_of_bundle = true};
    return facts.key_number != 0 && dais_rules_apply(rules, &facts, dais_kind_of(event->kind),
                                                     &message, verdicts) == DAIS_OK;
}

static bool branch_own(branch_t *branch, const dais_kind_t *kind, dais_slice_t subject)
{
    dais_rules_t *rules = &branch->rules;
    dais_own_t own = {.kind = kind->number, .subject = subject};
    return dais_rules_apply_own(rules, dais_rules_size(rules), kind, &own) == DAIS_OK;
}

bool branch_due(branch_t *branch)
{
    static uint8_t bytes[DAIS_LIMIT_SUBJECT];
    for (;;) {
        const dais_kind_t *kind;
        dais_writer_t writer;
        dais_writer_init(&writer, bytes, sizeof bytes);
        if (dais_rules_due(&branch->rules, &kind, &writer) != DAIS_OK)
            return false;
        if (kind == NULL)
            return true;
        if (!branch_own(branch, kind, dais_slice(bytes, writer.size)))
            return false;
    }
}

bool branch_tick_of(branch_t *branch, unsigned which, uint64_t due)
{
    uint8_t bytes[64];
    dais_tick_t tick = {.which = which, .due = due};
    dais_writer_t writer;
    dais_writer_init(&writer, bytes, sizeof bytes);
    return dais_shape_encode(&dais_shape_tick, &tick, &writer) == DAIS_OK &&
           branch_own(branch, dais_kind_of(DAIS_KIND_TICK), dais_slice(bytes, writer.size));
}

bool branch_tick(branch_t *branch)
{
    dais_rules_deadline_t next;
    if (!dais_rules_next_deadline(&branch->rules, &next) ||
        !branch_tick_of(branch, next.which, next.due))
        return false;
    if (branch->clock < next.closes_at)
        branch->clock = next.closes_at;
    return true;
}
