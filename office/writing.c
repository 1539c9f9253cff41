/* SPDX-License-Identifier: Apache-2.0 */
#include "office/writing.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"

#define READ_STEP ((size_t)64 * 1024)

static dais_err_t read_stdin(size_t size_max, dais_file_bytes_t *bytes)
{
    dais_err_t err = DAIS_OK;
    bytes->data = malloc(size_max + 2);
    bytes->size = 0;
    if (bytes->data == NULL)
        return DAIS_ERR_NO_MEMORY;
    for (ssize_t got = 1; got != 0 && err == DAIS_OK;) {
        got = read(STDIN_FILENO, bytes->data + bytes->size, size_max + 1 - bytes->size);
        if (got < 0 && errno != EINTR)
            err = DAIS_ERR_IO;
        bytes->size += got > 0 ? (size_t)got : 0;
        if (bytes->size > size_max)
            err = DAIS_ERR_TOO_LONG;
    }
    bytes->data[bytes->size] = '\0';
    if (err != DAIS_OK)
        dais_file_free(bytes);
    return err;
}

dais_err_t dais_writing_read(const char *path, size_t size_max, dais_file_bytes_t *bytes)
{
    if (strcmp(path, "-") == 0)
        return read_stdin(size_max, bytes);
    return dais_file_read(path, size_max, bytes);
}

static dais_err_t digest_fd(int fd, EVP_MD_CTX *context, dais_hash_t *digest, uint64_t *size)
{
    uint8_t *buffer = malloc(READ_STEP);
    if (buffer == NULL || EVP_DigestInit_ex(context, EVP_sha256(), NULL) != 1) {
        free(buffer);
        return DAIS_ERR_NO_MEMORY;
    }
    *size = 0;
    ssize_t got;
    do {
        got = read(fd, buffer, READ_STEP);
        if (got > 0 && EVP_DigestUpdate(context, buffer, (size_t)got) != 1)
            got = -1;
        *size += got > 0 ? (uint64_t)got : 0;
    } while (got > 0);
    free(buffer);
    if (got < 0)
        return dais_file_err(errno);
    return EVP_DigestFinal_ex(context, digest->bytes, NULL) == 1 ? DAIS_OK : DAIS_ERR_CRYPTO;
}

dais_err_t dais_writing_digest(const char *path, dais_hash_t *digest, uint64_t *size)
{
    uint64_t bytes = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    dais_err_t err = fd < 0 ? dais_file_err(errno) : DAIS_OK;
    if (context == NULL)
        err = DAIS_ERR_NO_MEMORY;
    if (err == DAIS_OK)
        err = digest_fd(fd, context, digest, &bytes);
    EVP_MD_CTX_free(context);
    if (fd >= 0)
        (void)close(fd);
    if (size != NULL)
        *size = bytes;
    return err;
}

uint64_t dais_writing_words(dais_slice_t text)
{
    uint64_t count = 0;
    bool inside = false;
    for (size_t i = 0; i < text.size; i++) {
        bool space = isspace(text.data[i]) != 0;
        count += !space && !inside;
        inside = !space;
    }
    return count;
}

uint64_t dais_writing_paragraphs(dais_slice_t text)
{
    uint64_t count = 0;
    bool fresh = true;
    for (size_t i = 0; i < text.size; i++) {
        size_t digits = 0;
        while (fresh && i + digits < text.size && isdigit(text.data[i + digits]) != 0)
            digits++;
        count += digits > 0 && i + digits < text.size && text.data[i + digits] == '.';
        fresh = text.data[i] == '\n';
    }
    return count;
}

/* By the end of the name; what is not known is bytes. */
static const char *media_type(const char *name)
{
    static const struct {
        const char *end;
        const char *type;
    } types[] = {
        {".pdf", "application/pdf"},
        {".txt", "text/plain"},
        {".csv", "text/csv"},
        {".png", "image/png"},
        {".jpg", "image/jpeg"},
        {".jpeg", "image/jpeg"},
        {".odt", "application/vnd.oasis.opendocument.text"},
    };
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; dot != NULL && i < sizeof types / sizeof types[0]; i++) {
        if (strcasecmp(dot, types[i].end) == 0)
            return types[i].type;
    }
    return "application/octet-stream";
}

static dais_err_t attach_one(dais_list_t *list, dais_writer_t *writer, const char *path)
{
    dais_file_bytes_t bytes = {0};
    dais_attachment_t attachment = {0};
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    dais_err_t err = dais_writing_digest(path, &attachment.digest, &attachment.size);
    attachment.name = dais_slice_text(name);
    attachment.media_type = dais_slice_text(media_type(name));
    if (err == DAIS_OK && attachment.size <= DAIS_LIMIT_ATTACHMENT)
        err = dais_file_read(path, DAIS_LIMIT_ATTACHMENT, &bytes);
    attachment.inside = dais_slice(bytes.data, bytes.size);
    if (err == DAIS_OK)
        err = dais_list_add(list, &dais_shape_attachment, &attachment, writer);
    dais_file_free(&bytes);
    return err;
}

dais_err_t dais_writing_make(const dais_verb_source_t *source, const dais_file_bytes_t *text,
                             bool attach, dais_writing_bytes_t *out, char *why, size_t why_size)
{
    uint8_t *items = malloc(DAIS_LIMIT_CONTENT);
    dais_writing_t writing = {.text = dais_slice(text->data, text->size)};
    dais_writer_t writer;
    dais_err_t err = DAIS_OK;
    const char *path;
    out->data = malloc(DAIS_LIMIT_CONTENT);
    if (items == NULL || out->data == NULL)
        err = DAIS_ERR_NO_MEMORY;
    dais_writer_init(&writer, items, DAIS_LIMIT_CONTENT);
    for (size_t i = 0;
         err == DAIS_OK && attach && (path = source->value(source->context, "attach", i)) != NULL;
         i++) {
        err = attach_one(&writing.attachments, &writer, path);
        if (err != DAIS_OK)
            (void)snprintf(why, why_size, "%.100s: %s", path, dais_err_text(err));
    }
    dais_writer_init(&writer, out->data, DAIS_LIMIT_CONTENT);
    if (err == DAIS_OK) {
        err = dais_shape_encode(&dais_shape_writing, &writing, &writer);
        if (err != DAIS_OK)
            (void)snprintf(why, why_size, "the text: %s",
                           err == DAIS_ERR_NO_SPACE ? "with what is attached it is over 256 KiB"
                                                    : dais_err_text(err));
    }
    out->size = writer.size;
    free(items);
    return err;
}
