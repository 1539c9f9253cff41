/* SPDX-License-Identifier: Apache-2.0
 *
 * Cycles: prepared, created, given entries on the host, listed. */
#include <dirent.h>
#include <stdlib.h>

#include "base/file.h"
#include "proto/genesis.h"
#include "registry/clock_keep.h"
#include "registry/command.h"
#include "registry/cycle.h"
#include "registry/roster_export.h"

int dais_command_prepare(const dais_args_t *args, void *context)
{
    command_host_t host;
    int exit;
    char origin[DAIS_LIMIT_ORIGIN + 1];
    char text[DAIS_CYCLE_KEYS_TEXT_MAX];
    dais_writer_t writer;
    const char *name = dais_args_operand(args, 0);
    int size = snprintf(origin, sizeof origin, "%s%s/%s",
                        dais_args_has(args, "rehearsal") ? "rehearsal/" : "",
                        dais_args_value(args, "host"), name);
    if (size >= (int)sizeof origin)
        return command_fails(DAIS_ERR_TOO_LONG, "the origin");
    if (!command_open(args, context, &host, &exit))
        return exit;
    dais_writer_init(&writer, text, sizeof text);
    dais_err_t err = dais_cycle_prepare(&host.house, name, dais_slice_text(origin), &writer);
    command_close(&host);
    if (err != DAIS_OK)
        return command_fails(err, name);
    (void)fwrite(text, 1, writer.size, stdout);
    (void)fprintf(stderr, "Prepared cycle %s. Now: dais cycle draft, with these keys\n", name);
    return DAIS_EXIT_DONE;
}

static void create_print_fault(const dais_policy_faults_t *faults)
{
    for (unsigned i = 0; i < faults->count && i < faults->capacity; i++) {
        const dais_policy_fault_t *fault = &faults->items[i];
        (void)fprintf(stderr, "policy:%u:%u: %s: %.*s\n", fault->line, fault->column,
                      dais_err_code(fault->err), (int)fault->key.size,
                      (const char *)fault->key.data);
    }
}

/* The key that genesis has to be signed by, as a vkey; null if none was named. */
static bool create_trusted(const dais_args_t *args, dais_vkey_t *vkey, const dais_key_t **trusted,
                           dais_key_t *key, int *exit)
{
    const char *text = dais_args_value(args, "secretariat-key");
    *trusted = NULL;
    if (text == NULL)
        return true;
    dais_err_t err = dais_vkey_parse(dais_slice_text(text), vkey).err;
    if (err != DAIS_OK) {
        *exit = command_fails(err, "--secretariat-key");
        return false;
    }
    memcpy(key->bytes, vkey->key, sizeof key->bytes);
    *trusted = key;
    return true;
}

static void create_hex(const uint8_t *bytes, size_t size, char *text)
{
    for (size_t i = 0; i < size; i++)
        (void)snprintf(text + 2 * i, 3, "%02x", bytes[i]);
}

/* The log's name, and what is to be done next. The key that signed genesis enters the keys of all
 * others, by a file: it has no transport key in the log, so that no broker lets it in. */
static dais_err_t create_say(dais_house_t *house, const char *name, const char *path,
                             const dais_genesis_t *genesis)
{
    dais_cycle_t *cycle;
    char log[2 * DAIS_HASH_SIZE + 1];
    char actor[2 * DAIS_ID_SIZE + 1];
    dais_err_t err = dais_cycle_open(&cycle, house, name, DAIS_CYCLE_TO_READ);
    if (err != DAIS_OK)
        return err;
    create_hex(dais_cycle_about(cycle)->name.bytes, DAIS_HASH_SIZE, log);
    create_hex(genesis->secretariat.bytes, DAIS_ID_SIZE, actor);
    dais_cycle_close(&cycle);
    (void)printf("created %s\nlog %s\n", name, log);
    (void)fprintf(stderr,
                  "Now, on this host, with the key that signed genesis (no broker admits it; keep\n"
                  "it), enter the secretariat's daily device and everybody else in the roster:\n"
                  "  dais profile add %s-host --secret SECRET --identity IDENTITY --genesis %s "
                  "--log %s\n"
                  "  dais keygen desk --role secretariat --actor %s --folder .\n"
                  "  dais roster add --profile %s-host --identity desk.identity --holder HOLDER\n"
                  "  dais outbox parcel --profile %s-host -o first.parcel\n"
                  "  dais-registry cycle admit %s first.parcel\n",
                  name, path, log, actor, name, name, name);
    return DAIS_OK;
}

int dais_command_create(const dais_args_t *args, void *context)
{
    command_host_t host;
    dais_file_bytes_t bytes;
    dais_vkey_t vkey;
    dais_key_t key;
    const dais_key_t *trusted;
    char name[DAIS_LIMIT_CODE + 1];
    dais_policy_fault_t items[16];
    dais_policy_faults_t faults = {.items = items, .capacity = 16};
    int exit;
    const char *path = dais_args_operand(args, 0);
    if (!create_trusted(args, &vkey, &trusted, &key, &exit) ||
        !command_open(args, context, &host, &exit))
        return exit;
    dais_err_t err = dais_file_read(path, DAIS_LIMIT_MESSAGE, &bytes);
    if (err == DAIS_OK)
        err = dais_cycle_create(&host.house, dais_slice(bytes.data, bytes.size), trusted, &faults,
                                name);
    if (err != DAIS_OK)
        create_print_fault(&faults);
    dais_genesis_t genesis;
    if (err == DAIS_OK)
        err = dais_genesis_open(dais_slice(bytes.data, bytes.size), &genesis).err;
    if (err == DAIS_OK)
        err = create_say(&host.house, name, path, &genesis);
    dais_file_free(&bytes);
    command_close(&host);
    return err == DAIS_OK ? DAIS_EXIT_DONE : command_fails(err, path);
}

/* Opens the cycle that the first operand names, to write. */
static bool host_open(const dais_args_t *args, void *context, command_host_t *host,
                      dais_cycle_t **cycle, int *exit)
{
    if (!command_open(args, context, host, exit))
        return false;
    dais_err_t err =
        dais_cycle_open(cycle, &host->house, dais_args_operand(args, 0), DAIS_CYCLE_TO_SERVE);
    if (err == DAIS_OK)
        return true;
    *exit = command_fails(err, dais_args_operand(args, 0));
    command_close(host);
    return false;
}

static dais_err_t admit_file(dais_cycle_t *cycle, const char *path)
{
    dais_file_bytes_t bytes;
    uint64_t first;
    uint64_t count;
    dais_err_t err = dais_file_read(path, DAIS_LIMIT_BUNDLE_BYTES, &bytes);
    if (err != DAIS_OK)
        return err;
    err = dais_cycle_admit(cycle, dais_slice(bytes.data, bytes.size), &first, &count);
    dais_file_free(&bytes);
    if (err == DAIS_OK && count == 0)
        (void)printf("%s: in the log already\n", path);
    else if (err == DAIS_OK)
        (void)printf("%s: entries %llu to %llu\n", path, (unsigned long long)first,
                     (unsigned long long)(first + count - 1));
    return err;
}

/* If the clock was accepted by what was given in, its guard starts from now. */
static dais_err_t admit_accept_clock(command_host_t *host, dais_cycle_t *cycle)
{
    char path[512];
    dais_clock_keep_t keep;
    bool is_rehearsal = dais_cycle_about(cycle)->is_rehearsal;
    bool is_played = dais_config_count(host->config, "clock-file") > 0;
    dais_clock_mode_t mode = !is_rehearsal ? DAIS_CLOCK_LIVE
                             : is_played   ? DAIS_CLOCK_PLAYED
                                           : DAIS_CLOCK_REHEARSAL;
    if (dais_cycle_clock_turn(cycle) == 0)
        return DAIS_OK;
    dais_clock_keep_path(host->house.data_folder, is_rehearsal, path);
    dais_err_t err = dais_clock_keep_start(&keep, path, mode, &host->house.clock, 0);
    return err == DAIS_OK ? dais_clock_keep_accept(&keep, &host->house.clock) : err;
}

int dais_command_admit(const dais_args_t *args, void *context)
{
    command_host_t host;
    dais_cycle_t *cycle;
    int exit;
    if (!host_open(args, context, &host, &cycle, &exit))
        return exit;
    for (size_t i = 1; i < args->operand_count && exit == DAIS_EXIT_DONE; i++) {
        dais_err_t err = admit_file(cycle, args->operands[i]);
        if (err != DAIS_OK)
            exit = command_fails(err, args->operands[i]);
    }
    dais_err_t err = admit_accept_clock(&host, cycle);
    if (err != DAIS_OK && exit == DAIS_EXIT_DONE)
        exit = command_fails(err, "the guard of the clock");
    err = dais_roster_publish(cycle);
    if (err != DAIS_OK && exit == DAIS_EXIT_DONE)
        exit = command_fails(err, "the exported roster");
    dais_cycle_close(&cycle);
    command_close(&host);
    return exit;
}

int dais_command_evidence(const dais_args_t *args, void *context)
{
    command_host_t host;
    dais_cycle_t *cycle;
    dais_file_bytes_t bytes;
    int exit;
    const char *path = dais_args_operand(args, 1);
    if (!host_open(args, context, &host, &cycle, &exit))
        return exit;
    dais_err_t err = dais_file_read(path, DAIS_LIMIT_CHECKPOINT, &bytes);
    if (err == DAIS_OK)
        err = dais_cycle_fork_evidence(cycle, dais_slice(bytes.data, bytes.size));
    dais_file_free(&bytes);
    if (err == DAIS_OK)
        (void)printf("%s: the log has ended with it\n", path);
    else
        exit = command_fails(err, path);
    dais_cycle_close(&cycle);
    command_close(&host);
    return exit;
}

int dais_command_seal(const dais_args_t *args, void *context)
{
    command_host_t host;
    dais_cycle_t *cycle;
    int exit;
    const char *name = dais_args_operand(args, 0);
    if (!host_open(args, context, &host, &cycle, &exit))
        return exit;
    dais_err_t err = dais_cycle_seal(cycle);
    if (err == DAIS_OK)
        (void)printf("sealed %s\n", name);
    else
        exit = command_fails(err, name);
    dais_cycle_close(&cycle);
    command_close(&host);
    return exit;
}

static void list_one(dais_house_t *house, const char *name)
{
    dais_cycle_t *cycle;
    dais_err_t err = dais_cycle_open(&cycle, house, name, DAIS_CYCLE_TO_READ);
    if (err != DAIS_OK) {
        (void)printf("%s\t%s\n", name, dais_err_code(err));
        return;
    }
    (void)printf("%s\t%llu\t%s\n", name, (unsigned long long)dais_book_size(dais_cycle_book(cycle)),
                 dais_cycle_about(cycle)->origin);
    dais_cycle_close(&cycle);
}

int dais_command_list(const dais_args_t *args, void *context)
{
    command_host_t host;
    struct dirent **names;
    int exit;
    if (!command_open(args, context, &host, &exit))
        return exit;
    int count = scandir(host.house.data_folder, &names, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        if (names[i]->d_name[0] != '.')
            list_one(&host.house, names[i]->d_name);
        free(names[i]);
    }
    if (count >= 0)
        free(names);
    else
        exit = command_fails(DAIS_ERR_NOT_FOUND, host.house.data_folder);
    command_close(&host);
    return exit;
}

int dais_command_roster_export(const dais_args_t *args, void *context)
{
    command_host_t host;
    dais_cycle_t *cycle;
    int exit;
    const char *path = dais_args_operand(args, 1);
    if (!command_open(args, context, &host, &exit))
        return exit;
    dais_err_t err =
        dais_cycle_open(&cycle, &host.house, dais_args_operand(args, 0), DAIS_CYCLE_TO_READ);
    if (err == DAIS_OK)
        err = dais_roster_export(cycle, path);
    if (err != DAIS_OK)
        exit = command_fails(err, path);
    dais_cycle_close(&cycle);
    command_close(&host);
    return exit;
}
