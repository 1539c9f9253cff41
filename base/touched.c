/* SPDX-License-Identifier: Apache-2.0 */
#include "base/touched.h"

static _Thread_local const zsock_t *touched[DAIS_TOUCHED_MAX];
static _Thread_local size_t touched_count;
static _Thread_local bool touched_too_many;

void dais_touched(const zsock_t *socket)
{
    for (size_t i = touched_count; i-- > 0;) {
        if (touched[i] == socket)
            return;
    }
    if (touched_count < DAIS_TOUCHED_MAX)
        touched[touched_count++] = socket;
    else
        touched_too_many = true;
}

const zsock_t *const *dais_touched_take(size_t *count)
{
    bool all = touched_too_many;
    *count = touched_count;
    touched_count = 0;
    touched_too_many = false;
    return all ? NULL : touched;
}
