/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/purposes.h"

/* What another cycle of this registry, or another registry, has made for the same purpose. */
static world_t elsewhere;
static world_bundle_t bundle_elsewhere;

static void elsewhere_make(unsigned registry, unsigned cycle)
{
    world_make(&elsewhere, registry, cycle);
    elsewhere.office = elsewhere.intake = elsewhere.secretariat = elsewhere.registry;
    world_log_begin(&elsewhere);
    world_bundle_make(&elsewhere, DAIS_KIND_OBJECTION_WITHDRAWAL, 2, 20, &bundle_elsewhere);
}

static dais_slice_t stamp_elsewhere(void)
{
    dais_stamp_t stamp = {.log = elsewhere.log, .at = WORLD_NOW_MS};
    dais_writer_t writer = world_writer();
    world_must(dais_stamp_sign(&stamp, &bundle_hash, 1, &elsewhere.intake, &writer));
    return world_keep(&writer);
}

static dais_slice_t ask_elsewhere(void)
{
    dais_ask_t ask = {
        .log = elsewhere.log, .nonce = world_id(1), .what = dais_slice("\x91\x07", 2)};
    dais_writer_t writer = world_writer();
    world_must(dais_ask_sign(&ask, &elsewhere.office, &writer));
    return world_keep(&writer);
}

/* The signed bytes with 32 of them, the log or key from elsewhere, replaced by ours. */
static dais_slice_t renamed(dais_slice_t bytes, const uint8_t *from, const uint8_t *to)
{
    uint8_t *copy = world_copy(bytes);
    uint8_t *at = memmem(copy, bytes.size, from, DAIS_HASH_SIZE);
    assert_non_null(at);
    memcpy(at, to, DAIS_HASH_SIZE);
    return dais_slice(copy, bytes.size);
}

static size_t others_refused;

static void assert_other(dais_err_t found, dais_err_t expected)
{
    assert_err(found, expected);
    others_refused++;
}

/* Signed records name their log: another's is refused, and cannot be renamed. */
static void signatures_elsewhere(void)
{
    const struct {
        purpose_t purpose;
        dais_slice_t bytes;
    } others[] = {
        {BUNDLE, bundle_elsewhere.envelope}, {STAMP, stamp_elsewhere()}, {ASK, ask_elsewhere()}};
    for (size_t i = 0; i < 3; i++) {
        assert_other(present(others[i].purpose, others[i].bytes), DAIS_ERR_WRONG_LOG);
        dais_slice_t bytes = renamed(others[i].bytes, elsewhere.log.bytes, world.log.bytes);
        assert_other(present(others[i].purpose, bytes), DAIS_ERR_BAD_SIGNATURE);
    }
    dais_record_t record;
    dais_entry_t entry;
    dais_hash_t commitment = dais_record_commit(&world.genesis_salt, world.genesis_record);
    dais_entry_t first = {.commitment = commitment};
    dais_slice_t leaf = world_pack(&dais_shape_entry, &first);
    assert_other(
        dais_entry_open(leaf, &elsewhere.genesis_salt, elsewhere.genesis_record, &entry, &record)
            .err,
        DAIS_ERR_BAD_COMMITMENT);
    assert_other(present(CHECKPOINT, elsewhere.genesis), DAIS_ERR_NOT_UTF8);
}

static void checkpoint_elsewhere(void)
{
    dais_checkpoint_t checkpoint = {
        .origin = dais_slice_text(elsewhere.origin), .size = 1, .root = elsewhere.log};
    dais_writer_t writer = world_writer();
    world_must(dais_checkpoint_sign(&checkpoint, &elsewhere.log_key, elsewhere.log_device.secret,
                                    &writer));
    dais_slice_t note = world_keep(&writer);
    assert_other(present(CHECKPOINT, note), DAIS_ERR_UNKNOWN_KEY);
    /* Our key has signed the other log's text, under its own name. */
    uint8_t text[DAIS_CHECKPOINT_TEXT_MAX];
    dais_writer_t body;
    dais_writer_init(&body, text, sizeof(text));
    world_must(dais_checkpoint_put(&body, &checkpoint));
    writer = world_writer();
    world_must(dais_note_sign(dais_slice(text, body.size), &world.log_key, world.log_device.secret,
                              &writer));
    assert_other(present(CHECKPOINT, world_keep(&writer)), DAIS_ERR_WRONG_ORIGIN);
}

/* A message of elsewhere, with all that it commits to, in a bundle or an entry of ours. */
static void commitments_elsewhere(void)
{
    size_t index;
    assert_other(dais_bundle_check_items(&bundle.head, &bundle_elsewhere.list, &index).err,
                 DAIS_ERR_WRONG_LOG);
    dais_opened_t out;
    dais_record_t record = {.verdicts = world_verdicts(0, 1),
                            .bundle = dais_hash_slice(&bundle_elsewhere.hash),
                            .message = bundle_elsewhere.messages[0]};
    dais_opening_t opening = {.seq = SEQ, .record = world_pack(&dais_shape_record, &record)};
    assert_other(dais_opening_check(&opening, &world.log, &out).err, DAIS_ERR_WRONG_LOG);
}

/* Goal: what another cycle of the same registry, with the same devices, has made is refused.
 * Method: each purpose; also with the log's name in it replaced by ours. */
static void test_other_cycle(void **state)
{
    (void)state;
    elsewhere_make(1, 2);
    assert_memory_equal(elsewhere.registry.box_key.bytes, world.registry.box_key.bytes,
                        DAIS_KEY_SIZE);
    signatures_elsewhere();
    checkpoint_elsewhere();
    commitments_elsewhere();
    const dais_key_t *key = &world.registry.box_key;
    assert_other(present(SEALED, sealed_make(key, &elsewhere.log, bundle.envelope)),
                 DAIS_ERR_WRONG_LOG);
    assert_other(
        present(ANSWER, answer_make(&world.registry, key, &elsewhere.log, made[ASK].bytes)),
        DAIS_ERR_WRONG_LOG);
}

/* Goal: what another registry has made is refused. Method: each purpose; its boxes, even if they
 * name our log and our bundle or ask. */
static void test_other_registry(void **state)
{
    (void)state;
    elsewhere_make(2, 1);
    signatures_elsewhere();
    checkpoint_elsewhere();
    commitments_elsewhere();
    assert_other(
        present(SEALED, sealed_make(&elsewhere.registry.box_key, &world.log, bundle.envelope)),
        DAIS_ERR_BAD_BOX);
    assert_other(present(ANSWER, answer_make(&elsewhere.registry, &world.office.box_key, &world.log,
                                             made[ASK].bytes)),
                 DAIS_ERR_BAD_BOX);
}

/* Goal: a signature is by the key that the record names, a commitment is under its salt, a box for
 * its reader. Method: name a second key in what the first has signed; a second salt; a second
 * reader. */
static void test_other_key(void **state)
{
    (void)state;
    static const purpose_t signed_records[] = {BUNDLE, STAMP, GENESIS, ASK};
    dais_device_t other = world_device(77);
    for (size_t i = 0; i < 4; i++) {
        purpose_t purpose = signed_records[i];
        dais_slice_t bytes = made[purpose].bytes;
        uint8_t *copy = world_copy(bytes);
        uint8_t *at = memrchr(copy, world.office.key.bytes[0], bytes.size);
        while (memcmp(at, world.office.key.bytes, DAIS_KEY_SIZE) != 0)
            at = memrchr(copy, world.office.key.bytes[0], (size_t)(at - copy));
        memcpy(at, other.key.bytes, DAIS_KEY_SIZE);
        assert_other(present(purpose, dais_slice(copy, bytes.size)), DAIS_ERR_BAD_SIGNATURE);
    }
    dais_vkey_t same_name;
    world_must(dais_vkey_make(dais_slice_text(world.origin), other.key.bytes, &same_name));
    dais_checkpoint_t checkpoint;
    assert_other(dais_checkpoint_verify(made[CHECKPOINT].bytes, &same_name, &checkpoint).err,
                 DAIS_ERR_UNKNOWN_KEY);
    same_name.id = world.log_key.id; /* Keys of one name may clash in their four bytes of id. */
    assert_other(dais_checkpoint_verify(made[CHECKPOINT].bytes, &same_name, &checkpoint).err,
                 DAIS_ERR_BAD_SIGNATURE);
    for (purpose_t purpose = PUBLIC; purpose <= RECORD; purpose++) {
        uint8_t *copy = world_copy(made[purpose].bytes);
        copy[0] ^= 1;
        assert_other(present(purpose, dais_slice(copy, made[purpose].bytes.size)),
                     DAIS_ERR_BAD_COMMITMENT);
    }
    assert_other(present(SEALED, sealed_make(&other.box_key, &world.log, bundle.envelope)),
                 DAIS_ERR_BAD_BOX);
    assert_other(
        present(ANSWER, answer_make(&world.registry, &other.box_key, &world.log, made[ASK].bytes)),
        DAIS_ERR_BAD_BOX);
}

/* Goal: within one log, what belongs to one thing does not pass for its neighbour's. Method: the
 * box of another bundle, the answer to another ask, the opening of another message, a leaf moved to
 * another index, a message moved to another place of its bundle. */
static void test_neighbours(void **state)
{
    (void)state;
    const dais_key_t *key = &world.registry.box_key;
    assert_other(present(SEALED, sealed_make(key, &world.log, made[STAMP].bytes)),
                 DAIS_ERR_WRONG_ENTRY);
    assert_other(present(ANSWER, answer_make(&world.registry, key, &world.log, bundle.envelope)),
                 DAIS_ERR_WRONG_ENTRY);
    assert_other(
        content_present(bundle.items[0].public_opening, message.public_commitment.bytes, false),
        DAIS_ERR_BAD_COMMITMENT);
    dais_hash_t commitment;
    memcpy(commitment.bytes, made[RECORD].tag, DAIS_HASH_SIZE);
    dais_hash_t leaves[] = {dais_entry_hash(0, &commitment), dais_entry_hash(1, &commitment)};
    dais_hash_t root = dais_tree_root(leaves, 2);
    assert_other(dais_tree_inclusion_verify(1, 2, &leaves[0], dais_hash_slice(&leaves[0]), &root),
                 DAIS_ERR_BAD_PROOF);
    dais_hash_t second = dais_tree_leaf_hash(bundle.messages[1]);
    assert_other(dais_bundle_prove(&bundle.head, 1, bundle.messages[0], dais_hash_slice(&second)),
                 DAIS_ERR_BAD_PROOF);
}

static int group_figures(void **state)
{
    (void)state;
    print_message("purposes: other cycle, registry, key or neighbour: %zu refused\n",
                  others_refused);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_other_cycle),
        cmocka_unit_test(test_other_registry),
        cmocka_unit_test(test_other_key),
        cmocka_unit_test(test_neighbours),
    };
    return cmocka_run_group_tests(tests, purposes_setup, group_figures);
}
