/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_BENCH_PUBLISH_LOG_H
#define DAIS_TESTS_BENCH_PUBLISH_LOG_H

#include "publisher/replica.h"

/* A big cycle in a replica of the publisher: a call and an opening as the rules took them, then
 * applications, closed screenings, an outcome for each organisation, comments of 1 KiB and the
 * rulings that publish them; bundles of 256 messages, each under a stamp. Everything is signed and
 * proves itself. */
typedef struct publish_log publish_log_t;

publish_log_t *publish_log_create(void);
void publish_log_destroy(publish_log_t **log);

void publish_log_applications(publish_log_t *log, size_t count);
void publish_log_comments(publish_log_t *log, size_t count);

/* Signs a checkpoint over all entries. */
void publish_log_checkpoint(publish_log_t *log);

dais_replica_t *publish_log_replica(publish_log_t *log);

#endif
