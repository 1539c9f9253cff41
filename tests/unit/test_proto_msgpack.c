/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/agree.h"
#include "tests/unit/assert_fault.h"
#include "tests/unit/shapes.h"

static msgpack_zone zone;

static int zone_make(void **state)
{
    (void)state;
    return msgpack_zone_init(&zone, MSGPACK_ZONE_CHUNK_SIZE) ? 0 : -1;
}

static int zone_end(void **state)
{
    (void)state;
    msgpack_zone_destroy(&zone);
    return 0;
}

/* Goal: msgpack-c's unpacker agrees with the cursor on every accepted record: types, numbers, bytes
 * and where it ends. Method: the least, the most, and records by chance of every shape. */
static void test_unpacker_agrees_on_records(void **state)
{
    (void)state;
    size_t count = 0;
    for (size_t i = 0; dais_shapes[i] != NULL; i++) {
        for (uint64_t seed = 0; seed < shapes_count(1000); seed++, count++) {
            dais_slice_t bytes = shapes_make(dais_shapes[i], seed);
            assert_fault(dais_shape_check(dais_shapes[i], bytes), DAIS_OK, 0);
            assert_true(agree(bytes, &zone));
        }
    }
    print_message("records on which both agree: %zu\n", count);
}

/* Whether the cursor takes the bytes as one value; if so, the unpacker has to agree. */
static bool accepted(dais_slice_t bytes)
{
    dais_reader_t reader;
    dais_reader_init(&reader, bytes);
    (void)dais_reader_any(&reader);
    if (dais_reader_finish(&reader).err != DAIS_OK)
        return false;
    assert_true(agree(bytes, &zone));
    return true;
}

/* Goal: it agrees on every value that the cursor accepts, not only on records. Method: all inputs
 * of one and two bytes, values by chance, and those with a byte changed. */
static void test_unpacker_agrees_on_values(void **state)
{
    (void)state;
    size_t count = 0;
    for (unsigned bytes = 0; bytes < 1U << 16; bytes++) {
        uint8_t both[] = {(uint8_t)(bytes >> 8), (uint8_t)bytes};
        count += accepted(dais_slice(both, 1)) + accepted(dais_slice(both, 2));
    }
    for (uint64_t seed = 0; seed < shapes_count(100000); seed++) {
        generate_t g = generate_begin(GENERATE_RANDOM, seed, shapes_bytes, sizeof shapes_bytes);
        generate_value(&g, DAIS_READER_DEPTH_MAX);
        dais_slice_t value = dais_slice(shapes_bytes, g.size);
        assert_true(accepted(value));
        shapes_bytes[generate_below(&g, value.size)] = (uint8_t)generate_u64(&g);
        count += 1 + accepted(value);
    }
    print_message("values on which both agree: %zu\n", count);
}

/* Whether the unpacker gets along with so much address space more than the process has. */
static bool unpacks_within(const char *bytes, size_t size, size_t space_bytes)
{
    pid_t child = fork();
    if (child == 0) {
        long pages = 0;
        FILE *statm = fopen("/proc/self/statm", "r");
        if (statm == NULL || fscanf(statm, "%ld", &pages) != 1) /* NOLINT(cert-err34-c) */
            _exit(2);
        size_t used = (size_t)pages * (size_t)sysconf(_SC_PAGESIZE);
        const struct rlimit limit = {used + space_bytes, used + space_bytes};
        size_t offset = 0;
        msgpack_object object;
        if (setrlimit(RLIMIT_AS, &limit) != 0)
            _exit(2);
        msgpack_unpack_return result = msgpack_unpack(bytes, size, &offset, &zone, &object);
        _exit(result == MSGPACK_UNPACK_NOMEM_ERROR ? 1 : 0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) < 2);
    return WEXITSTATUS(status) == 0;
}

/* Goal: remember why untrusted bytes never reach the unpacker: five of them make it reserve
 * gigabytes. If this fails, the unpacker has got a limit, and the cursor can be thought over.
 * Method: unpack them in a child whose address space may grow by 1 GiB: it runs out of memory,
 * where an array of three elements does not; the cursor refuses them at once. */
static void test_pitfall_msgpack_unpacker(void **state)
{
    (void)state;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    print_message("skipped: a sanitizer owns malloc\n");
    skip();
#endif
    assert_true(unpacks_within("\x93\x01\x02\x03", 4, (size_t)1 << 30));
    assert_false(unpacks_within("\xdd\x10\x00\x00\x00", 5, (size_t)1 << 30));
    assert_false(accepted(dais_slice("\xdd\x10\x00\x00\x00", 5)));
}

/* Goal: remember two more liberties of the unpacker that the cursor does not take: long forms, and
 * bytes behind the value. Method: one of each. */
static void test_pitfall_msgpack_liberties(void **state)
{
    (void)state;
    static const char *const liberties[] = {"\xcc\x01", "\xdc\x00\x01\x07", "\x07\x08"};
    static const size_t sizes[] = {2, 4, 2};
    for (size_t i = 0; i < 3; i++) {
        size_t offset = 0;
        msgpack_object object;
        msgpack_unpack_return result =
            msgpack_unpack(liberties[i], sizes[i], &offset, &zone, &object);
        assert_true(result == MSGPACK_UNPACK_SUCCESS || result == MSGPACK_UNPACK_EXTRA_BYTES);
        msgpack_zone_clear(&zone);
        assert_false(accepted(dais_slice(liberties[i], sizes[i])));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_unpacker_agrees_on_records),
        cmocka_unit_test(test_unpacker_agrees_on_values),
        cmocka_unit_test(test_pitfall_msgpack_unpacker),
        cmocka_unit_test(test_pitfall_msgpack_liberties),
    };
    return cmocka_run_group_tests(tests, zone_make, zone_end);
}
