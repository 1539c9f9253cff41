/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/sample.h"

#include "tests/support/sample_arena.h"

void dais_sample_add(dais_sample_list_t *list, const dais_sample_t *sample)
{
    if (list->count + 1 >= DAIS_SAMPLES_MAX)
        dais_sample_fail("no room in the list for", sample->name);
    list->items[list->count++] = *sample;
}

const dais_sample_t *dais_samples(void)
{
    static dais_sample_list_t list;
    if (list.count == 0) {
        dais_sample_add_records(&list);
        dais_sample_add_files(&list);
        dais_sample_add_subjects(&list);
        dais_sample_add_formats(&list);
        dais_sample_add_calls(&list);
    }
    return list.items;
}

const dais_sample_t *dais_sample_find(const char *name)
{
    for (const dais_sample_t *sample = dais_samples(); sample->name != NULL; sample++) {
        if (strcmp(sample->name, name) == 0)
            return sample;
    }
    return NULL;
}
