/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_OFFICE_WHICH_FILE_H
#define DAIS_OFFICE_WHICH_FILE_H

/* Files that are soon taken for one another open with a line that says what they are. */
#define DAIS_WHICH_SECRET     "dais/secret/1"
#define DAIS_WHICH_IDENTITY   "dais/identity/1"
#define DAIS_WHICH_CYCLE_KEYS "dais/cycle-keys/1"

/* If the file at this path opens as another than the wanted one of these: what it is, and what is
 * wanted, as a sentence without its end. Null if it opens as it should, cannot be read, or is none
 * of them: whoever reads it says that. wanted: one of the above, or "" for none of them. */
const char *dais_which_file(const char *path, const char *wanted);

#endif
