/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/whatif_map.h"

typedef union {
#define KIND(number, NAME, name, stream, subject, text) dais_##subject##_t as_##NAME;
#include "proto/messages.def"
#undef KIND
} map_subject_t;

/* Which fields of which kinds hold an index of the log. */
static const struct {
    unsigned kind;
    const char *field;
} map_fields[] = {
    {DAIS_KIND_OPEN, "call"},
    {DAIS_KIND_SECOND, "seq"},
    {DAIS_KIND_CORRECTION, "corrects"},
    {DAIS_KIND_REPLY, "notice"},
    {DAIS_KIND_SUGGESTION, "intervention"},
    {DAIS_KIND_DISCLOSURE, "entries"},
    {DAIS_KIND_WITHHOLDING, "entries"},
    {DAIS_KIND_ERASURE, "entries"},
};

typedef struct {
    dais_id_t organisation;
    uint64_t index;
} map_lapse_t;

void dais_whatif_map_init(dais_whatif_map_t *map)
{
    map->lapses = (dais_store_vector_t){.item_size = sizeof(map_lapse_t)};
    map->indices = (dais_store_vector_t){.item_size = sizeof(uint64_t)};
}

void dais_whatif_map_free(dais_whatif_map_t *map)
{
    dais_store_vector_clear(&map->indices);
    dais_store_vector_clear(&map->lapses);
}

bool dais_whatif_map_lapse(dais_whatif_map_t *map, dais_slice_t subject, uint64_t index)
{
    dais_lapse_t lapse;
    if (dais_shape_decode(&dais_shape_lapse, subject, &lapse).err != DAIS_OK)
        return true; /* it was packed by the rules */
    map_lapse_t *place = dais_store_vector_add(&map->lapses);
    if (place != NULL)
        *place = (map_lapse_t){lapse.organisation, index};
    return place != NULL;
}

uint64_t dais_whatif_map_lapse_of(const dais_whatif_map_t *map, dais_slice_t subject)
{
    dais_lapse_t lapse;
    if (dais_shape_decode(&dais_shape_lapse, subject, &lapse).err != DAIS_OK)
        return 0;
    for (uint64_t at = 0; at < map->lapses.count; at++) {
        const map_lapse_t *made = dais_store_vector_at(&map->lapses, at);
        if (memcmp(made->organisation.bytes, lapse.organisation.bytes, DAIS_ID_SIZE) == 0)
            return made->index;
    }
    return 0;
}

bool dais_whatif_map_add(dais_whatif_map_t *map, uint64_t index)
{
    uint64_t *place = dais_store_vector_add(&map->indices);
    if (place != NULL)
        *place = index;
    return place != NULL;
}

static uint64_t map_index(const dais_whatif_map_t *map, uint64_t index)
{
    const uint64_t *place = dais_store_vector_at(&map->indices, index);
    return place != NULL ? *place : 0;
}

static dais_err_t map_list(dais_whatif_map_t *map, dais_list_t *list)
{
    dais_list_t mapped = {.count = 0};
    dais_number_item_t item;
    dais_writer_t writer;
    dais_err_t err = DAIS_OK;
    dais_writer_init(&writer, map->items, sizeof map->items);
    dais_list_walk_t walk = dais_list_begin(list, &dais_shape_number_item);
    while (err == DAIS_OK && dais_list_next(&walk, &item)) {
        item.value = map_index(map, item.value);
        err = dais_list_add(&mapped, &dais_shape_number_item, &item, &writer);
    }
    *list = mapped;
    return err;
}

static dais_err_t map_field(dais_whatif_map_t *map, const dais_field_t *field, uint8_t *at)
{
    uint64_t number;
    if (field->type == DAIS_FIELD_LIST)
        return map_list(map, (dais_list_t *)(void *)at);
    memcpy(&number, at, sizeof number);
    number = number == 0 ? 0 : map_index(map, number);
    memcpy(at, &number, sizeof number);
    return DAIS_OK;
}

static dais_err_t map_fields_of(dais_whatif_map_t *map, const dais_kind_t *kind,
                                map_subject_t *subject)
{
    dais_err_t err = DAIS_OK;
    for (size_t i = 0; i < sizeof map_fields / sizeof map_fields[0]; i++) {
        if (map_fields[i].kind != kind->number)
            continue;
        for (size_t j = 0; err == DAIS_OK && j < kind->subject->field_count; j++) {
            const dais_field_t *field = &kind->subject->fields[j];
            if (strcmp(field->name, map_fields[i].field) == 0)
                err = map_field(map, field, (uint8_t *)subject + field->offset);
        }
    }
    return err;
}

static dais_err_t map_call(dais_whatif_map_t *map, dais_call_t *call, const dais_policy_t *policy)
{
    dais_list_t values = {.count = 0};
    dais_value_t value;
    dais_writer_t writer;
    dais_err_t err = DAIS_OK;
    dais_writer_init(&writer, map->items, sizeof map->items);
    dais_list_walk_t walk = dais_list_begin(&call->values, &dais_shape_value);
    while (err == DAIS_OK && dais_list_next(&walk, &value)) {
        dais_policy_key_t key = dais_policy_key_find(value.key);
        if (key == DAIS_POLICY_KEY_COUNT || policy->confirmed[key] == DAIS_POLICY_CONFIRMED_NONE)
            err = dais_list_add(&values, &dais_shape_value, &value, &writer);
    }
    call->values = values;
    return err;
}

dais_err_t dais_whatif_map_subject(dais_whatif_map_t *map, const dais_kind_t *kind,
                                   dais_slice_t subject, const dais_policy_t *policy,
                                   dais_slice_t *out)
{
    map_subject_t decoded;
    dais_writer_t writer;
    dais_err_t err = dais_shape_decode(kind->subject, subject, &decoded).err;
    if (err == DAIS_OK && kind->number == DAIS_KIND_CALL)
        err = map_call(map, &decoded.as_CALL, policy);
    if (err == DAIS_OK)
        err = map_fields_of(map, kind, &decoded);
    dais_writer_init(&writer, map->packed, sizeof map->packed);
    if (err == DAIS_OK)
        err = dais_shape_encode(kind->subject, &decoded, &writer);
    return err == DAIS_OK ? dais_writer_finish(&writer, out) : err;
}
