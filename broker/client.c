/* SPDX-License-Identifier: Apache-2.0
 *
 * The doors for clients. A message is judged before it is looked at: at the front by the key that
 * its connection has proved, each time anew, since libzmq asks at the handshake alone. The address
 * that goes to workers is written here and nowhere else. */
#include <sodium.h>

#include "broker/broker.h"
#include "proto/shape.h"

#define ROUTING_ID_MAX 255
#define REFUSED_SIZE   128  /* bytes: a `refused` without evidence is smaller */
#define MESSAGE_EXTRA  1024 /* bytes of the frames before the body */
#define SHORT_RETRY_MS 1000

static const char mmi[] = "mmi.";

/* Who sent a message, as the queue and the workers know it. */
typedef struct {
    uint8_t address[ROUTING_ID_MAX + DAIS_CURVE_KEY_SIZE];
    size_t address_size;
    uint8_t peer[1 + ROUTING_ID_MAX]; /* 'F' and the key, or 'L' and the routing id */
    size_t peer_size;
} sender_t;

bool dais_door_admits(const dais_door_t *door, const uint8_t key[DAIS_CURVE_KEY_SIZE])
{
    if (door == &door->broker->front)
        return dais_roster_has(door->broker->roster, key);
    for (size_t i = 0; i < door->key_count; i++) {
        if (memcmp(door->keys[i], key, DAIS_CURVE_KEY_SIZE) == 0)
            return true;
    }
    return false;
}

/* False if its key may not, or no longer, pass this door. */
static bool sender_judge(const dais_door_t *door, const dais_parts_t *parts, sender_t *sender)
{
    uint8_t key[DAIS_CURVE_KEY_SIZE] = {0};
    dais_slice_t id = dais_parts_at(parts, 0);
    const char *user = dais_parts_user_id(parts);
    bool good = id.size >= 1 && id.size <= ROUTING_ID_MAX;
    if (good && door->has_curve)
        good = user != NULL && dais_curve_parse(dais_slice_text(user), key) == DAIS_OK &&
               dais_door_admits(door, key);
    bool is_front = door == &door->broker->front;
    if (!is_front)
        memset(key, 0, sizeof(key));
    sender->address_size = 0;
    bool has_id = id.size >= 1 && id.size <= ROUTING_ID_MAX;
    if (has_id && !(is_front && sodium_is_zero(key, sizeof(key)))) {
        memcpy(sender->address, id.data, id.size);
        memcpy(sender->address + id.size, key, sizeof(key));
        sender->address_size = id.size + sizeof(key);
        sender->peer[0] = is_front ? 'F' : 'L';
        sender->peer_size = 1 + (is_front ? sizeof(key) : id.size);
        memcpy(sender->peer + 1, is_front ? key : id.data, sender->peer_size - 1);
    }
    return good;
}

static bool address_is_front(dais_slice_t address)
{
    return !sodium_is_zero(address.data + address.size - DAIS_CURVE_KEY_SIZE, DAIS_CURVE_KEY_SIZE);
}

void dais_client_answer(dais_broker_t *broker, dais_slice_t address,
                        dais_mdp_client_command_t command, dais_slice_t service, dais_parts_t *body,
                        size_t first)
{
    dais_parts_t parts = {.count = 0};
    dais_slice_t id = dais_slice(address.data, address.size - DAIS_CURVE_KEY_SIZE);
    const dais_door_t *door = address_is_front(address) ? &broker->front : &broker->door;
    dais_err_t err = dais_parts_add(&parts, id);
    if (err == DAIS_OK)
        err = dais_mdp_client_open(&parts, command, service);
    for (size_t i = first; i < body->count && err == DAIS_OK; i++)
        err = dais_parts_move(&parts, &body->frames[i]);
    if (err == DAIS_OK && door->socket != NULL)
        dais_outbox_send(broker->outbox, door->socket, address, &parts,
                         dais_loop_now(broker->daemon->loop).boot_ms);
    dais_parts_drop(&parts);
    if (dais_outbox_figures(broker->outbox).waiting_count > 0 && !broker->outbox_timer.armed)
        dais_loop_timer(broker->daemon->loop, &broker->outbox_timer, 0);
}

void dais_client_refuse(dais_broker_t *broker, dais_slice_t address, dais_slice_t service,
                        dais_slice_t call_id, dais_err_t err, uint64_t retry_ms)
{
    uint8_t buffer[REFUSED_SIZE];
    dais_writer_t writer;
    dais_slice_t bytes;
    dais_parts_t body = {.count = 0};
    dais_refused_t refused = {.code = dais_slice_text(dais_err_code(err)), .retry_ms = retry_ms};
    if (call_id.size != sizeof(refused.call.bytes) || address.size == 0)
        return;
    memcpy(refused.call.bytes, call_id.data, call_id.size);
    dais_writer_init(&writer, buffer, sizeof(buffer));
    if (dais_shape_encode(&dais_shape_refused, &refused, &writer) != DAIS_OK ||
        dais_writer_finish(&writer, &bytes) != DAIS_OK || dais_parts_add(&body, bytes) != DAIS_OK)
        return;
    dais_client_answer(broker, address, DAIS_MDP_CLIENT_FINAL, service, &body, 0);
    dais_parts_drop(&body);
}

/* RFC 8: the broker itself serves all names that begin so. */
static void client_mmi(dais_broker_t *broker, dais_slice_t address, dais_slice_t service,
                       dais_slice_t asked)
{
    dais_parts_t body = {.count = 0};
    const char *code = "501";
    if (dais_slice_equal(service, dais_slice_text("mmi.service"))) {
        const dais_service_t *found = dais_queue_service(broker->queue, asked);
        code = found != NULL && found->worker_count > 0 ? "200" : "404";
    }
    if (dais_parts_add(&body, dais_slice_text(code)) == DAIS_OK)
        dais_client_answer(broker, address, DAIS_MDP_CLIENT_FINAL, service, &body, 0);
    dais_parts_drop(&body);
}

static void client_queue(dais_broker_t *broker, const sender_t *sender, dais_parts_t *parts,
                         const dais_mdp_command_t *command, dais_slice_t call_id)
{
    uint32_t retry_ms = 0;
    dais_slice_t address = dais_slice(sender->address, sender->address_size);
    dais_err_t err = dais_queue_put(
        broker->queue, command->service, dais_slice(sender->peer, sender->peer_size), address,
        parts, command->body, dais_loop_now(broker->daemon->loop).boot_ms, &retry_ms);
    if (err == DAIS_OK) {
        broker->figures.request_count++;
        broker->last_request_ms = dais_loop_now(broker->daemon->loop).wall_ms;
        dais_broker_dispatch(broker, dais_queue_service(broker->queue, command->service));
        return;
    }
    broker->figures.busy_count++;
    if (err != DAIS_ERR_BUSY)
        retry_ms = SHORT_RETRY_MS;
    dais_client_refuse(broker, address, command->service, call_id, DAIS_ERR_BUSY, retry_ms);
}

static void client_take(dais_door_t *door, dais_parts_t *parts)
{
    sender_t sender;
    dais_mdp_command_t command;
    dais_mdp_opening_t opening = {.domain = dais_slice(NULL, 0)};
    dais_broker_t *broker = door->broker;
    bool admitted = sender_judge(door, parts, &sender);
    dais_err_t err = dais_mdp_client_read(parts, 1, &command);
    if (err != DAIS_OK || command.command != DAIS_MDP_CLIENT_REQUEST || sender.address_size == 0) {
        broker->figures.malformed_count++;
        return;
    }
    dais_slice_t address = dais_slice(sender.address, sender.address_size);
    if (command.body + 1 == parts->count)
        (void)dais_mdp_opening(dais_parts_at(parts, command.body), &opening);
    if (!admitted) {
        broker->figures.not_admitted_count++;
        dais_client_refuse(broker, address, command.service, opening.call_id, DAIS_ERR_NOT_ADMITTED,
                           0);
    } else if (command.service.size >= sizeof(mmi) - 1 &&
               memcmp(command.service.data, mmi, sizeof(mmi) - 1) == 0) {
        client_mmi(broker, address, command.service, dais_parts_at(parts, command.body));
    } else {
        client_queue(broker, &sender, parts, &command, opening.call_id);
    }
}

bool dais_client_ready(void *context, short events)
{
    (void)events;
    dais_door_t *door = (dais_door_t *)context;
    dais_parts_t parts = {.count = 0};
    dais_err_t err = dais_parts_receive(&parts, door->socket, DAIS_FRAME_SIZE_MAX + MESSAGE_EXTRA);
    if (err == DAIS_OK)
        client_take(door, &parts);
    else if (err == DAIS_ERR_TOO_LONG)
        door->broker->figures.oversize_count++;
    dais_parts_drop(&parts);
    return err != DAIS_ERR_WOULD_WAIT;
}
