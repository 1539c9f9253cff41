/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "audit/show.h"
#include "base/exit.h"
#include "base/nearest.h"
#include "proto/device.h"

static const struct {
    const char *name;
    const char *text;
    int (*run)(int argc, char **argv);
    void (*help)(void);
} verbs[] = {
    {"show", "print as JSON what a file is", dais_show_run, dais_show_help},
};

enum { VERB_COUNT = sizeof verbs / sizeof verbs[0] };

static void help_print(FILE *stream)
{
    (void)fputs("usage: dais-audit VERB ...\n\n"
                "Looks at the record of a cycle from files alone, and trusts none of them.\n\n",
                stream);
    for (size_t i = 0; i < VERB_COUNT; i++)
        (void)fprintf(stream, "  %-8s %s\n", verbs[i].name, verbs[i].text);
    (void)fputs("\nexamples:\n  dais-audit show checkpoint\n  dais-audit show -h\n", stream);
}

static int unknown_verb(const char *name)
{
    const char *names[VERB_COUNT];
    for (size_t i = 0; i < VERB_COUNT; i++)
        names[i] = verbs[i].name;
    const char *nearest = dais_nearest(dais_slice_text(name), names, VERB_COUNT);
    (void)fprintf(stderr, "error[usage]: no verb is called %s\n", name);
    if (nearest != NULL)
        (void)fprintf(stderr, "hint: did you mean %s?\n", nearest);
    else
        (void)fprintf(stderr, "hint: dais-audit -h lists the verbs\n");
    return DAIS_EXIT_USAGE;
}

static int verb_run(int argc, char **argv)
{
    for (size_t i = 0; i < VERB_COUNT; i++) {
        if (strcmp(argv[1], verbs[i].name) == 0)
            return verbs[i].run(argc - 1, argv + 1);
    }
    return unknown_verb(argv[1]);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        help_print(stderr);
        return DAIS_EXIT_USAGE;
    }
    if (strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "--help") == 0) {
        help_print(stdout);
        return DAIS_EXIT_DONE;
    }
    if (dais_crypto_init() != DAIS_OK) {
        (void)fputs("error[crypto]: libsodium cannot start\n", stderr);
        return DAIS_EXIT_FAILED;
    }
    int status = verb_run(argc, argv);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        (void)fputs("error[io]: stdout cannot be written\n", stderr);
        return DAIS_EXIT_FAILED;
    }
    return status;
}
