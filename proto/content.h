/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PROTO_CONTENT_H
#define DAIS_PROTO_CONTENT_H

#include "base/err.h"
#include "proto/records.h"

#define DAIS_SALT_SIZE 32

/* What only people read travels beside a message, which holds two commitments to it:
 * SHA-256("dais/content/1\n" || salt || content), one for the public and one for the private
 * part. An opening is salt || content. With the opening deleted, the commitment says nothing. */
dais_hash_t dais_content_commit(const dais_key_t *salt, dais_slice_t content);

/* BAD_COMMITMENT unless salt || content opens the commitment; *content lies inside `opening`. */
dais_err_t dais_content_open(dais_slice_t opening, const dais_hash_t *commitment,
                             dais_slice_t *content) DAIS_MUST_CHECK;

/* The padded size of private content: 0 stays 0; else the least of 1, 4, 16, 64, 256 KiB that
 * holds the content and one byte more. 0 also if the content is too long for any. */
size_t dais_content_padded_size(size_t size);

/* Pads in place as ISO/IEC 7816-4 does, one byte 0x80 and then zeros, and returns the padded
 * size; NO_SPACE if the buffer is smaller, TOO_LONG if no step holds the content. */
dais_err_t dais_content_pad(uint8_t *buffer, size_t capacity, size_t size,
                            size_t *padded_size) DAIS_MUST_CHECK;

/* BAD_PADDING unless `padded` is of a step's size with good padding; *content lies inside it. */
dais_err_t dais_content_unpad(dais_slice_t padded, dais_slice_t *content) DAIS_MUST_CHECK;

#endif
