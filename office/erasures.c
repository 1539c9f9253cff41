/* SPDX-License-Identifier: Apache-2.0
 *
 * Kept in the outbox's cache as an array of two: the frontier of the entries that were read, in its
 * flat form, and what was erased, three numbers each. All of it is kept, not this outbox's part: a
 * message may get its receipt after its erasure was read. */
#include "office/erasures.h"

#include <inttypes.h>
#include <stdlib.h>

#include "office/log_walk.h"
#include "proto/reader.h"
#include "proto/writer.h"
#include "registry/rules/verdict.h"

#define CACHE_NAME "erasures"
#define MARK_BYTES 24
#define ROW_BYTES  (DAIS_FRONTIER_BYTES_MAX + (size_t)DAIS_ERASURES_MAX * MARK_BYTES + 16)

typedef struct {
    uint64_t erasure;
    uint64_t target;
    uint64_t second; /* 0: it waits for one */
} erasure_mark_t;

typedef struct {
    dais_frontier_t frontier;
    size_t count;
    erasure_mark_t marks[DAIS_ERASURES_MAX];
    uint8_t row[ROW_BYTES];
} erasures_t;

static dais_err_t erasures_read(dais_outbox_t *outbox, erasures_t *erasures)
{
    uint8_t *data;
    size_t size;
    dais_reader_t reader;
    dais_err_t err = dais_outbox_cached(outbox, CACHE_NAME, &data, &size);
    if (err != DAIS_OK || data == NULL)
        return err;
    dais_reader_init(&reader, dais_slice(data, size));
    (void)dais_reader_array(&reader, 2, 2);
    dais_slice_t flat = dais_reader_bin(&reader, 0, DAIS_FRONTIER_BYTES_MAX);
    dais_slice_t marks = dais_reader_bin(&reader, 0, (size_t)DAIS_ERASURES_MAX * MARK_BYTES);
    err = dais_reader_finish(&reader).err;
    if (err == DAIS_OK)
        err = dais_frontier_decode(flat, &erasures->frontier).err;
    for (size_t at = 0; err == DAIS_OK && at + MARK_BYTES <= marks.size; at += MARK_BYTES)
        erasures->marks[erasures->count++] =
            (erasure_mark_t){.erasure = dais_outbox_number(marks.data + at),
                             .target = dais_outbox_number(marks.data + at + 8),
                             .second = dais_outbox_number(marks.data + at + 16)};
    free(data);
    return err == DAIS_OK ? DAIS_OK : DAIS_ERR_CORRUPT;
}

static dais_err_t erasures_keep(dais_outbox_t *outbox, erasures_t *erasures)
{
    uint8_t flat[DAIS_FRONTIER_BYTES_MAX];
    dais_slice_t row;
    dais_writer_t writer;
    uint8_t *marks = malloc(erasures->count * MARK_BYTES + 1);
    if (marks == NULL)
        return DAIS_ERR_NO_MEMORY;
    for (size_t i = 0; i < erasures->count; i++) {
        dais_outbox_number_put(erasures->marks[i].erasure, marks + i * MARK_BYTES);
        dais_outbox_number_put(erasures->marks[i].target, marks + i * MARK_BYTES + 8);
        dais_outbox_number_put(erasures->marks[i].second, marks + i * MARK_BYTES + 16);
    }
    dais_writer_init(&writer, erasures->row, sizeof erasures->row);
    dais_writer_array(&writer, 2);
    dais_writer_bin(&writer, dais_slice(flat, dais_frontier_encode(&erasures->frontier, flat)));
    dais_writer_bin(&writer, dais_slice(marks, erasures->count * MARK_BYTES));
    dais_err_t err = dais_writer_finish(&writer, &row);
    free(marks);
    return err == DAIS_OK ? dais_outbox_cache(outbox, CACHE_NAME, row) : err;
}

/* The targets that were taken, each of which has a verdict of its own. */
static dais_err_t erasures_named(erasures_t *erasures, const dais_opened_t *opened)
{
    dais_erasure_t erasure;
    dais_number_item_t target;
    dais_code_item_t verdict;
    if (dais_shape_decode(&dais_shape_erasure, opened->message.subject, &erasure).err != DAIS_OK)
        return DAIS_OK;
    dais_list_walk_t targets = dais_list_begin(&erasure.entries, &dais_shape_number_item);
    dais_list_walk_t verdicts = dais_list_begin(&opened->record.verdicts, &dais_shape_code_item);
    while (dais_list_next(&targets, &target) && dais_list_next(&verdicts, &verdict)) {
        if (verdict.value != DAIS_VERDICT_AWAITS_SECOND)
            continue;
        if (erasures->count == DAIS_ERASURES_MAX)
            return DAIS_ERR_TOO_LONG;
        erasures->marks[erasures->count++] =
            (erasure_mark_t){.erasure = opened->seq, .target = target.value};
    }
    return DAIS_OK;
}

static void erasures_seconded(erasures_t *erasures, const dais_opened_t *opened)
{
    dais_second_t second;
    if (!dais_verdict_first_done(&opened->record) ||
        dais_shape_decode(&dais_shape_second, opened->message.subject, &second).err != DAIS_OK)
        return;
    for (size_t i = 0; i < erasures->count; i++) {
        if (erasures->marks[i].erasure == second.seq)
            erasures->marks[i].second = opened->seq;
    }
}

static dais_err_t erasures_opened(void *context, const dais_opened_t *opened)
{
    erasures_t *erasures = context;
    if (!opened->has_bundle || opened->kind == NULL)
        return DAIS_OK;
    if (opened->kind->number == DAIS_KIND_ERASURE)
        return erasures_named(erasures, opened);
    if (opened->kind->number == DAIS_KIND_SECOND)
        erasures_seconded(erasures, opened);
    return DAIS_OK;
}

/* By which entry it was erased; 0 if it was not. */
static uint64_t erasures_of(const erasures_t *erasures, uint64_t seq)
{
    for (size_t i = 0; i < erasures->count; i++) {
        if (erasures->marks[i].target == seq && erasures->marks[i].second != 0)
            return erasures->marks[i].second;
    }
    return 0;
}

/* The first message after `number` that is logged and has contents. */
static bool erasures_next(dais_txn_t *txn, uint64_t *number, dais_outbox_fate_t *fate)
{
    uint8_t key[8];
    dais_walk_t walk;
    dais_outbox_message_t message;
    bool found = false;
    dais_outbox_number_put(*number + 1, key);
    dais_walk_open(&walk, txn, DAIS_OUTBOX_FATE, dais_slice("", 0), dais_slice(key, sizeof key),
                   DAIS_WALK_FORWARD);
    while (!found && dais_walk_next(&walk)) {
        *number = dais_outbox_number(walk.key.data);
        found = dais_outbox_fate(txn, *number, fate) && fate->state == DAIS_FATE_LOGGED &&
                dais_outbox_message(txn, *number, &message) &&
                message.public_opening.size + message.private_opening.size > 0;
    }
    dais_walk_close(&walk);
    return found;
}

static void erasures_say(dais_outbox_t *outbox, uint64_t number, uint64_t at)
{
    dais_txn_t txn;
    dais_outbox_message_t message;
    dais_message_t decoded;
    const dais_kind_t *kind;
    char id[2 * DAIS_ID_SIZE + 1] = "";
    dais_txn_begin(&txn, outbox->store, DAIS_TXN_READ);
    if (dais_outbox_message(&txn, number, &message) &&
        dais_message_decode(message.message, &decoded, &kind).err == DAIS_OK)
        dais_say_hex(dais_slice(decoded.id.bytes, DAIS_ID_SIZE), id, sizeof id);
    if (dais_txn_end(&txn) == DAIS_OK)
        dais_say_note("note: %s was erased by the secretariat at entry %" PRIu64
                      "; the text was removed from this outbox; the receipt stays valid",
                      id, at);
}

static dais_err_t erasures_apply(dais_outbox_t *outbox, const dais_bundler_t *bundler,
                                 const erasures_t *erasures)
{
    dais_err_t err = DAIS_OK;
    uint64_t number = 0;
    bool more = true;
    while (err == DAIS_OK && more) {
        dais_txn_t txn;
        dais_outbox_fate_t fate;
        uint64_t at = 0;
        dais_txn_begin(&txn, outbox->store, DAIS_TXN_READ);
        while (at == 0 && (more = erasures_next(&txn, &number, &fate)))
            at = erasures_of(erasures, fate.seq);
        err = dais_txn_end(&txn);
        if (err != DAIS_OK || at == 0)
            continue;
        err = dais_outbox_erase(outbox, bundler, number, at);
        if (err == DAIS_OK)
            erasures_say(outbox, number, at);
        else if (err == DAIS_ERR_NOT_FOUND)
            err = DAIS_OK; /* its bundle is not done with; the next call comes back to it */
    }
    return err;
}

static int erasures_fetch(dais_wire_t *wire, dais_outbox_t *outbox, const dais_bundler_t *bundler,
                          erasures_t *erasures)
{
    const dais_say_t *say = &wire->office->say;
    dais_wire_answer_t answer;
    bool is_false;
    dais_err_t err = erasures_read(outbox, erasures);
    if (err != DAIS_OK)
        return dais_say_err(say, err, outbox->folder);
    dais_log_walk_t walk = {.wire = wire,
                            .frontier = erasures->frontier,
                            .opened = erasures_opened,
                            .context = erasures};
    bool good = dais_log_walk(&walk, &answer, &is_false);
    int status = DAIS_EXIT_DONE;
    if (!good && is_false)
        status = dais_say_error(say, DAIS_EXIT_UNVERIFIED, dais_err_code(answer.err), NULL,
                                "the log: %s", dais_err_text(answer.err));
    else if (!good)
        dais_say_note("note[%s]: the log could not be read; whether anything was erased is not "
                      "known",
                      answer.code);
    dais_wire_answer_free(&answer);
    if (!good)
        return status;
    erasures->frontier = walk.frontier;
    err = erasures_keep(outbox, erasures);
    if (err == DAIS_OK)
        err = erasures_apply(outbox, bundler, erasures);
    return err == DAIS_OK ? DAIS_EXIT_DONE : dais_say_err(say, err, outbox->folder);
}

int dais_erasures_take(dais_wire_t *wire, dais_outbox_t *outbox, const dais_bundler_t *bundler)
{
    dais_txn_t txn;
    dais_outbox_fate_t fate;
    uint64_t number = 0;
    dais_txn_begin(&txn, outbox->store, DAIS_TXN_READ);
    bool any = erasures_next(&txn, &number, &fate);
    dais_err_t err = dais_txn_end(&txn);
    erasures_t *erasures = any ? calloc(1, sizeof *erasures) : NULL;
    if (err == DAIS_OK && any && erasures == NULL)
        err = DAIS_ERR_NO_MEMORY;
    int status =
        err == DAIS_OK ? DAIS_EXIT_DONE : dais_say_err(&wire->office->say, err, outbox->folder);
    if (err == DAIS_OK && any)
        status = erasures_fetch(wire, outbox, bundler, erasures);
    free(erasures);
    return status;
}
