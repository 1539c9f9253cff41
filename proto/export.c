/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/export.h"

enum { FRAME_HEAD = 4 };

static const dais_shape_t *const export_shapes[] = {
    [DAIS_EXPORT_HEAD] = &dais_shape_export_head,
    [DAIS_EXPORT_STAMP] = &dais_shape_export_stamp,
    [DAIS_EXPORT_BUNDLE] = &dais_shape_export_bundle,
    [DAIS_EXPORT_ENTRY] = &dais_shape_export_entry,
    [DAIS_EXPORT_END] = &dais_shape_export_end,
};

enum { EXPORT_TYPES = sizeof export_shapes / sizeof export_shapes[0] };

/* The seq that a leaf names must be the next one; a closed entry shows neither salt nor record. */
static dais_err_t entry_follows(dais_export_state_t *state, const dais_export_entry_t *entry)
{
    dais_entry_t leaf;
    dais_fault_t fault = dais_shape_decode(&dais_shape_entry, entry->leaf, &leaf);
    if (fault.err != DAIS_OK)
        return fault.err;
    if (leaf.seq != state->next || state->next == state->size)
        return DAIS_ERR_BAD_CHAIN;
    bool closed = entry->salt.size == 0;
    size_t shown = entry->message_path.size + entry->public_opening.size +
                   entry->private_opening.size + entry->record.size;
    if (closed ? shown > 0 : entry->record.size == 0)
        return DAIS_ERR_WRONG_ENTRY;
    state->next++;
    return DAIS_OK;
}

/* Moves the state over one item. */
static dais_err_t item_follows(dais_export_state_t *state, const dais_export_item_t *item)
{
    if (state->ended || (item->type == DAIS_EXPORT_HEAD) == state->started)
        return DAIS_ERR_BAD_CHAIN;
    switch (item->type) {
    case DAIS_EXPORT_HEAD:
        state->started = true;
        state->size = item->as.head.size;
        break;
    case DAIS_EXPORT_STAMP: state->has_stamp = true; break;
    case DAIS_EXPORT_BUNDLE:
        if (item->as.bundle.stamped == 0 && item->as.bundle.index + item->as.bundle.path.size > 0)
            return DAIS_ERR_WRONG_ENTRY;
        if (item->as.bundle.stamped == 1 && !state->has_stamp)
            return DAIS_ERR_BAD_CHAIN;
        break;
    case DAIS_EXPORT_ENTRY: return entry_follows(state, &item->as.entry);
    case DAIS_EXPORT_END:
        if (state->next != state->size)
            return DAIS_ERR_BAD_CHAIN;
        state->ended = true;
        break;
    }
    return DAIS_OK;
}

dais_fault_t dais_export_read(dais_export_state_t *state, dais_slice_t frame,
                              dais_export_item_t *out)
{
    memset(out, 0, sizeof *out);
    for (unsigned type = 0; type < EXPORT_TYPES; type++) {
        const dais_shape_t *shape = export_shapes[type];
        if (!dais_shape_is(shape, frame))
            continue;
        out->type = (dais_export_type_t)type;
        dais_fault_t fault = dais_shape_decode(shape, frame, &out->as);
        if (fault.err == DAIS_OK)
            fault.err = item_follows(state, out);
        if (fault.err != DAIS_OK)
            memset(out, 0, sizeof *out);
        return fault;
    }
    return (dais_fault_t){DAIS_ERR_WRONG_DOMAIN, 0};
}

dais_fault_t dais_export_frame(dais_slice_t *rest, dais_slice_t *frame)
{
    if (rest->size < FRAME_HEAD)
        return (dais_fault_t){DAIS_ERR_TRUNCATED, 0};
    size_t size = (size_t)rest->data[0] << 24 | (size_t)rest->data[1] << 16 |
                  (size_t)rest->data[2] << 8 | rest->data[3];
    if (size > DAIS_EXPORT_FRAME_MAX)
        return (dais_fault_t){DAIS_ERR_TOO_LONG, 0};
    if (size > rest->size - FRAME_HEAD)
        return (dais_fault_t){DAIS_ERR_TRUNCATED, 0};
    *frame = dais_slice(rest->data + FRAME_HEAD, size);
    *rest = dais_slice(rest->data + FRAME_HEAD + size, rest->size - FRAME_HEAD - size);
    return (dais_fault_t){DAIS_OK, 0};
}

dais_err_t dais_export_finish(const dais_export_state_t *state)
{
    return state->ended ? DAIS_OK : DAIS_ERR_TRUNCATED;
}

dais_err_t dais_export_write(const dais_export_item_t *item, dais_writer_t *writer)
{
    dais_writer_t before = *writer;
    dais_writer_raw(writer, dais_slice("\0\0\0\0", FRAME_HEAD));
    dais_err_t err = dais_shape_encode(export_shapes[item->type], &item->as, writer);
    if (err != DAIS_OK) {
        *writer = before;
        return err;
    }
    size_t size = writer->size - before.size - FRAME_HEAD;
    for (size_t i = 0; i < FRAME_HEAD; i++)
        writer->buffer[before.size + i] = (uint8_t)(size >> (24 - 8 * i));
    return DAIS_OK;
}
