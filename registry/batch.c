/* SPDX-License-Identifier: Apache-2.0
 *
 * The end of a batch, and the log lines of what became of its bundles: they are written after the
 * commit, as before it nothing has happened. Of a sealed bundle no line shows which entries it
 * became: from their order and time somebody could tell who objected. */
#include "registry/cycle_private.h"

void cycle_note(dais_cycle_t *cycle, const dais_happened_t *happened)
{
    uint32_t bit = happened->key_number % (DAIS_TOUCHED_WORDS * 64);
    cycle->touched[bit / 64] |= UINT64_C(1) << bit % 64;
    if (cycle->happened_count < DAIS_HAPPENED_MAX)
        cycle->house->desk->happened[cycle->happened_count] = *happened;
    cycle->happened_count++;
}

bool dais_cycle_has_happened(const dais_cycle_t *cycle)
{
    return cycle->happened_count > 0;
}

bool dais_cycle_has_touched(const dais_cycle_t *cycle, uint32_t key_number)
{
    uint32_t bit = key_number % (DAIS_TOUCHED_WORDS * 64);
    return (cycle->touched[bit / 64] >> bit % 64 & 1) != 0;
}

static void batch_line(dais_cycle_t *cycle, const dais_happened_t *happened)
{
    dais_log_line_t line;
    bool is_refusal = happened->err != DAIS_OK;
    dais_log_begin(&line, cycle->house->lines, is_refusal ? DAIS_LOG_WARN : DAIS_LOG_INFO,
                   happened->event);
    dais_log_text(&line, "cycle", cycle->name);
    dais_log_hex(&line, "bundle", dais_hash_slice(&happened->bundle));
    if (is_refusal)
        dais_log_err(&line, happened->err);
    if (!happened->is_sealed) {
        static const dais_id_t none;
        dais_log_u64(&line, "k", happened->k);
        if (memcmp(&happened->message, &none, sizeof none) != 0)
            dais_log_hex(&line, "message",
                         dais_slice(happened->message.bytes, sizeof happened->message.bytes));
        dais_log_u64(&line, "seq", happened->seq);
        dais_log_u64(&line, "entries", happened->entries);
        dais_log_u64(&line, "twins", happened->twins);
    }
    dais_log_end(&line);
}

static void batch_tell(dais_cycle_t *cycle)
{
    dais_log_line_t line;
    size_t told =
        cycle->happened_count < DAIS_HAPPENED_MAX ? cycle->happened_count : DAIS_HAPPENED_MAX;
    if (cycle->house->lines == NULL)
        return;
    for (size_t i = 0; i < told; i++)
        batch_line(cycle, &cycle->house->desk->happened[i]);
    if (dais_book_size(cycle->book) == cycle->batch_size && told == cycle->happened_count)
        return;
    dais_log_begin(&line, cycle->house->lines, DAIS_LOG_INFO, "batch-committed");
    dais_log_text(&line, "cycle", cycle->name);
    dais_log_u64(&line, "from", cycle->batch_size);
    dais_log_u64(&line, "size", dais_book_size(cycle->book));
    dais_log_u64(&line, "untold", cycle->happened_count - told);
    dais_log_end(&line);
}

dais_err_t dais_cycle_batch_end(dais_cycle_t *cycle)
{
    dais_err_t err = cycle_failure(cycle);
    if (err == DAIS_OK && !dais_rules_has_ended(cycle->rules))
        cycle_settle(cycle);
    err = cycle_failure(cycle);
    if (err != DAIS_OK) {
        dais_err_t of_drop = dais_cycle_batch_drop(cycle);
        return of_drop != DAIS_OK ? of_drop : err;
    }
    err = dais_book_commit(cycle->book);
    if (err == DAIS_OK) {
        batch_tell(cycle);
        return DAIS_OK;
    }
    dais_err_t of_resume = err == DAIS_ERR_NO_SPACE ? cycle_forget_batch(cycle) : DAIS_OK;
    return of_resume != DAIS_OK ? of_resume : err;
}
