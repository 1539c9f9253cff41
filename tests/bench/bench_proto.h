/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_BENCH_BENCH_PROTO_H
#define DAIS_TESTS_BENCH_BENCH_PROTO_H

#include "tests/bench/bare.h"
#include "tests/bench/measure.h"
#include "tests/support/world.h"

/* Each makes what it measures out of this world, and prints its part of the table. */
void bench_records(const world_t *world, size_t rounds);
void bench_tree(size_t rounds);
void bench_checks(const world_t *world, size_t rounds);

#endif
