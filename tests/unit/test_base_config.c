/* SPDX-License-Identifier: Apache-2.0 */
#include "base/config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static const dais_config_key_t table[] = {
    {"name", DAIS_CONFIG_TEXT, DAIS_CONFIG_ONCE, 2, 8, NULL, NULL, "what it is called"},
    {"front/endpoint", DAIS_CONFIG_ENDPOINT, DAIS_CONFIG_ONCE, 0, 0, NULL, "ipc:///run/x", "where"},
    {"front/key", DAIS_CONFIG_KEY, DAIS_CONFIG_ONCE, 0, 0, NULL, "", "whose"},
    {"front/deep/size", DAIS_CONFIG_BYTES, DAIS_CONFIG_ONCE, 1, 1048576, NULL, "64 KiB", "size"},
    {"wait", DAIS_CONFIG_TIME_MS, DAIS_CONFIG_ONCE, 1, 60000, NULL, "5 s", "how long"},
    {"count", DAIS_CONFIG_NUMBER, DAIS_CONFIG_ONCE, 0, 0, NULL, "7", "how many"},
    {"mode", DAIS_CONFIG_WORD, DAIS_CONFIG_ONCE, 0, 0, "hot|cold", "hot", "which"},
    {"folder", DAIS_CONFIG_PATH, DAIS_CONFIG_REPEATED, 0, 0, NULL, "", "where to look"},
    {.name = NULL},
};

static dais_config_t *config;
static char *messages;

static dais_err_t parse(const char *text)
{
    size_t size = 0;
    free(messages);
    FILE *stream = open_memstream(&messages, &size);
    assert_non_null(stream);
    dais_config_destroy(&config);
    dais_err_t err = dais_config_parse(table, dais_slice_text(text), "x.zpl", stream, &config);
    assert_int_equal(fclose(stream), 0);
    return err;
}

static int forget(void **state)
{
    (void)state;
    dais_config_destroy(&config);
    free(messages);
    messages = NULL;
    return 0;
}

/* Goal: values and fallbacks of each type arrive. Method: a file with some of them. */
static void test_values(void **state)
{
    (void)state;
    assert_int_equal(parse("name = ab\n"
                           "front\n"
                           "    deep\n"
                           "        size = \"3 KiB\"\n"
                           "    key = \"rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7\"\n"
                           "wait = \"250 ms\"\n"
                           "folder = /a\n"
                           "folder = /b\n"),
                     DAIS_OK);
    assert_string_equal(messages, "");
    assert_string_equal(dais_config_text(config, "name"), "ab");
    assert_string_equal(dais_config_text(config, "front/endpoint"), "ipc:///run/x");
    assert_int_equal(dais_config_number(config, "front/deep/size"), 3072);
    assert_int_equal(dais_config_number(config, "wait"), 250);
    assert_int_equal(dais_config_number(config, "count"), 7);
    assert_int_equal(dais_config_count(config, "folder"), 2);
    assert_string_equal(dais_config_text_at(config, "folder", 1), "/b");
    assert_null(dais_config_text_at(config, "folder", 2));
    assert_int_equal(dais_config_count(config, "mode"), 1);
}

/* Goal: each fault is named with its place and what is right. Method: one file for each. */
static void test_faults(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        dais_err_t err;
        const char *message;
    } cases[] = {
        {"", DAIS_ERR_MISSING_KEY, "error[missing-key]: x.zpl: name is missing"},
        {"nmae = ab\n", DAIS_ERR_UNKNOWN_SETTING,
         "error[unknown-setting]: x.zpl:1:1: there is no setting nmae\nhint: did you mean name?"},
        {"name = ab\nfront\n    endpiont = x\n", DAIS_ERR_UNKNOWN_SETTING,
         "x.zpl:3:5: there is no setting front/endpiont\nhint: did you mean front/endpoint?"},
        {"name = ab\nname = cd\n", DAIS_ERR_REPEATED_KEY, "x.zpl:2:1: "},
        {"name = a\n", DAIS_ERR_OUT_OF_RANGE, "it takes 2 to 8 characters"},
        {"name = ab\nfront\n    endpoint = http://x\n", DAIS_ERR_BAD_VALUE, "tcp://HOST:PORT"},
        {"name = ab\nfront\n    key = short\n", DAIS_ERR_BAD_VALUE, "40 characters of Z85"},
        {"name = ab\nfront = x\n", DAIS_ERR_UNKNOWN_SETTING, "there is no setting front"},
        {"name = ab\nfront\n    deep\n        size = \"2 MiB\"\n", DAIS_ERR_OUT_OF_RANGE,
         "x.zpl:4:17: front/deep/size does not take this value\nhint: it takes 1 to 1048576"},
        {"name = ab\nwait = 5\n", DAIS_ERR_BAD_VALUE, "ms, s, min or h"},
        {"name = ab\ncount = 5s\n", DAIS_ERR_BAD_VALUE, "whole number"},
        {"name = ab\ncount = 99999999999999999999\n", DAIS_ERR_BAD_VALUE, "whole number"},
        {"name = ab\nmode = warm\n", DAIS_ERR_BAD_VALUE, "it takes hot|cold"},
        {"name = ab\nmode\n", DAIS_ERR_BAD_VALUE, "it has no value"},
        {"name = ab\nfolder = relative\n", DAIS_ERR_BAD_VALUE, "begins with /"},
        {"name = ab\n  x = 1\n", DAIS_ERR_BAD_INDENT, "x.zpl:2:"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(parse(cases[i].text), cases[i].err);
        assert_null(config);
        if (strstr(messages, cases[i].message) == NULL)
            print_error("%s", messages);
        assert_non_null(strstr(messages, cases[i].message));
    }
}

/* Goal: all faults of a file are said at once. Method: three in one. */
static void test_all_faults(void **state)
{
    (void)state;
    assert_int_equal(parse("mode = x\ncount = y\nzzz = 1\n"), DAIS_ERR_BAD_VALUE);
    size_t count = 0;
    for (const char *c = messages; (c = strstr(c, "error[")) != NULL; c++)
        count++;
    assert_int_equal(count, 3);
}

/* Goal: what is printed is a file that says the same. Method: print, read, print again. */
static void test_print(void **state)
{
    (void)state;
    char *first = NULL, *second = NULL;
    size_t size = 0;
    assert_int_equal(parse("name = 'a\"b'\nfolder = /a\nfolder = '/b # c'\n"), DAIS_OK);
    FILE *stream = open_memstream(&first, &size);
    dais_config_print(config, stream);
    assert_int_equal(fclose(stream), 0);
    assert_non_null(strstr(first, "front\n    # where\n    endpoint = \"ipc:///run/x\"\n"));
    assert_int_equal(parse(first), DAIS_OK);
    stream = open_memstream(&second, &size);
    dais_config_print(config, stream);
    assert_int_equal(fclose(stream), 0);
    assert_string_equal(first, second);
    free(first);
    free(second);
}

/* Goal: more values than there is room for are a fault, not an overrun. Method: one more. */
static void test_too_many(void **state)
{
    (void)state;
    static char text[DAIS_CONFIG_VALUE_MAX * 16];
    size_t size = 0;
    for (int i = 0; i <= DAIS_CONFIG_VALUE_MAX; i++)
        size += (size_t)snprintf(text + size, sizeof(text) - size, "folder = /a\n");
    assert_int_equal(parse(text), DAIS_ERR_TOO_LONG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_values, forget),
        cmocka_unit_test_teardown(test_faults, forget),
        cmocka_unit_test_teardown(test_all_faults, forget),
        cmocka_unit_test_teardown(test_print, forget),
        cmocka_unit_test_teardown(test_too_many, forget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
