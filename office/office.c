/* SPDX-License-Identifier: Apache-2.0 */
#include "office/office.h"

#include <stdio.h>
#include <unistd.h>

void dais_office_begin(dais_office_t *office, const dais_args_t *args)
{
    office->say.spoke = true;
    if (dais_args_has(args, "json"))
        office->say.form = DAIS_SAY_JSON;
    else if (dais_args_has(args, "plain"))
        office->say.form = DAIS_SAY_PLAIN;
}

/* A profile that is wrong is a configuration error, whatever the code of its cause. */
static int office_fault(const dais_office_t *office, const dais_settings_fault_t *fault)
{
    return dais_say_error(&office->say, DAIS_EXIT_CONFIG, fault->code, fault->hint, "%s",
                          fault->text);
}

/* The time of a rehearsal comes from the file that all its daemons read; that of a real cycle never
 * does. */
static int office_clock(dais_office_t *office)
{
    const char *path = office->profile.settings.values[DAIS_SETTING_CLOCK].text;
    if (path[0] == '\0')
        return DAIS_EXIT_DONE;
    if (!office->profile.rehearsal)
        return dais_say_error(&office->say, DAIS_EXIT_CONFIG, "bad-value",
                              "take the setting clock out", "%s is no rehearsal",
                              office->profile.cycle);
    dais_err_t err = dais_clock_file(&office->clock_file, path, &office->clock);
    return err == DAIS_OK ? DAIS_EXIT_DONE : dais_say_err(&office->say, err, path);
}

int dais_office_open(dais_office_t *office, const dais_args_t *args)
{
    dais_settings_fault_t fault = {.code = "bad-value"};
    if (!dais_settings_read(&office->profile.settings, args, &fault) ||
        !dais_profile_load(&office->profile, &fault))
        return office_fault(office, &fault);
    if (office->profile.rehearsal)
        dais_say_note("note: cycle %s is a rehearsal: nothing in it has effect",
                      office->profile.cycle);
    return office_clock(office);
}

bool dais_office_now(const dais_office_t *office, uint64_t *now_ms)
{
    dais_now_t now;
    dais_err_t err = dais_clock_now(&office->clock, &now);
    *now_ms = now.wall_ms;
    if (err != DAIS_OK)
        (void)dais_say_err(&office->say, err, "clock");
    return err == DAIS_OK;
}

bool dais_office_confirm(const dais_office_t *office, const dais_args_t *args, const char *question)
{
    char answer[16];
    if (dais_args_has(args, "yes"))
        return true;
    if (!isatty(STDIN_FILENO)) {
        dais_say_note("note: %s", question);
        (void)dais_say_error(&office->say, DAIS_EXIT_USAGE, "needs-yes",
                             "give --yes if that is what you want",
                             "this cannot be undone, and there is no terminal to ask on");
        return false;
    }
    (void)fprintf(stderr, "%s Go on? [yes/no] ", question);
    (void)fflush(stderr);
    if (fgets(answer, sizeof answer, stdin) != NULL && strcmp(answer, "yes\n") == 0)
        return true;
    (void)dais_say_error(&office->say, DAIS_EXIT_USAGE, "not-confirmed",
                         "only the word yes goes on", "nothing was changed");
    return false;
}
