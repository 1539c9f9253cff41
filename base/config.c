/* SPDX-License-Identifier: Apache-2.0
 *
 * Values stand in an array in the order of the file; fallbacks are added behind. A setting's name
 * is the path of its sections. Places are kept, so that later checks can name them. */
#include "base/config.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/config_value.h"
#include "base/file.h"
#include "base/nearest.h"
#include "base/zpl.h"

#define DEPTH_MAX 4
#define NAME_MAX_ 128
#define TABLE_MAX 128

typedef struct {
    const dais_config_key_t *key;
    char *text;
    uint64_t number;
    uint32_t line, column; /* 0 for a fallback */
} value_t;

struct dais_config {
    const dais_config_key_t *table;
    char *name;
    value_t values[DAIS_CONFIG_VALUE_MAX];
    size_t value_count;
};

typedef struct {
    dais_config_t *config;
    FILE *errors;
    dais_err_t err; /* the first */
    char path[DEPTH_MAX][NAME_MAX_];
} config_read_t;

static void config_say(config_read_t *read, dais_err_t err, uint32_t line, uint32_t column,
                       const char *what, const char *hint)
{
    if (read->err == DAIS_OK)
        read->err = err;
    (void)fprintf(read->errors, "error[%s]: ", dais_err_code(err));
    if (line > 0)
        (void)fprintf(read->errors, "%s:%u:%u: %s\n", read->config->name, line, column, what);
    else
        (void)fprintf(read->errors, "%s: %s\n", read->config->name, what);
    if (hint != NULL && hint[0] != '\0')
        (void)fprintf(read->errors, "hint: %s\n", hint);
}

static const dais_config_key_t *config_key(const dais_config_key_t *table, const char *name)
{
    for (; table->name != NULL; table++) {
        if (strcmp(table->name, name) == 0)
            return table;
    }
    return NULL;
}

static bool config_is_section(const dais_config_key_t *table, const char *name)
{
    size_t size = strlen(name);
    for (; table->name != NULL; table++) {
        if (strncmp(table->name, name, size) == 0 && table->name[size] == '/')
            return true;
    }
    return false;
}

static void config_unknown(config_read_t *read, const dais_zpl_item_t *item, const char *name)
{
    const char *words[TABLE_MAX];
    size_t count = 0;
    char what[NAME_MAX_ * DEPTH_MAX + 64];
    char hint[NAME_MAX_ + 64] = "";
    const dais_config_key_t *key = read->config->table;
    for (; key->name != NULL && count < TABLE_MAX; key++)
        words[count++] = key->name;
    const char *nearest = dais_nearest(dais_slice_text(name), words, count);
    if (nearest != NULL)
        (void)snprintf(hint, sizeof(hint), "did you mean %s?", nearest);
    (void)snprintf(what, sizeof(what), "there is no setting %s", name);
    config_say(read, DAIS_ERR_UNKNOWN_SETTING, item->line, item->column, what, hint);
}

/* The item's full name, from the sections above it. False if it does not fit, and so is unknown. */
static bool config_name(config_read_t *read, const dais_zpl_item_t *item, char *name, size_t size)
{
    if (item->depth >= DEPTH_MAX || item->name.size >= NAME_MAX_)
        return false;
    memcpy(read->path[item->depth], item->name.data, item->name.size);
    read->path[item->depth][item->name.size] = '\0';
    size_t used = 0;
    for (unsigned i = 0; i <= item->depth && used < size; i++)
        used +=
            (size_t)snprintf(name + used, size - used, "%s%s", i == 0 ? "" : "/", read->path[i]);
    return used < size;
}

static bool config_has(const dais_config_t *config, const dais_config_key_t *key)
{
    for (size_t i = 0; i < config->value_count; i++) {
        if (config->values[i].key == key)
            return true;
    }
    return false;
}

static void config_add(config_read_t *read, const dais_config_key_t *key, dais_slice_t text,
                       uint32_t line, uint32_t column)
{
    char valid[192] = "", what[256];
    dais_config_t *config = read->config;
    value_t *value = &config->values[config->value_count];
    if (config->value_count == DAIS_CONFIG_VALUE_MAX) {
        config_say(read, DAIS_ERR_TOO_LONG, line, column, "there are too many settings", NULL);
        return;
    }
    *value = (value_t){.key = key, .line = line, .column = column};
    value->text = strndup((const char *)text.data, text.size);
    if (value->text == NULL) {
        config_say(read, DAIS_ERR_NO_MEMORY, line, column, "no memory is left", NULL);
        return;
    }
    config->value_count++;
    dais_err_t err = dais_config_value(key, value->text, &value->number, valid, sizeof(valid));
    if (err == DAIS_OK)
        return;
    (void)snprintf(what, sizeof(what), "%s does not take this value", key->name);
    config_say(read, err, line, column, what, valid);
}

static void config_item(config_read_t *read, const dais_zpl_item_t *item)
{
    char name[NAME_MAX_ * DEPTH_MAX];
    if (item->err != DAIS_OK) {
        config_say(read, item->err, item->line, item->column, dais_err_text(item->err), NULL);
        return;
    }
    if (!config_name(read, item, name, sizeof(name))) {
        config_say(read, DAIS_ERR_UNKNOWN_SETTING, item->line, item->column,
                   "there is no setting of this name", NULL);
        return;
    }
    const dais_config_key_t *key = config_key(read->config->table, name);
    if (key == NULL && !item->has_value && config_is_section(read->config->table, name))
        return;
    if (key == NULL)
        config_unknown(read, item, name);
    else if (!item->has_value)
        config_say(read, DAIS_ERR_BAD_VALUE, item->line, item->column, "it has no value", NULL);
    else if (key->count == DAIS_CONFIG_ONCE && config_has(read->config, key))
        config_say(read, DAIS_ERR_REPEATED_KEY, item->line, item->column,
                   dais_err_text(DAIS_ERR_REPEATED_KEY), NULL);
    else
        config_add(read, key, item->value, item->line, item->value_column);
}

static void config_fill(config_read_t *read)
{
    char what[256];
    for (const dais_config_key_t *key = read->config->table; key->name != NULL; key++) {
        if (config_has(read->config, key))
            continue;
        if (key->fallback == NULL) {
            (void)snprintf(what, sizeof(what), "%s is missing: %s", key->name, key->text);
            config_say(read, DAIS_ERR_MISSING_KEY, 0, 0, what, NULL);
        } else if (key->fallback[0] != '\0') {
            config_add(read, key, dais_slice_text(key->fallback), 0, 0);
        }
    }
}

dais_err_t dais_config_parse(const dais_config_key_t *table, dais_slice_t text, const char *name,
                             FILE *errors, dais_config_t **config)
{
    *config = (dais_config_t *)calloc(1, sizeof(**config));
    if (*config == NULL)
        return DAIS_ERR_NO_MEMORY;
    (*config)->table = table;
    (*config)->name = strdup(name);
    config_read_t read = {.config = *config, .errors = errors};
    if ((*config)->name == NULL)
        read.err = DAIS_ERR_NO_MEMORY;
    dais_zpl_reader_t reader;
    dais_zpl_item_t item;
    dais_zpl_reader_init(&reader, text);
    while ((*config)->name != NULL && dais_zpl_next(&reader, &item))
        config_item(&read, &item);
    if (read.err == DAIS_OK)
        config_fill(&read);
    if (read.err != DAIS_OK)
        dais_config_destroy(config);
    return read.err;
}

dais_err_t dais_config_load(const dais_config_key_t *table, const char *path, FILE *errors,
                            dais_config_t **config)
{
    dais_file_bytes_t bytes;
    *config = NULL;
    dais_err_t err = dais_file_read(path, DAIS_CONFIG_SIZE_MAX, &bytes);
    if (err != DAIS_OK) {
        (void)fprintf(errors, "error[%s]: %s: %s\n", dais_err_code(err), path, dais_err_text(err));
        return err;
    }
    err = dais_config_parse(table, dais_slice(bytes.data, bytes.size), path, errors, config);
    dais_file_free(&bytes);
    return err;
}

void dais_config_destroy(dais_config_t **config)
{
    if (*config == NULL)
        return;
    for (size_t i = 0; i < (*config)->value_count; i++)
        free((*config)->values[i].text);
    free((*config)->name);
    free(*config);
    *config = NULL;
}

/* The i-th value of a setting, null behind the last. */
static const value_t *config_nth(const dais_config_t *config, const char *name, size_t nth)
{
    const dais_config_key_t *key = config_key(config->table, name);
    assert(key != NULL);
    for (size_t i = 0; i < config->value_count; i++) {
        if (config->values[i].key == key && nth-- == 0)
            return &config->values[i];
    }
    return NULL;
}

size_t dais_config_count(const dais_config_t *config, const char *name)
{
    size_t count = 0;
    while (config_nth(config, name, count) != NULL)
        count++;
    return count;
}

const char *dais_config_text_at(const dais_config_t *config, const char *name, size_t i)
{
    const value_t *value = config_nth(config, name, i);
    return value == NULL ? NULL : value->text;
}

const char *dais_config_text(const dais_config_t *config, const char *name)
{
    return dais_config_text_at(config, name, 0);
}

uint64_t dais_config_number(const dais_config_t *config, const char *name)
{
    const value_t *value = config_nth(config, name, 0);
    assert(value != NULL);
    return value->number;
}

void dais_config_fault(const dais_config_t *config, FILE *errors, const char *name, size_t i,
                       dais_err_t err, const char *what)
{
    const value_t *value = config_nth(config, name, i);
    (void)fprintf(errors, "error[%s]: %s", dais_err_code(err), config->name);
    if (value != NULL && value->line > 0)
        (void)fprintf(errors, ":%u:%u", value->line, value->column);
    (void)fprintf(errors, ": %s: %s\n", name, what);
}

/* Opens the sections of a name that are not those of the name before. */
static void print_sections(const char *name, const char *before, FILE *stream)
{
    unsigned depth = 0;
    for (const char *slash = strchr(name, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        size_t size = (size_t)(slash - name) + 1;
        const char *start = slash;
        while (start > name && start[-1] != '/')
            start--;
        if (strncmp(name, before, size) != 0)
            (void)fprintf(stream, "%*s%.*s\n", (int)depth * 4, "", (int)(slash - start), start);
        depth++;
    }
}

static void print_setting(const dais_config_t *config, const dais_config_key_t *key, FILE *stream)
{
    const char *leaf = strrchr(key->name, '/');
    unsigned depth = 0;
    for (const char *c = key->name; *c != '\0'; c++)
        depth += *c == '/';
    (void)fprintf(stream, "%*s# %s\n", (int)depth * 4, "", key->text);
    leaf = leaf == NULL ? key->name : leaf + 1;
    for (size_t i = 0; config_nth(config, key->name, i) != NULL; i++) {
        const char *text = config_nth(config, key->name, i)->text;
        char quote = dais_zpl_quote(dais_slice_text(text));
        (void)fprintf(stream, "%*s%s = %c%s%c\n", (int)depth * 4, "", leaf, quote, text, quote);
    }
}

void dais_config_print(const dais_config_t *config, FILE *stream)
{
    const char *before = "";
    for (const dais_config_key_t *key = config->table; key->name != NULL; key++) {
        print_sections(key->name, before, stream);
        print_setting(config, key, stream);
        before = key->name;
    }
}
