/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_OFFICE_OUTBOX_OPEN_H
#define DAIS_OFFICE_OUTBOX_OPEN_H

#include "office/office.h"
#include "office/outbox_bundle.h"

/* The outbox of the open profile: outbox/<key>-<log> in the user's data folder, sixteen hex digits
 * of each. One for each identity and cycle, whichever profile names them. Says what is wrong and
 * returns the exit status. */
DAIS_MUST_CHECK int dais_office_outbox(dais_office_t *office, dais_outbox_t *outbox);

/* Where it lies. */
DAIS_MUST_CHECK dais_err_t dais_office_outbox_path(const dais_office_t *office,
                                                   char path[PATH_MAX]);

/* Writes its file anew if anything was erased or removed: that is not to lie in the free pages
 * either. Says what is wrong, or that another process is in the way, and returns the exit status.
 */
DAIS_MUST_CHECK int dais_office_forget(const dais_office_t *office, dais_outbox_t *outbox);

/* Who signs its bundles; borrows from the profile. */
dais_bundler_t dais_office_bundler(const dais_office_t *office);

#endif
