/* SPDX-License-Identifier: Apache-2.0
 *
 * Kept in the outbox's cache as an array of two: the frontier of the entries that were read, in its
 * flat form, and the keys one behind the other. */
#include "office/intakes.h"

#include <stdlib.h>

#include "office/log_walk.h"
#include "proto/reader.h"
#include "proto/writer.h"
#include "registry/rules/verdict.h"

#define CACHE_NAME "intakes"
#define KEYS_BYTES ((size_t)DAIS_INTAKES_MAX * DAIS_KEY_SIZE)
#define ROW_BYTES  (DAIS_FRONTIER_BYTES_MAX + KEYS_BYTES + 16)

typedef struct {
    dais_intakes_t found;
    const dais_key_t *wanted;
} finding_t;

static dais_err_t intakes_read(dais_outbox_t *outbox, dais_intakes_t *intakes,
                               dais_frontier_t *frontier)
{
    uint8_t *data;
    size_t size;
    dais_reader_t reader;
    memset(intakes, 0, sizeof *intakes);
    memset(frontier, 0, sizeof *frontier);
    dais_err_t err = dais_outbox_cached(outbox, CACHE_NAME, &data, &size);
    if (err != DAIS_OK || data == NULL)
        return err;
    dais_reader_init(&reader, dais_slice(data, size));
    (void)dais_reader_array(&reader, 2, 2);
    dais_slice_t flat = dais_reader_bin(&reader, 0, DAIS_FRONTIER_BYTES_MAX);
    dais_slice_t keys = dais_reader_bin(&reader, 0, KEYS_BYTES);
    err = dais_reader_finish(&reader).err;
    if (err == DAIS_OK)
        err = dais_frontier_decode(flat, frontier).err;
    if (err == DAIS_OK && keys.size > 0)
        memcpy(intakes->keys, keys.data, keys.size);
    intakes->count = err == DAIS_OK ? keys.size / DAIS_KEY_SIZE : 0;
    intakes->size = frontier->size;
    free(data);
    return err == DAIS_OK ? DAIS_OK : DAIS_ERR_CORRUPT;
}

static dais_err_t intakes_keep(dais_outbox_t *outbox, const dais_intakes_t *intakes,
                               const dais_frontier_t *frontier)
{
    uint8_t flat[DAIS_FRONTIER_BYTES_MAX];
    uint8_t room[ROW_BYTES];
    dais_writer_t writer;
    dais_slice_t row;
    dais_writer_init(&writer, room, sizeof room);
    dais_writer_array(&writer, 2);
    dais_writer_bin(&writer, dais_slice(flat, dais_frontier_encode(frontier, flat)));
    dais_writer_bin(&writer, dais_slice(intakes->keys[0].bytes, intakes->count * DAIS_KEY_SIZE));
    dais_err_t err = dais_writer_finish(&writer, &row);
    return err == DAIS_OK ? dais_outbox_cache(outbox, CACHE_NAME, row) : err;
}

dais_err_t dais_intakes_load(dais_outbox_t *outbox, dais_intakes_t *intakes)
{
    dais_frontier_t frontier;
    return intakes_read(outbox, intakes, &frontier);
}

bool dais_intakes_has(const dais_intakes_t *intakes, const dais_key_t *key)
{
    for (size_t i = 0; i < intakes->count; i++) {
        if (memcmp(intakes->keys[i].bytes, key->bytes, DAIS_KEY_SIZE) == 0)
            return true;
    }
    return false;
}

void dais_intakes_add(dais_intakes_t *intakes, const dais_key_t *key)
{
    if (intakes->count < DAIS_INTAKES_MAX && !dais_intakes_has(intakes, key))
        intakes->keys[intakes->count++] = *key;
}

static dais_err_t finding_opened(void *context, const dais_opened_t *opened)
{
    finding_t *finding = context;
    dais_intakes_t *found = &finding->found;
    dais_roster_change_t change;
    if (!opened->has_bundle || opened->kind == NULL ||
        opened->kind->number != DAIS_KIND_ROSTER_CHANGE ||
        !dais_verdict_first_done(&opened->record) ||
        dais_shape_decode(&dais_shape_roster_change, opened->message.subject, &change).err !=
            DAIS_OK ||
        change.change != DAIS_ROSTER_ADD || change.role != DAIS_ROLE_INTAKE ||
        dais_intakes_has(found, &change.key))
        return DAIS_OK;
    if (found->count == DAIS_INTAKES_MAX)
        return DAIS_ERR_TOO_LONG;
    found->keys[found->count++] = change.key;
    return DAIS_OK;
}

static bool finding_enough(void *context)
{
    const finding_t *finding = context;
    return dais_intakes_has(&finding->found, finding->wanted);
}

dais_intake_trust_t dais_intakes_find(dais_intakes_t *intakes, dais_wire_t *wire,
                                      dais_outbox_t *outbox, const dais_key_t *key,
                                      dais_wire_answer_t *answer)
{
    finding_t finding = {.wanted = key};
    dais_log_walk_t walk = {
        .wire = wire, .opened = finding_opened, .enough = finding_enough, .context = &finding};
    bool is_false;
    memset(answer, 0, sizeof *answer);
    if (dais_intakes_has(intakes, key))
        return DAIS_INTAKE_ROSTERED;
    dais_err_t err = intakes_read(outbox, &finding.found, &walk.frontier);
    if (err == DAIS_OK && dais_log_walk(&walk, answer, &is_false)) {
        finding.found.size = walk.frontier.size;
        err = intakes_keep(outbox, &finding.found, &walk.frontier);
        if (err == DAIS_OK) {
            for (size_t i = 0; i < finding.found.count; i++)
                dais_intakes_add(intakes, &finding.found.keys[i]);
            intakes->size = finding.found.size;
            return dais_intakes_has(intakes, key) ? DAIS_INTAKE_ROSTERED : DAIS_INTAKE_UNKNOWN;
        }
    }
    if (err != DAIS_OK)
        answer->err = err;
    return DAIS_INTAKE_UNCHECKED;
}
