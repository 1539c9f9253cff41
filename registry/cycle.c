/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/cycle.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/file.h"
#include "proto/genesis.h"
#include "registry/cycle_private.h"

bool dais_cycle_name_ok(const char *name)
{
    size_t size = strlen(name);
    if (size == 0 || size > DAIS_LIMIT_CODE)
        return false;
    for (size_t i = 0; i < size; i++) {
        char c = name[i];
        bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!is_plain && (i == 0 || (c != '-' && c != '.' && c != '_')))
            return false;
    }
    return true;
}

static dais_err_t cycle_paths(dais_cycle_t *cycle, const char *name)
{
    const dais_house_t *house = cycle->house;
    if (!dais_cycle_name_ok(name))
        return DAIS_ERR_BAD_TEXT;
    int folder =
        snprintf(cycle->folder, sizeof cycle->folder - 64, "%s/%s", house->data_folder, name);
    int guard =
        house->guard_folder != NULL
            ? snprintf(cycle->guard, sizeof cycle->guard, "%s/%s.guard", house->guard_folder, name)
            : snprintf(cycle->guard, sizeof cycle->guard, "%s/guard", cycle->folder);
    (void)snprintf(cycle->name, sizeof cycle->name, "%s", name);
    bool fits = folder < (int)sizeof cycle->folder - 64 && guard < (int)sizeof cycle->guard;
    return fits ? DAIS_OK : DAIS_ERR_TOO_LONG;
}

static dais_book_options_t cycle_book_options(const dais_cycle_t *cycle)
{
    const dais_house_t *house = cycle->house;
    return (dais_book_options_t){.folder = cycle->folder,
                                 .guard = cycle->guard,
                                 .map_bytes = house->map_bytes,
                                 .clock = house->clock,
                                 .random = house->random,
                                 .space = house->space};
}

dais_err_t dais_cycle_prepare(dais_house_t *house, const char *name, dais_slice_t origin,
                              dais_writer_t *public_keys)
{
    dais_cycle_t cycle = {.house = house};
    dais_err_t err = cycle_paths(&cycle, name);
    if (err == DAIS_OK)
        err = dais_file_ensure_folder(cycle.folder, S_IRWXU);
    if (err == DAIS_OK)
        err = dais_cycle_keys_make(cycle.folder, &house->random, &cycle.keys);
    if (err == DAIS_OK)
        err = dais_cycle_keys_put(&cycle.keys, origin, public_keys);
    dais_cycle_keys_wipe(&cycle.keys);
    return err;
}

typedef struct {
    const dais_genesis_t *genesis;
    dais_policy_faults_t *faults;
} cycle_beginning_t;

static dais_err_t cycle_begin_rules(void *context, dais_rules_store_t *state,
                                    const dais_hash_t *log)
{
    const cycle_beginning_t *beginning = context;
    dais_rules_t *rules;
    dais_err_t err = dais_rules_create(&rules, state);
    if (err == DAIS_OK)
        err = dais_rules_begin(rules, beginning->genesis, log, beginning->faults);
    dais_rules_destroy(&rules);
    return err;
}

/* Does genesis name what was prepared here? */
static dais_err_t cycle_check_genesis(dais_cycle_t *cycle, const dais_genesis_t *genesis,
                                      const dais_key_t *trusted)
{
    char name[DAIS_LIMIT_CODE + 1];
    (void)snprintf(name, sizeof name, "%.*s", (int)genesis->cycle.size,
                   (const char *)genesis->cycle.data);
    if (trusted != NULL && memcmp(trusted, &genesis->secretariat_key, sizeof *trusted) != 0)
        return DAIS_ERR_UNKNOWN_KEY;
    dais_err_t err = cycle_paths(cycle, name);
    if (err == DAIS_OK)
        err = dais_cycle_keys_load(cycle->folder, &cycle->keys);
    if (err != DAIS_OK)
        return err;
    bool same = memcmp(&cycle->keys.log.key, &genesis->log_key, DAIS_KEY_SIZE) == 0 &&
                memcmp(&cycle->keys.box.box_key, &genesis->registry_box_key, DAIS_KEY_SIZE) == 0;
    return same ? DAIS_OK : DAIS_ERR_BAD_KEY;
}

dais_err_t dais_cycle_create(dais_house_t *house, dais_slice_t genesis_bytes,
                             const dais_key_t *trusted, dais_policy_faults_t *faults,
                             char name[DAIS_LIMIT_CODE + 1])
{
    dais_cycle_t cycle = {.house = house};
    dais_genesis_t genesis;
    cycle_beginning_t beginning = {&genesis, faults};
    dais_err_t err = dais_genesis_open(genesis_bytes, &genesis).err;
    if (err == DAIS_OK)
        err = cycle_check_genesis(&cycle, &genesis, trusted);
    if (err == DAIS_OK) {
        dais_book_options_t options = cycle_book_options(&cycle);
        err = dais_book_create(&options, &genesis, genesis_bytes, cycle_begin_rules, &beginning);
    }
    (void)snprintf(name, DAIS_LIMIT_CODE + 1, "%s", cycle.name);
    dais_cycle_keys_wipe(&cycle.keys);
    return err;
}

/* Takes the state up from the store, within a span. */
static dais_err_t cycle_resume(dais_cycle_t *cycle)
{
    dais_rules_destroy(&cycle->rules);
    dais_err_t err = dais_rules_create(&cycle->rules, dais_book_state(cycle->book));
    return err == DAIS_OK ? dais_rules_resume(cycle->rules) : err;
}

static dais_err_t cycle_resume_span(dais_cycle_t *cycle)
{
    dais_book_begin(cycle->book, DAIS_TXN_READ);
    dais_err_t err = cycle_resume(cycle);
    dais_err_t of_span = dais_book_end(cycle->book);
    return of_span != DAIS_OK ? of_span : err;
}

/* Takes up the book, with the keys where it is to be written. */
static dais_err_t cycle_open(dais_cycle_t *cycle, const dais_book_options_t *options,
                             dais_cycle_purpose_t purpose)
{
    bool serves = purpose == DAIS_CYCLE_TO_SERVE;
    bool is_sealed = options->final.size > 0;
    dais_err_t err = DAIS_OK;
    if (serves)
        err = is_sealed ? dais_cycle_keys_load_box(cycle->folder, &cycle->keys)
                        : dais_cycle_keys_load(cycle->folder, &cycle->keys);
    if (err == DAIS_OK)
        err = dais_book_acquire(&cycle->book, options,
                                serves && !is_sealed ? &cycle->keys.log : NULL);
    if (err == DAIS_OK && serves &&
        memcmp(&cycle->keys.box.box_key, &dais_book_about(cycle->book)->box_key, DAIS_KEY_SIZE) !=
            0)
        err = DAIS_ERR_BAD_KEY;
    return err == DAIS_OK ? cycle_resume_span(cycle) : err;
}

static void cycle_final_path(const dais_cycle_t *cycle, char path[600])
{
    (void)snprintf(path, 600, "%s/final.checkpoint", cycle->folder);
}

/* Opens it, under its final checkpoint if it has one: then its key is destroyed, or about to be. */
static dais_err_t cycle_open_in_place(dais_cycle_t *cycle, dais_cycle_purpose_t purpose)
{
    char path[600];
    dais_file_bytes_t final = {.data = NULL};
    dais_book_options_t options = cycle_book_options(cycle);
    cycle_final_path(cycle, path);
    dais_err_t err = DAIS_ERR_NOT_FOUND;
    if (purpose == DAIS_CYCLE_TO_SERVE)
        err = dais_file_read(path, DAIS_LIMIT_CHECKPOINT, &final);
    if (err == DAIS_OK)
        options.final = dais_slice(final.data, final.size);
    if (err == DAIS_OK || err == DAIS_ERR_NOT_FOUND)
        err = cycle_open(cycle, &options, purpose);
    dais_file_free(&final);
    return err;
}

dais_err_t dais_cycle_seal(dais_cycle_t *cycle)
{
    char path[600];
    if (!dais_rules_has_ended(cycle->rules))
        return DAIS_ERR_NOT_ENDED;
    cycle_final_path(cycle, path);
    dais_err_t err = dais_file_create(path, dais_book_checkpoint(cycle->book),
                                      S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH);
    if (err != DAIS_OK && err != DAIS_ERR_EXISTS) /* there: it broke off before */
        return err;
    err = dais_cycle_keys_destroy_log(cycle->folder);
    return err == DAIS_ERR_NOT_FOUND ? DAIS_OK : err;
}

static dais_err_t cycle_find(dais_cycle_t *cycle, const char *name)
{
    struct stat status;
    dais_err_t err = cycle_paths(cycle, name);
    return err == DAIS_OK && stat(cycle->folder, &status) != 0 ? DAIS_ERR_UNKNOWN_CYCLE : err;
}

/* Without a store nothing is made here: what the guard has signed lies somewhere. */
static dais_err_t cycle_has_store(const dais_cycle_t *cycle)
{
    char path[600];
    struct stat status;
    (void)snprintf(path, sizeof path, "%s/%s", cycle->folder, DAIS_BOOK_STORE_NAME);
    bool missing = stat(path, &status) != 0 && errno == ENOENT;
    return missing && stat(cycle->guard, &status) == 0 ? DAIS_ERR_STORE_MISSING : DAIS_OK;
}

dais_err_t dais_cycle_open(dais_cycle_t **cycle, dais_house_t *house, const char *name,
                           dais_cycle_purpose_t purpose)
{
    *cycle = calloc(1, sizeof **cycle);
    if (*cycle == NULL)
        return DAIS_ERR_NO_MEMORY;
    (*cycle)->house = house;
    dais_err_t err = cycle_find(*cycle, name);
    if (err == DAIS_OK)
        err = cycle_has_store(*cycle);
    if (err == DAIS_OK)
        err = cycle_open_in_place(*cycle, purpose);
    if (err != DAIS_OK)
        dais_cycle_close(cycle);
    return err;
}

dais_err_t dais_cycle_open_copy(dais_cycle_t **cycle, dais_house_t *house, const char *folder,
                                const char *guard)
{
    *cycle = calloc(1, sizeof **cycle);
    if (*cycle == NULL)
        return DAIS_ERR_NO_MEMORY;
    (*cycle)->house = house;
    dais_book_options_t options = cycle_book_options(*cycle);
    options.folder = folder;
    options.guard = guard;
    dais_err_t err = cycle_open(*cycle, &options, DAIS_CYCLE_TO_READ);
    if (err != DAIS_OK)
        dais_cycle_close(cycle);
    else
        (void)snprintf((*cycle)->name, sizeof(*cycle)->name, "%s",
                       dais_book_about((*cycle)->book)->cycle);
    return err;
}

dais_err_t dais_cycle_places(dais_house_t *house, const char *name, dais_cycle_places_t *places)
{
    dais_cycle_t cycle = {.house = house};
    dais_err_t err = cycle_find(&cycle, name);
    memcpy(places->folder, cycle.folder, sizeof places->folder);
    memcpy(places->guard, cycle.guard, sizeof places->guard);
    return err;
}

void dais_cycle_close(dais_cycle_t **cycle)
{
    if (*cycle == NULL)
        return;
    dais_rules_destroy(&(*cycle)->rules);
    dais_book_release(&(*cycle)->book);
    dais_cycle_keys_wipe(&(*cycle)->keys);
    free(*cycle);
    *cycle = NULL;
}

dais_err_t dais_cycle_batch_begin(dais_cycle_t *cycle)
{
    cycle->happened_count = 0;
    memset(cycle->touched, 0, sizeof cycle->touched);
    cycle->batch_size = dais_book_size(cycle->book);
    dais_book_begin(cycle->book, DAIS_TXN_WRITE);
    return cycle_failure(cycle);
}

dais_err_t cycle_forget_batch(dais_cycle_t *cycle)
{
    cycle->has_released = false;
    cycle->seen_size = 0;
    return cycle_resume_span(cycle);
}

dais_err_t dais_cycle_batch_drop(dais_cycle_t *cycle)
{
    dais_book_drop(cycle->book);
    return cycle_forget_batch(cycle);
}

const char *dais_cycle_name(const dais_cycle_t *cycle)
{
    return cycle->name;
}

const dais_book_about_t *dais_cycle_about(const dais_cycle_t *cycle)
{
    return dais_book_about(cycle->book);
}

dais_book_t *dais_cycle_book(dais_cycle_t *cycle)
{
    return cycle->book;
}

dais_rules_t *dais_cycle_rules(dais_cycle_t *cycle)
{
    return cycle->rules;
}

const dais_device_t *dais_cycle_box(const dais_cycle_t *cycle)
{
    return &cycle->keys.box;
}

dais_house_t *dais_cycle_house(dais_cycle_t *cycle)
{
    return cycle->house;
}

void dais_cycle_doubt_clock(dais_cycle_t *cycle, bool is_unsure)
{
    cycle->is_unsure = is_unsure;
}

uint64_t dais_cycle_roster_turn(const dais_cycle_t *cycle)
{
    return cycle->roster_turn;
}

uint64_t dais_cycle_clock_turn(const dais_cycle_t *cycle)
{
    return cycle->clock_turn;
}

void cycle_fail(dais_cycle_t *cycle, dais_err_t err)
{
    dais_txn_fail(dais_book_txn(cycle->book), err);
}
