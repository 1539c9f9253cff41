/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/answer.h"

dais_err_t dais_answer_checkpoint(dais_question_t *question)
{
    dais_ask_checkpoint_t ask;
    dais_book_t *book = dais_cycle_book(question->cycle);
    uint64_t size = dais_book_signed_size(book);
    dais_tree_path_t path = {.count = 0};
    dais_err_t err = dais_question_read(question, &dais_shape_ask_checkpoint, &ask);
    if (err == DAIS_OK && ask.old_size > size)
        err = DAIS_ERR_OUT_OF_RANGE;
    if (err == DAIS_OK && ask.old_size == size)
        err = dais_question_wait(question, ask.wait_ms);
    if (err == DAIS_OK && ask.old_size > 0)
        err = dais_book_consistency(book, ask.old_size, size, &path);
    if (err != DAIS_OK)
        return err;
    dais_answer_checkpoint_t answer = {.what = DAIS_WHAT_CHECKPOINT,
                                       .checkpoint = dais_book_checkpoint(book),
                                       .consistency = dais_tree_path_bytes(&path)};
    return dais_shape_encode(&dais_shape_answer_checkpoint, &answer, question->body);
}
