/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/trust.h"

#include "proto/load/load.h"

const char dais_trust_no_key[] = "no key is trusted; name one with --key";

dais_err_t dais_trust_read(dais_trust_t *trust, const char *text)
{
    dais_err_t err = dais_load_vkey(text, &trust->key);
    trust->has_key = err == DAIS_OK;
    return err;
}

bool dais_trust_option(const dais_args_t *args, dais_trust_t *trust)
{
    const char *text = dais_args_value(args, "key");
    *trust = (dais_trust_t){.has_key = false};
    if (text == NULL || dais_trust_read(trust, text) == DAIS_OK)
        return true;
    (void)fprintf(stderr, "error[usage]: this is no key, and no file that holds one: %s\n", text);
    (void)fputs("hint: a key is name+id+base64, as the log's page and its genesis show it\n",
                stderr);
    return false;
}

void dais_trust_genesis(const dais_trust_t *trust, dais_checks_t *checks,
                        const dais_reading_entry_t *entry)
{
    const dais_genesis_t *genesis = &entry->genesis;
    dais_slice_t name = dais_slice_text(trust->key.name);
    if (!entry->is_open || entry->kind == NULL) {
        dais_checks_skip(checks, DAIS_CHECK_GENESIS, "entry 0 is closed or cannot be read");
        return;
    }
    if (!trust->has_key)
        dais_checks_skip(checks, DAIS_CHECK_GENESIS, dais_trust_no_key);
    else if (memcmp(genesis->log_key.bytes, trust->key.key, sizeof trust->key.key) == 0 &&
             dais_slice_equal(genesis->origin, name))
        dais_checks_pass(checks, DAIS_CHECK_GENESIS);
    else
        dais_checks_fail(checks, DAIS_CHECK_GENESIS, 0,
                         "it names another key than the trusted one");
}

/* The checkpoint by its own word; false if it cannot be read. */
static bool trust_unsigned(dais_slice_t bytes, dais_checkpoint_t *checkpoint)
{
    dais_note_t note;
    return dais_note_parse(bytes, &note).err == DAIS_OK &&
           dais_checkpoint_parse(note.text, checkpoint).err == DAIS_OK;
}

static void trust_compare(dais_checks_t *checks, const dais_reading_t *reading,
                          const dais_checkpoint_t *checkpoint, uint64_t size,
                          const dais_hash_t *root)
{
    if (!dais_slice_equal(checkpoint->origin, dais_slice_text(reading->origin)))
        dais_checks_fail_all(checks, DAIS_CHECK_LEAVES, "the checkpoint is of another origin");
    else if (checkpoint->size != size)
        dais_checks_fail_all(checks, DAIS_CHECK_LEAVES,
                             "the checkpoint is of another size than the log");
    else
        dais_checks_pass(checks, DAIS_CHECK_LEAVES);
    if (dais_hash_equal(&checkpoint->root, root))
        dais_checks_pass(checks, DAIS_CHECK_ROOT);
    else
        dais_checks_fail_all(checks, DAIS_CHECK_ROOT, "bad-root");
}

void dais_trust_checkpoint(const dais_trust_t *trust, dais_checks_t *checks,
                           const dais_reading_t *reading, uint64_t size, const dais_hash_t *root)
{
    dais_checkpoint_t checkpoint;
    dais_slice_t bytes = dais_slice(reading->checkpoint, reading->checkpoint_size);
    if (bytes.size == 0) { /* the file ended before it; `form` says so */
        dais_checks_skip(checks, DAIS_CHECK_CHECKPOINT, "there is no checkpoint");
        dais_checks_skip(checks, DAIS_CHECK_LEAVES, "there is no checkpoint");
        dais_checks_skip(checks, DAIS_CHECK_ROOT, "there is no checkpoint");
        return;
    }
    if (!trust->has_key) {
        dais_checks_skip(checks, DAIS_CHECK_CHECKPOINT, dais_trust_no_key);
    } else {
        dais_err_t err = dais_checkpoint_verify(bytes, &trust->key, &checkpoint).err;
        if (err == DAIS_OK)
            dais_checks_pass(checks, DAIS_CHECK_CHECKPOINT);
        else
            dais_checks_fail_all(checks, DAIS_CHECK_CHECKPOINT, dais_err_code(err));
    }
    if (trust_unsigned(bytes, &checkpoint))
        trust_compare(checks, reading, &checkpoint, size, root);
    else
        dais_checks_fail_all(checks, DAIS_CHECK_LEAVES, "the checkpoint cannot be read");
}
