/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/scenario_pack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/support/hostile.h"

#define HOUR_MS 3600000ULL

static dais_hash_t pack_hash(const char *what, const char *name)
{
    dais_slice_t parts[] = {dais_slice_text(what), dais_slice_text(name)};
    return dais_hash(parts, 2);
}

dais_id_t scenario_pack_id(const char *name)
{
    dais_id_t id;
    dais_hash_t hash = pack_hash("id", name);
    memcpy(id.bytes, hash.bytes, sizeof id.bytes);
    return id;
}

/* Deriving keys costs more than all else of a scenario, so each name's are kept. */
const dais_device_t *scenario_pack_device(const char *name)
{
    static struct {
        char name[32];
        dais_device_t device;
    } known[256];
    static unsigned count;
    for (unsigned i = 0; i < count; i++)
        if (strcmp(known[i].name, name) == 0)
            return &known[i].device;
    dais_hash_t hash = pack_hash("device", name);
    dais_seed_t seed;
    assert_true(count < sizeof known / sizeof known[0] && strlen(name) < sizeof known[0].name);
    memcpy(seed.bytes, hash.bytes, sizeof seed.bytes);
    (void)snprintf(known[count].name, sizeof known[0].name, "%s", name);
    assert_int_equal(dais_crypto_init(), DAIS_OK);
    dais_device_derive(&seed, &known[count].device);
    return &known[count++].device;
}

dais_key_t scenario_pack_key(const char *name)
{
    return scenario_pack_device(name)->key;
}

dais_id_t scenario_pack_know(scenario_pack_t *pack, const char *name)
{
    dais_id_t id = scenario_pack_id(name);
    assert_true(pack->known_count < sizeof pack->known / sizeof pack->known[0]);
    (void)snprintf(pack->known[pack->known_count].name, sizeof pack->known[0].name, "%s", name);
    pack->known[pack->known_count++].id = id;
    return id;
}

const char *scenario_pack_name(const scenario_pack_t *pack, const dais_id_t *id)
{
    for (unsigned i = 0; i < pack->known_count; i++)
        if (memcmp(pack->known[i].id.bytes, id->bytes, sizeof id->bytes) == 0)
            return pack->known[i].name;
    return "?";
}

void scenario_pack_label(scenario_pack_t *pack, const char *name, uint64_t index)
{
    assert_true(pack->label_count < sizeof pack->labels / sizeof pack->labels[0]);
    (void)snprintf(pack->labels[pack->label_count].name, sizeof pack->labels[0].name, "%s", name);
    pack->labels[pack->label_count++].index = index;
}

void scenario_pack_split(scenario_pack_t *pack, char *text)
{
    bool quoted = false;
    pack->count = 0;
    pack->used = 0;
    for (char *at = text; *at != 0;) {
        while (*at == ' ')
            at++;
        if (*at == 0)
            break;
        assert_true(pack->count < sizeof pack->words / sizeof pack->words[0]);
        pack->words[pack->count++] = at;
        char *to = at;
        for (; *at != 0 && (quoted || *at != ' '); at++) {
            if (*at == '"')
                quoted = !quoted;
            else
                *to++ = *at;
        }
        if (*at != 0)
            at++;
        *to = 0;
    }
    dais_writer_init(&pack->elements, pack->bytes + sizeof pack->bytes / 2, sizeof pack->bytes / 2);
}

const char *scenario_pack_arg(const scenario_pack_t *pack, const char *name)
{
    size_t size = strlen(name);
    for (unsigned i = 2; i < pack->count; i++)
        if (strncmp(pack->words[i], name, size) == 0 && pack->words[i][size] == '=')
            return pack->words[i] + size + 1;
    return NULL;
}

static uint64_t pack_number(const scenario_pack_t *pack, const char *text)
{
    if (text[0] != '@')
        return strtoull(text, NULL, 10);
    for (unsigned i = pack->label_count; i > 0; i--)
        if (strcmp(pack->labels[i - 1].name, text + 1) == 0)
            return pack->labels[i - 1].index;
    fail_msg("no such label: %s", text);
    return 0;
}

static dais_slice_t pack_copy(scenario_pack_t *pack, const void *bytes, size_t size)
{
    uint8_t *copy = pack->bytes + pack->used;
    assert_true(size <= sizeof pack->bytes / 2 - pack->used);
    memcpy(copy, bytes, size);
    pack->used += size;
    return dais_slice(copy, size);
}

static uint64_t pack_value(const scenario_pack_t *pack, const dais_field_t *field, const char *text)
{
    if (text == NULL)
        return field->min;
    if (field->type == DAIS_FIELD_TIME)
        return strcmp(text, "0") == 0 ? 0 : pack->base_ms + strtoull(text, NULL, 10) * HOUR_MS;
    if (field->type == DAIS_FIELD_UINT)
        return pack_number(pack, text);
    uint64_t number = dais_words_find(field->words, text);
    if (number == 0)
        fail_msg("%s: no such word: %s", field->name, text);
    return number;
}

static dais_slice_t pack_slice(scenario_pack_t *pack, const dais_shape_t *shape,
                               const dais_field_t *field, const char *text)
{
    dais_id_t id = scenario_pack_id(text != NULL ? text : "");
    dais_hash_t digest = pack_hash("digest", text != NULL ? text : "");
    bool is_line = field->type == DAIS_FIELD_LINE;
    if (is_line && (text == NULL || text[0] == 0) && (field->min == 0 || !hostile_is_on()))
        return dais_slice_text(field->min == 0 ? "" : "en");
    if (is_line && hostile_is_on())
        return hostile_text(shape->form == DAIS_SHAPE_SCALAR ? pack->list : shape->name,
                            field->name, field->max, false,
                            text == NULL || text[0] == 0 ? "en" : text);
    if (field->type == DAIS_FIELD_LINE || (field->type == DAIS_FIELD_TEXT && text != NULL))
        return pack_copy(pack, text, strlen(text));
    if (text == NULL || field->type != DAIS_FIELD_OPTIONAL)
        return dais_slice_text("");
    return field->max == sizeof id.bytes ? pack_copy(pack, id.bytes, sizeof id.bytes)
                                         : pack_copy(pack, digest.bytes, sizeof digest.bytes);
}

static void pack_list(scenario_pack_t *pack, const dais_field_t *field, const char *text,
                      dais_list_t *list);

static void pack_field(scenario_pack_t *pack, const dais_shape_t *shape, const dais_field_t *field,
                       const char *text, uint8_t *at)
{
    const char *name = text != NULL ? text : "";
    dais_id_t id;
    dais_hash_t digest;
    dais_key_t key;
    dais_slice_t slice;
    uint64_t number;
    switch (field->type) {
    case DAIS_FIELD_UINT:
    case DAIS_FIELD_CHOICE:
    case DAIS_FIELD_TIME:
        number = pack_value(pack, field, text);
        memcpy(at, &number, sizeof number);
        break;
    case DAIS_FIELD_ID:
        id = scenario_pack_id(name);
        memcpy(at, id.bytes, sizeof id.bytes);
        break;
    case DAIS_FIELD_HASH:
        digest = pack_hash("digest", name);
        memcpy(at, digest.bytes, sizeof digest.bytes);
        break;
    case DAIS_FIELD_KEY:
        key = scenario_pack_key(name);
        memcpy(at, key.bytes, sizeof key.bytes);
        break;
    case DAIS_FIELD_LIST: pack_list(pack, field, text, (dais_list_t *)(void *)at); break;
    case DAIS_FIELD_OPTIONAL:
    case DAIS_FIELD_LINE:
    case DAIS_FIELD_TEXT:
    case DAIS_FIELD_BYTES:
    case DAIS_FIELD_PATH:
    case DAIS_FIELD_ANY:
        slice = pack_slice(pack, shape, field, text);
        memcpy(at, &slice, sizeof slice);
        break;
    }
}

/* "a:b" by the fields of the element in their order. */
static void pack_element(scenario_pack_t *pack, const dais_shape_t *shape, char *text,
                         uint8_t *element)
{
    for (size_t i = 0; i < shape->field_count; i++) {
        char *part = text;
        if (text != NULL && (text = strchr(text, ':')) != NULL)
            *text++ = 0;
        pack_field(pack, shape, &shape->fields[i], part, element + shape->fields[i].offset);
    }
}

static void pack_list(scenario_pack_t *pack, const dais_field_t *field, const char *text,
                      dais_list_t *list)
{
    char copy[8192];
    uint64_t element[64];
    *list = (dais_list_t){.count = 0};
    pack->list = field->name;
    (void)snprintf(copy, sizeof copy, "%s", text != NULL ? text : field->min > 0 ? "en" : "");
    for (char *at = copy[0] != 0 ? copy : NULL; at != NULL;) {
        char *end = strchr(at, ',');
        if (end != NULL)
            *end++ = 0;
        assert_true(field->element->struct_size <= sizeof element);
        memset(element, 0, sizeof element);
        pack_element(pack, field->element, at, (uint8_t *)element);
        assert_int_equal(dais_list_add(list, field->element, element, &pack->elements), DAIS_OK);
        at = end;
    }
}

void scenario_pack_subject(scenario_pack_t *pack, const dais_shape_t *shape, void *subject)
{
    memset(subject, 0, shape->struct_size);
    for (size_t i = 0; i < shape->field_count; i++) {
        const dais_field_t *field = &shape->fields[i];
        const char *text = scenario_pack_arg(pack, field->name);
        bool is_later =
            field->type == DAIS_FIELD_LIST && text == NULL && strcmp(field->name, "dates") == 0;
        if (!is_later)
            pack_field(pack, shape, field, text, (uint8_t *)subject + field->offset);
    }
}
