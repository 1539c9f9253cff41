/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_SUPPORT_SCENARIO_LOG_H
#define DAIS_TESTS_SUPPORT_SCENARIO_LOG_H

#include "proto/export_log.h"
#include "registry/rules/visible.h"
#include "tests/support/scenario.h"

/* Makes of a scenario the log that a registry would have made of it: signed bundles of one message
 * each, stamps of the scenario's intake with a mark before each tick, salted records, a tree and a
 * signed checkpoint. Contents are those of the lines, private ones are empty. The same scenario
 * gives the same bytes. */
typedef struct scenario_log scenario_log_t;

scenario_log_t *scenario_log_create(void);
void scenario_log_destroy(scenario_log_t **log);

/* Has the log follow a scenario; to be given to scenario_run_heard(). */
scenario_listener_t scenario_log_listener(scenario_log_t *log);

/* The public key of every scenario's log, as text with its terminator. */
void scenario_log_key(const char *cycle, char *text, size_t capacity);

/* From this entry on the log is another one: same messages, other salts. For a log that was signed
 * twice. To be said before the scenario begins. */
void scenario_log_fork(scenario_log_t *log, uint64_t seq);

/* Writes what this reader may see as of now, of the first `size` entries, all if that is 0. Fails
 * the test if that is not possible. */
void scenario_log_export(scenario_log_t *log, dais_rules_t *rules, dais_reader_who_t reader,
                         uint64_t size, dais_export_sink_t *sink, void *context);

#endif
