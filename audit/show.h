/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_AUDIT_SHOW_H
#define DAIS_AUDIT_SHOW_H

/* The verb `show FILE`: what a file of ours is, as JSON on stdout. An exported log gives one
 * object a line. argv[0] is the verb; returns the exit status. */
int dais_show_run(int argc, char **argv);

/* Its help, on stdout. */
void dais_show_help(void);

#endif
