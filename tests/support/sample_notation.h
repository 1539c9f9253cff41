/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_SUPPORT_SAMPLE_NOTATION_H
#define DAIS_TESTS_SUPPORT_SAMPLE_NOTATION_H

#include "proto/shape.h"

/* Packs one tuple from a short text, its fields in their order:
 *
 *   12              a number
 *   'text'          a line or text
 *   comment         a word of the field's set; `none` is 0
 *   2027-03-01T…Z   a time; 0 is 0
 *   [a b c]         a list
 *   (a b)           a tuple inside a list
 *   $name           an id or a digest (sample_cast.h)
 *   $name@time      the id of a message said at that time
 *   $name.key       the Ed25519 key of a device; $name.box its X25519 key
 *   $mark, $fork    bytes of the sample log: the closing stamp, a checkpoint that forks it
 *   -               nothing
 *
 * The bytes lie in the arena. Aborts if the text does not fit the shape. */
dais_slice_t dais_sample_notation(const dais_shape_t *shape, const char *text);

/* Where $mark and $fork come from; sample_log.c. */
dais_slice_t dais_sample_blob(const char *name);

#endif
