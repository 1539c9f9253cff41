/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/fuzz/seed.h"

#define SEED(name, literal) seed("cursor", name, dais_slice(literal, sizeof(literal) - 1))

/* Calls of the fuzz target: 0 uint, 1 bin, 2 str, 3 array; then the least and the most, as places
 * in its table of limits (0, 1, 2, 3, 16, 32, 128, 256, 65536, 2^32 - 1); then newline or not. */
#define ANY_UINT  "\x00\x00\x09\x00"
#define ANY_BIN   "\x01\x00\x09\x00"
#define ANY_LINE  "\x02\x00\x09\x00"
#define ANY_TEXT  "\x02\x00\x09\x01"
#define ANY_ARRAY "\x03\x00\x09\x00"
#define CALLS(n)  "\xc1" n

static void seed_values(void)
{
    SEED("empty", "");
    SEED("uint-7", "\x07");
    SEED("uint-8", "\xcc\x80");
    SEED("uint-16", "\xcd\x01\x00");
    SEED("uint-32", "\xce\x00\x01\x00\x00");
    SEED("uint-64", "\xcf\x00\x00\x00\x01\x00\x00\x00\x00");
    SEED("uint-most", "\xcf\xff\xff\xff\xff\xff\xff\xff\xff");
    SEED("bin-8", "\xc4\x03zzz");
    SEED("bin-empty", "\xc4\x00");
    SEED("str-fix", "\xa3zzz");
    SEED("str-8", "\xd9\x20zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz");
    SEED("array-fix", "\x93\x01\x02\x03");
    SEED("array-16", "\xdc\x00\x10\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
    SEED("array-nested", "\x92\x91\x91\x91\x07\x90");
    SEED("array-empty", "\x90");
    SEED("array-of-empty", "\x93\x90\x91\x90\x90");
    SEED("text-arabic", "\xa8\xd8\xb9\xd8\xb1\xd8\xa8\xd9\x8a");
    SEED("trailing", "\x07\x08");
}

static void seed_refused(void)
{
    SEED("huge-array", "\xdd\x10\x00\x00\x00");
    SEED("huge-bin", "\xc6\xff\xff\xff\xff");
    SEED("huge-str", "\xdb\xff\xff\xff\xff");
    SEED("too-deep", "\x91\x91\x91\x91\x91\x07");
    SEED("long-uint-8", "\xcc\x7f");
    SEED("long-uint-16", "\xcd\x00\xff");
    SEED("long-uint-32", "\xce\x00\x00\xff\xff");
    SEED("long-uint-64", "\xcf\x00\x00\x00\x00\xff\xff\xff\xff");
    SEED("long-bin-16", "\xc5\x00\x01z");
    SEED("long-bin-32", "\xc6\x00\x00\x00\x01z");
    SEED("long-str-8", "\xd9\x01z");
    SEED("long-str-16", "\xda\x00\x01z");
    SEED("long-array-16", "\xdc\x00\x01\x07");
    SEED("long-array-32", "\xdd\x00\x00\x00\x01\x07");
    SEED("cut-number", "\xcd\x01");
    SEED("cut-body", "\xc4\x05zz");
    SEED("cut-array", "\x92\x07");
    SEED("nil", "\xc0");
    SEED("never-used", "\xc1");
    SEED("map", "\x81\x01\x02");
    SEED("negative", "\xff");
    SEED("int-8", "\xd0\x05");
    SEED("ext", "\xc7\x01\x05z");
    SEED("float", "\xcb\x3f\xf0\x00\x00\x00\x00\x00\x00");
    SEED("control", "\xa2z\x07");
    SEED("not-utf8", "\xa2z\xc3");
}

void seed_cursor(void)
{
    seed_values();
    seed_refused();
    SEED("calls-record", CALLS("\x05") ANY_ARRAY ANY_UINT ANY_BIN ANY_LINE ANY_TEXT
         "\x94\x05\xc4\x01z\xa1z\xa2z\n");
    SEED("calls-newline-in-line", CALLS("\x01") ANY_LINE "\xa2z\n");
    SEED("calls-nested",
         CALLS("\x05") ANY_ARRAY ANY_ARRAY ANY_UINT ANY_ARRAY ANY_UINT "\x93\x91\x05\x90\x06");
    SEED("calls-too-deep", CALLS("\x05") ANY_ARRAY ANY_ARRAY ANY_ARRAY ANY_ARRAY ANY_ARRAY
         "\x91\x91\x91\x91\x91\x05");
    SEED("calls-wrong-type", CALLS("\x01") ANY_UINT "\xa1z");
    SEED("calls-uint-high", CALLS("\x01") "\x00\x00\x03\x00"
                                          "\x04");
    SEED("calls-uint-low", CALLS("\x01") "\x00\x03\x09\x00"
                                         "\x02");
    SEED("calls-bin-long", CALLS("\x01") "\x01\x00\x01\x00"
                                         "\xc4\x02zz");
    SEED("calls-bin-short", CALLS("\x01") "\x01\x03\x09\x00"
                                          "\xc4\x02zz");
    SEED("calls-array-long", CALLS("\x01") "\x03\x00\x01\x00"
                                           "\x92\x01\x02");
    SEED("calls-array-short", CALLS("\x01") "\x03\x03\x09\x00"
                                            "\x92\x01\x02");
    SEED("calls-array-cut", CALLS("\x01") ANY_ARRAY "\x92\x01");
    SEED("calls-array-unfinished", CALLS("\x02") ANY_ARRAY ANY_LINE "\x92\xa1z");
    SEED("calls-bin-cut", CALLS("\x01") ANY_BIN "\xc4\x02z");
    SEED("calls-on-nothing", CALLS("\x02") ANY_UINT ANY_UINT "\x05");
    seed_stretched("cursor", "bin-16", 3 + 300, 'b', dais_slice("\xc5\x01\x2c", 3));
}
