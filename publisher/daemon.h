/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PUBLISHER_DAEMON_H
#define DAIS_PUBLISHER_DAEMON_H

#include "base/daemon.h"

extern const dais_daemon_spec_t dais_publisher_daemon;

#endif
