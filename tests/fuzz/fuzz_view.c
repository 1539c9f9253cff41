/* SPDX-License-Identifier: Apache-2.0
 *
 * The JSON view, which people see of whatever file they name: any record is shown or refused as its
 * decoder says, and what is shown is one line of JSON that begins with the record's type. This is
 * the one target that allocates: so does what it tests.
 *
 * Input: a record, signed or not. */
#include <stdlib.h>

#include "proto/signed.h"
#include "proto/view.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/shapes.h"

/* Whether the bytes are a record, or one with a signature behind it. */
static bool is_record(const dais_shape_t *shape, dais_slice_t bytes)
{
    shapes_any_t any;
    dais_slice_t rest;
    if (shape == NULL || dais_shape_decode_first(shape, bytes, &any, &rest).err != DAIS_OK)
        return false;
    return rest.size == 0 || rest.size == DAIS_SIGNATURE_SIZE;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    json_t *view = NULL;
    dais_slice_t bytes = fuzz_input(data, size);
    const dais_shape_t *shape = dais_shape_of(bytes);
    dais_fault_t fault = dais_view_record(bytes, &view);
    fuzz_check_fault(fault, bytes);
    assert(fault.err != DAIS_OK || is_record(shape, bytes));
    if (fault.err != DAIS_OK)
        return 0;
    char *text = json_dumps(view, JSON_COMPACT);
    assert(text != NULL && strchr(text, '\n') == NULL);
    const char *type = json_string_value(json_object_get(view, "type"));
    assert(type != NULL && strcmp(type, shape->name) == 0);
    static const char head[] = "{\"type\":\"";
    assert(strncmp(text, head, sizeof head - 1) == 0);
    free(text);
    json_decref(view);
    return 0;
}
