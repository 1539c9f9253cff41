/* SPDX-License-Identifier: Apache-2.0 */
#include <sodium.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "office/commands.h"
#include "office/office.h"
#include "office/paths.h"
#include "proto/identity.h"
#include "proto/message.h"
#include "proto/text.h"

static const dais_arg_option_t keygen_options[] = {
    {"role", 0, DAIS_ARG_VALUE, true, "ROLE",
     "office|party|secretariat|chair|bureau|conference|intake|registry|publisher|inspector",
     "what the actor is"},
    {"actor", 0, DAIS_ARG_VALUE, false, "ID", NULL,
     "the actor that gets one more device; else a new actor"},
    {"state", 0, DAIS_ARG_VALUE, false, "CODE", NULL, "of a party: its State"},
    {"key-name", 0, DAIS_ARG_VALUE, false, "NAME", NULL,
     "name of the key in the roster; else the name of the files"},
    {"folder", 0, DAIS_ARG_VALUE, false, "FOLDER", NULL,
     "where the two files go; else keys/ in the configuration folder"},
    {"dry-run", 0, DAIS_ARG_FLAG, false, NULL, NULL, "check all of it and make no keys"},
    {.name = NULL},
};

static const dais_arg_operand_t keygen_operands[] = {
    {"NAME", DAIS_OPERAND_ONE, "of the files: NAME.secret and NAME.identity"},
    {.name = NULL},
};

static const char *const keygen_examples[] = {
    "dais keygen harbour-1 --role office --folder .",
    "dais keygen mission-1 --role party --state XA --folder .", NULL};

static int keygen_run(const dais_args_t *args, void *context);

const dais_command_t dais_command_keygen = {
    .name = "keygen",
    .text = "make the keys of a device",
    .about = "Writes the secret (mode 0600) and the public identity. The identity goes to the\n"
             "secretariat; the secret stays on this device. Files that are there are never\n"
             "overwritten.",
    .options = keygen_options,
    .operands = keygen_operands,
    .examples = keygen_examples,
    .run = keygen_run,
};

typedef struct {
    char secret[PATH_MAX];
    char identity[PATH_MAX];
} keygen_paths_t;

static dais_err_t keygen_paths(const dais_args_t *args, keygen_paths_t *paths)
{
    char rest[128];
    const char *name = dais_args_operand(args, 0);
    const char *folder = dais_args_value(args, "folder");
    (void)snprintf(rest, sizeof rest, "keys/%s", name);
    dais_err_t err =
        folder == NULL ? dais_path_make(DAIS_PATH_CONFIG, rest, paths->secret) : DAIS_OK;
    if (folder != NULL && snprintf(paths->secret, PATH_MAX, "%s/%s", folder, name) >= PATH_MAX - 16)
        err = DAIS_ERR_TOO_LONG;
    if (err != DAIS_OK || strlen(paths->secret) >= PATH_MAX - 16)
        return err != DAIS_OK ? err : DAIS_ERR_TOO_LONG;
    memcpy(paths->identity, paths->secret, PATH_MAX);
    size_t size = strlen(paths->secret);
    memcpy(paths->secret + size, ".secret", sizeof ".secret");
    memcpy(paths->identity + size, ".identity", sizeof ".identity");
    return folder == NULL && !dais_args_has(args, "dry-run")
               ? dais_path_ensure_parents(paths->secret)
               : DAIS_OK;
}

static int keygen_identity(const dais_office_t *office, const dais_args_t *args,
                           const dais_device_t *device, uint64_t now_ms, dais_identity_t *identity)
{
    const char *actor = dais_args_value(args, "actor");
    const char *state = dais_args_value(args, "state");
    const char *key_name = dais_args_value(args, "key-name");
    uint8_t random[DAIS_ID_RANDOM_SIZE];
    memset(identity, 0, sizeof *identity);
    identity->role = dais_words_find(&dais_words_role, dais_args_value(args, "role"));
    identity->box_key = device->box_key;
    if (actor != NULL &&
        dais_text_hex(dais_slice_text(actor), identity->actor.bytes, DAIS_ID_SIZE) != DAIS_OK)
        return dais_say_error(&office->say, DAIS_EXIT_USAGE, "bad-value",
                              "an id is 32 lower-case hex digits", "actor %.80s is no id", actor);
    dais_err_t err = dais_random_fill(&office->random, random, sizeof random);
    if (err != DAIS_OK)
        return dais_say_err(&office->say, err, "keys");
    if (actor == NULL)
        identity->actor = dais_message_id(now_ms, random);
    if (key_name == NULL)
        key_name = dais_args_operand(args, 0);
    if (strlen(key_name) > DAIS_LIMIT_KEY_NAME ||
        dais_vkey_make(dais_slice_text(key_name), device->key.bytes, &identity->key) != DAIS_OK)
        return dais_say_error(&office->say, DAIS_EXIT_USAGE, "bad-value",
                              "a key's name has at most 200 bytes, no space and no plus",
                              "%.80s cannot name a key", key_name);
    if ((identity->role == DAIS_ROLE_PARTY) != (state != NULL))
        return dais_say_error(&office->say, DAIS_EXIT_USAGE, "bad-value", NULL,
                              "--state goes with the role party, and only there");
    if (state != NULL)
        (void)snprintf(identity->state, sizeof identity->state, "%s", state);
    return DAIS_EXIT_DONE;
}

static dais_err_t keygen_write(const keygen_paths_t *paths, const dais_seed_t *seed,
                               const dais_identity_t *identity)
{
    char text[DAIS_LIMIT_IDENTITY];
    char secret[DAIS_SECRET_TEXT_SIZE];
    dais_writer_t writer;
    dais_slice_t bytes;
    if (access(paths->identity, F_OK) == 0)
        return DAIS_ERR_EXISTS; /* before the secret is written, to leave nothing half done */
    dais_writer_init(&writer, text, sizeof text);
    dais_err_t err = dais_identity_put(&writer, identity);
    if (err != DAIS_OK)
        return err;
    dais_slice_t public = dais_slice(text, writer.size);
    dais_writer_init(&writer, secret, sizeof secret);
    dais_secret_put(&writer, seed);
    err = dais_writer_finish(&writer, &bytes);
    if (err == DAIS_OK)
        err = dais_file_create(paths->secret, bytes, 0600);
    sodium_memzero(secret, sizeof secret);
    if (err == DAIS_OK)
        err = dais_file_create(paths->identity, public, 0644);
    return err;
}

/* What a run would say before it has keys. */
static int keygen_dry(const dais_office_t *office, const keygen_paths_t *paths,
                      const dais_identity_t *identity)
{
    const char *there = access(paths->secret, F_OK) == 0     ? paths->secret
                        : access(paths->identity, F_OK) == 0 ? paths->identity
                                                             : NULL;
    if (there != NULL)
        return dais_say_err(&office->say, DAIS_ERR_EXISTS, there);
    json_t *object = dais_say_new("would-make-keys");
    (void)json_object_set_new(object, "secret", json_string(paths->secret));
    (void)json_object_set_new(object, "identity", json_string(paths->identity));
    (void)json_object_set_new(object, "role", json_string(dais_words_role.words[identity->role]));
    return dais_say_object(&office->say, object);
}

static int keygen_say(const dais_office_t *office, const keygen_paths_t *paths,
                      const dais_identity_t *identity)
{
    char actor[2 * DAIS_ID_SIZE + 1];
    char vkey[DAIS_LIMIT_ORIGIN + 80];
    dais_writer_t writer;
    dais_say_hex(dais_slice(identity->actor.bytes, DAIS_ID_SIZE), actor, sizeof actor);
    dais_writer_init(&writer, vkey, sizeof vkey - 1);
    dais_vkey_put(&writer, &identity->key);
    vkey[writer.size] = '\0';
    json_t *object = dais_say_new("keys");
    (void)json_object_set_new(object, "secret", json_string(paths->secret));
    (void)json_object_set_new(object, "identity", json_string(paths->identity));
    (void)json_object_set_new(object, "actor", json_string(actor));
    (void)json_object_set_new(object, "role", json_string(dais_words_role.words[identity->role]));
    (void)json_object_set_new(object, "key", json_string(vkey));
    return dais_say_object(&office->say, object);
}

static int keygen_run(const dais_args_t *args, void *context)
{
    dais_office_t *office = context;
    keygen_paths_t paths;
    dais_seed_t seed;
    dais_device_t device;
    dais_identity_t identity;
    uint64_t now_ms;
    dais_office_begin(office, args);
    if (!dais_path_name_ok(dais_args_operand(args, 0)))
        return dais_say_error(&office->say, DAIS_EXIT_USAGE, "bad-value",
                              "letters, digits, dot, underscore and dash are allowed, at most 64",
                              "%.80s is no name for files", dais_args_operand(args, 0));
    if (!dais_office_now(office, &now_ms))
        return DAIS_EXIT_FAILED;
    dais_err_t err = keygen_paths(args, &paths);
    if (err == DAIS_OK)
        err = dais_random_fill(&office->random, seed.bytes, sizeof seed.bytes);
    if (err != DAIS_OK)
        return dais_say_err(&office->say, err, dais_args_operand(args, 0));
    dais_device_derive(&seed, &device);
    int status = keygen_identity(office, args, &device, now_ms, &identity);
    dais_device_wipe(&device);
    if (status == DAIS_EXIT_DONE && dais_args_has(args, "dry-run")) {
        sodium_memzero(&seed, sizeof seed);
        return keygen_dry(office, &paths, &identity);
    }
    if (status == DAIS_EXIT_DONE) {
        err = keygen_write(&paths, &seed, &identity);
        if (err == DAIS_ERR_EXISTS)
            status = dais_say_error(&office->say, DAIS_EXIT_FAILED, dais_err_code(err),
                                    "take another name",
                                    "%s: keys are there, and are never "
                                    "overwritten",
                                    paths.secret);
        else if (err != DAIS_OK)
            status = dais_say_err(&office->say, err, paths.secret);
    }
    sodium_memzero(&seed, sizeof seed);
    if (status != DAIS_EXIT_DONE)
        return status;
    dais_say_hint("give %s to the secretariat; dais profile add names the keys to use",
                  paths.identity);
    return keygen_say(office, &paths, &identity);
}
