/* SPDX-License-Identifier: Apache-2.0
 *
 * Genesis: the policy's text, the keys that the registry has made for this cycle, and who the
 * secretariat is, signed by it. There is no profile yet: a profile names the cycle that this makes.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "office/commands.h"
#include "office/convert.h"
#include "office/office.h"
#include "office/paths.h"
#include "office/which_file.h"
#include "proto/text.h"
#include "registry/rules/policy.h"
#include "registry/rules/rules.h"

#define KEYS_TEXT_MAX 1024
#define FAULT_MAX     20 /* that are shown of a policy */

static const dais_arg_option_t draft_options[] = {
    {"policy", 0, DAIS_ARG_VALUE, true, "FILE", NULL, "the policy, a file of policies/"},
    {"keys", 0, DAIS_ARG_VALUE, true, "FILE", NULL,
     "public keys of the cycle, as dais-registry cycle prepare wrote them"},
    {"secret", 0, DAIS_ARG_VALUE, true, "FILE", NULL, "secret of the secretariat's device"},
    {"identity", 0, DAIS_ARG_VALUE, true, "FILE", NULL, "public identity of that device"},
    {"holder", 0, DAIS_ARG_VALUE, true, "NAME", NULL, "the person or office that holds the key"},
    {"previous", 0, DAIS_ARG_VALUE, false, "FILE", NULL,
     "last checkpoint of the cycle before this one"},
    {"carry", 0, DAIS_ARG_VALUE, false, "FILE", NULL,
     "cases that are still open: LOG:ORGANISATION:INDEX, one on each line"},
    {"output", 'o', DAIS_ARG_VALUE, true, "FILE", NULL, "where genesis goes"},
    {"dry-run", 0, DAIS_ARG_FLAG, false, NULL, NULL, "check all of it and write nothing"},
    {.name = NULL},
};

static const char *const draft_examples[] = {
    "dais cycle draft --policy policy.zpl --keys cycle.keys --secret sec.secret --identity "
    "sec.identity --holder 'A. Person' -o genesis",
    "dais cycle draft --help", NULL};

static int draft_run(const dais_args_t *args, void *context);

const dais_command_t dais_command_cycle_draft = {
    .name = "draft",
    .text = "write and sign the genesis of a cycle",
    .about = "The policy is frozen into it and never changes; values that the policy leaves open\n"
             "are set by cycle call. dais-registry cycle create takes the file.",
    .options = draft_options,
    .examples = draft_examples,
    .run = draft_run,
};

typedef struct {
    dais_office_t *office;
    const dais_args_t *args;
    dais_file_bytes_t policy;
    dais_file_bytes_t keys;
    dais_file_bytes_t previous;
    dais_file_bytes_t carried;
    dais_device_t device;
    dais_convert_t convert;
    dais_genesis_t genesis;
    uint8_t buffer[DAIS_LIMIT_MESSAGE];
    bool has_unset; /* keys of the policy that the call has to give */
} draft_t;

static int draft_err(const draft_t *draft, dais_err_t err, const char *about)
{
    return dais_say_error(&draft->office->say,
                          dais_err_is_refusal(err) ? DAIS_EXIT_CONFIG : dais_exit_of(err),
                          dais_err_code(err), NULL, "%s: %s", about, dais_err_text(err));
}

/* Two files that keygen wrote side by side are soon taken for one another. */
static int draft_which(const draft_t *draft, const char *option, const char *wanted)
{
    const char *path = dais_args_value(draft->args, option);
    const char *other = dais_which_file(path, wanted);
    if (other == NULL)
        return DAIS_EXIT_DONE;
    return dais_say_error(&draft->office->say, DAIS_EXIT_CONFIG, "wrong-domain",
                          "--keys takes what dais-registry cycle prepare wrote, --secret and "
                          "--identity what dais keygen wrote",
                          "--%s %s: %s", option, path, other);
}

static int draft_read(draft_t *draft, const char *option, size_t size_max, dais_file_bytes_t *bytes)
{
    const char *path = dais_args_value(draft->args, option);
    dais_err_t err = path == NULL ? DAIS_OK : dais_file_read(path, size_max, bytes);
    return err == DAIS_OK ? DAIS_EXIT_DONE : draft_err(draft, err, path);
}

static void draft_policy_fault(const dais_policy_fault_t *fault, const char *path)
{
    (void)fprintf(stderr, "%s:%u:%u: [%s] %.*s: %s", path, fault->line, fault->column,
                  dais_err_code(fault->err), (int)fault->key.size,
                  fault->key.size == 0 ? "" : (const char *)fault->key.data,
                  dais_err_text(fault->err));
    if (fault->nearest != NULL)
        (void)fprintf(stderr, "; did you mean %s?", fault->nearest);
    else if (fault->valid != NULL)
        (void)fprintf(stderr, "; %s", fault->valid);
    (void)fputc('\n', stderr);
}

static int draft_policy(draft_t *draft)
{
    static dais_policy_t policy; /* large */
    dais_policy_fault_t items[FAULT_MAX];
    dais_policy_faults_t faults = {.items = items, .capacity = FAULT_MAX};
    const char *path = dais_args_value(draft->args, "policy");
    int status = draft_read(draft, "policy", DAIS_LIMIT_POLICY, &draft->policy);
    if (status != DAIS_EXIT_DONE)
        return status;
    draft->genesis.policy = dais_slice(draft->policy.data, draft->policy.size);
    dais_err_t err = dais_policy_parse(draft->genesis.policy, &policy, &faults);
    draft->has_unset = err == DAIS_OK && dais_policy_missing(&policy, 0) < DAIS_POLICY_KEY_COUNT;
    for (size_t i = 0; err != DAIS_OK && i < faults.count && i < FAULT_MAX; i++)
        draft_policy_fault(&items[i], path);
    return err == DAIS_OK ? DAIS_EXIT_DONE : draft_err(draft, err, path);
}

/* dais/cycle-keys/1, origin, log, box: one line each. */
static dais_err_t draft_keys_parse(draft_t *draft, dais_slice_t text)
{
    dais_slice_t line;
    dais_slice_t origin;
    dais_slice_t log;
    dais_slice_t box;
    dais_vkey_t vkey;
    dais_err_t err = dais_text_line(&text, &line);
    if (err == DAIS_OK && !dais_slice_equal(line, dais_slice_text("dais/cycle-keys/1")))
        err = DAIS_ERR_WRONG_DOMAIN;
    if (err == DAIS_OK)
        err = dais_text_field(&text, "origin", &origin);
    if (err == DAIS_OK)
        err = dais_text_field(&text, "log", &log);
    if (err == DAIS_OK)
        err = dais_text_field(&text, "box", &box);
    if (err == DAIS_OK && text.size > 0)
        err = DAIS_ERR_TRAILING;
    if (err == DAIS_OK)
        err = dais_vkey_parse(log, &vkey).err;
    if (err == DAIS_OK && !dais_slice_equal(dais_slice_text(vkey.name), origin))
        err = DAIS_ERR_WRONG_ORIGIN;
    if (err == DAIS_OK)
        err = dais_text_z85(box, &draft->genesis.registry_box_key);
    if (err != DAIS_OK)
        return err;
    memcpy(draft->genesis.log_key.bytes, vkey.key, DAIS_KEY_SIZE);
    draft->genesis.origin = origin;
    draft->genesis.rehearsal = dais_text_prefix(&origin, "rehearsal/");
    const uint8_t *slash = memrchr(origin.data, '/', origin.size);
    if (slash == NULL)
        return DAIS_ERR_WRONG_ORIGIN;
    draft->genesis.cycle = dais_slice(slash + 1, origin.size - (size_t)(slash + 1 - origin.data));
    return DAIS_OK;
}

static int draft_keys(draft_t *draft)
{
    int status = draft_which(draft, "keys", DAIS_WHICH_CYCLE_KEYS);
    if (status == DAIS_EXIT_DONE)
        status = draft_read(draft, "keys", KEYS_TEXT_MAX, &draft->keys);
    if (status != DAIS_EXIT_DONE)
        return status;
    dais_err_t err = draft_keys_parse(draft, dais_slice(draft->keys.data, draft->keys.size));
    return err == DAIS_OK ? DAIS_EXIT_DONE
                          : draft_err(draft, err, dais_args_value(draft->args, "keys"));
}

static int draft_secretariat(draft_t *draft)
{
    dais_file_bytes_t bytes;
    dais_seed_t seed;
    dais_identity_t identity;
    const char *path = dais_args_value(draft->args, "secret");
    dais_err_t err = dais_file_read_secret(path, DAIS_SECRET_TEXT_SIZE, &bytes);
    if (err == DAIS_OK) {
        err = dais_secret_parse(dais_slice(bytes.data, bytes.size), &seed).err;
        dais_file_free(&bytes);
    }
    if (err != DAIS_OK)
        return draft_err(draft, err, path);
    dais_device_derive(&seed, &draft->device);
    path = dais_args_value(draft->args, "identity");
    err = dais_file_read(path, DAIS_LIMIT_IDENTITY, &bytes);
    if (err == DAIS_OK) {
        err = dais_identity_parse(dais_slice(bytes.data, bytes.size), &identity).err;
        dais_file_free(&bytes);
    }
    if (err != DAIS_OK)
        return draft_err(draft, err, path);
    if (memcmp(identity.key.key, draft->device.key.bytes, DAIS_KEY_SIZE) != 0 ||
        identity.role != DAIS_ROLE_SECRETARIAT)
        return dais_say_error(&draft->office->say, DAIS_EXIT_CONFIG, "bad-key",
                              "genesis is signed by the secretariat",
                              "%s is not that of this secret, in the role secretariat", path);
    draft->genesis.secretariat = identity.actor;
    draft->genesis.holder = dais_slice_text(dais_args_value(draft->args, "holder"));
    return DAIS_EXIT_DONE;
}

static int draft_before(draft_t *draft)
{
    static const dais_field_t carried = {.name = "open_cases",
                                         .type = DAIS_FIELD_LIST,
                                         .offset = offsetof(dais_genesis_t, open_cases),
                                         .max = DAIS_LIMIT_OPEN_CASES,
                                         .element = &dais_shape_open_case};
    unsigned line = 0;
    int status = draft_read(draft, "previous", DAIS_LIMIT_CHECKPOINT, &draft->previous);
    if (status == DAIS_EXIT_DONE)
        status = draft_read(draft, "carry", (size_t)DAIS_LIMIT_OPEN_CASES * 160, &draft->carried);
    if (status != DAIS_EXIT_DONE)
        return status;
    draft->genesis.previous_checkpoint = dais_slice(draft->previous.data, draft->previous.size);
    if (!dais_convert_lines(&draft->convert, &carried,
                            dais_slice(draft->carried.data, draft->carried.size), &draft->genesis,
                            &line))
        return dais_say_error(&draft->office->say, DAIS_EXIT_USAGE, "bad-value",
                              "a line is LOG:ORGANISATION:INDEX", "%s:%u: %s",
                              dais_args_value(draft->args, "carry"), line, draft->convert.why);
    return DAIS_EXIT_DONE;
}

static int draft_say(const draft_t *draft, const char *path)
{
    json_t *object =
        dais_say_new(dais_args_has(draft->args, "dry-run") ? "would-draft" : "drafted");
    (void)json_object_set_new(
        object, "cycle",
        json_stringn((const char *)draft->genesis.cycle.data, draft->genesis.cycle.size));
    (void)json_object_set_new(
        object, "origin",
        json_stringn((const char *)draft->genesis.origin.data, draft->genesis.origin.size));
    (void)json_object_set_new(object, "rehearsal", json_boolean(draft->genesis.rehearsal == 1));
    (void)json_object_set_new(object, "rules", json_integer((json_int_t)draft->genesis.rules));
    (void)json_object_set_new(object, "open_cases",
                              json_integer((json_int_t)draft->genesis.open_cases.count));
    (void)json_object_set_new(object, "file", json_string(path));
    dais_say_hint("on the registry's host: dais-registry cycle create %s", path);
    if (draft->has_unset)
        dais_say_hint("the policy leaves keys unset (confirmed = unset): dais cycle call --values "
                      "has to give each of them");
    return dais_say_object(&draft->office->say, object);
}

static int draft_sign(draft_t *draft)
{
    dais_writer_t writer;
    dais_slice_t bytes;
    uint64_t now_ms;
    const char *path = dais_args_value(draft->args, "output");
    if (!dais_office_now(draft->office, &now_ms))
        return DAIS_EXIT_FAILED;
    draft->genesis.created_at = now_ms;
    draft->genesis.rules = DAIS_RULES_NUMBER;
    dais_writer_init(&writer, draft->buffer, sizeof draft->buffer);
    dais_err_t err = dais_genesis_sign(&draft->genesis, &draft->device, &writer);
    if (err == DAIS_OK)
        err = dais_writer_finish(&writer, &bytes);
    if (err != DAIS_OK)
        return draft_err(draft, err, "genesis");
    if (!dais_args_has(draft->args, "dry-run"))
        err = dais_file_create(path, bytes, 0644);
    return err == DAIS_OK ? draft_say(draft, path) : draft_err(draft, err, path);
}

static int draft_run(const dais_args_t *args, void *context)
{
    dais_office_t *office = context;
    dais_office_begin(office, args);
    draft_t *draft = calloc(1, sizeof *draft);
    if (draft == NULL)
        return dais_say_err(&office->say, DAIS_ERR_NO_MEMORY, "genesis");
    draft->office = office;
    draft->args = args;
    dais_convert_init(&draft->convert);
    int status = draft_policy(draft);
    if (status == DAIS_EXIT_DONE)
        status = draft_keys(draft);
    if (status == DAIS_EXIT_DONE)
        status = draft_which(draft, "secret", DAIS_WHICH_SECRET);
    if (status == DAIS_EXIT_DONE)
        status = draft_which(draft, "identity", DAIS_WHICH_IDENTITY);
    if (status == DAIS_EXIT_DONE)
        status = draft_secretariat(draft);
    if (status == DAIS_EXIT_DONE)
        status = draft_before(draft);
    if (status == DAIS_EXIT_DONE)
        status = draft_sign(draft);
    dais_device_wipe(&draft->device);
    dais_file_free(&draft->policy);
    dais_file_free(&draft->keys);
    dais_file_free(&draft->previous);
    dais_file_free(&draft->carried);
    free(draft);
    return status;
}
