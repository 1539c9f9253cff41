/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_RULES_STORE_LMDB_KEY_H
#define DAIS_RULES_STORE_LMDB_KEY_H

/* The first byte of a key of the LMDB back (store_lmdb.c): the table, or one of these. */
#define TAG_INDEX 0x80
#define TAG_TEXT  0xc0

#endif
