/* SPDX-License-Identifier: Apache-2.0 */
#include "intake/peers.h"

#include <stdlib.h>

static int peers_order(const void *a, const void *b)
{
    const dais_roster_key_t *one = (const dais_roster_key_t *)a;
    const dais_roster_key_t *other = (const dais_roster_key_t *)b;
    return memcmp(one->key.bytes, other->key.bytes, DAIS_KEY_SIZE);
}

/* How many keys there are, after a look at all of them: nothing is reserved for a bad file. */
static dais_fault_t peers_count(dais_slice_t text, size_t *count)
{
    dais_roster_reader_t reader;
    dais_roster_head_t head;
    dais_roster_key_t key;
    dais_roster_reader_init(&reader, text, &head);
    while (dais_roster_reader_next(&reader, &key))
        continue;
    *count = reader.count;
    return dais_roster_reader_finish(&reader);
}

dais_fault_t dais_peers_parse(dais_slice_t text, dais_peers_t *peers)
{
    *peers = (dais_peers_t){.count = 0};
    size_t count;
    dais_fault_t fault = peers_count(text, &count);
    if (fault.err != DAIS_OK)
        return fault;
    peers->keys = (dais_roster_key_t *)calloc(count + 1, sizeof *peers->keys);
    if (peers->keys == NULL)
        return (dais_fault_t){DAIS_ERR_NO_MEMORY, 0};
    dais_roster_reader_t reader;
    dais_roster_reader_init(&reader, text, &peers->head);
    while (dais_roster_reader_next(&reader, &peers->keys[peers->count]))
        peers->count++;
    qsort(peers->keys, peers->count, sizeof *peers->keys, peers_order);
    return fault;
}

void dais_peers_free(dais_peers_t *peers)
{
    free(peers->keys);
    *peers = (dais_peers_t){.count = 0};
}

const dais_roster_key_t *dais_peers_find(const dais_peers_t *peers, const dais_key_t *key)
{
    if (peers->count == 0)
        return NULL;
    dais_roster_key_t wanted = {.key = *key};
    return (const dais_roster_key_t *)bsearch(&wanted, peers->keys, peers->count,
                                              sizeof *peers->keys, peers_order);
}
