/* SPDX-License-Identifier: Apache-2.0
 *
 * Who owns the book, and how a span of work on it ends. The order is always the same: everything
 * that a batch changed is on the disk, then the fork guard knows the new size, then the checkpoint
 * is signed; an answer comes after that. A process that dies in between has signed nothing that is
 * not on the disk, and the next one finds the guard at or behind the store. */
#include "registry/log/book_private.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crash_point.h"
#include "base/file.h"
#include "registry/log/mark.h"

#define READERS_MAX    32
#define BOOK_NAME_ROOM 64

dais_err_t dais_book_space_create(dais_book_space_t **space)
{
    *space = malloc(sizeof **space);
    return *space != NULL ? DAIS_OK : DAIS_ERR_NO_MEMORY;
}

void dais_book_space_destroy(dais_book_space_t **space)
{
    free(*space);
    *space = NULL;
}

void book_store_folder(const char *folder, char path[512])
{
    /* A folder leaves this room for the names in it: see book_new(). */
    (void)snprintf(path, 512, "%.*s/%s", 512 - BOOK_NAME_ROOM, folder, DAIS_BOOK_STORE_NAME);
}

dais_err_t book_open_store(dais_book_t *book, bool create)
{
    char folder[512];
    book_store_folder(book->folder, folder);
    dais_store_options_t options = {.folder = folder,
                                    .create = create,
                                    .read_only = book->is_looked_at,
                                    .map_bytes = book->map_bytes,
                                    .reader_count_max = READERS_MAX,
                                    .databases = dais_book_databases,
                                    .database_count = DAIS_BOOK_DATABASE_COUNT};
    dais_err_t err = dais_store_open(&book->store, &options);
    return err == DAIS_OK ? dais_store_lmdb_create(&book->state, DAIS_BOOK_STATE) : err;
}

/* Held for as long as the file is open, so it cannot be forgotten by a process that dies. */
static dais_err_t book_lock(dais_book_t *book)
{
    char path[600];
    (void)snprintf(path, sizeof path, "%s/lock", book->folder);
    book->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
    if (book->lock_fd < 0)
        return dais_file_err(errno);
    if (flock(book->lock_fd, LOCK_EX | LOCK_NB) != 0)
        return errno == EWOULDBLOCK ? DAIS_ERR_LOCKED : DAIS_ERR_IO;
    return DAIS_OK;
}

static dais_err_t book_new(dais_book_t **book, const dais_book_options_t *options, bool locks)
{
    dais_book_t *made = calloc(1, sizeof *made);
    if (made == NULL)
        return DAIS_ERR_NO_MEMORY;
    made->lock_fd = -1;
    made->guard.fd = -1;
    made->map_bytes = options->map_bytes;
    made->clock = options->clock;
    made->random = options->random;
    made->space = options->space;
    *book = made;
    const char *guard = options->guard != NULL ? options->guard : "";
    if (snprintf(made->folder, sizeof made->folder - BOOK_NAME_ROOM, "%s", options->folder) >=
            (int)sizeof made->folder - BOOK_NAME_ROOM ||
        snprintf(made->guard_path, sizeof made->guard_path, "%s", guard) >=
            (int)sizeof made->guard_path)
        return DAIS_ERR_TOO_LONG;
    return locks ? book_lock(made) : DAIS_OK;
}

void dais_book_release(dais_book_t **book)
{
    if (*book == NULL)
        return;
    if ((*book)->in_span)
        dais_book_drop(*book);
    dais_store_lmdb_destroy(&(*book)->state);
    dais_store_close(&(*book)->store);
    dais_guard_file_close(&(*book)->guard);
    if ((*book)->lock_fd >= 0)
        (void)close((*book)->lock_fd);
    free(*book);
    *book = NULL;
}

/* The first step of whoever writes: from here on records carry another epoch than before. */
static dais_err_t book_raise_epoch(dais_book_t *book)
{
    dais_book_begin(book, DAIS_TXN_WRITE);
    book->epoch++;
    book_put_head(book);
    dais_err_t err = dais_book_commit_unguarded(book);
    return err == DAIS_OK ? book_guard_and_sign(book) : err;
}

/* The last word of a log whose key is destroyed. */
static dais_err_t book_use_final(dais_book_t *book, dais_slice_t final)
{
    dais_checkpoint_t checkpoint;
    dais_hash_t root = dais_frontier_root(&book->head.frontier);
    dais_err_t err = dais_checkpoint_verify(final, &book->about.vkey, &checkpoint).err;
    if (err != DAIS_OK)
        return err;
    if (checkpoint.size != book->head.frontier.size || final.size > sizeof book->checkpoint ||
        !dais_hash_equal(&checkpoint.root, &root))
        return DAIS_ERR_TREE_DIFFERS;
    memcpy(book->checkpoint, final.data, final.size);
    book->checkpoint_size = final.size;
    book->signed_size = checkpoint.size;
    return DAIS_OK;
}

static dais_err_t book_acquire(dais_book_t *book, const dais_device_t *log_key, dais_slice_t final)
{
    dais_err_t err = book_open_store(book, false);
    if (err == DAIS_OK)
        err = book_verify(book);
    if (err == DAIS_OK && final.size > 0)
        return book_use_final(book, final);
    if (err != DAIS_OK || log_key == NULL)
        return err;
    if (memcmp(log_key->key.bytes, book->about.vkey.key, DAIS_KEY_SIZE) != 0)
        return DAIS_ERR_BAD_KEY;
    book->key = log_key;
    return book_raise_epoch(book);
}

dais_err_t dais_book_acquire(dais_book_t **book, const dais_book_options_t *options,
                             const dais_device_t *log_key)
{
    *book = NULL;
    dais_err_t err = book_new(book, options, log_key != NULL || options->final.size > 0);
    if (err == DAIS_OK)
        err = book_acquire(*book, log_key, options->final);
    if (err != DAIS_OK)
        dais_book_release(book);
    return err;
}

bool dais_book_look_on(dais_book_t *book, dais_book_head_row_t *row)
{
    if (book_load_head(book, row))
        return true;
    dais_txn_fail(&book->txn, DAIS_ERR_CORRUPT);
    return false;
}

static dais_err_t book_look(dais_book_t *book)
{
    dais_book_head_row_t row;
    dais_err_t err = book_open_store(book, false);
    if (err != DAIS_OK)
        return err;
    dais_book_begin(book, DAIS_TXN_READ);
    if (!book_load_about(book))
        dais_txn_fail(&book->txn, DAIS_ERR_CORRUPT);
    (void)!dais_book_look_on(book, &row);
    return dais_book_end(book);
}

dais_err_t dais_book_look(dais_book_t **book, const dais_book_options_t *options)
{
    *book = NULL;
    dais_err_t err = book_new(book, options, false);
    if (err == DAIS_OK) {
        (*book)->is_looked_at = true;
        err = book_look(*book);
    }
    if (err != DAIS_OK)
        dais_book_release(book);
    return err;
}

/* Entry 0, with no bundle to stand under. */
static void book_create_rows(dais_book_t *book, const dais_genesis_t *genesis, dais_slice_t bytes,
                             dais_book_begin_fn_t *begin, void *context)
{
    dais_book_own(book, bytes);
    dais_hash_t name = book->head.frontier.hashes[0];
    dais_book_about_row_t about = {.version = DAIS_BOOK_VERSION,
                                   .log = name,
                                   .cycle = genesis->cycle,
                                   .origin = genesis->origin,
                                   .rehearsal = genesis->rehearsal,
                                   .log_key = genesis->log_key,
                                   .box_key = genesis->registry_box_key};
    dais_book_key_t key = dais_book_key_word("about");
    book_put(book, DAIS_BOOK_META, &key, &dais_shape_book_about_row, &about);
    dais_err_t err = begin(context, book->state, &name);
    if (err != DAIS_OK)
        dais_txn_fail(&book->txn, err);
    book_put_head(book);
}

/* The guard is there before the log is. A creation that broke off in between leaves a guard without
 * a book, and is not repeated over it: a person has to see first that no log was lost there. */
static dais_err_t book_create(dais_book_t *book, const dais_genesis_t *genesis, dais_slice_t bytes,
                              dais_book_begin_fn_t *begin, void *context)
{
    dais_err_t err = book_open_store(book, true);
    if (err != DAIS_OK)
        return err;
    dais_book_begin(book, DAIS_TXN_WRITE);
    dais_book_key_t key = dais_book_key_word("about");
    dais_slice_t found;
    if (dais_txn_get(&book->txn, DAIS_BOOK_META, dais_book_key_slice(&key), &found))
        dais_txn_fail(&book->txn, DAIS_ERR_EXISTS);
    book_create_rows(book, genesis, bytes, begin, context);
    err = dais_book_failure(book);
    if (err == DAIS_OK) {
        dais_guard_t first = {.log = book->head.frontier.hashes[0],
                              .size = 1,
                              .root = dais_frontier_root(&book->head.frontier)};
        err = dais_guard_file_create(book->guard_path, &first);
    }
    if (err != DAIS_OK) {
        dais_book_drop(book);
        return err;
    }
    return dais_book_commit_unguarded(book);
}

dais_err_t dais_book_create(const dais_book_options_t *options, const dais_genesis_t *genesis,
                            dais_slice_t bytes, dais_book_begin_fn_t *begin, void *context)
{
    dais_book_t *book = NULL;
    dais_err_t err = book_new(&book, options, true);
    if (err == DAIS_OK)
        err = book_create(book, genesis, bytes, begin, context);
    dais_book_release(&book);
    return err;
}

const dais_book_about_t *dais_book_about(const dais_book_t *book)
{
    return &book->about;
}

static uint64_t book_clock(dais_book_t *book)
{
    dais_now_t now;
    dais_err_t err = dais_clock_now(&book->clock, &now);
    if (err != DAIS_OK)
        dais_txn_fail(&book->txn, err);
    return now.wall_ms > book->head.logged_at ? now.wall_ms : book->head.logged_at;
}

void dais_book_begin(dais_book_t *book, dais_txn_mode_t mode)
{
    assert(!book->in_span);
    book->in_span = true;
    book->read.is_known = false;
    dais_txn_begin(&book->txn, book->store, mode);
    dais_store_lmdb_use(book->state, &book->txn);
    if (mode == DAIS_TXN_WRITE)
        book->now = book_clock(book);
}

dais_txn_t *dais_book_txn(dais_book_t *book)
{
    assert(book->in_span);
    return &book->txn;
}

dais_rules_store_t *dais_book_state(dais_book_t *book)
{
    return book->state;
}

dais_err_t dais_book_failure(const dais_book_t *book)
{
    return book->txn.err != DAIS_OK ? book->txn.err : book->state->err;
}

void dais_book_drop(dais_book_t *book)
{
    assert(book->in_span);
    book->in_span = false;
    book->head = book->committed;
    dais_txn_abort(&book->txn);
}

dais_err_t dais_book_end(dais_book_t *book)
{
    dais_err_t err = dais_book_failure(book);
    dais_book_drop(book);
    return err;
}

dais_err_t dais_book_commit_unguarded(dais_book_t *book)
{
    assert(book->in_span && book->txn.mode == DAIS_TXN_WRITE);
    book_put_head(book);
    if (book->state->err != DAIS_OK)
        dais_txn_fail(&book->txn, book->state->err);
    dais_err_t err = dais_txn_commit(&book->txn);
    book->in_span = false;
    if (err == DAIS_OK)
        book->committed = book->head;
    else
        book->head = book->committed;
    return err;
}

dais_err_t dais_book_commit(dais_book_t *book)
{
    DAIS_CRASH_POINT("registry-folded");
    dais_err_t err = dais_book_commit_unguarded(book);
    if (err != DAIS_OK || book->signed_size == book->head.frontier.size)
        return err;
    DAIS_CRASH_POINT("registry-committed");
    return book_guard_and_sign(book);
}

dais_err_t dais_book_copy(dais_book_t *book, const char *path)
{
    assert(!book->in_span);
    return dais_store_copy(book->store, path);
}

dais_err_t book_guard_and_sign(dais_book_t *book)
{
    dais_checkpoint_t checkpoint = {.origin = dais_slice_text(book->origin),
                                    .size = book->head.frontier.size,
                                    .root = dais_frontier_root(&book->head.frontier)};
    dais_guard_t guard = {.log = book->about.name,
                          .epoch = book->epoch,
                          .size = checkpoint.size,
                          .root = checkpoint.root};
    dais_writer_t writer;
    dais_err_t err = dais_guard_file_write(&book->guard, &guard);
    if (err != DAIS_OK)
        return err;
    DAIS_CRASH_POINT("registry-guarded");
    dais_writer_init(&writer, book->checkpoint, sizeof book->checkpoint);
    err = dais_checkpoint_sign(&checkpoint, &book->about.vkey, book->key->secret, &writer);
    book->checkpoint_size = err == DAIS_OK ? writer.size : 0;
    book->signed_size = err == DAIS_OK ? checkpoint.size : 0;
    DAIS_CRASH_POINT("registry-signed");
    return err;
}

uint64_t dais_book_size(const dais_book_t *book)
{
    return book->head.frontier.size;
}

uint32_t dais_book_epoch(const dais_book_t *book)
{
    return book->epoch;
}

dais_hash_t dais_book_root(const dais_book_t *book)
{
    return dais_frontier_root(&book->head.frontier);
}

uint64_t dais_book_last_at(const dais_book_t *book)
{
    return book->head.logged_at;
}

uint64_t dais_book_now(const dais_book_t *book)
{
    return book->now;
}

dais_slice_t dais_book_checkpoint(const dais_book_t *book)
{
    return dais_slice(book->checkpoint, book->checkpoint_size);
}

uint64_t dais_book_signed_size(const dais_book_t *book)
{
    return book->signed_size;
}
