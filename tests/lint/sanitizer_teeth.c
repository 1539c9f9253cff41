/* SPDX-License-Identifier: Apache-2.0
 *
 * Faults on demand, one for each kind that the sanitizers and valgrind are there to find. A run
 * that is not stopped means that they see nothing here, and that their silence about the other
 * tests means nothing. */
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Volatile, so that no fault is seen by the compiler and optimised away. */
static void *volatile teeth_block;
static volatile int teeth_one = 1;

static int teeth_leak(void)
{
    teeth_block = malloc(16);
    teeth_block = NULL;
    return 0;
}

static int teeth_overflow(void)
{
    teeth_block = calloc(16, 1);
    if (teeth_block == NULL)
        return 0;
    volatile uint8_t *bytes = teeth_block;
    volatile int past = bytes[15 + teeth_one];
    (void)past;
    free(teeth_block);
    return 0;
}

static int teeth_undefined(void)
{
    volatile int beyond = INT_MAX - 1 + teeth_one;
    beyond = beyond + teeth_one;
    return 0;
}

static int teeth_uninitialised(void)
{
    teeth_block = malloc(16);
    if (teeth_block == NULL)
        return 0;
    const volatile uint8_t *bytes = teeth_block;
    int is_odd = bytes[3] & 1; /* NOLINT(clang-analyzer-core.UndefinedBinaryOperatorResult) */
    if (is_odd)                /* The jump is what valgrind reports. */
        (void)puts("odd");
    free(teeth_block);
    return 0;
}

static const struct {
    const char *name;
    int (*run)(void);
} teeth_faults[] = {
    {"leak", teeth_leak},
    {"overflow", teeth_overflow},
    {"undefined", teeth_undefined},
    {"uninitialised", teeth_uninitialised},
};

int main(int argc, char **argv)
{
    for (size_t i = 0; argc == 2 && i < sizeof teeth_faults / sizeof teeth_faults[0]; i++)
        if (strcmp(argv[1], teeth_faults[i].name) == 0)
            return teeth_faults[i].run();
    (void)fputs("use: sanitizer_teeth leak|overflow|undefined|uninitialised\n", stderr);
    return 2;
}
