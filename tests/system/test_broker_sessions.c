/* SPDX-License-Identifier: Apache-2.0
 *
 * Our own client and worker sessions at the real broker, as a process that is killed and comes
 * back. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/mdp_ask.h"
#include "base/mdp_worker.h"
#include "proto/roster_file.h"
#include "tests/unit/net.h"

#define CALLS 300

static struct {
    pid_t pid;
    char folder[256];
    char port[16];
    dais_curve_pair_t pair;
} broker;

static void write_text(const char *name, const char *text)
{
    assert_int_equal(dais_file_replace(scratch_path(name).text, dais_slice_text(text), 0600),
                     DAIS_OK);
}

static void write_config(void)
{
    static char text[2048];
    (void)snprintf(text, sizeof(text),
                   "front\n    endpoint = \"tcp://127.0.0.1:%s\"\n    secret-key = %s/key\n"
                   "    rosters = %s/rosters\ndoor\n    endpoint = \"ipc://%s/door/broker\"\n"
                   "back\n    endpoint = \"ipc://%s/back/broker\"\n    heartbeat = 200 ms\n",
                   broker.port, broker.folder, broker.folder, broker.folder, broker.folder);
    write_text("broker.zpl", text);
}

/* Reads the broker's log until it is ready, and the port of its front. */
static void wait_ready(int fd)
{
    char line[1024];
    bool ready = false;
    FILE *log = fdopen(fd, "r");
    assert_non_null(log);
    while (!ready && fgets(line, sizeof(line), log) != NULL) {
        const char *port = strstr(line, "tcp://");
        if (port != NULL)
            (void)snprintf(broker.port, sizeof(broker.port), "%ld",
                           strtol(strrchr(port, ':') + 1, NULL, 10));
        ready = strstr(line, "event=ready") != NULL;
    }
    assert_true(ready);
    (void)fclose(log); /* what comes later is not read; SIGPIPE is ignored there */
}

static void broker_start(void)
{
    int fds[2];
    char path[300];
    posix_spawn_file_actions_t actions;
    (void)snprintf(path, sizeof(path), "--config=%s/broker.zpl", broker.folder);
    char program[] = DAIS_BROKER;
    char *argv[] = {program, path, NULL};
    assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
    assert_int_equal(posix_spawn_file_actions_init(&actions), 0);
    assert_int_equal(posix_spawn_file_actions_adddup2(&actions, fds[1], STDERR_FILENO), 0);
    assert_int_equal(posix_spawn(&broker.pid, program, &actions, NULL, argv, environ), 0);
    (void)posix_spawn_file_actions_destroy(&actions);
    (void)close(fds[1]);
    wait_ready(fds[0]);
}

static void broker_stop(int signal_number)
{
    int status = 0;
    assert_int_equal(kill(broker.pid, signal_number), 0);
    assert_int_equal(waitpid(broker.pid, &status, 0), broker.pid);
    broker.pid = 0;
    if (signal_number == SIGTERM)
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static int setup(void **state)
{
    char folder[128];
    if (net_setup(state) != 0 || getcwd(folder, sizeof(folder)) == NULL)
        return -1;
    (void)snprintf(broker.folder, sizeof(broker.folder), "%s/%s", folder, scratch_folder);
    if (dais_curve_create(scratch_path("key").text, &broker.pair) != DAIS_OK ||
        mkdir(scratch_path("rosters").text, 0750) != 0)
        return -1;
    (void)snprintf(broker.port, sizeof(broker.port), "*");
    write_config();
    broker_start();
    write_config(); /* from now on with the port that it got: who comes back finds it there */
    return 0;
}

static int teardown(void **state)
{
    if (broker.pid != 0)
        broker_stop(SIGTERM);
    return net_teardown(state);
}

typedef struct {
    uint8_t body[64];
    dais_slice_t slice;
    size_t answer_count;
} call_t;

static struct {
    dais_mdp_client_t *client;
    call_t calls[CALLS];
    size_t answered_count, lost_count;
    bool all_answered, is_half;
} asker;

static void ask(call_t *call);

/* What is unknown is asked again, with the same bytes. */
static void asked(void *context, const dais_mdp_answer_t *answer)
{
    call_t *call = (call_t *)context;
    if (answer->err != DAIS_OK) {
        assert_true(answer->err == DAIS_ERR_UNANSWERED || answer->err == DAIS_ERR_UNREACHABLE);
        asker.lost_count++;
        ask(call);
        return;
    }
    assert_true(dais_slice_equal(answer->body, call->slice));
    call->answer_count++;
    asker.answered_count++;
    asker.is_half = asker.answered_count >= CALLS / 2;
    asker.all_answered = asker.answered_count == CALLS;
}

static void ask(call_t *call)
{
    assert_int_equal(dais_mdp_client_call(asker.client, "echo", call->slice, 5000, asked, call),
                     DAIS_OK);
}

static dais_slice_t body_of(uint8_t body[64], size_t n)
{
    static const uint8_t head[] = {0x92, 0xa1, 't', 0xc4, DAIS_MDP_CALL_ID_SIZE};
    memcpy(body, head, sizeof(head));
    memset(body + 5, 0, DAIS_MDP_CALL_ID_SIZE);
    memcpy(body + 5, &n, sizeof(n));
    return dais_slice(body, 5 + DAIS_MDP_CALL_ID_SIZE);
}

static dais_mdp_worker_t *worker;

static void serve(void *context, const dais_mdp_request_t *request)
{
    (void)context;
    assert_int_equal(request->key.size, DAIS_CURVE_KEY_SIZE);
    dais_mdp_worker_answer(worker, request->token, request->body);
}

static void worker_open(void)
{
    dais_mdp_worker_options_t options = {.endpoint = net_ipc("back/broker").text,
                                         .service = "echo",
                                         .credit_count = 8,
                                         .heartbeat_ms = 200,
                                         .serve = serve};
    assert_int_equal(dais_mdp_worker_new(net_loop, &net_random, &options, &worker), DAIS_OK);
}

/* Goal: the broker may be killed in the middle of all calls: each is answered once in the end, and
 * both sessions come back by themselves. Method: 300 calls in flight, kill -9 after the first half,
 * start again. */
static void test_broker_killed(void **state)
{
    (void)state;
    net_endpoint_t door = net_ipc("door/broker");
    dais_mdp_client_options_t options = {.endpoint = door.text, .call_count_max = CALLS};
    assert_int_equal(dais_mdp_client_new(net_loop, &net_random, &options, &asker.client), DAIS_OK);
    worker_open();
    for (size_t n = 0; n < CALLS; n++) {
        asker.calls[n].slice = body_of(asker.calls[n].body, n);
        ask(&asker.calls[n]);
    }
    net_until(&asker.is_half);
    broker_stop(SIGKILL);
    broker_start();
    net_until(&asker.all_answered);
    for (size_t n = 0; n < CALLS; n++)
        assert_int_equal(asker.calls[n].answer_count, 1);
    assert_true(dais_mdp_worker_figures(worker).rebuild_count >= 1);
    assert_true(asker.lost_count == 0 || dais_mdp_client_figures(asker.client).rebuild_count >= 1);
    dais_mdp_client_destroy(&asker.client);
    dais_mdp_worker_destroy(&worker);
}

static void write_roster(const uint8_t key[DAIS_CURVE_KEY_SIZE])
{
    static uint8_t buffer[1024];
    dais_writer_t writer;
    dais_slice_t text;
    dais_roster_head_t head = {.origin = "registry.example/test", .size = 1};
    dais_roster_key_t line = {.role = DAIS_ROLE_OFFICE};
    memcpy(line.box_key.bytes, key, sizeof(line.box_key.bytes));
    dais_writer_init(&writer, buffer, sizeof(buffer));
    dais_roster_put_head(&writer, &head);
    dais_roster_put_key(&writer, &line);
    assert_int_equal(dais_writer_finish(&writer, &text), DAIS_OK);
    assert_int_equal(dais_file_replace(scratch_path("rosters/test.roster").text, text, 0644),
                     DAIS_OK);
}

/* Goal: libzmq never tries again where it was refused, so our client makes a new socket: once its
 * key is in the roster it gets through by itself. Method: ask, be refused, be entered, ask. */
static void test_pitfall_refused_client_comes_back(void **state)
{
    (void)state;
    char endpoint[64];
    uint8_t body[64];
    uint8_t *answer = NULL;
    size_t size = 0;
    dais_curve_pair_t pair;
    dais_mdp_client_t *client = NULL;
    assert_int_equal(dais_curve_make(&pair), DAIS_OK);
    (void)snprintf(endpoint, sizeof(endpoint), "tcp://127.0.0.1:%s", broker.port);
    dais_mdp_client_options_t options = {
        .endpoint = endpoint, .own = &pair, .server_key = broker.pair.public_key};
    assert_int_equal(dais_mdp_client_new(net_loop, &net_random, &options, &client), DAIS_OK);
    worker_open();
    dais_slice_t slice = body_of(body, 7);
    assert_int_equal(dais_mdp_ask(net_loop, client, "echo", slice, 10000, &answer, &size),
                     DAIS_ERR_NOT_ADMITTED);
    assert_true(dais_mdp_client_figures(client).is_refused);
    write_roster(pair.public_key);
    assert_int_equal(kill(broker.pid, SIGHUP), 0);
    dais_err_t err = DAIS_ERR_NOT_ADMITTED;
    for (int i = 0; i < 20 && err != DAIS_OK; i++)
        err = dais_mdp_ask(net_loop, client, "echo", slice, 10000, &answer, &size);
    assert_int_equal(err, DAIS_OK);
    assert_true(dais_slice_equal(dais_slice(answer, size), slice));
    assert_true(dais_mdp_client_figures(client).is_up);
    free(answer);
    dais_mdp_client_destroy(&client);
    dais_mdp_worker_destroy(&worker);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_broker_killed),
        cmocka_unit_test(test_pitfall_refused_client_comes_back),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
