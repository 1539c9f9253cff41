/* SPDX-License-Identifier: Apache-2.0 */
#include "base/args.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/exit.h"
#include "tests/unit/args_table.h"

#define WORDS_MAX 16

static dais_args_t args;
static dais_args_fault_t fault;

/* Parses the words of a line, parted by single spaces. */
static bool parse(const char *line)
{
    static char copy[256];
    static char *words[WORDS_MAX + 1];
    int count = 0;
    (void)snprintf(copy, sizeof(copy), "%s", line);
    for (char *word = strtok(copy, " "); word != NULL && count < WORDS_MAX;
         word = strtok(NULL, " "))
        words[count++] = word;
    return dais_args_parse(&args_table, count, words, &args, &fault);
}

/* Goal: options of every level and kind, and operands, arrive. Method: one line with all forms. */
static void test_everything_arrives(void **state)
{
    (void)state;
    assert_true(parse("toy -p me import --to=a --to b --dry-run -c x"
                      " -"));
    assert_string_equal(dais_args_command(&args)->name, "import");
    assert_string_equal(dais_args_value(&args, "profile"), "me");
    assert_string_equal(dais_args_list(&args, "to", 0), "a");
    assert_string_equal(dais_args_list(&args, "to", 1), "b");
    assert_int_equal(args.operand_count, 1);
    assert_true(parse("toy import --dry-run=if-error --cycle=x --json -- -p"));
    assert_true(dais_args_has(&args, "json"));
    assert_string_equal(dais_args_value(&args, "dry-run"), "if-error");
    assert_string_equal(dais_args_operand(&args, 0), "-p");
    assert_null(dais_args_operand(&args, 1));
    assert_true(parse("toy import --dry-run -c x a.csv"));
    assert_true(dais_args_has(&args, "dry-run"));
    assert_null(dais_args_value(&args, "dry-run"));
    assert_string_equal(dais_args_operand(&args, 0), "a.csv");
    assert_false(dais_args_has(&args, "to"));
}

/* Goal: a list keeps its order, a lone dash is an operand. Method: both in one line. */
static void test_lists_and_dash(void **state)
{
    (void)state;
    assert_true(parse("toy import --to a --to=b -c=x -") == false);
    assert_true(parse("toy import --to=a --to=b --cycle=x - more last"));
    assert_string_equal(dais_args_list(&args, "to", 1), "b");
    assert_null(dais_args_list(&args, "to", 2));
    assert_string_equal(dais_args_operand(&args, 0), "-");
    assert_int_equal(args.operand_count, 3);
}

/* Goal: what is wrong is said, with the right word. Method: one line for each way. */
static void test_faults(void **state)
{
    (void)state;
    static const struct {
        const char *line, *what, *hint;
    } faults[] = {
        {"toy imprt", "toy has no command imprt", "did you mean import?"},
        {"toy zzzzzzz", "toy has no command zzzzzzz", "toy -h shows the use"},
        {"toy cycle opne", "cycle has no command opne", "did you mean open?"},
        {"toy import --prfile", "import has no option --prfile", "did you mean --profile?"},
        {"toy import --prof me", "import has no option --prof", ""},
        {"toy import -x", "import has no option -x", ""},
        {"toy import -jp", "import has no option -jp", ""},
        {"toy import --json=1", "--json takes no value", ""},
        {"toy import --cycle", "--cycle needs a value: NAME", ""},
        {"toy import -c a -c b f", "--cycle stands there twice", ""},
        {"toy import --dry-run=never", "--dry-run does not take never",
         "it takes one of: if-warning|if-error"},
        {"toy import -c a", "FILE is missing", "toy import -h shows the use"},
        {"toy import f", "--cycle NAME is missing", ""},
        {"toy cycle open x", "x is one word too many", "toy cycle open -h shows the use"},
        {"toy cycle --cycle x", "cycle has no option --cycle", ""},
    };
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        assert_false(parse(faults[i].line));
        assert_string_equal(fault.what, faults[i].what);
        if (faults[i].hint[0] != '\0')
            assert_string_equal(fault.hint, faults[i].hint);
        assert_true(fault.hint[0] != '\0');
    }
}

/* Goal: neither too many operands nor too many options overrun their arrays. Method: one more than
 * fits of each. */
static void test_too_many(void **state)
{
    (void)state;
    static char *words[DAIS_ARGS_OPERAND_MAX + 8];
    static char to[] = "--to=a", program[] = "toy", import[] = "import";
    for (size_t i = 0; i < DAIS_ARGS_OPERAND_MAX + 8; i++)
        words[i] = to;
    words[0] = program;
    words[1] = import;
    assert_false(dais_args_parse(&args_table, DAIS_ARGS_GIVEN_MAX + 3, words, &args, &fault));
    assert_non_null(strstr(fault.what, "more than 128 options"));
    for (size_t i = 2; i < DAIS_ARGS_OPERAND_MAX + 8; i++)
        words[i] = program;
    assert_false(dais_args_parse(&args_table, DAIS_ARGS_OPERAND_MAX + 3, words, &args, &fault));
    assert_non_null(strstr(fault.what, "more than 1024 operands"));
}

/* Goal: what is asked for help or version need not be complete. Method: leave out what has to be
 * there. */
static void test_help_needs_nothing(void **state)
{
    (void)state;
    assert_true(parse("toy import -h"));
    assert_true(args.help);
    assert_true(parse("toy import --version"));
    assert_true(parse("toy"));
    assert_null(dais_args_command(&args)->run);
    assert_true(parse("toy cycle --json"));
    assert_string_equal(dais_args_command(&args)->name, "cycle");
}

/* What a call prints to a stream, as a text to be freed. */
static char *printed(void (*print)(const dais_args_t *, FILE *))
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    assert_non_null(stream);
    print(&args, stream);
    assert_int_equal(fclose(stream), 0);
    return text;
}

/* Goal: help names every option, command, operand and example. Method: look for each. */
static void test_help(void **state)
{
    (void)state;
    assert_true(parse("toy import -h"));
    char *text = printed(dais_args_help);
    static const char *const there[] = {"usage: toy import [OPTION]... FILE [MORE]...\n",
                                        "--dry-run[=WHEN]",
                                        "-c, --cycle=NAME",
                                        "-p, --profile=NAME",
                                        "--version",
                                        "(if-warning|if-error)",
                                        "; may be repeated",
                                        "; has to be there",
                                        "toy import -c x a.csv"};
    for (size_t i = 0; i < sizeof there / sizeof there[0]; i++)
        assert_non_null(strstr(text, there[i]));
    free(text);
    assert_true(parse("toy"));
    text = printed(dais_args_help_short);
    assert_non_null(strstr(text, "  import  take rows from files\n"));
    assert_non_null(strstr(text, "toy -h says more"));
    free(text);
}

/* Goal: the program as a whole exits as it should. Method: run it; a bare command is a usage
 * error, a command's own status is handed on. */
static void test_main(void **state)
{
    (void)state;
    char toy[] = "toy", cycle[] = "cycle", open[] = "open", bad[] = "--bad";
    char *run[] = {toy, cycle, open, NULL};
    char *wrong[] = {toy, bad, NULL};
    int status = DAIS_EXIT_PARTLY;
    args_table_ran = 0;
    assert_int_equal(dais_args_main(&args_table, 3, run, &status), DAIS_EXIT_PARTLY);
    assert_int_equal(args_table_ran, 1);
    assert_int_equal(dais_args_main(&args_table, 2, run, &status), DAIS_EXIT_USAGE);
    assert_int_equal(dais_args_main(&args_table, 1, run, &status), DAIS_EXIT_USAGE);
    assert_int_equal(dais_args_main(&args_table, 2, wrong, &status), DAIS_EXIT_USAGE);
    assert_int_equal(args_table_ran, 1);
}

/* Writes what print makes of the table to the path. */
static void write_file(const char *path, const char *shell)
{
    FILE *stream = fopen(path, "w");
    assert_non_null(stream);
    if (shell == NULL)
        dais_args_man_page(&args_table, "1", "November 26, 2026", stream);
    else
        assert_true(dais_args_completion(&args_table, shell, stream));
    assert_int_equal(fclose(stream), 0);
}

/* Goal: scripts and manual page are written, for known shells only. Method: look for a word of
 * each; tests/system/test_args_outputs.py has shells and mandoc read those of
 * whole programs. */
static void test_outputs(void **state)
{
    (void)state;
    write_file("toy.bash", "bash");
    write_file("toy.zsh", "zsh");
    write_file("toy.fish", "fish");
    write_file("toy.1", NULL);
    assert_false(dais_args_completion(&args_table, "csh", stdout));
    static const struct {
        const char *path, *text;
    } there[] = {{"toy.bash", "\"toy cycle\") offer=\" open close --help"},
                 {"toy.zsh", "compadd"},
                 {"toy.fish", "broker\\'s"},
                 {"toy.1", ".It Fl c , Fl -cycle"}};
    for (size_t i = 0; i < sizeof there / sizeof there[0]; i++) {
        static char text[16384];
        FILE *stream = fopen(there[i].path, "r");
        assert_non_null(stream);
        text[fread(text, 1, sizeof(text) - 1, stream)] = '\0';
        assert_int_equal(fclose(stream), 0);
        assert_non_null(strstr(text, there[i].text));
        assert_int_equal(remove(there[i].path), 0);
    }
}

/* Goal: a command may have an option that is called as one of every program's. Method: a command
 * with --version NAME gets its value, and one without still answers --version. */
static void test_an_option_of_its_own(void **state)
{
    static const dais_arg_option_t options[] = {
        {"version", 0, DAIS_ARG_VALUE, false, "N", NULL, "of the list"},
        {.name = NULL},
    };
    static const dais_command_t commands[] = {
        {.name = "list", .text = "list", .options = options, .run = args_table_run},
        {.name = "other", .text = "other", .run = args_table_run},
        {.name = NULL},
    };
    static const dais_command_t program = {.name = "toy", .text = "toy", .commands = commands};
    int context = 3;
    (void)state;
    char *own[] = {"toy", "list", "--version", "7", NULL};
    assert_true(dais_args_parse(&program, 4, own, &args, &fault));
    assert_string_equal(dais_args_value(&args, "version"), "7");
    args_table_ran = 0;
    assert_int_equal(dais_args_main(&program, 4, own, &context), 3);
    assert_int_equal(args_table_ran, 1);
    char *common[] = {"toy", "other", "--version", NULL};
    assert_int_equal(dais_args_main(&program, 3, common, &context), 0);
    assert_int_equal(args_table_ran, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_everything_arrives),
        cmocka_unit_test(test_lists_and_dash),
        cmocka_unit_test(test_faults),
        cmocka_unit_test(test_too_many),
        cmocka_unit_test(test_help_needs_nothing),
        cmocka_unit_test(test_help),
        cmocka_unit_test(test_main),
        cmocka_unit_test(test_outputs),
        cmocka_unit_test(test_an_option_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
