/* SPDX-License-Identifier: Apache-2.0 */
#include "office/commands.h"
#include "office/office.h"

static const dais_arg_option_t show_options[] = {
    {"origin", 0, DAIS_ARG_FLAG, false, NULL, NULL, "say where each value comes from"},
    {.name = NULL},
};
static const char *const show_examples[] = {"dais config show --origin", "dais config show --json",
                                            NULL};
static const char *const check_examples[] = {"dais config check", "dais config check --json", NULL};

static int show_run(const dais_args_t *args, void *context);
static int check_run(const dais_args_t *args, void *context);

const dais_command_t dais_command_config_show = {
    .name = "show",
    .text = "show the settings in force",
    .about =
        "A flag goes before the environment, that before the user's file, and that before the\n"
        "system's.",
    .options = show_options,
    .examples = show_examples,
    .run = show_run,
};
const dais_command_t dais_command_config_check = {
    .name = "check",
    .text = "check the settings and every file that they name; writes nothing",
    .examples = check_examples,
    .run = check_run,
};

static json_t *show_row(const char *name, const char *value, const char *origin, bool with_origin)
{
    json_t *row = dais_say_new("setting");
    (void)json_object_set_new(row, "setting", json_string(name));
    (void)json_object_set_new(row, "value", json_string(value));
    if (with_origin)
        (void)json_object_set_new(row, "origin", json_string(origin));
    return row;
}

static int show_run(const dais_args_t *args, void *context)
{
    dais_office_t *office = context;
    dais_settings_fault_t fault = {.code = "bad-value"};
    const dais_settings_t *settings = &office->profile.settings;
    bool origin = dais_args_has(args, "origin");
    dais_column_t columns[] = {{"setting", "SETTING"},
                               {"value", "VALUE"},
                               {origin ? "origin" : NULL, "ORIGIN"},
                               {.key = NULL}};
    dais_office_begin(office, args);
    if (!dais_settings_read(&office->profile.settings, args, &fault))
        return dais_say_error(&office->say, DAIS_EXIT_CONFIG, fault.code, fault.hint, "%s",
                              fault.text);
    json_t *rows = json_array();
    (void)json_array_append_new(
        rows, show_row("profile", settings->profile, settings->profile_origin, origin));
    for (size_t i = 0; i < DAIS_SETTING_COUNT; i++) {
        if (settings->values[i].text[0] != '\0')
            (void)json_array_append_new(rows,
                                        show_row(dais_settings[i].name, settings->values[i].text,
                                                 settings->values[i].origin, origin));
    }
    return dais_say_rows(&office->say, rows, columns);
}

static int check_run(const dais_args_t *args, void *context)
{
    dais_office_t *office = context;
    dais_office_begin(office, args);
    int status = dais_office_open(office, args);
    if (status != DAIS_EXIT_DONE)
        return status;
    json_t *object = dais_say_new("checked");
    (void)json_object_set_new(object, "profile", json_string(office->profile.settings.profile));
    (void)json_object_set_new(object, "good", json_true());
    (void)json_object_set_new(object, "genesis",
                              json_boolean(office->profile.genesis_bytes.data != NULL));
    (void)json_object_set_new(object, "broker", json_boolean(office->profile.has_broker));
    if (!office->profile.has_broker)
        dais_say_hint("no broker is set: everything but sending and asking works");
    return dais_say_object(&office->say, object);
}
