/* SPDX-License-Identifier: Apache-2.0
 *
 * The publisher's renderer has made the pages that the site is compared with, so a fault in it
 * would be on both sides. What matters most is therefore taken from the entries a second time, by
 * code that shares nothing with it: what the public was told of whom, the numbers that were
 * counted, the texts of comments, who is on the list, and the sentence on who took part. It is
 * looked up in the published tables, which are read as any reader would. */
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/outcomes_sheet.h"
#include "audit/play.h"
#include "registry/rules/lists.h"
#include "registry/rules/store_index.h"
#include "registry/rules/verdict.h"

enum { WORD_SIZE = DAIS_LIMIT_CODE + 1, ROW_CELLS = 4, HEX_SIZE = 2 * DAIS_ID_SIZE + 1 };

/* What one row of a table should say, by the columns that are looked at. */
typedef struct {
    char cells[ROW_CELLS][WORD_SIZE];
} fact_t;

typedef struct {
    uint64_t seq;
    dais_hash_t cell; /* what a table should show of its text */
    bool is_shown;    /* it has a row */
} spoken_t;

typedef struct {
    outcomes_t *outcomes;
    dais_store_vector_t told;     /* fact_t: entry, organisation, status */
    dais_store_vector_t counted;  /* fact_t: entry, list_version, name, number */
    dais_store_vector_t spoken;   /* spoken_t of comments, by seq */
    dais_store_index_t last;      /* organisation -> place in told, plus 1 */
    dais_store_index_t comments;  /* their ids -> place in spoken, plus 1 */
    dais_store_index_t published; /* ids of those that were published */
    uint64_t published_count;
    uint8_t secret[crypto_shorthash_KEYBYTES];
    bool no_memory;
} facts_t;

static void facts_words(char out[WORD_SIZE], dais_slice_t text)
{
    (void)snprintf(out, WORD_SIZE, "%.*s", (int)text.size, (const char *)text.data);
}

static void facts_told(facts_t *facts, uint64_t seq, const dais_id_t *id, dais_slice_t fact)
{
    fact_t *told = dais_store_vector_add(&facts->told);
    if (told == NULL || !dais_store_index_add(&facts->last, id->bytes, facts->told.count)) {
        facts->no_memory = true;
        return;
    }
    (void)snprintf(told->cells[0], WORD_SIZE, "%" PRIu64, seq);
    dais_play_id(id->bytes, told->cells[1]);
    facts_words(told->cells[2], fact);
}

static void facts_tally(facts_t *facts, const dais_reading_entry_t *entry)
{
    dais_tally_t tally;
    dais_count_t count;
    if (dais_shape_decode(&dais_shape_tally, entry->own.subject, &tally).err != DAIS_OK)
        return;
    dais_list_walk_t walk = dais_list_begin(&tally.counts, &dais_shape_count);
    while (dais_list_next(&walk, &count)) {
        fact_t *fact = dais_store_vector_add(&facts->counted);
        if (fact == NULL) {
            facts->no_memory = true;
            return;
        }
        (void)snprintf(fact->cells[0], WORD_SIZE, "%" PRIu64, entry->seq);
        (void)snprintf(fact->cells[1], WORD_SIZE, "%" PRIu64, tally.version);
        facts_words(fact->cells[2], count.name);
        (void)snprintf(fact->cells[3], WORD_SIZE, "%" PRIu64, count.number);
    }
}

/* A program of tables would compute what begins so; an apostrophe before it keeps it a text. */
static bool is_formula(dais_slice_t text)
{
    static const char *const signs[] = {"=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"};
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        size_t size = strlen(signs[i]);
        if (text.size >= size && memcmp(text.data, signs[i], size) == 0)
            return true;
    }
    return false;
}

/* Hash of the cell for this text. An apostrophe that its author wrote is part of the text, so the
 * cell is made from the text here and not the other way round. */
static bool facts_cell(dais_slice_t text, dais_hash_t *hash)
{
    uint8_t *cell = malloc(text.size + 1);
    if (cell == NULL)
        return false;
    size_t lead = is_formula(text) ? 1 : 0;
    cell[0] = '\'';
    if (text.size > 0)
        memcpy(cell + lead, text.data, text.size);
    *hash = dais_hash_one(dais_slice(cell, lead + text.size));
    free(cell);
    return true;
}

static void facts_comment(facts_t *facts, const dais_reading_entry_t *entry)
{
    dais_writing_t writing = {.text = {0}};
    spoken_t *spoken = dais_store_vector_add(&facts->spoken);
    if (spoken == NULL) {
        facts->no_memory = true;
        return;
    }
    if (entry->public_content.data != NULL &&
        dais_shape_decode(&dais_shape_writing, entry->public_content, &writing).err != DAIS_OK)
        writing.text = dais_slice(NULL, 0);
    *spoken = (spoken_t){.seq = entry->seq};
    facts->no_memory |=
        !facts_cell(writing.text, &spoken->cell) ||
        !dais_store_index_add(&facts->comments, entry->message.id.bytes, facts->spoken.count);
}

/* A comment that was published, once, has a row. */
static void facts_ruling(facts_t *facts, const dais_reading_entry_t *entry)
{
    dais_comment_ruling_t ruling;
    if (dais_shape_decode(&dais_shape_comment_ruling, entry->message.subject, &ruling).err !=
            DAIS_OK ||
        ruling.ruling != DAIS_RULING_PUBLISH || !dais_verdict_first_done(&entry->record) ||
        dais_store_index_find(&facts->comments, ruling.comment.bytes) == 0 ||
        dais_store_index_find(&facts->published, ruling.comment.bytes) != 0)
        return;
    facts->published_count++;
    facts->no_memory |= !dais_store_index_add(&facts->published, ruling.comment.bytes, 1);
}

static void facts_entry(facts_t *facts, const dais_reading_entry_t *entry)
{
    dais_outcome_t outcome;
    dais_lapse_t lapse;
    dais_slice_t subject = entry->own.subject;
    switch (entry->kind->number) {
    case DAIS_KIND_OUTCOME:
        if (dais_shape_decode(&dais_shape_outcome, subject, &outcome).err == DAIS_OK)
            facts_told(facts, entry->seq, &outcome.organisation, outcome.fact);
        break;
    case DAIS_KIND_LAPSE:
        if (dais_shape_decode(&dais_shape_lapse, subject, &lapse).err == DAIS_OK)
            facts_told(facts, entry->seq, &lapse.organisation, lapse.fact);
        break;
    case DAIS_KIND_TALLY: facts_tally(facts, entry); break;
    case DAIS_KIND_COMMENT: facts_comment(facts, entry); break;
    case DAIS_KIND_COMMENT_RULING: facts_ruling(facts, entry); break;
    default: break;
    }
}

static dais_err_t facts_read(facts_t *facts)
{
    dais_checks_t ignored = {.failures = NULL}; /* what is wrong with the log has been said */
    dais_reading_t reading;
    dais_reading_entry_t entry;
    outcomes_t *outcomes = facts->outcomes;
    dais_err_t err = dais_reading_open(&reading, outcomes->path, &ignored);
    if (err != DAIS_OK)
        return err;
    while (dais_reading_next(&reading, &entry) && entry.seq < outcomes->size)
        if (entry.is_open && entry.kind != NULL && outcomes_opens(outcomes, entry.seq))
            facts_entry(facts, &entry);
    dais_reading_close(&reading);
    dais_checks_free(&ignored);
    return facts->no_memory ? DAIS_ERR_NO_MEMORY : DAIS_OK;
}

/* A table whose rows are these facts, in this order. */
static dais_err_t facts_table(facts_t *facts, const char *path, const dais_store_vector_t *rows,
                              const char *const columns[ROW_CELLS])
{
    sheet_t sheet;
    dais_err_t err = sheet_open(facts->outcomes, path, &sheet);
    if (err != DAIS_OK || sheet.file.data == NULL)
        return err;
    while (sheet_next(&sheet)) {
        const fact_t *fact = dais_store_vector_at(rows, sheet.row - 1);
        for (unsigned i = 0; fact != NULL && i < ROW_CELLS && columns[i] != NULL; i++)
            sheet_judge(&sheet, columns[i], sheet_cell(&sheet, columns[i]), fact->cells[i]);
    }
    sheet_count(&sheet, rows->count);
    dais_file_free(&sheet.file);
    return DAIS_OK;
}

static bool id_read(dais_slice_t hex, uint8_t id[DAIS_ID_SIZE])
{
    char text[HEX_SIZE];
    size_t size = 0;
    if (hex.size != HEX_SIZE - 1)
        return false;
    memcpy(text, hex.data, hex.size);
    text[hex.size] = 0;
    return sodium_hex2bin(id, DAIS_ID_SIZE, text, hex.size, NULL, &size, NULL) == 0 &&
           size == DAIS_ID_SIZE;
}

typedef struct {
    uint64_t rows;
} listed_t;

static void listed_row(void *context, const dais_list_row_t *row)
{
    listed_t *listed = context;
    (void)row;
    listed->rows++;
}

/* Who is on the public list: as many as the rules say, each with what was told of it last. */
static dais_err_t facts_participants(facts_t *facts)
{
    const outcomes_t *outcomes = facts->outcomes;
    sheet_t sheet;
    listed_t listed = {.rows = 0};
    dais_list_account_t account;
    dais_err_t err = sheet_open(facts->outcomes, "data/participants.csv", &sheet);
    if (err != DAIS_OK || sheet.file.data == NULL)
        return err;
    while (sheet_next(&sheet)) {
        uint8_t id[DAIS_ID_SIZE];
        uint64_t place = 0;
        if (id_read(sheet_cell(&sheet, "organisation"), id))
            place = dais_store_index_find(&facts->last, id);
        const fact_t *told = place > 0 ? dais_store_vector_at(&facts->told, place - 1) : NULL;
        sheet_judge(&sheet, "status", sheet_cell(&sheet, "status"),
                    told != NULL ? told->cells[2] : "");
    }
    if (outcomes->source == OUTCOMES_BY_RULES) {
        dais_lists_participants(outcomes->refold.rules, listed_row, &listed, &account);
        sheet_count(&sheet, listed.rows);
    }
    dais_file_free(&sheet.file);
    return DAIS_OK;
}

/* The text in a cell: doubled quotes are one. In place. */
static dais_slice_t cell_text(dais_slice_t cell)
{
    uint8_t *bytes = (uint8_t *)(uintptr_t)cell.data;
    size_t size = 0;
    for (size_t i = 0; i < cell.size; i++) {
        bytes[size++] = cell.data[i];
        i += cell.data[i] == '"' && i + 1 < cell.size && cell.data[i + 1] == '"';
    }
    return dais_slice(bytes, size);
}

static spoken_t *facts_spoken(facts_t *facts, uint64_t seq)
{
    uint64_t low = 0;
    uint64_t high = facts->spoken.count;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        spoken_t *spoken = dais_store_vector_at(&facts->spoken, middle);
        if (spoken->seq == seq)
            return spoken;
        if (spoken->seq < seq)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* One row of comments, each of which has one. */
static void comment_judge(facts_t *facts, const sheet_t *sheet)
{
    char where[160];
    char number[24] = "";
    const char *fault = NULL;
    dais_slice_t entry = sheet_cell(sheet, "entry");
    (void)snprintf(number, sizeof number, "%.*s", (int)(entry.size < 20 ? entry.size : 20),
                   (const char *)entry.data);
    spoken_t *spoken = facts_spoken(facts, strtoull(number, NULL, 10));
    dais_hash_t cell = dais_hash_one(cell_text(sheet_cell(sheet, "text")));
    if (spoken == NULL)
        fault = "no comment that is open is that entry";
    else if (spoken->is_shown)
        fault = "a row before it shows the same comment";
    else if (!dais_hash_equal(&cell, &spoken->cell))
        fault = "it is not what the comment's author said";
    if (spoken != NULL)
        spoken->is_shown = true;
    (void)snprintf(where, sizeof where, "%s, row %" PRIu64 ", column text", sheet->path,
                   sheet->row);
    if (fault == NULL)
        dais_checks_pass(sheet->checks, DAIS_CHECK_SITE_FACTS);
    else
        dais_checks_fail_at(sheet->checks, DAIS_CHECK_SITE_FACTS, where, fault);
}

static dais_err_t facts_comments(facts_t *facts)
{
    sheet_t sheet;
    dais_err_t err = sheet_open(facts->outcomes, "data/comments.csv", &sheet);
    if (err != DAIS_OK || sheet.file.data == NULL)
        return err;
    while (sheet_next(&sheet))
        comment_judge(facts, &sheet);
    sheet_count(&sheet, facts->published_count);
    dais_file_free(&sheet.file);
    return DAIS_OK;
}

/* Letter by letter, once the session has ended. */
static dais_err_t facts_sentence(facts_t *facts)
{
    static const char page[] = "participants.html";
    const outcomes_t *outcomes = facts->outcomes;
    char path[PATH_MAX];
    char sentence[512];
    dais_file_bytes_t file;
    dais_cycle_row_t cycle = {.ended = 0};
    dais_row_key_t key = {.part = {0}};
    if (outcomes->source != OUTCOMES_BY_RULES ||
        !outcomes->refold.store->port->sorted_get(outcomes->refold.store, DAIS_TABLE_CYCLE, &key,
                                                  &cycle) ||
        cycle.ended == 0)
        return DAIS_OK;
    dais_attended_t attended = dais_lists_attended(outcomes->refold.rules);
    size_t size = dais_lists_sentence(&attended, sentence, sizeof sentence);
    if (snprintf(path, sizeof path, "%s/%s", outcomes->folder, page) >= (int)sizeof path)
        return DAIS_ERR_TOO_LONG;
    dais_err_t err = dais_file_read(path, SITE_FILE_MAX, &file);
    if (err != DAIS_OK)
        return err == DAIS_ERR_NOT_FOUND ? DAIS_OK : err; /* `site-files` says so */
    if (memmem(file.data, file.size, sentence, size) != NULL)
        dais_checks_pass(outcomes->checks, DAIS_CHECK_SITE_FACTS);
    else
        dais_checks_fail_at(outcomes->checks, DAIS_CHECK_SITE_FACTS, page, sentence);
    dais_file_free(&file);
    return DAIS_OK;
}

dais_err_t outcomes_facts(outcomes_t *outcomes)
{
    static const char *const told[ROW_CELLS] = {"entry", "organisation", "status", NULL};
    static const char *const counted[ROW_CELLS] = {"entry", "list_version", "name", "number"};
    facts_t facts = {.outcomes = outcomes,
                     .told = {.item_size = sizeof(fact_t)},
                     .counted = {.item_size = sizeof(fact_t)},
                     .spoken = {.item_size = sizeof(spoken_t)}};
    /* Nothing is read out in the order of the index, so its secret changes no result. */
    crypto_shorthash_keygen(facts.secret);
    facts.last = (dais_store_index_t){.key_size = DAIS_ID_SIZE, .secret = facts.secret};
    facts.comments = facts.published = facts.last;
    dais_err_t err = facts_read(&facts);
    if (err == DAIS_OK)
        err = facts_table(&facts, "data/outcomes.csv", &facts.told, told);
    if (err == DAIS_OK)
        err = facts_table(&facts, "data/tallies.csv", &facts.counted, counted);
    if (err == DAIS_OK)
        err = facts_participants(&facts);
    if (err == DAIS_OK)
        err = facts_comments(&facts);
    if (err == DAIS_OK)
        err = facts_sentence(&facts);
    dais_store_vector_clear(&facts.told);
    dais_store_vector_clear(&facts.counted);
    dais_store_vector_clear(&facts.spoken);
    dais_store_index_clear(&facts.last);
    dais_store_index_clear(&facts.comments);
    dais_store_index_clear(&facts.published);
    return err;
}
