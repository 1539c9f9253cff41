/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "proto/entry_bundle.h"
#include "proto/export.h"
#include "proto/frontier.h"
#include "proto/guard.h"
#include "proto/proof.h"

/* The examples outside MessagePack, read and written again: test_golden.c holds their bytes. */

enum { AGAIN_SIZE = 64 * 1024 };

static uint8_t again[AGAIN_SIZE];

static dais_slice_t example(const char *name)
{
    const dais_sample_t *sample = dais_sample_find(name);
    assert_non_null(sample);
    return sample->bytes;
}

static dais_writer_t again_begin(void)
{
    dais_writer_t writer;
    dais_writer_init(&writer, again, sizeof again);
    return writer;
}

static void again_equals(const dais_writer_t *writer, const char *name)
{
    dais_slice_t bytes;
    assert_int_equal(dais_writer_finish(writer, &bytes), DAIS_OK);
    assert_true(dais_slice_equal(bytes, example(name)));
}

/* Goal: identity, secret and key files are read and written the same. Method: round trip. */
static void test_identity_texts(void **state)
{
    (void)state;
    dais_identity_t identity;
    dais_writer_t writer = again_begin();
    assert_int_equal(dais_identity_parse(example("identity"), &identity).err, DAIS_OK);
    assert_int_equal(dais_identity_put(&writer, &identity), DAIS_OK);
    again_equals(&writer, "identity");
    dais_seed_t seed;
    writer = again_begin();
    assert_int_equal(dais_secret_parse(example("secret"), &seed).err, DAIS_OK);
    dais_secret_put(&writer, &seed);
    again_equals(&writer, "secret");
    dais_vkey_t vkey;
    writer = again_begin();
    assert_int_equal(dais_vkey_parse(example("vkey"), &vkey).err, DAIS_OK);
    dais_vkey_put(&writer, &vkey);
    again_equals(&writer, "vkey");
}

/* Goal: the identity is that of the secret. Method: derive the keys from the secret file. */
static void test_identity_is_of_the_secret(void **state)
{
    (void)state;
    dais_identity_t identity;
    dais_seed_t seed;
    dais_device_t device;
    assert_int_equal(dais_identity_parse(example("identity"), &identity).err, DAIS_OK);
    assert_int_equal(dais_secret_parse(example("secret"), &seed).err, DAIS_OK);
    dais_device_derive(&seed, &device);
    assert_memory_equal(device.key.bytes, identity.key.key, DAIS_KEY_SIZE);
    assert_memory_equal(device.box_key.bytes, identity.box_key.bytes, DAIS_KEY_SIZE);
}

/* Goal: a checkpoint signed again is the same text. Method: verify, sign, add the witness. */
static void test_checkpoint(void **state)
{
    (void)state;
    dais_vkey_t vkey;
    dais_checkpoint_t checkpoint;
    assert_int_equal(dais_vkey_parse(example("vkey"), &vkey).err, DAIS_OK);
    assert_int_equal(dais_checkpoint_verify(example("checkpoint"), &vkey, &checkpoint).err,
                     DAIS_OK);
    dais_writer_t writer = again_begin();
    assert_int_equal(
        dais_checkpoint_sign(&checkpoint, &vkey, dais_sample_device("log")->secret, &writer),
        DAIS_OK);
    again_equals(&writer, "checkpoint");
    const dais_vkey_t keys[] = {vkey, dais_sample_vkey("witness")};
    dais_note_t note;
    uint64_t verified = 0;
    assert_int_equal(dais_note_parse(example("checkpoint_cosigned"), &note).err, DAIS_OK);
    assert_int_equal(dais_note_verify(&note, keys, 2, &verified).err, DAIS_OK);
    assert_int_equal(verified, 3);
}

/* Goal: the receipt in text form proves its entry and carries what opens it. Method: parse, verify
 * against the leaf, decode the extra part, write again. */
static void test_proof(void **state)
{
    (void)state;
    static uint8_t extra[DAIS_LIMIT_OPENING];
    size_t extra_size;
    dais_proof_t proof;
    dais_vkey_t vkey;
    dais_hash_t leaf = dais_tree_leaf_hash(example("entry"));
    assert_int_equal(dais_vkey_parse(example("vkey"), &vkey).err, DAIS_OK);
    assert_int_equal(dais_proof_parse(example("proof"), &proof).err, DAIS_OK);
    assert_int_equal(dais_proof_verify(&proof, &leaf, &vkey, NULL), DAIS_OK);
    assert_int_equal(dais_base64_decode(proof.extra, extra, sizeof extra, &extra_size), DAIS_OK);
    assert_true(dais_slice_equal(dais_slice(extra, extra_size), example("opening")));
    dais_writer_t writer = again_begin();
    assert_int_equal(dais_proof_put(&writer, dais_slice(extra, extra_size), proof.index,
                                    &proof.path, proof.checkpoint),
                     DAIS_OK);
    again_equals(&writer, "proof");
}

/* Goal: tile and entry bundle are of one tree, which the checkpoint signs. Method: hash each leaf
 * of the bundle, compare with the tile, compute the root. */
static void test_tiles(void **state)
{
    (void)state;
    dais_entry_bundle_t bundle;
    dais_slice_t leaf;
    dais_hash_t hashes[DAIS_SAMPLE_LOG_SIZE];
    dais_writer_t writer = again_begin();
    dais_entry_bundle_init(&bundle, example("entry_bundle"), DAIS_SAMPLE_LOG_SIZE);
    for (size_t i = 0; dais_entry_bundle_next(&bundle, &leaf); i++) {
        hashes[i] = dais_tree_leaf_hash(leaf);
        assert_int_equal(dais_entry_bundle_put(&writer, leaf), DAIS_OK);
    }
    assert_int_equal(dais_entry_bundle_finish(&bundle).err, DAIS_OK);
    again_equals(&writer, "entry_bundle");
    assert_true(dais_slice_equal(dais_slice(hashes, sizeof hashes), example("tile")));
    dais_vkey_t vkey = dais_sample_vkey("log");
    dais_checkpoint_t checkpoint;
    dais_hash_t root = dais_tree_root(hashes, DAIS_SAMPLE_LOG_SIZE);
    assert_int_equal(dais_checkpoint_verify(example("checkpoint"), &vkey, &checkpoint).err,
                     DAIS_OK);
    assert_true(dais_hash_equal(&root, &checkpoint.root));
}

/* Goal: frontier and guard slot are read and written the same. Method: round trip. */
static void test_frontier_and_guard(void **state)
{
    (void)state;
    uint8_t flat[DAIS_FRONTIER_BYTES_MAX];
    dais_frontier_t frontier;
    assert_int_equal(dais_frontier_decode(example("frontier"), &frontier).err, DAIS_OK);
    size_t size = dais_frontier_encode(&frontier, flat);
    assert_true(dais_slice_equal(dais_slice(flat, size), example("frontier")));
    uint8_t slot[DAIS_GUARD_SLOT_SIZE];
    dais_guard_t guard;
    assert_int_equal(example("guard_slot").size, DAIS_GUARD_SLOT_SIZE);
    assert_int_equal(dais_guard_decode(example("guard_slot").data, &guard), DAIS_OK);
    assert_int_equal(dais_guard_encode(&guard, slot), DAIS_OK);
    assert_true(dais_slice_equal(dais_slice(slot, sizeof slot), example("guard_slot")));
    dais_hash_t root = dais_frontier_root(&frontier);
    assert_true(dais_hash_equal(&root, &guard.root));
}

static void export_round(const char *name)
{
    dais_export_state_t state = {0};
    dais_writer_t writer = again_begin();
    for (dais_slice_t rest = example(name); rest.size > 0;) {
        dais_slice_t frame;
        dais_export_item_t item;
        assert_int_equal(dais_export_frame(&rest, &frame).err, DAIS_OK);
        assert_int_equal(dais_export_read(&state, frame, &item).err, DAIS_OK);
        assert_int_equal(dais_export_write(&item, &writer), DAIS_OK);
    }
    assert_int_equal(dais_export_finish(&state), DAIS_OK);
    again_equals(&writer, name);
}

/* Goal: an exported log is read to its end and written the same. Method: frame by frame, for the
 * reader of everything and for the public. */
static void test_exports(void **state)
{
    (void)state;
    export_round("export");
    export_round("export_public");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_identity_texts), cmocka_unit_test(test_identity_is_of_the_secret),
        cmocka_unit_test(test_checkpoint),     cmocka_unit_test(test_proof),
        cmocka_unit_test(test_tiles),          cmocka_unit_test(test_frontier_and_guard),
        cmocka_unit_test(test_exports),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
