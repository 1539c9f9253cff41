/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/bench_proto.h"

enum { ROUNDS = 201 };

/* The argument is the number of rounds; a few are enough for a profiler. */
int main(int count, char **arguments)
{
    static world_t world;
    size_t rounds = count > 1 ? strtoul(arguments[1], NULL, 10) : ROUNDS;
    if (rounds == 0) {
        (void)fprintf(stderr, "Usage: bench_proto [ROUNDS]\n");
        return 2;
    }
    world_make(&world, 1, 1);
    bare_start();
    measure_head(rounds);
    bench_records(&world, rounds);
    bench_tree(rounds);
    bench_checks(&world, rounds);
    return 0;
}
