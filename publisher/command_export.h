/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PUBLISHER_COMMAND_EXPORT_H
#define DAIS_PUBLISHER_COMMAND_EXPORT_H

#include "base/args.h"

/* What `dais-publisher` does with an exported log, without any daemon: `render` makes its site,
 * `draft` paragraphs of a summary. */
/* Ends with a null name. */
extern const dais_command_t dais_publisher_commands[];

#endif
