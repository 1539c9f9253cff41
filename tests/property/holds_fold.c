/* SPDX-License-Identifier: Apache-2.0
 *
 * Point 11: the public fold, over what is open and nothing else, tells what the whole log tells the
 * public, and finds no fault in it. */
#include <stdlib.h>

#include "proto/genesis.h"
#include "registry/rules/fold_agree.h"
#include "registry/rules/visible.h"
#include "tests/property/holds.h"

#define FOLD_ROOM (4 << 20)

/* What the entries of one fold point into. */
typedef struct {
    uint8_t bytes[FOLD_ROOM];
    size_t used;
} fold_room_t;

static dais_slice_t fold_keep(fold_room_t *room, const dais_writer_t *writer)
{
    dais_slice_t bytes;
    if (dais_writer_finish(writer, &bytes) != DAIS_OK)
        abort();
    room->used += bytes.size;
    return bytes;
}

static dais_writer_t fold_writer(fold_room_t *room)
{
    dais_writer_t writer;
    dais_writer_init(&writer, room->bytes + room->used, sizeof room->bytes - room->used);
    return writer;
}

static void fold_verdicts(fold_room_t *room, const played_t *entry, dais_list_t *list)
{
    dais_writer_t writer = fold_writer(room);
    for (unsigned i = 0; i < entry->verdicts.count; i++) {
        dais_code_item_t code = {entry->verdicts.codes[i]};
        if (dais_list_add(list, &dais_shape_code_item, &code, &writer) != DAIS_OK)
            abort();
    }
    (void)fold_keep(room, &writer);
}

static void fold_said(fold_room_t *room, const player_t *player, const played_t *entry,
                      dais_opened_t *opened)
{
    dais_message_t message = entry->message;
    dais_own_t own = {.log = player->log, .kind = entry->kind->number, .subject = entry->subject};
    dais_writer_t writer = fold_writer(room);
    dais_err_t err =
        entry->uid == 0 ? dais_own_encode(&own, &writer) : dais_message_encode(&message, &writer);
    const dais_kind_t *kind;
    if (err != DAIS_OK)
        abort();
    opened->record.message = fold_keep(room, &writer);
    if (entry->uid == 0) {
        if (dais_own_decode(opened->record.message, &opened->own, &kind).err != DAIS_OK)
            abort();
        return;
    }
    if (dais_message_decode(opened->record.message, &opened->message, &kind).err != DAIS_OK)
        abort();
    opened->has_bundle = true;
    opened->bundle.key = player_key(entry->who);
}

static dais_slice_t fold_genesis(fold_room_t *room, player_t *player)
{
    dais_genesis_t genesis = player_genesis(player);
    dais_writer_t writer = fold_writer(room);
    if (dais_genesis_sign(&genesis, player_device(CAST_SEC), &writer) != DAIS_OK)
        abort();
    return fold_keep(room, &writer);
}

static dais_opened_t fold_opened(fold_room_t *room, player_t *player, uint64_t seq)
{
    const played_t *entry = &player->entries[seq];
    dais_opened_t opened = {.seq = seq, .kind = entry->kind};
    opened.record.epoch = 1;
    opened.record.logged_at = entry->logged_at;
    opened.record.received_at = seq == 0 ? entry->logged_at : entry->facts.received_at;
    fold_verdicts(room, entry, &opened.record.verdicts);
    if (seq == 0) {
        opened.record.message = fold_genesis(room, player);
        opened.leaf = player->log;
    } else {
        fold_said(room, player, entry, &opened);
    }
    return opened;
}

static void fold_differs(void *context, const char *what)
{
    player_t *player = context;
    player_fail(player, "point 11 does not hold at entry %llu: %s",
                (unsigned long long)player->count - 1, what);
}

static void fold_compare(holds_t *holds, dais_fold_t *fold, fold_room_t *room)
{
    player_t *player = holds->player;
    const dais_fold_model_t *model;
    room->used = 0;
    for (uint64_t seq = 0; seq < player->count; seq++) {
        if (dais_visible_public_from(player->rules, seq) == 0)
            continue;
        dais_opened_t opened = fold_opened(room, player, seq);
        if (dais_fold_take(fold, &opened) != DAIS_OK)
            abort();
    }
    if (dais_fold_make(fold, player->count, &model) != DAIS_OK)
        abort();
    for (size_t i = 0; i < model->findings.count; i++)
        player_fail(player, "point 11 does not hold at entry %llu: the fold finds %s in entry %llu",
                    (unsigned long long)player->count - 1, model->findings.items[i].code,
                    (unsigned long long)model->findings.items[i].seq);
    (void)dais_fold_agree(fold, model, player->rules, fold_differs, player);
    holds->folds++;
}

void holds_fold(holds_t *holds)
{
    static fold_room_t room;
    dais_fold_t *fold;
    if (dais_rules_owes(holds->player->rules) || holds->player->has_failed)
        return;
    if (dais_fold_create(&fold) != DAIS_OK)
        abort();
    fold_compare(holds, fold, &room);
    dais_fold_destroy(&fold);
}
