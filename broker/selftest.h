/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_BROKER_SELFTEST_H
#define DAIS_BROKER_SELFTEST_H

#include "base/curve.h"
#include "base/loop.h"

/* At start: a key that nobody knows knocks at the front door, and must be refused. If it gets in,
 * or nothing is heard of it in time, the door is not what it should be, and the broker must not
 * serve. */
typedef struct dais_selftest dais_selftest_t;

/* err: DAIS_OK if the key was refused, OPEN_TO_ALL if it got in, UNREACHABLE
 * if nothing was heard. Called once; destroys nothing. */
typedef void dais_selftest_done_t(void *context, dais_err_t err);

/* endpoint as it was bound, wildcards included. */
DAIS_MUST_CHECK dais_err_t dais_selftest_new(dais_loop_t *loop, const char *endpoint,
                                             const uint8_t server_key[DAIS_CURVE_KEY_SIZE],
                                             dais_selftest_done_t *done, void *context,
                                             dais_selftest_t **selftest);

/* Harmless on null. May be called in done. */
void dais_selftest_destroy(dais_selftest_t **selftest);

#endif
