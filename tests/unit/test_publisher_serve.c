/* SPDX-License-Identifier: Apache-2.0 */
#include "publisher/serve.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"

/* Goal: no request leaves the folder or reads what begins with a dot. Method: good paths, and every
 * trick that has worked on somebody. */
static void test_path(void **state)
{
    (void)state;
    static const char *const bad[] = {"",           "x",    "/../x", "/a/../b",   "/.draft",
                                      "/a/.hidden", "//x",  "/a//b", "/%2e%2e/x", "/a\\b",
                                      "/a b",       "/a?b", "/a;b",  "/\xc3\xa4"};
    char path[64];
    assert_true(dais_serve_path("/site", "/", path, sizeof path));
    assert_string_equal(path, "/site/index.html");
    assert_true(dais_serve_path("/site", "/a/c12.html", path, sizeof path));
    assert_string_equal(path, "/site/a/c12.html");
    assert_true(dais_serve_path("/site", "/a/log/tile/0/x001/002.p/3", path, sizeof path));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(dais_serve_path("/site", bad[i], path, sizeof path));
    assert_false(dais_serve_path("/site", "/long-name-that-does-not-fit", path, 20));
}

/* Sends a request and lets the loop work until the whole answer is here. */
static void ask(dais_loop_t *loop, uint16_t port, const char *request, char *answer, size_t room)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int peer = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    size_t size = 0;
    assert_int_equal(connect(peer, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(write(peer, request, strlen(request)), strlen(request));
    for (;;) {
        assert_int_equal(dais_loop_pass(loop, 20), DAIS_OK);
        ssize_t got = recv(peer, answer + size, room - 1 - size, MSG_DONTWAIT);
        if (got == 0)
            break;
        size += got > 0 ? (size_t)got : 0;
    }
    answer[size] = '\0';
    assert_int_equal(close(peer), 0);
}

/* Goal: files are served with headers that let a page do nothing but be read, and nothing else is
 * served. Method: real requests to a free port of this host. */
static void test_http(void **state)
{
    (void)state;
    static char answer[8192];
    char folder[] = "serve-XXXXXX";
    char path[64];
    dais_loop_t *loop;
    dais_serve_t *serve;
    dais_clock_t clock = dais_clock_system();
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/index.html", folder);
    assert_int_equal(dais_file_replace(path, dais_slice_text("<p>here</p>"), 0644), DAIS_OK);
    assert_int_equal(dais_loop_new(&clock, &loop), DAIS_OK);
    assert_int_equal(dais_serve_new(loop, folder, 0, &serve), DAIS_OK);
    uint16_t port = dais_serve_port(serve);
    ask(loop, port, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", answer,
        sizeof answer);
    assert_non_null(strstr(answer, "200 OK"));
    assert_non_null(strstr(answer, "Content-Security-Policy: default-src 'none';"));
    assert_non_null(strstr(answer, "X-Content-Type-Options: nosniff"));
    assert_non_null(strstr(answer, "<p>here</p>"));
    ask(loop, port, "GET /none.html HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", answer,
        sizeof answer);
    assert_non_null(strstr(answer, "404"));
    ask(loop, port, "DELETE / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", answer,
        sizeof answer);
    assert_non_null(strstr(answer, "405"));
    dais_serve_free(&serve);
    dais_loop_destroy(&loop);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_path),
        cmocka_unit_test(test_http),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
