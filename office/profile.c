/* SPDX-License-Identifier: Apache-2.0 */
#include "office/profile.h"

#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "office/paths.h"
#include "office/which_file.h"
#include "proto/text.h"

static bool __attribute__((format(printf, 4, 5)))
profile_fault(dais_settings_fault_t *fault, const char *code, const char *hint, const char *format,
              ...)
{
    va_list list;
    va_start(list, format);
    fault->code = code;
    fault->hint = hint;
    (void)vsnprintf(fault->text, sizeof fault->text, format, list);
    va_end(list);
    return false;
}

static const char *profile_value(const dais_profile_t *profile, dais_setting_t setting)
{
    return profile->settings.values[setting].text;
}

static bool profile_has(const dais_profile_t *profile, dais_setting_t setting)
{
    return profile_value(profile, setting)[0] != '\0';
}

/* A value that is not what its setting takes. */
static bool profile_bad(const dais_profile_t *profile, dais_setting_t setting, const char *code,
                        const char *why, dais_settings_fault_t *fault)
{
    return profile_fault(fault, code, dais_settings[setting].text, "%s: %s: %s",
                         profile->settings.values[setting].origin, dais_settings[setting].name,
                         why);
}

static bool profile_need(const dais_profile_t *profile, dais_setting_t setting,
                         dais_settings_fault_t *fault)
{
    if (profile_has(profile, setting))
        return true;
    return profile_fault(fault, "not-set", dais_settings[setting].text,
                         "profile %s does not set %s", profile->settings.profile,
                         dais_settings[setting].name);
}

/* The line that a file of this setting opens with; genesis has none. */
static const char *profile_head(dais_setting_t setting)
{
    return setting == DAIS_SETTING_SECRET     ? DAIS_WHICH_SECRET
           : setting == DAIS_SETTING_IDENTITY ? DAIS_WHICH_IDENTITY
                                              : "";
}

static bool profile_read(const dais_profile_t *profile, dais_setting_t setting, bool secret,
                         size_t size_max, dais_file_bytes_t *bytes, dais_settings_fault_t *fault)
{
    char path[PATH_MAX] = "";
    if (!profile_need(profile, setting, fault))
        return false;
    dais_err_t err =
        dais_path_beside(profile->settings.path, profile_value(profile, setting), path);
    const char *other = err == DAIS_OK ? dais_which_file(path, profile_head(setting)) : NULL;
    if (other != NULL)
        return profile_fault(fault, "wrong-domain", dais_settings[setting].text, "%s %s: %s",
                             dais_settings[setting].name, path, other);
    if (err == DAIS_OK)
        err = secret ? dais_file_read_secret(path, size_max, bytes)
                     : dais_file_read(path, size_max, bytes);
    if (err == DAIS_OK)
        return true;
    return profile_fault(fault, dais_err_code(err), dais_settings[setting].text, "%s %s: %s",
                         dais_settings[setting].name, path, dais_err_text(err));
}

static bool profile_secret(dais_profile_t *profile, dais_settings_fault_t *fault)
{
    dais_file_bytes_t bytes = {0};
    dais_seed_t seed;
    if (!profile_read(profile, DAIS_SETTING_SECRET, true, DAIS_SECRET_TEXT_SIZE, &bytes, fault))
        return false;
    dais_fault_t found = dais_secret_parse(dais_slice(bytes.data, bytes.size), &seed);
    dais_file_free(&bytes);
    if (found.err != DAIS_OK)
        return profile_bad(profile, DAIS_SETTING_SECRET, dais_err_code(found.err),
                           dais_err_text(found.err), fault);
    dais_device_derive(&seed, &profile->device);
    sodium_memzero(&seed, sizeof seed);
    return true;
}

static bool profile_identity(dais_profile_t *profile, dais_settings_fault_t *fault)
{
    dais_file_bytes_t bytes = {0};
    if (!profile_read(profile, DAIS_SETTING_IDENTITY, false, DAIS_LIMIT_IDENTITY, &bytes, fault))
        return false;
    dais_fault_t found =
        dais_identity_parse(dais_slice(bytes.data, bytes.size), &profile->identity);
    dais_file_free(&bytes);
    if (found.err != DAIS_OK)
        return profile_bad(profile, DAIS_SETTING_IDENTITY, dais_err_code(found.err),
                           dais_err_text(found.err), fault);
    if (memcmp(profile->identity.key.key, profile->device.key.bytes, DAIS_KEY_SIZE) != 0 ||
        memcmp(profile->identity.box_key.bytes, profile->device.box_key.bytes, DAIS_KEY_SIZE) != 0)
        return profile_bad(profile, DAIS_SETTING_IDENTITY, "bad-key",
                           "it is not that of the secret", fault);
    return true;
}

static bool profile_log(dais_profile_t *profile, dais_settings_fault_t *fault)
{
    if (!profile_need(profile, DAIS_SETTING_LOG, fault))
        return false;
    dais_slice_t text = dais_slice_text(profile_value(profile, DAIS_SETTING_LOG));
    if (dais_text_hex(text, profile->log.bytes, DAIS_HASH_SIZE) != DAIS_OK)
        return profile_bad(profile, DAIS_SETTING_LOG, "bad-value",
                           "it is not 64 lower-case hex digits", fault);
    return true;
}

static bool profile_genesis(dais_profile_t *profile, dais_settings_fault_t *fault)
{
    if (!profile_read(profile, DAIS_SETTING_GENESIS, false, DAIS_LIMIT_MESSAGE,
                      &profile->genesis_bytes, fault))
        return false;
    dais_slice_t bytes = dais_slice(profile->genesis_bytes.data, profile->genesis_bytes.size);
    dais_fault_t found = dais_genesis_open(bytes, &profile->genesis);
    if (found.err == DAIS_OK)
        found.err = dais_vkey_make(profile->genesis.origin, profile->genesis.log_key.bytes,
                                   &profile->log_key);
    if (found.err != DAIS_OK)
        return profile_bad(profile, DAIS_SETTING_GENESIS, dais_err_code(found.err),
                           dais_err_text(found.err), fault);
    profile->registry_box_key = profile->genesis.registry_box_key;
    return true;
}

/* The two keys of the registry, from genesis or as they are given; both if both are. */
static bool profile_keys(dais_profile_t *profile, dais_settings_fault_t *fault)
{
    dais_vkey_t given;
    dais_key_t box;
    bool has_genesis = profile_has(profile, DAIS_SETTING_GENESIS);
    if (has_genesis && !profile_genesis(profile, fault))
        return false;
    if (!has_genesis && (!profile_need(profile, DAIS_SETTING_LOG_KEY, fault) ||
                         !profile_need(profile, DAIS_SETTING_REGISTRY_KEY, fault)))
        return false;
    if (profile_has(profile, DAIS_SETTING_LOG_KEY)) {
        dais_slice_t text = dais_slice_text(profile_value(profile, DAIS_SETTING_LOG_KEY));
        if (dais_vkey_parse(text, &given).err != DAIS_OK)
            return profile_bad(profile, DAIS_SETTING_LOG_KEY, "bad-key", "it is no vkey", fault);
        if (has_genesis && memcmp(given.key, profile->log_key.key, DAIS_KEY_SIZE) != 0)
            return profile_bad(profile, DAIS_SETTING_LOG_KEY, "bad-key",
                               "genesis names another key", fault);
        profile->log_key = given;
    }
    if (profile_has(profile, DAIS_SETTING_REGISTRY_KEY)) {
        dais_slice_t text = dais_slice_text(profile_value(profile, DAIS_SETTING_REGISTRY_KEY));
        if (dais_text_z85(text, &box) != DAIS_OK)
            return profile_bad(profile, DAIS_SETTING_REGISTRY_KEY, "bad-key", "it is no key in Z85",
                               fault);
        if (has_genesis && memcmp(box.bytes, profile->registry_box_key.bytes, DAIS_KEY_SIZE) != 0)
            return profile_bad(profile, DAIS_SETTING_REGISTRY_KEY, "bad-key",
                               "genesis names another key", fault);
        profile->registry_box_key = box;
    }
    return true;
}

/* The name of the cycle is the last part of the origin. */
static bool profile_cycle(dais_profile_t *profile, dais_settings_fault_t *fault)
{
    static const char rehearsal[] = "rehearsal/";
    const char *slash = strrchr(profile->log_key.name, '/');
    if (slash == NULL || strlen(slash + 1) == 0 || strlen(slash + 1) > DAIS_LIMIT_CODE)
        return profile_fault(fault, "bad-key", NULL, "the log's key %s names no cycle",
                             profile->log_key.name);
    (void)snprintf(profile->cycle, sizeof profile->cycle, "%s", slash + 1);
    profile->rehearsal = strncmp(profile->log_key.name, rehearsal, sizeof rehearsal - 1) == 0;
    return true;
}

static bool profile_broker(dais_profile_t *profile, dais_settings_fault_t *fault)
{
    bool is_ipc = strncmp(profile_value(profile, DAIS_SETTING_BROKER), "ipc://", 6) == 0;
    profile->has_broker = profile_has(profile, DAIS_SETTING_BROKER);
    if (!profile->has_broker || (is_ipc && !profile_has(profile, DAIS_SETTING_BROKER_KEY)))
        return true;
    if (!profile_need(profile, DAIS_SETTING_BROKER_KEY, fault))
        return false;
    dais_slice_t text = dais_slice_text(profile_value(profile, DAIS_SETTING_BROKER_KEY));
    if (dais_text_z85(text, &profile->broker_key) == DAIS_OK)
        return true;
    return profile_bad(profile, DAIS_SETTING_BROKER_KEY, "bad-key", "it is no key in Z85", fault);
}

static bool profile_intakes(dais_profile_t *profile, dais_settings_fault_t *fault)
{
    const char *rest = profile_value(profile, DAIS_SETTING_INTAKES);
    if (rest[0] == '\0')
        rest = "intake";
    while (*rest != '\0') {
        size_t size = strcspn(rest, " ");
        if (size > DAIS_LIMIT_CODE || profile->intake_count == DAIS_PROFILE_INTAKE_COUNT_MAX)
            return profile_bad(profile, DAIS_SETTING_INTAKES, "bad-value",
                               "at most 16 names of at most 64 bytes, parted by spaces", fault);
        if (size > 0)
            (void)snprintf(profile->intakes[profile->intake_count++], DAIS_LIMIT_CODE + 1, "%.*s",
                           (int)size, rest);
        rest += size + (rest[size] == ' ' ? 1 : 0);
    }
    return true;
}

static bool profile_intake_keys(dais_profile_t *profile, dais_settings_fault_t *fault)
{
    const char *rest = profile_value(profile, DAIS_SETTING_INTAKE_KEYS);
    while (*rest != '\0') {
        size_t size = strcspn(rest, " ");
        dais_slice_t word = dais_slice((const uint8_t *)rest, size);
        if (size > 0 &&
            (profile->intake_key_count == DAIS_PROFILE_INTAKE_COUNT_MAX ||
             dais_text_hex(word, profile->intake_keys[profile->intake_key_count++].bytes,
                           DAIS_KEY_SIZE) != DAIS_OK))
            return profile_bad(profile, DAIS_SETTING_INTAKE_KEYS, "bad-value",
                               "at most 16 keys of 64 lower-case hex digits, parted by spaces",
                               fault);
        rest += size + (rest[size] == ' ' ? 1 : 0);
    }
    return true;
}

bool dais_profile_load(dais_profile_t *profile, dais_settings_fault_t *fault)
{
    bool good = profile_secret(profile, fault) && profile_identity(profile, fault) &&
                profile_log(profile, fault) && profile_keys(profile, fault) &&
                profile_cycle(profile, fault) && profile_broker(profile, fault) &&
                profile_intakes(profile, fault) && profile_intake_keys(profile, fault);
    if (!good)
        dais_profile_close(profile);
    return good;
}

bool dais_profile_signed_genesis(const dais_profile_t *profile)
{
    return profile->genesis_bytes.size > 0 && memcmp(profile->genesis.secretariat_key.bytes,
                                                     profile->device.key.bytes, DAIS_KEY_SIZE) == 0;
}

void dais_profile_close(dais_profile_t *profile)
{
    dais_device_wipe(&profile->device);
    dais_file_free(&profile->genesis_bytes);
}
