/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_OFFICE_PAGES_H
#define DAIS_OFFICE_PAGES_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* The pages of one long answer. The registry counts them by the rows that it tells the asker, so
 * they fit together only if they are of one state of the log. If it has grown between two, they are
 * asked for anew; if it does so time and again, what came is taken, and that is said. All zero to
 * begin with. */
typedef struct {
    uint64_t from; /* to be asked for next */
    uint64_t size; /* entries of the log at the first page */
    unsigned count;
    unsigned again; /* how often it was begun anew */
    bool is_mixed;  /* pages of different states were taken */
    bool is_cut;    /* there is more than is asked for */
    bool is_done;
} dais_pages_t;

/* Takes the head of a page: entries of the log, and where the page says to go on. True: its rows
 * are to be added to `rows`. False: what is there was dropped, and all is to be asked for anew. */
bool dais_pages_take(dais_pages_t *pages, uint64_t size, uint64_t next, json_t *rows);

/* Says what the rows may lack, if anything. */
void dais_pages_say(const dais_pages_t *pages);

#endif
