/* SPDX-License-Identifier: Apache-2.0 */
#include "office/settings.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/nearest.h"
#include "office/paths.h"

#define FILE_SIZE_MAX ((size_t)64 * 1024)

const dais_setting_info_t dais_settings[DAIS_SETTING_COUNT] = {
#define SETTING(NAME, name, text) [DAIS_SETTING_##NAME] = {name, text},
#include "office/settings.def"
#undef SETTING
};

static bool __attribute__((format(printf, 4, 5)))
settings_fault(dais_settings_fault_t *fault, const char *code, const char *hint, const char *format,
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

static bool settings_put(char *to, size_t size, dais_slice_t value)
{
    if (value.size >= size)
        return false;
    memcpy(to, value.data, value.size);
    to[value.size] = '\0';
    return true;
}

static int settings_find(dais_slice_t name)
{
    for (int i = 0; i < (int)DAIS_SETTING_COUNT; i++) {
        if (dais_slice_equal(name, dais_slice_text(dais_settings[i].name)))
            return i;
    }
    return -1;
}

static bool settings_unknown(const char *path, const dais_zpl_item_t *item,
                             dais_settings_fault_t *fault)
{
    const char *names[DAIS_SETTING_COUNT];
    for (size_t i = 0; i < DAIS_SETTING_COUNT; i++)
        names[i] = dais_settings[i].name;
    const char *nearest = dais_nearest(item->name, names, DAIS_SETTING_COUNT);
    return settings_fault(fault, "unknown-setting", "dais config show -h lists the settings",
                          "%s:%u:%u: there is no setting %.*s%s%s%s", path, item->line,
                          item->column, (int)item->name.size, (const char *)item->name.data,
                          nearest == NULL ? "" : "; did you mean ", nearest == NULL ? "" : nearest,
                          nearest == NULL ? "" : "?");
}

static bool settings_item(dais_settings_t *settings, const char *path, const dais_zpl_item_t *item,
                          dais_settings_fault_t *fault)
{
    if (item->err != DAIS_OK)
        return settings_fault(fault, dais_err_code(item->err), NULL, "%s:%u:%u: %s", path,
                              item->line, item->column, dais_err_text(item->err));
    int found = settings_find(item->name);
    if (found < 0)
        return settings_unknown(path, item, fault);
    if (settings->values[found].text[0] != '\0')
        return settings_fault(fault, "repeated-key", NULL, "%s:%u:%u: %s stands there twice", path,
                              item->line, item->column, dais_settings[found].name);
    (void)settings_put(settings->values[found].text, sizeof settings->values[found].text,
                       item->value);
    (void)snprintf(settings->values[found].origin, sizeof settings->values[found].origin, "%s:%u",
                   path, item->line);
    return true;
}

static bool settings_file(dais_settings_t *settings, dais_settings_fault_t *fault)
{
    dais_file_bytes_t bytes;
    dais_err_t err = dais_file_read(settings->path, FILE_SIZE_MAX, &bytes);
    if (err != DAIS_OK)
        return settings_fault(fault, dais_err_code(err), NULL, "%s: %s", settings->path,
                              dais_err_text(err));
    dais_zpl_reader_t reader;
    dais_zpl_item_t item;
    bool good = true;
    dais_zpl_reader_init(&reader, dais_slice(bytes.data, bytes.size));
    while (good && dais_zpl_next(&reader, &item))
        good = settings_item(settings, settings->path, &item, fault);
    dais_file_free(&bytes);
    return good;
}

/* `profile = NAME` of one of the two files dais.zpl; false if there is none. */
static bool settings_default(dais_path_base_t base, dais_settings_t *settings)
{
    char path[PATH_MAX];
    dais_file_bytes_t bytes;
    if (dais_path_make(base, "dais.zpl", path) != DAIS_OK ||
        dais_file_read(path, FILE_SIZE_MAX, &bytes) != DAIS_OK)
        return false;
    dais_zpl_reader_t reader;
    dais_zpl_item_t item;
    bool found = false;
    dais_zpl_reader_init(&reader, dais_slice(bytes.data, bytes.size));
    while (!found && dais_zpl_next(&reader, &item))
        found = item.err == DAIS_OK && dais_slice_equal(item.name, dais_slice_text("profile")) &&
                settings_put(settings->profile, sizeof settings->profile, item.value);
    (void)snprintf(settings->profile_origin, sizeof settings->profile_origin, "%s:%u", path,
                   item.line);
    dais_file_free(&bytes);
    return found;
}

static bool settings_name(dais_settings_t *settings, const dais_args_t *args,
                          dais_settings_fault_t *fault)
{
    const char *name = dais_args_value(args, "profile");
    const char *origin = "flag --profile";
    if (name == NULL) {
        name = getenv("DAIS_PROFILE"); /* NOLINT(concurrency-mt-unsafe): there is one thread */
        origin = "DAIS_PROFILE";
    }
    if (name != NULL && !dais_path_name_ok(name))
        return settings_fault(fault, "bad-value", "dais profile list shows those there are",
                              "%.80s is no name of a profile: letters, digits, . _ - are", name);
    if (name != NULL) {
        (void)settings_put(settings->profile, sizeof settings->profile, dais_slice_text(name));
        (void)snprintf(settings->profile_origin, sizeof settings->profile_origin, "%s", origin);
        return true;
    }
    if (settings_default(DAIS_PATH_CONFIG, settings) ||
        settings_default(DAIS_PATH_SYSTEM, settings))
        return true;
    return settings_fault(fault, "no-profile",
                          "name one with --profile NAME or DAIS_PROFILE; dais profile list",
                          "no profile is named, and there is no default");
}

dais_err_t dais_settings_path(const char *profile, char path[PATH_MAX])
{
    char rest[128];
    (void)snprintf(rest, sizeof rest, "profiles/%s.zpl", profile);
    return dais_path_make(DAIS_PATH_CONFIG, rest, path);
}

static bool settings_find_file(dais_settings_t *settings, dais_settings_fault_t *fault)
{
    char rest[128];
    (void)snprintf(rest, sizeof rest, "profiles/%s.zpl", settings->profile);
    if (dais_path_make(DAIS_PATH_CONFIG, rest, settings->path) == DAIS_OK &&
        access(settings->path, F_OK) == 0)
        return true;
    if (dais_path_make(DAIS_PATH_SYSTEM, rest, settings->path) == DAIS_OK &&
        access(settings->path, F_OK) == 0)
        return true;
    return settings_fault(fault, "unknown-profile",
                          "dais profile list shows those there are; dais profile add makes one",
                          "there is no profile %s (named by %s)", settings->profile,
                          settings->profile_origin);
}

/* DAIS_BROKER_KEY for broker-key. */
static void settings_environment(dais_settings_t *settings)
{
    for (size_t i = 0; i < DAIS_SETTING_COUNT; i++) {
        char name[64];
        (void)snprintf(name, sizeof name, "DAIS_%s", dais_settings[i].name);
        for (char *at = name; *at != '\0'; at++) {
            if (*at == '-')
                *at = '_';
            else
                *at = (char)toupper((unsigned char)*at);
        }
        const char *value = getenv(name); /* NOLINT(concurrency-mt-unsafe): there is one thread */
        if (value == NULL || !settings_put(settings->values[i].text,
                                           sizeof settings->values[i].text, dais_slice_text(value)))
            continue;
        (void)snprintf(settings->values[i].origin, sizeof settings->values[i].origin, "%s", name);
    }
}

static void settings_flags(dais_settings_t *settings, const dais_args_t *args)
{
    const char *value = dais_args_value(args, "broker");
    if (value == NULL ||
        !settings_put(settings->values[DAIS_SETTING_BROKER].text,
                      sizeof settings->values[DAIS_SETTING_BROKER].text, dais_slice_text(value)))
        return;
    (void)snprintf(settings->values[DAIS_SETTING_BROKER].origin,
                   sizeof settings->values[DAIS_SETTING_BROKER].origin, "flag --broker");
}

bool dais_settings_read(dais_settings_t *settings, const dais_args_t *args,
                        dais_settings_fault_t *fault)
{
    memset(settings, 0, sizeof *settings);
    if (!settings_name(settings, args, fault) || !settings_find_file(settings, fault) ||
        !settings_file(settings, fault))
        return false;
    settings_environment(settings);
    settings_flags(settings, args);
    return true;
}
