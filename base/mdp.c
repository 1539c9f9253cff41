/* SPDX-License-Identifier: Apache-2.0 */
#include "base/mdp.h"

static const char client_header[] = "MDPC02";
static const char worker_header[] = "MDPW02";

bool dais_mdp_is_service(dais_slice_t name)
{
    for (size_t i = 0; i < name.size; i++) {
        if (name.data[i] <= 0x20 || name.data[i] >= 0x7f)
            return false;
    }
    return name.size >= 1 && name.size <= DAIS_MDP_SERVICE_MAX;
}

/* Checks the header and the command, which both sides have. */
static dais_err_t mdp_read_head(const dais_parts_t *parts, size_t first, const char *header,
                                int command_max, dais_mdp_command_t *command)
{
    *command = (dais_mdp_command_t){.body = parts->count};
    if (parts->count < first + 2)
        return DAIS_ERR_WRONG_COUNT;
    if (!dais_slice_equal(dais_parts_at(parts, first), dais_slice_text(header)))
        return DAIS_ERR_WRONG_DOMAIN;
    dais_slice_t number = dais_parts_at(parts, first + 1);
    if (number.size != 1 || number.data[0] < 1 || number.data[0] > command_max)
        return DAIS_ERR_OUT_OF_RANGE;
    command->command = number.data[0];
    return DAIS_OK;
}

static dais_err_t mdp_read_service(const dais_parts_t *parts, size_t at,
                                   dais_mdp_command_t *command)
{
    command->service = dais_parts_at(parts, at);
    return dais_mdp_is_service(command->service) ? DAIS_OK : DAIS_ERR_BAD_TEXT;
}

dais_err_t dais_mdp_client_read(const dais_parts_t *parts, size_t first,
                                dais_mdp_command_t *command)
{
    dais_err_t err = mdp_read_head(parts, first, client_header, DAIS_MDP_CLIENT_FINAL, command);
    if (err != DAIS_OK)
        return err;
    if (parts->count < first + 4)
        return DAIS_ERR_WRONG_COUNT;
    command->body = first + 3;
    return mdp_read_service(parts, first + 2, command);
}

static dais_err_t mdp_read_envelope(const dais_parts_t *parts, size_t first,
                                    dais_mdp_command_t *command)
{
    if (parts->count < first + 5)
        return DAIS_ERR_WRONG_COUNT;
    command->address = dais_parts_at(parts, first + 2);
    command->body = first + 4;
    if (command->address.size < 1 || command->address.size > DAIS_MDP_ADDRESS_MAX ||
        dais_parts_at(parts, first + 3).size != 0)
        return DAIS_ERR_BAD_TEXT;
    return DAIS_OK;
}

dais_err_t dais_mdp_worker_read(const dais_parts_t *parts, size_t first,
                                dais_mdp_command_t *command)
{
    dais_err_t err =
        mdp_read_head(parts, first, worker_header, DAIS_MDP_WORKER_DISCONNECT, command);
    if (err != DAIS_OK)
        return err;
    switch ((dais_mdp_worker_command_t)command->command) {
    case DAIS_MDP_WORKER_READY:
        if (parts->count != first + 3)
            return DAIS_ERR_WRONG_COUNT;
        return mdp_read_service(parts, first + 2, command);
    case DAIS_MDP_WORKER_REQUEST:
    case DAIS_MDP_WORKER_PARTIAL:
    case DAIS_MDP_WORKER_FINAL: return mdp_read_envelope(parts, first, command);
    case DAIS_MDP_WORKER_HEARTBEAT:
    case DAIS_MDP_WORKER_DISCONNECT: break;
    }
    return parts->count == first + 2 ? DAIS_OK : DAIS_ERR_WRONG_COUNT;
}

static dais_err_t mdp_open(dais_parts_t *parts, const char *header, int command)
{
    uint8_t number = (uint8_t)command;
    dais_err_t err = dais_parts_add(parts, dais_slice_text(header));
    return err == DAIS_OK ? dais_parts_add(parts, dais_slice(&number, 1)) : err;
}

dais_err_t dais_mdp_client_open(dais_parts_t *parts, dais_mdp_client_command_t command,
                                dais_slice_t service)
{
    dais_err_t err = mdp_open(parts, client_header, (int)command);
    return err == DAIS_OK ? dais_parts_add(parts, service) : err;
}

dais_err_t dais_mdp_worker_open(dais_parts_t *parts, dais_mdp_worker_command_t command,
                                dais_slice_t subject)
{
    dais_err_t err = mdp_open(parts, worker_header, (int)command);
    if (err != DAIS_OK || command == DAIS_MDP_WORKER_HEARTBEAT ||
        command == DAIS_MDP_WORKER_DISCONNECT)
        return err;
    err = dais_parts_add(parts, subject);
    if (err != DAIS_OK || command == DAIS_MDP_WORKER_READY)
        return err;
    return dais_parts_add(parts, dais_slice(NULL, 0));
}

/* Passes the opening of an array: 15 elements at most in one byte, or a count of 16 bits. */
static bool opening_array(dais_slice_t *rest)
{
    if (rest->size < 3)
        return false;
    uint8_t first = rest->data[0];
    size_t size = first == 0xdc ? 3 : 1;
    if (first != 0xdc && (first < 0x92 || first > 0x9f))
        return false;
    *rest = dais_slice(rest->data + size, rest->size - size);
    return true;
}

/* Passes the opening of a value whose size stands in one byte, or in the first one. */
static bool opening_take(dais_slice_t *rest, size_t head, size_t size, dais_slice_t *value)
{
    if (rest->size < head + size)
        return false;
    *value = dais_slice(rest->data + head, size);
    *rest = dais_slice(rest->data + head + size, rest->size - head - size);
    return true;
}

bool dais_mdp_opening(dais_slice_t body, dais_mdp_opening_t *opening)
{
    dais_slice_t rest = body;
    *opening = (dais_mdp_opening_t){.domain = dais_slice(NULL, 0)};
    if (!opening_array(&rest) || rest.size < 2)
        return false;
    uint8_t first = rest.data[0];
    bool is_short = first >= 0xa0 && first <= 0xbf;
    if (!is_short && first != 0xd9)
        return false;
    size_t size = is_short ? first - 0xa0U : rest.data[1];
    if (!opening_take(&rest, is_short ? 1 : 2, size, &opening->domain))
        return false;
    return rest.size >= 2 && rest.data[0] == 0xc4 && rest.data[1] == DAIS_MDP_CALL_ID_SIZE &&
           opening_take(&rest, 2, DAIS_MDP_CALL_ID_SIZE, &opening->call_id);
}
