/* SPDX-License-Identifier: Apache-2.0 */
#include "office/convert.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "office/verb.h"

static dais_convert_t convert; /* large */

static const dais_field_t *field_of(const dais_shape_t *shape, const char *name)
{
    for (size_t i = 0; i < shape->field_count; i++) {
        if (strcmp(shape->fields[i].name, name) == 0)
            return &shape->fields[i];
    }
    fail_msg("no field %s", name);
    return NULL;
}

static bool set(const dais_shape_t *shape, const char *name, const char *text, void *record)
{
    const dais_field_t *field = field_of(shape, name);
    dais_convert_init(&convert);
    return field->type == DAIS_FIELD_LIST
               ? dais_convert_element(&convert, field, dais_slice_text(text), record)
               : dais_convert_field(&convert, field, dais_slice_text(text), record);
}

/* Goal: every type of field is read from its text. Method: one field of each in real subjects. */
static void test_types(void **state)
{
    dais_application_t application = {0};
    dais_late_permit_t permit = {0};
    (void)state;
    assert_true(set(&dais_shape_application, "persons", "12", &application));
    assert_int_equal(application.persons, 12);
    assert_true(set(&dais_shape_application, "category", "academia", &application));
    assert_int_equal(application.category, DAIS_CATEGORY_ACADEMIA);
    assert_true(set(&dais_shape_application, "applicant", "Harbour Watch", &application));
    assert_true(dais_slice_equal(application.applicant, dais_slice_text("Harbour Watch")));
    assert_true(set(&dais_shape_application, "organisation", "01a400516a804de72480ace4b6e9a0c5",
                    &application));
    assert_int_equal(application.organisation.size, DAIS_ID_SIZE);
    assert_int_equal(application.organisation.data[15], 0xc5);
    assert_true(set(&dais_shape_late_permit, "until", "1970-01-01T02:00:01+02:00", &permit));
    assert_int_equal(permit.until, 1000);
}

/* Goal: what a field does not take is refused, with what it takes. Method: the edge of each type
 * and one step beyond; what is said names the valid. */
static void test_refused(void **state)
{
    static const struct {
        const dais_shape_t *shape;
        const char *name, *text, *says;
    } cases[] = {
        {&dais_shape_application, "persons", "1000", "0 to 999"},
        {&dais_shape_application, "persons", "", "no number"},
        {&dais_shape_application, "persons", "-1", "no number"},
        {&dais_shape_application, "persons", "1 ", "no number"},
        {&dais_shape_application, "category", "acedemia", "did you mean academia?"},
        {&dais_shape_application, "category", "", "ngo"},
        {&dais_shape_application, "country", "X", "2 to 8"},
        {&dais_shape_application, "applicant", "", "1 to 256"},
        {&dais_shape_application, "applicant", "a\nb", "control"},
        {&dais_shape_application, "applicant", "\xff", "UTF-8"},
        {&dais_shape_application, "organisation", "01a4", "32 lower-case hex"},
        {&dais_shape_withdrawal, "id", "01A400516A804DE72480ACE4B6E9A0C5", "lower-case"},
        {&dais_shape_late_permit, "until", "tomorrow", "RFC 3339"},
        {&dais_shape_late_permit, "until", "2027-05-27T10:00:00", "RFC 3339"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint8_t record[1024] = {0};
        assert_true(cases[i].shape->struct_size <= sizeof record);
        assert_false(set(cases[i].shape, cases[i].name, cases[i].text, record));
        if (strstr(convert.why, cases[i].says) == NULL)
            fail_msg("%s %s: %s", cases[i].name, cases[i].text, convert.why);
    }
}

/* Goal: lists take elements of one value and of several, up to their limit. Method: ids with and
 * without a reason; officers with colons in the last part; one more than the limit. */
static void test_lists(void **state)
{
    dais_objection_t objection = {0};
    dais_officers_t officers = {0};
    dais_topic_t topic = {0};
    dais_objected_t objected;
    dais_officer_t officer;
    (void)state;
    dais_convert_init(&convert);
    const dais_field_t *targets = field_of(&dais_shape_objection, "targets");
    assert_true(dais_convert_element(
        &convert, targets, dais_slice_text("01a400516a804de72480ace4b6e9a0c5"), &objection));
    assert_true(dais_convert_element(
        &convert, targets, dais_slice_text("01a400516a804de72480ace4b6e9a0c5:r1"), &objection));
    dais_list_walk_t walk = dais_list_begin(&objection.targets, &dais_shape_objected);
    assert_true(dais_list_next(&walk, &objected));
    assert_int_equal(objected.reason.size, 0);
    assert_true(dais_list_next(&walk, &objected));
    assert_true(dais_slice_equal(objected.reason, dais_slice_text("r1")));
    assert_true(
        set(&dais_shape_officers, "officers", "chair:A. Person:Ambassador:XA: and XB", &officers));
    walk = dais_list_begin(&officers.officers, &dais_shape_officer);
    assert_true(dais_list_next(&walk, &officer));
    assert_true(dais_slice_equal(officer.delegation, dais_slice_text("XA: and XB")));
    assert_false(set(&dais_shape_officers, "officers", "chair", &officers));
    dais_convert_init(&convert);
    const dais_field_t *articles = field_of(&dais_shape_topic, "articles");
    for (size_t i = 0; i < DAIS_LIMIT_ARTICLES; i++)
        assert_true(dais_convert_element(&convert, articles, dais_slice_text("a"), &topic));
    assert_false(dais_convert_element(&convert, articles, dais_slice_text("a"), &topic));
    assert_int_equal(topic.articles.count, DAIS_LIMIT_ARTICLES);
}

/* Goal: lines of a file are elements; the line at fault is named. Method: comments, empty lines,
 * carriage returns; then a bad third line. */
static void test_lines(void **state)
{
    dais_presence_t presence = {0};
    const dais_field_t *states = field_of(&dais_shape_presence, "states");
    unsigned line;
    (void)state;
    dais_convert_init(&convert);
    assert_true(dais_convert_lines(&convert, states, dais_slice_text("XA\r\n\n# no\nXB"), &presence,
                                   &line));
    assert_int_equal(presence.states.count, 2);
    assert_false(
        dais_convert_lines(&convert, states, dais_slice_text("XC\nXD\nX\nXE\n"), &presence, &line));
    assert_int_equal(line, 3);
}

/* Goal: the table of verbs names fields that their kinds have, every kind that is sent has a verb,
 * and what cannot be undone says what follows. Method: walk through the table. */
static void test_table(void **state)
{
    bool has_verb[128] = {false};
    (void)state;
    assert_non_null(dais_verb_program());
    for (const dais_verb_t *verb = dais_verbs; verb->name != NULL; verb++) {
        has_verb[verb->kind] = true;
        assert_non_null(verb->examples[0]);
        assert_int_equal((verb->flags & DAIS_VERB_FINAL) != 0, verb->consequence != NULL);
        for (const dais_slot_t *slot = verb->slots; slot != NULL && slot->field != NULL; slot++)
            (void)field_of(dais_kind_of(verb->kind)->subject, slot->field);
    }
    for (const dais_kind_t *kind = dais_kinds; kind->name != NULL; kind++)
        assert_true(kind->stream == DAIS_STREAM_OWN || has_verb[kind->number]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_types), cmocka_unit_test(test_refused), cmocka_unit_test(test_lists),
        cmocka_unit_test(test_lines), cmocka_unit_test(test_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
