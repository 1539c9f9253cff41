/* SPDX-License-Identifier: Apache-2.0
 *
 * A disk that fails under a batch: each write and each sync of the store and of the fork guard in
 * turn, once and for ever after. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <sys/uio.h>

#include "registry/service.h"
#include "tests/unit/fault.h"
#include "tests/unit/registry_cycle.h"

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at)
{
    return fault_hits("pwrite") ? -1 : FAULT_REAL(pwrite)(fd, bytes, size, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t at)
{
    return fault_hits("pwrite") ? -1 : FAULT_REAL(pwrite64)(fd, bytes, size, at);
}

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t at)
{
    return fault_hits("pwrite") ? -1 : FAULT_REAL(pwritev)(fd, parts, count, at);
}

ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t at)
{
    return fault_hits("pwrite") ? -1 : FAULT_REAL(pwritev64)(fd, parts, count, at);
}

ssize_t write(int fd, const void *bytes, size_t size)
{
    return fault_hits("write") ? -1 : FAULT_REAL(write)(fd, bytes, size);
}

ssize_t writev(int fd, const struct iovec *parts, int count)
{
    return fault_hits("writev") ? -1 : FAULT_REAL(writev)(fd, parts, count);
}

int fdatasync(int fd)
{
    return fault_hits("fdatasync") ? -1 : FAULT_REAL(fdatasync)(fd);
}

static unsigned reply_count;

static void reply(void *context, dais_request_t request, dais_slice_t body)
{
    (void)context;
    (void)request;
    (void)body;
    reply_count++;
}

/* One batch of one hand-over, at which the n-th write or sync fails. True if it came to that. */
static bool batch_fails(unsigned n, bool for_ever, dais_slice_t body)
{
    dais_service_t *service;
    dais_service_options_t options = {.cycle = world.cycle, .reply = reply};
    world_must(dais_service_create(&options, &service));
    reply_count = 0;
    world_must(dais_service_request(service, (dais_request_t){1, 1}, body, 0));
    fault_set("*", n, EIO);
    fault.for_ever = for_ever;
    dais_err_t err = dais_service_run(service);
    bool fired = fault.fired > 0;
    fault_clear();
    assert_int_equal(err == DAIS_OK, !fired);
    assert_int_equal(reply_count, fired ? 0 : 1);
    dais_service_destroy(&service);
    return fired;
}

/* Fails the first call, the second, and so on until none is left; starts anew each time, checks,
 * and hands the same stamp over again. */
static void campaign(bool for_ever)
{
    static uint8_t packed[65536];
    bool fails = true;
    unsigned n = 0;
    for (; fails; n++) {
        uint64_t before = size();
        world_bundle_t bundle = bundle_of("office", 2);
        dais_hand_over_t hand_over = world_stamp(&world, "ia", T0 + 1 + n, &bundle, 1);
        dais_writer_t writer;
        dais_writer_init(&writer, packed, sizeof packed);
        world_must(dais_shape_encode(&dais_shape_hand_over, &hand_over, &writer));
        fails = batch_fails(n, for_ever, dais_slice(packed, writer.size));
        world_must(world_reopen(&world));
        assert_true(size() == before || size() == before + 2);
        dais_take_t take = world_hand_over(&world, &hand_over);
        world_must(take.err);
        assert_int_equal(size(), before + 2);
        assert_true(n < 100);
    }
    assert_true(n > 4); /* pages, their sync, the root page, the guard, its sync */
    world_verify(&world);
}

/* Goal: after a write or sync that failed nobody is answered, and the next process finds a log that
 * goes on: the bundle is in it once, whichever call failed. Method: the campaign, one failure at a
 * time. */
static void test_fails_once(void **state)
{
    (void)state;
    campaign(false);
}

/* Goal: the same where the disk does not recover. Method: the campaign, with every call after the
 * first failing too. */
static void test_fails_for_ever(void **state)
{
    (void)state;
    campaign(true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_WORLD(test_fails_once),
        IN_WORLD(test_fails_for_ever),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
