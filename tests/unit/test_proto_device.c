/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/device.h"

#include <sodium.h>

#include "tests/support/world.h"
#include "tests/unit/assert_fault.h"
#include "tests/unit/fault.h"

int sodium_init(void)
{
    return fault_hits("sodium_init") ? fault.code : FAULT_REAL(sodium_init)();
}

/* Goal: a library that cannot start is reported, and a second start is none. Method: let
 * sodium_init() fail once. */
static void test_init(void **state)
{
    (void)state;
    fault_set("sodium_init", 0, -1);
    assert_err(dais_crypto_init(), DAIS_ERR_CRYPTO);
    assert_int_equal(fault.fired, 1);
    assert_err(dais_crypto_init(), DAIS_OK);
    assert_err(dais_crypto_init(), DAIS_OK);
}

/* Goal: a seed stored years ago gives the same keys. Method: known answers, derived with another
 * BLAKE2b (Python's, keyed and personalised as crypto_kdf does) and other curves (OpenSSL's). */
static void test_known_keys(void **state)
{
    (void)state;
    static const uint8_t keys[][2][DAIS_KEY_SIZE] = {
        {{0x70, 0x95, 0xf3, 0xb0, 0xe4, 0x05, 0x07, 0xf5, 0x1c, 0xf5, 0x46,
          0x78, 0x51, 0x62, 0x15, 0xd2, 0xe5, 0x89, 0xd1, 0x83, 0x6e, 0xf7,
          0x58, 0x83, 0x97, 0x89, 0x92, 0x72, 0x3f, 0x0f, 0x84, 0x5b},
         {0x5b, 0x1c, 0x6f, 0xfc, 0x62, 0xc5, 0xba, 0x6b, 0x71, 0x79, 0x01,
          0xda, 0x74, 0xa5, 0xd6, 0x4c, 0x47, 0x95, 0x75, 0xf3, 0x96, 0x4f,
          0x79, 0x98, 0xa4, 0x1a, 0x89, 0x52, 0x2d, 0xa6, 0x52, 0x4f}},
        {{0x99, 0x43, 0xf1, 0x7e, 0x03, 0x6a, 0x43, 0x54, 0xa7, 0x54, 0x9b,
          0xce, 0x75, 0xb4, 0x2f, 0xcf, 0x7d, 0xe3, 0x5c, 0x77, 0x1e, 0xd3,
          0xf0, 0x6c, 0x01, 0xa6, 0x1c, 0xc7, 0x97, 0xe2, 0x7e, 0x2e},
         {0x7f, 0x30, 0xfb, 0x59, 0x38, 0x35, 0x3f, 0x3f, 0xe6, 0xd3, 0x62,
          0xb5, 0x1a, 0x0d, 0x66, 0x12, 0xc6, 0x76, 0xf9, 0x46, 0x51, 0x83,
          0xb4, 0x3a, 0x2a, 0xae, 0x9a, 0x56, 0x46, 0x38, 0x8f, 0x59}},
    };
    dais_seed_t seed = {{0}};
    for (size_t i = 0; i < 2; i++) {
        dais_device_t device;
        for (size_t at = 0; at < sizeof(seed.bytes); at++)
            seed.bytes[at] = (uint8_t)(i * at);
        dais_device_derive(&seed, &device);
        assert_memory_equal(device.key.bytes, keys[i][0], DAIS_KEY_SIZE);
        assert_memory_equal(device.box_key.bytes, keys[i][1], DAIS_KEY_SIZE);
    }
}

/* Goal: the two secrets have nothing in common, neither with each other nor with those of a seed
 * one bit away, and neither is the seed. Method: compare all of them. */
static void test_keys_are_independent(void **state)
{
    (void)state;
    dais_seed_t seeds[2] = {{{0}}, {{1}}};
    uint8_t seen[6][DAIS_KEY_SIZE];
    for (size_t i = 0; i < 2; i++) {
        dais_device_t device;
        dais_device_derive(&seeds[i], &device);
        memcpy(seen[3 * i], seeds[i].bytes, DAIS_KEY_SIZE);
        memcpy(seen[3 * i + 1], device.secret, DAIS_KEY_SIZE);
        memcpy(seen[3 * i + 2], device.box_secret, DAIS_KEY_SIZE);
    }
    for (size_t i = 0; i < 6; i++) {
        for (size_t other = 0; other < i; other++)
            assert_memory_not_equal(seen[i], seen[other], DAIS_KEY_SIZE);
    }
}

/* Goal: nothing of a wiped device is left. Method: wipe one and look at each byte. */
static void test_wipe(void **state)
{
    (void)state;
    dais_device_t device = world_device(1);
    dais_device_wipe(&device);
    assert_all_zero(device);
}

/* Goal: signatures are those of RFC 8032. Method: its test 2 (section 7.1). */
static void test_rfc8032(void **state)
{
    (void)state;
    static const dais_key_t key = {{0x3d, 0x40, 0x17, 0xc3, 0xe8, 0x43, 0x89, 0x5a,
                                    0x92, 0xb7, 0x0a, 0xa7, 0x4d, 0x1b, 0x7e, 0xbc,
                                    0x9c, 0x98, 0x2c, 0xcf, 0x2e, 0xc4, 0x96, 0x8c,
                                    0xc0, 0xcd, 0x55, 0xf1, 0x2a, 0xf4, 0x66, 0x0c}};
    static const uint8_t signature[DAIS_SIGNATURE_SIZE] = {
        0x92, 0xa0, 0x09, 0xa9, 0xf0, 0xd4, 0xca, 0xb8, 0x72, 0x0e, 0x82, 0x0b, 0x5f,
        0x64, 0x25, 0x40, 0xa2, 0xb2, 0x7b, 0x54, 0x16, 0x50, 0x3f, 0x8f, 0xb3, 0x76,
        0x22, 0x23, 0xeb, 0xdb, 0x69, 0xda, 0x08, 0x5a, 0xc1, 0xe4, 0x3e, 0x15, 0x99,
        0x6e, 0x45, 0x8f, 0x36, 0x13, 0xd0, 0xf1, 0x1d, 0x8c, 0x38, 0x7b, 0x2e, 0xae,
        0xb4, 0x30, 0x2a, 0xee, 0xb0, 0x0d, 0x29, 0x16, 0x12, 0xbb, 0x0c, 0x00};
    assert_err(dais_key_verify(&key, dais_slice("\x72", 1), signature), DAIS_OK);
}

/* Goal: a signature holds for exactly its key and bytes. Method: sign, also nothing at all, then
 * flip each bit of key, bytes and signature, and leave out or add a byte. */
static void test_every_bit_counts(void **state)
{
    (void)state;
    dais_device_t device = world_device(1);
    uint8_t bytes[] = "dais/test/1\n";
    dais_slice_t all = dais_slice(bytes, sizeof(bytes) - 1);
    dais_signature_t signature = dais_device_sign(&device, all);
    dais_signature_t empty = dais_device_sign(&device, dais_slice(NULL, 0));
    assert_err(dais_key_verify(&device.key, dais_slice(NULL, 0), empty.bytes), DAIS_OK);
    assert_err(dais_key_verify(&device.key, all, empty.bytes), DAIS_ERR_BAD_SIGNATURE);
    assert_err(dais_key_verify(&device.key, all, signature.bytes), DAIS_OK);
    assert_err(dais_key_verify(&device.key, dais_slice(bytes, all.size - 1), signature.bytes),
               DAIS_ERR_BAD_SIGNATURE);
    assert_err(dais_key_verify(&device.key, dais_slice(bytes, all.size + 1), signature.bytes),
               DAIS_ERR_BAD_SIGNATURE);
    struct {
        uint8_t *bytes;
        size_t size;
    } parts[] = {{device.key.bytes, DAIS_KEY_SIZE},
                 {bytes, all.size},
                 {signature.bytes, DAIS_SIGNATURE_SIZE}};
    for (size_t part = 0; part < 3; part++) {
        for (size_t bit = 0; bit < 8 * parts[part].size; bit++) {
            parts[part].bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
            assert_err(dais_key_verify(&device.key, all, signature.bytes), DAIS_ERR_BAD_SIGNATURE);
            parts[part].bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
        }
    }
}

/* Goal: one signature has one form, and no key signs everything. Method: add the group's order to
 * the scalar of a good signature; verify with the key that is the neutral element, under which the
 * signature (neutral element, 0) would satisfy the bare equation for every message. */
static void test_malleable_and_weak_are_refused(void **state)
{
    (void)state;
    static const uint8_t order[] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58,
                                    0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
                                    0,    0,    0,    0,    0,    0,    0,    0,
                                    0,    0,    0,    0,    0,    0,    0,    0x10};
    dais_device_t device = world_device(1);
    dais_slice_t bytes = dais_slice_text("dais/test/1\n");
    dais_signature_t signature = dais_device_sign(&device, bytes);
    sodium_add(signature.bytes + 32, order, sizeof(order));
    assert_err(dais_key_verify(&device.key, bytes, signature.bytes), DAIS_ERR_BAD_SIGNATURE);
    dais_key_t neutral = {{1}};
    dais_signature_t all = {{1}};
    assert_err(dais_key_verify(&neutral, bytes, all.bytes), DAIS_ERR_BAD_SIGNATURE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_init),
        cmocka_unit_test(test_known_keys),
        cmocka_unit_test(test_keys_are_independent),
        cmocka_unit_test(test_wipe),
        cmocka_unit_test(test_rfc8032),
        cmocka_unit_test(test_every_bit_counts),
        cmocka_unit_test(test_malleable_and_weak_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
