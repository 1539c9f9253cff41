/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "note_key.h"
#include "proto/text.h"

#define EXAMPLE_VKEY "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"

static dais_fault_t parse(const char *text, dais_vkey_t *vkey)
{
    return dais_vkey_parse(dais_slice_text(text), vkey);
}

/* Goal: a key of the specification is read and written as it stands there. Method: the example of
 * C2SP signed-note, "Verifier keys". */
static void test_known_answer(void **state)
{
    (void)state;
    dais_vkey_t vkey;
    assert_int_equal(parse(EXAMPLE_VKEY, &vkey).err, DAIS_OK);
    assert_string_equal(vkey.name, "example.com/foo");
    assert_int_equal(vkey.id, 0x530d903a);
    uint8_t buffer[128];
    dais_writer_t writer;
    dais_writer_init(&writer, buffer, sizeof(buffer));
    dais_vkey_put(&writer, &vkey);
    assert_int_equal(writer.err, DAIS_OK);
    assert_true(dais_slice_equal(dais_slice(buffer, writer.size), dais_slice_text(EXAMPLE_VKEY)));
}

/* Goal: nothing in a key can be changed or cut off. Method: every bit flipped, every prefix, one
 * byte more. A changed base64 that stands for the same bytes does not exist. */
static void test_damage(void **state)
{
    (void)state;
    char text[sizeof(EXAMPLE_VKEY) + 1];
    dais_vkey_t vkey;
    for (size_t bit = 0; bit < strlen(EXAMPLE_VKEY) * 8; bit++) {
        memcpy(text, EXAMPLE_VKEY, sizeof(EXAMPLE_VKEY));
        ((uint8_t *)text)[bit / 8] ^= (uint8_t)(1U << bit % 8);
        dais_slice_t damaged = dais_slice(text, strlen(EXAMPLE_VKEY));
        assert_int_equal(dais_vkey_parse(damaged, &vkey).err, DAIS_ERR_BAD_KEY);
    }
    for (size_t cut = 0; cut < strlen(EXAMPLE_VKEY); cut++)
        assert_int_equal(dais_vkey_parse(dais_slice(EXAMPLE_VKEY, cut), &vkey).err,
                         DAIS_ERR_BAD_KEY);
    assert_int_equal(parse(EXAMPLE_VKEY "\n", &vkey).err, DAIS_ERR_BAD_KEY);
    assert_int_equal(dais_vkey_parse(dais_slice(NULL, 0), &vkey).err, DAIS_ERR_BAD_KEY);
}

/* Goal: the fault points at the part that is wrong. Method: damage in each of the three parts, and
 * a type other than Ed25519. */
static void test_offsets(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t offset;
    } cases[] = {
        {"example.com/foo", 0},
        {"example.com/foo+530d903a", 0},
        {"example.com/bar+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", 16},
        {"example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", 16},
        {"example.com/foo+530d903+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", 16},
        {"example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", 25},
        {"example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv", 25},
        {"example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2kAAAA", 25},
        {"example com+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", 0},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        dais_vkey_t vkey;
        dais_fault_t fault = parse(cases[i].text, &vkey);
        assert_int_equal(fault.err, DAIS_ERR_BAD_KEY);
        assert_int_equal(fault.offset, cases[i].offset);
    }
}

/* Goal: names that would blur the line they stand in are refused, others are not. Method: a table;
 * every character with the property White_Space, and its neighbours. */
static void test_names(void **state)
{
    (void)state;
    static const char *const good[] = {"a",
                                       "registry.example.org/2026",
                                       "\xc3\xa9t\xc3\xa9",
                                       "\xe2\x80\x8b",
                                       "\xe3\x80\x81",
                                       "\xc2\x86",
                                       "\xc2\xa1",
                                       "\x7f"};
    static const char *const bad[] = {"",
                                      "a b",
                                      " a",
                                      "a ",
                                      "a+b",
                                      "a\n",
                                      "a\t",
                                      "\x01",
                                      "\x1f",
                                      "\xc2\x85",
                                      "\xc2\xa0",
                                      "\xe1\x9a\x80",
                                      "\xe2\x80\x80",
                                      "\xe2\x80\x8a",
                                      "\xe2\x80\xa8",
                                      "\xe2\x80\xa9",
                                      "\xe2\x80\xaf",
                                      "\xe2\x81\x9f",
                                      "\xe3\x80\x80",
                                      "\xff",
                                      "a\xc3",
                                      "\xed\xa0\x80"};
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        assert_true(dais_vkey_name_ok(dais_slice_text(good[i])));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_false(dais_vkey_name_ok(dais_slice_text(bad[i])));
}

/* Goal: the longest name fits, one byte more is refused. Method: both. */
static void test_longest_name(void **state)
{
    (void)state;
    char name[DAIS_LIMIT_ORIGIN + 2];
    memset(name, 'n', sizeof(name));
    const uint8_t key[DAIS_VKEY_BYTES] = {0};
    dais_vkey_t vkey;
    dais_vkey_t back;
    assert_int_equal(dais_vkey_make(dais_slice(name, DAIS_LIMIT_ORIGIN), key, &vkey), DAIS_OK);
    assert_int_equal(strlen(vkey.name), DAIS_LIMIT_ORIGIN);
    assert_int_equal(dais_vkey_make(dais_slice(name, DAIS_LIMIT_ORIGIN + 1), key, &back),
                     DAIS_ERR_BAD_KEY);
    uint8_t buffer[DAIS_LIMIT_ORIGIN + 64];
    dais_writer_t writer;
    dais_writer_init(&writer, buffer, sizeof(buffer));
    dais_vkey_put(&writer, &vkey);
    assert_int_equal(writer.err, DAIS_OK);
    assert_int_equal(dais_vkey_parse(dais_slice(buffer, writer.size), &back).err, DAIS_OK);
    assert_memory_equal(&back, &vkey, sizeof(back));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_answer), cmocka_unit_test(test_damage),
        cmocka_unit_test(test_offsets),      cmocka_unit_test(test_names),
        cmocka_unit_test(test_longest_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
