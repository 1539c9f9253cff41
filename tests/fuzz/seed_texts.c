/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "tests/fuzz/seed.h"

typedef struct {
    const char *name, *text;
} named_t;

static void seed_each(const char *target, const named_t *items)
{
    for (; items->name != NULL; items++)
        seed_text(target, items->name, items->text);
}

static void seed_base64(void)
{
    static const named_t items[] = {
        {"empty", ""},     {"one", "Zg=="},       {"two", "Zm8="},
        {"three", "Zm9v"}, {"marks", "+/+/az09"}, {"bits", "Zh=="},
        {"length", "Zg="}, {"inner", "Zg==Zg=="}, {"stranger", "Zm9v*m9v"},
        {"half", "Zg=a"},  {"above", "Zm9\x80"},  {"upper", "AZaz"},
        {NULL, NULL}};
    seed_each("base64", items);
}

static void seed_small_texts(void)
{
    static const named_t items[] = {
        {"instant", "2022-05-27T08:00:00.123Z"},
        {"instant-offset", "2022-05-27T08:00:00+02:30"},
        {"instant-before-utc", "2022-05-27T08:00:00.5-11:00"},
        {"instant-leap-day", "2024-02-29T23:59:59.99Z"},
        {"instant-no-leap-day", "2100-02-29T00:00:00Z"},
        {"instant-400", "2000-02-29T00:00:00Z"},
        {"instant-year-letters", "20o2-05-27T08:00:00Z"},
        {"instant-month-letters", "2022-o5-27T08:00:00Z"},
        {"instant-day-letters", "2022-05-z7T08:00:00Z"},
        {"instant-year-sign", "-022-05-27T08:00:00Z"},
        {"instant-month-13", "2022-13-01T00:00:00Z"},
        {"instant-month-0", "2022-00-01T00:00:00Z"},
        {"instant-day-0", "2022-01-00T00:00:00Z"},
        {"instant-hour-24", "2022-01-01T24:00:00Z"},
        {"instant-minute-60", "2022-01-01T00:60:00Z"},
        {"instant-second-60", "2022-01-01T00:00:60Z"},
        {"instant-offset-24", "2022-01-01T00:00:00+24:00"},
        {"instant-offset-60", "2022-01-01T00:00:00+00:60"},
        {"instant-1969", "1970-01-01T00:00:00+00:01"},
        {"instant-last", "9999-12-31T23:59:59.999Z"},
        {"instant-beyond", "9999-12-31T23:59:59.999-00:01"},
        {"instant-trailing", "2022-05-27T08:00:00ZZ"},
        {"instant-no-decimals", "2022-05-27T08:00:00.Z"},
        {"instant-letters", "2022-05-27t08:00:00z"},
        {"instant-no-zone", "2022-05-27T08:00:00"},
        {"ms-largest", "\xff\xff\xff\xff\xff\xff\xff\xff"},
        {"number", "18446744073709551615"},
        {"number-over", "18446744073709551616"},
        {"number-far-over", "99999999999999999999999"},
        {"number-zero", "0"},
        {"number-led-by-zero", "01"},
        {"number-spoilt", "9:"},
        {"hash", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="},
        {"hash-short", "AAAA"},
        {"words", "north-1_2./:@+"},
        {"quotes", "say \"no\" \\ yes\nand go"},
        {"control", "bell \x07 and delete \x7f"},
        {"c1", "next line \xc2\x85"},
        {"scripts", "\xc3\xa9 \xd8\xb9 \xe4\xb8\xad \xf0\x9f\x95\x8a"},
        {"overlong", "\xc0\xaf"},
        {"overlong-3", "\xe0\x80\xaf"},
        {"overlong-4", "\xf0\x80\x80\xaf"},
        {"surrogate", "\xed\xa0\x80"},
        {"beyond-unicode", "\xf4\x90\x80\x80"},
        {"first-f5", "\xf5\x80\x80\x80"},
        {"continuation", "a\x80"},
        {"cut-character", "12345678\xe4\xb8"},
        {"broken-character", "\xe4z\xad"},
        {"ascii-words", "sixteen letters and more of it, in whole words\x01"},
        {NULL, NULL}};
    seed_each("text", items);
    /* A right-to-left override, an isolate, a line separator, a euro sign. */
    static const uint8_t directions[] = {0xe2, 0x80, 0xae, 0xe2, 0x81, 0xa6,
                                         0xe2, 0x80, 0xa8, 0xe2, 0x82, 0xac};
    seed("text", "directions", dais_slice(directions, sizeof directions));
    seed_stretched("text", "long", 2000, 'a', dais_slice_text("a long value "));
    seed_stretched("text", "long-escapes", 1200, '\x01', dais_slice(NULL, 0));
}

static void seed_tile_names(void)
{
    static const named_t items[] = {{"path", "tile/0/x001/x234/067.p/112"},
                                    {"path-full", "tile/3/000"},
                                    {"path-entries", "tile/entries/x001/002"},
                                    {"path-entries-partial", "tile/entries/999.p/1"},
                                    {"path-last", "tile/0/x036/x028/x797/x018/x963/967.p/255"},
                                    {"path-beyond", "tile/0/x036/x028/x797/x018/x963/968"},
                                    {"path-far-beyond", "tile/1/x999/x999/x999/x999/x999/x999/999"},
                                    {"path-top", "tile/7/000.p/127"},
                                    {"path-top-beyond", "tile/7/001"},
                                    {"path-level-8", "tile/8/000"},
                                    {"path-level-none", "tile/"},
                                    {"path-level-word", "tile/zero/000"},
                                    {"path-led-by-zero", "tile/0/x000/001"},
                                    {"path-short-group", "tile/0/01"},
                                    {"path-letter", "tile/0/0a1"},
                                    {"path-mark", "tile/0/0/1"},
                                    {"path-no-slash", "tile/0/x001"},
                                    {"path-slash-less", "tile/0"},
                                    {"path-width-0", "tile/0/000.p/0"},
                                    {"path-width-256", "tile/0/000.p/256"},
                                    {"path-width-none", "tile/0/000.p"},
                                    {"path-foreign", "tiles/0/000"},
                                    {NULL, NULL}};
    seed_each("tile", items);
    seed("tile", "entries-two", dais_slice("\x01\x00\x01z\x00\x00", 6));
    seed("tile", "entries-trailing", dais_slice("\x00\x00\x01zz", 5));
    seed("tile", "entries-missing", dais_slice("\x01\x00\x01z", 4));
    seed("tile", "entries-cut-size", dais_slice("\x00\x00", 2));
    seed("tile", "entries-cut-leaf", dais_slice("\x00\x00\x05zz", 5));
}

void seed_texts(void)
{
    seed_base64();
    seed_small_texts();
    seed_tile_names();
}
