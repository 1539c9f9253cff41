/* SPDX-License-Identifier: Apache-2.0
 *
 * The store of a registry, or a copy of one. Entries are read in slices, so that a registry that is
 * running can use its pages again; they never change but by erasing. The last slice goes on to what
 * the store holds then, and the state is compared in the same span. */
#include "audit/db.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "audit/db_private.h"
#include "audit/log_tree.h"
#include "base/exit.h"
#include "base/file.h"
#include "proto/guard.h"
#include "proto/view.h"

#define SLICE          4096 /* entries */
#define MAP_BYTES      ((size_t)64 << 30)
#define GUARD_FILE_MAX ((size_t)DAIS_GUARD_SLOT_COUNT * DAIS_GUARD_SLOT_SIZE)

static const char *const db_databases[] = {"state"};

static dais_err_t db_make_folder(db_t *db)
{
    const char *parent = getenv("TMPDIR");
    if (snprintf(db->folder, sizeof db->folder, "%s/dais-audit-XXXXXX",
                 parent != NULL && parent[0] == '/' ? parent : "/tmp") >= (int)sizeof db->folder)
        return DAIS_ERR_TOO_LONG;
    if (mkdtemp(db->folder) != NULL)
        return DAIS_OK;
    db->folder[0] = 0;
    return dais_file_err(errno);
}

static dais_err_t db_temporary(db_t *db)
{
    dais_store_options_t options = {.folder = db->folder,
                                    .create = true,
                                    .map_bytes = MAP_BYTES,
                                    .reader_count_max = 1,
                                    .databases = db_databases,
                                    .database_count = 1};
    dais_err_t err = dais_store_open(&db->store, &options);
    if (err == DAIS_OK)
        err = dais_store_lmdb_create(&db->state, 0);
    return err == DAIS_OK ? dais_rules_create(&db->rules, db->state) : err;
}

static void db_drop_folder(const db_t *db)
{
    static const char *const files[] = {DAIS_STORE_FILE, "lock.mdb"};
    char path[sizeof db->folder + 16];
    if (db->folder[0] == 0)
        return;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", db->folder, files[i]);
        (void)unlink(path);
    }
    (void)rmdir(db->folder);
}

static void db_close(db_t *db)
{
    dais_book_release(&db->book);
    dais_book_space_destroy(&db->space);
    if (db->rules != NULL)
        dais_rules_destroy(&db->rules);
    dais_store_lmdb_destroy(&db->state);
    dais_store_close(&db->store);
    dais_store_vector_clear(&db->turned_away);
    dais_store_vector_clear(&db->bare);
}

static dais_err_t db_open(db_t *db, const char *folder)
{
    db->turned_away = (dais_store_vector_t){.item_size = sizeof(db_turned_t)};
    db->bare = (dais_store_vector_t){.item_size = sizeof(uint64_t)};
    dais_err_t err = dais_book_space_create(&db->space);
    if (err == DAIS_OK)
        err =
            dais_book_look(&db->book, &(dais_book_options_t){.folder = folder, .space = db->space});
    return err == DAIS_OK ? db_temporary(db) : err;
}

static void db_begin(db_t *db, dais_txn_mode_t mode)
{
    dais_txn_begin(&db->txn, db->store, mode);
    dais_store_lmdb_use(db->state, &db->txn);
}

/* The entries of one slice. A row that cannot be read spoils the span, not what comes behind it. */
static void slice_entries(db_t *db, uint64_t size)
{
    bool goes_on = true;
    for (unsigned i = 0; i < SLICE && db->next < size && goes_on; i++)
        goes_on = db_entry(db, db->next++);
}

/* What was claimed of more entries than there are. */
static void db_behind(db_t *db)
{
    char text[128];
    for (size_t i = 0; i < sizeof db->claims / sizeof db->claims[0]; i++) {
        const db_claim_t *claim = &db->claims[i];
        if (!claim->is_known)
            continue;
        (void)snprintf(text, sizeof text,
                       "%" PRIu64 " entries were signed, and the store has %" PRIu64, claim->size,
                       db->next);
        if (claim->size > db->next)
            dais_checks_fail_all(db->checks, claim->check, text);
        else if (claim->size > db->frontier.size)
            dais_checks_skip(db->checks, claim->check, "a leaf is missing");
    }
}

/* How far to read. What the store says of its size is not believed: only so many entries that are
 * missing are looked for and named. */
static uint64_t slice_end(db_t *db, const dais_book_head_row_t *row)
{
    uint64_t leaves = dais_txn_figures(dais_book_txn(db->book), DAIS_BOOK_LEAVES).entry_count;
    return row->size > leaves + SLICE ? leaves + SLICE : row->size;
}

/* What cannot be said any more. */
static void db_skip_rest(db_t *db)
{
    static const dais_check_t rest[] = {
        DAIS_CHECK_DB_HEAD,     DAIS_CHECK_DB_SIGNED, DAIS_CHECK_DB_LEAVES,
        DAIS_CHECK_DB_TREE,     DAIS_CHECK_DB_LINKS,  DAIS_CHECK_DB_OPENINGS,
        DAIS_CHECK_DB_VERDICTS, DAIS_CHECK_DB_GUARD,  DAIS_CHECK_DB_STATE};
    for (size_t i = 0; i < sizeof rest / sizeof rest[0]; i++)
        dais_checks_skip(db->checks, rest[i], "the store cannot be read");
}

/* *done once everything has been looked at. */
static dais_err_t db_slice(db_t *db, bool *done)
{
    dais_book_head_row_t row;
    dais_book_begin(db->book, DAIS_TXN_READ);
    if (!dais_book_look_on(db->book, &row)) {
        dais_checks_fail_all(db->checks, DAIS_CHECK_DB_ENTRIES,
                             dais_err_code(dais_book_failure(db->book)));
        db_skip_rest(db);
        *done = true;
        return DAIS_OK;
    }
    uint64_t end = slice_end(db, &row);
    db_begin(db, DAIS_TXN_WRITE);
    slice_entries(db, end);
    dais_err_t err = db->state->err;
    dais_err_t of_commit = dais_txn_commit(&db->txn);
    err = err == DAIS_OK ? of_commit : err;
    if (err != DAIS_OK || db->next < end || dais_book_failure(db->book) != DAIS_OK)
        return err;
    if (end < row.size)
        dais_checks_fail_all(db->checks, DAIS_CHECK_DB_ENTRIES,
                             "the store says that it has more entries than it has leaves");
    db_begin(db, DAIS_TXN_READ);
    db_behind(db);
    db_head(db, &row);
    db_links(db);
    db_state(db);
    db_bare(db);
    *done = true;
    return dais_txn_end(&db->txn);
}

static dais_err_t db_run(db_t *db)
{
    dais_err_t err = DAIS_OK;
    bool done = false;
    while (err == DAIS_OK && !done) {
        err = db_slice(db, &done);
        dais_book_drop(db->book);
    }
    return err;
}

/* The guard lies beside the store unless it is said where. It is read before the store, which is
 * never behind it. */
static dais_err_t db_guard(db_t *db, const char *folder, const char *named)
{
    char path[PATH_MAX];
    dais_file_bytes_t file;
    dais_guard_t guard;
    size_t slot;
    if (snprintf(path, sizeof path, "%s/guard", folder) >= (int)sizeof path)
        return DAIS_ERR_TOO_LONG;
    dais_err_t err = dais_file_read(named != NULL ? named : path, GUARD_FILE_MAX, &file);
    if (err == DAIS_ERR_NOT_FOUND && named == NULL) {
        dais_checks_skip(db->checks, DAIS_CHECK_DB_GUARD, "there is no fork guard beside it");
        return DAIS_OK;
    }
    if (err != DAIS_OK)
        return err;
    err = file.size == GUARD_FILE_MAX ? dais_guard_latest(file.data, &guard, &slot)
                                      : DAIS_ERR_CORRUPT;
    dais_file_free(&file);
    if (err == DAIS_OK && guard.size > 0)
        db->claims[0] = (db_claim_t){DAIS_CHECK_DB_GUARD, true, guard.size, guard.root};
    else
        dais_checks_fail_all(db->checks, DAIS_CHECK_DB_GUARD, "the fork guard cannot be read");
    return DAIS_OK;
}

/* What the key has signed, as an export or a published folder shows it. */
static dais_err_t db_signed(db_t *db, const dais_trust_t *trust, const char *path)
{
    dais_log_tree_t tree;
    if (path == NULL) {
        dais_checks_skip(db->checks, DAIS_CHECK_DB_SIGNED, "no signed log was named with --log");
        return DAIS_OK;
    }
    dais_err_t err = dais_log_tree_read(&tree, path, trust, db->checks, DAIS_CHECK_DB_SIGNED);
    uint64_t size = dais_log_tree_size(&tree);
    if (err == DAIS_OK && tree.is_whole && size > 0)
        db->claims[1] =
            (db_claim_t){DAIS_CHECK_DB_SIGNED, true, size, dais_nodes_root(&tree.nodes, size)};
    dais_log_tree_free(&tree);
    return err;
}

static int db_error(const char *path, dais_err_t err)
{
    (void)fprintf(stderr, "error[%s]: %s: %s\n", dais_err_code(err), path, dais_err_text(err));
    return dais_err_is_refusal(err) || err == DAIS_ERR_CORRUPT ? DAIS_EXIT_UNVERIFIED
                                                               : DAIS_EXIT_FAILED;
}

static int db_show(const db_t *db, const char *folder, bool json)
{
    if (!json) {
        dais_checks_print(db->checks, stdout);
        (void)printf("state: %" PRIu64 " of %" PRIu64 " keys differ%s%s\n", db->differ_count,
                     db->key_count, db->differ_count > 0 ? "; the first: " : "", db->first);
        return dais_checks_exit(db->checks);
    }
    json_t *state = json_pack("{so so ss}", "keys", dais_view_number(db->key_count), "differ",
                              dais_view_number(db->differ_count), "first", db->first);
    return dais_checks_json_rows(db->checks, folder, "state", state, stdout)
               ? dais_checks_exit(db->checks)
               : DAIS_EXIT_FAILED;
}

static int db_look(db_t *db, const dais_args_t *args, const dais_trust_t *trust)
{
    const char *folder = dais_args_operand(args, 0);
    const char *log = dais_args_value(args, "log");
    const char *at = log;
    dais_err_t err = db_signed(db, trust, log);
    if (err == DAIS_OK) {
        at = folder;
        err = db_guard(db, folder, dais_args_value(args, "guard"));
    }
    if (err == DAIS_OK)
        err = db_open(db, folder);
    if (err == DAIS_OK)
        err = db_run(db);
    int status =
        err == DAIS_OK ? db_show(db, folder, dais_args_has(args, "json")) : db_error(at, err);
    db_close(db);
    return status;
}

/* What is left to say when the reading process is no more. Whatever ended it but a fault of its own
 * says nothing about the store. */
static int db_broken(db_t *db, const dais_args_t *args, int number)
{
    const char *folder = dais_args_operand(args, 0);
    char text[96];
    if (number != SIGBUS && number != SIGSEGV && number != SIGABRT) {
        (void)fprintf(stderr, "error[%s]: %s: reading it was ended by signal %d\n",
                      dais_err_code(DAIS_ERR_IO), folder, number);
        return DAIS_EXIT_FAILED;
    }
    (void)snprintf(text, sizeof text,
                   "the file is cut short or damaged: reading it ended by signal %d", number);
    dais_checks_fail_all(db->checks, DAIS_CHECK_DB_ENTRIES, text);
    db_skip_rest(db);
    return db_show(db, folder, dais_args_has(args, "json"));
}

/* LMDB has no checksums, and ends the process by SIGBUS, SIGSEGV or an assert of its own on pages
 * that are cut off or damaged. So another process reads, and this one says what became of it. */
static int db_apart(db_t *db, const dais_args_t *args, const dais_trust_t *trust)
{
    int status = 0;
    (void)fflush(NULL);
    pid_t reader = fork();
    if (reader < 0)
        return db_error("fork", dais_file_err(errno));
    if (reader == 0) {
        static const int ends[] = {SIGBUS, SIGSEGV, SIGABRT};
        for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
            (void)signal(ends[i], SIG_DFL); /* whoever has a handler would make an exit of it */
        status = db_look(db, args, trust);
        _exit(fflush(stdout) == 0 ? status : DAIS_EXIT_FAILED);
    }
    while (waitpid(reader, &status, 0) < 0)
        if (errno != EINTR)
            return db_error("waitpid", dais_file_err(errno));
    return WIFEXITED(status) ? WEXITSTATUS(status) : db_broken(db, args, WTERMSIG(status));
}

static int db_run_verb(const dais_args_t *args, void *context)
{
    static db_t db;
    dais_checks_t checks = {.verb = DAIS_CHECKS_DB};
    dais_trust_t trust;
    (void)context;
    if (!dais_trust_option(args, &trust))
        return DAIS_EXIT_USAGE;
    db = (db_t){.checks = &checks};
    dais_err_t err = db_make_folder(&db);
    int status = err == DAIS_OK ? db_apart(&db, args, &trust) : db_error("TMPDIR", err);
    db_drop_folder(&db);
    dais_checks_free(&checks);
    return status;
}

static const dais_arg_option_t db_options[] = {
    DAIS_TRUST_OPTION,
    {.name = "log",
     .kind = DAIS_ARG_VALUE,
     .value = "FILE|FOLDER",
     .text = "what was published or exported: the store has to go on from it"},
    {.name = "guard",
     .kind = DAIS_ARG_VALUE,
     .value = "FILE",
     .text = "the fork guard, where it does not lie in FOLDER"},
    {.name = "json", .kind = DAIS_ARG_FLAG, .text = "one JSON object instead of the table"},
    {.name = NULL}};

static const dais_arg_operand_t db_operands[] = {
    {.name = "FOLDER",
     .count = DAIS_OPERAND_ONE,
     .text = "a cycle's folder of a registry, or a backup; `store` lies in it"},
    {.name = NULL}};

static const char *const db_examples[] = {
    "dais-audit db --key log.key --log site/dialogue /var/lib/dais/registry/dialogue",
    "dais-audit db --json backup", NULL};

const dais_command_t dais_db_command = {
    .name = "db",
    .text = "a registry's store, refolded and compared key by key",
    .about =
        "Reads every entry of a registry's store, checks leaves, tree, signatures, chains and "
        "verdicts, folds the entries anew by the rules, and compares the state that is stored "
        "with what came of it, key by key: each that differs is named with its field, and they "
        "are counted. With a signed log it also says whether the store goes on from what was "
        "signed: a backup that was put back, or another history, does not.\n\nThe store is only "
        "read, and its registry may be running: it is read in slices. The fold takes about as "
        "much room in TMPDIR as the state does.\n\nExit: 0 all passed, 1 it cannot be read, 3 "
        "something was not checked (no signed log, no key, no fork guard), 4 a check failed.",
    .options = db_options,
    .operands = db_operands,
    .examples = db_examples,
    .run = db_run_verb};
