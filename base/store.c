/* SPDX-License-Identifier: Apache-2.0
 *
 * One LMDB environment: opened so that all that is visible is durable, closed once, copied,
 * counted.
 *
 * The order at opening: folder, claim, environment, dead readers, sync of the data, databases, sync
 * of the folder and of its parent. mdb_env_sync() comes before anything is read, because a process
 * that was killed between its write and its sync left pages that only the kernel holds.
 *
 * The list of open stores is kept because LMDB guards an environment by POSIX record locks, which
 * belong to the process: closing a second handle to the same file drops the locks of the first. A
 * folder is known by device and inode, so another path to it is no way around.
 *
 * Known limit: LMDB maps the file and may leave its last pages unwritten, so a file that was cut
 * short cannot be told at opening; reading beyond its end ends the process by SIGBUS. */
#include "base/store.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/store_private.h"
#include "base/txn.h"

#define STORE_FOLDER_SIZE_MAX (PATH_MAX - sizeof("/" DAIS_STORE_FILE))
#define STORE_FOLDER_MODE     S_IRWXU
#define STORE_FILE_MODE       (S_IRUSR | S_IWUSR)

static pthread_mutex_t stores_mutex = PTHREAD_MUTEX_INITIALIZER;
static dais_store_t *stores;

dais_err_t dais_store_err(int lmdb_code)
{
    switch (lmdb_code) {
    case MDB_SUCCESS: return DAIS_OK;
    case MDB_NOTFOUND: return DAIS_ERR_NOT_FOUND;
    case MDB_KEYEXIST: return DAIS_ERR_EXISTS;
    case MDB_BAD_VALSIZE: return DAIS_ERR_TOO_LONG;
    case MDB_MAP_FULL:
    case MDB_MAP_RESIZED:
    case MDB_TXN_FULL:
    case MDB_DBS_FULL:
    case MDB_READERS_FULL: return DAIS_ERR_NO_SPACE;
    case MDB_PANIC:
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
    case MDB_INVALID:
    case MDB_VERSION_MISMATCH:
    case MDB_INCOMPATIBLE:
    case MDB_CURSOR_FULL:
    case MDB_PAGE_FULL: return DAIS_ERR_CORRUPT;
    default: return dais_file_err(lmdb_code);
    }
}

void dais_store_fail(dais_store_t *store, int lmdb_code)
{
    if (store->failure != DAIS_OK)
        return;
    store->failure = dais_store_err(lmdb_code);
    store->failure_detail = lmdb_code;
}

dais_err_t dais_store_failure(const dais_store_t *store)
{
    return store->failure;
}

int dais_store_failure_detail(const dais_store_t *store)
{
    return store->failure_detail;
}

/* What is in the folder, or above it. */
static void store_join(char path[PATH_MAX], const char *folder, const char *name)
{
    int size = snprintf(path, PATH_MAX, "%s/%s", folder, name);
    assert(size > 0 && size < PATH_MAX); /* store_find_folder() has looked. */
}

/* LMDB takes an empty data file for a new store, so that counts as absent. */
static dais_err_t store_require_file(const char *folder)
{
    char path[PATH_MAX];
    struct stat status;
    store_join(path, folder, DAIS_STORE_FILE);
    if (stat(path, &status) != 0)
        return dais_file_err(errno);
    return status.st_size > 0 ? DAIS_OK : DAIS_ERR_NOT_FOUND;
}

static dais_err_t store_find_folder(dais_store_t *store, const dais_store_options_t *options)
{
    if (strlen(options->folder) > STORE_FOLDER_SIZE_MAX)
        return DAIS_ERR_TOO_LONG;
    dais_err_t err = options->create ? dais_file_ensure_folder(options->folder, STORE_FOLDER_MODE)
                                     : store_require_file(options->folder);
    if (err != DAIS_OK)
        return err;
    struct stat status;
    if (stat(options->folder, &status) != 0)
        return dais_file_err(errno);
    store->device = status.st_dev;
    store->inode = status.st_ino;
    return DAIS_OK;
}

/* A list inherited through fork names stores that the child does not have. */
static bool store_is_same(const dais_store_t *a, const dais_store_t *b)
{
    return a->device == b->device && a->inode == b->inode && a->process == b->process;
}

static dais_err_t store_claim(dais_store_t *store)
{
    dais_err_t err = DAIS_OK;
    (void)pthread_mutex_lock(&stores_mutex);
    for (const dais_store_t *other = stores; other != NULL; other = other->next)
        if (store_is_same(store, other))
            err = DAIS_ERR_OPEN_TWICE;
    if (err == DAIS_OK) {
        store->next = stores;
        stores = store;
    }
    (void)pthread_mutex_unlock(&stores_mutex);
    return err;
}

static void store_release(dais_store_t *store)
{
    (void)pthread_mutex_lock(&stores_mutex);
    dais_store_t **link = &stores;
    while (*link != store)
        link = &(*link)->next;
    *link = store->next;
    (void)pthread_mutex_unlock(&stores_mutex);
}

static size_t store_whole_pages(size_t bytes)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    return (bytes + page - 1) / page * page;
}

static int store_open_env(dais_store_t *store, const dais_store_options_t *options)
{
    int code = mdb_env_create(&store->env);
    if (code == MDB_SUCCESS && options->map_bytes > 0)
        code = mdb_env_set_mapsize(store->env, store_whole_pages(options->map_bytes));
    if (code == MDB_SUCCESS)
        code = mdb_env_set_maxdbs(store->env, (MDB_dbi)options->database_count);
    if (code == MDB_SUCCESS)
        code = mdb_env_set_maxreaders(store->env, options->reader_count_max);
    /* MDB_NOTLS: several read transactions in a thread, kept over the writes of the same thread. */
    if (code == MDB_SUCCESS)
        code = mdb_env_open(store->env, options->folder,
                            MDB_NOTLS | (store->read_only ? MDB_RDONLY : 0U), STORE_FILE_MODE);
    if (code != MDB_SUCCESS || store->read_only)
        return code;
    code = mdb_reader_check(store->env, NULL);
    if (code == MDB_SUCCESS)
        code = mdb_env_sync(store->env, 1);
    return code;
}

/* A database that is new to this version of the program is added to a store of an earlier one. */
static int store_open_databases(dais_store_t *store, const dais_store_options_t *options)
{
    MDB_txn *txn = NULL;
    int code = mdb_txn_begin(store->env, NULL, store->read_only ? MDB_RDONLY : 0, &txn);
    if (code != MDB_SUCCESS)
        return code;
    for (size_t i = 0; i < options->database_count && code == MDB_SUCCESS; i++)
        code = mdb_dbi_open(txn, options->databases[i], store->read_only ? 0 : MDB_CREATE,
                            &store->databases[i]);
    if (code == MDB_NOTFOUND)
        code = MDB_CORRUPTED; /* a store, but not one of these */
    if (code != MDB_SUCCESS) {
        mdb_txn_abort(txn);
        return code;
    }
    store->database_count = options->database_count;
    return mdb_txn_commit(txn);
}

/* Always, not only for a new store: an earlier process may have died before it came to this. */
static dais_err_t store_sync_folders(const char *folder)
{
    char parent[PATH_MAX];
    store_join(parent, folder, "..");
    dais_err_t err = dais_file_sync_folder(folder);
    if (err == DAIS_OK)
        err = dais_file_sync_folder(parent);
    return err;
}

static dais_err_t store_open_claimed(dais_store_t *store, const dais_store_options_t *options)
{
    int code = store_open_env(store, options);
    if (code == MDB_SUCCESS)
        code = store_open_databases(store, options);
    if (code == MDB_SUCCESS && store->read_only)
        return DAIS_OK;
    return code == MDB_SUCCESS ? store_sync_folders(options->folder) : dais_store_err(code);
}

dais_err_t dais_store_open(dais_store_t **out, const dais_store_options_t *options)
{
    assert((options->map_bytes > 0 || options->read_only) && options->reader_count_max > 0);
    assert(!options->create || !options->read_only);
    assert(options->database_count >= 1 &&
           options->database_count <= DAIS_STORE_DATABASE_COUNT_MAX);
    *out = NULL;
    dais_store_t *store = (dais_store_t *)calloc(1, sizeof(*store));
    if (store == NULL)
        return DAIS_ERR_NO_MEMORY;
    store->process = getpid();
    store->read_only = options->read_only;
    dais_err_t err = store_find_folder(store, options);
    if (err == DAIS_OK)
        err = store_claim(store);
    if (err != DAIS_OK) {
        free(store);
        return err;
    }
    err = store_open_claimed(store, options);
    if (err != DAIS_OK)
        dais_store_close(&store);
    *out = store;
    return err;
}

void dais_store_close(dais_store_t **store)
{
    if (*store == NULL)
        return;
    assert((*store)->txn_count == 0);
    if ((*store)->env != NULL)
        mdb_env_close((*store)->env);
    /* Only now: until the environment is closed, another opening would be a second one. */
    store_release(*store);
    free(*store);
    *store = NULL;
}

dais_err_t dais_store_check_readers(dais_store_t *store, unsigned *freed_count)
{
    int dead_count = 0;
    int code = mdb_reader_check(store->env, &dead_count);
    *freed_count = (unsigned)dead_count;
    return dais_store_err(code);
}

/* mdb_env_copyfd2() does not sync; keeping the draft does. */
dais_err_t dais_store_copy(dais_store_t *store, const char *path)
{
    if (store->failure != DAIS_OK)
        return store->failure;
    dais_draft_t draft;
    dais_err_t err = dais_draft_open(&draft, path, STORE_FILE_MODE);
    if (err != DAIS_OK)
        return err;
    int code = mdb_env_copyfd2(store->env, draft.fd, MDB_CP_COMPACT);
    if (code != MDB_SUCCESS) {
        dais_draft_drop(&draft);
        return dais_store_err(code);
    }
    return dais_draft_keep(&draft, DAIS_DRAFT_CREATE);
}

dais_err_t dais_store_place(const char *folder, const char *copy)
{
    char path[PATH_MAX];
    if (snprintf(path, sizeof path, "%s/%s", folder, DAIS_STORE_FILE) >= (int)sizeof path)
        return DAIS_ERR_TOO_LONG;
    dais_err_t err = dais_draft_sweep(folder);
    if (err != DAIS_OK)
        return err;
    if (rename(copy, path) != 0)
        return dais_file_err(errno);
    (void)snprintf(path, sizeof path, "%s/lock.mdb", folder);
    if (unlink(path) != 0 && errno != ENOENT)
        return dais_file_err(errno);
    return dais_file_sync_folder(folder);
}

static void store_count_pages(dais_txn_t *txn, dais_store_figures_t *figures)
{
    for (size_t i = 0; i < txn->store->database_count; i++) {
        dais_txn_figures_t one = dais_txn_figures(txn, i);
        figures->used_bytes += one.used_bytes;
        figures->entry_count += one.entry_count;
    }
}

dais_err_t dais_store_figures(dais_store_t *store, dais_store_figures_t *figures)
{
    *figures = (dais_store_figures_t){0};
    MDB_envinfo info;
    MDB_stat pages;
    (void)mdb_env_info(store->env, &info);  /* Fails only if given no place for its answer, */
    (void)mdb_env_stat(store->env, &pages); /* and this as well. */
    figures->map_bytes = info.me_mapsize;
    figures->high_bytes = ((uint64_t)info.me_last_pgno + 1) * pages.ms_psize;
    figures->reader_count = info.me_numreaders;
    dais_txn_t txn;
    dais_txn_begin(&txn, store, DAIS_TXN_READ);
    store_count_pages(&txn, figures);
    return dais_txn_end(&txn);
}
