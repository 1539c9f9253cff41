/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <ftw.h>
#include <sodium.h>

#include "proto/base64.h"
#include "proto/checkpoint.h"
#include "proto/entry_bundle.h"
#include "proto/text.h"
#include "proto/tile_writer.h"
#include "proto/tree_verify.h"

/* Cases and files that other implementations of the tree and of the tiles are judged by. They are
 * no part of this project: the environment variable DAIS_VECTORS names the folder. */

#define PATH_MAX_BYTES 1024
#define FILE_MAX_BYTES 65536

static const char *vectors_folder(void)
{
    const char *folder = getenv("DAIS_VECTORS");
    if (folder == NULL || *folder == 0) {
        print_message("skipped: no vectors\n");
        skip();
    }
    return folder;
}

/* Reads a whole file; lives until the next call. */
static dais_slice_t file_read(const char *path)
{
    static uint8_t bytes[FILE_MAX_BYTES];
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        fail_msg("cannot open %s", path);
    size_t size = fread(bytes, 1, sizeof(bytes), file);
    assert_true(size < sizeof(bytes));
    assert_int_equal(fclose(file), 0);
    return dais_slice(bytes, size);
}

/* What follows "name": in a flat JSON object; the names of the cases are in no string value. */
static dais_slice_t json_value(dais_slice_t json, const char *name)
{
    char quoted[32];
    (void)snprintf(quoted, sizeof(quoted), "\"%s\":", name);
    const uint8_t *at = memmem(json.data, json.size, quoted, strlen(quoted));
    if (at == NULL) {
        fail_msg("no %s in a case", name);
        abort();
    }
    at += strlen(quoted);
    while (*at == ' ')
        at++;
    return dais_slice(at, (size_t)(json.data + json.size - at));
}

static uint64_t json_number(dais_slice_t json, const char *name)
{
    dais_slice_t value = json_value(json, name);
    size_t digits = 0;
    while (digits < value.size && value.data[digits] >= '0' && value.data[digits] <= '9')
        digits++;
    uint64_t number;
    assert_int_equal(dais_text_uint(dais_slice(value.data, digits), UINT64_MAX, &number), DAIS_OK);
    return number;
}

/* Takes the next quoted string that begins before `stop`. */
static bool json_string_next(dais_slice_t *rest, uint8_t stop, dais_slice_t *string)
{
    while (rest->size > 0 && *rest->data != '"' && *rest->data != stop)
        *rest = dais_slice(rest->data + 1, rest->size - 1);
    if (rest->size == 0 || *rest->data == stop)
        return false;
    const uint8_t *begin = rest->data + 1;
    const uint8_t *end = memchr(begin, '"', rest->size - 1);
    assert_non_null(end);
    *string = dais_slice(begin, (size_t)(end - begin));
    *rest = dais_slice(end + 1, rest->size - string->size - 2);
    return true;
}

static struct {
    unsigned found;
    unsigned passed;
    unsigned accepted;
    unsigned unread; /* refused before the verifier: a hash is not 32 bytes */
    unsigned padded; /* roots */
} tally;

static dais_slice_t json_string(dais_slice_t json, const char *name)
{
    dais_slice_t value = json_value(json, name);
    dais_slice_t text = {0};
    assert_true(json_string_next(&value, '\n', &text));
    return text;
}

/* The two roots of a consistency case. Some cases put a short text in place of a root and want it
 * compared all the same, one of them accepted; a root of ours always has 32 bytes, so zero bytes
 * are added. Texts that differ still differ then. All other hashes are read as a text proof is. */
static dais_hash_t json_root(dais_slice_t json, const char *name)
{
    dais_hash_t hash = {{0}};
    size_t size;
    dais_slice_t text = json_string(json, name);
    assert_int_equal(dais_base64_decode(text, hash.bytes, sizeof(hash.bytes), &size), DAIS_OK);
    tally.padded += size < sizeof(hash.bytes);
    return hash;
}

/* An array of hashes, or null. */
static dais_err_t json_proof(dais_slice_t json, dais_tree_path_t *proof)
{
    dais_slice_t value = json_value(json, "proof");
    dais_slice_t text;
    proof->count = 0;
    if (value.size >= 4 && memcmp(value.data, "null", 4) == 0)
        return DAIS_OK;
    while (json_string_next(&value, ']', &text)) {
        assert_true(proof->count < DAIS_TREE_PATH_MAX);
        dais_err_t err = dais_text_hash(text, &proof->hashes[proof->count]);
        if (err != DAIS_OK)
            return err;
        proof->count++;
    }
    return DAIS_OK;
}

static bool inclusion_accepted(dais_slice_t json)
{
    dais_hash_t leaf;
    dais_hash_t root;
    dais_tree_path_t path;
    if (dais_text_hash(json_string(json, "leafHash"), &leaf) != DAIS_OK ||
        dais_text_hash(json_string(json, "root"), &root) != DAIS_OK ||
        json_proof(json, &path) != DAIS_OK) {
        tally.unread++;
        return false;
    }
    uint64_t index = json_number(json, "leafIdx");
    uint64_t size = json_number(json, "treeSize");
    return dais_tree_inclusion_verify(index, size, &leaf, dais_tree_path_bytes(&path), &root) ==
           DAIS_OK;
}

static bool consistency_accepted(dais_slice_t json)
{
    dais_tree_path_t proof;
    dais_hash_t root1 = json_root(json, "root1");
    dais_hash_t root2 = json_root(json, "root2");
    if (json_proof(json, &proof) != DAIS_OK) {
        tally.unread++;
        return false;
    }
    uint64_t size1 = json_number(json, "size1");
    uint64_t size2 = json_number(json, "size2");
    return dais_tree_consistency_verify(size1, size2, &root1, &root2,
                                        dais_tree_path_bytes(&proof)) == DAIS_OK;
}

static int case_visit(const char *path, const struct stat *status, int type, struct FTW *where)
{
    (void)status;
    (void)where;
    size_t length = strlen(path);
    if (type != FTW_F || length < 5 || strcmp(path + length - 5, ".json") != 0)
        return 0;
    dais_slice_t json = file_read(path);
    bool refusal_wanted = json_value(json, "wantErr").data[0] == 't';
    bool inclusion = strstr(path, "/inclusion/") != NULL;
    bool accepted = inclusion ? inclusion_accepted(json) : consistency_accepted(json);
    tally.found++;
    tally.accepted += accepted;
    tally.passed += accepted != refusal_wanted;
    if (accepted == refusal_wanted)
        print_message("%s: %s\n", path, accepted ? "accepted" : "refused");
    return 0;
}

/* Goal: proofs are accepted and refused as everywhere else. Method: the cases of
 * transparency-dev/merkle, 98 of inclusion and 98 of consistency, most of them to be refused. */
static void test_merkle_cases(void **state)
{
    (void)state;
    char folder[PATH_MAX_BYTES];
    (void)snprintf(folder, sizeof(folder), "%s/merkle", vectors_folder());
    assert_int_equal(nftw(folder, case_visit, 16, FTW_PHYS), 0);
    print_message("vectors: %u of %u\n", tally.passed, tally.found);
    print_message(
        "accepted %u, refused by the verifier %u, refused on reading %u (a hash is not 32 "
        "bytes); %u short roots padded\n",
        tally.accepted, tally.found - tally.accepted - tally.unread, tally.unread, tally.padded);
    assert_int_equal(tally.found, 196);
    assert_int_equal(tally.passed, 196);
}

static const char *const log_leaves[] = {"one",    "two",   "three",    "four",    "five",
                                         "six",    "seven", "eit",      "nain",    "ten",
                                         "ileven", "twelf", "threeten", "fourten", "fivten"};
enum { LOG_SIZE = sizeof(log_leaves) / sizeof(log_leaves[0]) };

/* The published key of that log; it signs nothing else. Its form, "PRIVATE+KEY+name+id+base64(type
 * || seed)", is Go's, and no part of this project reads it. */
#define LOG_SKEY                                                                                   \
    "PRIVATE+KEY+example.com/log/testdata+33d7b496+AeymY/SZAX0jZcJ8enZ5FY1Dz+wTML2yWSkK+9DSF3eg"

typedef struct {
    const char *folder;
    unsigned files;
    dais_vkey_t vkey;
    uint8_t secret[DAIS_NOTE_SECRET_BYTES];
    dais_tile_writer_t tiles;
    uint8_t entries[256];
    dais_writer_t entries_writer;
} log_t;

static void log_key_make(log_t *log)
{
    dais_slice_t text = dais_slice_text(LOG_SKEY);
    assert_true(dais_text_prefix(&text, "PRIVATE+KEY+"));
    dais_slice_t name = dais_slice(text.data, strlen("example.com/log/testdata"));
    dais_slice_t id_and_rest = dais_slice(text.data + name.size + 1, text.size - name.size - 1);
    dais_slice_t seed_text = dais_slice(id_and_rest.data + 9, id_and_rest.size - 9);
    uint8_t typed[1 + crypto_sign_SEEDBYTES];
    uint8_t public_key[DAIS_VKEY_BYTES];
    size_t size;
    assert_int_equal(dais_base64_decode(seed_text, typed, sizeof(typed), &size), DAIS_OK);
    assert_int_equal(size, sizeof(typed));
    assert_int_equal(crypto_sign_seed_keypair(public_key, log->secret, typed + 1), 0);
    assert_int_equal(dais_vkey_make(name, public_key, &log->vkey), DAIS_OK);
    assert_int_equal(log->vkey.id, 0x33d7b496);
}

static void log_compare(log_t *log, const char *name, dais_slice_t ours)
{
    char path[PATH_MAX_BYTES];
    (void)snprintf(path, sizeof(path), "%s/tile-log/%s", log->folder, name);
    dais_slice_t theirs = file_read(path);
    if (!dais_slice_equal(ours, theirs))
        fail_msg("%s differs", name);
    log->files++;
}

static dais_err_t log_tile(void *context, const dais_tile_t *tile, dais_slice_t bytes)
{
    char path[DAIS_TILE_PATH_MAX];
    dais_tile_path_put(tile, path);
    log_compare(context, path, bytes);
    return DAIS_OK;
}

static void log_publish(log_t *log)
{
    uint64_t size = log->tiles.size;
    dais_tile_sink_t sink = {log_tile, log};
    assert_int_equal(dais_tile_writer_partials(&log->tiles, &sink), DAIS_OK);
    dais_slice_t entries;
    assert_int_equal(dais_writer_finish(&log->entries_writer, &entries), DAIS_OK);
    if (size > 0) {
        dais_tile_t tile = {DAIS_TILE_ENTRIES, 0, 0, dais_tile_width(0, 0, size)};
        assert_int_equal(log_tile(log, &tile, entries), DAIS_OK);
    }
    dais_checkpoint_t checkpoint = {dais_slice_text(log->vkey.name), size,
                                    dais_tile_writer_root(&log->tiles)};
    uint8_t note[DAIS_CHECKPOINT_SIGNED_MAX];
    dais_writer_t writer;
    dais_writer_init(&writer, note, sizeof(note));
    assert_int_equal(dais_checkpoint_sign(&checkpoint, &log->vkey, log->secret, &writer), DAIS_OK);
    char name[32];
    (void)snprintf(name, sizeof(name), "checkpoint.%u", (unsigned)size);
    log_compare(log, name, dais_slice(note, writer.size));
    if (size == LOG_SIZE)
        log_compare(log, "checkpoint", dais_slice(note, writer.size));
}

/* Goal: what we publish is byte for byte what another implementation publishes. Method: the log of
 * 15 entries of transparency-dev/tessera: every partial tile and entry bundle, and every signed
 * checkpoint of sizes 0 to 15, made anew and compared. */
static void test_tile_log(void **state)
{
    (void)state;
    static log_t log;
    log.folder = vectors_folder();
    log_key_make(&log);
    dais_tile_writer_init(&log.tiles);
    dais_writer_init(&log.entries_writer, log.entries, sizeof(log.entries));
    dais_tile_sink_t sink = {log_tile, &log};
    log_publish(&log);
    for (size_t i = 0; i < LOG_SIZE; i++) {
        dais_slice_t leaf = dais_slice_text(log_leaves[i]);
        dais_hash_t hash = dais_tree_leaf_hash(leaf);
        assert_int_equal(dais_entry_bundle_put(&log.entries_writer, leaf), DAIS_OK);
        assert_int_equal(dais_tile_writer_append(&log.tiles, &hash, &sink), DAIS_OK);
        log_publish(&log);
    }
    assert_int_equal(log.files, 16 + 1 + 15 + 15);
    print_message("tile log: %u files, the same bytes\n", log.files);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_merkle_cases),
        cmocka_unit_test(test_tile_log),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
