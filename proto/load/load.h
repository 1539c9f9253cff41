/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PROTO_LOAD_LOAD_H
#define DAIS_PROTO_LOAD_LOAD_H

#include "base/curve.h"
#include "proto/device.h"
#include "proto/vkey.h"

/* Keys as daemons and tools are given them. */

/* The keys of the device whose secret lies in the file. EXPOSED if others can read it; the errors
 * of dais_file_read_secret() and dais_secret_parse(). */
DAIS_MUST_CHECK dais_err_t dais_load_device(const char *path, dais_device_t *device);

/* Its transport keys as sockets take them. */
dais_curve_pair_t dais_load_pair(const dais_device_t *device);

/* A vkey ("name+id+base64") as it stands, or that of the file of this name, which holds one line of
 * it. BAD_KEY if it is neither; errors of dais_file_read() and dais_vkey_parse(). */
DAIS_MUST_CHECK dais_err_t dais_load_vkey(const char *text, dais_vkey_t *key);

#endif
