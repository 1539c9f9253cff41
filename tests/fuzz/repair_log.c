/* SPDX-License-Identifier: Apache-2.0
 *
 * The repairs of what the log signs: checkpoints, and the receipts that lead to one. */
#include "proto/entry.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/repair.h"
#include "tests/support/sample_arena.h"

enum { LOG_SIZE_MAX = 600 };

static const dais_slice_t none = {NULL, 0};

dais_claim_t repair_claim(void)
{
    static dais_vkey_t key;
    const dais_sample_log_t *log = dais_sample_log();
    key = dais_sample_vkey("log");
    return (dais_claim_t){.log_key = &key,
                          .bundle = log->office.hash,
                          .messages = log->office.messages,
                          .message_count = log->office.count,
                          .received_at = log->stamps[0].stamp.at};
}

/* The leaves that the receipts speak of, from their first index on; 0 if they claim what cannot be
 * rebuilt. */
static size_t leaves_make(const dais_receipts_t *receipts, const dais_claim_t *claim,
                          dais_hash_t *leaves)
{
    size_t count = 0;
    dais_list_walk_t walk = dais_list_begin(&receipts->entries, &dais_shape_receipt_entry);
    for (dais_receipt_entry_t entry; dais_list_next(&walk, &entry); count++) {
        dais_writer_t writer = fuzz_writer(1);
        if (dais_receipt_record(receipts, &entry, claim, &writer) != DAIS_OK)
            return 0;
        dais_hash_t commitment =
            dais_record_commit(&entry.salt, dais_slice(writer.buffer, writer.size));
        leaves[count] = dais_entry_hash(receipts->first + count, &commitment);
    }
    return count;
}

/* How many leaves the checkpoint says, if that is a size that can be built; else the next that
 * can. */
static size_t log_size(const dais_receipts_t *receipts, size_t end)
{
    dais_note_t note;
    dais_checkpoint_t checkpoint;
    if (dais_note_parse(receipts->checkpoint, &note).err != DAIS_OK ||
        dais_checkpoint_parse(note.text, &checkpoint).err != DAIS_OK ||
        checkpoint.size > LOG_SIZE_MAX || checkpoint.size < end)
        return end;
    return (size_t)checkpoint.size;
}

dais_slice_t repair_receipts(dais_slice_t bytes, const dais_claim_t *claim)
{
    static dais_hash_t leaves[LOG_SIZE_MAX];
    dais_receipts_t receipts;
    if (dais_shape_decode(&dais_shape_receipts, bytes, &receipts).err != DAIS_OK ||
        receipts.first + receipts.entries.count > LOG_SIZE_MAX)
        return none;
    memset(leaves, 0x55, sizeof leaves);
    size_t count = leaves_make(&receipts, claim, leaves + receipts.first);
    if (count == 0)
        return none;
    size_t size = log_size(&receipts, (size_t)receipts.first + count);
    dais_tree_path_t first_path;
    dais_tree_path_t last_path;
    dais_sample_must(dais_tree_leaves_inclusion(leaves, size, (size_t)receipts.first, &first_path));
    dais_sample_must(
        dais_tree_leaves_inclusion(leaves, size, (size_t)receipts.first + count - 1, &last_path));
    receipts.first_path = dais_tree_path_bytes(&first_path);
    receipts.last_path = dais_tree_path_bytes(&last_path);
    dais_checkpoint_t checkpoint = {.origin = dais_slice_text(claim->log_key->name),
                                    .size = size,
                                    .root = dais_tree_root(leaves, size)};
    dais_writer_t note = fuzz_writer(2);
    dais_sample_must(dais_checkpoint_sign(&checkpoint, claim->log_key,
                                          dais_sample_device("log")->secret, &note));
    receipts.checkpoint = dais_slice(note.buffer, note.size);
    dais_writer_t writer = fuzz_writer(0);
    dais_err_t err = dais_shape_encode(&dais_shape_receipts, &receipts, &writer);
    return err == DAIS_OK ? dais_slice(writer.buffer, writer.size) : none;
}

dais_slice_t repair_note(dais_slice_t bytes)
{
    /* Up to the last empty line, as in a note; or all of it. */
    size_t size = bytes.size;
    for (size_t i = bytes.size; i-- > 1;) {
        if (bytes.data[i] == '\n' && bytes.data[i - 1] == '\n') {
            size = i;
            break;
        }
    }
    dais_vkey_t key = dais_sample_vkey("log");
    dais_writer_t writer = fuzz_writer(0);
    dais_err_t err = dais_note_sign(dais_slice(bytes.data, size), &key,
                                    dais_sample_device("log")->secret, &writer);
    return err == DAIS_OK ? dais_slice(writer.buffer, writer.size) : none;
}
