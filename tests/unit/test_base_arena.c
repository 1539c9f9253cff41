/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Goal: what is taken is zero, aligned and apart. Method: pieces of many sizes, each filled, and
 * all looked at again at the end. */
static void test_pieces_are_apart(void **state)
{
    (void)state;
    dais_arena_t arena = {0};
    uint8_t *pieces[400];
    for (size_t i = 0; i < 400; i++) {
        size_t size = i % 7 == 0 ? i * 300 : i;
        pieces[i] = dais_arena_take(&arena, size);
        assert_non_null(pieces[i]);
        assert_int_equal((uintptr_t)pieces[i] % _Alignof(max_align_t), 0);
        for (size_t j = 0; j < size; j++)
            assert_int_equal(pieces[i][j], 0);
        memset(pieces[i], (int)(i & 0xff), size);
    }
    for (size_t i = 1; i < 400; i++)
        assert_int_equal(pieces[i][i % 7 == 0 ? i * 300 - 1 : i - 1], i & 0xff);
    dais_arena_free(&arena);
    assert_null(arena.chunks);
}

/* Goal: a list keeps its items as it grows. Method: 10,000 numbers. */
static void test_list(void **state)
{
    (void)state;
    dais_arena_t arena = {0};
    DAIS_ARENA_LIST(uint64_t) list = {0};
    for (uint64_t i = 0; i < 10000; i++) {
        uint64_t *item = DAIS_ARENA_ADD(&arena, &list);
        assert_non_null(item);
        if (item != NULL)
            *item = i;
    }
    assert_int_equal(list.count, 10000);
    for (uint64_t i = 0; i < list.count; i++)
        assert_int_equal(list.items[i], i);
    dais_arena_free(&arena);
}

/* Goal: copies are copies, of nothing too. Method: change the original. */
static void test_copy(void **state)
{
    (void)state;
    dais_arena_t arena = {0};
    char text[] = "before";
    dais_slice_t copy = dais_arena_copy(&arena, dais_slice_text(text));
    text[0] = 'B';
    assert_memory_equal(copy.data, "before", copy.size);
    assert_int_equal(dais_arena_copy(&arena, dais_slice(NULL, 0)).size, 0);
    dais_arena_free(&arena);
}

/* Goal: too much is refused, and everything after it. Method: a size that cannot be. */
static void test_sticky(void **state)
{
    (void)state;
    dais_arena_t arena = {0};
    assert_null(dais_arena_take(&arena, SIZE_MAX - 8));
    assert_int_equal(arena.err, DAIS_ERR_NO_MEMORY);
    assert_null(dais_arena_take(&arena, 1));
    dais_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pieces_are_apart),
        cmocka_unit_test(test_list),
        cmocka_unit_test(test_copy),
        cmocka_unit_test(test_sticky),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
