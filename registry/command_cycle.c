/* SPDX-License-Identifier: Apache-2.0
 *
 * Cycles: prepared, created, given entries on the host, listed. */
#include <dirent.h>
#include <stdlib.h>

#include "base/file.h"
#include "proto/genesis.h"
#include "proto/text.h"
#include "proto/vkey.h"
#include "registry/command.h"
#include "registry/cycle.h"
#include "registry/roster_export.h"

/* A name or host that cannot be one is told before any key is made: keys are never overwritten. */
static bool prepare_check(const char *name, const char *host, const char *origin, int *exit)
{
    static const dais_key_t none;
    dais_vkey_t vkey;
    if (!dais_cycle_name_ok(name)) {
        *exit = command_refuses(
            "bad-value", name,
            "this is no name for a cycle: letters, digits, and not in the first place - . _ are "
            "allowed, at most 64 bytes",
            "for instance: dais-registry cycle prepare dialogue-2027 --host registry.example");
        return false;
    }
    if (dais_vkey_make(dais_slice_text(origin), none.bytes, &vkey) == DAIS_OK)
        return true;
    *exit = command_refuses("bad-value", host,
                            "this is no name for a registry: no space and no plus are allowed",
                            "--host takes a name as in the domain system: --host registry.example");
    return false;
}

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
    if (!prepare_check(name, dais_args_value(args, "host"), origin, &exit))
        return exit;
    if (!command_open(args, context, &host, &exit))
        return exit;
    dais_writer_init(&writer, text, sizeof text);
    dais_err_t err = dais_cycle_prepare(&host.house, name, dais_slice_text(origin), &writer);
    command_close(&host);
    if (err == DAIS_ERR_EXISTS)
        (void)fprintf(stderr, "hint: keys of a cycle of this name are there, and are never "
                              "overwritten: take another name\n");
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

/* What lies beside genesis is soon given in its place. */
static bool create_is_other(dais_slice_t bytes, const char *path, int *exit)
{
    static const struct {
        const char *head;
        const char *is;
    } others[] = {
        {"dais/identity/1\n", "this is the identity of a device, and a genesis is wanted"},
        {"dais/secret/1\n", "this is the secret of a device, and a genesis is wanted"},
        {"dais/cycle-keys/1\n", "these are the keys of the cycle, and a genesis is wanted"},
    };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        dais_slice_t rest = bytes;
        if (!dais_text_prefix(&rest, others[i].head))
            continue;
        *exit = command_refuses("wrong-domain", path, others[i].is,
                                "the secretariat makes it: dais cycle draft --policy POLICY --keys "
                                "CYCLE.keys --secret SECRET --identity IDENTITY --holder NAME -o "
                                "genesis");
        return true;
    }
    return false;
}

int dais_command_create(const dais_args_t *args, void *context)
{
    command_host_t host;
    dais_file_bytes_t bytes;
    dais_vkey_t vkey;
    dais_key_t key;
    const dais_key_t *trusted;
    char name[DAIS_LIMIT_CODE + 1] = "";
    dais_policy_fault_t items[16];
    dais_policy_faults_t faults = {.items = items, .capacity = 16};
    int exit;
    const char *path = dais_args_operand(args, 0);
    if (!create_trusted(args, &vkey, &trusted, &key, &exit) ||
        !command_open(args, context, &host, &exit))
        return exit;
    dais_err_t err = dais_file_read(path, DAIS_LIMIT_MESSAGE, &bytes);
    if (err == DAIS_OK && create_is_other(dais_slice(bytes.data, bytes.size), path, &exit)) {
        dais_file_free(&bytes);
        command_close(&host);
        return exit;
    }
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
    exit = err == DAIS_OK ? DAIS_EXIT_DONE : command_fails_cycle(err, &host, name, path);
    command_close(&host);
    return exit;
}

bool command_open_cycle(const dais_args_t *args, void *context, command_host_t *host,
                        dais_cycle_t **cycle, int *exit)
{
    if (!command_open(args, context, host, exit))
        return false;
    dais_err_t err =
        dais_cycle_open(cycle, &host->house, dais_args_operand(args, 0), DAIS_CYCLE_TO_SERVE);
    if (err == DAIS_OK)
        return true;
    *exit = command_fails_cycle(err, host, dais_args_operand(args, 0), dais_args_operand(args, 0));
    command_close(host);
    return false;
}

int dais_command_evidence(const dais_args_t *args, void *context)
{
    command_host_t host;
    dais_cycle_t *cycle;
    dais_file_bytes_t bytes;
    int exit;
    const char *path = dais_args_operand(args, 1);
    if (!command_open_cycle(args, context, &host, &cycle, &exit))
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
    if (!command_open_cycle(args, context, &host, &cycle, &exit))
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
