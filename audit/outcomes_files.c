/* SPDX-License-Identifier: Apache-2.0
 *
 * The site is rendered anew by the publisher's own renderer, and each file is held against the one
 * that is published. A fault that is in the renderer is in both: outcomes_facts.c counts without
 * it. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "audit/differ.h"
#include "audit/outcomes_private.h"
#include "audit/receipt_file.h"
#include "proto/text.h"
#include "publisher/page.h"
#include "publisher/render.h"

/* By the beginning of a file's path; the first that fits. */
static const struct {
    const char *prefix;
    dais_check_t check;
    bool is_rendered; /* its bytes are the renderer's, and another version may have others */
} kinds[] = {
    {"log/checkpoint", DAIS_CHECK_SITE_TILES, false},
    {"log/open/", DAIS_CHECK_SITE_OPEN, false},
    {"log/", DAIS_CHECK_SITE_TILES, false},
    {"receipts/", DAIS_CHECK_SITE_RECEIPTS, false},
    {"comments/", DAIS_CHECK_SITE_COMMENTS, true},
    {"data/policy.zpl", DAIS_CHECK_SITE_DATA, false},
    {"data/", DAIS_CHECK_SITE_DATA, true},
    {"feed.xml", DAIS_CHECK_SITE_FEED, true},
    {"", DAIS_CHECK_SITE_PAGES, true},
};

typedef struct {
    outcomes_t *outcomes;
    const char *path;
    dais_check_t check;
} file_t;

static void file_differs(void *context, const char *place, const char *text)
{
    const file_t *file = context;
    char where[160];
    (void)snprintf(where, sizeof where, "%.60s, %s", file->path, place);
    dais_checks_fail_at(file->outcomes->checks, file->check, where, text);
}

/* A receipt stays as it was when it was published. The renderer takes one that proves its entry
 * under a signed checkpoint; here that checkpoint has to be of this history as well. */
static bool receipt_is_ours(outcomes_t *outcomes, dais_slice_t text)
{
    dais_proof_t proof;
    dais_hash_t root;
    uint64_t size;
    if (dais_proof_parse(text, &proof).err != DAIS_OK ||
        dais_receipt_tree(&proof, &size, &root) != DAIS_OK ||
        size > dais_log_tree_size(&outcomes->log))
        return false;
    dais_hash_t right = dais_nodes_root(&outcomes->log.nodes, size);
    return dais_hash_equal(&right, &root);
}

static void file_compare(outcomes_t *outcomes, const char *path, dais_check_t check,
                         dais_slice_t found, dais_slice_t wanted)
{
    file_t file = {outcomes, path, check};
    if (check == DAIS_CHECK_SITE_OPEN)
        outcomes_openings(outcomes, path, found, wanted);
    else if (check == DAIS_CHECK_SITE_RECEIPTS && !receipt_is_ours(outcomes, found))
        dais_checks_fail_at(outcomes->checks, check, path,
                            "it stands in a tree that is no beginning of this log");
    else if (dais_slice_equal(found, wanted))
        dais_checks_pass(outcomes->checks, check);
    else if (check == DAIS_CHECK_SITE_TILES)
        dais_checks_fail_at(outcomes->checks, check, path, "it is not that of the log");
    else
        dais_differ(path, found, wanted, file_differs, &file);
}

/* One file that the renderer makes. */
static dais_err_t file_put(void *context, const char *path, dais_slice_t bytes)
{
    static const char other[] = "the site was made by another version of the publisher";
    outcomes_t *outcomes = context;
    char whole[PATH_MAX];
    dais_file_bytes_t file;
    size_t kind = 0;
    while (strncmp(path, kinds[kind].prefix, strlen(kinds[kind].prefix)) != 0)
        kind++;
    if (kinds[kind].is_rendered && outcomes->other_renderer) {
        dais_checks_skip(outcomes->checks, kinds[kind].check, other);
        dais_checks_skip(outcomes->checks, DAIS_CHECK_SITE_FILES, other);
        return DAIS_OK;
    }
    if (snprintf(whole, sizeof whole, "%s/%s", outcomes->folder, path) >= (int)sizeof whole)
        return DAIS_ERR_TOO_LONG;
    dais_err_t err = dais_file_read(whole, SITE_FILE_MAX, &file);
    if (err == DAIS_ERR_NOT_FOUND || err == DAIS_ERR_FILE_TYPE) {
        dais_checks_fail_at(outcomes->checks, DAIS_CHECK_SITE_FILES, path,
                            "the log makes it, and the site has it not");
        return DAIS_OK;
    }
    if (err != DAIS_OK)
        return err;
    dais_checks_pass(outcomes->checks, DAIS_CHECK_SITE_FILES);
    file_compare(outcomes, path, kinds[kind].check, dais_slice(file.data, file.size), bytes);
    dais_file_free(&file);
    return DAIS_OK;
}

/* Every page says by whom it was made. */
static dais_err_t files_renderer(outcomes_t *outcomes)
{
    char path[PATH_MAX];
    char made_by[128];
    dais_file_bytes_t page;
    if (snprintf(path, sizeof path, "%s/%s", outcomes->folder, dais_pages[0].file) >=
        (int)sizeof path)
        return DAIS_ERR_TOO_LONG;
    dais_err_t err = dais_file_read(path, SITE_FILE_MAX, &page);
    if (err != DAIS_OK)
        return err == DAIS_ERR_NOT_FOUND ? DAIS_OK : err;
    (void)snprintf(made_by, sizeof made_by, "Made by %s from", dais_render_generator);
    outcomes->other_renderer =
        memmem(page.data, page.size, "Made by ", strlen("Made by ")) != NULL &&
        memmem(page.data, page.size, made_by, strlen(made_by)) == NULL;
    dais_file_free(&page);
    return DAIS_OK;
}

/* The front page lists all cycles of a site; this one's line is the one that the log makes. */
typedef struct {
    outcomes_t *outcomes;
    dais_slice_t page;
} front_t;

/* Takes what stands before the next '<'. */
static void front_text(dais_slice_t *rest)
{
    const uint8_t *end = rest->size > 0 ? memchr(rest->data, '<', rest->size) : NULL;
    size_t size = end != NULL ? (size_t)(end - rest->data) : rest->size;
    *rest = dais_slice(rest->data + size, rest->size - size);
}

/* Takes the state of a cycle in the renderer's words; false if it is none. */
static bool front_state(dais_slice_t *rest)
{
    const dais_machine_table_t *cycle = dais_machine(DAIS_MACHINE_CYCLE);
    for (unsigned state = 1; state <= cycle->count; state++) {
        dais_slice_t behind = *rest;
        if (!dais_text_prefix(&behind, cycle->states[state].name))
            continue;
        (void)dais_text_prefix(&behind, ", a rehearsal");
        if (!dais_text_prefix(&behind, "</li>"))
            continue;
        *rest = behind;
        return true;
    }
    return false;
}

/* A line of the list as the renderer makes it, of whatever cycle; its folder and a slash are the
 * first text. */
static bool front_is_line(dais_slice_t line, const char *cycle, bool *is_ours)
{
    char folder[DAIS_LIMIT_CODE + 16];
    dais_slice_t rest = line;
    if (!dais_text_prefix(&rest, "<li><a href=\""))
        return false;
    dais_slice_t link = rest;
    (void)snprintf(folder, sizeof folder, "%s/", cycle);
    *is_ours = dais_text_prefix(&link, folder);
    if (rest.size == 0 || strchr("./", rest.data[0]) != NULL) /* it leads elsewhere, or nowhere */
        return false;
    while (rest.size > 0 && (isalnum(rest.data[0]) || strchr("-_.", rest.data[0]) != NULL))
        rest = dais_slice(rest.data + 1, rest.size - 1);
    if (!dais_text_prefix(&rest, "/index.html\"><bdi>"))
        return false;
    front_text(&rest);
    if (!dais_text_prefix(&rest, "</bdi></a>: "))
        return false;
    return front_state(&rest) && rest.size == 0;
}

/* The page is the one that the log makes, but for the lines of other cycles: nothing else may stand
 * in it, as a line in a comment is on no screen. */
static bool front_is_good(dais_slice_t page, dais_slice_t made, const char *cycle)
{
    static const char list[] = "<ul>\n";
    const uint8_t *begin = memmem(made.data, made.size, list, strlen(list));
    if (begin == NULL)
        return false;
    size_t head = (size_t)(begin - made.data) + strlen(list);
    const uint8_t *end = memchr(made.data + head, '\n', made.size - head);
    if (end == NULL)
        return false;
    dais_slice_t ours = dais_slice(made.data + head, (size_t)(end - made.data) - head);
    size_t tail = made.size - head - ours.size - 1;
    if (page.size < head + tail || memcmp(page.data, made.data, head) != 0 ||
        memcmp(page.data + page.size - tail, end + 1, tail) != 0)
        return false;
    dais_slice_t rest = dais_slice(page.data + head, page.size - head - tail);
    unsigned count = 0;
    while (rest.size > 0) {
        bool is_ours = false;
        end = memchr(rest.data, '\n', rest.size);
        size_t size = end != NULL ? (size_t)(end - rest.data) : rest.size;
        dais_slice_t line = dais_slice(rest.data, size);
        if (end == NULL || !front_is_line(line, cycle, &is_ours) ||
            (is_ours && !dais_slice_equal(line, ours)))
            return false;
        count += is_ours;
        rest = dais_slice(end + 1, rest.size - size - 1);
    }
    return count == 1;
}

/* How the front page looks can hide what it says. */
static dais_err_t front_style(const front_t *front, dais_slice_t bytes)
{
    char path[PATH_MAX];
    dais_file_bytes_t file = {.data = NULL};
    if (snprintf(path, sizeof path, "%s/style.css", front->outcomes->root) >= (int)sizeof path)
        return DAIS_ERR_TOO_LONG;
    dais_err_t err = dais_file_read(path, SITE_FILE_MAX, &file);
    if (err == DAIS_OK && dais_slice_equal(dais_slice(file.data, file.size), bytes))
        dais_checks_pass(front->outcomes->checks, DAIS_CHECK_SITE_FILES);
    else
        dais_checks_fail_at(front->outcomes->checks, DAIS_CHECK_SITE_FILES, "../style.css",
                            "it is not that of the pages");
    dais_file_free(&file);
    return DAIS_OK;
}

static dais_err_t front_put(void *context, const char *path, dais_slice_t bytes)
{
    const front_t *front = context;
    if (strcmp(path, "index.html") != 0)
        return front_style(front, bytes);
    if (front_is_good(front->page, bytes, front->outcomes->cycle))
        dais_checks_pass(front->outcomes->checks, DAIS_CHECK_SITE_PAGES);
    else
        dais_checks_fail_at(front->outcomes->checks, DAIS_CHECK_SITE_PAGES, "../index.html",
                            "its line on this cycle is not the one that the log makes, or "
                            "something else stands beside the list");
    return DAIS_OK;
}

static dais_err_t files_front(outcomes_t *outcomes)
{
    char path[PATH_MAX];
    dais_file_bytes_t page;
    dais_files_t *files = NULL;
    const dais_fold_model_t *model;
    dais_fold_t *fold = dais_replica_fold(outcomes->replica);
    if (outcomes->root[0] == 0 || outcomes->other_renderer)
        return DAIS_OK;
    if (snprintf(path, sizeof path, "%s/index.html", outcomes->root) >= (int)sizeof path)
        return DAIS_ERR_TOO_LONG;
    dais_err_t err = dais_file_read(path, SITE_FILE_MAX, &page);
    if (err == DAIS_ERR_NOT_FOUND) {
        dais_checks_fail_at(outcomes->checks, DAIS_CHECK_SITE_FILES, "../index.html",
                            "the site has no front page");
        return DAIS_OK;
    }
    if (err != DAIS_OK)
        return err;
    front_t front = {outcomes, dais_slice(page.data, page.size)};
    err = dais_fold_make(fold, outcomes->size, &model);
    if (err == DAIS_OK)
        err = dais_files_open_sink(&files, "", front_put, &front);
    if (err == DAIS_OK)
        err = dais_render_front(&(dais_render_cycle_t){.folder = outcomes->cycle, .model = model},
                                1, files);
    dais_files_close(&files);
    dais_file_free(&page);
    return err;
}

dais_err_t outcomes_files(outcomes_t *outcomes)
{
    dais_files_t *files = NULL;
    dais_err_t err = files_renderer(outcomes);
    if (err == DAIS_OK)
        err = dais_files_open_sink(&files, outcomes->folder, file_put, outcomes);
    if (err == DAIS_OK)
        err = dais_render(outcomes->replica, files);
    if (err == DAIS_OK)
        err = outcomes_kept(outcomes, files);
    if (err == DAIS_OK)
        err = files_front(outcomes);
    dais_files_close(&files);
    return err;
}
