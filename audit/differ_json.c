/* SPDX-License-Identifier: Apache-2.0 */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "audit/differ_private.h"
#include "audit/play.h"

enum { PLACE_SIZE = 120, VALUE_SIZE = 400 };
#define DEPTH_MAX 16

static dais_slice_t json_text(const json_t *value, char buffer[VALUE_SIZE])
{
    if (json_is_string(value))
        return dais_slice(json_string_value(value), json_string_length(value));
    if (value == NULL)
        return dais_slice(NULL, 0);
    size_t size = json_dumpb(value, buffer, VALUE_SIZE, JSON_ENCODE_ANY | JSON_COMPACT);
    return dais_slice(buffer, size < VALUE_SIZE ? size : VALUE_SIZE);
}

static void json_differ(differ_t *differ, const char *place, const json_t *found,
                        const json_t *wanted, unsigned depth);

/* Keys come in the order of the log's file, then those that the site has alone. */
static void json_objects(differ_t *differ, const char *place, const json_t *found,
                         const json_t *wanted, unsigned depth)
{
    char below[PLACE_SIZE];
    char name[48];
    const char *key;
    json_t *value;
    const char *comma = place[0] != 0 ? ", " : "";
    json_object_foreach((json_t *)(uintptr_t)wanted, key, value)
    {
        dais_play_text(dais_slice_text(key), name, sizeof name);
        (void)snprintf(below, sizeof below, "%.60s%s%s", place, comma, name);
        json_differ(differ, below, json_object_get(found, key), value, depth + 1);
    }
    json_object_foreach((json_t *)(uintptr_t)found, key, value)
    {
        dais_play_text(dais_slice_text(key), name, sizeof name);
        (void)snprintf(below, sizeof below, "%.60s%s%s", place, comma, name);
        if (json_object_get(wanted, key) == NULL)
            json_differ(differ, below, value, NULL, depth + 1);
    }
}

static void json_arrays(differ_t *differ, const char *place, const json_t *found,
                        const json_t *wanted, unsigned depth)
{
    char below[PLACE_SIZE];
    size_t count = json_array_size(found) > json_array_size(wanted) ? json_array_size(found)
                                                                    : json_array_size(wanted);
    for (size_t i = 0; i < count; i++) {
        (void)snprintf(below, sizeof below, "%.60s %zu", place, i + 1);
        json_differ(differ, below, json_array_get(found, i), json_array_get(wanted, i), depth + 1);
    }
}

static void json_differ(differ_t *differ, const char *place, const json_t *found,
                        const json_t *wanted, unsigned depth)
{
    char a[VALUE_SIZE];
    char b[VALUE_SIZE];
    if (json_equal(found, wanted))
        return;
    if (depth < DEPTH_MAX && json_is_object(found) && json_is_object(wanted))
        json_objects(differ, place, found, wanted, depth);
    else if (depth < DEPTH_MAX && json_is_array(found) && json_is_array(wanted))
        json_arrays(differ, place, found, wanted, depth);
    else
        differ_values(differ, place, json_text(found, a), json_text(wanted, b));
}

void differ_json(differ_t *differ, dais_slice_t found, dais_slice_t wanted)
{
    json_t *a = json_loadb((const char *)found.data, found.size, JSON_REJECT_DUPLICATES, NULL);
    json_t *b = json_loadb((const char *)wanted.data, wanted.size, JSON_REJECT_DUPLICATES, NULL);
    if (a != NULL && b != NULL)
        json_differ(differ, "", a, b, 0);
    else
        differ_tell(differ, "all of it", "cannot be read as JSON");
    json_decref(a);
    json_decref(b);
}
