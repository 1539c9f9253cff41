/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PUBLISHER_PAGE_H
#define DAIS_PUBLISHER_PAGE_H

#include "publisher/marks.h"
#include "registry/rules/fold.h"

/* What every page is made from: the public fold and the checkpoint that covers it. Pages read
 * nothing else: no clock, no zone, no setting of the machine. The same log gives the same bytes. */
typedef struct {
    const dais_fold_t *fold;
    const dais_fold_model_t *model;
    dais_hash_t root;      /* of the checkpoint; its size is model->size */
    uint64_t as_of;        /* ms: logged_at of the last open entry */
    const char *vkey;      /* key of the log as text, from genesis */
    const char *generator; /* program and version */
    /* Index of a comment's first suggestion, and of the next one of the same comment. */
    const size_t *suggestion_first;
    const size_t *suggestion_next;
} dais_page_view_t;

/* The pages of a cycle, in the order of the navigation. Texts are for people. */
#define DAIS_PAGES(PAGE)                                                                           \
    PAGE(CYCLE, cycle, "index.html", "The cycle")                                                  \
    PAGE(PARTICIPANTS, participants, "participants.html", "Participants")                          \
    PAGE(COMMENTS, comments, "comments.html", "Written comments")                                  \
    PAGE(SUGGESTIONS, suggestions, "suggestions.html", "Suggestions")                              \
    PAGE(CASES, cases, "cases.html", "Cases before the Conference")                                \
    PAGE(OBJECTIONS, objections, "objections.html", "Objections in numbers")                       \
    PAGE(STATISTICS, statistics, "statistics.html", "Statistics")                                  \
    PAGE(SUMMARY, summary, "summary.html", "The Chair's summary")                                  \
    PAGE(WHERE, where, "where.html", "Where is my submission?")                                    \
    PAGE(VERIFY, verify, "verify.html", "How to verify")

#define DAIS_PAGE_ENUM(NAME, name, file, text) DAIS_PAGE_##NAME,
typedef enum { DAIS_PAGES(DAIS_PAGE_ENUM) DAIS_PAGE_COUNT } dais_page_t;
#undef DAIS_PAGE_ENUM

#define DAIS_PAGE_PROTOTYPE(NAME, name, file, text)                                                \
    void dais_page_##name(dais_out_t *out, const dais_page_view_t *view);
DAIS_PAGES(DAIS_PAGE_PROTOTYPE)
#undef DAIS_PAGE_PROTOTYPE

typedef struct {
    const char *file;
    const char *text;
    void (*make)(dais_out_t *out, const dais_page_view_t *view);
} dais_page_info_t;

extern const dais_page_info_t dais_pages[DAIS_PAGE_COUNT];

/* Everything up to and including <h1>, and everything after the page's own part. `up` is "" for a
 * page in the cycle's folder and "../" for one below it; page is DAIS_PAGE_COUNT for one that is
 * not in the navigation. */
void dais_page_begin(dais_out_t *out, const dais_page_view_t *view, dais_page_t page,
                     const char *up, dais_slice_t title);
void dais_page_end(dais_out_t *out, const dais_page_view_t *view, const char *up);

/* The end of a page that only the entries up to this one concern. */
void dais_page_end_at(dais_out_t *out, const dais_page_view_t *view, const char *up, uint64_t seq);

/* The same for a title that somebody wrote in this language. */
void dais_page_begin_in(dais_out_t *out, const dais_page_view_t *view, dais_page_t page,
                        const char *up, dais_slice_t title, dais_slice_t language);

/* The page of one published comment, and its file name below comments/. */
#define DAIS_PAGE_NAME_SIZE 48
void dais_page_comment_name(const dais_fold_comment_t *comment, char name[DAIS_PAGE_NAME_SIZE]);
void dais_page_comment(dais_out_t *out, const dais_page_view_t *view, size_t index);

/* What the page is made from: as long as this is the same, so are its bytes. */
dais_hash_t dais_page_comment_mark(const dais_page_view_t *view, size_t index);

/* What became of it after it was published, or nothing. */
const char *dais_page_comment_remark(dais_comment_state_t state);

/* Text and attachments of an entry, or that they are gone. The sentences are looked for in the text
 * and marked there; false if it has no text. */
bool dais_page_content(dais_out_t *out, const dais_fold_entry_t *entry, dais_slice_t language,
                       dais_mark_t *marks, size_t count);

/* Whether it has a page: it was published once, whatever came after. */
bool dais_page_comment_shown(const dais_fold_comment_t *comment);

/* Pieces that several pages have. */
void dais_page_time(dais_out_t *out, uint64_t ms);                  /* an instant, in UTC */
void dais_page_date(dais_out_t *out, const dais_fold_date_t *date); /* as announced, and in UTC */
void dais_page_org(dais_out_t *out, const dais_fold_organisation_t *org); /* its name, or its id */
void dais_page_text(dais_out_t *out, dais_slice_t text, const dais_mark_t *marks, size_t count);
const char *dais_page_category(unsigned category, bool plural);
const char *dais_page_date_word(unsigned which); /* what happens at this date */

/* A code of ours ("not-shown", "list.circulated") with spaces and a capital, for people. */
void dais_page_word(dais_out_t *out, dais_slice_t word);

/* The language by its English name, or else its tag, which is submitted text; its place in the
 * order of the language bar, those of the United Nations first. */
dais_slice_t dais_page_language_name(dais_slice_t tag);
unsigned dais_page_language_order(dais_slice_t tag);

/* lang and dir of a text in this language, as attributes. Only what BCP 47 allows is written. */
void dais_page_language(dais_out_t *out, dais_slice_t language);

/* A table: begin with caption and heads (a head that begins with # is of a column of numbers),
 * then rows of cells, each with its own end, then end. */
void dais_table_begin(dais_out_t *out, const char *caption, const char *const *heads, size_t count);
void dais_table_row(dais_out_t *out);
void dais_table_row_end(dais_out_t *out);
void dais_table_cell(dais_out_t *out, dais_slice_t text);
void dais_table_words(dais_out_t *out, const char *text); /* our own */
void dais_table_number(dais_out_t *out, uint64_t number);
void dais_table_end(dais_out_t *out);

/* Instead of the end: rows below the body, with the account of the list, then the end. */
void dais_table_foot(dais_out_t *out);
void dais_table_foot_end(dais_out_t *out);

#endif
