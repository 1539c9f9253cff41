/* SPDX-License-Identifier: Apache-2.0
 *
 * Base64: a text that is accepted is the one that its bytes are written as, libsodium accepts the
 * same texts (but for bytes above 0x7f, which libsodium 1.0.18 takes for digits: ours refuses
 * them), and any bytes come back.
 *
 * Input: a text, and bytes to be encoded as well. */
#include <sodium.h>

#include "proto/base64.h"
#include "tests/fuzz/fuzz.h"

static uint8_t decoded[FUZZ_INPUT_MAX];
static char encoded[DAIS_BASE64_SIZE(FUZZ_INPUT_MAX)];

static bool is_ascii(dais_slice_t text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] > 0x7f)
            return false;
    }
    return true;
}

static void check_text(dais_slice_t text)
{
    size_t size = 0;
    size_t counted = 0;
    dais_err_t err = dais_base64_decode(text, decoded, sizeof decoded, &size);
    assert(dais_base64_check(text, &counted) == err);
    size_t theirs = 0;
    const char *end = NULL;
    int bad = sodium_base642bin((uint8_t *)encoded, sizeof encoded, (const char *)text.data,
                                text.size, NULL, &theirs, &end, sodium_base64_VARIANT_ORIGINAL);
    bool they_accept = bad == 0 && end == (const char *)text.data + text.size;
    assert(they_accept ? err == DAIS_OK || !is_ascii(text) : err != DAIS_OK);
    if (err != DAIS_OK) {
        assert(err == DAIS_ERR_BAD_BASE64);
        return;
    }
    assert(size == counted && size == theirs && memcmp(decoded, encoded, size) == 0);
    size_t written = dais_base64_encode(dais_slice(decoded, size), encoded);
    assert(dais_slice_equal(dais_slice(encoded, written), text));
    if (size > 0)
        assert(dais_base64_decode(text, decoded, size - 1, &counted) == DAIS_ERR_TOO_LONG);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dais_slice_t bytes = dais_slice(data, size);
    check_text(bytes);
    size_t written = dais_base64_encode(bytes, encoded);
    assert(written == DAIS_BASE64_SIZE(size));
    size_t back = 0;
    dais_err_t err =
        dais_base64_decode(dais_slice(encoded, written), decoded, sizeof decoded, &back);
    assert(err == DAIS_OK && dais_slice_equal(dais_slice(decoded, back), bytes));
    return 0;
}
