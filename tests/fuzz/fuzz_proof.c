/* SPDX-License-Identifier: Apache-2.0
 *
 * Proofs in text form: what is accepted is the text that its parts are written as, unless index and
 * path do not fit the checkpoint, which the writer refuses; what verifies does not verify for
 * another leaf.
 *
 * Input: a proof of entry 6 of the sample log. The mutator signs the checkpoint again. */
#include "proto/proof.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/repair.h"

static dais_vkey_t key;
static dais_hash_t leaf;

void fuzz_setup(void)
{
    key = dais_sample_vkey("log");
    leaf = dais_sample_log()->hashes[6];
}

/* Signs the checkpoint again, over the root to which the path leads in a complete tree. */
static dais_slice_t proof_repair(dais_slice_t bytes, bool with_root)
{
    static uint8_t extra[DAIS_LIMIT_PROOF_EXTRA];
    dais_proof_t proof;
    size_t extra_size = 0;
    if (dais_proof_parse(bytes, &proof).err != DAIS_OK || proof.path.count > 20)
        return dais_slice(NULL, 0);
    dais_hash_t root = leaf;
    proof.index %= (uint64_t)1 << proof.path.count;
    for (size_t i = 0; i < proof.path.count; i++)
        root = (proof.index >> i & 1) != 0 ? dais_tree_node_hash(&proof.path.hashes[i], &root)
                                           : dais_tree_node_hash(&root, &proof.path.hashes[i]);
    dais_checkpoint_t checkpoint = {.origin = dais_slice_text(key.name),
                                    .size = (uint64_t)1 << proof.path.count,
                                    .root = with_root ? root : leaf};
    dais_writer_t note = fuzz_writer(1);
    dais_writer_t writer = fuzz_writer(0);
    if (dais_base64_decode(proof.extra, extra, sizeof extra, &extra_size) != DAIS_OK ||
        dais_checkpoint_sign(&checkpoint, &key, dais_sample_device("log")->secret, &note) !=
            DAIS_OK ||
        dais_proof_put(&writer, dais_slice(extra, extra_size), proof.index, &proof.path,
                       dais_slice(note.buffer, note.size)) != DAIS_OK)
        return dais_slice(NULL, 0);
    return dais_slice(writer.buffer, writer.size);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t size_max, unsigned seed)
{
    size = LLVMFuzzerMutate(data, size, size_max);
    if (seed % 4 == 3)
        return size;
    return fuzz_replace(data, size, size_max, proof_repair(dais_slice(data, size), seed % 4 != 0));
}

static void check_written(dais_slice_t bytes, const dais_proof_t *proof)
{
    static uint8_t extra[DAIS_LIMIT_PROOF_EXTRA];
    size_t extra_size = 0;
    dais_err_t err = dais_base64_decode(proof->extra, extra, sizeof extra, &extra_size);
    assert(err == DAIS_OK && extra_size == proof->extra_size);
    dais_writer_t writer = fuzz_writer(2);
    err = dais_proof_put(&writer, dais_slice(extra, extra_size), proof->index, &proof->path,
                         proof->checkpoint);
    if (err == DAIS_OK)
        assert(dais_slice_equal(dais_slice(writer.buffer, writer.size), bytes));
    else
        assert((err == DAIS_ERR_OUT_OF_RANGE || err == DAIS_ERR_BAD_PROOF) && writer.size == 0);
    writer = fuzz_writer(2);
    err = dais_proof_put(&writer, dais_slice(extra, sizeof extra + 1), proof->index, &proof->path,
                         proof->checkpoint);
    assert(err == DAIS_ERR_TOO_LONG);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static dais_proof_t proof;
    dais_slice_t bytes = fuzz_input(data, size);
    dais_fault_t fault = dais_proof_parse(bytes, &proof);
    fuzz_check_fault(fault, bytes);
    /* The writer takes no other checkpoint either. */
    dais_writer_t writer = fuzz_writer(3);
    if (fault.err != DAIS_OK) {
        proof.path.count = 0;
        dais_err_t put = dais_proof_put(&writer, dais_slice(NULL, 0), 0, &proof.path, bytes);
        assert(put == DAIS_OK ? writer.size > bytes.size : dais_err_is_refusal(put));
        return 0;
    }
    check_written(bytes, &proof);
    dais_checkpoint_t checkpoint;
    dais_err_t err = dais_proof_verify(&proof, &leaf, &key, &checkpoint);
    assert(err == dais_proof_verify(&proof, &leaf, &key, NULL));
    assert(err == DAIS_OK || dais_err_is_refusal(err));
    if (err == DAIS_OK)
        assert(dais_proof_verify(&proof, &dais_sample_log()->hashes[5], &key, NULL) ==
               DAIS_ERR_BAD_PROOF);
    return 0;
}
