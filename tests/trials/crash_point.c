/* SPDX-License-Identifier: Apache-2.0
 *
 * DAIS_CRASH_POINT=name:n ends the process the n-th time it comes by that point, with nothing
 * written, flushed or said any more. */
#include "base/crash_point.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

void dais_crash_point(const char *name)
{
    static unsigned long passed;
    const char *wanted = getenv("DAIS_CRASH_POINT");
    size_t size = strlen(name);
    if (wanted == NULL || strncmp(wanted, name, size) != 0 || wanted[size] != ':')
        return;
    if (++passed == strtoul(wanted + size + 1, NULL, 10))
        (void)raise(SIGKILL);
}
