/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <sodium.h>

#include "base/logfmt.h"
#include "base/store.h"
#include "proto/export.h"
#include "proto/guard.h"
#include "proto/proof.h"
#include "proto/reader.h"
#include "proto/tile.h"
#include "tests/docs/doc_parts.h"

enum { EXPORT_FRAME_MAX = DAIS_EXPORT_FRAME_MAX };

typedef struct {
    const char *name;
    uint64_t value;
    const char *unit;
    const char *text;
} limit_t;

static const limit_t limits[] = {
#define DAIS_LIMIT(name, value, unit, text) {#name, DAIS_LIMIT_##name, (unit), (text)},
#include "proto/limits.def"
#undef DAIS_LIMIT
};

static const limit_t constants[] = {
    {"DAIS_SEQ_MAX", DAIS_SEQ_MAX, "", "the highest index, size and number in a chain"},
    {"DAIS_TIME_MAX_MS", DAIS_TIME_MAX_MS, "ms", "the last instant that RFC 3339 can write"},
    {"DAIS_READER_DEPTH_MAX", DAIS_READER_DEPTH_MAX, "levels", "arrays inside arrays"},
    {"DAIS_ID_SIZE", DAIS_ID_SIZE, "bytes", "the id of a message, actor or organisation"},
    {"DAIS_HASH_SIZE", DAIS_HASH_SIZE, "bytes", "a SHA-256 digest"},
    {"DAIS_KEY_SIZE", DAIS_KEY_SIZE, "bytes", "a public key or a salt"},
    {"DAIS_SIGNATURE_SIZE", DAIS_SIGNATURE_SIZE, "bytes", "an Ed25519 signature"},
    {"DAIS_PROOF_PATH_MAX", DAIS_PROOF_PATH_MAX, "hashes", "the path of a proof in text form"},
    {"DAIS_TILE_WIDTH", DAIS_TILE_WIDTH, "hashes", "a full tile"},
    {"DAIS_TILE_LEVELS", DAIS_TILE_LEVELS, "levels", "tiles one above the other"},
    {"DAIS_GUARD_SLOT_SIZE", DAIS_GUARD_SLOT_SIZE, "bytes", "one slot of the fork guard's file"},
    {"DAIS_EXPORT_FRAME_MAX", EXPORT_FRAME_MAX, "bytes", "one frame of an exported log"},
    {"DAIS_LOG_LINE_MAX", DAIS_LOG_LINE_MAX, "bytes", "one log line with its newline"},
    {"DAIS_LOG_NAME_MAX", DAIS_LOG_NAME_MAX, "bytes", "the name of an event or key in a log line"},
    {"DAIS_STORE_DATABASE_COUNT_MAX", DAIS_STORE_DATABASE_COUNT_MAX, "databases",
     "named databases of one store"},
    {"DAIS_STORE_KEY_SIZE_MAX", DAIS_STORE_KEY_SIZE_MAX, "bytes", "a key in a store"},
    {"DAIS_STORE_VALUE_SIZE_MAX", DAIS_STORE_VALUE_SIZE_MAX, "bytes", "a value in a store"},
};

static void table_put(doc_text_t *out, const limit_t *rows, size_t count)
{
    doc_put(out, "| name | value | unit | what it bounds |\n| --- | --- | --- | --- |\n");
    for (size_t i = 0; i < count; i++) {
        doc_put(out, "| `%s` | ", rows[i].name);
        doc_number(out, rows[i].value);
        doc_put(out, " | %s | %s |\n", rows[i].unit, rows[i].text);
    }
}

void doc_limits(doc_text_t *out, const char *argument)
{
    (void)argument;
    table_put(out, limits, sizeof limits / sizeof limits[0]);
}

void doc_constants(doc_text_t *out, const char *argument)
{
    (void)argument;
    table_put(out, constants, sizeof constants / sizeof constants[0]);
}

/* Those by which a format is refused; err.def has them first. */
void doc_errors(doc_text_t *out, const char *argument)
{
    (void)argument;
    doc_put(out, "| code | meaning |\n| --- | --- |\n");
    for (unsigned err = DAIS_OK + 1; err <= DAIS_ERR_WRONG_PURPOSE; err++)
        doc_put(out, "| `%s` | %s |\n", dais_err_code((dais_err_t)err),
                dais_err_text((dais_err_t)err));
}

static void hex_put(doc_text_t *out, const uint8_t *bytes)
{
    char hex[2 * DAIS_KEY_SIZE + 1];
    doc_put(out, "`%s`", sodium_bin2hex(hex, sizeof hex, bytes, DAIS_KEY_SIZE));
}

void doc_cast(doc_text_t *out, const char *argument)
{
    (void)argument;
    doc_put(out, "| device | seed | Ed25519 public key | X25519 public key |\n"
                 "| --- | --- | --- | --- |\n");
    for (const dais_sample_actor_t *actor = dais_sample_actors(); actor->name != NULL; actor++) {
        doc_put(out, "| %s | ", actor->name);
        hex_put(out, actor->seed.bytes);
        doc_put(out, " | ");
        hex_put(out, actor->device.key.bytes);
        doc_put(out, " | ");
        hex_put(out, actor->device.box_key.bytes);
        doc_put(out, " |\n");
    }
}
