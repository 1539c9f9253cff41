/* SPDX-License-Identifier: Apache-2.0
 *
 * Shows any file of ours for what it is. The type is found from the first bytes, and for tiles,
 * which have none of their own, from the name; --as says it where neither does. What is shown is
 * what stands there: nothing is verified but the signature that a record carries by the key that
 * it names itself. */
#include "audit/show.h"

#include <stdio.h>
#include <string.h>

#include "audit/frames.h"
#include "base/exit.h"
#include "base/file.h"
#include "proto/guard.h"
#include "proto/proof.h"
#include "proto/view_text.h"

/* A file open/<N> is the largest: 256 openings. An exported log is read frame by frame. */
#define FILE_SIZE_MAX ((size_t)(DAIS_LIMIT_OPEN_FILE_ENTRIES + 1) * DAIS_LIMIT_OPENING)

typedef struct {
    const char *path;
    const char *as; /* null: find out */
    bool json;      /* errors as an object too */
} show_t;

typedef dais_fault_t (*viewer_t)(dais_slice_t bytes, json_t **out);

static const struct {
    const char *name;
    viewer_t view;
} viewers[] = {
    {"record", dais_view_record},     {"note", dais_view_note},   {"proof", dais_view_proof},
    {"identity", dais_view_identity}, {"guard", dais_view_guard},
};

enum { VIEWER_COUNT = sizeof viewers / sizeof viewers[0] };

static int print_json(const json_t *view, size_t flags)
{
    /* Escapes beyond ASCII keep submitted text from steering a terminal. */
    if (json_dumpf(view, stdout, flags | JSON_ENSURE_ASCII) != 0 || fputc('\n', stdout) == EOF)
        return DAIS_EXIT_FAILED;
    return DAIS_EXIT_DONE;
}

static const char *fault_hint(dais_err_t err)
{
    if (err == DAIS_ERR_WRONG_DOMAIN)
        return "the file is none that is known by its first bytes; --as says what to take it for";
    if (err == DAIS_ERR_WRONG_PURPOSE)
        return "this is a secret; show its identity file instead";
    return dais_err_is_refusal(err) ? "the bytes before the offset are well formed; compare with "
                                      "docs/formats.md"
                                    : "check the path, the mode and the disk";
}

static int fault_report(const show_t *show, dais_fault_t fault)
{
    (void)fprintf(stderr, "error[%s]: %s: %s", dais_err_code(fault.err), show->path,
                  dais_err_text(fault.err));
    if (dais_err_is_refusal(fault.err))
        (void)fprintf(stderr, ", at byte %zu", fault.offset);
    (void)fprintf(stderr, "\nhint: %s\n", fault_hint(fault.err));
    if (show->json) {
        json_t *object = json_pack(
            "{sssssssssosssb}", "type", "error", "v", "1", "code", dais_err_code(fault.err), "text",
            dais_err_text(fault.err), "offset", dais_view_number(fault.offset), "hint",
            fault_hint(fault.err), "refusal", (int)dais_err_is_refusal(fault.err));
        (void)print_json(object, JSON_COMPACT);
        json_decref(object);
    }
    return dais_err_is_refusal(fault.err) ? DAIS_EXIT_UNVERIFIED : DAIS_EXIT_FAILED;
}

/* The part of a path from its last "tile/" on, which is how tiles are named; empty without one. */
static dais_slice_t tile_name(const char *path)
{
    const char *name = NULL;
    for (const char *at = strstr(path, "tile/"); at != NULL; at = strstr(at + 1, "tile/"))
        name = at;
    return name == NULL ? dais_slice(NULL, 0) : dais_slice_text(name);
}

static bool starts_with(dais_slice_t bytes, const char *start)
{
    return bytes.size >= strlen(start) && memcmp(bytes.data, start, strlen(start)) == 0;
}

static viewer_t viewer_by_content(dais_slice_t bytes)
{
    if (starts_with(bytes, "c2sp.org/tlog-proof@"))
        return dais_view_proof;
    if (starts_with(bytes, "dais/identity/"))
        return dais_view_identity;
    if (dais_shape_of(bytes) == &dais_shape_guard)
        return dais_view_guard;
    if (dais_shape_of(bytes) != NULL)
        return dais_view_record;
    static const char dash[] = "\n\n\xe2\x80\x94 ";
    if (bytes.size > 0 && memmem(bytes.data, bytes.size, dash, sizeof dash - 1) != NULL)
        return dais_view_note;
    return NULL;
}

static viewer_t viewer_by_name(const char *name)
{
    for (size_t i = 0; i < VIEWER_COUNT; i++) {
        if (strcmp(viewers[i].name, name) == 0)
            return viewers[i].view;
    }
    return NULL;
}

static dais_fault_t view_find(const show_t *show, dais_slice_t bytes, json_t **out)
{
    *out = NULL;
    if (starts_with(bytes, "dais/secret/"))
        return (dais_fault_t){DAIS_ERR_WRONG_PURPOSE, 0};
    dais_slice_t name = tile_name(show->as != NULL ? show->as : show->path);
    viewer_t viewer = show->as != NULL ? viewer_by_name(show->as) : viewer_by_content(bytes);
    if (viewer != NULL)
        return viewer(bytes, out);
    if (name.size > 0)
        return dais_view_tile(name, bytes, out);
    return (dais_fault_t){DAIS_ERR_WRONG_DOMAIN, 0};
}

static int show_file(const show_t *show)
{
    dais_file_bytes_t file;
    json_t *view;
    dais_err_t err = dais_file_read(show->path, FILE_SIZE_MAX, &file);
    if (err != DAIS_OK)
        return fault_report(show, (dais_fault_t){err, 0});
    dais_fault_t fault = view_find(show, dais_slice(file.data, file.size), &view);
    int status =
        fault.err == DAIS_OK ? print_json(view, JSON_INDENT(2)) : fault_report(show, fault);
    json_decref(view);
    dais_file_free(&file);
    return status;
}

static dais_fault_t frames_show(dais_frames_t *frames)
{
    dais_export_state_t state = {0};
    dais_export_item_t item;
    dais_slice_t frame;
    for (;;) {
        json_t *view = NULL;
        size_t offset = frames->offset;
        dais_fault_t fault = dais_frames_next(frames, &frame);
        if (fault.err == DAIS_OK && frame.size == 0)
            return (dais_fault_t){dais_export_finish(&state), offset};
        if (fault.err != DAIS_OK)
            return fault;
        fault = dais_export_read(&state, frame, &item);
        if (fault.err == DAIS_OK)
            fault = dais_view_record(frame, &view);
        fault.offset += offset;
        if (fault.err == DAIS_OK && print_json(view, JSON_COMPACT) != DAIS_EXIT_DONE)
            fault.err = DAIS_ERR_IO;
        json_decref(view);
        if (fault.err != DAIS_OK)
            return fault;
    }
}

static int show_export(const show_t *show, dais_frames_t *frames)
{
    dais_fault_t fault = frames_show(frames);
    return fault.err == DAIS_OK ? DAIS_EXIT_DONE : fault_report(show, fault);
}

static int show_path(const show_t *show)
{
    dais_frames_t frames;
    if (show->as != NULL || dais_frames_open(&frames, show->path) != DAIS_OK)
        return show_file(show);
    bool is_export = dais_frames_are_export(&frames);
    int status = is_export ? show_export(show, &frames) : DAIS_EXIT_DONE;
    dais_frames_close(&frames);
    return is_export ? status : show_file(show);
}

static int show_run(const dais_args_t *args, void *context)
{
    show_t show = {.path = dais_args_operand(args, 0),
                   .as = dais_args_value(args, "as"),
                   .json = dais_args_has(args, "json")};
    (void)context;
    if (show.as != NULL && viewer_by_name(show.as) == NULL && tile_name(show.as).size == 0) {
        (void)fprintf(stderr,
                      "error[usage]: --as takes record, note, proof, identity, guard or tile/PATH, "
                      "not %s\nhint: dais-audit show -h shows the use\n",
                      show.as);
        return DAIS_EXIT_USAGE;
    }
    return show_path(&show);
}

static const dais_arg_option_t show_options[] = {
    {.name = "as",
     .kind = DAIS_ARG_VALUE,
     .value = "TYPE",
     .text = "take it as record, note, proof, identity, guard, or tile/PATH"},
    {.name = "json", .kind = DAIS_ARG_FLAG, .text = "an error is a JSON object on stdout too"},
    {.name = NULL}};

static const dais_arg_operand_t show_operands[] = {
    {.name = "FILE", .count = DAIS_OPERAND_ONE, .text = "what to show"}, {.name = NULL}};

static const char *const show_examples[] = {"dais-audit show receipt.tlog-proof",
                                            "dais-audit show --as tile/entries/000.p/7 bundle.bin",
                                            NULL};

const dais_command_t dais_show_command = {
    .name = "show",
    .text = "print as JSON what a file is",
    .about =
        "Prints as JSON what FILE is: a record (bundle, stamp, genesis, opening, receipts and "
        "so on), a signed note or checkpoint, a receipt (tlog-proof), an identity, the file of "
        "a fork guard, a tile or entry bundle by its name tile/..., or an exported log, which "
        "gives one object a line. Nothing is verified but the signature that a record carries, "
        "by the key that it names itself.\n\nEach object has a type and a version v. Numbers "
        "that may pass 2^53 are strings, times are RFC 3339 in UTC, bytes are lower case hex.",
    .options = show_options,
    .operands = show_operands,
    .examples = show_examples,
    .run = show_run};
