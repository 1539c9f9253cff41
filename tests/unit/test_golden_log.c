/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "proto/box.h"
#include "proto/entry.h"
#include "proto/genesis.h"
#include "proto/opening.h"
#include "proto/receipt.h"
#include "proto/tree_verify.h"

/* The examples hold together: what the golden files keep still verifies, opens and proves. */

enum { SCRATCH_SIZE = DAIS_LIMIT_RECORD };

static uint8_t scratch[SCRATCH_SIZE];

static dais_slice_t example(const char *name)
{
    const dais_sample_t *sample = dais_sample_find(name);
    assert_non_null(sample);
    return sample->bytes;
}

/* Goal: parcels of both streams are admitted in form. Method: open the open one whole; open the
 * sealed one by its box, whose bytes are kept in the golden file. */
static void test_parcels_open(void **state)
{
    (void)state;
    const dais_sample_log_t *log = dais_sample_log();
    dais_parcel_t parcel;
    dais_bundle_t head;
    size_t index;
    assert_int_equal(dais_parcel_open(example("parcel"), &log->log, &parcel, &head).err, DAIS_OK);
    dais_sealed_parcel_t sealed_parcel;
    dais_sealed_t sealed;
    assert_int_equal(
        dais_shape_decode(&dais_shape_sealed_parcel, example("sealed_parcel"), &sealed_parcel).err,
        DAIS_OK);
    assert_int_equal(dais_bundle_open(sealed_parcel.envelope, &log->log, &head).err, DAIS_OK);
    assert_int_equal(dais_sealed_open(dais_sample_device("registry"), &log->log,
                                      sealed_parcel.envelope, sealed_parcel.box, scratch,
                                      sizeof scratch, &sealed)
                         .err,
                     DAIS_OK);
    assert_int_equal(dais_bundle_check_items(&head, &sealed.items, &index).err, DAIS_OK);
    dais_slice_t plain = dais_slice(scratch, sealed_parcel.box.size - DAIS_SEAL_OVERHEAD);
    assert_true(dais_slice_equal(plain, example("sealed")));
}

/* Goal: the box made by libsodium opens like the one of the example, whose key is not random.
 * Method: seal the same items again. */
static void test_a_new_box_opens_too(void **state)
{
    (void)state;
    static uint8_t box[SCRATCH_SIZE];
    const dais_sample_log_t *log = dais_sample_log();
    const dais_device_t *registry = dais_sample_device("registry");
    dais_writer_t writer;
    dais_slice_t made;
    dais_sealed_t sealed;
    dais_writer_init(&writer, box, sizeof box);
    assert_int_equal(dais_sealed_close(&registry->box_key, &log->log, log->mission.envelope,
                                       &log->mission.list, scratch, sizeof scratch, &writer),
                     DAIS_OK);
    assert_int_equal(dais_writer_finish(&writer, &made), DAIS_OK);
    assert_int_equal(dais_sealed_open(registry, &log->log, log->mission.envelope, made, scratch,
                                      sizeof scratch, &sealed)
                         .err,
                     DAIS_OK);
    assert_true(
        dais_slice_equal(dais_slice(scratch, made.size - DAIS_SEAL_OVERHEAD), example("sealed")));
}

/* Goal: the three stamps are one chain. Method: open each, compare with the one before. */
static void test_stamps_are_a_chain(void **state)
{
    (void)state;
    const dais_sample_log_t *log = dais_sample_log();
    dais_stamp_t before = {0};
    for (size_t j = 0; j < 3; j++) {
        dais_stamp_t stamp;
        assert_int_equal(dais_stamp_open(log->stamps[j].bytes, &log->log, &stamp).err, DAIS_OK);
        if (j > 0)
            assert_int_equal(dais_stamp_follows(&before, log->stamps[j - 1].bytes, &stamp),
                             DAIS_OK);
        before = stamp;
    }
    assert_int_equal(before.count, 0);
}

/* Goal: every entry opens, and stands in the signed tree. Method: check the opening of each for
 * both readers, and its path against the checkpoint's root. */
static void test_entries_open(void **state)
{
    (void)state;
    const dais_sample_log_t *log = dais_sample_log();
    dais_hash_t root = dais_tree_root(log->hashes, DAIS_SAMPLE_LOG_SIZE);
    for (uint64_t seq = 0; seq < DAIS_SAMPLE_LOG_SIZE; seq++) {
        for (int public = 0; public <= 1; public ++) {
            dais_opening_t opening;
            dais_opened_t opened;
            dais_slice_t bytes = dais_sample_opening(seq, public == 1);
            assert_int_equal(dais_shape_decode(&dais_shape_opening, bytes, &opening).err, DAIS_OK);
            assert_int_equal(dais_opening_check(&opening, &log->log, &opened).err, DAIS_OK);
            assert_true(dais_hash_equal(&opened.leaf, &log->hashes[seq]));
            assert_int_equal(dais_tree_inclusion_verify(seq, DAIS_SAMPLE_LOG_SIZE, &opened.leaf,
                                                        dais_sample_path(seq), &root),
                             DAIS_OK);
        }
    }
    assert_true(dais_hash_equal(&log->log, &log->hashes[0]));
}

/* Goal: the run of receipts proves the three entries to their sender. Method: check it with what
 * the sender has. */
static void test_receipts_check(void **state)
{
    (void)state;
    const dais_sample_log_t *log = dais_sample_log();
    dais_vkey_t vkey = dais_sample_vkey("log");
    dais_claim_t claim = {.log_key = &vkey,
                          .bundle = log->office.hash,
                          .messages = log->office.messages,
                          .message_count = log->office.count,
                          .received_at = log->stamps[0].stamp.at};
    dais_receipts_t receipts;
    dais_run_t run;
    assert_int_equal(dais_shape_decode(&dais_shape_receipts, example("receipts"), &receipts).err,
                     DAIS_OK);
    assert_int_equal(dais_receipts_check(&receipts, &claim, scratch, sizeof scratch, &run).err,
                     DAIS_OK);
    assert_int_equal(run.first, 5);
    assert_int_equal(run.count, 3);
    assert_memory_equal(run.leaves, &log->hashes[5], 3 * sizeof run.leaves[0]);
}

/* Goal: ask and answer are of one exchange. Method: the registry opens the ask, the mission the box
 * that is kept in the golden file. */
static void test_ask_and_answer(void **state)
{
    (void)state;
    const dais_sample_log_t *log = dais_sample_log();
    dais_ask_t ask;
    dais_answer_t answer;
    assert_int_equal(dais_ask_open(example("ask"), &log->log, &ask).err, DAIS_OK);
    assert_int_equal(dais_answer_open(dais_sample_device("mission"),
                                      &dais_sample_device("registry")->box_key, &log->log,
                                      example("ask"), example("answer_box"), scratch,
                                      sizeof scratch, &answer)
                         .err,
                     DAIS_OK);
    dais_slice_t plain = dais_slice(scratch, example("answer_box").size - DAIS_ANSWER_OVERHEAD);
    assert_true(dais_slice_equal(plain, example("answer")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parcels_open),       cmocka_unit_test(test_a_new_box_opens_too),
        cmocka_unit_test(test_stamps_are_a_chain), cmocka_unit_test(test_entries_open),
        cmocka_unit_test(test_receipts_check),     cmocka_unit_test(test_ask_and_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
