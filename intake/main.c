/* SPDX-License-Identifier: Apache-2.0 */
#include "intake/daemon.h"

int main(int argc, char **argv)
{
    return dais_daemon_main(&dais_intake_daemon, argc, argv);
}
