/* SPDX-License-Identifier: Apache-2.0 */
#include "intake/check.h"

#define DOMAIN_SIZE_MAX 64 /* bytes */

dais_id_t dais_call_id(dais_slice_t body)
{
    dais_id_t call = {{0}};
    dais_reader_t reader;
    dais_reader_init(&reader, body);
    (void)dais_reader_array(&reader, 2, UINT16_MAX);
    (void)dais_reader_text(&reader, 1, DOMAIN_SIZE_MAX);
    dais_slice_t id = dais_reader_bin(&reader, DAIS_ID_SIZE, DAIS_ID_SIZE);
    if (id.size == DAIS_ID_SIZE)
        memcpy(call.bytes, id.data, DAIS_ID_SIZE);
    return call;
}

static dais_err_t head_read(dais_submission_t *out, unsigned stream)
{
    dais_fault_t fault = dais_bundle_read(out->envelope, &out->log, &out->head);
    if (fault.err != DAIS_OK)
        return fault.err;
    return out->head.stream == stream ? DAIS_OK : DAIS_ERR_WRONG_STREAM;
}

static dais_err_t open_read(dais_submission_t *out)
{
    dais_parcel_t parcel;
    dais_fault_t fault = dais_shape_decode(&dais_shape_parcel, out->parcel, &parcel);
    if (fault.err != DAIS_OK)
        return fault.err;
    out->envelope = parcel.envelope;
    dais_err_t err = head_read(out, DAIS_STREAM_OPEN);
    if (err == DAIS_OK && parcel.items.count != out->head.count)
        err = DAIS_ERR_WRONG_COUNT;
    return err;
}

static dais_err_t sealed_read(dais_submission_t *out)
{
    dais_sealed_parcel_t parcel;
    dais_fault_t fault = dais_shape_decode(&dais_shape_sealed_parcel, out->parcel, &parcel);
    if (fault.err != DAIS_OK)
        return fault.err;
    out->envelope = parcel.envelope;
    return head_read(out, DAIS_STREAM_SEALED);
}

static dais_err_t parcel_read(dais_submission_t *out)
{
    const dais_shape_t *shape = dais_shape_of(out->parcel);
    if (shape == &dais_shape_parcel)
        return open_read(out);
    return shape == &dais_shape_sealed_parcel ? sealed_read(out) : DAIS_ERR_WRONG_DOMAIN;
}

dais_err_t dais_submission_read(dais_slice_t body, dais_submission_t *out)
{
    memset(out, 0, sizeof *out);
    dais_submit_t submit;
    dais_err_t err = dais_shape_decode(&dais_shape_submit, body, &submit).err;
    if (err == DAIS_OK) {
        out->log = submit.log;
        out->parcel = submit.parcel;
        err = parcel_read(out);
    }
    if (err == DAIS_OK)
        out->bundle = dais_bundle_hash(out->envelope);
    else
        memset(out, 0, sizeof *out);
    out->call = dais_call_id(body);
    return err;
}

/* What the broker says of its local door: nobody vouches for a key there. */
static bool transport_is_none(dais_slice_t transport)
{
    static const uint8_t zeros[DAIS_KEY_SIZE];
    return transport.size != DAIS_KEY_SIZE || memcmp(transport.data, zeros, DAIS_KEY_SIZE) == 0;
}

dais_err_t dais_submission_admit(const dais_submission_t *submission, const dais_peers_t *peers,
                                 dais_slice_t transport)
{
    const dais_roster_key_t *key = dais_peers_find(peers, &submission->head.key);
    if (key == NULL)
        return DAIS_ERR_UNKNOWN_KEY;
    if (!transport_is_none(transport) &&
        memcmp(transport.data, key->box_key.bytes, DAIS_KEY_SIZE) == 0)
        return DAIS_OK;
    dais_bundle_t head;
    return dais_bundle_open(submission->envelope, &submission->log, &head).err;
}
