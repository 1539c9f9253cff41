/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/genesis.h"
#include "registry/rules/derive.h"
#include "registry/rules/fold_text.h"
#include "tests/support/scenario_public.h"
#include "tests/unit/fault.h"

#if FAULT_IN_RUNTIME
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);

void *malloc(size_t size)
{
    return fault_hits("memory") ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return fault_hits("memory") ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    return fault_hits("memory") ? NULL : __libc_realloc(old, size);
}
#endif

static scenario_public_t *follower;
static dais_hash_t right;

/* What is open, and behind it one entry so often that its list outgrows the others' memory. */
#define AGAIN 300

static dais_err_t take_all(dais_fold_t *fold, size_t *size)
{
    dais_opened_t opened;
    dais_opened_t again = {.seq = 0};
    dais_err_t err = DAIS_OK;
    *size = 0;
    while (err == DAIS_OK && scenario_public_next(follower, size, &opened)) {
        err = dais_fold_take(fold, &opened);
        if (opened.kind->number == DAIS_KIND_SUGGESTION)
            again = opened;
    }
    for (unsigned i = 0; err == DAIS_OK && i < AGAIN; i++) {
        again.seq = (*size)++;
        err = dais_fold_take(fold, &again);
    }
    return err;
}

/* All of the fold: its text comes out as it should, or an error does. */
static dais_err_t fold_all(void)
{
    dais_fold_t *fold;
    const dais_fold_model_t *model;
    dais_hash_t digest;
    size_t size = 0;
    dais_err_t err = dais_fold_create(&fold);
    if (err == DAIS_OK)
        err = take_all(fold, &size);
    if (err == DAIS_OK)
        err = dais_fold_make(fold, size, &model);
    if (err == DAIS_OK)
        err = dais_fold_digest(fold, model, &digest);
    dais_fold_destroy(&fold);
    if (err == DAIS_OK)
        assert_memory_equal(&digest, &right, sizeof digest);
    return err;
}

static dais_genesis_t genesis;
static dais_hash_t log_hash;

/* Without tallies there is something to be found; without outcomes organisations become known by
 * what else is said of them. */
static unsigned left_out;

static dais_err_t derive_all(void)
{
    dais_derive_t *derive = NULL;
    dais_opened_t opened;
    size_t seq = 1;
    dais_err_t err = dais_derive_create(&derive, &genesis, &log_hash);
    while (err == DAIS_OK && scenario_public_next(follower, &seq, &opened))
        if (opened.kind->number != left_out)
            err = dais_derive_take(derive, &opened);
    if (derive != NULL)
        dais_derive_destroy(&derive);
    return err;
}

/* How often it fails when each allocation does in turn. */
static unsigned fail_each(dais_err_t (*all)(void))
{
    for (unsigned skip = 0;; skip++) {
        fault_set("memory", skip, 0);
        dais_err_t err = all();
        bool is_over = fault.fired == 0;
        fault_clear();
        if (is_over) {
            assert_int_equal(err, DAIS_OK);
            return skip;
        }
        /* The cryptographic library can do without some of what it asks for. */
        assert_true(err == DAIS_OK || err == DAIS_ERR_NO_MEMORY || err == DAIS_ERR_CRYPTO);
    }
}

/* Goal: where no memory is left both folds of the open part say so, and give all of it back.
 * Method: each allocation fails in turn while a log in which every kind is open is folded. */
static void test_no_memory(void **state)
{
    (void)state;
    unsigned folds = fail_each(fold_all);
    left_out = DAIS_KIND_TALLY;
    unsigned derives = fail_each(derive_all);
    left_out = DAIS_KIND_OUTCOME;
    derives += fail_each(derive_all);
    print_message("%u and %u failures\n", folds, derives);
    assert_true(!FAULT_IN_RUNTIME || (folds > 100 && derives > 10));
}

static int follow(void **state)
{
    dais_fold_t *fold;
    const dais_fold_model_t *model;
    dais_opened_t opened;
    size_t size = 0;
    size_t seq = 0;
    (void)state;
    follower = scenario_public_create();
    scenario_listener_t listener = scenario_public_listener(follower);
    scenario_run_file("tests/scenarios/received.txt", &listener);
    assert_int_equal(dais_fold_create(&fold), DAIS_OK);
    assert_int_equal(take_all(fold, &size), DAIS_OK);
    assert_int_equal(dais_fold_make(fold, size, &model), DAIS_OK);
    assert_true(model->suggestions.count > AGAIN);
    assert_int_equal(dais_fold_digest(fold, model, &right), DAIS_OK);
    log_hash = model->log;
    dais_fold_destroy(&fold);
    assert_true(scenario_public_next(follower, &seq, &opened));
    assert_int_equal(dais_genesis_open(opened.record.message, &genesis).err, DAIS_OK);
    return 0;
}

static int unfollow(void **state)
{
    (void)state;
    scenario_public_destroy(&follower);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_no_memory)};
    return cmocka_run_group_tests(tests, follow, unfollow);
}
