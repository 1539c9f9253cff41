/* SPDX-License-Identifier: Apache-2.0 */
#include "publisher/daemon.h"

int main(int argc, char **argv)
{
    return dais_daemon_main(&dais_publisher_daemon, argc, argv);
}
