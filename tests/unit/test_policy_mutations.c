/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/rules/policy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "registry/rules/policy_print.h"
#include "tests/support/policy_text.h"

#define ROUNDS 2000 /* mutants a policy */
#define EDITS  4    /* at most, a mutant */

static const char *const files[] = {"untoc-constructive-dialogue", "oewg-ict-2022",
                                    "unfccc-one-third"};

static uint64_t seed;

/* SplitMix64: the same mutants on every machine. */
static uint64_t draw(void)
{
    uint64_t z = (seed += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static size_t draw_below(size_t bound)
{
    return (size_t)(draw() % bound);
}

/* One edit of the text in place: another byte, bytes that mean something, a cut, a copied piece. */
static size_t edit(char *text, size_t size, size_t capacity)
{
    static const char *const pieces[] = {"none",  "\"", "'",  "#",   "    ", "\n",       "=",
                                         "unset", "..", "/3", "-1d", "wd",   "no-limit", ", ",
                                         ";",     ":",  "\t", "0",   "\xff", "policy\n"};
    size_t at = draw_below(size);
    size_t span = 1 + draw_below(40);
    if (span > size - at)
        span = size - at;
    dais_slice_t piece = dais_slice_text(pieces[draw_below(sizeof pieces / sizeof pieces[0])]);
    size_t from = draw_below(size - span + 1);
    switch (draw_below(4)) {
    case 0: text[at] = (char)draw_below(256); return size;
    case 1: memmove(text + at, text + at + span, size - at - span); return size - span;
    case 2:
        if (size + piece.size > capacity)
            return size;
        memmove(text + at + piece.size, text + at, size - at);
        memcpy(text + at, piece.data, piece.size);
        return size + piece.size;
    default: memmove(text + at, text + from, at + span <= size ? span : 0); return size;
    }
}

/* Whatever the text, the reader gives a policy that prints and reads back, or faults that print
 * and an empty policy. The text is on the heap and exactly as long as said, so that a byte read
 * beyond it shows under AddressSanitizer. */
static bool check_mutant(const char *mutant, size_t size)
{
    static dais_policy_t policy;
    static dais_policy_t again;
    static const dais_policy_t empty;
    static char printed[2 * DAIS_LIMIT_POLICY];
    dais_policy_fault_t items[4];
    dais_policy_faults_t faults = {.items = items, .capacity = 4};
    char line[1000];
    size_t printed_size = 0;
    char *text = malloc(size);
    assert_non_null(text);
    memcpy(text, mutant, size);
    dais_err_t err = dais_policy_parse(dais_slice(text, size), &policy, &faults);
    assert_int_equal(err == DAIS_OK, faults.count == 0);
    if (err == DAIS_OK) {
        assert_int_equal(dais_policy_print(&policy, printed, sizeof printed, &printed_size),
                         DAIS_OK);
        assert_int_equal(dais_policy_parse(dais_slice(printed, printed_size), &again, &faults),
                         DAIS_OK);
        assert_true(dais_policy_equal(&policy, &again));
    } else {
        assert_memory_equal(&policy, &empty, sizeof policy);
        for (size_t i = 0; i < faults.count && i < faults.capacity; i++)
            assert_true(dais_policy_print_fault(&items[i], "x", line, sizeof line) < sizeof line);
    }
    free(text);
    return err == DAIS_OK;
}

/* Goal: no text makes the reader crash, read beyond the text, or give half a policy. Method:
 * seeded edits of good policies; some mutants have to be good, or the edits are too coarse. */
static void test_mutants(void **state)
{
    (void)state;
    static char original[DAIS_LIMIT_POLICY];
    static char mutant[2 * DAIS_LIMIT_POLICY];
    size_t good = 0;
    for (size_t f = 0; f < sizeof files / sizeof files[0]; f++) {
        char path[1024];
        snprintf(path, sizeof path, DAIS_SOURCE_DIR "/policies/%s.zpl", files[f]);
        dais_slice_t text = policy_text_file(path, original, sizeof original);
        for (seed = 0; seed < ROUNDS; seed = (seed & 0xffffffff) + 1) {
            uint64_t round = seed;
            size_t size = text.size;
            memcpy(mutant, original, size);
            for (size_t edits = 1 + draw_below(EDITS); edits > 0; edits--)
                size = edit(mutant, size, sizeof mutant);
            good += check_mutant(mutant, size) ? 1 : 0;
            seed = round;
        }
    }
    print_message("%zu of %zu mutants are policies\n", good,
                  sizeof files / sizeof files[0] * ROUNDS);
    assert_true(good > 100);
}

/* Goal: every beginning of a policy is refused or read without harm. Method: cut it at every
 * byte; only cuts that lose nothing of the last value are policies. */
static void test_cuts(void **state)
{
    (void)state;
    static char original[DAIS_LIMIT_POLICY];
    dais_slice_t text =
        policy_text_file(DAIS_SOURCE_DIR "/policies/oewg-ict-2022.zpl", original, sizeof original);
    size_t good = 0;
    for (size_t size = 1; size <= text.size; size++)
        good += check_mutant(original, size) ? 1 : 0;
    assert_int_equal(good, 2); /* Whole, and without its last newline. */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mutants),
        cmocka_unit_test(test_cuts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
