/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/intake_world.h"

#include <unistd.h>

#include "base/file.h"

enum { SIZE = 150 * 1024, PART = 16 };

/* Whether any part of the content is in the spool's file. */
static bool file_has(dais_slice_t content)
{
    dais_file_bytes_t file;
    bool has = false;
    scratch_path_t path = scratch_path("spool/data.mdb");
    assert_int_equal(dais_file_read(path.text, (size_t)64 << 20, &file), DAIS_OK);
    for (size_t at = 0; at + PART <= content.size && !has; at += PART)
        has = memmem(file.data, file.size, content.data + at, PART) != NULL;
    dais_file_free(&file);
    return has;
}

/* A bundle with a long content, which no two parts of are alike; the content is in it. */
static dais_slice_t submit_long(uint64_t k, uint64_t token)
{
    static world_bundle_t bundle;
    bundle_make_in(&world, k, SIZE, &bundle);
    dais_slice_t parcel = world_parcel(&bundle);
    dais_intake_submit(intake, submit_body(&world.log, parcel, token), transport_of(&world.office),
                       token);
    commit();
    /* The head has what stays: hashes, names, signatures. */
    return dais_slice(parcel.data + 4096, SIZE - 8192);
}

static void pass(uint64_t ms)
{
    dais_clock_manual_advance(&machine.clock, ms);
    assert_int_equal(dais_intake_second(intake), DAIS_OK);
}

/* Goal: what the registry has taken is out of the spool's file in time, though nothing else is ever
 * written; what it has not, stays; and everything goes on. Method: a long content; the file is read
 * before the hand-over, after it (the content lies in free pages then), and after the time. */
static void test_forgotten(void **state)
{
    (void)state;
    dais_slice_t first = submit_long(0, 0);
    assert_true(file_has(first));
    pass(FORGET_MS);
    assert_true(file_has(first)); /* still waits */
    registry_take_all();
    pass(0);
    pass(0);
    assert_true(file_has(first));
    pass(FORGET_MS);
    assert_false(file_has(first));
    dais_slice_t second = submit_long(1, 1);
    pass(FORGET_MS);
    assert_true(file_has(second));
    registry_take_all();
    assert_int_equal(registry.count, 2);
    dais_intake_close(&intake); /* before it came to it: the next process does */
    assert_true(file_has(second));
    intake_start(false);
    registry_take_all();
    pass(0);
    pass(FORGET_MS);
    assert_false(file_has(second));
    dais_hash_t third = submit(2, 2);
    commit();
    (void)stamp_of(2, &third);
}

/* Goal: a draft that a process left when it died is in nobody's way. Method: a file in its place.
 */
static void test_left_behind(void **state)
{
    (void)state;
    scratch_path_t draft = scratch_path("spool/compact.draft");
    assert_int_equal(dais_file_create(draft.text, dais_slice_text("half"), 0600), DAIS_OK);
    dais_slice_t first = submit_long(0, 0);
    registry_take_all();
    pass(0);
    pass(FORGET_MS);
    assert_false(file_has(first));
    assert_int_equal(access(draft.text, F_OK), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_INTAKE(test_forgotten),
        WITH_INTAKE(test_left_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
