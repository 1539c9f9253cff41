/* SPDX-License-Identifier: Apache-2.0 */
#include "office/outbox_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "office/outbox_erase.h"
#include "proto/writer.h"

#define COPY_STEP ((size_t)1 << 20)

dais_err_t dais_outbox_export(dais_outbox_t *outbox, const char *path)
{
    mode_t before = umask(077);
    dais_err_t err = dais_store_copy(outbox->store, path);
    (void)umask(before);
    return err;
}

/* An empty file would be taken for a store that is yet to be made. */
static dais_err_t copy_fd(int from, int to)
{
    size_t size = 0;
    uint8_t *buffer = malloc(COPY_STEP);
    dais_err_t err = buffer == NULL ? DAIS_ERR_NO_MEMORY : DAIS_OK;
    ssize_t got = 1;
    while (err == DAIS_OK && got != 0) {
        got = read(from, buffer, COPY_STEP);
        if (got < 0)
            err = dais_file_err(errno);
        else
            err = dais_file_write_all(to, dais_slice(buffer, (size_t)got));
        size += got > 0 ? (size_t)got : 0;
    }
    free(buffer);
    return err == DAIS_OK && size == 0 ? DAIS_ERR_TRUNCATED : err;
}

/* A store is opened in a folder of its own: one beside the outbox, gone afterwards. */
static dais_err_t merge_unpack(const char *path, const char *folder, char file[4200])
{
    dais_err_t err = dais_file_ensure_folder(folder, 0700);
    (void)snprintf(file, 4200, "%.4096s/%s", folder, DAIS_STORE_FILE);
    int from = err == DAIS_OK ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    int to = from < 0 ? -1 : open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (err == DAIS_OK && (from < 0 || to < 0))
        err = dais_file_err(errno);
    if (err == DAIS_OK)
        err = copy_fd(from, to);
    if (from >= 0)
        (void)close(from);
    if (to >= 0 && close(to) != 0 && err == DAIS_OK)
        err = dais_file_err(errno);
    return err;
}

static void merge_clean(const char *folder, const char *file)
{
    char lock[4200];
    (void)unlink(file);
    (void)snprintf(lock, sizeof lock, "%.4096s/lock.mdb", folder);
    (void)unlink(lock);
    (void)snprintf(lock, sizeof lock, "%.4096s/%s", folder, DAIS_OUTBOX_LOCK);
    (void)unlink(lock);
    (void)rmdir(folder);
}

/* Is the message of the other outbox here? */
static dais_err_t merge_has(dais_outbox_t *outbox, const dais_outbox_message_t *message, bool *has)
{
    dais_txn_t txn;
    dais_message_t decoded;
    const dais_kind_t *kind;
    uint64_t number;
    dais_err_t err = dais_message_decode(message->message, &decoded, &kind).err;
    if (err != DAIS_OK)
        return err;
    dais_txn_begin(&txn, outbox->store, DAIS_TXN_READ);
    *has = dais_outbox_find(&txn, &decoded.id, &number);
    return dais_txn_end(&txn);
}

static dais_err_t merge_messages(dais_outbox_t *outbox, dais_outbox_t *other, bool dry,
                                 dais_outbox_merged_t *merged)
{
    dais_txn_t txn;
    dais_walk_t walk;
    dais_outbox_message_t message;
    dais_err_t err = DAIS_OK;
    dais_txn_begin(&txn, other->store, DAIS_TXN_READ);
    dais_walk_open(&walk, &txn, DAIS_OUTBOX_MESSAGE, dais_slice("", 0), dais_slice("", 0),
                   DAIS_WALK_FORWARD);
    while (err == DAIS_OK && dais_walk_next(&walk)) {
        bool has = false;
        uint64_t at;
        uint64_t number = dais_outbox_number(walk.key.data);
        if (!dais_outbox_message(&txn, number, &message))
            break;
        bool erased = dais_outbox_erased(&txn, number, &at);
        err = merge_has(outbox, &message, &has);
        if (err == DAIS_OK && !has && !erased && !dry)
            err = dais_outbox_put(outbox, &message, 1);
        merged->known += has;
        merged->erased += !has && erased;
        merged->added += !has && !erased;
    }
    dais_err_t read = dais_txn_end(&txn);
    return err == DAIS_OK ? read : err;
}

dais_err_t dais_outbox_merge(dais_outbox_t *outbox, const char *path, const dais_key_t *key,
                             const dais_hash_t *log, bool dry, dais_outbox_merged_t *merged)
{
    char folder[4096];
    char file[4200] = "";
    dais_outbox_t other = {.store = NULL};
    memset(merged, 0, sizeof *merged);
    if (snprintf(folder, sizeof folder, "%s.import", outbox->folder) >= (int)sizeof folder)
        return DAIS_ERR_TOO_LONG;
    dais_err_t err = merge_unpack(path, folder, file);
    if (err == DAIS_OK)
        err = dais_outbox_open(&other, folder, key, log);
    if (err == DAIS_OK)
        err = merge_messages(outbox, &other, dry, merged);
    if (other.store != NULL)
        dais_outbox_close(&other);
    merge_clean(folder, file);
    return err;
}
