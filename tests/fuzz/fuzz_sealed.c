/* SPDX-License-Identifier: Apache-2.0
 *
 * Sealed bundles, asks and answers of the sample log: what opens encodes to the same bytes, and no
 * flipped bit of a box or of a signed ask is accepted.
 *
 * Input: one byte that says which (0 a box for the registry, 1 an answer for the mission, 2 an ask,
 * 3 a sealed parcel), then its bytes. The mutator opens a box, changes what it holds and closes it
 * again; what is signed it signs again. */
#include <sodium.h>

#include "proto/box.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/repair.h"
#include "tests/support/sample.h"

enum { BOX_SEALED, BOX_ANSWER, BOX_ASK, BOX_PARCEL, BOX_KINDS };

static dais_slice_t ask; /* of the mission, which answers answer */
static uint8_t scratch[FUZZ_INPUT_MAX];

/* libsodium's randomness, from a seed: ephemeral keys are the same in every run. */
static dais_random_seeded_t seeded;
static dais_random_t seeded_random;

static const char *random_name(void)
{
    return "seeded";
}

static void random_fill(void *const bytes, const size_t size)
{
    dais_err_t err = dais_random_fill(&seeded_random, bytes, size);
    assert(err == DAIS_OK);
}

static uint32_t random_u32(void)
{
    uint32_t number;
    random_fill(&number, sizeof number);
    return number;
}

void fuzz_setup(void)
{
    static randombytes_implementation random = {
        .implementation_name = random_name, .random = random_u32, .buf = random_fill};
    seeded_random = dais_random_seeded(&seeded, 1);
    int bad = randombytes_set_implementation(&random);
    assert(bad == 0);
    (void)dais_sample_log();
    const dais_sample_t *sample = dais_sample_find("ask");
    assert(sample != NULL && sample->form == DAIS_SAMPLE_SIGNED);
    ask = sample->bytes;
}

/* The bytes in a box, or none; which device asks does not matter to the box itself. */
static dais_slice_t box_open(unsigned kind, dais_slice_t box, const dais_device_t *asker)
{
    const dais_device_t *registry = dais_sample_device("registry");
    if (kind == BOX_SEALED) {
        if (box.size < crypto_box_SEALBYTES ||
            crypto_box_seal_open(scratch, box.data, box.size, registry->box_key.bytes,
                                 registry->box_secret) != 0)
            return dais_slice(NULL, 0);
        return dais_slice(scratch, box.size - crypto_box_SEALBYTES);
    }
    if (box.size < DAIS_ANSWER_OVERHEAD ||
        crypto_box_open_easy(scratch, box.data + crypto_box_NONCEBYTES,
                             box.size - crypto_box_NONCEBYTES, box.data, registry->box_key.bytes,
                             asker->box_secret) != 0)
        return dais_slice(NULL, 0);
    return dais_slice(scratch, box.size - DAIS_ANSWER_OVERHEAD);
}

/* Closes plain bytes at `out`; returns the size of the box. */
static size_t box_close(unsigned kind, dais_slice_t plain, const dais_device_t *asker, uint8_t *out)
{
    const dais_device_t *registry = dais_sample_device("registry");
    if (kind == BOX_SEALED) {
        int bad = crypto_box_seal(out, plain.data, plain.size, registry->box_key.bytes);
        assert(bad == 0);
        return plain.size + DAIS_SEAL_OVERHEAD;
    }
    random_fill(out, crypto_box_NONCEBYTES);
    int bad = crypto_box_easy(out + crypto_box_NONCEBYTES, plain.data, plain.size, out,
                              asker->box_key.bytes, registry->box_secret);
    assert(bad == 0);
    return plain.size + DAIS_ANSWER_OVERHEAD;
}

/* The parcel with its envelope signed again. */
static dais_slice_t parcel_repair(dais_slice_t bytes)
{
    dais_sealed_parcel_t parcel;
    dais_bundle_t head;
    if (dais_shape_decode(&dais_shape_sealed_parcel, bytes, &parcel).err != DAIS_OK)
        return dais_slice(NULL, 0);
    dais_slice_t envelope = repair_signed(&dais_shape_bundle, parcel.envelope, &head.key, &head, 1);
    if (envelope.size > 0)
        parcel.envelope = envelope;
    dais_writer_t writer = fuzz_writer(0);
    dais_err_t err = dais_shape_encode(&dais_shape_sealed_parcel, &parcel, &writer);
    return dais_slice(writer.buffer, err == DAIS_OK ? writer.size : 0);
}

static size_t signed_mutate(uint8_t *data, size_t size, size_t size_max, unsigned kind)
{
    dais_ask_t out;
    size = LLVMFuzzerMutate(data, size, size_max);
    if (size == 0)
        return 0;
    dais_slice_t bytes = dais_slice(data + 1, size - 1);
    dais_slice_t good = kind == BOX_PARCEL
                            ? parcel_repair(bytes)
                            : repair_signed(&dais_shape_ask, bytes, &out.key, &out, 0);
    return 1 + fuzz_replace(data + 1, bytes.size, size_max - 1, good);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t size_max, unsigned seed)
{
    const dais_device_t *asker = dais_sample_device("mission");
    unsigned kind = size == 0 ? BOX_KINDS : data[0] % BOX_KINDS;
    if (seed % 8 == 7 || kind == BOX_KINDS)
        return LLVMFuzzerMutate(data, size, size_max);
    if (kind == BOX_ASK || kind == BOX_PARCEL)
        return signed_mutate(data, size, size_max, kind);
    dais_slice_t plain = box_open(kind, dais_slice(data + 1, size - 1), asker);
    size_t room = size_max - 1 - DAIS_SEAL_OVERHEAD;
    if (plain.size == 0 || size_max < 1 + DAIS_SEAL_OVERHEAD || plain.size > room)
        return LLVMFuzzerMutate(data, size, size_max);
    plain.size = LLVMFuzzerMutate(scratch, plain.size, room);
    return 1 + box_close(kind, plain, asker, data + 1);
}

static void check_written(const dais_shape_t *shape, const void *in, dais_slice_t plain)
{
    dais_writer_t writer = fuzz_writer(0);
    dais_err_t err = dais_shape_encode(shape, in, &writer);
    assert(err == DAIS_OK);
    assert(dais_slice_equal(dais_slice(writer.buffer, writer.size), plain));
}

static dais_err_t no_entropy(void *context, void *bytes, size_t size)
{
    (void)context;
    memset(bytes, 0, size);
    return DAIS_ERR_ENTROPY;
}

/* What was opened is closed again and opens to the same; without room, entropy or a key that can be
 * used, nothing is written. */
static void check_sealed_again(const dais_sealed_t *sealed, size_t plain_size)
{
    static const dais_key_t low_order;
    static uint8_t plain[FUZZ_INPUT_MAX];
    const dais_device_t *registry = dais_sample_device("registry");
    dais_slice_t envelope = dais_sample_log()->mission.envelope;
    dais_writer_t writer = fuzz_writer(1);
    dais_err_t err = dais_sealed_close(&registry->box_key, &sealed->log, envelope, &sealed->items,
                                       plain, sizeof plain, &writer);
    assert(err == DAIS_OK && writer.size == plain_size + DAIS_SEAL_OVERHEAD);
    dais_sealed_t back;
    dais_slice_t box = dais_slice(writer.buffer, writer.size);
    dais_fault_t fault =
        dais_sealed_open(registry, &sealed->log, envelope, box, plain, sizeof plain, &back);
    assert(fault.err == DAIS_OK && dais_slice_equal(back.items.items, sealed->items.items));
    writer = fuzz_writer(1);
    writer.capacity = plain_size;
    err = dais_sealed_close(&registry->box_key, &sealed->log, envelope, &sealed->items, plain,
                            sizeof plain, &writer);
    assert(err == DAIS_ERR_NO_SPACE && writer.size == 0);
    err = dais_sealed_close(&registry->box_key, &sealed->log, envelope, &sealed->items, plain, 8,
                            &writer);
    assert(err == DAIS_ERR_NO_SPACE && writer.size == 0);
    writer = fuzz_writer(1);
    err = dais_sealed_close(&low_order, &sealed->log, envelope, &sealed->items, plain, sizeof plain,
                            &writer);
    assert(err == DAIS_ERR_BAD_KEY && writer.size == 0);
}

static void check_answer_again(const dais_answer_t *answer, size_t plain_size)
{
    static const dais_key_t low_order;
    static uint8_t plain[FUZZ_INPUT_MAX];
    const dais_random_t none = {.fill = no_entropy};
    const dais_device_t *registry = dais_sample_device("registry");
    const dais_key_t *to = &dais_sample_device("mission")->box_key;
    dais_writer_t writer = fuzz_writer(1);
    dais_err_t err =
        dais_answer_close(registry, to, &seeded_random, ask, answer, plain, sizeof plain, &writer);
    assert(err == DAIS_OK && writer.size == plain_size + DAIS_ANSWER_OVERHEAD);
    writer = fuzz_writer(1);
    err = dais_answer_close(registry, to, &none, ask, answer, plain, sizeof plain, &writer);
    assert(err == DAIS_ERR_ENTROPY && writer.size == 0);
    err = dais_answer_close(registry, &low_order, &seeded_random, ask, answer, plain, sizeof plain,
                            &writer);
    assert(err == DAIS_ERR_BAD_KEY && writer.size == 0);
    err = dais_answer_close(registry, to, &seeded_random, ask, answer, plain, 8, &writer);
    assert(err == DAIS_ERR_NO_SPACE && writer.size == 0);
    writer.capacity = plain_size;
    err =
        dais_answer_close(registry, to, &seeded_random, ask, answer, plain, sizeof plain, &writer);
    assert(err == DAIS_ERR_NO_SPACE && writer.size == 0);
    err =
        dais_answer_close(registry, to, &seeded_random, ask, answer, plain, sizeof plain, &writer);
    assert(err == DAIS_ERR_NO_SPACE);
}

static void check_sealed(dais_slice_t box)
{
    const dais_sample_log_t *log = dais_sample_log();
    const dais_device_t *registry = dais_sample_device("registry");
    dais_sealed_t sealed;
    dais_fault_t fault = dais_sealed_open(registry, &log->log, log->mission.envelope, box, scratch,
                                          sizeof scratch, &sealed);
    fuzz_check_fault(fault, box);
    if (fault.err != DAIS_OK) {
        assert(fuzz_all_zero(&sealed, sizeof sealed));
        return;
    }
    check_written(&dais_shape_sealed, &sealed, dais_slice(scratch, box.size - DAIS_SEAL_OVERHEAD));
    check_sealed_again(&sealed, box.size - DAIS_SEAL_OVERHEAD);
    size_t index;
    fault = dais_bundle_check_items(&log->mission.head, &sealed.items, &index);
    fuzz_check_fault(fault, sealed.items.items);
    dais_slice_t flipped = fuzz_flipped(box, 0, box.size);
    fault = dais_sealed_open(registry, &log->log, log->mission.envelope, flipped, scratch,
                             sizeof scratch, &sealed);
    assert(fault.err == DAIS_ERR_BAD_BOX);
    fault = dais_sealed_open(registry, &log->log, log->office.envelope, box, scratch,
                             sizeof scratch, &sealed);
    assert(fault.err == DAIS_ERR_WRONG_ENTRY);
    fault = dais_sealed_open(registry, &log->log, log->mission.envelope, box, scratch,
                             box.size - DAIS_SEAL_OVERHEAD - 1, &sealed);
    assert(fault.err == DAIS_ERR_NO_SPACE);
}

static dais_fault_t answer_open(dais_slice_t box, dais_slice_t to, size_t room, dais_answer_t *out)
{
    return dais_answer_open(dais_sample_device("mission"), &dais_sample_device("registry")->box_key,
                            &dais_sample_log()->log, to, box, scratch, room, out);
}

static void check_answer(dais_slice_t box)
{
    dais_answer_t answer;
    dais_fault_t fault = answer_open(box, ask, sizeof scratch, &answer);
    fuzz_check_fault(fault, box);
    if (fault.err != DAIS_OK) {
        assert(fuzz_all_zero(&answer, sizeof answer));
        return;
    }
    check_written(&dais_shape_answer, &answer,
                  dais_slice(scratch, box.size - DAIS_ANSWER_OVERHEAD));
    check_answer_again(&answer, box.size - DAIS_ANSWER_OVERHEAD);
    dais_slice_t flipped = fuzz_flipped(box, 0, box.size);
    assert(answer_open(flipped, ask, sizeof scratch, &answer).err == DAIS_ERR_BAD_BOX);
    dais_slice_t other = dais_slice(ask.data, ask.size - 1);
    assert(answer_open(box, other, sizeof scratch, &answer).err == DAIS_ERR_WRONG_ENTRY);
    size_t room = box.size - DAIS_ANSWER_OVERHEAD - 1;
    assert(answer_open(box, ask, room, &answer).err == DAIS_ERR_NO_SPACE);
}

/* Signed anew it opens; without room for the record or for its signature nothing is written. */
static void check_ask_again(dais_ask_t in)
{
    dais_ask_t back;
    const dais_device_t *mission = dais_sample_device("mission");
    dais_writer_t writer = fuzz_writer(0);
    dais_err_t err = dais_ask_sign(&in, mission, &writer);
    assert(err == DAIS_OK);
    dais_slice_t bytes = dais_slice(writer.buffer, writer.size);
    assert(dais_ask_open(bytes, &in.log, &back).err == DAIS_OK);
    for (size_t cut = 1; cut <= DAIS_SIGNATURE_SIZE + 1; cut += DAIS_SIGNATURE_SIZE) {
        dais_writer_init(&writer, writer.buffer, bytes.size - cut);
        assert(dais_ask_sign(&in, mission, &writer) == DAIS_ERR_NO_SPACE && writer.size == 0);
    }
}

static void check_ask(dais_slice_t bytes)
{
    dais_ask_t out;
    const dais_hash_t *log = &dais_sample_log()->log;
    dais_fault_t fault = dais_ask_open(bytes, log, &out);
    fuzz_check_fault(fault, bytes);
    if (fault.err != DAIS_OK) {
        assert(fuzz_all_zero(&out, sizeof out));
        return;
    }
    check_ask_again(out);
    check_written(&dais_shape_ask, &out, dais_slice(bytes.data, bytes.size - DAIS_SIGNATURE_SIZE));
    dais_slice_t flipped = fuzz_flipped(bytes, 0, bytes.size);
    assert(dais_ask_open(flipped, log, &out).err != DAIS_OK);
}

/* What intake sees of a sealed bundle: all but the box is signed. */
static void check_parcel(dais_slice_t bytes)
{
    dais_sealed_parcel_t parcel;
    dais_bundle_t head;
    const dais_hash_t *log = &dais_sample_log()->log;
    dais_fault_t fault = dais_sealed_parcel_open(bytes, log, &parcel, &head);
    fuzz_check_fault(fault, bytes);
    if (fault.err != DAIS_OK) {
        assert(fuzz_all_zero(&parcel, sizeof parcel) && fuzz_all_zero(&head, sizeof head));
        return;
    }
    check_written(&dais_shape_sealed_parcel, &parcel, bytes);
    size_t box_at = (size_t)(parcel.box.data - bytes.data);
    dais_slice_t box = parcel.box;
    dais_slice_t flipped = fuzz_flipped(bytes, 0, box_at);
    fault = dais_sealed_parcel_open(flipped, log, &parcel, &head);
    assert(fault.err != DAIS_OK); /* a box has one length, and the rest is signed */
    check_sealed(box);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const checks[BOX_KINDS])(dais_slice_t) = {check_sealed, check_answer, check_ask,
                                                            check_parcel};
    dais_slice_t bytes = fuzz_input(data, size);
    if (bytes.size > 0)
        checks[bytes.data[0] % BOX_KINDS](dais_slice(bytes.data + 1, bytes.size - 1));
    return 0;
}
