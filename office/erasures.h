/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_OFFICE_ERASURES_H
#define DAIS_OFFICE_ERASURES_H

#include "office/outbox_erase.h"
#include "office/wire.h"

/* What the log says was erased: an erasure, and the second by which it takes effect. Both are read
 * in the log as the public has it, every entry checked against what the log's key has signed; the
 * word of the registry alone takes nothing out of an outbox. */

#define DAIS_ERASURES_MAX 16384 /* entries that one cycle may erase */

/* Reads on in the log from where the last call ended, and takes the contents of this outbox's
 * messages that were erased out of it; says so for each. Does nothing, and asks nobody, where no
 * message that is logged has contents. A log that could not be read is noted and is no failure; one
 * that is not what its key has signed is. Returns the exit status. Afterwards
 * dais_outbox_forget_erased() is due. */
DAIS_MUST_CHECK int dais_erasures_take(dais_wire_t *wire, dais_outbox_t *outbox,
                                       const dais_bundler_t *bundler);

#endif
