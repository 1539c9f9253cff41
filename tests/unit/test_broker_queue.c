/* SPDX-License-Identifier: Apache-2.0 */
#include "broker/queue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "broker/staff.h"

static const dais_queue_limits_t limits = {.service_count_max = 50,
                                           .peer_count_max = 20,
                                           .peer_bytes_max = 1000,
                                           .bytes_max = 3000,
                                           .parked_count_max = 3,
                                           .expiry_ms = 100};
static const dais_staff_limits_t staff_limits = {
    .worker_count_max = 4, .credit_count_max = 5, .silence_ms_max = 50};
static dais_queue_t *queue;
static dais_staff_t *staff;
static dais_random_seeded_t seeded;
static dais_random_t ports;

static int setup(void **state)
{
    (void)state;
    ports = dais_random_seeded(&seeded, 11);
    if (dais_queue_new(&limits, &ports, &queue) != DAIS_OK)
        return -1;
    return dais_staff_new(&staff_limits, queue, &ports, &staff) == DAIS_OK ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    dais_staff_destroy(&staff);
    dais_queue_destroy(&queue);
    return 0;
}

static unsigned draw(unsigned below)
{
    uint32_t number = 0;
    assert_int_equal(dais_random_fill(&ports, &number, sizeof(number)), DAIS_OK);
    return number % below;
}

/* A request of `size` bytes whose last byte is the mark, from the peer of that letter. */
static dais_err_t put(const char *service, char letter, size_t size, uint8_t mark, uint64_t now_ms)
{
    static uint8_t bytes[4096];
    uint32_t retry_ms = 0;
    dais_parts_t parts = {.count = 0};
    const char address[] = {letter, 'a'};
    bytes[size - 1] = mark;
    assert_int_equal(dais_parts_add(&parts, dais_slice(bytes, size)), DAIS_OK);
    dais_err_t err =
        dais_queue_put(queue, dais_slice_text(service), dais_slice(&letter, 1),
                       dais_slice(address, sizeof(address)), &parts, 0, now_ms, &retry_ms);
    dais_parts_drop(&parts);
    assert_true(err == DAIS_OK || (err == DAIS_ERR_BUSY && retry_ms >= 100));
    return err;
}

static uint8_t mark_of(const dais_request_t *request)
{
    dais_slice_t body = dais_parts_at(&request->body, 0);
    return body.data[body.size - 1];
}

/* Goal: peers are served by turns, each in its own order. Method: one with five waiting, two with
 * two. */
static void test_turns(void **state)
{
    (void)state;
    for (uint8_t i = 0; i < 5; i++)
        assert_int_equal(put("s", 'x', 10, i, 0), DAIS_OK);
    for (uint8_t i = 0; i < 2; i++) {
        assert_int_equal(put("s", 'y', 10, (uint8_t)(10 + i), 0), DAIS_OK);
        assert_int_equal(put("s", 'z', 10, (uint8_t)(20 + i), 0), DAIS_OK);
    }
    static const uint8_t expected[] = {0, 10, 20, 1, 11, 21, 2, 3, 4};
    dais_service_t *service = dais_queue_service(queue, dais_slice_text("s"));
    for (size_t i = 0; i < sizeof(expected); i++) {
        dais_request_t *request = dais_queue_take(queue, service);
        assert_int_equal(mark_of(request), expected[i]);
        dais_queue_end(queue, request);
    }
    assert_null(dais_queue_service(queue, dais_slice_text("s")));
}

/* Goal: each bound holds by itself, and nothing is left of what was turned away. Method: reach each
 * bound; then end all and look at the figures. */
static void test_bounds(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 20; i++)
        assert_int_equal(put("a", 'x', 1, 0, 0), DAIS_OK);
    assert_int_equal(put("b", 'x', 1, 0, 0), DAIS_ERR_BUSY); /* requests of a peer */
    assert_null(dais_queue_service(queue, dais_slice_text("b")));
    for (unsigned i = 0; i < 30; i++)
        assert_int_equal(put("a", (char)('A' + i % 26), 1, 0, 0), DAIS_OK);
    assert_int_equal(put("a", 'w', 1, 0, 0), DAIS_ERR_BUSY);    /* requests of a service */
    assert_int_equal(put("b", 'u', 1001, 0, 0), DAIS_ERR_BUSY); /* bytes of a peer */
    assert_int_equal(put("b", 'u', 1000, 0, 0), DAIS_OK);
    assert_int_equal(put("b", 'v', 1000, 0, 0), DAIS_OK);
    assert_int_equal(put("b", 't', 951, 0, 0), DAIS_ERR_BUSY); /* bytes of all */
    assert_int_equal(put("b", 't', 950, 0, 0), DAIS_OK);
    dais_queue_figures_t figures = dais_queue_figures(queue);
    assert_int_equal(figures.bytes, 3000);
    assert_int_equal(figures.waiting_count, 53);
    assert_int_equal(figures.service_count, 2);
}

/* Goal: what waits too long is named, the oldest first, what is held is not. Method: three of
 * different age, the middle one of another service taken. */
static void test_expiry(void **state)
{
    (void)state;
    assert_int_equal(put("a", 'x', 1, 1, 0), DAIS_OK);
    assert_int_equal(put("b", 'x', 1, 2, 10), DAIS_OK);
    assert_int_equal(put("a", 'y', 1, 3, 20), DAIS_OK);
    dais_request_t *held = dais_queue_take(queue, dais_queue_service(queue, dais_slice_text("b")));
    assert_null(dais_queue_expired(queue, 99));
    dais_request_t *expired = dais_queue_expired(queue, 100);
    assert_int_equal(mark_of(expired), 1);
    dais_queue_end(queue, expired);
    assert_null(dais_queue_expired(queue, 119));
    expired = dais_queue_expired(queue, 500);
    assert_int_equal(mark_of(expired), 3);
    dais_queue_end(queue, expired);
    assert_null(dais_queue_expired(queue, 500));
    dais_queue_end(queue, held);
}

/* Goal: what is given back is the first of its lane again. Method: take two, give them back in
 * turn.
 */
static void test_give_back(void **state)
{
    (void)state;
    for (uint8_t i = 0; i < 3; i++)
        assert_int_equal(put("a", 'x', 1, i, 0), DAIS_OK);
    dais_service_t *service = dais_queue_service(queue, dais_slice_text("a"));
    dais_request_t *first = dais_queue_take(queue, service);
    dais_request_t *second = dais_queue_take(queue, service);
    dais_queue_give_back(queue, second);
    dais_queue_give_back(queue, first);
    for (uint8_t i = 0; i < 3; i++) {
        dais_request_t *request = dais_queue_take(queue, service);
        assert_int_equal(mark_of(request), i);
        dais_queue_end(queue, request);
    }
}

/* Goal: credits, workers and services have their bounds and their rules. Method: each once. */
static void test_staff(void **state)
{
    (void)state;
    dais_worker_t *worker = NULL, *other = NULL;
    dais_slice_t id = dais_slice_text("w"), name = dais_slice_text("s");
    for (unsigned i = 0; i < 5; i++)
        assert_int_equal(dais_staff_ready(staff, id, name, 0, &worker), DAIS_OK);
    assert_int_equal(dais_staff_ready(staff, id, name, 0, &worker), DAIS_ERR_NO_SPACE);
    assert_int_equal(dais_staff_ready(staff, id, dais_slice_text("t"), 0, &other),
                     DAIS_ERR_SENSELESS);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(dais_staff_ready(staff, dais_slice(&"abc"[i], 1), name, 40, &other),
                         DAIS_OK);
    assert_int_equal(dais_staff_ready(staff, dais_slice_text("z"), name, 0, &other),
                     DAIS_ERR_NO_SPACE);
    worker = dais_staff_find(staff, id);
    assert_ptr_equal(dais_staff_next(worker->service), worker);
    assert_int_equal(put("s", 'x', 1, 7, 0), DAIS_OK);
    dais_request_t *request = dais_queue_take(queue, worker->service);
    dais_staff_hold(worker, request);
    assert_ptr_not_equal(dais_staff_next(worker->service), worker); /* the others first */
    assert_null(dais_staff_held(worker, dais_slice_text("ya"), NULL));
    assert_ptr_equal(dais_staff_held(worker, dais_slice_text("xa"), NULL), request);
    assert_ptr_equal(dais_staff_silent(staff, 51), worker);
    assert_null(dais_staff_silent(staff, 50));
    dais_staff_release(worker, request);
    dais_queue_end(queue, request);
    dais_staff_leave(staff, worker);
    assert_int_equal(dais_staff_count(staff), 3);
}

/* Goal: whatever comes in which order, the figures are those of the requests that are there, and
 * bounds hold. Method: random puts, takes, ends and returns beside a plain count. */
static void test_random_walk(void **state)
{
    (void)state;
    static const char *const services[] = {"a", "b", "c/wait"};
    dais_request_t *held[200];
    size_t held_count = 0, waiting_count = 0;
    for (unsigned step = 0; step < 20000; step++) {
        const char *name = services[draw(3)];
        dais_service_t *service = dais_queue_service(queue, dais_slice_text(name));
        unsigned what = draw(4);
        if (what == 0) {
            waiting_count += put(name, (char)('a' + draw(6)), 1 + draw(80), 0, step) == DAIS_OK;
        } else if (what == 1 && service != NULL && held_count < 200) {
            held[held_count] = dais_queue_take(queue, service);
            if (held[held_count] != NULL) {
                held_count++;
                waiting_count--;
            }
        } else if (what >= 2 && held_count > 0) {
            unsigned at = draw((unsigned)held_count);
            if (what == 2) {
                dais_queue_give_back(queue, held[at]);
                waiting_count++;
            } else {
                dais_queue_end(queue, held[at]);
            }
            held[at] = held[--held_count];
        }
        dais_queue_figures_t figures = dais_queue_figures(queue);
        assert_int_equal(figures.waiting_count, waiting_count);
        assert_int_equal(figures.held_count, held_count);
        assert_true(figures.bytes <= limits.bytes_max);
        assert_true(figures.peer_count <= 6 && figures.service_count <= 3);
    }
    while (held_count > 0)
        dais_queue_end(queue, held[--held_count]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_turns, setup, teardown),
        cmocka_unit_test_setup_teardown(test_bounds, setup, teardown),
        cmocka_unit_test_setup_teardown(test_expiry, setup, teardown),
        cmocka_unit_test_setup_teardown(test_give_back, setup, teardown),
        cmocka_unit_test_setup_teardown(test_staff, setup, teardown),
        cmocka_unit_test_setup_teardown(test_random_walk, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
