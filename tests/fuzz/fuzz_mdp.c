/* SPDX-License-Identifier: Apache-2.0
 *
 * Commands of the Majordomo protocol: what is accepted is, frame by frame, what its parts are
 * written as; no command is one of both sides. Openings of bodies: domain and call id lie where a
 * MessagePack reader finds them.
 *
 * Input: frames, each a byte with its size and so many bytes; the last one may be shorter. */
#include "base/mdp.h"
#include "proto/reader.h"
#include "tests/fuzz/fuzz.h"

static void mdp_frames(dais_slice_t input, dais_parts_t *parts)
{
    while (input.size > 0 && parts->count < DAIS_PARTS_MAX) {
        size_t size = input.data[0];
        input = dais_slice(input.data + 1, input.size - 1);
        size = size < input.size ? size : input.size;
        dais_err_t err = dais_parts_add(parts, dais_slice(input.data, size));
        assert(err == DAIS_OK);
        input = dais_slice(input.data + size, input.size - size);
    }
}

/* The frames before the body are those that the command is opened with. */
static void mdp_compare(const dais_parts_t *parts, dais_parts_t *written,
                        const dais_mdp_command_t *command, dais_err_t err)
{
    assert(err == DAIS_OK && command->body == written->count);
    for (size_t i = 0; i < written->count; i++)
        assert(dais_slice_equal(dais_parts_at(parts, i), dais_parts_at(written, i)));
    dais_parts_drop(written);
}

static void mdp_body(dais_slice_t body)
{
    dais_mdp_opening_t opening;
    dais_reader_t reader;
    bool opens = dais_mdp_opening(body, &opening);
    dais_reader_init(&reader, body);
    uint32_t count = dais_reader_array(&reader, 2, 65535);
    dais_slice_t domain = dais_reader_text(&reader, 0, 255);
    dais_slice_t id = dais_reader_bin(&reader, DAIS_MDP_CALL_ID_SIZE, DAIS_MDP_CALL_ID_SIZE);
    if (reader.fault.err != DAIS_OK || count < 2)
        return; /* ours is more lenient in the forms of numbers, and never the other way round */
    assert(opens);
    assert(dais_slice_equal(domain, opening.domain) && dais_slice_equal(id, opening.call_id));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dais_parts_t parts = {.count = 0}, written = {.count = 0};
    dais_mdp_command_t client, worker;
    mdp_frames(size == 0 ? dais_slice(NULL, 0) : dais_slice(data, size), &parts);
    dais_err_t client_err = dais_mdp_client_read(&parts, 0, &client);
    dais_err_t worker_err = dais_mdp_worker_read(&parts, 0, &worker);
    assert(client_err != DAIS_OK || worker_err != DAIS_OK);
    assert(client_err == DAIS_OK || dais_err_is_refusal(client_err));
    assert(worker_err == DAIS_OK || dais_err_is_refusal(worker_err));
    if (client_err == DAIS_OK)
        mdp_compare(&parts, &written, &client,
                    dais_mdp_client_open(&written, (dais_mdp_client_command_t)client.command,
                                         client.service));
    if (worker_err == DAIS_OK)
        mdp_compare(
            &parts, &written, &worker,
            dais_mdp_worker_open(&written, (dais_mdp_worker_command_t)worker.command,
                                 worker.address.size > 0 ? worker.address : worker.service));
    for (size_t i = 0; i < parts.count; i++)
        mdp_body(dais_parts_at(&parts, i));
    dais_parts_drop(&parts);
    return 0;
}
