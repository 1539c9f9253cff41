/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_AUDIT_EXIT_H
#define DAIS_AUDIT_EXIT_H

/* What dais-audit exits with. */
enum {
    DAIS_EXIT_PASSED = 0,
    DAIS_EXIT_INTERNAL = 1, /* this machine is at fault: a file cannot be read */
    DAIS_EXIT_USAGE = 2,
    DAIS_EXIT_FAILED = 4, /* what was looked at is at fault */
};

#endif
