/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/measure.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ROUND_NS   1000000 /* at least, of each side in each round */
#define ROUNDS_MAX 1001

volatile uint8_t measure_sink;

static uint64_t cpu_ns(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static double side_ns(const measure_side_t *side, size_t times)
{
    uint64_t start = cpu_ns();
    side->run(times);
    return (double)(cpu_ns() - start) / (double)times;
}

/* How often a side has to run for one round; also warms it up. */
static size_t side_times(const measure_side_t *side)
{
    size_t times = 1;
    while (side_ns(side, times) * (double)times < ROUND_NS)
        times *= 2;
    return times;
}

static int number_compare(const void *a, const void *b)
{
    double first = *(const double *)a;
    double second = *(const double *)b;
    return (first > second) - (first < second);
}

static double median(double *numbers, size_t count)
{
    qsort(numbers, count, sizeof(*numbers), number_compare);
    return numbers[count / 2];
}

void measure_head(size_t rounds)
{
    printf("Medians of %zu rounds; processor time of one thread.\n\n", rounds);
    printf("%-40s %11s %9s  %-26s %11s %6s  %s\n", "ours", "per second", "ns each", "beside",
           "per second", "ratio", "target");
}

static void side_print(const measure_t *measure, size_t side, double ours_ns, double beside_ns,
                       double ratio)
{
    printf("%-40s %11.0f %9.1f  %-26s %11.0f %6.2f", side == 1 ? measure->what : "", 1e9 / ours_ns,
           ours_ns, measure->sides[side].name, 1e9 / beside_ns, ratio);
    if (side == 1 && measure->target > 0)
        printf("  <= %.1f %s", measure->target, ratio <= measure->target ? "met" : "MISSED");
    printf("\n");
}

void measure_print(const measure_t *measure, size_t rounds)
{
    static double ns[MEASURE_SIDES_MAX][ROUNDS_MAX];
    static double ratios[ROUNDS_MAX];
    size_t times[MEASURE_SIDES_MAX];
    size_t sides = 0;
    for (; sides < MEASURE_SIDES_MAX && measure->sides[sides].name != NULL; sides++)
        times[sides] = side_times(&measure->sides[sides]);
    rounds = rounds > ROUNDS_MAX ? ROUNDS_MAX : rounds;
    for (size_t round = 0; round < rounds; round++) {
        for (size_t side = 0; side < sides; side++)
            ns[side][round] = side_ns(&measure->sides[side], times[side]) / measure->units;
    }
    double ratio[MEASURE_SIDES_MAX];
    for (size_t side = 1; side < sides; side++) {
        for (size_t round = 0; round < rounds; round++)
            ratios[round] = ns[0][round] / ns[side][round];
        ratio[side] = median(ratios, rounds);
    }
    double ours_ns = median(ns[0], rounds);
    for (size_t side = 1; side < sides; side++)
        side_print(measure, side, ours_ns, median(ns[side], rounds), ratio[side]);
    (void)fflush(stdout);
}
