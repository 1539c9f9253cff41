/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_PROPERTY_PLAYED_LOG_H
#define DAIS_TESTS_PROPERTY_PLAYED_LOG_H

#include "proto/export_log.h"
#include "tests/property/player.h"

/* Makes of what was played the log that a registry would have made: signed bundles of one or more
 * messages, stamps over one or more bundles, salted records, and a signed checkpoint. The same
 * sequence gives the same bytes. */

/* The name of the log of a sequence, the leaf hash of its entry 0: to be set as player->log before
 * the sequence is played. */
dais_hash_t played_log_name(player_t *player, const sequence_t *sequence);

/* Everything open, contents left out. Aborts if it cannot be written: then this is broken. */
void played_log_export(player_t *player, dais_export_sink_t *sink, void *context);

#endif
