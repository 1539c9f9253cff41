/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/bundle.h"

#include "tests/support/slow.h"
#include "tests/support/world.h"
#include "tests/unit/assert_fault.h"
#include "tests/unit/fault.h"

static world_t world;
static world_bundle_t bundle;

static int world_setup(void **state)
{
    (void)state;
    world_reset();
    world_make(&world, 1, 1);
    return 0;
}

/* Packs `bytes` again with one byte changed, and signs what stands there. */
static dais_slice_t envelope_patched(dais_slice_t envelope, size_t at, uint8_t value)
{
    uint8_t *copy = world_copy(envelope);
    copy[at] = value;
    size_t size = envelope.size - DAIS_SIGNATURE_SIZE;
    dais_signature_t signature = dais_device_sign(&world.office, dais_slice(copy, size));
    memcpy(copy + size, signature.bytes, sizeof(signature.bytes));
    return dais_slice(copy, envelope.size);
}

static dais_slice_t head_sign(const dais_bundle_t *head)
{
    dais_writer_t writer = world_writer();
    world_must(dais_signed_write(&dais_shape_bundle, head, &world.office, &writer));
    return world_keep(&writer);
}

/* Goal: a bundle of any number of messages is signed and opens to the same header, within the
 * limit of an envelope; its parcel passes whole if its kinds are open, and never if they are
 * sealed. Method: 1, 2, 3, 255 and 256 messages of both streams. */
static void test_sign_and_open(void **state)
{
    (void)state;
    static const size_t counts[] = {1, 2, 3, 255, 256};
    static const uint64_t kinds[] = {DAIS_KIND_COMMENT, DAIS_KIND_OBJECTION_WITHDRAWAL};
    for (size_t i = 0; i < 10; i++) {
        dais_bundle_t head;
        dais_parcel_t parcel;
        world_bundle_make(&world, kinds[i % 2], counts[i / 2], 100, &bundle);
        assert_true(bundle.envelope.size <= DAIS_LIMIT_ENVELOPE);
        assert_fault(dais_bundle_open(bundle.envelope, &world.log, &head), DAIS_OK, 0);
        assert_memory_equal(&head, &bundle.head, sizeof(head));
        assert_memory_equal(head.key.bytes, world.office.key.bytes, DAIS_KEY_SIZE);
        assert_int_equal(head.count, counts[i / 2]);
        assert_int_equal(head.stream, i % 2);
        dais_hash_t hash = dais_hash_one(bundle.envelope);
        assert_memory_equal(hash.bytes, bundle.hash.bytes, DAIS_HASH_SIZE);
        spoil(head);
        dais_slice_t clear = world_parcel(&bundle);
        dais_fault_t found = dais_parcel_open(clear, &world.log, &parcel, &head);
        assert_err(found.err, i % 2 == 0 ? DAIS_OK : DAIS_ERR_WRONG_STREAM);
        if (found.err != DAIS_OK) {
            assert_all_zero(head);
            assert_all_zero(parcel);
            continue;
        }
        assert_memory_equal(&head, &bundle.head, sizeof(head));
        assert_int_equal(parcel.items.count, counts[i / 2]);
    }
}

static void sign_count(void *context)
{
    uint8_t room[DAIS_LIMIT_ENVELOPE];
    dais_writer_t writer;
    dais_writer_init(&writer, room, sizeof(room));
    (void)!dais_bundle_sign(&bundle.head, bundle.messages, *(const size_t *)context, &world.office,
                            &writer);
}

/* Goal: no bundle has no message or 257. Method: sign such counts, which is a bug of the caller;
 * then read them in headers whose signature is good. */
static void test_count_limits(void **state)
{
    (void)state;
    dais_bundle_t head;
    size_t none = 0;
    size_t too_many = DAIS_LIMIT_BUNDLE_MESSAGES + 1;
    world_bundle_make(&world, DAIS_KIND_COMMENT, 256, 1, &bundle);
    assert_true(fault_aborts(sign_count, &none));
    assert_true(fault_aborts(sign_count, &too_many));
    /* From the end: signature, seen root, seen size, root, then the count in three bytes. */
    size_t count_at = bundle.envelope.size - DAIS_SIGNATURE_SIZE - 34 - 1 - 34 - 3;
    assert_memory_equal(bundle.envelope.data + count_at, "\xcd\x01\x00", 3);
    dais_slice_t patched = envelope_patched(bundle.envelope, count_at + 2, 1);
    spoil(head);
    assert_fault(dais_bundle_open(patched, &world.log, &head), DAIS_ERR_OUT_OF_RANGE, count_at);
    assert_all_zero(head);

    world_bundle_make(&world, DAIS_KIND_COMMENT, 1, 1, &bundle);
    patched = envelope_patched(bundle.envelope, count_at, 0);
    assert_fault(dais_bundle_open(patched, &world.log, &head), DAIS_ERR_OUT_OF_RANGE, count_at);
    patched = envelope_patched(bundle.envelope, count_at, 1);
    assert_fault(dais_bundle_open(patched, &world.log, &head), DAIS_OK, 0);
}

/* Goal: a parcel of 257 messages is refused by its list. Method: put one item more in the list. */
static void test_item_limit(void **state)
{
    (void)state;
    dais_parcel_t parcel;
    dais_bundle_t head;
    world_bundle_make(&world, DAIS_KIND_COMMENT, 256, 1, &bundle);
    dais_slice_t good = world_parcel(&bundle);
    dais_slice_t item = world_pack(&dais_shape_item, &bundle.items[0]);
    uint8_t *longer = world_room(good.size + item.size);
    memcpy(longer, good.data, good.size);
    memcpy(longer + good.size, item.data, item.size);
    size_t list_at = 1 + 1 + 14 + 3 + bundle.envelope.size;
    assert_memory_equal(longer + list_at, "\xdc\x01\x00", 3);
    longer[list_at + 2] = 1;
    spoil(head);
    spoil(parcel);
    assert_fault(
        dais_parcel_open(dais_slice(longer, good.size + item.size), &world.log, &parcel, &head),
        DAIS_ERR_TOO_LONG, list_at);
    assert_all_zero(head);
    assert_all_zero(parcel);
}

/* Goal: no bit of header or signature is without effect. Method: flip each one. */
static void test_every_bit_counts(void **state)
{
    (void)state;
    dais_bundle_t head;
    world_bundle_make(&world, DAIS_KIND_COMMENT, 3, 1, &bundle);
    uint8_t *copy = world_copy(bundle.envelope);
    for (size_t bit = 0; bit < 8 * bundle.envelope.size; bit += slow_step(7)) {
        copy[bit / 8] ^= (uint8_t)(1U << bit % 8);
        spoil(head);
        assert_true(
            dais_bundle_open(dais_slice(copy, bundle.envelope.size), &world.log, &head).err !=
            DAIS_OK);
        assert_all_zero(head);
        copy[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
}

/* Goal: without the signature all the rest of an envelope is checked. Method: flip each bit; what
 * passes differs in key or signature, or in what only the signature protects. Then another log. */
static void test_read_without_signature(void **state)
{
    (void)state;
    dais_bundle_t head;
    dais_bundle_t read;
    world_bundle_make(&world, DAIS_KIND_COMMENT, 3, 1, &bundle);
    uint8_t *copy = world_copy(bundle.envelope);
    dais_slice_t envelope = dais_slice(copy, bundle.envelope.size);
    for (size_t bit = 0; bit < 8 * envelope.size; bit++) {
        copy[bit / 8] ^= (uint8_t)(1U << bit % 8);
        dais_fault_t opened = dais_bundle_open(envelope, &world.log, &head);
        dais_fault_t found = dais_bundle_read(envelope, &world.log, &read);
        if (bit / 8 >= envelope.size - DAIS_SIGNATURE_SIZE)
            assert_fault(found, DAIS_OK, 0);
        else if (opened.err != DAIS_ERR_BAD_SIGNATURE)
            assert_fault(found, opened.err, opened.offset);
        copy[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    world_must(dais_bundle_open(envelope, &world.log, &head).err);
    assert_fault(dais_bundle_read(envelope, &world.log, &read), DAIS_OK, 0);
    assert_memory_equal(&read, &head, sizeof head);
    dais_hash_t other = {{1}};
    assert_err(dais_bundle_read(envelope, &other, &read).err, DAIS_ERR_WRONG_LOG);
    assert_all_zero(read);
}

/* Goal: where nothing came before, the header says so in one way only. Method: a first bundle that
 * names one before it, an empty log with another root than the empty one; both unlike later on. */
static void test_first_of_its_kind(void **state)
{
    (void)state;
    dais_bundle_t head;
    world_bundle_make(&world, DAIS_KIND_COMMENT, 1, 1, &bundle);
    dais_bundle_t changed = bundle.head;
    changed.prev = world_hash("prev", 1);
    spoil(head);
    assert_fault(dais_bundle_open(head_sign(&changed), &world.log, &head), DAIS_ERR_BAD_CHAIN, 0);
    assert_all_zero(head);
    changed.k = 1;
    assert_fault(dais_bundle_open(head_sign(&changed), &world.log, &head), DAIS_OK, 0);
    changed.seen_root = world_hash("root", 1);
    spoil(head);
    assert_fault(dais_bundle_open(head_sign(&changed), &world.log, &head), DAIS_ERR_BAD_ROOT, 0);
    assert_all_zero(head);
    changed.seen_size = 1;
    assert_fault(dais_bundle_open(head_sign(&changed), &world.log, &head), DAIS_OK, 0);

    dais_writer_t writer = world_writer();
    changed.seen_size = 0;
    assert_err(dais_bundle_sign(&changed, bundle.messages, 1, &world.office, &writer),
               DAIS_ERR_BAD_ROOT);
    assert_int_equal(writer.size, 0);
}

/* Opens the parcel of `bundle` as it stands, and says what of it is at fault. */
static dais_fault_t items_fault(size_t *index)
{
    dais_parcel_t parcel;
    dais_bundle_t head;
    world_bundle_list(&bundle);
    dais_slice_t bytes = world_parcel(&bundle);
    spoil(parcel);
    spoil(head);
    dais_fault_t whole = dais_parcel_open(bytes, &world.log, &parcel, &head);
    assert_true(whole.err != DAIS_OK);
    assert_all_zero(parcel);
    assert_all_zero(head);
    world_must(dais_shape_decode(&dais_shape_parcel, bytes, &parcel).err);
    dais_fault_t found = dais_bundle_check_items(&bundle.head, &parcel.items, index);
    assert_err(found.err, whole.err);
    assert_int_equal(whole.offset, found.offset + (size_t)(parcel.items.items.data - bytes.data));
    return found;
}

/* Where the message of item `index` begins in the items. */
static size_t message_at(size_t index)
{
    dais_list_walk_t walk = dais_list_begin(&bundle.list, &dais_shape_item);
    dais_item_t item;
    for (size_t i = 0; i <= index; i++)
        assert_true(dais_list_next(&walk, &item));
    return (size_t)(item.message.data - bundle.list.items.data);
}

static void assert_item_fault(dais_err_t err, size_t expected_index, size_t offset_in_message)
{
    size_t index;
    dais_fault_t found = items_fault(&index);
    assert_fault(found, err, message_at(expected_index) + offset_in_message);
    assert_int_equal(index, expected_index);
}

/* Goal: each thing wrong with one item is found there, with its code, its index and its place.
 * Method: spoil the third of four items in each way; the root is signed over the spoiled ones, so
 * that only the check of items can find it. */
static void test_bad_items(void **state)
{
    (void)state;
    dais_slice_t text = world_text(10);
    world_bundle_make(&world, DAIS_KIND_COMMENT, 4, 10, &bundle);
    const dais_item_t good = bundle.items[2];
    dais_device_t device = world.office;
    world_t other;
    world_make(&other, 1, 2);

    bundle.messages[2] = bundle.items[2].message =
        dais_slice(good.message.data, good.message.size - 1);
    world_bundle_sign(&device, &bundle);
    assert_item_fault(DAIS_ERR_TRUNCATED, 2, good.message.size - 34);

    bundle.items[2] = world_item(&other, DAIS_KIND_COMMENT, 2, text, text);
    bundle.messages[2] = bundle.items[2].message;
    world_bundle_sign(&device, &bundle);
    assert_item_fault(DAIS_ERR_WRONG_LOG, 2, 0);

    bundle.items[2] = world_item(&world, DAIS_KIND_OBJECTION_WITHDRAWAL, 2, text, text);
    bundle.messages[2] = bundle.items[2].message;
    world_bundle_sign(&device, &bundle);
    assert_item_fault(DAIS_ERR_WRONG_STREAM, 2, 0);
}

/* Goal: each content is held against its own commitment, and what is private against its padding
 * as well; what is left out is not held against anything. Method: other openings beside the good
 * message, which needs no new signature; private content committed to without padding. */
static void test_bad_openings(void **state)
{
    (void)state;
    dais_slice_t text = world_text(10);
    world_bundle_make(&world, DAIS_KIND_COMMENT, 4, 10, &bundle);
    const dais_item_t good = bundle.items[2];

    bundle.items[2].public_opening = good.private_opening;
    assert_item_fault(DAIS_ERR_BAD_COMMITMENT, 2, 0);
    bundle.items[2] = good;
    bundle.items[2].private_opening = good.public_opening;
    assert_item_fault(DAIS_ERR_BAD_COMMITMENT, 2, 0);
    bundle.items[2].private_opening = dais_slice("x", 1);
    assert_item_fault(DAIS_ERR_BAD_COMMITMENT, 2, 0);

    bundle.items[2] = world_item(&world, DAIS_KIND_COMMENT, 2, text, text);
    dais_message_t message;
    world_must(dais_shape_decode(&dais_shape_message, bundle.items[2].message, &message).err);
    bundle.items[2].private_opening = world_content(9, text, false);
    message.private_commitment = world_commitment(bundle.items[2].private_opening);
    bundle.items[2].message = world_pack(&dais_shape_message, &message);
    bundle.messages[2] = bundle.items[2].message;
    world_bundle_sign(&world.office, &bundle);
    assert_item_fault(DAIS_ERR_BAD_PADDING, 2, 0);

    size_t index;
    for (size_t i = 0; i < bundle.count; i++)
        bundle.items[i].public_opening = bundle.items[i].private_opening = dais_slice(NULL, 0);
    world_bundle_list(&bundle);
    assert_fault(dais_bundle_check_items(&bundle.head, &bundle.list, &index), DAIS_OK, 0);
}

/* Goal: the messages are those that were signed, all of them, in their order. Method: leave one
 * out, add one, swap two, replace one. */
static void test_bad_set(void **state)
{
    (void)state;
    size_t index;
    world_bundle_make(&world, DAIS_KIND_COMMENT, 4, 10, &bundle);
    bundle.count = 3;
    assert_fault(items_fault(&index), DAIS_ERR_WRONG_COUNT, 0);
    assert_int_equal(index, 0);
    bundle.items[4] = world_item(&world, DAIS_KIND_COMMENT, 8, world_text(1), world_text(1));
    bundle.count = 5;
    assert_fault(items_fault(&index), DAIS_ERR_WRONG_COUNT, 0);
    bundle.count = 4;
    const dais_item_t third = bundle.items[3];
    bundle.items[3] = bundle.items[2];
    bundle.items[2] = third;
    assert_fault(items_fault(&index), DAIS_ERR_BAD_ROOT, 0);
    assert_int_equal(index, 4);
    bundle.items[2] = bundle.items[3];
    bundle.items[3] = bundle.items[4];
    assert_fault(items_fault(&index), DAIS_ERR_BAD_ROOT, 0);
}

/* Goal: what is wrong with a parcel itself is found at its place in the parcel. Method: cut it;
 * flip a bit of the envelope's domain and of its signature; ask for another log. */
static void test_bad_parcel(void **state)
{
    (void)state;
    dais_parcel_t parcel;
    dais_bundle_t head;
    world_bundle_make(&world, DAIS_KIND_COMMENT, 2, 10, &bundle);
    dais_slice_t good = world_parcel(&bundle);
    const size_t envelope_at = 1 + 1 + 14 + 2; /* array, domain, head of a bin of 254 bytes */
    assert_int_equal(bundle.envelope.size, 254);
    spoil(parcel);
    spoil(head);
    assert_err(
        dais_parcel_open(dais_slice(good.data, good.size - 1), &world.log, &parcel, &head).err,
        DAIS_ERR_TRUNCATED);
    assert_all_zero(parcel);
    assert_all_zero(head);
    dais_hash_t other = world_hash("log", 2);
    assert_fault(dais_parcel_open(good, &other, &parcel, &head), DAIS_ERR_WRONG_LOG, envelope_at);

    uint8_t *copy = world_copy(good);
    dais_slice_t spoilt = dais_slice(copy, good.size);
    copy[envelope_at + 2] ^= 1;
    spoil(parcel);
    assert_fault(dais_parcel_open(spoilt, &world.log, &parcel, &head), DAIS_ERR_WRONG_DOMAIN,
                 envelope_at + 1);
    assert_all_zero(parcel);
    copy[envelope_at + 2] ^= 1;
    copy[envelope_at + bundle.envelope.size - 1] ^= 1;
    assert_fault(dais_parcel_open(spoilt, &world.log, &parcel, &head), DAIS_ERR_BAD_SIGNATURE,
                 envelope_at);
}

/* A bundle of five messages whose parcel has exactly `size` bytes. */
static dais_slice_t parcel_of_size(size_t size)
{
    size_t content_size = 200000;
    for (;;) {
        world_bundle_make(&world, DAIS_KIND_COMMENT, 5, 200000, &bundle);
        bundle.items[4] =
            world_item(&world, DAIS_KIND_COMMENT, 4, world_text(content_size), dais_slice(NULL, 0));
        bundle.messages[4] = bundle.items[4].message;
        world_bundle_list(&bundle);
        world_bundle_sign(&world.office, &bundle);
        dais_slice_t parcel = world_parcel(&bundle);
        if (parcel.size == size)
            return parcel;
        content_size += size - parcel.size;
    }
}

/* Goal: a parcel may have 1 MiB, not a byte more. Method: both sizes, all else good. */
static void test_parcel_limit(void **state)
{
    (void)state;
    dais_parcel_t parcel;
    dais_bundle_t head;
    dais_slice_t bytes = parcel_of_size((size_t)1 << 20);
    assert_fault(dais_parcel_open(bytes, &world.log, &parcel, &head), DAIS_OK, 0);
    bytes = parcel_of_size(((size_t)1 << 20) + 1);
    spoil(parcel);
    spoil(head);
    assert_fault(dais_parcel_open(bytes, &world.log, &parcel, &head), DAIS_ERR_TOO_LONG, 1 << 20);
    assert_all_zero(parcel);
    assert_all_zero(head);
}

/* Goal: a large message passes, one over 64 KiB does not even get through the list. Method: a list
 * version of 2,048 organisations (36 KiB); then 65,536 and 65,537 bytes of no meaning. */
static void test_message_limit(void **state)
{
    (void)state;
    size_t index;
    dais_list_version_t version = {.version = 1};
    dais_id_item_t id = {world_id(1)};
    dais_writer_t writer = world_writer();
    for (size_t i = 0; i < DAIS_LIMIT_LIST_CHANGES; i++)
        world_must(dais_list_add(&version.added, &dais_shape_id_item, &id, &writer));
    (void)world_keep(&writer);
    world_bundle_make(&world, DAIS_KIND_COMMENT, 1, 1, &bundle);
    dais_message_t message;
    world_must(dais_shape_decode(&dais_shape_message, bundle.messages[0], &message).err);
    message.kind = DAIS_KIND_LIST_VERSION;
    message.subject = world_pack(&dais_shape_list_version, &version);
    bundle.messages[0] = bundle.items[0].message = world_pack(&dais_shape_message, &message);
    world_bundle_sign(&world.office, &bundle);
    world_bundle_list(&bundle);
    assert_fault(dais_bundle_check_items(&bundle.head, &bundle.list, &index), DAIS_OK, 0);

    bundle.items[0].message = world_text(DAIS_LIMIT_MESSAGE);
    assert_err(items_fault(&index).err, DAIS_ERR_WRONG_TYPE);
    bundle.items[0].message = world_text(DAIS_LIMIT_MESSAGE + 1);
    writer = world_writer();
    assert_err(dais_shape_encode(&dais_shape_item, &bundle.items[0], &writer), DAIS_ERR_TOO_LONG);
}

/* Goal: each message of a bundle is proved to stand where it stands, by at most eight hashes, and
 * nowhere else. Method: all positions of bundles of many sizes; wrong position, wrong message, cut
 * path, position outside. */
static void test_prove(void **state)
{
    (void)state;
    static const size_t counts[] = {1, 2, 3, 7, 8, 9, 100, 255, 256};
    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        world_bundle_make(&world, DAIS_KIND_COMMENT, counts[i], 1, &bundle);
        dais_hash_t leaves[DAIS_LIMIT_BUNDLE_MESSAGES];
        dais_tree_path_t path;
        for (size_t at = 0; at < counts[i]; at++)
            leaves[at] = dais_tree_leaf_hash(bundle.messages[at]);
        for (size_t at = 0; at < counts[i]; at++) {
            world_must(dais_tree_leaves_inclusion(leaves, counts[i], at, &path));
            dais_slice_t bytes = dais_tree_path_bytes(&path);
            assert_true(bytes.size <= DAIS_LIMIT_BUNDLE_PATH);
            assert_err(dais_bundle_prove(&bundle.head, at, bundle.messages[at], bytes), DAIS_OK);
            for (size_t other = 0; other < counts[i]; other += slow_step(31)) {
                dais_slice_t message = bundle.messages[other];
                if (other == at)
                    continue;
                assert_err(dais_bundle_prove(&bundle.head, at, message, bytes), DAIS_ERR_BAD_PROOF);
                assert_err(dais_bundle_prove(&bundle.head, other, bundle.messages[at], bytes),
                           DAIS_ERR_BAD_PROOF);
            }
            assert_err(dais_bundle_prove(&bundle.head, counts[i], bundle.messages[at], bytes),
                       DAIS_ERR_OUT_OF_RANGE);
            bytes.size -= bytes.size > 0 ? 1 : 0;
            if (counts[i] > 1)
                assert_err(dais_bundle_prove(&bundle.head, at, bundle.messages[at], bytes),
                           DAIS_ERR_BAD_PROOF);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_sign_and_open, world_setup),
        cmocka_unit_test_setup(test_count_limits, world_setup),
        cmocka_unit_test_setup(test_item_limit, world_setup),
        cmocka_unit_test_setup(test_every_bit_counts, world_setup),
        cmocka_unit_test_setup(test_read_without_signature, world_setup),
        cmocka_unit_test_setup(test_first_of_its_kind, world_setup),
        cmocka_unit_test_setup(test_bad_items, world_setup),
        cmocka_unit_test_setup(test_bad_openings, world_setup),
        cmocka_unit_test_setup(test_bad_set, world_setup),
        cmocka_unit_test_setup(test_bad_parcel, world_setup),
        cmocka_unit_test_setup(test_parcel_limit, world_setup),
        cmocka_unit_test_setup(test_message_limit, world_setup),
        cmocka_unit_test_setup(test_prove, world_setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
