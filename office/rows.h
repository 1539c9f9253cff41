/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_OFFICE_ROWS_H
#define DAIS_OFFICE_ROWS_H

#include <jansson.h>

#include "proto/shape.h"

/* A tuple of an answer as an object of this type: every field under its name, as proto/view.h
 * shows values. Ids and hashes that are all zero, and times that are 0, are null: nobody told. */
json_t *dais_row_object(const char *type, const dais_shape_t *shape, const void *tuple);

/* Appends every element of a list as such an object. */
void dais_rows_append(json_t *rows, const char *type, const dais_list_t *list,
                      const dais_shape_t *element);

#endif
