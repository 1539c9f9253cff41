/* SPDX-License-Identifier: Apache-2.0
 *
 * What comes to an intake: what is accepted is a submit over a parcel of its log, and names its
 * bundle; of what is refused nothing is left but the id of the call. Without a connection that
 * vouches for the key the signature decides.
 *
 * Input: the body of a request. */
#include "intake/check.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/sample.h"

static dais_peers_t peers;

void fuzz_setup(void)
{
    const dais_device_t *const devices[] = {dais_sample_device("office"),
                                            dais_sample_device("mission")};
    dais_roster_head_t head = {.origin = "registry.example/dialogue-2027"};
    dais_writer_t writer = fuzz_writer(0);
    dais_roster_put_head(&writer, &head);
    for (size_t i = 0; i < sizeof devices / sizeof devices[0]; i++) {
        dais_roster_key_t key = {
            .role = DAIS_ROLE_OFFICE, .key = devices[i]->key, .box_key = devices[i]->box_key};
        dais_roster_put_key(&writer, &key);
    }
    dais_fault_t fault = dais_peers_parse(dais_slice(writer.buffer, writer.size), &peers);
    assert(fault.err == DAIS_OK && peers.count == 2);
}

static void check_refused(const dais_submission_t *out, dais_err_t err)
{
    dais_submission_t rest = *out;
    memset(&rest.call, 0, sizeof rest.call);
    assert(dais_err_is_refusal(err) && fuzz_all_zero(&rest, sizeof rest));
}

/* The connection of the device that signs is enough; any other leaves it to the signature. */
static void check_admission(const dais_submission_t *submission)
{
    static const uint8_t zeros[DAIS_KEY_SIZE];
    dais_bundle_t head;
    dais_slice_t none = dais_slice(zeros, sizeof zeros);
    dais_err_t err = dais_submission_admit(submission, &peers, none);
    const dais_roster_key_t *key = dais_peers_find(&peers, &submission->head.key);
    if (key == NULL) {
        assert(err == DAIS_ERR_UNKNOWN_KEY);
        return;
    }
    dais_fault_t fault = dais_bundle_open(submission->envelope, &submission->log, &head);
    assert(err == fault.err);
    dais_slice_t own = dais_slice(key->box_key.bytes, DAIS_KEY_SIZE);
    assert(dais_submission_admit(submission, &peers, own) == DAIS_OK);
}

static void check_accepted(const dais_submission_t *submission, dais_slice_t bytes)
{
    dais_submit_t submit = {
        .call = submission->call, .log = submission->log, .parcel = submission->parcel};
    dais_writer_t writer = fuzz_writer(1);
    dais_err_t err = dais_shape_encode(&dais_shape_submit, &submit, &writer);
    assert(err == DAIS_OK && dais_slice_equal(dais_slice(writer.buffer, writer.size), bytes));
    dais_hash_t bundle = dais_bundle_hash(submission->envelope);
    assert(dais_hash_equal(&bundle, &submission->bundle));
    assert(dais_hash_equal(&submission->head.log, &submission->log));
    assert(submission->head.count >= 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dais_submission_t submission;
    dais_slice_t bytes = size == 0 ? dais_slice(NULL, 0) : fuzz_input(data, size);
    dais_err_t err = dais_submission_read(bytes, &submission);
    if (err != DAIS_OK) {
        check_refused(&submission, err);
        return 0;
    }
    check_accepted(&submission, bytes);
    check_admission(&submission);
    return 0;
}
