/* SPDX-License-Identifier: Apache-2.0 */
#include "base/notify.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

/* A supervisor's socket at a path, or at an abstract name if `name` opens with @. */
static int supervisor(const char *name)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t size = strlen(name);
    assert_true(size < sizeof(address.sun_path));
    memcpy(address.sun_path, name, size);
    if (name[0] == '@')
        address.sun_path[0] = '\0';
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    assert_true(fd >= 0);
    socklen_t length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + size);
    assert_int_equal(bind(fd, (const struct sockaddr *)&address, length), 0);
    assert_int_equal(setenv("NOTIFY_SOCKET", name, 1), 0);
    return fd;
}

static void assert_told(int fd, const char *text)
{
    char bytes[1024];
    ssize_t size = recv(fd, bytes, sizeof(bytes), 0);
    assert_int_equal(size, strlen(text));
    assert_memory_equal(bytes, text, strlen(text));
}

/* Goal: a message arrives as it is, at a path and at an abstract name. Method: be the supervisor.
 */
static void test_told(void **state)
{
    (void)state;
    char name[64], path[256];
    (void)snprintf(name, sizeof(name), "@dais-test-notify-%ld", (long)getpid());
    int fd = supervisor(name);
    assert_int_equal(dais_notify("READY=1\nSTATUS=3 cycles"), DAIS_OK);
    assert_told(fd, "READY=1\nSTATUS=3 cycles");
    (void)close(fd);
    assert_non_null(getcwd(path, sizeof(path) - 16));
    (void)strncat(path, "/notify", sizeof(path) - strlen(path) - 1);
    if (strlen(path) < sizeof(((struct sockaddr_un *)0)->sun_path)) {
        fd = supervisor(path);
        assert_int_equal(dais_notify("WATCHDOG=1"), DAIS_OK);
        assert_told(fd, "WATCHDOG=1");
        (void)close(fd);
        assert_int_equal(remove(path), 0);
    }
}

/* Goal: without a supervisor nothing is wrong; one that is not there, or a name of another form, is
 * an error and not a wait. Method: each. */
static void test_not_told(void **state)
{
    (void)state;
    assert_int_equal(unsetenv("NOTIFY_SOCKET"), 0);
    assert_int_equal(dais_notify("READY=1"), DAIS_OK);
    static const char *const names[] = {"/nowhere/notify", "relative", "@", "/"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_int_equal(setenv("NOTIFY_SOCKET", names[i], 1), 0);
        assert_int_equal(dais_notify("READY=1"), DAIS_ERR_IO);
    }
    assert_int_equal(unsetenv("NOTIFY_SOCKET"), 0);
}

/* Goal: the watchdog is fed at half of its time, if it is ours. Method: the variables in all
 * states.
 */
static void test_watchdog(void **state)
{
    (void)state;
    char pid[32];
    (void)snprintf(pid, sizeof(pid), "%ld", (long)getpid());
    assert_int_equal(unsetenv("WATCHDOG_PID"), 0);
    assert_int_equal(unsetenv("WATCHDOG_USEC"), 0);
    assert_int_equal(dais_notify_watchdog_ms(), 0);
    assert_int_equal(setenv("WATCHDOG_USEC", "30000000", 1), 0);
    assert_int_equal(dais_notify_watchdog_ms(), 15000);
    assert_int_equal(setenv("WATCHDOG_PID", pid, 1), 0);
    assert_int_equal(dais_notify_watchdog_ms(), 15000);
    assert_int_equal(setenv("WATCHDOG_PID", "1", 1), 0);
    assert_int_equal(dais_notify_watchdog_ms(), 0);
    assert_int_equal(unsetenv("WATCHDOG_PID"), 0);
    assert_int_equal(setenv("WATCHDOG_USEC", "30s", 1), 0);
    assert_int_equal(dais_notify_watchdog_ms(), 0);
    assert_int_equal(unsetenv("WATCHDOG_USEC"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_told),
        cmocka_unit_test(test_not_told),
        cmocka_unit_test(test_watchdog),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
