/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/device.h"

#include <assert.h>
#include <sodium.h>

static const char device_context[crypto_kdf_CONTEXTBYTES] = {'d', 'a', 'i', 's',
                                                             '-', 'd', 'e', 'v'};

static_assert(DAIS_SEED_SIZE == crypto_kdf_KEYBYTES, "a seed is a crypto_kdf key");
static_assert(DAIS_SECRET_SIZE == crypto_sign_SECRETKEYBYTES, "libsodium's secret key");
static_assert(DAIS_SIGNATURE_SIZE == crypto_sign_BYTES, "an Ed25519 signature");
static_assert(DAIS_KEY_SIZE == crypto_box_SECRETKEYBYTES, "an X25519 key");

dais_err_t dais_crypto_init(void)
{
    return sodium_init() < 0 ? DAIS_ERR_CRYPTO : DAIS_OK;
}

void dais_device_derive(const dais_seed_t *seed, dais_device_t *device)
{
    uint8_t subkey[crypto_sign_SEEDBYTES];
    /* None of these can fail: the sizes are constants and X25519 of a clamped key is defined. */
    (void)crypto_kdf_derive_from_key(subkey, sizeof subkey, 1, device_context, seed->bytes);
    (void)crypto_sign_seed_keypair(device->key.bytes, device->secret, subkey);
    (void)crypto_kdf_derive_from_key(device->box_secret, sizeof device->box_secret, 2,
                                     device_context, seed->bytes);
    (void)crypto_scalarmult_base(device->box_key.bytes, device->box_secret);
    sodium_memzero(subkey, sizeof subkey);
}

void dais_device_wipe(dais_device_t *device)
{
    sodium_memzero(device, sizeof *device);
}

dais_signature_t dais_device_sign(const dais_device_t *device, dais_slice_t bytes)
{
    dais_signature_t signature;
    (void)crypto_sign_detached(signature.bytes, NULL, bytes.data, bytes.size, device->secret);
    return signature;
}

dais_err_t dais_key_verify(const dais_key_t *key, dais_slice_t bytes, const uint8_t *signature)
{
    if (crypto_sign_verify_detached(signature, bytes.data, bytes.size, key->bytes) != 0)
        return DAIS_ERR_BAD_SIGNATURE;
    return DAIS_OK;
}
