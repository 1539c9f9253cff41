/* SPDX-License-Identifier: Apache-2.0
 *
 * What the log signs and what leads to it: receipts, notes, proofs in the tree; and boxes. */
#include <sodium.h>

#include "proto/box.h"
#include "tests/fuzz/repair.h"
#include "tests/fuzz/seed.h"
#include "tests/support/sample.h"
#include "tests/support/sample_arena.h"

static dais_receipts_t receipts_of_sample(void)
{
    dais_receipts_t receipts;
    dais_sample_must(
        dais_shape_decode(&dais_shape_receipts, dais_sample_find("receipts")->bytes, &receipts)
            .err);
    return receipts;
}

/* Receipts for these messages of the bundle, as they stand or led to a checkpoint again. */
static void seed_run(const char *name, uint64_t first, const uint64_t *indices, size_t count,
                     bool repaired)
{
    dais_receipts_t receipts = receipts_of_sample();
    dais_receipt_entry_t entry;
    dais_list_walk_t walk = dais_list_begin(&receipts.entries, &dais_shape_receipt_entry);
    if (!dais_list_next(&walk, &entry))
        dais_sample_fail("no entry", name);
    dais_list_t list = {0};
    dais_writer_t items = fuzz_writer(1);
    for (size_t i = 0; i < count; i++) {
        entry.index = indices[i];
        dais_sample_must(dais_list_add(&list, &dais_shape_receipt_entry, &entry, &items));
    }
    receipts.entries = list;
    receipts.first = first;
    dais_claim_t claim = repair_claim();
    dais_slice_t bytes = dais_sample_pack(&dais_shape_receipts, &receipts);
    seed("receipts", name, repaired ? repair_receipts(bytes, &claim) : bytes);
}

void seed_receipts(void)
{
    static const uint64_t all[] = {0, 1, 2}, gap[] = {0, 2}, falling[] = {1, 0}, twice[] = {1, 1},
                          beyond[] = {3};
    seed_run("run-of-3-at-7", 7, all, 3, true);
    seed_run("run-of-2-at-1", 1, gap, 2, true);
    seed_run("run-of-1-at-0", 0, all, 1, true);
    seed_run("falling", 5, falling, 2, false);
    seed_run("twice", 5, twice, 2, false);
    seed_run("beyond-bundle", 5, beyond, 1, false);
    seed_run("first-too-high", DAIS_SEQ_MAX, all, 3, false);
    seed_run("first-elsewhere", 6, all, 3, false);
    dais_receipts_t receipts = receipts_of_sample();
    receipts.checkpoint = dais_slice_text("no checkpoint\n");
    seed("receipts", "no-checkpoint", dais_sample_pack(&dais_shape_receipts, &receipts));
    receipts = receipts_of_sample();
    receipts.last_path.size = 0;
    seed("receipts", "no-last-path", dais_sample_pack(&dais_shape_receipts, &receipts));
    receipts = receipts_of_sample();
    receipts.logged_at++;
    seed("receipts", "other-time", dais_sample_pack(&dais_shape_receipts, &receipts));
}

/* A box for the registry over any bytes, with an ephemeral key of its own. */
static void seed_sealed(const char *name, dais_slice_t plain)
{
    dais_writer_t writer = fuzz_writer(0);
    dais_writer_raw(&writer, dais_slice("\0", 1));
    const dais_key_t *to = &dais_sample_device("registry")->box_key;
    if (crypto_box_seal(writer.buffer + 1, plain.data, plain.size, to->bytes) != 0)
        dais_sample_fail("a box was refused", name);
    seed("sealed", name, dais_slice(writer.buffer, 1 + plain.size + DAIS_SEAL_OVERHEAD));
}

static void seed_boxed_answer(const char *name, dais_slice_t plain)
{
    const dais_device_t *registry = dais_sample_device("registry");
    const dais_key_t *to = &dais_sample_device("mission")->box_key;
    uint8_t *box = dais_sample_room(1 + plain.size + DAIS_ANSWER_OVERHEAD);
    box[0] = 1;
    memset(box + 1, 7, crypto_box_NONCEBYTES);
    if (crypto_box_easy(box + 1 + crypto_box_NONCEBYTES, plain.data, plain.size, box + 1, to->bytes,
                        registry->box_secret) != 0)
        dais_sample_fail("a box was refused", name);
    seed("sealed", name, dais_slice(box, 1 + plain.size + DAIS_ANSWER_OVERHEAD));
}

static void seed_answer(const char *name, const dais_answer_t *answer)
{
    seed_boxed_answer(name, dais_sample_pack(&dais_shape_answer, answer));
}

static void seed_asks(void)
{
    dais_ask_t ask;
    dais_slice_t rest;
    dais_slice_t good = dais_sample_find("ask")->bytes;
    dais_sample_must(dais_shape_decode_first(&dais_shape_ask, good, &ask, &rest).err);
    ask.log = dais_sample_hash("another log");
    dais_writer_t writer = dais_sample_writer();
    dais_sample_must(dais_ask_sign(&ask, dais_sample_device("mission"), &writer));
    seed_after("sealed", "ask-of-another-log", dais_slice("\2", 1), dais_sample_keep(&writer));
    seed_after("sealed", "ask-cut", dais_slice("\2", 1), dais_slice(good.data, good.size - 1));
}

/* A sealed parcel as intake sees it; of the open kinds of an office it is none. */
static void seed_sealed_parcels(void)
{
    dais_slice_t good = dais_sample_find("sealed_parcel")->bytes;
    dais_sealed_parcel_t parcel;
    dais_sample_must(dais_shape_decode(&dais_shape_sealed_parcel, good, &parcel).err);
    seed_after("sealed", "parcel", dais_slice("\3", 1), good);
    parcel.envelope = dais_sample_log()->office.envelope;
    seed_after("sealed", "parcel-of-open-kinds", dais_slice("\3", 1),
               dais_sample_pack(&dais_shape_sealed_parcel, &parcel));
    parcel.envelope.size--;
    seed_after("sealed", "parcel-signature-cut", dais_slice("\3", 1),
               dais_sample_pack(&dais_shape_sealed_parcel, &parcel));
    seed("sealed", "parcel-none", dais_slice("\3\x90", 2));
    seed_stretched("sealed", "parcel-too-long", DAIS_LIMIT_BUNDLE_BYTES + 2, 0,
                   dais_slice("\3", 1));
}

void seed_boxes(void)
{
    const dais_sample_log_t *log = dais_sample_log();
    dais_sealed_t sealed = {
        .log = log->log, .bundle = log->mission.hash, .items = log->mission.list};
    sealed.log = dais_sample_hash("another log");
    seed_sealed("sealed-for-another-log", dais_sample_pack(&dais_shape_sealed, &sealed));
    sealed.log = log->log;
    sealed.bundle = log->office.hash;
    seed_sealed("sealed-for-another-bundle", dais_sample_pack(&dais_shape_sealed, &sealed));
    sealed.bundle = log->mission.hash;
    sealed.items = log->office.list;
    seed_sealed("sealed-other-items", dais_sample_pack(&dais_shape_sealed, &sealed));
    seed_sealed("sealed-nothing", dais_slice(NULL, 0));
    dais_answer_t answer;
    dais_sample_must(
        dais_shape_decode(&dais_shape_answer, dais_sample_find("answer")->bytes, &answer).err);
    dais_answer_t changed = answer;
    changed.log = dais_sample_hash("another log");
    seed_answer("answer-of-another-log", &changed);
    changed = answer;
    changed.ask = dais_sample_hash("another ask");
    seed_answer("answer-to-another-ask", &changed);
    seed_boxed_answer("answer-is-none", dais_slice("\x90", 1));
    seed_sealed_parcels();
    seed("sealed", "sealed-short", dais_slice("\0short", 6));
    seed("sealed", "answer-short", dais_slice("\1short", 6));
    seed_asks();
}

/* A text signed by the log. */
static void seed_note(const char *name, const char *text)
{
    dais_vkey_t key = dais_sample_vkey("log");
    dais_writer_t writer = fuzz_writer(0);
    dais_sample_must(
        dais_note_sign(dais_slice_text(text), &key, dais_sample_device("log")->secret, &writer));
    seed("note", name, dais_slice(writer.buffer, writer.size));
}

#define ROOT "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
#define OURS DAIS_SAMPLE_ORIGIN "\n"
#define DASH "\xe2\x80\x94 "

static void seed_checkpoints(void)
{
    static const char *const texts[][2] = {
        {"no-checkpoint", "any text\n"},
        {"other-origin", "registry.example/other\n5\n" ROOT "\n"},
        {"origin-with-space", "registry example\n5\n" ROOT "\n"},
        {"size-spoilt", OURS "05\n" ROOT "\n"},
        {"size-too-high", OURS "9223372036854775808\n" ROOT "\n"},
        {"size-largest", OURS "9223372036854775807\n" ROOT "\n"},
        {"root-short", OURS "5\nAAAA\n"},
        {"root-spoilt", OURS "5\n*\n"},
        {"root-missing", OURS "5\n"},
        {"size-missing", OURS},
        {"extension", OURS "5\n" ROOT "\nmore\n"},
        {"empty-lines", "\n\n\n"}};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        seed_note(texts[i][0], texts[i][1]);
        char name[64] = "bare-";
        strncat(name, texts[i][0], sizeof name - 6);
        seed_text("note", name, texts[i][1]);
    }
}

static void seed_note_lines(void)
{
    static const char *const notes[][2] = {{"no-lines", "text\n\n"},
                                           {"no-empty-line", "text\n"},
                                           {"no-newline", "text\n\n" DASH "a AAAAAAA="},
                                           {"one-newline", "\n"},
                                           {"empty", ""},
                                           {"control", "te\txt\n\n" DASH "a AAAAAAA=\n"},
                                           {"delete", "te\x7ft\n\n" DASH "a AAAAAAA=\n"},
                                           {"not-utf8", "te\x80t\n\n" DASH "a AAAAAAA=\n"},
                                           {"stranger", "text\n\n" DASH "a AAAAAAA=\n"},
                                           {"no-dash", "text\n\na AAAAAAA=\n"},
                                           {"no-space", "text\n\n" DASH "aAAAAAAA=\n"},
                                           {"dash-alone", "text\n\n" DASH "\n"},
                                           {"no-name", "text\n\n" DASH " AAAAAAA=\n"},
                                           {"name-with-plus", "text\n\n" DASH "a+b AAAAAAA=\n"},
                                           {"value-spoilt", "text\n\n" DASH "a *AAAAAA=\n"},
                                           {"value-short", "text\n\n" DASH "a AAAAAA==\n"},
                                           {"value-none", "text\n\n" DASH "a \n"}};
    for (size_t i = 0; i < sizeof notes / sizeof notes[0]; i++)
        seed_text("note", notes[i][0], notes[i][1]);
}

/* Signature lines of the log's own key that do not verify, and as many lines as there may be. */
static void seed_note_signatures(void)
{
    dais_slice_t good = dais_sample_log()->checkpoint;
    const uint8_t *dash = memmem(good.data, good.size, DASH, strlen(DASH));
    dais_slice_t line = dais_slice(dash, good.size - (size_t)(dash - good.data));
    dais_writer_t writer = fuzz_writer(0);
    dais_writer_raw(&writer, good);
    dais_writer_raw(&writer, line);
    seed("note", "signed-twice", dais_slice(writer.buffer, writer.size));
    for (size_t count = 2; count < DAIS_LIMIT_NOTE_SIGNATURES; count++)
        dais_writer_raw(&writer, line);
    seed("note", "lines-16", dais_slice(writer.buffer, writer.size));
    dais_writer_raw(&writer, line);
    seed("note", "lines-17", dais_slice(writer.buffer, writer.size));
    writer = fuzz_writer(0);
    dais_writer_raw(&writer, good);
    writer.buffer[0] ^= 1;
    seed("note", "text-changed", dais_slice(writer.buffer, writer.size));
    /* A line of another name with the id of the log's key, and one that is too long. */
    writer = fuzz_writer(0);
    dais_writer_raw(&writer, dais_slice(good.data, (size_t)(dash - good.data) + strlen(DASH)));
    dais_writer_raw(&writer, dais_slice_text("another"));
    const uint8_t *space = memchr(dash + strlen(DASH), ' ', line.size - strlen(DASH));
    dais_writer_raw(&writer, dais_slice(space, good.size - (size_t)(space - good.data)));
    seed("note", "name-of-another", dais_slice(writer.buffer, writer.size));
    writer = fuzz_writer(0);
    dais_writer_raw(&writer, dais_slice(good.data, good.size - 5));
    dais_writer_raw(&writer, dais_slice_text("AAAAAAAAAAAA\n"));
    seed("note", "signature-long", dais_slice(writer.buffer, writer.size));
    /* The id stands in the first eight characters; twelve hold it and less than a signature. */
    writer = fuzz_writer(0);
    dais_writer_raw(&writer, dais_slice(good.data, (size_t)(space - good.data) + 1 + 12));
    dais_writer_raw(&writer, dais_slice("\n", 1));
    seed("note", "signature-short", dais_slice(writer.buffer, writer.size));
    seed_stretched("note", "too-long", DAIS_LIMIT_NOTE + 1, 'n', dais_slice(NULL, 0));
    static const char full[] = "\xc1\xc1\xc1\n\n" DASH "a AAAAAAA=\n";
    seed_stretched("note", "full", DAIS_LIMIT_NOTE, 'n', dais_slice_text(full));
    static const char origin[] = "\xc1\xc1\xc1\n5\n" ROOT "\n";
    seed_stretched("note", "origin-too-long", 400, 'o', dais_slice_text(origin));
}

void seed_notes(void)
{
    seed_checkpoints();
    seed_note_lines();
    seed_note_signatures();
}

static void seed_tree(const char *name, uint8_t which, uint64_t first, uint64_t second,
                      dais_slice_t edits)
{
    uint64_t numbers[] = {first, second};
    uint8_t head[17] = {which};
    memcpy(head + 1, numbers, sizeof numbers);
    seed_after("tree", name, dais_slice(head, sizeof head), edits);
}

void seed_trees(void)
{
    enum { LONGER = 64 * 32 }; /* bytes: more than any path */
    static const uint8_t edits[LONGER + 1] = {1};
    const dais_slice_t none = dais_slice(NULL, 0);
    const dais_slice_t one = dais_slice(edits, 1);
    const dais_slice_t longer = dais_slice(edits + 1, LONGER);
    enum { INCLUSION, CONSISTENCY, RANGE, FRONTIER };
    seed_tree("inclusion", INCLUSION, 5, 11, none);
    seed_tree("inclusion-last", INCLUSION, 299, 300, none);
    seed_tree("inclusion-alone", INCLUSION, 0, 1, none);
    seed_tree("inclusion-changed", INCLUSION, 5, 11, one);
    seed_tree("inclusion-longer", INCLUSION, 5, 11, longer);
    seed_tree("inclusion-outside", INCLUSION, 11, 11, none);
    seed_tree("inclusion-too-large", INCLUSION, 1, UINT64_MAX, none);
    seed_tree("inclusion-large", INCLUSION, 1, DAIS_SEQ_MAX, none);
    seed_tree("consistency", CONSISTENCY, 6, 11, none);
    seed_tree("consistency-odd", CONSISTENCY, 7, 300, none);
    seed_tree("consistency-complete", CONSISTENCY, 8, 300, none);
    seed_tree("consistency-right-edge", CONSISTENCY, 299, 300, none);
    seed_tree("consistency-unknown", CONSISTENCY, 1001, 2000, none);
    seed_tree("inclusion-level-65", INCLUSION, 65, 300, none);
    seed_tree("consistency-same", CONSISTENCY, 7, 7, none);
    seed_tree("consistency-same-longer", CONSISTENCY, 7, 7, one);
    seed_tree("consistency-changed", CONSISTENCY, 6, 11, one);
    seed_tree("consistency-longer", CONSISTENCY, 6, 11, longer);
    seed_tree("consistency-from-nothing", CONSISTENCY, 0, 7, none);
    seed_tree("consistency-backwards", CONSISTENCY, 9, 7, none);
    seed_tree("consistency-too-large", CONSISTENCY, 1, UINT64_MAX, none);
    seed_tree("range", RANGE, 5, 100, none);
    seed_tree("range-whole", RANGE, 44, 256, none);
    seed_tree("range-one", RANGE, 299, 1, none);
    seed_tree("range-even", RANGE, 6, 50, none);
    seed_tree("range-changed", RANGE, 5, 100, one);
    seed_tree("range-longer", RANGE, 5, 100, longer);
    seed_tree("range-empty", RANGE, 5, 0, none);
    seed_tree("range-too-many", RANGE, 5, 257, none);
    seed_tree("range-outside", RANGE, 300, 1, none);
    seed_tree("range-beyond", RANGE, 299, 2, none);
    seed("tree", "frontier-empty", dais_slice("\3\0\0\0\0\0\0\0\0", 9));
    seed("tree", "frontier-short", dais_slice("\3\0\0\0", 4));
    seed("tree", "frontier-cut", dais_slice("\3\0\0\0\0\0\0\0\5", 9));
    seed("tree", "frontier-trailing", dais_slice("\3\0\0\0\0\0\0\0\0\0", 10));
    seed("tree", "frontier-too-large", dais_slice("\3\x80\0\0\0\0\0\0\0", 9));
}
