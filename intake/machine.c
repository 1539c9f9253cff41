/* SPDX-License-Identifier: Apache-2.0 */
#include "intake/machine.h"

#include <errno.h>
#include <sys/statvfs.h>

#include "base/clock_reading.h"
#include "base/file.h"

static dais_err_t machine_now(void *context, dais_now_t *now)
{
    return dais_clock_now((const dais_clock_t *)context, now);
}

static dais_err_t machine_reading(void *context, dais_clock_reading_t *reading)
{
    return dais_clock_reading((const dais_clock_t *)context, reading);
}

/* What is left for those without privileges, as the daemon is. */
static dais_err_t machine_disk_free(void *context, const char *folder, uint64_t *bytes)
{
    (void)context;
    struct statvfs disk;
    if (statvfs(folder, &disk) != 0)
        return dais_file_err(errno);
    *bytes = (uint64_t)disk.f_bavail * disk.f_frsize;
    return DAIS_OK;
}

dais_intake_machine_t dais_intake_machine(const dais_clock_t *clock)
{
    return (dais_intake_machine_t){.now = machine_now,
                                   .reading = machine_reading,
                                   .disk_free = machine_disk_free,
                                   .context = (void *)(uintptr_t)clock};
}
