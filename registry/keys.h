/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_REGISTRY_KEYS_H
#define DAIS_REGISTRY_KEYS_H

#include "base/random.h"
#include "proto/device.h"
#include "proto/vkey.h"

/* The two secrets of a cycle. Both are made before genesis is signed, as genesis names them: the
 * key that signs its checkpoints, which is destroyed when the log has ended, and the key that its
 * boxes are closed for. They are files of their own, mode 0600, in the cycle's folder. */
typedef struct {
    dais_device_t log; /* signs; its box key is not used */
    dais_device_t box; /* opens boxes; its signing key is not used */
} dais_cycle_keys_t;

/* The public half, as `dais cycle draft` reads it; a text file:
 *
 *   dais/cycle-keys/1
 *   origin <origin of the log, and name of its key>
 *   log <vkey>
 *   box <40 characters of Z85>
 */
#define DAIS_CYCLE_KEYS_TEXT_MAX 1024

/* Makes both and their files in this folder, which is there. EXISTS if either is there: a key is
 * never overwritten. */
DAIS_MUST_CHECK dais_err_t dais_cycle_keys_make(const char *folder, const dais_random_t *random,
                                                dais_cycle_keys_t *keys);

/* Reads them. EXPOSED if others may read a file; NOT_FOUND. The keys are to be wiped by the
 * caller. */
DAIS_MUST_CHECK dais_err_t dais_cycle_keys_load(const char *folder, dais_cycle_keys_t *keys);
/* The key of the boxes alone; that of the log stays zero. */
DAIS_MUST_CHECK dais_err_t dais_cycle_keys_load_box(const char *folder, dais_cycle_keys_t *keys);

/* Overwrites and deletes the file of the log's key. */
DAIS_MUST_CHECK dais_err_t dais_cycle_keys_destroy_log(const char *folder);
void dais_cycle_keys_wipe(dais_cycle_keys_t *keys);

/* BAD_KEY for an origin that no key may have as its name. */
DAIS_MUST_CHECK dais_err_t dais_cycle_keys_put(const dais_cycle_keys_t *keys, dais_slice_t origin,
                                               dais_writer_t *writer);

#endif
