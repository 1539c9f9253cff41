/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "office/commands.h"
#include "office/office.h"
#include "office/paths.h"
#include "proto/roster_file.h"

static const dais_arg_option_t add_options[] = {
    {"broker-key", 0, DAIS_ARG_VALUE, false, "KEY", NULL, "the broker's public key, Z85"},
    {"secret", 0, DAIS_ARG_VALUE, true, "FILE", NULL, "the device's secret"},
    {"identity", 0, DAIS_ARG_VALUE, true, "FILE", NULL, "the device's public identity"},
    {"log", 0, DAIS_ARG_VALUE, true, "HASH", NULL,
     "leaf hash of entry 0 of the cycle, or an exported roster, which says it, and who the "
     "intakes are"},
    {"genesis", 0, DAIS_ARG_VALUE, false, "FILE", NULL, "the genesis of the cycle"},
    {"log-key", 0, DAIS_ARG_VALUE, false, "VKEY", NULL,
     "vkey of the log, where there is no genesis"},
    {"clock", 0, DAIS_ARG_VALUE, false, "FILE", NULL,
     "of a rehearsal: the file that holds its time"},
    {"registry-key", 0, DAIS_ARG_VALUE, false, "KEY", NULL,
     "the registry's box key, Z85, where there is no genesis"},
    {"intake", 0, DAIS_ARG_LIST, false, "NAME", NULL, "a service to send to; else intake"},
    {"replace", 0, DAIS_ARG_FLAG, false, NULL, NULL,
     "in the place of the profile of this name, which is kept as NAME.zpl.before"},
    {"dry-run", 0, DAIS_ARG_FLAG, false, NULL, NULL, "check all of it and leave no profile"},
    {.name = NULL},
};

static const dais_arg_operand_t add_operands[] = {
    {"NAME", DAIS_OPERAND_ONE, "of the profile"},
    {.name = NULL},
};

static const char *const add_examples[] = {
    "dais profile add d2027 --broker tcp://127.0.0.1:7001 --broker-key "
    "'o{7/<m$BKVf]s{If%DC(8w:PHlGx0@W5riVP>XM/' --secret me.secret --identity me.identity "
    "--genesis genesis --log e8ce6aa2638ecb0d908de343af4084923753ac61ead3234bdae681f165b52434",
    "dais profile list", NULL};

static const char *const list_examples[] = {"dais profile list", "dais profile list --json", NULL};
static const char *const show_examples[] = {"dais profile show", "dais profile show --json", NULL};

static int add_run(const dais_args_t *args, void *context);
static int list_run(const dais_args_t *args, void *context);
static int show_run(const dais_args_t *args, void *context);

const dais_command_t dais_command_profile_add = {
    .name = "add",
    .text = "add a profile: one broker, one identity, one cycle",
    .options = add_options,
    .operands = add_operands,
    .examples = add_examples,
    .run = add_run,
};
const dais_command_t dais_command_profile_list = {
    .name = "list",
    .text = "list the profiles there are",
    .examples = list_examples,
    .run = list_run,
};
const dais_command_t dais_command_profile_show = {
    .name = "show",
    .text = "show who sends what where, with fingerprints to compare",
    .examples = show_examples,
    .run = show_run,
};

/* One line of the file; a path is made absolute, so that the profile works from any folder. */
static bool add_line(const dais_office_t *office, FILE *file, const char *name, const char *value,
                     bool is_path, int *status)
{
    char absolute[PATH_MAX];
    if (value == NULL)
        return true;
    if (is_path && realpath(value, absolute) == NULL) {
        *status = dais_say_error(&office->say, DAIS_EXIT_CONFIG, "not-found", NULL,
                                 "--%s %.200s: there is no such file", name, value);
        return false;
    }
    dais_slice_t text = dais_slice_text(is_path ? absolute : value);
    if (!dais_zpl_can_quote(text)) {
        *status = dais_say_error(&office->say, DAIS_EXIT_CONFIG, "bad-value",
                                 "printable ASCII with one sort of quotes can stand in a profile",
                                 "--%s cannot be written to a profile", name);
        return false;
    }
    char quote = dais_zpl_quote(text);
    (void)fprintf(file, "%s = %c%.*s%c\n", name, quote, (int)text.size, (const char *)text.data,
                  quote);
    return true;
}

/* What an exported roster says: the hash of its log, and the keys of its intakes, parted by spaces,
 * as many as a profile has room for. */
typedef struct {
    char hash[2 * DAIS_HASH_SIZE + 1];
    char intakes[DAIS_ZPL_VALUE_SIZE_MAX + 1];
} add_roster_t;

static void add_roster_key(add_roster_t *roster, const dais_roster_key_t *key)
{
    size_t used = strlen(roster->intakes);
    if (key->role != DAIS_ROLE_INTAKE ||
        used + (size_t)2 * DAIS_KEY_SIZE + 2 > sizeof roster->intakes)
        return;
    if (used > 0)
        roster->intakes[used++] = ' ';
    dais_say_hex(dais_slice(key->key.bytes, DAIS_KEY_SIZE), roster->intakes + used,
                 sizeof roster->intakes - used);
}

/* The hash as it is given, or that of the exported roster at this path. */
static const char *add_log(const char *value, add_roster_t *roster)
{
    dais_file_bytes_t bytes;
    dais_roster_reader_t reader;
    dais_roster_head_t head;
    dais_roster_key_t key;
    if (dais_file_read(value, DAIS_ROSTER_FILE_SIZE_MAX, &bytes) != DAIS_OK)
        return value;
    dais_roster_reader_init(&reader, dais_slice(bytes.data, bytes.size), &head);
    while (dais_roster_reader_next(&reader, &key))
        add_roster_key(roster, &key);
    bool good = dais_roster_reader_finish(&reader).err == DAIS_OK;
    dais_file_free(&bytes);
    if (!good)
        roster->intakes[0] = '\0';
    return good ? dais_say_hex(dais_hash_slice(&head.log), roster->hash, sizeof roster->hash)
                : value;
}

static bool add_intakes(const dais_office_t *office, FILE *file, const dais_args_t *args,
                        int *status)
{
    char list[DAIS_ZPL_VALUE_SIZE_MAX] = "";
    size_t used = 0;
    const char *name;
    for (size_t i = 0; (name = dais_args_list(args, "intake", i)) != NULL && used < sizeof list;
         i++)
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", i == 0 ? "" : " ", name);
    if (used >= sizeof list) {
        *status = dais_say_error(&office->say, DAIS_EXIT_USAGE, "bad-value", "name fewer of them",
                                 "the names of the intakes are too long together");
        return false;
    }
    return add_line(office, file, "intakes", used == 0 ? NULL : list, false, status);
}

static bool add_lines(const dais_office_t *office, FILE *file, const dais_args_t *args, int *status)
{
    static const struct {
        const char *name;
        bool is_path;
    } lines[] = {{"broker", false},  {"broker-key", false},   {"secret", true},
                 {"identity", true}, {"log", false},          {"genesis", true},
                 {"log-key", false}, {"registry-key", false}, {"clock", true}};
    add_roster_t roster = {.intakes = ""};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        const char *value = dais_args_value(args, lines[i].name);
        if (strcmp(lines[i].name, "log") == 0)
            value = add_log(value, &roster);
        if (!add_line(office, file, lines[i].name, value, lines[i].is_path, status))
            return false;
    }
    return add_intakes(office, file, args, status) &&
           add_line(office, file, "intake-keys", roster.intakes[0] == '\0' ? NULL : roster.intakes,
                    false, status);
}

/* What would be written is read as any profile is, and only then stays. */
static int add_check(dais_office_t *office, const dais_args_t *args, const char *name)
{
    dais_settings_fault_t fault = {.code = "bad-value"};
    dais_args_t named = *args;
    size_t at = 0;
    while (at < named.given_count && strcmp(named.given[at].option->name, "profile") != 0)
        at++;
    if (at == DAIS_ARGS_GIVEN_MAX)
        return dais_say_error(&office->say, DAIS_EXIT_USAGE, "bad-value", "leave one out",
                              "these are more options than one call takes");
    for (const dais_arg_option_t *option = dais_office_options; option->name != NULL; option++) {
        if (strcmp(option->name, "profile") == 0)
            named.given[at].option = option;
    }
    named.given[at].value = name;
    named.given_count += at == named.given_count;
    if (dais_settings_read(&office->profile.settings, &named, &fault) &&
        dais_profile_load(&office->profile, &fault))
        return DAIS_EXIT_DONE;
    return dais_say_error(&office->say, DAIS_EXIT_CONFIG, fault.code, fault.hint, "%s", fault.text);
}

static int add_write(dais_office_t *office, const dais_args_t *args, const char *path)
{
    char *text = NULL;
    size_t size = 0;
    int status = DAIS_EXIT_DONE;
    FILE *file = open_memstream(&text, &size);
    if (file == NULL)
        return dais_say_err(&office->say, DAIS_ERR_NO_MEMORY, path);
    bool good = add_lines(office, file, args, &status);
    (void)fclose(file);
    dais_err_t err = DAIS_OK;
    if (good)
        err = dais_path_ensure_parents(path);
    if (good && err == DAIS_OK)
        err = dais_file_create(path, dais_slice(text, size), 0600);
    free(text);
    if (err == DAIS_ERR_EXISTS)
        return dais_say_error(&office->say, dais_exit_of(err), dais_err_code(err),
                              "--replace puts this one in its place and keeps that one beside it",
                              "%s: there is a profile of this name", path);
    if (err != DAIS_OK)
        return dais_say_err(&office->say, err, path);
    return status;
}

/* Moves the profile that is there out of the way, for --replace; *moved if there was one. */
static dais_err_t add_move(const dais_args_t *args, const char *path, const char *before,
                           bool *moved)
{
    *moved = dais_args_has(args, "replace") && rename(path, before) == 0;
    return *moved || !dais_args_has(args, "replace") || errno == ENOENT ? DAIS_OK
                                                                        : dais_file_err(errno);
}

/* A rehearsal has a clock of its own, or a mistake is made in silence. */
static void add_hints(const dais_profile_t *profile, const char *name, const char *before)
{
    if (profile->rehearsal && profile->settings.values[DAIS_SETTING_CLOCK].text[0] == '\0')
        dais_say_hint("%s is a rehearsal, and this profile takes the time of this machine; if its "
                      "daemons have a clock-file: dais profile add %s --replace --clock FILE ...",
                      profile->cycle, name);
    if (before != NULL)
        dais_say_hint("the profile before it is kept: %s", before);
    dais_say_hint("export DAIS_PROFILE=%s", name);
    if (dais_profile_signed_genesis(profile))
        dais_say_hint("this key signed genesis: no broker admits it; what it says goes by dais "
                      "outbox parcel and dais-registry cycle admit");
}

static json_t *profile_object(const dais_profile_t *profile, const char *type)
{
    char actor[2 * DAIS_ID_SIZE + 1];
    char log[2 * DAIS_HASH_SIZE + 1];
    char key[2 * DAIS_KEY_SIZE + 1];
    dais_say_hex(dais_slice(profile->identity.actor.bytes, DAIS_ID_SIZE), actor, sizeof actor);
    dais_say_hex(dais_hash_slice(&profile->log), log, sizeof log);
    dais_say_hex(dais_slice(profile->device.key.bytes, DAIS_KEY_SIZE), key, sizeof key);
    json_t *object = dais_say_new(type);
    (void)json_object_set_new(object, "profile", json_string(profile->settings.profile));
    (void)json_object_set_new(object, "cycle", json_string(profile->cycle));
    (void)json_object_set_new(object, "rehearsal", json_boolean(profile->rehearsal));
    (void)json_object_set_new(object, "origin", json_string(profile->log_key.name));
    (void)json_object_set_new(object, "log", json_string(log));
    (void)json_object_set_new(object, "role",
                              json_string(dais_words_role.words[profile->identity.role]));
    (void)json_object_set_new(object, "state", json_string(profile->identity.state));
    (void)json_object_set_new(object, "actor", json_string(actor));
    (void)json_object_set_new(object, "key", json_string(key));
    (void)json_object_set_new(object, "broker",
                              json_string(profile->settings.values[DAIS_SETTING_BROKER].text));
    return object;
}

static int add_run(const dais_args_t *args, void *context)
{
    dais_office_t *office = context;
    char path[PATH_MAX];
    const char *name = dais_args_operand(args, 0);
    dais_office_begin(office, args);
    if (!dais_path_name_ok(name))
        return dais_say_error(&office->say, DAIS_EXIT_USAGE, "bad-value",
                              "letters, digits, dot, underscore and dash are allowed, at most 64",
                              "%.80s is no name for a profile", name);
    dais_err_t err = dais_settings_path(name, path);
    if (err != DAIS_OK)
        return dais_say_err(&office->say, err, name);
    char before[PATH_MAX + 8];
    bool moved;
    (void)snprintf(before, sizeof before, "%s.before", path);
    err = add_move(args, path, before, &moved);
    if (err != DAIS_OK)
        return dais_say_err(&office->say, err, path);
    int status = add_write(office, args, path);
    bool written = status == DAIS_EXIT_DONE;
    bool dry = dais_args_has(args, "dry-run");
    if (written)
        status = add_check(office, args, name);
    bool stays = status == DAIS_EXIT_DONE && !dry;
    if (written && !stays)
        (void)unlink(path);
    if (moved && !stays)
        (void)rename(before, path);
    if (status != DAIS_EXIT_DONE)
        return status;
    if (stays)
        add_hints(&office->profile, name, moved ? before : NULL);
    return dais_say_object(&office->say,
                           profile_object(&office->profile, dry ? "would-add" : "profile"));
}

static void list_folder(json_t *rows, dais_path_base_t base)
{
    char path[PATH_MAX];
    if (dais_path_make(base, "profiles", path) != DAIS_OK)
        return;
    DIR *folder = opendir(path);
    const struct dirent *entry;
    while (folder != NULL &&
           (entry = readdir(folder)) != NULL) { /* NOLINT(concurrency-mt-unsafe) */
        const char *dot = strrchr(entry->d_name, '.');
        if (dot == NULL || strcmp(dot, ".zpl") != 0 || entry->d_name[0] == '.')
            continue;
        json_t *row = dais_say_new("profile-file");
        (void)json_object_set_new(row, "profile",
                                  json_stringn(entry->d_name, (size_t)(dot - entry->d_name)));
        (void)json_object_set_new(row, "folder", json_string(path));
        (void)json_array_append_new(rows, row);
    }
    if (folder != NULL)
        (void)closedir(folder);
}

static int list_run(const dais_args_t *args, void *context)
{
    static const dais_column_t columns[] = {
        {"profile", "PROFILE"}, {"folder", "FOLDER"}, {.key = NULL}};
    dais_office_t *office = context;
    dais_office_begin(office, args);
    json_t *rows = json_array();
    list_folder(rows, DAIS_PATH_CONFIG);
    list_folder(rows, DAIS_PATH_SYSTEM);
    if (json_array_size(rows) == 0)
        dais_say_hint("there is no profile yet; dais profile add -h says how to add one");
    return dais_say_rows(&office->say, rows, columns);
}

static int show_run(const dais_args_t *args, void *context)
{
    dais_office_t *office = context;
    dais_office_begin(office, args);
    int status = dais_office_open(office, args);
    if (status != DAIS_EXIT_DONE)
        return status;
    return dais_say_object(&office->say, profile_object(&office->profile, "profile"));
}
