/* SPDX-License-Identifier: Apache-2.0 */
#include "office/pages.h"

#include "office/say.h"

#define PAGES_MAX 4096
#define AGAIN_MAX 8

bool dais_pages_take(dais_pages_t *pages, uint64_t size, uint64_t next, json_t *rows)
{
    if (pages->from == 0)
        pages->size = size;
    if (size != pages->size && pages->again < AGAIN_MAX) {
        (void)json_array_clear(rows);
        *pages = (dais_pages_t){.again = pages->again + 1};
        return false;
    }
    pages->count++;
    pages->is_mixed |= size != pages->size;
    pages->is_cut = next > pages->from && pages->count == PAGES_MAX;
    pages->is_done = next <= pages->from || pages->is_cut;
    pages->from = next;
    return true;
}

void dais_pages_say(const dais_pages_t *pages)
{
    if (pages->is_mixed)
        dais_say_note(
            "note: the log went on while this was asked, so a row may be missing or stand "
            "twice; ask once more when it is quiet");
    if (pages->is_cut)
        dais_say_note("note: there are more rows than are asked for at once");
}
