/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sys/random.h>

#include "base/random.h"
#include "tests/unit/fault.h"

static size_t given_max; /* what one getrandom() gives at most; 0: no limit */

ssize_t getrandom(void *bytes, size_t size, unsigned flags)
{
    if (fault_hits("getrandom"))
        return -1;
    if (fault_hits("getrandom gives nothing"))
        return 0;
    size_t part = given_max > 0 && size > given_max ? given_max : size;
    return FAULT_REAL(getrandom)(bytes, part, flags);
}

/* Goal: every byte is filled, in one call or in many short ones. Method: fill until each byte has
 * differed from zero; by chance alone that fails once in 2^512 runs. */
static void test_system_fills_all(void **state)
{
    (void)state;
    dais_random_t random = dais_random_system();
    uint8_t seen[300] = {0};
    for (int i = 0; i < 64; i++) {
        uint8_t bytes[sizeof(seen)] = {0};
        given_max = i % 2 == 0 ? 0 : 7;
        assert_int_equal(dais_random_fill(&random, bytes, sizeof(bytes)), DAIS_OK);
        for (size_t at = 0; at < sizeof(seen); at++)
            seen[at] |= bytes[at];
    }
    given_max = 0;
    for (size_t at = 0; at < sizeof(seen); at++)
        assert_int_not_equal(seen[at], 0);
    assert_int_equal(dais_random_fill(&random, NULL, 0), DAIS_OK);
}

/* Goal: an interruption is not a failure. Method: let the first getrandom fail with EINTR. */
static void test_interruption_goes_on(void **state)
{
    (void)state;
    dais_random_t random = dais_random_system();
    uint8_t bytes[16];
    fault_set("getrandom", 0, EINTR);
    assert_int_equal(dais_random_fill(&random, bytes, sizeof(bytes)), DAIS_OK);
    assert_int_equal(fault.fired, 1);
}

/* Goal: a failure, also after a part was given, is reported, and the bytes cannot be taken for
 * random ones. Method: five bytes a call; fail each of the four calls, or let it give nothing, and
 * look for zeros. */
static void test_failure_is_reported_and_wiped(void **state)
{
    (void)state;
    static const char *const calls[] = {"getrandom", "getrandom gives nothing"};
    static const uint8_t zeros[16];
    dais_random_t random = dais_random_system();
    given_max = 5;
    for (unsigned call = 0; call < 2; call++) {
        for (unsigned skip = 0; skip < 4; skip++) {
            uint8_t bytes[16];
            memset(bytes, 0xAA, sizeof(bytes));
            fault_set(calls[call], skip, ENOSYS);
            assert_int_equal(dais_random_fill(&random, bytes, sizeof(bytes)), DAIS_ERR_ENTROPY);
            assert_int_equal(fault.fired, 1);
            assert_memory_equal(bytes, zeros, sizeof(bytes));
        }
    }
    given_max = 0;
}

/* Goal: a seed printed years ago still gives the same bytes. Method: known answers, computed with
 * the key SHA-256("dais/seeded-random/1\n" || seed) by another ChaCha20 (OpenSSL's). */
static void test_seeded_known_answers(void **state)
{
    (void)state;
    static const struct {
        uint64_t seed;
        uint8_t first[16];
        uint8_t at_64[16];
    } known[] = {
        {0x0U,
         {0x9d, 0x84, 0xf4, 0x00, 0xcb, 0x2b, 0x39, 0x1e, 0x06, 0x57, 0xba, 0xf4, 0xe4, 0x7d, 0x50,
          0x6d},
         {0x7d, 0x47, 0xcb, 0x7f, 0x1a, 0x3b, 0x23, 0x2b, 0x07, 0x5f, 0xc6, 0xf8, 0x0d, 0xd5, 0xbd,
          0x6e}},
        {0x1U,
         {0x04, 0xe0, 0x05, 0x91, 0x2c, 0xb8, 0xee, 0xa6, 0xe6, 0xdb, 0xd6, 0x79, 0xa0, 0xbc, 0x73,
          0xad},
         {0xa0, 0x51, 0x4b, 0x0c, 0xb8, 0x9e, 0x06, 0xe2, 0x10, 0x6d, 0x07, 0x00, 0x83, 0x6c, 0xbb,
          0xe1}},
        {UINT64_C(0x123456789abcdef),
         {0xd9, 0xd3, 0x1f, 0xd9, 0x0f, 0x49, 0x9e, 0x1d, 0x13, 0xee, 0xbf, 0xe8, 0x28, 0x08, 0x9d,
          0x3e},
         {0xfd, 0x38, 0x0a, 0x50, 0x97, 0x37, 0x59, 0xae, 0xfd, 0x3c, 0x19, 0xaf, 0xa2, 0xe1, 0xa6,
          0x91}},
    };
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        dais_random_seeded_t seeded;
        dais_random_t random = dais_random_seeded(&seeded, known[i].seed);
        uint8_t bytes[80];
        assert_int_equal(dais_random_fill(&random, bytes, sizeof(bytes)), DAIS_OK);
        assert_memory_equal(bytes, known[i].first, 16);
        assert_memory_equal(bytes + 64, known[i].at_64, 16);
    }
}

/* Goal: it is one stream, however the calls are cut. Method: cut 1,000 bytes in steps of each size
 * up to 200 and compare with the whole. */
static void test_seeded_is_one_stream(void **state)
{
    (void)state;
    uint8_t whole[1000];
    dais_random_seeded_t seeded;
    dais_random_t random = dais_random_seeded(&seeded, 1);
    assert_int_equal(dais_random_fill(&random, whole, sizeof(whole)), DAIS_OK);
    for (size_t step = 1; step <= 200; step++) {
        uint8_t bytes[sizeof(whole)] = {0};
        random = dais_random_seeded(&seeded, 1);
        for (size_t at = 0; at < sizeof(bytes); at += step) {
            size_t part = sizeof(bytes) - at < step ? sizeof(bytes) - at : step;
            assert_int_equal(dais_random_fill(&random, bytes + at, part), DAIS_OK);
        }
        assert_memory_equal(bytes, whole, sizeof(whole));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_system_fills_all),
        cmocka_unit_test(test_interruption_goes_on),
        cmocka_unit_test(test_failure_is_reported_and_wiped),
        cmocka_unit_test(test_seeded_known_answers),
        cmocka_unit_test(test_seeded_is_one_stream),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
