/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/roster_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define HEAD                                                                                       \
    "dais/roster/1\norigin registry.example/talks-2027\nlog "                                      \
    "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20\nsize 17\n"
#define ACTOR "a1b20000000000000000000000000000"
#define KEY   "ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100"
#define Z85   "0rJuZ0rJuZ0rJuZ0rJuZ0rJuZ0rJuZ0rJuZ0rJuZ"

static dais_roster_key_t line_make(uint64_t role)
{
    dais_roster_key_t key = {.role = role, .actor = {{(uint8_t)role, 2}}, .key = {{3, 4}}};
    key.box_key.bytes[0] = 5;
    key.box_key.bytes[31] = (uint8_t)role;
    return key;
}

/* Goal: what is written is read back. Method: a roster with a key of every role. */
static void test_round_trip(void **state)
{
    (void)state;
    static char text[8192];
    dais_writer_t writer;
    dais_slice_t out;
    dais_roster_head_t head = {.origin = "rehearsal/registry.example/talks", .size = DAIS_SEQ_MAX};
    head.log.bytes[7] = 9;
    dais_writer_init(&writer, text, sizeof text);
    dais_roster_put_head(&writer, &head);
    for (uint64_t role = 1; role <= dais_words_role.count; role++) {
        dais_roster_key_t key = line_make(role);
        size_t before = writer.size;
        dais_roster_put_key(&writer, &key);
        assert_true(writer.size - before <= DAIS_ROSTER_KEY_SIZE_MAX);
    }
    assert_int_equal(dais_writer_finish(&writer, &out), DAIS_OK);
    dais_roster_reader_t reader;
    dais_roster_head_t head_read;
    dais_roster_key_t key;
    dais_roster_reader_init(&reader, out, &head_read);
    assert_string_equal(head_read.origin, head.origin);
    assert_true(dais_hash_equal(&head_read.log, &head.log));
    assert_true(head_read.size == head.size);
    for (uint64_t role = 1; role <= dais_words_role.count; role++) {
        dais_roster_key_t wanted = line_make(role);
        assert_true(dais_roster_reader_next(&reader, &key));
        assert_memory_equal(&key, &wanted, sizeof key);
    }
    assert_false(dais_roster_reader_next(&reader, &key));
    assert_int_equal(dais_roster_reader_finish(&reader).err, DAIS_OK);
}

static dais_fault_t text_read(dais_slice_t text, size_t *count)
{
    dais_roster_reader_t reader;
    dais_roster_head_t head;
    dais_roster_key_t key;
    dais_roster_reader_init(&reader, text, &head);
    *count = 0;
    while (dais_roster_reader_next(&reader, &key))
        ++*count;
    return dais_roster_reader_finish(&reader);
}

/* Goal: a file cut short is refused, but for a cut between two keys, which is the roster of a file
 * that is replaced whole. Method: cut at every byte. */
static void test_truncation_is_refused(void **state)
{
    (void)state;
    static const char text[] = HEAD "key office " ACTOR " " KEY " " Z85 "\n";
    size_t count;
    for (size_t size = 0; size < sizeof text - 1; size++) {
        dais_fault_t fault = text_read(dais_slice(text, size), &count);
        assert_int_equal(fault.err == DAIS_OK, size == sizeof HEAD - 1);
        assert_int_equal(count, 0);
    }
    assert_int_equal(text_read(dais_slice(text, sizeof text - 1), &count).err, DAIS_OK);
    assert_int_equal(count, 1);
}

/* Goal: each fault has its code and its place, and nothing of a bad line is handed out. Method: a
 * table of bad texts. */
static void test_bad_lines(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        dais_err_t err;
        size_t offset;
    } cases[] = {
        {"dais/roster/2\n", DAIS_ERR_WRONG_DOMAIN, 0},
        {"dais/roster/1\norigin \nlog", DAIS_ERR_BAD_TEXT, 21},
        {"dais/roster/1\norigin a b\nlog", DAIS_ERR_BAD_TEXT, 21},
        {"dais/roster/1\nlog 00\n", DAIS_ERR_BAD_TEXT, 14},
        {"dais/roster/1\norigin a/b\nlog 00\n", DAIS_ERR_BAD_TEXT, 29},
        {HEAD "kex\n", DAIS_ERR_BAD_TEXT, sizeof HEAD - 1},
        {HEAD "key king " ACTOR " " KEY " " Z85 "\n", DAIS_ERR_BAD_TEXT, sizeof HEAD - 1},
        {HEAD "key office " ACTOR "0 " KEY " " Z85 "\n", DAIS_ERR_BAD_TEXT, sizeof HEAD - 1},
        {HEAD "key office " ACTOR " FF" KEY " " Z85 "\n", DAIS_ERR_BAD_TEXT, sizeof HEAD - 1},
        {HEAD "key office " ACTOR "  " KEY " " Z85 "\n", DAIS_ERR_BAD_TEXT, sizeof HEAD - 1},
        {HEAD "key office " ACTOR " " KEY " " Z85 " \n", DAIS_ERR_BAD_KEY, sizeof HEAD - 1},
        {HEAD "key office " ACTOR " " KEY "\n", DAIS_ERR_BAD_KEY, sizeof HEAD - 1},
        {HEAD "key office\n", DAIS_ERR_BAD_TEXT, sizeof HEAD - 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t count;
        dais_fault_t fault = text_read(dais_slice_text(cases[i].text), &count);
        assert_int_equal(fault.err, cases[i].err);
        assert_int_equal(fault.offset, cases[i].offset);
        assert_int_equal(count, 0);
    }
}

/* Goal: a number of keys without bound is refused. Method: a file with one key too many. */
static void test_too_many_keys(void **state)
{
    (void)state;
    static const char line[] = "key office " ACTOR " " KEY " " Z85 "\n";
    size_t size = sizeof HEAD - 1 + (DAIS_ROSTER_FILE_KEYS_MAX + 1) * (sizeof line - 1);
    char *text = malloc(size);
    assert_non_null(text);
    memcpy(text, HEAD, sizeof HEAD - 1);
    for (size_t at = sizeof HEAD - 1; at < size; at += sizeof line - 1)
        memcpy(text + at, line, sizeof line - 1);
    size_t count;
    assert_int_equal(text_read(dais_slice(text, size), &count).err, DAIS_ERR_TOO_LONG);
    assert_int_equal(count, DAIS_ROSTER_FILE_KEYS_MAX);
    assert_int_equal(text_read(dais_slice(text, size - sizeof line + 1), &count).err, DAIS_OK);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_truncation_is_refused),
        cmocka_unit_test(test_bad_lines),
        cmocka_unit_test(test_too_many_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
