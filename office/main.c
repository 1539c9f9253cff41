/* SPDX-License-Identifier: Apache-2.0 */
#include <locale.h>
#include <stdio.h>

#include "office/office.h"
#include "office/verb.h"

static bool main_wants_json(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0)
            return true;
    }
    return false;
}

/* With --json a command line that was not understood ends in an object as well. */
static void main_usage_object(const dais_command_t *program, int argc, char **argv)
{
    static dais_args_t args; /* large */
    dais_args_fault_t fault;
    bool understood = dais_args_parse(program, argc, argv, &args, &fault);
    json_t *object =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:i}", "type", "error", "v", "1", "code", "usage",
                  "text", understood ? "a command has to follow" : fault.what, "hint",
                  understood ? "-h shows the use" : fault.hint, "exit", (int)DAIS_EXIT_USAGE);
    (void)json_dumpf(object, stdout, JSON_COMPACT | JSON_ENSURE_ASCII);
    (void)fputc('\n', stdout);
    json_decref(object);
}

int main(int argc, char **argv)
{
    static dais_office_t office; /* holds the secret */
    office.clock = dais_clock_system();
    office.random = dais_random_system();
    (void)setlocale(LC_CTYPE, "C.UTF-8"); /* for the widths of characters, whatever the user has */
    if (dais_crypto_init() != DAIS_OK)
        return dais_say_err(&office.say, DAIS_ERR_CRYPTO, "libsodium");
    const dais_command_t *program = dais_verb_program();
    int status = dais_args_main(program, argc, argv, &office);
    /* What was printed by the verb itself went through say.c, which knows of --json. */
    if (status == DAIS_EXIT_USAGE && main_wants_json(argc, argv) && !office.say.spoke)
        main_usage_object(program, argc, argv);
    dais_profile_close(&office.profile);
    return status;
}
