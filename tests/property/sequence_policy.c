/* SPDX-License-Identifier: Apache-2.0
 *
 * Policies of the tree with single values changed. */
#include <stdlib.h>

#include "proto/limits.h"
#include "tests/property/sequence.h"

/* One file is read at a time; it is kept, since thousands of sequences ask for the same few. */
static const char *policy_read(const char *name)
{
    static struct {
        char name[64];
        char text[DAIS_LIMIT_POLICY];
    } files[8];
    char path[512];
    unsigned n = 0;
    while (n < 8 && files[n].name[0] != 0 && strcmp(files[n].name, name) != 0)
        n++;
    if (n == 8)
        abort();
    if (files[n].name[0] != 0)
        return files[n].text;
    (void)snprintf(path, sizeof path, "%s/policies/%s.zpl", DAIS_SOURCE_DIR, name);
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        (void)fprintf(stderr, "no policy %s\n", path);
        abort();
    }
    size_t size = fread(files[n].text, 1, sizeof files[n].text - 1, file);
    files[n].text[size] = 0;
    (void)fclose(file);
    (void)snprintf(files[n].name, sizeof files[n].name, "%s", name);
    return files[n].text;
}

static const char *policy_changed(const sequence_t *sequence, const char *line, size_t size)
{
    const char *value = NULL;
    for (unsigned i = 0; i < sequence->change_count; i++)
        if (strlen(sequence->changes[i].key) == size &&
            memcmp(sequence->changes[i].key, line, size) == 0)
            value = sequence->changes[i].value; /* The last one counts. */
    return value;
}

/* A section opens with a line that is not indented; its value is a line of its own. */
dais_slice_t sequence_policy(const sequence_t *sequence, char *buffer)
{
    const char *value = NULL;
    size_t used = 0;
    for (const char *line = policy_read(sequence->policy); *line != 0;) {
        const char *end = strchrnul(line, '\n');
        size_t size = (size_t)(end - line);
        bool opens = size > 0 && line[0] != ' ' && line[0] != '#';
        if (opens)
            value = policy_changed(sequence, line, size);
        bool is_old = value != NULL && strncmp(line, "    value", 9) == 0;
        bool is_unset = value != NULL && strncmp(line, "    confirmed = unset", 21) == 0;
        if (is_unset)
            used += (size_t)snprintf(buffer + used, DAIS_LIMIT_POLICY - used,
                                     "    confirmed = assumed\n");
        else if (!is_old)
            used += (size_t)snprintf(buffer + used, DAIS_LIMIT_POLICY - used, "%.*s\n", (int)size,
                                     line);
        if (opens && value != NULL)
            used += (size_t)snprintf(buffer + used, DAIS_LIMIT_POLICY - used,
                                     "    value = \"%s\"\n", value);
        line = *end == 0 ? end : end + 1;
    }
    return dais_slice(buffer, used);
}
