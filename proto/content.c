/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/content.h"

static const size_t content_steps[] = {1024, 4096, 16384, 65536, 262144};

enum { STEP_COUNT = sizeof content_steps / sizeof content_steps[0], PAD_FIRST = 0x80 };

dais_hash_t dais_content_commit(const dais_key_t *salt, dais_slice_t content)
{
    dais_slice_t parts[] = {dais_slice_text("dais/content/1\n"),
                            dais_slice(salt->bytes, DAIS_SALT_SIZE), content};
    return dais_hash(parts, 3);
}

dais_err_t dais_content_open(dais_slice_t opening, const dais_hash_t *commitment,
                             dais_slice_t *content)
{
    if (opening.size < DAIS_SALT_SIZE)
        return DAIS_ERR_BAD_COMMITMENT;
    dais_slice_t parts[] = {dais_slice_text("dais/content/1\n"), opening};
    dais_hash_t hash = dais_hash(parts, 2);
    if (!dais_hash_equal(&hash, commitment))
        return DAIS_ERR_BAD_COMMITMENT;
    *content = dais_slice(opening.data + DAIS_SALT_SIZE, opening.size - DAIS_SALT_SIZE);
    return DAIS_OK;
}

size_t dais_content_padded_size(size_t size)
{
    if (size == 0)
        return 0;
    for (size_t i = 0; i < STEP_COUNT; i++) {
        if (size < content_steps[i])
            return content_steps[i];
    }
    return 0;
}

dais_err_t dais_content_pad(uint8_t *buffer, size_t capacity, size_t size, size_t *padded_size)
{
    *padded_size = dais_content_padded_size(size);
    if (size > 0 && *padded_size == 0)
        return DAIS_ERR_TOO_LONG;
    if (*padded_size > capacity)
        return DAIS_ERR_NO_SPACE;
    if (size > 0) {
        buffer[size] = PAD_FIRST;
        memset(buffer + size + 1, 0, *padded_size - size - 1);
    }
    return DAIS_OK;
}

dais_err_t dais_content_unpad(dais_slice_t padded, dais_slice_t *content)
{
    size_t size = padded.size;
    while (size > 0 && padded.data[size - 1] == 0)
        size--;
    if (padded.size > 0 && (size == 0 || padded.data[size - 1] != PAD_FIRST))
        return DAIS_ERR_BAD_PADDING;
    size -= padded.size > 0;
    /* One content has one padded form: the least step, and none for nothing. */
    if (dais_content_padded_size(size) != padded.size)
        return DAIS_ERR_BAD_PADDING;
    *content = dais_slice(padded.data, size);
    return DAIS_OK;
}
