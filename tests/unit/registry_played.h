/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_UNIT_REGISTRY_PLAYED_H
#define DAIS_TESTS_UNIT_REGISTRY_PLAYED_H

/* A scenario's listener that hands in to the registry all that is said, and compares what comes of
 * it. After cmocka.h. */
#include "tests/support/scenario.h"
#include "tests/unit/registry_cycle.h"

static unsigned heard_count;
static uint64_t heard_application; /* index of the first */

/* The item of a message that the scenario has said: the same but for the log and the contents. */
static inline dais_item_t item_of(const scenario_heard_t *heard)
{
    static uint8_t subject[DAIS_LIMIT_SUBJECT];
    dais_message_t message = *heard->message;
    union {
        uint64_t aligned;
        uint8_t bytes[4096];
    } decoded;
    memcpy(subject, message.subject.data, message.subject.size);
    assert_true(heard->kind->subject->struct_size <= sizeof decoded);
    world_must(
        dais_shape_decode(heard->kind->subject, dais_slice(subject, message.subject.size), &decoded)
            .err);
    return world_item(&world, heard->who, heard->kind->number, &decoded, &message, heard->content);
}

static inline void hear_message(const scenario_heard_t *heard)
{
    dais_item_t item = item_of(heard);
    world_bundle_t bundle =
        world_bundle(&world, heard->who, (unsigned)heard->kind->stream, &item, 1, NULL);
    uint64_t first = 0;
    uint64_t count = 0;
    if (heard->intake != NULL)
        world_send(&world, heard->intake, heard->facts->received_at, &bundle, 1);
    else
        world_must(dais_cycle_admit(world.cycle, bundle.parcel, &first, &count));
}

/* The registry has the entry that the scenario has at this index, with the same verdicts. */
static inline void expect_same(const scenario_heard_t *heard)
{
    static world_entry_t entry;
    dais_book_t *book = dais_cycle_book(world.cycle);
    dais_code_item_t code;
    unsigned i = 0;
    dais_book_begin(book, DAIS_TXN_READ);
    world_read(&world, heard->seq, &entry);
    assert_int_equal(entry.kind->number, heard->kind->number);
    dais_list_walk_t walk = dais_list_begin(&entry.entry.record.verdicts, &dais_shape_code_item);
    assert_int_equal(entry.entry.record.verdicts.count, heard->verdicts->count);
    while (dais_list_next(&walk, &code))
        assert_int_equal(code.value, heard->verdicts->codes[i++]);
    if (heard->own != NULL && heard->kind->number != DAIS_KIND_TICK) {
        dais_own_t own;
        const dais_kind_t *kind;
        world_must(dais_own_decode(entry.entry.record.message, &own, &kind).err);
        if (heard->kind->number != DAIS_KIND_CLOSE)
            assert_true(dais_slice_equal(own.subject, heard->own->subject));
    }
    world_must(dais_book_end(book));
}

static inline void hear(void *context, dais_rules_t *rules, const scenario_heard_t *heard)
{
    (void)context;
    (void)rules;
    if (world.manual.now.wall_ms < heard->logged_at)
        dais_clock_manual_advance(&world.manual, heard->logged_at - world.manual.now.wall_ms);
    if (heard->genesis != NULL)
        world_create(&world, *heard->genesis);
    else if (heard->message != NULL)
        hear_message(heard);
    expect_same(heard);
    if (heard->kind->number == DAIS_KIND_APPLICATION && heard_application == 0)
        heard_application = heard->seq;
    heard_count++;
}

/* The intakes mark the deadline, and the registry closes it by itself. */
static inline void due(void *context, uint64_t closes_at, dais_tick_t *tick)
{
    world_chain_t *chain = world_chain(&world, "intake", 2);
    (void)context;
    (void)tick;
    world_send(&world, "intake", chain->at > closes_at ? chain->at : closes_at, NULL, 0);
}

#endif
