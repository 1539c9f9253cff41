/* SPDX-License-Identifier: Apache-2.0 */
#include "base/nearest.h"

static size_t nearest_min(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Whether the last two bytes of a[0..i) and b[0..j) are each other's, the wrong way round. */
static bool nearest_swapped(dais_slice_t a, dais_slice_t b, size_t i, size_t j)
{
    return i > 1 && j > 1 && a.data[i - 1] == b.data[j - 2] && a.data[i - 2] == b.data[j - 1];
}

size_t dais_edit_distance(dais_slice_t a, dais_slice_t b)
{
    if (a.size > DAIS_NEAREST_SIZE_MAX || b.size > DAIS_NEAREST_SIZE_MAX)
        return SIZE_MAX;
    /* Three rows of the table: row[i][j] is the distance of a[0..i) and b[0..j). */
    size_t rows[3][DAIS_NEAREST_SIZE_MAX + 1];
    for (size_t j = 0; j <= b.size; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a.size; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i - 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= b.size; j++) {
            size_t replaced = above[j - 1] + (a.data[i - 1] != b.data[j - 1] ? 1 : 0);
            row[j] = nearest_min(replaced, nearest_min(above[j], row[j - 1]) + 1);
            if (nearest_swapped(a, b, i, j))
                row[j] = nearest_min(row[j], rows[(i - 2) % 3][j - 2] + 1);
        }
    }
    return rows[a.size % 3][b.size];
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
