/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PUBLISHER_DATA_DICTIONARY_H
#define DAIS_PUBLISHER_DATA_DICTIONARY_H

#include "publisher/data.h"

/* data/dictionary.json: every field of the tables, and of the records of the log with their kinds
 * and words, from the same tables that the programs are made from. */
void dais_data_dictionary_json(dais_out_t *out);

#endif
