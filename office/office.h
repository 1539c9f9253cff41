/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_OFFICE_OFFICE_H
#define DAIS_OFFICE_OFFICE_H

#include "base/args.h"
#include "base/clock.h"
#include "base/clock_file.h"
#include "base/random.h"
#include "office/profile.h"
#include "office/say.h"

/* What every verb of `dais` works with. One for each call of the program. */
typedef struct {
    dais_say_t say;
    dais_clock_t clock;
    dais_random_t random;
    dais_clock_file_t clock_file; /* of a rehearsal */
    dais_profile_t profile;       /* once dais_office_open() was called */
} dais_office_t;

/* Takes --json and --plain; the first thing that a verb does. */
void dais_office_begin(dais_office_t *office, const dais_args_t *args);

/* Reads the profile. Says what is wrong and returns the exit status; DAIS_EXIT_DONE if all is
 * well. */
DAIS_MUST_CHECK int dais_office_open(dais_office_t *office, const dais_args_t *args);

/* The wall clock; says why and returns false if it cannot be read. */
DAIS_MUST_CHECK bool dais_office_now(const dais_office_t *office, uint64_t *now_ms);

/* Asks on the terminal whether to go on with what `question` says will be. True with --yes. Without
 * a terminal nobody is asked: it says so, that --yes is needed, and returns false. */
DAIS_MUST_CHECK bool dais_office_confirm(const dais_office_t *office, const dais_args_t *args,
                                         const char *question);

#endif
