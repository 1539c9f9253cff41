/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_OFFICE_WIRE_H
#define DAIS_OFFICE_WIRE_H

#include "base/mdp_ask.h"
#include "office/office.h"
#include "proto/shape.h"

/* Calls to intakes and the registry (docs/protocol.md): questions one after the other, parcels side
 * by side. */
typedef struct {
    dais_office_t *office;
    dais_loop_t *loop;
    dais_mdp_client_t *client;
    uint64_t timeout_ms; /* of one call, since anything last came in */
} dais_wire_t;

/* Connects to the profile's broker; that nobody answers there shows at the first call. Says what is
 * wrong and returns the exit status. */
DAIS_MUST_CHECK int dais_wire_open(dais_wire_t *wire, dais_office_t *office);
void dais_wire_close(dais_wire_t *wire);

/* Was the program told to stop? */
bool dais_wire_is_interrupted(const dais_wire_t *wire);

/* Waits, and serves the connection meanwhile; ends early when the program is told to stop. */
void dais_wire_pause(dais_wire_t *wire, uint64_t ms);

/* The answer to one call. What is decoded of it points into bytes. */
typedef struct {
    dais_err_t err;  /* of the way there and back, or of the answer's form */
    bool is_refused; /* `refused` is the answer */
    dais_refused_t refused;
    char code[DAIS_LIMIT_CODE + 1]; /* of the error or refusal; empty if all is well */
    uint8_t *bytes;
    size_t size;
    uint8_t *plain;    /* what a box held */
    dais_slice_t body; /* of an ask or look: the answer itself */
} dais_wire_answer_t;

/* True if it was answered and not refused. */
static inline bool dais_wire_ok(const dais_wire_answer_t *answer)
{
    return answer->err == DAIS_OK && !answer->is_refused;
}

void dais_wire_answer_free(dais_wire_answer_t *answer);

/* A parcel on its way to an intake. Any number may be under way at a time; each lies where it is
 * until it is over or cancelled. */
typedef struct {
    dais_id_t call;
    bool is_over;
    dais_wire_answer_t answer; /* once it is over; to be freed */
} dais_wire_flight_t;

/* Starts handing a parcel, which is copied, to an intake. False if it is over at once: the answer
 * says why. */
DAIS_MUST_CHECK bool dais_wire_launch(dais_wire_t *wire, const char *intake, dais_slice_t parcel,
                                      dais_wire_flight_t *flight);

/* Serves the connection until something has come in or is due. False when told to stop, and when
 * that cannot be done. */
DAIS_MUST_CHECK bool dais_wire_serve(dais_wire_t *wire);

/* What the intake said, of a flight that is over. *submitted borrows from its answer. */
DAIS_MUST_CHECK bool dais_wire_landed(dais_wire_flight_t *flight, dais_submitted_t *submitted);

/* Nobody waits for its answer any more. */
void dais_wire_cancel(dais_wire_t *wire, dais_wire_flight_t *flight);

/* Asks the registry: what is a tuple ask_... of this shape. A signed ask, answered in a box; the
 * answer's tuple is decoded into *out by its shape. With wait_ms it may be parked so long. */
DAIS_MUST_CHECK bool dais_wire_ask(dais_wire_t *wire, const dais_shape_t *what_shape,
                                   const void *what, uint64_t wait_ms,
                                   const dais_shape_t *out_shape, void *out,
                                   dais_wire_answer_t *answer);

/* The same for what is public, without signature and box. */
DAIS_MUST_CHECK bool dais_wire_look(dais_wire_t *wire, const dais_shape_t *what_shape,
                                    const void *what, uint64_t wait_ms,
                                    const dais_shape_t *out_shape, void *out,
                                    dais_wire_answer_t *answer);

/* Says what went wrong with a call, and returns the exit status: what can be tried again is
 * temporary. */
int dais_wire_error(const dais_wire_t *wire, const dais_wire_answer_t *answer, const char *about);

#endif
