/* SPDX-License-Identifier: Apache-2.0
 *
 * How the findings are shown. Texts of failures are ours or escaped when they are made, so a
 * terminal is safe from what was submitted. */
#include <inttypes.h>

#include "audit/checks.h"
#include "proto/view.h"

typedef enum { COMPLETENESS, AUTHENTICITY, INTEGRITY, CONSISTENCY, OUTCOME, CLASSES } class_t;

static const char *const class_names[CLASSES] = {"completeness", "authenticity", "integrity",
                                                 "consistency", "outcome"};

typedef struct {
    const char *name;
    const char *text;
    class_t class;
    dais_checks_verb_t verb;
} info_t;

static const info_t infos[DAIS_CHECK_END] = {
#define CHECK(number, NAME, VERB, CLASS, name, text)                                               \
    [number] = {(name), (text), CLASS, DAIS_CHECKS_##VERB},
#include "audit/checks.def"
#undef CHECK
};

static const char *const result_words[DAIS_CHECK_RESULTS] = {[DAIS_CHECK_PASSED] = "PASS",
                                                             [DAIS_CHECK_FAILED] = "FAIL",
                                                             [DAIS_CHECK_ERASED] = "ERASED",
                                                             [DAIS_CHECK_SEALED] = "SEALED",
                                                             [DAIS_CHECK_NOT_CHECKED] =
                                                                 "NOT-CHECKED"};

const char *dais_checks_word(dais_check_result_t result)
{
    return result_words[result];
}

/* Is it one of those that this verb makes, and of this class? */
static bool is_of(const dais_checks_t *checks, unsigned check, class_t class)
{
    return infos[check].name != NULL && infos[check].verb == checks->verb &&
           infos[check].class == class;
}

static bool has_class(const dais_checks_t *checks, class_t class)
{
    for (unsigned check = 1; check < DAIS_CHECK_END; check++)
        if (is_of(checks, check, class))
            return true;
    return false;
}

static bool print_is_empty(const uint64_t *counts)
{
    uint64_t sum = 0;
    for (unsigned result = 0; result < DAIS_CHECK_RESULTS; result++)
        sum += counts[result];
    return sum == 0;
}

/* "PASS 12, SEALED 3". */
static void print_row(const dais_checks_t *checks, unsigned check, FILE *stream)
{
    const uint64_t *counts = checks->counts[check];
    dais_check_result_t whole = dais_checks_result(checks, check);
    (void)fprintf(stream, "  %2u %-16s  %s %" PRIu64, check, infos[check].name, result_words[whole],
                  counts[whole]);
    for (unsigned result = 0; result < DAIS_CHECK_RESULTS; result++)
        if (counts[result] > 0 && result != whole)
            (void)fprintf(stream, ", %s %" PRIu64, result_words[result], counts[result]);
    (void)fprintf(stream, ": %s", infos[check].text);
    if (print_is_empty(counts))
        (void)fputs(" (there was none)", stream);
    if (checks->reasons[check] != NULL)
        (void)fprintf(stream, " (not checked: %s)", checks->reasons[check]);
    (void)fputc('\n', stream);
}

static void print_table(const dais_checks_t *checks, FILE *stream)
{
    for (unsigned class = 0; class < CLASSES; class ++) {
        if (!has_class(checks, class))
            continue;
        (void)fprintf(stream, "%s\n", class_names[class]);
        for (unsigned check = 1; check < DAIS_CHECK_END; check++)
            if (is_of(checks, check, (class_t) class))
                print_row(checks, check, stream);
    }
}

static void print_failures(const dais_checks_t *checks, FILE *stream)
{
    for (size_t i = 0; i < checks->failure_count; i++) {
        const dais_check_failure_t *failure = &checks->failures[i];
        (void)fprintf(stream, "FAIL %u %s: ", (unsigned)failure->check, infos[failure->check].name);
        if (failure->has_seq)
            (void)fprintf(stream, "entry %" PRIu64 ": ", failure->seq);
        if (failure->where[0] != 0)
            (void)fprintf(stream, "%s: ", failure->where);
        (void)fprintf(stream, "%s\n", failure->text);
    }
    if (checks->failures_lost > 0)
        (void)fprintf(stream, "and %" PRIu64 " failures more\n", checks->failures_lost);
}

/* The worst result of a class: SEALED where some of it is closed and nothing is wrong. */
static dais_check_result_t class_result(const dais_checks_t *checks, class_t class)
{
    dais_check_result_t worst = DAIS_CHECK_PASSED;
    for (unsigned check = 1; check < DAIS_CHECK_END; check++) {
        dais_check_result_t result = dais_checks_result(checks, check);
        if (!is_of(checks, check, class))
            continue;
        if (result == DAIS_CHECK_FAILED)
            return result;
        if (result == DAIS_CHECK_NOT_CHECKED)
            worst = result;
        else if (checks->counts[check][DAIS_CHECK_SEALED] > 0 && worst == DAIS_CHECK_PASSED)
            worst = DAIS_CHECK_SEALED;
    }
    return worst;
}

static const char *class_reason(const dais_checks_t *checks, class_t class)
{
    for (unsigned check = 1; check < DAIS_CHECK_END; check++)
        if (is_of(checks, check, class) && checks->reasons[check] != NULL)
            return checks->reasons[check];
    return NULL;
}

static size_t put(char *text, size_t capacity, size_t size, const char *more)
{
    int added = snprintf(text + size, capacity - size, "%s", more);
    return added < 0 || (size_t)added >= capacity - size ? capacity - 1 : size + (size_t)added;
}

static size_t put_classes(const dais_checks_t *checks, dais_check_result_t result, char *text,
                          size_t capacity, size_t size)
{
    const char *comma = "";
    for (unsigned class = 0; class < CLASSES; class ++) {
        const char *reason = class_reason(checks, class);
        if (!has_class(checks, class) || class_result(checks, class) != result)
            continue;
        size = put(text, capacity, size, comma);
        size = put(text, capacity, size, class_names[class]);
        if (result == DAIS_CHECK_NOT_CHECKED && reason != NULL) {
            size = put(text, capacity, size, " (");
            size = put(text, capacity, size, reason);
            size = put(text, capacity, size, ")");
        }
        comma = ", ";
    }
    return size;
}

/* "Proved: …; not proved: …; failed: …; n entries are sealed." */
static void closing_sentence(const dais_checks_t *checks, char *text, size_t capacity)
{
    static const struct {
        const char *lead;
        dais_check_result_t result;
    } parts[] = {{"proved: ", DAIS_CHECK_PASSED},
                 {"proved as far as it is open: ", DAIS_CHECK_SEALED},
                 {"not proved: ", DAIS_CHECK_NOT_CHECKED},
                 {"failed: ", DAIS_CHECK_FAILED}};
    char sealed[96];
    size_t size = 0;
    text[0] = 0;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        size_t before = size;
        size = put(text, capacity, size, size == 0 ? "" : "; ");
        size = put(text, capacity, size, parts[i].lead);
        size_t lead = size;
        size = put_classes(checks, parts[i].result, text, capacity, size);
        if (size == lead) {
            text[before] = 0;
            size = before;
        }
    }
    if (checks->verb != DAIS_CHECKS_VERIFY) {
        (void)put(text, capacity, size, ".");
        return;
    }
    (void)snprintf(sealed, sizeof sealed, "; of %" PRIu64 " entries %" PRIu64 " are sealed.",
                   checks->counts[DAIS_CHECK_OPENED][DAIS_CHECK_PASSED] +
                       checks->counts[DAIS_CHECK_OPENED][DAIS_CHECK_FAILED] +
                       checks->counts[DAIS_CHECK_OPENED][DAIS_CHECK_SEALED],
                   checks->counts[DAIS_CHECK_OPENED][DAIS_CHECK_SEALED]);
    (void)put(text, capacity, size, sealed);
}

void dais_checks_print(const dais_checks_t *checks, FILE *stream)
{
    char sentence[1024];
    print_table(checks, stream);
    print_failures(checks, stream);
    closing_sentence(checks, sentence, sizeof sentence);
    (void)fprintf(stream, "%s\n", sentence);
}

static json_t *json_of_check(const dais_checks_t *checks, unsigned check)
{
    json_t *counts = json_object();
    for (unsigned result = 0; result < DAIS_CHECK_RESULTS; result++)
        (void)json_object_set_new(counts, result_words[result],
                                  dais_view_number(checks->counts[check][result]));
    json_t *object = json_pack("{si ss ss ss ss so}", "number", (int)check, "name",
                               infos[check].name, "class", class_names[infos[check].class],
                               "result", result_words[dais_checks_result(checks, check)], "text",
                               infos[check].text, "counts", counts);
    if (object != NULL && checks->reasons[check] != NULL)
        (void)json_object_set_new(object, "reason", json_string(checks->reasons[check]));
    return object;
}

static json_t *json_of_failures(const dais_checks_t *checks)
{
    json_t *failures = json_array();
    for (size_t i = 0; i < checks->failure_count; i++) {
        const dais_check_failure_t *failure = &checks->failures[i];
        json_t *object = json_pack("{si ss ss}", "number", (int)failure->check, "name",
                                   infos[failure->check].name, "text", failure->text);
        if (failure->has_seq)
            (void)json_object_set_new(object, "entry", dais_view_number(failure->seq));
        if (failure->where[0] != 0)
            (void)json_object_set_new(object, "where", json_string(failure->where));
        (void)json_array_append_new(failures, object);
    }
    return failures;
}

bool dais_checks_json(const dais_checks_t *checks, const char *file, FILE *stream)
{
    return dais_checks_json_rows(checks, file, NULL, NULL, stream);
}

bool dais_checks_json_rows(const dais_checks_t *checks, const char *file, const char *name,
                           json_t *rows, FILE *stream)
{
    char sentence[1024];
    json_t *list = json_array();
    closing_sentence(checks, sentence, sizeof sentence);
    for (unsigned check = 1; check < DAIS_CHECK_END; check++)
        if (infos[check].name != NULL && infos[check].verb == checks->verb)
            (void)json_array_append_new(list, json_of_check(checks, check));
    json_t *object = json_pack("{ss ss ss sb so so ss}", "type", "audit", "v", "1", "file", file,
                               "passed", dais_checks_exit(checks) == 0, "checks", list, "failures",
                               json_of_failures(checks), "sentence", sentence);
    if (object != NULL && rows != NULL)
        (void)json_object_set(object, name, rows);
    json_decref(rows);
    bool written = object != NULL &&
                   json_dumpf(object, stream, JSON_INDENT(2) | JSON_ENSURE_ASCII) == 0 &&
                   fputc('\n', stream) != EOF;
    json_decref(object);
    return written;
}
