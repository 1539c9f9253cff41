/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PROTO_DEVICE_H
#define DAIS_PROTO_DEVICE_H

#include "base/err.h"
#include "proto/records.h"

#define DAIS_SEED_SIZE      32
#define DAIS_SIGNATURE_SIZE 64
#define DAIS_SECRET_SIZE    64 /* libsodium's form of an Ed25519 secret: seed, then public key */

/* What a device keeps secret, and the only thing that it stores: all its keys come from it. */
typedef struct {
    uint8_t bytes[DAIS_SEED_SIZE];
} dais_seed_t;

typedef struct {
    uint8_t bytes[DAIS_SIGNATURE_SIZE];
} dais_signature_t;

/* The keys of one device. The two are independent: what one signs can never open what is boxed
 * for the other, and a CURVE handshake can never be turned into a signature. */
typedef struct {
    dais_key_t key;                    /* Ed25519, public */
    uint8_t secret[DAIS_SECRET_SIZE];  /* Ed25519 */
    dais_key_t box_key;                /* X25519, public: CURVE transport and boxes */
    uint8_t box_secret[DAIS_KEY_SIZE]; /* X25519 */
} dais_device_t;

/* Once per process, before anything else of proto/. CRYPTO if libsodium cannot start. */
dais_err_t dais_crypto_init(void) DAIS_MUST_CHECK;

/* Derives both key pairs with crypto_kdf (libsodium, "Key derivation"), context "dais-dev",
 * subkey 1 for Ed25519 and 2 for X25519. The same seed gives the same keys for ever. */
void dais_device_derive(const dais_seed_t *seed, dais_device_t *device);

/* Overwrites the secrets. */
void dais_device_wipe(dais_device_t *device);

/* Ed25519 (RFC 8032) over the bytes. Callers sign only records, whose domain string says for
 * which purpose, and checkpoints, which cannot be mistaken for a record. */
dais_signature_t dais_device_sign(const dais_device_t *device, dais_slice_t bytes);

/* BAD_SIGNATURE unless `signature` (64 bytes) is by this key over exactly these bytes. */
dais_err_t dais_key_verify(const dais_key_t *key, dais_slice_t bytes,
                           const uint8_t *signature) DAIS_MUST_CHECK;

#endif
