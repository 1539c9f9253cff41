/* SPDX-License-Identifier: Apache-2.0
 *
 * Bundles as `dais` makes them, signed in advance, and their receipts checked as `dais` does. */
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "proto/bundle.h"
#include "proto/content.h"
#include "proto/genesis.h"
#include "proto/identity.h"
#include "proto/receipt.h"
#include "proto/text.h"
#include "proto/tree.h"
#include "registry/rules/verdict.h"
#include "tests/bench/chain.h"

#define MESSAGE_ROOM 512

_Noreturn void chain_fail(dais_err_t err, const char *what)
{
    (void)fprintf(stderr, "bench_chain: %s: %s\n", what, dais_err_code(err));
    exit(1);
}

uint64_t chain_now_ns(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* User and system time of a process, from the 14th and 15th field of its stat. */
double chain_cpu_s(int pid)
{
    char path[64];
    char text[1024];
    unsigned long fields[12] = {0}; /* the fourth to the fifteenth */
    (void)snprintf(path, sizeof path, "/proc/%d/stat", pid);
    FILE *file = fopen(path, "r");
    size_t size = file == NULL ? 0 : fread(text, 1, sizeof text - 1, file);
    text[size] = '\0';
    if (file != NULL)
        (void)fclose(file);
    const char *rest = strrchr(text, ')'); /* a name may have spaces in it */
    if (rest == NULL || strlen(rest) < 4)
        chain_fail(DAIS_ERR_NOT_FOUND, path);
    char *at = (char *)(uintptr_t)(rest + 3);
    for (size_t i = 0; i < 12; i++)
        fields[i] = strtoul(at, &at, 10);
    return (double)(fields[10] + fields[11]) / (double)sysconf(_SC_CLK_TCK);
}

static dais_file_bytes_t office_file(const char *path, const char *end, bool secret)
{
    char full[512];
    dais_file_bytes_t bytes = {0};
    (void)snprintf(full, sizeof full, "%s%s", path, end);
    chain_must(secret ? dais_file_read_secret(full, DAIS_SECRET_TEXT_SIZE, &bytes)
                      : dais_file_read(full, DAIS_LIMIT_MESSAGE, &bytes),
               full);
    return bytes;
}

static void office_genesis(chain_office_t *office, const char *path)
{
    dais_genesis_t genesis;
    dais_file_bytes_t bytes = office_file(path, "", false);
    chain_must(dais_genesis_open(dais_slice(bytes.data, bytes.size), &genesis).err, path);
    chain_must(dais_vkey_make(genesis.origin, genesis.log_key.bytes, &office->log_key), path);
    office->registry_box_key = genesis.registry_box_key;
    (void)snprintf(office->cycle, sizeof office->cycle, "%.*s", (int)genesis.cycle.size,
                   (const char *)genesis.cycle.data);
    dais_file_free(&bytes);
}

void chain_office_read(chain_office_t *office, const char *path, const char *genesis,
                       const char *log)
{
    dais_seed_t seed;
    dais_identity_t identity;
    *office = (chain_office_t){.next_k = 0};
    dais_file_bytes_t secret = office_file(path, ".secret", true);
    dais_file_bytes_t public = office_file(path, ".identity", false);
    chain_must(dais_secret_parse(dais_slice(secret.data, secret.size), &seed).err, path);
    chain_must(dais_identity_parse(dais_slice(public.data, public.size), &identity).err, path);
    dais_device_derive(&seed, &office->device);
    office->actor = identity.actor;
    chain_must(dais_text_hex(dais_slice_text(log), office->log.bytes, DAIS_HASH_SIZE), log);
    office_genesis(office, genesis);
    dais_file_free(&secret);
    dais_file_free(&public);
}

/* salt || content; the contents differ in their first bytes and have no pattern. */
static dais_slice_t make_opening(uint8_t *room, uint64_t number, size_t size,
                                 dais_hash_t *commitment)
{
    static uint8_t noise[2 * CHAIN_CONTENT_BYTES];
    dais_key_t salt;
    if (number == 0)
        randombytes_buf(noise, sizeof noise);
    randombytes_buf(salt.bytes, sizeof salt.bytes);
    memcpy(room, salt.bytes, sizeof salt.bytes);
    memcpy(room + sizeof salt.bytes, noise + number % CHAIN_CONTENT_BYTES, size);
    *commitment = dais_content_commit(&salt, dais_slice(room + sizeof salt.bytes, size));
    return dais_slice(room, sizeof salt.bytes + size);
}

static dais_slice_t make_message(const chain_office_t *office, uint64_t number, uint64_t now_ms,
                                 dais_message_t *message, uint8_t room[MESSAGE_ROOM])
{
    uint8_t random[DAIS_ID_RANDOM_SIZE];
    uint8_t subject[MESSAGE_ROOM];
    char name[64];
    dais_writer_t writer;
    (void)snprintf(name, sizeof name, "Harbour Foundation %" PRIu64, number);
    dais_application_t application = {.applicant = dais_slice_text(name),
                                      .category = DAIS_CATEGORY_NGO,
                                      .country = dais_slice_text("XC"),
                                      .ecosoc = DAIS_ANSWER_NO,
                                      .prior = DAIS_ANSWER_NO,
                                      .mode = DAIS_MODE_ONLINE,
                                      .persons = 2};
    randombytes_buf(random, sizeof random);
    dais_writer_init(&writer, subject, sizeof subject);
    chain_must(dais_shape_encode(&dais_shape_application, &application, &writer), "subject");
    message->log = office->log;
    message->kind = DAIS_KIND_APPLICATION;
    message->id = dais_message_id(now_ms, random);
    message->actor = office->actor;
    message->subject = dais_slice(subject, writer.size);
    dais_writer_init(&writer, room, MESSAGE_ROOM);
    chain_must(dais_message_encode(message, &writer), "message");
    message->subject = dais_slice(NULL, 0); /* it was packed */
    return dais_slice(room, writer.size);
}

typedef struct {
    uint8_t items[DAIS_LIMIT_BUNDLE_BYTES];
    uint8_t parcel[DAIS_LIMIT_BUNDLE_BYTES];
    uint8_t messages[DAIS_LIMIT_BUNDLE_MESSAGES][MESSAGE_ROOM];
    dais_slice_t slices[DAIS_LIMIT_BUNDLE_MESSAGES];
} making_t;

static void make_items(const chain_office_t *office, making_t *making, unsigned count,
                       dais_list_t *list)
{
    static uint64_t number;
    uint8_t public_room[DAIS_SALT_SIZE + CHAIN_CONTENT_BYTES];
    uint8_t private_room[DAIS_SALT_SIZE];
    dais_writer_t writer;
    dais_now_t now;
    dais_clock_t clock = dais_clock_system();
    chain_must(dais_clock_now(&clock, &now), "clock");
    dais_writer_init(&writer, making->items, sizeof making->items);
    for (unsigned i = 0; i < count; i++, number++) {
        dais_message_t message = {.kind = 0};
        dais_item_t item;
        item.public_opening =
            make_opening(public_room, number, CHAIN_CONTENT_BYTES, &message.public_commitment);
        item.private_opening = make_opening(private_room, 1, 0, &message.private_commitment);
        item.message = making->slices[i] =
            make_message(office, number, now.wall_ms, &message, making->messages[i]);
        chain_must(dais_list_add(list, &dais_shape_item, &item, &writer), "item");
    }
}

static void make_bundle(chain_office_t *office, making_t *making, unsigned count,
                        chain_bundle_t *bundle)
{
    uint8_t envelope[DAIS_LIMIT_ENVELOPE];
    dais_parcel_t parcel = {.items = {0}};
    dais_writer_t writer;
    dais_bundle_t head = {.log = office->log,
                          .stream = DAIS_STREAM_OPEN,
                          .k = office->next_k,
                          .prev = office->prev,
                          .seen_size = office->seen_size,
                          .seen_root = office->seen_root};
    make_items(office, making, count, &parcel.items);
    dais_writer_init(&writer, envelope, sizeof envelope);
    chain_must(dais_bundle_sign(&head, making->slices, count, &office->device, &writer), "bundle");
    parcel.envelope = dais_slice(envelope, writer.size);
    dais_writer_init(&writer, making->parcel, sizeof making->parcel);
    chain_must(dais_shape_encode(&dais_shape_parcel, &parcel, &writer), "parcel");
    uint8_t *kept = malloc(writer.size);
    if (kept == NULL)
        chain_fail(DAIS_ERR_NO_MEMORY, "parcel");
    memcpy(kept, making->parcel, writer.size);
    *bundle = (chain_bundle_t){.parcel = dais_slice(kept, writer.size),
                               .hash = dais_bundle_hash(parcel.envelope)};
    office->next_k++;
    office->prev = bundle->hash;
}

void chain_make(chain_office_t *office, unsigned per_bundle, chain_bundle_t *bundles, size_t count)
{
    making_t *making = malloc(sizeof *making);
    if (making == NULL)
        chain_fail(DAIS_ERR_NO_MEMORY, "bundles");
    for (size_t i = 0; i < count; i++)
        make_bundle(office, making, per_bundle, &bundles[i]);
    free(making);
}

void chain_unmake(chain_bundle_t *bundles, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free((void *)(uintptr_t)bundles[i].parcel.data);
    free(bundles);
}

static void check_deep(const chain_office_t *office, const chain_bundle_t *bundle,
                       const dais_receipts_t *receipts)
{
    static uint8_t scratch[DAIS_LIMIT_RECORD];
    static dais_slice_t messages[DAIS_LIMIT_BUNDLE_MESSAGES];
    static dais_run_t run;
    dais_parcel_t parcel;
    dais_item_t item;
    size_t count = 0;
    chain_must(dais_shape_decode(&dais_shape_parcel, bundle->parcel, &parcel).err, "parcel");
    dais_list_walk_t walk = dais_list_begin(&parcel.items, &dais_shape_item);
    while (dais_list_next(&walk, &item))
        messages[count++] = item.message;
    dais_claim_t claim = {.log_key = &office->log_key,
                          .bundle = bundle->hash,
                          .messages = messages,
                          .message_count = count,
                          .received_at = bundle->received_at};
    chain_must(dais_receipts_check(receipts, &claim, scratch, sizeof scratch, &run).err,
               "receipts");
}

unsigned chain_check(const chain_office_t *office, const chain_bundle_t *bundle, dais_slice_t bytes,
                     bool deep)
{
    dais_receipts_t receipts;
    dais_receipt_entry_t entry;
    unsigned accepted = 0;
    chain_must(dais_shape_decode(&dais_shape_receipts, bytes, &receipts).err, "receipts");
    dais_list_walk_t walk = dais_list_begin(&receipts.entries, &dais_shape_receipt_entry);
    while (dais_list_next(&walk, &entry)) {
        dais_code_item_t verdict;
        dais_list_walk_t verdicts = dais_list_begin(&entry.verdicts, &dais_shape_code_item);
        if (dais_list_next(&verdicts, &verdict) && verdict.value == DAIS_VERDICT_ACCEPTED)
            accepted++;
    }
    if (deep)
        check_deep(office, bundle, &receipts);
    return accepted;
}
