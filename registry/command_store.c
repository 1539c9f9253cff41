/* SPDX-License-Identifier: Apache-2.0
 *
 * The store as a whole: checked to its last entry, backed up, put back. */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/store.h"
#include "registry/check.h"
#include "registry/command.h"
#include "registry/log_export.h"

static void check_print(const char *name, const dais_check_t *check)
{
    (void)printf("%s: %llu entries, %llu stamped bundles, %llu turned away; state ", name,
                 (unsigned long long)check->entries, (unsigned long long)check->bundles,
                 (unsigned long long)check->turned_away);
    for (size_t i = 0; i < sizeof check->state.bytes; i++)
        (void)printf("%02x", check->state.bytes[i]);
    (void)printf("\n");
}

/* Refolds a cycle that is open, and says what came of it. */
static int check_cycle(dais_cycle_t *cycle, const char *name)
{
    dais_check_t check;
    dais_err_t err = dais_check_cycle(cycle, &check);
    if (err != DAIS_OK)
        return command_fails(err, name);
    if (check.err == DAIS_OK) {
        check_print(name, &check);
        return DAIS_EXIT_DONE;
    }
    (void)fprintf(stderr, "error[%s]: %s: entry %llu: %s\n", dais_err_code(check.err), name,
                  (unsigned long long)check.seq, check.what);
    (void)fprintf(stderr,
                  "hint: stop the registry and restore a backup; the log is left as it is\n");
    return DAIS_EXIT_DAMAGED;
}

int dais_command_check(const dais_args_t *args, void *context)
{
    command_host_t host;
    dais_cycle_t *cycle;
    int exit;
    const char *name = dais_args_operand(args, 0);
    if (!command_open(args, context, &host, &exit))
        return exit;
    dais_err_t err = dais_args_has(args, "copy")
                         ? dais_cycle_open_copy(&cycle, &host.house, name, NULL)
                         : dais_cycle_open(&cycle, &host.house, name, DAIS_CYCLE_TO_READ);
    exit = err == DAIS_OK ? check_cycle(cycle, name) : command_fails(err, name);
    dais_cycle_close(&cycle);
    command_close(&host);
    return exit;
}

static dais_err_t backup_copy(dais_cycle_t *cycle, const char *folder)
{
    char path[1024];
    if (mkdir(folder, S_IRWXU) != 0)
        return dais_file_err(errno);
    (void)snprintf(path, sizeof path, "%s/%s", folder, DAIS_BOOK_STORE_NAME);
    dais_err_t err = dais_file_ensure_folder(path, S_IRWXU);
    if (err != DAIS_OK)
        return err;
    (void)snprintf(path, sizeof path, "%s/%s/%s", folder, DAIS_BOOK_STORE_NAME, DAIS_STORE_FILE);
    return dais_book_copy(dais_cycle_book(cycle), path);
}

/* A backup is one only once it has been read back. */
static int backup_verify(dais_house_t *house, const char *folder)
{
    dais_cycle_t *copy;
    dais_err_t err = dais_cycle_open_copy(&copy, house, folder, NULL);
    int exit = err == DAIS_OK ? check_cycle(copy, folder) : command_fails(err, folder);
    dais_cycle_close(&copy);
    return exit;
}

int dais_command_backup(const dais_args_t *args, void *context)
{
    command_host_t host;
    dais_cycle_t *cycle;
    int exit;
    const char *name = dais_args_operand(args, 0);
    const char *folder = dais_args_operand(args, 1);
    if (!command_open(args, context, &host, &exit))
        return exit;
    dais_err_t err = dais_cycle_open(&cycle, &host.house, name, DAIS_CYCLE_TO_READ);
    if (err == DAIS_OK)
        err = backup_copy(cycle, folder);
    dais_cycle_close(&cycle);
    exit = err == DAIS_OK ? backup_verify(&host.house, folder) : command_fails(err, folder);
    command_close(&host);
    return exit;
}

/* Brings the file of a backup into the cycle's folder under a name of its own. */
static dais_err_t restore_copy(dais_house_t *house, const char *backup, const char *draft)
{
    char path[1024];
    dais_cycle_t *copy;
    dais_err_t err = dais_cycle_open_copy(&copy, house, backup, NULL);
    if (err == DAIS_OK)
        err = dais_file_ensure_folder(draft, S_IRWXU);
    (void)snprintf(path, sizeof path, "%s/%s", draft, DAIS_BOOK_STORE_NAME);
    if (err == DAIS_OK)
        err = dais_file_ensure_folder(path, S_IRWXU);
    (void)snprintf(path, sizeof path, "%s/%s/%s", draft, DAIS_BOOK_STORE_NAME, DAIS_STORE_FILE);
    if (err == DAIS_OK)
        err = dais_book_copy(dais_cycle_book(copy), path);
    dais_cycle_close(&copy);
    return err;
}

static void restore_drop(const char *draft)
{
    char path[1024];
    static const char *const files[] = {DAIS_STORE_FILE, "lock.mdb"};
    for (size_t i = 0; i < 2; i++) {
        (void)snprintf(path, sizeof path, "%s/%s/%s", draft, DAIS_BOOK_STORE_NAME, files[i]);
        (void)unlink(path);
    }
    (void)snprintf(path, sizeof path, "%s/%s", draft, DAIS_BOOK_STORE_NAME);
    (void)rmdir(path);
    (void)rmdir(draft);
}

/* Into its place, which has to be free: a store that is there is never overwritten. */
static dais_err_t restore_place(const char *draft, const char *folder)
{
    char from[1024];
    char to[1024];
    struct stat status;
    (void)snprintf(from, sizeof from, "%s/%s", draft, DAIS_BOOK_STORE_NAME);
    (void)snprintf(to, sizeof to, "%s/%s", folder, DAIS_BOOK_STORE_NAME);
    if (stat(to, &status) == 0)
        return DAIS_ERR_EXISTS;
    if (rename(from, to) != 0)
        return dais_file_err(errno);
    return dais_file_sync_folder(folder);
}

static int restore_into(dais_house_t *house, const dais_cycle_places_t *places, const char *backup)
{
    char draft[600];
    dais_cycle_t *copy = NULL;
    (void)snprintf(draft, sizeof draft, "%s/restoring", places->folder);
    dais_err_t err = restore_copy(house, backup, draft);
    if (err == DAIS_OK)
        err = dais_cycle_open_copy(&copy, house, draft, places->guard);
    int exit = err == DAIS_OK ? check_cycle(copy, backup) : command_fails(err, backup);
    dais_cycle_close(&copy);
    if (exit == DAIS_EXIT_DONE) {
        err = restore_place(draft, places->folder);
        if (err != DAIS_OK)
            exit = command_fails(err, places->folder);
        if (err == DAIS_ERR_EXISTS)
            (void)fprintf(stderr, "hint: move the old store away first, and keep it\n");
    }
    restore_drop(draft);
    return exit;
}

int dais_command_restore(const dais_args_t *args, void *context)
{
    command_host_t host;
    dais_cycle_places_t places;
    int exit;
    const char *name = dais_args_operand(args, 0);
    if (!command_open(args, context, &host, &exit))
        return exit;
    dais_err_t err = dais_cycle_places(&host.house, name, &places);
    exit = err == DAIS_OK ? restore_into(&host.house, &places, dais_args_operand(args, 1))
                          : command_fails(err, name);
    command_close(&host);
    return exit;
}

int dais_command_log_export(const dais_args_t *args, void *context)
{
    command_host_t host;
    dais_cycle_t *cycle;
    int exit;
    const char *path = dais_args_operand(args, 1);
    dais_reader_who_t reader = {.role = dais_args_has(args, "public") ? 0 : DAIS_ROLE_INSPECTOR};
    if (!command_open(args, context, &host, &exit))
        return exit;
    dais_err_t err =
        dais_cycle_open(&cycle, &host.house, dais_args_operand(args, 0), DAIS_CYCLE_TO_READ);
    if (err == DAIS_OK)
        err = dais_log_export(cycle, reader, path);
    if (err != DAIS_OK)
        exit = command_fails(err, path);
    dais_cycle_close(&cycle);
    command_close(&host);
    return exit;
}
