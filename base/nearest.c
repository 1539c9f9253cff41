/* SPDX-License-Identifier: Apache-2.0 */
#include "base/nearest.h"

static size_t nearest_min(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t dais_edit_distance(dais_slice_t a, dais_slice_t b)
{
    if (a.size > DAIS_NEAREST_SIZE_MAX || b.size > DAIS_NEAREST_SIZE_MAX)
        return SIZE_MAX;
    /* One row of the table at a time: row[j] is the distance of a[0..i) and b[0..j). */
    size_t row[DAIS_NEAREST_SIZE_MAX + 1];
    for (size_t j = 0; j <= b.size; j++)
        row[j] = j;
    for (size_t i = 1; i <= a.size; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.size; j++) {
            size_t replaced = diagonal + (a.data[i - 1] != b.data[j - 1] ? 1 : 0);
            diagonal = row[j];
            row[j] = nearest_min(replaced, nearest_min(row[j], row[j - 1]) + 1);
        }
    }
    return row[b.size];
}

const char *dais_nearest(dais_slice_t word, const char *const *words, size_t count)
{
    const char *best = NULL;
    size_t best_distance = SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        dais_slice_t candidate = dais_slice_text(words[i]);
        size_t distance = dais_edit_distance(word, candidate);
        size_t near_enough = candidate.size < 6 ? 1 : candidate.size / 3;
        if (distance <= near_enough && distance < best_distance) {
            best = words[i];
            best_distance = distance;
        }
    }
    return best;
}
