/* SPDX-License-Identifier: Apache-2.0
 *
 * Runs a fuzz target over files and the files of folders, without libFuzzer: in the builds of gcc,
 * of valgrind and of the coverage. Exits with 1 if there is nothing to run. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "tests/fuzz/fuzz.h"

/* Mutators are linked and never run here. */
/* NOLINTNEXTLINE(readability-non-const-parameter): the form is libFuzzer's */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t size_max)
{
    (void)data;
    (void)size;
    (void)size_max;
    abort();
}

static size_t input_count;

static bool file_run(const char *path)
{
    FILE *file = fopen(path, "rbe");
    uint8_t *bytes = malloc(FUZZ_INPUT_MAX);
    bool read = file != NULL && bytes != NULL;
    if (read) {
        size_t size = fread(bytes, 1, FUZZ_INPUT_MAX, file);
        read = ferror(file) == 0;
        /* A copy of its own size, so that a read behind its end is seen. */
        uint8_t *exact = read ? malloc(size > 0 ? size : 1) : NULL;
        if (exact != NULL) {
            memcpy(exact, bytes, size);
            (void)LLVMFuzzerTestOneInput(exact, size);
            input_count++;
        }
        read = read && exact != NULL;
        free(exact);
    }
    if (!read)
        (void)fprintf(stderr, "%s: cannot be read\n", path);
    if (file != NULL)
        (void)fclose(file);
    free(bytes);
    return read;
}

static bool path_run(const char *path)
{
    struct stat status;
    if (stat(path, &status) == 0 && !S_ISDIR(status.st_mode))
        return file_run(path);
    DIR *folder = opendir(path);
    bool good = folder != NULL;
    if (!good)
        (void)fprintf(stderr, "%s: cannot be opened\n", path);
    for (const struct dirent *entry = NULL; good && (entry = readdir(folder)) != NULL;) {
        char name[4096];
        int size = snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        good = size > 0 && (size_t)size < sizeof name;
        if (good && entry->d_name[0] != '.')
            good = file_run(name);
    }
    if (folder != NULL)
        (void)closedir(folder);
    return good;
}

int main(int argc, char **argv)
{
    bool good = true;
    (void)LLVMFuzzerInitialize(&argc, &argv);
    for (int i = 1; i < argc; i++)
        good = path_run(argv[i]) && good;
    (void)printf("%zu inputs\n", input_count);
    return good && input_count > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
