/* SPDX-License-Identifier: Apache-2.0 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "tests/bench/bare.h"

#include <msgpack.h>
#include <openssl/sha.h>
#include <stdlib.h>

static msgpack_sbuffer buffer;
static msgpack_packer packer;

void bare_start(void)
{
    msgpack_sbuffer_init(&buffer);
    msgpack_packer_init(&packer, &buffer, msgpack_sbuffer_write);
}

void bare_hash(const void *bytes, size_t size, uint8_t out[DAIS_HASH_SIZE])
{
    bare_hash_two(bytes, size, dais_slice(NULL, 0), out);
}

void bare_hash_two(const void *head, size_t head_size, dais_slice_t rest,
                   uint8_t out[DAIS_HASH_SIZE])
{
    SHA256_CTX context;
    (void)SHA256_Init(&context);
    (void)SHA256_Update(&context, head, head_size);
    (void)SHA256_Update(&context, rest.data, rest.size);
    (void)SHA256_Final(out, &context);
}

static void pack_bin(const void *bytes, size_t size)
{
    (void)msgpack_pack_bin(&packer, size);
    (void)msgpack_pack_bin_body(&packer, bytes, size);
}

static void pack_head(size_t count, const char *domain)
{
    msgpack_sbuffer_clear(&buffer);
    (void)msgpack_pack_array(&packer, count);
    (void)msgpack_pack_str(&packer, strlen(domain));
    (void)msgpack_pack_str_body(&packer, domain, strlen(domain));
}

static dais_slice_t packed(void)
{
    return dais_slice(buffer.data, buffer.size);
}

dais_slice_t bare_pack_message(const dais_message_t *message)
{
    pack_head(10, "dais/message/1\n");
    pack_bin(message->log.bytes, DAIS_HASH_SIZE);
    (void)msgpack_pack_uint64(&packer, message->kind);
    pack_bin(message->id.bytes, DAIS_ID_SIZE);
    pack_bin(message->actor.bytes, DAIS_ID_SIZE);
    pack_bin(message->on_behalf.data, message->on_behalf.size);
    (void)msgpack_pack_uint64(&packer, message->said_at);
    (void)msgpack_sbuffer_write(&buffer, (const char *)message->subject.data,
                                message->subject.size);
    pack_bin(message->public_commitment.bytes, DAIS_HASH_SIZE);
    pack_bin(message->private_commitment.bytes, DAIS_HASH_SIZE);
    return packed();
}

dais_slice_t bare_pack_bundle(const dais_bundle_t *bundle)
{
    pack_head(10, "dais/bundle/1\n");
    pack_bin(bundle->log.bytes, DAIS_HASH_SIZE);
    pack_bin(bundle->key.bytes, DAIS_KEY_SIZE);
    (void)msgpack_pack_uint64(&packer, bundle->stream);
    (void)msgpack_pack_uint64(&packer, bundle->k);
    pack_bin(bundle->prev.bytes, DAIS_HASH_SIZE);
    (void)msgpack_pack_uint64(&packer, bundle->count);
    pack_bin(bundle->root.bytes, DAIS_HASH_SIZE);
    (void)msgpack_pack_uint64(&packer, bundle->seen_size);
    pack_bin(bundle->seen_root.bytes, DAIS_HASH_SIZE);
    return packed();
}

dais_slice_t bare_pack_record(const dais_record_t *record)
{
    pack_head(8, "dais/record/1\n");
    (void)msgpack_pack_uint64(&packer, record->epoch);
    (void)msgpack_pack_uint64(&packer, record->logged_at);
    (void)msgpack_pack_uint64(&packer, record->received_at);
    (void)msgpack_pack_array(&packer, record->verdicts.count);
    (void)msgpack_sbuffer_write(&buffer, (const char *)record->verdicts.items.data,
                                record->verdicts.items.size);
    pack_bin(record->bundle.data, record->bundle.size);
    (void)msgpack_pack_uint64(&packer, record->index);
    pack_bin(record->message.data, record->message.size);
    return packed();
}

void bare_unpack(dais_slice_t bytes)
{
    msgpack_unpacked result;
    msgpack_unpacked_init(&result);
    if (msgpack_unpack_next(&result, (const char *)bytes.data, bytes.size, NULL) !=
        MSGPACK_UNPACK_SUCCESS)
        abort();
    msgpack_unpacked_destroy(&result);
}
