/* SPDX-License-Identifier: Apache-2.0 */
#include "office/which_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define HEAD_MAX 32

static const struct {
    const char *head;
    const char *is;
} which_files[] = {
    {DAIS_WHICH_SECRET, "this is a secret (NAME.secret), and what is wanted here is "},
    {DAIS_WHICH_IDENTITY, "this is a public identity (NAME.identity), and what is wanted here is "},
    {DAIS_WHICH_CYCLE_KEYS, "these are public keys of a cycle, and what is wanted here is "},
};

static const char *which_sentence(const char *is, const char *wanted)
{
    static char text[160]; /* one thread, one message */
    const char *what = "a genesis, as dais cycle draft wrote it";
    if (strcmp(wanted, DAIS_WHICH_SECRET) == 0)
        what = "the device's secret, NAME.secret of dais keygen";
    else if (strcmp(wanted, DAIS_WHICH_IDENTITY) == 0)
        what = "the public identity, NAME.identity of dais keygen";
    else if (strcmp(wanted, DAIS_WHICH_CYCLE_KEYS) == 0)
        what = "what dais-registry cycle prepare wrote";
    (void)snprintf(text, sizeof text, "%s%s", is, what);
    return text;
}

const char *dais_which_file(const char *path, const char *wanted)
{
    char head[HEAD_MAX];
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return NULL;
    ssize_t got = read(fd, head, sizeof head);
    (void)close(fd);
    for (size_t i = 0; i < sizeof which_files / sizeof which_files[0]; i++) {
        size_t size = strlen(which_files[i].head);
        if (got > (ssize_t)size && memcmp(head, which_files[i].head, size) == 0 &&
            head[size] == '\n' && strcmp(which_files[i].head, wanted) != 0)
            return which_sentence(which_files[i].is, wanted);
    }
    return NULL;
}
