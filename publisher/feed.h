/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PUBLISHER_FEED_H
#define DAIS_PUBLISHER_FEED_H

#include "publisher/page.h"

#define DAIS_FEED_ITEMS_MAX 100

/* feed.xml: the last changes that the public may know of, as Atom (RFC 4287); what was withdrawn
 * stands there as a deleted entry (RFC 6721). Items are named by log and entry (RFC 6920), so that
 * the site may move. */
void dais_feed_put(dais_out_t *out, const dais_page_view_t *view);

#endif
