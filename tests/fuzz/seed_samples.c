/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "proto/message.h"
#include "tests/fuzz/seed.h"
#include "tests/support/generate.h"
#include "tests/support/sample.h"
#include "tests/support/sample_arena.h"

enum { KEEP_MAX = 16 * 1024 }; /* bytes of a seed that comes from a generator */

static uint8_t shape_number(const dais_shape_t *shape)
{
    uint8_t number = 0;
    while (dais_shapes[number] != shape)
        number++;
    return number;
}

/* An encoding of a shape that does not say by itself which one it is. */
static void seed_of_shape(const char *name, const dais_shape_t *shape, dais_slice_t bytes)
{
    const uint8_t head[] = {0xc1, shape_number(shape)};
    seed_after("record", name, dais_slice(head, sizeof head), bytes);
}

/* Messages that no kind has, or of the other half of the numbers, and what is no message. */
static void seed_strange_messages(void)
{
    dais_message_t message;
    dais_own_t own;
    const dais_kind_t *kind;
    dais_slice_t comment = dais_sample_of_kind(dais_kind_of(DAIS_KIND_COMMENT)).message;
    dais_sample_must(dais_message_decode(comment, &message, &kind).err);
    message.kind = 100;
    seed("message", "unknown-kind", dais_sample_pack(&dais_shape_message, &message));
    message.kind = DAIS_KIND_OPEN;
    seed("message", "subject-of-another", dais_sample_pack(&dais_shape_message, &message));
    dais_slice_t tick = dais_sample_of_kind(dais_kind_of(DAIS_KIND_TICK)).message;
    dais_sample_must(dais_own_decode(tick, &own, &kind).err);
    own.kind = DAIS_KIND_GENESIS;
    seed("message", "own-genesis", dais_sample_pack(&dais_shape_own, &own));
    own.kind = DAIS_KIND_COMMENT;
    seed("message", "own-comment", dais_sample_pack(&dais_shape_own, &own));
    own.kind = DAIS_KIND_CLOSE;
    seed("message", "own-subject-of-another", dais_sample_pack(&dais_shape_own, &own));
    seed_text("message", "name-of-a-kind", "comment");
    seed_stretched("message", "too-long", DAIS_LIMIT_MESSAGE + 1, 0, dais_slice(NULL, 0));
}

static void seed_message_samples(void)
{
    seed_strange_messages();
    for (const dais_kind_t *kind = dais_kinds; kind->name != NULL; kind++) {
        if (kind->number == DAIS_KIND_GENESIS)
            continue;
        dais_item_t item = dais_sample_of_kind(kind);
        seed("message", kind->name, item.message);
    }
}

static void seed_log_samples(void)
{
    for (uint64_t seq = 0; seq < DAIS_SAMPLE_LOG_SIZE; seq++) {
        char name[32];
        (void)snprintf(name, sizeof name, "entry-%u", (unsigned)seq % 10);
        seed("opening", name, dais_sample_opening(seq, false));
    }
    seed("export", "whole", dais_sample_export(false));
    seed("export", "public", dais_sample_export(true));
    const dais_sample_log_t *log = dais_sample_log();
    const dais_sample_bundle_t *bundles[] = {&log->roster, &log->office, &log->mission,
                                             &log->forked};
    for (size_t i = 0; i < sizeof bundles / sizeof bundles[0]; i++) {
        dais_parcel_t parcel = {.envelope = bundles[i]->envelope, .items = bundles[i]->list};
        seed("parcel", bundles[i]->name, dais_sample_pack(&dais_shape_parcel, &parcel));
    }
}

static void seed_box_samples(void)
{
    const dais_sample_t *sample = dais_sample_find("sealed_parcel");
    dais_sealed_parcel_t parcel;
    dais_sample_must(dais_shape_decode(&dais_shape_sealed_parcel, sample->bytes, &parcel).err);
    seed_after("sealed", "sealed", dais_slice("\0", 1), parcel.box);
    seed_after("sealed", "answer", dais_slice("\1", 1), dais_sample_find("answer_box")->bytes);
    seed_after("sealed", "ask", dais_slice("\2", 1), dais_sample_find("ask")->bytes);
}

static void seed_format_samples(void)
{
    static const struct {
        const char *target, *name;
    } formats[] = {{"identity", "identity"}, {"identity", "secret"},          {"vkey", "vkey"},
                   {"note", "checkpoint"},   {"note", "checkpoint_cosigned"}, {"proof", "proof"},
                   {"receipts", "receipts"}, {"guard", "guard_slot"}};
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
        seed(formats[i].target, formats[i].name, dais_sample_find(formats[i].name)->bytes);
    seed_after("tile", "entry_bundle", dais_slice("\x09", 1),
               dais_sample_find("entry_bundle")->bytes);
    seed_after("tree", "frontier", dais_slice("\3", 1), dais_sample_find("frontier")->bytes);
}

void seed_samples(void)
{
    for (const dais_sample_t *sample = dais_samples(); sample->name != NULL; sample++) {
        if (sample->form == DAIS_SAMPLE_RECORD || sample->form == DAIS_SAMPLE_SIGNED)
            seed("view", sample->name, sample->bytes);
        if (sample->form == DAIS_SAMPLE_RECORD)
            seed("record", sample->name, sample->bytes);
        if (sample->form == DAIS_SAMPLE_SIGNED)
            seed("record", sample->name,
                 dais_slice(sample->bytes.data, sample->bytes.size - DAIS_SIGNATURE_SIZE));
        if (sample->form == DAIS_SAMPLE_SUBJECT)
            seed_of_shape(sample->name, sample->shape, sample->bytes);
    }
    seed_message_samples();
    seed_log_samples();
    seed_box_samples();
    seed_format_samples();
}

/* A record with a byte behind it, and one whose value of any type is longer than it may be. */
static void seed_strange_records(void)
{
    seed("record", "unknown-domain", dais_slice("\x91\xa1z", 3));
    seed("view", "unknown-domain", dais_slice("\x91\xa1z", 3));
    seed_after("record", "entry-trailing", dais_sample_find("entry")->bytes, dais_slice("z", 1));
    dais_slice_t ask = dais_sample_find("ask")->bytes;
    static const char last[] = "\x93\xa8receipts\x01\x00";
    const uint8_t *what = memmem(ask.data, ask.size, last, 10);
    if (what == NULL)
        dais_sample_fail("nothing to replace in", "ask");
    dais_writer_t writer = fuzz_writer(0);
    size_t head = (size_t)(what - ask.data);
    dais_writer_raw(&writer, dais_slice(ask.data, head));
    dais_writer_raw(&writer, dais_slice("\xc5\x20\x00", 3));
    seed_stretched("record", "ask-too-long", head + 3 + DAIS_LIMIT_ASK, 'z',
                   dais_slice(writer.buffer, writer.size));
}

void seed_shapes(void)
{
    seed_strange_records();
    static uint8_t bytes[8 << 20];
    for (size_t i = 0; dais_shapes[i] != NULL; i++) {
        for (uint64_t number = 0; number < 2; number++) {
            char name[96];
            (void)snprintf(name, sizeof name, "%s-%s", dais_shapes[i]->name,
                           number == 0 ? "least" : "random");
            generate_t g = generate_begin(number == 0 ? GENERATE_MIN : GENERATE_RANDOM, number,
                                          bytes, sizeof bytes);
            dais_slice_t made = generate_shape(&g, dais_shapes[i]);
            if (made.size <= KEEP_MAX)
                seed_of_shape(name, dais_shapes[i], made);
        }
    }
}
