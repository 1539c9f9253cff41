/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_BASE_CRASH_POINT_H
#define DAIS_BASE_CRASH_POINT_H

/* Places where a fault trial may end the process at once, as by SIGKILL: between two steps whose
 * order matters. Only in programs that are built for trials (tests/trials); else they are
 * nothing. */
#ifdef DAIS_TRIALS
void dais_crash_point(const char *name);
#define DAIS_CRASH_POINT(name) dais_crash_point(name)
#else
#define DAIS_CRASH_POINT(name) ((void)0)
#endif

#endif
