/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <sodium.h>

#include "proto/base64.h"
#include "proto/text.h"

static dais_err_t decode(const char *text, uint8_t *out, size_t capacity, size_t *size)
{
    size_t counted;
    dais_err_t checked = dais_base64_check(dais_slice_text(text), &counted);
    dais_err_t err = dais_base64_decode(dais_slice_text(text), out, capacity, size);
    if (err != DAIS_ERR_TOO_LONG)
        assert_int_equal(err, checked);
    if (err == DAIS_OK)
        assert_int_equal(*size, counted);
    return err;
}

/* Goal: the encoding is that of the RFC. Method: its examples (RFC 4648, section 10), both ways. */
static void test_known_answers(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {{"", ""},
                                           {"f", "Zg=="},
                                           {"fo", "Zm8="},
                                           {"foo", "Zm9v"},
                                           {"foob", "Zm9vYg=="},
                                           {"fooba", "Zm9vYmE="},
                                           {"foobar", "Zm9vYmFy"},
                                           {"\xfb\xff", "+/8="}};
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        char text[16] = {0};
        uint8_t bytes[8];
        size_t size;
        size_t written = dais_base64_encode(dais_slice_text(pairs[i][0]), text);
        assert_int_equal(written, DAIS_BASE64_SIZE(strlen(pairs[i][0])));
        assert_string_equal(text, pairs[i][1]);
        assert_int_equal(decode(pairs[i][1], bytes, sizeof(bytes), &size), DAIS_OK);
        assert_int_equal(size, strlen(pairs[i][0]));
        assert_memory_equal(bytes, pairs[i][0], size);
    }
}

/* Goal: any bytes come back, and a buffer a byte too small is refused. Method: sizes 0 to 100 of
 * random bytes. */
static void test_round_trip(void **state)
{
    (void)state;
    for (size_t size = 0; size <= 100; size++) {
        uint8_t bytes[100];
        uint8_t back[100];
        char text[DAIS_BASE64_SIZE(100) + 1] = {0};
        size_t got;
        randombytes_buf(bytes, sizeof(bytes));
        (void)dais_base64_encode(dais_slice(bytes, size), text);
        assert_int_equal(decode(text, back, size, &got), DAIS_OK);
        assert_int_equal(got, size);
        assert_memory_equal(back, bytes, size);
        if (size > 0)
            assert_int_equal(decode(text, back, size - 1, &got), DAIS_ERR_TOO_LONG);
    }
}

/* Goal: a second form of a value is refused. Method: one text for each liberty that decoders
 * take. */
static void test_other_forms_are_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "Zg",       "Zg=",      "Zh==",     "Zm9=",     "Z",        "=",     "====",
        "Zg==Zg==", "Zm9v\n",   " Zm9v",    "Zm 9v===", "Zm-_",     "Z===",  "Zg=a",
        "Zm9v=",    "Zm9v====", "Zm9\x80v", "Zg==\n",   "Zm\n9vZg", "=Zm9v", "Zm8=Zm9v"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        uint8_t bytes[16];
        size_t size;
        assert_int_equal(decode(texts[i], bytes, sizeof(bytes), &size), DAIS_ERR_BAD_BASE64);
    }
}

/* libsodium 1.0.18 takes many bytes from 0x80 up for letters of the alphabet; ours refuses them,
 * which is why it is our own. */
static bool is_ascii(const char *text)
{
    for (; *text != 0; text++) {
        if ((*text & 0x80) != 0)
            return false;
    }
    return true;
}

/* Goal: the same texts are accepted as by another decoder, with the same bytes. Method: texts of
 * four and eight characters with one or two of them replaced by each byte there is, judged by
 * libsodium's. */
static void test_agrees_with_libsodium(void **state)
{
    (void)state;
    static const char *const texts[] = {"Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        size_t length = strlen(texts[i]);
        for (size_t trial = 0; trial < length * 256 * 4; trial++) {
            char text[9] = {0};
            uint8_t ours[8];
            uint8_t theirs[8];
            size_t ours_size = 0;
            size_t theirs_size = 0;
            memcpy(text, texts[i], length);
            text[trial / 256 % length] = (char)(trial % 256);
            if (trial >= length * 256)
                text[randombytes_uniform((uint32_t)length)] = (char)randombytes_uniform(256);
            dais_err_t err =
                dais_base64_decode(dais_slice(text, length), ours, sizeof(ours), &ours_size);
            const char *end = NULL;
            int bad = sodium_base642bin(theirs, sizeof(theirs), text, length, NULL, &theirs_size,
                                        &end, sodium_base64_VARIANT_ORIGINAL);
            bool accepted = bad == 0 && end == text + length && is_ascii(text);
            assert_int_equal(err == DAIS_OK, accepted);
            if (err != DAIS_OK)
                continue;
            assert_int_equal(ours_size, theirs_size);
            assert_memory_equal(ours, theirs, ours_size);
        }
    }
}

/* Goal: a changed character never goes unseen. Method: replace each character of a text by every
 * other one; what is still accepted decodes to other bytes. */
static void test_no_character_is_without_meaning(void **state)
{
    (void)state;
    static const char good[] = "AAECAwQFBgcICQ==";
    uint8_t first[16];
    size_t first_size;
    assert_int_equal(decode(good, first, sizeof(first), &first_size), DAIS_OK);
    for (size_t i = 0; i < strlen(good); i++) {
        for (int c = 1; c < 256; c++) {
            char text[sizeof(good)];
            memcpy(text, good, sizeof(good));
            if (text[i] == (char)c)
                continue;
            text[i] = (char)c;
            uint8_t bytes[16];
            size_t size;
            if (decode(text, bytes, sizeof(bytes), &size) == DAIS_OK)
                assert_true(size != first_size || memcmp(bytes, first, size) != 0);
        }
    }
}

/* Goal: numbers have one form and a limit. Method: a table of texts with what becomes of each. */
static void test_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t max;
        dais_err_t err;
        uint64_t number;
    } cases[] = {
        {"0", 0, DAIS_OK, 0},
        {"1", 0, DAIS_ERR_OUT_OF_RANGE, 0},
        {"9", 9, DAIS_OK, 9},
        {"10", 9, DAIS_ERR_OUT_OF_RANGE, 0},
        {"255", 255, DAIS_OK, 255},
        {"256", 255, DAIS_ERR_OUT_OF_RANGE, 0},
        {"9223372036854775807", INT64_MAX, DAIS_OK, INT64_MAX},
        {"9223372036854775808", INT64_MAX, DAIS_ERR_OUT_OF_RANGE, 0},
        {"18446744073709551615", UINT64_MAX, DAIS_OK, UINT64_MAX},
        {"18446744073709551616", UINT64_MAX, DAIS_ERR_OUT_OF_RANGE, 0},
        {"99999999999999999999999999", UINT64_MAX, DAIS_ERR_OUT_OF_RANGE, 0},
        {"9999999999999999999999999x", UINT64_MAX, DAIS_ERR_BAD_TEXT, 0},
        {"", 9, DAIS_ERR_BAD_TEXT, 0},
        {"00", 9, DAIS_ERR_BAD_TEXT, 0},
        {"01", 9, DAIS_ERR_BAD_TEXT, 0},
        {"+1", 9, DAIS_ERR_BAD_TEXT, 0},
        {"-0", 9, DAIS_ERR_BAD_TEXT, 0},
        {" 1", 9, DAIS_ERR_BAD_TEXT, 0},
        {"1 ", 9, DAIS_ERR_BAD_TEXT, 0},
        {"1:", 99, DAIS_ERR_BAD_TEXT, 0},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        uint64_t number = 0;
        dais_err_t err = dais_text_uint(dais_slice_text(cases[i].text), cases[i].max, &number);
        assert_int_equal(err, cases[i].err);
        assert_int_equal(number, cases[i].number);
        uint8_t buffer[20];
        dais_writer_t writer;
        dais_writer_init(&writer, buffer, sizeof(buffer));
        dais_text_put_uint(&writer, number);
        if (err == DAIS_OK)
            assert_true(
                dais_slice_equal(dais_slice(buffer, writer.size), dais_slice_text(cases[i].text)));
    }
}

/* Goal: lines, prefixes and hashes are taken off as said, and a refusal takes nothing. Method: walk
 * through a small text. */
static void test_lines(void **state)
{
    (void)state;
    dais_slice_t rest = dais_slice_text("one\n\ntail");
    dais_slice_t line;
    assert_int_equal(dais_text_line(&rest, &line), DAIS_OK);
    assert_true(dais_slice_equal(line, dais_slice_text("one")));
    assert_int_equal(dais_text_line(&rest, &line), DAIS_OK);
    assert_int_equal(line.size, 0);
    assert_int_equal(dais_text_line(&rest, &line), DAIS_ERR_TRUNCATED);
    assert_false(dais_text_prefix(&rest, "tails"));
    assert_false(dais_text_prefix(&rest, "a"));
    assert_true(dais_text_prefix(&rest, "ta"));
    assert_true(dais_slice_equal(rest, dais_slice_text("il")));
    rest = dais_slice(NULL, 0);
    assert_int_equal(dais_text_line(&rest, &line), DAIS_ERR_TRUNCATED);

    dais_hash_t hash;
    static const char zeros[] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    assert_int_equal(dais_text_hash(dais_slice(zeros, 40), &hash), DAIS_ERR_TOO_SHORT);
    assert_int_equal(dais_text_hash(dais_slice(zeros, 44), &hash), DAIS_ERR_TOO_LONG);
    assert_int_equal(dais_text_hash(dais_slice(zeros, 43), &hash), DAIS_ERR_BAD_BASE64);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_answers),
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_other_forms_are_refused),
        cmocka_unit_test(test_agrees_with_libsodium),
        cmocka_unit_test(test_no_character_is_without_meaning),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
