/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/box.h"
#include "tests/fuzz/seed.h"
#include "tests/support/sample.h"
#include "tests/support/sample_log.h"

static void seed_one(const char *name, const dais_hash_t *log, dais_slice_t parcel)
{
    dais_submit_t submit = {.call = {{1, 2, 3}}, .log = *log, .parcel = parcel};
    dais_writer_t writer = fuzz_writer(0);
    dais_err_t err = dais_shape_encode(&dais_shape_submit, &submit, &writer);
    assert(err == DAIS_OK);
    seed("submit", name, dais_slice(writer.buffer, writer.size));
}

/* The open parcel with another envelope. */
static void seed_envelope(const char *name, dais_slice_t envelope)
{
    dais_parcel_t parcel;
    dais_fault_t fault =
        dais_shape_decode(&dais_shape_parcel, dais_sample_find("parcel")->bytes, &parcel);
    assert(fault.err == DAIS_OK);
    parcel.envelope = envelope;
    dais_writer_t writer = fuzz_writer(1);
    dais_err_t err = dais_shape_encode(&dais_shape_parcel, &parcel, &writer);
    assert(err == DAIS_OK);
    seed_one(name, &dais_sample_log()->log, dais_slice(writer.buffer, writer.size));
}

/* A header that nobody has signed: an intake leaves the signature to the connection. */
static void seed_head(const char *name, const dais_bundle_t *head)
{
    static const uint8_t signature[DAIS_SIGNATURE_SIZE];
    dais_writer_t writer = fuzz_writer(2);
    dais_err_t err = dais_shape_encode(&dais_shape_bundle, head, &writer);
    assert(err == DAIS_OK);
    dais_writer_raw(&writer, dais_slice(signature, sizeof signature));
    seed_envelope(name, dais_slice(writer.buffer, writer.size));
}

void seed_submit(void)
{
    const dais_sample_log_t *log = dais_sample_log();
    dais_slice_t open = dais_sample_find("parcel")->bytes;
    dais_slice_t sealed = dais_sample_find("sealed_parcel")->bytes;
    dais_hash_t other = dais_hash_one(dais_slice_text("another log"));
    seed("submit", "empty", dais_slice(NULL, 0));
    seed_one("open", &log->log, open);
    seed_one("sealed", &log->log, sealed);
    seed_one("open-other-log", &other, open);
    seed_one("sealed-other-log", &other, sealed);
    seed_one("no-parcel", &log->log, dais_slice_text("\x91\xc0"));
    seed_one("open-cut", &log->log, dais_slice(open.data, open.size - 1));
    seed_one("sealed-cut", &log->log, dais_slice(sealed.data, sealed.size - 1));
    seed_envelope("open-sealed-kinds", log->mission.envelope);
    seed_envelope("envelope-cut", dais_slice(log->office.envelope.data, 40));
    dais_bundle_t head = log->office.head;
    head.count++;
    seed_head("one-more", &head);
    head = log->office.head;
    head.k = 0;
    head.prev = other;
    seed_head("first-with-prev", &head);
    head = log->office.head;
    seed_head("unsigned", &head);
    head.key = dais_sample_device("intake")->key;
    seed_head("key-unknown", &head);
}
