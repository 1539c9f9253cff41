/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_OFFICE_SETTINGS_H
#define DAIS_OFFICE_SETTINGS_H

#include <limits.h>

#include "base/args.h"
#include "base/err.h"
#include "base/zpl.h"

/* The settings of a profile, as text, each with where it comes from. One profile is one broker, one
 * identity and one cycle. It is looked for in the user's folder, then in the system's; the name of
 * the profile comes from --profile, DAIS_PROFILE, `profile` in the user's dais.zpl, then in the
 * system's. There is no default profile: nobody sends to a server that was not named. */
typedef enum {
#define SETTING(NAME, name, text) DAIS_SETTING_##NAME,
#include "office/settings.def"
#undef SETTING
    DAIS_SETTING_COUNT
} dais_setting_t;

typedef struct {
    const char *name; /* in the file; in the environment DAIS_NAME, dashes as underscores */
    const char *text;
} dais_setting_info_t;

extern const dais_setting_info_t dais_settings[DAIS_SETTING_COUNT];

typedef struct {
    char profile[65];
    char profile_origin[PATH_MAX + 16];
    char path[PATH_MAX]; /* of the profile's file */
    struct {
        char text[DAIS_ZPL_VALUE_SIZE_MAX + 1]; /* empty where it is not set */
        char origin[PATH_MAX + 16];             /* "flag --broker", "DAIS_BROKER", "file:line" */
    } values[DAIS_SETTING_COUNT];
} dais_settings_t;

/* Why settings could not be read: the place, or null, and what is to be said of it. */
typedef struct {
    const char *code;
    char text[PATH_MAX + 256];
    const char *hint;
} dais_settings_fault_t;

/* Reads everything there is, flags and environment last. False, with fault filled in, if no
 * profile is named, if there is none of that name, or if a file is not well formed. */
DAIS_MUST_CHECK bool dais_settings_read(dais_settings_t *settings, const dais_args_t *args,
                                        dais_settings_fault_t *fault);

/* The file of a profile of this name in the user's folder. */
DAIS_MUST_CHECK dais_err_t dais_settings_path(const char *profile, char path[PATH_MAX]);

#endif
