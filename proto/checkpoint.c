/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/checkpoint.h"

#include "proto/text.h"

dais_err_t dais_checkpoint_put(dais_writer_t *writer, const dais_checkpoint_t *checkpoint)
{
    if (checkpoint->origin.size > DAIS_LIMIT_ORIGIN)
        return DAIS_ERR_TOO_LONG;
    if (!dais_vkey_name_ok(checkpoint->origin))
        return DAIS_ERR_BAD_TEXT;
    if (checkpoint->size > DAIS_SEQ_MAX)
        return DAIS_ERR_OUT_OF_RANGE;
    dais_writer_raw(writer, checkpoint->origin);
    dais_text_put(writer, "\n");
    dais_text_put_uint(writer, checkpoint->size);
    dais_text_put(writer, "\n");
    dais_text_put_base64(writer, dais_hash_slice(&checkpoint->root));
    dais_text_put(writer, "\n");
    return writer->err;
}

static dais_err_t origin_read(dais_slice_t line, dais_checkpoint_t *out)
{
    out->origin = line;
    if (line.size > DAIS_LIMIT_ORIGIN)
        return DAIS_ERR_TOO_LONG;
    return dais_vkey_name_ok(line) ? DAIS_OK : DAIS_ERR_BAD_TEXT;
}

static dais_err_t size_read(dais_slice_t line, dais_checkpoint_t *out)
{
    return dais_text_uint(line, DAIS_SEQ_MAX, &out->size);
}

static dais_err_t root_read(dais_slice_t line, dais_checkpoint_t *out)
{
    return dais_text_hash(line, &out->root);
}

dais_fault_t dais_checkpoint_parse(dais_slice_t text, dais_checkpoint_t *out)
{
    static dais_err_t (*const readers[])(dais_slice_t,
                                         dais_checkpoint_t *) = {origin_read, size_read, root_read};
    dais_slice_t rest = text;
    for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++) {
        const uint8_t *at = rest.data;
        dais_slice_t line;
        dais_err_t err = dais_text_line(&rest, &line);
        if (err == DAIS_OK)
            err = readers[i](line, out);
        if (err != DAIS_OK)
            return dais_text_fault(err, text, at);
    }
    if (rest.size > 0)
        return dais_text_fault(DAIS_ERR_TRAILING, text, rest.data);
    return (dais_fault_t){DAIS_OK, 0};
}

dais_err_t dais_checkpoint_sign(const dais_checkpoint_t *checkpoint, const dais_vkey_t *vkey,
                                const uint8_t secret[DAIS_NOTE_SECRET_BYTES], dais_writer_t *writer)
{
    if (!dais_slice_equal(checkpoint->origin, dais_slice_text(vkey->name)))
        return DAIS_ERR_WRONG_ORIGIN;
    uint8_t text[DAIS_CHECKPOINT_TEXT_MAX];
    dais_writer_t body;
    dais_writer_init(&body, text, sizeof(text));
    dais_err_t err = dais_checkpoint_put(&body, checkpoint);
    if (err != DAIS_OK)
        return err;
    return dais_note_sign(dais_slice(text, body.size), vkey, secret, writer);
}

dais_fault_t dais_checkpoint_verify(dais_slice_t bytes, const dais_vkey_t *vkey,
                                    dais_checkpoint_t *out)
{
    dais_note_t note;
    dais_fault_t fault = dais_note_parse(bytes, &note);
    if (fault.err == DAIS_OK)
        fault = dais_note_verify(&note, vkey, 1, NULL);
    if (fault.err == DAIS_OK)
        fault = dais_checkpoint_parse(note.text, out);
    if (fault.err == DAIS_OK && !dais_slice_equal(out->origin, dais_slice_text(vkey->name)))
        fault = (dais_fault_t){DAIS_ERR_WRONG_ORIGIN, 0};
    return fault;
}
