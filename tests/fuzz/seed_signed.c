/* SPDX-License-Identifier: Apache-2.0
 *
 * Parcels with one thing wrong behind good signatures. */
#include "proto/content.h"
#include "proto/frontier.h"
#include "tests/fuzz/repair.h"
#include "tests/fuzz/seed.h"
#include "tests/support/sample.h"
#include "tests/support/sample_arena.h"

/* A parcel of these items under this header, signed by the office. */
static dais_slice_t parcel_make(dais_bundle_t head, const dais_item_t *items, size_t count)
{
    const dais_device_t *office = dais_sample_device("office");
    dais_parcel_t parcel = {0};
    dais_frontier_t tree = {0};
    dais_writer_t list = fuzz_writer(1);
    for (size_t i = 0; i < count; i++) {
        dais_hash_t leaf = dais_tree_leaf_hash(items[i].message);
        dais_frontier_append(&tree, &leaf);
        dais_sample_must(dais_list_add(&parcel.items, &dais_shape_item, &items[i], &list));
    }
    head.key = office->key;
    head.count = count;
    head.root = dais_frontier_root(&tree);
    dais_writer_t envelope = fuzz_writer(2);
    dais_sample_must(dais_signed_write(&dais_shape_bundle, &head, office, &envelope));
    parcel.envelope = dais_slice(envelope.buffer, envelope.size);
    return dais_sample_pack(&dais_shape_parcel, &parcel);
}

/* salt || content as its item carries it, and the message that commits to both. */
static dais_item_t item_make(dais_slice_t public_opening, dais_slice_t private_opening)
{
    dais_item_t item = dais_sample_log()->office.items[0];
    dais_message_t message;
    const dais_kind_t *kind;
    dais_sample_must(dais_message_decode(item.message, &message, &kind).err);
    item.public_opening = public_opening;
    item.private_opening = private_opening;
    dais_slice_t openings[] = {public_opening, private_opening};
    dais_hash_t *commitments[] = {&message.public_commitment, &message.private_commitment};
    for (size_t i = 0; i < 2; i++) {
        dais_key_t salt;
        if (openings[i].size < DAIS_SALT_SIZE)
            continue;
        memcpy(salt.bytes, openings[i].data, DAIS_SALT_SIZE);
        *commitments[i] = dais_content_commit(&salt, dais_slice(openings[i].data + DAIS_SALT_SIZE,
                                                                openings[i].size - DAIS_SALT_SIZE));
    }
    item.message = dais_sample_pack(&dais_shape_message, &message);
    return item;
}

/* Private content of this size, all zeros but one byte. */
static void seed_padding(const char *name, size_t size, size_t mark_at, uint8_t mark)
{
    static uint8_t opening[DAIS_SALT_SIZE + 5000];
    memset(opening, 0, sizeof opening);
    opening[DAIS_SALT_SIZE + mark_at] = mark;
    dais_item_t item = item_make(dais_slice(NULL, 0), dais_slice(opening, DAIS_SALT_SIZE + size));
    seed("parcel", name, parcel_make(dais_sample_log()->office.head, &item, 1));
}

static void seed_parcel_contents(void)
{
    static const uint8_t zeros[DAIS_SALT_SIZE + 8];
    dais_slice_t empty = dais_slice(zeros, DAIS_SALT_SIZE);
    dais_slice_t none = dais_slice(NULL, 0);
    dais_bundle_t head = dais_sample_log()->office.head;
    dais_item_t item = item_make(empty, empty);
    seed("parcel", "contents-empty", parcel_make(head, &item, 1));
    item = item_make(none, none);
    seed("parcel", "contents-left-out", parcel_make(head, &item, 1));
    item = item_make(dais_slice(zeros, 8), none);
    seed("parcel", "public-without-salt", parcel_make(head, &item, 1));
    item = item_make(none, none);
    item.public_opening = dais_slice(zeros, sizeof zeros);
    seed("parcel", "public-not-committed", parcel_make(head, &item, 1));
    item = item_make(none, none);
    item.private_opening = dais_slice(zeros, sizeof zeros);
    seed("parcel", "private-not-committed", parcel_make(head, &item, 1));
    seed_padding("padding-good", 1024, 5, 0x80);
    seed_padding("padding-none", 1024, 5, 0);
    seed_padding("padding-mark", 1024, 5, 0x81);
    seed_padding("padding-not-least", 4096, 5, 0x80);
    seed_padding("padding-least", 4096, 1024, 0x80);
    seed_padding("padding-of-nothing", 1024, 0, 0x80);
    seed_padding("padding-no-step", 1000, 5, 0x80);
}

static void seed_parcel_heads(void)
{
    const dais_sample_bundle_t *office = &dais_sample_log()->office;
    dais_bundle_t head = office->head;
    head.k = 0;
    head.prev = office->hash;
    seed("parcel", "first-with-prev", parcel_make(head, office->items, 1));
    head.prev = (dais_hash_t){{0}};
    seed("parcel", "first", parcel_make(head, office->items, 1));
    head = office->head;
    head.seen_size = 0;
    seed("parcel", "nothing-seen-with-root", parcel_make(head, office->items, 1));
    head.seen_root = dais_tree_empty_root();
    seed("parcel", "nothing-seen", parcel_make(head, office->items, 1));
    head = office->head;
    head.k = 1;
    seed("parcel", "second", parcel_make(head, office->items, 1));
    head = office->head;
    head.stream = 1;
    seed("parcel", "wrong-stream", parcel_make(head, office->items, 1));
    head = office->head;
    head.log = dais_sample_hash("another log");
    seed("parcel", "another-log", parcel_make(head, office->items, 1));
    seed("parcel", "no-parcel", dais_slice("\x90", 1));
    dais_item_t item = {.message = dais_slice_text("no message")};
    seed("parcel", "no-message", parcel_make(office->head, &item, 1));
    seed_stretched("parcel", "too-long", DAIS_LIMIT_BUNDLE_BYTES + 1, 0, dais_slice(NULL, 0));
}

/* A message of another log in a bundle of this one; a message beside those that were signed. */
static void seed_parcel_mixtures(void)
{
    const dais_sample_bundle_t *office = &dais_sample_log()->office;
    dais_hash_t other_log = dais_sample_hash("another log");
    dais_message_t message;
    const dais_kind_t *kind;
    dais_sample_must(dais_message_decode(office->messages[0], &message, &kind).err);
    message.log = other_log;
    dais_item_t item = {.message = dais_sample_pack(&dais_shape_message, &message)};
    seed("parcel", "message-of-another-log", parcel_make(office->head, &item, 1));
    item = dais_sample_log()->mission.items[0];
    seed("parcel", "kind-of-the-other-stream", parcel_make(office->head, &item, 1));
    dais_parcel_t parcel = {.envelope = office->envelope};
    dais_writer_t list = fuzz_writer(1);
    dais_sample_must(dais_list_add(&parcel.items, &dais_shape_item, &office->items[0], &list));
    seed("parcel", "one-of-three", dais_sample_pack(&dais_shape_parcel, &parcel));
    dais_sample_must(dais_list_add(&parcel.items, &dais_shape_item, &office->items[2], &list));
    dais_sample_must(dais_list_add(&parcel.items, &dais_shape_item, &office->items[1], &list));
    seed("parcel", "other-order", dais_sample_pack(&dais_shape_parcel, &parcel));
    parcel.envelope = dais_slice(office->envelope.data, office->envelope.size - 1);
    seed("parcel", "signature-cut", dais_sample_pack(&dais_shape_parcel, &parcel));
    dais_writer_t longer = fuzz_writer(2);
    dais_writer_raw(&longer, office->envelope);
    dais_writer_raw(&longer, dais_slice("z", 1));
    parcel.envelope = dais_slice(longer.buffer, longer.size);
    seed("parcel", "signature-long", dais_sample_pack(&dais_shape_parcel, &parcel));
    longer.buffer[longer.size - 2] ^= 1;
    parcel.envelope.size--;
    seed("parcel", "signature-spoilt", dais_sample_pack(&dais_shape_parcel, &parcel));
}

void seed_signed(void)
{
    seed_parcel_heads();
    seed_parcel_contents();
    seed_parcel_mixtures();
}
