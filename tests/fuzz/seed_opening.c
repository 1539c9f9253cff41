/* SPDX-License-Identifier: Apache-2.0
 *
 * Openings of the sample log's entries with one thing wrong behind good signatures. */
#include "proto/entry.h"
#include "proto/genesis.h"
#include "tests/fuzz/repair.h"
#include "tests/fuzz/seed.h"
#include "tests/support/sample.h"
#include "tests/support/sample_arena.h"

enum { SEQ_COMMENT = 5, SEQ_REQUEST = 8, SEQ_OWN = 9 };

typedef struct {
    dais_opening_t opening;
    dais_record_t record;
} opened_t;

/* The opening of an entry and its record, to be changed. */
static opened_t open_of(uint64_t seq)
{
    opened_t open;
    dais_slice_t bytes = dais_sample_opening(seq, false);
    dais_sample_must(dais_shape_decode(&dais_shape_opening, bytes, &open.opening).err);
    dais_sample_must(dais_shape_decode(&dais_shape_record, open.opening.record, &open.record).err);
    return open;
}

static void seed_open(const char *name, opened_t *open)
{
    open->opening.record = dais_sample_pack(&dais_shape_record, &open->record);
    seed("opening", name, dais_sample_pack(&dais_shape_opening, &open->opening));
}

/* The same, its signatures and trees put right again. */
static void seed_signed_again(const char *name, opened_t *open)
{
    open->opening.record = dais_sample_pack(&dais_shape_record, &open->record);
    dais_slice_t bytes = dais_sample_pack(&dais_shape_opening, &open->opening);
    seed("opening", name, repair_opening(bytes, REPAIR_TREE));
}

static void seed_own_parts(void)
{
    opened_t open = open_of(SEQ_OWN);
    open.opening.public_opening = dais_slice_text("a part that ties nothing");
    seed_open("own-with-content", &open);
    open = open_of(SEQ_OWN);
    open.record.received_at++;
    seed_open("own-received-apart", &open);
    open = open_of(SEQ_OWN);
    open.opening.seq = 0;
    seed_open("own-as-genesis", &open);
    open = open_of(0);
    open.opening.seq = 1;
    seed_open("genesis-as-own", &open);
    open = open_of(SEQ_OWN);
    open.record.index = 1;
    seed_open("own-with-index", &open);
    open = open_of(SEQ_OWN);
    dais_own_t own;
    const dais_kind_t *kind;
    dais_sample_must(dais_own_decode(open.record.message, &own, &kind).err);
    own.log = dais_sample_hash("another log");
    open.record.message = dais_sample_pack(&dais_shape_own, &own);
    seed_open("own-of-another-log", &open);
}

static void seed_bundle_parts(void)
{
    const dais_sample_log_t *log = dais_sample_log();
    opened_t open = open_of(SEQ_COMMENT);
    open.opening.seq = 0;
    seed_open("message-as-genesis", &open);
    open = open_of(SEQ_COMMENT);
    open.opening.envelope = log->roster.envelope;
    seed_open("bundle-of-another", &open);
    open = open_of(SEQ_COMMENT);
    open.record.index = 1;
    seed_open("message-elsewhere", &open);
    open = open_of(SEQ_COMMENT);
    open.opening.message_path.size = 0;
    seed_open("message-path-cut", &open);
    open = open_of(SEQ_COMMENT);
    dais_slice_t envelope = open.opening.envelope;
    open.opening.envelope = dais_slice(envelope.data, envelope.size - 1);
    dais_hash_t hash = dais_bundle_hash(open.opening.envelope);
    open.record.bundle = dais_hash_slice(&hash);
    seed_open("bundle-signature-cut", &open);
    open = open_of(SEQ_COMMENT);
    open.record.message = log->mission.messages[0];
    seed_signed_again("kind-of-the-other-stream", &open);
    open = open_of(SEQ_COMMENT);
    open.record.message = dais_slice_text("no message");
    seed_signed_again("no-message", &open);
}

static void seed_stamp_parts(void)
{
    const dais_sample_log_t *log = dais_sample_log();
    opened_t open = open_of(SEQ_COMMENT);
    open.record.received_at++;
    seed_open("received-apart", &open);
    open = open_of(SEQ_COMMENT);
    open.opening.bundle_index = 1;
    seed_open("bundle-elsewhere", &open);
    open = open_of(SEQ_COMMENT);
    open.opening.stamp.size--;
    seed_open("stamp-signature-cut", &open);
    open = open_of(SEQ_COMMENT);
    open.opening.stamp = log->stamps[2].bytes;
    open.record.received_at = log->stamps[2].stamp.at;
    seed_open("stamp-is-a-mark", &open);
    open = open_of(SEQ_COMMENT);
    open.opening.stamp.size = 0;
    seed_open("stampless-with-path", &open);
    open.opening.bundle_path.size = 0;
    open.opening.bundle_index = 1;
    seed_open("stampless-with-index", &open);
    open.opening.bundle_index = 0;
    seed_open("stampless-received-apart", &open);
    open.record.received_at = open.record.logged_at;
    seed_open("stampless", &open);
}

/* The stamp of an entry with its numbers changed, signed again. */
static void seed_stamp(const char *name, uint64_t j, bool prev, const char *log)
{
    opened_t open = open_of(SEQ_COMMENT);
    dais_stamp_t stamp = dais_sample_log()->stamps[0].stamp;
    stamp.j = j;
    stamp.prev = prev ? dais_sample_hash("a stamp") : (dais_hash_t){{0}};
    if (log != NULL)
        stamp.log = dais_sample_hash(log);
    uint8_t bytes[DAIS_LIMIT_ENVELOPE];
    dais_writer_t writer;
    dais_writer_init(&writer, bytes, sizeof bytes);
    dais_sample_must(
        dais_signed_write(&dais_shape_stamp, &stamp, dais_sample_device("intake"), &writer));
    open.opening.stamp = dais_slice(bytes, writer.size);
    seed_signed_again(name, &open);
}

/* The stamps of the chain, each as that of an entry: so two of them are compared. */
static void seed_stamp_chain(void)
{
    seed_stamp("stamp-first-with-prev", 0, true, NULL);
    seed_stamp("stamp-first", 0, false, NULL);
    seed_stamp("stamp-of-another-log", 1, true, "another log");
    opened_t open = open_of(SEQ_COMMENT);
    dais_stamp_t mark = dais_sample_log()->stamps[2].stamp;
    mark.root = dais_sample_hash("a root");
    uint8_t bytes[DAIS_LIMIT_ENVELOPE];
    dais_writer_t writer;
    dais_writer_init(&writer, bytes, sizeof bytes);
    dais_sample_must(
        dais_signed_write(&dais_shape_stamp, &mark, dais_sample_device("intake"), &writer));
    open.opening.stamp = dais_slice(bytes, writer.size);
    open.record.received_at = mark.at;
    seed_open("stamp-mark-with-root", &open);
    /* The second of the chain, over the bundle of entry 9's cause, which has no entry itself. */
    open = open_of(SEQ_COMMENT);
    open.opening.stamp = dais_sample_log()->stamps[1].bytes;
    seed_signed_again("stamp-second", &open);
}

typedef struct {
    const char *name, *origin, *cycle;
    uint64_t rehearsal;
} origin_t;

/* Genesis signed as it stands, good or not. */
static void seed_genesis(const char *name, const dais_genesis_t *genesis)
{
    opened_t open = open_of(0);
    dais_writer_t writer = fuzz_writer(1);
    dais_sample_must(dais_signed_write(&dais_shape_genesis, genesis,
                                       dais_sample_device("secretariat"), &writer));
    open.record.message = dais_slice(writer.buffer, writer.size);
    seed_open(name, &open);
}

static void seed_geneses(void)
{
    static const origin_t origins[] = {
        {"genesis-rehearsal", "rehearsal/registry.example/c", "c", 1},
        {"genesis-rehearsal-unmarked", "registry.example/c", "c", 1},
        {"genesis-rehearsal-unsaid", "rehearsal/registry.example/c", "c", 0},
        {"genesis-rehearsal-alone", "rehearsal/c", "c", 1},
        {"genesis-short-origin", "r/c", "c", 0},
        {"genesis-other-cycle", "registry.example/d", "c", 0},
        {"genesis-cycle-with-slash", "registry.example/a/c", "a/c", 0},
        {"genesis-no-host", "/c", "c", 0},
        {"genesis-no-slash", "registry", "c", 0},
        {"genesis-origin-with-space", "registry example/c", "c", 0}};
    dais_genesis_t genesis;
    dais_slice_t rest;
    dais_sample_must(
        dais_shape_decode_first(&dais_shape_genesis, dais_sample_log()->genesis, &genesis, &rest)
            .err);
    for (size_t i = 0; i < sizeof origins / sizeof origins[0]; i++) {
        dais_genesis_t changed = genesis;
        changed.origin = dais_slice_text(origins[i].origin);
        changed.cycle = dais_slice_text(origins[i].cycle);
        changed.rehearsal = origins[i].rehearsal;
        seed_genesis(origins[i].name, &changed);
    }
    dais_genesis_t changed = genesis;
    changed.policy = dais_slice_text("another policy\n");
    seed_genesis("genesis-another-policy", &changed);
    opened_t open = open_of(0);
    open.record.message.size--;
    seed_open("genesis-cut", &open);
    seed("opening", "genesis-alone", dais_sample_log()->genesis);
}

/* Genesis at all its limits, which is more than a message may have: the policy is filled up. */
static void seed_longest_genesis(void)
{
    static uint8_t cases[DAIS_LIMIT_OPEN_CASES * 80];
    dais_genesis_t genesis;
    dais_slice_t rest;
    dais_writer_t list;
    dais_open_case_t open_case = {.seq = DAIS_SEQ_MAX};
    dais_sample_must(
        dais_shape_decode_first(&dais_shape_genesis, dais_sample_log()->genesis, &genesis, &rest)
            .err);
    genesis.open_cases = (dais_list_t){0};
    dais_writer_init(&list, cases, sizeof cases);
    for (size_t i = 0; i < DAIS_LIMIT_OPEN_CASES; i++)
        dais_sample_must(
            dais_list_add(&genesis.open_cases, &dais_shape_open_case, &open_case, &list));
    static char policy[DAIS_LIMIT_POLICY];
    memset(policy, 'p', sizeof policy);
    genesis.policy = dais_slice(policy, sizeof policy);
    genesis.policy_hash = dais_hash_one(genesis.policy);
    dais_writer_t whole = fuzz_writer(1);
    dais_sample_must(dais_signed_write(&dais_shape_genesis, &genesis,
                                       dais_sample_device("secretariat"), &whole));
    const uint8_t *from = memmem(whole.buffer, whole.size, policy, sizeof policy);
    size_t before = (size_t)(from - whole.buffer);
    dais_writer_t writer = fuzz_writer(2);
    dais_writer_raw(&writer, dais_slice(whole.buffer, before));
    dais_writer_raw(&writer, dais_slice("\xc1\xc1\xc1", 3));
    dais_writer_raw(&writer, dais_slice(from + sizeof policy, whole.size - before - sizeof policy));
    seed_stretched("opening", "genesis-too-long", whole.size, 'p',
                   dais_slice(writer.buffer, writer.size));
}

void seed_openings(void)
{
    seed_longest_genesis();
    seed_own_parts();
    seed_bundle_parts();
    seed_stamp_parts();
    seed_stamp_chain();
    seed_geneses();
    opened_t open = open_of(SEQ_COMMENT);
    open.opening.public_opening = dais_slice_text("short");
    seed_open("public-without-salt", &open);
    open = open_of(SEQ_COMMENT);
    open.opening.private_opening = open.opening.public_opening;
    seed_open("private-is-the-public", &open);
    open = open_of(SEQ_COMMENT);
    open.opening.public_opening.size = 0;
    open.opening.private_opening.size = 0;
    seed_open("contents-erased", &open);
    seed_stretched("opening", "record-too-long", DAIS_LIMIT_RECORD + 1, 0, dais_slice(NULL, 0));
}
