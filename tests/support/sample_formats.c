/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/entry_bundle.h"
#include "proto/frontier.h"
#include "proto/note.h"
#include "proto/proof.h"
#include "tests/support/sample.h"
#include "tests/support/sample_arena.h"

enum { SEQ_COMMENT_2 = 6 };

static void add(dais_sample_list_t *list, dais_sample_form_t form, const char *name,
                const char *text, dais_slice_t bytes)
{
    dais_sample_t sample = {.name = name, .text = text, .form = form, .bytes = bytes};
    dais_sample_add(list, &sample);
}

static dais_slice_t identity_make(const char *name)
{
    const dais_sample_actor_t *actor = dais_sample_actor(name);
    dais_identity_t identity = {.actor = dais_sample_id(actor->actor),
                                .role = actor->role,
                                .key = dais_sample_vkey(name),
                                .box_key = actor->device.box_key};
    memcpy(identity.state, actor->state, strlen(actor->state));
    dais_writer_t writer = dais_sample_writer();
    dais_sample_must(dais_identity_put(&writer, &identity));
    return dais_sample_keep(&writer);
}

static dais_slice_t secret_make(const char *name)
{
    dais_writer_t writer = dais_sample_writer();
    dais_secret_put(&writer, &dais_sample_actor(name)->seed);
    return dais_sample_keep(&writer);
}

static dais_slice_t vkey_make(const char *name)
{
    dais_vkey_t vkey = dais_sample_vkey(name);
    dais_writer_t writer = dais_sample_writer();
    dais_vkey_put(&writer, &vkey);
    return dais_sample_keep(&writer);
}

static dais_slice_t cosigned_make(const dais_sample_log_t *log)
{
    dais_vkey_t witness = dais_sample_vkey("witness");
    dais_writer_t writer = dais_sample_writer();
    dais_sample_must(dais_note_cosign(log->checkpoint, &witness,
                                      dais_sample_device("witness")->secret, &writer));
    return dais_sample_keep(&writer);
}

static dais_slice_t proof_make(const dais_sample_log_t *log)
{
    dais_tree_path_t path;
    dais_slice_t extra = dais_sample_opening(SEQ_COMMENT_2, true);
    dais_sample_must(
        dais_tree_leaves_inclusion(log->hashes, DAIS_SAMPLE_LOG_SIZE, SEQ_COMMENT_2, &path));
    dais_writer_t writer = dais_sample_writer();
    dais_sample_must(dais_proof_put(&writer, extra, SEQ_COMMENT_2, &path, log->checkpoint));
    return dais_sample_keep(&writer);
}

static dais_slice_t entry_bundle_make(const dais_sample_log_t *log)
{
    dais_writer_t writer = dais_sample_writer();
    for (size_t i = 0; i < DAIS_SAMPLE_LOG_SIZE; i++)
        dais_sample_must(dais_entry_bundle_put(&writer, log->entries[i].leaf));
    return dais_sample_keep(&writer);
}

static dais_slice_t frontier_make(const dais_sample_log_t *log)
{
    uint8_t bytes[DAIS_FRONTIER_BYTES_MAX];
    dais_frontier_t frontier = {0};
    for (size_t i = 0; i < DAIS_SAMPLE_LOG_SIZE; i++)
        dais_frontier_append(&frontier, &log->hashes[i]);
    return dais_sample_copy(dais_slice(bytes, dais_frontier_encode(&frontier, bytes)));
}

static void add_texts(dais_sample_list_t *list, const dais_sample_log_t *log)
{
    add(list, DAIS_SAMPLE_TEXT, "identity", "The mission's public identity",
        identity_make("mission"));
    add(list, DAIS_SAMPLE_TEXT, "secret", "The mission's secret, which here is known to all",
        secret_make("mission"));
    add(list, DAIS_SAMPLE_TEXT, "vkey", "The key of the log", vkey_make("log"));
    add(list, DAIS_SAMPLE_TEXT, "checkpoint", "The signed checkpoint over all entries",
        log->checkpoint);
    add(list, DAIS_SAMPLE_TEXT, "checkpoint_cosigned", "The same with the signature of a witness",
        cosigned_make(log));
    add(list, DAIS_SAMPLE_TEXT, "proof", "The receipt of entry 6 as a text, with what opens it",
        proof_make(log));
}

void dais_sample_add_formats(dais_sample_list_t *list)
{
    const dais_sample_log_t *log = dais_sample_log();
    add_texts(list, log);
    add(list, DAIS_SAMPLE_BINARY, "tile", "tile/0/000.p/10: the leaf hashes of all entries",
        dais_slice(log->hashes, sizeof log->hashes));
    add(list, DAIS_SAMPLE_BINARY, "entry_bundle", "tile/entries/000.p/10: all leaves",
        entry_bundle_make(log));
    add(list, DAIS_SAMPLE_BINARY, "frontier", "The frontier of the tree over all entries",
        frontier_make(log));
    add(list, DAIS_SAMPLE_BINARY, "export", "The whole log, exported for one who may see all of it",
        dais_sample_export(false));
    add(list, DAIS_SAMPLE_BINARY, "export_public", "The whole log, exported for the public",
        dais_sample_export(true));
}
