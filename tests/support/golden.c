/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/golden.h"

#include <errno.h>
#include <stdio.h>

#include "base/file.h"
#include "tests/support/sample_arena.h"

enum { FILE_MAX = 256 * 1024, BYTES_A_LINE = 32 };

void dais_golden_path(const char *tree, const dais_sample_t *sample,
                      char path[DAIS_GOLDEN_PATH_MAX])
{
    (void)snprintf(path, DAIS_GOLDEN_PATH_MAX, "%s/tests/golden/%s%s.v1.%s", tree,
                   sample->draft ? "draft/" : "", sample->name,
                   sample->form == DAIS_SAMPLE_TEXT ? "txt" : "hex");
}

static int digit_of(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Two digits to a byte, newlines between bytes. */
static dais_err_t hex_read(dais_slice_t text, dais_slice_t *bytes)
{
    uint8_t *out = dais_sample_room(text.size / 2);
    size_t size = 0;
    for (size_t i = 0; i < text.size;) {
        if (text.data[i] == '\n') {
            i++;
            continue;
        }
        int high = digit_of(text.data[i]);
        int low = i + 1 < text.size ? digit_of(text.data[i + 1]) : -1;
        if (high < 0 || low < 0)
            return DAIS_ERR_BAD_TEXT;
        out[size++] = (uint8_t)(high * 16 + low);
        i += 2;
    }
    *bytes = dais_slice(out, size);
    return DAIS_OK;
}

/* Past the lines in front that open with #. */
static dais_slice_t comments_skip(dais_slice_t text)
{
    while (text.size > 0 && text.data[0] == '#') {
        const uint8_t *end = memchr(text.data, '\n', text.size);
        size_t line = end == NULL ? text.size : (size_t)(end - text.data) + 1;
        text = dais_slice(text.data + line, text.size - line);
    }
    return text;
}

dais_err_t dais_golden_read(const char *path, const dais_sample_t *sample, dais_slice_t *bytes)
{
    dais_file_bytes_t file;
    dais_err_t err = dais_file_read(path, FILE_MAX, &file);
    if (err != DAIS_OK)
        return err;
    dais_slice_t text = dais_slice(file.data, file.size);
    if (sample->form == DAIS_SAMPLE_TEXT)
        *bytes = dais_sample_copy(text);
    else
        err = hex_read(comments_skip(text), bytes);
    dais_file_free(&file);
    return err;
}

static void hex_write(FILE *file, const dais_sample_t *sample)
{
    (void)fprintf(file, "# %s, version 1, %zu bytes. %s\n", sample->name, sample->bytes.size,
                  sample->text);
    for (size_t i = 0; i < sample->bytes.size; i++) {
        bool last = i + 1 == sample->bytes.size || i % BYTES_A_LINE == BYTES_A_LINE - 1;
        (void)fprintf(file, "%02x%s", sample->bytes.data[i], last ? "\n" : "");
    }
}

dais_err_t dais_golden_write(const char *path, const dais_sample_t *sample)
{
    FILE *file = fopen(path, "wxe");
    if (file == NULL)
        return dais_file_err(errno);
    if (sample->form == DAIS_SAMPLE_TEXT)
        (void)fwrite(sample->bytes.data, 1, sample->bytes.size, file);
    else
        hex_write(file, sample);
    bool bad = ferror(file) != 0;
    bad |= fclose(file) != 0;
    return bad ? DAIS_ERR_IO : DAIS_OK;
}
