/* SPDX-License-Identifier: Apache-2.0
 *
 * The client and the worker session against a broker that does what each test wants: a ROUTER in
 * the same loop. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/mdp_ask.h"
#include "base/mdp_client.h"
#include "base/mdp_worker.h"
#include "tests/unit/net.h"

#define CALLS_MAX 64

/* What the broker got, and what it does with it. */
static struct {
    zsock_t *router;
    dais_watch_t *watch;
    bool echo;                    /* answer each request of a client at once */
    dais_parts_t held[CALLS_MAX]; /* else keep them */
    size_t held_count;
    dais_parts_t peer;  /* routing id of who spoke last */
    size_t ready_count; /* of a worker */
    size_t beat_count;
    size_t final_count;
    bool is_wanted_there; /* ready_count == ready_wanted, and so on */
    size_t held_wanted, ready_wanted, final_wanted, beat_wanted;
    bool left; /* the worker took leave */
} broker;

static uint8_t bodies[CALLS_MAX][64];

/* ["t", call id, i] */
static dais_slice_t body_of(size_t i)
{
    uint8_t *body = bodies[i];
    static const uint8_t head[] = {0x93, 0xa1, 't', 0xc4, DAIS_MDP_CALL_ID_SIZE};
    memcpy(body, head, sizeof(head));
    memset(body + 5, (int)('A' + i), DAIS_MDP_CALL_ID_SIZE);
    body[5 + DAIS_MDP_CALL_ID_SIZE] = (uint8_t)i;
    return dais_slice(body, 6 + DAIS_MDP_CALL_ID_SIZE);
}

static void broker_answer(dais_parts_t *request, dais_mdp_client_command_t command)
{
    dais_parts_t answer = {.count = 0};
    assert_int_equal(dais_parts_add(&answer, dais_parts_at(request, 0)), DAIS_OK);
    assert_int_equal(dais_mdp_client_open(&answer, command, dais_slice_text("echo")), DAIS_OK);
    assert_int_equal(dais_parts_add(&answer, dais_parts_at(request, 4)), DAIS_OK);
    assert_int_equal(dais_parts_send(&answer, broker.router), DAIS_OK);
}

static void broker_worker(const dais_parts_t *parts, const dais_mdp_command_t *command)
{
    (void)parts;
    broker.ready_count += command->command == DAIS_MDP_WORKER_READY ? 1 : 0;
    broker.beat_count += command->command == DAIS_MDP_WORKER_HEARTBEAT ? 1 : 0;
    broker.final_count += command->command == DAIS_MDP_WORKER_FINAL ? 1 : 0;
    broker.left = broker.left || command->command == DAIS_MDP_WORKER_DISCONNECT;
}

static bool broker_ready(void *context, short events)
{
    (void)context;
    (void)events;
    dais_parts_t parts = {.count = 0};
    dais_mdp_command_t command;
    if (dais_parts_receive(&parts, broker.router, DAIS_FRAME_SIZE_MAX) != DAIS_OK)
        return false;
    dais_parts_drop(&broker.peer);
    assert_int_equal(dais_parts_add(&broker.peer, dais_parts_at(&parts, 0)), DAIS_OK);
    if (dais_mdp_worker_read(&parts, 1, &command) == DAIS_OK) {
        broker_worker(&parts, &command);
        dais_parts_drop(&parts);
    } else if (broker.echo) {
        broker_answer(&parts, DAIS_MDP_CLIENT_FINAL);
        dais_parts_drop(&parts);
    } else {
        assert_true(broker.held_count < CALLS_MAX);
        broker.held[broker.held_count++] = parts;
    }
    broker.is_wanted_there =
        broker.held_count >= broker.held_wanted && broker.ready_count >= broker.ready_wanted &&
        broker.beat_count >= broker.beat_wanted && broker.final_count >= broker.final_wanted;
    return true;
}

static net_endpoint_t broker_open(void)
{
    static unsigned count;
    char name[32];
    (void)snprintf(name, sizeof(name), "broker-%u", count++);
    memset(&broker, 0, sizeof(broker));
    net_endpoint_t endpoint = net_ipc(name);
    dais_socket_options_t options = {.type = ZMQ_ROUTER};
    assert_int_equal(dais_socket_bind(&options, endpoint.text, &broker.router), DAIS_OK);
    assert_int_equal(dais_loop_socket(net_loop, broker.router, broker_ready, NULL, &broker.watch),
                     DAIS_OK);
    return endpoint;
}

static void broker_close(void)
{
    dais_loop_unwatch(net_loop, &broker.watch);
    dais_socket_close(&broker.router);
    while (broker.held_count > 0)
        dais_parts_drop(&broker.held[--broker.held_count]);
    dais_parts_drop(&broker.peer);
}

static void broker_until(void)
{
    broker.is_wanted_there = false;
    net_until(&broker.is_wanted_there);
}

/* Sends a command to the worker that spoke last; "cc" is the client's address. */
static void broker_to_worker(dais_mdp_worker_command_t command, const char *body)
{
    dais_parts_t parts = {.count = 0};
    assert_int_equal(dais_parts_add(&parts, dais_parts_at(&broker.peer, 0)), DAIS_OK);
    assert_int_equal(dais_mdp_worker_open(&parts, command, dais_slice_text("cc")), DAIS_OK);
    if (body != NULL)
        assert_int_equal(dais_parts_add(&parts, dais_slice_text(body)), DAIS_OK);
    assert_int_equal(dais_parts_send(&parts, broker.router), DAIS_OK);
}

typedef struct {
    size_t count, partial_count;
    dais_err_t err;
    uint8_t last; /* the number of the call last answered */
    size_t wanted;
    bool is_there;
} answers_t;

static void answered(void *context, const dais_mdp_answer_t *answer)
{
    answers_t *answers = (answers_t *)context;
    answers->partial_count += answer->partial ? 1 : 0;
    answers->count += answer->partial ? 0 : 1;
    answers->err = answer->err;
    if (answer->err == DAIS_OK)
        answers->last = answer->body.data[answer->body.size - 1];
    answers->is_there = answers->count >= answers->wanted;
}

static dais_mdp_client_t *client_of(const char *endpoint)
{
    dais_mdp_client_t *client = NULL;
    dais_mdp_client_options_t options = {.endpoint = endpoint, .call_count_max = CALLS_MAX};
    assert_int_equal(dais_mdp_client_new(net_loop, &net_random, &options, &client), DAIS_OK);
    return client;
}

static void call(dais_mdp_client_t *client, size_t i, uint32_t timeout_ms, answers_t *answers)
{
    assert_int_equal(
        dais_mdp_client_call(client, "echo", body_of(i), timeout_ms, answered, answers), DAIS_OK);
}

/* Goal: n calls are in flight at once, in order, and each answer finds its call. Method: hold 20,
 * answer them backwards, the first of them partly before. */
static void test_calls_in_flight(void **state)
{
    (void)state;
    answers_t answers = {.wanted = 20};
    dais_mdp_client_t *client = client_of(broker_open().text);
    for (size_t i = 0; i < 20; i++)
        call(client, i, 10000, &answers);
    broker.held_wanted = 20;
    broker_until();
    for (size_t i = 0; i < 20; i++)
        assert_true(dais_slice_equal(dais_parts_at(&broker.held[i], 4), body_of(i)));
    broker_answer(&broker.held[0], DAIS_MDP_CLIENT_PARTIAL);
    for (size_t i = 20; i-- > 0;)
        broker_answer(&broker.held[i], DAIS_MDP_CLIENT_FINAL);
    net_until(&answers.is_there);
    assert_int_equal(answers.partial_count, 1);
    assert_int_equal(answers.last, 0);
    assert_int_equal(dais_mdp_client_figures(client).call_count, 0);
    dais_mdp_client_destroy(&client);
    broker_close();
}

/* Goal: late and doubled answers are dropped. Method: cancel a call, then answer it twice, and wait
 * for one behind it. */
static void test_late_answers(void **state)
{
    (void)state;
    answers_t answers = {.wanted = 1}, none = {.wanted = 0};
    dais_mdp_client_t *client = client_of(broker_open().text);
    call(client, 0, 10000, &none);
    call(client, 1, 10000, &answers);
    broker.held_wanted = 2;
    broker_until();
    dais_slice_t id = dais_slice(bodies[0] + 5, DAIS_MDP_CALL_ID_SIZE);
    assert_true(dais_mdp_client_cancel(client, id));
    assert_false(dais_mdp_client_cancel(client, id));
    broker_answer(&broker.held[0], DAIS_MDP_CLIENT_FINAL);
    broker_answer(&broker.held[0], DAIS_MDP_CLIENT_FINAL);
    broker_answer(&broker.held[1], DAIS_MDP_CLIENT_FINAL);
    net_until(&answers.is_there);
    assert_int_equal(none.count, 0);
    assert_int_equal(dais_mdp_client_figures(client).dropped_count, 2);
    dais_mdp_client_destroy(&client);
    broker_close();
}

/* Goal: what was sent ends as unanswered when the broker goes away, what was not ends as
 * unreachable when its time is up, and the client comes back by itself. Method: take the broker
 * away and bring it back at the same place. */
static void test_broker_goes_and_comes(void **state)
{
    (void)state;
    answers_t sent = {.wanted = 1}, unsent = {.wanted = 1}, later = {.wanted = 1};
    net_endpoint_t endpoint = broker_open();
    dais_mdp_client_t *client = client_of(endpoint.text);
    call(client, 0, 10000, &sent);
    broker.held_wanted = 1;
    broker_until();
    broker_close();
    net_until(&sent.is_there);
    assert_int_equal(sent.err, DAIS_ERR_UNANSWERED);
    call(client, 1, 50, &unsent);
    call(client, 2, 15000, &later);
    net_until(&unsent.is_there);
    assert_int_equal(unsent.err, DAIS_ERR_UNREACHABLE);
    dais_socket_options_t options = {.type = ZMQ_ROUTER};
    assert_int_equal(dais_socket_bind(&options, endpoint.text, &broker.router), DAIS_OK);
    assert_int_equal(dais_loop_socket(net_loop, broker.router, broker_ready, NULL, &broker.watch),
                     DAIS_OK);
    broker.echo = true;
    net_until(&later.is_there);
    assert_int_equal(later.err, DAIS_OK);
    assert_true(dais_mdp_client_figures(client).rebuild_count >= 1);
    dais_mdp_client_destroy(&client);
    broker_close();
}

/* Goal: a silent broker costs the call its time-out and the client its socket; the next call goes
 * through. Method: hold the first call for ever, echo the second. */
static void test_silence_makes_a_new_socket(void **state)
{
    (void)state;
    answers_t first = {.wanted = 1}, second = {.wanted = 1};
    dais_mdp_client_t *client = client_of(broker_open().text);
    call(client, 0, 50, &first);
    net_until(&first.is_there);
    assert_int_equal(first.err, DAIS_ERR_UNANSWERED);
    broker.echo = true;
    call(client, 1, 15000, &second);
    net_until(&second.is_there);
    assert_int_equal(second.err, DAIS_OK);
    assert_int_equal(dais_mdp_client_figures(client).rebuild_count, 1);
    dais_mdp_client_destroy(&client);
    broker_close();
}

/* Goal: a tool asks and waits. Method: ask the echo; then a place where nobody is. */
static void test_ask(void **state)
{
    (void)state;
    uint8_t *answer = NULL;
    size_t size = 0;
    dais_mdp_client_t *client = client_of(broker_open().text);
    broker.echo = true;
    assert_int_equal(dais_mdp_ask(net_loop, client, "echo", body_of(3), 10000, &answer, &size),
                     DAIS_OK);
    assert_true(dais_slice_equal(dais_slice(answer, size), body_of(3)));
    free(answer);
    dais_mdp_client_destroy(&client);
    broker_close();
    client = client_of(net_ipc("nobody").text);
    assert_int_equal(dais_mdp_ask(net_loop, client, "echo", body_of(3), 20, &answer, &size),
                     DAIS_ERR_UNREACHABLE);
    assert_null(answer);
    dais_mdp_client_destroy(&client);
}

static struct {
    dais_mdp_worker_t *worker;
    dais_mdp_token_t tokens[8];
    size_t count, lost_count, wanted;
    bool is_there, is_lost;
} service;

static void serve(void *context, const dais_mdp_request_t *request)
{
    (void)context;
    assert_true(dais_slice_equal(request->client, dais_slice_text("cc")));
    assert_int_equal(request->key.size, 0);
    assert_true(service.count < 8);
    service.tokens[service.count++] = request->token;
    service.is_there = service.count >= service.wanted;
}

static void lost(void *context)
{
    (void)context;
    service.lost_count++;
    service.is_lost = true;
}

static void worker_open(const char *endpoint, uint32_t credit_count, uint32_t heartbeat_ms)
{
    memset(&service, 0, sizeof(service));
    dais_mdp_worker_options_t options = {.endpoint = endpoint,
                                         .service = "echo",
                                         .credit_count = credit_count,
                                         .heartbeat_ms = heartbeat_ms,
                                         .serve = serve,
                                         .lost = lost};
    assert_int_equal(dais_mdp_worker_new(net_loop, &net_random, &options, &service.worker),
                     DAIS_OK);
}

/* Goal: W credits are W READYs and W requests held; each is answered once, in any order, and more
 * than W are dropped. Method: 3 credits, 4 requests. */
static void test_worker_credits(void **state)
{
    (void)state;
    worker_open(broker_open().text, 3, 10000);
    broker.ready_wanted = 3;
    broker_until();
    service.wanted = 3;
    for (int i = 0; i < 4; i++)
        broker_to_worker(DAIS_MDP_WORKER_REQUEST, "body");
    net_until(&service.is_there);
    assert_int_equal(dais_mdp_worker_figures(service.worker).held_count, 3);
    dais_mdp_worker_answer_partly(service.worker, service.tokens[1], dais_slice_text("a"));
    dais_mdp_worker_answer(service.worker, service.tokens[1], dais_slice_text("b"));
    dais_mdp_worker_answer(service.worker, service.tokens[1], dais_slice_text("twice"));
    dais_mdp_worker_answer(service.worker, service.tokens[0], dais_slice_text("c"));
    broker.final_wanted = 2;
    broker_until();
    assert_false(dais_mdp_worker_holds(service.worker, service.tokens[1]));
    assert_true(dais_mdp_worker_holds(service.worker, service.tokens[2]));
    dais_mdp_worker_destroy(&service.worker);
    assert_null(service.worker);
    while (!broker.left)
        assert_int_equal(dais_loop_pass(net_loop, 100), DAIS_OK);
    assert_int_equal(broker.final_count, 2);
    broker_close();
}

/* Goal: told to leave, or hearing nothing, the worker registers anew on a new socket, and what it
 * held is void. Method: DISCONNECT with one request held; then silence, with a short heartbeat. */
static void test_worker_comes_back(void **state)
{
    (void)state;
    worker_open(broker_open().text, 1, 30);
    broker.ready_wanted = 1;
    broker.beat_wanted = 2;
    broker_until();
    service.wanted = 1;
    broker_to_worker(DAIS_MDP_WORKER_REQUEST, "body");
    net_until(&service.is_there);
    broker_to_worker(DAIS_MDP_WORKER_DISCONNECT, NULL);
    net_until(&service.is_lost);
    assert_int_equal(service.lost_count, 1);
    assert_false(dais_mdp_worker_holds(service.worker, service.tokens[0]));
    broker.ready_wanted = 3; /* once more after the DISCONNECT, once more after the silence */
    broker_until();
    assert_true(dais_mdp_worker_figures(service.worker).rebuild_count >= 2);
    dais_mdp_worker_answer(service.worker, service.tokens[0], dais_slice_text("late"));
    assert_int_equal(dais_mdp_worker_figures(service.worker).dropped_count, 1);
    dais_mdp_worker_destroy(&service.worker);
    broker_close();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_calls_in_flight),
        cmocka_unit_test(test_late_answers),
        cmocka_unit_test(test_broker_goes_and_comes),
        cmocka_unit_test(test_silence_makes_a_new_socket),
        cmocka_unit_test(test_ask),
        cmocka_unit_test(test_worker_credits),
        cmocka_unit_test(test_worker_comes_back),
    };
    return cmocka_run_group_tests(tests, net_setup, net_teardown);
}
