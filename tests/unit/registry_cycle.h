/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_UNIT_REGISTRY_CYCLE_H
#define DAIS_TESTS_UNIT_REGISTRY_CYCLE_H

/* A cycle with two intakes, an office, a party and two keys of the secretariat, at T0, and what the
 * tests of the registry's steps do with it. After cmocka.h. */

#include "tests/support/registry_world.h"
#include "tests/support/scenario_pack.h"
#include "tests/unit/scratch.h"

#define T0 UINT64_C(1800000000000)

static world_t world;

static inline int world_setup(void **state)
{
    if (scratch_make(state) != 0)
        return -1;
    world_open(&world, scratch_folder, T0);
    world_create_sound(&world);
    world_add_key(&world, "sec", "sec2", DAIS_ROLE_SECRETARIAT, "", "holder of sec2");
    world_add_key(&world, "sec", "ia", DAIS_ROLE_INTAKE, "", "");
    world_add_key(&world, "sec", "ib", DAIS_ROLE_INTAKE, "", "");
    world_add_key(&world, "sec", "office", DAIS_ROLE_OFFICE, "", "");
    world_add_key(&world, "sec", "xa", DAIS_ROLE_PARTY, "XA", "");
    return 0;
}

static inline int world_teardown(void **state)
{
    world_close(&world);
    return scratch_remove(state);
}

/* Topics of the secretariat are refused in no way that matters here: any message is logged. */
static inline world_bundle_t bundle_of(const char *who, unsigned count)
{
    dais_item_t items[DAIS_LIMIT_BUNDLE_MESSAGES];
    for (unsigned i = 0; i < count; i++) {
        dais_message_t message = {.actor =
                                      scenario_pack_id(strncmp(who, "sec", 3) == 0 ? "sec" : who)};
        dais_reply_t reply = {.notice = i};
        items[i] = world_item(&world, who, DAIS_KIND_REPLY, &reply, &message, dais_slice(NULL, 0));
    }
    return world_bundle(&world, who, DAIS_STREAM_OPEN, items, count, NULL);
}

static inline uint64_t size(void)
{
    return dais_book_size(dais_cycle_book(world.cycle));
}

/* What an answer has to say of a bundle. */
static inline dais_book_link_t link_of(const char *who, uint64_t k)
{
    static dais_book_link_t link;
    dais_book_t *book = dais_cycle_book(world.cycle);
    dais_book_begin(book, DAIS_TXN_READ);
    dais_roster_who_t found =
        dais_roster_find(dais_book_state(book), &scenario_pack_device(who)->key);
    if (!dais_book_link(book, found.key_number, DAIS_STREAM_OPEN, k, &link))
        memset(&link, 0, sizeof link);
    world_must(dais_book_end(book));
    return link;
}

static inline bool link_is(const char *who, uint64_t k, const world_bundle_t *bundle)
{
    dais_book_link_t link = link_of(who, k);
    return dais_hash_equal(&link.bundle, &bundle->hash);
}

static inline uint64_t parked(void)
{
    dais_book_t *book = dais_cycle_book(world.cycle);
    dais_book_begin(book, DAIS_TXN_READ);
    uint64_t count = dais_book_parked_count(book);
    world_must(dais_book_end(book));
    return count;
}

/* The code of the last entry, which turns something away. */
static inline void expect_turned_away(const char *code)
{
    static world_entry_t entry;
    dais_own_t own;
    const dais_kind_t *kind;
    dais_turned_away_t subject;
    dais_book_t *book = dais_cycle_book(world.cycle);
    dais_book_begin(book, DAIS_TXN_READ);
    world_read(&world, size() - 1, &entry);
    assert_int_equal(entry.kind->number, DAIS_KIND_TURNED_AWAY);
    world_must(dais_own_decode(entry.entry.record.message, &own, &kind).err);
    world_must(dais_shape_decode(kind->subject, own.subject, &subject).err);
    assert_true(dais_slice_equal(subject.code, dais_slice_text(code)));
    world_must(dais_book_end(book));
}

static inline world_bundle_t retirement(const char *name, uint64_t at)
{
    dais_roster_change_t change = world_key(name, DAIS_ROLE_OFFICE, "", "");
    change.change = DAIS_ROSTER_RETIRE;
    change.at = at;
    return world_roster_bundle(&world, "sec", change);
}

static inline void admit(world_bundle_t bundle)
{
    uint64_t first;
    uint64_t count;
    world_must(dais_cycle_admit(world.cycle, bundle.parcel, &first, &count));
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, world_setup, world_teardown)

#endif
