/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_SYSTEM_REGISTRY_PROCESS_H
#define DAIS_TESTS_SYSTEM_REGISTRY_PROCESS_H

/* A running dais-registry, DAIS_REGISTRY, at a broker that the test plays: a ROUTER of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mdp.h"
#include "base/socket.h"
#include "proto/box.h"
#include "proto/receipt.h"
#include "tests/support/registry_world.h"
#include "tests/support/scenario_pack.h"
#include "tests/unit/scratch.h"

#define WAIT_MS 20000

static struct {
    world_t world;
    char folder[512]; /* absolute */
    char config[600];
    zsock_t *router;
    pid_t pid;
    dais_parts_t peers[2]; /* routing ids of the two workers; [1] waits */
    uint64_t size;         /* of the log when the daemon was started */
} t;

static uint64_t now_ms(void)
{
    dais_now_t now;
    dais_clock_t clock = dais_clock_system();
    world_must(dais_clock_now(&clock, &now));
    return now.wall_ms;
}

static void write_config(void)
{
    FILE *file = fopen(t.config, "w");
    assert_non_null(file);
    (void)fprintf(file,
                  "data = \"%s/cycles\"\nrosters = \"%s\"\nbroker\n"
                  "    endpoint = \"ipc://%s/run/broker\"\nlimits\n    map = \"256 MiB\"\n",
                  t.folder, t.folder, t.folder);
    assert_int_equal(fclose(file), 0);
}

static void daemon_start(void)
{
    char *argv[] = {(char[]){"dais-registry"}, (char[]){"-c"}, t.config, NULL};
    assert_int_equal(posix_spawn(&t.pid, DAIS_REGISTRY, NULL, NULL, argv, environ), 0);
}

static int daemon_end(int signal_number)
{
    int status = 0;
    assert_int_equal(kill(t.pid, signal_number), 0);
    assert_int_equal(waitpid(t.pid, &status, 0), t.pid);
    t.pid = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/* The next command of a worker that is no heartbeat. Fails the test if none comes. */
static void broker_receive(dais_parts_t *parts, dais_mdp_command_t *command)
{
    void *poll_socket = zsock_resolve(t.router);
    for (;;) {
        zmq_pollitem_t item = {.socket = poll_socket, .events = ZMQ_POLLIN};
        if (zmq_poll(&item, 1, WAIT_MS) != 1)
            fail_msg("the daemon said nothing");
        if (dais_parts_receive(parts, t.router, DAIS_FRAME_SIZE_MAX * 5) != DAIS_OK)
            continue;
        if (dais_mdp_worker_read(parts, 1, command) == DAIS_OK &&
            command->command != DAIS_MDP_WORKER_HEARTBEAT)
            return;
        dais_parts_drop(parts);
    }
}

/* Waits until both services are registered. */
static void broker_meet(void)
{
    bool met[2] = {false, false};
    while (!met[0] || !met[1]) {
        dais_parts_t parts = {.count = 0};
        dais_mdp_command_t command;
        broker_receive(&parts, &command);
        if (command.command == DAIS_MDP_WORKER_DISCONNECT) { /* of the process before */
            dais_parts_drop(&parts);
            continue;
        }
        assert_int_equal(command.command, DAIS_MDP_WORKER_READY);
        unsigned which = dais_slice_equal(command.service, dais_slice_text("registry/c/wait"));
        assert_true(which == 1 || dais_slice_equal(command.service, dais_slice_text("registry/c")));
        if (!met[which]) {
            dais_parts_drop(&t.peers[which]);
            world_must(dais_parts_add(&t.peers[which], dais_parts_at(&parts, 0)));
            met[which] = true;
        }
        dais_parts_drop(&parts);
    }
}

static void broker_send(unsigned which, dais_slice_t body)
{
    dais_parts_t parts = {.count = 0};
    world_must(dais_parts_add(&parts, dais_parts_at(&t.peers[which], 0)));
    world_must(dais_mdp_worker_open(&parts, DAIS_MDP_WORKER_REQUEST, dais_slice_text("client")));
    world_must(dais_parts_add(&parts, body));
    world_must(dais_parts_send(&parts, t.router));
}

/* The next answer, whichever request it is for. */
static dais_slice_t broker_answer(void)
{
    dais_parts_t parts = {.count = 0};
    dais_mdp_command_t command;
    for (;;) {
        broker_receive(&parts, &command);
        if (command.command == DAIS_MDP_WORKER_FINAL)
            break;
        dais_parts_drop(&parts);
    }
    dais_slice_t body = world_copy(&t.world, dais_parts_at(&parts, command.body));
    dais_parts_drop(&parts);
    return body;
}

static dais_id_t call_id(void)
{
    dais_id_t id;
    world_must(dais_random_fill(&t.world.house.random, id.bytes, sizeof id.bytes));
    return id;
}

static dais_slice_t packed(const dais_shape_t *shape, const void *in)
{
    static uint8_t bytes[DAIS_LIMIT_HAND_OVER + 4096];
    dais_writer_t writer;
    dais_writer_init(&writer, bytes, sizeof bytes);
    world_must(dais_shape_encode(shape, in, &writer));
    return world_copy(&t.world, dais_slice(bytes, writer.size));
}

/* What the key of `who` is answered; the body lives until the end of the test. */
static dais_slice_t ask(unsigned worker, const char *who, const dais_shape_t *shape, const void *in)
{
    static uint8_t plain[DAIS_LIMIT_ANSWER + 1024];
    uint8_t bytes[DAIS_LIMIT_ASK + 512];
    dais_writer_t writer;
    dais_answered_t answered;
    dais_answer_t answer;
    dais_ask_t question = {
        .log = t.world.log, .at = now_ms(), .nonce = call_id(), .what = packed(shape, in)};
    dais_writer_init(&writer, bytes, sizeof bytes);
    world_must(dais_ask_sign(&question, scenario_pack_device(who), &writer));
    dais_ask_call_t call = {.call = call_id(), .ask = dais_slice(bytes, writer.size)};
    broker_send(worker, packed(&dais_shape_ask_call, &call));
    world_must(dais_shape_decode(&dais_shape_answered, broker_answer(), &answered).err);
    assert_memory_equal(&answered.call, &call.call, sizeof call.call);
    world_must(dais_answer_open(scenario_pack_device(who), &t.world.box_key, &t.world.log, call.ask,
                                answered.box, plain, sizeof plain, &answer)
                   .err);
    return world_copy(&t.world, answer.body);
}

static uint64_t hand_over(const char *intake, uint64_t at, const world_bundle_t *bundles,
                          size_t count)
{
    dais_hand_over_t request = world_stamp(&t.world, intake, at, bundles, count);
    dais_taken_t taken;
    request.call = call_id();
    broker_send(0, packed(&dais_shape_hand_over, &request));
    world_must(dais_shape_decode(&dais_shape_taken, broker_answer(), &taken).err);
    assert_memory_equal(&taken.call, &request.call, sizeof taken.call);
    return taken.next;
}

static world_bundle_t replies(unsigned count)
{
    dais_item_t items[DAIS_LIMIT_BUNDLE_MESSAGES];
    for (unsigned i = 0; i < count; i++) {
        dais_message_t message = {.actor = scenario_pack_id("office")};
        dais_reply_t reply = {.notice = i};
        items[i] =
            world_item(&t.world, "office", DAIS_KIND_REPLY, &reply, &message, dais_slice(NULL, 0));
    }
    return world_bundle(&t.world, "office", DAIS_STREAM_OPEN, items, count, NULL);
}

#endif
