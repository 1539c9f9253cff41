/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "proto/checkpoint.h"
#include "proto/entry.h"
#include "proto/entry_bundle.h"
#include "proto/tile_writer.h"

/* Writes a log for other implementations to read: write_log FOLDER SIZE...
 *
 * The folder is there and empty; sizes rise. Entries commit to random records, the key is fresh.
 * At each size all that a reader needs is published: tiles, entry bundles, checkpoints/SIZE; at the
 * last also `checkpoint`. Between two sizes the writer is taken up anew from its own files. The
 * only line of output is the key to verify with. */

#define ORIGIN         "rehearsal/registry.example.org/interop"
#define PATH_BYTES_MAX 1024

typedef struct {
    const char *folder;
    dais_vkey_t vkey;
    uint8_t secret[DAIS_NOTE_SECRET_BYTES];
    dais_tile_writer_t tiles;
    uint8_t bundle[DAIS_TILE_WIDTH * (DAIS_ENTRY_SIZE_MAX + 2)];
    dais_writer_t bundle_writer;
} log_t;

static void check(dais_err_t err, const char *what)
{
    if (err == DAIS_OK)
        return;
    (void)fprintf(stderr, "write_log: %s: %s\n", what, dais_err_text(err));
    exit(1);
}

/* The path of a file of the log, with the folders above it made. */
static void path_make(const log_t *log, const char *name, char path[PATH_BYTES_MAX])
{
    int size = snprintf(path, PATH_BYTES_MAX, "%s/%s", log->folder, name);
    check(size < PATH_BYTES_MAX ? DAIS_OK : DAIS_ERR_TOO_LONG, name);
    for (char *slash = path + strlen(log->folder) + 1; (slash = strchr(slash, '/')) != NULL;) {
        *slash = 0;
        check(mkdir(path, 0755) == 0 || errno == EEXIST ? DAIS_OK : DAIS_ERR_IO, path);
        *slash++ = '/';
    }
}

static void file_write(const log_t *log, const char *name, dais_slice_t bytes)
{
    char path[PATH_BYTES_MAX];
    path_make(log, name, path);
    FILE *file = fopen(path, "wb");
    bool good = file != NULL && fwrite(bytes.data, 1, bytes.size, file) == bytes.size;
    good = file != NULL && fclose(file) == 0 && good;
    check(good ? DAIS_OK : DAIS_ERR_IO, path);
}

static dais_err_t tile_write(void *context, const dais_tile_t *tile, dais_slice_t bytes)
{
    char name[DAIS_TILE_PATH_MAX];
    dais_tile_path_put(tile, name);
    file_write(context, name, bytes);
    return DAIS_OK;
}

static dais_err_t tile_read(void *context, const dais_tile_t *tile, dais_hash_t *out)
{
    char name[DAIS_TILE_PATH_MAX];
    char path[PATH_BYTES_MAX];
    dais_tile_path_put(tile, name);
    path_make(context, name, path);
    FILE *file = fopen(path, "rb");
    bool good = file != NULL && fread(out, sizeof(*out), tile->width, file) == tile->width;
    good = file != NULL && fclose(file) == 0 && good;
    return good ? DAIS_OK : DAIS_ERR_IO;
}

static void bundle_write(log_t *log, uint64_t index, unsigned width)
{
    dais_tile_t tile = {DAIS_TILE_ENTRIES, 0, index, width};
    dais_slice_t bytes;
    check(dais_writer_finish(&log->bundle_writer, &bytes), "entry bundle");
    check(tile_write(log, &tile, bytes), "entry bundle");
}

static void entry_append(log_t *log)
{
    dais_hash_t commitment;
    uint8_t leaf[DAIS_ENTRY_SIZE_MAX];
    dais_writer_t writer;
    dais_slice_t bytes;
    uint64_t seq = log->tiles.size;
    randombytes_buf(&commitment, sizeof(commitment));
    dais_writer_init(&writer, leaf, sizeof(leaf));
    check(dais_entry_write(seq, &commitment, &writer), "entry");
    check(dais_writer_finish(&writer, &bytes), "entry");

    dais_tile_sink_t sink = {tile_write, log};
    dais_hash_t hash = dais_tree_leaf_hash(bytes);
    check(dais_entry_bundle_put(&log->bundle_writer, bytes), "entry bundle");
    check(dais_tile_writer_append(&log->tiles, &hash, &sink), "tile");
    if (log->tiles.size % DAIS_TILE_WIDTH == 0) {
        bundle_write(log, seq / DAIS_TILE_WIDTH, DAIS_TILE_WIDTH);
        dais_writer_init(&log->bundle_writer, log->bundle, sizeof(log->bundle));
    }
}

static void publish(log_t *log, bool last)
{
    uint64_t size = log->tiles.size;
    dais_tile_sink_t sink = {tile_write, log};
    check(dais_tile_writer_partials(&log->tiles, &sink), "partial tiles");
    if (size % DAIS_TILE_WIDTH != 0)
        bundle_write(log, size / DAIS_TILE_WIDTH, (unsigned)(size % DAIS_TILE_WIDTH));

    dais_checkpoint_t checkpoint = {dais_slice_text(ORIGIN), size,
                                    dais_tile_writer_root(&log->tiles)};
    uint8_t note[DAIS_CHECKPOINT_SIGNED_MAX];
    dais_writer_t writer;
    char name[64];
    dais_writer_init(&writer, note, sizeof(note));
    check(dais_checkpoint_sign(&checkpoint, &log->vkey, log->secret, &writer), "checkpoint");
    (void)snprintf(name, sizeof(name), "checkpoints/%llu", (unsigned long long)size);
    file_write(log, name, dais_slice(note, writer.size));
    if (last)
        file_write(log, "checkpoint", dais_slice(note, writer.size));
}

static void key_make(log_t *log)
{
    uint8_t key[DAIS_VKEY_BYTES];
    if (sodium_init() < 0 || crypto_sign_keypair(key, log->secret) != 0)
        check(DAIS_ERR_CRYPTO, "key");
    check(dais_vkey_make(dais_slice_text(ORIGIN), key, &log->vkey), "key");
}

static void vkey_print(const log_t *log)
{
    uint8_t text[DAIS_LIMIT_ORIGIN + 64];
    dais_writer_t writer;
    dais_writer_init(&writer, text, sizeof(text));
    dais_vkey_put(&writer, &log->vkey);
    check(writer.err, "key");
    (void)printf("%.*s\n", (int)writer.size, (const char *)text);
}

int main(int argc, char **argv)
{
    static log_t log;
    if (argc < 3) {
        (void)fprintf(stderr, "usage: write_log FOLDER SIZE...\n");
        return 2;
    }
    log.folder = argv[1];
    key_make(&log);
    dais_tile_writer_init(&log.tiles);
    dais_writer_init(&log.bundle_writer, log.bundle, sizeof(log.bundle));
    for (int i = 2; i < argc; i++) {
        uint64_t size = strtoull(argv[i], NULL, 10);
        while (log.tiles.size < size)
            entry_append(&log);
        publish(&log, i + 1 == argc);
        dais_tile_source_t source = {tile_read, &log};
        memset(&log.tiles, 0xee, sizeof(log.tiles));
        check(dais_tile_writer_resume(&log.tiles, size, &source), "resume");
    }
    vkey_print(&log);
    return 0;
}
