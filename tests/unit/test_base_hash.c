/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <pthread.h>

#include "base/hash.h"

static void assert_hash(const dais_hash_t *hash, const char *hex)
{
    char text[2 * DAIS_HASH_SIZE + 1];
    for (size_t i = 0; i < DAIS_HASH_SIZE; i++)
        (void)snprintf(text + 2 * i, 3, "%02x", hash->bytes[i]);
    assert_string_equal(text, hex);
}

/* Goal: it is SHA-256. Method: the examples that NIST publishes for FIPS 180-4, of none, one and
 * two blocks, and a million letters. */
static void test_known_answers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *hex;
    } known[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    };
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        dais_hash_t hash = dais_hash_one(dais_slice_text(known[i].text));
        assert_hash(&hash, known[i].hex);
    }
    static uint8_t letters[1000000];
    memset(letters, 'a', sizeof(letters));
    dais_hash_t hash = dais_hash_one(dais_slice(letters, sizeof(letters)));
    assert_hash(&hash, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

/* Goal: several parts are their concatenation. Method: cut a message at every two places, empty
 * parts included, and compare with the whole. */
static void test_parts_are_one_concatenation(void **state)
{
    (void)state;
    uint8_t message[150];
    for (size_t i = 0; i < sizeof(message); i++)
        message[i] = (uint8_t)(i * 7);
    dais_hash_t whole = dais_hash_one(dais_slice(message, sizeof(message)));
    for (size_t first = 0; first <= sizeof(message); first++) {
        for (size_t second = first; second <= sizeof(message); second++) {
            dais_slice_t parts[] = {dais_slice(message, first),
                                    dais_slice(message + first, second - first),
                                    dais_slice(message + second, sizeof(message) - second)};
            dais_hash_t hash = dais_hash(parts, 3);
            assert_true(dais_hash_equal(&hash, &whole));
        }
    }
}

/* Goal: no parts, and a part without a pointer, are the empty message. Method: compare the hash of
 * each with that of an empty text. */
static void test_no_parts_are_the_empty_message(void **state)
{
    (void)state;
    dais_hash_t empty = dais_hash_one(dais_slice_text(""));
    dais_hash_t none = dais_hash(NULL, 0);
    dais_hash_t null = dais_hash_one(dais_slice(NULL, 0));
    assert_true(dais_hash_equal(&empty, &none));
    assert_true(dais_hash_equal(&empty, &null));
}

/* Goal: equality looks at every byte, and a slice shows all of them. Method: change each. */
static void test_equal_and_slice(void **state)
{
    (void)state;
    dais_hash_t hash = dais_hash_one(dais_slice_text("abc"));
    dais_slice_t slice = dais_hash_slice(&hash);
    assert_ptr_equal(slice.data, hash.bytes);
    assert_int_equal(slice.size, DAIS_HASH_SIZE);
    for (size_t i = 0; i < DAIS_HASH_SIZE; i++) {
        dais_hash_t other = hash;
        assert_true(dais_hash_equal(&hash, &other));
        other.bytes[i] ^= 0x80;
        assert_false(dais_hash_equal(&hash, &other));
    }
}

#define CHAIN_LENGTH 20000

/* Each hash is the message of the next, so one slip shows at the end. */
static void *run_chain(void *hash)
{
    dais_hash_t *chain = (dais_hash_t *)hash;
    for (int i = 0; i < CHAIN_LENGTH; i++)
        *chain = dais_hash_one(dais_hash_slice(chain));
    return NULL;
}

/* Goal: threads do not disturb each other. Method: two threads run different chains side by side,
 * started twice; compare with one alone. */
static void test_two_threads(void **state)
{
    (void)state;
    dais_hash_t alone[2] = {{{1}}, {{2}}};
    run_chain(&alone[0]);
    run_chain(&alone[1]);
    for (int round = 0; round < 2; round++) {
        dais_hash_t chain[2] = {{{1}}, {{2}}};
        pthread_t threads[2];
        for (int i = 0; i < 2; i++)
            assert_int_equal(pthread_create(&threads[i], NULL, run_chain, &chain[i]), 0);
        for (int i = 0; i < 2; i++)
            assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_true(dais_hash_equal(&chain[0], &alone[0]));
        assert_true(dais_hash_equal(&chain[1], &alone[1]));
    }
}

/* Goal: slices compare by size and bytes, and two empty ones are equal whatever they point to.
 * Method: compare texts that are the same, longer and different, and a null slice with an empty
 * text. */
static void test_slices(void **state)
{
    (void)state;
    assert_true(dais_slice_equal(dais_slice_text("abc"), dais_slice("abcd", 3)));
    assert_false(dais_slice_equal(dais_slice_text("abc"), dais_slice_text("abcd")));
    assert_false(dais_slice_equal(dais_slice_text("abc"), dais_slice_text("abd")));
    assert_true(dais_slice_equal(dais_slice(NULL, 0), dais_slice_text("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_answers),
        cmocka_unit_test(test_parts_are_one_concatenation),
        cmocka_unit_test(test_no_parts_are_the_empty_message),
        cmocka_unit_test(test_equal_and_slice),
        cmocka_unit_test(test_two_threads),
        cmocka_unit_test(test_slices),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
