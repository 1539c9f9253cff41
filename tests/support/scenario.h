/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_SUPPORT_SCENARIO_H
#define DAIS_TESTS_SUPPORT_SCENARIO_H

#include "registry/rules/rules.h"

/* A procedure as text: who says what in which order, with which verdicts, and what is so then.
 * Links with cmocka; a line that does not hold fails the test and is printed. Lines:
 *
 *   # a remark
 *   policy-file NAME           policies/NAME.zpl; without it, the sound policy of policy_text.h
 *   policy KEY = VALUE         a change to the sound policy
 *   value KEY = VALUE          a value that every call gives
 *   carry ORG                  a case that an earlier cycle left open
 *   carry-many N               N more, of k0, k1, ...
 *   (these before all others, which begin the log)
 *   actor NAME ROLE STATE HOLDER      the secretariat `sec` adds a key; - for nothing
 *   include NAME               the lines of tests/scenarios/NAME.txt
 *   clock HOURS                when what follows is received
 *   [LABEL:] WHO KIND field=value ... => verdict ...
 *   tick DATE                  the next deadline is closed, and it is this one
 *   not-tick DATE              that tick is refused
 *   ? cycle STATE              and org, told, case, carried, comment: ? org NAME STATE
 *   ? objection ORG STATE-CODE STATE
 *   ? count FIELD NUMBER       of the cycle's row
 *   ? own KIND [ORG WORD]      the next own entry since the last message or tick; ? own none
 *   ? sentence WORDS
 *
 * `*` stands for any verdicts, or for whatever deadline is next, if there is one.
 *
 * Fields have the names of proto/subjects.def; those left out get the least that is valid. Ids and
 * keys are names. Times are hours. Elements of lists have commas between, their fields colons; a
 * value with spaces stands in quotes. @LABEL is the index of a labelled line. Besides: mid=NAME (id
 * of the message), for=ORG (on_behalf), now=HOURS. A call and list version 1 that name no dates
 * give all that are expected, at the hours of scenario_hours in scenario.c.
 *
 * After each message and tick the own entries that are due are appended. After each line the counts
 * of the cycle are compared with the rows that they count. */
void scenario_run(const char *text);

/* The same from a file under the source tree. */
void scenario_run_file(const char *path);

/* How often this program's scenarios have seen a verdict. */
unsigned scenario_seen(unsigned verdict);

#endif
