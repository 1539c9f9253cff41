/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_REGISTRY_LOG_EXPORT_H
#define DAIS_REGISTRY_LOG_EXPORT_H

#include "registry/cycle.h"

/* Writes the whole log as one file (docs/formats.md, "Exported log"), as far as this reader may see
 * it: role 0 for the public, DAIS_ROLE_INSPECTOR for everything with private contents. The cycle is
 * one that was opened to read; its registry may be running.
 *
 * The checkpoint in the file is signed here, by the cycle's key. Nothing is signed but the size and
 * root that the fork guard holds already, so this never signs a second history: GUARD_DIFFERS if
 * the store is at another size just now (ask again). NOT_FOUND if the key was destroyed. */
DAIS_MUST_CHECK dais_err_t dais_log_export(dais_cycle_t *cycle, dais_reader_who_t reader,
                                           const char *path);

#endif
