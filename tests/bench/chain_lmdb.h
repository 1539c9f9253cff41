/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_BENCH_CHAIN_LMDB_H
#define DAIS_TESTS_BENCH_CHAIN_LMDB_H

#include <stddef.h>

/* Writes records of 1 KiB under rising keys into a new environment in the folder for so long, in
 * commits of so many, each durable before the next begins; prints a line of JSON. */
int chain_lmdb(const char *folder, double seconds_max, size_t per_commit);

#endif
