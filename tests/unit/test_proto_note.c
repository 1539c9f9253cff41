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

#define DASH "\xe2\x80\x94 "
/* The example of C2SP signed-note. */
#define EXAMPLE_VKEY "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
#define EXAMPLE_TEXT "This is an example message.\n"
#define EXAMPLE_LINE                                                                               \
    DASH                                                                                           \
        "example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXm" \
        "RKuwHjG1Yu72IneyaQM=\n"

static uint8_t buffer[DAIS_LIMIT_NOTE + 1024];

static dais_slice_t sign(const char *text, const note_key_t *key)
{
    dais_writer_t writer;
    dais_writer_init(&writer, buffer, sizeof(buffer));
    assert_int_equal(dais_note_sign(dais_slice_text(text), &key->vkey, key->secret, &writer),
                     DAIS_OK);
    return dais_slice(buffer, writer.size);
}

static dais_fault_t open_with(dais_slice_t bytes, const dais_vkey_t *keys, size_t count,
                              uint64_t *verified)
{
    dais_note_t note;
    dais_fault_t fault = dais_note_parse(bytes, &note);
    return fault.err != DAIS_OK ? fault : dais_note_verify(&note, keys, count, verified);
}

/* Goal: a note of other hands verifies. Method: the example of the specification. */
static void test_known_answer(void **state)
{
    (void)state;
    dais_vkey_t vkey;
    dais_note_t note;
    uint64_t verified = 0;
    assert_int_equal(dais_vkey_parse(dais_slice_text(EXAMPLE_VKEY), &vkey).err, DAIS_OK);
    dais_slice_t bytes = dais_slice_text(EXAMPLE_TEXT "\n" EXAMPLE_LINE);
    assert_int_equal(dais_note_parse(bytes, &note).err, DAIS_OK);
    assert_true(dais_slice_equal(note.text, dais_slice_text(EXAMPLE_TEXT)));
    assert_true(dais_slice_equal(note.lines, dais_slice_text(EXAMPLE_LINE)));
    assert_int_equal(dais_note_verify(&note, &vkey, 1, &verified).err, DAIS_OK);
    assert_int_equal(verified, 1);
}

/* Goal: what is signed verifies, and is written one way only. Method: texts with empty lines and
 * with what looks like a signature line; sign twice, compare, verify. */
static void test_sign(void **state)
{
    (void)state;
    static const char like_signed[] = "a\n\n" EXAMPLE_LINE;
    static const char *const texts[] = {
        "\n", "a\n", "a\n\nb\n", "\n\n\n", like_signed, "\xd8\xb3\xd9\x84\xd8\xa7\xd9\x85\n"};
    note_key_t key = note_key("log.example.org/1", 1);
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        dais_slice_t bytes = sign(texts[i], &key);
        dais_note_t note;
        assert_int_equal(dais_note_parse(bytes, &note).err, DAIS_OK);
        assert_true(dais_slice_equal(note.text, dais_slice_text(texts[i])));
        assert_int_equal(dais_note_verify(&note, &key.vkey, 1, NULL).err, DAIS_OK);
        uint8_t again[1024];
        memcpy(again, bytes.data, bytes.size);
        assert_memory_equal(sign(texts[i], &key).data, again, bytes.size);
    }
}

/* Goal: no bit of a note with one signature can change, no end can be cut off. Method: all of
 * them; a flipped name or id makes the key unknown, all else breaks form or signature. */
static void test_damage(void **state)
{
    (void)state;
    note_key_t key = note_key("log.example.org/1", 1);
    dais_slice_t bytes = sign("one\n\ntwo\n", &key);
    for (size_t bit = 0; bit < bytes.size * 8; bit++) {
        buffer[bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_int_not_equal(open_with(bytes, &key.vkey, 1, NULL).err, DAIS_OK);
        buffer[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    assert_int_equal(open_with(bytes, &key.vkey, 1, NULL).err, DAIS_OK);
    for (size_t cut = 0; cut < bytes.size; cut++)
        assert_int_not_equal(open_with(dais_slice(buffer, cut), &key.vkey, 1, NULL).err, DAIS_OK);
}

/* Goal: each fault of form has its code and place. Method: a table of notes. */
static void test_form(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        dais_err_t err;
        size_t offset;
    } cases[] = {
        {"", DAIS_ERR_TRUNCATED, 0},
        {"\n", DAIS_ERR_TRUNCATED, 1},
        {"a\n", DAIS_ERR_TRUNCATED, 2},
        {"a\n\n", DAIS_ERR_TRUNCATED, 3},
        {"\n\n", DAIS_ERR_TRUNCATED, 2},
        {"a\n\n" DASH "n AAAAAAA=", DAIS_ERR_TRUNCATED, 17},
        {"\n" DASH "n AAAAAAA=\n", DAIS_ERR_TRUNCATED, 16},
        {"a\n" DASH "n AAAAAAA=\n", DAIS_ERR_TRUNCATED, 17},
        {"a\t\n\n" DASH "n AAAAAAA=\n", DAIS_ERR_CONTROL_CHARACTER, 1},
        {"a\r\n\n" DASH "n AAAAAAA=\n", DAIS_ERR_CONTROL_CHARACTER, 1},
        {"a\xff\n\n" DASH "n AAAAAAA=\n", DAIS_ERR_NOT_UTF8, 1},
        {"a\n\n" DASH "n AAAAAAA=\n\xe2\x80\n", DAIS_ERR_NOT_UTF8, 18},
        {"a\n\n- n AAAAAAA=\n", DAIS_ERR_BAD_TEXT, 3},
        {"a\n\n\xe2\x80\x94n AAAAAAA=\n", DAIS_ERR_BAD_TEXT, 3},
        {"a\n\n" DASH "\n", DAIS_ERR_BAD_TEXT, 3},
        {"a\n\n" DASH "n\n", DAIS_ERR_BAD_TEXT, 3},
        {"a\n\n" DASH " AAAAAAA=\n", DAIS_ERR_BAD_TEXT, 3},
        {"a\n\n" DASH "n+ AAAAAAA=\n", DAIS_ERR_BAD_TEXT, 3},
        {"a\n\n" DASH "n\xc2\xa0 AAAAAAA=\n", DAIS_ERR_BAD_TEXT, 3},
        {"a\n\n" DASH "n \n", DAIS_ERR_TOO_SHORT, 3},
        {"a\n\n" DASH "n AAAAAA==\n", DAIS_ERR_TOO_SHORT, 3},
        {"a\n\n" DASH "n  AAAAAAA=\n", DAIS_ERR_BAD_BASE64, 3},
        {"a\n\n" DASH "n AAAAAAA= \n", DAIS_ERR_BAD_BASE64, 3},
        {"a\n\n" DASH "n AAAAAAB=\n", DAIS_ERR_BAD_BASE64, 3},
        {"a\n\n" DASH "n AAAAAAA=\nb\n", DAIS_ERR_BAD_TEXT, 18},
        {"a\n\n" DASH "n AAAAAAA=\n", DAIS_OK, 0},
        {"\n\n" DASH "n AAAAAAA=\n", DAIS_OK, 0},
        {"\n\n\n" DASH "n AAAAAAA=\n", DAIS_OK, 0},
        {"a\x7f\xc2\x80\n\n" DASH "n AAAAAAA=\n", DAIS_OK, 0},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        dais_note_t note;
        dais_fault_t fault = dais_note_parse(dais_slice_text(cases[i].bytes), &note);
        assert_int_equal(fault.err, cases[i].err);
        assert_int_equal(fault.offset, cases[i].offset);
    }
    dais_slice_t unfinished = dais_slice_text(DASH "n AAAAAAA=");
    dais_note_signature_t signature;
    assert_int_equal(dais_note_signature_next(&unfinished, &signature), DAIS_ERR_TRUNCATED);
}

/* Goal: lines of unknown keys say nothing, good or bad; a bad line of a known key spoils the note,
 * also behind a good one; without any known key there is no note. Method: notes put together of
 * lines by three keys, one with the name of another, one with its id. */
static void test_known_and_unknown(void **state)
{
    (void)state;
    note_key_t log = note_key("log.example.org/1", 1);
    note_key_t witness = note_key("witness.example.org", 2);
    note_key_t namesake = note_key("log.example.org/1", 3);
    note_key_t same_id = note_key("other.example.org", 1);
    same_id.vkey.id = log.vkey.id;
    const dais_vkey_t keys[] = {log.vkey, witness.vkey};
    uint64_t verified = 0;

    uint8_t two[2048];
    dais_writer_t writer;
    dais_writer_init(&writer, two, sizeof(two));
    dais_slice_t one = sign("text\n", &namesake);
    assert_int_equal(open_with(one, keys, 2, &verified).err, DAIS_ERR_UNKNOWN_KEY);
    assert_int_equal(open_with(one, keys, 2, &verified).offset, 6);
    assert_int_equal(open_with(one, NULL, 0, &verified).err, DAIS_ERR_UNKNOWN_KEY);
    assert_int_equal(verified, 0);
    assert_int_equal(dais_note_cosign(one, &witness.vkey, witness.secret, &writer), DAIS_OK);
    dais_slice_t bytes = dais_slice(two, writer.size);
    assert_int_equal(open_with(bytes, keys, 2, &verified).err, DAIS_OK);
    assert_int_equal(verified, 2);

    uint8_t three[2048];
    dais_writer_init(&writer, three, sizeof(three));
    assert_int_equal(dais_note_cosign(bytes, &log.vkey, log.secret, &writer), DAIS_OK);
    bytes = dais_slice(three, writer.size);
    assert_int_equal(open_with(bytes, keys, 2, &verified).err, DAIS_OK);
    assert_int_equal(verified, 3);

    uint8_t four[2048];
    dais_writer_init(&writer, four, sizeof(four));
    assert_int_equal(dais_note_cosign(bytes, &same_id.vkey, same_id.secret, &writer), DAIS_OK);
    assert_int_equal(open_with(dais_slice(four, writer.size), keys, 2, &verified).err, DAIS_OK);
    assert_int_equal(verified, 3);

    /* The last line, by the log, over another text. */
    dais_slice_t lines = bytes;
    for (size_t i = 0; i < 4; i++) {
        dais_slice_t line;
        assert_int_equal(dais_text_line(&lines, &line), DAIS_OK);
    }
    size_t offset = bytes.size - lines.size;
    dais_slice_t other = sign("Text\n", &log);
    memcpy(three + offset, other.data + other.size - lines.size, lines.size);
    dais_fault_t fault = open_with(bytes, keys, 2, &verified);
    assert_int_equal(fault.err, DAIS_ERR_BAD_SIGNATURE);
    assert_int_equal(fault.offset, offset);
    assert_int_equal(open_with(bytes, &witness.vkey, 1, &verified).err, DAIS_OK);
}

/* Goal: a known key with something that is no Ed25519 signature spoils the note as well. Method:
 * its name and id with one byte, and with more bytes than a signature has. */
static void test_signature_of_other_size(void **state)
{
    (void)state;
    note_key_t key = note_key("k", 1);
    static const size_t sizes[] = {5, 67, 69, 4000};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        uint8_t value[4000] = {(uint8_t)(key.vkey.id >> 24), (uint8_t)(key.vkey.id >> 16),
                               (uint8_t)(key.vkey.id >> 8), (uint8_t)key.vkey.id};
        dais_writer_t writer;
        dais_writer_init(&writer, buffer, sizeof(buffer));
        dais_text_put(&writer, "a\n\n" DASH "k ");
        dais_text_put_base64(&writer, dais_slice(value, sizes[i]));
        dais_text_put(&writer, "\n");
        assert_int_equal(open_with(dais_slice(buffer, writer.size), &key.vkey, 1, NULL).err,
                         DAIS_ERR_BAD_SIGNATURE);
    }
}

/* Goal: sixteen signature lines are taken, a seventeenth is refused by reader and writer. Method:
 * co-sign until it is refused. */
static void test_signature_limit(void **state)
{
    (void)state;
    note_key_t key = note_key("log.example.org/1", 1);
    static uint8_t notes[2][8192];
    dais_slice_t bytes = sign("text\n", &key);
    dais_writer_t writer;
    for (size_t lines = 1; lines < DAIS_LIMIT_NOTE_SIGNATURES; lines++) {
        dais_writer_init(&writer, notes[lines % 2], sizeof(notes[0]));
        assert_int_equal(dais_note_cosign(bytes, &key.vkey, key.secret, &writer), DAIS_OK);
        bytes = dais_slice(notes[lines % 2], writer.size);
    }
    uint64_t verified = 0;
    assert_int_equal(open_with(bytes, &key.vkey, 1, &verified).err, DAIS_OK);
    dais_writer_init(&writer, buffer, sizeof(buffer));
    assert_int_equal(dais_note_cosign(bytes, &key.vkey, key.secret, &writer), DAIS_ERR_TOO_LONG);
    assert_int_equal(writer.size, 0);

    dais_writer_raw(&writer, bytes);
    dais_text_put(&writer, EXAMPLE_LINE);
    dais_fault_t fault = open_with(dais_slice(buffer, writer.size), &key.vkey, 1, NULL);
    assert_int_equal(fault.err, DAIS_ERR_TOO_LONG);
    assert_int_equal(fault.offset, bytes.size);
}

/* Goal: the bound of size is the same for reader and writer. Method: the longest text that still
 * fits, and one byte more; a note padded beyond the bound. */
static void test_size_limit(void **state)
{
    (void)state;
    note_key_t key = note_key("log.example.org/1", 1);
    size_t line = sign("\n", &key).size - 1;
    static uint8_t text[DAIS_LIMIT_NOTE + 1];
    memset(text, 'a', sizeof(text));
    size_t longest = DAIS_LIMIT_NOTE - line;
    text[longest - 1] = '\n';
    dais_writer_t writer;
    dais_writer_init(&writer, buffer, sizeof(buffer));
    assert_int_equal(dais_note_sign(dais_slice(text, longest), &key.vkey, key.secret, &writer),
                     DAIS_OK);
    assert_int_equal(writer.size, DAIS_LIMIT_NOTE);
    assert_int_equal(open_with(dais_slice(buffer, writer.size), &key.vkey, 1, NULL).err, DAIS_OK);
    dais_slice_t full = dais_slice(buffer, writer.size);
    uint8_t little[16];
    dais_writer_t more;
    dais_writer_init(&more, little, sizeof(little));
    assert_int_equal(dais_note_cosign(full, &key.vkey, key.secret, &more), DAIS_ERR_TOO_LONG);
    dais_fault_t fault = open_with(dais_slice(buffer, writer.size + 1), &key.vkey, 1, NULL);
    assert_int_equal(fault.err, DAIS_ERR_TOO_LONG);
    assert_int_equal(fault.offset, DAIS_LIMIT_NOTE);

    text[longest - 1] = 'a';
    text[longest] = '\n';
    dais_writer_init(&writer, buffer, sizeof(buffer));
    assert_int_equal(dais_note_sign(dais_slice(text, longest + 1), &key.vkey, key.secret, &writer),
                     DAIS_ERR_TOO_LONG);
    assert_int_equal(dais_note_sign(dais_slice(text, sizeof(text)), &key.vkey, key.secret, &writer),
                     DAIS_ERR_TOO_LONG);
    assert_int_equal(writer.size, 0);
}

/* Goal: the writer makes no note that the reader refuses. Method: texts of bad form, a secret of
 * another key, a buffer too small by one byte, a note that is none. */
static void test_sign_refuses(void **state)
{
    (void)state;
    note_key_t key = note_key("log.example.org/1", 1);
    note_key_t other = note_key("log.example.org/1", 2);
    static const struct {
        const char *text;
        dais_err_t err;
    } cases[] = {{"", DAIS_ERR_TRUNCATED},
                 {"a", DAIS_ERR_TRUNCATED},
                 {"a\r\n", DAIS_ERR_CONTROL_CHARACTER},
                 {"\xc0\x80\n", DAIS_ERR_NOT_UTF8}};
    dais_writer_t writer;
    dais_writer_init(&writer, buffer, sizeof(buffer));
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(
            dais_note_sign(dais_slice_text(cases[i].text), &key.vkey, key.secret, &writer),
            cases[i].err);
    assert_int_equal(dais_note_cosign(dais_slice_text("a\n"), &key.vkey, key.secret, &writer),
                     DAIS_ERR_TRUNCATED);
    assert_int_equal(writer.size, 0);
    assert_int_equal(dais_note_sign(dais_slice_text("a\n"), &key.vkey, other.secret, &writer),
                     DAIS_ERR_BAD_KEY);

    size_t size = sign("a\n", &key).size;
    assert_true(size - 3 <= DAIS_NOTE_LINE_MAX);
    dais_writer_init(&writer, buffer, size);
    assert_int_equal(dais_note_sign(dais_slice_text("a\n"), &key.vkey, key.secret, &writer),
                     DAIS_OK);
    dais_writer_init(&writer, buffer, size - 1);
    assert_int_equal(dais_note_sign(dais_slice_text("a\n"), &key.vkey, key.secret, &writer),
                     DAIS_ERR_NO_SPACE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_answer),
        cmocka_unit_test(test_sign),
        cmocka_unit_test(test_damage),
        cmocka_unit_test(test_form),
        cmocka_unit_test(test_known_and_unknown),
        cmocka_unit_test(test_signature_of_other_size),
        cmocka_unit_test(test_signature_limit),
        cmocka_unit_test(test_size_limit),
        cmocka_unit_test(test_sign_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
