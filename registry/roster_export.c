/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/roster_export.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/file.h"
#include "proto/roster_file.h"

#define HEAD_SIZE_MAX 1024

static void export_key(void *context, uint32_t key_number, const dais_key_row_t *key,
                       const dais_actor_row_t *actor)
{
    static const uint8_t none[DAIS_KEY_SIZE];
    dais_writer_t *writer = context;
    dais_roster_key_t line = {.role = actor->role};
    (void)key_number;
    if (key->ended != 0 || key->lost != 0 || memcmp(key->box_key, none, sizeof none) == 0)
        return;
    memcpy(line.actor.bytes, actor->id, sizeof line.actor.bytes);
    memcpy(line.key.bytes, key->key, sizeof line.key.bytes);
    memcpy(line.box_key.bytes, key->box_key, sizeof line.box_key.bytes);
    dais_roster_put_key(writer, &line);
}

/* *size is what the text may take at most. */
static dais_err_t export_size(dais_cycle_t *cycle, size_t *size)
{
    dais_book_t *book = dais_cycle_book(cycle);
    dais_rules_store_t *state = dais_book_state(book);
    dais_book_begin(book, DAIS_TXN_READ);
    uint64_t keys = state->port->count(state, DAIS_TABLE_KEY);
    *size = HEAD_SIZE_MAX + (size_t)keys * DAIS_ROSTER_KEY_SIZE_MAX;
    return dais_book_end(book);
}

static dais_err_t export_write(dais_cycle_t *cycle, const char *path, uint8_t *room, size_t size)
{
    dais_writer_t writer;
    dais_slice_t text;
    dais_book_t *book = dais_cycle_book(cycle);
    dais_roster_head_t head = {.log = dais_cycle_about(cycle)->name, .size = dais_book_size(book)};
    (void)snprintf(head.origin, sizeof head.origin, "%s", dais_cycle_about(cycle)->origin);
    dais_writer_init(&writer, room, size);
    dais_roster_put_head(&writer, &head);
    dais_book_begin(book, DAIS_TXN_READ);
    dais_roster_walk(dais_book_state(book), export_key, &writer);
    dais_err_t err = dais_book_end(book);
    if (err == DAIS_OK)
        err = dais_writer_finish(&writer, &text);
    if (err == DAIS_OK)
        err = dais_file_replace(path, text, S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH);
    return err;
}

dais_err_t dais_roster_export(dais_cycle_t *cycle, const char *path)
{
    size_t size;
    dais_err_t err = export_size(cycle, &size);
    if (err != DAIS_OK)
        return err;
    uint8_t *room = malloc(size);
    err = room != NULL ? export_write(cycle, path, room, size) : DAIS_ERR_NO_MEMORY;
    free(room);
    return err;
}

dais_err_t dais_roster_publish(dais_cycle_t *cycle)
{
    char path[1024];
    const char *folder = dais_cycle_house(cycle)->roster_folder;
    if (folder == NULL)
        return DAIS_OK;
    int size = snprintf(path, sizeof path, "%s/%s.roster", folder, dais_cycle_name(cycle));
    return size < (int)sizeof path ? dais_roster_export(cycle, path) : DAIS_ERR_TOO_LONG;
}
