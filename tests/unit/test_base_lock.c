/* SPDX-License-Identifier: Apache-2.0 */
#include "base/lock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/scratch.h"

/* Goal: one at a time, and free again when it is let go. Method: take it twice, let it go, take it.
 */
static void test_one_holder(void **state)
{
    (void)state;
    scratch_path_t path = scratch_path("lock");
    int first;
    int second;
    assert_int_equal(dais_lock_take(path.text, &first), DAIS_OK);
    assert_int_equal(dais_lock_take(path.text, &second), DAIS_ERR_LOCKED);
    assert_int_equal(second, -1);
    dais_lock_drop(&second);
    dais_lock_drop(&first);
    assert_int_equal(first, -1);
    assert_int_equal(dais_lock_take(path.text, &second), DAIS_OK);
    dais_lock_drop(&second);
}

/* Goal: a process that is killed holds nothing. Method: kill one that has the lock. */
static void test_killed_holder(void **state)
{
    (void)state;
    scratch_path_t path = scratch_path("lock");
    int ready[2];
    int fd;
    char byte;
    assert_int_equal(pipe(ready), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (dais_lock_take(path.text, &fd) == DAIS_OK)
            (void)!write(ready[1], "r", 1);
        (void)pause();
        _exit(1);
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_int_equal(dais_lock_take(path.text, &fd), DAIS_ERR_LOCKED);
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_int_equal(dais_lock_take(path.text, &fd), DAIS_OK);
    dais_lock_drop(&fd);
    (void)close(ready[0]);
    (void)close(ready[1]);
}

/* Goal: a folder that is not there is told. Method: a lock in it. */
static void test_no_folder(void **state)
{
    (void)state;
    scratch_path_t path = scratch_path("none/lock");
    int fd;
    assert_int_equal(dais_lock_take(path.text, &fd), DAIS_ERR_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_one_holder, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_killed_holder, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_no_folder, scratch_make, scratch_remove),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
