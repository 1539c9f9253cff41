/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/sample_message.h"

#include <stdio.h>

#include "proto/content.h"
#include "tests/support/sample_arena.h"
#include "tests/support/sample_cast.h"
#include "tests/support/sample_notation.h"

enum { SALT_NAME_MAX = 64 };

/* salt || content, padded if it is private. */
static dais_slice_t opening_make(const char *name, bool private, const char *content)
{
    char salt_name[SALT_NAME_MAX];
    dais_slice_t bytes = dais_slice_text(content);
    size_t padded = private ? dais_content_padded_size(bytes.size) : bytes.size;
    (void)snprintf(salt_name, sizeof salt_name, "%s, %s content", name,
                   private ? "private" : "public");
    dais_key_t salt = dais_sample_salt(salt_name);
    uint8_t *opening = dais_sample_room(DAIS_SALT_SIZE + padded);
    memcpy(opening, salt.bytes, DAIS_SALT_SIZE);
    if (bytes.size > 0)
        memcpy(opening + DAIS_SALT_SIZE, bytes.data, bytes.size);
    if (private)
        dais_sample_must(dais_content_pad(opening + DAIS_SALT_SIZE, padded, bytes.size, &padded));
    return dais_slice(opening, DAIS_SALT_SIZE + padded);
}

static dais_hash_t opening_commit(dais_slice_t opening)
{
    dais_key_t salt;
    memcpy(salt.bytes, opening.data, DAIS_SALT_SIZE);
    return dais_content_commit(
        &salt, dais_slice(opening.data + DAIS_SALT_SIZE, opening.size - DAIS_SALT_SIZE));
}

dais_item_t dais_sample_say(const dais_hash_t *log, const dais_sample_said_t *said)
{
    const dais_kind_t *kind = dais_kind_of(said->kind);
    dais_id_t on_behalf = dais_sample_id(said->on_behalf == NULL ? "" : said->on_behalf);
    dais_item_t item = {.public_opening = opening_make(said->name, false, said->public_content),
                        .private_opening = opening_make(said->name, true, said->private_content)};
    dais_message_t message = {
        .log = *log,
        .kind = said->kind,
        .id = dais_sample_id_at(said->name, said->said_at),
        .actor = dais_sample_id(said->actor),
        .on_behalf = dais_slice(on_behalf.bytes, said->on_behalf == NULL ? 0 : DAIS_ID_SIZE),
        .said_at = dais_sample_time(said->said_at),
        .subject = dais_sample_notation(kind->subject, said->subject),
        .public_commitment = opening_commit(item.public_opening),
        .private_commitment = opening_commit(item.private_opening)};
    dais_writer_t writer = dais_sample_writer();
    dais_sample_must(dais_message_encode(&message, &writer));
    item.message = dais_sample_keep(&writer);
    return item;
}

static void items_list(dais_sample_bundle_t *bundle)
{
    dais_writer_t writer = dais_sample_writer();
    for (size_t i = 0; i < bundle->count; i++)
        dais_sample_must(
            dais_list_add(&bundle->list, &dais_shape_item, &bundle->items[i], &writer));
    (void)dais_sample_keep(&writer);
}

void dais_sample_bundle_make(dais_sample_bundle_t *bundle, const char *device,
                             const dais_sample_said_t *said, size_t count)
{
    bundle->count = count;
    for (size_t i = 0; i < count; i++) {
        bundle->items[i] = dais_sample_say(&bundle->head.log, &said[i]);
        bundle->messages[i] = bundle->items[i].message;
        bundle->leaves[i] = dais_tree_leaf_hash(bundle->messages[i]);
    }
    items_list(bundle);
    dais_writer_t writer = dais_sample_writer();
    dais_sample_must(dais_bundle_sign(&bundle->head, bundle->messages, count,
                                      dais_sample_device(device), &writer));
    bundle->envelope = dais_sample_keep(&writer);
    bundle->hash = dais_bundle_hash(bundle->envelope);
}
