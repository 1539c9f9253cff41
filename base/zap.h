/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_BASE_ZAP_H
#define DAIS_BASE_ZAP_H

#include "base/curve.h"
#include "base/err.h"
#include "base/loop.h"

/* Who may connect by CURVE: the handler of RFC 27 (ZAP), of which a process has one. It is asked at
 * each handshake and never after, and nothing can end one connection; so whoever receives looks up
 * the peer of every message again, by dais_parts_user_id(), which is the key in Z85. */
typedef struct dais_zap dais_zap_t;

/* domain is the one of the socket (dais_socket_options_t), cut to 32 characters. */
typedef bool dais_zap_admit_t(void *context, const char *domain,
                              const uint8_t key[DAIS_CURVE_KEY_SIZE]);

/* Before the first socket with a domain is bound: without a handler nobody is admitted. NO_MEMORY,
 * ADDRESS_TAKEN if there is one already. */
DAIS_MUST_CHECK dais_err_t dais_zap_open(dais_loop_t *loop, dais_zap_admit_t *admit, void *context,
                                         dais_zap_t **zap);
void dais_zap_close(dais_zap_t **zap);

/* How many handshakes were admitted and refused so far. */
typedef struct {
    uint64_t admitted_count;
    uint64_t refused_count;
} dais_zap_figures_t;

dais_zap_figures_t dais_zap_figures(const dais_zap_t *zap);

#endif
