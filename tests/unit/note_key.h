/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_UNIT_NOTE_KEY_H
#define DAIS_TESTS_UNIT_NOTE_KEY_H

/* Keys for tests, the same at each run: the seed is one byte 32 times. Include after cmocka.h. */

#include <sodium.h>

#include "proto/note.h"

typedef struct {
    dais_vkey_t vkey;
    uint8_t secret[DAIS_NOTE_SECRET_BYTES];
} note_key_t;

static inline note_key_t note_key(const char *name, uint8_t seed_byte)
{
    note_key_t key;
    uint8_t seed[crypto_sign_SEEDBYTES];
    uint8_t public_key[DAIS_VKEY_BYTES];
    memset(seed, seed_byte, sizeof(seed));
    assert_int_equal(crypto_sign_seed_keypair(public_key, key.secret, seed), 0);
    assert_int_equal(dais_vkey_make(dais_slice_text(name), public_key, &key.vkey), DAIS_OK);
    return key;
}

#endif
