/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_UNIT_OUTBOX_MADE_H
#define DAIS_TESTS_UNIT_OUTBOX_MADE_H

/* An outbox of a sample office in a scratch folder, and messages to put into it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "office/outbox_bundle.h"
#include "proto/content.h"
#include "tests/support/sample_cast.h"
#include "tests/unit/scratch.h"

static dais_outbox_t outbox;
static dais_bundler_t bundler;
static dais_hash_t log_hash;
static dais_key_t box_key;
static dais_vkey_t log_key;
static char folder[SCRATCH_PATH_MAX];

static inline int outbox_make(void **state)
{
    if (dais_crypto_init() != DAIS_OK || scratch_make(state) != 0)
        return -1;
    log_hash = dais_sample_hash("log");
    box_key = dais_sample_device("registry")->box_key;
    log_key = dais_sample_vkey("log");
    bundler = (dais_bundler_t){.device = dais_sample_device("office"),
                               .log = &log_hash,
                               .registry_box_key = &box_key,
                               .log_key = &log_key};
    (void)snprintf(folder, sizeof folder, "%s/outbox", scratch_folder);
    return dais_outbox_open(&outbox, folder, &bundler.device->key, &log_hash) == DAIS_OK ? 0 : -1;
}

static inline int outbox_remove(void **state)
{
    dais_outbox_close(&outbox);
    return scratch_remove(state);
}

/* A withdrawal (open) or a request for disclosure (sealed) of this name, with `extra` bytes of
 * public content. */
typedef struct {
    uint8_t bytes[DAIS_LIMIT_CONTENT + 4096];
    dais_outbox_message_t message;
    dais_id_t id;
} made_t;

static inline void make(made_t *made, const char *name, bool sealed, size_t extra)
{
    uint8_t subject[128];
    uint8_t items[32];
    dais_writer_t writer;
    dais_key_t salt = dais_sample_salt(name);
    dais_message_t message = {.log = log_hash,
                              .kind = sealed ? DAIS_KIND_DISCLOSURE_REQUEST : DAIS_KIND_WITHDRAWAL,
                              .id = dais_sample_id(name),
                              .actor = dais_sample_id("actor"),
                              .said_at = 1};
    dais_writer_init(&writer, subject, sizeof subject);
    if (sealed) {
        dais_disclosure_request_t request = {.targets = {.count = 0}};
        dais_id_item_t item = {dais_sample_id("organisation")};
        dais_writer_t list;
        dais_writer_init(&list, items, sizeof items);
        assert_int_equal(dais_list_add(&request.targets, &dais_shape_id_item, &item, &list),
                         DAIS_OK);
        assert_int_equal(dais_shape_encode(&dais_shape_disclosure_request, &request, &writer),
                         DAIS_OK);
    } else {
        dais_withdrawal_t withdrawal = {.thing = DAIS_THING_APPLICATION,
                                        .id = dais_sample_id("organisation")};
        assert_int_equal(dais_shape_encode(&dais_shape_withdrawal, &withdrawal, &writer), DAIS_OK);
    }
    message.subject = dais_slice(subject, writer.size);
    memset(made->bytes, 'x', sizeof made->bytes);
    memcpy(made->bytes + 2048, salt.bytes, sizeof salt.bytes);
    made->message.public_opening = dais_slice(made->bytes + 2048, DAIS_SALT_SIZE + extra);
    made->message.private_opening = dais_slice(made->bytes + 2048, DAIS_SALT_SIZE);
    message.public_commitment =
        dais_content_commit(&salt, dais_slice(made->bytes + 2048 + DAIS_SALT_SIZE, extra));
    message.private_commitment = dais_content_commit(&salt, dais_slice("", 0));
    dais_writer_init(&writer, made->bytes, 2048);
    assert_int_equal(dais_message_encode(&message, &writer), DAIS_OK);
    made->message.message = dais_slice(made->bytes, writer.size);
    made->message.kind = message.kind;
    made->message.queued_at = 7;
    made->id = message.id;
}

static inline void put(const char *name, bool sealed, size_t extra)
{
    static made_t made;
    make(&made, name, sealed, extra);
    assert_int_equal(dais_outbox_put(&outbox, &made.message, 1), DAIS_OK);
}

static inline bool bundle(unsigned stream)
{
    bool made;
    assert_int_equal(dais_outbox_bundle(&outbox, &bundler, stream, 9, &made), DAIS_OK);
    return made;
}

/* The bundle as it is kept, its parcel copied. */
static inline dais_outbox_bundle_t kept(unsigned stream, uint64_t k, uint8_t *copy)
{
    dais_txn_t txn;
    dais_outbox_bundle_t found;
    dais_txn_begin(&txn, outbox.store, DAIS_TXN_READ);
    assert_true(dais_outbox_bundle_get(&txn, stream, k, &found));
    if (copy != NULL)
        memcpy(copy, found.parcel.data, found.parcel.size);
    assert_int_equal(dais_txn_end(&txn), DAIS_OK);
    found.parcel.data = copy;
    return found;
}

static inline dais_outbox_fate_t fate(const char *name)
{
    dais_txn_t txn;
    dais_outbox_fate_t found;
    uint64_t number;
    dais_id_t id = dais_sample_id(name);
    dais_txn_begin(&txn, outbox.store, DAIS_TXN_READ);
    assert_true(dais_outbox_find(&txn, &id, &number));
    assert_true(dais_outbox_fate(&txn, number, &found));
    assert_int_equal(dais_txn_end(&txn), DAIS_OK);
    return found;
}

#endif
