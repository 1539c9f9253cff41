/* SPDX-License-Identifier: Apache-2.0
 *
 * Receipts for the office's bundle in the sample log: what is accepted proves each of its entries
 * by a path of its own, and a bit flipped outside the checkpoint, where strangers may have signed
 * as well, is refused.
 *
 * Input: a run of receipts. */
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/repair.h"

static dais_claim_t claim;
static uint8_t scratch[DAIS_LIMIT_RECORD];
static dais_run_t run;

void fuzz_setup(void)
{
    claim = repair_claim();
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t size_max, unsigned seed)
{
    size = LLVMFuzzerMutate(data, size, size_max);
    if (seed % 4 == 3)
        return size;
    return fuzz_replace(data, size, size_max, repair_receipts(dais_slice(data, size), &claim));
}

static void check_paths(void)
{
    dais_tree_path_t path;
    for (size_t i = 0; i < run.count; i++) {
        assert(dais_run_path(&run, run.first + i, &path) == DAIS_OK);
        dais_err_t err =
            dais_tree_inclusion_verify(run.first + i, run.checkpoint.size, &run.leaves[i],
                                       dais_tree_path_bytes(&path), &run.checkpoint.root);
        assert(err == DAIS_OK);
    }
    assert(dais_run_path(&run, run.first + run.count, &path) == DAIS_ERR_OUT_OF_RANGE);
}

static void check_flip(dais_slice_t bytes, const dais_receipts_t *receipts)
{
    dais_receipts_t other;
    size_t checkpoint_at = (size_t)(receipts->checkpoint.data - bytes.data);
    dais_slice_t flipped = fuzz_flipped(bytes, 0, checkpoint_at);
    if (dais_shape_decode(&dais_shape_receipts, flipped, &other).err != DAIS_OK)
        return;
    dais_fault_t fault = dais_receipts_check(&other, &claim, scratch, sizeof scratch, &run);
    assert(fault.err != DAIS_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dais_receipts_t receipts;
    dais_slice_t bytes = fuzz_input(data, size);
    if (dais_shape_decode(&dais_shape_receipts, bytes, &receipts).err != DAIS_OK)
        return 0;
    dais_fault_t fault = dais_receipts_check(&receipts, &claim, scratch, sizeof scratch, &run);
    fuzz_check_fault(fault, receipts.checkpoint);
    if (fault.err != DAIS_OK) {
        assert(fuzz_all_zero(&run, sizeof run));
        return 0;
    }
    assert(run.count == receipts.entries.count && run.first == receipts.first);
    check_paths();
    check_flip(bytes, &receipts);
    /* A record that does not fit is the machine's fault, and said to be. */
    fault = dais_receipts_check(&receipts, &claim, scratch, 8, &run);
    assert(fault.err == DAIS_ERR_NO_SPACE);
    return 0;
}
