/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_AUDIT_OUTCOMES_PRIVATE_H
#define DAIS_AUDIT_OUTCOMES_PRIVATE_H

#include <limits.h>

#include "audit/log_tree.h"
#include "audit/refold.h"
#include "base/file.h"
#include "publisher/replica.h"

#define SITE_FILE_MAX ((size_t)256 * 1024 * 1024) /* bytes of one published file */

/* How it is known which entries the public may see. */
typedef enum {
    OUTCOMES_BY_RULES, /* every entry is open here: the rules say which */
    OUTCOMES_BY_LOG,   /* a public part of the same size: those that are open in it */
    OUTCOMES_BY_SITE   /* a public part of a later time: those that both open */
} outcomes_source_t;

typedef struct {
    dais_checks_t *checks; /* borrowed */
    const dais_trust_t *trust;
    const char *path;      /* of the log */
    char root[PATH_MAX];   /* the site with its front page; empty where the cycle alone was named */
    char folder[PATH_MAX]; /* of the cycle */
    char cycle[DAIS_LIMIT_CODE + 1];
    dais_vkey_t key; /* the trusted one; without, the one that genesis names */

    dais_file_bytes_t note; /* the site's checkpoint */
    uint64_t size;          /* entries that it covers */
    dais_log_tree_t log;
    outcomes_source_t source;
    uint8_t *is_open;        /* by seq: what the site opens, where that is what it goes by; owned */
    dais_refold_t refold;    /* at the site's size, where all is open */
    dais_replica_t *replica; /* what the site should show */
    bool other_renderer;     /* pages are by another version, whose bytes are not ours */
    const char *stopped;     /* why nothing more is compared; null while it is */
} outcomes_t;

/* outcomes_open.c: the site's checkpoint, the log and the public part, into the replica. Errors are
 * of the machine; else `stopped` says what keeps them from being compared. */
dais_err_t outcomes_open(outcomes_t *outcomes, const char *site) DAIS_MUST_CHECK;
void outcomes_close(outcomes_t *outcomes);

/* May the public see this entry, by what it goes by? For dais_import_part(). */
bool outcomes_opens(void *context, uint64_t seq);

/* outcomes_files.c: renders and compares. */
dais_err_t outcomes_files(outcomes_t *outcomes) DAIS_MUST_CHECK;

/* outcomes_kept.c: files that are not made anew: earlier checkpoints and tiles, and what nobody
 * knows; and where two files open/<N> part. */
dais_err_t outcomes_kept(outcomes_t *outcomes, const dais_files_t *made) DAIS_MUST_CHECK;
void outcomes_openings(outcomes_t *outcomes, const char *path, dais_slice_t found,
                       dais_slice_t wanted);

/* outcomes_facts.c: from the entries, by code of the audit's own. */
dais_err_t outcomes_facts(outcomes_t *outcomes) DAIS_MUST_CHECK;

#endif
