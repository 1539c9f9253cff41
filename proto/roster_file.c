/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/roster_file.h"

#include <assert.h>

#include "proto/vkey.h"

static const char roster_magic[] = "dais/roster/1";

static bool roster_fail(dais_roster_reader_t *reader, dais_err_t err, const uint8_t *line)
{
    if (err != DAIS_OK && reader->fault.err == DAIS_OK)
        reader->fault = dais_text_fault(err, reader->text, line);
    return reader->fault.err == DAIS_OK;
}

/* The value of the next line, which must be called `name`; empty after a fault. */
static dais_slice_t roster_field(dais_roster_reader_t *reader, const char *name)
{
    dais_slice_t value = dais_slice(NULL, 0);
    const uint8_t *line = reader->rest.data;
    if (reader->fault.err == DAIS_OK)
        (void)roster_fail(reader, dais_text_field(&reader->rest, name, &value), line);
    return reader->fault.err == DAIS_OK ? value : dais_slice(line, 0);
}

static dais_err_t roster_origin(dais_slice_t text, char origin[DAIS_LIMIT_ORIGIN + 1])
{
    if (text.size > DAIS_LIMIT_ORIGIN)
        return DAIS_ERR_TOO_LONG;
    if (!dais_vkey_name_ok(text))
        return DAIS_ERR_BAD_TEXT;
    memcpy(origin, text.data, text.size);
    return DAIS_OK;
}

void dais_roster_reader_init(dais_roster_reader_t *reader, dais_slice_t text,
                             dais_roster_head_t *head)
{
    memset(head, 0, sizeof *head);
    *reader = (dais_roster_reader_t){.text = text, .rest = text};
    dais_slice_t line;
    dais_err_t err = dais_text_line(&reader->rest, &line);
    if (err == DAIS_OK && !dais_slice_equal(line, dais_slice_text(roster_magic)))
        err = DAIS_ERR_WRONG_DOMAIN;
    (void)roster_fail(reader, err, text.data);
    dais_slice_t value = roster_field(reader, "origin");
    if (reader->fault.err == DAIS_OK)
        (void)roster_fail(reader, roster_origin(value, head->origin), value.data);
    value = roster_field(reader, "log");
    if (reader->fault.err == DAIS_OK)
        (void)roster_fail(reader, dais_text_hex(value, head->log.bytes, DAIS_HASH_SIZE),
                          value.data);
    value = roster_field(reader, "size");
    if (reader->fault.err == DAIS_OK)
        (void)roster_fail(reader, dais_text_uint(value, DAIS_SEQ_MAX, &head->size), value.data);
    if (reader->fault.err != DAIS_OK)
        memset(head, 0, sizeof *head);
}

/* The part of *line before its next space, or all of it. */
static dais_slice_t roster_word(dais_slice_t *line)
{
    const uint8_t *end = line->size == 0 ? NULL : memchr(line->data, ' ', line->size);
    size_t size = end == NULL ? line->size : (size_t)(end - line->data);
    dais_slice_t word = dais_slice(line->data, size);
    size_t used = end == NULL ? size : size + 1;
    *line = dais_slice(line->data + used, line->size - used);
    return word;
}

static uint64_t roster_role(dais_slice_t word)
{
    for (uint64_t role = 1; role <= dais_words_role.count; role++) {
        if (dais_slice_equal(word, dais_slice_text(dais_words_role.words[role])))
            return role;
    }
    return 0;
}

static dais_err_t roster_key(dais_slice_t line, dais_roster_key_t *key)
{
    key->role = roster_role(roster_word(&line));
    dais_err_t err = key->role == 0 ? DAIS_ERR_BAD_TEXT : DAIS_OK;
    if (err == DAIS_OK)
        err = dais_text_hex(roster_word(&line), key->actor.bytes, DAIS_ID_SIZE);
    if (err == DAIS_OK)
        err = dais_text_hex(roster_word(&line), key->key.bytes, DAIS_KEY_SIZE);
    return err == DAIS_OK ? dais_text_z85(line, &key->box_key) : err;
}

bool dais_roster_reader_next(dais_roster_reader_t *reader, dais_roster_key_t *key)
{
    memset(key, 0, sizeof *key);
    if (reader->fault.err != DAIS_OK || reader->rest.size == 0)
        return false;
    const uint8_t *start = reader->rest.data;
    dais_slice_t line = roster_field(reader, "key");
    dais_err_t err = reader->count == DAIS_ROSTER_FILE_KEYS_MAX ? DAIS_ERR_TOO_LONG : DAIS_OK;
    if (err == DAIS_OK && reader->fault.err == DAIS_OK)
        err = roster_key(line, key);
    if (!roster_fail(reader, err, start)) {
        memset(key, 0, sizeof *key);
        return false;
    }
    reader->count++;
    return true;
}

dais_fault_t dais_roster_reader_finish(const dais_roster_reader_t *reader)
{
    if (reader->fault.err == DAIS_OK && reader->rest.size > 0)
        return dais_text_fault(DAIS_ERR_TRAILING, reader->text, reader->rest.data);
    return reader->fault;
}

void dais_roster_put_head(dais_writer_t *writer, const dais_roster_head_t *head)
{
    assert(dais_vkey_name_ok(dais_slice_text(head->origin)));
    dais_text_put(writer, roster_magic);
    dais_text_put(writer, "\norigin ");
    dais_text_put(writer, head->origin);
    dais_text_put(writer, "\nlog ");
    dais_text_put_hex(writer, dais_hash_slice(&head->log));
    dais_text_put(writer, "\nsize ");
    dais_text_put_uint(writer, head->size);
    dais_text_put(writer, "\n");
}

void dais_roster_put_key(dais_writer_t *writer, const dais_roster_key_t *key)
{
    assert(key->role >= 1 && key->role <= dais_words_role.count);
    dais_text_put(writer, "key ");
    dais_text_put(writer, dais_words_role.words[key->role]);
    dais_text_put(writer, " ");
    dais_text_put_hex(writer, dais_slice(key->actor.bytes, DAIS_ID_SIZE));
    dais_text_put(writer, " ");
    dais_text_put_hex(writer, dais_slice(key->key.bytes, DAIS_KEY_SIZE));
    dais_text_put(writer, " ");
    dais_text_put_z85(writer, &key->box_key);
    dais_text_put(writer, "\n");
}
