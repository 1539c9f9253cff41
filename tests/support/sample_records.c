/* SPDX-License-Identifier: Apache-2.0 */
#include <sodium.h>

#include "proto/box.h"
#include "tests/support/sample.h"
#include "tests/support/sample_arena.h"

enum { SEQ_COMMENT = 5, SEQ_COMMENT_2 = 6, SEQ_REQUEST = 8, SEQ_OWN = 9, SCRATCH_SIZE = 16384 };

/* Records and signed records alike are added under the name of their shape. */
static void add(dais_sample_list_t *list, dais_sample_form_t form, const dais_shape_t *shape,
                const char *text, dais_slice_t bytes)
{
    dais_sample_t sample = {
        .name = shape->name, .text = text, .form = form, .shape = shape, .bytes = bytes};
    dais_sample_add(list, &sample);
}

/* crypto_box_seal of libsodium with an ephemeral key that is not random: the ephemeral public key,
 * then crypto_box under a nonce that is BLAKE2b-192 of both public keys. */
static dais_slice_t seal(const dais_key_t *to, dais_slice_t plain)
{
    uint8_t nonce[crypto_box_NONCEBYTES];
    uint8_t *box = dais_sample_room(plain.size + DAIS_SEAL_OVERHEAD);
    dais_key_t secret = dais_sample_salt("the ephemeral key");
    crypto_generichash_state state;
    (void)crypto_scalarmult_base(box, secret.bytes);
    (void)crypto_generichash_init(&state, NULL, 0, sizeof nonce);
    (void)crypto_generichash_update(&state, box, DAIS_KEY_SIZE);
    (void)crypto_generichash_update(&state, to->bytes, DAIS_KEY_SIZE);
    (void)crypto_generichash_final(&state, nonce, sizeof nonce);
    if (crypto_box_easy(box + DAIS_KEY_SIZE, plain.data, plain.size, nonce, to->bytes,
                        secret.bytes) != 0)
        dais_sample_fail("a box was refused", "sealed");
    return dais_slice(box, plain.size + DAIS_SEAL_OVERHEAD);
}

static void add_bundles(dais_sample_list_t *list, const dais_sample_log_t *log)
{
    dais_parcel_t parcel = {.envelope = log->office.envelope, .items = log->office.list};
    dais_sealed_t sealed = {
        .log = log->log, .bundle = log->mission.hash, .items = log->mission.list};
    dais_slice_t plain = dais_sample_pack(&dais_shape_sealed, &sealed);
    dais_sealed_parcel_t sealed_parcel = {
        .envelope = log->mission.envelope,
        .box = seal(&dais_sample_device("registry")->box_key, plain)};
    add(list, DAIS_SAMPLE_SIGNED, &dais_shape_bundle, "The bundle of entries 5 to 7",
        log->office.envelope);
    add(list, DAIS_SAMPLE_RECORD, &dais_shape_parcel, "The same bundle as it travels",
        dais_sample_pack(&dais_shape_parcel, &parcel));
    add(list, DAIS_SAMPLE_RECORD, &dais_shape_sealed_parcel, "The bundle of entry 8 as it travels",
        dais_sample_pack(&dais_shape_sealed_parcel, &sealed_parcel));
    add(list, DAIS_SAMPLE_RECORD, &dais_shape_sealed, "What the box of the sealed parcel holds",
        plain);
}

/* Receipts for all entries of a bundle, which begin at `first`. */
static dais_slice_t receipts_make(const dais_sample_log_t *log, uint64_t first, size_t count)
{
    dais_record_t record;
    dais_receipts_t receipts = {.first = first, .checkpoint = log->checkpoint};
    dais_sample_must(
        dais_shape_decode(&dais_shape_record, log->entries[first].record, &record).err);
    receipts.epoch = record.epoch;
    receipts.logged_at = record.logged_at;
    receipts.first_path = dais_sample_path(first);
    receipts.last_path = dais_sample_path(first + count - 1);
    dais_list_t verdicts = dais_sample_verdicts(0);
    dais_writer_t writer = dais_sample_writer();
    for (size_t i = 0; i < count; i++) {
        dais_receipt_entry_t entry = {
            .index = i, .verdicts = verdicts, .salt = log->entries[first + i].salt};
        dais_sample_must(
            dais_list_add(&receipts.entries, &dais_shape_receipt_entry, &entry, &writer));
    }
    (void)dais_sample_keep(&writer);
    return dais_sample_pack(&dais_shape_receipts, &receipts);
}

static dais_slice_t ask_make(const dais_sample_log_t *log)
{
    uint8_t what[32];
    dais_writer_t writer;
    dais_ask_t ask = {.log = log->log,
                      .at = dais_sample_time("2027-04-12T14:31:00Z"),
                      .nonce = dais_sample_id_at("ask-1", "2027-04-12T14:31:00Z")};
    dais_writer_init(&writer, what, sizeof what);
    dais_writer_array(&writer, 3);
    dais_writer_str(&writer, dais_slice_text("receipts"));
    dais_writer_uint(&writer, DAIS_STREAM_SEALED);
    dais_writer_uint(&writer, 0);
    dais_sample_must(dais_writer_finish(&writer, &ask.what));
    writer = dais_sample_writer();
    dais_sample_must(dais_ask_sign(&ask, dais_sample_device("mission"), &writer));
    return dais_sample_keep(&writer);
}

static dais_answer_t answer_make(const dais_sample_log_t *log, dais_slice_t ask)
{
    dais_answer_t answer = {.log = log->log, .ask = dais_signed_hash(ask)};
    dais_slice_t receipts = receipts_make(log, SEQ_REQUEST, 1);
    dais_writer_t writer = dais_sample_writer();
    dais_writer_array(&writer, 1);
    dais_writer_bin(&writer, receipts);
    answer.body = dais_sample_keep(&writer);
    return answer;
}

static void add_answer(dais_sample_list_t *list, const dais_sample_log_t *log)
{
    static uint8_t scratch[SCRATCH_SIZE];
    dais_random_seeded_t seeded;
    dais_random_t random = dais_random_seeded(&seeded, 1);
    dais_slice_t ask = ask_make(log);
    dais_answer_t answer = answer_make(log, ask);
    add(list, DAIS_SAMPLE_SIGNED, &dais_shape_ask, "The mission asks for its receipts", ask);
    add(list, DAIS_SAMPLE_RECORD, &dais_shape_answer, "What the registry answers, before its box",
        dais_sample_pack(&dais_shape_answer, &answer));
    dais_writer_t writer = dais_sample_writer();
    dais_sample_must(dais_answer_close(dais_sample_device("registry"),
                                       &dais_sample_device("mission")->box_key, &random, ask,
                                       &answer, scratch, sizeof scratch, &writer));
    dais_sample_t box = {.name = "answer_box",
                         .text = "The same answer as it travels: nonce and box",
                         .form = DAIS_SAMPLE_BINARY,
                         .bytes = dais_sample_keep(&writer)};
    dais_sample_add(list, &box);
}

static void add_stamps(dais_sample_list_t *list, const dais_sample_log_t *log)
{
    dais_sample_t mark = {.name = "stamp_mark",
                          .text = "A mark: the third stamp of the chain, over nothing",
                          .form = DAIS_SAMPLE_SIGNED,
                          .shape = &dais_shape_stamp,
                          .bytes = log->stamps[2].bytes};
    add(list, DAIS_SAMPLE_SIGNED, &dais_shape_stamp,
        "The stamp over the bundles of entries 5 to 7 and of entry 8", log->stamps[0].bytes);
    dais_sample_add(list, &mark);
}

static void add_entries(dais_sample_list_t *list, const dais_sample_log_t *log)
{
    dais_sample_t own = {.name = "record_own",
                         .text = "The record of entry 9, the registry's own",
                         .form = DAIS_SAMPLE_RECORD,
                         .shape = &dais_shape_record,
                         .bytes = log->entries[SEQ_OWN].record};
    add(list, DAIS_SAMPLE_RECORD, &dais_shape_entry, "The leaf of entry 6",
        log->entries[SEQ_COMMENT_2].leaf);
    add(list, DAIS_SAMPLE_RECORD, &dais_shape_record, "The record of entry 6",
        log->entries[SEQ_COMMENT_2].record);
    dais_sample_add(list, &own);
    add(list, DAIS_SAMPLE_RECORD, &dais_shape_receipts, "Receipts for entries 5 to 7",
        receipts_make(log, SEQ_COMMENT, log->office.count));
}

static void add_writing(dais_sample_list_t *list)
{
    static const char file[] = "vessel;owner\nExample;unknown\n";
    dais_writing_t writing = {
        .text = dais_slice_text("Publish the register before any sale.\n\nWe attach a list.\n")};
    dais_attachment_t attachment = {.name = dais_slice_text("list.csv"),
                                    .media_type = dais_slice_text("text/csv"),
                                    .size = sizeof file - 1,
                                    .digest = dais_hash_one(dais_slice(file, sizeof file - 1)),
                                    .inside = dais_slice(file, sizeof file - 1)};
    dais_writer_t writer = dais_sample_writer();
    dais_sample_must(
        dais_list_add(&writing.attachments, &dais_shape_attachment, &attachment, &writer));
    (void)dais_sample_keep(&writer);
    add(list, DAIS_SAMPLE_RECORD, &dais_shape_writing, "A comment's public content",
        dais_sample_pack(&dais_shape_writing, &writing));
}

void dais_sample_add_records(dais_sample_list_t *list)
{
    const dais_sample_log_t *log = dais_sample_log();
    dais_record_t own;
    dais_sample_must(dais_shape_decode(&dais_shape_record, log->entries[SEQ_OWN].record, &own).err);
    add(list, DAIS_SAMPLE_RECORD, &dais_shape_message, "The message of entry 5, a comment",
        log->office.messages[0]);
    add(list, DAIS_SAMPLE_RECORD, &dais_shape_own, "The own record of entry 9, turned-away",
        own.message);
    add(list, DAIS_SAMPLE_SIGNED, &dais_shape_genesis, "The message of entry 0", log->genesis);
    add_writing(list);
    add_bundles(list, log);
    add_stamps(list, log);
    add_entries(list, log);
    add_answer(list, log);
}
