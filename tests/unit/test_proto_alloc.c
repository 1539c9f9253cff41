/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <dirent.h>

#include "proto/message.h"
#include "tests/unit/assert_fault.h"
#include "tests/unit/shapes.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define MALLOC_IS_TAKEN
#endif
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define MALLOC_IS_TAKEN
#endif

/* How often the process has asked for memory since it began. Volatile, since an optimising compiler
 * believes that no malloc touches a variable of ours, and would take the count for unchanged. */
static volatile size_t allocation_count;

#ifndef MALLOC_IS_TAKEN
/* The program's own definitions are found before the library's, by the libraries as well. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

void *malloc(size_t size)
{
    allocation_count++;
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    allocation_count++;
    return __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
    allocation_count++;
    return __libc_realloc(memory, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    allocation_count++;
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size)
{
    allocation_count++;
    *memory = __libc_memalign(alignment, size);
    return *memory == NULL ? 12 : 0; /* ENOMEM */
}
#endif

static size_t accepted_count;

/* Everything that reads untrusted bytes by the cursor: a value, a message, an own record, and the
 * shape that the domain names or the one given. */
static void read_all(dais_slice_t bytes, const dais_shape_t *shape)
{
    dais_reader_t reader;
    dais_reader_init(&reader, bytes);
    (void)dais_reader_any(&reader);
    accepted_count += dais_reader_finish(&reader).err == DAIS_OK;
    const dais_shape_t *said = dais_shape_of(bytes);
    shapes_any_t any;
    dais_slice_t rest;
    const dais_kind_t *kind;
    accepted_count += dais_shape_decode(said == NULL ? shape : said, bytes, &any).err == DAIS_OK;
    accepted_count += dais_shape_decode_first(shape, bytes, &any, &rest).err == DAIS_OK;
    accepted_count += dais_message_decode(bytes, &any.message_, &kind).err == DAIS_OK;
    accepted_count += dais_own_decode(bytes, &any.own_, &kind).err == DAIS_OK;
}

static size_t shape_count(void)
{
    size_t count = 0;
    while (dais_shapes[count] != NULL)
        count++;
    return count;
}

static void report(const char *what, size_t inputs, size_t before)
{
    size_t allocated = allocation_count - before;
    print_message("%s: %zu inputs, %zu accepted readings, %zu allocations\n", what, inputs,
                  accepted_count, allocated);
    assert_int_equal(allocated, 0);
    accepted_count = 0;
}

/* Goal: the counter counts, or nothing below says anything. Method: one of each call, and by
 * libraries of the program. */
static void test_the_counter_counts(void **state)
{
    (void)state;
    size_t before = allocation_count;
    void *volatile memory = malloc(10);
    memory = realloc(memory, 20);
    free(memory);
    memory = calloc(1, 10);
    free(memory);
    assert_int_equal(allocation_count - before, 3);
    memory = strdup("by the C library");
    free(memory);
    assert_int_equal(allocation_count - before, 4);
}

/* Goal: five bytes that announce gigabytes cost nothing. Method: they are read by everything, for
 * every shape, alone and inside a record. */
static void test_huge_announcements(void **state)
{
    (void)state;
    static const uint8_t huge[] = {0xdd, 0x10, 0x00, 0x00, 0x00};
    size_t before = allocation_count;
    for (size_t i = 0; dais_shapes[i] != NULL; i++) {
        read_all(dais_slice(huge, sizeof huge), dais_shapes[i]);
        dais_slice_t bytes = shapes_make(dais_shapes[i], 0);
        for (size_t at = 0; at + sizeof huge <= bytes.size; at++) {
            memcpy(shapes_again, bytes.data, bytes.size);
            memcpy(shapes_again + at, huge, sizeof huge);
            read_all(dais_slice(shapes_again, bytes.size), dais_shapes[i]);
        }
    }
    report("huge announcements", shape_count(), before);
}

/* Goal: no input whatever makes the readers allocate. Method: bytes by chance, begun like an array
 * as often as not. */
static void test_random_inputs(void **state)
{
    (void)state;
    size_t shapes = shape_count();
    assert(shapes > 0);
    size_t before = allocation_count;
    size_t count = shapes_count(1000000);
    generate_t g = generate_begin(GENERATE_RANDOM, 1, NULL, 0);
    for (size_t i = 0; i < count; i++) {
        uint8_t bytes[256];
        size_t size = (size_t)generate_below(&g, sizeof bytes + 1);
        for (size_t at = 0; at < size; at++)
            bytes[at] = (uint8_t)generate_u64(&g);
        if (size > 0 && generate_below(&g, 2) == 0)
            bytes[0] = (uint8_t)(0x90 + generate_below(&g, 16));
        read_all(dais_slice(bytes, size), dais_shapes[i % shapes]);
    }
    report("random bytes", count, before);
}

/* Goal: nor does anything near to a good record. Method: good ones of each shape with up to four
 * bytes changed or cut off. */
static void test_mutated_records(void **state)
{
    (void)state;
    size_t shapes = shape_count();
    assert(shapes > 0);
    size_t before = allocation_count;
    size_t count = shapes_count(1000000);
    generate_t g = generate_begin(GENERATE_RANDOM, 2, NULL, 0);
    for (size_t i = 0; i < count; i++) {
        const dais_shape_t *shape = dais_shapes[i % shapes];
        dais_slice_t bytes = shapes_make(shape, 2 + i);
        for (uint64_t n = generate_below(&g, 5); n > 0; n--)
            shapes_bytes[generate_below(&g, bytes.size)] = (uint8_t)generate_u64(&g);
        if (generate_below(&g, 4) == 0)
            bytes.size = (size_t)generate_below(&g, bytes.size);
        read_all(bytes, shape);
    }
    report("mutated records", count, before);
}

static size_t corpus_folder_read(const char *target, size_t *inputs)
{
    char path[1024];
    (void)snprintf(path, sizeof path, "%s/tests/fuzz/corpus/%s", DAIS_SOURCE_DIR, target);
    DIR *folder = opendir(path);
    size_t allocated = 0;
    if (folder == NULL)
        return 0;
    for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        char name[sizeof path + sizeof entry->d_name];
        (void)snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        FILE *file = entry->d_name[0] == '.' ? NULL : fopen(name, "rbe");
        if (file == NULL)
            continue;
        size_t size = fread(shapes_bytes, 1, sizeof shapes_bytes, file);
        (void)fclose(file);
        size_t before = allocation_count;
        for (size_t i = 0; dais_shapes[i] != NULL; i++)
            read_all(dais_slice(shapes_bytes, size), dais_shapes[i]);
        allocated += allocation_count - before;
        ++*inputs;
    }
    (void)closedir(folder);
    return allocated;
}

/* Goal: nor does any input that fuzzing has found worth keeping. Method: the corpora of the targets
 * that read records, through every shape. */
static void test_corpora(void **state)
{
    (void)state;
    static const char *const targets[] = {"cursor",  "record", "message", "parcel",
                                          "opening", "sealed", "export",  "receipts"};
    size_t inputs = 0;
    size_t allocated = 0;
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++)
        allocated += corpus_folder_read(targets[i], &inputs);
    print_message("corpora: %zu inputs, %zu accepted readings, %zu allocations\n", inputs,
                  accepted_count, allocated);
    assert_int_equal(allocated, 0);
    assert_true(inputs > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_counter_counts),
        cmocka_unit_test(test_huge_announcements),
        cmocka_unit_test(test_random_inputs),
        cmocka_unit_test(test_mutated_records),
        cmocka_unit_test(test_corpora),
    };
#ifdef MALLOC_IS_TAKEN
    (void)tests;
    (void)printf("skipped: a sanitizer owns malloc\n");
    return 77;
#else
    return cmocka_run_group_tests(tests, NULL, NULL);
#endif
}
