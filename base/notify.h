/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_BASE_NOTIFY_H
#define DAIS_BASE_NOTIFY_H

#include <stdint.h>

#include "base/err.h"

/* What a service tells its supervisor: the protocol of sd_notify(3), datagrams of "NAME=value"
 * lines to the socket that $NOTIFY_SOCKET names. Without that variable nothing happens and all is
 * well. */

#define DAIS_NOTIFY_SIZE_MAX 512 /* bytes of one message; longer ones are cut */

/* "READY=1", "STATUS=3 cycles, 412 entries", "STOPPING=1", "WATCHDOG=1", or several lines. IO if
 * there is a supervisor that does not take it; a daemon logs that and goes on. */
DAIS_MUST_CHECK dais_err_t dais_notify(const char *text);

/* How often WATCHDOG=1 is to be sent: half of what the supervisor allows; 0 if it does not watch.
 */
uint64_t dais_notify_watchdog_ms(void);

#endif
