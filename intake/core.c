/* SPDX-License-Identifier: Apache-2.0
 *
 * What an intake holds between its steps, and how it takes it up after a restart: everything comes
 * from the spool, and nothing of it is in doubt, because the spool was synced before it was read.
 */
#include "intake/private.h"

#include <assert.h>
#include <stdlib.h>

dais_err_t dais_intake_failure(const dais_intake_t *intake)
{
    return intake->failure;
}

void dais_intake_fail(dais_intake_t *intake, dais_err_t err)
{
    if (intake->failure == DAIS_OK)
        intake->failure = err;
}

intake_cycle_t *dais_intake_cycle(const dais_intake_t *intake, const dais_hash_t *log)
{
    for (size_t i = 0; i < intake->cycle_count; i++) {
        if (dais_hash_equal(&intake->cycles[i]->chain.log, log))
            return intake->cycles[i];
    }
    return NULL;
}

intake_cycle_t *dais_intake_numbered(const dais_intake_t *intake, uint32_t number)
{
    for (size_t i = 0; i < intake->cycle_count; i++) {
        if (intake->cycles[i]->chain.number == number)
            return intake->cycles[i];
    }
    return NULL;
}

const char *dais_intake_name(const intake_cycle_t *cycle)
{
    const char *slash = strrchr(cycle->chain.origin, '/');
    return slash == NULL ? cycle->chain.origin : slash + 1;
}

static bool origin_is_rehearsal(const char *origin)
{
    static const char prefix[] = "rehearsal/";
    return strncmp(origin, prefix, sizeof prefix - 1) == 0;
}

/* What the clock has to be like: as for the most serious of the cycles. */
static dais_clock_mode_t intake_clock_mode(const dais_intake_t *intake)
{
    if (intake->options.played)
        return DAIS_CLOCK_PLAYED;
    for (size_t i = 0; i < intake->cycle_count; i++) {
        if (!origin_is_rehearsal(intake->cycles[i]->chain.origin))
            return DAIS_CLOCK_LIVE;
    }
    return DAIS_CLOCK_REHEARSAL;
}

static intake_cycle_t *cycle_add(dais_intake_t *intake, const dais_chain_t *chain)
{
    if (intake->cycle_count == DAIS_INTAKE_CYCLES_MAX)
        return NULL;
    intake_cycle_t *cycle = (intake_cycle_t *)calloc(1, sizeof *cycle);
    if (cycle == NULL)
        return NULL;
    cycle->chain = *chain;
    cycle->taken = chain->taken;
    cycle->sent = chain->taken;
    intake->cycles[intake->cycle_count++] = cycle;
    if (chain->number > intake->number_max)
        intake->number_max = chain->number;
    return cycle;
}

static void chain_load(void *context, const dais_chain_t *chain)
{
    dais_intake_t *intake = (dais_intake_t *)context;
    if (cycle_add(intake, chain) == NULL)
        dais_intake_fail(intake, DAIS_ERR_NO_MEMORY);
    if (intake->options.played && !origin_is_rehearsal(chain->origin))
        dais_intake_fail(intake, DAIS_ERR_NOT_REHEARSAL);
}

static void known_load_stamp(dais_intake_t *intake, intake_cycle_t *cycle, uint64_t j,
                             const dais_spool_stamp_t *row)
{
    for (uint32_t i = 0; i < row->count; i++) {
        dais_hash_t bundle;
        memcpy(bundle.bytes, row->hashes.data + (size_t)i * DAIS_HASH_SIZE, DAIS_HASH_SIZE);
        dais_known_place_t place = {.number = cycle->chain.number, .index = i, .j = j};
        dais_known_add(intake->known, &bundle, place);
    }
    if (j < cycle->chain.taken)
        cycle->kept_count += row->count;
}

/* Marks that the registry holds have no row any more, every other stamp does. */
static void cycle_load_known(dais_intake_t *intake, intake_cycle_t *cycle, dais_txn_t *txn)
{
    for (uint64_t j = cycle->chain.kept; j < cycle->chain.next_j; j++) {
        dais_spool_stamp_t row;
        if (dais_spool_get_stamp(txn, cycle->chain.number, j, &row))
            known_load_stamp(intake, cycle, j, &row);
        else if (j >= cycle->chain.taken)
            dais_txn_fail(txn, DAIS_ERR_CORRUPT);
    }
}

static dais_err_t intake_load(dais_intake_t *intake)
{
    dais_txn_t txn;
    dais_spool_begin(intake->spool, &txn, DAIS_TXN_READ);
    dais_spool_chains(&txn, chain_load, intake);
    uint64_t floor_ms = 0;
    for (size_t i = 0; i < intake->cycle_count; i++) {
        cycle_load_known(intake, intake->cycles[i], &txn);
        if (intake->cycles[i]->chain.at > floor_ms)
            floor_ms = intake->cycles[i]->chain.at;
    }
    dais_slice_t kept;
    if (!dais_spool_get_note(&txn, DAIS_SPOOL_CLOCK, &kept))
        kept = dais_slice(NULL, 0);
    if (txn.err == DAIS_OK && intake->failure == DAIS_OK)
        dais_intake_guard_begin(intake, intake_clock_mode(intake), kept, floor_ms);
    dais_err_t err = dais_txn_end(&txn);
    return err != DAIS_OK ? err : intake->failure;
}

static dais_err_t intake_reserve(dais_intake_t *intake)
{
    intake->items = (intake_item_t *)calloc(INTAKE_BATCH_MAX, sizeof *intake->items);
    intake->hashes = (dais_hash_t *)calloc(INTAKE_BATCH_MAX, sizeof *intake->hashes);
    intake->nodes = (dais_hash_t *)calloc((size_t)2 * INTAKE_BATCH_MAX, sizeof *intake->nodes);
    intake->arena = (uint8_t *)malloc(DAIS_LIMIT_HAND_OVER);
    intake->body = (uint8_t *)malloc(INTAKE_BODY_MAX);
    intake->parcels = (uint8_t *)malloc(DAIS_LIMIT_HAND_OVER);
    if (intake->items == NULL || intake->hashes == NULL || intake->nodes == NULL ||
        intake->arena == NULL || intake->body == NULL || intake->parcels == NULL)
        return DAIS_ERR_NO_MEMORY;
    return dais_known_new(intake->options.known_count, &intake->known);
}

dais_err_t dais_intake_open(const dais_intake_options_t *options, dais_intake_t **out)
{
    *out = NULL;
    dais_intake_t *intake = (dais_intake_t *)calloc(1, sizeof *intake);
    if (intake == NULL)
        return DAIS_ERR_NO_MEMORY;
    intake->options = *options;
    intake->machine = *options->machine;
    intake->forget_due = true; /* an earlier process may have let go and not have come to it */
    dais_err_t err = intake_reserve(intake);
    if (err == DAIS_OK)
        err = intake->machine.reading(intake->machine.context, &intake->reading);
    intake->forgotten_ms = intake->reading.now.boot_ms;
    if (err == DAIS_OK)
        err =
            dais_spool_open(&intake->spool, options->folder, options->spool_bytes, options->create);
    if (err == DAIS_OK)
        err = intake_load(intake);
    if (err == DAIS_OK)
        err = dais_intake_disk_second(intake);
    if (err != DAIS_OK) {
        dais_intake_close(&intake);
        return err;
    }
    *out = intake;
    return DAIS_OK;
}

void dais_intake_close(dais_intake_t **intake)
{
    dais_intake_t *closing = *intake;
    if (closing == NULL)
        return;
    for (size_t i = 0; i < closing->cycle_count; i++) {
        dais_peers_free(&closing->cycles[i]->peers);
        free(closing->cycles[i]);
    }
    dais_spool_close(&closing->spool);
    dais_known_free(&closing->known);
    free(closing->items);
    free(closing->hashes);
    free(closing->nodes);
    free(closing->arena);
    free(closing->body);
    free(closing->parcels);
    free(closing);
    *intake = NULL;
}

static bool roster_clashes(const dais_intake_t *intake, const dais_roster_head_t *head)
{
    for (size_t i = 0; i < intake->cycle_count; i++) {
        const intake_cycle_t *cycle = intake->cycles[i];
        if (cycle->peers.count > 0 && strcmp(cycle->chain.origin, head->origin) == 0)
            return true;
    }
    return false;
}

static intake_cycle_t *roster_new_cycle(dais_intake_t *intake, const dais_roster_head_t *head)
{
    dais_chain_t chain = {.log = head->log, .number = intake->number_max + 1};
    memcpy(chain.origin, head->origin, sizeof chain.origin);
    intake_cycle_t *cycle = cycle_add(intake, &chain);
    if (cycle != NULL)
        cycle->dirty = true;
    intake->guard.mode = intake_clock_mode(intake);
    return cycle;
}

static void roster_adopt(dais_intake_t *intake, intake_cycle_t *cycle, dais_peers_t *peers)
{
    dais_peers_free(&cycle->peers);
    cycle->peers = *peers;
    const dais_roster_key_t *own = dais_peers_find(&cycle->peers, &intake->options.device->key);
    cycle->is_ours = own != NULL && own->role == DAIS_ROLE_INTAKE;
    dais_log_line_t line;
    dais_log_begin(&line, intake->options.log, cycle->is_ours ? DAIS_LOG_INFO : DAIS_LOG_WARN,
                   cycle->is_ours ? "roster-read" : "not-rostered");
    dais_log_text(&line, "cycle", dais_intake_name(cycle));
    dais_log_u64(&line, "keys", cycle->peers.count);
    dais_log_u64(&line, "size", cycle->peers.head.size);
    dais_log_end(&line);
}

dais_fault_t dais_intake_roster(dais_intake_t *intake, dais_slice_t text)
{
    dais_peers_t peers;
    dais_fault_t fault = dais_peers_parse(text, &peers);
    if (fault.err != DAIS_OK)
        return fault;
    intake_cycle_t *cycle = dais_intake_cycle(intake, &peers.head.log);
    if (intake->options.played && !origin_is_rehearsal(peers.head.origin)) {
        fault.err = DAIS_ERR_NOT_REHEARSAL;
        dais_intake_fail(intake, fault.err);
    }
    if (fault.err == DAIS_OK && cycle == NULL && roster_clashes(intake, &peers.head))
        fault.err = DAIS_ERR_WRONG_ORIGIN;
    if (fault.err == DAIS_OK && cycle == NULL) {
        cycle = roster_new_cycle(intake, &peers.head);
        fault.err = cycle == NULL ? DAIS_ERR_NO_SPACE : DAIS_OK;
    }
    if (fault.err != DAIS_OK || peers.head.size < cycle->peers.head.size)
        dais_peers_free(&peers);
    else
        roster_adopt(intake, cycle, &peers);
    return fault;
}

dais_intake_figures_t dais_intake_figures(const dais_intake_t *intake)
{
    dais_intake_figures_t figures = intake->figures;
    figures.cycle_count = intake->cycle_count;
    figures.doubt = intake->guard.doubt;
    figures.low_disk = intake->low_disk;
    figures.spooled_count = 0;
    for (size_t i = 0; i < intake->cycle_count; i++)
        figures.spooled_count += intake->cycles[i]->chain.next_j - intake->cycles[i]->taken;
    return figures;
}
