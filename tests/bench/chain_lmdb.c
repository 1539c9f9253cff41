/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/chain_lmdb.h"

#include <endian.h>
#include <inttypes.h>
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/bench/chain.h"

#define RECORDS_MAX 400000 /* a file that grows for long slows a virtual machine down */

static void lmdb_must(int code)
{
    if (code == MDB_SUCCESS)
        return;
    (void)fprintf(stderr, "bench_chain: lmdb: %s\n", mdb_strerror(code));
    exit(1);
}

static void lmdb_commit(MDB_env *env, MDB_dbi *dbi, uint64_t first, size_t count)
{
    static uint8_t record[CHAIN_CONTENT_BYTES];
    MDB_txn *txn;
    lmdb_must(mdb_txn_begin(env, NULL, 0, &txn));
    lmdb_must(mdb_dbi_open(txn, NULL, 0, dbi));
    for (uint64_t i = first; i < first + count; i++) {
        uint64_t key = htobe64(i);
        memcpy(record, &key, sizeof key);
        MDB_val name = {sizeof key, &key};
        MDB_val value = {sizeof record, record};
        lmdb_must(mdb_put(txn, *dbi, &name, &value, MDB_APPEND));
    }
    lmdb_must(mdb_txn_commit(txn));
}

int chain_lmdb(const char *folder, double seconds_max, size_t per_commit)
{
    MDB_env *env;
    MDB_dbi dbi;
    uint64_t count = 0;
    double seconds = 0;
    lmdb_must(mdb_env_create(&env));
    lmdb_must(mdb_env_set_mapsize(env, (size_t)16 << 30));
    lmdb_must(mdb_env_open(env, folder, 0, 0600));
    double cpu_s = chain_cpu_s((int)getpid());
    uint64_t start_ns = chain_now_ns();
    for (; seconds < seconds_max && count < RECORDS_MAX; count += per_commit) {
        lmdb_commit(env, &dbi, count, per_commit);
        seconds = (double)(chain_now_ns() - start_ns) / 1e9;
    }
    printf("{\"seconds\": %.6f, \"messages\": %" PRIu64 ", \"lmdb_us\": %.3f}\n", seconds, count,
           (chain_cpu_s((int)getpid()) - cpu_s) * 1e6 / (double)count);
    mdb_env_close(env);
    return 0;
}
