/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_RULES_STORE_NAME_H
#define DAIS_RULES_STORE_NAME_H

#include "registry/rules/store.h"

/* What lies in the database of the LMDB back, for people who look at one. */
#define DAIS_STORE_NAME_SIZE 160

/* What a key stands for: "ORGANISATION 3", "OBJECTION_OF 3 1", "text 12", "index KEY a0b1..". One
 * that no back writes is "unknown", with its bytes. */
void dais_store_name_key(dais_slice_t key, char text[DAIS_STORE_NAME_SIZE]);

/* Where two values of this key part: "standing is 1, not 0", the first field that differs; of texts
 * and indexes, and of rows of another size, so much as can be said. found is what is there, wanted
 * what should be. */
void dais_store_name_difference(dais_slice_t key, dais_slice_t found, dais_slice_t wanted,
                                char text[DAIS_STORE_NAME_SIZE]);

#endif
