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
#include "proto/checkpoint.h"
#include "proto/text.h"

#define ORIGIN "log.example.org/1"
#define ROOT   "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="

static uint8_t buffer[4096];

static dais_checkpoint_t example(uint64_t size)
{
    dais_checkpoint_t checkpoint = {.origin = dais_slice_text(ORIGIN), .size = size};
    assert_int_equal(dais_text_hash(dais_slice_text(ROOT), &checkpoint.root), DAIS_OK);
    return checkpoint;
}

static dais_slice_t sign(uint64_t size, const note_key_t *key)
{
    dais_checkpoint_t checkpoint = example(size);
    dais_writer_t writer;
    dais_writer_init(&writer, buffer, sizeof(buffer));
    assert_int_equal(dais_checkpoint_sign(&checkpoint, &key->vkey, key->secret, &writer), DAIS_OK);
    return dais_slice(buffer, writer.size);
}

/* Goal: the text is the one of the specification. Method: by hand, written and read back, with the
 * smallest and the largest size. */
static void test_text(void **state)
{
    (void)state;
    static const struct {
        uint64_t size;
        const char *text;
    } cases[] = {
        {0, ORIGIN "\n0\n" ROOT "\n"},
        {20852163, ORIGIN "\n20852163\n" ROOT "\n"},
        {INT64_MAX, ORIGIN "\n9223372036854775807\n" ROOT "\n"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        dais_checkpoint_t checkpoint = example(cases[i].size);
        dais_checkpoint_t back;
        dais_writer_t writer;
        dais_writer_init(&writer, buffer, sizeof(buffer));
        assert_int_equal(dais_checkpoint_put(&writer, &checkpoint), DAIS_OK);
        dais_slice_t text = dais_slice(buffer, writer.size);
        assert_true(dais_slice_equal(text, dais_slice_text(cases[i].text)));
        assert_true(text.size <= DAIS_CHECKPOINT_TEXT_MAX);
        assert_int_equal(dais_checkpoint_parse(text, &back).err, DAIS_OK);
        assert_true(dais_slice_equal(back.origin, checkpoint.origin));
        assert_int_equal(back.size, checkpoint.size);
        assert_true(dais_hash_equal(&back.root, &checkpoint.root));
    }
}

/* Goal: each fault of the text has its code and place. Method: a table; an extension line is a
 * fault here. */
static void test_form(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        dais_err_t err;
        size_t offset;
    } cases[] = {
        {"", DAIS_ERR_TRUNCATED, 0},
        {"o", DAIS_ERR_TRUNCATED, 0},
        {"o\n", DAIS_ERR_TRUNCATED, 2},
        {"o\n1\n", DAIS_ERR_TRUNCATED, 4},
        {"o\n1\n" ROOT, DAIS_ERR_TRUNCATED, 4},
        {"\n1\n" ROOT "\n", DAIS_ERR_BAD_TEXT, 0},
        {"o o\n1\n" ROOT "\n", DAIS_ERR_BAD_TEXT, 0},
        {"o\n\n" ROOT "\n", DAIS_ERR_BAD_TEXT, 2},
        {"o\n01\n" ROOT "\n", DAIS_ERR_BAD_TEXT, 2},
        {"o\n+1\n" ROOT "\n", DAIS_ERR_BAD_TEXT, 2},
        {"o\n1 \n" ROOT "\n", DAIS_ERR_BAD_TEXT, 2},
        {"o\n-1\n" ROOT "\n", DAIS_ERR_BAD_TEXT, 2},
        {"o\n9223372036854775808\n" ROOT "\n", DAIS_ERR_OUT_OF_RANGE, 2},
        {"o\n1\n\n", DAIS_ERR_TOO_SHORT, 4},
        {"o\n1\nAAAA\n", DAIS_ERR_TOO_SHORT, 4},
        {"o\n1\nAAAA" ROOT "\n", DAIS_ERR_TOO_LONG, 4},
        {"o\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=\n", DAIS_ERR_BAD_BASE64, 4},
        {"o\n1\n" ROOT " \n", DAIS_ERR_BAD_BASE64, 4},
        {"o\n1\n" ROOT "\nextension\n", DAIS_ERR_TRAILING, 49},
        {"o\n1\n" ROOT "\n\n", DAIS_ERR_TRAILING, 49},
        {"o\n1\n" ROOT "\n", DAIS_OK, 0},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        dais_checkpoint_t checkpoint;
        dais_fault_t fault = dais_checkpoint_parse(dais_slice_text(cases[i].text), &checkpoint);
        assert_int_equal(fault.err, cases[i].err);
        assert_int_equal(fault.offset, cases[i].offset);
    }
}

/* Goal: the longest origin passes, one byte more is refused by reader and writer. Method: both. */
static void test_longest_origin(void **state)
{
    (void)state;
    char name[DAIS_LIMIT_ORIGIN + 2] = {0};
    memset(name, 'o', DAIS_LIMIT_ORIGIN);
    note_key_t key = note_key(name, 1);
    dais_checkpoint_t checkpoint = example(INT64_MAX);
    dais_checkpoint_t back;
    checkpoint.origin = dais_slice_text(name);
    uint8_t most[DAIS_CHECKPOINT_SIGNED_MAX];
    dais_writer_t writer;
    dais_writer_init(&writer, most, sizeof(most));
    assert_int_equal(dais_checkpoint_sign(&checkpoint, &key.vkey, key.secret, &writer), DAIS_OK);
    assert_int_equal(writer.size, sizeof(most));
    assert_int_equal(dais_checkpoint_verify(dais_slice(most, writer.size), &key.vkey, &back).err,
                     DAIS_OK);

    checkpoint.origin.size = DAIS_LIMIT_ORIGIN + 1;
    dais_writer_init(&writer, buffer, sizeof(buffer));
    assert_int_equal(dais_checkpoint_put(&writer, &checkpoint), DAIS_ERR_TOO_LONG);
    memset(buffer, 'o', sizeof(buffer));
    static const char after[] = "\n1\n" ROOT "\n";
    memcpy(buffer + DAIS_LIMIT_ORIGIN + 1, after, sizeof(after));
    dais_slice_t text = dais_slice(buffer, DAIS_LIMIT_ORIGIN + sizeof(after));
    assert_int_equal(dais_checkpoint_parse(text, &back).err, DAIS_ERR_TOO_LONG);
}

/* Goal: a signed checkpoint verifies with its log's key only. Method: another key, another name. */
static void test_verify(void **state)
{
    (void)state;
    note_key_t key = note_key(ORIGIN, 1);
    note_key_t namesake = note_key(ORIGIN, 2);
    note_key_t renamed = note_key("log.example.org/2", 1);
    dais_slice_t bytes = sign(15, &key);
    dais_checkpoint_t back;
    assert_int_equal(dais_checkpoint_verify(bytes, &key.vkey, &back).err, DAIS_OK);
    assert_int_equal(back.size, 15);
    assert_int_equal(dais_checkpoint_verify(bytes, &namesake.vkey, &back).err,
                     DAIS_ERR_UNKNOWN_KEY);
    assert_int_equal(dais_checkpoint_verify(bytes, &renamed.vkey, &back).err, DAIS_ERR_UNKNOWN_KEY);
    assert_int_equal(dais_checkpoint_verify(dais_slice(buffer, 40), &key.vkey, &back).err,
                     DAIS_ERR_TRUNCATED);
}

/* Goal: what a log's key signed for another log is no checkpoint of this one, nor is any other text
 * that it signed. Method: sign such texts as notes. */
static void test_wrong_origin(void **state)
{
    (void)state;
    note_key_t key = note_key(ORIGIN, 1);
    static const struct {
        const char *text;
        dais_err_t err;
    } cases[] = {
        {"log.example.org/2\n15\n" ROOT "\n", DAIS_ERR_WRONG_ORIGIN},
        {ORIGIN "/\n15\n" ROOT "\n", DAIS_ERR_WRONG_ORIGIN},
        {ORIGIN "\n15\n" ROOT "\nmore\n", DAIS_ERR_TRAILING},
        {"hello\n", DAIS_ERR_TRUNCATED},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        dais_checkpoint_t back;
        dais_writer_t writer;
        dais_writer_init(&writer, buffer, sizeof(buffer));
        assert_int_equal(
            dais_note_sign(dais_slice_text(cases[i].text), &key.vkey, key.secret, &writer),
            DAIS_OK);
        dais_slice_t bytes = dais_slice(buffer, writer.size);
        assert_int_equal(dais_checkpoint_verify(bytes, &key.vkey, &back).err, cases[i].err);
    }
}

/* Goal: no bit of a signed checkpoint can change, no end can be missing. Method: all of them. */
static void test_damage(void **state)
{
    (void)state;
    note_key_t key = note_key(ORIGIN, 1);
    dais_slice_t bytes = sign(15, &key);
    dais_checkpoint_t back;
    for (size_t bit = 0; bit < bytes.size * 8; bit++) {
        buffer[bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_int_not_equal(dais_checkpoint_verify(bytes, &key.vkey, &back).err, DAIS_OK);
        buffer[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    for (size_t cut = 0; cut < bytes.size; cut++)
        assert_int_not_equal(dais_checkpoint_verify(dais_slice(buffer, cut), &key.vkey, &back).err,
                             DAIS_OK);
    assert_int_equal(dais_checkpoint_verify(bytes, &key.vkey, &back).err, DAIS_OK);
}

/* Goal: nothing is signed that is no checkpoint. Method: an origin that is not the key's name, one
 * that is no name, a size too large, a secret of another key, too little room. */
static void test_sign_refuses(void **state)
{
    (void)state;
    note_key_t key = note_key(ORIGIN, 1);
    note_key_t other = note_key(ORIGIN, 2);
    dais_checkpoint_t checkpoint = example(1);
    dais_writer_t writer;
    dais_writer_init(&writer, buffer, sizeof(buffer));
    checkpoint.origin = dais_slice_text("log.example.org/2");
    assert_int_equal(dais_checkpoint_sign(&checkpoint, &key.vkey, key.secret, &writer),
                     DAIS_ERR_WRONG_ORIGIN);
    checkpoint.origin = dais_slice_text("a b");
    assert_int_equal(dais_checkpoint_put(&writer, &checkpoint), DAIS_ERR_BAD_TEXT);
    checkpoint = example(1ULL << 63);
    assert_int_equal(dais_checkpoint_sign(&checkpoint, &key.vkey, key.secret, &writer),
                     DAIS_ERR_OUT_OF_RANGE);
    assert_int_equal(writer.size, 0);
    checkpoint = example(1);
    assert_int_equal(dais_checkpoint_sign(&checkpoint, &key.vkey, other.secret, &writer),
                     DAIS_ERR_BAD_KEY);
    size_t size = sign(1, &key).size;
    dais_writer_init(&writer, buffer, size - 1);
    assert_int_equal(dais_checkpoint_sign(&checkpoint, &key.vkey, key.secret, &writer),
                     DAIS_ERR_NO_SPACE);
    dais_writer_init(&writer, buffer, 10);
    assert_int_equal(dais_checkpoint_put(&writer, &checkpoint), DAIS_ERR_NO_SPACE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text),           cmocka_unit_test(test_form),
        cmocka_unit_test(test_longest_origin), cmocka_unit_test(test_verify),
        cmocka_unit_test(test_wrong_origin),   cmocka_unit_test(test_damage),
        cmocka_unit_test(test_sign_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
