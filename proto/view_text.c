/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/view_text.h"

#include <stdlib.h>

#include "proto/entry_bundle.h"
#include "proto/guard.h"
#include "proto/identity.h"
#include "proto/proof.h"
#include "proto/tile.h"

/* Keeps `fault`, or reports that jansson had no memory; drops the view in both cases. */
static dais_fault_t view_end(dais_fault_t fault, bool complete, json_t **out)
{
    if (fault.err == DAIS_OK && !complete)
        fault = (dais_fault_t){DAIS_ERR_NO_MEMORY, 0};
    if (fault.err != DAIS_OK) {
        json_decref(*out);
        *out = NULL;
    }
    return fault;
}

static bool object_set(json_t *object, const char *key, json_t *value)
{
    return json_object_set_new(object, key, value) == 0;
}

static json_t *object_of(const char *type)
{
    return json_pack("{ssss}", "type", type, "v", "1");
}

static json_t *checkpoint_view(const dais_checkpoint_t *checkpoint)
{
    return json_pack("{sososo}", "origin", dais_view_text(checkpoint->origin), "size",
                     dais_view_number(checkpoint->size), "root",
                     dais_view_hex(dais_hash_slice(&checkpoint->root)));
}

static bool signatures_set(json_t *object, const dais_note_t *note)
{
    json_t *array = json_array();
    bool complete = array != NULL;
    dais_slice_t lines = note->lines;
    dais_note_signature_t line;
    while (complete && lines.size > 0 && dais_note_signature_next(&lines, &line) == DAIS_OK)
        complete =
            json_array_append_new(array, json_pack("{sososo}", "name", dais_view_text(line.name),
                                                   "key_id", json_sprintf("%08x", line.key_id),
                                                   "signature", dais_view_text(line.value))) == 0;
    return object_set(object, "signatures", array) && complete;
}

dais_fault_t dais_view_note(dais_slice_t bytes, json_t **out)
{
    dais_note_t note;
    dais_checkpoint_t checkpoint;
    *out = NULL;
    dais_fault_t fault = dais_note_parse(bytes, &note);
    if (fault.err != DAIS_OK)
        return fault;
    *out = object_of("note");
    bool complete = dais_checkpoint_parse(note.text, &checkpoint).err == DAIS_OK
                        ? object_set(*out, "checkpoint", checkpoint_view(&checkpoint))
                        : object_set(*out, "text", dais_view_text(note.text));
    complete &= signatures_set(*out, &note);
    return view_end(fault, complete, out);
}

/* The decoded extra data: the record that it is, or hex. */
static json_t *extra_view(const dais_proof_t *proof)
{
    json_t *view = NULL;
    size_t size = 0;
    uint8_t *extra = malloc(proof->extra_size);
    if (extra == NULL)
        return NULL;
    if (dais_base64_decode(proof->extra, extra, proof->extra_size, &size) == DAIS_OK &&
        dais_view_record(dais_slice(extra, size), &view).err != DAIS_OK)
        view = dais_view_hex(dais_slice(extra, size));
    free(extra);
    return view;
}

dais_fault_t dais_view_proof(dais_slice_t bytes, json_t **out)
{
    dais_proof_t proof;
    json_t *checkpoint = NULL;
    *out = NULL;
    dais_fault_t fault = dais_proof_parse(bytes, &proof);
    if (fault.err == DAIS_OK)
        fault = dais_view_note(proof.checkpoint, &checkpoint);
    if (fault.err != DAIS_OK)
        return fault;
    *out = object_of("tlog-proof");
    bool complete = object_set(*out, "index", dais_view_number(proof.index)) &&
                    object_set(*out, "path", dais_view_path(dais_tree_path_bytes(&proof.path)));
    if (proof.extra_size > 0)
        complete &= object_set(*out, "extra", extra_view(&proof));
    complete &= object_set(*out, "checkpoint", checkpoint);
    return view_end(fault, complete, out);
}

dais_fault_t dais_view_identity(dais_slice_t bytes, json_t **out)
{
    dais_identity_t identity;
    *out = NULL;
    dais_fault_t fault = dais_identity_parse(bytes, &identity);
    if (fault.err != DAIS_OK)
        return fault;
    *out = object_of("identity");
    bool complete =
        object_set(*out, "actor", dais_view_hex(dais_slice(identity.actor.bytes, DAIS_ID_SIZE))) &&
        object_set(*out, "role", json_string(dais_words_role.words[identity.role])) &&
        object_set(*out, "state", json_string(identity.state)) &&
        object_set(*out, "name", json_string(identity.key.name)) &&
        object_set(*out, "key_id", json_sprintf("%08x", identity.key.id)) &&
        object_set(*out, "key", dais_view_hex(dais_slice(identity.key.key, DAIS_VKEY_BYTES))) &&
        object_set(*out, "box_key",
                   dais_view_hex(dais_slice(identity.box_key.bytes, DAIS_KEY_SIZE)));
    return view_end(fault, complete, out);
}

static dais_fault_t leaves_view(unsigned width, dais_slice_t bytes, json_t *array, bool *complete)
{
    dais_entry_bundle_t bundle;
    dais_slice_t leaf;
    dais_entry_bundle_init(&bundle, bytes, width);
    while (dais_entry_bundle_next(&bundle, &leaf)) {
        json_t *view = NULL;
        if (dais_view_record(leaf, &view).err != DAIS_OK)
            view = dais_view_hex(leaf);
        *complete &= json_array_append_new(array, view) == 0;
    }
    return dais_entry_bundle_finish(&bundle);
}

dais_fault_t dais_view_tile(dais_slice_t path, dais_slice_t bytes, json_t **out)
{
    dais_tile_t tile;
    *out = NULL;
    dais_fault_t fault = {dais_tile_path_parse(path, &tile), 0};
    if (fault.err != DAIS_OK)
        return fault;
    bool entries = tile.kind == DAIS_TILE_ENTRIES;
    bool complete = true;
    json_t *array = NULL;
    if (entries) {
        array = json_array();
        fault = leaves_view(tile.width, bytes, array, &complete);
    } else if (bytes.size != (size_t)tile.width * DAIS_HASH_SIZE) {
        fault.err = bytes.size < (size_t)tile.width * DAIS_HASH_SIZE ? DAIS_ERR_TRUNCATED
                                                                     : DAIS_ERR_TRAILING;
    } else {
        array = dais_view_path(bytes);
    }
    *out = object_of(entries ? "entry-bundle" : "tile");
    complete &= object_set(*out, "level", json_integer((json_int_t)tile.level)) &&
                object_set(*out, "index", dais_view_number(tile.index)) &&
                object_set(*out, "width", json_integer((json_int_t)tile.width));
    if (fault.err == DAIS_OK)
        complete &= object_set(*out, entries ? "leaves" : "hashes", array);
    else
        json_decref(array);
    return view_end(fault, complete, out);
}

static json_t *slot_view(const uint8_t *slot)
{
    dais_guard_t guard;
    json_t *view = NULL;
    dais_slice_t rest;
    dais_err_t err = dais_guard_decode(slot, &guard);
    if (err != DAIS_OK)
        return json_pack("{ssss}", "error", dais_err_code(err), "text", dais_err_text(err));
    /* The record without the zeros behind it. */
    dais_slice_t bytes = dais_slice(slot, DAIS_GUARD_SLOT_SIZE);
    err = dais_shape_decode_first(&dais_shape_guard, bytes, &guard, &rest).err;
    if (err == DAIS_OK)
        err = dais_view_record(dais_slice(slot, bytes.size - rest.size), &view).err;
    return err == DAIS_OK ? view : NULL;
}

dais_fault_t dais_view_guard(dais_slice_t bytes, json_t **out)
{
    enum { FILE_SIZE = DAIS_GUARD_SLOT_COUNT * DAIS_GUARD_SLOT_SIZE };
    *out = NULL;
    if (bytes.size != FILE_SIZE)
        return (dais_fault_t){bytes.size < FILE_SIZE ? DAIS_ERR_TRUNCATED : DAIS_ERR_TRAILING,
                              bytes.size < FILE_SIZE ? bytes.size : FILE_SIZE};
    *out = object_of("guard-file");
    json_t *slots = json_array();
    bool complete = slots != NULL;
    for (size_t i = 0; i < DAIS_GUARD_SLOT_COUNT; i++)
        complete &=
            json_array_append_new(slots, slot_view(bytes.data + i * DAIS_GUARD_SLOT_SIZE)) == 0;
    complete &= object_set(*out, "slots", slots);
    return view_end((dais_fault_t){DAIS_OK, 0}, complete, out);
}
