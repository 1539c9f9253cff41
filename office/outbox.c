/* SPDX-License-Identifier: Apache-2.0 */
#include "office/outbox.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "proto/reader.h"
#include "proto/writer.h"

#define MAP_BYTES      ((size_t)16 << 30) /* address space, no memory and no disk */
#define READERS_MAX    64
#define FATE_BYTES_MAX 2048

static const char *const outbox_names[DAIS_OUTBOX_DATABASE_COUNT] = {
    [DAIS_OUTBOX_HEAD] = "head",   [DAIS_OUTBOX_MESSAGE] = "message",
    [DAIS_OUTBOX_FATE] = "fate",   [DAIS_OUTBOX_ID] = "id",
    [DAIS_OUTBOX_QUEUE] = "queue", [DAIS_OUTBOX_BUNDLE] = "bundle",
    [DAIS_OUTBOX_STAMP] = "stamp", [DAIS_OUTBOX_RECEIPT] = "receipt",
    [DAIS_OUTBOX_OPEN] = "open",   [DAIS_OUTBOX_CACHE] = "cache",
};

uint64_t dais_outbox_number(const uint8_t *bytes)
{
    uint64_t number = 0;
    for (size_t i = 0; i < 8; i++)
        number = number << 8 | bytes[i];
    return number;
}

void dais_outbox_number_put(uint64_t number, uint8_t bytes[8])
{
    for (size_t i = 0; i < 8; i++)
        bytes[i] = (uint8_t)(number >> (56 - 8 * i));
}

dais_outbox_key_t dais_outbox_key(unsigned stream, uint64_t number)
{
    dais_outbox_key_t key = {.bytes = {(uint8_t)stream}};
    dais_outbox_number_put(number, key.bytes + 1);
    return key;
}

unsigned dais_outbox_stream(uint64_t kind)
{
    const dais_kind_t *found = dais_kind_of(kind);
    assert(found != NULL && found->stream != DAIS_STREAM_OWN);
    return (unsigned)found->stream;
}

/* Whose outbox it is stands in it, so that a folder moved to another place is not taken for that
 * of another key: its chain would be wrong. */
static dais_err_t outbox_own(dais_store_t *store, const dais_key_t *key, const dais_hash_t *log)
{
    uint8_t owner[DAIS_KEY_SIZE + DAIS_HASH_SIZE];
    dais_slice_t found;
    dais_txn_t txn;
    memcpy(owner, key->bytes, DAIS_KEY_SIZE);
    memcpy(owner + DAIS_KEY_SIZE, log->bytes, DAIS_HASH_SIZE);
    dais_txn_begin(&txn, store, DAIS_TXN_WRITE);
    if (!dais_txn_get(&txn, DAIS_OUTBOX_HEAD, dais_slice_text("owner"), &found))
        dais_txn_put(&txn, DAIS_OUTBOX_HEAD, dais_slice_text("owner"),
                     dais_slice(owner, sizeof owner));
    else if (!dais_slice_equal(found, dais_slice(owner, sizeof owner)))
        dais_txn_fail(&txn, DAIS_ERR_WRONG_PURPOSE);
    return dais_txn_commit(&txn);
}

static dais_err_t outbox_open_store(dais_outbox_t *outbox)
{
    dais_store_options_t options = {.folder = outbox->folder,
                                    .create = true,
                                    .map_bytes = MAP_BYTES,
                                    .reader_count_max = READERS_MAX,
                                    .databases = outbox_names,
                                    .database_count = DAIS_OUTBOX_DATABASE_COUNT};
    return dais_store_open(&outbox->store, &options);
}

/* How: as flock() has it. */
static dais_err_t outbox_lock(const dais_outbox_t *outbox, int how)
{
    int result;
    do {
        result = flock(outbox->lock_fd, how);
    } while (result != 0 && errno == EINTR);
    return result == 0 ? DAIS_OK : dais_file_err(errno);
}

static dais_err_t outbox_lock_open(dais_outbox_t *outbox)
{
    char path[PATH_MAX];
    dais_err_t err = dais_file_ensure_folder(outbox->folder, 0700);
    if (err != DAIS_OK)
        return err;
    (void)snprintf(path, sizeof path, "%s/%s", outbox->folder, DAIS_OUTBOX_LOCK);
    outbox->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    return outbox->lock_fd < 0 ? dais_file_err(errno) : outbox_lock(outbox, LOCK_SH);
}

static void outbox_release(dais_outbox_t *outbox)
{
    dais_store_close(&outbox->store);
    if (outbox->lock_fd >= 0)
        (void)close(outbox->lock_fd);
    outbox->lock_fd = -1;
}

dais_err_t dais_outbox_open(dais_outbox_t *outbox, const char *folder, const dais_key_t *key,
                            const dais_hash_t *log)
{
    outbox->store = NULL;
    outbox->lock_fd = -1;
    if (snprintf(outbox->folder, sizeof outbox->folder, "%s", folder) >= (int)sizeof outbox->folder)
        return DAIS_ERR_TOO_LONG;
    dais_err_t err = outbox_lock_open(outbox);
    if (err == DAIS_OK)
        err = outbox_open_store(outbox);
    if (err == DAIS_OK)
        err = outbox_own(outbox->store, key, log);
    if (err != DAIS_OK)
        outbox_release(outbox);
    return err;
}

void dais_outbox_close(dais_outbox_t *outbox)
{
    if (outbox->store != NULL)
        outbox_release(outbox);
}

static dais_err_t compact_alone(dais_outbox_t *outbox)
{
    char draft[PATH_MAX];
    (void)snprintf(draft, sizeof draft, "%s/compact.draft", outbox->folder);
    (void)unlink(draft); /* of a process that died here */
    dais_err_t err = outbox_open_store(outbox);
    mode_t before = umask(077);
    if (err == DAIS_OK)
        err = dais_store_copy(outbox->store, draft);
    (void)umask(before);
    dais_store_close(&outbox->store);
    return err == DAIS_OK ? dais_store_place(outbox->folder, draft) : err;
}

/* The store is closed whenever the lock changes, for it may be another file afterwards. */
dais_err_t dais_outbox_compact(dais_outbox_t *outbox, bool *busy)
{
    dais_store_close(&outbox->store);
    *busy = outbox_lock(outbox, LOCK_EX | LOCK_NB) != DAIS_OK;
    dais_err_t err = *busy ? DAIS_OK : compact_alone(outbox);
    if (err == DAIS_OK)
        err = outbox_lock(outbox, LOCK_SH);
    if (err == DAIS_OK)
        err = outbox_open_store(outbox);
    if (err != DAIS_OK)
        outbox_release(outbox);
    return err;
}

static void chain_key(unsigned stream, uint8_t key[6])
{
    memcpy(key, "chain", 5); /* NOLINT(bugprone-not-null-terminated-result): no text */
    key[5] = (uint8_t)stream;
}

dais_outbox_chain_t dais_outbox_chain(dais_txn_t *txn, unsigned stream)
{
    dais_outbox_chain_t chain = {0};
    uint8_t key[6];
    dais_slice_t row;
    chain_key(stream, key);
    if (dais_txn_get(txn, DAIS_OUTBOX_HEAD, dais_slice(key, sizeof key), &row) &&
        row.size == 8 + DAIS_HASH_SIZE) {
        chain.next = dais_outbox_number(row.data);
        memcpy(chain.prev.bytes, row.data + 8, DAIS_HASH_SIZE);
    }
    return chain;
}

void dais_outbox_chain_put(dais_txn_t *txn, unsigned stream, const dais_outbox_chain_t *chain)
{
    uint8_t key[6];
    uint8_t row[8 + DAIS_HASH_SIZE];
    chain_key(stream, key);
    dais_outbox_number_put(chain->next, row);
    memcpy(row + 8, chain->prev.bytes, DAIS_HASH_SIZE);
    dais_txn_put(txn, DAIS_OUTBOX_HEAD, dais_slice(key, sizeof key), dais_slice(row, sizeof row));
}

bool dais_outbox_message(dais_txn_t *txn, uint64_t number, dais_outbox_message_t *message)
{
    uint8_t key[8];
    dais_slice_t row;
    dais_reader_t reader;
    dais_outbox_number_put(number, key);
    memset(message, 0, sizeof *message);
    if (!dais_txn_get(txn, DAIS_OUTBOX_MESSAGE, dais_slice(key, sizeof key), &row))
        return false;
    dais_reader_init(&reader, row);
    (void)dais_reader_array(&reader, 5, 5);
    message->kind = dais_reader_uint(&reader, 0, 127);
    message->queued_at = dais_reader_uint(&reader, 0, DAIS_TIME_MAX_MS);
    message->message = dais_reader_bin(&reader, 1, DAIS_LIMIT_MESSAGE);
    message->public_opening = dais_reader_bin(&reader, 0, 32 + DAIS_LIMIT_CONTENT);
    message->private_opening = dais_reader_bin(&reader, 0, 32 + DAIS_LIMIT_CONTENT);
    if (dais_reader_finish(&reader).err != DAIS_OK)
        dais_txn_fail(txn, DAIS_ERR_CORRUPT);
    return txn->err == DAIS_OK;
}

bool dais_outbox_fate(dais_txn_t *txn, uint64_t number, dais_outbox_fate_t *fate)
{
    uint8_t key[8];
    dais_slice_t row;
    dais_reader_t reader;
    dais_outbox_number_put(number, key);
    memset(fate, 0, sizeof *fate);
    if (!dais_txn_get(txn, DAIS_OUTBOX_FATE, dais_slice(key, sizeof key), &row))
        return false;
    dais_reader_init(&reader, row);
    (void)dais_reader_array(&reader, 8, 8);
    fate->state = dais_reader_uint(&reader, DAIS_FATE_QUEUED, DAIS_FATE_REFUSED);
    fate->k = dais_reader_uint(&reader, 0, DAIS_SEQ_MAX);
    fate->index = dais_reader_uint(&reader, 0, DAIS_LIMIT_BUNDLE_MESSAGES - 1);
    fate->seq = dais_reader_uint(&reader, 0, DAIS_SEQ_MAX);
    fate->duplicate = dais_reader_uint(&reader, 0, 1);
    fate->attempts = dais_reader_uint(&reader, 0, UINT32_MAX);
    dais_slice_t code = dais_reader_str(&reader, 0, DAIS_LIMIT_CODE);
    fate->verdict_count = (uint16_t)dais_reader_array(&reader, 0, DAIS_LIMIT_TARGETS);
    for (size_t i = 0; i < fate->verdict_count; i++)
        fate->verdicts[i] = (uint16_t)dais_reader_uint(&reader, 0, UINT16_MAX);
    if (dais_reader_finish(&reader).err != DAIS_OK)
        dais_txn_fail(txn, DAIS_ERR_CORRUPT);
    else
        memcpy(fate->code, code.data, code.size);
    return txn->err == DAIS_OK;
}

void dais_outbox_fate_put(dais_txn_t *txn, uint64_t number, const dais_outbox_fate_t *fate)
{
    uint8_t key[8];
    uint8_t buffer[FATE_BYTES_MAX];
    dais_slice_t row;
    dais_writer_t writer;
    dais_outbox_number_put(number, key);
    dais_writer_init(&writer, buffer, sizeof buffer);
    dais_writer_array(&writer, 8);
    dais_writer_uint(&writer, fate->state);
    dais_writer_uint(&writer, fate->k);
    dais_writer_uint(&writer, fate->index);
    dais_writer_uint(&writer, fate->seq);
    dais_writer_uint(&writer, fate->duplicate);
    dais_writer_uint(&writer, fate->attempts);
    dais_writer_str(&writer, dais_slice_text(fate->code));
    dais_writer_array(&writer, fate->verdict_count);
    for (size_t i = 0; i < fate->verdict_count; i++)
        dais_writer_uint(&writer, fate->verdicts[i]);
    dais_err_t err = dais_writer_finish(&writer, &row);
    assert(err == DAIS_OK); /* the buffer holds the largest */
    dais_txn_put(txn, DAIS_OUTBOX_FATE, dais_slice(key, sizeof key), row);
}

bool dais_outbox_find(dais_txn_t *txn, const dais_id_t *id, uint64_t *number)
{
    dais_slice_t row;
    if (!dais_txn_get(txn, DAIS_OUTBOX_ID, dais_slice(id->bytes, DAIS_ID_SIZE), &row))
        return false;
    if (row.size != 8)
        dais_txn_fail(txn, DAIS_ERR_CORRUPT);
    else
        *number = dais_outbox_number(row.data);
    return txn->err == DAIS_OK;
}

void dais_outbox_message_put(dais_txn_t *txn, uint64_t number, const dais_outbox_message_t *message)
{
    size_t capacity =
        message->message.size + message->public_opening.size + message->private_opening.size + 64;
    uint8_t *buffer = malloc(capacity);
    uint8_t key[8];
    dais_slice_t row;
    dais_writer_t writer;
    if (buffer == NULL) {
        dais_txn_fail(txn, DAIS_ERR_NO_MEMORY);
        return;
    }
    dais_outbox_number_put(number, key);
    dais_writer_init(&writer, buffer, capacity);
    dais_writer_array(&writer, 5);
    dais_writer_uint(&writer, message->kind);
    dais_writer_uint(&writer, message->queued_at);
    dais_writer_bin(&writer, message->message);
    dais_writer_bin(&writer, message->public_opening);
    dais_writer_bin(&writer, message->private_opening);
    if (dais_writer_finish(&writer, &row) == DAIS_OK)
        dais_txn_put(txn, DAIS_OUTBOX_MESSAGE, dais_slice(key, sizeof key), row);
    else
        dais_txn_fail(txn, DAIS_ERR_NO_SPACE);
    free(buffer);
}

static void outbox_put_one(dais_txn_t *txn, uint64_t number, const dais_outbox_message_t *message)
{
    dais_message_t decoded;
    const dais_kind_t *kind;
    uint64_t other;
    uint8_t bytes[8];
    dais_err_t err = dais_message_decode(message->message, &decoded, &kind).err;
    if (err == DAIS_OK && dais_outbox_find(txn, &decoded.id, &other))
        err = DAIS_ERR_EXISTS;
    if (err != DAIS_OK) {
        dais_txn_fail(txn, err);
        return;
    }
    dais_outbox_key_t queue = dais_outbox_key((unsigned)kind->stream, number);
    dais_outbox_fate_t fate = {.state = DAIS_FATE_QUEUED};
    dais_outbox_number_put(number, bytes);
    dais_outbox_message_put(txn, number, message);
    dais_outbox_fate_put(txn, number, &fate);
    dais_txn_put(txn, DAIS_OUTBOX_ID, dais_slice(decoded.id.bytes, DAIS_ID_SIZE),
                 dais_slice(bytes, sizeof bytes));
    dais_txn_put(txn, DAIS_OUTBOX_QUEUE, dais_outbox_key_slice(&queue), dais_slice("", 0));
}

dais_err_t dais_outbox_put(dais_outbox_t *outbox, const dais_outbox_message_t *messages,
                           size_t count)
{
    dais_txn_t txn;
    dais_slice_t row;
    uint8_t bytes[8];
    uint64_t next = 1;
    dais_txn_begin(&txn, outbox->store, DAIS_TXN_WRITE);
    if (dais_txn_get(&txn, DAIS_OUTBOX_HEAD, dais_slice_text("next"), &row) && row.size == 8)
        next = dais_outbox_number(row.data);
    for (size_t i = 0; i < count && txn.err == DAIS_OK; i++)
        outbox_put_one(&txn, next++, &messages[i]);
    dais_outbox_number_put(next, bytes);
    dais_txn_put(&txn, DAIS_OUTBOX_HEAD, dais_slice_text("next"), dais_slice(bytes, sizeof bytes));
    return dais_txn_commit(&txn);
}

dais_err_t dais_outbox_count(dais_outbox_t *outbox, dais_outbox_counts_t *counts)
{
    dais_txn_t txn;
    dais_walk_t walk;
    dais_outbox_fate_t fate;
    memset(counts, 0, sizeof *counts);
    dais_txn_begin(&txn, outbox->store, DAIS_TXN_READ);
    dais_walk_open(&walk, &txn, DAIS_OUTBOX_FATE, dais_slice("", 0), dais_slice("", 0),
                   DAIS_WALK_FORWARD);
    while (dais_walk_next(&walk)) {
        if (!dais_outbox_fate(&txn, dais_outbox_number(walk.key.data), &fate))
            break;
        counts->queued += fate.state == DAIS_FATE_QUEUED;
        counts->bundled += fate.state == DAIS_FATE_BUNDLED;
        counts->logged += fate.state == DAIS_FATE_LOGGED;
        counts->stuck += fate.state == DAIS_FATE_STUCK;
        counts->refused += fate.state == DAIS_FATE_REFUSED;
    }
    return dais_txn_end(&txn);
}

dais_err_t dais_outbox_cache(dais_outbox_t *outbox, const char *name, dais_slice_t bytes)
{
    dais_txn_t txn;
    dais_txn_begin(&txn, outbox->store, DAIS_TXN_WRITE);
    dais_txn_put(&txn, DAIS_OUTBOX_CACHE, dais_slice_text(name), bytes);
    return dais_txn_commit(&txn);
}

dais_err_t dais_outbox_cached(dais_outbox_t *outbox, const char *name, uint8_t **data, size_t *size)
{
    dais_txn_t txn;
    dais_slice_t row;
    *data = NULL;
    *size = 0;
    dais_txn_begin(&txn, outbox->store, DAIS_TXN_READ);
    if (dais_txn_get(&txn, DAIS_OUTBOX_CACHE, dais_slice_text(name), &row)) {
        *data = malloc(row.size + 1);
        *size = row.size;
        if (*data == NULL)
            dais_txn_fail(&txn, DAIS_ERR_NO_MEMORY);
        else
            memcpy(*data, row.data, row.size);
    }
    return dais_txn_end(&txn);
}
