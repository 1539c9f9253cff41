/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/sample_arena.h"

#include <stdio.h>
#include <stdlib.h>

enum { ARENA_SIZE = 1024 * 1024, ALIGNMENT = 16 };

static struct {
    _Alignas(ALIGNMENT) uint8_t bytes[ARENA_SIZE];
    size_t used;
} arena;

_Noreturn void dais_sample_fail(const char *what, const char *which)
{
    (void)fprintf(stderr, "samples: %s: %s\n", what, which);
    abort();
}

void dais_sample_must(dais_err_t err)
{
    if (err != DAIS_OK)
        dais_sample_fail("a step failed", dais_err_code(err));
}

uint8_t *dais_sample_room(size_t size)
{
    arena.used = (arena.used + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (size > ARENA_SIZE - arena.used)
        dais_sample_must(DAIS_ERR_NO_SPACE);
    uint8_t *room = arena.bytes + arena.used;
    arena.used += size;
    return room;
}

dais_slice_t dais_sample_copy(dais_slice_t bytes)
{
    uint8_t *copy = dais_sample_room(bytes.size);
    if (bytes.size > 0)
        memcpy(copy, bytes.data, bytes.size);
    return dais_slice(copy, bytes.size);
}

dais_writer_t dais_sample_writer(void)
{
    dais_writer_t writer;
    dais_writer_init(&writer, arena.bytes + arena.used, ARENA_SIZE - arena.used);
    return writer;
}

dais_slice_t dais_sample_keep(const dais_writer_t *writer)
{
    dais_slice_t bytes;
    dais_sample_must(dais_writer_finish(writer, &bytes));
    arena.used += bytes.size;
    return bytes;
}

dais_slice_t dais_sample_pack(const dais_shape_t *shape, const void *in)
{
    dais_writer_t writer = dais_sample_writer();
    dais_sample_must(dais_shape_encode(shape, in, &writer));
    return dais_sample_keep(&writer);
}
