/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_BENCH_MEASURE_H
#define DAIS_TESTS_BENCH_MEASURE_H

#include <stddef.h>
#include <stdint.h>

/* Measures one thing beside others that do less: the bare library calls under it. All sides run in
 * turn, round by round, so that a slow moment of the machine hits them alike; each round gives one
 * ratio, and the median of the ratios is the result. Time is the processor time of this thread. */

#define MEASURE_SIDES_MAX 3

typedef struct {
    const char *name;
    void (*run)(size_t times);
} measure_side_t;

typedef struct {
    const char *what;
    const char *unit;                        /* what is counted, in the singular */
    double units;                            /* of them in one time of run() */
    measure_side_t sides[MEASURE_SIDES_MAX]; /* ours first; a null name ends them */
    double target;                           /* highest ratio of ours to the second; 0: none */
} measure_t;

/* Measures over this many rounds, an odd number, and prints a line for each side beside ours. */
void measure_print(const measure_t *measure, size_t rounds);

void measure_head(size_t rounds);

/* What a run() computes goes here, so that no compiler leaves it out. */
extern volatile uint8_t measure_sink;

#endif
