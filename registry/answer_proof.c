/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/proof.h"
#include "registry/answer.h"

/* An entry that one may not see is answered as one that is not there. */
dais_err_t dais_answer_proof(dais_question_t *question)
{
    static dais_book_entry_t entry;
    dais_ask_proof_t ask;
    dais_tree_path_t path;
    dais_writer_t extra;
    dais_writer_t text;
    dais_slice_t extra_bytes;
    bool is_open = false;
    dais_book_t *book = dais_cycle_book(question->cycle);
    dais_err_t err = dais_question_read(question, &dais_shape_ask_proof, &ask);
    if (err == DAIS_OK && ask.seq >= dais_book_signed_size(book))
        err = DAIS_ERR_NOT_FOUND;
    if (err == DAIS_OK)
        err = dais_answer_opening(question, ask.seq, &entry, &is_open);
    if (err == DAIS_OK && !is_open)
        err = DAIS_ERR_NOT_FOUND;
    if (err == DAIS_OK)
        err = dais_book_inclusion(book, ask.seq, dais_book_signed_size(book), &path);
    if (err != DAIS_OK)
        return err;
    dais_writer_init(&extra, question->body->buffer, question->body->capacity);
    dais_writer_init(&text, dais_answer_room(), DAIS_LIMIT_ANSWER - 64);
    err = dais_shape_encode(&dais_shape_opening, &entry.opening, &extra);
    if (err == DAIS_OK)
        err = dais_writer_finish(&extra, &extra_bytes);
    if (err == DAIS_OK)
        err = dais_proof_put(&text, extra_bytes, ask.seq, &path, dais_book_checkpoint(book));
    dais_answer_proof_t answer = {.what = DAIS_WHAT_PROOF};
    if (err == DAIS_OK)
        err = dais_writer_finish(&text, &answer.proof);
    return err == DAIS_OK ? dais_shape_encode(&dais_shape_answer_proof, &answer, question->body)
                          : err;
}
