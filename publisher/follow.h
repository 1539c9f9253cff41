/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PUBLISHER_FOLLOW_H
#define DAIS_PUBLISHER_FOLLOW_H

#include "base/daemon.h"
#include "base/mdp_client.h"
#include "proto/genesis.h"
#include "publisher/files.h"
#include "publisher/replica.h"

/* Follows one log through the broker: asks for the entries behind those it has, waits where there
 * are none, asks which earlier ones have opened, and renders what came at most each interval.
 * Everything is proved before it is kept (publisher/replica.h); a log that proves to be another
 * than it was stops the daemon, and what is published stays as it is. */
typedef struct dais_follow dais_follow_t;

typedef struct {
    dais_daemon_t *daemon;
    dais_mdp_client_t *client;
    const char *genesis; /* path of the signed genesis, whose log and key are trusted */
    const char *site;    /* folder of the site; the cycle gets a folder of its name in it */
    uint64_t interval_ms;
    void (*rendered)(void *context); /* after each time that pages were written */
    void *context;
} dais_follow_options_t;

/* Takes up what is published already. Errors: of the genesis file, of the site, and of what stands
 * there and does not prove itself. */
DAIS_MUST_CHECK dais_err_t dais_follow_new(const dais_follow_options_t *options,
                                           dais_follow_t **follow);
void dais_follow_free(dais_follow_t **follow); /* after the client; *follow is null afterwards */

/* Begins to ask. */
void dais_follow_start(dais_follow_t *follow);

const char *dais_follow_cycle(const dais_follow_t *follow); /* name; lives as long as it */
dais_replica_t *dais_follow_replica(dais_follow_t *follow);

#endif
