/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_UNIT_PURPOSES_H
#define DAIS_TESTS_UNIT_PURPOSES_H

#include "proto/base64.h"
#include "proto/box.h"
#include "proto/opening.h"
#include "proto/stamp.h"
#include "tests/support/world.h"
#include "tests/unit/assert_fault.h"

/* One device has every part here, and signs, commits and boxes for all purposes: so only the
 * purpose itself can tell the things apart, as docs/purposes.md claims. */

typedef enum {
    BUNDLE,
    STAMP,
    GENESIS,
    ASK,
    CHECKPOINT,
    PUBLIC,
    PRIVATE,
    RECORD,
    SEALED,
    ANSWER,
    PURPOSES
} purpose_t;

static const char *const names[PURPOSES] = {"bundle", "stamp",   "genesis", "ask",    "checkpoint",
                                            "public", "private", "record",  "sealed", "answer"};

enum { SEQ = 5, SEALED_TAG_AT = 32, ANSWER_TAG_AT = 24, BOX_TAG_SIZE = 16 };

/* A thing made for one purpose: its bytes as they travel (of a commitment: what opens it), and what
 * makes them good: the signature, the commitment, or the authenticator of the box. */
typedef struct {
    dais_slice_t bytes;
    uint8_t tag[DAIS_SIGNATURE_SIZE];
} made_t;

static world_t world;
static world_bundle_t bundle; /* of a sealed kind */
static dais_hash_t bundle_hash;
static dais_message_t message;
static made_t made[PURPOSES];
static uint8_t scratch[65536];

static inline void tag_take(purpose_t purpose, const uint8_t *tag, size_t size)
{
    memset(made[purpose].tag, 0, sizeof(made[purpose].tag));
    memcpy(made[purpose].tag, tag, size);
}

static inline void signed_take(purpose_t purpose, dais_slice_t bytes)
{
    made[purpose].bytes = bytes;
    tag_take(purpose, bytes.data + bytes.size - DAIS_SIGNATURE_SIZE, DAIS_SIGNATURE_SIZE);
}

static inline void signatures_make(void)
{
    dais_stamp_t stamp = {.log = world.log, .at = WORLD_NOW_MS};
    dais_ask_t ask = {.log = world.log, .nonce = world_id(1), .what = dais_slice("\x91\x07", 2)};
    dais_writer_t writer = world_writer();
    world_must(dais_stamp_sign(&stamp, &bundle_hash, 1, &world.intake, &writer));
    signed_take(STAMP, world_keep(&writer));
    writer = world_writer();
    world_must(dais_ask_sign(&ask, &world.office, &writer));
    signed_take(ASK, world_keep(&writer));
    signed_take(BUNDLE, bundle.envelope);
    signed_take(GENESIS, world.genesis);
}

static inline void checkpoint_make(void)
{
    dais_checkpoint_t checkpoint = {
        .origin = dais_slice_text(world.origin), .size = 1, .root = world.log};
    uint8_t text[DAIS_CHECKPOINT_TEXT_MAX];
    dais_writer_t writer;
    dais_writer_init(&writer, text, sizeof(text));
    world_must(dais_checkpoint_put(&writer, &checkpoint));
    dais_signature_t signature = dais_device_sign(&world.log_device, dais_slice(text, writer.size));
    tag_take(CHECKPOINT, signature.bytes, sizeof(signature.bytes));
    writer = world_writer();
    world_must(dais_checkpoint_sign(&checkpoint, &world.log_key, world.log_device.secret, &writer));
    made[CHECKPOINT].bytes = world_keep(&writer);
}

/* Salts begin with a letter, so that no decoder takes one for the head of an array by chance. */
static inline dais_slice_t opening_make(uint64_t number, dais_slice_t content)
{
    uint8_t *opening = world_room(DAIS_SALT_SIZE + content.size);
    dais_key_t salt = world_salt(number);
    salt.bytes[0] = 's';
    memcpy(opening, salt.bytes, DAIS_SALT_SIZE);
    memcpy(opening + DAIS_SALT_SIZE, content.data, content.size);
    return dais_slice(opening, DAIS_SALT_SIZE + content.size);
}

static inline dais_key_t opening_salt(dais_slice_t opening)
{
    dais_key_t salt;
    memcpy(salt.bytes, opening.data, DAIS_SALT_SIZE);
    return salt;
}

static inline dais_slice_t opening_rest(dais_slice_t opening)
{
    return dais_slice(opening.data + DAIS_SALT_SIZE, opening.size - DAIS_SALT_SIZE);
}

static inline void commitments_make(void)
{
    uint8_t padded[1024] = "what only people read";
    size_t size;
    dais_hash_t commitment;
    world_must(dais_content_pad(padded, sizeof(padded), 21, &size));
    made[PUBLIC].bytes = opening_make(1, dais_slice(padded, size));
    made[PRIVATE].bytes = opening_make(2, dais_slice(padded, size));
    made[RECORD].bytes = opening_make(3, world.genesis_record);
    message.public_commitment = world_commitment(made[PUBLIC].bytes);
    message.private_commitment = world_commitment(made[PRIVATE].bytes);
    tag_take(PUBLIC, message.public_commitment.bytes, DAIS_HASH_SIZE);
    tag_take(PRIVATE, message.private_commitment.bytes, DAIS_HASH_SIZE);
    dais_key_t salt = opening_salt(made[RECORD].bytes);
    commitment = dais_record_commit(&salt, opening_rest(made[RECORD].bytes));
    tag_take(RECORD, commitment.bytes, DAIS_HASH_SIZE);
}

static inline dais_slice_t sealed_make(const dais_key_t *key, const dais_hash_t *log,
                                       dais_slice_t envelope)
{
    dais_writer_t writer = world_writer();
    world_must(
        dais_sealed_close(key, log, envelope, &bundle.list, scratch, sizeof(scratch), &writer));
    return world_keep(&writer);
}

static inline dais_slice_t answer_make(const dais_device_t *registry, const dais_key_t *asker,
                                       const dais_hash_t *log, dais_slice_t ask)
{
    dais_answer_t answer = {.log = *log, .body = dais_slice("\x91\x07", 2)};
    dais_random_t random = dais_random_system();
    dais_writer_t writer = world_writer();
    world_must(dais_answer_close(registry, asker, &random, ask, &answer, scratch, sizeof(scratch),
                                 &writer));
    return world_keep(&writer);
}

static inline void boxes_make(void)
{
    const dais_key_t *key = &world.registry.box_key;
    made[SEALED].bytes = sealed_make(key, &world.log, bundle.envelope);
    made[ANSWER].bytes = answer_make(&world.registry, key, &world.log, made[ASK].bytes);
    tag_take(SEALED, made[SEALED].bytes.data + SEALED_TAG_AT, BOX_TAG_SIZE);
    tag_take(ANSWER, made[ANSWER].bytes.data + ANSWER_TAG_AT, BOX_TAG_SIZE);
}

static inline int purposes_setup(void **state)
{
    (void)state;
    world_reset();
    world_make(&world, 1, 1);
    world.office = world.intake = world.secretariat = world.log_device = world.registry;
    world_must(
        dais_vkey_make(dais_slice_text(world.origin), world.log_device.key.bytes, &world.log_key));
    world_log_begin(&world);
    world_bundle_make(&world, DAIS_KIND_OBJECTION_WITHDRAWAL, 2, 20, &bundle);
    bundle_hash = bundle.hash;
    signatures_make();
    checkpoint_make();
    commitments_make();
    boxes_make();
    return 0;
}

static inline dais_err_t record_present(dais_slice_t opening, const uint8_t *commitment)
{
    dais_entry_t entry = {.seq = SEQ};
    dais_record_t record;
    memcpy(entry.commitment.bytes, commitment, DAIS_HASH_SIZE);
    dais_slice_t leaf = world_pack(&dais_shape_entry, &entry);
    dais_key_t salt = opening_salt(opening);
    return dais_entry_open(leaf, &salt, opening_rest(opening), &entry, &record).err;
}

static inline dais_err_t content_present(dais_slice_t opening, const uint8_t *commitment,
                                         bool private)
{
    dais_slice_t content;
    dais_hash_t hash;
    memcpy(hash.bytes, commitment, DAIS_HASH_SIZE);
    dais_err_t err = dais_content_open(opening, &hash, &content);
    return err == DAIS_OK && private ? dais_content_unpad(content, &content) : err;
}

static inline dais_err_t signature_present(purpose_t purpose, dais_slice_t bytes)
{
    union {
        dais_bundle_t bundle;
        dais_stamp_t stamp;
        dais_genesis_t genesis;
        dais_ask_t ask;
        dais_checkpoint_t checkpoint;
    } out;
    if (purpose == BUNDLE)
        return dais_bundle_open(bytes, &world.log, &out.bundle).err;
    if (purpose == STAMP)
        return dais_stamp_open(bytes, &world.log, &out.stamp).err;
    if (purpose == GENESIS)
        return dais_genesis_open(bytes, &out.genesis).err;
    if (purpose == ASK)
        return dais_ask_open(bytes, &world.log, &out.ask).err;
    return dais_checkpoint_verify(bytes, &world.log_key, &out.checkpoint).err;
}

static inline dais_err_t box_present(purpose_t purpose, dais_slice_t bytes)
{
    dais_sealed_t sealed;
    dais_answer_t answer;
    if (purpose == SEALED)
        return dais_sealed_open(&world.registry, &world.log, bundle.envelope, bytes, scratch,
                                sizeof(scratch), &sealed)
            .err;
    return dais_answer_open(&world.office, &world.registry.box_key, &world.log, made[ASK].bytes,
                            bytes, scratch, sizeof(scratch), &answer)
        .err;
}

/* Presents bytes where those of `purpose` are expected, among its own surroundings. */
static inline dais_err_t present(purpose_t purpose, dais_slice_t bytes)
{
    if (purpose <= CHECKPOINT)
        return signature_present(purpose, bytes);
    if (purpose >= SEALED)
        return box_present(purpose, bytes);
    if (purpose == RECORD)
        return record_present(bytes, made[RECORD].tag);
    return content_present(bytes, made[purpose].tag, purpose == PRIVATE);
}

/* The signed note of the world's own checkpoint with another signature in its line. */
static inline dais_slice_t note_graft(const uint8_t *signature)
{
    uint8_t value[4 + DAIS_SIGNATURE_SIZE];
    for (size_t i = 0; i < 4; i++)
        value[i] = (uint8_t)(world.log_key.id >> (24 - 8 * i));
    memcpy(value + 4, signature, DAIS_SIGNATURE_SIZE);
    dais_slice_t note = made[CHECKPOINT].bytes;
    const size_t line_size = 92 + 1; /* base64 of 68 bytes, newline */
    uint8_t *copy = world_copy(note);
    char encoded[DAIS_BASE64_SIZE(sizeof(value)) + 1];
    dais_base64_encode(dais_slice(value, sizeof(value)), encoded);
    memcpy(copy + note.size - line_size, encoded, 92);
    return dais_slice(copy, note.size);
}

/* Presents the good bytes of `purpose` with the signature, commitment or authenticator of another
 * thing in place of their own: the same key has made both. */
static inline dais_err_t present_grafted(purpose_t purpose, const uint8_t *tag)
{
    if (purpose == CHECKPOINT)
        return signature_present(CHECKPOINT, note_graft(tag));
    if (purpose == RECORD)
        return record_present(made[RECORD].bytes, tag);
    if (purpose == PUBLIC || purpose == PRIVATE)
        return content_present(made[purpose].bytes, tag, purpose == PRIVATE);
    dais_slice_t bytes = made[purpose].bytes;
    uint8_t *copy = world_copy(bytes);
    if (purpose == SEALED)
        memcpy(copy + SEALED_TAG_AT, tag, BOX_TAG_SIZE);
    else if (purpose == ANSWER)
        memcpy(copy + ANSWER_TAG_AT, tag, BOX_TAG_SIZE);
    else
        memcpy(copy + bytes.size - DAIS_SIGNATURE_SIZE, tag, DAIS_SIGNATURE_SIZE);
    return present(purpose, dais_slice(copy, bytes.size));
}

#endif
