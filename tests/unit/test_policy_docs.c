/* SPDX-License-Identifier: Apache-2.0
 *
 * Makes docs/policies.md from the tables of keys, words and combinations and from the policies
 * themselves, and compares. With DAIS_UPDATE_DOCS set in the environment it writes the file. */
#include "registry/rules/policy.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "registry/rules/policy_check.h"
#include "registry/rules/policy_print.h"
#include "tests/support/policy_text.h"

#define DOCUMENT     DAIS_SOURCE_DIR "/docs/policies.md"
#define MADE         "policies.md"
#define DOCUMENT_MAX (512 * 1024)

static void write_intro(FILE *out)
{
    fputs("# Policies\n\n"
          "This page is made from the tables of the loader and from the files under `policies/`; "
          "`DAIS_UPDATE_DOCS=1 ctest -R test_policy_docs` makes it anew.\n\n"
          "A policy holds every rule in which one procedure differs from another. It is a text in "
          "a part of ZPL (RFC 4 of the ZeroMQ project), at most 48 KiB, and is frozen into the "
          "first entry of a log. The section `policy` has `id`, `version`, `title`, `valid-from` "
          "(a date, or `unset` where no source dates it) and `legal-basis`. Then each key of the "
          "tables below has a section of its own, in any order:\n\n"
          "```\n"
          "objection-threshold\n"
          "    value = 1\n"
          "    source = \"document, paragraph, address\"\n"
          "    confirmed = source\n"
          "```\n\n"
          "Every key has to be there and none has a default. A key that a procedure does not need "
          "has the value `none`. A key on which the sources are silent is `confirmed = unset` and "
          "has no value: the call of each cycle gives it, and a cycle cannot open while one is "
          "missing. What the policy sets, a call cannot change.\n\n"
          "Values stand on one line, in printable ASCII, and in quotes where they hold a `#`; "
          "indentation is 4 spaces.\n\n",
          out);
}

static void write_list(FILE *out, const dais_policy_words_t *list)
{
    fprintf(out, "| word | meaning |\n| --- | --- |\n");
    for (unsigned i = list->meanings[0] == NULL ? 1 : 0; i < list->count; i++)
        fprintf(out, "| `%s` | %s |\n", list->words[i], list->meanings[i]);
    fprintf(out, "\n");
}

static void write_key(FILE *out, dais_policy_key_t key)
{
    dais_policy_key_info_t info = dais_policy_key_info(key);
    fprintf(out, "| `%s` | %s | %s", info.name, info.text, dais_policy_kind_form(info.kind));
    if (info.words != NULL) {
        const char *before = ": ";
        for (unsigned i = info.none_valid ? 0 : 1; i < info.words->count; i++) {
            fprintf(out, "%s`%s`", before, info.words->words[i]);
            before = ", ";
        }
    } else if (info.none_valid) {
        fprintf(out, "; or `none`");
    }
    fprintf(out, " |\n");
}

static void write_keys(FILE *out)
{
    fprintf(out, "## Keys\n\n");
    for (unsigned group = 0; group < DAIS_POLICY_GROUP_COUNT; group++) {
        fprintf(out, "### %s\n\n", dais_policy_group_title((dais_policy_group_t)group));
        fprintf(out, "| key | what it says | value |\n| --- | --- | --- |\n");
        for (unsigned key = 0; key < DAIS_POLICY_KEY_COUNT; key++) {
            if (dais_policy_key_info((dais_policy_key_t)key).group == group)
                write_key(out, (dais_policy_key_t)key);
        }
        fprintf(out, "\n");
    }
}

static void write_words(FILE *out)
{
    fprintf(out, "## Words\n\n");
    for (unsigned list = 0; list < DAIS_POLICY_WORDS_COUNT; list++) {
        const dais_policy_words_t *words = dais_policy_words((dais_policy_list_t)list);
        fprintf(out, "### %s\n\n", words->title);
        write_list(out, words);
    }
}

static void write_combinations(FILE *out)
{
    const dais_policy_combination_t *row = NULL;
    fprintf(out, "## Combinations that are refused\n\n"
                 "Each of these values has its place; together they are refused with "
                 "`senseless-combination`. `disclosure-fact` cannot be `sealed` yet "
                 "(`reserved-value`): it needs entries that are logged whether or not somebody "
                 "objects.\n\n"
                 "| keys | why |\n| --- | --- |\n");
    for (size_t n = 0; (row = dais_policy_combination(n)) != NULL; n++) {
        fprintf(out, "| `%s`", dais_policy_key_info(row->key).name);
        if (row->key_other != row->key)
            fprintf(out, ", `%s`", dais_policy_key_info(row->key_other).name);
        fprintf(out, " | %s |\n", row->why);
    }
    fprintf(out, "\n");
}

static void write_codes(FILE *out)
{
    static const dais_err_t codes[] = {DAIS_ERR_BAD_TEXT,           DAIS_ERR_BAD_INDENT,
                                       DAIS_ERR_UNKNOWN_POLICY_KEY, DAIS_ERR_REPEATED_KEY,
                                       DAIS_ERR_MISSING_KEY,        DAIS_ERR_BAD_VALUE,
                                       DAIS_ERR_RESERVED_VALUE,     DAIS_ERR_SENSELESS,
                                       DAIS_ERR_KEY_ALREADY_SET,    DAIS_ERR_TOO_LONG};
    fprintf(out, "## Codes\n\n| code | what was found |\n| --- | --- |\n");
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        fprintf(out, "| `%s` | %s |\n", dais_err_code(codes[i]), dais_err_text(codes[i]));
    fprintf(out, "\n");
}

static void write_slice(FILE *out, dais_slice_t slice)
{
    (void)fwrite(slice.data, 1, slice.size, out);
}

/* How many keys are confirmed in each way. */
static void write_account(FILE *out, const dais_policy_t *policy)
{
    const dais_policy_words_t *words = dais_policy_words(DAIS_POLICY_WORDS_confirmed);
    unsigned counts[4] = {0};
    for (unsigned key = 0; key < DAIS_POLICY_KEY_COUNT; key++)
        counts[policy->confirmed[key]]++;
    fprintf(out, "%u keys:", (unsigned)DAIS_POLICY_KEY_COUNT);
    for (unsigned i = 1; i < words->count; i++)
        fprintf(out, " %u %s,", counts[i], words->words[i]);
    fprintf(out, " %u %s.\n\n", counts[0], words->words[0]);
}

static void write_policy(FILE *out, const dais_policy_t *policy)
{
    const dais_policy_words_t *confirmed = dais_policy_words(DAIS_POLICY_WORDS_confirmed);
    fprintf(out, "### ");
    write_slice(out, policy->id);
    fprintf(out, "\n\n");
    write_slice(out, policy->title);
    fprintf(out, ". Version %u, valid from ", policy->version);
    write_slice(out, policy->valid_from);
    fprintf(out, ". Legal basis: ");
    write_slice(out, policy->legal_basis);
    fprintf(out, ".\n\n");
    write_account(out, policy);
    fprintf(out, "| key | value | confirmed | source |\n| --- | --- | --- | --- |\n");
    for (unsigned key = 0; key < DAIS_POLICY_KEY_COUNT; key++) {
        char value[1000] = "";
        size_t size = 0;
        if (dais_policy_is_set(policy, (dais_policy_key_t)key))
            assert_int_equal(
                dais_policy_print_value(policy, (dais_policy_key_t)key, value, sizeof value, &size),
                DAIS_OK);
        fprintf(out, "| `%s` | %.*s | %s | ", dais_policy_key_info((dais_policy_key_t)key).name,
                (int)size, value, confirmed->words[policy->confirmed[key]]);
        write_slice(out, policy->source[key]);
        fprintf(out, " |\n");
    }
    fprintf(out, "\n");
}

static int is_policy(const struct dirent *entry)
{
    const char *suffix = strrchr(entry->d_name, '.');
    return suffix != NULL && strcmp(suffix, ".zpl") == 0;
}

static void write_policies(FILE *out)
{
    static char text[DAIS_LIMIT_POLICY];
    static dais_policy_t policy;
    struct dirent **entries = NULL;
    /* Byte order, whatever the locale. */
    int count = scandir(DAIS_SOURCE_DIR "/policies", &entries, is_policy, versionsort);
    assert_true(count > 0);
    fprintf(out, "## The policies\n\nAs loaded, in canonical form.\n\n");
    for (int i = 0; i < count; i++) {
        char path[1024];
        dais_policy_faults_t faults = {.capacity = 0};
        snprintf(path, sizeof path, DAIS_SOURCE_DIR "/policies/%s", entries[i]->d_name);
        dais_slice_t slice = policy_text_file(path, text, sizeof text);
        assert_int_equal(dais_policy_parse(slice, &policy, &faults), DAIS_OK);
        write_policy(out, &policy);
        free(entries[i]);
    }
    free(entries);
}

static void make(const char *path)
{
    FILE *out = fopen(path, "wb");
    assert_non_null(out);
    write_intro(out);
    write_keys(out);
    write_words(out);
    write_combinations(out);
    write_codes(out);
    write_policies(out);
    assert_int_equal(fclose(out), 0);
}

/* Goal: the manual says what the loader does and what the policies hold. Method: make the page
 * from the tables and compare it with the one in the tree, byte by byte. */
static void test_page(void **state)
{
    (void)state;
    static char made[DOCUMENT_MAX];
    static char kept[DOCUMENT_MAX];
    if (getenv("DAIS_UPDATE_DOCS") != NULL)
        make(DOCUMENT);
    make(MADE);
    dais_slice_t now = policy_text_file(MADE, made, sizeof made);
    dais_slice_t page = policy_text_file(DOCUMENT, kept, sizeof kept);
    assert_int_equal(remove(MADE), 0);
    if (!dais_slice_equal(now, page))
        print_error("docs/policies.md is out of date: DAIS_UPDATE_DOCS=1 makes it anew\n");
    assert_true(dais_slice_equal(now, page));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_page)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
