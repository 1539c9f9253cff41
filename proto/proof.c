/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/proof.h"

#include "proto/base64.h"
#include "proto/text.h"
#include "proto/tree_verify.h"

#define FIRST_LINE "c2sp.org/tlog-proof@v1"

static const dais_fault_t fault_none = {DAIS_OK, 0};

/* The form of a checkpoint, before or without its verification. */
static dais_fault_t checkpoint_check(dais_slice_t bytes, dais_checkpoint_t *checkpoint)
{
    dais_note_t note;
    dais_fault_t fault = dais_note_parse(bytes, &note);
    return fault.err != DAIS_OK ? fault : dais_checkpoint_parse(note.text, checkpoint);
}

static dais_err_t parts_check(dais_slice_t extra, uint64_t index, const dais_tree_path_t *path,
                              dais_slice_t checkpoint)
{
    if (extra.size > DAIS_LIMIT_PROOF_EXTRA)
        return DAIS_ERR_TOO_LONG;
    dais_checkpoint_t said;
    dais_fault_t fault = checkpoint_check(checkpoint, &said);
    if (fault.err != DAIS_OK)
        return fault.err;
    if (index >= said.size)
        return DAIS_ERR_OUT_OF_RANGE;
    return path->count == dais_tree_path_count(index, said.size) ? DAIS_OK : DAIS_ERR_BAD_PROOF;
}

dais_err_t dais_proof_put(dais_writer_t *writer, dais_slice_t extra, uint64_t index,
                          const dais_tree_path_t *path, dais_slice_t checkpoint)
{
    dais_err_t err = parts_check(extra, index, path, checkpoint);
    if (err != DAIS_OK)
        return err;
    dais_text_put(writer, FIRST_LINE "\n");
    if (extra.size > 0) {
        dais_text_put(writer, "extra ");
        dais_text_put_base64(writer, extra);
        dais_text_put(writer, "\n");
    }
    dais_text_put(writer, "index ");
    dais_text_put_uint(writer, index);
    dais_text_put(writer, "\n");
    for (size_t i = 0; i < path->count; i++) {
        dais_text_put_base64(writer, dais_hash_slice(&path->hashes[i]));
        dais_text_put(writer, "\n");
    }
    dais_text_put(writer, "\n");
    dais_writer_raw(writer, checkpoint);
    return writer->err;
}

/* Each of these takes one part off *rest, and on a refusal leaves *rest at the line at fault. */
static dais_err_t first_take(dais_slice_t *rest, dais_proof_t *proof)
{
    (void)proof;
    dais_slice_t after = *rest;
    dais_slice_t line;
    dais_err_t err = dais_text_line(&after, &line);
    if (err != DAIS_OK)
        return err;
    if (!dais_slice_equal(line, dais_slice_text(FIRST_LINE)))
        return DAIS_ERR_WRONG_DOMAIN;
    *rest = after;
    return DAIS_OK;
}

/* Without anything extra there is no such line, so an empty one is a second form of the same. */
static dais_err_t extra_take(dais_slice_t *rest, dais_proof_t *proof)
{
    dais_slice_t after = *rest;
    dais_slice_t line;
    dais_err_t err = dais_text_line(&after, &line);
    if (err != DAIS_OK || !dais_text_prefix(&line, "extra "))
        return err;
    err = dais_base64_check(line, &proof->extra_size);
    if (err != DAIS_OK)
        return err;
    if (proof->extra_size == 0)
        return DAIS_ERR_TOO_SHORT;
    if (proof->extra_size > DAIS_LIMIT_PROOF_EXTRA)
        return DAIS_ERR_TOO_LONG;
    proof->extra = line;
    *rest = after;
    return DAIS_OK;
}

static dais_err_t index_take(dais_slice_t *rest, dais_proof_t *proof)
{
    dais_slice_t after = *rest;
    dais_slice_t line;
    dais_err_t err = dais_text_line(&after, &line);
    if (err != DAIS_OK)
        return err;
    if (!dais_text_prefix(&line, "index "))
        return DAIS_ERR_BAD_TEXT;
    err = dais_text_uint(line, DAIS_SEQ_MAX - 1, &proof->index);
    if (err == DAIS_OK)
        *rest = after;
    return err;
}

/* Up to and with the empty line. */
static dais_err_t path_take(dais_slice_t *rest, dais_proof_t *proof)
{
    dais_tree_path_t *path = &proof->path;
    for (;;) {
        dais_slice_t after = *rest;
        dais_slice_t line;
        dais_err_t err = dais_text_line(&after, &line);
        if (err != DAIS_OK)
            return err;
        if (line.size == 0) {
            *rest = after;
            return DAIS_OK;
        }
        if (path->count == DAIS_PROOF_PATH_MAX)
            return DAIS_ERR_TOO_LONG;
        err = dais_text_hash(line, &path->hashes[path->count]);
        if (err != DAIS_OK)
            return err;
        path->count++;
        *rest = after;
    }
}

dais_fault_t dais_proof_parse(dais_slice_t bytes, dais_proof_t *proof)
{
    static dais_err_t (*const parts[])(dais_slice_t *, dais_proof_t *) = {first_take, extra_take,
                                                                          index_take, path_take};
    proof->extra = dais_slice(NULL, 0);
    proof->extra_size = 0;
    proof->path.count = 0;
    dais_slice_t rest = bytes;
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        dais_err_t err = parts[i](&rest, proof);
        if (err != DAIS_OK)
            return dais_text_fault(err, bytes, rest.data);
    }
    proof->checkpoint = rest;
    dais_checkpoint_t checkpoint;
    dais_fault_t fault = checkpoint_check(rest, &checkpoint);
    if (fault.err != DAIS_OK)
        return (dais_fault_t){fault.err, bytes.size - rest.size + fault.offset};
    return fault_none;
}

dais_err_t dais_proof_verify(const dais_proof_t *proof, const dais_hash_t *leaf,
                             const dais_vkey_t *vkey, dais_checkpoint_t *checkpoint)
{
    dais_checkpoint_t said;
    dais_fault_t fault = dais_checkpoint_verify(proof->checkpoint, vkey, &said);
    if (fault.err != DAIS_OK)
        return fault.err;
    dais_err_t err = dais_tree_inclusion_verify(proof->index, said.size, leaf,
                                                dais_tree_path_bytes(&proof->path), &said.root);
    if (err == DAIS_OK && checkpoint != NULL)
        *checkpoint = said;
    return err;
}
