/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/export.h"

#include "tests/support/world.h"
#include "tests/unit/assert_fault.h"

static dais_export_state_t log_state;
static dais_export_item_t out;

static int world_setup(void **state)
{
    (void)state;
    world_reset();
    log_state = (dais_export_state_t){0};
    return 0;
}

static dais_export_item_t head_item(uint64_t size)
{
    return (dais_export_item_t){.type = DAIS_EXPORT_HEAD,
                                .as.head = {dais_slice_text("host/cycle"), size}};
}

static dais_export_item_t stamp_item(void)
{
    return (dais_export_item_t){.type = DAIS_EXPORT_STAMP, .as.stamp = {dais_slice_text("stamp")}};
}

static dais_export_item_t bundle_item(uint64_t stamped)
{
    return (dais_export_item_t){
        .type = DAIS_EXPORT_BUNDLE,
        .as.bundle = {.envelope = dais_slice_text("envelope"), .stamped = stamped}};
}

static dais_slice_t leaf_make(uint64_t seq)
{
    dais_entry_t leaf = {.seq = seq, .commitment = world_hash("commitment", seq)};
    return world_pack(&dais_shape_entry, &leaf);
}

static dais_export_item_t entry_item(uint64_t seq, bool open)
{
    static dais_key_t salt;
    salt = world_salt(seq);
    dais_export_item_t item = {.type = DAIS_EXPORT_ENTRY, .as.entry = {.leaf = leaf_make(seq)}};
    if (open) {
        item.as.entry.salt = dais_slice(salt.bytes, sizeof(salt.bytes));
        item.as.entry.record = dais_slice_text("record");
    }
    return item;
}

static dais_export_item_t end_item(void)
{
    return (dais_export_item_t){.type = DAIS_EXPORT_END, .as.end = {dais_slice_text("note\n")}};
}

/* Writes the item as a frame, cuts the frame and reads it. */
static dais_fault_t item_read(const dais_export_item_t *item)
{
    dais_writer_t writer = world_writer();
    world_must(dais_export_write(item, &writer));
    dais_slice_t rest = world_keep(&writer);
    dais_slice_t frame;
    assert_fault(dais_export_frame(&rest, &frame), DAIS_OK, 0);
    assert_int_equal(rest.size, 0);
    spoil(out);
    return dais_export_read(&log_state, frame, &out);
}

static void assert_taken(dais_export_item_t item)
{
    assert_fault(item_read(&item), DAIS_OK, 0);
    assert_int_equal(out.type, item.type);
}

/* Refused, with nothing shown and the state as it was. */
static void assert_refused(dais_export_item_t item, dais_err_t err)
{
    dais_export_state_t before = log_state;
    assert_err(item_read(&item).err, err);
    assert_all_zero(out);
    assert_memory_equal(&log_state, &before, sizeof(before));
}

/* Goal: a log goes through in its order, item by item, with open and closed entries, with and
 * without stamps. Method: one with all of these; the fields of each come back. */
static void test_whole_log(void **state)
{
    (void)state;
    assert_err(dais_export_finish(&log_state), DAIS_ERR_TRUNCATED);
    assert_taken(head_item(4));
    assert_int_equal(out.as.head.size, 4);
    assert_taken(entry_item(0, true));
    assert_true(dais_slice_equal(out.as.entry.record, dais_slice_text("record")));
    assert_taken(bundle_item(0));
    assert_taken(entry_item(1, true));
    assert_taken(stamp_item());
    assert_true(dais_slice_equal(out.as.stamp.stamp, dais_slice_text("stamp")));
    assert_taken(bundle_item(1));
    assert_taken(entry_item(2, false));
    assert_int_equal(out.as.entry.salt.size, 0);
    assert_taken(entry_item(3, true));
    assert_err(dais_export_finish(&log_state), DAIS_ERR_TRUNCATED);
    assert_taken(end_item());
    assert_err(dais_export_finish(&log_state), DAIS_OK);
}

/* Goal: nothing before the head, no second head, nothing after the end. Method: each item at these
 * places. */
static void test_order(void **state)
{
    (void)state;
    const dais_export_item_t items[] = {stamp_item(), bundle_item(0), entry_item(0, true),
                                        end_item(), head_item(0)};
    for (size_t i = 0; i < 4; i++)
        assert_refused(items[i], DAIS_ERR_BAD_CHAIN);
    assert_taken(head_item(0));
    assert_refused(head_item(0), DAIS_ERR_BAD_CHAIN);
    assert_taken(end_item());
    for (size_t i = 0; i < 5; i++)
        assert_refused(items[i], DAIS_ERR_BAD_CHAIN);
}

/* Goal: as many entries as the head says, in their order. Method: one left out, one twice, the end
 * too early, one too many. */
static void test_numbers(void **state)
{
    (void)state;
    assert_taken(head_item(2));
    assert_refused(entry_item(1, true), DAIS_ERR_BAD_CHAIN);
    assert_taken(entry_item(0, true));
    assert_refused(entry_item(0, true), DAIS_ERR_BAD_CHAIN);
    assert_refused(end_item(), DAIS_ERR_BAD_CHAIN);
    assert_taken(entry_item(1, true));
    assert_refused(entry_item(2, true), DAIS_ERR_BAD_CHAIN);
    assert_taken(end_item());
}

/* Goal: a bundle says that it stands under a stamp only where there is one above, and has a place
 * under it only then. Method: stamped without any; unstamped with a path or position. */
static void test_bundles(void **state)
{
    (void)state;
    assert_taken(head_item(1));
    assert_refused(bundle_item(1), DAIS_ERR_BAD_CHAIN);
    assert_taken(bundle_item(0));
    dais_export_item_t item = bundle_item(0);
    item.as.bundle.index = 1;
    assert_refused(item, DAIS_ERR_WRONG_ENTRY);
    dais_hash_t hash = world_hash("path", 1);
    item = bundle_item(0);
    item.as.bundle.path = dais_hash_slice(&hash);
    assert_refused(item, DAIS_ERR_WRONG_ENTRY);
    assert_taken(stamp_item());
    item.as.bundle.stamped = 1;
    item.as.bundle.index = 1;
    assert_taken(item);
    assert_taken(bundle_item(0));
}

/* Goal: a closed entry shows nothing but its leaf, an open one at least its record. Method: each
 * field in a closed one; salt without record. */
static void test_entries(void **state)
{
    (void)state;
    static const size_t fields[] = {offsetof(dais_export_entry_t, record),
                                    offsetof(dais_export_entry_t, message_path),
                                    offsetof(dais_export_entry_t, public_opening),
                                    offsetof(dais_export_entry_t, private_opening)};
    dais_hash_t bytes = world_hash("bytes", 1);
    assert_taken(head_item(1));
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        dais_export_item_t item = entry_item(0, false);
        *(dais_slice_t *)(void *)((uint8_t *)&item.as.entry + fields[i]) = dais_hash_slice(&bytes);
        assert_refused(item, DAIS_ERR_WRONG_ENTRY);
    }
    dais_export_item_t item = entry_item(0, true);
    item.as.entry.record = dais_slice(NULL, 0);
    assert_refused(item, DAIS_ERR_WRONG_ENTRY);
    item = entry_item(0, true);
    item.as.entry.leaf = dais_slice_text("x");
    assert_refused(item, DAIS_ERR_WRONG_TYPE);
}

/* Goal: only the records of an export stand in one. Method: records of every other domain, nothing,
 * rubbish, a record cut short and one that is too long. */
static void test_other_records(void **state)
{
    (void)state;
    assert_taken(head_item(1));
    dais_slice_t leaf = leaf_make(0);
    assert_fault(dais_export_read(&log_state, leaf, &out), DAIS_ERR_WRONG_DOMAIN, 0);
    assert_fault(dais_export_read(&log_state, dais_slice(NULL, 0), &out), DAIS_ERR_WRONG_DOMAIN, 0);
    assert_fault(dais_export_read(&log_state, dais_slice_text("rubbish"), &out),
                 DAIS_ERR_WRONG_DOMAIN, 0);
    for (size_t i = 0; dais_shapes[i] != NULL; i++) {
        if (dais_shapes[i]->domain == NULL ||
            strncmp(dais_shapes[i]->domain, "dais/export", 11) == 0)
            continue;
        dais_writer_t writer = world_writer();
        dais_writer_array(&writer, 1);
        dais_writer_str(&writer, dais_slice_text(dais_shapes[i]->domain));
        spoil(out);
        assert_fault(dais_export_read(&log_state, world_keep(&writer), &out), DAIS_ERR_WRONG_DOMAIN,
                     0);
        assert_all_zero(out);
    }
    dais_export_stamp_t stamp = {dais_slice_text("stamp")};
    dais_writer_t writer = world_writer();
    world_must(dais_shape_encode(&dais_shape_export_stamp, &stamp, &writer));
    dais_writer_uint(&writer, 0);
    dais_slice_t bytes = world_keep(&writer);
    spoil(out);
    assert_fault(dais_export_read(&log_state, bytes, &out), DAIS_ERR_TRAILING, bytes.size - 1);
    assert_all_zero(out);
    assert_fault(dais_export_read(&log_state, dais_slice(bytes.data, bytes.size - 2), &out),
                 DAIS_ERR_TRUNCATED, bytes.size - 1 - 7);
}

static void length_put(uint8_t *frame, size_t length)
{
    for (size_t i = 0; i < 4; i++)
        frame[i] = (uint8_t)(length >> (24 - 8 * i));
}

/* Goal: frames are cut at their length, within the limit, and never beyond the file. Method: two
 * frames; every prefix of the first; the limit, one above it, and the highest length. */
static void test_frames(void **state)
{
    (void)state;
    dais_export_item_t item = stamp_item();
    dais_writer_t writer = world_writer();
    world_must(dais_export_write(&item, &writer));
    size_t first = writer.size;
    world_must(dais_export_write(&item, &writer));
    dais_slice_t file = world_keep(&writer);
    dais_slice_t frame = {0};
    for (size_t size = 0; size < first; size++) {
        dais_slice_t rest = dais_slice(file.data, size);
        assert_fault(dais_export_frame(&rest, &frame), DAIS_ERR_TRUNCATED, 0);
        assert_int_equal(rest.size, size);
    }
    dais_slice_t rest = file;
    assert_fault(dais_export_frame(&rest, &frame), DAIS_OK, 0);
    assert_ptr_equal(frame.data, file.data + 4);
    assert_int_equal(frame.size, first - 4);
    assert_ptr_equal(rest.data, file.data + first);
    assert_fault(dais_export_frame(&rest, &frame), DAIS_OK, 0);
    assert_int_equal(rest.size, 0);

    uint8_t *large = world_room(4 + DAIS_EXPORT_FRAME_MAX + 1);
    length_put(large, DAIS_EXPORT_FRAME_MAX);
    rest = dais_slice(large, 4 + DAIS_EXPORT_FRAME_MAX);
    assert_fault(dais_export_frame(&rest, &frame), DAIS_OK, 0);
    assert_int_equal(frame.size, DAIS_EXPORT_FRAME_MAX);
    length_put(large, DAIS_EXPORT_FRAME_MAX + 1);
    rest = dais_slice(large, 4 + DAIS_EXPORT_FRAME_MAX + 1);
    assert_fault(dais_export_frame(&rest, &frame), DAIS_ERR_TOO_LONG, 0);
    length_put(large, UINT32_MAX);
    assert_fault(dais_export_frame(&rest, &frame), DAIS_ERR_TOO_LONG, 0);
}

/* Goal: a frame that does not fit or would not be read is not begun. Method: every capacity below
 * what it takes; an empty stamp; the largest entry stays within the limit of a frame. */
static void test_write(void **state)
{
    (void)state;
    uint8_t buffer[64];
    dais_writer_t writer;
    dais_export_item_t item = stamp_item();
    dais_writer_init(&writer, buffer, sizeof(buffer));
    assert_err(dais_export_write(&item, &writer), DAIS_OK);
    size_t size = writer.size;
    for (size_t capacity = 0; capacity < size; capacity++) {
        dais_writer_init(&writer, buffer, capacity);
        assert_err(dais_export_write(&item, &writer), DAIS_ERR_NO_SPACE);
        assert_int_equal(writer.size, 0);
    }
    dais_writer_init(&writer, buffer, sizeof(buffer));
    item.as.stamp.stamp = dais_slice(NULL, 0);
    assert_err(dais_export_write(&item, &writer), DAIS_ERR_TOO_SHORT);
    assert_int_equal(writer.size, 0);

    dais_export_item_t entry = entry_item(1, true);
    entry.as.entry.record = world_text(DAIS_LIMIT_RECORD);
    entry.as.entry.message_path = world_text(DAIS_LIMIT_BUNDLE_PATH);
    entry.as.entry.public_opening = world_text(32 + DAIS_LIMIT_CONTENT);
    entry.as.entry.private_opening = world_text(32 + DAIS_LIMIT_CONTENT);
    writer = world_writer();
    assert_err(dais_export_write(&entry, &writer), DAIS_OK);
    assert_true(writer.size - 4 <= DAIS_EXPORT_FRAME_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_whole_log, world_setup),
        cmocka_unit_test_setup(test_order, world_setup),
        cmocka_unit_test_setup(test_numbers, world_setup),
        cmocka_unit_test_setup(test_bundles, world_setup),
        cmocka_unit_test_setup(test_entries, world_setup),
        cmocka_unit_test_setup(test_other_records, world_setup),
        cmocka_unit_test_setup(test_frames, world_setup),
        cmocka_unit_test_setup(test_write, world_setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
