/* SPDX-License-Identifier: Apache-2.0
 *
 * A zone is a list of instants from which on an offset holds, and a rule for after the last of
 * them. A file has it twice: first with 32-bit times, for readers of the years before 2005, which
 * are skipped, then with 64-bit times and the rule as its last line. Everything is bounded and
 * checked while it is read, so that asking cannot fail. */
#include "base/zone.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/zone_rule.h"

#define FILE_SIZE_MAX    65536
#define VERSION_SIZE_MAX ((size_t)1024 * 1024)
#define HEADER_SIZE      44
#define TYPE_SIZE        6
#define CHANGES_MAX      4096
#define TYPES_MAX        256
#define OFFSET_MAX_S     (26 * 3600)
#define TWO_DAYS_S       INT64_C(172800)

typedef struct {
    int64_t at_s;
    int32_t offset_s;
} zone_step_t;

struct dais_zone {
    int32_t first_s; /* before the first step */
    bool has_rule;
    dais_zone_rule_t rule;
    size_t count;
    zone_step_t steps[];
};

/* The six counts of a header, in its order. */
typedef struct {
    uint32_t utc, standard, leaps, times, types, letters;
} zone_counts_t;

static uint64_t zone_number(const uint8_t *at, unsigned size)
{
    uint64_t number = 0;
    for (unsigned i = 0; i < size; i++)
        number = number << 8 | at[i];
    return number;
}

static bool zone_header(dais_slice_t bytes, zone_counts_t *counts)
{
    if (bytes.size < HEADER_SIZE || memcmp(bytes.data, "TZif", 4) != 0 || bytes.data[4] < '2')
        return false;
    uint32_t numbers[6];
    for (unsigned i = 0; i < 6; i++)
        numbers[i] = (uint32_t)zone_number(bytes.data + 20 + 4 * (size_t)i, 4);
    *counts =
        (zone_counts_t){numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]};
    return counts->utc <= TYPES_MAX && counts->standard <= TYPES_MAX && counts->leaps == 0 &&
           counts->times <= CHANGES_MAX && counts->types >= 1 && counts->types <= TYPES_MAX &&
           counts->letters <= FILE_SIZE_MAX;
}

static size_t zone_block_size(const zone_counts_t *counts, size_t time_size)
{
    return counts->times * (time_size + 1) + counts->types * (size_t)TYPE_SIZE + counts->letters +
           counts->standard + counts->utc;
}

static bool zone_cut(dais_slice_t *bytes, size_t size)
{
    if (bytes->size < size)
        return false;
    *bytes = dais_slice(bytes->data + size, bytes->size - size);
    return true;
}

/* Leaves the 64-bit block, without its header, and what follows. */
static bool zone_second_block(dais_slice_t *bytes, zone_counts_t *counts)
{
    return zone_header(*bytes, counts) &&
           zone_cut(bytes, HEADER_SIZE + zone_block_size(counts, 4)) &&
           zone_header(*bytes, counts) && zone_cut(bytes, HEADER_SIZE) &&
           bytes->size >= zone_block_size(counts, 8);
}

static bool zone_offset_of(const uint8_t *types, const zone_counts_t *counts, size_t type,
                           int32_t *offset_s)
{
    if (type >= counts->types)
        return false;
    *offset_s = (int32_t)(uint32_t)zone_number(types + type * TYPE_SIZE, 4);
    return *offset_s >= -OFFSET_MAX_S && *offset_s <= OFFSET_MAX_S;
}

static bool zone_steps(dais_zone_t *zone, const uint8_t *block, const zone_counts_t *counts)
{
    const uint8_t *indices = block + counts->times * (size_t)8;
    const uint8_t *types = indices + counts->times;
    zone->count = counts->times;
    if (!zone_offset_of(types, counts, 0, &zone->first_s))
        return false;
    for (size_t i = 0; i < zone->count; i++) {
        zone_step_t *step = &zone->steps[i];
        step->at_s = (int64_t)zone_number(block + 8 * i, 8);
        if (!zone_offset_of(types, counts, indices[i], &step->offset_s) ||
            (i > 0 && step->at_s <= zone->steps[i - 1].at_s))
            return false;
    }
    return true;
}

/* Between two line ends; empty where no rule is known. */
static bool zone_footer(dais_zone_t *zone, dais_slice_t footer)
{
    if (footer.size < 2 || footer.data[0] != '\n' || footer.data[footer.size - 1] != '\n')
        return false;
    zone->has_rule = footer.size > 2;
    return !zone->has_rule ||
           dais_zone_rule_parse(dais_slice(footer.data + 1, footer.size - 2), &zone->rule);
}

dais_err_t dais_zone_parse(dais_zone_t **zone, dais_slice_t bytes)
{
    zone_counts_t counts;
    *zone = NULL;
    if (!zone_second_block(&bytes, &counts))
        return DAIS_ERR_CORRUPT;
    dais_zone_t *made = calloc(1, sizeof *made + counts.times * sizeof made->steps[0]);
    if (made == NULL)
        return DAIS_ERR_NO_MEMORY;
    const uint8_t *block = bytes.data;
    if (!zone_cut(&bytes, zone_block_size(&counts, 8)) || !zone_steps(made, block, &counts) ||
        !zone_footer(made, bytes)) {
        free(made);
        return DAIS_ERR_CORRUPT;
    }
    *zone = made;
    return DAIS_OK;
}

/* Letters, digits, + - _ in parts that a / separates: nothing that leads elsewhere. */
static bool zone_name_is_good(dais_slice_t name)
{
    bool at_start = true;
    if (name.size > DAIS_ZONE_NAME_MAX)
        return false;
    for (size_t i = 0; i < name.size; i++) {
        uint8_t byte = name.data[i];
        bool is_letter = (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
        bool is_other = (byte >= '0' && byte <= '9') || byte == '+' || byte == '-' || byte == '_';
        if (!is_letter && (at_start || (!is_other && byte != '/')))
            return false;
        at_start = byte == '/';
    }
    return !at_start;
}

dais_err_t dais_zone_load(dais_zone_t **zone, const char *folder, dais_slice_t name)
{
    char path[4096];
    dais_file_bytes_t file;
    *zone = NULL;
    if (!zone_name_is_good(name))
        return DAIS_ERR_BAD_VALUE;
    int size =
        snprintf(path, sizeof path, "%s/%.*s", folder, (int)name.size, (const char *)name.data);
    if (size < 0 || (size_t)size >= sizeof path)
        return DAIS_ERR_TOO_LONG;
    dais_err_t err = dais_file_read(path, FILE_SIZE_MAX, &file);
    if (err != DAIS_OK)
        return err;
    err = dais_zone_parse(zone, dais_slice(file.data, file.size));
    dais_file_free(&file);
    return err;
}

void dais_zone_free(dais_zone_t **zone)
{
    free(*zone);
    *zone = NULL;
}

int32_t dais_zone_offset(const dais_zone_t *zone, int64_t at_s)
{
    size_t low = 0;
    size_t high = zone->count; /* the answer is the step before the first that is later */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (zone->steps[middle].at_s <= at_s)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == zone->count && zone->has_rule)
        return dais_zone_rule_offset(&zone->rule, at_s);
    return low == 0 ? zone->first_s : zone->steps[low - 1].offset_s;
}

/* The first instant after low at which the offset is no longer that of low. */
static int64_t zone_change_between(const dais_zone_t *zone, int64_t low, int64_t high)
{
    int32_t before = dais_zone_offset(zone, low);
    while (high - low > 1) {
        int64_t middle = low + (high - low) / 2;
        if (dais_zone_offset(zone, middle) == before)
            low = middle;
        else
            high = middle;
    }
    return high;
}

/* No zone is more than a day and two hours from UTC, so what holds two days before and after is all
 * that can hold, unless the clocks are set twice within four days. */
dais_zone_instants_t dais_zone_find(const dais_zone_t *zone, int64_t local_s)
{
    int32_t before_s = dais_zone_offset(zone, local_s - TWO_DAYS_S);
    int32_t after_s = dais_zone_offset(zone, local_s + TWO_DAYS_S);
    int64_t by_before = local_s - before_s;
    int64_t by_after = local_s - after_s;
    bool fits_before = dais_zone_offset(zone, by_before) == before_s;
    bool fits_after = dais_zone_offset(zone, by_after) == after_s;
    if (fits_before && fits_after && before_s != after_s)
        return (dais_zone_instants_t){DAIS_ZONE_TWICE, by_before, by_after};
    if (fits_before)
        return (dais_zone_instants_t){DAIS_ZONE_ONCE, by_before, by_before};
    if (fits_after)
        return (dais_zone_instants_t){DAIS_ZONE_ONCE, by_after, by_after};
    int64_t change = zone_change_between(zone, by_after, by_before);
    return (dais_zone_instants_t){DAIS_ZONE_NEVER, change, change};
}

/* The first line of what a file says after its mark, if it is a version. */
static dais_err_t zone_version_in(const char *path, const char *mark,
                                  char version[DAIS_ZONE_VERSION_SIZE])
{
    dais_file_bytes_t file;
    dais_err_t err = dais_file_read(path, VERSION_SIZE_MAX, &file);
    if (err != DAIS_OK)
        return err;
    const char *text = (const char *)file.data;
    size_t skipped = strlen(mark);
    size_t size = strncmp(text, mark, skipped) == 0 ? strcspn(text + skipped, "\n") : 0;
    if (size > 0 && size < DAIS_ZONE_VERSION_SIZE &&
        strspn(text + skipped, "0123456789abcdefghijklmnopqrstuvwxyz-.") >= size) {
        memcpy(version, text + skipped, size);
        version[size] = '\0';
    } else {
        err = DAIS_ERR_CORRUPT;
    }
    dais_file_free(&file);
    return err;
}

dais_err_t dais_zone_version(const char *folder, char version[DAIS_ZONE_VERSION_SIZE])
{
    static const struct {
        const char *file, *mark;
    } places[] = {{"tzdata.zi", "# version "}, {"+VERSION", ""}};
    dais_err_t err = DAIS_ERR_NOT_FOUND;
    version[0] = '\0';
    for (size_t i = 0; i < 2 && err == DAIS_ERR_NOT_FOUND; i++) {
        char path[4096];
        int size = snprintf(path, sizeof path, "%s/%s", folder, places[i].file);
        if (size < 0 || (size_t)size >= sizeof path)
            return DAIS_ERR_TOO_LONG;
        err = zone_version_in(path, places[i].mark, version);
    }
    return err;
}
