/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/rules/policy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "registry/rules/policy_print.h"
#include "tests/support/policy_text.h"

#define FAULTS_MAX 80

static char text_buffer[DAIS_LIMIT_POLICY + 1000];
static dais_policy_fault_t fault_items[FAULTS_MAX];
static dais_policy_faults_t faults;
static dais_policy_t policy;

static dais_err_t parse(dais_slice_t text)
{
    faults = (dais_policy_faults_t){.items = fault_items, .capacity = FAULTS_MAX};
    return dais_policy_parse(text, &policy, &faults);
}

static dais_slice_t sound(void)
{
    return policy_text(NULL, 0, text_buffer, sizeof text_buffer);
}

/* Goal: a sound policy is read, whatever the order of its sections, and its head is what the text
 * says. Method: the text, and the text with its first key moved to the end. */
static void test_sound(void **state)
{
    (void)state;
    assert_int_equal(parse(sound()), DAIS_OK);
    assert_int_equal(faults.count, 0);
    assert_true(dais_slice_equal(policy.id, dais_slice_text("test")));
    assert_int_equal(policy.version, 3);
    assert_true(dais_slice_equal(policy.title, dais_slice_text("A test")));
    assert_true(dais_slice_equal(policy.valid_from, dais_slice_text("2022-05-27")));
    assert_true(dais_slice_equal(policy.legal_basis, dais_slice_text("none")));
    assert_int_equal(policy.objection_effect, DAIS_POLICY_EFFECT_BLOCK);
    assert_int_equal(policy.confirmed[DAIS_POLICY_KEY_LATE], DAIS_POLICY_CONFIRMED_PRACTICE);
    assert_true(dais_slice_equal(policy.source[DAIS_POLICY_KEY_LATE], dais_slice_text("here")));
    assert_int_equal(policy.line[DAIS_POLICY_KEY_LATE], policy_text_line("late"));

    static dais_policy_t first;
    static char other[sizeof text_buffer];
    first = policy;
    dais_slice_t text = sound();
    const char *key = strstr(text_buffer, "eligible-categories");
    const char *next = strstr(text_buffer, "ecosoc-route");
    int size = snprintf(other, sizeof other, "%.*s%s%.*s", (int)(key - text_buffer), text_buffer,
                        next, (int)(next - key), key);
    assert_int_equal(size, text.size);
    assert_int_equal(parse(dais_slice(other, (size_t)size)), DAIS_OK);
    assert_true(dais_policy_equal(&first, &policy));
}

/* One replacement in the sound text and the one fault that it has to give. */
static const struct {
    const char *piece, *by;
    dais_err_t err;
    uint32_t line, column;
    const char *key, *key_other, *found, *nearest;
    size_t missing; /* faults missing-key that follow from it */
} slips[] = {
    /* Sections. */
    {"grace\n", "grase\n", DAIS_ERR_UNKNOWN_POLICY_KEY, 71, 1, "grase", "", "", "grace", 0},
    {"opens\n", "visibility\n", DAIS_ERR_UNKNOWN_POLICY_KEY, 163, 1, "visibility", "", "", NULL, 1},
    {"midnight\n", "late\n", DAIS_ERR_REPEATED_KEY, 83, 1, "late", "", "", NULL, 1},
    {"policy\n", "polcy\n", DAIS_ERR_UNKNOWN_POLICY_KEY, 1, 1, "polcy", "", "", NULL, 1},
    {"capacity\n", "capacity = 5\n", DAIS_ERR_BAD_TEXT, 35, 1, "capacity", "", "", NULL, 0},
    {"capacity\n", "capa city\n", DAIS_ERR_BAD_TEXT, 35, 6, "", "", "", NULL, 0},
    {"capacity\n", "capacity\n  # note\n  value\n", DAIS_ERR_BAD_INDENT, 37, 3, "capacity", "", "",
     NULL, 0},
    /* Lines of a section. */
    {"    source = here\n    confirmed = practice\ngrace", "    confirmed = practice\ngrace",
     DAIS_ERR_MISSING_KEY, 67, 1, "decision-window", "source", "", NULL, 0},
    {"    value = \"refuse\"\n", "", DAIS_ERR_MISSING_KEY, 75, 1, "late", "value", "", NULL, 0},
    {"    value = \"refuse\"\n", "    value = \"refuse\"\n    value = \"refuse\"\n",
     DAIS_ERR_REPEATED_KEY, 77, 5, "value", "late", "", NULL, 0},
    {"    value = \"refuse\"\n", "    valeu = \"refuse\"\n", DAIS_ERR_UNKNOWN_POLICY_KEY, 76, 5,
     "valeu", "late", "", "value", 0},
    {"    value = \"refuse\"\n", "    values = \"refuse\"\n", DAIS_ERR_UNKNOWN_POLICY_KEY, 76, 5,
     "values", "late", "", "value", 0},
    {"    value = \"refuse\"\n", "        value = \"refuse\"\n", DAIS_ERR_BAD_INDENT, 76, 9, "late",
     "", "", NULL, 0},
    {"    value = \"refuse\"\n", "   value = \"refuse\"\n", DAIS_ERR_BAD_INDENT, 76, 4, "late", "",
     "", NULL, 0},
    {"    value = \"refuse\"\n", "    value = \"refuse\"\n        x = 1\n", DAIS_ERR_BAD_INDENT, 77,
     9, "late", "", "", NULL, 0},
    {"    value = \"refuse\"\n", "    value = \"refuse\n", DAIS_ERR_BAD_TEXT, 76, 13, "late", "",
     "", NULL, 0},
    /* Values. */
    {"    value = \"refuse\"\n", "    value = \"refuze\"\n", DAIS_ERR_BAD_VALUE, 76, 14, "late", "",
     "refuze", "refuse", 0},
    {"\"en fr\"", "\"en  fx\"", DAIS_ERR_BAD_VALUE, 228, 18, "written-languages", "", "fx", "fr",
     0},
    {"    value = \"public\"\n", "    value = \"sealed\"\n", DAIS_ERR_RESERVED_VALUE, 168, 14,
     "disclosure-fact", "", "sealed", NULL, 0},
    {"    source = here\n", "    source = \" \"\n", DAIS_ERR_BAD_VALUE, 9, 15,
     "eligible-categories", "", " ", NULL, 0},
    {"    confirmed = practice\n", "    confirmed = practise\n", DAIS_ERR_BAD_VALUE, 10, 17,
     "eligible-categories", "", "practise", "practice", 0},
    {"    confirmed = practice\n", "    confirmed =\n", DAIS_ERR_BAD_VALUE, 10, 16,
     "eligible-categories", "", "", NULL, 0},
    {"    confirmed = practice\n", "    confirmed = unset\n", DAIS_ERR_BAD_VALUE, 8, 14,
     "eligible-categories", "", "ngo academia", NULL, 0},
    {"    value = \"1\"\n", "    value = \"2/3\"\n", DAIS_ERR_SENSELESS, 116, 1,
     "objection-threshold", "may-object", "", NULL, 0},
    /* The head. */
    {"    id = test\n", "    id = Test\n", DAIS_ERR_BAD_VALUE, 2, 10, "policy", "", "Test", NULL,
     0},
    {"    id = test\n", "", DAIS_ERR_MISSING_KEY, 1, 1, "policy", "id", "", NULL, 0},
    {"    id = test\n", "    di = test\n", DAIS_ERR_UNKNOWN_POLICY_KEY, 2, 5, "di", "policy", "",
     "id", 0},
    {"    version = 3\n", "    version = 0\n", DAIS_ERR_BAD_VALUE, 3, 15, "policy", "", "0", NULL,
     0},
    {"    version = 3\n", "    version = 3\n    version = 3\n", DAIS_ERR_REPEATED_KEY, 4, 5,
     "version", "policy", "", NULL, 0},
    {"\"A test\"", "\"\"", DAIS_ERR_BAD_VALUE, 4, 14, "policy", "", "", NULL, 0},
    {"2022-05-27", "2022-05-32", DAIS_ERR_BAD_VALUE, 5, 18, "policy", "", "2022-05-32", NULL, 0},
    {"legal-basis = \"none\"", "legal-basis = \"\"", DAIS_ERR_BAD_VALUE, 6, 20, "policy", "", "",
     NULL, 0},
};

/* Goal: each slip gives its code at its line and column, with what was probably meant, and hides
 * nothing else; the policy is empty then. Method: one replacement at a time. */
static void test_slips(void **state)
{
    (void)state;
    static const dais_policy_t empty;
    for (size_t i = 0; i < sizeof slips / sizeof slips[0]; i++) {
        dais_err_t err = parse(policy_text_replaced(slips[i].piece, slips[i].by));
        const dais_policy_fault_t *fault = &fault_items[0];
        if (fault->line != slips[i].line || fault->column != slips[i].column)
            print_error("slip %zu: %u:%u %s\n", i, fault->line, fault->column,
                        dais_err_code(fault->err));
        assert_int_equal(err, slips[i].err);
        assert_int_equal(faults.count, 1 + slips[i].missing);
        assert_int_equal(fault->err, slips[i].err);
        assert_int_equal(fault->line, slips[i].line);
        assert_int_equal(fault->column, slips[i].column);
        assert_true(dais_slice_equal(fault->key, dais_slice_text(slips[i].key)));
        assert_true(dais_slice_equal(fault->key_other, dais_slice_text(slips[i].key_other)));
        assert_true(dais_slice_equal(fault->found, dais_slice_text(slips[i].found)));
        if (slips[i].nearest == NULL)
            assert_null(fault->nearest);
        else
            assert_string_equal(fault->nearest, slips[i].nearest);
        assert_memory_equal(&policy, &empty, sizeof policy);
        if (slips[i].missing > 0)
            assert_int_equal(fault_items[1].err, DAIS_ERR_MISSING_KEY);
    }
}

/* Goal: every key is needed, and so is the head. Method: the text without each of them. */
static void test_missing(void **state)
{
    (void)state;
    static char text[sizeof text_buffer];
    for (size_t i = 0; i < POLICY_SOUND_COUNT; i++) {
        char section[64];
        dais_slice_t whole = sound();
        snprintf(section, sizeof section, "\n%s\n", policy_sound[i].key);
        char *at = strstr(text_buffer, section) + 1;
        char *next = at;
        for (int line = 0; line < 4; line++)
            next = strchr(next, '\n') + 1;
        int size = snprintf(text, sizeof text, "%.*s%.*s", (int)(at - text_buffer), text_buffer,
                            (int)(text_buffer + whole.size - next), next);
        assert_int_equal(parse(dais_slice(text, (size_t)size)), DAIS_ERR_MISSING_KEY);
        assert_int_equal(faults.count, 1);
        assert_true(dais_slice_equal(fault_items[0].key, dais_slice_text(policy_sound[i].key)));
        assert_int_equal(fault_items[0].line, 6 + 4 * (POLICY_SOUND_COUNT - 1));
    }
    assert_int_equal(parse(dais_slice(NULL, 0)), DAIS_ERR_MISSING_KEY);
    assert_int_equal(faults.count, 1 + POLICY_SOUND_COUNT);
    assert_true(dais_slice_equal(fault_items[0].key, dais_slice_text("policy")));
}

/* Goal: all faults of a text are found at once and none only follows from another; those that do
 * not fit are counted. Method: four slips, with room for 80, for 2 and for none. */
static void test_many_faults(void **state)
{
    (void)state;
    static const policy_change_t changes[] = {{"late", "refuze"},
                                              {"capacity", "many"},
                                              {"objection-effect", "veto"},
                                              {"timezone", "Vienna"}};
    dais_slice_t text = policy_text(changes, 4, text_buffer, sizeof text_buffer);
    assert_int_equal(parse(text), DAIS_ERR_BAD_VALUE);
    assert_int_equal(faults.count, 4);
    assert_true(dais_slice_equal(fault_items[0].key, dais_slice_text("capacity")));
    assert_true(dais_slice_equal(fault_items[1].key, dais_slice_text("late")));
    assert_true(dais_slice_equal(fault_items[2].key, dais_slice_text("timezone")));
    assert_int_equal(fault_items[3].err, DAIS_ERR_SENSELESS);
    memset(fault_items, 0, sizeof fault_items);
    faults = (dais_policy_faults_t){.items = fault_items, .capacity = 2};
    assert_int_equal(dais_policy_parse(text, &policy, &faults), DAIS_ERR_BAD_VALUE);
    assert_int_equal(faults.count, 4);
    assert_int_equal(fault_items[2].err, DAIS_OK);
    faults = (dais_policy_faults_t){.items = NULL, .capacity = 0};
    assert_int_equal(dais_policy_parse(text, &policy, &faults), DAIS_ERR_BAD_VALUE);
    assert_int_equal(faults.count, 4);
}

/* Goal: texts and values keep to their lengths. Method: a whole text, a title and a source at
 * their limit and one byte over it. */
static void test_lengths(void **state)
{
    (void)state;
    char line[300];
    dais_slice_t text = sound();
    memset(text_buffer + text.size, '\n', sizeof text_buffer - text.size);
    assert_int_equal(parse(dais_slice(text_buffer, DAIS_LIMIT_POLICY)), DAIS_OK);
    assert_int_equal(parse(dais_slice(text_buffer, DAIS_LIMIT_POLICY + 1)), DAIS_ERR_TOO_LONG);
    assert_int_equal(faults.count, 1);
    for (int size = DAIS_POLICY_TEXT_SIZE_MAX; size <= DAIS_POLICY_TEXT_SIZE_MAX + 1; size++) {
        dais_err_t err = size == DAIS_POLICY_TEXT_SIZE_MAX ? DAIS_OK : DAIS_ERR_BAD_VALUE;
        snprintf(line, sizeof line, "title = %.*s", size, "");
        memset(line + 8, 'x', (size_t)size);
        line[8 + size] = 0;
        assert_int_equal(parse(policy_text_replaced("title = \"A test\"", line)), err);
        memcpy(line, "source =", 8);
        assert_int_equal(parse(policy_text_replaced("source = here", line)), err);
    }
}

/* Goal: a policy without date says so. Method: the word in place of the date. */
static void test_undated(void **state)
{
    (void)state;
    assert_int_equal(parse(policy_text_replaced("2022-05-27", "unset")), DAIS_OK);
}

/* Goal: faults read as the manual promises. Method: three faults against their whole text, in a
 * buffer with room, in one byte too few and in none. */
static void test_fault_text(void **state)
{
    (void)state;
    char text[600];
    const char *expected =
        "x.zpl:76:14: error[bad-value]: late: the value is not one that this key takes: "
        "\"refuze\"; valid: one of the words: refuse, flag, permit; did you mean \"refuse\"?";
    assert_int_equal(parse(policy_text_replaced("\"refuse\"", "\"refuze\"")), DAIS_ERR_BAD_VALUE);
    assert_int_equal(dais_policy_print_fault(&fault_items[0], "x.zpl", text, sizeof text),
                     strlen(expected));
    assert_string_equal(text, expected);
    size_t size = strlen(expected);
    text[size] = '!';
    assert_int_equal(dais_policy_print_fault(&fault_items[0], "x.zpl", text, size), size);
    assert_int_equal(text[size], '!');
    assert_true(strlen(text) < size);
    assert_int_equal(dais_policy_print_fault(&fault_items[0], "x.zpl", NULL, 0), size);

    assert_int_equal(parse(policy_text_replaced("\"block\"", "\"veto\"")), DAIS_ERR_SENSELESS);
    (void)dais_policy_print_fault(&fault_items[0], "x.zpl", text, sizeof text);
    assert_string_equal(
        text, "x.zpl:140:1: error[senseless-combination]: objection-effect and decider: two values "
              "make no sense together: a veto is final when the window closes, so nobody can "
              "decide on it");
    assert_int_equal(parse(policy_text_replaced("    value = \"refuse\"\n", "")),
                     DAIS_ERR_MISSING_KEY);
    (void)dais_policy_print_fault(&fault_items[0], "x.zpl", text, sizeof text);
    assert_string_equal(text, "x.zpl:75:1: error[missing-key]: late in value: a key that has to be "
                              "there is missing");
    assert_int_equal(parse(policy_text_replaced("\"public\"", "\"sealed\"")),
                     DAIS_ERR_RESERVED_VALUE);
    (void)dais_policy_print_fault(&fault_items[0], "x.zpl", text, sizeof text);
    assert_string_equal(text,
                        "x.zpl:168:14: error[reserved-value]: disclosure-fact: the value is "
                        "reserved and cannot be used yet: \"sealed\": it needs slot and cover "
                        "entries, which are reserved; count-only is the narrowest value there "
                        "is");
    dais_policy_fault_t long_one = {.err = DAIS_ERR_BAD_VALUE,
                                    .found = dais_slice(text, 61),
                                    .words = dais_policy_words(DAIS_POLICY_WORDS_majority)};
    memset(text, 'y', 61);
    char out[300];
    (void)dais_policy_print_fault(&long_one, "call", out, sizeof out);
    assert_string_equal(out, "call: error[bad-value]: the value is not one that this key takes: "
                             "\"yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy...\": "
                             "none, simple, two-thirds");
}

/* Goal: whoever wants only the answer need not give a list. Method: a good and a bad policy. */
static void test_without_a_list(void **state)
{
    (void)state;
    static dais_policy_t read;
    dais_slice_t good = policy_text_replaced("2022-05-27", "unset");
    assert_int_equal(dais_policy_parse(good, &read, NULL), DAIS_OK);
    dais_slice_t bad = policy_text_replaced("\"refuse\"", "\"refuze\"");
    assert_int_equal(dais_policy_parse(bad, &read, NULL), DAIS_ERR_BAD_VALUE);
}

/* Goal: a fault cut by its buffer is the beginning of the whole text, and nothing that lay in the
 * buffer before shows. Method: every capacity, in a buffer full of newlines. */
static void test_fault_text_is_cut(void **state)
{
    (void)state;
    char whole[300];
    char cut[300];
    assert_int_equal(parse(policy_text_replaced("\"refuse\"", "\"refuze\"")), DAIS_ERR_BAD_VALUE);
    size_t size = dais_policy_print_fault(&fault_items[0], "x.zpl", whole, sizeof whole);
    for (size_t capacity = 1; capacity <= size + 1; capacity++) {
        memset(cut, '\n', sizeof cut);
        assert_int_equal(dais_policy_print_fault(&fault_items[0], "x.zpl", cut, capacity), size);
        assert_int_equal(strlen(cut), capacity - 1);
        assert_memory_equal(cut, whole, capacity - 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sound),          cmocka_unit_test(test_slips),
        cmocka_unit_test(test_missing),        cmocka_unit_test(test_many_faults),
        cmocka_unit_test(test_lengths),        cmocka_unit_test(test_undated),
        cmocka_unit_test(test_fault_text),     cmocka_unit_test(test_fault_text_is_cut),
        cmocka_unit_test(test_without_a_list),

    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
