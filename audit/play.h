/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_AUDIT_PLAY_H
#define DAIS_AUDIT_PLAY_H

#include "audit/refold.h"

/* Plays an exported log by the rules, for the verbs that look into what happened. Such a log has to
 * be whole and sound; what is wrong with it is said on stderr, and `verify` says more. */
typedef struct {
    const char *path;
    uint64_t size_max; /* entries to play */
    uint64_t until_ms; /* none that was logged later */
    /* Before and after the rules have taken an entry; may be null. An error ends the play. */
    dais_err_t (*before)(void *context, dais_rules_t *rules, const dais_reading_entry_t *entry);
    dais_err_t (*after)(void *context, dais_rules_t *rules, const dais_reading_entry_t *entry);
    void *context;
} dais_play_t;

#define DAIS_PLAY_ALL(file)                                                                        \
    {                                                                                              \
        .path = (file), .size_max = UINT64_MAX, .until_ms = UINT64_MAX                             \
    }

/* The rules as they stand at the end are the caller's to close. Returns the exit status; the refold
 * is open only if that is DAIS_EXIT_DONE. */
int dais_play(const dais_play_t *play, dais_refold_t *refold);

/* The 16 bytes of an id as hex, with terminator. */
#define DAIS_PLAY_ID_TEXT 33
void dais_play_id(const uint8_t id[DAIS_ID_SIZE], char text[DAIS_PLAY_ID_TEXT]);

/* What was submitted, fit for a terminal: printable ASCII as it is, all else as \\xNN; cut to what
 * fits, with terminator. */
void dais_play_text(dais_slice_t text, char *out, size_t capacity);

#endif
