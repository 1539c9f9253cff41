/* SPDX-License-Identifier: Apache-2.0
 *
 * Parcels for the sample log: what is accepted encodes to the same bytes, each of its messages is
 * proved by a path, and no flipped bit is accepted, since all of it is signed or committed to.
 *
 * Input: a parcel. */
#include "proto/content.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/repair.h"

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t size_max, unsigned seed)
{
    size = LLVMFuzzerMutate(data, size, size_max);
    if (seed % 8 == 7)
        return size;
    dais_slice_t good =
        repair_parcel(dais_slice(data, size), (repair_step_t)(seed / 8 % REPAIR_STEPS));
    return fuzz_replace(data, size, size_max, good);
}

/* Private content of any bytes comes back from its padded form, and fits exactly there. */
static void check_padding(dais_slice_t content)
{
    dais_writer_t writer = fuzz_writer(0);
    size_t padded = 0;
    if (content.size > writer.capacity / 2)
        return;
    dais_writer_raw(&writer, content);
    dais_err_t err = dais_content_pad(writer.buffer, writer.capacity, content.size, &padded);
    assert(err == (content.size < DAIS_LIMIT_CONTENT ? DAIS_OK : DAIS_ERR_TOO_LONG));
    assert(padded == dais_content_padded_size(content.size));
    if (err != DAIS_OK)
        return;
    dais_slice_t back;
    assert(dais_content_unpad(dais_slice(writer.buffer, padded), &back) == DAIS_OK);
    assert(dais_slice_equal(back, content));
    if (padded > 0)
        assert(dais_content_pad(writer.buffer, padded - 1, content.size, &padded) ==
               DAIS_ERR_NO_SPACE);
}

/* Who leaves the signature to others finds all the rest as who checks it. */
static void check_read(dais_slice_t envelope)
{
    const dais_hash_t *log = &dais_sample_log()->log;
    dais_bundle_t head;
    dais_bundle_t read;
    dais_fault_t opened = dais_bundle_open(envelope, log, &head);
    dais_fault_t fault = dais_bundle_read(envelope, log, &read);
    assert((fault.err == DAIS_OK) != fuzz_all_zero(&read, sizeof read));
    if (opened.err == DAIS_OK)
        assert(fault.err == DAIS_OK && memcmp(&head, &read, sizeof head) == 0);
    else if (opened.err != DAIS_ERR_BAD_SIGNATURE && opened.err != DAIS_ERR_BAD_KEY)
        assert(fault.err == opened.err && fault.offset == opened.offset);
}

/* A header that a program signs is one that opens, or it is refused as it would be. */
static void check_sign(const dais_parcel_t *parcel)
{
    dais_bundle_t head;
    dais_bundle_t back;
    dais_slice_t rest;
    if (dais_shape_decode_first(&dais_shape_bundle, parcel->envelope, &head, &rest).err != DAIS_OK)
        return;
    dais_writer_t writer = fuzz_writer(1);
    dais_slice_t message = rest;
    dais_err_t err = dais_bundle_sign(&head, &message, 1, dais_sample_device("office"), &writer);
    dais_slice_t envelope = dais_slice(writer.buffer, writer.size);
    if (err == DAIS_OK)
        assert(dais_bundle_open(envelope, &head.log, &back).err == DAIS_OK && back.count == 1);
    else
        assert(dais_err_is_refusal(err) && writer.size == 0);
}

static void check_messages(const dais_parcel_t *parcel, const dais_bundle_t *head)
{
    static dais_hash_t leaves[DAIS_LIMIT_BUNDLE_MESSAGES];
    dais_slice_t messages[DAIS_LIMIT_BUNDLE_MESSAGES];
    size_t count = 0;
    dais_list_walk_t walk = dais_list_begin(&parcel->items, &dais_shape_item);
    for (dais_item_t item; dais_list_next(&walk, &item); count++) {
        messages[count] = item.message;
        leaves[count] = dais_tree_leaf_hash(item.message);
    }
    assert(count == head->count);
    size_t index = fuzz_choose(parcel->envelope, count);
    dais_tree_path_t path;
    dais_err_t err = dais_tree_leaves_inclusion(leaves, count, index, &path);
    assert(err == DAIS_OK);
    dais_slice_t bytes = dais_tree_path_bytes(&path);
    assert(dais_bundle_prove(head, index, messages[index], bytes) == DAIS_OK);
    assert(dais_bundle_prove(head, index + 1, messages[index], bytes) != DAIS_OK);
    /* Signed again by its own device it is the same envelope. */
    dais_bundle_t again = *head;
    dais_writer_t writer = fuzz_writer(1);
    const dais_device_t *office = dais_sample_device("office");
    if (memcmp(again.key.bytes, office->key.bytes, DAIS_KEY_SIZE) != 0)
        return;
    err = dais_bundle_sign(&again, messages, count, office, &writer);
    assert(err == DAIS_OK);
    assert(dais_slice_equal(dais_slice(writer.buffer, writer.size), parcel->envelope));
}

static void check_accepted(dais_slice_t bytes, const dais_parcel_t *parcel,
                           const dais_bundle_t *head)
{
    const dais_hash_t *log = &dais_sample_log()->log;
    dais_writer_t writer = fuzz_writer(0);
    dais_err_t err = dais_shape_encode(&dais_shape_parcel, parcel, &writer);
    assert(err == DAIS_OK);
    assert(dais_slice_equal(dais_slice(writer.buffer, writer.size), bytes));
    check_messages(parcel, head);
    dais_parcel_t other;
    dais_bundle_t other_head;
    dais_slice_t flipped = fuzz_flipped(bytes, 0, bytes.size);
    assert(dais_parcel_open(flipped, log, &other, &other_head).err != DAIS_OK);
    dais_hash_t other_log = dais_sample_hash("another log");
    assert(dais_parcel_open(bytes, &other_log, &other, &other_head).err == DAIS_ERR_WRONG_LOG);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dais_parcel_t parcel;
    dais_bundle_t head;
    dais_slice_t bytes = fuzz_input(data, size);
    dais_fault_t fault = dais_parcel_open(bytes, &dais_sample_log()->log, &parcel, &head);
    fuzz_check_fault(fault, bytes);
    if (fault.err == DAIS_OK)
        check_accepted(bytes, &parcel, &head);
    else
        assert(fuzz_all_zero(&parcel, sizeof parcel) && fuzz_all_zero(&head, sizeof head));
    if (dais_shape_decode(&dais_shape_parcel, bytes, &parcel).err == DAIS_OK) {
        check_sign(&parcel);
        check_read(parcel.envelope);
    }
    check_padding(bytes);
    return 0;
}
