/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_BASE_CLOCK_READING_H
#define DAIS_BASE_CLOCK_READING_H

#include "base/clock_guard.h"

/* All that the guard of the clock asks of this machine: both clocks by `clock`, which boot this is
 * (proc_sys_kernel(5), random/boot_id; DAIS_BOOT_ID of the environment where /proc does not show
 * it), and whether the kernel holds its clock to be kept right (adjtimex(2): neither TIME_ERROR nor
 * STA_UNSYNC). CLOCK. */
DAIS_MUST_CHECK dais_err_t dais_clock_reading(const dais_clock_t *clock,
                                              dais_clock_reading_t *reading);

#endif
