/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_BASE_MDP_H
#define DAIS_BASE_MDP_H

#include "base/parts.h"

/* The commands of the Majordomo protocol 0.2 (RFC 18 of the ZeroMQ project), as frames. */

typedef enum {
    DAIS_MDP_CLIENT_REQUEST = 1,
    DAIS_MDP_CLIENT_PARTIAL = 2,
    DAIS_MDP_CLIENT_FINAL = 3,
} dais_mdp_client_command_t;

typedef enum {
    DAIS_MDP_WORKER_READY = 1,
    DAIS_MDP_WORKER_REQUEST = 2,
    DAIS_MDP_WORKER_PARTIAL = 3,
    DAIS_MDP_WORKER_FINAL = 4,
    DAIS_MDP_WORKER_HEARTBEAT = 5,
    DAIS_MDP_WORKER_DISCONNECT = 6,
} dais_mdp_worker_command_t;

#define DAIS_MDP_SERVICE_MAX  128 /* bytes of a service's name: printable ASCII without space */
#define DAIS_MDP_ADDRESS_MAX  512 /* bytes of a client's address as workers see it */
#define DAIS_MDP_CALL_ID_SIZE 16

/* One command. What it does not have is empty; slices live as long as the parts. */
typedef struct {
    int command;
    dais_slice_t service;
    dais_slice_t address;
    size_t body; /* index of the body's first frame; the number of frames if there is none */
} dais_mdp_command_t;

/* Reads what stands from frame `first` on: 0 on a DEALER, 1 behind the routing id on a ROUTER.
 * Refused: WRONG_COUNT (frames), WRONG_DOMAIN (not this protocol), OUT_OF_RANGE (no such command),
 * BAD_TEXT (name of the service, address, delimiter). */
DAIS_MUST_CHECK dais_err_t dais_mdp_client_read(const dais_parts_t *parts, size_t first,
                                                dais_mdp_command_t *command);
DAIS_MUST_CHECK dais_err_t dais_mdp_worker_read(const dais_parts_t *parts, size_t first,
                                                dais_mdp_command_t *command);

/* Appends the frames of a command that stand before its body. TOO_LONG, NO_MEMORY. */
DAIS_MUST_CHECK dais_err_t dais_mdp_client_open(dais_parts_t *parts,
                                                dais_mdp_client_command_t command,
                                                dais_slice_t service);

/* subject is the service of a READY, the address of a REQUEST, PARTIAL or FINAL, else empty. */
DAIS_MUST_CHECK dais_err_t dais_mdp_worker_open(dais_parts_t *parts,
                                                dais_mdp_worker_command_t command,
                                                dais_slice_t subject);

bool dais_mdp_is_service(dais_slice_t name);

/* Our bodies are one frame, a MessagePack array that opens with its domain and the id of the call,
 * a bin of 16 bytes, which the answer repeats. False if this does not open so. */
typedef struct {
    dais_slice_t domain;
    dais_slice_t call_id; /* DAIS_MDP_CALL_ID_SIZE bytes */
} dais_mdp_opening_t;

bool dais_mdp_opening(dais_slice_t body, dais_mdp_opening_t *opening);

#endif
