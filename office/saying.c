/* SPDX-License-Identifier: Apache-2.0
 *
 * From what a person wrote to the bytes of a message, with the contents that travel beside it.
 * Nothing is stored here: that is the verb's, once all of it is known to be good. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/file.h"
#include "office/verb.h"
#include "office/writing.h"
#include "proto/content.h"

bool dais_saying_fault(dais_saying_t *saying, const char *code, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    (void)snprintf(saying->fault_code, sizeof saying->fault_code, "%s", code);
    (void)vsnprintf(saying->fault, sizeof saying->fault, format, list);
    va_end(list);
    return false;
}

static bool saying_file(dais_saying_t *saying, const char *path, size_t size_max,
                        dais_file_bytes_t *bytes)
{
    dais_err_t err = dais_writing_read(path, size_max, bytes);
    if (err == DAIS_OK)
        return true;
    return dais_saying_fault(saying, dais_err_code(err), "%.100s: %s", path, dais_err_text(err));
}

static bool saying_value(dais_saying_t *saying, const dais_field_t *field, const char *name,
                         const char *text)
{
    bool good =
        field->type == DAIS_FIELD_LIST
            ? dais_convert_element(saying->convert, field, dais_slice_text(text), saying->subject)
            : dais_convert_field(saying->convert, field, dais_slice_text(text), saying->subject);
    return good || dais_saying_fault(saying, "bad-value", "%s: %s", name, saying->convert->why);
}

static bool saying_digest(dais_saying_t *saying, const dais_field_t *field, const char *path)
{
    dais_hash_t digest;
    dais_err_t err = dais_writing_digest(path, &digest, NULL);
    if (err != DAIS_OK)
        return dais_saying_fault(saying, dais_err_code(err), "%.100s: %s", path,
                                 dais_err_text(err));
    uint8_t *kept = dais_convert_keep(saying->convert, dais_hash_slice(&digest));
    if (kept == NULL)
        return dais_saying_fault(saying, "too-long", "there is too much of it");
    dais_slice_t slice = dais_slice(kept, DAIS_HASH_SIZE);
    memcpy((uint8_t *)saying->subject + field->offset, &slice, sizeof slice);
    return true;
}

/* The elements of a list that stand in a file. */
static bool saying_lines(dais_saying_t *saying, const dais_field_t *field)
{
    const char *path = dais_verb_reads_file(field)
                           ? saying->source.value(saying->source.context, "targets", 0)
                           : NULL;
    dais_file_bytes_t bytes;
    unsigned line = 0;
    if (path == NULL)
        return true;
    if (!saying_file(saying, path, (size_t)1 << 20, &bytes))
        return false;
    bool good = dais_convert_lines(saying->convert, field, dais_slice(bytes.data, bytes.size),
                                   saying->subject, &line);
    if (!good)
        (void)dais_saying_fault(saying, "bad-value", "%.100s:%u: %s", path, line,
                                saying->convert->why);
    dais_file_free(&bytes);
    return good;
}

/* Is there something in the field that has to be there? */
static bool saying_is_missing(const dais_saying_t *saying, const dais_field_t *field)
{
    const dais_list_t *list =
        (const dais_list_t *)(const void *)((const uint8_t *)saying->subject + field->offset);
    return field->type == DAIS_FIELD_LIST && list->count < field->min;
}

/* Elements that stand as operands, behind those of the option. */
static bool saying_either(dais_saying_t *saying, const dais_field_t *field)
{
    const char *text;
    for (size_t i = 0; (text = saying->source.operand(saying->source.context, i)) != NULL; i++) {
        if (!saying_value(saying, field, field->name, text))
            return false;
    }
    return true;
}

static bool saying_option(dais_saying_t *saying, const dais_slot_t *slot, const dais_field_t *field)
{
    char name[64];
    const char *text;
    size_t count = 0;
    dais_verb_option_name(slot, field, name, sizeof name);
    bool digest = slot != NULL && slot->source == DAIS_SLOT_DIGEST;
    while ((text = saying->source.value(saying->source.context, name, count)) != NULL) {
        bool good =
            digest ? saying_digest(saying, field, text) : saying_value(saying, field, name, text);
        if (!good)
            return false;
        count++;
        if (field->type != DAIS_FIELD_LIST)
            return true;
    }
    if (count == 0 && slot != NULL && !digest && slot->value != NULL)
        return saying_value(saying, field, name, slot->value);
    if (slot != NULL && slot->source == DAIS_SLOT_EITHER && !saying_either(saying, field))
        return false;
    if (!saying_lines(saying, field))
        return false;
    bool needed = field->min > 0 || field->type == DAIS_FIELD_ID || field->type == DAIS_FIELD_TIME;
    if (saying_is_missing(saying, field) ||
        (needed && count == 0 && field->type != DAIS_FIELD_LIST))
        return dais_saying_fault(saying, "missing-key", "%s is missing: %s", name, field->text);
    return true;
}

static bool saying_operand(dais_saying_t *saying, const dais_slot_t *slot,
                           const dais_field_t *field, size_t *next)
{
    const char *name = slot->name != NULL ? slot->name : field->name;
    const char *text = saying->source.operand(saying->source.context, *next);
    if (text == NULL)
        return dais_saying_fault(saying, "missing-key", "%s is missing: %s", name, field->text);
    do {
        if (!saying_value(saying, field, name, text))
            return false;
        text = saying->source.operand(saying->source.context, ++*next);
    } while (field->type == DAIS_FIELD_LIST && text != NULL);
    return true;
}

/* Operands stand in the order of the slots, which may be another than that of the fields. */
static bool saying_operands(dais_saying_t *saying, const dais_shape_t *shape, size_t *next)
{
    for (const dais_slot_t *slot = saying->verb->slots; slot != NULL && slot->field != NULL;
         slot++) {
        for (size_t i = 0; slot->source == DAIS_SLOT_OPERAND && i < shape->field_count; i++) {
            if (strcmp(shape->fields[i].name, slot->field) == 0 &&
                !saying_operand(saying, slot, &shape->fields[i], next))
                return false;
        }
    }
    return true;
}

static bool saying_fields(dais_saying_t *saying, size_t *next_operand)
{
    const dais_shape_t *shape = dais_kind_of(saying->verb->kind)->subject;
    for (size_t i = 0; i < shape->field_count; i++) {
        const dais_field_t *field = &shape->fields[i];
        const dais_slot_t *slot = dais_verb_slot(saying->verb, field->name);
        dais_slot_source_t source = slot == NULL ? DAIS_SLOT_OPTION : slot->source;
        bool good = true;
        if (source == DAIS_SLOT_FIXED)
            good = saying_value(saying, field, field->name, slot->value);
        else if (source == DAIS_SLOT_OPTION || source == DAIS_SLOT_DIGEST ||
                 source == DAIS_SLOT_EITHER)
            good = saying_option(saying, slot, field);
        if (!good)
            return false;
    }
    return saying_operands(saying, shape, next_operand);
}

static bool saying_text(dais_saying_t *saying, size_t operand)
{
    const char *path = saying->source.operand(saying->source.context, operand);
    if ((saying->verb->flags & DAIS_VERB_WRITING) != 0) {
        if (path == NULL)
            return dais_saying_fault(saying, "missing-key", "the file with the text is missing");
        if (!saying_file(saying, path, DAIS_LIMIT_CONTENT, &saying->text))
            return false;
    }
    if ((saying->verb->flags & DAIS_VERB_PRIVATE) == 0)
        return true;
    path = saying->source.value(saying->source.context, "private", 0);
    return path == NULL || saying_file(saying, path, DAIS_LIMIT_CONTENT, &saying->private_text);
}

/* salt || content, in memory of its own. */
static dais_err_t opening_make(const dais_random_t *random, dais_slice_t content, size_t padded,
                               uint8_t **bytes, dais_slice_t *opening, dais_hash_t *commitment)
{
    dais_key_t salt;
    size_t size = padded > content.size ? padded : content.size;
    *bytes = calloc(1, DAIS_SALT_SIZE + size + 1);
    if (*bytes == NULL)
        return DAIS_ERR_NO_MEMORY;
    dais_err_t err = dais_random_fill(random, salt.bytes, sizeof salt.bytes);
    if (err != DAIS_OK)
        return err;
    memcpy(*bytes, salt.bytes, DAIS_SALT_SIZE);
    if (content.size > 0)
        memcpy(*bytes + DAIS_SALT_SIZE, content.data, content.size);
    if (padded > 0)
        err = dais_content_pad(*bytes + DAIS_SALT_SIZE, size, content.size, &size);
    *opening = dais_slice(*bytes, DAIS_SALT_SIZE + size);
    *commitment = dais_content_commit(&salt, dais_slice(*bytes + DAIS_SALT_SIZE, size));
    return err;
}

/* Three parts on the heap become one, so that one pointer holds all of the message. */
static dais_err_t saying_join(dais_saying_t *saying, dais_slice_t message, dais_slice_t open,
                              dais_slice_t closed)
{
    saying->bytes = malloc(message.size + open.size + closed.size + 1);
    if (saying->bytes == NULL)
        return DAIS_ERR_NO_MEMORY;
    uint8_t *at = saying->bytes;
    memcpy(at, message.data, message.size);
    saying->message.message = dais_slice(at, message.size);
    at += message.size;
    memcpy(at, open.data, open.size);
    saying->message.public_opening = dais_slice(at, open.size);
    at += open.size;
    memcpy(at, closed.data, closed.size);
    saying->message.private_opening = dais_slice(at, closed.size);
    saying->message.kind = saying->verb->kind;
    saying->message.queued_at = saying->now_ms;
    return DAIS_OK;
}

static dais_err_t saying_encode(dais_saying_t *saying, dais_message_t *message, dais_slice_t open,
                                dais_slice_t closed)
{
    static uint8_t buffer[DAIS_LIMIT_SUBJECT + DAIS_LIMIT_MESSAGE]; /* one thread, one message */
    dais_writer_t writer;
    dais_slice_t encoded;
    const dais_shape_t *shape = dais_kind_of(saying->verb->kind)->subject;
    dais_writer_init(&writer, buffer, DAIS_LIMIT_SUBJECT);
    dais_err_t err = dais_shape_encode(shape, saying->subject, &writer);
    if (err == DAIS_OK)
        err = dais_writer_finish(&writer, &message->subject);
    dais_writer_init(&writer, buffer + DAIS_LIMIT_SUBJECT, DAIS_LIMIT_MESSAGE);
    if (err == DAIS_OK)
        err = dais_message_encode(message, &writer);
    if (err == DAIS_OK)
        err = dais_writer_finish(&writer, &encoded);
    return err == DAIS_OK ? saying_join(saying, encoded, open, closed) : err;
}

static bool saying_behalf(dais_saying_t *saying, dais_message_t *message)
{
    static uint8_t organisation[DAIS_ID_SIZE];
    const char *text = (saying->verb->flags & DAIS_VERB_BEHALF) == 0
                           ? NULL
                           : saying->source.value(saying->source.context, "for", 0);
    if (text == NULL)
        return (saying->verb->flags & DAIS_VERB_BEHALF) == 0 ||
               dais_saying_fault(saying, "missing-key", "for is missing: the organisation");
    dais_field_t field = {.name = "for", .type = DAIS_FIELD_ID, .max = DAIS_ID_SIZE};
    if (!dais_convert_field(saying->convert, &field, dais_slice_text(text), organisation))
        return dais_saying_fault(saying, "bad-value", "for: %s", saying->convert->why);
    message->on_behalf = dais_slice(organisation, sizeof organisation);
    return true;
}

/* Contents, commitments and the message itself. */
static bool saying_message(dais_saying_t *saying)
{
    uint8_t random[DAIS_ID_RANDOM_SIZE];
    uint8_t *open_bytes = NULL;
    uint8_t *closed_bytes = NULL;
    dais_slice_t open = {0};
    dais_slice_t closed = {0};
    dais_writing_bytes_t writing = {0};
    dais_writing_bytes_t private = {0};
    dais_message_t message = {.log = saying->office->profile.log,
                              .kind = saying->verb->kind,
                              .actor = saying->office->profile.identity.actor,
                              .said_at = saying->now_ms};
    const dais_random_t *source = &saying->office->random;
    dais_err_t err = dais_random_fill(source, random, sizeof random);
    message.id = saying->id = dais_message_id(saying->now_ms, random);
    if (!saying_behalf(saying, &message))
        return false;
    if (err == DAIS_OK && (saying->verb->flags & DAIS_VERB_WRITING) != 0)
        err = dais_writing_make(&saying->source, &saying->text, true, &writing, saying->fault,
                                sizeof saying->fault);
    if (err == DAIS_OK && saying->private_text.data != NULL)
        err = dais_writing_make(&saying->source, &saying->private_text, false, &private,
                                saying->fault, sizeof saying->fault);
    if (err == DAIS_OK)
        err = opening_make(source, dais_slice(writing.data, writing.size), 0, &open_bytes, &open,
                           &message.public_commitment);
    if (err == DAIS_OK && private.size > 0 && dais_content_padded_size(private.size) == 0)
        err = DAIS_ERR_TOO_LONG;
    if (err == DAIS_OK)
        err = opening_make(source, dais_slice(private.data, private.size),
                           private.size == 0 ? 0 : dais_content_padded_size(private.size),
                           &closed_bytes, &closed, &message.private_commitment);
    if (err == DAIS_OK)
        err = saying_encode(saying, &message, open, closed);
    free(open_bytes);
    free(closed_bytes);
    free(writing.data);
    free(private.data);
    if (err != DAIS_OK && saying->fault[0] == '\0')
        return dais_saying_fault(saying, dais_err_code(err), "the message cannot be made: %s",
                                 dais_err_text(err));
    if (err != DAIS_OK)
        (void)snprintf(saying->fault_code, sizeof saying->fault_code, "%s", dais_err_code(err));
    return err == DAIS_OK;
}

bool dais_saying_build(dais_saying_t *saying)
{
    size_t operand = 0;
    const dais_shape_t *shape = dais_kind_of(saying->verb->kind)->subject;
    saying->convert = malloc(sizeof *saying->convert);
    saying->subject = calloc(1, shape->struct_size);
    if (saying->convert == NULL || saying->subject == NULL)
        return dais_saying_fault(saying, "no-memory", "no memory is left");
    dais_convert_init(saying->convert);
    return saying_fields(saying, &operand) && saying_text(saying, operand) &&
           (saying->verb->fill == NULL || saying->verb->fill(saying)) && saying_message(saying);
}

void dais_saying_free(dais_saying_t *saying)
{
    free(saying->convert);
    free(saying->subject);
    free(saying->bytes);
    dais_file_free(&saying->text);
    dais_file_free(&saying->private_text);
    json_decref(saying->extra);
    saying->extra = NULL;
}
