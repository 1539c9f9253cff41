/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#include "audit/play.h"
#include "audit/whatif_print.h"
#include "base/exit.h"
#include "tests/support/scenario_log.h"

#define WHOLE "whatif.export"

static dais_err_t log_write(void *context, dais_slice_t bytes)
{
    return fwrite(bytes.data, 1, bytes.size, context) == bytes.size ? DAIS_OK : DAIS_ERR_IO;
}

static void log_ended(void *context, dais_rules_t *rules)
{
    FILE *file = fopen(WHOLE, "wbe");
    assert_non_null(file);
    scenario_log_export(context, rules, (dais_reader_who_t){.role = DAIS_ROLE_INSPECTOR}, 0,
                        log_write, file);
    assert_int_equal(fclose(file), 0);
}

/* A case as it stands at its end; the caller's to close. */
static void play(const char *name, dais_refold_t *refold)
{
    scenario_log_t *log = scenario_log_create();
    scenario_listener_t listener = scenario_log_listener(log);
    listener.ended = log_ended;
    scenario_run_case(name, &listener);
    scenario_log_destroy(&log);
    assert_int_equal(dais_play(&(dais_play_t)DAIS_PLAY_ALL(WHOLE), refold), DAIS_EXIT_DONE);
    assert_int_equal(unlink(WHOLE), 0);
}

static const char *text_of(const json_t *change, const char *name)
{
    return json_string_value(json_object_get(change, name));
}

/* Is there one change that says the same the other way round? */
static bool is_mirrored(const json_t *changes, const json_t *change)
{
    size_t at;
    const json_t *other;
    unsigned found = 0;
    json_array_foreach(changes, at, other)
    {
        if (strcmp(text_of(other, "what"), "organisation") == 0 &&
            strcmp(text_of(other, "id"), text_of(change, "id")) == 0)
            found += strcmp(text_of(other, "was"), text_of(change, "would_be")) == 0 &&
                             strcmp(text_of(other, "would_be"), text_of(change, "was")) == 0
                         ? 1
                         : 100;
    }
    return found == 1;
}

/* Goal: an organisation that only one of two states knows is a difference, whichever that is.
 * Method: two dialogues of which one has organisations that the other lacks, compared both ways. */
static void test_either_way(void **state)
{
    dais_refold_t one;
    dais_refold_t two;
    size_t at;
    const json_t *change;
    unsigned appear = 0;
    unsigned vanish = 0;
    (void)state;
    play("untoc-2022-05-06", &one);
    play("untoc-2022-05-27", &two);
    json_t *there = json_array();
    json_t *back = json_array();
    dais_whatif_compare(one.rules, two.rules, there);
    dais_whatif_compare(two.rules, one.rules, back);
    json_array_foreach(there, at, change)
    {
        if (strcmp(text_of(change, "what"), "organisation") != 0)
            continue;
        assert_true(is_mirrored(back, change));
        appear += strcmp(text_of(change, "was"), "none") == 0;
        vanish += strcmp(text_of(change, "would_be"), "none") == 0;
    }
    printf("%u organisations appear, %u vanish\n", appear, vanish);
    assert_true(appear + vanish > 0);
    assert_int_equal(json_array_size(there), json_array_size(back));
    json_decref(there);
    json_decref(back);
    dais_refold_close(&one);
    dais_refold_close(&two);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_either_way)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
