/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "base/args.h"
#include "base/exit.h"
#include "proto/device.h"
#include "publisher/command_render.h"

static const char *const publisher_examples[] = {
    "dais-publisher render --key log.key --site site dialogue.export", "dais-publisher -h", NULL};

int main(int argc, char **argv)
{
    const dais_command_t verbs[] = {dais_render_command, {.name = NULL}};
    const dais_command_t publisher = {
        .name = "dais-publisher",
        .text = "publish what is open of a cycle",
        .about = "Makes the pages of a cycle from what is open to the public and nothing else.",
        .commands = verbs,
        .examples = publisher_examples};
    if (dais_crypto_init() != DAIS_OK) {
        (void)fputs("error[crypto]: libsodium cannot start\n", stderr);
        return DAIS_EXIT_FAILED;
    }
    return dais_args_main(&publisher, argc, argv, NULL);
}
