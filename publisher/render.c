/* SPDX-License-Identifier: Apache-2.0 */
#include "publisher/render.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "proto/proof.h"
#include "publisher/data.h"
#include "publisher/data_dictionary.h"
#include "publisher/feed.h"
#include "publisher/style.h"

enum { PATH_SIZE = 256, VKEY_SIZE = 512 };
/* Part of the bytes: raised whenever rendering changes. */
const char dais_render_generator[] = "dais-publisher 3";

typedef struct {
    dais_replica_t *replica;
    dais_files_t *files;
    dais_page_view_t view;
    dais_out_t out;
    dais_err_t err;
} render_t;

/* Puts what was written into `out`, and empties it. */
static void render_put(render_t *render, const char *path)
{
    if (render->err == DAIS_OK)
        render->err = render->out.err;
    if (render->err == DAIS_OK)
        render->err = dais_files_put(render->files, path, dais_out_slice(&render->out));
    render->out.size = 0;
}

static void render_pages(render_t *render)
{
    char path[PATH_SIZE];
    for (size_t i = 0; i < DAIS_PAGE_COUNT; i++) {
        dais_pages[i].make(&render->out, &render->view);
        render_put(render, dais_pages[i].file);
    }
    for (size_t i = 0; i < render->view.model->comments.count; i++) {
        const dais_fold_comment_t *comment = &render->view.model->comments.items[i];
        char name[DAIS_PAGE_NAME_SIZE];
        if (!dais_page_comment_shown(comment) || render->err != DAIS_OK)
            continue;
        dais_page_comment_name(comment, name);
        (void)snprintf(path, sizeof path, "comments/%s", name);
        dais_hash_t mark = dais_page_comment_mark(&render->view, i);
        if (dais_files_is_marked(render->files, path, &mark))
            continue;
        dais_page_comment(&render->out, &render->view, i);
        render_put(render, path);
        if (render->err == DAIS_OK)
            dais_files_mark(render->files, path, &mark);
    }
}

/* A receipt that an earlier process wrote, put again as it stands. */
static bool receipt_stands(render_t *render, const char *path, uint64_t seq)
{
    char whole[PATH_SIZE * 8];
    dais_file_bytes_t file;
    (void)snprintf(whole, sizeof whole, "%s/%s", dais_files_path(render->files), path);
    if (dais_file_read(whole, DAIS_OUT_SIZE_MAX, &file) != DAIS_OK)
        return false;
    dais_slice_t text = dais_slice(file.data, file.size);
    bool stands = dais_replica_is_receipt(render->replica, seq, text);
    if (stands)
        render->err = dais_files_put(render->files, path, text);
    dais_file_free(&file);
    return stands;
}

static void receipt_make(render_t *render, const char *path, uint64_t seq)
{
    dais_writer_t writer;
    dais_slice_t bytes;
    dais_slice_t opening = dais_replica_opening(render->replica, seq);
    size_t room = DAIS_PROOF_BYTES_MAX(opening.size, dais_replica_note(render->replica).size);
    uint8_t *memory = malloc(room);
    if (memory == NULL) {
        render->err = DAIS_ERR_NO_MEMORY;
        return;
    }
    dais_writer_init(&writer, memory, room);
    render->err = dais_replica_receipt(render->replica, seq, &writer);
    if (render->err == DAIS_OK)
        render->err = dais_writer_finish(&writer, &bytes);
    if (render->err == DAIS_OK)
        render->err = dais_files_put(render->files, path, bytes);
    free(memory);
}

/* Once, under the checkpoint that covers it first: a receipt stays true under any later one. Anew
 * only if what opens the entry is not what it was, as after an erasure. */
static void render_receipt(render_t *render, uint64_t seq)
{
    char path[PATH_SIZE];
    uint32_t turn = dais_replica_turn(render->replica, seq);
    dais_hash_t mark = dais_hash_one(dais_slice(&turn, sizeof turn));
    (void)snprintf(path, sizeof path, "receipts/%" PRIu64 ".txt", seq);
    if (render->err != DAIS_OK || dais_files_is_marked(render->files, path, &mark))
        return;
    if (!receipt_stands(render, path, seq))
        receipt_make(render, path, seq);
    if (render->err == DAIS_OK)
        dais_files_mark(render->files, path, &mark);
}

static void render_receipts(render_t *render)
{
    for (size_t i = 0; i < render->view.model->comments.count; i++) {
        const dais_fold_comment_t *comment = &render->view.model->comments.items[i];
        if (dais_page_comment_shown(comment) &&
            dais_replica_opening(render->replica, comment->entry).size > 0)
            render_receipt(render, comment->entry);
    }
}

static void render_data(render_t *render)
{
    char path[PATH_SIZE];
    for (const dais_data_set_t *set = dais_data_sets; set->name != NULL; set++) {
        dais_data_csv(&render->out, &render->view, set);
        (void)snprintf(path, sizeof path, "data/%s.csv", set->name);
        render_put(render, path);
        dais_data_json(&render->out, &render->view, set);
        (void)snprintf(path, sizeof path, "data/%s.json", set->name);
        render_put(render, path);
    }
    dais_out_raw(&render->out, render->view.model->genesis.policy);
    render_put(render, "data/policy.zpl");
    dais_data_dictionary_json(&render->out);
    render_put(render, "data/dictionary.json");
    dais_data_dictionary(&render->out, &render->view);
    render_put(render, "data/index.html");
}

static void manifest_line(void *context, const char *path, const dais_hash_t *hash, uint64_t size)
{
    dais_out_t *out = context;
    if (strncmp(path, "log/", 4) == 0 || strcmp(path, "data/manifest.json") == 0)
        return;
    dais_out_put(out, out->data[out->size - 1] == '[' ? "\n" : ",\n");
    dais_out_put(out, "{\"path\": ");
    dais_out_json(out, dais_slice_text(path));
    dais_out_format(out, ", \"size\": \"%" PRIu64 "\", \"sha256\": \"", size);
    dais_out_hex(out, dais_hash_slice(hash));
    dais_out_put(out, "\"}");
}

static void render_manifest(render_t *render)
{
    if (render->err != DAIS_OK)
        return;
    dais_out_format(&render->out,
                    "{\"type\": \"manifest\", \"v\": %d, \"size\": \"%" PRIu64 "\", \"files\": [",
                    DAIS_DATA_VERSION, render->view.model->size);
    if (render->out.err == DAIS_OK)
        render->err = dais_files_walk(render->files, manifest_line, &render->out);
    dais_out_put(&render->out, "\n]}\n");
    render_put(render, "data/manifest.json");
}

static uint64_t last_logged(const dais_fold_t *fold, uint64_t size)
{
    const dais_fold_entry_t *entry;
    uint64_t seq = 0;
    uint64_t last = 0;
    while (dais_fold_next(fold, &seq, &entry) && entry->seq < size)
        last = entry->record.logged_at > last ? entry->record.logged_at : last;
    return last;
}

static void render_all(render_t *render)
{
    render_pages(render);
    render_receipts(render);
    render_data(render);
    dais_feed_put(&render->out, &render->view);
    render_put(render, "feed.xml");
    dais_out_put(&render->out, dais_style);
    render_put(render, "style.css");
    render_manifest(render);
}

/* Suggestions by their comment, in the order of the record. */
static dais_err_t suggestions_index(dais_page_view_t *view, size_t **both)
{
    size_t comments = view->model->comments.count;
    size_t count = view->model->suggestions.count;
    size_t *first = malloc((comments + count + 1) * sizeof *first);
    if (first == NULL)
        return DAIS_ERR_NO_MEMORY;
    for (size_t i = 0; i < comments; i++)
        first[i] = DAIS_FOLD_NONE;
    for (size_t i = count; i > 0; i--) {
        size_t comment = view->model->suggestions.items[i - 1].comment;
        first[comments + i - 1] = comment == DAIS_FOLD_NONE ? DAIS_FOLD_NONE : first[comment];
        if (comment != DAIS_FOLD_NONE)
            first[comment] = i - 1;
    }
    view->suggestion_first = *both = first;
    view->suggestion_next = first + comments;
    return DAIS_OK;
}

dais_err_t dais_render(dais_replica_t *replica, dais_files_t *files)
{
    char vkey[VKEY_SIZE];
    dais_writer_t writer;
    dais_slice_t text;
    size_t *suggestions = NULL;
    render_t render = {.replica = replica, .files = files};
    dais_writer_init(&writer, (uint8_t *)vkey, sizeof vkey - 1);
    dais_vkey_put(&writer, dais_replica_key(replica));
    render.err = dais_writer_finish(&writer, &text);
    if (render.err == DAIS_OK)
        vkey[text.size] = '\0';
    render.view = (dais_page_view_t){
        .fold = dais_replica_fold(replica),
        .root = dais_replica_root(replica),
        .as_of = last_logged(dais_replica_fold(replica), dais_replica_published(replica)),
        .vkey = vkey,
        .generator = dais_render_generator};
    if (render.err == DAIS_OK)
        render.err = dais_fold_make(dais_replica_fold(replica), dais_replica_published(replica),
                                    &render.view.model);
    if (render.err == DAIS_OK && !render.view.model->has_genesis)
        render.err = DAIS_ERR_NOT_FOUND;
    if (render.err == DAIS_OK)
        render.err = suggestions_index(&render.view, &suggestions);
    if (render.err == DAIS_OK)
        render.err = dais_replica_write(replica, files);
    if (render.err == DAIS_OK)
        render_all(&render);
    if (render.err == DAIS_OK)
        render.err = dais_replica_finish(replica, files);
    dais_out_free(&render.out);
    free(suggestions);
    return render.err;
}

dais_err_t dais_render_front(const dais_render_cycle_t *cycles, size_t count, dais_files_t *files)
{
    dais_out_t out = {0};
    dais_out_put(&out, "<!doctype html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n"
                       "<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
                       "content=\"width=device-width, initial-scale=1\">\n<title>Cycles</title>\n"
                       "<link rel=\"stylesheet\" href=\"style.css\">\n</head>\n<body>\n"
                       "<main id=\"main\">\n<h1>Cycles</h1>\n<ul>\n");
    for (size_t i = 0; i < count; i++) {
        const dais_fold_model_t *model = cycles[i].model;
        dais_out_put(&out, "<li><a href=\"");
        dais_out_html(&out, dais_slice_text(cycles[i].folder));
        dais_out_put(&out, "/index.html\">");
        dais_out_isolated(&out,
                          model->call.title.size > 0 ? model->call.title : model->genesis.cycle);
        dais_out_format(&out, "</a>: %s%s</li>\n",
                        dais_machine(DAIS_MACHINE_CYCLE)->states[model->state].name,
                        model->genesis.rehearsal != 0 ? ", a rehearsal" : "");
    }
    dais_out_put(&out, "</ul>\n</main>\n</body>\n</html>\n");
    dais_err_t err =
        out.err != DAIS_OK ? out.err : dais_files_put(files, "index.html", dais_out_slice(&out));
    if (err == DAIS_OK)
        err = dais_files_put(files, "style.css", dais_slice_text(dais_style));
    if (err == DAIS_OK)
        err = dais_files_settle(files);
    dais_out_free(&out);
    return err;
}
