/* SPDX-License-Identifier: Apache-2.0
 *
 * The cursor, against a naive reading of the same bytes and against msgpack-c.
 *
 * Input: the bytes to read; before them, if they open with 0xc1 and a count n, n calls of four
 * bytes each: which, two limits as powers of two or small numbers, and one spare. */
#include "tests/fuzz/fuzz.h"
#include "tests/support/agree.h"
#include "tests/support/token.h"

#include "base/utf8.h"

static msgpack_zone zone;

void fuzz_setup(void)
{
    assert(msgpack_zone_init(&zone, MSGPACK_ZONE_CHUNK_SIZE));
}

static bool token_is_shortest(const token_t *token)
{
    uint8_t head[9];
    unsigned width;
    (void)token_put_shortest(head, token->type, token->number, &width);
    return width == token->width;
}

static bool body_is_good(dais_slice_t bytes, const token_t *token, bool newlines)
{
    dais_slice_t body = dais_slice(bytes.data + token->at + token->head, token->size - token->head);
    return token->type != TOKEN_STR || dais_utf8_check(body, newlines, NULL) == DAIS_OK;
}

/* The size of one value of the profile at this place, found without the cursor; 0 if it is none.
 * Nesting is counted by recursion, which the cursor does not use. */
static size_t value_size(dais_slice_t bytes, size_t at, unsigned depth)
{
    token_t token;
    if (!token_read(bytes, at, &token) || token.type == TOKEN_OTHER || !token_is_shortest(&token) ||
        !body_is_good(bytes, &token, true))
        return 0;
    if (token.type != TOKEN_ARRAY)
        return token.size;
    if (depth == 0 || token.number > bytes.size - at - token.size)
        return 0;
    size_t size = token.size;
    for (uint64_t i = 0; i < token.number; i++) {
        size_t part = value_size(bytes, at + size, depth - 1);
        if (part == 0)
            return 0;
        size += part;
    }
    return size;
}

static void check_any(dais_slice_t bytes)
{
    dais_reader_t reader;
    dais_reader_init(&reader, bytes);
    dais_slice_t value = dais_reader_any(&reader);
    size_t expected = value_size(bytes, 0, DAIS_READER_DEPTH_MAX);
    assert(value.size == expected);
    assert((reader.fault.err == DAIS_OK) == (expected > 0));
    assert(expected == 0 || value.data == bytes.data);
    dais_fault_t fault = dais_reader_finish(&reader);
    fuzz_check_fault(fault, bytes);
    assert((fault.err == DAIS_OK) == (expected > 0 && expected == bytes.size));
    if (fault.err == DAIS_OK)
        assert(agree(bytes, &zone));
}

/* Whether a call for this type with these limits takes the token, as far as its head goes. */
static bool head_is_taken(dais_slice_t bytes, const token_t *token, token_type_t type, uint64_t min,
                          uint64_t max)
{
    return token->type == type && token_is_shortest(token) && token->number >= min &&
           token->number <= max &&
           (type != TOKEN_ARRAY || token->number <= bytes.size - token->at - token->size);
}

/* One call, and what it should have done; false once the reader has failed. */
static bool check_call(dais_reader_t *reader, dais_slice_t bytes, const uint8_t call[4])
{
    static const uint64_t limits[] = {0, 1, 2, 3, 16, 32, 128, 256, 65536, UINT32_MAX};
    uint64_t min = limits[call[1] % 10];
    uint64_t max = limits[call[2] % 10];
    token_type_t type = (token_type_t)(call[0] % 4);
    bool newlines = (call[3] & 1) != 0;
    size_t at = (size_t)(reader->next - reader->start);
    unsigned depth = reader->depth;
    token_t token;
    bool taken = token_read(bytes, at, &token) && head_is_taken(bytes, &token, type, min, max) &&
                 body_is_good(bytes, &token, newlines) &&
                 (type != TOKEN_ARRAY || depth < DAIS_READER_DEPTH_MAX);
    dais_slice_t body = dais_slice(NULL, 0);
    uint64_t number = 0;
    if (type == TOKEN_UINT)
        number = dais_reader_uint(reader, min, max);
    else if (type == TOKEN_ARRAY)
        number = dais_reader_array(reader, (uint32_t)min, (uint32_t)max);
    else if (type == TOKEN_BIN)
        body = dais_reader_bin(reader, min, max);
    else
        body = newlines ? dais_reader_text(reader, min, max) : dais_reader_str(reader, min, max);
    assert((reader->fault.err == DAIS_OK) == taken);
    if (!taken) {
        assert(number == 0 && body.data == NULL && body.size == 0);
        return false;
    }
    assert(reader->next == bytes.data + at + token.size);
    if (type == TOKEN_UINT || type == TOKEN_ARRAY)
        assert(number == token.number);
    else
        assert(body.data == bytes.data + at + token.head && body.size == token.number);
    return true;
}

static void check_calls(const uint8_t *calls, size_t count, dais_slice_t bytes)
{
    dais_reader_t reader;
    dais_reader_init(&reader, bytes);
    bool good = true;
    for (size_t i = 0; i < count && good; i++)
        good = check_call(&reader, bytes, calls + 4 * i);
    dais_fault_t fault = dais_reader_finish(&reader);
    fuzz_check_fault(fault, bytes);
    if (good)
        return;
    /* Sticky: nothing later changes what was said. */
    (void)dais_reader_any(&reader);
    (void)dais_reader_uint(&reader, 0, UINT64_MAX);
    dais_reader_fail(&reader, DAIS_ERR_WRONG_DOMAIN, bytes.data);
    dais_fault_t later = dais_reader_finish(&reader);
    assert(later.err == fault.err && later.offset == fault.offset);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2 || data[0] != 0xc1 || (size - 2) / 4 < data[1]) {
        check_any(size == 0 ? dais_slice(NULL, 0) : fuzz_input(data, size));
        return 0;
    }
    size_t head = 2 + 4 * (size_t)data[1];
    check_calls(data + 2, data[1], dais_slice(data + head, size - head));
    return 0;
}
