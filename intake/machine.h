/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_INTAKE_MACHINE_H
#define DAIS_INTAKE_MACHINE_H

#include "intake/core.h"

/* This machine, with the clock that is given; it outlives the result. */
dais_intake_machine_t dais_intake_machine(const dais_clock_t *clock);

#endif
