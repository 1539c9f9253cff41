/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_UNIT_RULES_SCENARIOS_H
#define DAIS_TESTS_UNIT_RULES_SCENARIOS_H

/* All scenarios of tests/scenarios and all cases of tests/cases, found in their folders, so that
 * none is forgotten. To be included after cmocka. */

#include <glob.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/scenario_tape.h"

/* Those that others include; they are played there. */
static inline bool scenario_is_part(const char *path)
{
    static const char *const parts[] = {"/open.txt", "/window.txt"};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (strlen(path) > strlen(parts[i]) &&
            strcmp(path + strlen(path) - strlen(parts[i]), parts[i]) == 0)
            return true;
    return false;
}

typedef void scenario_tape_fn_t(const char *name, const scenario_tape_t *tape);

static inline void scenario_each_in(const char *pattern, size_t skip, bool is_case,
                                    scenario_tape_fn_t *take)
{
    glob_t found;
    assert_int_equal(glob(pattern, 0, NULL, &found), 0);
    assert_true(found.gl_pathc > 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        char name[256];
        const char *path = found.gl_pathv[i] + strlen(DAIS_SOURCE_DIR) + 1;
        if (scenario_is_part(path))
            continue;
        scenario_tape_t *tape = scenario_tape_create();
        scenario_listener_t listener = scenario_tape_listener(tape);
        (void)snprintf(name, sizeof name, "%s", path + skip);
        if (is_case) {
            *strchr(name, '/') = '\0';
            scenario_run_case(name, &listener);
        } else {
            scenario_run_file(path, &listener);
        }
        take(name, tape);
        scenario_tape_destroy(&tape);
    }
    globfree(&found);
}

/* Plays each in memory, on a tape that `take` then gets. */
static inline void scenario_each(scenario_tape_fn_t *take)
{
    scenario_each_in(DAIS_SOURCE_DIR "/tests/scenarios/*.txt", strlen("tests/scenarios/"), false,
                     take);
    scenario_each_in(DAIS_SOURCE_DIR "/tests/cases/*/call.txt", strlen("tests/cases/"), true, take);
}

#endif
