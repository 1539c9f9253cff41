/* SPDX-License-Identifier: Apache-2.0
 *
 * Makes the generated parts of the documentation from the tables of proto/ and of the rules, and
 * the samples, so that no page can say what the code does not do.
 *
 *   make_docs FOLDER           rewrites the pages in FOLDER/docs
 *   make_docs --check FOLDER   compares; 1 and the first line that differs if they are not current
 */
#include <stdio.h>

#include "base/file.h"
#include "tests/docs/doc_page.h"
#include "tests/docs/doc_parts.h"

enum { PAGE_MAX = 4 * 1024 * 1024, PATH_SIZE = 512, MODE = 0644 };

#define PROTOCOL "docs/protocol.md"

static const char *const pages[] = {"docs/formats.md", "docs/limits.md",    "docs/kinds.md",
                                    "docs/state.md",   "docs/states.md",    "docs/verdicts.md",
                                    PROTOCOL,          "docs/operations.md"};

enum { PAGE_COUNT = sizeof pages / sizeof pages[0] };

static void mark_need(const doc_text_t *page, const char *path, const char *part, const char *name)
{
    char mark[PATH_SIZE];
    (void)snprintf(mark, sizeof mark, "\n<!-- generated: %s %s -->\n", part, name);
    if (strstr(page->data, mark) == NULL)
        doc_fail("%s has no part '%s %s'", path, part, name);
}

/* A format that is in the tables and not in the page would be a format that nobody can read. */
static void formats_are_complete(const doc_text_t *page)
{
    for (size_t i = 0; dais_shapes[i] != &dais_shape_id_item; i++)
        mark_need(page, pages[0], "shape", dais_shapes[i]->name);
    for (const dais_sample_t *sample = dais_samples(); sample->name != NULL; sample++) {
        if (sample->form != DAIS_SAMPLE_SUBJECT && !sample->draft)
            mark_need(page, pages[0], "example", sample->name);
    }
}

/* The same for what travels between client and service. */
static void calls_are_complete(const doc_text_t *page)
{
    size_t i = 0;
    while (dais_shapes[i] != &dais_shape_submit)
        i++;
    for (; dais_shapes[i] != NULL; i++)
        mark_need(page, PROTOCOL, "shape", dais_shapes[i]->name);
}

static bool page_is_current(const char *page, dais_slice_t old, const doc_text_t *made)
{
    size_t line = doc_page_compare(old, made);
    if (line > 0)
        (void)fprintf(stderr, "%s:%zu: not what the tables say; run script/docs\n", page, line);
    return line == 0;
}

static void page_write(const char *path, const doc_text_t *made)
{
    dais_err_t err = dais_file_replace(path, dais_slice(made->data, made->size), MODE);
    if (err != DAIS_OK)
        doc_fail("%s: %s", path, dais_err_text(err));
}

static bool page_do(const char *folder, const char *page, bool check)
{
    char path[PATH_SIZE];
    dais_file_bytes_t file;
    doc_text_t made = {0};
    (void)snprintf(path, sizeof path, "%s/%s", folder, page);
    dais_err_t err = dais_file_read(path, PAGE_MAX, &file);
    if (err != DAIS_OK)
        doc_fail("%s: %s", path, dais_err_text(err));
    dais_slice_t old = dais_slice(file.data, file.size);
    doc_page_make(old, &made);
    if (page == pages[0])
        formats_are_complete(&made);
    if (strcmp(page, PROTOCOL) == 0)
        calls_are_complete(&made);
    bool good = check ? page_is_current(page, old, &made) : true;
    if (!check && doc_page_compare(old, &made) > 0)
        page_write(path, &made);
    dais_file_free(&file);
    doc_free(&made);
    return good;
}

int main(int argc, char **argv)
{
    bool check = argc == 3 && strcmp(argv[1], "--check") == 0;
    if (argc != 2 && !check) {
        (void)fputs("usage: make_docs [--check] FOLDER\n", stderr);
        return 2;
    }
    bool good = true;
    for (size_t i = 0; i < PAGE_COUNT; i++)
        good &= page_do(argv[argc - 1], pages[i], check);
    return good ? 0 : 1;
}
