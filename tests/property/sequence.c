/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/property/sequence.h"

#include <stdlib.h>

const cast_t cast[CAST_COUNT] = {
    [CAST_SEC] = {"sec", 0, DAIS_ROLE_SECRETARIAT, "", "Holder A"},
    [CAST_DEPUTY] = {"deputy", 0, DAIS_ROLE_SECRETARIAT, "", "Holder B"},
    [CAST_OFFICE] = {"office", 2, DAIS_ROLE_OFFICE, "", "office"},
    [CAST_OTHER] = {"other", 3, DAIS_ROLE_OFFICE, "", "other"},
    [CAST_XA] = {"xa", 4, DAIS_ROLE_PARTY, "XA", "Mission of XA"},
    [CAST_XB] = {"xb", 5, DAIS_ROLE_PARTY, "XB", "Mission of XB"},
    [CAST_XC] = {"xc", 6, DAIS_ROLE_PARTY, "XC", "Mission of XC"},
    [CAST_XD] = {"xd", 7, DAIS_ROLE_PARTY, "XD", "Mission of XD"},
    [CAST_CHAIR] = {"chair", 8, DAIS_ROLE_CHAIR, "", "chair"},
    [CAST_BUREAU] = {"bureau", 9, DAIS_ROLE_BUREAU, "", "bureau"},
    [CAST_CONFERENCE] = {"conference", 10, DAIS_ROLE_CONFERENCE, "", "conference"},
    [CAST_INSPECTOR] = {"inspector", 11, DAIS_ROLE_INSPECTOR, "", "inspector"},
    [CAST_INTAKE] = {"intake", 12, DAIS_ROLE_INTAKE, "", ""},
    [CAST_INTAKE_2] = {"intake-2", 13, DAIS_ROLE_INTAKE, "", ""},
    [CAST_INTAKE_3] = {"intake-3", 14, DAIS_ROLE_INTAKE, "", ""},
    [CAST_XA_2] = {"xa-2", 4, DAIS_ROLE_PARTY, "XA", "Mission of XA"},
};

dais_id_t sequence_id(uint64_t name)
{
    dais_id_t id = {{0xda, 0x15}};
    for (unsigned i = 0; i < 8; i++)
        id.bytes[15 - i] = (uint8_t)(name >> (8 * i));
    return id;
}

uint64_t sequence_name(const uint8_t id[DAIS_ID_SIZE])
{
    uint64_t name = 0;
    for (unsigned i = 8; i < DAIS_ID_SIZE; i++)
        name = name << 8 | id[i];
    return name;
}

/* What is packed: the arguments one after the other into the struct of the shape. */
typedef struct {
    const event_t *event;
    unsigned next;
    sequence_entry_fn_t *entry_of;
    void *context;
    sequence_key_fn_t *key_of;
    uint8_t room[16 * 1024]; /* ids and keys that slices point to */
    size_t used;
    dais_writer_t elements;
    uint8_t element_bytes[32 * 1024];
    bool is_wrong;
} packing_t;

static uint64_t packing_number(packing_t *p)
{
    bool is_over = p->is_wrong || p->next >= p->event->arg_count;
    return is_over ? 0 : p->event->args[p->next++].number;
}

static const char *packing_text(packing_t *p)
{
    bool is_over = p->is_wrong || p->next >= p->event->arg_count;
    return is_over ? NULL : p->event->args[p->next++].text;
}

static dais_slice_t packing_keep(packing_t *p, const void *bytes, size_t size)
{
    uint8_t *copy = p->room + p->used;
    if (size > sizeof p->room - p->used) {
        p->is_wrong = true;
        return dais_slice(NULL, 0);
    }
    memcpy(copy, bytes, size);
    p->used += size;
    return dais_slice(copy, size);
}

static dais_slice_t packing_slice(packing_t *p, const dais_field_t *field)
{
    if (field->type == DAIS_FIELD_LINE || field->type == DAIS_FIELD_TEXT) {
        const char *text = packing_text(p);
        return dais_slice_text(text != NULL ? text : "");
    }
    uint64_t number = packing_number(p);
    if (number == 0)
        return dais_slice(NULL, 0);
    dais_id_t id = sequence_id(number);
    dais_key_t key = p->key_of((unsigned)number);
    return field->max == sizeof id.bytes ? packing_keep(p, id.bytes, sizeof id.bytes)
                                         : packing_keep(p, key.bytes, sizeof key.bytes);
}

static uint64_t packing_uint(packing_t *p, const dais_field_t *field)
{
    uint64_t number = packing_number(p);
    if (field->type == DAIS_FIELD_TIME)
        return number == 0 ? 0 : SEQUENCE_BASE_MS + number * SEQUENCE_HOUR_MS;
    return IS_ENTRY_OF(number) ? p->entry_of(p->context, ENTRY_OF_UID(number)) : number;
}

static void packing_field(packing_t *p, const dais_field_t *field, uint8_t *at);

static void packing_list(packing_t *p, const dais_field_t *field, dais_list_t *list)
{
    uint64_t element[64];
    uint64_t count = packing_number(p);
    *list = (dais_list_t){.count = 0};
    for (uint64_t i = 0; i < count && !p->is_wrong; i++) {
        const dais_shape_t *shape = field->element;
        memset(element, 0, sizeof element);
        for (size_t f = 0; f < shape->field_count; f++)
            packing_field(p, &shape->fields[f], (uint8_t *)element + shape->fields[f].offset);
        p->is_wrong |= dais_list_add(list, shape, element, &p->elements) != DAIS_OK;
    }
}

static void packing_field(packing_t *p, const dais_field_t *field, uint8_t *at)
{
    dais_slice_t slice;
    dais_id_t id;
    dais_key_t key;
    uint64_t number;
    switch (field->type) {
    case DAIS_FIELD_UINT:
    case DAIS_FIELD_CHOICE:
    case DAIS_FIELD_TIME:
        number = packing_uint(p, field);
        memcpy(at, &number, sizeof number);
        break;
    case DAIS_FIELD_ID:
        id = sequence_id(packing_number(p));
        memcpy(at, id.bytes, sizeof id.bytes);
        break;
    case DAIS_FIELD_HASH:
    case DAIS_FIELD_KEY:
        key = p->key_of((unsigned)packing_number(p));
        memcpy(at, key.bytes, sizeof key.bytes);
        break;
    case DAIS_FIELD_LIST: packing_list(p, field, (dais_list_t *)(void *)at); break;
    case DAIS_FIELD_OPTIONAL:
    case DAIS_FIELD_LINE:
    case DAIS_FIELD_TEXT:
    case DAIS_FIELD_BYTES:
    case DAIS_FIELD_PATH:
    case DAIS_FIELD_ANY:
        slice = packing_slice(p, field);
        memcpy(at, &slice, sizeof slice);
        break;
    }
}

bool sequence_pack(const event_t *event, sequence_entry_fn_t *entry_of, void *context,
                   sequence_key_fn_t *key_of, uint8_t *buffer, size_t capacity,
                   dais_slice_t *subject)
{
    static packing_t packing;
    uint64_t fields[128];
    const dais_kind_t *kind = dais_kind_of(event->kind);
    dais_writer_t writer;
    if (kind == NULL || kind->subject->struct_size > sizeof fields)
        return false;
    packing.event = event;
    packing.next = 0;
    packing.entry_of = entry_of;
    packing.context = context;
    packing.key_of = key_of;
    packing.used = 0;
    packing.is_wrong = false;
    dais_writer_init(&packing.elements, packing.element_bytes, sizeof packing.element_bytes);
    memset(fields, 0, sizeof fields);
    for (size_t i = 0; i < kind->subject->field_count; i++)
        packing_field(&packing, &kind->subject->fields[i],
                      (uint8_t *)fields + kind->subject->fields[i].offset);
    dais_writer_init(&writer, buffer, capacity);
    if (packing.is_wrong || dais_shape_encode(kind->subject, fields, &writer) != DAIS_OK)
        return false;
    return dais_writer_finish(&writer, subject) == DAIS_OK;
}
