/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_seeds FOLDER writes the inputs from which fuzzing began, for each target into a folder of
 * its name: the samples of every format, the least and one chance value of every shape, and those
 * that a person had to think of. Run again after a change of the formats; what is there already is
 * written over, what fuzzing found stays. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "tests/fuzz/seed.h"

static const char *seed_folder;

void seed(const char *target, const char *name, dais_slice_t bytes)
{
    char path[1024];
    (void)snprintf(path, sizeof path, "%s/%s", seed_folder, target);
    (void)mkdir(path, 0777);
    (void)snprintf(path, sizeof path, "%s/%s/%s", seed_folder, target, name);
    FILE *file = fopen(path, "wbe");
    if (file == NULL || fwrite(bytes.data, 1, bytes.size, file) != bytes.size ||
        fclose(file) != 0) {
        perror(path);
        exit(EXIT_FAILURE);
    }
}

void seed_text(const char *target, const char *name, const char *text)
{
    seed(target, name, dais_slice_text(text));
}

void seed_after(const char *target, const char *name, dais_slice_t head, dais_slice_t bytes)
{
    dais_writer_t writer = fuzz_writer(3);
    dais_writer_raw(&writer, head);
    dais_writer_raw(&writer, bytes);
    seed(target, name, dais_slice(writer.buffer, writer.size));
}

void seed_stretched(const char *target, const char *name, size_t size, char filler,
                    dais_slice_t bytes)
{
    const uint8_t head[] = {
        0xc1, '+', (uint8_t)(size >> 16), (uint8_t)(size >> 8), (uint8_t)size, (uint8_t)filler};
    seed_after(target, name, dais_slice(head, sizeof head), bytes);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        (void)fprintf(stderr, "Usage: fuzz_seeds FOLDER\n");
        return 2;
    }
    seed_folder = argv[1];
    seed_samples();
    seed_shapes();
    seed_cursor();
    seed_texts();
    seed_roster();
    seed_submit();
    seed_files();
    seed_signed();
    seed_openings();
    seed_open_files();
    seed_receipts();
    seed_boxes();
    seed_notes();
    seed_trees();
    seed_mdp();
    return EXIT_SUCCESS;
}
