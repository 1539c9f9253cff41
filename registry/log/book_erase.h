/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_REGISTRY_LOG_BOOK_ERASE_H
#define DAIS_REGISTRY_LOG_BOOK_ERASE_H

#include "registry/log/book.h"

/* ERASE. Contents and their salts go, in two steps: their row is written anew without them, in the
 * transaction of the entry that asks for it; and then the whole file, as LMDB leaves deleted bytes
 * where they lie. Record, commitments and everything that is proved stay. */

/* Takes the contents of entry `seq` out of its bundle's row. Within a span of writes, between
 * bundles. Harmless where there are none. */
void dais_book_erase(dais_book_t *book, uint64_t seq);

/* Is there anything left in the file that was erased? It is remembered across a crash. */
bool dais_book_has_erased(const dais_book_t *book);

/* Puts a compact copy in the place of the store's file, so that nothing of what was deleted is in
 * it. Between spans. After an error the book may not be used any more; the file is the old one or
 * the new one, whole. */
DAIS_MUST_CHECK dais_err_t dais_book_compact(dais_book_t *book);

#endif
