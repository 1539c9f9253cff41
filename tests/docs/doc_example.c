/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "proto/guard.h"
#include "tests/docs/doc_parts.h"
#include "tests/support/golden.h"

enum { FRAME_HEAD = 4, WHAT_SIZE = 96 };

/* Cuts bytes into named pieces, of which the last is repeated to the end. */
static void pieces_put(doc_text_t *out, dais_slice_t bytes, const char *const *names,
                       const size_t *sizes, size_t count)
{
    size_t offset = 0;
    for (size_t i = 0; offset < bytes.size; i++) {
        size_t piece = i < count ? i : count - 1;
        size_t left = bytes.size - offset;
        size_t size = sizes[piece] < left ? sizes[piece] : left;
        doc_hex_lines(out, offset, dais_slice(bytes.data + offset, size), names[piece]);
        offset += size;
    }
}

static void frontier_put(doc_text_t *out, dais_slice_t bytes)
{
    static const char *const names[] = {"size: 10", "root of the subtree over leaves 0 to 7",
                                        "root of the subtree over leaves 8 and 9"};
    static const size_t sizes[] = {8, 32, 32};
    pieces_put(out, bytes, names, sizes, 3);
}

static void tile_put(doc_text_t *out, dais_slice_t bytes)
{
    static const char *const names[] = {"a leaf hash"};
    static const size_t sizes[] = {32};
    pieces_put(out, bytes, names, sizes, 1);
}

static void guard_slot_put(doc_text_t *out, dais_slice_t bytes)
{
    size_t record = dais_sample_find("guard")->bytes.size;
    static const char *const names[] = {"the record `guard`", "zeros", "SHA-256 of the 480 before"};
    const size_t sizes[] = {record, DAIS_GUARD_SLOT_SIZE - DAIS_HASH_SIZE - record, DAIS_HASH_SIZE};
    pieces_put(out, bytes, names, sizes, 3);
}

static void answer_box_put(doc_text_t *out, dais_slice_t bytes)
{
    static const char *const names[] = {"nonce", "tag", "the record `answer`, enciphered"};
    const size_t sizes[] = {24, 16, bytes.size};
    pieces_put(out, bytes, names, sizes, 3);
}

static void entry_bundle_put(doc_text_t *out, dais_slice_t bytes)
{
    for (size_t offset = 0; offset < bytes.size;) {
        size_t size = (size_t)bytes.data[offset] << 8 | bytes.data[offset + 1];
        char what[WHAT_SIZE];
        (void)snprintf(what, sizeof what, "size of a leaf: %zu", size);
        doc_hex_lines(out, offset, dais_slice(bytes.data + offset, 2), what);
        doc_hex_lines(out, offset + 2, dais_slice(bytes.data + offset + 2, size), "the leaf");
        offset += 2 + size;
    }
}

/* Frame by frame: what each holds stands under its own record. */
static void export_put(doc_text_t *out, dais_slice_t bytes)
{
    for (size_t offset = 0; offset < bytes.size;) {
        const uint8_t *at = bytes.data + offset;
        size_t size =
            (size_t)at[0] << 24 | (size_t)at[1] << 16 | (size_t)at[2] << 8 | (size_t)at[3];
        char what[WHAT_SIZE];
        const dais_shape_t *shape = dais_shape_of(dais_slice(at + FRAME_HEAD, size));
        (void)snprintf(what, sizeof what, "a frame of %zu bytes: `%s`", size, shape->name);
        doc_hex_lines(out, offset, dais_slice(at, FRAME_HEAD), what);
        offset += FRAME_HEAD + size;
    }
}

static const struct {
    const char *sample;
    void (*put)(doc_text_t *out, dais_slice_t bytes);
} binaries[] = {
    {"frontier", frontier_put},         {"tile", tile_put},     {"guard_slot", guard_slot_put},
    {"entry_bundle", entry_bundle_put}, {"export", export_put}, {"export_public", export_put},
    {"answer_box", answer_box_put},
};

static void binary_put(doc_text_t *out, const dais_sample_t *sample)
{
    for (size_t i = 0; i < sizeof binaries / sizeof binaries[0]; i++) {
        if (strcmp(binaries[i].sample, sample->name) == 0) {
            binaries[i].put(out, sample->bytes);
            return;
        }
    }
    doc_fail("nothing explains the sample '%s'", sample->name);
}

static void body_put(doc_text_t *out, const dais_sample_t *sample)
{
    switch (sample->form) {
    case DAIS_SAMPLE_RECORD:
    case DAIS_SAMPLE_SIGNED:
    case DAIS_SAMPLE_SUBJECT: doc_walk(out, sample); break;
    case DAIS_SAMPLE_BINARY: binary_put(out, sample); break;
    case DAIS_SAMPLE_TEXT: doc_put_slice(out, sample->bytes); break;
    }
    if (out->data[out->size - 1] != '\n')
        doc_put(out, "\n");
}

void doc_example(doc_text_t *out, const char *name)
{
    const dais_sample_t *sample = dais_sample_find(name);
    char path[DAIS_GOLDEN_PATH_MAX];
    if (sample == NULL)
        doc_fail("there is no sample '%s'", name);
    dais_golden_path("", sample, path);
    doc_put(out, "%s: %zu bytes, whole in `%s`.\n\n```text\n", sample->text, sample->bytes.size,
            path + 1);
    body_put(out, sample);
    doc_put(out, "```\n");
}

void doc_golden(doc_text_t *out, const char *argument)
{
    (void)argument;
    doc_put(out, "| file | bytes | example of |\n| --- | --- | --- |\n");
    for (const dais_sample_t *sample = dais_samples(); sample->name != NULL; sample++) {
        char path[DAIS_GOLDEN_PATH_MAX];
        dais_golden_path("", sample, path);
        if (!sample->draft)
            doc_put(out, "| `%s` | %zu | %s |\n", strrchr(path, '/') + 1, sample->bytes.size,
                    sample->text);
    }
}
