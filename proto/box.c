/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/box.h"

#include <assert.h>
#include <sodium.h>

static_assert(DAIS_SEAL_OVERHEAD == crypto_box_SEALBYTES, "libsodium's sealed box");
static_assert(DAIS_ANSWER_OVERHEAD == crypto_box_NONCEBYTES + crypto_box_MACBYTES,
              "libsodium's box with its nonce before it");

/* Room for `size` bytes behind what the writer holds; null, and the writer failed, without it. */
static uint8_t *writer_room(dais_writer_t *writer, size_t size)
{
    if (writer->err == DAIS_OK && size > writer->capacity - writer->size)
        writer->err = DAIS_ERR_NO_SPACE;
    return writer->err == DAIS_OK ? writer->buffer + writer->size : NULL;
}

/* Packs a record into scratch. */
static dais_err_t plain_write(const dais_shape_t *shape, const void *in, uint8_t *scratch,
                              size_t scratch_size, dais_slice_t *plain)
{
    dais_writer_t writer;
    dais_writer_init(&writer, scratch, scratch_size);
    dais_err_t err = dais_shape_encode(shape, in, &writer);
    return err == DAIS_OK ? dais_writer_finish(&writer, plain) : err;
}

dais_err_t dais_sealed_close(const dais_key_t *registry_box_key, const dais_hash_t *log,
                             dais_slice_t envelope, const dais_list_t *items, uint8_t *scratch,
                             size_t scratch_size, dais_writer_t *writer)
{
    dais_sealed_t sealed = {.log = *log, .bundle = dais_bundle_hash(envelope), .items = *items};
    dais_slice_t plain;
    dais_err_t err = plain_write(&dais_shape_sealed, &sealed, scratch, scratch_size, &plain);
    if (err != DAIS_OK)
        return err;
    uint8_t *box = writer_room(writer, plain.size + DAIS_SEAL_OVERHEAD);
    if (box == NULL)
        return writer->err;
    if (crypto_box_seal(box, plain.data, plain.size, registry_box_key->bytes) != 0)
        return DAIS_ERR_BAD_KEY; /* a key of low order, which no device has */
    writer->size += plain.size + DAIS_SEAL_OVERHEAD;
    return DAIS_OK;
}

dais_fault_t dais_sealed_parcel_open(dais_slice_t bytes, const dais_hash_t *log,
                                     dais_sealed_parcel_t *out, dais_bundle_t *head)
{
    memset(out, 0, sizeof *out);
    memset(head, 0, sizeof *head);
    if (bytes.size > DAIS_LIMIT_BUNDLE_BYTES)
        return (dais_fault_t){DAIS_ERR_TOO_LONG, DAIS_LIMIT_BUNDLE_BYTES};
    dais_fault_t fault = dais_shape_decode(&dais_shape_sealed_parcel, bytes, out);
    if (fault.err == DAIS_OK) {
        fault = dais_bundle_open(out->envelope, log, head);
        if (fault.err == DAIS_OK && head->stream != DAIS_STREAM_SEALED)
            fault.err = DAIS_ERR_WRONG_STREAM;
        if (fault.err != DAIS_OK)
            fault.offset += (size_t)(out->envelope.data - bytes.data);
    }
    if (fault.err != DAIS_OK) {
        memset(out, 0, sizeof *out);
        memset(head, 0, sizeof *head);
    }
    return fault;
}

static dais_fault_t sealed_read(dais_slice_t plain, const dais_hash_t *log, dais_slice_t envelope,
                                dais_sealed_t *out)
{
    dais_fault_t fault = dais_shape_decode(&dais_shape_sealed, plain, out);
    dais_hash_t bundle = dais_bundle_hash(envelope);
    if (fault.err == DAIS_OK && !dais_hash_equal(&out->log, log))
        fault.err = DAIS_ERR_WRONG_LOG;
    if (fault.err == DAIS_OK && !dais_hash_equal(&out->bundle, &bundle))
        fault.err = DAIS_ERR_WRONG_ENTRY;
    if (fault.err != DAIS_OK)
        memset(out, 0, sizeof *out);
    return fault;
}

dais_fault_t dais_sealed_open(const dais_device_t *registry, const dais_hash_t *log,
                              dais_slice_t envelope, dais_slice_t box, uint8_t *scratch,
                              size_t scratch_size, dais_sealed_t *out)
{
    memset(out, 0, sizeof *out);
    if (box.size < DAIS_SEAL_OVERHEAD)
        return (dais_fault_t){DAIS_ERR_BAD_BOX, 0};
    if (box.size - DAIS_SEAL_OVERHEAD > scratch_size)
        return (dais_fault_t){DAIS_ERR_NO_SPACE, 0};
    if (crypto_box_seal_open(scratch, box.data, box.size, registry->box_key.bytes,
                             registry->box_secret) != 0)
        return (dais_fault_t){DAIS_ERR_BAD_BOX, 0};
    return sealed_read(dais_slice(scratch, box.size - DAIS_SEAL_OVERHEAD), log, envelope, out);
}

dais_err_t dais_ask_sign(dais_ask_t *ask, const dais_device_t *device, dais_writer_t *writer)
{
    ask->key = device->key;
    return dais_signed_write(&dais_shape_ask, ask, device, writer);
}

dais_fault_t dais_ask_open(dais_slice_t bytes, const dais_hash_t *log, dais_ask_t *out)
{
    return dais_signed_open(&dais_shape_ask, bytes, log, &out->log, &out->key, out);
}

dais_err_t dais_box_pair(const dais_device_t *registry, const dais_key_t *asker_box_key,
                         dais_box_pair_t *pair)
{
    return crypto_box_beforenm(pair->bytes, asker_box_key->bytes, registry->box_secret) == 0
               ? DAIS_OK
               : DAIS_ERR_BAD_KEY;
}

dais_err_t dais_answer_close_by(const dais_box_pair_t *pair, const dais_random_t *random,
                                dais_slice_t ask, const dais_answer_t *answer, uint8_t *scratch,
                                size_t scratch_size, dais_writer_t *writer)
{
    dais_answer_t whole = *answer;
    whole.ask = dais_signed_hash(ask);
    dais_slice_t plain;
    dais_err_t err = plain_write(&dais_shape_answer, &whole, scratch, scratch_size, &plain);
    if (err != DAIS_OK)
        return err;
    uint8_t *nonce = writer_room(writer, plain.size + DAIS_ANSWER_OVERHEAD);
    if (nonce == NULL)
        return writer->err;
    err = dais_random_fill(random, nonce, crypto_box_NONCEBYTES);
    if (err != DAIS_OK)
        return err;
    /* Fails for lengths beyond all limits alone. */
    (void)crypto_box_easy_afternm(nonce + crypto_box_NONCEBYTES, plain.data, plain.size, nonce,
                                  pair->bytes);
    writer->size += plain.size + DAIS_ANSWER_OVERHEAD;
    return DAIS_OK;
}

dais_err_t dais_answer_close(const dais_device_t *registry, const dais_key_t *asker_box_key,
                             const dais_random_t *random, dais_slice_t ask,
                             const dais_answer_t *answer, uint8_t *scratch, size_t scratch_size,
                             dais_writer_t *writer)
{
    dais_box_pair_t pair;
    dais_err_t err = dais_box_pair(registry, asker_box_key, &pair);
    if (err == DAIS_OK)
        err = dais_answer_close_by(&pair, random, ask, answer, scratch, scratch_size, writer);
    sodium_memzero(&pair, sizeof pair);
    return err;
}

static dais_fault_t answer_read(dais_slice_t plain, const dais_hash_t *log, dais_slice_t ask,
                                dais_answer_t *out)
{
    dais_fault_t fault = dais_shape_decode(&dais_shape_answer, plain, out);
    dais_hash_t asked = dais_signed_hash(ask);
    if (fault.err == DAIS_OK && !dais_hash_equal(&out->log, log))
        fault.err = DAIS_ERR_WRONG_LOG;
    if (fault.err == DAIS_OK && !dais_hash_equal(&out->ask, &asked))
        fault.err = DAIS_ERR_WRONG_ENTRY;
    if (fault.err != DAIS_OK)
        memset(out, 0, sizeof *out);
    return fault;
}

dais_fault_t dais_answer_open(const dais_device_t *asker, const dais_key_t *registry_box_key,
                              const dais_hash_t *log, dais_slice_t ask, dais_slice_t box,
                              uint8_t *scratch, size_t scratch_size, dais_answer_t *out)
{
    memset(out, 0, sizeof *out);
    if (box.size < DAIS_ANSWER_OVERHEAD)
        return (dais_fault_t){DAIS_ERR_BAD_BOX, 0};
    if (box.size - DAIS_ANSWER_OVERHEAD > scratch_size)
        return (dais_fault_t){DAIS_ERR_NO_SPACE, 0};
    if (crypto_box_open_easy(scratch, box.data + crypto_box_NONCEBYTES,
                             box.size - crypto_box_NONCEBYTES, box.data, registry_box_key->bytes,
                             asker->box_secret) != 0)
        return (dais_fault_t){DAIS_ERR_BAD_BOX, 0};
    return answer_read(dais_slice(scratch, box.size - DAIS_ANSWER_OVERHEAD), log, ask, out);
}
