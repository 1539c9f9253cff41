/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_OFFICE_WRITING_H
#define DAIS_OFFICE_WRITING_H

#include "office/verb.h"

/* Texts and attached files, as they are read and as they travel (docs/formats.md, "Writing"). */

/* Reads a file, or stdin for "-", whole. TOO_LONG above size_max, and the errors of
 * dais_file_read(). */
DAIS_MUST_CHECK dais_err_t dais_writing_read(const char *path, size_t size_max,
                                             dais_file_bytes_t *bytes);

/* SHA-256 of a file of any size, and its size where that is asked for. */
DAIS_MUST_CHECK dais_err_t dais_writing_digest(const char *path, dais_hash_t *digest,
                                               uint64_t *size);

/* Words as people count them: stretches without white space. */
uint64_t dais_writing_words(dais_slice_t text);

/* Paragraphs that open with a number and a full stop. */
uint64_t dais_writing_paragraphs(dais_slice_t text);

typedef struct {
    uint8_t *data; /* on the heap */
    size_t size;
} dais_writing_bytes_t;

/* Packs a text, and if attach the files that the option attach of the source names, as a writing.
 * On error why says what is wrong, with the file. */
DAIS_MUST_CHECK dais_err_t dais_writing_make(const dais_verb_source_t *source,
                                             const dais_file_bytes_t *text, bool attach,
                                             dais_writing_bytes_t *out, char *why, size_t why_size);

#endif
