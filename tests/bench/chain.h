/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_BENCH_CHAIN_H
#define DAIS_TESTS_BENCH_CHAIN_H

#include "base/clock.h"
#include "base/random.h"
#include "proto/box.h"
#include "proto/vkey.h"

/* What the load generator of `script/bench chain` is made of. A benchmark has one way out of
 * trouble: it says what went wrong and ends. */
_Noreturn void chain_fail(dais_err_t err, const char *what);

static inline void chain_must(dais_err_t err, const char *what)
{
    if (err != DAIS_OK)
        chain_fail(err, what);
}

uint64_t chain_now_ns(void);

/* One office: its keys, the log it speaks to, and where its chain goes on. */
typedef struct {
    dais_device_t device;
    dais_id_t actor;
    dais_hash_t log;
    dais_vkey_t log_key;
    dais_key_t registry_box_key;
    char cycle[DAIS_LIMIT_CODE + 1];
    uint64_t next_k;
    dais_hash_t prev;
    uint64_t seen_size;
    dais_hash_t seen_root;
} chain_office_t;

/* A bundle that was signed in advance. */
typedef struct {
    dais_slice_t parcel; /* kept until chain_unmake() */
    dais_hash_t hash;
    uint64_t received_at; /* ms, of its stamp */
    uint64_t due_ns;      /* when it was sent or should have been */
    uint64_t stamped_ns;  /* when its stamp was here */
    uint64_t receipt_ns;  /* when its receipts were here */
} chain_bundle_t;

#define CHAIN_CONTENT_BYTES 1024

/* Reads secret (PATH.secret), identity (PATH.identity) and genesis. */
void chain_office_read(chain_office_t *office, const char *path, const char *genesis,
                       const char *log);

/* Makes `count` bundles of `per_bundle` applications each, one behind the other, with 1 KiB of
 * public content to each message. */
void chain_make(chain_office_t *office, unsigned per_bundle, chain_bundle_t *bundles, size_t count);
void chain_unmake(chain_bundle_t *bundles, size_t count);

/* Checks the receipts of a bundle as `dais` does; with deep, down to the checkpoint's signature and
 * every entry's place in the tree. Answers how many of its messages were accepted. */
unsigned chain_check(const chain_office_t *office, const chain_bundle_t *bundle,
                     dais_slice_t receipts, bool deep);

/* Who is measured: processes by name, and this one. */
#define CHAIN_PROCESSES_MAX 8
typedef struct {
    const char *name;
    int pid;
    double cpu_s; /* between begin and end */
} chain_process_t;

double chain_cpu_s(int pid);

typedef struct {
    const char *broker;
    const uint8_t *broker_key;
    const char *intake;
    size_t in_flight;   /* bundles, sent and without receipts */
    double rate;        /* bundles a second whatever happens; 0: as many as in_flight allows */
    unsigned deep_each; /* the receipts of one bundle in so many are checked in full */
} chain_load_t;

typedef struct {
    double seconds;
    uint64_t accepted; /* messages */
    uint64_t checked;  /* bundles, in full */
    uint64_t asks;
} chain_result_t;

/* The connection of an office, and its calls. */
typedef struct chain_sender chain_sender_t;
chain_sender_t *chain_sender_open(chain_office_t *office, const chain_load_t *load);
void chain_sender_close(chain_sender_t **sender);

/* Learns where the office's chain goes on, and the log's last checkpoint. */
void chain_sender_begin(chain_sender_t *sender);

/* Sends them all and waits for all receipts. */
chain_result_t chain_send(chain_sender_t *sender, const chain_load_t *load, chain_bundle_t *bundles,
                          size_t count);

#endif
