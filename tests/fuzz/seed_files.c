/* SPDX-License-Identifier: Apache-2.0
 *
 * Files that are not signed as a whole: the guard's slots, exported logs, identities, keys, proofs.
 */
#include <glob.h>
#include <stdio.h>

#include "proto/export.h"
#include "proto/guard.h"
#include "proto/identity.h"
#include "tests/fuzz/seed.h"
#include "tests/support/sample.h"
#include "tests/support/sample_arena.h"

static dais_guard_t guard_of(uint64_t turn)
{
    const dais_sample_log_t *log = dais_sample_log();
    return (dais_guard_t){.log = log->log, .turn = turn, .epoch = 1, .size = turn};
}

static void seed_slots(const char *name, const dais_guard_t *first, const dais_guard_t *second)
{
    uint8_t slots[2 * DAIS_GUARD_SLOT_SIZE];
    memset(slots, 0, sizeof slots);
    if (first != NULL)
        dais_sample_must(dais_guard_encode(first, slots));
    if (second != NULL)
        dais_sample_must(dais_guard_encode(second, slots + DAIS_GUARD_SLOT_SIZE));
    seed("guard", name, dais_slice(slots, sizeof slots));
}

/* A slot with a good hash over bytes that are no guard record, or have something behind it. */
static void seed_slot_of(const char *name, const char *record, size_t size, size_t mark_at)
{
    uint8_t slot[DAIS_GUARD_SLOT_SIZE] = {0};
    memcpy(slot, record, size);
    slot[mark_at] ^= 1;
    dais_hash_t hash = dais_hash_one(dais_slice(slot, sizeof slot - sizeof hash));
    memcpy(slot + sizeof slot - sizeof hash, hash.bytes, sizeof hash);
    seed("guard", name, dais_slice(slot, sizeof slot));
}

static void seed_guard(void)
{
    dais_guard_t seven = guard_of(7);
    dais_guard_t eight = guard_of(8);
    dais_guard_t other = guard_of(8);
    other.log = dais_sample_hash("another log");
    seed_slots("both-second-newer", &seven, &eight);
    seed_slots("both-first-newer", &eight, &seven);
    seed_slots("second-alone", NULL, &seven);
    seed_slots("none", NULL, NULL);
    seed_slots("same-turn", &seven, &seven);
    seed_slots("two-logs", &seven, &other);
    const dais_sample_t *record = dais_sample_find("guard");
    seed_slot_of("trailing", (const char *)record->bytes.data, record->bytes.size, 400);
    seed_slot_of("no-record", "\x90", 1, 400);
}

static void frame(dais_writer_t *writer, dais_export_type_t type, const void *record, size_t size)
{
    dais_export_item_t item = {.type = type};
    memcpy(&item.as, record, size);
    dais_sample_must(dais_export_write(&item, writer));
}

static void head_frame(dais_writer_t *writer, uint64_t size)
{
    dais_export_head_t head = {.origin = dais_slice_text(DAIS_SAMPLE_ORIGIN), .size = size};
    frame(writer, DAIS_EXPORT_HEAD, &head, sizeof head);
}

static void end_frame(dais_writer_t *writer)
{
    dais_export_end_t end = {dais_sample_log()->checkpoint};
    frame(writer, DAIS_EXPORT_END, &end, sizeof end);
}

static void seed_frames(const char *name, const dais_writer_t *writer)
{
    seed("export", name, dais_slice(writer->buffer, writer->size));
}

/* A head for `size` entries, and one entry. */
static void seed_entry(const char *name, uint64_t size, const dais_export_entry_t *entry)
{
    dais_writer_t writer = fuzz_writer(0);
    head_frame(&writer, size);
    frame(&writer, DAIS_EXPORT_ENTRY, entry, sizeof *entry);
    seed_frames(name, &writer);
}

static void seed_export_entries(void)
{
    dais_export_entry_t first = dais_sample_export_entry(0, false);
    dais_export_entry_t closed = dais_sample_export_entry(0, true);
    dais_export_entry_t second = dais_sample_export_entry(1, false);
    dais_export_entry_t changed = first;
    seed_entry("entry-closed", 1, &closed);
    seed_entry("entry-not-next", 2, &second);
    seed_entry("entry-beyond-size", 0, &closed);
    changed.leaf = dais_slice_text("no leaf");
    seed_entry("entry-no-leaf", 1, &changed);
    changed = first;
    changed.record = dais_slice(NULL, 0);
    seed_entry("entry-open-without-record", 1, &changed);
    changed = closed;
    changed.public_opening = dais_slice_text("shown");
    seed_entry("entry-closed-with-content", 1, &changed);
}

/* A head and a bundle, stamped or not. */
static void seed_bundle(const char *name, uint64_t stamped, uint64_t index)
{
    dais_writer_t writer = fuzz_writer(0);
    dais_export_bundle_t bundle = {
        .envelope = dais_sample_log()->office.envelope, .stamped = stamped, .index = index};
    head_frame(&writer, 1);
    frame(&writer, DAIS_EXPORT_BUNDLE, &bundle, sizeof bundle);
    seed_frames(name, &writer);
}

static void seed_export(void)
{
    seed_export_entries();
    seed_bundle("bundle-unstamped", 0, 0);
    seed_bundle("bundle-unstamped-with-index", 0, 1);
    seed_bundle("bundle-stamped-without-stamp", 1, 0);
    dais_writer_t writer = fuzz_writer(0);
    head_frame(&writer, 0);
    seed_frames("not-ended", &writer);
    end_frame(&writer);
    seed_frames("empty-log", &writer);
    end_frame(&writer);
    seed_frames("after-the-end", &writer);
    writer = fuzz_writer(0);
    head_frame(&writer, 1);
    end_frame(&writer);
    seed_frames("ended-early", &writer);
    writer = fuzz_writer(0);
    head_frame(&writer, 1);
    head_frame(&writer, 1);
    seed_frames("two-heads", &writer);
    writer = fuzz_writer(0);
    end_frame(&writer);
    seed_frames("no-head", &writer);
    seed("export", "cut-length", dais_slice("\0\0\0", 3));
    seed("export", "cut-record", dais_slice("\0\0\0\5\x91", 5));
    seed("export", "long-frame", dais_slice("\1\0\0\0", 4));
    seed("export", "no-record", dais_slice("\0\0\0\1\x90", 5));
    seed_after("export", "head-alone", dais_slice("\0\0\0\x10\x91\xae", 6),
               dais_slice_text("dais/export/1\n"));
}

/* A text with the first `old` in it replaced. */
static void seed_edited(const char *target, const char *name, dais_slice_t text, const char *old,
                        dais_slice_t fresh)
{
    const uint8_t *at = memmem(text.data, text.size, old, strlen(old));
    dais_writer_t writer = fuzz_writer(0);
    if (at == NULL)
        dais_sample_fail("nothing to edit", name);
    size_t before = (size_t)(at - text.data);
    size_t after = before + strlen(old);
    dais_writer_raw(&writer, dais_slice(text.data, before));
    dais_writer_raw(&writer, fresh);
    dais_writer_raw(&writer, dais_slice(text.data + after, text.size - after));
    seed(target, name, dais_slice(writer.buffer, writer.size));
}

typedef struct {
    const char *name, *old, *fresh;
} edit_t;

static void seed_edits(const char *target, dais_slice_t text, const edit_t *edits)
{
    for (; edits->name != NULL; edits++)
        seed_edited(target, edits->name, text, edits->old, dais_slice_text(edits->fresh));
}

static void seed_identities(void)
{
    static const edit_t edits[] = {{"office-with-state", "role party", "role office"},
                                   {"role-unknown", "role party", "role partisan"},
                                   {"state-lower", "state XA", "state xa"},
                                   {"state-short", "state XA", "state X"},
                                   {"state-long", "state XA", "state XABCDEFGH"},
                                   {"state-mark", "state XA", "state X~"},
                                   {"state-digit", "state XA", "state X1"},
                                   {"state-missing", "state XA\n", ""},
                                   {"role-missing", "role party\n", ""},
                                   {"actor-upper", "actor 0", "actor A"},
                                   {"actor-mark", "actor 0", "actor /"},
                                   {"actor-letter", "actor 0", "actor g"},
                                   {"actor-short", "actor 0", "actor "},
                                   {"actor-name", "actor ", "actress "},
                                   {"actor-joined", "actor ", "actor"},
                                   {"key-spoilt", "key m", "key n"},
                                   {"key-name", "key m", "kee m"},
                                   {"transport-name", "transport ", "transit "},
                                   {"transport-long", "transport ", "transport 0"},
                                   {"transport-mark", "transport ", "transport ~"},
                                   {"magic", "identity/1", "identity/2"},
                                   {"magic-cut", "dais/identity/1\n", "dais"},
                                   {NULL, NULL, NULL}};
    dais_slice_t party = dais_sample_find("identity")->bytes;
    seed_edits("identity", party, edits);
    const uint8_t *transport = memmem(party.data, party.size, "transport ", 10);
    size_t head = (size_t)(transport - party.data) + 10;
    seed("identity", "cut", dais_slice(party.data, head + 20));
    seed_text("identity", "magic-alone", "dais/identity/1");
    seed("identity", "no-transport", dais_slice(party.data, head - 10));
    seed_after("identity", "trailing", party, dais_slice_text("\n"));
    seed_after(
        "identity", "transport-not-z85", dais_slice(party.data, head),
        dais_slice_text("\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\""
                        "\"\"\"\n"));
    seed_after("identity", "transport-nul", dais_slice(party.data, head + 35),
               dais_slice("\0\0\0\0\0\n", 6));
    dais_writer_t writer = fuzz_writer(1);
    dais_identity_t office = {.role = DAIS_ROLE_OFFICE, .key = dais_sample_vkey("office")};
    dais_sample_must(dais_identity_put(&writer, &office));
    seed("identity", "office", dais_slice(writer.buffer, writer.size));
}

static void seed_secrets(void)
{
    static const edit_t edits[] = {{"secret-magic", "secret/1", "secret/2"},
                                   {"secret-name", "seed ", "sead "},
                                   {"secret-long", "seed ", "seed 0"},
                                   {NULL, NULL, NULL}};
    dais_slice_t secret = dais_sample_find("secret")->bytes;
    seed_edits("identity", secret, edits);
    seed("identity", "secret-cut", dais_slice(secret.data, secret.size - 1));
    seed_after("identity", "secret-trailing", secret, dais_slice_text("\n"));
}

static void seed_vkeys(void)
{
    /* The names that no key may have, each as the name of an otherwise good one. */
    static const char *const names[][2] = {{"space", "a b"},
                                           {"nel", "a\xc2\x85"},
                                           {"nbsp", "a\xc2\xa0"},
                                           {"ogham", "\xe1\x9a\x80"},
                                           {"en-quad", "\xe2\x80\x80"},
                                           {"hair-space", "\xe2\x80\x8a"},
                                           {"line", "\xe2\x80\xa8"},
                                           {"paragraph", "\xe2\x80\xa9"},
                                           {"narrow", "\xe2\x80\xaf"},
                                           {"medium", "\xe2\x81\x9f"},
                                           {"wide", "\xe3\x80\x80"},
                                           {"tab", "a\tb"},
                                           {"empty", ""},
                                           {"not-utf8", "a\x80"}};
    static const edit_t edits[] = {{"id-wrong", "+", "+0"},
                                   {"type-wrong", "+A", "+B"},
                                   {"base64-cut", "+A", "+"},
                                   {"base64-spoilt", "+A", "+*"},
                                   {"letter-of-another", "registry", "register"},
                                   {NULL, NULL, NULL}};
    dais_slice_t good = dais_sample_find("vkey")->bytes;
    const uint8_t *plus = memchr(good.data, '+', good.size);
    dais_slice_t tail = dais_slice(plus, good.size - (size_t)(plus - good.data));
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        seed_after("vkey", names[i][0], dais_slice_text(names[i][1]), tail);
    seed_edits("vkey", good, edits);
    seed_text("vkey", "nothing", "");
    seed_text("vkey", "name-alone", "registry.example/log");
    seed_text("vkey", "no-key", "registry.example/log+12345678");
    seed_text("vkey", "no-value", "registry.example/log+12345678+");
    dais_writer_t writer = fuzz_writer(0);
    dais_writer_raw(&writer, dais_slice("\xc1\xc1\xc1", 3));
    dais_writer_raw(&writer, tail);
    seed_stretched("vkey", "name-long", 400, 'n', dais_slice(writer.buffer, writer.size));
}

/* A path of n hashes instead of the proof's. */
static void seed_proof_path(const char *name, dais_slice_t proof, size_t count)
{
    static const char hash[] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n";
    const uint8_t *index = memmem(proof.data, proof.size, "index 6\n", 8);
    const uint8_t *note = memmem(proof.data, proof.size, "\n\n", 2);
    size_t note_at = (size_t)(note - proof.data) + 1;
    dais_writer_t writer = fuzz_writer(0);
    dais_writer_raw(&writer, dais_slice_text("c2sp.org/tlog-proof@v1\n"));
    dais_writer_raw(&writer, dais_slice(index, 8));
    for (size_t i = 0; i < count; i++)
        dais_writer_raw(&writer, dais_slice_text(hash));
    dais_writer_raw(&writer, dais_slice(proof.data + note_at, proof.size - note_at));
    seed("proof", name, dais_slice(writer.buffer, writer.size));
}

static void seed_proofs(void)
{
    static const edit_t edits[] = {
        {"first-line", "proof@v1", "proof@v2"},
        {"extra-empty", "\nextra ", "\nextra \nextra "},
        {"extra-spoilt", "\nextra ", "\nextra *"},
        {"extra-name", "\nextra ", "\nextras "},
        {"index-name", "\nindex ", "\nindices "},
        {"index-led-by-zero", "\nindex ", "\nindex 0"},
        {"index-5", "\nindex 6", "\nindex 5"},
        {"index-beyond-log", "\nindex 6", "\nindex 60"},
        {"hash-short", "index 6\n", "index 6\nAAAA\n"},
        {"checkpoint-other-origin", "\n\nregistry", "\n\nregister"},
        {"checkpoint-size-spoilt", "/dialogue-2027\n10", "/dialogue-2027\n010"},
        {"checkpoint-control", "\n\nregistry", "\n\n\tregistry"},
        {NULL, NULL, NULL}};
    dais_slice_t good = dais_sample_find("proof")->bytes;
    seed_edits("proof", good, edits);
    seed("proof", "cut-first-line", dais_slice(good.data, 10));
    seed("proof", "cut-extra", dais_slice(good.data, 40));
    const uint8_t *index = memmem(good.data, good.size, "index 6\n", 8);
    seed("proof", "cut-index", dais_slice(good.data, (size_t)(index - good.data)));
    seed("proof", "cut-path", dais_slice(good.data, (size_t)(index - good.data) + 8));
    seed_proof_path("path-3", good, 3);
    static const char first_line[] = "c2sp.org/tlog-proof@v1\n";
    seed_after("proof", "without-extra", dais_slice_text(first_line),
               dais_slice(index, good.size - (size_t)(index - good.data)));
    seed_proof_path("path-63", good, 63);
    seed_proof_path("path-64", good, 64);
    seed("proof", "checkpoint-alone", dais_sample_log()->checkpoint);
    static const char extra[] = "c2sp.org/tlog-proof@v1\nextra \xc1\xc1\xc1\n";
    seed_stretched("proof", "extra-long", 30 + 2796204, 'A', dais_slice_text(extra));
}

/* The policies that the project brings along. */
static void seed_policies(void)
{
    static char text[DAIS_LIMIT_POLICY + 1];
    glob_t found;
    if (glob(DAIS_SOURCE_DIR "/policies/*.zpl", 0, NULL, &found) != 0)
        dais_sample_fail("no policies in", DAIS_SOURCE_DIR);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        FILE *file = fopen(found.gl_pathv[i], "rbe");
        if (file == NULL)
            dais_sample_fail("cannot be opened", found.gl_pathv[i]);
        size_t size = fread(text, 1, sizeof text, file);
        (void)fclose(file);
        seed("policy", strrchr(found.gl_pathv[i], '/') + 1, dais_slice(text, size));
    }
    globfree(&found);
    seed_stretched("policy", "too-long", DAIS_LIMIT_POLICY + 1, '#', dais_slice(NULL, 0));
}

void seed_files(void)
{
    seed_policies();
    seed_guard();
    seed_export();
    seed_identities();
    seed_secrets();
    seed_vkeys();
    seed_proofs();
}
