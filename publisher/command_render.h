/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PUBLISHER_COMMAND_RENDER_H
#define DAIS_PUBLISHER_COMMAND_RENDER_H

#include "base/args.h"

/* `dais-publisher render`: the site of an exported log, without any daemon. */
/* Ends with a null name. */
extern const dais_command_t dais_publisher_commands[];

#endif
