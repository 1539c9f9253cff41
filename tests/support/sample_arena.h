/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_SUPPORT_SAMPLE_ARENA_H
#define DAIS_TESTS_SUPPORT_SAMPLE_ARENA_H

#include "proto/shape.h"

/* Where the samples lie: one arena, filled once and kept until the program ends. */

/* Aborts with the code: a sample that cannot be made is a bug of the samples. */
void dais_sample_must(dais_err_t err);

/* The same with words of our own. */
_Noreturn void dais_sample_fail(const char *what, const char *which);

uint8_t *dais_sample_room(size_t size);
dais_slice_t dais_sample_copy(dais_slice_t bytes);

/* A writer over what is left of the arena; dais_sample_keep() ends it. One at a time. */
dais_writer_t dais_sample_writer(void);
dais_slice_t dais_sample_keep(const dais_writer_t *writer);

dais_slice_t dais_sample_pack(const dais_shape_t *shape, const void *in);

#endif
