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
#include "proto/proof.h"
#include "proto/tree_memory.h"
#include "tests/support/slow.h"
#include "tree_reference.h"

#define ORIGIN "log.example.org/1"
#define SIZE   11
#define INDEX  6

static dais_hash_t leaves[SIZE];
static uint8_t checkpoint_bytes[1024];
static dais_slice_t checkpoint;
static dais_tree_path_t path;
static note_key_t key;
static uint8_t buffer[4096];

static dais_slice_t checkpoint_make(uint64_t size, const dais_hash_t *root)
{
    dais_checkpoint_t said = {dais_slice_text(ORIGIN), size, *root};
    dais_writer_t writer;
    dais_writer_init(&writer, checkpoint_bytes, sizeof(checkpoint_bytes));
    assert_int_equal(dais_checkpoint_sign(&said, &key.vkey, key.secret, &writer), DAIS_OK);
    return dais_slice(checkpoint_bytes, writer.size);
}

static int log_make(void **state)
{
    (void)state;
    key = note_key(ORIGIN, 1);
    reference_leaves(leaves, SIZE);
    dais_hash_t root = reference_root(leaves, SIZE);
    checkpoint = checkpoint_make(SIZE, &root);
    return dais_tree_leaves_inclusion(leaves, SIZE, INDEX, &path) == DAIS_OK ? 0 : -1;
}

static dais_slice_t put(const char *extra)
{
    dais_writer_t writer;
    dais_writer_init(&writer, buffer, sizeof(buffer));
    assert_int_equal(dais_proof_put(&writer, dais_slice_text(extra), INDEX, &path, checkpoint),
                     DAIS_OK);
    assert_true(writer.size <= DAIS_PROOF_BYTES_MAX(strlen(extra), checkpoint.size));
    return dais_slice(buffer, writer.size);
}

/* Parses and verifies for the leaf at INDEX. */
static dais_err_t check(dais_slice_t bytes)
{
    dais_proof_t proof;
    dais_fault_t fault = dais_proof_parse(bytes, &proof);
    return fault.err != DAIS_OK ? fault.err
                                : dais_proof_verify(&proof, &leaves[INDEX], &key.vkey, NULL);
}

/* Goal: the text is that of the specification. Method: the expected lines put together by hand,
 * with and without extra. */
static void test_text(void **state)
{
    (void)state;
    static const char *const heads[] = {"c2sp.org/tlog-proof@v1\nindex 6\n",
                                        "c2sp.org/tlog-proof@v1\nextra aGVsbG8=\nindex 6\n"};
    for (size_t i = 0; i < 2; i++) {
        char expected[2048];
        size_t size = strlen(heads[i]);
        memcpy(expected, heads[i], size);
        for (size_t j = 0; j < path.count; j++) {
            size += dais_base64_encode(dais_hash_slice(&path.hashes[j]), expected + size);
            expected[size++] = '\n';
        }
        expected[size++] = '\n';
        memcpy(expected + size, checkpoint.data, checkpoint.size);
        size += checkpoint.size;
        assert_true(dais_slice_equal(put(i == 0 ? "" : "hello"), dais_slice(expected, size)));
    }
}

/* Goal: what is written is read back and verifies, for its leaf and its log alone. Method: parse,
 * compare all parts, verify; then with another leaf and another key. */
static void test_verify(void **state)
{
    (void)state;
    dais_proof_t proof;
    dais_checkpoint_t said;
    dais_slice_t bytes = put("hello");
    assert_int_equal(dais_proof_parse(bytes, &proof).err, DAIS_OK);
    assert_int_equal(proof.extra_size, 5);
    assert_true(dais_slice_equal(proof.extra, dais_slice_text("aGVsbG8=")));
    assert_int_equal(proof.index, INDEX);
    assert_true(reference_path_equal(&proof.path, &path));
    assert_true(dais_slice_equal(proof.checkpoint, checkpoint));
    assert_int_equal(dais_proof_verify(&proof, &leaves[INDEX], &key.vkey, &said), DAIS_OK);
    assert_int_equal(said.size, SIZE);
    assert_true(dais_slice_equal(said.origin, dais_slice_text(ORIGIN)));

    note_key_t other = note_key(ORIGIN, 2);
    assert_int_equal(dais_proof_verify(&proof, &leaves[INDEX + 1], &key.vkey, NULL),
                     DAIS_ERR_BAD_PROOF);
    assert_int_equal(dais_proof_verify(&proof, &leaves[INDEX], &other.vkey, NULL),
                     DAIS_ERR_UNKNOWN_KEY);
    proof.index = SIZE;
    assert_int_equal(dais_proof_verify(&proof, &leaves[INDEX], &key.vkey, NULL),
                     DAIS_ERR_OUT_OF_RANGE);
    assert_int_equal(dais_proof_parse(put(""), &proof).err, DAIS_OK);
    assert_int_equal(proof.extra_size, 0);
    assert_int_equal(proof.extra.size, 0);
}

/* Goal: no bit but those of extra, which nobody vouches for, can change; nothing can be cut off.
 * Method: all bits and all prefixes. A changed extra is refused or read as another value. */
static void test_damage(void **state)
{
    (void)state;
    static const char *const extras[] = {"", "hello"};
    for (size_t i = 0; i < 2; i++) {
        dais_slice_t bytes = put(extras[i]);
        size_t extra_begin = i == 0 ? 0 : strlen("c2sp.org/tlog-proof@v1\nextra ");
        size_t extra_end = i == 0 ? 0 : extra_begin + strlen("aGVsbG8=");
        for (size_t bit = 0; bit < bytes.size * 8; bit += slow_step(7)) {
            buffer[bit / 8] ^= (uint8_t)(1U << bit % 8);
            dais_err_t err = check(bytes);
            if (bit / 8 < extra_begin || bit / 8 >= extra_end)
                assert_int_not_equal(err, DAIS_OK);
            buffer[bit / 8] ^= (uint8_t)(1U << bit % 8);
        }
        for (size_t cut = 0; cut < bytes.size; cut++)
            assert_int_not_equal(check(dais_slice(buffer, cut)), DAIS_OK);
        assert_int_equal(check(bytes), DAIS_OK);
    }
}

#define FIRST "c2sp.org/tlog-proof@v1\n"
#define HASH  "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"

/* Goal: each fault of form has its code and place. Method: a table of texts, each followed by a
 * good checkpoint. */
static void test_form(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        dais_err_t err;
        size_t offset;
    } cases[] = {
        {FIRST "index 0\n\n", DAIS_OK, 0},
        {FIRST "index 0\n" HASH "\n", DAIS_OK, 0},
        {FIRST "extra AA==\nindex 0\n\n", DAIS_OK, 0},
        {FIRST "index 9223372036854775806\n\n", DAIS_OK, 0},
        {"c2sp.org/tlog-proof@v2\nindex 0\n\n", DAIS_ERR_WRONG_DOMAIN, 0},
        {" " FIRST "index 0\n\n", DAIS_ERR_WRONG_DOMAIN, 0},
        {"\n" FIRST "index 0\n\n", DAIS_ERR_WRONG_DOMAIN, 0},
        {FIRST "extra \nindex 0\n\n", DAIS_ERR_TOO_SHORT, 23},
        {FIRST "extra AA=\nindex 0\n\n", DAIS_ERR_BAD_BASE64, 23},
        {FIRST "extra AB==\nindex 0\n\n", DAIS_ERR_BAD_BASE64, 23},
        {FIRST "extra AA==\nextra AA==\nindex 0\n\n", DAIS_ERR_BAD_TEXT, 34},
        {FIRST "extraAA==\nindex 0\n\n", DAIS_ERR_BAD_TEXT, 23},
        {FIRST "index 0\nextra AA==\n\n", DAIS_ERR_BAD_BASE64, 31},
        {FIRST "index 00\n\n", DAIS_ERR_BAD_TEXT, 23},
        {FIRST "index \n\n", DAIS_ERR_BAD_TEXT, 23},
        {FIRST "index  0\n\n", DAIS_ERR_BAD_TEXT, 23},
        {FIRST "index 9223372036854775807\n\n", DAIS_ERR_OUT_OF_RANGE, 23},
        {FIRST "\n", DAIS_ERR_BAD_TEXT, 23},
        {FIRST "index 0\nAAAA\n\n", DAIS_ERR_TOO_SHORT, 31},
        {FIRST "index 0\nAAAA" HASH "\n", DAIS_ERR_TOO_LONG, 31},
        {FIRST "index 0\n" HASH HASH "A\n\n", DAIS_ERR_BAD_BASE64, 121},
        {FIRST "index 0\n\n\n", DAIS_ERR_BAD_TEXT, 32},
        {FIRST "index 0\n" HASH "\n\xff", DAIS_ERR_NOT_UTF8, 77},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        size_t size = strlen(cases[i].text);
        dais_proof_t proof;
        memcpy(buffer, cases[i].text, size);
        memcpy(buffer + size, checkpoint.data, checkpoint.size);
        dais_fault_t fault = dais_proof_parse(dais_slice(buffer, size + checkpoint.size), &proof);
        assert_int_equal(fault.err, cases[i].err);
        assert_int_equal(fault.offset, cases[i].offset);
    }
    static const char *const cut[] = {"",
                                      "c2sp.org",
                                      FIRST,
                                      FIRST "extra AA==\n",
                                      FIRST "index 0",
                                      FIRST "index 0\n",
                                      FIRST "index 0\n" HASH,
                                      FIRST "index 0\n\n"};
    for (size_t i = 0; i < sizeof(cut) / sizeof(cut[0]); i++) {
        dais_proof_t proof;
        dais_fault_t fault = dais_proof_parse(dais_slice_text(cut[i]), &proof);
        assert_int_equal(fault.err, DAIS_ERR_TRUNCATED);
    }
}

/* Goal: the bounds are the same for reader and writer. Method: extra of 2 MiB, and one byte more;
 * the longest path there is, in a tree of 2^63 - 1 equal leaves, and one hash more. */
static void test_bounds(void **state)
{
    (void)state;
    const size_t most = DAIS_LIMIT_PROOF_EXTRA;
    size_t room = DAIS_PROOF_BYTES_MAX(most + 1, sizeof(checkpoint_bytes)) + 64;
    uint8_t *text = malloc(room);
    uint8_t *extra = calloc(1, most + 3);
    assert_non_null(text);
    assert_non_null(extra);
    dais_writer_t writer;
    dais_proof_t proof;
    dais_writer_init(&writer, text, room);
    assert_int_equal(dais_proof_put(&writer, dais_slice(extra, most + 1), INDEX, &path, checkpoint),
                     DAIS_ERR_TOO_LONG);
    assert_int_equal(writer.size, 0);
    assert_int_equal(dais_proof_put(&writer, dais_slice(extra, most), INDEX, &path, checkpoint),
                     DAIS_OK);
    assert_int_equal(check(dais_slice(text, writer.size)), DAIS_OK);

    /* One character of padding less is one byte more. */
    uint8_t *pad = memchr(text, '=', writer.size);
    assert_non_null(pad);
    *pad = 'A';
    dais_fault_t fault = dais_proof_parse(dais_slice(text, writer.size), &proof);
    assert_int_equal(fault.err, DAIS_ERR_TOO_LONG);
    assert_int_equal(fault.offset, 23);

    reference_even_t tree;
    dais_tree_source_t source = reference_even(&tree, &leaves[INDEX]);
    dais_tree_path_t longest;
    dais_hash_t root;
    assert_int_equal(dais_tree_inclusion(&source, INDEX, INT64_MAX, &longest), DAIS_OK);
    assert_int_equal(longest.count, DAIS_PROOF_PATH_MAX);
    assert_int_equal(dais_tree_source_root(&source, INT64_MAX, &root), DAIS_OK);
    checkpoint = checkpoint_make(INT64_MAX, &root);
    dais_writer_init(&writer, text, DAIS_PROOF_BYTES_MAX(most, checkpoint.size));
    assert_int_equal(dais_proof_put(&writer, dais_slice(extra, most), INDEX, &longest, checkpoint),
                     DAIS_OK);
    assert_int_equal(check(dais_slice(text, writer.size)), DAIS_OK);
    size_t at = writer.size - checkpoint.size - 1;
    memmove(text + at + strlen(HASH), text + at, checkpoint.size + 1);
    memcpy(text + at, HASH, sizeof(HASH) - 1);
    fault = dais_proof_parse(dais_slice(text, writer.size + strlen(HASH)), &proof);
    assert_int_equal(fault.err, DAIS_ERR_TOO_LONG);
    assert_int_equal(fault.offset, at);
    free(text);
    free(extra);
    assert_int_equal(log_make(NULL), 0);
}

/* Goal: no proof is written that cannot be right. Method: a path of another length, an index beyond
 * the checkpoint, a checkpoint that is none, too little room. */
static void test_put_refuses(void **state)
{
    (void)state;
    dais_writer_t writer;
    dais_slice_t none = dais_slice(NULL, 0);
    dais_writer_init(&writer, buffer, sizeof(buffer));
    dais_tree_path_t longer = path;
    longer.count++;
    assert_int_equal(dais_proof_put(&writer, none, INDEX, &longer, checkpoint), DAIS_ERR_BAD_PROOF);
    assert_int_equal(dais_proof_put(&writer, none, SIZE, &path, checkpoint), DAIS_ERR_OUT_OF_RANGE);
    assert_int_equal(dais_proof_put(&writer, none, INDEX, &path, none), DAIS_ERR_TRUNCATED);
    dais_slice_t cut = dais_slice(checkpoint.data, checkpoint.size - 1);
    assert_int_equal(dais_proof_put(&writer, none, INDEX, &path, cut), DAIS_ERR_TRUNCATED);
    assert_int_equal(writer.size, 0);
    size_t size = put("").size;
    dais_writer_init(&writer, buffer, size - 1);
    assert_int_equal(dais_proof_put(&writer, none, INDEX, &path, checkpoint), DAIS_ERR_NO_SPACE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text),   cmocka_unit_test(test_verify),
        cmocka_unit_test(test_damage), cmocka_unit_test(test_form),
        cmocka_unit_test(test_bounds), cmocka_unit_test(test_put_refuses),
    };
    return cmocka_run_group_tests(tests, log_make, NULL);
}
